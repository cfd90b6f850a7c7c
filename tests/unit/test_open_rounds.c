/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "tracer/open_rounds.h"

struct fixture {
    struct check_mem m;
    struct open_rounds rounds;
    struct extpool pool;
    bool starved;
};

static void fixture_init(struct fixture *f) {
    check_mem_init(&f->m);
    f->rounds = (struct open_rounds){0};
    f->pool = (struct extpool){.mem = &f->m.mem};
    f->starved = false;
}

static struct round *get(struct fixture *f, uint32_t number) {
    return hops_open_rounds_get(&f->rounds, number, &f->m.mem, &f->starved);
}

static void fixture_done(struct fixture *f) {
    hops_open_rounds_done(&f->rounds, &f->pool);
    hops_extpool_done(&f->pool);
    assert_int_equal(f->m.live, 0);
}

static struct slot *add(struct fixture *f, struct round *round, uint32_t id, uint8_t ttl) {
    struct hops_probe probe = {.id = id, .round = round->number, .ttl = ttl};

    return hops_round_add(round, &probe, &f->m.mem, &f->starved);
}

static void open_rounds_are_found_with_gaps_and_across_the_wrap(void **state) {
    static const uint32_t numbers[] = {
        UINT32_MAX - 5, UINT32_MAX - 4, UINT32_MAX - 1, UINT32_MAX, 0, 1, 7, 8, 9, 40};
    const size_t n = sizeof(numbers) / sizeof(numbers[0]);
    struct fixture f;

    (void)state;
    fixture_init(&f);
    for (size_t i = 0; i < n; i++) {
        assert_non_null(get(&f, numbers[i]));
    }
    for (uint32_t at = UINT32_MAX - 10; at != 60; at++) {
        bool want = false;
        for (size_t i = 0; i < n; i++) {
            want = want || numbers[i] == at;
        }
        struct round *round = hops_open_rounds_find(&f.rounds, at);
        check_int("find", round != NULL, want);
        if (round != NULL) {
            check_int("number", round->number, at);
        }
    }
    assert_null(get(&f, 39)); /* older than the newest and not there */
    assert_int_equal(f.rounds.count, n);
    assert_false(f.starved);
    fixture_done(&f);
}

static void open_rounds_slots_are_found_with_gaps_and_across_the_wrap(void **state) {
    static const uint32_t ids[] = {UINT32_MAX - 2, UINT32_MAX - 1, UINT32_MAX, 0, 3, 4, 9};
    const size_t n = sizeof(ids) / sizeof(ids[0]);
    struct fixture f;

    (void)state;
    fixture_init(&f);
    struct round *round = get(&f, 0);
    assert_null(hops_round_find(round, 0));
    for (size_t i = 0; i < n; i++) {
        assert_non_null(add(&f, round, ids[i], 1));
    }
    assert_null(add(&f, round, 8, 1)); /* not newer than the last */
    for (uint32_t at = UINT32_MAX - 6; at != 20; at++) {
        bool want = false;
        for (size_t i = 0; i < n; i++) {
            want = want || ids[i] == at;
        }
        struct slot *slot = hops_round_find(round, at);
        check_int("find", slot != NULL, want);
        if (slot != NULL) {
            check_int("id", slot->id, at);
        }
    }
    fixture_done(&f);
}

static void open_rounds_use_their_memory_again(void **state) {
    struct fixture f;
    long calls = 0;

    (void)state;
    fixture_init(&f);
    for (uint32_t number = 0; number < 1000; number++) {
        struct round *round = get(&f, number);
        for (uint32_t i = 0; i < 40; i++) {
            assert_non_null(add(&f, round, number * 40 + i, (uint8_t)(i + 1)));
        }
        if (number >= 30) {
            hops_open_rounds_pop(&f.rounds, &f.pool);
        }
        if (number == 31) {
            calls = f.m.calls;
        }
    }
    assert_int_equal(f.m.calls, calls);
    assert_int_equal(f.rounds.count, 30);
    fixture_done(&f);
}

static void open_rounds_without_memory_say_so(void **state) {
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.m.fail_after = 1;
    assert_null(get(&f, 0));
    assert_true(f.starved);
    f.m.fail_after = 2; /* the ring is made, the round is not */
    f.m.calls = 0;
    assert_null(get(&f, 0));
    f.m.fail_after = 0;
    struct round *round = get(&f, 0);
    assert_non_null(round);
    f.starved = false;
    f.m.fail_after = 1;
    assert_null(add(&f, round, 0, 1));
    assert_true(f.starved);
    assert_int_equal(round->count, 0);
    fixture_done(&f);
}

static void open_rounds_drop_complete_keeps_the_running_one(void **state) {
    struct fixture f;

    (void)state;
    fixture_init(&f);
    for (uint32_t number = 0; number < 5; number++) {
        get(&f, number)->complete = number != 4;
    }
    hops_open_rounds_drop_complete(&f.rounds, &f.pool);
    assert_int_equal(f.rounds.count, 1);
    assert_int_equal(hops_open_rounds_at(&f.rounds, 0)->number, 4);
    assert_null(get(&f, 2));
    assert_non_null(get(&f, 5));
    fixture_done(&f);
}

/* Slots as text, in TTL order from 1: a awaited, r a router answered, t the target answered,
 * u a router said unreachable, f failed, s skipped (same TTL again). */
static void round_extent_is_found_again_after_late_replies(void **state) {
    static const struct {
        const char *name, *slots;
        bool changed;
        uint8_t published, target, want;
    } rows[] = {
        {"nothing late: as published", "rrtttt", false, 5, 0, 5},
        {"target answered: lowest such TTL", "rrtttt", true, 0, 0, 3},
        {"target answered below what was published", "rrtaaa", true, 6, 0, 3},
        {"target answered although a router did beyond", "rtraaa", true, 4, 0, 2},
        {"target silent: one row beyond the highest answer", "rraaaa", true, 1, 0, 3},
        {"never beyond what was sent", "rr", true, 1, 0, 2},
        {"the published rows stay", "raaaaa", true, 4, 0, 4},
        {"skipped probes were not sent", "rrs", true, 1, 0, 2},
        {"nothing answered, a late failure", "aafa", true, 0, 0, 3},
        {"nothing at all", "aaaa", true, 0, 0, 0},
        {"known target silent in this round", "rraaaa", true, 5, 5, 5},
        {"target answered beyond where it is known", "rrattt", true, 3, 3, 3},
        {"answer just below the known target", "rraa", true, 3, 3, 3},
        {"failures beyond the known target", "rraff", true, 3, 3, 3},
        {"no row after a dead end", "rruaaa", true, 3, 0, 3},
        {"dead end told late", "rruafa", true, 1, 0, 3},
        {"answers beyond an unreachable", "rrurra", true, 3, 0, 6},
        {"dead end below the known target", "rruaa", true, 5, 5, 5},
        {"router where the target was: path has grown", "rrraa", true, 3, 3, 4},
        {"router where the target was, target beyond", "rrrtt", true, 3, 3, 4},
        {"router beyond where the target was", "rrara", true, 3, 3, 5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        uint8_t ttl = 1;

        fixture_init(&f);
        struct round *round = get(&f, 0);
        for (const char *at = rows[i].slots; *at != '\0'; at++) {
            struct slot *slot = add(&f, round, (uint32_t)round->count, ttl);
            slot->status = *at == 'a'   ? SLOT_AWAITED
                           : *at == 'f' ? SLOT_FAILED
                           : *at == 's' ? SLOT_SKIPPED
                                        : SLOT_COMPLETE;
            slot->is_target = *at == 't';
            slot->kind = *at == 'u' ? HOPS_REPLY_UNREACHABLE : HOPS_REPLY_TIME_EXCEEDED;
            ttl = (uint8_t)(ttl + (*at == 's' ? 0 : 1));
        }
        round->complete = true;
        round->changed = rows[i].changed;
        round->published_ttl = rows[i].published;
        round->target_ttl = rows[i].target;
        check_int(rows[i].name, hops_round_largest_ttl(round), rows[i].want);
        fixture_done(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_rounds_are_found_with_gaps_and_across_the_wrap),
        cmocka_unit_test(open_rounds_slots_are_found_with_gaps_and_across_the_wrap),
        cmocka_unit_test(open_rounds_use_their_memory_again),
        cmocka_unit_test(open_rounds_without_memory_say_so),
        cmocka_unit_test(open_rounds_drop_complete_keeps_the_running_one),
        cmocka_unit_test(round_extent_is_found_again_after_late_replies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
