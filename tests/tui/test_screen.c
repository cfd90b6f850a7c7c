/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include "base/rng.h"
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void start(struct screen *s, int seconds) {
    struct screen_setup setup = {.name = "www.example.net"};

    screen_start(s, &setup);
    screen_pass(s, seconds);
}

static void screen_main_at_each_size(void **state) {
    struct screen s;

    (void)state;
    start(&s, 48);
    screen_golden(&s, 104, 24, "main-104x24");
    screen_golden(&s, 80, 24, "main-80x24");
    screen_golden(&s, 60, 20, "main-60x20");
    screen_golden(&s, 200, 60, "main-200x60");
    screen_end(&s);
}

static void screen_ascii_has_no_other_octets(void **state) {
    struct screen_setup setup = {.name = "www.example.net", .ascii = true};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_pass(&s, 20);
    screen_golden(&s, 80, 24, "main-ascii");
    for (const char *c = screen_text(&s, 80, 24); *c != '\0'; c++) {
        assert_true((unsigned char)*c < 0x80);
    }
    screen_end(&s);
}

static void screen_splash_until_the_first_answer(void **state) {
    struct screen_setup setup = {.target = "203.0.113.78", .name = "silent.example.net"};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_golden(&s, 80, 24, "splash");
    screen_pass(&s, 8);
    screen_golden(&s, 80, 24, "splash-silence");
    screen_end(&s);
}

static void screen_error_stays_after_clearing(void **state) {
    struct hops_event event = {.kind = HOPS_EVENT_ERROR,
                               .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = 1}};
    struct screen s;

    (void)state;
    start(&s, 5);
    tui_app_event(&s.app, &event);
    screen_golden(&s, 84, 24, "error");
    screen_keys(&s, "<ctrl+r>");
    screen_text(&s, 84, 24);
    screen_has(&s, "hops failed");
    screen_has(&s, "Failed,");
    screen_end(&s);
}

static void screen_details_of_the_selected_hop(void **state) {
    struct screen s;

    (void)state;
    start(&s, 20);
    s.app.options.as_info = true;
    screen_keys(&s, "<down><down><down><down>d");
    screen_golden(&s, 124, 30, "details");
    screen_has(&s, "[1 of 2]");
    screen_keys(&s, ".");
    screen_text(&s, 124, 30);
    screen_has(&s, "[2 of 2]");
    screen_keys(&s, "..");
    screen_text(&s, 124, 30);
    screen_has(&s, "[2 of 2]");
    screen_has(&s, "AS Info: 198.51.100.0/24 apnic 2011-05-09");
    screen_has(&s, "Percentiles: p50");
    screen_keys(&s, "d");
    check_int("limit restored", s.app.options.max_addrs, 0);
    screen_end(&s);
}

static void screen_host_line_has_all_parts(void **state) {
    struct screen s;

    (void)state;
    start(&s, 20);
    s.app.options.as_info = true;
    s.app.options.geoip_mode = TUI_GEOIP_SHORT;
    screen_keys(&s, "b");
    screen_text(&s, 160, 24);
    screen_has(&s, "AS64500 ae1.pop.example (198.51.100.9) [Perth, WA, AU] [");
    screen_has(&s, "2    AS64500 198.51.100.1 [Perth, WA, AU]  ");
    screen_keys(&s, "i");
    screen_text(&s, 160, 24);
    screen_lacks(&s, "AS64500");
    screen_end(&s);
}

static void screen_privacy_hides_step_by_step(void **state) {
    struct screen s;

    (void)state;
    start(&s, 5);
    screen_keys(&s, "p");
    screen_text(&s, 104, 24);
    screen_has(&s, "Target: **Hidden** -> 203.0.113.77");
    screen_has(&s, "gw.lan.example");
    screen_keys(&s, "p");
    screen_text(&s, 104, 24);
    screen_lacks(&s, "gw.lan.example");
    screen_has(&s, "[privacy: 1]");
    screen_keys(&s, "pppppppp");
    screen_text(&s, 104, 24);
    screen_lacks(&s, "203.0.113.77");
    screen_has(&s, "[privacy: 5]");
    screen_keys(&s, "oooooooo");
    screen_text(&s, 104, 24);
    screen_has(&s, "[privacy: -]");
    screen_end(&s);
}

static void screen_frozen_stands_still(void **state) {
    struct screen s;

    (void)state;
    start(&s, 5);
    screen_keys(&s, "<down><ctrl+f>");
    screen_pass(&s, 65);
    screen_text(&s, 104, 24);
    screen_has(&s, "Status: Frozen (1m 5s), discovered 5 hops");
    screen_has(&s, "0.0%     4       4");
    screen_keys(&s, "<ctrl+f>");
    screen_text(&s, 104, 24);
    screen_has(&s, "0.0%     69      69");
    screen_end(&s);
}

static void screen_tabs_of_several_targets(void **state) {
    struct screen_setup setup = {.name = "www.example.net", .traces = 3};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_pass(&s, 5);
    screen_keys(&s, "<down><right>");
    check_int("trace", s.app.trace, 1);
    check_int("selection", s.app.selected_ttl, 0);
    screen_golden(&s, 80, 24, "tabs");
    screen_keys(&s, "<ctrl+f><right><right>");
    check_int("last", s.app.trace, 2);
    assert_non_null(s.app.traces[2].frozen);
    assert_null(s.app.traces[1].frozen);
    screen_end(&s);
}

static void screen_flows_panel(void **state) {
    struct screen_setup setup = {.name = "www.example.net",
                                 .protocol = HOPS_PROTOCOL_UDP,
                                 .strategy = HOPS_STRATEGY_PARIS,
                                 .max_flows = 64};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_pass(&s, 30);
    screen_keys(&s, "f");
    check_int("flow", s.app.flow, 1);
    screen_golden(&s, 104, 30, "flows");
    screen_keys(&s, "<right><down><down><ctrl+f><left><ctrl+r>");
    check_int("closed by clearing", s.app.flows, false);
    screen_text(&s, 104, 30);
    screen_end(&s);
}

static void screen_sort_and_search(void **state) {
    uint8_t rows[TUI_ROWS_MAX];
    struct screen s;

    (void)state;
    start(&s, 20);
    screen_keys(&s, ">r");
    check_int("by loss", s.app.sort, 'l');
    check_int("rows", (int)tui_app_rows(&s.app, rows), 5);
    check_int("worst first", rows[0], 3);
    screen_keys(&s, "<<");
    s.app.sort = 0;
    s.app.sort_reversed = false;
    screen_keys(&s, "/AE1<enter>");
    check_int("found", s.app.selected_ttl, 4);
    screen_keys(&s, "/nowhere<enter>");
    screen_text(&s, 80, 24);
    screen_has(&s, "nothing found");
    screen_keys(&s, "g2<enter>");
    check_int("jumped", s.app.selected_ttl, 2);
    screen_keys(&s, "/q<esc>");
    check_int("letters do not quit", s.app.exit, TUI_EXIT_NO);
    screen_keys(&s, "/<ctrl+c>");
    check_int("ctrl+c does", s.app.exit, TUI_EXIT_QUIT);
    screen_end(&s);
}

static void screen_selection_stays_in_sight(void **state) {
    struct screen s;

    (void)state;
    start(&s, 20);
    screen_keys(&s, "<end>");
    check_int("last", s.app.selected_ttl, 5);
    screen_keys(&s, "<home>");
    check_int("first", s.app.selected_ttl, 1);
    screen_text(&s, 80, 24);
    screen_keys(&s, "<pagedown>");
    check_int("page", s.app.selected_ttl, 5);
    screen_keys(&s, "kkj");
    check_int("vi", s.app.selected_ttl, 4);
    screen_keys(&s, "<end>d");
    screen_text(&s, 80, 12);
    screen_has(&s, "[1 of 1]");
    screen_end(&s);
}

static void screen_percentile_columns(void **state) {
    struct screen s;

    (void)state;
    start(&s, 20);
    (void)strcpy(s.app.options.columns, "homnpA");
    screen_golden(&s, 104, 24, "percentiles");
    char *live = strdup(screen_text(&s, 104, 24));
    screen_keys(&s, "<ctrl+f>");
    screen_text(&s, 104, 24);
    screen_has(&s, strchr(strstr(live, "│5 "), ' ') + 10); /* the same numbers from the copy */
    free(live);
    screen_end(&s);
}

static void screen_columns_all_off_is_no_crash(void **state) {
    struct screen s;

    (void)state;
    start(&s, 5);
    s.app.options.columns[0] = '\0';
    screen_text(&s, 104, 24);
    screen_text(&s, 60, 20);
    screen_keys(&s, "><");
    check_int("nothing to sort by", s.app.sort, 0);
    screen_end(&s);
}

static void screen_nothing_changes_nothing_is_dirty(void **state) {
    struct tui_key unbound = tui_key_char('X');
    struct screen s;

    (void)state;
    start(&s, 5);
    screen_text(&s, 80, 24);
    assert_false(tui_app_dirty(&s.app));
    tui_app_tick(&s.app, s.app.now + HOPS_MS, s.app.wall_ns + HOPS_MS);
    tui_app_key(&s.app, &unbound);
    assert_false(tui_app_dirty(&s.app));
    tui_app_tick(&s.app, tui_app_deadline(&s.app), s.app.wall_ns + HOPS_SEC);
    assert_true(tui_app_dirty(&s.app));
    screen_end(&s);
}

static void screen_mouse_selects(void **state) {
    struct screen_setup setup = {.name = "www.example.net", .traces = 2};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_pass(&s, 5);
    screen_text(&s, 80, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 10, 10);
    check_int("row", s.app.selected_ttl, 2);
    tui_app_mouse(&s.app, TUI_MOUSE_WHEEL_DOWN, 0, 0);
    check_int("wheel", s.app.selected_ttl, 3);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 22, 5);
    check_int("tab", s.app.trace, 1);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 76, 2);
    check_int("hint", s.app.exit, TUI_EXIT_QUIT);
    screen_end(&s);
}

/* Every command in every state, at every size. */
static void screen_random_keys_at_any_size(void **state) {
    static const int sizes[][2] = {{80, 24}, {104, 24}, {60, 20}, {200, 60},
                                   {40, 10}, {41, 15},  {20, 5},  {1, 1}};
    struct screen_setup setups[] = {
        {.name = "www.example.net"},
        {.name = "www.example.net", .traces = 3},
        {.name = "www.example.net",
         .protocol = HOPS_PROTOCOL_UDP,
         .strategy = HOPS_STRATEGY_PARIS,
         .max_flows = 64},
        {.name = "silent.example.net", .target = "203.0.113.78"},
    };
    struct rng rng;

    (void)state;
    rng = (struct rng){.state = 42};
    for (size_t i = 0; i < sizeof(setups) / sizeof(setups[0]); i++) {
        struct screen s;
        screen_start(&s, &setups[i]);
        for (int n = 0; n < 1500; n++) {
            uint64_t r = rng_next(&rng);
            const int *size = sizes[r >> 8 & 7];
            if (n % 50 == 0) {
                screen_pass(&s, 1);
            }
            if ((r & 7) == 0) {
                struct tui_key key = tui_key_char(' ' + (uint32_t)(r >> 16) % 95);
                tui_app_key(&s.app, &key);
            } else {
                tui_app_command(&s.app, (enum tui_command)((r >> 16) % TUI_COMMANDS));
            }
            tui_app_mouse(&s.app, TUI_MOUSE_PRESS, (int)(r >> 24 & 127), (int)(r >> 32 & 31));
            screen_text(&s, size[0], size[1]);
        }
        screen_end(&s);
    }
}

static void screen_tiny_sizes_do_not_crash(void **state) {
    struct screen_setup setup = {.name = "www.example.net",
                                 .protocol = HOPS_PROTOCOL_UDP,
                                 .strategy = HOPS_STRATEGY_PARIS,
                                 .max_flows = 64};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_pass(&s, 5);
    screen_keys(&s, "f<down>d");
    for (int rows = 1; rows <= 24; rows++) {
        for (int columns = 1; columns <= 84; columns++) {
            screen_text(&s, columns, rows);
        }
    }
    screen_keys(&s, "/");
    screen_text(&s, 40, 10);
    screen_has(&s, " Search:");
    screen_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screen_main_at_each_size),
        cmocka_unit_test(screen_ascii_has_no_other_octets),
        cmocka_unit_test(screen_splash_until_the_first_answer),
        cmocka_unit_test(screen_error_stays_after_clearing),
        cmocka_unit_test(screen_details_of_the_selected_hop),
        cmocka_unit_test(screen_host_line_has_all_parts),
        cmocka_unit_test(screen_privacy_hides_step_by_step),
        cmocka_unit_test(screen_frozen_stands_still),
        cmocka_unit_test(screen_tabs_of_several_targets),
        cmocka_unit_test(screen_flows_panel),
        cmocka_unit_test(screen_sort_and_search),
        cmocka_unit_test(screen_selection_stays_in_sight),
        cmocka_unit_test(screen_percentile_columns),
        cmocka_unit_test(screen_columns_all_off_is_no_crash),
        cmocka_unit_test(screen_nothing_changes_nothing_is_dirty),
        cmocka_unit_test(screen_mouse_selects),
        cmocka_unit_test(screen_random_keys_at_any_size),
        cmocka_unit_test(screen_tiny_sizes_do_not_crash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
