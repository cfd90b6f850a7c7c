/* SPDX-License-Identifier: MIT
 *
 * Chart, map and help on the screen.
 */
#include "screen.h"

#include "tui/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct screen_setup ordinary = {.name = "www.example.net"};
static const struct screen_setup in_ascii = {.name = "www.example.net", .ascii = true};
static const struct screen_setup paris = {.name = "www.example.net",
                                          .protocol = HOPS_PROTOCOL_UDP,
                                          .strategy = HOPS_STRATEGY_PARIS,
                                          .max_flows = 64};

static void start(struct screen *s, const struct screen_setup *setup, int seconds) {
    screen_start(s, setup);
    screen_pass(s, seconds);
}

static void golden_at_each_size(struct screen *s, const char *name) {
    static const int sizes[][2] = {{60, 20}, {80, 24}, {104, 24}, {200, 60}};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char file[64];
        (void)snprintf(file, sizeof(file), "%s-%dx%d", name, sizes[i][0], sizes[i][1]);
        screen_golden(s, sizes[i][0], sizes[i][1], file);
    }
}

static void only_ascii(const char *text) {
    for (; *text != '\0'; text++) {
        assert_true((unsigned char)*text < 0x80);
    }
}

/* Chart. */

static void chart_at_each_size(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 48);
    screen_keys(&s, "c");
    golden_at_each_size(&s, "chart");
    screen_end(&s);
}

static void chart_ascii_has_no_other_octets(void **state) {
    struct screen s;

    (void)state;
    start(&s, &in_ascii, 48);
    screen_keys(&s, "c");
    screen_golden(&s, 80, 24, "chart-ascii");
    only_ascii(screen_text(&s, 80, 24));
    screen_end(&s);
}

static void chart_zoom_has_bounds(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 20);
    screen_keys(&s, "c====================");
    screen_text(&s, 80, 24);
    screen_has(&s, "16 (16x)");
    screen_has(&s, "Samples (16s)");
    screen_keys(&s, "--------------------");
    screen_text(&s, 80, 24);
    screen_has(&s, "256 (1x)");
    s.app.traces[0].max_samples = 5; /* fewer than the zoom: two samples are left */
    screen_keys(&s, "===============");
    screen_text(&s, 80, 24);
    screen_has(&s, " 2 (16x)");
    screen_end(&s);
}

static void chart_and_map_exclude_each_other(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    screen_keys(&s, "c");
    check_int("chart", s.app.body, TUI_BODY_CHART);
    screen_keys(&s, "m");
    check_int("map", s.app.body, TUI_BODY_MAP);
    screen_keys(&s, "<esc>");
    check_int("closes no view", s.app.body, TUI_BODY_MAP);
    screen_keys(&s, "m");
    check_int("hops", s.app.body, TUI_BODY_HOPS);
    screen_end(&s);
}

/* The style of the first cell of an entry of the legend. */
static struct tui_style style_of(const struct screen *s, int x, int y) {
    return tui_grid_at(&s->grid, x, y)->style;
}

static void chart_marks_the_selected_hop(void **state) {
    enum { X = 73, FIRST = 6 }; /* of the legend at 80 columns */
    struct screen s;

    (void)state;
    start(&s, &ordinary, 20);
    screen_keys(&s, "c");
    screen_text(&s, 80, 24);
    check_int("target", style_of(&s, X, FIRST + 4).attrs & TUI_BOLD, TUI_BOLD);
    screen_keys(&s, "<down><down>");
    screen_text(&s, 80, 24);
    check_int("hop 2", style_of(&s, X, FIRST + 1).attrs & TUI_BOLD, TUI_BOLD);
    check_int("not the target", style_of(&s, X, FIRST + 4).attrs & TUI_BOLD, 0);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, X, FIRST + 3);
    check_int("click on the legend", s.app.selected_ttl, 4);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 20, FIRST + 3);
    check_int("click elsewhere", s.app.selected_ttl, 4);
    screen_end(&s);
}

static void chart_hidden_hop_frees_the_scale(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 20);
    screen_keys(&s, "x");
    check_int("without the chart", s.app.chart_hidden[5], false);
    screen_keys(&s, "cx");
    screen_text(&s, 80, 24);
    screen_has(&s, "Hop 5 ×");
    screen_has(&s, "│10.0│"); /* the scale of hop 4 */
    screen_keys(&s, "<home>x<down>x<down>x<down>x");
    screen_text(&s, 80, 24);
    screen_has(&s, "│0.0│"); /* nothing is left */
    screen_keys(&s, "x");
    screen_text(&s, 80, 24);
    screen_lacks(&s, "Hop 4 ×");
    screen_end(&s);
}

static void chart_numbers_hops_by_ttl(void **state) {
    struct screen_setup setup = {.name = "www.example.net", .first_ttl = 4};
    struct screen s;

    (void)state;
    start(&s, &setup, 10);
    screen_keys(&s, "c");
    screen_text(&s, 80, 24);
    screen_has(&s, "Hop 4│");
    screen_has(&s, "Hop 5│");
    screen_lacks(&s, "Hop 1│");
    screen_end(&s);
}

/* Dots of the canvas in the columns of the plot. */
static int dots_in_column(const struct screen *s, int x) {
    int n = 0;

    for (int y = 4; y < 16; y++) {
        const char *text = tui_grid_at(&s->grid, x, y)->text;
        n += (unsigned char)text[0] == 0xe2 && (unsigned char)text[1] >= 0xa0 &&
             (unsigned char)text[1] <= 0xa3;
    }
    return n;
}

static void chart_lost_probe_is_a_gap(void **state) {
    struct screen s;
    int gaps = 0;
    int lost = 0;

    (void)state;
    start(&s, &ordinary, 20);
    while (tui_trace_sample(tui_app_trace(&s.app), 0, 4, 3) != HOPS_SAMPLE_LOST) {
        screen_pass(&s, 1);
    }
    screen_keys(&s, "c<home>x<down>x<down>x<end>x<up>==============="); /* hop 4 alone */
    screen_text(&s, 80, 24);
    for (size_t i = 0; i < 16; i++) {
        lost += tui_trace_sample(tui_app_trace(&s.app), 0, 4, i) == HOPS_SAMPLE_LOST;
    }
    for (int x = 8; x < 70; x++) {
        gaps += dots_in_column(&s, x) == 0;
        assert_true(dots_in_column(&s, x) < 6); /* no dive to the bottom */
    }
    assert_true(lost > 0 && gaps >= 4 * lost);
    screen_end(&s);
}

static void chart_of_the_selected_flow(void **state) {
    struct screen s;

    (void)state;
    start(&s, &paris, 30);
    screen_keys(&s, "cf");
    screen_golden(&s, 104, 30, "chart-flow");
    screen_keys(&s, "m");
    screen_golden(&s, 104, 30, "map-flow");
    screen_end(&s);
}

static void chart_frozen_stands_still(void **state) {
    char before[32 * 1024];
    struct screen s;

    (void)state;
    start(&s, &ordinary, 20);
    screen_keys(&s, "c<down><ctrl+f>");
    (void)snprintf(before, sizeof(before), "%s", screen_text(&s, 80, 24));
    screen_pass(&s, 30);
    const char *after = screen_text(&s, 80, 24);
    check_str("body", strstr(after, "╭Chart"), strstr(before, "╭Chart"));
    screen_keys(&s, "<ctrl+f>");
    assert_string_not_equal(strstr(screen_text(&s, 80, 24), "╭Chart"), strstr(before, "╭Chart"));
    screen_end(&s);
}

/* Map. */

/* Three places: the first router has no radius, the second is uncertain by 500 km, the two of the
 * fourth hop are apart, and the target has a name but no position. */
static struct tui_place places(void *user, const struct hops_addr *addr) {
    struct tui_place place = {.known = true, .has_position = true};

    (void)user;
    switch (addr->octets[3]) {
    case 1:
        place.city = addr->octets[0] == 192 ? "Zurich" : "Oslo";
        place.country = addr->octets[0] == 192 ? "Switzerland" : "Norway";
        place.latitude = addr->octets[0] == 192 ? 47.4 : 59.9;
        place.longitude = addr->octets[0] == 192 ? 8.5 : 10.75;
        place.has_radius = addr->octets[0] != 192;
        place.radius_km = 500;
        return place;
    case 9:
    case 10:
        place.city = addr->octets[3] == 9 ? "Lima" : "Tokyo";
        place.latitude = addr->octets[3] == 9 ? -12.0 : 35.7;
        place.longitude = addr->octets[3] == 9 ? -77.0 : 139.7;
        return place;
    default:
        return (struct tui_place){.known = true, .country = "Australia"};
    }
}

static int pins(struct screen *s, int columns, int rows) {
    const char *text = screen_text(s, columns, rows);
    int n = 0;

    while ((text = strstr(text, "📍")) != NULL) {
        text++;
        n++;
    }
    return n;
}

static void map_at_each_size(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 48);
    screen_keys(&s, "m<down><down>");
    golden_at_each_size(&s, "map");
    screen_end(&s);
}

static void map_ascii_has_no_other_octets(void **state) {
    struct screen s;

    (void)state;
    start(&s, &in_ascii, 48);
    s.app.sources.place = places;
    screen_keys(&s, "m<down><down>");
    screen_golden(&s, 104, 30, "map-ascii");
    only_ascii(screen_text(&s, 104, 30));
    screen_end(&s);
}

static void map_of_several_places(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 48);
    s.app.sources.place = places;
    screen_keys(&s, "m");
    check_int("pins", pins(&s, 120, 40), 4);
    screen_has(&s, "No place is known for hop 5 (203.0.113.77)");
    screen_keys(&s, "<down>");
    screen_text(&s, 120, 40);
    screen_has(&s, "│Zurich, Switzerland [47.4, 8.5] ");
    screen_keys(&s, "<down>");
    screen_golden(&s, 120, 40, "map-places");
    screen_has(&s, "│Oslo, Norway [59.9, 10.75 ~500km] ");
    screen_keys(&s, "<down>");
    screen_text(&s, 120, 40);
    screen_has(&s, "│No place is known for hop 3 ");
    screen_keys(&s, "<down>");
    screen_text(&s, 120, 40);
    screen_has(&s, "│Several places for hop 4 ");
    screen_end(&s);
}

static void map_without_a_database_says_so(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    s.app.sources.place = NULL;
    screen_keys(&s, "m");
    check_int("pins", pins(&s, 80, 24), 0);
    screen_has(&s, "No GeoIP database is configured");
    screen_end(&s);
}

static void map_privacy_places_and_names_nobody(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 48);
    s.app.sources.place = places;
    screen_keys(&s, "m<down>pp");
    check_int("all but one", pins(&s, 120, 40), 3);
    screen_has(&s, "│**Hidden** ");
    screen_lacks(&s, "Zurich");
    screen_keys(&s, "ppp");
    check_int("none", pins(&s, 120, 40), 0);
    screen_keys(&s, "<end>");
    screen_text(&s, 120, 40);
    screen_has(&s, "│No place is known for hop 5 ");
    screen_keys(&s, "p");
    screen_text(&s, 120, 40);
    screen_lacks(&s, "203.0.113.77");
    screen_end(&s);
}

/* All are at one place: the square must not tell that the hidden one is there, too. */
static void map_privacy_hides_the_square_of_a_shared_place(void **state) {
    struct screen s;
    char open[64 * 1024];

    (void)state;
    start(&s, &ordinary, 48);
    screen_keys(&s, "m<home><down>");
    (void)snprintf(open, sizeof(open), "%s", screen_text(&s, 200, 60));
    assert_non_null(strstr(open, "⢰⠒⢻⠒⠒⠒"));
    screen_keys(&s, "ppp");
    check_int("pin of hop 4", pins(&s, 200, 60), 1);
    screen_lacks(&s, "⢰⠒⢻⠒⠒⠒");
    screen_end(&s);
}

static void map_click_picks_the_hops_of_a_pin(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 48);
    screen_keys(&s, "m");
    screen_text(&s, 80, 24);
    for (int y = 4; y < 17; y++) {
        for (int x = 0; x < 79; x++) {
            if (strcmp(tui_grid_at(&s.grid, x, y)->text, "📍") == 0) {
                tui_app_mouse(&s.app, TUI_MOUSE_PRESS, x, y);
                check_int("first", s.app.selected_ttl, 2);
                tui_app_mouse(&s.app, TUI_MOUSE_PRESS, x + 2, y);
                check_int("second", s.app.selected_ttl, 4);
                tui_app_mouse(&s.app, TUI_MOUSE_PRESS, x, y);
                check_int("first again", s.app.selected_ttl, 2);
                tui_app_mouse(&s.app, TUI_MOUSE_PRESS, x, y - 3);
                check_int("beside", s.app.selected_ttl, 2);
                screen_end(&s);
                return;
            }
        }
    }
    fail_msg("no pin");
}

static double wild_latitude;
static double wild_longitude;

static struct tui_place wild(void *user, const struct hops_addr *addr) {
    (void)user;
    (void)addr;
    return (struct tui_place){.known = true,
                              .has_position = true,
                              .has_radius = true,
                              .latitude = wild_latitude,
                              .longitude = wild_longitude,
                              .radius_km = UINT32_MAX};
}

static void map_any_number_in_a_database_is_harmless(void **state) {
    const struct {
        const char *name;
        double latitude, longitude;
        int pins;
    } rows[] = {
        {"north pole, date line", 90.0, 180.0, 1},
        {"south pole, date line", -90.0, -180.0, 1},
        {"beyond", 91.0, 0.0, 0},
        {"far beyond", 0.0, 1e300, 0},
        {"no number", (double)NAN, 0.0, 0},
        {"infinite", 0.0, -(double)INFINITY, 0},
    };
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    s.app.sources.place = wild;
    screen_keys(&s, "m<down>");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        wild_latitude = rows[i].latitude;
        wild_longitude = rows[i].longitude;
        check_int(rows[i].name, pins(&s, 80, 24), rows[i].pins);
        screen_has(&s, rows[i].pins > 0 ? "│[" : "No place is known for hop 1 (192.168.7.1)");
    }
    screen_end(&s);
}

static void map_long_text_gets_two_lines(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    screen_keys(&s, "m<down><down>");
    screen_text(&s, 50, 20);
    screen_has(&s, "│Perth, Western Australia, Australia, Oceania│");
    screen_has(&s, "│[-31.95, 115.86 ~50km] ");
    screen_end(&s);
}

/* Help. */

static void help_at_each_size(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 48);
    screen_keys(&s, "?");
    golden_at_each_size(&s, "help");
    screen_keys(&s, "<end>");
    screen_golden(&s, 80, 24, "help-end");
    screen_end(&s);
}

/* Is it on any page? */
static bool in_help(struct screen *s, const char *text) {
    screen_keys(s, "<home>");
    for (int i = 0; i < 100; i++) {
        if (strstr(screen_text(s, 120, 24), text) != NULL) {
            return true;
        }
        screen_keys(s, "<down>");
    }
    return false;
}

static void help_has_every_command(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    for (int i = 0; i < TUI_COMMANDS; i++) {
        enum tui_command command = (enum tui_command)i;
        bool ours =
            command == TUI_CMD_HELP || command == TUI_CMD_NEXT_HOP || command == TUI_CMD_FIRST_HOP;
        struct tui_key before = s.app.options.bindings[command];
        if (ours) {
            continue; /* with these keys the test turns pages */
        }
        s.app.options.bindings[command] = tui_key_char(0xe9); /* no other key has it */
        screen_keys(&s, "h");
        if (!in_help(&s, "é")) {
            fail_msg("%s is not in the help", tui_command_name(command));
        }
        screen_keys(&s, "h");
        s.app.options.bindings[command] = before;
    }
    screen_end(&s);
}

static void help_leaves_out_what_has_no_key(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    screen_keys(&s, "h");
    assert_true(in_help(&s, "search addresses and names"));
    s.app.options.bindings[TUI_CMD_SEARCH] = (struct tui_key){.code = TUI_KEY_NULL};
    assert_false(in_help(&s, "search addresses and names"));
    screen_end(&s);
}

static void help_keys_scroll_and_close(void **state) {
    static const char *const closing[] = {"h", "?", "<esc>", "q"};
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    for (size_t i = 0; i < sizeof(closing) / sizeof(closing[0]); i++) {
        screen_keys(&s, "h");
        check_int(closing[i], s.app.dialog, TUI_DIALOG_HELP);
        screen_keys(&s, closing[i]);
        check_int(closing[i], s.app.dialog, TUI_DIALOG_NONE);
        check_int(closing[i], s.app.exit, TUI_EXIT_NO);
    }
    screen_keys(&s, "h<down>jj<up>");
    screen_text(&s, 80, 24);
    check_int("lines", (int)s.app.help_scroll, 2);
    screen_keys(&s, "<pagedown>");
    check_int("page", (int)s.app.help_scroll, 13);
    screen_keys(&s, "<pageup><pageup>");
    check_int("top", (int)s.app.help_scroll, 0);
    screen_keys(&s, "<end><down>");
    screen_text(&s, 80, 24);
    screen_has(&s, "Copyright");
    screen_lacks(&s, "▼");
    tui_app_mouse(&s.app, TUI_MOUSE_WHEEL_UP, 0, 0);
    screen_text(&s, 80, 24);
    screen_lacks(&s, "Copyright");
    check_int("nothing else happens", s.app.selected_ttl, 0);
    screen_keys(&s, "cm/p");
    check_int("other keys", s.app.body, TUI_BODY_HOPS);
    check_int("no prompt", s.app.prompt, TUI_PROMPT_NONE);
    screen_keys(&s, "<ctrl+c>");
    check_int("ctrl+c", s.app.exit, TUI_EXIT_QUIT);
    screen_end(&s);
}

static void help_gives_way_to_what_it_was_opened_from(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    screen_keys(&s, "sh");
    check_int("help", s.app.dialog, TUI_DIALOG_HELP);
    tui_app_open_help(&s.app); /* again, as a click on the hint would */
    screen_keys(&s, "q");
    check_int("settings", s.app.dialog, TUI_DIALOG_SETTINGS);
    screen_keys(&s, "qhs");
    check_int("to the settings", s.app.dialog, TUI_DIALOG_SETTINGS);
    screen_keys(&s, "h7");
    check_int("to a page of them", s.app.dialog, TUI_DIALOG_SETTINGS);
    check_int("page", (int)s.app.settings_tab, 6);
    screen_keys(&s, "q");
    check_int("closed", s.app.dialog, TUI_DIALOG_NONE);
    screen_end(&s);
}

/* All of them. */

static void views_without_data_wait(void **state) {
    struct screen_setup setup = {.target = "203.0.113.78", .name = "silent.example.net"};
    static const char *const keys[] = {"c", "m", "x="};
    struct screen s;

    (void)state;
    start(&s, &setup, 2);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        screen_keys(&s, keys[i]);
        screen_text(&s, 80, 24);
        screen_has(&s, "Awaiting data");
    }
    screen_end(&s);
    start(&s, &ordinary, 5);
    screen_keys(&s, "c<ctrl+r>");
    screen_text(&s, 80, 24);
    screen_has(&s, "Awaiting data");
    screen_pass(&s, 3);
    screen_text(&s, 80, 24);
    screen_has(&s, "╭Chart");
    screen_end(&s);
}

/* Views are asked for less room than a screen leaves them. */
static void views_fit_into_any_rectangle(void **state) {
    const struct tui_view *const views[] = {&tui_view_chart, &tui_view_map, &tui_view_help};

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct screen s;
        start(&s, i < 3 ? &ordinary : &in_ascii, 5);
        s.app.selected_ttl = 2;
        for (int h = 0; h <= 20; h++) {
            for (int w = 0; w <= 60; w += h < 6 ? 1 : 7) {
                struct tui_rect rect = {1, 1, w, h};
                assert_true(tui_grid_resize(&s.grid, w + 2, h + 2));
                s.app.help_scroll = 1000;
                (void)tui_grid_clip(&s.grid, rect);
                views[i % 3]->draw(&s.app, &s.grid, rect);
                if (views[i % 3]->click != NULL) {
                    views[i % 3]->click(&s.app, rect, w / 2, h / 2);
                }
                for (int x = 0; x < w + 2; x++) {
                    check_str("above", tui_grid_at(&s.grid, x, 0)->text, " ");
                    check_str("below", tui_grid_at(&s.grid, x, h + 1)->text, " ");
                }
                for (int y = 0; y < h + 2; y++) {
                    check_str("left", tui_grid_at(&s.grid, 0, y)->text, " ");
                    check_str("right", tui_grid_at(&s.grid, w + 1, y)->text, " ");
                }
            }
        }
        screen_end(&s);
    }
}

static void views_tiny_screens_do_not_crash(void **state) {
    static const char *const keys[] = {"c", "m", "h"};

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct screen s;
        start(&s, &ordinary, 5);
        screen_keys(&s, keys[i]);
        for (int rows = 1; rows <= 12; rows++) {
            for (int columns = 1; columns <= 44; columns++) {
                screen_text(&s, columns, rows);
            }
        }
        screen_end(&s);
    }
}

/* Keys as long as can be leave room for what they do. */
static void help_with_long_keys_can_be_read(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){0});
    for (unsigned i = 0; i <= TUI_CMD_SETTINGS_COLUMNS - TUI_CMD_SETTINGS_TUI; i++) {
        s.app.options.bindings[TUI_CMD_SETTINGS_TUI + i] = (struct tui_key){
            .code = TUI_KEY_F, .ch = i + 1, .modifiers = TUI_SHIFT | TUI_CTRL | TUI_ALT};
    }
    screen_keys(&s, "?");
    assert_true(in_help(&s, "go to a TTL"));
    assert_true(in_help(&s, "ctrl+alt+f7"));
    screen_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chart_at_each_size),
        cmocka_unit_test(chart_ascii_has_no_other_octets),
        cmocka_unit_test(chart_zoom_has_bounds),
        cmocka_unit_test(chart_and_map_exclude_each_other),
        cmocka_unit_test(chart_marks_the_selected_hop),
        cmocka_unit_test(chart_hidden_hop_frees_the_scale),
        cmocka_unit_test(chart_numbers_hops_by_ttl),
        cmocka_unit_test(chart_lost_probe_is_a_gap),
        cmocka_unit_test(chart_of_the_selected_flow),
        cmocka_unit_test(chart_frozen_stands_still),
        cmocka_unit_test(map_at_each_size),
        cmocka_unit_test(map_ascii_has_no_other_octets),
        cmocka_unit_test(map_of_several_places),
        cmocka_unit_test(map_without_a_database_says_so),
        cmocka_unit_test(map_privacy_places_and_names_nobody),
        cmocka_unit_test(map_privacy_hides_the_square_of_a_shared_place),
        cmocka_unit_test(map_click_picks_the_hops_of_a_pin),
        cmocka_unit_test(map_any_number_in_a_database_is_harmless),
        cmocka_unit_test(map_long_text_gets_two_lines),
        cmocka_unit_test(help_at_each_size),
        cmocka_unit_test(help_has_every_command),
        cmocka_unit_test(help_leaves_out_what_has_no_key),
        cmocka_unit_test(help_keys_scroll_and_close),
        cmocka_unit_test(help_gives_way_to_what_it_was_opened_from),
        cmocka_unit_test(views_without_data_wait),
        cmocka_unit_test(views_fit_into_any_rectangle),
        cmocka_unit_test(views_tiny_screens_do_not_crash),
        cmocka_unit_test(help_with_long_keys_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
