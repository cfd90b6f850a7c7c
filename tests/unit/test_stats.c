/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <math.h>

static void check_rows(struct hops_stats *stats, uint32_t flow, uint8_t first, uint8_t last) {
    uint8_t got_first;
    uint8_t got_last;

    hops_stats_ttls(stats, flow, &got_first, &got_last);
    assert_int_equal(got_first, first);
    assert_int_equal(got_last, last);
}

static void check_near(double got, double want) {
    if (!(fabs(got - want) <= 1e-12 * (fabs(want) + 1))) {
        fail_msg("got %.17g, want %.17g", got, want);
    }
}

static void check_addr(const struct hops_hop *hop, size_t i, char letter, uint64_t count) {
    struct hops_addr want = script_host(letter);

    assert_true(i < hop->addr_count);
    assert_true(hops_addr_equal(&hop->addrs[i].addr, &want));
    assert_int_equal(hop->addrs[i].count, count);
}

static void stats_of_nothing_are_empty(void **state) {
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);
    struct hops_hop hop;
    struct hops_flow flow;

    (void)state;
    check_rows(stats, 0, 0, 0);
    check_rows(stats, 1, 0, 0);
    assert_int_equal(hops_stats_rounds(stats), 0);
    assert_int_equal(hops_stats_round_flow(stats), 0);
    assert_int_equal(hops_stats_flow_count(stats), 0);
    assert_int_equal(hops_stats_round_ttl(stats, 0), 0);
    assert_int_equal(hops_stats_round_ttl(stats, 9), 0);
    assert_false(hops_stats_hop(stats, 0, 0, &hop));
    assert_false(hops_stats_hop(stats, 0, 1, &hop));
    assert_true(hops_stats_flow(stats, 0, &flow));
    assert_int_equal(flow.path_len, 0);
    assert_false(hops_stats_flow(stats, 1, &flow));
    assert_int_equal(hops_stats_sample(stats, 0, 1, 0), HOPS_SAMPLE_LOST);
    assert_int_equal(hops_stats_sample(stats, 0, 255, 0), HOPS_SAMPLE_LOST);
    assert_false(hops_stats_starved(stats));
    hops_stats_free(stats);
    hops_stats_free(NULL);
}

static void stats_bad_arguments_are_refused(void **state) {
    struct hops_stats_config config;
    struct hops_stats *stats = NULL;

    (void)state;
    hops_stats_config_init(&config);
    assert_int_equal(config.max_samples, 256);
    assert_int_equal(config.max_flows, 64);
    assert_int_equal(hops_stats_new(NULL, 1, NULL, &stats), HOPS_ERR_INVALID);
    assert_int_equal(hops_stats_new(&config, 0, NULL, &stats), HOPS_ERR_INVALID);
    assert_int_equal(hops_stats_new(&config, 255, NULL, &stats), HOPS_ERR_INVALID);
    config.size = 1;
    assert_int_equal(hops_stats_new(&config, 1, NULL, &stats), HOPS_ERR_INVALID);
    assert_null(stats);
}

static void stats_minimal_round_gives_three_rows(void **state) {
    struct hops_stats *stats = script_run("round 3\n1 c 1 A\n2 c 2 B\n3 c 3 C target");

    (void)state;
    check_rows(stats, 0, 1, 3);
    check_rows(stats, 1, 1, 3);
    assert_int_equal(hops_stats_rounds(stats), 1);
    for (uint8_t ttl = 1; ttl <= 3; ttl++) {
        assert_int_equal(script_hop(stats, 0, ttl).ttl, ttl);
    }
    hops_stats_free(stats);
}

static void stats_full_completed_counts_everything(void **state) {
    struct hops_stats *stats = script_run("round 3\n"
                                          "1 c 40 A tos=224 ports=5000,33434 seq=100\n"
                                          "2 c 10 B ports=5000,33435 seq=101\n"
                                          "3 c 8 C target ports=5000,33436 seq=102\n"
                                          "round 3\n"
                                          "1 c 50 A tos=224 ports=5000,33437 seq=103\n"
                                          "2 c 20 B ports=5000,33438 seq=104\n"
                                          "3 c 8 C target ports=5000,33439 seq=105\n"
                                          "round 3\n"
                                          "1 c 45 A tos=224 ports=5000,33440 seq=106\n"
                                          "2 c 20 B ports=5000,33441 seq=107\n"
                                          "3 c 20 C target code=3 ports=5000,33442 seq=108\n");
    char text[1024];

    (void)state;
    for (uint32_t flow = 0; flow <= 1; flow++) {
        struct hops_hop hop = script_hop(stats, flow, 1);
        assert_int_equal(hop.sent, 3);
        assert_int_equal(hop.received, 3);
        assert_int_equal(hop.failed + hop.forward_lost + hop.backward_lost, 0);
        assert_true(hops_hop_loss(&hop) == 0.0);
        assert_int_equal(hop.last, 45 * HOPS_MS);
        assert_int_equal(hop.best, 40 * HOPS_MS);
        assert_int_equal(hop.worst, 50 * HOPS_MS);
        check_near(hop.mean, 45e6);
        check_near(hops_hop_stddev(&hop), 5e6);
        assert_int_equal(hop.jitter, 5 * HOPS_MS);
        assert_int_equal(hop.jitter_max, 10 * HOPS_MS);
        check_near(hop.jitter_mean, 7.5e6);
        check_near(hop.jitter_smoothed, 898437.5);
        assert_int_equal(hop.tos, 224);
        assert_int_equal(hop.tos_round, 2);
        assert_int_equal(hop.last_src_port, 5000);
        assert_int_equal(hop.last_dst_port, 33440);
        assert_int_equal(hop.last_sequence, 106);
        assert_int_equal(hop.last_kind, HOPS_REPLY_TIME_EXCEEDED);
        assert_int_equal(hop.last_icmp_type, 11);
        assert_int_equal(hop.addr_count, 1);
        check_addr(&hop, 0, 'A', 3);
        assert_string_equal(script_samples(stats, flow, 1, text), "45 50 40");
        assert_string_equal(script_samples(stats, flow, 2, text), "20 20 10");
        hop = script_hop(stats, flow, 3);
        assert_int_equal(hop.last_kind, HOPS_REPLY_UNREACHABLE);
        assert_int_equal(hop.last_icmp_code, 3);
        assert_int_equal(hop.tos, -1);
        check_near(hop.jitter_mean, 6e6);
    }
    assert_int_equal(hops_stats_round_ttl(stats, 0), 3);
    hops_stats_free(stats);
}

static void stats_full_mixed_shows_silence_and_two_addresses(void **state) {
    struct hops_stats *stats = script_run("round 3\n1 c 1 A\n2 a\n3 c 30 C\n"
                                          "round 3\n1 c 1 A\n2 a\n3 c 32 D\n");
    struct hops_hop hop = script_hop(stats, 0, 2);
    char text[1024];

    (void)state;
    assert_true(hops_hop_loss(&hop) == 100.0);
    assert_int_equal(hop.received, 0);
    assert_false(hop.rtt_known || hop.jitter_known || hop.reply_known);
    assert_int_equal(hop.nat, HOPS_NAT_NOT_APPLICABLE);
    assert_int_equal(hop.addr_count, 0);
    assert_string_equal(script_samples(stats, 0, 2, text), "- -");
    hop = script_hop(stats, 0, 3);
    assert_int_equal(hop.addr_count, 2);
    check_addr(&hop, 0, 'C', 1);
    check_addr(&hop, 1, 'D', 1);
    assert_int_equal(hops_stats_flow_count(stats), 2); /* C and D are two flows */
    hop = script_hop(stats, 2, 3);
    assert_int_equal(hop.received, 1);
    check_addr(&hop, 0, 'D', 1);
    hops_stats_free(stats);
}

static void stats_every_status_counts_as_it_should(void **state) {
    struct hops_stats *stats = script_run("round 1\n1 a\n"
                                          "round 1\n1 c 700 A\n"
                                          "round 1\n1 n\n"
                                          "round 1\n1 s\n"
                                          "round 1\n1 f=101\n");
    struct hops_hop hop = script_hop(stats, 0, 1);
    char text[1024];

    (void)state;
    assert_int_equal(hop.sent, 3);
    assert_int_equal(hop.received, 1);
    assert_int_equal(hop.failed, 1);
    assert_true(hops_hop_loss(&hop) == 50.0); /* the failed one is no loss */
    assert_int_equal(hop.failed_call, HOPS_CALL_SENDTO);
    assert_int_equal(hop.failed_errno, 101);
    assert_string_equal(script_samples(stats, 0, 1, text), "x 700 -");
    assert_int_equal(hops_stats_rounds(stats), 5);
    hops_stats_free(stats);
}

static void stats_all_failed_is_full_loss(void **state) {
    struct hops_stats *stats = script_run("round 2\n1 f=1\n2 f=101\nround 2\n1 f=1\n2 f=113\n");
    struct hops_hop hop = script_hop(stats, 0, 2);

    (void)state;
    check_rows(stats, 0, 1, 2);
    assert_int_equal(hop.sent, 2);
    assert_int_equal(hop.failed, 2);
    assert_true(hops_hop_loss(&hop) == 100.0);
    assert_int_equal(hop.failed_errno, 113);
    assert_int_equal(hop.forward_lost + hop.backward_lost, 0);
    hops_stats_free(stats);
}

static void stats_no_latency_is_zero_and_not_lost(void **state) {
    struct hops_stats *stats =
        script_run("round 1\n1 c 0 A\nround 1\n1 c 0 A\nround 1\n1 c 0 A\nround 1\n1 c 0 A\n");
    struct hops_hop hop = script_hop(stats, 0, 1);
    char text[1024];

    (void)state;
    assert_true(hop.rtt_known && hop.jitter_known);
    assert_int_equal(hop.last + hop.best + hop.worst + hop.jitter + hop.jitter_max, 0);
    assert_true(hop.mean == 0.0 && hops_hop_stddev(&hop) == 0.0 && hop.jitter_mean == 0.0 &&
                hop.jitter_smoothed == 0.0);
    assert_true(hops_hop_loss(&hop) == 0.0);
    assert_string_equal(script_samples(stats, 0, 1, text), "0 0 0 0");
    hops_stats_free(stats);
}

static void stats_loss_heuristic_marks_the_silent_tail(void **state) {
    struct hops_stats *stats = script_run("round 3\n1 c 1 A\n2 c 1 B\n3 c 1 C\n"
                                          "round 3\n1 c 1 A\n2 a\n3 a\n"
                                          "round 3\n1 c 1 A\n2 c 1 B\n3 c 1 C\n");
    static const struct {
        const char *name;
        uint8_t ttl, forward, backward;
    } rows[] = {{"hop 1", 1, 0, 0}, {"hop 2", 2, 1, 0}, {"hop 3", 3, 0, 1}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_hop hop = script_hop(stats, 0, rows[i].ttl);
        check_int(rows[i].name, hop.forward_lost, rows[i].forward);
        check_int(rows[i].name, hop.backward_lost, rows[i].backward);
    }
    hops_stats_free(stats);
}

static void stats_silent_target_makes_no_backward_loss_beyond(void **state) {
    /* Nothing beyond hop 2 answers, ever: eight probes went out, two rows count. */
    struct hops_stats *stats =
        script_run("round 3\n1 c 1 A\n2 c 1 B\n3 a\n4 a\n5 a\n6 a\n7 a\n8 a\n"
                   "round 3\n1 c 1 A\n2 c 1 B\n3 a\n4 a\n5 a\n6 a\n7 a\n8 a\n");
    struct hops_hop hop = script_hop(stats, 0, 3);

    (void)state;
    check_rows(stats, 0, 1, 3);
    assert_int_equal(hop.sent, 2);
    assert_int_equal(hop.forward_lost + hop.backward_lost, 0);
    hops_stats_free(stats);
}

static void stats_first_ttl_above_one_starts_the_rows_there(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 64, 4, NULL);
    struct hops_hop hop;

    (void)state;
    script_text(&script, "round 5\n4 a\n5 a\n", true);
    script_play(&script, stats);
    check_rows(stats, 0, 4, 5);
    assert_false(hops_stats_hop(stats, 0, 3, &hop));
    assert_false(hops_stats_hop(stats, 0, 6, &hop));
    assert_int_equal(script_hop(stats, 0, 4).forward_lost, 1);
    assert_int_equal(script_hop(stats, 0, 4).backward_lost, 0);
    assert_int_equal(script_hop(stats, 0, 5).forward_lost, 0);
    assert_int_equal(script_hop(stats, 0, 5).backward_lost, 1);
    script_done(&script);
    hops_stats_free(stats);
}

static void stats_nat_is_marked_where_the_checksum_changes(void **state) {
    static const struct {
        const char *name, *round;
        const char *want; /* per TTL: n not detected, y detected, - not applicable */
    } rows[] = {
        {"no checksums", "1 c 1 A\n2 c 1 B", "--"},
        {"123 123 -", "1 c 1 A sum=123/123", "n"},
        {"123 321 -", "1 c 1 A sum=123/321", "y"},
        {"123 123 123", "1 c 1 A sum=123/123\n2 c 1 B sum=123/123", "nn"},
        {"999 999 321", "1 c 1 A sum=321/321\n2 c 1 B sum=999/999", "ny"},
        {"777 888 321", "1 c 1 A sum=321/321\n2 c 1 B sum=777/888", "ny"},
        {"same as before, other than expected", "1 c 1 A sum=7/321\n2 c 1 B sum=7/321", "yn"},
        {"second of three",
         "1 c 1 A sum=43012/43012\n2 c 1 B sum=43012/20544\n3 c 1 C sum=43012/20544", "nyn"},
        {"silent translator: next responder", "1 c 1 A sum=5/5\n2 a\n3 c 1 C sum=5/6", "n-y"},
        {"failed in between", "1 c 1 A sum=5/5\n2 f\n3 c 1 C sum=5/5", "n-n"},
        {"reply without checksums in between", "1 c 1 A sum=5/6\n2 c 1 B\n3 c 1 C sum=5/6", "y-n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[256];
        size_t len = strlen(rows[i].want);

        snprintf(text, sizeof(text), "round %zu\n%s\nround %zu\n%s\n", len, rows[i].round, len,
                 rows[i].round);
        struct hops_stats *stats = script_run(text);
        for (size_t ttl = 1; ttl <= len; ttl++) {
            enum hops_nat_status nat = script_hop(stats, 0, (uint8_t)ttl).nat;
            char got = nat == HOPS_NAT_NOT_APPLICABLE ? '-' : nat == HOPS_NAT_DETECTED ? 'y' : 'n';
            check_int(rows[i].name, got, rows[i].want[ttl - 1]);
        }
        hops_stats_free(stats);
    }
}

static void stats_nat_scenario_of_three_rounds(void **state) {
    const char *round = "1 c 1 A sum=43012/43012\n2 c 1 B sum=43012/20544\n"
                        "3 c 1 C target sum=43012/20544";
    char text[512];

    (void)state;
    snprintf(text, sizeof(text), "round 3\n%s\nround 3\n%s\nround 3\n%s\n", round, round, round);
    struct hops_stats *stats = script_run(text);
    assert_int_equal(script_hop(stats, 0, 1).nat, HOPS_NAT_NOT_DETECTED);
    assert_int_equal(script_hop(stats, 0, 2).nat, HOPS_NAT_DETECTED);
    assert_int_equal(script_hop(stats, 0, 3).nat, HOPS_NAT_NOT_DETECTED);
    assert_int_equal(script_hop(stats, 1, 2).nat, HOPS_NAT_DETECTED);
    hops_stats_free(stats);
}

static void stats_last_seen_values_survive_replies_without_them(void **state) {
    struct hops_stats *stats = script_run("round 2\n1 c 1 A tos=224 ext=7 mtu=1400\n2 a\n"
                                          "round 2\n1 c 1 A\n2 a\n");
    struct hops_hop hop = script_hop(stats, 0, 1);

    (void)state;
    assert_int_equal(hop.tos, 224);
    assert_int_equal(hop.tos_round, 0);
    assert_int_equal(hop.mtu, 1400);
    assert_non_null(hop.extensions);
    assert_int_equal(hop.extensions->octets[3], 7);
    assert_int_equal(hop.extensions_round, 0);
    assert_int_equal(script_hop(stats, 0, 2).tos, -1);
    assert_null(script_hop(stats, 0, 2).extensions);
    hops_stats_free(stats);
}

static void stats_extensions_are_replaced_by_newer_ones(void **state) {
    struct hops_stats *stats =
        script_run("round 1\n1 c 1 A ext=7\nround 1\n1 c 1 B ext=9 tos=0\nround 1\n1 c 1 A\n");
    struct hops_hop hop = script_hop(stats, 0, 1);

    (void)state;
    assert_int_equal(hop.extensions->octets[3], 9);
    assert_int_equal(hop.extensions_round, 1);
    assert_int_equal(hop.tos, 0);
    assert_int_equal(script_hop(stats, 1, 1).extensions->octets[3], 7); /* flow A */
    assert_int_equal(script_hop(stats, 2, 1).extensions->octets[3], 9); /* flow B */
    hops_stats_free(stats);
}

static void stats_two_samples_keep_the_newest_of_four_rounds(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(2, 64, 1, NULL);
    char text[1024];

    (void)state;
    script_text(&script, "round 1\n1 c 1 A\nround 1\n1 c 2 A\nround 1\n1 a\nround 1\n1 c 4 A\n",
                true);
    script_play(&script, stats);
    assert_string_equal(script_samples(stats, 0, 1, text), "4 -");
    assert_int_equal(script_hop(stats, 0, 1).sent, 4);
    check_near(script_hop(stats, 0, 1).mean, 7e6 / 3);
    assert_int_equal(hops_stats_sample(stats, 0, 1, 2), HOPS_SAMPLE_LOST); /* beyond the count */
    script_done(&script);
    hops_stats_free(stats);
}

static void stats_full_registry_stops_new_flows_only(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 2, 1, NULL);
    struct hops_flow flow;

    (void)state;
    script_text(&script,
                "round 2\n1 c 1 A\n2 c 1 B\n"
                "round 2\n1 c 1 A\n2 c 1 C\n"
                "round 2\n1 c 1 A\n2 c 1 D\n"
                "round 2\n1 c 1 A\n2 c 1 B\n",
                true);
    script_play(&script, stats);
    assert_int_equal(hops_stats_flow_count(stats), 2);
    assert_true(hops_stats_flow(stats, 1, &flow));
    assert_int_equal(flow.rounds, 2);
    assert_true(hops_stats_flow(stats, 2, &flow));
    assert_int_equal(flow.rounds, 1);
    assert_true(hops_stats_flow(stats, 0, &flow));
    assert_int_equal(flow.rounds, 4);
    assert_int_equal(hops_stats_round_flow(stats), 1);
    assert_int_equal(script_hop(stats, 0, 2).addr_count, 3);
    script_done(&script);
    hops_stats_free(stats);
}

static void stats_path_growth_counts_new_rows_from_then_on(void **state) {
    /* Round 0 sent five probes, but the target stood at 3; what went further counts nowhere. */
    struct hops_stats *stats =
        script_run("round 3 target=3\n1 c 1 A\n2 c 1 B\n3 c 1 T target\n4 a\n5 a\n"
                   "round 5 target=5\n1 c 1 A\n2 c 1 B\n3 c 1 C\n4 c 1 D\n5 c 1 T target\n"
                   "round 3 target=3\n1 c 1 A\n2 c 1 B\n3 c 1 T target\n");

    (void)state;
    check_rows(stats, 0, 1, 5);
    assert_int_equal(script_hop(stats, 0, 3).sent, 3);
    assert_int_equal(script_hop(stats, 0, 4).sent, 1);
    assert_int_equal(script_hop(stats, 0, 5).sent, 1);
    assert_true(hops_hop_loss(&(struct hops_hop){.sent = 1, .received = 1}) == 0.0);
    assert_int_equal(script_hop(stats, 0, 5).received, 1);
    assert_int_equal(hops_stats_round_ttl(stats, 0), 3);
    assert_int_equal(hops_stats_round_ttl(stats, 2), 5);
    hops_stats_free(stats);
}

static void stats_nobody_answers_gives_no_rows(void **state) {
    struct hops_stats *stats = script_run("round 0\n1 a\n2 a\n3 a\nround 0\n1 a\n2 a\n3 a\n");
    struct hops_flow flow;

    (void)state;
    check_rows(stats, 0, 0, 0);
    assert_int_equal(hops_stats_rounds(stats), 2);
    assert_int_equal(hops_stats_flow_count(stats), 1);
    assert_true(hops_stats_flow(stats, 1, &flow));
    assert_int_equal(flow.path_len, 0);
    hops_stats_free(stats);
}

static void stats_row_between_without_a_probe_is_empty(void **state) {
    struct hops_stats *stats = script_run("round 3\n1 c 1 A\n3 c 1 C\n");
    struct hops_hop hop = script_hop(stats, 0, 2);

    (void)state;
    assert_int_equal(hop.ttl, 2);
    assert_int_equal(hop.sent, 0);
    assert_int_equal(hop.tos, -1);
    assert_int_equal(hop.sample_count, 0);
    assert_true(hops_hop_loss(&hop) == 0.0);
    hops_stats_free(stats);
}

static void stats_clear_forgets_but_keeps_the_running_round(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);
    char text[1024];

    (void)state;
    script_text(&script, "round 2\n1 c 1 A ext=1\n2 c 2 B\n", true);       /* committed */
    script_text(&script, "round 2\n1 c 1 A\n2 c 3 B late ext=2\n", false); /* provisional */
    size_t late = script.count - 1;
    script_text(&script, "round 2\n1 c 7 A\n2 c 8 C\n", true); /* running: cut below */
    size_t round = script.count - 2;
    for (size_t i = 0; i < script.count; i++) {
        if (i == late) {
            continue;
        }
        if (i == round) {
            hops_stats_clear(stats);
            check_rows(stats, 0, 0, 0);
            assert_int_equal(hops_stats_rounds(stats), 0);
            assert_int_equal(hops_stats_flow_count(stats), 0);
            hops_stats_apply(stats, &script.events[late]); /* of a forgotten round */
            check_rows(stats, 0, 0, 0);
        }
        hops_stats_apply(stats, &script.events[i]);
    }
    check_rows(stats, 0, 1, 2);
    assert_int_equal(hops_stats_rounds(stats), 1);
    assert_int_equal(script_hop(stats, 0, 2).sent, 1);
    assert_string_equal(script_samples(stats, 0, 2, text), "8");
    assert_int_equal(script_hop(stats, 0, 2).addr_count, 1);
    assert_null(script_hop(stats, 0, 1).extensions);
    assert_false(script_hop(stats, 0, 1).jitter_known);
    assert_int_equal(hops_stats_flow_count(stats), 1);
    script_done(&script);
    hops_stats_free(stats);
}

static void stats_running_round_is_never_shown(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);

    (void)state;
    script_text(&script, "round 2\n1 c 1 A\n2 c 2 B\n", true);
    for (size_t i = 0; i + 2 < script.count; i++) {
        hops_stats_apply(stats, &script.events[i]);
        check_rows(stats, 0, 0, 0);
        assert_int_equal(hops_stats_rounds(stats), 0);
    }
    hops_stats_apply(stats, &script.events[script.count - 2]); /* ROUND */
    check_rows(stats, 0, 1, 2);
    script_done(&script);

    struct hops_event sent = {.kind = HOPS_EVENT_SENT, .probe = {.id = 99, .round = 1, .ttl = 1}};
    struct hops_event end = {.kind = HOPS_EVENT_END};
    hops_stats_apply(stats, &sent);
    assert_int_equal(script_hop(stats, 0, 1).sent, 1);
    hops_stats_apply(stats, &end); /* round 1 was never published */
    assert_int_equal(hops_stats_rounds(stats), 1);
    assert_int_equal(script_hop(stats, 0, 1).sent, 1);
    hops_stats_free(stats);
}

static void stats_probe_refused_late_becomes_failed(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);
    struct hops_event failed = {.kind = HOPS_EVENT_FAILED, .probe = {.id = 1, .ttl = 2}};
    char text[1024];

    (void)state;
    failed.u.failure.call = HOPS_CALL_CONNECT;
    failed.u.failure.os_errno = ECONNREFUSED;
    script_text(&script, "round 2\n1 c 1 A\n2 a\n", false);
    script_play(&script, stats);
    assert_int_equal(script_hop(stats, 0, 2).failed, 0);
    assert_string_equal(script_samples(stats, 0, 2, text), "-");
    hops_stats_apply(stats, &failed);
    assert_int_equal(script_hop(stats, 0, 2).failed, 1);
    assert_int_equal(script_hop(stats, 0, 2).sent, 1);
    assert_int_equal(script_hop(stats, 0, 2).failed_errno, ECONNREFUSED);
    assert_string_equal(script_samples(stats, 0, 2, text), "x");
    failed.probe.id = 0; /* it has its answer: it did leave */
    failed.probe.ttl = 1;
    hops_stats_apply(stats, &failed);
    assert_int_equal(script_hop(stats, 0, 1).failed, 0);
    script_done(&script);
    hops_stats_free(stats);
}

static void stats_nonsense_events_change_nothing(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);

    (void)state;
    script_text(&script, "round 1\n1 c 1 A\nround 1\n1 a\n", false);
    script_play(&script, stats);
    char *before = script_dump(stats);
    struct hops_event reply = script_reply(&(struct hops_probe){.id = 0, .ttl = 1}, 'Z', 9);
    hops_stats_apply(stats, &reply); /* a second answer */
    reply.probe.id = 77;
    hops_stats_apply(stats, &reply); /* a probe nobody sent */
    reply.probe.round = 77;
    hops_stats_apply(stats, &reply); /* a round nobody began */
    struct hops_event sent = {.kind = HOPS_EVENT_SENT, .probe = {.id = 5, .round = 2, .ttl = 255}};
    hops_stats_apply(stats, &sent); /* TTLs that do not exist */
    sent.probe.ttl = 0;
    hops_stats_apply(stats, &sent);
    struct hops_event settled = {.kind = HOPS_EVENT_SETTLED};
    settled.u.settled_round = 1000;
    hops_stats_apply(stats, &settled);
    struct hops_event other = {.kind = HOPS_EVENT_ERROR};
    hops_stats_apply(stats, &other);
    other.kind = HOPS_EVENT_PATH;
    hops_stats_apply(stats, &other);
    char *after = script_dump(stats);
    assert_string_equal(after, before);
    free(before);
    free(after);
    script_done(&script);
    hops_stats_free(stats);
}

static void stats_settled_round_takes_nothing_more_while_it_waits(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);
    struct hops_event settled = {.kind = HOPS_EVENT_SETTLED};

    (void)state;
    script_text(&script, "round 2\n1 c 1 A\n2 a\nround 2\n1 c 1 A\n2 a\n", false);
    script_play(&script, stats);
    settled.u.settled_round = 1; /* round 0 is still open, so it cannot be committed */
    hops_stats_apply(stats, &settled);
    char *before = script_dump(stats);
    struct hops_probe probe = {.id = 3, .round = 1, .ttl = 2};
    struct hops_event event = script_reply(&probe, 'B', 5);
    hops_stats_apply(stats, &event);
    event = (struct hops_event){.kind = HOPS_EVENT_FAILED, .probe = probe};
    hops_stats_apply(stats, &event);
    event = (struct hops_event){.kind = HOPS_EVENT_SENT, .probe = probe};
    event.probe.id = 4;
    hops_stats_apply(stats, &event);
    settled.u.settled_round = 0;
    hops_stats_apply(stats, &settled);
    char *after = script_dump(stats);
    assert_string_equal(after, before);
    free(before);
    free(after);
    script_done(&script);
    hops_stats_free(stats);
}

static void stats_round_settled_before_it_is_complete_waits(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);
    struct hops_event settled = {.kind = HOPS_EVENT_SETTLED};

    (void)state;
    script_text(&script, "round 1\n1 c 1 A\n", false);
    for (size_t i = 0; i + 1 < script.count; i++) {
        hops_stats_apply(stats, &script.events[i]);
    }
    hops_stats_apply(stats, &settled);
    assert_int_equal(hops_stats_rounds(stats), 0);
    hops_stats_apply(stats, &script.events[script.count - 1]);
    assert_int_equal(hops_stats_rounds(stats), 1);
    assert_int_equal(script_hop(stats, 0, 1).received, 1);
    script_done(&script);
    hops_stats_free(stats);
}

static void stats_negative_rtt_counts_as_zero(void **state) {
    struct hops_stats *stats = script_run("round 1\n1 c -5 A\n");

    (void)state;
    assert_int_equal(script_hop(stats, 0, 1).last, 0);
    assert_int_equal(hops_stats_sample(stats, 0, 1, 0), 0);
    hops_stats_free(stats);
}

static void stats_rtt_longer_than_a_round_is_no_loss(void **state) {
    /* Every reply comes two rounds late; each round sent eight probes and published nothing it
     * knew. The target stands at 3. */
    enum { ROUNDS = 10, SENT = 8 };
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);

    (void)state;
    for (uint32_t round = 0; round < ROUNDS + 2; round++) {
        for (uint32_t ttl = 1; ttl <= SENT && round < ROUNDS; ttl++) {
            struct hops_event *sent = script_add(&script, HOPS_EVENT_SENT);
            sent->probe = (struct hops_probe){
                .id = round * SENT + ttl - 1, .round = round, .ttl = (uint8_t)ttl};
        }
        for (uint32_t ttl = 1; ttl <= SENT && round >= 2; ttl++) {
            struct hops_probe probe = {
                .id = (round - 2) * SENT + ttl - 1, .round = round - 2, .ttl = (uint8_t)ttl};
            struct hops_event reply =
                script_reply(&probe, ttl < 3 ? (char)('A' + ttl) : 'T', 2500.0 + ttl);
            reply.u.reply.is_target = ttl >= 3;
            reply.u.reply.late = true;
            *script_add(&script, HOPS_EVENT_REPLY) = reply;
        }
        if (round >= 2) {
            script_settled(&script, round - 2);
        }
        if (round < ROUNDS) {
            script_round_event(&script, round, 0, round >= 2 ? 3 : 0);
        }
    }
    script_play(&script, stats);
    check_rows(stats, 0, 1, 3);
    assert_int_equal(hops_stats_rounds(stats), ROUNDS);
    assert_int_equal(hops_stats_flow_count(stats), 1);
    for (uint8_t ttl = 1; ttl <= 3; ttl++) {
        struct hops_hop hop = script_hop(stats, 0, ttl);
        assert_int_equal(hop.sent, ROUNDS);
        assert_int_equal(hop.received, ROUNDS);
        assert_true(hops_hop_loss(&hop) == 0.0);
        assert_int_equal(hop.worst, (2500 + ttl) * HOPS_MS);
    }
    script_done(&script);
    hops_stats_free(stats);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stats_of_nothing_are_empty),
        cmocka_unit_test(stats_bad_arguments_are_refused),
        cmocka_unit_test(stats_minimal_round_gives_three_rows),
        cmocka_unit_test(stats_full_completed_counts_everything),
        cmocka_unit_test(stats_full_mixed_shows_silence_and_two_addresses),
        cmocka_unit_test(stats_every_status_counts_as_it_should),
        cmocka_unit_test(stats_all_failed_is_full_loss),
        cmocka_unit_test(stats_no_latency_is_zero_and_not_lost),
        cmocka_unit_test(stats_loss_heuristic_marks_the_silent_tail),
        cmocka_unit_test(stats_silent_target_makes_no_backward_loss_beyond),
        cmocka_unit_test(stats_first_ttl_above_one_starts_the_rows_there),
        cmocka_unit_test(stats_nat_is_marked_where_the_checksum_changes),
        cmocka_unit_test(stats_nat_scenario_of_three_rounds),
        cmocka_unit_test(stats_last_seen_values_survive_replies_without_them),
        cmocka_unit_test(stats_extensions_are_replaced_by_newer_ones),
        cmocka_unit_test(stats_two_samples_keep_the_newest_of_four_rounds),
        cmocka_unit_test(stats_full_registry_stops_new_flows_only),
        cmocka_unit_test(stats_path_growth_counts_new_rows_from_then_on),
        cmocka_unit_test(stats_nobody_answers_gives_no_rows),
        cmocka_unit_test(stats_row_between_without_a_probe_is_empty),
        cmocka_unit_test(stats_clear_forgets_but_keeps_the_running_round),
        cmocka_unit_test(stats_running_round_is_never_shown),
        cmocka_unit_test(stats_probe_refused_late_becomes_failed),
        cmocka_unit_test(stats_nonsense_events_change_nothing),
        cmocka_unit_test(stats_settled_round_takes_nothing_more_while_it_waits),
        cmocka_unit_test(stats_round_settled_before_it_is_complete_waits),
        cmocka_unit_test(stats_negative_rtt_counts_as_zero),
        cmocka_unit_test(stats_rtt_longer_than_a_round_is_no_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
