/* SPDX-License-Identifier: MIT
 *
 * What networks and hosts do besides answering: balancers, changing paths, translators, late,
 * duplicated and broken replies, and calls that fail on this host.
 */
#include "scene.h"

#include <errno.h>
#include <stdio.h>

static const enum hops_family families[] = {HOPS_IPV4, HOPS_IPV6};

static const struct hops_event_reply *reply_at(const struct scene *s, uint32_t trace,
                                               uint32_t round, uint8_t ttl) {
    struct scene_cell cell = scene_cell(s, trace, round, ttl);

    if (cell.first_reply == NULL) {
        fail_msg("trace %u round %u TTL %u: no reply", trace, round, ttl);
    }
    return &cell.first_reply->u.reply;
}

static void udp_fixed_both(struct hops_config *c, enum hops_strategy strategy) {
    c->protocol = HOPS_PROTOCOL_UDP;
    c->strategy = strategy;
    c->direction = HOPS_PORTS_FIXED_BOTH;
    c->source_port = 5000;
    c->target_port = 33434;
}

/* Extensions. */

static const uint8_t two_labels[] = {0, 12, 1, 1, 0x01, 0x8a, 0x8a, 0x01, 0x00, 0x01, 0x05, 0x02};

static void check_two_labels(const struct hops_extensions *e) {
    struct hops_extension object;
    struct hops_mpls entry;
    size_t at = 0, in = 0;

    assert_true(e->present);
    assert_false(e->malformed);
    assert_true(hops_extension_next(e, &at, &object));
    assert_true(hops_extension_next_mpls(&object, &in, &entry));
    assert_int_equal(entry.label, 0x018a8);
    assert_int_equal(entry.exp, 5);
    assert_false(entry.bottom);
    assert_int_equal(entry.ttl, 1);
    assert_true(hops_extension_next_mpls(&object, &in, &entry));
    assert_int_equal(entry.label, 0x00010);
    assert_true(entry.bottom);
    assert_false(hops_extension_next(e, &at, &object));
}

static void extensions_of_both_kinds_are_kept(void **state) {
    (void)state;
    for (size_t f = 0; f < 2; f++) {
        for (int keep = 0; keep < 2; keep++) {
            struct scene s;
            scene_init(&s, families[f]);
            scene_routers(&s, 3, HOPS_MS);
            for (size_t i = 1; i < 3; i++) {
                s.nodes[i].extensions = two_labels;
                s.nodes[i].extensions_len = sizeof(two_labels);
            }
            s.nodes[2].extensions_non_compliant = true;
            (void)scene_target(&s, 9, HOPS_MS);
            struct hops_config c = scene_config(&s);
            c.extensions = keep == 1;
            scene_run(&s, &c, 1);
            assert_false(reply_at(&s, 0, 0, 1)->extensions.present);
            assert_int_equal(reply_at(&s, 0, 0, 2)->extensions.present, keep);
            assert_int_equal(reply_at(&s, 0, 0, 3)->extensions.present, keep);
            if (keep == 1) {
                check_two_labels(&reply_at(&s, 0, 0, 2)->extensions);
                check_two_labels(&reply_at(&s, 0, 0, 3)->extensions);
                check_two_labels(scene_hop(&s, 0, 3).extensions);
                assert_null(scene_hop(&s, 0, 1).extensions);
            }
            scene_done(&s);
        }
    }
}

/* Targets. */

static void targets_answer_in_their_own_way(void **state) {
    static const struct {
        const char *name;
        enum hops_protocol protocol;
        enum hops_scenario_policy policy;
        enum hops_reply_kind kind;
        bool answers;
    } rows[] = {
        {"echo", HOPS_PROTOCOL_ICMP, HOPS_SCENARIO_OPEN, HOPS_REPLY_ECHO, true},
        {"syn-ack", HOPS_PROTOCOL_TCP, HOPS_SCENARIO_OPEN, HOPS_REPLY_TCP, true},
        {"rst", HOPS_PROTOCOL_TCP, HOPS_SCENARIO_CLOSED, HOPS_REPLY_TCP_REFUSED, true},
        {"datagram", HOPS_PROTOCOL_UDP, HOPS_SCENARIO_OPEN, HOPS_REPLY_UDP, true},
        {"port closed", HOPS_PROTOCOL_UDP, HOPS_SCENARIO_CLOSED, HOPS_REPLY_UNREACHABLE, true},
        {"prohibited", HOPS_PROTOCOL_TCP, HOPS_SCENARIO_PROHIBITED, HOPS_REPLY_UNREACHABLE, true},
        {"icmp silent", HOPS_PROTOCOL_ICMP, HOPS_SCENARIO_SILENT, HOPS_REPLY_ECHO, false},
        {"udp silent", HOPS_PROTOCOL_UDP, HOPS_SCENARIO_SILENT, HOPS_REPLY_UDP, false},
        {"tcp silent", HOPS_PROTOCOL_TCP, HOPS_SCENARIO_SILENT, HOPS_REPLY_TCP, false},
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        size_t r = i / 2;
        struct scene s;
        scene_init(&s, families[i % 2]);
        scene_routers(&s, 2, HOPS_MS);
        struct hops_scenario_target *t = scene_target(&s, 9, HOPS_MS);
        t->icmp = t->udp = t->tcp = rows[r].policy;
        struct hops_config c = scene_config(&s);
        c.protocol = rows[r].protocol;
        c.direction = c.protocol == HOPS_PROTOCOL_ICMP ? HOPS_PORTS_NONE : HOPS_PORTS_FIXED_TARGET;
        c.target_port = c.protocol == HOPS_PROTOCOL_ICMP ? 0 : 80;
        c.max_ttl = 8;
        scene_run(&s, &c, 1);
        const struct hops_event_round *round = scene_round(&s, 0, 0);
        if (rows[r].answers) {
            check_int(rows[r].name, round->reason, HOPS_ROUND_TARGET_FOUND);
            check_int(rows[r].name, round->largest_ttl, 3);
            check_int(rows[r].name, reply_at(&s, 0, 0, 3)->kind, rows[r].kind);
            check_int(rows[r].name, reply_at(&s, 0, 0, 3)->is_target, true);
            check_int(rows[r].name, reply_at(&s, 0, 0, 3)->rtt, 6 * HOPS_MS);
        } else {
            check_int(rows[r].name, round->reason, HOPS_ROUND_TIME_LIMIT);
            check_int(rows[r].name, round->target_ttl, 0);
            check_int(rows[r].name, round->largest_ttl, 3); /* a row of its own for the silence */
            scene_unanswered(rows[r].name, &s, 0, 3);
            check_int(rows[r].name, (long long)scene_hop(&s, 0, 3).received, 0);
        }
        scene_done(&s);
    }
}

static void unreachable_from_a_router_ends_the_path_there(void **state) {
    (void)state;
    for (size_t f = 0; f < 2; f++) {
        struct scene s;
        scene_init(&s, families[f]);
        scene_routers(&s, 5, HOPS_MS);
        s.nodes[2].unreachable = true;
        s.nodes[2].unreachable_code = 1;
        (void)scene_target(&s, 9, HOPS_MS);
        struct hops_config c = scene_config(&s);
        c.max_rounds = 2;
        scene_run(&s, &c, 1);
        for (uint32_t round = 0; round < 2; round++) {
            const struct hops_event_round *r = scene_round(&s, 0, round);
            assert_int_equal(r->reason, HOPS_ROUND_UNREACHABLE);
            assert_int_equal(r->largest_ttl, 3);
            assert_int_equal(r->target_ttl, 0);
            assert_int_equal(reply_at(&s, 0, round, 3)->kind, HOPS_REPLY_UNREACHABLE);
            assert_int_equal(reply_at(&s, 0, round, 3)->icmp_code, 1);
            assert_false(reply_at(&s, 0, round, 3)->is_target);
        }
        scene_done(&s);
    }
}

/* Paths. */

/* Two routers side by side at TTL 2, and two at TTL 3 that belong to them. */
static void build_diamond(struct scene *s) {
    scene_routers(s, 1, HOPS_MS);
    for (unsigned i = 0; i < 4; i++) {
        scene_node(s, 11 + i)->delay = HOPS_MS;
    }
    for (uint16_t i = 0; i < 2; i++) {
        struct hops_scenario_step *step = scene_step(s);
        step->nodes[0] = (uint16_t)(1 + 2 * i);
        step->nodes[1] = (uint16_t)(2 + 2 * i);
        step->node_count = 2;
        step->balancer = 1;
    }
    (void)scene_target(s, 99, HOPS_MS);
}

static void balancers_are_told_apart_by_strategy(void **state) {
    static const enum hops_strategy strategies[] = {HOPS_STRATEGY_CLASSIC, HOPS_STRATEGY_PARIS,
                                                    HOPS_STRATEGY_DUBLIN};
    enum { ROUNDS = 24 };

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        enum hops_strategy strategy = strategies[i / 2];
        unsigned mixed = 0, left = 0, right = 0;
        struct scene s;
        scene_init(&s, families[i % 2]);
        build_diamond(&s);
        struct hops_config c = scene_config(&s);
        udp_fixed_both(&c, strategy);
        c.direction = HOPS_PORTS_FIXED_TARGET; /* the round port is the source port */
        c.max_rounds = ROUNDS;
        scene_run(&s, &c, 1);
        for (uint32_t round = 0; round < ROUNDS; round++) {
            bool second = hops_addr_equal(&reply_at(&s, 0, round, 2)->responder, &s.nodes[2].addr);
            bool third = hops_addr_equal(&reply_at(&s, 0, round, 3)->responder, &s.nodes[4].addr);
            mixed += second != third;
            left += !second && !third;
            right += second && third;
        }
        if (strategy == HOPS_STRATEGY_CLASSIC) {
            assert_true(mixed > 0); /* a path that does not exist */
        } else {
            assert_int_equal(mixed, 0);
            assert_true(left > 0 && right > 0);
            assert_int_equal(hops_stats_flow_count(s.stats[0]), 2);
        }
        assert_int_equal(scene_hop(&s, 0, 2).addr_count, 2);
        scene_done(&s);
    }
}

static void path_grows_and_shrinks_between_rounds(void **state) {
    enum { ROUNDS = 6 };
    static const uint8_t length[ROUNDS] = {3, 3, 5, 5, 3, 3};

    (void)state;
    for (size_t f = 0; f < 2; f++) {
        struct scene s;
        size_t changes = 0;
        scene_init(&s, families[f]);
        scene_routers(&s, 2, HOPS_MS);
        for (unsigned i = 0; i < 2; i++) {
            scene_node(&s, 21 + i)->delay = HOPS_MS;
            scene_step(&s)->when =
                (struct hops_scenario_window){2 * HOPS_SEC - 1, 4 * HOPS_SEC - 1};
        }
        (void)scene_target(&s, 99, HOPS_MS);
        struct hops_config c = scene_config(&s);
        c.max_rounds = ROUNDS;
        scene_run(&s, &c, 1);
        for (uint32_t round = 0; round < ROUNDS; round++) {
            const struct hops_event_round *r = scene_round(&s, 0, round);
            assert_int_equal(r->reason, HOPS_ROUND_TARGET_FOUND);
            assert_int_equal(r->target_ttl, length[round]);
            assert_int_equal(r->largest_ttl, length[round]);
            assert_int_equal(reply_at(&s, 0, round, length[round])->rtt,
                             2 * length[round] * HOPS_MS);
        }
        for (size_t i = 0; i < s.event_count; i++) {
            if (s.events[i].kind == HOPS_EVENT_PATH) {
                assert_int_equal(s.events[i].u.path.ttl, 3);
                assert_int_equal(s.events[i].u.path.round, changes == 0 ? 2 : 4);
                changes++;
            }
        }
        assert_int_equal(changes, 2);
        assert_int_equal(scene_hop(&s, 0, 5).sent, 2); /* not while the path was shorter */
        assert_int_equal(scene_hop(&s, 0, 5).received, 2);
        scene_done(&s);
    }
}

static void first_ttl_above_one_begins_there(void **state) {
    (void)state;
    for (size_t f = 0; f < 2; f++) {
        struct scene s;
        uint8_t first, last;
        scene_init(&s, families[f]);
        scene_routers(&s, 6, HOPS_MS);
        (void)scene_target(&s, 99, HOPS_MS);
        struct hops_config c = scene_config(&s);
        c.first_ttl = 4;
        c.max_rounds = 2;
        scene_run(&s, &c, 1);
        assert_int_equal(scene_cell(&s, 0, 0, 3).sent, 0);
        for (uint8_t ttl = 4; ttl <= 7; ttl++) {
            scene_answered("first TTL 4", &s, 1, ttl, &s.nodes[ttl - 1].addr, 2 * ttl * HOPS_MS);
        }
        hops_stats_ttls(s.stats[0], 0, &first, &last);
        assert_int_equal(first, 4);
        assert_int_equal(last, 7);
        scene_done(&s);
    }
}

/* Translators: seen at the hop behind a stateless one, and never if quotes are repaired. */
static void translators_are_seen_unless_they_repair_quotes(void **state) {
    (void)state;
    for (int stateful = 0; stateful < 2; stateful++) {
        struct scene s;
        scene_init(&s, HOPS_IPV4);
        scene_routers(&s, 4, HOPS_MS);
        s.nodes[1].nat = stateful ? HOPS_SCENARIO_NAT_STATEFUL : HOPS_SCENARIO_NAT_STATELESS;
        s.nodes[1].nat_addr = scene_addr(&s, 77);
        (void)scene_target(&s, 99, HOPS_MS);
        struct hops_config c = scene_config(&s);
        udp_fixed_both(&c, HOPS_STRATEGY_DUBLIN);
        c.max_rounds = 3;
        scene_run(&s, &c, 1);
        for (uint8_t ttl = 1; ttl <= 5; ttl++) {
            struct hops_hop hop = scene_hop(&s, 0, ttl);
            assert_int_equal(hop.received, 3);
            /* the first hop behind it is where checksums begin to differ */
            assert_int_equal(hop.nat,
                             ttl == 3 && !stateful ? HOPS_NAT_DETECTED : HOPS_NAT_NOT_DETECTED);
        }
        scene_done(&s);
    }
}

/* Late, twice, broken. */

static void late_replies_count_in_their_round(void **state) {
    struct scene s;

    (void)state;
    scene_init(&s, HOPS_IPV4);
    scene_routers(&s, 2, HOPS_MS);
    s.nodes[1].straggle = 1;
    s.nodes[1].straggle_delay = 1500 * HOPS_MS;
    (void)scene_target(&s, 99, HOPS_MS);
    struct hops_config c = scene_config(&s);
    c.max_rounds = 4;
    scene_run(&s, &c, 1);
    for (uint32_t round = 0; round < 2; round++) {
        scene_answered("late", &s, round, 2, &s.nodes[1].addr, 1504 * HOPS_MS);
        assert_true(reply_at(&s, 0, round, 2)->late);
        assert_int_equal(scene_round(&s, 0, round)->reason, HOPS_ROUND_TARGET_FOUND);
    }
    assert_int_equal(scene_hop(&s, 0, 2).worst, 1504 * HOPS_MS);
    assert_true(scene_hop(&s, 0, 2).received >= 2);
    assert_int_equal(scene_hop(&s, 0, 3).received, 4);
    scene_done(&s);
}

static void duplicates_count_once(void **state) {
    (void)state;
    for (size_t f = 0; f < 2; f++) {
        struct hops_run_counters counters;
        struct scene s;
        scene_init(&s, families[f]);
        scene_routers(&s, 2, HOPS_MS);
        s.nodes[0].duplicate = 1;
        s.nodes[0].duplicate_delay = 3 * HOPS_MS;
        (void)scene_target(&s, 99, HOPS_MS);
        struct hops_config c = scene_config(&s);
        c.max_rounds = 3;
        scene_run(&s, &c, 1);
        for (uint32_t round = 0; round < 3; round++) {
            scene_answered("twice", &s, round, 1, &s.nodes[0].addr, 2 * HOPS_MS);
        }
        hops_run_counters(s.run, &counters);
        assert_true(counters.duplicates >= 2); /* the last may come after the end */
        assert_int_equal(scene_hop(&s, 0, 1).received, 3);
        scene_done(&s);
    }
}

/* In front of each answer 60 packets that are none. What is right comes through, nothing else. */
static void floods_of_broken_packets_change_nothing(void **state) {
    static const enum hops_scenario_malformed kinds[] = {
        HOPS_SCENARIO_TRUNCATED,  HOPS_SCENARIO_BAD_CHECKSUM, HOPS_SCENARIO_WRONG_QUOTE,
        HOPS_SCENARIO_BAD_LENGTH, HOPS_SCENARIO_FOREIGN,      HOPS_SCENARIO_NOISE};

    (void)state;
    for (size_t i = 0; i < 12; i++) {
        enum hops_scenario_malformed kind = kinds[i / 2];
        struct hops_run_counters counters;
        struct scene s;
        char row[16];
        scene_init(&s, families[i % 2]);
        scene_routers(&s, 4, HOPS_MS);
        for (size_t n = 0; n < 4; n++) {
            s.nodes[n].malformed = kind;
            s.nodes[n].malformed_extra = 60;
        }
        (void)scene_target(&s, 99, HOPS_MS);
        struct hops_config c = scene_config(&s);
        c.max_rounds = 3;
        scene_run(&s, &c, 1);
        (void)snprintf(row, sizeof(row), "kind %d", (int)kind);
        for (uint32_t round = 0; round < 3; round++) {
            check_int(row, scene_round(&s, 0, round)->reason, HOPS_ROUND_TARGET_FOUND);
            for (uint8_t ttl = 1; ttl <= 5; ttl++) {
                scene_answered(row, &s, round, ttl, &s.nodes[ttl - 1].addr, 2 * ttl * HOPS_MS);
            }
        }
        hops_run_counters(s.run, &counters);
        assert_true(counters.link.received >= 3 * 4 * 61);
        scene_done(&s);
    }
}

/* This host. */

static void error_during_one_second(struct scene *s, enum hops_call call, int os_errno) {
    s->errors[s->scenario.error_count++] =
        (struct hops_scenario_error){.call = call,
                                     .os_errno = os_errno,
                                     .target = HOPS_SCENARIO_ANY_TARGET,
                                     .when = {2 * HOPS_SEC - 1, 3 * HOPS_SEC - 1}};
}

/* The address is removed, or the route, for the third of five rounds: nothing is skipped, the trace
 * lives and recovers. */
static void local_failures_are_failed_probes(void **state) {
    static const struct {
        const char *name;
        enum hops_protocol protocol;
        enum hops_call call;
        int os_errno;
    } rows[] = {
        {"address removed, bind", HOPS_PROTOCOL_TCP, HOPS_CALL_BIND, EADDRNOTAVAIL},
        {"address removed, connect", HOPS_PROTOCOL_TCP, HOPS_CALL_CONNECT, EADDRNOTAVAIL},
        {"address removed, sendto", HOPS_PROTOCOL_UDP, HOPS_CALL_SENDTO, EADDRNOTAVAIL},
        {"route removed, icmp", HOPS_PROTOCOL_ICMP, HOPS_CALL_SENDTO, ENETUNREACH},
        {"route removed, udp", HOPS_PROTOCOL_UDP, HOPS_CALL_SENDTO, ENETUNREACH},
        {"route removed, tcp", HOPS_PROTOCOL_TCP, HOPS_CALL_CONNECT, ENETUNREACH},
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        size_t r = i / 2;
        const char *name = rows[r].name;
        struct scene s;
        scene_init(&s, families[i % 2]);
        scene_routers(&s, 2, HOPS_MS);
        (void)scene_target(&s, 99, HOPS_MS);
        error_during_one_second(&s, rows[r].call, rows[r].os_errno);
        struct hops_config c = scene_config(&s);
        c.protocol = rows[r].protocol;
        c.direction = c.protocol == HOPS_PROTOCOL_ICMP ? HOPS_PORTS_NONE : HOPS_PORTS_FIXED_TARGET;
        c.target_port = c.protocol == HOPS_PROTOCOL_ICMP ? 0 : 80;
        c.max_rounds = 5;
        scene_run(&s, &c, 1);
        check_int(name, scene_count(&s, HOPS_EVENT_ROUND), 5);
        check_int(name, scene_count(&s, HOPS_EVENT_SKIPPED), 0);
        check_int(name, scene_count(&s, HOPS_EVENT_ERROR), 0);
        for (uint8_t ttl = 1; ttl <= 3; ttl++) {
            struct scene_cell cell = scene_cell(&s, 0, 2, ttl);
            check_int(name, cell.sent, 0);
            check_int(name, cell.failed, 1);
            check_int(name, cell.last_failed->u.failure.call, rows[r].call);
            check_int(name, cell.last_failed->u.failure.os_errno, rows[r].os_errno);
            for (uint32_t round = 0; round < 5; round++) {
                if (round != 2) {
                    scene_answered(name, &s, round, ttl, &s.nodes[ttl - 1].addr, 2 * ttl * HOPS_MS);
                }
            }
            struct hops_hop hop = scene_hop(&s, 0, ttl);
            check_int(name, hop.sent, 5);
            check_int(name, hop.failed, 1);
            check_int(name, hop.received, 4);
            check_int(name, (long long)hops_hop_loss(&hop), 0);
            check_int(name, hop.failed_errno, rows[r].os_errno);
        }
        scene_done(&s);
    }
}

/* A port in other hands: the same TTL goes out with the next sequence, and nothing is counted. */
static void taken_ports_are_skipped(void **state) {
    static const enum hops_protocol protocols[] = {HOPS_PROTOCOL_TCP, HOPS_PROTOCOL_UDP};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct scene s;
        scene_init(&s, families[i % 2]);
        scene_routers(&s, 3, HOPS_MS);
        (void)scene_target(&s, 99, HOPS_MS);
        s.taken = (struct hops_scenario_taken){protocols[i / 2], 33435, 33436, {0, 0}};
        s.scenario.taken_count = 1;
        struct hops_config c = scene_config(&s);
        c.protocol = protocols[i / 2];
        c.direction = HOPS_PORTS_FIXED_TARGET;
        c.target_port = 80;
        scene_run(&s, &c, 1);
        struct scene_cell cell = scene_cell(&s, 0, 0, 2);
        assert_int_equal(cell.skipped, 2);
        assert_int_equal(cell.sent, 1);
        assert_int_equal(cell.last_skipped->u.failure.os_errno, EADDRINUSE);
        assert_int_equal(cell.last_skipped->probe.sequence, 33436);
        assert_int_equal(cell.last_sent->probe.sequence, 33437);
        assert_int_equal(cell.last_sent->probe.src_port, 33437);
        assert_int_equal(scene_cell(&s, 0, 0, 3).last_sent->probe.sequence, 33438);
        for (uint8_t ttl = 1; ttl <= 4; ttl++) {
            scene_answered("taken", &s, 0, ttl, &s.nodes[ttl - 1].addr, 2 * ttl * HOPS_MS);
            assert_int_equal(scene_hop(&s, 0, ttl).sent, 1);
            assert_int_equal(scene_hop(&s, 0, ttl).failed, 0);
        }
        scene_done(&s);
    }
}

/* Many traces. */

static void two_traces_keep_their_replies_apart(void **state) {
    (void)state;
    for (size_t f = 0; f < 2; f++) {
        struct hops_run_counters counters;
        struct scene s;
        scene_init(&s, families[f]);
        scene_routers(&s, 3, HOPS_MS);
        (void)scene_target(&s, 99, HOPS_MS);
        struct hops_config c[2] = {scene_config(&s), scene_config(&s)};
        c[1].trace_id = 1235;
        c[1].packet_size = 100;
        scene_run(&s, c, 2);
        for (uint32_t trace = 0; trace < 2; trace++) {
            assert_int_equal(scene_round(&s, trace, 0)->reason, HOPS_ROUND_TARGET_FOUND);
            for (uint8_t ttl = 1; ttl <= 4; ttl++) {
                assert_int_equal(scene_cell(&s, trace, 0, ttl).replies, 1);
                assert_int_equal(reply_at(&s, trace, 0, ttl)->rtt, 2 * ttl * HOPS_MS);
            }
        }
        hops_run_counters(s.run, &counters);
        assert_int_equal(counters.foreign, 0);
        assert_int_equal(counters.duplicates, 0);
        scene_done(&s);
    }
}

/* 200 targets, each at a distance of its own, all at once. */
static void two_hundred_targets_at_once(void **state) {
    enum { TARGETS = 200 };
    static const enum hops_protocol protocols[] = {HOPS_PROTOCOL_ICMP, HOPS_PROTOCOL_UDP,
                                                   HOPS_PROTOCOL_TCP};

    (void)state;
    for (size_t p = 0; p < 3; p++) {
        static struct hops_config configs[TARGETS];
        struct hops_diag diag;
        struct scene s;
        scene_init(&s, HOPS_IPV4);
        scene_routers(&s, 3, HOPS_MS);
        for (unsigned i = 0; i < TARGETS; i++) {
            (void)scene_target(&s, 300 + i, (hops_ns)i * HOPS_US);
            configs[i] = scene_config(&s);
            configs[i].target = s.nodes[s.targets[i].node].addr;
            configs[i].protocol = protocols[p];
            configs[i].direction = p == 0 ? HOPS_PORTS_NONE : HOPS_PORTS_FIXED_TARGET;
            configs[i].target_port = p == 0 ? 0 : 80;
            configs[i].max_ttl = 8;
        }
        assert_int_equal(hops_config_spread(configs, TARGETS, 1, &diag), HOPS_OK);
        scene_run(&s, configs, TARGETS);
        assert_int_equal(scene_count(&s, HOPS_EVENT_SKIPPED), 0);
        assert_int_equal(scene_count(&s, HOPS_EVENT_END), TARGETS);
        for (uint32_t i = 0; i < TARGETS; i++) {
            struct hops_hop hop = scene_hop(&s, i, 4);
            assert_int_equal(scene_round(&s, i, 0)->reason, HOPS_ROUND_TARGET_FOUND);
            assert_int_equal(scene_round(&s, i, 0)->largest_ttl, 4);
            assert_int_equal(hop.addr_count, 1);
            assert_true(hops_addr_equal(&hop.addrs[0].addr, &configs[i].target));
            assert_int_equal(hop.last, 6 * HOPS_MS + 2 * (hops_ns)i * HOPS_US);
        }
        scene_done(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extensions_of_both_kinds_are_kept),
        cmocka_unit_test(targets_answer_in_their_own_way),
        cmocka_unit_test(unreachable_from_a_router_ends_the_path_there),
        cmocka_unit_test(balancers_are_told_apart_by_strategy),
        cmocka_unit_test(path_grows_and_shrinks_between_rounds),
        cmocka_unit_test(first_ttl_above_one_begins_there),
        cmocka_unit_test(translators_are_seen_unless_they_repair_quotes),
        cmocka_unit_test(late_replies_count_in_their_round),
        cmocka_unit_test(duplicates_count_once),
        cmocka_unit_test(floods_of_broken_packets_change_nothing),
        cmocka_unit_test(local_failures_are_failed_probes),
        cmocka_unit_test(taken_ports_are_skipped),
        cmocka_unit_test(two_traces_keep_their_replies_apart),
        cmocka_unit_test(two_hundred_targets_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
