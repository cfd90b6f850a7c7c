/* SPDX-License-Identifier: MIT
 *
 * An hour is missing: the process was stopped, or the host was asleep with its clock running on.
 * The real tracer and statistics over the simulator, with a clock that jumps in the midst of a
 * trace.
 */
#include "scene.h"

#include <hops/tracer.h>

enum { ROUNDS = 6, ROUTERS = 3, TURNS_MAX = 100000 };

#define DELAY (10 * HOPS_MS) /* from one to the next */
#define HOUR  (3600 * HOPS_SEC)

/* What is to be seen of a trace whose clock jumped. */
struct course {
    struct scene scene;
    struct hops_link *link;
    struct hops_tracer *tracer;
    struct hops_stats *stats;
    uint32_t attachment;
    hops_ns now;
    hops_ns jump_at;
    bool jumped;
    hops_ns began[ROUNDS]; /* first probe of each round */
    size_t sent, replies, late, rounds;
    hops_ns worst; /* greatest round-trip time */
};

static void take_events(struct course *c) {
    struct hops_event event;

    while (hops_tracer_next_event(c->tracer, &event)) {
        hops_stats_apply(c->stats, &event);
        if (event.kind == HOPS_EVENT_SENT) {
            assert_in_range(event.probe.round, 0, ROUNDS - 1);
            if (event.probe.ttl == 1) {
                c->began[event.probe.round] = event.time;
            }
            c->sent++;
        } else if (event.kind == HOPS_EVENT_REPLY) {
            assert_true(event.u.reply.rtt >= 0);
            c->worst = event.u.reply.rtt > c->worst ? event.u.reply.rtt : c->worst;
            c->late += event.u.reply.late ? 1 : 0;
            c->replies++;
        } else if (event.kind == HOPS_EVENT_ROUND) {
            assert_int_equal(event.u.round.round, c->rounds);
            c->rounds++;
        }
    }
}

/* What the loop does in one turn: takes in, lets time pass, sends. */
static void turn(struct course *c) {
    struct hops_inbound inbound;
    struct hops_probe probe;

    while (c->link->ops->receive(c->link, c->now, &inbound)) {
        while (hops_tracer_received(c->tracer, &inbound.reply, c->now) == HOPS_VERDICT_NOT_READY) {
            take_events(c);
        }
        take_events(c);
    }
    while (hops_tracer_deadline(c->tracer) <= c->now) {
        hops_tracer_advance(c->tracer, c->now);
        take_events(c);
        while (hops_tracer_next_probe(c->tracer, c->now, &probe)) {
            struct hops_send_result result =
                c->link->ops->send(c->link, c->attachment, &probe, c->now);

            hops_tracer_outcome(c->tracer, &result, c->now);
            take_events(c);
        }
    }
}

static void run_course(struct course *c, hops_ns jump_at) {
    struct hops_stats_config stats;
    struct hops_config config;
    struct hops_diag diag;

    *c = (struct course){.jump_at = jump_at};
    scene_init(&c->scene, HOPS_IPV4);
    scene_routers(&c->scene, ROUTERS, DELAY);
    (void)scene_target(&c->scene, 99, DELAY);
    config = scene_config(&c->scene);
    config.max_rounds = ROUNDS;
    config.max_ttl = ROUTERS + 1;
    hops_stats_config_init(&stats);
    assert_int_equal(hops_sim_new(&c->scene.scenario, NULL, &c->link, &diag), HOPS_OK);
    assert_int_equal(c->link->ops->attach(c->link, &config, 0, &c->attachment, &diag), HOPS_OK);
    assert_int_equal(hops_tracer_new(&config, NULL, 0, &c->tracer, &diag), HOPS_OK);
    assert_int_equal(hops_stats_new(&stats, config.first_ttl, NULL, &c->stats), HOPS_OK);
    for (int i = 0; !hops_tracer_ended(c->tracer); i++) {
        hops_ns next = hops_tracer_deadline(c->tracer);
        hops_ns arrival = c->link->ops->deadline(c->link);

        assert_true(i < TURNS_MAX);
        next = arrival < next ? arrival : next;
        c->now = next > c->now ? next : c->now;
        if (!c->jumped && c->now >= jump_at) {
            c->now = jump_at + HOUR;
            c->jumped = true;
        }
        turn(c);
        take_events(c);
    }
}

static void end_course(struct course *c) {
    hops_stats_free(c->stats);
    hops_tracer_free(c->tracer);
    c->link->ops->close(c->link);
    scene_done(&c->scene);
}

static void clock_jump_of_an_hour_skips_the_missed_rounds(void **state) {
    static const struct {
        const char *name;
        hops_ns at;
        uint32_t round; /* the one in which it happens, or after which */
    } rows[] = {
        {"between two rounds", 2 * HOPS_SEC + 500 * HOPS_MS, 2},
        {"with all answers on their way", 2 * HOPS_SEC + 1 * HOPS_MS, 2},
        {"with some answers on their way", 2 * HOPS_SEC + 50 * HOPS_MS, 2},
        {"in the first round", 30 * HOPS_MS, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *name = rows[i].name;
        struct course c;

        run_course(&c, rows[i].at);
        check_int(name, c.jumped, true);
        /* As many rounds as asked for, none made up for, each whole. */
        check_int(name, c.rounds, ROUNDS);
        for (uint32_t r = 1; r < ROUNDS; r++) {
            const bool over = r == rows[i].round + 1;
            const hops_ns gap = c.began[r] - c.began[r - 1];

            check_int(name, over ? gap >= HOUR : gap == HOPS_SEC, true);
            check_int(name, over ? gap <= HOUR + HOPS_SEC : true, true);
        }
        for (unsigned ttl = 1; ttl <= ROUTERS + 1; ttl++) {
            struct hops_hop hop;

            check_int(name, hops_stats_hop(c.stats, 0, (uint8_t)ttl, &hop), true);
            check_int(name, (int64_t)hop.sent, ROUNDS);
            /* An answer has the time of its arrival, so what was on its way is timed right. */
            check_int(name, hop.worst, 2 * DELAY * ttl);
            check_int(name, hop.best, 2 * DELAY * ttl);
            check_int(name, (int64_t)hop.received, ROUNDS);
        }
        end_course(&c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_jump_of_an_hour_skips_the_missed_rounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
