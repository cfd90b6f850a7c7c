/* SPDX-License-Identifier: MIT
 *
 * The state machine: what is sent when, when rounds end, what late replies do.
 */
#include "tracer_drive.h"

#include <errno.h>

#define ROUTER "203.0.113.1"
#define TARGET "198.51.100.20"

static struct drive d;

static void tracer_fresh_sends_max_inflight_at_once(void **state) {
    static const struct {
        const char *name;
        uint8_t first, max, inflight;
        size_t want;
    } rows[] = {
        {"default", 1, 64, 32, 32},
        {"one in flight", 1, 64, 1, 1},
        {"first above inflight", 30, 64, 24, 24},
        {"max ttl", 1, 5, 24, 5},
        {"single ttl", 7, 7, 24, 1},
        {"all", 1, 254, 255, 254},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config c = drive_config();
        c.first_ttl = rows[i].first;
        c.max_ttl = rows[i].max;
        c.max_inflight = rows[i].inflight;
        drive_start(&d, &c);
        check_int(rows[i].name, drive_send(&d), rows[i].want);
        check_int(rows[i].name, d.sent[0].ttl, rows[i].first);
        check_int(rows[i].name, d.sent[d.sent_count - 1].ttl, rows[i].first + rows[i].want - 1);
        drive_end(&d);
    }
}

static void tracer_reply_opens_the_window(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.max_inflight = 3;
    drive_start(&d, &c);
    assert_int_equal(drive_send(&d), 3);
    assert_int_equal(drive_answer(&d, &d.sent[1], HOPS_REPLY_TIME_EXCEEDED, ROUTER),
                     HOPS_VERDICT_ACCEPTED);
    assert_int_equal(drive_send(&d), 2);
    assert_int_equal(d.sent[1].ttl, 5);
    drive_end(&d);
}

/* Send TTL 1, a router answers, next round: one router, one target. */
static void tracer_two_rounds_learn_the_target_ttl(void **state) {
    struct hops_config c = drive_config();
    struct hops_probe first;

    (void)state;
    c.max_inflight = 1;
    drive_start(&d, &c);
    drive_send(&d);
    first = d.sent[0];
    assert_int_equal(first.sequence, 33434);
    assert_int_equal(first.ttl, 1);
    d.now = 10 * HOPS_MS;
    drive_answer(&d, &first, HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    drive_to(&d, 1000 * HOPS_MS);
    const struct hops_event *round = drive_last(&d, HOPS_EVENT_ROUND);
    assert_int_equal(round->u.round.reason, HOPS_ROUND_TIME_LIMIT);
    assert_int_equal(round->u.round.target_ttl, 0);

    drive_send(&d);
    assert_int_equal(d.sent[0].round, 1);
    struct hops_probe one = d.sent[0];
    drive_answer(&d, &one, HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    drive_send(&d);
    struct hops_probe two = d.sent[0];
    assert_int_equal(two.ttl, 2);
    drive_answer(&d, &two, HOPS_REPLY_ECHO, TARGET);
    assert_int_equal(drive_send(&d), 0);
    drive_to(&d, 2000 * HOPS_MS);
    round = drive_last(&d, HOPS_EVENT_ROUND);
    assert_int_equal(round->u.round.round, 1);
    assert_int_equal(round->u.round.reason, HOPS_ROUND_TARGET_FOUND);
    assert_int_equal(round->u.round.target_ttl, 2);
    assert_int_equal(round->u.round.largest_ttl, 2);
    assert_int_equal(drive_send(&d), 2); /* both at once: the target's TTL is known */
    drive_end(&d);
}

static void tracer_everything_answered_ends_the_round_at_once(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.min_round = 0;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe p[3] = {d.sent[0], d.sent[1], d.sent[2]};
    d.now = 30 * HOPS_MS;
    drive_answer(&d, &p[2], HOPS_REPLY_ECHO, TARGET);
    drive_answer(&d, &p[0], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    drive_to(&d, 31 * HOPS_MS);
    assert_int_equal(drive_count(&d, HOPS_EVENT_ROUND), 0); /* TTL 2 is missing */
    drive_answer(&d, &p[1], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    drive_to(&d, 31 * HOPS_MS);
    assert_int_equal(drive_count(&d, HOPS_EVENT_ROUND), 1);
    assert_int_equal(drive_last(&d, HOPS_EVENT_ROUND)->time, 31 * HOPS_MS);
    drive_end(&d);
}

static void tracer_silent_hop_costs_the_grace_period(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.min_round = 0;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe p[3] = {d.sent[0], d.sent[1], d.sent[2]};
    d.now = 30 * HOPS_MS;
    drive_answer(&d, &p[0], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    d.now = 50 * HOPS_MS;
    drive_answer(&d, &p[2], HOPS_REPLY_ECHO, TARGET);
    drive_to(&d, 149 * HOPS_MS);
    assert_int_equal(drive_count(&d, HOPS_EVENT_ROUND), 0);
    drive_to(&d, 150 * HOPS_MS);
    assert_int_equal(drive_count(&d, HOPS_EVENT_ROUND), 1);
    drive_end(&d);
}

static void tracer_last_round_does_not_wait(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.max_rounds = 1;
    c.max_ttl = 2;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe p[2] = {d.sent[0], d.sent[1]};
    d.now = 5 * HOPS_MS;
    drive_answer(&d, &p[0], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    drive_answer(&d, &p[1], HOPS_REPLY_ECHO, TARGET);
    drive_to(&d, 5 * HOPS_MS);
    assert_true(hops_tracer_ended(d.t));
    assert_int_equal(drive_last(&d, HOPS_EVENT_END)->u.end, HOPS_END_ROUNDS_DONE);
    assert_int_equal(hops_tracer_deadline(d.t), HOPS_NEVER);
    drive_end(&d);
}

static void tracer_silent_target_lingers_for_late_replies(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.max_rounds = 1;
    c.max_ttl = 2;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe p[2] = {d.sent[0], d.sent[1]};
    drive_to(&d, 1000 * HOPS_MS);
    assert_int_equal(drive_count(&d, HOPS_EVENT_ROUND), 1);
    assert_int_equal(drive_count(&d, HOPS_EVENT_END), 0);
    d.now = 2500 * HOPS_MS;
    assert_int_equal(drive_answer(&d, &p[1], HOPS_REPLY_ECHO, TARGET), HOPS_VERDICT_LATE);
    assert_true(drive_last(&d, HOPS_EVENT_REPLY)->u.reply.late);
    assert_int_equal(drive_last(&d, HOPS_EVENT_REPLY)->u.reply.rtt, 2500 * HOPS_MS);
    drive_to(&d, 2600 * HOPS_MS); /* grace after the target's late answer */
    assert_true(hops_tracer_ended(d.t));
    drive_end(&d);

    drive_start(&d, &c);
    drive_send(&d);
    drive_to(&d, 2999 * HOPS_MS);
    assert_false(hops_tracer_ended(d.t));
    drive_to(&d, 3000 * HOPS_MS);
    assert_true(hops_tracer_ended(d.t));
    drive_end(&d);
}

static void tracer_rtt_longer_than_a_round_is_no_loss(void **state) {
    struct hops_config c = drive_config();
    static struct hops_probe sent[4][64];

    (void)state;
    c.max_inflight = 4;
    drive_start(&d, &c);
    /* Each probe is answered 1.5 s after it was sent; the target is at TTL 6. */
    size_t counts[4] = {0};
    for (int round = 0; round < 4; round++) {
        drive_to(&d, round * HOPS_SEC);
        counts[round] = drive_send(&d);
        memcpy(sent[round], d.sent, sizeof(sent[round]));
        if (round == 0) {
            continue;
        }
        d.now = round * HOPS_SEC + 500 * HOPS_MS;
        for (size_t i = 0; i < counts[round - 1]; i++) {
            struct hops_probe *p = &sent[round - 1][i];
            enum hops_verdict v = p->ttl >= 6
                                      ? drive_answer(&d, p, HOPS_REPLY_ECHO, TARGET)
                                      : drive_answer(&d, p, HOPS_REPLY_TIME_EXCEEDED, ROUTER);
            assert_int_equal(v, HOPS_VERDICT_LATE);
        }
        size_t more = drive_send(&d);
        memcpy(sent[round] + counts[round], d.sent, more * sizeof(d.sent[0]));
        counts[round] += more;
    }
    assert_int_equal(counts[0], 4);
    assert_true(counts[1] > 6);     /* late replies open the window ... */
    assert_int_equal(counts[3], 6); /* ... and teach the target's place */
    drive_end(&d);
}

static void tracer_path_growth_forgets_the_target_ttl(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe p = d.sent[1];
    drive_answer(&d, &p, HOPS_REPLY_ECHO, TARGET);
    drive_to(&d, HOPS_SEC);
    assert_int_equal(drive_send(&d), 2);
    p = d.sent[1];
    drive_answer(&d, &p, HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    assert_int_equal(drive_send(&d), 32); /* TTL 3..34, beyond the one that answered */
    p = d.sent[1];
    assert_int_equal(p.ttl, 4);
    drive_answer(&d, &p, HOPS_REPLY_ECHO, TARGET);
    drive_to(&d, 2 * HOPS_SEC);
    assert_int_equal(drive_last(&d, HOPS_EVENT_ROUND)->u.round.largest_ttl, 4);
    drive_end(&d);
}

/* The path has grown behind a router that is silent: nobody but the target itself can show it. */
static void tracer_target_behind_a_new_silent_router_is_found_again(void **state) {
    struct hops_config c = drive_config();
    int round = 0;

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe p = d.sent[1];
    drive_answer(&d, &p, HOPS_REPLY_ECHO, TARGET);
    while (round < 4 && (drive_to(&d, ++round * HOPS_SEC), drive_send(&d)) == 2) {
    }
    assert_int_equal(round, 4); /* three rounds without the target ... */
    assert_true(d.sent_count > 3);
    p = d.sent[2];
    drive_answer(&d, &p, HOPS_REPLY_ECHO, TARGET);
    drive_to(&d, 5 * HOPS_SEC);
    assert_int_equal(drive_last(&d, HOPS_EVENT_ROUND)->u.round.target_ttl, 3);
    assert_int_equal(drive_send(&d), 3); /* ... and its place is known again */
    drive_end(&d);
}

static void tracer_late_reply_of_the_target_does_not_end_the_running_round(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.min_round = 0;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe late = d.sent[2];
    drive_to(&d, HOPS_SEC);
    assert_int_equal(drive_count(&d, HOPS_EVENT_ROUND), 1);
    drive_send(&d);
    struct hops_probe one = d.sent[0];
    struct hops_probe two = d.sent[1];
    struct hops_probe three = d.sent[2];
    d.now += 10 * HOPS_MS;
    drive_answer(&d, &one, HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    drive_answer(&d, &two, HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    drive_answer(&d, &three, HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    struct hops_probe again = d.sent[3];
    assert_int_equal(drive_answer(&d, &late, HOPS_REPLY_ECHO, TARGET), HOPS_VERDICT_LATE);
    drive_to(&d, d.now + HOPS_MS);
    assert_int_equal(drive_count(&d, HOPS_EVENT_ROUND), 1); /* this round's own is on its way */
    assert_int_equal(drive_answer(&d, &again, HOPS_REPLY_ECHO, TARGET), HOPS_VERDICT_ACCEPTED);
    drive_to(&d, d.now + HOPS_MS);
    assert_int_equal(drive_last(&d, HOPS_EVENT_ROUND)->u.round.reason, HOPS_ROUND_TARGET_FOUND);
    drive_end(&d);
}

static void tracer_unreachable_router_ends_the_round(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.min_round = 0;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe p[2] = {d.sent[0], d.sent[1]};
    d.now = HOPS_MS * 2;
    drive_answer(&d, &p[1], HOPS_REPLY_UNREACHABLE, ROUTER);
    drive_answer(&d, &p[0], HOPS_REPLY_TIME_EXCEEDED, "203.0.113.9");
    drive_to(&d, 2 * HOPS_MS);
    const struct hops_event *round = drive_last(&d, HOPS_EVENT_ROUND);
    assert_int_equal(round->u.round.reason, HOPS_ROUND_UNREACHABLE);
    assert_int_equal(round->u.round.largest_ttl, 2);
    assert_int_equal(round->u.round.target_ttl, 0);
    drive_end(&d);
}

static void tracer_port_taken_reissues_the_same_ttl(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.protocol = HOPS_PROTOCOL_TCP;
    c.direction = HOPS_PORTS_FIXED_TARGET;
    c.target_port = 80;
    drive_start(&d, &c);
    struct hops_probe a = drive_outcome(&d, HOPS_SEND_PORT_TAKEN, HOPS_CALL_BIND, EADDRINUSE);
    struct hops_probe b = drive_outcome(&d, HOPS_SEND_PORT_TAKEN, HOPS_CALL_CONNECT, EADDRINUSE);
    struct hops_probe e = drive_outcome(&d, HOPS_SEND_OK, HOPS_CALL_NONE, 0);
    assert_int_equal(a.ttl, 1);
    assert_int_equal(b.ttl, 1);
    assert_int_equal(e.ttl, 1);
    assert_int_equal(a.src_port, 33434);
    assert_int_equal(b.src_port, 33435);
    assert_int_equal(e.src_port, 33436);
    assert_int_equal(drive_count(&d, HOPS_EVENT_SKIPPED), 2);
    assert_int_equal(drive_count(&d, HOPS_EVENT_FAILED), 0);
    assert_int_equal(drive_count(&d, HOPS_EVENT_SENT), 1);
    /* a reply to the abandoned probe is not accepted */
    assert_int_equal(drive_answer(&d, &a, HOPS_REPLY_TIME_EXCEEDED, ROUTER), HOPS_VERDICT_NOT_SENT);
    drive_end(&d);
}

static void tracer_address_not_available_is_failed_never_skipped(void **state) {
    static const enum hops_call calls[] = {HOPS_CALL_BIND, HOPS_CALL_CONNECT, HOPS_CALL_SENDTO};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct hops_config c = drive_config();
        c.protocol = HOPS_PROTOCOL_TCP;
        c.direction = HOPS_PORTS_FIXED_TARGET;
        c.target_port = 80;
        drive_start(&d, &c);
        struct hops_probe a = drive_outcome(&d, HOPS_SEND_FAILED, calls[i], EADDRNOTAVAIL);
        struct hops_probe b = drive_outcome(&d, HOPS_SEND_OK, HOPS_CALL_NONE, 0);
        assert_int_equal(a.ttl, 1);
        assert_int_equal(b.ttl, 2);
        assert_int_equal(drive_count(&d, HOPS_EVENT_SKIPPED), 0);
        const struct hops_event *failed = drive_last(&d, HOPS_EVENT_FAILED);
        assert_int_equal(failed->u.failure.os_errno, EADDRNOTAVAIL);
        assert_int_equal(failed->u.failure.call, calls[i]);
        drive_end(&d);
    }
}

static void tracer_taken_port_that_cannot_move_is_failed(void **state) {
    static const struct {
        const char *name;
        enum hops_protocol protocol;
        enum hops_strategy strategy;
        enum hops_port_direction direction;
        enum hops_call call;
        enum hops_event_kind want;
    } rows[] = {
        {"tcp, free source, bind", HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC,
         HOPS_PORTS_FIXED_TARGET, HOPS_CALL_BIND, HOPS_EVENT_SKIPPED},
        {"tcp, free source, connect", HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC,
         HOPS_PORTS_FIXED_TARGET, HOPS_CALL_CONNECT, HOPS_EVENT_SKIPPED},
        {"tcp, fixed source, bind", HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC,
         HOPS_PORTS_FIXED_SOURCE, HOPS_CALL_BIND, HOPS_EVENT_FAILED},
        {"tcp, fixed source, connect", HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC,
         HOPS_PORTS_FIXED_SOURCE, HOPS_CALL_CONNECT, HOPS_EVENT_SKIPPED},
        {"udp, free source", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_TARGET,
         HOPS_CALL_BIND, HOPS_EVENT_SKIPPED},
        {"udp, fixed source", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_SOURCE,
         HOPS_CALL_BIND, HOPS_EVENT_FAILED},
        {"paris, round port", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS, HOPS_PORTS_FIXED_TARGET,
         HOPS_CALL_BIND, HOPS_EVENT_SKIPPED},
        {"dublin, both fixed", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN, HOPS_PORTS_FIXED_BOTH,
         HOPS_CALL_BIND, HOPS_EVENT_FAILED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config c = drive_config();
        c.protocol = rows[i].protocol;
        c.strategy = rows[i].strategy;
        c.direction = rows[i].direction;
        c.source_port = 5000;
        c.target_port = 80;
        drive_start(&d, &c);
        struct hops_probe a = drive_outcome(&d, HOPS_SEND_PORT_TAKEN, rows[i].call, EADDRINUSE);
        check_int(rows[i].name, d.events[0].kind, rows[i].want);
        struct hops_probe b = drive_outcome(&d, HOPS_SEND_OK, HOPS_CALL_NONE, 0);
        bool skipped = rows[i].want == HOPS_EVENT_SKIPPED;
        check_int(rows[i].name, b.ttl, skipped ? 1 : 2);
        if (skipped) {
            check_int(rows[i].name, a.src_port != b.src_port || a.dst_port != b.dst_port, 1);
        }
        drive_end(&d);
    }
}

static void tracer_gives_up_a_ttl_after_32_skips(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.protocol = HOPS_PROTOCOL_TCP;
    c.direction = HOPS_PORTS_FIXED_TARGET;
    c.target_port = 80;
    drive_start(&d, &c);
    for (int i = 0; i < 33; i++) {
        assert_int_equal(drive_outcome(&d, HOPS_SEND_PORT_TAKEN, HOPS_CALL_BIND, EADDRINUSE).ttl,
                         1);
    }
    assert_int_equal(drive_count(&d, HOPS_EVENT_SKIPPED), 32);
    assert_int_equal(drive_count(&d, HOPS_EVENT_FAILED), 1);
    assert_int_equal(drive_last(&d, HOPS_EVENT_FAILED)->u.failure.os_errno, EADDRINUSE);
    assert_int_equal(drive_outcome(&d, HOPS_SEND_OK, HOPS_CALL_NONE, 0).ttl, 2);
    drive_end(&d);
}

/* All ports of a round taken: 512 sequences are used up, the round ends by its time limit, the next
 * one goes on with further sequences. */
static void tracer_survives_a_round_of_taken_ports(void **state) {
    struct hops_config c = drive_config();
    struct hops_probe p;

    (void)state;
    c.protocol = HOPS_PROTOCOL_TCP;
    c.direction = HOPS_PORTS_FIXED_TARGET;
    c.target_port = 80;
    drive_start(&d, &c);
    hops_tracer_advance(d.t, 0);
    size_t offers = 0;
    while (hops_tracer_next_probe(d.t, 0, &p)) {
        struct hops_send_result r = {
            .status = HOPS_SEND_PORT_TAKEN, .call = HOPS_CALL_BIND, .os_errno = EADDRINUSE};
        hops_tracer_outcome(d.t, &r, 0);
        drive_events(&d);
        offers++;
    }
    assert_int_equal(offers, 512);
    assert_int_equal(drive_count(&d, HOPS_EVENT_FAILED) + drive_count(&d, HOPS_EVENT_SKIPPED), 512);
    drive_to(&d, HOPS_SEC);
    assert_int_equal(drive_count(&d, HOPS_EVENT_ROUND), 1);
    assert_int_equal(drive_outcome(&d, HOPS_SEND_OK, HOPS_CALL_NONE, 0).sequence, 33434 + 512);
    drive_end(&d);
}

static void tracer_busy_link_gets_the_same_probe_again(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    struct hops_probe a = drive_outcome(&d, HOPS_SEND_BUSY, HOPS_CALL_SOCKET, EMFILE);
    struct hops_probe b;
    assert_false(hops_tracer_next_probe(d.t, d.now, &b));
    assert_int_equal(d.event_count, 0);
    d.now = hops_tracer_deadline(d.t);
    assert_int_equal(d.now, HOPS_MS);
    b = drive_outcome(&d, HOPS_SEND_OK, HOPS_CALL_NONE, 0);
    assert_memory_equal(&a, &b, sizeof(a));
    drive_end(&d);
}

/* An error breaks a round off, and its probes may be answered afterwards. */
static void tracer_takes_nothing_after_the_end(void **state) {
    const struct hops_send_result refused = {
        .status = HOPS_SEND_FAILED, .call = HOPS_CALL_SENDTO, .os_errno = EHOSTUNREACH};
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    struct hops_probe p[2] = {drive_outcome(&d, HOPS_SEND_OK, HOPS_CALL_NONE, 0),
                              drive_outcome(&d, HOPS_SEND_OK, HOPS_CALL_NONE, 0)};
    drive_outcome(&d, HOPS_SEND_FATAL, HOPS_CALL_SENDTO, EBADF);
    assert_int_equal(d.events[d.event_count - 1].kind, HOPS_EVENT_END);
    size_t count = d.event_count;
    assert_int_equal(drive_answer(&d, &p[0], HOPS_REPLY_TIME_EXCEEDED, "203.0.113.1"),
                     HOPS_VERDICT_NOT_SENT);
    hops_tracer_failed_late(d.t, p[1].id, &refused, d.now);
    drive_events(&d);
    assert_int_equal(d.event_count, count);
    drive_end(&d);
}

static void tracer_fatal_error_ends_the_trace(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    drive_outcome(&d, HOPS_SEND_FATAL, HOPS_CALL_SENDTO, EBADF);
    drive_to(&d, d.now);
    assert_int_equal(drive_last(&d, HOPS_EVENT_ERROR)->u.failure.os_errno, EBADF);
    assert_int_equal(drive_last(&d, HOPS_EVENT_END)->u.end, HOPS_END_ERROR);
    assert_int_equal(drive_count(&d, HOPS_EVENT_ROUND), 0);
    assert_true(hops_tracer_ended(d.t));
    drive_end(&d);
}

static void tracer_send_interval_paces(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.send_interval = 20 * HOPS_MS;
    drive_start(&d, &c);
    assert_int_equal(drive_send(&d), 1);
    assert_int_equal(hops_tracer_deadline(d.t), 20 * HOPS_MS);
    d.now = 20 * HOPS_MS;
    assert_int_equal(drive_send(&d), 1);
    assert_int_equal(d.sent[0].ttl, 2);
    drive_end(&d);
}

static void tracer_all_failed_reaches_the_round_end(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.max_ttl = 3;
    c.max_rounds = 1;
    drive_start(&d, &c);
    for (int i = 0; i < 3; i++) {
        drive_outcome(&d, HOPS_SEND_FAILED, HOPS_CALL_SENDTO, ENETUNREACH);
    }
    drive_to(&d, 0);
    assert_int_equal(drive_last(&d, HOPS_EVENT_ROUND)->u.round.largest_ttl, 3);
    assert_true(hops_tracer_ended(d.t));
    drive_end(&d);
}

static void tracer_late_failure_is_told(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_send_result r = {
        .status = HOPS_SEND_FAILED, .call = HOPS_CALL_SENDTO, .os_errno = EHOSTUNREACH};
    hops_tracer_failed_late(d.t, d.sent[2].id, &r, d.now);
    drive_events(&d);
    assert_int_equal(drive_last(&d, HOPS_EVENT_FAILED)->probe.ttl, 3);
    assert_int_equal(drive_answer(&d, &d.sent[2], HOPS_REPLY_TIME_EXCEEDED, ROUTER),
                     HOPS_VERDICT_NOT_SENT);
    drive_end(&d);
}

/* Runs rounds in which every TTL up to ttls is answered, and returns the sequence the next begins
 * with. */
static uint16_t run_rounds(struct hops_config *c, int rounds, uint8_t ttls, bool reissue,
                           unsigned *laps) {
    uint16_t first = 0;

    c->max_ttl = ttls;
    c->max_inflight = 255;
    c->min_round = 0;
    *laps = 0;
    drive_start(&d, c);
    for (int round = 0; round <= rounds; round++) {
        for (uint8_t ttl = 1; ttl <= ttls; ttl++) {
            struct hops_probe p;
            if (reissue) {
                p = drive_outcome(&d, HOPS_SEND_PORT_TAKEN, HOPS_CALL_BIND, EADDRINUSE);
                if (ttl == 1) {
                    first = p.sequence;
                }
            }
            p = drive_outcome(&d, HOPS_SEND_OK, HOPS_CALL_NONE, 0);
            if (ttl == 1 && !reissue) {
                first = p.sequence;
            }
            assert_int_equal(p.ttl, ttl);
            if (ttl == 1) {
                *laps += first == c->initial_sequence;
                if (round == rounds) {
                    drive_end(&d);
                    return first;
                }
            }
            assert_int_equal(drive_answer(&d, &p, HOPS_REPLY_TIME_EXCEEDED, ROUTER),
                             HOPS_VERDICT_ACCEPTED);
            d.event_count = 0;
        }
        d.now += HOPS_MS;
    }
    return 0;
}

static void tracer_failure_after_the_end_tells_nothing(void **state) {
    struct hops_config c = drive_config();
    struct hops_send_result r = {
        .status = HOPS_SEND_FAILED, .call = HOPS_CALL_SENDTO, .os_errno = EHOSTUNREACH};

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    hops_tracer_stop(d.t, d.now);
    drive_to(&d, d.now + HOPS_SEC);
    assert_int_equal(drive_count(&d, HOPS_EVENT_END), 1);
    size_t events = d.event_count;
    hops_tracer_failed_late(d.t, d.sent[2].id, &r, d.now);
    drive_events(&d);
    assert_int_equal(d.event_count, events);
    drive_end(&d);
}

static void tracer_sequences_run_in_laps(void **state) {
    struct hops_config c = drive_config();
    unsigned laps;

    (void)state;
    /* 254 probes a round: (65023 - 33434) / 254 = 124.4, so 125 rounds to a lap */
    assert_int_equal(run_rounds(&c, 2000, 254, false, &laps), 33434);
    assert_int_equal(laps, 17);

    c = drive_config();
    c.protocol = HOPS_PROTOCOL_TCP;
    c.direction = HOPS_PORTS_FIXED_TARGET;
    c.target_port = 80;
    assert_int_equal(run_rounds(&c, 2000, 254, true, &laps), 57310);

    c = drive_config();
    c.initial_sequence = 64511;
    assert_int_equal(run_rounds(&c, 100, 30, false, &laps), 64811);

    /* IPv6 dublin: the sequence is a payload length, 26 rounds of 20 to a lap */
    c = drive_config();
    c.target = drive_addr("2001:db8:1::14");
    c.source = drive_addr("2001:db8::a");
    assert_int_equal(c.initial_sequence, 33434);
    c.protocol = HOPS_PROTOCOL_UDP;
    c.strategy = HOPS_STRATEGY_DUBLIN;
    c.direction = HOPS_PORTS_FIXED_BOTH;
    c.source_port = 5000;
    c.target_port = 33434;
    c.max_ttl = 20;
    c.max_inflight = 255;
    c.min_round = 0;
    c.reply_timeout = HOPS_MS;
    drive_start(&d, &c);
    unsigned rounds = 0;
    for (hops_ns now = 0; rounds < 27; now += HOPS_SEC) {
        drive_to(&d, now);
        assert_int_equal(drive_send(&d), 20);
        d.event_count = 0;
        if (++rounds <= 26) {
            assert_int_equal(d.sent[0].sequence, 33434 + 20 * (rounds - 1));
        }
    }
    assert_int_equal(d.sent[0].sequence, 33434);
    drive_end(&d);
}

static void tracer_reused_sequence_gives_the_older_probe_up(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.last_sequence = (uint16_t)(c.initial_sequence + 7); /* two rounds of four to a lap */
    c.max_ttl = 4;
    c.min_round = 0;
    c.max_round = 10 * HOPS_MS;
    drive_start(&d, &c);
    struct hops_probe old = {0};
    for (int round = 0; round < 3; round++) {
        drive_to(&d, round * 10 * HOPS_MS);
        assert_int_equal(drive_send(&d), 4);
        if (round == 0) {
            old = d.sent[3];
        }
    }
    /* round 2 uses round 0's sequences: round 0 is settled early, and only round 2 can be answered
     */
    assert_int_equal(drive_count(&d, HOPS_EVENT_SETTLED), 1);
    assert_int_equal(old.sequence, d.sent[3].sequence);
    assert_int_equal(drive_answer(&d, &d.sent[3], HOPS_REPLY_TIME_EXCEEDED, ROUTER),
                     HOPS_VERDICT_ACCEPTED);
    assert_int_equal(drive_last(&d, HOPS_EVENT_REPLY)->probe.round, 2);
    drive_end(&d);
}

static void tracer_full_log_gives_the_oldest_round_up(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.min_round = 0;
    c.max_round = HOPS_MS;
    c.max_ttl = 200;
    c.max_inflight = 255;
    drive_start(&d, &c);
    for (int round = 0; round < 40; round++) { /* 8,000 unanswered probes within 40 ms */
        drive_to(&d, round * HOPS_MS);
        assert_int_equal(drive_send(&d), 200);
        d.event_count = 0;
    }
    assert_int_equal(drive_answer(&d, &d.sent[7], HOPS_REPLY_TIME_EXCEEDED, ROUTER),
                     HOPS_VERDICT_ACCEPTED);
    drive_end(&d);
}

static void tracer_missed_rounds_are_not_made_up(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    d.now = 3600 * HOPS_SEC; /* suspended for an hour */
    assert_int_equal(drive_send(&d), 32);
    assert_int_equal(d.sent[0].round, 1);
    assert_true(hops_tracer_deadline(d.t) > d.now);
    drive_end(&d);
}

static void tracer_stop_publishes_the_running_round(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    drive_answer(&d, &d.sent[0], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    hops_tracer_stop(d.t, d.now);
    drive_events(&d);
    assert_int_equal(drive_last(&d, HOPS_EVENT_ROUND)->u.round.reason, HOPS_ROUND_STOPPED);
    assert_int_equal(drive_last(&d, HOPS_EVENT_END)->u.end, HOPS_END_STOPPED);
    assert_true(hops_tracer_ended(d.t));
    drive_end(&d);
}

static void tracer_pause_holds_the_next_round(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    hops_tracer_pause(d.t, true, d.now);
    drive_to(&d, 5 * HOPS_SEC);
    assert_int_equal(drive_send(&d), 0);
    hops_tracer_pause(d.t, false, d.now);
    assert_int_equal(drive_send(&d), 32);
    drive_end(&d);
}

static void tracer_tells_when_the_path_changes(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    static const char *const routers[3] = {"203.0.113.1", "203.0.113.1", "203.0.113.2"};
    for (int round = 0; round < 3; round++) {
        drive_to(&d, round * HOPS_SEC);
        drive_send(&d);
        struct hops_probe p[2] = {d.sent[0], d.sent[1]};
        drive_answer(&d, &p[0], HOPS_REPLY_TIME_EXCEEDED, routers[round]);
        drive_answer(&d, &p[1], HOPS_REPLY_ECHO, TARGET);
    }
    drive_to(&d, 3 * HOPS_SEC);
    assert_int_equal(drive_count(&d, HOPS_EVENT_PATH), 1);
    const struct hops_event *path = drive_last(&d, HOPS_EVENT_PATH);
    assert_int_equal(path->u.path.round, 2);
    assert_int_equal(path->u.path.ttl, 1);
    assert_int_equal(path->u.path.before.octets[3], 1);
    assert_int_equal(path->u.path.after.octets[3], 2);
    drive_end(&d);
}

static int allocate(struct check_mem *m, void *user) {
    struct hops_config c = drive_config();
    struct hops_tracer *t = NULL;
    enum hops_err err = hops_tracer_new(&c, &m->mem, 0, &t, NULL);

    (void)user;
    assert_true(err == HOPS_OK || (err == HOPS_ERR_NOMEM && t == NULL));
    hops_tracer_free(t);
    return err == HOPS_OK;
}

static void tracer_out_of_memory_is_an_error(void **state) {
    (void)state;
    check_every_allocation(allocate, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tracer_fresh_sends_max_inflight_at_once),
        cmocka_unit_test(tracer_reply_opens_the_window),
        cmocka_unit_test(tracer_two_rounds_learn_the_target_ttl),
        cmocka_unit_test(tracer_everything_answered_ends_the_round_at_once),
        cmocka_unit_test(tracer_silent_hop_costs_the_grace_period),
        cmocka_unit_test(tracer_last_round_does_not_wait),
        cmocka_unit_test(tracer_silent_target_lingers_for_late_replies),
        cmocka_unit_test(tracer_rtt_longer_than_a_round_is_no_loss),
        cmocka_unit_test(tracer_path_growth_forgets_the_target_ttl),
        cmocka_unit_test(tracer_target_behind_a_new_silent_router_is_found_again),
        cmocka_unit_test(tracer_late_reply_of_the_target_does_not_end_the_running_round),
        cmocka_unit_test(tracer_unreachable_router_ends_the_round),
        cmocka_unit_test(tracer_port_taken_reissues_the_same_ttl),
        cmocka_unit_test(tracer_address_not_available_is_failed_never_skipped),
        cmocka_unit_test(tracer_taken_port_that_cannot_move_is_failed),
        cmocka_unit_test(tracer_gives_up_a_ttl_after_32_skips),
        cmocka_unit_test(tracer_survives_a_round_of_taken_ports),
        cmocka_unit_test(tracer_busy_link_gets_the_same_probe_again),
        cmocka_unit_test(tracer_fatal_error_ends_the_trace),
        cmocka_unit_test(tracer_takes_nothing_after_the_end),
        cmocka_unit_test(tracer_send_interval_paces),
        cmocka_unit_test(tracer_all_failed_reaches_the_round_end),
        cmocka_unit_test(tracer_late_failure_is_told),
        cmocka_unit_test(tracer_failure_after_the_end_tells_nothing),
        cmocka_unit_test(tracer_sequences_run_in_laps),
        cmocka_unit_test(tracer_reused_sequence_gives_the_older_probe_up),
        cmocka_unit_test(tracer_full_log_gives_the_oldest_round_up),
        cmocka_unit_test(tracer_missed_rounds_are_not_made_up),
        cmocka_unit_test(tracer_stop_publishes_the_running_round),
        cmocka_unit_test(tracer_pause_holds_the_next_round),
        cmocka_unit_test(tracer_tells_when_the_path_changes),
        cmocka_unit_test(tracer_out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
