/* SPDX-License-Identifier: MIT
 *
 * A term is digits, optionally a point and more digits, then a unit. Fractions are exact or
 * refused: 0.1 + 0.2 s is 300 ms here.
 */
#include "cli/duration.h"

#include "base/unreachable.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct unit {
    const char *names; /* each with a blank before and after */
    hops_ns grains;    /* the unit, in grains */
    hops_ns grain;     /* smallest step of a fraction, in nanoseconds */
};

static const struct unit units[] = {
    {" ns nsec nanos ", 1, 1},
    {" us usec \xc2\xb5s ", 1000, 1},
    {" ms msec millis ", 1000000, 1},
    {" s sec secs second seconds ", HOPS_SEC, 1},
    {" m min mins minute minutes ", 60 * HOPS_SEC, 1},
    {" h hr hrs hour hours ", 3600, HOPS_SEC},
    {" d day days ", 86400, HOPS_SEC},
    {" w wk wks week weeks ", 604800, HOPS_SEC},
    {" M month months ", 2630016, HOPS_SEC},
    {" y yr yrs year years ", 31557600, HOPS_SEC},
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Letters, and the micro sign, which is two octets of UTF-8. */
static size_t unit_len(const char *p) {
    size_t n = 0;

    for (;;) {
        if ((p[n] >= 'a' && p[n] <= 'z') || (p[n] >= 'A' && p[n] <= 'Z')) {
            n++;
        } else if (strncmp(p + n, "\xc2\xb5", 2) == 0) {
            n += 2;
        } else {
            return n;
        }
    }
}

static const struct unit *find_unit(const char *name, size_t len) {
    char word[16];

    if (len + 3 > sizeof(word)) {
        return NULL;
    }
    snprintf(word, sizeof(word), " %.*s ", (int)len, name);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strstr(units[i].names, word) != NULL) {
            return &units[i];
        }
    }
    return NULL;
}

static const char *skip_blanks(const char *p) {
    return p + strspn(p, " \t\n\r\f\v");
}

/* fraction digits (after the point) of one unit, in grains. */
static enum cli_duration_status fraction_grains(const char *digits, size_t len,
                                                const struct unit *unit, hops_ns *out) {
    hops_ns value = 0;
    hops_ns grains = unit->grains;

    while (len > 0 && digits[len - 1] == '0') {
        len--;
    }
    if (len > 18) { /* no unit has that many factors of ten */
        return CLI_DURATION_INEXACT;
    }
    for (size_t i = 0; i < len; i++) {
        value = value * 10 + (digits[i] - '0');
    }
    /* value * grains / 10^len must come out even: cancel the twos and fives one by one. */
    for (size_t factor = 2; factor <= 5; factor += 3) {
        for (size_t i = 0; i < len; i++) {
            if (grains % (hops_ns)factor == 0) {
                grains /= (hops_ns)factor;
            } else if (value % (hops_ns)factor == 0) {
                value /= (hops_ns)factor;
            } else {
                return CLI_DURATION_INEXACT;
            }
        }
    }
    return __builtin_mul_overflow(value, grains, out) ? CLI_DURATION_TOO_LONG : CLI_DURATION_OK;
}

struct term {
    hops_ns whole;
    const char *fraction;
    size_t fraction_len;
    bool too_long;
};

/* Reads digits and a fraction at *p, which stands at a digit. */
static bool read_number(const char **p, struct term *term) {
    *term = (struct term){0};
    while (is_digit(**p)) {
        term->too_long |= __builtin_mul_overflow(term->whole, 10, &term->whole) ||
                          __builtin_add_overflow(term->whole, **p - '0', &term->whole);
        (*p)++;
    }
    if (**p == '.') {
        (*p)++;
        term->fraction = *p;
        while (is_digit(**p)) {
            (*p)++;
        }
        term->fraction_len = (size_t)(*p - term->fraction);
        return term->fraction_len > 0;
    }
    return true;
}

static enum cli_duration_status term_value(const struct term *term, const struct unit *unit,
                                           hops_ns *sum) {
    hops_ns grains = 0;
    hops_ns fraction = 0;

    if (term->fraction_len > 0) {
        if (unit->grains == 1) {
            return CLI_DURATION_INEXACT;
        }
        enum cli_duration_status status =
            fraction_grains(term->fraction, term->fraction_len, unit, &fraction);
        if (status != CLI_DURATION_OK) {
            return status;
        }
    }
    if (term->too_long || __builtin_mul_overflow(term->whole, unit->grains, &grains) ||
        __builtin_add_overflow(grains, fraction, &grains) ||
        __builtin_mul_overflow(grains, unit->grain, &grains) ||
        __builtin_add_overflow(*sum, grains, sum)) {
        return CLI_DURATION_TOO_LONG;
    }
    return CLI_DURATION_OK;
}

enum cli_duration_status cli_duration_parse(const char *text, hops_ns *out) {
    hops_ns sum = 0;
    const char *p = skip_blanks(text);

    if (*p == '\0') {
        return CLI_DURATION_EMPTY;
    }
    if (strcmp(text, "0") == 0) {
        *out = 0;
        return CLI_DURATION_OK;
    }
    while (*p != '\0') {
        struct term term;

        if (!is_digit(*p)) {
            return CLI_DURATION_NO_NUMBER;
        }
        if (!read_number(&p, &term)) {
            return CLI_DURATION_BAD_CHARACTER;
        }
        p = skip_blanks(p);
        size_t len = unit_len(p);
        if (len == 0) {
            return *p == '\0' || is_digit(*p) ? CLI_DURATION_NO_UNIT : CLI_DURATION_BAD_CHARACTER;
        }
        const struct unit *unit = find_unit(p, len);
        if (unit == NULL) {
            return CLI_DURATION_UNKNOWN_UNIT;
        }
        enum cli_duration_status status = term_value(&term, unit, &sum);
        if (status != CLI_DURATION_OK) {
            return status;
        }
        p = skip_blanks(p + len);
    }
    *out = sum;
    return CLI_DURATION_OK;
}

const char *cli_duration_status_text(enum cli_duration_status status) {
    switch (status) {
    case CLI_DURATION_OK:
        return "fine";
    case CLI_DURATION_EMPTY:
        return "the value is empty";
    case CLI_DURATION_NO_NUMBER:
        return "a number is expected, such as 100ms or 1.5s";
    case CLI_DURATION_NO_UNIT:
        return "the unit is missing: ns, us, ms, s, m, h or d";
    case CLI_DURATION_UNKNOWN_UNIT:
        return "unknown unit: use ns, us, ms, s, m, h or d";
    case CLI_DURATION_BAD_CHARACTER:
        return "a character that does not belong into a duration";
    case CLI_DURATION_INEXACT:
        return "the fraction does not come out even in this unit";
    case CLI_DURATION_TOO_LONG:
        return "longer than 292 years";
    }
    hops_unreachable();
}

char *cli_duration_format(hops_ns duration, char out[48]) {
    static const struct {
        hops_ns size;
        const char *name;
        int digits;
    } steps[] = {{HOPS_SEC, "s", 9}, {HOPS_MS, "ms", 6}, {HOPS_US, "\xc2\xb5s", 3}, {1, "ns", 0}};
    size_t i = 0;

    while (steps[i].size > 1 && duration < steps[i].size) {
        i++;
    }
    int len = snprintf(out, 48, "%" PRId64, duration / steps[i].size);
    if (duration % steps[i].size != 0) {
        len += snprintf(out + len, 48 - (size_t)len, ".%0*" PRId64, steps[i].digits,
                        duration % steps[i].size);
        while (out[len - 1] == '0') {
            len--;
        }
    }
    snprintf(out + len, 48 - (size_t)len, "%s", steps[i].name);
    return out;
}
