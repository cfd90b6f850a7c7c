/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text;
    const char *want;
} rows[] = {
    {"empty", "", ""},
    {"plain", "r1.example", "r1.example"},
    {"backslash stays", "a\\032b", "a\\032b"},
    {"colour sequence", "\x1b[31mred", "\\027[31mred"},
    {"window title", "\x1b]0;x\x07", "\\027]0;x\\007"},
    {"line feed and return", "a\r\nb", "a\\013\\010b"},
    {"delete", "a\x7f", "a\\127"},
    {"C1 as UTF-8",
     "\xc2\x9b"
     "31m",
     "\\194\\15531m"},
    {"C1 as an octet",
     "\x9b"
     "31m",
     "\\15531m"},
    {"no-break space stays", "\xc2\xa0", "\xc2\xa0"},
    /* Hidden from the eye is the point of these: NOLINTBEGIN(misc-misleading-bidirectional) */
    {"bidi override",
     "a\xe2\x80\xae"
     "b",
     "a\\226\\128\\174b"},
    {"bidi isolate", "\xe2\x81\xa6", "\\226\\129\\166"},
    {"right-to-left mark", "\xe2\x80\x8f", "\\226\\128\\143"},
    /* NOLINTEND(misc-misleading-bidirectional) */
    {"Arabic letter mark", "\xd8\x9c", "\\216\\156"},
    {"line separator", "\xe2\x80\xa8", "\\226\\128\\168"},
    {"overlong slash", "\xc0\xaf", "\\192\\175"},
    {"overlong escape in three", "\xe0\x80\x9b", "\\224\\128\\155"},
    {"overlong in four", "\xf0\x80\x80\x9b", "\\240\\128\\128\\155"},
    {"surrogate", "\xed\xa0\x80", "\\237\\160\\128"},
    {"past the last code point", "\xf4\x90\x80\x80", "\\244\\144\\128\\128"},
    {"last code point", "\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd"},
    {"lone continuation", "a\xbf", "a\\191"},
    {"truncated", "a\xe6\x97", "a\\230\\151"},
    {"truncated, then text", "\xe6\x97z", "\\230\\151z"},
    {"wide", "\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac"},
    {"emoji", "\xf0\x9f\x94\xb4", "\xf0\x9f\x94\xb4"},
};

static void text_from_outside_becomes_printable(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = strlen(rows[i].text);
        const char *guarded = (const char *)check_guarded(rows[i].text, len);
        char out[64];
        char again[64];

        check_int(rows[i].name, hops_text_sanitize(guarded, len, out, sizeof(out)),
                  strlen(rows[i].want));
        check_str(rows[i].name, out, rows[i].want);
        check_int(rows[i].name, hops_text_sanitize(out, strlen(out), again, sizeof(again)),
                  strlen(out));
        check_str(rows[i].name, again, out);
    }
}

static void text_nul_octet_is_escaped(void **state) {
    char out[16];

    (void)state;
    assert_int_equal(hops_text_sanitize("a\0b", 3, out, sizeof(out)), 6);
    assert_string_equal(out, "a\\000b");
}

static void text_too_long_is_cut_between_characters(void **state) {
    static const struct {
        const char *name;
        const char *text;
        size_t size;
        const char *want;
    } cuts[] = {
        {"fits with the NUL", "abc", 4, "abc"},
        {"one too many", "abc", 3, "ab"},
        {"character is not split", "a\xe6\x97\xa5", 4, "a"},
        {"escape is not split", "a\x1b", 5, "a"},
        {"nothing shorter follows the cut",
         "a\x1b"
         "bc",
         4, "a"},
        {"room for the NUL only", "abc", 1, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
        size_t len = strlen(cuts[i].text);
        uint8_t zeros[8] = {0};
        char *out = (char *)check_guarded(zeros, cuts[i].size);
        char whole[64];
        size_t total = hops_text_sanitize(cuts[i].text, len, whole, sizeof(whole));

        check_int(cuts[i].name, hops_text_sanitize(cuts[i].text, len, out, cuts[i].size), total);
        check_str(cuts[i].name, out, cuts[i].want);
    }
    assert_int_equal(hops_text_sanitize("abc\n", 4, NULL, 0), 7);
}

/* Every sequence of up to three octets out of those at which the rules change. */
static void text_any_octets_give_clean_utf8(void **state) {
    static const uint8_t edges[] = {0x00, 0x1b, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9c, 0x9f,
                                    0xa0, 0xa8, 0xae, 0xbf, 0xc0, 0xc1, 0xc2, 0xd8, 0xdf,
                                    0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff};
    const size_t n = sizeof(edges);

    (void)state;
    for (size_t i = 0; i < n * n * n; i++) {
        uint8_t in[3] = {edges[i % n], edges[i / n % n], edges[i / n / n]};
        char out[16];
        size_t len = hops_text_sanitize((const char *)check_guarded(in, 3), 3, out, sizeof(out));
        struct rd r = rd_make(out, len);

        assert_true(len < sizeof(out));
        assert_int_equal(strlen(out), len);
        while (rd_left(&r) > 0) {
            uint32_t c;
            assert_true(hops_utf8_next(&r, &c));
            assert_true(c >= 0x20 && (c < 0x7f || c > 0x9f));
            assert_false(c >= 0x2028 && c <= 0x202e);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_from_outside_becomes_printable),
        cmocka_unit_test(text_nul_octet_is_escaped),
        cmocka_unit_test(text_too_long_is_cut_between_characters),
        cmocka_unit_test(text_any_octets_give_clean_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
