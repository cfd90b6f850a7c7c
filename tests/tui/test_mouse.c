/* SPDX-License-Identifier: MIT
 *
 * What can be pointed at on the main screen. Dialogs and pages have clicks of their own in their
 * tests.
 */
#include "screen.h"

#include <stdio.h>
#include <string.h>

static void click(struct screen *s, int x, int y) {
    tui_app_mouse(&s->app, TUI_MOUSE_PRESS, x, y);
}

/* Where a text begins on the screen of this size; *out_y: its row. */
static int find(struct screen *s, int columns, int rows, const char *text, int *out_y) {
    (void)screen_text(s, columns, rows);
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++) {
            char row[4096] = "";
            size_t len = 0;
            for (int i = x; i < columns && len < sizeof(row) - TUI_CELL_TEXT; i++) {
                const struct tui_cell *cell = tui_grid_at(&s->grid, i, y);
                len += (size_t)snprintf(row + len, sizeof(row) - len, "%s", cell->text);
            }
            if (strncmp(row, text, strlen(text)) == 0) {
                *out_y = y;
                return x;
            }
        }
    }
    fail_msg("not on the screen: %s", text);
    return -1;
}

static void click_on(struct screen *s, int columns, int rows, const char *text) {
    int y = 0;
    int x = find(s, columns, rows, text, &y);

    click(s, x, y);
}

static void mouse_rows_of_several_lines(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){.name = "www.example.net"});
    screen_pass(&s, 20);
    click_on(&s, 104, 24, "ae1.pop");
    check_int("first line of hop 4", s.app.selected_ttl, 4);
    click_on(&s, 104, 24, "203.0.113.77    ");
    check_int("hop 5", s.app.selected_ttl, 5);
    click_on(&s, 104, 24, "ae2.pop");
    check_int("second line of hop 4", s.app.selected_ttl, 4);
    click(&s, 10, 15); /* below the last row */
    check_int("nothing there", s.app.selected_ttl, 4);
    screen_end(&s);
}

static void mouse_rows_of_a_scrolled_table(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){.name = "www.example.net"});
    screen_pass(&s, 20);
    screen_keys(&s, "<home>d<end>");
    screen_text(&s, 80, 12);
    assert_true(s.app.scroll > 0);
    click_on(&s, 80, 12, "203.0.113.77 [1 of 1]");
    check_int("hop 5", s.app.selected_ttl, 5);
    screen_end(&s);
}

static void mouse_heads_of_columns_sort(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){.name = "www.example.net"});
    screen_pass(&s, 20);
    click_on(&s, 104, 24, "Loss%");
    check_int("by loss", s.app.sort, 'l');
    check_int("upwards", s.app.sort_reversed, false);
    click_on(&s, 104, 24, "Loss%");
    check_int("by loss", s.app.sort, 'l');
    check_int("downwards", s.app.sort_reversed, true);
    click_on(&s, 104, 24, "Sts");
    check_int("by status", s.app.sort, 't');
    check_int("upwards", s.app.sort_reversed, false);
    click_on(&s, 104, 24, "Host");
    check_int("names have no order", s.app.sort, 't');
    click_on(&s, 104, 24, "#    Host");
    check_int("the path", s.app.sort, 0);
    screen_end(&s);
}

static void mouse_tabs_that_are_scrolled(void **state) {
    struct screen_setup setup = {
        .traces = 4,
        .names = {"a-rather-long-name.example", "b-rather-long-name.example",
                  "c-rather-long-name.example", "d-rather-long-name.example"}};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_pass(&s, 2);
    click_on(&s, 80, 24, "b-rather");
    check_int("second", s.app.trace, 1);
    screen_keys(&s, "<right><right>");
    click_on(&s, 80, 24, "c-rather");
    check_int("third", s.app.trace, 2);
    screen_end(&s);
}

static void mouse_flow_bars(void **state) {
    struct screen_setup setup = {.name = "www.example.net",
                                 .protocol = HOPS_PROTOCOL_UDP,
                                 .strategy = HOPS_STRATEGY_PARIS,
                                 .max_flows = 64};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_pass(&s, 60);
    screen_keys(&s, "f");
    check_int("flow", s.app.flow, 1);
    int y = 0;
    int x = find(&s, 104, 30, " 2  ", &y);
    check_int("under the bars", y, 8);
    click(&s, x, y);
    check_int("second", s.app.flow, 2);
    click(&s, x + 30, y);
    check_int("no bar there", s.app.flow, 2);
    click(&s, 2, y - 1);
    check_int("the bar of the first", s.app.flow, 1);
    screen_end(&s);
}

static void mouse_hints(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){.name = "www.example.net"});
    screen_pass(&s, 2);
    click_on(&s, 80, 24, "help settings");
    check_int("help", s.app.dialog, TUI_DIALOG_HELP);
    screen_keys(&s, "<esc>");
    click_on(&s, 80, 24, "settings quit");
    check_int("settings", s.app.dialog, TUI_DIALOG_SETTINGS);
    click_on(&s, 80, 24, "quit│");
    check_int("not under a dialog", s.app.exit, TUI_EXIT_NO);
    screen_keys(&s, "<esc>");
    check_int("closed", s.app.dialog, TUI_DIALOG_NONE);
    click_on(&s, 80, 24, "quit│");
    check_int("quit", s.app.exit, TUI_EXIT_QUIT);
    screen_end(&s);
}

static void mouse_what_is_not_drawn_is_not_there(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){.name = "www.example.net"});
    screen_pass(&s, 2);
    screen_text(&s, 44, 24);
    screen_lacks(&s, "quit");
    for (int x = 0; x < 44; x++) {
        click(&s, x, 2);
    }
    check_int("not quit", s.app.exit, TUI_EXIT_NO);
    check_int("no dialog", s.app.dialog, TUI_DIALOG_NONE);
    screen_text(&s, 30, 8);
    click(&s, 10, 7);
    tui_app_mouse(&s.app, TUI_MOUSE_WHEEL_DOWN, 1, 1);
    check_int("too small", s.app.selected_ttl, 0);
    screen_text(&s, 80, 24);
    click(&s, -1, -1);
    click(&s, 1000, 1000);
    check_int("outside", s.app.selected_ttl, 0);
    screen_end(&s);
}

static void mouse_wheel_moves_the_selection(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){.name = "www.example.net"});
    screen_pass(&s, 20);
    screen_text(&s, 80, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_WHEEL_DOWN, 1, 10);
    check_int("first", s.app.selected_ttl, 1);
    for (int i = 0; i < 10; i++) {
        tui_app_mouse(&s.app, TUI_MOUSE_WHEEL_DOWN, 1, 10);
    }
    check_int("stops at the last", s.app.selected_ttl, 5);
    tui_app_mouse(&s.app, TUI_MOUSE_WHEEL_UP, 1, 10);
    check_int("up", s.app.selected_ttl, 4);
    screen_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mouse_rows_of_several_lines),
        cmocka_unit_test(mouse_rows_of_a_scrolled_table),
        cmocka_unit_test(mouse_heads_of_columns_sort),
        cmocka_unit_test(mouse_tabs_that_are_scrolled),
        cmocka_unit_test(mouse_flow_bars),
        cmocka_unit_test(mouse_hints),
        cmocka_unit_test(mouse_what_is_not_drawn_is_not_there),
        cmocka_unit_test(mouse_wheel_moves_the_selection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
