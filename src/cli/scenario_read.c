/* SPDX-License-Identifier: MIT */
#include "cli/scenario_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { DELAY_MAX_MS = 3600 * 1000, SECONDS_MAX = 1000 * 1000 * 1000 };

static void HOPS_PRINTF(4, 0)
    fail_at(struct cli_reader *reader, int line, int column, const char *format, va_list args) {
    char what[300];
    char clean[400];

    if (reader->failed) {
        return;
    }
    reader->failed = true;
    (void)vsnprintf(what, sizeof(what), format, args);
    (void)hops_text_sanitize(what, strlen(what), clean, sizeof(clean));
    (void)hops_diag_set(reader->diag, HOPS_ERR_FORMAT, "%s:%d:%d: %s", reader->name, line, column,
                        clean);
}

void cli_reader_fail(struct cli_reader *reader, const struct toml_node *at, const char *format,
                     ...) {
    va_list args;

    va_start(args, format);
    fail_at(reader, toml_line(at), toml_column(at), format, args);
    va_end(args);
}

static void HOPS_PRINTF(4, 5) fail_key(struct cli_reader *reader, const struct toml_node *table,
                                       size_t index, const char *format, ...) {
    va_list args;

    va_start(args, format);
    fail_at(reader, toml_key_line(table, index), toml_key_column(table, index), format, args);
    va_end(args);
}

bool cli_reader_integer(struct cli_reader *reader, const struct toml_node *node, const char *key,
                        int64_t min, int64_t max, int64_t *out) {
    int64_t value;

    if (!toml_integer(node, &value)) {
        cli_reader_fail(reader, node, "%s: expected an integer, found %s", key,
                        toml_type_name(toml_type(node)));
        return false;
    }
    if (value < min || value > max) {
        cli_reader_fail(reader, node, "%s: expected %lld to %lld, found %lld", key, (long long)min,
                        (long long)max, (long long)value);
        return false;
    }
    *out = value;
    return true;
}

static bool read_number(struct cli_reader *reader, const struct toml_node *node, const char *key,
                        int64_t min, int64_t max, double *out) {
    double value;

    if (!toml_float(node, &value)) {
        cli_reader_fail(reader, node, "%s: expected a number, found %s", key,
                        toml_type_name(toml_type(node)));
        return false;
    }
    if (!(value >= (double)min && value <= (double)max)) { /* NaN too */
        cli_reader_fail(reader, node, "%s: expected %lld to %lld, found %g", key, (long long)min,
                        (long long)max, value);
        return false;
    }
    *out = value;
    return true;
}

const char *cli_reader_text(struct cli_reader *reader, const struct toml_node *node,
                            const char *key) {
    const char *text = NULL;
    size_t len = 0;

    if (!toml_string(node, &text, &len)) {
        cli_reader_fail(reader, node, "%s: expected a string, found %s", key,
                        toml_type_name(toml_type(node)));
        return NULL;
    }
    if (len == 0 || strlen(text) != len) {
        cli_reader_fail(reader, node, "%s: expected text without NUL, and some", key);
        return NULL;
    }
    return text;
}

bool cli_reader_addr(struct cli_reader *reader, const struct toml_node *node, const char *key,
                     struct hops_addr *out) {
    const char *text = cli_reader_text(reader, node, key);

    if (text == NULL) {
        return false;
    }
    if (!hops_addr_parse(text, out)) {
        cli_reader_fail(reader, node, "%s: expected an IPv4 or IPv6 address, found \"%.100s\"", key,
                        text);
        return false;
    }
    return true;
}

bool cli_reader_range(struct cli_reader *reader, const struct toml_node *node, const char *key,
                      int64_t min, int64_t max, int64_t *out_first, int64_t *out_last) {
    if (toml_type(node) != TOML_ARRAY) {
        bool good = cli_reader_integer(reader, node, key, min, max, out_first);
        *out_last = *out_first;
        return good;
    }
    if (toml_size(node) != 2) {
        cli_reader_fail(reader, node, "%s: expected a number or [first, last]", key);
        return false;
    }
    if (!cli_reader_integer(reader, toml_at(node, 0), key, min, max, out_first) ||
        !cli_reader_integer(reader, toml_at(node, 1), key, min, max, out_last)) {
        return false;
    }
    if (*out_first > *out_last) {
        cli_reader_fail(reader, node, "%s: expected the lower number first", key);
        return false;
    }
    return true;
}

static void read_choice(struct cli_reader *reader, const struct toml_node *node,
                        const struct cli_field *field, void *out) {
    const char *text = cli_reader_text(reader, node, field->key);
    struct cli_text names = {0};

    if (text == NULL) {
        return;
    }
    for (const struct cli_choice *c = field->choices; c->name != NULL; c++) {
        if (strcmp(c->name, text) == 0) {
            memcpy(out, &c->value, sizeof(c->value));
            cli_text_done(&names);
            return;
        }
        cli_text_addf(&names, "%s%s", names.len == 0 ? "" : ", ", c->name);
    }
    cli_reader_fail(reader, node, "%s: expected one of %s, found \"%.60s\"", field->key,
                    cli_text_str(&names), text);
    cli_text_done(&names);
}

static void store_integer(const struct cli_field *field, int64_t value, void *out) {
    uint8_t u8 = (uint8_t)value;
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;
    uint64_t u64 = (uint64_t)value;
    const void *from = field->width == 1   ? (const void *)&u8
                       : field->width == 2 ? (const void *)&u16
                       : field->width == 4 ? (const void *)&u32
                                           : (const void *)&u64;

    memcpy(out, from, field->width);
}

static void read_field(struct cli_reader *reader, const struct toml_node *node,
                       const struct cli_field *field, void *out) {
    double number = 0;
    int64_t integer = 0;
    bool flag = false;

    switch (field->type) {
    case CLI_FIELD_OTHER:
        break;
    case CLI_FIELD_TEXT: {
        const char *text = cli_reader_text(reader, node, field->key);
        memcpy(out, (const void *)&text, sizeof(text));
        break;
    }
    case CLI_FIELD_ADDR:
        (void)cli_reader_addr(reader, node, field->key, (struct hops_addr *)out);
        break;
    case CLI_FIELD_MS:
        if (read_number(reader, node, field->key, 0, DELAY_MAX_MS, &number)) {
            *(hops_ns *)out = (hops_ns)(number * (double)HOPS_MS + 0.5);
        }
        break;
    case CLI_FIELD_SECONDS:
        if (read_number(reader, node, field->key, 0, SECONDS_MAX, &number)) {
            *(hops_ns *)out = (hops_ns)(number * (double)HOPS_SEC + 0.5);
        }
        break;
    case CLI_FIELD_PERCENT:
        if (read_number(reader, node, field->key, 0, 100, &number)) {
            *(double *)out = number / 100;
        }
        break;
    case CLI_FIELD_NUMBER:
        if (read_number(reader, node, field->key, field->min, field->max, &number)) {
            *(double *)out = number;
        }
        break;
    case CLI_FIELD_BOOL:
        if (!toml_bool(node, &flag)) {
            cli_reader_fail(reader, node, "%s: expected true or false, found %s", field->key,
                            toml_type_name(toml_type(node)));
        }
        *(bool *)out = flag;
        break;
    case CLI_FIELD_INT:
        if (cli_reader_integer(reader, node, field->key, field->min, field->max, &integer)) {
            store_integer(field, integer, out);
        }
        break;
    case CLI_FIELD_CHOICE:
        read_choice(reader, node, field, out);
        break;
    }
}

void cli_reader_table(struct cli_reader *reader, const struct toml_node *table, const char *what,
                      const struct cli_field *fields, size_t count, void *out) {
    if (toml_type(table) != TOML_TABLE) {
        cli_reader_fail(reader, table, "%s: expected a table, found %s", what,
                        toml_type_name(toml_type(table)));
    }
    for (size_t i = 0; !reader->failed && i < toml_size(table); i++) {
        const char *key = toml_key(table, i);
        size_t row = 0;

        while (row < count && strcmp(fields[row].key, key) != 0) {
            row++;
        }
        if (row == count) {
            fail_key(reader, table, i, "unknown key \"%.60s\" in %s", key, what);
            return;
        }
        read_field(reader, toml_value(table, i), &fields[row], (uint8_t *)out + fields[row].offset);
    }
}

const struct toml_node *cli_reader_tables(struct cli_reader *reader, const struct toml_node *table,
                                          const char *key, size_t *out_count) {
    const struct toml_node *array = toml_get(table, key);

    *out_count = 0;
    if (array == NULL || reader->failed) {
        return NULL;
    }
    if (toml_type(array) != TOML_ARRAY) {
        cli_reader_fail(reader, array, "%s: expected [[%s]], found %s", key, key,
                        toml_type_name(toml_type(array)));
        return NULL;
    }
    if (toml_size(array) > HOPS_SCENARIO_ITEMS_MAX) {
        cli_reader_fail(reader, array, "%s: expected at most %d", key, HOPS_SCENARIO_ITEMS_MAX);
        return NULL;
    }
    *out_count = toml_size(array);
    return array;
}
