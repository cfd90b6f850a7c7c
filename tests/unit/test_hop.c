/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <math.h>
#include <string.h>

#include "tracer/hop.h"

static struct stats_env env_of(struct check_mem *m, size_t max_samples) {
    return (struct stats_env){
        .mem = &m->mem, .extensions = {.mem = &m->mem}, .max_samples = max_samples};
}

static const struct slot_context plain = {.round = 0};

static struct hops_addr host(unsigned n) {
    return hops_addr_ipv4((const uint8_t[4]){10, 0, (uint8_t)(n >> 8), (uint8_t)n});
}

static void add_rtt(struct hop *hop, hops_ns rtt, unsigned from, struct stats_env *env) {
    struct slot slot = {.status = SLOT_COMPLETE, .rtt = rtt, .responder = host(from), .tos = -1};

    hops_hop_add(hop, &slot, &plain, env);
}

static void add_lost(struct hop *hop, struct stats_env *env) {
    struct slot slot = {.status = SLOT_AWAITED, .tos = -1};

    hops_hop_add(hop, &slot, &plain, env);
}

static void check_near(const char *row, double got, double want) {
    if (!(fabs(got - want) <= 1e-12 * (fabs(want) + 1))) {
        fail_msg("%s: got %.17g, want %.17g", row, got, want);
    }
}

static void hop_figures_follow_their_definitions(void **state) {
    enum { LOST = -1, ABSENT = -1 };
    static const struct {
        const char *name;
        double rtts[5]; /* ms, LOST, 0 ends */
        unsigned sent, received;
        double loss, last, best, worst, mean, stddev;
        double jitter, jitter_mean, jitter_max, smoothed; /* ms */
        unsigned samples[4];                              /* us, newest first; 1: lost */
    } rows[] = {
        {"40 50 45",
         {40, 50, 45},
         3,
         3,
         0,
         45,
         40,
         50,
         45,
         5,
         5,
         7.5,
         10,
         0.8984375,
         {45000, 50000, 40000}},
        {"40 - 50 45",
         {40, LOST, 50, 45},
         4,
         3,
         25,
         45,
         40,
         50,
         45,
         5,
         5,
         7.5,
         10,
         0.8984375,
         {45000, 50000, 1, 40000}},
        {"10 20",
         {10, 20},
         2,
         2,
         0,
         20,
         10,
         20,
         15,
         7.0710678118654755,
         10,
         10,
         10,
         0.625,
         {20000, 10000}},
        {"25", {25}, 1, 1, 0, 25, 25, 25, 25, 0, ABSENT, 0, ABSENT, 0, {25000}},
        {"8 8 8 20",
         {8, 8, 8, 20},
         4,
         4,
         0,
         20,
         8,
         20,
         11,
         6,
         12,
         4,
         12,
         0.75,
         {20000, 8000, 8000, 8000}},
        {"- -",
         {LOST, LOST},
         2,
         0,
         100,
         ABSENT,
         ABSENT,
         ABSENT,
         0,
         0,
         ABSENT,
         0,
         ABSENT,
         0,
         {1, 1}},
        {"1.5 0.25 3.125",
         {1.5, 0.25, 3.125},
         3,
         3,
         0,
         3.125,
         0.25,
         3.125,
         1.625,
         1.4415703243338496,
         2.875,
         2.0625,
         2.875,
         0.2529296875,
         {3125, 250, 1500}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct check_mem m;
        struct hop hop = {0};
        struct hops_hop pub;
        const char *name = rows[i].name;

        check_mem_init(&m);
        struct stats_env env = env_of(&m, 256);
        hops_hop_reset(&hop, 7, &env);
        for (size_t k = 0; k < 5 && rows[i].rtts[k] != 0; k++) {
            if (rows[i].rtts[k] < 0) {
                add_lost(&hop, &env);
            } else {
                add_rtt(&hop, (hops_ns)(rows[i].rtts[k] * 1e6), 1, &env);
            }
        }
        hops_hop_get(&hop, NULL, 256, &pub);
        check_int(name, pub.ttl, 7);
        check_int(name, pub.sent, rows[i].sent);
        check_int(name, pub.received, rows[i].received);
        check_near(name, hops_hop_loss(&pub), rows[i].loss);
        check_int(name, pub.rtt_known, rows[i].last >= 0);
        if (pub.rtt_known) {
            check_near(name, (double)pub.last / 1e6, rows[i].last);
            check_near(name, (double)pub.best / 1e6, rows[i].best);
            check_near(name, (double)pub.worst / 1e6, rows[i].worst);
        }
        check_near(name, pub.mean / 1e6, rows[i].mean);
        check_near(name, hops_hop_stddev(&pub) / 1e6, rows[i].stddev);
        check_int(name, pub.jitter_known, rows[i].jitter >= 0);
        if (pub.jitter_known) {
            check_near(name, (double)pub.jitter / 1e6, rows[i].jitter);
            check_near(name, (double)pub.jitter_max / 1e6, rows[i].jitter_max);
        }
        check_near(name, pub.jitter_mean / 1e6, rows[i].jitter_mean);
        check_near(name, pub.jitter_smoothed / 1e6, rows[i].smoothed);
        check_int(name, pub.sample_count, rows[i].sent);
        for (size_t k = 0; k < pub.sample_count; k++) {
            uint32_t want = rows[i].samples[k] == 1 ? HOPS_SAMPLE_LOST : rows[i].samples[k];
            check_int(name, hops_hop_sample_at(&hop, NULL, k), want);
        }
        hops_hop_done(&hop, &env);
        assert_int_equal(m.live, 0);
    }
}

static void hop_deviation_of_equal_far_values_stays_exact(void **state) {
    struct check_mem m;
    struct hop hop = {0};

    (void)state;
    check_mem_init(&m);
    struct stats_env env = env_of(&m, 0);
    hops_hop_reset(&hop, 1, &env);
    for (int i = 0; i < 1000; i++) {
        add_rtt(&hop, 123456789, 1, &env);
    }
    assert_true(hop.pub.mean == 123456789.0);
    assert_true(hops_hop_stddev(&hop.pub) == 0.0);
    assert_int_equal(hop.pub.jitter_max, 0);
    assert_true(hop.pub.jitter_known);
    hops_hop_done(&hop, &env);
}

static void hop_loss_leaves_failed_probes_out(void **state) {
    static const struct {
        const char *name;
        uint64_t sent, failed, received;
        double loss;
    } rows[] = {
        {"nothing sent", 0, 0, 0, 0},    {"all answered", 4, 0, 4, 0},
        {"none answered", 4, 0, 0, 100}, {"all failed", 3, 3, 0, 100},
        {"one failed", 5, 1, 3, 25},     {"rest answered", 5, 2, 3, 0},
        {"third", 3, 0, 2, 100.0 / 3.0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_hop hop = {
            .sent = rows[i].sent, .failed = rows[i].failed, .received = rows[i].received};
        check_near(rows[i].name, hops_hop_loss(&hop), rows[i].loss);
    }
}

static void hop_sample_is_nearest_microsecond_below_markers(void **state) {
    static const struct {
        const char *name;
        hops_ns rtt;
        uint32_t want;
    } rows[] = {
        {"zero", 0, 0},
        {"half a microsecond less one", 499, 0},
        {"half a microsecond", 500, 1},
        {"1.5 ms", 1500000, 1500},
        {"highest", (hops_ns)(UINT32_MAX - 2) * 1000, UINT32_MAX - 2},
        {"first beyond", (hops_ns)(UINT32_MAX - 1) * 1000, UINT32_MAX - 2},
        {"two hours", 7200 * HOPS_SEC, UINT32_MAX - 2},
        {"for ever", INT64_MAX, UINT32_MAX - 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_int(rows[i].name, hops_sample_from_rtt(rows[i].rtt), rows[i].want);
    }
}

static void hop_samples_keep_the_newest_for_every_limit(void **state) {
    static const size_t limits[] = {0, 1, 2, 15, 16, 17, 31, 33, 100, 1000};

    (void)state;
    for (size_t l = 0; l < sizeof(limits) / sizeof(limits[0]); l++) {
        struct check_mem m;
        struct hop hop = {0};

        check_mem_init(&m);
        struct stats_env env = env_of(&m, limits[l]);
        hops_hop_reset(&hop, 1, &env);
        for (size_t n = 1; n <= 250; n++) {
            struct hops_hop pub;
            size_t want = n < limits[l] ? n : limits[l];

            add_rtt(&hop, (hops_ns)n * HOPS_US, 1, &env);
            hops_hop_get(&hop, NULL, limits[l], &pub);
            check_int("count", pub.sample_count, want);
            for (size_t i = 0; i < want; i++) {
                check_int("sample", hops_hop_sample_at(&hop, NULL, i), n - i);
            }
        }
        hops_hop_done(&hop, &env);
        assert_int_equal(m.live, 0);
    }
}

static void hop_samples_without_memory_keep_what_fits(void **state) {
    struct check_mem m;
    struct hop hop = {0};

    (void)state;
    check_mem_init(&m);
    struct stats_env env = env_of(&m, 256);
    hops_hop_reset(&hop, 1, &env);
    for (size_t n = 1; n <= 16; n++) {
        add_rtt(&hop, (hops_ns)n * HOPS_US, 1, &env);
    }
    m.fail_after = m.calls + 1;
    for (size_t n = 17; n <= 40; n++) {
        add_rtt(&hop, (hops_ns)n * HOPS_US, 1, &env);
    }
    assert_true(env.starved);
    assert_int_equal(hop.samples.count, 16);
    for (size_t i = 0; i < 16; i++) {
        check_int("starved", hops_hop_sample_at(&hop, NULL, i), 40 - i);
    }
    m.fail_after = 0; /* memory is back: the ring grows on, from the middle of a lap */
    for (size_t n = 41; n <= 60; n++) {
        add_rtt(&hop, (hops_ns)n * HOPS_US, 1, &env);
    }
    assert_int_equal(hop.samples.count, 36);
    for (size_t i = 0; i < 36; i++) {
        check_int("after", hops_hop_sample_at(&hop, NULL, i), 60 - i);
    }
    assert_int_equal(hop.pub.received, 60);
    hops_hop_done(&hop, &env);
    assert_int_equal(m.live, 0);
}

static void hop_addresses_beyond_the_limit_count_as_others(void **state) {
    struct check_mem m;
    struct hop hop = {0};
    struct hops_hop pub;

    (void)state;
    check_mem_init(&m);
    struct stats_env env = env_of(&m, 4);
    hops_hop_reset(&hop, 1, &env);
    for (unsigned lap = 0; lap < 2; lap++) {
        for (unsigned n = 0; n < 70; n++) {
            add_rtt(&hop, HOPS_MS, n, &env);
        }
    }
    add_rtt(&hop, HOPS_MS, 63, &env);
    hops_hop_get(&hop, NULL, 4, &pub);
    assert_int_equal(pub.addr_count, HOPS_HOP_ADDRS_MAX);
    assert_int_equal(pub.other_addrs, 12);
    for (unsigned n = 0; n < HOPS_HOP_ADDRS_MAX; n++) {
        struct hops_addr want = host(n);
        assert_true(hops_addr_equal(&pub.addrs[n].addr, &want));
        assert_int_equal(pub.addrs[n].count, n == 63 ? 3 : 2);
    }
    hops_hop_done(&hop, &env);
    assert_int_equal(m.live, 0);
}

static void hop_address_without_memory_counts_as_other(void **state) {
    struct check_mem m;
    struct hop hop = {0};

    (void)state;
    check_mem_init(&m);
    struct stats_env env = env_of(&m, 0);
    hops_hop_reset(&hop, 1, &env);
    add_rtt(&hop, HOPS_MS, 1, &env);
    m.fail_after = 1;
    add_rtt(&hop, HOPS_MS, 1, &env);
    add_rtt(&hop, HOPS_MS, 2, &env);
    assert_int_equal(hop.addr_count, 1);
    assert_int_equal(hop.addrs[0].count, 2);
    assert_int_equal(hop.pub.other_addrs, 1);
    assert_true(env.starved);

    struct hop over = {0};
    hops_hop_continue(&over, &hop, &env);
    assert_int_equal(over.addr_count, 0);
    assert_int_equal(over.pub.other_addrs, 3);
    hops_hop_done(&over, &env);
    hops_hop_done(&hop, &env);
    assert_int_equal(m.live, 0);
}

static void hop_continued_leaves_its_base_alone(void **state) {
    struct check_mem m;
    struct hop base = {0};
    struct hop over = {0};
    struct hops_hop pub;

    (void)state;
    check_mem_init(&m);
    struct stats_env env = env_of(&m, 3);
    hops_hop_reset(&base, 9, &env);
    add_rtt(&base, 1 * HOPS_MS, 1, &env);
    add_rtt(&base, 2 * HOPS_MS, 1, &env);
    for (int again = 0; again < 2; again++) { /* the second time it uses its old memory */
        hops_hop_continue(&over, &base, &env);
        add_rtt(&over, 4 * HOPS_MS, 2, &env);
        add_lost(&over, &env);
        hops_hop_get(&over, &base, 3, &pub);
        assert_int_equal(pub.ttl, 9);
        assert_int_equal(pub.sent, 4);
        assert_int_equal(pub.received, 3);
        assert_int_equal(pub.addr_count, 2);
        assert_int_equal(pub.jitter_max, 2 * HOPS_MS);
        assert_int_equal(pub.sample_count, 3);
        assert_int_equal(hops_hop_sample_at(&over, &base, 0), HOPS_SAMPLE_LOST);
        assert_int_equal(hops_hop_sample_at(&over, &base, 1), 4000);
        assert_int_equal(hops_hop_sample_at(&over, &base, 2), 2000);
        hops_hop_get(&base, NULL, 3, &pub);
        assert_int_equal(pub.sent, 2);
        assert_int_equal(pub.addr_count, 1);
        assert_int_equal(pub.sample_count, 2);
    }
    hops_hop_done(&over, &env);
    hops_hop_done(&base, &env);
    assert_int_equal(m.live, 0);
}

static void hop_forged_huge_rtts_do_not_overflow(void **state) {
    struct check_mem m;
    struct hop hop = {0};

    (void)state;
    check_mem_init(&m);
    struct stats_env env = env_of(&m, 4);
    hops_hop_reset(&hop, 1, &env);
    for (int i = 0; i < 4; i++) {
        add_rtt(&hop, INT64_MAX, 1, &env);
        add_rtt(&hop, 0, 1, &env);
    }
    assert_int_equal(hop.pub.worst, INT64_MAX);
    assert_int_equal(hop.pub.best, 0);
    assert_int_equal(hop.pub.jitter_max, INT64_MAX);
    assert_true(isfinite(hop.pub.mean));
    assert_true(isfinite(hops_hop_stddev(&hop.pub)));
    hops_hop_done(&hop, &env);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hop_figures_follow_their_definitions),
        cmocka_unit_test(hop_deviation_of_equal_far_values_stays_exact),
        cmocka_unit_test(hop_loss_leaves_failed_probes_out),
        cmocka_unit_test(hop_sample_is_nearest_microsecond_below_markers),
        cmocka_unit_test(hop_samples_keep_the_newest_for_every_limit),
        cmocka_unit_test(hop_samples_without_memory_keep_what_fits),
        cmocka_unit_test(hop_addresses_beyond_the_limit_count_as_others),
        cmocka_unit_test(hop_address_without_memory_counts_as_other),
        cmocka_unit_test(hop_continued_leaves_its_base_alone),
        cmocka_unit_test(hop_forged_huge_rtts_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
