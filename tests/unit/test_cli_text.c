/* SPDX-License-Identifier: MIT */
#include "cli/text.h"

#include "check.h"

#include <string.h>

static void text_from_outside_is_made_visible(void **state) {
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
        {"\xe2\x82\xac \xf0\x9f\x98\x80", "\xe2\x82\xac \xf0\x9f\x98\x80"},
        {"\033[31m\a\n\t\x7f", "\\x1b[31m\\x07\\x0a\\x09\\x7f"},
        {"\xc2\x9b"
         "31m",
         "\\x9b31m"},
        {"\x9b", "\\x9b"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"a\xc3", "a\\xc3"},
        {"\xe2\x82", "\\xe2\\x82"},
        {"\xf0\x9f\x98", "\\xf0\\x9f\\x98"},
        {"\xc0\xaf", "\\xc0\\xaf"},
        {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
        {"\xe2\x80\xae"
         "abc",
         "\\u{202e}abc"},
        {"\xef\xbb\xbf", "\\u{feff}"},
        {"\xd8\x9c", "\\u{61c}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cli_text text = {0};
        size_t size = strlen(rows[i].in) + 1;

        cli_text_add_clean(&text, (const char *)check_guarded(rows[i].in, size));
        check_str(rows[i].want, cli_text_str(&text), rows[i].want);
        cli_text_done(&text);
    }
}

static void text_is_wrapped_between_words(void **state) {
    static const struct {
        const char *name, *words;
        size_t indent, used, width;
        const char *want;
    } rows[] = {
        {"fits", "one two", 0, 0, 7, "one two"},
        {"breaks", "one two", 0, 0, 6, "one\ntwo"},
        {"indent", "one two", 2, 0, 6, "  one\n  two"},
        {"used", "one two", 4, 2, 11, "  one two"},
        {"used, breaks", "one two", 4, 2, 10, "  one\n    two"},
        {"long word", "a extraordinary b", 0, 0, 5, "a\nextraordinary\nb"},
        {"characters count", "\xc3\xa4\xc3\xb6 \xc3\xbc", 0, 0, 4, "\xc3\xa4\xc3\xb6 \xc3\xbc"},
        {"blanks", "  one   two ", 0, 0, 20, "one two"},
        {"line ends", "one\n\ntwo", 2, 0, 20, "  one\n\n  two"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cli_text text = {0};

        cli_text_add_wrapped(&text, rows[i].words, rows[i].indent, rows[i].used, rows[i].width);
        check_str(rows[i].name, cli_text_str(&text), rows[i].want);
        cli_text_done(&text);
    }
}

static void text_grows_and_is_handed_over(void **state) {
    struct cli_text text = {0};
    struct cli_arena arena = {0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        cli_text_addf(&text, "%03d,", i);
    }
    check_int("length", text.len, 4000);
    check_int("end", strcmp(text.data + 3996, "999,"), 0);
    char *copy = cli_arena_copy(&arena, text.data + 4, 3);
    check_str("copy", copy, "001");
    cli_text_done(&text);
    check_str("empty", cli_text_str(&text), "");
    cli_arena_done(&arena);
    assert_null(arena.first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_from_outside_is_made_visible),
        cmocka_unit_test(text_is_wrapped_between_words),
        cmocka_unit_test(text_grows_and_is_handed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
