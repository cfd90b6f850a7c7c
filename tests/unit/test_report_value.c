/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "report/value.h"
#include "report/width.h"

#include <string.h>

static void value_fixed_point_rounds_the_binary_value(void **state) {
    static const struct {
        const char *name;
        double value;
        const char *two, *one;
    } rows[] = {
        {"33.335", 33.335, "33.34", "33.3"},
        {"0.125 is a tie", 0.125, "0.12", "0.1"},
        {"2.5", 2.5, "2.50", "2.5"},
        {"0.05", 0.05, "0.05", "0.1"},
        {"0", 0.0, "0.00", "0.0"},
        {"100", 100.0, "100.00", "100.0"},
        {"0.25 is a tie", 0.25, "0.25", "0.2"},
        {"0.375 is a tie", 0.375, "0.38", "0.4"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[REPORT_NUMBER_MAX];
        check_str(rows[i].name, report_fixed(rows[i].value, 2, text), rows[i].two);
        check_str(rows[i].name, report_fixed(rows[i].value, 1, text), rows[i].one);
    }
}

static void value_stamp_has_the_fewest_exact_digits(void **state) {
    static const struct {
        const char *name;
        struct timespec time;
        const char *want;
    } rows[] = {
        {"none", {.tv_sec = 1772600767, .tv_nsec = 0}, "2026-03-04T05:06:07Z"},
        {"three", {.tv_sec = 1772600767, .tv_nsec = 120000000}, "2026-03-04T05:06:07.120Z"},
        {"six", {.tv_sec = 1772600767, .tv_nsec = 120000}, "2026-03-04T05:06:07.000120Z"},
        {"nine", {.tv_sec = 1772600767, .tv_nsec = 1}, "2026-03-04T05:06:07.000000001Z"},
        {"epoch", {.tv_sec = 0, .tv_nsec = 999000000}, "1970-01-01T00:00:00.999Z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[REPORT_STAMP_MAX];
        check_str(rows[i].name, report_stamp(&rows[i].time, text), rows[i].want);
    }
}

static void value_extensions_as_text(void **state) {
    static const struct {
        const char *name;
        const char *octets;
        const char *want;
    } rows[] = {
        {"none", "", ""},
        {"two labels and an unknown object",
         "00 0c 01 01 05 dc 10 01 00 01 21 01 00 06 05 01 0a c8",
         "mpls(labels=24001, 18) + unknown(class=5, subtype=1, bytes=[0a c8])"},
        {"two MPLS objects and an unknown one without payload",
         "00 08 01 01 05 dc 11 01 00 08 01 01 00 01 21 01 00 04 63 07",
         "mpls(labels=24001) + mpls(labels=18) + unknown(class=99, subtype=7, bytes=[])"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_extensions extensions = {.present = true};
        struct report_buf buf = {0};

        extensions.len =
            (uint16_t)check_hex(rows[i].octets, extensions.octets, sizeof(extensions.octets));
        report_add_extensions(&buf, &extensions);
        check_str(rows[i].name, report_buf_text(&buf), rows[i].want);
        report_buf_done(&buf);
    }
}

static const char *fixed_name(void *user, const struct hops_addr *addr) {
    (void)addr;
    return user;
}

static void value_name_is_cleaned_or_the_address(void **state) {
    static char hostile[] = "a\x1b[2J";
    static char empty[] = "";
    static char long_name[1100];
    struct {
        const char *row;
        char *name;
        const char *want;
    } rows[] = {
        {"known", hostile, "a\\027[2J"},
        {"unknown", NULL, "192.0.2.7"},
        {"the root", empty, "192.0.2.7"},
        {"long", long_name, long_name},
    };
    const uint8_t octets[4] = {192, 0, 2, 7};
    const struct hops_addr addr = hops_addr_ipv4(octets);

    (void)state;
    memset(long_name, 'x', sizeof(long_name) - 1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_names names = {.name = fixed_name, .user = rows[i].name};
        struct report_buf buf = {0};

        report_add_name(&buf, &names, &addr);
        check_str(rows[i].row, report_buf_text(&buf), rows[i].want);
        report_buf_clear(&buf);
        report_add_name(&buf, NULL, &addr);
        check_str(rows[i].row, report_buf_text(&buf), "192.0.2.7");
        report_buf_done(&buf);
    }
}

static void width_counts_cells(void **state) {
    static const struct {
        const char *name;
        const char *text;
        size_t want;
    } rows[] = {
        {"empty", "", 0},
        {"ASCII", "abc", 3},
        {"Latin", "\xc3\xa9", 1},
        {"combining acute", "e\xcc\x81", 1},
        {"CJK", "\xe6\x97\xa5\xe6\x9c\xac", 4},
        {"fullwidth A", "\xef\xbc\xa1", 2},
        {"halfwidth katakana", "\xef\xbd\xb1", 1},
        {"Hangul syllable", "\xed\x95\x9c", 2},
        {"Hangul from letters", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2},
        {"emoji", "\xf0\x9f\x94\xb4", 2},
        {"zero width joiner", "\xe2\x80\x8d", 0},
        {"soft hyphen", "\xc2\xad", 1},
        {"unassigned ideograph", "\xf0\xbf\xbf\xbd", 2},
        {"not UTF-8", "\xff\xfe", 2},
        {"box drawing is narrow", "\xe2\x94\x80", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_int(rows[i].name, report_width_text(rows[i].text, strlen(rows[i].text)),
                  rows[i].want);
    }
}

static void buf_failure_sticks(void **state) {
    struct report_buf buf = {0};

    (void)state;
    report_buf_str(&buf, "kept");
    report_buf_format(&buf, "%0600d", 1);
    report_buf_str(&buf, "dropped");
    assert_true(buf.bad);
    assert_string_equal(report_buf_text(&buf), "kept");
    report_buf_clear(&buf);
    assert_false(buf.bad);
    assert_string_equal(report_buf_text(&buf), "");
    report_buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_fixed_point_rounds_the_binary_value),
        cmocka_unit_test(value_stamp_has_the_fewest_exact_digits),
        cmocka_unit_test(value_extensions_as_text),
        cmocka_unit_test(value_name_is_cleaned_or_the_address),
        cmocka_unit_test(width_counts_cells),
        cmocka_unit_test(buf_failure_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
