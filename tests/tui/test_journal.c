/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "tui/journal.h"

#include <errno.h>
#include <stdlib.h>

static const int64_t wall = 1933049228 * HOPS_SEC;

/* A journal of two traces, and the rounds of trace 1. */
struct book {
    struct tui_journal *journal;
    uint32_t round;
};

static void open_book(struct book *b) {
    *b = (struct book){.journal = tui_journal_new(2)};
    assert_non_null(b->journal);
    assert_false(tui_journal_tick(b->journal, 0, wall));
}

static bool tell(struct book *b, struct hops_event event) {
    event.trace = 1;
    return tui_journal_event(b->journal, &event, wall + event.time);
}

static hops_ns now_of(const struct book *b) {
    return b->round * HOPS_SEC;
}

static void answer(struct book *b, uint32_t round, bool late) {
    assert_false(tell(b, (struct hops_event){.kind = HOPS_EVENT_REPLY,
                                             .time = now_of(b),
                                             .probe = {.round = round, .ttl = 5},
                                             .u.reply = {.is_target = true, .late = late}}));
}

static bool end_round(struct book *b, uint8_t length, enum hops_round_reason reason) {
    return tell(b, (struct hops_event){.kind = HOPS_EVENT_ROUND,
                                       .time = now_of(b),
                                       .u.round = {.round = b->round,
                                                   .reason = reason,
                                                   .largest_ttl = length,
                                                   .target_ttl = length}});
}

static bool settle(struct book *b, uint32_t round) {
    return tell(b, (struct hops_event){
                       .kind = HOPS_EVENT_SETTLED, .time = now_of(b), .u.settled_round = round});
}

/* A round of a second: the target answers (length) or not (0). */
static bool play(struct book *b, uint8_t length, bool answered) {
    bool any;

    if (answered) {
        answer(b, b->round, false);
    }
    any = end_round(b, length, answered ? HOPS_ROUND_TARGET_FOUND : HOPS_ROUND_TIME_LIMIT);
    any = settle(b, b->round) || any;
    b->round++;
    return any;
}

static struct hops_addr addr(uint8_t last) {
    return (struct hops_addr){.family = HOPS_IPV4, .octets = {198, 51, 100, last}};
}

static bool change(struct book *b, uint8_t ttl, uint8_t before, uint8_t after) {
    return tell(b, (struct hops_event){
                       .kind = HOPS_EVENT_PATH,
                       .time = now_of(b),
                       .u.path = {.ttl = ttl, .before = addr(before), .after = addr(after)}});
}

static const struct tui_note *last_note(const struct book *b) {
    assert_true(tui_journal_last(b->journal) > 0);
    return tui_journal_note(b->journal, tui_journal_last(b->journal));
}

static void check_last(const struct book *b, const char *row, uint64_t number,
                       enum tui_note_kind kind, uint8_t ttl, uint64_t count) {
    const struct tui_note *note = last_note(b);

    check_int(row, note->number, number);
    check_int(row, note->kind, kind);
    check_int(row, note->ttl, ttl);
    check_int(row, note->count, count);
    check_int(row, note->trace, 1);
    check_int(row, note->wall_ns, wall + now_of(b));
}

static void journal_begins_empty(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    check_int("last", tui_journal_last(b.journal), 0);
    check_int("first", tui_journal_first(b.journal), 1);
    tui_journal_free(b.journal);
    tui_journal_free(NULL);
}

static void journal_three_lost_rounds_are_a_burst(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    assert_false(play(&b, 5, true));
    assert_false(play(&b, 5, false));
    assert_false(play(&b, 5, false));
    assert_false(play(&b, 5, true)); /* two are none */
    check_int("none yet", tui_journal_last(b.journal), 0);
    for (int i = 0; i < 7; i++) {
        check_int("at the third", play(&b, 5, false), i == 2);
    }
    const struct tui_note *note = tui_journal_note(b.journal, 1);
    check_int("begins", note->kind, TUI_NOTE_LOSS);
    check_int("begins with", note->count, TUI_BURST_ROUNDS);
    check_int("target", note->ttl, 5);
    check_int("at", note->wall_ns, wall + 6 * HOPS_SEC);
    assert_true(play(&b, 5, true));
    b.round--;
    check_last(&b, "ends", 2, TUI_NOTE_LOSS_ENDS, 5, 7);
    b.round++;
    assert_false(play(&b, 5, true));
    tui_journal_free(b.journal);
}

static void journal_late_answer_is_no_loss(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    for (uint32_t i = 0; i < 8; i++) { /* each answer comes two rounds late */
        assert_false(end_round(&b, 0, HOPS_ROUND_TIME_LIMIT));
        if (i >= 2) {
            answer(&b, i - 2, true);
            assert_false(settle(&b, i - 2));
        }
        b.round++;
    }
    check_int("no note", tui_journal_last(b.journal), 0);
    tui_journal_free(b.journal);
}

static void journal_rounds_share_no_mark(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    for (int i = 0; i < 4096; i++) {
        assert_false(play(&b, 5, true));
    }
    for (int i = 0; i < 3; i++) { /* the marks of the rounds before are gone */
        check_int("burst", play(&b, 5, false), i == 2);
    }
    tui_journal_free(b.journal);
}

static void journal_stopped_round_is_no_loss(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    for (int i = 0; i < 2; i++) {
        assert_false(play(&b, 5, false));
    }
    assert_false(end_round(&b, 5, HOPS_ROUND_STOPPED));
    assert_false(settle(&b, b.round));
    assert_true(tell(&b, (struct hops_event){.kind = HOPS_EVENT_END, .u.end = HOPS_END_STOPPED}));
    check_int("ended", last_note(&b)->kind, TUI_NOTE_ENDED);
    tui_journal_free(b.journal);
}

static void journal_failing_probes_begin_and_end(void **state) {
    struct hops_event failed = {
        .kind = HOPS_EVENT_FAILED,
        .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = ENETUNREACH},
    };
    struct book b;

    (void)state;
    open_book(&b);
    for (int i = 0; i < 5; i++) {
        failed.probe.round = b.round;
        check_int("once", tell(&b, failed), i == 0);
        assert_false(play(&b, 0, false)); /* nothing that the path has lost */
    }
    const struct tui_note *note = last_note(&b);
    check_int("fails", note->kind, TUI_NOTE_SEND_FAILS);
    check_int("call", note->call, HOPS_CALL_SENDTO);
    check_int("errno", note->os_errno, ENETUNREACH);
    assert_true(play(&b, 5, true));
    check_int("works", last_note(&b)->kind, TUI_NOTE_SEND_WORKS);
    check_int("number", last_note(&b)->number, 2);
    tui_journal_free(b.journal);
}

static void journal_fatal_error_is_told_once(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    assert_true(
        tell(&b, (struct hops_event){.kind = HOPS_EVENT_ERROR,
                                     .u.failure = {.call = HOPS_CALL_SOCKET, .os_errno = EPERM}}));
    check_int("error", last_note(&b)->kind, TUI_NOTE_ERROR);
    check_int("errno", last_note(&b)->os_errno, EPERM);
    assert_false(tell(&b, (struct hops_event){.kind = HOPS_EVENT_END, .u.end = HOPS_END_ERROR}));
    tui_journal_free(b.journal);
}

static void journal_route_change_names_both(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    assert_true(change(&b, 4, 9, 10));
    check_last(&b, "change", 1, TUI_NOTE_ROUTE, 4, 0);
    check_int("before", last_note(&b)->before.octets[3], 9);
    check_int("after", last_note(&b)->after.octets[3], 10);
    assert_true(change(&b, 4, 10, 11));
    check_last(&b, "another", 2, TUI_NOTE_ROUTE, 4, 0);
    assert_true(change(&b, 3, 10, 9)); /* another hop has a history of its own */
    check_last(&b, "elsewhere", 3, TUI_NOTE_ROUTE, 3, 0);
    tui_journal_free(b.journal);
}

static void journal_flapping_route_costs_two_notes(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    assert_true(change(&b, 4, 9, 10));
    b.round++;
    assert_true(change(&b, 4, 10, 9));
    check_last(&b, "flaps", 2, TUI_NOTE_ROUTE_FLAPS, 4, 0);
    for (int i = 0; i < 50; i++) {
        b.round++;
        assert_false(change(&b, 4, i % 2 == 0 ? 9 : 10, i % 2 == 0 ? 10 : 9));
    }
    b.round += 60;
    assert_false(end_round(&b, 5, HOPS_ROUND_TARGET_FOUND)); /* a minute: not yet */
    b.round++;
    assert_true(end_round(&b, 5, HOPS_ROUND_TARGET_FOUND));
    check_last(&b, "steady", 3, TUI_NOTE_ROUTE_STEADY, 4, 51);
    assert_false(end_round(&b, 5, HOPS_ROUND_TARGET_FOUND));
    assert_true(change(&b, 4, 9, 10)); /* so long after, it is a change again */
    check_last(&b, "later", 4, TUI_NOTE_ROUTE, 4, 0);
    tui_journal_free(b.journal);
}

static void journal_return_after_the_window_is_a_change(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    assert_true(change(&b, 4, 9, 10));
    b.round += 61;
    assert_true(change(&b, 4, 10, 9));
    check_last(&b, "back", 2, TUI_NOTE_ROUTE, 4, 0);
    tui_journal_free(b.journal);
}

static void journal_many_routers_are_forgotten_oldest_first(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    for (uint8_t i = 1; i < 12; i++) {
        b.round++;
        assert_true(change(&b, 4, i, (uint8_t)(i + 1)));
        check_int("new", last_note(&b)->kind, TUI_NOTE_ROUTE);
    }
    assert_true(change(&b, 4, 12, 1)); /* no longer known */
    check_int("the first", last_note(&b)->kind, TUI_NOTE_ROUTE);
    assert_true(change(&b, 4, 1, 11));
    check_int("the last but one", last_note(&b)->kind, TUI_NOTE_ROUTE_FLAPS);
    tui_journal_free(b.journal);
}

static void journal_path_length_changes_and_flaps(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    assert_false(play(&b, 5, true));
    assert_false(play(&b, 0, false)); /* unknown is no length */
    assert_true(play(&b, 7, true));
    b.round--;
    check_last(&b, "longer", 1, TUI_NOTE_LENGTH, 7, 0);
    check_int("before", last_note(&b)->length_before, 5);
    b.round++;
    assert_true(play(&b, 5, true));
    check_int("flaps", last_note(&b)->kind, TUI_NOTE_LENGTH_FLAPS);
    assert_false(play(&b, 7, true));
    b.round += 61;
    assert_true(play(&b, 7, true));
    b.round--;
    check_last(&b, "steady", 3, TUI_NOTE_LENGTH_STEADY, 7, 2);
    tui_journal_free(b.journal);
}

static void journal_time_that_jumps(void **state) {
    static const struct {
        const char *name;
        hops_ns passed, jump; /* of the two clocks */
        int notes;
        enum tui_note_kind kind;
    } rows[] = {
        {"a second", HOPS_SEC, 0, 0, TUI_NOTE_STALL},
        {"slewed", HOPS_SEC, HOPS_SEC, 0, TUI_NOTE_STALL},
        {"set ahead", HOPS_SEC, 3600 * HOPS_SEC, 1, TUI_NOTE_CLOCK},
        {"set back", HOPS_SEC, -2 * HOPS_SEC, 1, TUI_NOTE_CLOCK},
        {"stopped", 12 * HOPS_SEC, 0, 1, TUI_NOTE_STALL},
        {"stopped and slept", 5 * HOPS_SEC, 60 * HOPS_SEC, 2, TUI_NOTE_CLOCK},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct book b;
        open_book(&b);
        bool any =
            tui_journal_tick(b.journal, rows[i].passed, wall + rows[i].passed + rows[i].jump);
        check_int(rows[i].name, any, rows[i].notes > 0);
        check_int(rows[i].name, tui_journal_last(b.journal), rows[i].notes);
        if (any) {
            check_int(rows[i].name, last_note(&b)->kind, rows[i].kind);
            check_int(rows[i].name, last_note(&b)->trace, TUI_NOTE_ALL);
            check_int(rows[i].name, last_note(&b)->duration,
                      rows[i].kind == TUI_NOTE_CLOCK ? rows[i].jump : rows[i].passed);
        }
        tui_journal_free(b.journal);
    }
}

static void journal_pause_and_before_the_first_tick(void **state) {
    struct book b = {.journal = tui_journal_new(2)};

    (void)state;
    assert_true(tell(&b, (struct hops_event){.kind = HOPS_EVENT_END}));
    assert_false(tui_journal_tick(b.journal, 5, wall));
    check_int("time known now", last_note(&b)->wall_ns, wall);
    assert_true(tui_journal_pause(b.journal, true, wall + 1));
    check_int("paused", last_note(&b)->kind, TUI_NOTE_PAUSED);
    assert_true(tui_journal_pause(b.journal, false, wall + 2));
    check_int("resumed", last_note(&b)->kind, TUI_NOTE_RESUMED);
    tui_journal_free(b.journal);
}

static void journal_keeps_the_newest(void **state) {
    struct book b;

    (void)state;
    open_book(&b);
    for (int i = 0; i < TUI_JOURNAL_NOTES + 10; i++) {
        (void)tui_journal_pause(b.journal, i % 2 == 0, wall + i);
    }
    check_int("last", tui_journal_last(b.journal), TUI_JOURNAL_NOTES + 10);
    check_int("first", tui_journal_first(b.journal), 11);
    check_int("its time", tui_journal_note(b.journal, 11)->wall_ns, wall + 10);
    tui_journal_free(b.journal);
}

static void journal_any_times_and_traces_are_harmless(void **state) {
    struct hops_event event = {.kind = HOPS_EVENT_PATH, .time = INT64_MIN, .trace = 2};
    struct book b;

    (void)state;
    open_book(&b);
    assert_false(tui_journal_event(b.journal, &event, INT64_MIN));
    event.trace = 1;
    event.u.path = (struct hops_event_path){.ttl = 4, .before = addr(1), .after = addr(2)};
    assert_true(tui_journal_event(b.journal, &event, INT64_MIN));
    event.time = INT64_MAX;
    event.u.path = (struct hops_event_path){.ttl = 4, .before = addr(2), .after = addr(1)};
    assert_true(tui_journal_event(b.journal, &event, INT64_MAX));
    check_int("long after", last_note(&b)->kind, TUI_NOTE_ROUTE);
    assert_false(tui_journal_tick(b.journal, 1, INT64_MIN));
    tui_journal_free(b.journal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(journal_begins_empty),
        cmocka_unit_test(journal_three_lost_rounds_are_a_burst),
        cmocka_unit_test(journal_late_answer_is_no_loss),
        cmocka_unit_test(journal_rounds_share_no_mark),
        cmocka_unit_test(journal_stopped_round_is_no_loss),
        cmocka_unit_test(journal_failing_probes_begin_and_end),
        cmocka_unit_test(journal_fatal_error_is_told_once),
        cmocka_unit_test(journal_route_change_names_both),
        cmocka_unit_test(journal_flapping_route_costs_two_notes),
        cmocka_unit_test(journal_return_after_the_window_is_a_change),
        cmocka_unit_test(journal_many_routers_are_forgotten_oldest_first),
        cmocka_unit_test(journal_path_length_changes_and_flaps),
        cmocka_unit_test(journal_time_that_jumps),
        cmocka_unit_test(journal_pause_and_before_the_first_tick),
        cmocka_unit_test(journal_keeps_the_newest),
        cmocka_unit_test(journal_any_times_and_traces_are_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
