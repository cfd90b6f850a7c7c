/* SPDX-License-Identifier: MIT
 *
 * Every command in every state, drawn at every size: nothing crashes, nothing is written outside
 * the screen, and what a command is for happens.
 */
#include "screen.h"

#include "tui/command.h"
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

static const int sizes[][2] = {{1, 1}, {20, 5}, {40, 10}, {60, 20}, {80, 24}, {104, 24}, {200, 60}};

enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static const struct walk_state {
    const char *name;
    const char *keys;
    int seconds;
    bool flows, silent, two, failed;
} states[] = {
    {.name = "no data"},
    {.name = "no answer", .seconds = 5, .silent = true},
    {.name = "data", .seconds = 5},
    {.name = "row selected", .seconds = 5, .keys = "<down><down><down><down>"},
    {.name = "details", .seconds = 5, .keys = "<end>d"},
    {.name = "flows", .seconds = 20, .flows = true, .keys = "f<right><down>"},
    {.name = "chart", .seconds = 5, .keys = "c<down>"},
    {.name = "map", .seconds = 5, .keys = "m<down>"},
    {.name = "overview", .seconds = 5, .two = true, .keys = "v<down>"},
    {.name = "events", .seconds = 20, .two = true, .keys = "e<down>"},
    {.name = "frozen", .seconds = 5, .keys = "<end><ctrl+f>"},
    {.name = "help", .seconds = 5, .keys = "h"},
    {.name = "settings", .seconds = 5, .keys = "7<down>"},
    {.name = "error", .seconds = 5, .failed = true},
    {.name = "two targets", .seconds = 5, .two = true, .keys = "<right>"},
    {.name = "search", .seconds = 5, .keys = "/ae"},
    {.name = "sorted", .seconds = 5, .keys = ">r<down>"},
    {.name = "private", .seconds = 5, .keys = "ppppppppp<down>"},
};

enum { STATES = sizeof(states) / sizeof(states[0]) };

static void start(struct screen *s, const struct walk_state *state) {
    struct screen_setup setup = {.name = "www.example.net", .traces = state->two ? 2 : 1};
    struct hops_event error = {.kind = HOPS_EVENT_ERROR,
                               .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = 1}};

    if (state->flows) {
        setup.protocol = HOPS_PROTOCOL_UDP;
        setup.strategy = HOPS_STRATEGY_PARIS;
        setup.max_flows = 64;
    }
    if (state->silent) {
        setup.target = "203.0.113.78";
    }
    screen_start(s, &setup);
    screen_pass(s, state->seconds);
    if (state->failed) {
        tui_app_event(&s->app, &error);
    }
    screen_text(s, 80, 24);
    screen_keys(s, state->keys == NULL ? "" : state->keys);
}

static void walk_every_command_in_every_state(void **unused) {
    (void)unused;
    for (size_t i = 0; i < STATES; i++) {
        for (int command = 0; command < TUI_COMMANDS; command++) {
            struct screen s;
            start(&s, &states[i]);
            tui_app_command(&s.app, (enum tui_command)command);
            check_int(states[i].name, tui_app_dirty(&s.app), true);
            screen_text(&s, 80, 24);
            tui_app_command(&s.app, (enum tui_command)command);
            const int *size = sizes[(size_t)command % SIZES];
            screen_text(&s, size[0], size[1]);
            screen_pass(&s, 1);
            screen_text(&s, 60, 20);
            screen_end(&s);
        }
    }
}

static void walk_every_state_at_every_size(void **unused) {
    (void)unused;
    for (size_t i = 0; i < STATES; i++) {
        struct screen s;
        start(&s, &states[i]);
        for (size_t k = 0; k < SIZES; k++) {
            screen_text(&s, sizes[k][0], sizes[k][1]);
        }
        for (int rows = 1; rows <= 26; rows++) {
            for (int columns = 1; columns <= 84; columns += 1 + columns / 8) {
                screen_text(&s, columns, rows);
            }
        }
        screen_end(&s);
    }
}

/* A key that does nothing at all would be a lie in the help. */
static void walk_every_key_is_of_one_command(void **unused) {
    struct tui_key bindings[TUI_COMMANDS];

    (void)unused;
    tui_bindings_default(bindings);
    for (int i = 0; i < TUI_COMMANDS; i++) {
        const char *name = tui_command_name((enum tui_command)i);
        assert_non_null(name);
        check_int(name, tui_command_of(bindings, &bindings[i]), i);
        for (int other = 0; other < i; other++) {
            check_int(name, strcmp(name, tui_command_name((enum tui_command)other)) != 0, true);
        }
    }
}

static void walk_pages_and_dialogs_are_there(void **unused) {
    (void)unused;
    for (int body = TUI_BODY_HOPS; body <= TUI_BODY_EVENTS; body++) {
        assert_non_null(tui_view_body((enum tui_body)body));
    }
    assert_non_null(tui_view_dialog(TUI_DIALOG_HELP));
    assert_non_null(tui_view_dialog(TUI_DIALOG_SETTINGS));
}

/* Whatever page and moment: ctrl+c ends the program, and so does the other way out. */
static void walk_the_way_out_is_open(void **unused) {
    (void)unused;
    for (size_t i = 0; i < STATES; i++) {
        struct screen s;
        start(&s, &states[i]);
        screen_keys(&s, "<ctrl+c>");
        check_int(states[i].name, s.app.exit, TUI_EXIT_QUIT);
        screen_end(&s);
    }
}

static void walk_keys_to_move_with(void **unused) {
    static const struct {
        const char *keys;
        int ttl;
    } rows[] = {
        {"<down>", 1},
        {"<up>", 5},
        {"j", 1},
        {"k", 5},
        {"jj", 2},
        {"<down><up>", 1},
        {"<home>", 1},
        {"<end>", 5},
        {"<pagedown>", 5},
        {"<pageup>", 1},
        {"<home><pagedown>", 5},
        {"<end><pageup>", 1},
        {"<down><down><esc>", 0},
        {"g3<enter>", 3},
        {"g9<enter>", 0},
        {"gx<enter>", 0},
        {"g3<esc>", 0},
        {"g33<backspace><enter>", 3},
        {"/ae2<enter>", 4},
        {"/gw<enter>", 1},
        {"/113.77<enter>", 5},
        {"/198.51<enter>/<enter>", 4},
        {"/198.51<enter>/<enter>/<enter>", 2},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct screen s;
        screen_start(&s, &(struct screen_setup){.name = "www.example.net"});
        screen_pass(&s, 20);
        screen_text(&s, 80, 24);
        screen_keys(&s, rows[i].keys);
        check_int(rows[i].keys, s.app.selected_ttl, rows[i].ttl);
        screen_end(&s);
    }
}

/* By each column that has an order, both ways; rows without a value come last either way. */
static void walk_orders_of_rows(void **unused) {
    struct screen s;

    (void)unused;
    screen_start(&s, &(struct screen_setup){.name = "www.example.net"});
    screen_pass(&s, 20);
    (void)strcpy(s.app.options.columns, "holsravbwdtjgxiQfFBDmnp");
    size_t orders = 0;
    do {
        uint8_t rows[TUI_ROWS_MAX];
        screen_keys(&s, ">");
        char name[2] = {s.app.sort, '\0'};
        for (int way = 0; way < 2; way++) {
            double before = way == 0 ? -1e300 : 1e300;
            bool none = false;
            check_int(name, (int)tui_app_rows(&s.app, rows), 5);
            for (size_t i = 0; i < 5 && s.app.sort != 0 && s.app.sort != 't'; i++) {
                struct hops_hop hop;
                double value;
                assert_true(tui_trace_hop(&s.app.traces[0], 0, rows[i], &hop));
                struct report_row row = tui_trace_row(&s.app.traces[0], 0, &hop);
                bool known = report_column_value(s.app.sort, &row, &value);
                check_int(name, none && known, false);
                check_int(name, known && (way == 0 ? value < before : value > before), false);
                none = !known;
                before = known ? value : before;
            }
            screen_text(&s, 200, 24);
            screen_has(&s, s.app.sort == 0 ? "╭Hops" : way == 0 ? "▲" : "▼");
            screen_keys(&s, "r");
        }
        orders++;
    } while (s.app.sort != 0 && orders < 100);
    check_int("all but the names, and the path", (long long)orders, 22);
    screen_keys(&s, "<");
    check_int("the other way round", s.app.sort, 'p');
    screen_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walk_every_command_in_every_state),
        cmocka_unit_test(walk_every_state_at_every_size),
        cmocka_unit_test(walk_every_key_is_of_one_command),
        cmocka_unit_test(walk_pages_and_dialogs_are_there),
        cmocka_unit_test(walk_the_way_out_is_open),
        cmocka_unit_test(walk_keys_to_move_with),
        cmocka_unit_test(walk_orders_of_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
