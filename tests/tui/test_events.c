/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include "tui/journal.h"

#include <errno.h>
#include <string.h>

static const struct screen_setup three = {.traces = 3,
                                          .targets = {NULL, "203.0.113.78", NULL},
                                          .names = {"www.example.net", "silent.example.net", NULL}};

static struct hops_addr addr(uint8_t last) {
    return (struct hops_addr){.family = HOPS_IPV4, .octets = {198, 51, 100, last}};
}

static void tell(struct screen *s, struct hops_event event) {
    event.time = s->now;
    tui_app_event(&s->app, &event);
}

/* One of each kind, in three targets. */
static void start_with_all(struct screen *s) {
    struct hops_event path = {.kind = HOPS_EVENT_PATH,
                              .u.path = {.ttl = 3, .before = addr(9), .after = addr(10)}};
    struct hops_event failed = {.kind = HOPS_EVENT_FAILED,
                                .trace = 2,
                                .probe = {.round = 8, .ttl = 1},
                                .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = ENETUNREACH}};
    struct hops_event error = {.kind = HOPS_EVENT_ERROR,
                               .trace = 2,
                               .u.failure = {.call = HOPS_CALL_SOCKET, .os_errno = EPERM}};

    screen_start(s, &three);
    for (int i = 0; i < 4; i++) {
        screen_pass(s, 3); /* the silent target is noticed; so is the hop with two routers */
    }
    tell(s, path);
    path.u.path = (struct hops_event_path){.ttl = 3, .before = addr(10), .after = addr(9)};
    tell(s, path);
    tell(s, failed);
    tell(s, error);
    screen_keys(s, " ");
    tui_app_tick(&s->app, s->now, s->app.wall_ns + 90 * HOPS_SEC);
}

static void events_at_each_size(void **state) {
    struct screen s;

    (void)state;
    start_with_all(&s);
    screen_keys(&s, "e");
    screen_golden(&s, 60, 20, "events-60x20");
    screen_golden(&s, 80, 24, "events-80x24");
    screen_golden(&s, 104, 24, "events-104x24");
    screen_golden(&s, 200, 60, "events-200x60");
    s.grid.ascii = true;
    for (const char *c = screen_text(&s, 104, 24); *c != '\0'; c++) {
        assert_true((unsigned char)*c < 0x80);
    }
    screen_keys(&s, "e");
    check_int("back", s.app.body, TUI_BODY_HOPS);
    screen_end(&s);
}

static void events_none_yet(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){0});
    screen_keys(&s, "e<down><up><home><enter>Y");
    screen_text(&s, 80, 24);
    screen_has(&s, "Nothing of note has happened yet.");
    check_int("nothing to select", s.app.note, 0);
    screen_end(&s);
}

/* Load balancing at hop 4 and loss of the target, from the simulator itself. */
static void events_of_a_real_trace(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &three);
    for (int i = 0; i < 10; i++) {
        screen_pass(&s, 2);
    }
    screen_keys(&s, "e");
    screen_text(&s, 104, 24);
    screen_has(&s, "silent.example.net      the target did not answer 3 rounds in a row");
    screen_has(&s, "#4   route changed: ae");
    screen_has(&s, "#4   route goes back and forth: ae");
    check_int("and no more", tui_journal_last(s.app.journal), 5);
    screen_end(&s);
}

static void events_filter_to_the_shown_target(void **state) {
    struct screen s;

    (void)state;
    start_with_all(&s);
    screen_keys(&s, "e<right>a");
    screen_text(&s, 104, 24);
    screen_has(&s, "╭Events: silent.example.net─");
    screen_has(&s, "did not answer");
    screen_has(&s, "the clock jumped"); /* of all */
    screen_lacks(&s, "route");
    screen_keys(&s, "<right>");
    screen_text(&s, 104, 24);
    screen_has(&s, "the trace cannot go on: socket: Operation not permitted");
    screen_has(&s, "probes cannot be sent: sendto: Network is unreachable");
    screen_keys(&s, "a");
    screen_text(&s, 104, 24);
    screen_has(&s, "did not answer");
    screen_end(&s);
}

static void events_selection_stays_when_others_come(void **state) {
    struct screen s;

    (void)state;
    start_with_all(&s);
    screen_keys(&s, "e<down><down>");
    uint64_t selected = s.app.note;
    check_int("second from above", selected, tui_journal_last(s.app.journal) - 1);
    screen_keys(&s, " ");
    check_int("same one", s.app.note, selected);
    screen_keys(&s, "<end>");
    check_int("oldest", s.app.note, 1);
    screen_keys(&s, "<down>");
    check_int("no further", s.app.note, 1);
    screen_keys(&s, "<home>");
    check_int("newest", s.app.note, tui_journal_last(s.app.journal));
    screen_text(&s, 80, 24);
    screen_keys(&s, "<pagedown>");
    screen_text(&s, 80, 24);
    screen_keys(&s, "<pageup>jk<esc>");
    check_int("none", s.app.note, 0);
    screen_end(&s);
}

static void events_ring_scrolls(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){0});
    for (int i = 0; i < 3000; i++) {
        (void)tui_journal_pause(s.app.journal, i % 2 == 0, s.app.wall_ns);
        if (i == 1500) {
            screen_keys(&s, "e<end>");
            screen_text(&s, 80, 24);
            screen_has(&s, "▲ more");
        }
    }
    screen_text(&s, 80, 24); /* the selected one is gone: the newest */
    screen_has(&s, "▼ more");
    screen_lacks(&s, "▲");
    screen_keys(&s, "<up>");
    check_int("oldest kept", s.app.note, 3000 - TUI_JOURNAL_NOTES + 1);
    screen_end(&s);
}

static void events_open_leads_to_the_hop(void **state) {
    struct hops_event path = {.kind = HOPS_EVENT_PATH,
                              .trace = 2,
                              .u.path = {.ttl = 4, .before = addr(9), .after = addr(10)}};
    struct screen s;

    (void)state;
    screen_start(&s, &three);
    screen_pass(&s, 2);
    tell(&s, path);
    screen_keys(&s, "e<home><enter>");
    check_int("page", s.app.body, TUI_BODY_HOPS);
    check_int("target", s.app.trace, 2);
    check_int("hop", s.app.selected_ttl, 4);
    screen_end(&s);
}

static void events_mouse(void **state) {
    struct screen s;

    (void)state;
    start_with_all(&s);
    screen_keys(&s, "e");
    screen_text(&s, 80, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_WHEEL_DOWN, 5, 9);
    check_int("wheel", s.app.note, tui_journal_last(s.app.journal));
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 5, 9);
    check_int("row", s.app.note, tui_journal_last(s.app.journal) - 1);
    check_int("not opened", s.app.body, TUI_BODY_EVENTS);
    screen_text(&s, 80, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 5, 9);
    check_int("the second click opens", s.app.body, TUI_BODY_HOPS);
    check_int("its target", s.app.trace, 2);
    screen_end(&s);
}

static void events_hide_what_privacy_hides(void **state) {
    struct hops_event path = {.kind = HOPS_EVENT_PATH,
                              .u.path = {.ttl = 2, .before = addr(1), .after = addr(33)}};
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){0});
    screen_pass(&s, 2);
    tell(&s, path);
    screen_keys(&s, "ei");
    screen_text(&s, 80, 24);
    screen_has(&s, "route changed: 198.51.100.1 -> 198.51.100.33");
    s.app.options.privacy = 2;
    screen_text(&s, 80, 24);
    screen_has(&s, "route changed: **Hidden** -> **Hidden**");
    screen_end(&s);
}

static void events_names_as_the_table_shows_them(void **state) {
    struct hops_event path = {.kind = HOPS_EVENT_PATH,
                              .u.path = {.ttl = 4, .before = addr(9), .after = addr(33)}};
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){0});
    screen_pass(&s, 2);
    tell(&s, path);
    screen_keys(&s, "e");
    screen_text(&s, 80, 24);
    screen_has(&s, "route changed: ae1.pop.example -> 198.51.100.33");
    screen_keys(&s, "b");
    screen_text(&s, 80, 24);
    screen_has(&s, "ae1.pop.example (198.51.100.9) -> 198.51.100.33");
    screen_end(&s);
}

static void events_time_of_the_event_in_the_users_zone(void **state) {
    struct hops_event path = {.kind = HOPS_EVENT_PATH,
                              .u.path = {.ttl = 4, .before = addr(9), .after = addr(33)}};
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){0});
    path.time = -2 * HOPS_SEC; /* two seconds ago */
    tui_app_event(&s.app, &path);
    screen_keys(&s, "e");
    screen_text(&s, 104, 24);
    screen_has(&s, "│2031-04-04 06:07:06 #4");
    path.time = INT64_MAX;
    tui_app_event(&s.app, &path);
    path.time = INT64_MIN;
    tui_app_event(&s.app, &path);
    screen_text(&s, 104, 24);
    screen_end(&s);
}

static void events_selected_one_is_said_in_full(void **state) {
    struct screen s;

    (void)state;
    start_with_all(&s);
    screen_keys(&s, "e/cannot go on<enter>");
    screen_text(&s, 60, 20);
    screen_has(&s, "│the trace cannot go on: socket: Operation not permitted   │");
    screen_keys(&s, "/back and forth<enter>");
    screen_text(&s, 60, 20);
    screen_has(&s, "│route goes back and forth: ae2.pop.example ->             │");
    screen_has(&s, "│ae1.pop.example                                           │");
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 10, 14); /* no line is there */
    check_int("still this page", s.app.body, TUI_BODY_EVENTS);
    screen_text(&s, 200, 60);
    screen_lacks(&s, "│route goes back and forth: "); /* there is room for it */
    screen_end(&s);
}

static void events_search_finds_lines(void **state) {
    struct screen s;

    (void)state;
    start_with_all(&s);
    screen_keys(&s, "e/SILENT<enter>");
    check_int("by target", tui_journal_note(s.app.journal, s.app.note)->kind, TUI_NOTE_LOSS);
    screen_keys(&s, "/clock<enter>");
    check_int("round", tui_journal_note(s.app.journal, s.app.note)->kind, TUI_NOTE_CLOCK);
    screen_keys(&s, "/nowhere<enter>");
    screen_text(&s, 80, 24);
    screen_has(&s, "nothing found");
    screen_keys(&s, "g3<enter>");
    check_int("where a TTL can be seen", s.app.body, TUI_BODY_HOPS);
    check_int("TTL", s.app.selected_ttl, 3);
    screen_end(&s);
}

static void events_tiny_sizes_do_not_crash(void **state) {
    struct screen s;

    (void)state;
    start_with_all(&s);
    screen_keys(&s, "e<down>");
    for (int rows = 1; rows <= 26; rows++) {
        for (int columns = 1; columns <= 110; columns++) {
            screen_text(&s, columns, rows);
        }
    }
    screen_end(&s);
}

static void events_of_a_frozen_screen_stand_still(void **state) {
    struct hops_event end = {.kind = HOPS_EVENT_END, .u.end = HOPS_END_STOPPED};
    struct screen s;

    (void)state;
    start_with_all(&s);
    screen_keys(&s, "e<ctrl+f>");
    tell(&s, end);
    screen_text(&s, 104, 24);
    screen_lacks(&s, "the trace has ended");
    screen_keys(&s, "<ctrl+f>");
    screen_text(&s, 104, 24);
    screen_has(&s, "the trace has ended");
    screen_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_at_each_size),
        cmocka_unit_test(events_none_yet),
        cmocka_unit_test(events_of_a_real_trace),
        cmocka_unit_test(events_filter_to_the_shown_target),
        cmocka_unit_test(events_selection_stays_when_others_come),
        cmocka_unit_test(events_ring_scrolls),
        cmocka_unit_test(events_open_leads_to_the_hop),
        cmocka_unit_test(events_mouse),
        cmocka_unit_test(events_hide_what_privacy_hides),
        cmocka_unit_test(events_names_as_the_table_shows_them),
        cmocka_unit_test(events_time_of_the_event_in_the_users_zone),
        cmocka_unit_test(events_selected_one_is_said_in_full),
        cmocka_unit_test(events_search_finds_lines),
        cmocka_unit_test(events_tiny_sizes_do_not_crash),
        cmocka_unit_test(events_of_a_frozen_screen_stand_still),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
