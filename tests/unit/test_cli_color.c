/* SPDX-License-Identifier: MIT */
#include "cli/color.h"

#include "check.h"

#include <string.h>

static const struct {
    const char *text;
    const char *want; /* as printed; NULL: refused */
} rows[] = {
    {"black", "black"},
    {"red", "red"},
    {"white", "white"},
    {"Light-Blue", "lightblue"},
    {"LIGHTBLUE", "lightblue"},
    {"dark-gray", "darkgray"},
    {"grey", "gray"},
    {"DarkGrey", "darkgray"},
    {"lightgrey", "d3d3d3"},
    {"lightgray", "d3d3d3"},
    {"sky-blue", "87ceeb"},
    {"rebeccapurple", "663399"},
    {"aliceblue", "f0f8ff"},
    {"yellowgreen", "9acd32"},
    {"darkslategrey", "2f4f4f"},
    {"#0A0b0C", "0a0b0c"},
    {"0A0b0C", "0a0b0c"},
    {"0a-0b-0c", "0a0b0c"},
    {"#red", NULL},
    {"fff", NULL},
    {"#fff", NULL},
    {"#0a0b0c0d", NULL},
    {"##0a0b0c", NULL},
    {"0a0b0g", NULL},
    {" red", NULL},
    {"red ", NULL},
    {"", NULL},
    {"-", NULL},
    {"nosuchcolor", NULL},
    {"averyveryveryveryverylongnamethatfitsnowhere", NULL},
};

static void color_texts_are_read_or_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cli_color color;
        char out[16];
        bool ok = cli_color_parse(rows[i].text, &color);

        check_int(rows[i].text, ok, rows[i].want != NULL);
        if (ok) {
            check_str(rows[i].text, cli_color_format(&color, out), rows[i].want);
        }
    }
}

static void color_terminal_names_are_the_sixteen_indexes(void **state) {
    static const char *const names[] = {"black",     "red",          "green",      "yellow",
                                        "blue",      "magenta",      "cyan",       "gray",
                                        "darkgray",  "lightred",     "lightgreen", "lightyellow",
                                        "lightblue", "lightmagenta", "lightcyan",  "white"};

    (void)state;
    for (uint8_t i = 0; i < 16; i++) {
        struct cli_color color;

        assert_true(cli_color_parse(names[i], &color));
        check_int(names[i], color.rgb, false);
        check_int(names[i], color.index, i);
    }
}

static void color_every_truncation_stays_inside(void **state) {
    static const char text[] = "#0a-0b-0c";

    (void)state;
    for (size_t len = 0; len < sizeof(text); len++) {
        char copy[sizeof(text)] = {0};
        struct cli_color color;

        memcpy(copy, text, len);
        bool ok = cli_color_parse((const char *)check_guarded(copy, len + 1), &color);
        check_int(copy, ok, len == sizeof(text) - 1);
    }
}

static void color_items_are_distinct_and_have_good_defaults(void **state) {
    (void)state;
    for (size_t i = 0; i < CLI_THEME_ITEMS; i++) {
        const struct cli_theme_item *item = cli_theme_item(i);
        struct cli_color color;

        check_int(item->name, cli_theme_find(item->name, strlen(item->name)), i);
        check_int(item->name, cli_color_parse(item->deflt, &color), true);
    }
    check_int("unknown", cli_theme_find("nope", 4), -1);
    check_int("prefix", cli_theme_find("bg-colour", 3), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(color_texts_are_read_or_refused),
        cmocka_unit_test(color_terminal_names_are_the_sixteen_indexes),
        cmocka_unit_test(color_every_truncation_stays_inside),
        cmocka_unit_test(color_items_are_distinct_and_have_good_defaults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
