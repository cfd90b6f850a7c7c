/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "base/text.h"
#include "cli/toml.h"

#include <string.h>

static struct toml_doc *must_parse(const char *text) {
    struct toml_doc *doc = NULL;
    struct hops_diag diag = {""};

    enum hops_err err = toml_parse(text, strlen(text), "t.toml", &doc, &diag);
    if (err != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    return doc;
}

static void toml_values_have_their_types(void **state) {
    struct toml_doc *doc = must_parse("s = 'text'\ni = -7\nhex = 0xfb16\nf = 2.5\nb = true\n"
                                      "d = 2024-01-02\na = [1, 'x']\nt = {k = 1}\n");
    const struct toml_node *root = toml_root(doc);
    static const struct {
        const char *key;
        enum toml_type type;
    } rows[] = {{"s", TOML_STRING}, {"i", TOML_INTEGER}, {"hex", TOML_INTEGER}, {"f", TOML_FLOAT},
                {"b", TOML_BOOL},   {"d", TOML_TIME},    {"a", TOML_ARRAY},     {"t", TOML_TABLE}};
    const char *text = NULL;
    size_t len = 0;
    int64_t integer = 0;
    double number = 0;
    bool boolean = false;

    (void)state;
    assert_int_equal(toml_type(root), TOML_TABLE);
    assert_int_equal(toml_size(root), 8);
    for (size_t i = 0; i < 8; i++) {
        check_str(rows[i].key, toml_key(root, i), rows[i].key);
        check_int(rows[i].key, toml_type(toml_value(root, i)), rows[i].type);
        check_int(rows[i].key, toml_get(root, rows[i].key) == toml_value(root, i), 1);
    }
    assert_true(toml_string(toml_get(root, "s"), &text, &len));
    assert_string_equal(text, "text");
    assert_int_equal(len, 4);
    assert_true(toml_integer(toml_get(root, "i"), &integer));
    assert_int_equal(integer, -7);
    assert_true(toml_integer(toml_get(root, "hex"), &integer));
    assert_int_equal(integer, 0xfb16);
    assert_true(toml_float(toml_get(root, "f"), &number));
    assert_true(number >= 2.5 && number <= 2.5);
    assert_true(toml_float(toml_get(root, "i"), &number));
    assert_true(number >= -7 && number <= -7);
    assert_true(toml_bool(toml_get(root, "b"), &boolean));
    assert_true(boolean);
    const struct toml_node *array = toml_get(root, "a");
    assert_int_equal(toml_size(array), 2);
    assert_int_equal(toml_type(toml_at(array, 1)), TOML_STRING);
    assert_true(toml_integer(toml_get(toml_get(root, "t"), "k"), &integer));
    assert_int_equal(integer, 1);
    toml_free(doc);
}

static void toml_wrong_type_is_refused(void **state) {
    struct toml_doc *doc = must_parse("s = '1'\ni = 1\nf = 1.0\nb = false\n");
    const struct toml_node *root = toml_root(doc);
    const char *text = "untouched";
    int64_t integer = 42;
    double number = 42;
    bool boolean = true;

    (void)state;
    assert_false(toml_string(toml_get(root, "i"), &text, NULL));
    assert_string_equal(text, "untouched");
    assert_false(toml_integer(toml_get(root, "f"), &integer));
    assert_false(toml_integer(toml_get(root, "s"), &integer));
    assert_int_equal(integer, 42);
    assert_false(toml_float(toml_get(root, "b"), &number));
    assert_true(number >= 42 && number <= 42);
    assert_false(toml_bool(toml_get(root, "i"), &boolean));
    assert_true(boolean);
    assert_null(toml_get(root, "absent"));
    assert_null(toml_get(toml_get(root, "i"), "k"));
    toml_free(doc);
}

static void toml_tables_keep_file_order_and_positions(void **state) {
    struct toml_doc *doc = must_parse("zebra = 1\n"
                                      "  apple = \"\xc3\xa9\" # two columns in\n"
                                      "[second]\n"
                                      "k = [ 1,\n"
                                      "   22 ]\n"
                                      "[[first]]\n"
                                      "x = 1\n"
                                      "[[first]]\n");
    const struct toml_node *root = toml_root(doc);
    static const struct {
        const char *key;
        int key_line, key_column, line, column;
    } rows[] = {{"zebra", 1, 1, 1, 9},
                {"apple", 2, 3, 2, 11},
                {"second", 3, 2, 3, 1},
                {"first", 6, 3, 6, 1}};

    (void)state;
    assert_int_equal(toml_size(root), 4);
    assert_int_equal(toml_line(root), 1);
    for (size_t i = 0; i < 4; i++) {
        check_str(rows[i].key, toml_key(root, i), rows[i].key);
        check_int(rows[i].key, toml_key_line(root, i), rows[i].key_line);
        check_int(rows[i].key, toml_key_column(root, i), rows[i].key_column);
        check_int(rows[i].key, toml_line(toml_value(root, i)), rows[i].line);
        check_int(rows[i].key, toml_column(toml_value(root, i)), rows[i].column);
    }
    const struct toml_node *k = toml_get(toml_get(root, "second"), "k");
    assert_int_equal(toml_line(toml_at(k, 1)), 5);
    assert_int_equal(toml_column(toml_at(k, 1)), 4);
    const struct toml_node *first = toml_get(root, "first");
    assert_int_equal(toml_type(first), TOML_ARRAY);
    assert_int_equal(toml_size(first), 2);
    assert_int_equal(toml_line(toml_at(first, 1)), 8);
    toml_free(doc);
}

static void toml_nul_in_a_string_is_kept_and_in_a_key_replaced(void **state) {
    struct toml_doc *doc = must_parse("s = \"a\\u0000b\"\n\"a\\u0000b\" = 1\n");
    const struct toml_node *root = toml_root(doc);
    const char *text = NULL;
    size_t len = 0;

    (void)state;
    assert_true(toml_string(toml_get(root, "s"), &text, &len));
    assert_int_equal(len, 3);
    assert_memory_equal(text, "a\0b", 4);
    assert_string_equal(toml_key(root, 1), "a\xef\xbf\xbd"
                                           "b");
    assert_null(toml_get(root, "a"));
    toml_free(doc);
}

static void toml_byte_order_mark_is_skipped(void **state) {
    struct toml_doc *doc = must_parse("\xef\xbb\xbfkey = 1\n");

    (void)state;
    assert_string_equal(toml_key(toml_root(doc), 0), "key");
    assert_int_equal(toml_key_column(toml_root(doc), 0), 1);
    toml_free(doc);
}

static void toml_empty_text_is_an_empty_table(void **state) {
    struct toml_doc *doc = NULL;

    (void)state;
    assert_int_equal(toml_parse(NULL, 0, "t.toml", &doc, NULL), HOPS_OK);
    assert_int_equal(toml_size(toml_root(doc)), 0);
    toml_free(doc);
    toml_free(NULL);
}

/* where: how the diag begins; line: what its second line is, behind four blanks. */
static void toml_errors_say_where_and_show_the_line(void **state) {
    static const struct {
        const char *name;
        const char *text;
        size_t len; /* 0: strlen(text) */
        const char *where;
        const char *line;
    } rows[] = {
        {"no value", "a = 1\nb =\nc = 3\n", 0, "t.toml:2:", "b ="},
        {"twice", "key = 1\nkey = 2\n", 0, "t.toml:2:", "key = 2"},
        {"open string", "x = 1\ny = \"abc\n", 0, "t.toml:2:", "y = \"abc"},
        {"CRLF", "a = 1\r\nb = = 1\r\n", 0, "t.toml:2:5: ", "b = = 1"},
        {"no newline at the end", "a = ?", 0, "t.toml:1:5: ", "a = ?"},
        {"invalid UTF-8", "a = 1\nb = \"\xff\xfe\"\n", 0, "t.toml:2:", "b = \"??\""},
        {"overlong UTF-8", "b = \"\xc0\xaf\"\n", 0, "t.toml:1:", "b = \"??\""},
        {"overlong of three", "b = \"\xe0\x80\x80\"\n", 0, "t.toml:1:", "b = \"???\""},
        {"overlong of four", "b = \"\xf0\x80\x80\x80\"\n", 0, "t.toml:1:", "b = \"????\""},
        {"beyond Unicode", "b = \"\xf4\x90\x80\x80\"\n", 0, "t.toml:1:", "b = \"????\""},
        {"direction mark", "\u061c = = 1\n", 0, "t.toml:1:", "? = = 1"},
        {"surrogate", "b = \"\xed\xa0\x80\"\n", 0, "t.toml:1:", "b = \"?\""},
        {"escape sequence is not shown raw", "b = \"\x1b[31m\"\n", 0, "t.toml:1:", "b = \"?[31m\""},
        {"NUL", "a = 1\nb = \0\n", 12, "t.toml:2:5: a NUL", "b = ?"},
        {"trailing NUL", "a = 1\n\0", 7, "t.toml:2:1: a NUL", "?"},
        {"integer too large", "a = 9223372036854775808\n", 0,
         "t.toml:1:", "a = 9223372036854775808"},
        {"line end in a table head", "a = 1\n[\n", 0, "t.toml:2:2: ", "["},
        {"line end in an array's head", "[[ \nx]]", 0, "t.toml:1:4: ", "[[ "},
        {"line end after a dot in a head", "[a.\n]", 0, "t.toml:1:4: ", "[a."},
        {"UTF-16", "\xff\xfe\x61\x00", 4, "t.toml:1:", "??a?"},
        {"long key",
         "ok = '1.2.3'\n"
         "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1\n",
         0, "t.toml:2:64: this key has too many parts",
         "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct toml_doc *doc = NULL;
        struct hops_diag diag = {""};
        size_t len = rows[i].len != 0 ? rows[i].len : strlen(rows[i].text);

        check_int(rows[i].name, toml_parse(rows[i].text, len, "t.toml", &doc, &diag),
                  HOPS_ERR_FORMAT);
        check_int(rows[i].name, doc == NULL, 1);
        char where[64] = "";
        memcpy(where, diag.text, strlen(rows[i].where));
        check_str(rows[i].name, where, rows[i].where);
        char line[128] = "";
        char *second = strchr(diag.text, '\n');
        check_int(rows[i].name, second != NULL, 1);
        memcpy(line, second + 1, strcspn(second + 1, "\n"));
        check_int(rows[i].name, strncmp(line, "    ", 4), 0);
        check_str(rows[i].name, line + 4, rows[i].line);
    }
}

/* Characters that the tables of toml++ have forgotten: a trap under the sanitizers. */
static void toml_any_character_may_stand_in_comments_and_strings(void **state) {
    static const char text[] =
        "# \u2c2e \u2c64 \u3001 \u3027 \u9053 \u00a0\ns = \"\u3001\u2c64\"\n";
    struct toml_doc *doc = NULL;
    struct hops_diag diag = {""};
    const char *value = NULL;

    (void)state;
    check_int(diag.text, toml_parse(text, strlen(text), "t.toml", &doc, &diag), HOPS_OK);
    assert_true(toml_string(toml_get(toml_root(doc), "s"), &value, NULL));
    assert_string_equal(value, "\u3001\u2c64");
    toml_free(doc);
    check_int("bare key", toml_parse("a\u3001 = 1\n", 9, "t.toml", &doc, &diag), HOPS_ERR_FORMAT);
}

static void toml_error_text_is_bounded(void **state) {
    static char text[20000];
    static char name[2000];
    struct toml_doc *doc = NULL;
    struct hops_diag diag = {""};

    (void)state;
    memset(text, 'x', sizeof(text));
    memset(name, 'n', sizeof(name) - 1);
    assert_int_equal(toml_parse(text, sizeof(text), name, &doc, &diag), HOPS_ERR_FORMAT);
    assert_true(strlen(diag.text) < sizeof(diag.text));
    assert_non_null(strstr(diag.text, "nnn:1:"));
    assert_int_equal(toml_parse(text, sizeof(text), name, &doc, NULL), HOPS_ERR_FORMAT);
}

/* The excerpt may be longer than the message; what is cut off begins with a whole character. */
static void toml_error_text_ends_with_a_whole_character(void **state) {
    (void)state;
    for (size_t blanks = 0; blanks < 8; blanks++) {
        char text[1024] = "";
        struct toml_doc *doc = NULL;
        struct hops_diag diag = {""};
        uint32_t c;
        memset(text, ' ', blanks);
        while (strlen(text) + 5 < sizeof(text)) {
            strcat(text, "\xf0\x9f\x8f\x94");
        }
        char name[160] = "";
        memset(name, 'n', sizeof(name) - 1);
        assert_int_equal(toml_parse(text, strlen(text), name, &doc, &diag), HOPS_ERR_FORMAT);
        struct rd r = rd_make(diag.text, strlen(diag.text));
        while (rd_left(&r) > 0) {
            check_int(text, hops_utf8_next(&r, &c), true);
        }
    }
}

static void toml_deep_nesting_is_refused_not_followed(void **state) {
    static char text[100000];
    struct toml_doc *doc = NULL;

    (void)state;
    memset(text, '[', sizeof(text));
    memcpy(text, "a =", 3);
    assert_int_equal(toml_parse(text, sizeof(text), "t.toml", &doc, NULL), HOPS_ERR_FORMAT);
    memset(text, '.', sizeof(text));
    memcpy(text, "a =", 3);
    assert_int_equal(toml_parse(text, sizeof(text), "t.toml", &doc, NULL), HOPS_ERR_FORMAT);
    for (size_t i = 0; i + 1 < sizeof(text); i += 2) {
        text[i] = 'a';
        text[i + 1] = '.';
    }
    assert_int_equal(toml_parse(text, sizeof(text), "t.toml", &doc, NULL), HOPS_ERR_FORMAT);
}

static void toml_dots_that_are_no_key_are_not_counted(void **state) {
    struct toml_doc *doc = must_parse(
        "s = \"......................................................................\"\n"
        "m = '''\n...................................\n...'..............................\n'''\n"
        "e = \"\\\"..................................................\"\n"
        "# ..................................................................\n"
        "a = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6,\n"
        "     0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6]\n");

    (void)state;
    assert_int_equal(toml_size(toml_root(doc)), 4);
    toml_free(doc);
}

static void toml_truncated_text_never_crashes(void **state) {
    static const char text[] = "a = \"x\\u00e9\"\n[t.u]\nk = [1, {z = 'q'}]\n[[l]]\nd = 2024-01-02"
                               "T03:04:05Z\nf = 1e3 # \xc3\xa9\nm = \"\"\"\nx\n\"\"\"\n";
    int good = 0, refused = 0;

    (void)state;
    for (size_t len = 0; len < sizeof(text); len++) {
        struct toml_doc *doc = NULL;
        const char *at = (const char *)check_guarded(text, len);
        if (toml_parse(at, len, "t.toml", &doc, NULL) == HOPS_OK) {
            good++;
            toml_free(doc);
        } else {
            refused++;
        }
    }
    assert_true(good > 5 && refused > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(toml_values_have_their_types),
        cmocka_unit_test(toml_wrong_type_is_refused),
        cmocka_unit_test(toml_tables_keep_file_order_and_positions),
        cmocka_unit_test(toml_nul_in_a_string_is_kept_and_in_a_key_replaced),
        cmocka_unit_test(toml_byte_order_mark_is_skipped),
        cmocka_unit_test(toml_empty_text_is_an_empty_table),
        cmocka_unit_test(toml_errors_say_where_and_show_the_line),
        cmocka_unit_test(toml_any_character_may_stand_in_comments_and_strings),
        cmocka_unit_test(toml_error_text_is_bounded),
        cmocka_unit_test(toml_error_text_ends_with_a_whole_character),
        cmocka_unit_test(toml_deep_nesting_is_refused_not_followed),
        cmocka_unit_test(toml_dots_that_are_no_key_are_not_counted),
        cmocka_unit_test(toml_truncated_text_never_crashes),
    };

    return cmocka_run_group_tests_name("toml", tests, NULL, NULL);
}
