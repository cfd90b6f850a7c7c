/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "tui/ascii.h"
#include "tui/format.h"
#include "tui/grid.h"
#include "tui/key.h"
#include "tui/layout.h"
#include "tui/theme.h"

#include <stdio.h>
#include <string.h>

static const struct tui_style plain;

static const char *row(const struct tui_grid *grid, int y) {
    static char text[4096];

    (void)tui_grid_row(grid, y, text, sizeof(text));
    return text;
}

static void grid_text_outside_the_clip_is_left_out(void **state) {
    struct tui_grid grid = {0};

    (void)state;
    assert_true(tui_grid_resize(&grid, 10, 2));
    struct tui_rect before = tui_grid_clip(&grid, (struct tui_rect){2, 0, 3, 1});
    tui_grid_text(&grid, -2, 0, plain, "abcdefghijklmnop");
    tui_grid_text(&grid, 0, 1, plain, "not here");
    tui_grid_unclip(&grid, before);
    check_str("clip", row(&grid, 0), "  efg");
    check_str("other row", row(&grid, 1), "");
    tui_grid_done(&grid);
}

static void grid_wide_character_is_never_cut(void **state) {
    struct tui_grid grid = {0};

    (void)state;
    assert_true(tui_grid_resize(&grid, 6, 1));
    check_int("width", tui_grid_text_in(&grid, 0, 0, 5, plain, "中中中"), 4);
    check_str("half left out", row(&grid, 0), "中中");
    tui_grid_text(&grid, 1, 0, plain, "x");
    check_str("overwritten half", row(&grid, 0), " x中");
    tui_grid_text(&grid, 5, 0, plain, "中");
    check_str("edge", row(&grid, 0), " x中");
    tui_grid_done(&grid);
}

static void grid_control_characters_become_question_marks(void **state) {
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"escape", "a\033[31mb", "a?[31mb"},
        {"C1",
         "a\xc2\x9b"
         "b",
         "a?b"},
        {"not UTF-8",
         "a\xff"
         "b",
         "a?b"},
        {"direction",
         "a\xe2\x80\xae"
         "b",
         "ab"},
        {"combining", "e\xcc\x81", "e\xcc\x81"},
        {"combining first", "\xcc\x81x", "x"},
    };
    struct tui_grid grid = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(tui_grid_resize(&grid, 20, 1));
        tui_grid_text(&grid, 0, 0, plain, rows[i].text);
        check_str(rows[i].name, row(&grid, 0), rows[i].want);
    }
    tui_grid_done(&grid);
}

/* Line separators and what turns the direction of writing, alone and after a letter. */
static void grid_characters_that_steer_are_never_kept(void **state) {
    static const char *const rows[] = {"\u061c", "\u180e", "\u200e", "\u2028",
                                       "\u2029", "\u202e", "\u2066", "\u2069"};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tui_grid grid = {0};
        char text[16];
        assert_true(tui_grid_resize(&grid, 8, 1));
        (void)snprintf(text, sizeof(text), "%sa%sb", rows[i], rows[i]);
        int width = tui_grid_text(&grid, 0, 0, plain, text);
        check_int(rows[i], width, tui_text_width(text));
        check_int(rows[i], strstr(row(&grid, 0), rows[i]) == NULL, true);
        tui_grid_done(&grid);
    }
}

static void grid_many_marks_on_one_character_stay_in_the_cell(void **state) {
    struct tui_grid grid = {0};
    char text[100] = "e";

    (void)state;
    for (int i = 0; i < 40; i++) {
        memcpy(text + 1 + 2 * i, "\xcc\x81", 3);
    }
    assert_true(tui_grid_resize(&grid, 2, 1));
    check_int("cells", tui_grid_text(&grid, 0, 0, plain, text), 1);
    assert_true(strlen(tui_grid_at(&grid, 0, 0)->text) < TUI_CELL_TEXT);
    tui_grid_done(&grid);
}

static void grid_ascii_has_only_ascii(void **state) {
    struct tui_grid grid = {.ascii = true};

    (void)state;
    assert_true(tui_grid_resize(&grid, 12, 3));
    tui_grid_frame(&grid, (struct tui_rect){0, 0, 12, 3}, TUI_BOX_ROUND, plain);
    tui_grid_text(&grid, 1, 1, plain, "🟢 é▁█中»");
    check_str("top", row(&grid, 0), "+----------+");
    check_str("text", row(&grid, 1), "|+  e_#? > |");
    tui_grid_text(&grid, 1, 1, plain, "ÄßÿığŞœ÷×");
    check_str("letters", row(&grid, 1), "|AsyigSo/x |");
    tui_grid_done(&grid);
}

static void grid_frames_have_titles(void **state) {
    struct tui_grid grid = {0};

    (void)state;
    assert_true(tui_grid_resize(&grid, 14, 3));
    tui_grid_frame(&grid, (struct tui_rect){0, 0, 14, 3}, TUI_BOX_DOUBLE, plain);
    tui_grid_title_centre(&grid, (struct tui_rect){0, 0, 14, 3}, plain, "Help");
    check_str("centre", row(&grid, 0), "╔═══ Help ═══╗");
    tui_grid_frame(&grid, (struct tui_rect){0, 0, 14, 3}, TUI_BOX_SQUARE, plain);
    tui_grid_title(&grid, (struct tui_rect){0, 0, 14, 3}, plain, "a title too long");
    check_str("cut", row(&grid, 0), "┌a title too ┐");
    check_str("bottom", row(&grid, 2), "└────────────┘");
    tui_grid_done(&grid);
}

static void layout_bands_give_way_in_order(void **state) {
    static const struct {
        int h, header, body, history, info;
    } rows[] = {{60, 4, 49, 6, 1}, {30, 4, 19, 6, 1}, {24, 4, 13, 6, 1}, {20, 4, 10, 5, 1},
                {18, 4, 10, 3, 1}, {15, 4, 10, 1, 0}, {12, 2, 10, 0, 0}, {10, 0, 10, 0, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tui_layout l = tui_layout(80, rows[i].h, false, false);
        char name[32];
        (void)snprintf(name, sizeof(name), "H %d", rows[i].h);
        check_int(name, l.header.h, rows[i].header);
        check_int(name, l.body.h, rows[i].body);
        check_int(name, l.history.h, rows[i].history);
        check_int(name, l.info.h, rows[i].info);
    }
    check_int("split 80", tui_layout(80, 24, false, false).history.w, 60);
    check_int("split 83", tui_layout(83, 24, false, false).history.w, 62);
    check_int("split 121", tui_layout(121, 24, false, false).history.w, 91);
}

static void layout_dialog_is_the_middle(void **state) {
    static const struct {
        int w, h;
        struct tui_rect want;
    } rows[] = {{80, 24, {16, 5, 48, 14}}, {100, 30, {20, 6, 60, 18}}, {120, 40, {24, 8, 72, 24}}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tui_rect got = tui_layout_dialog(rows[i].w, rows[i].h);
        assert_memory_equal(&got, &rows[i].want, sizeof(got));
    }
}

static void layout_columns_share_the_width(void **state) {
    static const int min[] = {4, 0, 8, 7, 7, 7, 7, 7, 7, 8, 7};
    static const struct {
        int w;
        int want[11];
    } rows[] = {
        {200, {4, 119, 8, 7, 7, 7, 7, 7, 7, 8, 7}}, {120, {4, 39, 8, 7, 7, 7, 7, 7, 7, 8, 7}},
        {100, {4, 19, 8, 7, 7, 7, 7, 7, 7, 8, 7}},  {90, {4, 9, 8, 7, 7, 7, 7, 7, 7, 8, 7}},
        {84, {4, 7, 7, 6, 7, 7, 7, 7, 6, 7, 7}},    {80, {4, 6, 7, 6, 7, 6, 6, 7, 6, 7, 6}},
        {72, {4, 3, 6, 6, 6, 6, 5, 6, 6, 6, 6}},    {60, {4, 0, 5, 5, 5, 5, 4, 5, 5, 5, 5}}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int x[11];
        int w[11];
        char name[32];
        tui_layout_columns(rows[i].w, 11, 1, min, x, w);
        for (int c = 0; c < 11; c++) {
            (void)snprintf(name, sizeof(name), "W %d column %d", rows[i].w, c);
            check_int(name, w[c], rows[i].want[c]);
        }
    }
}

static void format_durations_omit_zero_parts(void **state) {
    static const struct {
        hops_ns ns;
        const char *want;
    } rows[] = {{0, "0s"},
                {HOPS_SEC, "1s"},
                {100 * HOPS_MS, "100ms"},
                {300 * HOPS_SEC, "5m"},
                {65 * HOPS_SEC, "1m 5s"},
                {7203 * HOPS_SEC, "2h 3s"},
                {86400 * HOPS_SEC, "1day"},
                {2 * 86400 * HOPS_SEC, "2days"},
                {1500, "1us 500ns"}};
    char text[TUI_FORMAT_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_str(rows[i].want, tui_format_duration(rows[i].ns, text), rows[i].want);
    }
    check_str("degrees", tui_format_degrees(-31.95, text), "-31.95");
    check_str("degrees", tui_format_degrees(151.0, text), "151");
    check_str("clock", tui_format_clock(0, 28800, text), "1970-01-01T08:00:00+08:00");
    check_str("clock", tui_format_clock(0, 0, text), "1970-01-01T00:00:00Z");
}

static void key_text_is_as_people_write_it(void **state) {
    struct tui_key both = {TUI_KEY_CHAR, TUI_CTRL | TUI_SHIFT, 'k'};
    struct tui_key capital = tui_key_char('Q');
    struct tui_key question = tui_key_char('?');
    char text[TUI_KEY_TEXT];

    (void)state;
    check_str("both", tui_key_format(&both, text), "shift+ctrl+k");
    check_str("capital", tui_key_format(&capital, text), "shift+q");
    check_str("question", tui_key_format(&question, text), "?");
    check_int("typed", tui_key_typed(&capital), 'Q');
    check_int("not typed", tui_key_typed(&both), 0);
}

static void color_nearest_of_what_there_is(void **state) {
    struct tui_color red = {.kind = TUI_COLOR_RGB, .red = 255};
    struct tui_color dark = {.kind = TUI_COLOR_INDEX, .index = 8};
    struct tui_color none = {0};

    (void)state;
    check_int("of 256", tui_color_nearest(&red, 256), 196);
    check_int("of 16", tui_color_nearest(&red, 16), 9);
    check_int("of 8", tui_color_nearest(&red, 8), 1);
    check_int("dark gray of 16", tui_color_nearest(&dark, 16), 8);
    check_int("dark gray of 8", tui_color_nearest(&dark, 8), 7);
    check_int("default", tui_color_nearest(&none, 256), -1);
}

/* Text can be read in each theme on each terminal, and what must be told apart can be. */
static void theme_presets_can_be_read(void **state) {
    static const enum tui_item on[][2] = {
        {TUI_TEXT, TUI_BG},
        {TUI_BORDER, TUI_BG},
        {TUI_TAB_TEXT, TUI_BG},
        {TUI_HEADER_TEXT, TUI_HEADER_BG},
        {TUI_ROW_ACTIVE_TEXT, TUI_BG},
        {TUI_ROW_INACTIVE_TEXT, TUI_BG},
        {TUI_ROW_ACTIVE_SELECTED_TEXT, TUI_ROW_ACTIVE_SELECTED_BG},
        {TUI_ROW_INACTIVE_SELECTED_TEXT, TUI_ROW_INACTIVE_SELECTED_BG},
        {TUI_CHART_SELECTED, TUI_BG},
        {TUI_CHART_UNSELECTED, TUI_BG},
        {TUI_CHART_AXIS, TUI_BG},
        {TUI_FREQUENCY_BAR, TUI_BG},
        {TUI_FREQUENCY_TEXT, TUI_FREQUENCY_BAR},
        {TUI_FLOWS_BAR_SELECTED, TUI_BG},
        {TUI_FLOWS_BAR_UNSELECTED, TUI_BG},
        {TUI_FLOWS_TEXT_CURRENT, TUI_FLOWS_BAR_SELECTED},
        {TUI_FLOWS_TEXT_CURRENT, TUI_FLOWS_BAR_UNSELECTED},
        {TUI_FLOWS_TEXT_NON_CURRENT, TUI_FLOWS_BAR_SELECTED},
        {TUI_FLOWS_TEXT_NON_CURRENT, TUI_FLOWS_BAR_UNSELECTED},
        {TUI_SAMPLES, TUI_BG},
        {TUI_SAMPLES_LOST, TUI_BG},
        {TUI_HELP_TEXT, TUI_HELP_BG},
        {TUI_SETTINGS_TAB_TEXT, TUI_SETTINGS_BG},
        {TUI_SETTINGS_HEADER_TEXT, TUI_SETTINGS_HEADER_BG},
        {TUI_SETTINGS_ROW_TEXT, TUI_SETTINGS_BG},
        {TUI_TEXT, TUI_SETTINGS_BG},
        {TUI_MAP_WORLD, TUI_BG},
        {TUI_MAP_INFO_TEXT, TUI_MAP_INFO_BG},
        {TUI_INFO_TEXT, TUI_INFO_BG},
    };
    static const enum tui_item apart[][2] = {{TUI_SAMPLES, TUI_SAMPLES_LOST},
                                             {TUI_CHART_SELECTED, TUI_CHART_UNSELECTED},
                                             {TUI_FLOWS_BAR_SELECTED, TUI_FLOWS_BAR_UNSELECTED},
                                             {TUI_MAP_RADIUS, TUI_MAP_WORLD},
                                             {TUI_MAP_SELECTED, TUI_MAP_WORLD}};
    static const int counts[] = {8, 16, 256, 1 << 24};

    (void)state;
    for (int preset = 0; preset < (int)TUI_PRESETS; preset++) {
        struct tui_theme theme;
        tui_theme_preset((enum tui_preset)preset, &theme);
        for (size_t i = 0; i < sizeof(on) / sizeof(on[0]) * 4; i++) {
            struct tui_style style = tui_style(&theme, on[i / 4][0], on[i / 4][1]);
            int fg;
            int bg;
            tui_style_numbers(&style, counts[i % 4], &fg, &bg);
            if (fg == bg) {
                fail_msg("%s: %s on %s, %d colours", tui_preset_name((enum tui_preset)preset),
                         tui_item_name(on[i / 4][0]), tui_item_name(on[i / 4][1]), counts[i % 4]);
            }
        }
        for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]) * 3; i++) {
            assert_int_not_equal(tui_color_nearest(&theme.colors[apart[i / 3][0]], counts[i % 3]),
                                 tui_color_nearest(&theme.colors[apart[i / 3][1]], counts[i % 3]));
        }
        for (size_t i = 0; i < TUI_MARKS; i++) {
            for (size_t k = 0; k < i; k++) {
                assert_true(theme.marks[i].kind != theme.marks[k].kind ||
                            tui_color_direct(&theme.marks[i]) != tui_color_direct(&theme.marks[k]));
            }
        }
    }
}

static void theme_okabe_ito_has_stand_ins(void **state) {
    struct tui_theme theme;

    (void)state;
    tui_theme_preset(TUI_PRESET_COLORBLIND, &theme);
    const struct tui_color *sky = &theme.colors[TUI_SAMPLES];
    check_int("direct", (int)tui_color_direct(sky), 0x56b4e9);
    check_int("of 256", tui_color_nearest(sky, 256), 74); /* 5fafd7 */
    check_int("of 16", tui_color_nearest(sky, 16), 14);
    check_int("of 8", tui_color_nearest(sky, 8), 6);
}

static void style_dark_on_light_is_told_without_colors(void **state) {
    struct tui_theme theme;
    struct tui_style style;

    (void)state;
    tui_theme_preset(TUI_PRESET_DEFAULT, &theme);
    style = tui_style(&theme, TUI_TEXT, TUI_BG);
    check_int("text", tui_style_is_dark_on_light(&style), false);
    style = tui_style(&theme, TUI_ROW_INACTIVE_SELECTED_TEXT, TUI_ROW_INACTIVE_SELECTED_BG);
    check_int("selected", tui_style_is_dark_on_light(&style), true);
    tui_theme_preset(TUI_PRESET_COLORBLIND, &theme);
    style = tui_style(&theme, TUI_ROW_ACTIVE_SELECTED_TEXT, TUI_ROW_ACTIVE_SELECTED_BG);
    check_int("RGB", tui_style_is_dark_on_light(&style), true);
    check_int("defaults", tui_style_is_dark_on_light(&plain), false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grid_text_outside_the_clip_is_left_out),
        cmocka_unit_test(grid_wide_character_is_never_cut),
        cmocka_unit_test(grid_control_characters_become_question_marks),
        cmocka_unit_test(grid_characters_that_steer_are_never_kept),
        cmocka_unit_test(grid_many_marks_on_one_character_stay_in_the_cell),
        cmocka_unit_test(grid_ascii_has_only_ascii),
        cmocka_unit_test(grid_frames_have_titles),
        cmocka_unit_test(layout_bands_give_way_in_order),
        cmocka_unit_test(layout_dialog_is_the_middle),
        cmocka_unit_test(layout_columns_share_the_width),
        cmocka_unit_test(format_durations_omit_zero_parts),
        cmocka_unit_test(key_text_is_as_people_write_it),
        cmocka_unit_test(color_nearest_of_what_there_is),
        cmocka_unit_test(theme_presets_can_be_read),
        cmocka_unit_test(theme_okabe_ito_has_stand_ins),
        cmocka_unit_test(style_dark_on_light_is_told_without_colors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
