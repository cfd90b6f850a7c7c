/* SPDX-License-Identifier: MIT
 *
 * The panels around the body: header, tabs, flows, history, frequency, info bar; and what the
 * table says about hops.
 */
#include "screen.h"

#include "tui/overview.h"

#include <stdio.h>
#include <string.h>

static const struct screen_setup ordinary = {.name = "www.example.net"};
static const struct screen_setup paris = {.name = "www.example.net",
                                          .protocol = HOPS_PROTOCOL_UDP,
                                          .strategy = HOPS_STRATEGY_PARIS,
                                          .max_flows = 64};

static void start(struct screen *s, const struct screen_setup *setup, int seconds) {
    screen_start(s, setup);
    screen_pass(s, seconds);
}

/* Header. */

static void header_shows_the_ports_that_are_fixed(void **state) {
    const struct {
        const char *name;
        enum hops_port_direction direction;
        const char *want;
    } rows[] = {
        {"none", HOPS_PORTS_NONE, "Target: 192.0.2.10 -> 203.0.113.77 (www.example.net)"},
        {"target", HOPS_PORTS_FIXED_TARGET,
         "Target: 192.0.2.10:* -> 203.0.113.77:80 (www.example.net)"},
        {"source", HOPS_PORTS_FIXED_SOURCE,
         "Target: 192.0.2.10:5000 -> 203.0.113.77:* (www.example.net)"},
        {"both", HOPS_PORTS_FIXED_BOTH,
         "Target: 192.0.2.10:5000 -> 203.0.113.77:80 (www.example.net)"},
    };
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    s.app.traces[0].config.source_port = 5000;
    s.app.traces[0].config.target_port = 80;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        s.app.traces[0].config.direction = rows[i].direction;
        screen_text(&s, 104, 24);
        screen_has(&s, rows[i].want);
    }
    assert_true(hops_addr_parse("2001:db8::7", &s.app.traces[0].config.target));
    screen_text(&s, 104, 24);
    screen_has(&s, "-> [2001:db8::7]:80 (www.example.net)");
    screen_has(&s, " [IPv6/ICMP] ");
    s.app.traces[0].config.source.family = HOPS_FAMILY_NONE;
    screen_text(&s, 104, 24);
    screen_has(&s, "Target: unknown -> ");
    screen_end(&s);
}

static struct tui_name named(void *user, const struct hops_addr *addr) {
    (void)user;
    (void)addr;
    return (struct tui_name){
        .state = TUI_LOOKUP_FOUND, .text = "a.example b.example", .first = "a.example"};
}

static void header_has_first_names(void **state) {
    struct screen_setup literal = {.name = "203.0.113.77"};
    struct screen s;

    (void)state;
    start(&s, &literal, 5);
    screen_text(&s, 104, 24);
    screen_has(&s, "Target: 192.0.2.10 -> 203.0.113.77  ");
    s.app.sources.name = named;
    screen_text(&s, 104, 24);
    screen_has(&s, "Target: 192.0.2.10 (a.example) -> 203.0.113.77 (a.example)");
    s.app.options.privacy = 0;
    screen_text(&s, 104, 24);
    screen_has(&s, "Target: **Hidden** -> 203.0.113.77 (a.example)");
    screen_end(&s);
}

static void header_hints_follow_the_keys(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    s.app.options.bindings[TUI_CMD_HELP] =
        (struct tui_key){.code = TUI_KEY_CHAR, .ch = 'x', .modifiers = TUI_CTRL};
    screen_text(&s, 104, 24);
    screen_has(&s, "[ctrl+x]help settings quit│");
    screen_end(&s);
}

/* Tabs. */

static void tabs_tell_how_targets_do(void **state) {
    struct screen_setup setup = {.name = "www.example.net", .traces = 3};
    struct hops_event event = {
        .kind = HOPS_EVENT_ERROR,
        .trace = 2,
        .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = 1},
    };
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_text(&s, 104, 24);
    screen_has(&s, "│ www.example.net │ www.example.net │ www.example.net "); /* not known yet */
    screen_pass(&s, 5);
    tui_app_event(&s.app, &event);
    screen_text(&s, 104, 24);
    screen_has(&s, "│ 🟢 www.example.net │ 🟢 www.example.net │ ! www.example.net ");
    s.app.options.status_letters = true;
    screen_text(&s, 104, 24);
    screen_has(&s, "│ + www.example.net │ + www.example.net │ ! www.example.net ");
    check_int("failed", (int)tui_trace_health(&s.app.traces[2]), TUI_HEALTH_FAILED);
    check_int("good", (int)tui_trace_health(&s.app.traces[0]), TUI_HEALTH_GOOD);
    screen_end(&s);
}

static void tabs_scroll_to_the_current_one(void **state) {
    struct screen_setup setup = {.name = "www.example.net", .traces = 4};
    static const char *const names[] = {"first.example.net", "second.example.net",
                                        "third.example.net", "fourth.example.net"};
    struct screen s;

    (void)state;
    start(&s, &setup, 5);
    for (size_t i = 0; i < 4; i++) {
        s.app.traces[i].name = names[i];
    }
    screen_text(&s, 60, 24);
    screen_has(&s, "│ 🟢 first.example.net │ 🟢 second.example.net │ 🟢 third.▶│");
    screen_keys(&s, "<right><right><right><right>");
    screen_text(&s, 60, 24);
    screen_has(&s, "│◀🟢 third.example.net │ 🟢 fourth.example.net ");
    screen_lacks(&s, "▶");
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 10, 5);
    check_int("click", (int)s.app.trace, 2);
    screen_end(&s);
}

/* Flows. */

static void flows_title_hides_what_privacy_hides(void **state) {
    struct screen s;

    (void)state;
    start(&s, &paris, 30);
    screen_keys(&s, "fp");
    screen_text(&s, 104, 30);
    screen_has(&s, "192.168.7.1, 198.51.100.1, *, ");
    screen_keys(&s, "pp");
    screen_text(&s, 104, 30);
    screen_has(&s, ": ****, ****, *, 198.51.100.");
    screen_lacks(&s, "198.51.100.1,");
    screen_end(&s);
}

/* History and frequency. */

static void history_title_has_the_range_of_what_is_drawn(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 48);
    screen_text(&s, 104, 24);
    screen_has(&s, "Samples #5 (11.6 - 13.6 ms)─");
    screen_keys(&s, "<down><down><down>");
    screen_text(&s, 104, 24);
    screen_has(&s, "Samples #3─"); /* it never answered */
    screen_has(&s, "Frequency #3─");
    screen_keys(&s, "<ctrl+r>");
    screen_text(&s, 104, 24);
    screen_has(&s, "Samples #0─");
    screen_end(&s);
}

static void history_marks_lost_ones(void **state) {
    struct screen s;
    bool seen = false;

    (void)state;
    start(&s, &ordinary, 48);
    screen_keys(&s, "<down><down><down><down>");
    screen_text(&s, 104, 24);
    for (size_t i = 0; i < 47; i++) {
        struct tui_color want = s.app.options.theme.colors[TUI_SAMPLES];
        bool lost = tui_trace_sample(tui_app_trace(&s.app), 0, 4, i) == HOPS_SAMPLE_LOST;
        const struct tui_cell *top = tui_grid_at(&s.grid, 1 + (int)i, 18);
        if (lost) {
            want = s.app.options.theme.colors[TUI_SAMPLES_LOST];
            check_str("as high as can be", top->text, "█");
            seen = true;
        }
        check_int("colour", top->style.fg.index, want.index);
    }
    assert_true(seen);
    screen_end(&s);
}

/* Info bar. */

static void info_as_is_on_only_where_it_is_possible(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    s.app.options.as_info = true;
    screen_text(&s, 104, 24);
    screen_has(&s, "[■ ASN]");
    s.app.options.as_possible = false;
    screen_text(&s, 104, 24);
    screen_has(&s, "[□ ASN]");
    screen_end(&s);
}

/* Hops. */

static enum tui_lookup state_of_names;

static struct tui_name in_state(void *user, const struct hops_addr *addr) {
    (void)user;
    (void)addr;
    return (struct tui_name){.state = state_of_names, .text = "n.example", .first = "n.example"};
}

static void host_in_each_mode_and_state(void **state) {
    static const struct {
        const char *name, *mode;
        enum tui_lookup lookup;
        const char *want;
    } rows[] = {
        {"address, found", "i", TUI_LOOKUP_FOUND, "│2    198.51.100.1  "},
        {"host, none", "n", TUI_LOOKUP_NONE, "│2    198.51.100.1  "},
        {"host, pending", "n", TUI_LOOKUP_PENDING, "│2    198.51.100.1  "},
        {"host, found", "n", TUI_LOOKUP_FOUND, "│2    n.example  "},
        {"host, not found", "n", TUI_LOOKUP_NOT_FOUND, "│2    198.51.100.1  "},
        {"host, failed", "n", TUI_LOOKUP_FAILED, "│2    Failed: 198.51.100.1  "},
        {"host, timeout", "n", TUI_LOOKUP_TIMEOUT, "│2    Timeout: 198.51.100.1  "},
        {"both, pending", "b", TUI_LOOKUP_PENDING, "│2    198.51.100.1  "},
        {"both, found", "b", TUI_LOOKUP_FOUND, "│2    n.example (198.51.100.1)  "},
        {"both, not found", "b", TUI_LOOKUP_NOT_FOUND, "│2    198.51.100.1  "},
        {"both, failed", "b", TUI_LOOKUP_FAILED, "│2    Failed: 198.51.100.1  "},
        {"both, timeout", "b", TUI_LOOKUP_TIMEOUT, "│2    Timeout: 198.51.100.1  "},
    };
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    s.app.sources.name = in_state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        state_of_names = rows[i].lookup;
        screen_keys(&s, rows[i].mode);
        screen_text(&s, 140, 24);
        if (strstr(screen_text(&s, 140, 24), rows[i].want) == NULL) {
            fail_msg("%s: %s", rows[i].name, screen_text(&s, 140, 24));
        }
    }
    screen_end(&s);
}

static void host_details_say_what_is_not_known(void **state) {
    static const struct {
        enum tui_lookup lookup;
        const char *want;
    } rows[] = {
        {TUI_LOOKUP_NONE, "Host: <not found>  "},
        {TUI_LOOKUP_PENDING, "Host: <awaited>  "},
        {TUI_LOOKUP_FOUND, "Host: n.example  "},
        {TUI_LOOKUP_NOT_FOUND, "Host: <not found>  "},
        {TUI_LOOKUP_FAILED, "Host: Failed: 203.0.113.77  "},
        {TUI_LOOKUP_TIMEOUT, "Host: Timeout: 203.0.113.77  "},
    };
    struct screen s;

    (void)state;
    start(&s, &ordinary, 5);
    s.app.sources.name = in_state;
    screen_keys(&s, "<end>d");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        state_of_names = rows[i].lookup;
        screen_text(&s, 140, 40);
        screen_has(&s, rows[i].want);
        screen_has(&s, "AS Name: <not enabled>");
        screen_has(&s, "AS Info: <not enabled>");
        screen_has(&s, "Geo: <not found>");
        screen_has(&s, "Pos: <not found>");
        screen_has(&s, "Ext: <none>");
    }
    screen_end(&s);
}

/* The limit of addresses: automatic, then 1 to the most any hop has. */
static void host_limit_walks_within_bounds(void **state) {
    static const struct {
        const char *keys;
        unsigned want;
    } rows[] = {
        {"]", 0}, {"}", 2}, {"]", 2}, {"[", 1}, {"[", 0}, {"[", 0}, {"{", 1}, {"]", 2}, {"]", 2},
    };
    struct screen s;

    (void)state;
    start(&s, &ordinary, 48);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        screen_keys(&s, rows[i].keys);
        check_int(rows[i].keys, s.app.options.max_addrs, rows[i].want);
    }
    screen_keys(&s, "{");
    screen_text(&s, 140, 24);
    screen_has(&s, "[»: 1]");
    screen_has(&s, "ae1.pop.example [54.3%]"); /* its share is of all answers */
    screen_lacks(&s, "ae2.pop.example");
    screen_end(&s);
}

static void host_as_column_is_of_the_address_in_the_details(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 30);
    (void)strcpy(s.app.options.columns, "hoA");
    s.app.options.as_info = true;
    screen_keys(&s, "<down><down><down><down>d");
    s.app.address = 7; /* more than there are */
    screen_text(&s, 104, 24);
    screen_has(&s, "[2 of 2]");
    const char *row = strstr(screen_text(&s, 104, 24), "[2 of 2]");
    assert_non_null(strstr(row, "AS64500"));
    assert_true(strstr(row, "AS64500") < strchr(row, '\n'));
    screen_end(&s);
}

/* Some answers are as slow as can be, and so as high as a loss. */
static void history_without_colour_marks_lost_ones_by_shape(void **state) {
    struct screen s;
    int lost = 0;
    int full = 0;

    (void)state;
    start(&s, &ordinary, 48);
    s.grid.mono = true;
    screen_keys(&s, "<down><down><down><down>");
    screen_text(&s, 104, 24);
    for (size_t i = 0; i < 47; i++) {
        bool is_lost = tui_trace_sample(tui_app_trace(&s.app), 0, 4, i) == HOPS_SAMPLE_LOST;
        for (int y = 18; y < 22; y++) {
            const char *text = tui_grid_at(&s.grid, 1 + (int)i, y)->text;
            check_int("shape", strcmp(text, "×") == 0, is_lost);
            full += !is_lost && strcmp(text, "█") == 0;
        }
        lost += is_lost;
    }
    assert_true(lost > 0 && full > 0);
    screen_end(&s);
}

/* A path that was longer at times has rows behind the target's. */
static void header_hides_a_target_among_hidden_hops(void **state) {
    struct screen s;

    (void)state;
    start(&s, &ordinary, 10);
    assert_true(hops_addr_parse("198.51.100.9", &s.app.traces[0].config.target)); /* at 4 of 5 */
    s.app.options.privacy = 3;
    screen_text(&s, 104, 24);
    screen_has(&s, "-> 198.51.100.9 (www.example.net)");
    s.app.options.privacy = 4;
    screen_text(&s, 104, 24);
    screen_has(&s, "-> **Hidden**");
    screen_lacks(&s, "www.example.net");
    screen_lacks(&s, "198.51.100.9");
    screen_end(&s);
}

static void tabs_of_a_frozen_screen_stand_still(void **state) {
    static const struct screen_setup two = {.traces = 2};
    struct screen s;

    (void)state;
    start(&s, &two, 0);
    screen_keys(&s, "<ctrl+f>");
    screen_pass(&s, 10);
    screen_text(&s, 104, 24);
    screen_lacks(&s, "🟢");
    screen_keys(&s, "<ctrl+f>");
    screen_text(&s, 104, 24);
    screen_has(&s, " 🟢 203.0.113.77 │ 🟢 203.0.113.77 ");
    screen_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_shows_the_ports_that_are_fixed),
        cmocka_unit_test(header_has_first_names),
        cmocka_unit_test(header_hints_follow_the_keys),
        cmocka_unit_test(tabs_tell_how_targets_do),
        cmocka_unit_test(tabs_scroll_to_the_current_one),
        cmocka_unit_test(flows_title_hides_what_privacy_hides),
        cmocka_unit_test(history_title_has_the_range_of_what_is_drawn),
        cmocka_unit_test(history_marks_lost_ones),
        cmocka_unit_test(info_as_is_on_only_where_it_is_possible),
        cmocka_unit_test(host_in_each_mode_and_state),
        cmocka_unit_test(host_details_say_what_is_not_known),
        cmocka_unit_test(host_limit_walks_within_bounds),
        cmocka_unit_test(host_as_column_is_of_the_address_in_the_details),
        cmocka_unit_test(history_without_colour_marks_lost_ones_by_shape),
        cmocka_unit_test(header_hides_a_target_among_hidden_hops),
        cmocka_unit_test(tabs_of_a_frozen_screen_stand_still),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
