/* SPDX-License-Identifier: MIT
 *
 * The same probes and replies give the same figures to the last bit, whenever the late ones came
 * and however often somebody looked; and what happens when memory runs out.
 */
#include "script.h"

#include "base/rng.h"

enum { ROUNDS = 40, TTLS = 9 };

/* What becomes of each probe; drawn once, then played in many orders. */
enum fate { ON_TIME, LATE, NEVER, FAILED, FAILED_LATE, SKIPPED };

struct world {
    enum fate fate[ROUNDS][TTLS];
    struct hops_event outcome[ROUNDS][TTLS];
    uint8_t largest[ROUNDS], target[ROUNDS];
};

static uint32_t below(struct rng *rng, uint32_t n) {
    return (uint32_t)(rng_unit(rng) * n);
}

static void draw_probe(struct world *world, struct rng *rng, uint32_t round, uint32_t i) {
    static const enum fate fates[] = {ON_TIME, ON_TIME, ON_TIME, ON_TIME, LATE,        LATE,
                                      LATE,    NEVER,   NEVER,   FAILED,  FAILED_LATE, SKIPPED};
    struct hops_probe probe = {.id = round * TTLS + i,
                               .round = round,
                               .ttl = (uint8_t)(i + 1),
                               .sequence = (uint16_t)(1000 + round * TTLS + i),
                               .src_port = 5000,
                               .dst_port = (uint16_t)(33434 + i)};
    enum fate fate = fates[below(rng, sizeof(fates) / sizeof(fates[0]))];
    char host = (char)(i == 3 ? 'D' + (int)below(rng, 3) : 'a' + (int)i);
    struct hops_event event = script_reply(&probe, host, 1 + 100 * rng_unit(rng));

    event.u.reply.is_target = i >= 6;
    event.u.reply.late = fate == LATE;
    event.u.reply.has_checksums = true;
    event.u.reply.checksum_expected = 7;
    event.u.reply.checksum_actual = (uint16_t)(7 + (i > 4 ? 1 : 0));
    event.u.reply.tos = (int16_t)(below(rng, 3) - 1);
    if (below(rng, 4) == 0) {
        event.u.reply.extensions.present = true;
        event.u.reply.extensions.octets[3] = (uint8_t)below(rng, 100);
    }
    if (fate == FAILED || fate == FAILED_LATE || fate == SKIPPED) {
        memset(&event.u, 0, sizeof(event.u));
        event.kind = fate == SKIPPED ? HOPS_EVENT_SKIPPED : HOPS_EVENT_FAILED;
        event.u.failure.call = HOPS_CALL_SENDTO;
        event.u.failure.os_errno = 1 + (int)below(rng, 3);
    }
    world->fate[round][i] = fate;
    world->outcome[round][i] = event;
}

static void draw_world(struct world *world, uint64_t seed) {
    struct rng rng = {.state = seed};

    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint8_t replied = 0;
        bool dies = below(&rng, 5) == 0; /* nothing beyond TTL 4 answers; the target is known */
        for (uint32_t i = 0; i < TTLS; i++) {
            draw_probe(world, &rng, round, i);
            if (dies && i >= 4) {
                world->fate[round][i] = NEVER;
            }
            if (world->fate[round][i] == ON_TIME && replied < 7) {
                replied = (uint8_t)(i + 1);
            }
        }
        world->largest[round] = (uint8_t)(replied < 7 && replied > 0 ? replied + 1 : replied);
        world->target[round] = dies ? 7 : 0;
        if (dies) {
            world->largest[round] = 7;
        }
    }
}

static bool is_late(enum fate fate) {
    return fate == LATE || fate == FAILED_LATE;
}

/* Everything a round sends, and what comes before it is published; replies in random order. */
static void play_round(struct script *script, const struct world *world, struct rng *rng,
                       uint32_t round) {
    uint32_t replies[TTLS];
    uint32_t count = 0;

    for (uint32_t i = 0; i < TTLS; i++) {
        enum fate fate = world->fate[round][i];
        if (fate == FAILED || fate == SKIPPED) {
            *script_add(script, HOPS_EVENT_FAILED) = world->outcome[round][i];
            continue;
        }
        script_add(script, HOPS_EVENT_SENT)->probe = world->outcome[round][i].probe;
        if (fate == ON_TIME) {
            replies[count++] = i;
        }
    }
    for (; count > 0; count--) {
        uint32_t pick = rng == NULL ? 0 : below(rng, count);
        *script_add(script, HOPS_EVENT_REPLY) = world->outcome[round][replies[pick]];
        memmove(&replies[pick], &replies[pick + 1], (count - pick - 1) * sizeof(replies[0]));
    }
    script_round_event(script, round, world->largest[round], world->target[round]);
}

/* Late ones right after their round, in TTL order. */
static void play_in_order(struct script *script, const struct world *world) {
    for (uint32_t round = 0; round < ROUNDS; round++) {
        play_round(script, world, NULL, round);
        for (uint32_t i = 0; i < TTLS; i++) {
            if (is_late(world->fate[round][i])) {
                *script_add(script, HOPS_EVENT_REPLY) = world->outcome[round][i];
            }
        }
        script_settled(script, round);
    }
}

/* Late ones at any time after their round, in any order; each round settled at any time after its
 * last one (or, without settle, not before the end). */
static void play_shuffled(struct script *script, const struct world *world, struct rng *rng,
                          bool settle) {
    struct hops_event waiting[ROUNDS * TTLS];
    uint32_t open[ROUNDS] = {0}; /* late ones still to come */
    bool settled[ROUNDS] = {false};
    uint32_t count = 0;

    for (uint32_t round = 0; round < ROUNDS || count > 0; round++) {
        if (round < ROUNDS) {
            play_round(script, world, rng, round);
            for (uint32_t i = 0; i < TTLS; i++) {
                if (is_late(world->fate[round][i])) {
                    waiting[count++] = world->outcome[round][i];
                    open[round]++;
                }
            }
        }
        uint32_t take = round < ROUNDS ? below(rng, count + 1) / 3 : count;
        for (; take > 0; take--) {
            uint32_t pick = below(rng, count);
            open[waiting[pick].probe.round]--;
            *script_add(script, HOPS_EVENT_REPLY) = waiting[pick];
            waiting[pick] = waiting[--count];
        }
        for (uint32_t r = 0; settle && r <= round && r < ROUNDS; r++) {
            if (open[r] == 0 && !settled[r] && below(rng, 3) == 0) {
                settled[r] = true;
                script_settled(script, r);
            }
        }
    }
    for (uint32_t r = ROUNDS; settle && r > 0; r--) {
        if (!settled[r - 1]) {
            script_settled(script, r - 1); /* newest first */
        }
    }
}

static void stats_late_replies_in_any_order_end_the_same(void **state) {
    struct rng rng = {.state = 2024};

    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct world world;
        struct script script = {0};
        struct hops_stats *stats = script_stats(24, 3, 1, NULL);

        draw_world(&world, seed);
        play_in_order(&script, &world);
        script_play(&script, stats);
        char *want = script_dump(stats);
        uint64_t backward = 0; /* the world has what it should test */
        for (uint8_t ttl = 6; ttl <= 7; ttl++) {
            backward += script_hop(stats, 0, ttl).backward_lost;
        }
        assert_true(backward > 0);
        assert_int_equal(hops_stats_flow_count(stats), 3);
        hops_stats_free(stats);
        for (int lap = 0; lap < 6; lap++) {
            bool settle = lap % 2 == 0;
            stats = script_stats(24, 3, 1, NULL);
            script.count = 0;
            play_shuffled(&script, &world, &rng, settle);
            for (size_t i = 0; i < script.count; i++) {
                hops_stats_apply(stats, &script.events[i]);
                if (lap >= 2 && below(&rng, 4) == 0) {
                    free(script_dump(stats)); /* looks leave no trace */
                }
            }
            char *got = script_dump(stats); /* without SETTLED: all of it is overlay */
            assert_string_equal(got, want);
            free(got);
            struct hops_event end = {.kind = HOPS_EVENT_END};
            hops_stats_apply(stats, &end);
            got = script_dump(stats);
            assert_string_equal(got, want);
            free(got);
            hops_stats_free(stats);
        }
        free(want);
        script_done(&script);
    }
}

static void stats_look_shows_what_a_commit_of_the_same_events_would(void **state) {
    struct world world;
    struct script script = {0};
    struct rng rng = {.state = 7};
    struct hops_event end = {.kind = HOPS_EVENT_END};

    (void)state;
    draw_world(&world, 99);
    play_shuffled(&script, &world, &rng, true);
    struct hops_stats *live = script_stats(16, 64, 1, NULL);
    for (size_t n = 0; n < script.count; n++) {
        hops_stats_apply(live, &script.events[n]);
        if (n % 11 != 0) {
            continue;
        }
        struct hops_stats *cut = script_stats(16, 64, 1, NULL);
        for (size_t i = 0; i <= n; i++) {
            hops_stats_apply(cut, &script.events[i]);
        }
        hops_stats_apply(cut, &end);
        char *got = script_dump(live);
        char *want = script_dump(cut);
        assert_string_equal(got, want);
        free(got);
        free(want);
        hops_stats_free(cut);
    }
    hops_stats_free(live);
    script_done(&script);
}

static void stats_clear_then_same_events_give_the_same(void **state) {
    struct world world;
    struct script script = {0};
    struct hops_stats *stats = script_stats(16, 64, 1, NULL);

    (void)state;
    draw_world(&world, 5);
    play_in_order(&script, &world);
    script_play(&script, stats);
    hops_stats_clear(stats);
    for (size_t i = 0; i < script.count; i++) { /* the rounds go on: 100, 101, ... */
        struct hops_event *event = &script.events[i];
        event->probe.round += 100;
        event->probe.id += 10000;
        if (event->kind == HOPS_EVENT_ROUND) {
            event->u.round.round += 100;
        } else if (event->kind == HOPS_EVENT_SETTLED) {
            event->u.settled_round += 100;
        }
    }
    script_play(&script, stats);
    struct hops_stats *fresh = script_stats(16, 64, 1, NULL);
    script_play(&script, fresh);
    char *got = script_dump(stats);
    char *want = script_dump(fresh);
    assert_string_equal(got, want);
    free(got);
    free(want);
    hops_stats_free(fresh);
    hops_stats_free(stats);
    script_done(&script);
}

/* One round of ten answered probes, with extensions, and settled `lag` rounds later. */
static void feed_round(struct hops_stats *stats, uint32_t round, uint32_t lag) {
    struct hops_event event;

    for (uint8_t ttl = 1; ttl <= 10; ttl++) {
        struct hops_probe probe = {.id = round * 10 + ttl, .round = round, .ttl = ttl};
        event = (struct hops_event){.kind = HOPS_EVENT_SENT, .probe = probe};
        hops_stats_apply(stats, &event);
        event = script_reply(&probe, (char)('A' + ttl), 5);
        event.u.reply.extensions.present = ttl == 3;
        hops_stats_apply(stats, &event);
    }
    event = (struct hops_event){.kind = HOPS_EVENT_ROUND};
    event.u.round.round = round;
    event.u.round.largest_ttl = 10;
    hops_stats_apply(stats, &event);
    if (round >= lag) {
        event = (struct hops_event){.kind = HOPS_EVENT_SETTLED};
        event.u.settled_round = round - lag;
        hops_stats_apply(stats, &event);
    }
}

static void stats_in_the_steady_state_allocate_nothing(void **state) {
    struct check_mem m;

    (void)state;
    check_mem_init(&m);
    struct hops_stats *stats = script_stats(32, 64, 1, &m.mem);
    for (uint32_t round = 0; round < 100; round++) {
        feed_round(stats, round, 5);
        assert_int_equal(hops_stats_rounds(stats), round + 1);
    }
    long calls = m.calls;
    for (uint32_t round = 100; round < 400; round++) {
        feed_round(stats, round, 5);
        assert_int_equal(hops_stats_rounds(stats), round + 1);
    }
    assert_int_equal(m.calls, calls);
    assert_int_equal(script_hop(stats, 0, 3).sample_count, 32);
    hops_stats_free(stats);
    assert_int_equal(m.live, 0);
}

static void stats_thousands_of_open_rounds_are_fine(void **state) {
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);

    (void)state;
    for (uint32_t round = 0; round < 6000; round++) {
        feed_round(stats, round, 4000);
    }
    assert_int_equal(hops_stats_rounds(stats), 6000);
    assert_int_equal(script_hop(stats, 0, 10).received, 6000);
    assert_int_equal(script_hop(stats, 0, 10).sample_count, 256);
    hops_stats_free(stats);
}

/* Two flows, late replies, extensions and looks in between. 1: nothing was missing. */
static int play_with_memory(struct check_mem *m, void *user) {
    const struct script *script = user;
    struct hops_stats_config config;
    struct hops_stats *stats = NULL;

    hops_stats_config_init(&config);
    enum hops_err err = hops_stats_new(&config, 1, &m->mem, &stats);
    if (err != HOPS_OK) {
        assert_int_equal(err, HOPS_ERR_NOMEM);
        assert_null(stats);
        return 0;
    }
    for (size_t i = 0; i < script->count; i++) {
        hops_stats_apply(stats, &script->events[i]);
        if (i % 7 == 0) {
            free(script_dump(stats));
        }
    }
    char *text = script_dump(stats);
    bool starved = hops_stats_starved(stats);
    /* No row may claim more answers than probes. */
    uint8_t first;
    uint8_t last;
    hops_stats_ttls(stats, 0, &first, &last);
    for (unsigned ttl = first; ttl != 0 && ttl <= last; ttl++) {
        struct hops_hop hop = script_hop(stats, 0, (uint8_t)ttl);
        uint64_t from = hop.other_addrs;
        for (size_t i = 0; i < hop.addr_count; i++) {
            from += hop.addrs[i].count;
        }
        assert_true(hop.received + hop.failed <= hop.sent);
        assert_int_equal(from, hop.received);
    }
    hops_stats_clear(stats);
    assert_int_equal(hops_stats_rounds(stats), 0);
    hops_stats_free(stats);
    free(text);
    return starved ? 0 : 1;
}

static void script_for_memory(struct script *script) {
    for (int lap = 0; lap < 10; lap++) {
        script_text(script,
                    "round 3\n1 c 1 A ext=1\n2 c 2 B\n3 c 3 C\n"
                    "round 4\n1 c 1 A\n2 c 2 X ext=2\n3 f\n4 c 4 D\n",
                    true);
    }
    script_text(script, "round 5\n1 c 1 A\n2 c 2 Y late\n3 a\n4 c 4 E late ext=3\n5 a\n", false);
}

static void stats_every_failing_allocation_is_survived(void **state) {
    struct script script = {0};

    (void)state;
    script_for_memory(&script);
    check_every_allocation(play_with_memory, &script);
    script_done(&script);
}

static void stats_without_any_further_memory_the_trace_goes_on(void **state) {
    struct script script = {0};

    (void)state;
    script_for_memory(&script);
    for (long after = 1; after < 120; after++) {
        struct check_mem m;
        check_mem_init(&m);
        m.fail_after = after;
        int complete = play_with_memory(&m, &script);
        assert_int_equal(complete, m.calls < after);
        assert_int_equal(m.live, 0);
    }
    script_done(&script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stats_late_replies_in_any_order_end_the_same),
        cmocka_unit_test(stats_look_shows_what_a_commit_of_the_same_events_would),
        cmocka_unit_test(stats_clear_then_same_events_give_the_same),
        cmocka_unit_test(stats_in_the_steady_state_allocate_nothing),
        cmocka_unit_test(stats_thousands_of_open_rounds_are_fine),
        cmocka_unit_test(stats_every_failing_allocation_is_survived),
        cmocka_unit_test(stats_without_any_further_memory_the_trace_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
