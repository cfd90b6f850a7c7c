/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include "tui/overview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two targets that answer, one that never does. */
static void start(struct screen *s, int seconds) {
    struct screen_setup setup = {.traces = 3,
                                 .targets = {NULL, "203.0.113.78", NULL},
                                 .names = {"www.example.net", "silent.example.net", NULL}};

    screen_start(s, &setup);
    screen_pass(s, seconds);
}

static void overview_at_each_size(void **state) {
    struct screen s;

    (void)state;
    start(&s, 48);
    screen_keys(&s, "v");
    screen_golden(&s, 60, 20, "overview-60x20");
    screen_golden(&s, 80, 24, "overview-80x24");
    screen_golden(&s, 104, 24, "overview-104x24");
    screen_golden(&s, 200, 60, "overview-200x60");
    screen_keys(&s, "v");
    check_int("back", s.app.body, TUI_BODY_HOPS);
    screen_end(&s);
}

static void overview_in_ascii_has_letters_only(void **state) {
    struct screen s;

    (void)state;
    start(&s, 20);
    s.grid.ascii = true;
    screen_keys(&s, "v");
    screen_golden(&s, 80, 24, "overview-ascii");
    for (const char *c = screen_text(&s, 80, 24); *c != '\0'; c++) {
        assert_true((unsigned char)*c < 0x80);
    }
    screen_end(&s);
}

static void overview_before_the_first_round(void **state) {
    struct screen s;

    (void)state;
    start(&s, 0);
    screen_keys(&s, "v");
    screen_text(&s, 104, 24);
    screen_has(&s, " .:3 ");
    check_int("unknown", s.app.overview->lines[0].health, TUI_HEALTH_UNKNOWN);
    screen_end(&s);
}

static void overview_figures_are_those_of_the_table(void **state) {
    struct screen s;
    char row[256];
    char cell[REPORT_CELL_MAX];

    (void)state;
    start(&s, 30);
    screen_keys(&s, "v");
    screen_text(&s, 104, 24);
    struct hops_hop hop;
    assert_true(tui_trace_hop(&s.app.traces[0], 0, 5, &hop));
    struct report_row values = tui_trace_row(&s.app.traces[0], 0, &hop);
    (void)snprintf(row, sizeof(row), "www.example.net (203.0.113.77)    5    0.0%%   %s",
                   report_column_text(report_column_find('a'), &values, cell));
    screen_has(&s, row);
    (void)snprintf(row, sizeof(row), " %s   ",
                   report_column_text(report_column_find('n'), &values, cell));
    screen_has(&s, row);
    screen_end(&s);
}

static void overview_selects_and_opens(void **state) {
    struct screen s;

    (void)state;
    start(&s, 5);
    screen_keys(&s, "v<down>");
    check_int("next", s.app.trace, 1);
    screen_keys(&s, "jjj");
    check_int("stays at the last", s.app.trace, 2);
    screen_keys(&s, "k");
    check_int("previous", s.app.trace, 1);
    screen_keys(&s, "<home>");
    check_int("first", s.app.trace, 0);
    screen_keys(&s, "<end>");
    check_int("last", s.app.trace, 2);
    screen_text(&s, 80, 24);
    screen_keys(&s, "<pageup>");
    check_int("page up", s.app.trace, 0);
    screen_keys(&s, "<pagedown>");
    check_int("page down", s.app.trace, 2);
    screen_keys(&s, "<enter>");
    check_int("opened", s.app.body, TUI_BODY_HOPS);
    check_int("that one", s.app.trace, 2);
    screen_end(&s);
}

static void overview_worst_first(void **state) {
    struct hops_event event = {.kind = HOPS_EVENT_ERROR,
                               .trace = 2,
                               .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = 1}};
    struct screen s;

    (void)state;
    start(&s, 5);
    screen_keys(&s, "v>");
    check_int("silent first", s.app.overview->order[0], 1);
    check_int("then by the command line", s.app.overview->order[1], 0);
    tui_app_event(&s.app, &event);
    screen_text(&s, 80, 24);
    screen_has(&s, " X:1 !:1 +:1 ");
    check_int("failed first", s.app.overview->order[0], 2);
    screen_has(&s, "Sts▲");
    screen_keys(&s, "r");
    check_int("best first", s.app.overview->order[0], 0);
    screen_text(&s, 80, 24);
    screen_has(&s, "Sts▼");
    screen_keys(&s, "<home>");
    check_int("first of the order", s.app.trace, 0);
    screen_keys(&s, "<r");
    check_int("by the command line", s.app.overview->order[2], 2);
    screen_end(&s);
}

static void overview_search_finds_targets(void **state) {
    struct screen s;

    (void)state;
    start(&s, 2);
    screen_keys(&s, "v/SILENT<enter>");
    check_int("by name", s.app.trace, 1);
    screen_keys(&s, "/113.77<enter>");
    check_int("by address", s.app.trace, 2);
    screen_keys(&s, "/<enter>");
    check_int("again", s.app.trace, 0);
    screen_keys(&s, "/nowhere<enter>");
    screen_text(&s, 80, 24);
    screen_has(&s, "nothing found");
    screen_end(&s);
}

static void overview_frozen_stands_still(void **state) {
    struct screen s;

    (void)state;
    start(&s, 5);
    screen_keys(&s, "v<ctrl+f>");
    char *before = strdup(screen_text(&s, 104, 24));
    screen_pass(&s, 20);
    screen_text(&s, 104, 24);
    const char *rows = strstr(before, "╭Overview");
    char *end = strstr(before, "╭Samples");
    assert_non_null(rows);
    assert_non_null(end);
    *end = '\0';
    screen_has(&s, rows);
    free(before);
    screen_end(&s);
}

static void overview_mouse(void **state) {
    struct screen s;

    (void)state;
    start(&s, 5);
    screen_keys(&s, "v");
    screen_text(&s, 80, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_WHEEL_DOWN, 10, 10);
    check_int("wheel", s.app.trace, 1);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 1, 8);
    check_int("head sorts", s.app.overview->by_health, true);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 1, 8);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 10, 14);
    check_int("nothing there", s.app.body, TUI_BODY_OVERVIEW);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 10, 11);
    check_int("row", s.app.trace, 2);
    check_int("opened", s.app.body, TUI_BODY_HOPS);
    screen_end(&s);
}

static void overview_privacy_hides_targets(void **state) {
    struct screen s;

    (void)state;
    start(&s, 5);
    s.app.options.privacy = 5;
    screen_keys(&s, "v");
    screen_text(&s, 104, 24);
    screen_lacks(&s, "203.0.113.77");
    screen_has(&s, "**Hidden**");
    screen_keys(&s, "y");
    check_str("copied", s.app.clipboard, "**Hidden**");
    screen_end(&s);
}

/* As many targets as a command line may hold, and at any size. */
static void overview_of_200_targets_scrolls(void **state) {
    enum { MANY = 200 };
    static char names[MANY][32];
    static struct tui_trace traces[MANY];
    struct screen s;
    struct screen many;

    (void)state;
    start(&s, 10);
    for (size_t i = 0; i < MANY; i++) {
        traces[i] = s.app.traces[i % 3];
        (void)snprintf(names[i], sizeof(names[i]), "host%zu.example", i);
        traces[i].name = names[i];
    }
    many = s;
    struct tui_app_inputs inputs = {.options = &s.app.options,
                                    .actions = &s.app.actions,
                                    .sources = &s.app.sources,
                                    .traces = traces,
                                    .trace_count = MANY};
    many.grid = (struct tui_grid){0};
    assert_true(tui_app_init(&many.app, &inputs));
    screen_keys(&many, "v");
    screen_text(&many, 80, 24);
    screen_has(&many, " !:67 +:133 ");
    screen_has(&many, "host0.example");
    screen_has(&many, "▼ more");
    screen_keys(&many, "<end>");
    screen_text(&many, 80, 24);
    screen_has(&many, "host199.example (203.0.113.78)");
    screen_has(&many, "▲ more");
    screen_lacks(&many, "host0.example");
    screen_keys(&many, "<pageup><pageup>>");
    for (int rows = 1; rows <= 26; rows++) {
        for (int columns = 1; columns <= 90; columns += 3) {
            screen_text(&many, columns, rows);
        }
    }
    tui_app_done(&many.app);
    tui_grid_done(&many.grid);
    screen_end(&s);
}

static void overview_tiny_sizes_do_not_crash(void **state) {
    struct screen s;

    (void)state;
    start(&s, 5);
    screen_keys(&s, "v");
    for (int rows = 1; rows <= 26; rows++) {
        for (int columns = 1; columns <= 110; columns++) {
            screen_text(&s, columns, rows);
        }
    }
    screen_text(&s, 40, 10);
    screen_has(&s, "Sts  Target");
    screen_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overview_at_each_size),
        cmocka_unit_test(overview_in_ascii_has_letters_only),
        cmocka_unit_test(overview_before_the_first_round),
        cmocka_unit_test(overview_figures_are_those_of_the_table),
        cmocka_unit_test(overview_selects_and_opens),
        cmocka_unit_test(overview_worst_first),
        cmocka_unit_test(overview_search_finds_targets),
        cmocka_unit_test(overview_frozen_stands_still),
        cmocka_unit_test(overview_mouse),
        cmocka_unit_test(overview_privacy_hides_targets),
        cmocka_unit_test(overview_of_200_targets_scrolls),
        cmocka_unit_test(overview_tiny_sizes_do_not_crash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
