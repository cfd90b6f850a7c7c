/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "report/json.h"

#include <stdlib.h>

static char *text;
static size_t len;

static struct report_json start(void) {
    struct report_json json;

    report_json_init(&json, open_memstream(&text, &len));
    assert_non_null(json.out);
    return json;
}

static void finish(struct report_json *json, const char *row, const char *want) {
    assert_int_equal(json->depth, 0);
    assert_int_equal(fclose(json->out), 0);
    check_str(row, text, want);
    free(text);
}

static void json_shape_is_two_blanks_and_a_line_each(void **state) {
    struct report_json json = start();

    (void)state;
    report_json_object(&json, NULL);
    report_json_object(&json, "empty");
    report_json_close(&json);
    report_json_array(&json, "none");
    report_json_close(&json);
    report_json_array(&json, "list");
    report_json_number(&json, NULL, 1);
    report_json_object(&json, NULL);
    report_json_word(&json, "nat", "null");
    report_json_close(&json);
    report_json_close(&json);
    report_json_string(&json, "end", "x");
    report_json_number(&json, "big", UINT64_MAX);
    report_json_close(&json);
    finish(&json, "shape",
           "{\n"
           "  \"empty\": {},\n"
           "  \"none\": [],\n"
           "  \"list\": [\n"
           "    1,\n"
           "    {\n"
           "      \"nat\": null\n"
           "    }\n"
           "  ],\n"
           "  \"end\": \"x\",\n"
           "  \"big\": 18446744073709551615\n"
           "}");
}

static void json_string_is_escaped_where_it_must(void **state) {
    static const struct {
        const char *name;
        const char *value;
        const char *want;
    } rows[] = {
        {"quote and backslash", "\"\\", "\"\\\"\\\\\""},
        {"short escapes", "\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\""},
        {"lower-case digits", "\x1b", "\"\\u001b\""},
        {"first and last control", "\x01\x1f", "\"\\u0001\\u001f\""},
        {"verbatim", "/\x7f\xc3\xa9\xe6\x97\xa5", "\"/\x7f\xc3\xa9\xe6\x97\xa5\""},
        {"not UTF-8", "a\xffz", "\"a\xef\xbf\xbdz\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct report_json json = start();
        report_json_string(&json, NULL, rows[i].value);
        finish(&json, rows[i].name, rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_shape_is_two_blanks_and_a_line_each),
        cmocka_unit_test(json_string_is_escaped_where_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
