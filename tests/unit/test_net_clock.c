/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "net/clock.h"

/* Invented clocks: each reading takes step; real is ahead by ahead. */
struct fake {
    hops_ns now;
    hops_ns step;
    hops_ns ahead;
    hops_ns stall; /* the reading number stall_at comes that much later */
    int stall_at;
    int readings;
};

static hops_ns fake_monotonic(void *user) {
    struct fake *fake = (struct fake *)user;

    fake->readings++;
    fake->now += fake->step + (fake->readings == fake->stall_at ? fake->stall : 0);
    return fake->now;
}

static hops_ns fake_realtime(void *user) {
    struct fake *fake = (struct fake *)user;

    return fake->now + fake->ahead;
}

static void start(struct hops_net_clock *clock, struct fake *fake) {
    *fake = (struct fake){.now = 100 * HOPS_SEC, .step = 50, .ahead = 1000 * HOPS_SEC};
    hops_net_clock_init(clock);
    clock->monotonic = fake_monotonic;
    clock->realtime = fake_realtime;
    clock->user = fake;
    hops_net_clock_sample(clock);
}

static void net_clock_stamp_becomes_monotonic_within_the_bracket(void **state) {
    struct hops_net_clock clock;
    struct fake fake;
    bool coarse = true;
    hops_ns arrival;
    hops_ns got;

    (void)state;
    start(&clock, &fake);
    arrival = fake.now + HOPS_MS;
    fake.now += 5 * HOPS_MS;
    hops_net_clock_sample(&clock);
    got = hops_net_clock_map(&clock, arrival + fake.ahead, 0, &coarse);
    assert_false(coarse);
    assert_in_range(got - arrival + 100, 0, 200);
}

static void net_clock_missing_stamp_gives_the_time_of_reading(void **state) {
    struct hops_net_clock clock;
    struct fake fake;
    bool coarse = false;

    (void)state;
    start(&clock, &fake);
    assert_int_equal(hops_net_clock_map(&clock, 0, 0, &coarse), fake.now);
    assert_true(coarse);
}

static void net_clock_wide_bracket_is_tried_again(void **state) {
    struct hops_net_clock clock;
    struct fake fake;
    bool coarse = true;
    hops_ns arrival;

    (void)state;
    start(&clock, &fake);
    arrival = fake.now;
    fake.now += HOPS_MS;
    /* Pre-empted in the first bracket, before its second reading. */
    fake.readings = 0;
    fake.stall_at = 2;
    fake.stall = 3 * HOPS_MS;
    hops_net_clock_sample(&clock);
    assert_int_equal(fake.readings, 4);
    assert_in_range(hops_net_clock_map(&clock, arrival + fake.ahead, 0, &coarse) - arrival + 100, 0,
                    200);
    assert_false(coarse);
}

static void net_clock_steps_make_older_stamps_coarse(void **state) {
    static const struct {
        const char *name;
        hops_ns step;
        bool coarse;
    } rows[] = {
        {"forward a second", HOPS_SEC, true},
        {"back a second", -HOPS_SEC, true},
        {"forward 2 ms", 2 * HOPS_MS, true},
        {"back 2 ms", -2 * HOPS_MS, true},
        {"back ten minutes", -600 * HOPS_SEC, true},
        {"below what counts", 100 * HOPS_US, false},
        {"none", 0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_net_clock clock;
        struct fake fake;
        bool coarse;
        hops_ns stamp;
        hops_ns got;

        start(&clock, &fake);
        fake.now += 10 * HOPS_MS;
        stamp = fake.now + fake.ahead; /* arrives, then the clock is set, then it is read */
        fake.ahead += rows[i].step;
        fake.now += HOPS_MS;
        hops_net_clock_sample(&clock);
        got = hops_net_clock_map(&clock, stamp, 0, &coarse);
        check_int(rows[i].name, coarse, rows[i].coarse);
        if (coarse) {
            check_int(rows[i].name, got, clock.read_at);
        }

        /* What arrives after the step is right again. */
        fake.now += 10 * HOPS_MS;
        stamp = fake.now + fake.ahead;
        fake.now += HOPS_MS;
        hops_net_clock_sample(&clock);
        got = hops_net_clock_map(&clock, stamp, 0, &coarse);
        check_int(rows[i].name, coarse, false);
        assert_in_range(got - (stamp - fake.ahead) + 200, 0, 400);
    }
}

static void net_clock_stamp_outside_of_flight_is_coarse(void **state) {
    struct hops_net_clock clock;
    struct fake fake;
    bool coarse = false;
    hops_ns sent;

    (void)state;
    start(&clock, &fake);
    sent = fake.now;
    fake.now += 5 * HOPS_MS;
    hops_net_clock_sample(&clock);
    (void)hops_net_clock_map(&clock, sent - HOPS_MS + fake.ahead, sent, &coarse);
    assert_true(coarse);
    (void)hops_net_clock_map(&clock, fake.now + HOPS_MS + fake.ahead, sent, &coarse);
    assert_true(coarse);
    (void)hops_net_clock_map(&clock, sent + HOPS_MS + fake.ahead, sent, &coarse);
    assert_false(coarse);
}

/* The wall clock goes to and fro by hours between readings, and sleep takes an hour from the
 * monotonic clock only. What was stamped before a step is coarse; what comes after it is right. */
static void net_clock_hours_to_and_fro_give_no_nonsense(void **state) {
    static const hops_ns steps[] = {3600 * HOPS_SEC, -7200 * HOPS_SEC,     5 * 3600 * HOPS_SEC,
                                    -1 * HOPS_SEC,   24 * 3600 * HOPS_SEC, -48 * 3600 * HOPS_SEC};
    struct hops_net_clock clock;
    struct fake fake;

    (void)state;
    start(&clock, &fake);
    fake.ahead = 1700000000 * HOPS_SEC;
    fake.now += HOPS_SEC;
    hops_net_clock_sample(&clock);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        const hops_ns sent = fake.now;
        hops_ns arrival;
        hops_ns stamp;
        hops_ns got;
        bool coarse = false;

        fake.now += 10 * HOPS_MS;
        stamp = fake.now + fake.ahead; /* arrives before the step and is read after it */
        fake.ahead += steps[i];
        fake.now += HOPS_MS;
        hops_net_clock_sample(&clock);
        got = hops_net_clock_map(&clock, stamp, sent, &coarse);
        assert_true(coarse);
        assert_int_equal(got, clock.read_at);
        assert_in_range(got - sent, 0, 20 * HOPS_MS);

        fake.now += 10 * HOPS_MS;
        arrival = fake.now;
        fake.now += HOPS_MS;
        hops_net_clock_sample(&clock);
        got = hops_net_clock_map(&clock, arrival + fake.ahead, sent, &coarse);
        assert_false(coarse);
        assert_in_range(got - arrival + 200, 0, 400);
    }
}

static void net_clock_system_clocks_run_forward(void **state) {
    struct hops_net_clock clock;
    hops_ns before = hops_net_now();

    (void)state;
    hops_net_clock_init(&clock);
    hops_net_clock_sample(&clock);
    assert_true(clock.read_at >= before);
    assert_true(hops_net_now() >= clock.read_at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_clock_stamp_becomes_monotonic_within_the_bracket),
        cmocka_unit_test(net_clock_missing_stamp_gives_the_time_of_reading),
        cmocka_unit_test(net_clock_wide_bracket_is_tried_again),
        cmocka_unit_test(net_clock_steps_make_older_stamps_coarse),
        cmocka_unit_test(net_clock_stamp_outside_of_flight_is_coarse),
        cmocka_unit_test(net_clock_hours_to_and_fro_give_no_nonsense),
        cmocka_unit_test(net_clock_system_clocks_run_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
