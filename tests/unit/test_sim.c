/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <hops/config.h>
#include <hops/sim.h>

#include "packet/build.h"
#include "sim/queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROUTERS = 4, TARGET = ROUTERS, NODES = 8 };

/* Four routers 1 ms apart and a target behind them; nodes 5..7 are spare. */
struct lab {
    struct hops_scenario_node nodes[NODES];
    struct hops_scenario_step steps[NODES];
    struct hops_scenario_target target;
    struct hops_scenario_error error;
    struct hops_scenario_taken taken;
    struct hops_scenario scenario;
    struct hops_config config;
    struct hops_link *link;
    uint32_t attachment;
    uint32_t next_id;
};

static struct hops_addr address(enum hops_family family, uint8_t last) {
    uint8_t v4[4] = {192, 0, 2, last};
    uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = last};

    return family == HOPS_IPV4 ? hops_addr_ipv4(v4) : hops_addr_ipv6(v6, 0);
}

static void lab_plan(struct lab *lab, enum hops_family family) {
    memset(lab, 0, sizeof(*lab));
    for (unsigned i = 0; i < NODES; i++) {
        lab->nodes[i] = (struct hops_scenario_node){.addr = address(family, (uint8_t)(i + 1)),
                                                    .delay = HOPS_MS};
        lab->steps[i] = (struct hops_scenario_step){.nodes = {(uint16_t)i}, .node_count = 1};
    }
    lab->target = (struct hops_scenario_target){.name = "target.example",
                                                .node = TARGET,
                                                .source = address(family, 200),
                                                .steps = lab->steps,
                                                .step_count = ROUTERS};
    lab->scenario = (struct hops_scenario){.seed = 1,
                                           .nodes = lab->nodes,
                                           .node_count = NODES,
                                           .targets = &lab->target,
                                           .target_count = 1,
                                           .errors = &lab->error,
                                           .taken = &lab->taken};
    lab->config = (struct hops_config){.size = sizeof(lab->config),
                                       .target = address(family, TARGET + 1),
                                       .packet_size = 84,
                                       .trace_id = 77,
                                       .first_ttl = 1,
                                       .max_ttl = 64,
                                       .max_inflight = 24,
                                       .initial_sequence = 33434,
                                       .last_sequence = HOPS_SEQUENCE_LAST,
                                       .extensions = true};
}

static void lab_use(struct lab *lab, enum hops_protocol protocol) {
    lab->config.protocol = protocol;
    lab->config.direction = protocol == HOPS_PROTOCOL_ICMP  ? HOPS_PORTS_NONE
                            : protocol == HOPS_PROTOCOL_UDP ? HOPS_PORTS_FIXED_SOURCE
                                                            : HOPS_PORTS_FIXED_TARGET;
    lab->config.source_port = protocol == HOPS_PROTOCOL_UDP ? 5000 : 0;
    lab->config.target_port = protocol == HOPS_PROTOCOL_TCP ? 80 : 0;
}

static void lab_start(struct lab *lab) {
    struct hops_diag diag = {""};

    if (hops_sim_new(&lab->scenario, NULL, &lab->link, &diag) != HOPS_OK ||
        lab->link->ops->attach(lab->link, &lab->config, 0, &lab->attachment, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    lab->next_id = 0;
}

static void lab_stop(struct lab *lab) {
    lab->link->ops->close(lab->link);
    lab->link = NULL;
}

static struct hops_probe probe_of(struct lab *lab, uint8_t ttl) {
    uint32_t id = lab->next_id++;
    uint16_t sequence = (uint16_t)(33434 + id);
    struct hops_probe probe = {.id = id, .ttl = ttl, .sequence = sequence, .tcp_seq = 1000 + id};

    if (lab->config.protocol != HOPS_PROTOCOL_ICMP) {
        bool source_fixed = lab->config.source_port != 0;
        bool target_fixed = lab->config.target_port != 0;
        probe.src_port = source_fixed ? lab->config.source_port : sequence;
        probe.dst_port = target_fixed ? lab->config.target_port : sequence;
    }
    return probe;
}

static struct hops_send_result lab_send(struct lab *lab, uint8_t ttl, hops_ns now) {
    struct hops_probe probe = probe_of(lab, ttl);

    return lab->link->ops->send(lab->link, lab->attachment, &probe, now);
}

/* The next reply, whenever it comes. */
static bool lab_next(struct lab *lab, struct hops_inbound *out) {
    while (lab->link->ops->deadline(lab->link) != HOPS_NEVER) {
        if (lab->link->ops->receive(lab->link, lab->link->ops->deadline(lab->link), out)) {
            return true;
        }
    }
    return false;
}

static size_t lab_drain(struct lab *lab) {
    struct hops_inbound in;
    size_t count = 0;

    while (lab_next(lab, &in)) {
        count++;
    }
    return count;
}

/* Sends one probe and gives its only reply. */
static bool lab_ask(struct lab *lab, uint8_t ttl, hops_ns now, struct hops_reply *out) {
    struct hops_inbound in;

    check_int("send", lab_send(lab, ttl, now).status, HOPS_SEND_OK);
    if (!lab_next(lab, &in)) {
        return false;
    }
    *out = in.reply;
    check_int("one reply only", (long long)lab_drain(lab), 0);
    return true;
}

static const enum hops_family families[] = {HOPS_IPV4, HOPS_IPV6};

static void sim_each_ttl_is_answered_by_its_hop_after_its_round_trip(void **state) {
    static const enum hops_protocol protocols[] = {HOPS_PROTOCOL_ICMP, HOPS_PROTOCOL_UDP,
                                                   HOPS_PROTOCOL_TCP};
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    for (size_t f = 0; f < 2; f++) {
        for (size_t p = 0; p < 3; p++) {
            lab_plan(&lab, families[f]);
            lab_use(&lab, protocols[p]);
            lab_start(&lab);
            for (unsigned ttl = 1; ttl <= ROUTERS; ttl++) {
                const char *row = hops_protocol_name(protocols[p]);
                check_int(row, lab_ask(&lab, (uint8_t)ttl, HOPS_SEC, &reply), 1);
                check_int(row, reply.kind, HOPS_REPLY_TIME_EXCEEDED);
                check_int(row, hops_addr_equal(&reply.responder, &lab.nodes[ttl - 1].addr), 1);
                check_int(row, reply.when, HOPS_SEC + 2 * ttl * HOPS_MS);
                check_int(row, reply.ttl, 64 - (ttl - 1));
                check_int(row, reply.quote.ttl, 1);
                check_int(row, hops_addr_equal(&reply.quote.dst, &lab.config.target), 1);
                check_int(row, reply.coarse, 0);
            }
            lab_stop(&lab);
        }
    }
}

static void sim_target_answers_by_its_policy(void **state) {
    static const struct {
        const char *name;
        enum hops_protocol protocol;
        enum hops_scenario_policy policy;
        int kind; /* -1: silence */
        uint8_t code4, code6;
    } rows[] = {
        {"echo", HOPS_PROTOCOL_ICMP, HOPS_SCENARIO_DEFAULT, HOPS_REPLY_ECHO, 0, 0},
        {"echo open", HOPS_PROTOCOL_ICMP, HOPS_SCENARIO_OPEN, HOPS_REPLY_ECHO, 0, 0},
        {"echo closed", HOPS_PROTOCOL_ICMP, HOPS_SCENARIO_CLOSED, -1, 0, 0},
        {"echo silent", HOPS_PROTOCOL_ICMP, HOPS_SCENARIO_SILENT, -1, 0, 0},
        {"echo prohibited", HOPS_PROTOCOL_ICMP, HOPS_SCENARIO_PROHIBITED, HOPS_REPLY_UNREACHABLE,
         13, 1},
        {"udp", HOPS_PROTOCOL_UDP, HOPS_SCENARIO_DEFAULT, HOPS_REPLY_UNREACHABLE, 3, 4},
        {"udp open", HOPS_PROTOCOL_UDP, HOPS_SCENARIO_OPEN, HOPS_REPLY_UDP, 0, 0},
        {"udp silent", HOPS_PROTOCOL_UDP, HOPS_SCENARIO_SILENT, -1, 0, 0},
        {"udp prohibited", HOPS_PROTOCOL_UDP, HOPS_SCENARIO_PROHIBITED, HOPS_REPLY_UNREACHABLE, 13,
         1},
        {"tcp", HOPS_PROTOCOL_TCP, HOPS_SCENARIO_DEFAULT, HOPS_REPLY_TCP, 0, 0},
        {"tcp closed", HOPS_PROTOCOL_TCP, HOPS_SCENARIO_CLOSED, HOPS_REPLY_TCP_REFUSED, 0, 0},
        {"tcp silent", HOPS_PROTOCOL_TCP, HOPS_SCENARIO_SILENT, -1, 0, 0},
    };
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        size_t r = i / 2;
        lab_plan(&lab, families[i % 2]);
        lab_use(&lab, rows[r].protocol);
        lab.target.icmp = lab.target.udp = lab.target.tcp = rows[r].policy;
        lab_start(&lab);
        for (uint8_t ttl = 5; ttl < 7; ttl++) {
            bool answered = lab_ask(&lab, ttl, 0, &reply);
            check_int(rows[r].name, answered ? (int)reply.kind : -1, rows[r].kind);
            if (answered) {
                check_int(rows[r].name, hops_addr_equal(&reply.responder, &lab.config.target), 1);
                check_int(rows[r].name, reply.icmp_code,
                          families[i % 2] == HOPS_IPV4 ? rows[r].code4 : rows[r].code6);
                check_int(rows[r].name, reply.when, 10 * HOPS_MS);
            }
            if (answered && rows[r].protocol == HOPS_PROTOCOL_TCP) {
                check_int(rows[r].name, reply.quote.tcp_seq, 1000 + lab.next_id - 1);
                check_int(rows[r].name, reply.quote.src_port, 33434 + (int)lab.next_id - 1);
            }
        }
        lab_stop(&lab);
    }
}

static void sim_port_rule_wins_over_policy(void **state) {
    static const struct hops_scenario_port ports[] = {
        {HOPS_PROTOCOL_UDP, 80, 80, HOPS_SCENARIO_OPEN},
        {HOPS_PROTOCOL_TCP, 70, 80, HOPS_SCENARIO_CLOSED},
        {HOPS_PROTOCOL_TCP, 80, 80, HOPS_SCENARIO_SILENT}};
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab_use(&lab, HOPS_PROTOCOL_TCP);
    lab.target.ports = ports;
    lab.target.port_count = 3;
    lab_start(&lab);
    assert_true(lab_ask(&lab, 9, 0, &reply));
    assert_int_equal(reply.kind, HOPS_REPLY_TCP_REFUSED);
    lab.config.target_port = 81; /* of the probes sent from now on */
    assert_true(lab_ask(&lab, 9, 0, &reply));
    assert_int_equal(reply.kind, HOPS_REPLY_TCP);
    lab_stop(&lab);
}

static void sim_silent_hop_forwards_and_never_answers(void **state) {
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.nodes[1].silent = true;
    lab_start(&lab);
    assert_false(lab_ask(&lab, 2, 0, &reply));
    assert_true(lab_ask(&lab, 3, 0, &reply));
    assert_int_equal(reply.when, 6 * HOPS_MS);
    lab_stop(&lab);
}

static void sim_rate_limit_is_a_token_bucket(void **state) {
    struct lab lab;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.nodes[0].rate = 2;
    lab.nodes[0].burst = 3;
    lab_start(&lab);
    for (int i = 0; i < 10; i++) {
        (void)lab_send(&lab, 1, 0);
    }
    assert_int_equal(lab_drain(&lab), 3);
    for (int i = 0; i < 10; i++) {
        (void)lab_send(&lab, 1, HOPS_SEC); /* two more tokens by now */
    }
    assert_int_equal(lab_drain(&lab), 2);
    for (int i = 0; i < 10; i++) {
        (void)lab_send(&lab, 1, 100 * HOPS_SEC); /* no more than the bucket holds */
    }
    assert_int_equal(lab_drain(&lab), 3);
    lab_stop(&lab);
}

/* Which of 64 probes were answered, as bits. */
static uint64_t pattern(struct lab *lab, uint8_t ttl) {
    uint64_t bits = 0;

    lab_start(lab);
    for (int i = 0; i < 64; i++) {
        struct hops_inbound in;
        (void)lab_send(lab, ttl, i * HOPS_SEC);
        bits = (bits << 1) | (lab_next(lab, &in) ? 1 : 0);
        (void)lab_drain(lab);
    }
    lab_stop(lab);
    return bits;
}

static int ones(uint64_t bits) {
    return __builtin_popcountll(bits);
}

static void sim_loss_each_way_follows_the_share(void **state) {
    static const struct {
        const char *name;
        double forward, back, answer;
        int least, most;
    } rows[] = {
        {"none", 0, 0, 0, 64, 64},         {"all forward", 1, 0, 0, 0, 0},
        {"all back", 0, 1, 0, 0, 0},       {"half forward", 0.5, 0, 0, 20, 44},
        {"half back", 0, 0.5, 0, 20, 44},  {"half answers", 0, 0, 0.5, 20, 44},
        {"both ways", 0.5, 0.5, 0, 6, 28},
    };
    struct lab lab;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        lab_plan(&lab, HOPS_IPV4);
        lab.nodes[1].loss_forward = rows[i].forward;
        lab.nodes[1].loss_return = rows[i].back;
        lab.nodes[1].response_loss = rows[i].answer;
        int got = ones(pattern(&lab, 2));
        check_int(rows[i].name, got >= rows[i].least && got <= rows[i].most, 1);
        check_int(rows[i].name, ones(pattern(&lab, 1)), 64);
        if (rows[i].answer <= 0) {
            got = ones(pattern(&lab, 5)); /* the cable is lossy for those behind it too */
            check_int(rows[i].name, got >= rows[i].least && got <= rows[i].most, 1);
        }
    }
}

static void sim_same_seed_gives_same_replies_another_seed_others(void **state) {
    struct lab lab;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.nodes[1].loss_forward = 0.5;
    uint64_t first = pattern(&lab, 3);
    assert_true(first == pattern(&lab, 3));
    lab.scenario.seed = 2;
    assert_true(first != pattern(&lab, 3));
}

static void sim_added_hop_leaves_the_draws_of_others_alone(void **state) {
    struct lab lab;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.nodes[2].loss_forward = 0.5;
    lab.nodes[2].loss_return = 0.3;
    uint64_t before = pattern(&lab, 3);
    /* one more node in front of all others, in the path and in the array */
    memmove(&lab.nodes[1], &lab.nodes[0], (NODES - 1) * sizeof(lab.nodes[0]));
    lab.nodes[0] = (struct hops_scenario_node){.addr = address(HOPS_IPV4, 99)};
    lab.target.node = TARGET + 1;
    lab.target.step_count = ROUTERS + 1;
    assert_true(before == pattern(&lab, 4));
}

static void sim_jitter_spreads_round_trips_within_bounds(void **state) {
    struct lab lab;
    struct hops_reply reply;
    hops_ns least = HOPS_NEVER, most = 0;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.nodes[0].jitter = HOPS_MS;
    lab.nodes[0].response_delay = 3 * HOPS_MS;
    lab.nodes[0].response_jitter = HOPS_MS;
    lab_start(&lab);
    for (int i = 0; i < 200; i++) {
        assert_true(lab_ask(&lab, 1, 0, &reply));
        least = reply.when < least ? reply.when : least;
        most = reply.when > most ? reply.when : most;
    }
    assert_true(least >= 5 * HOPS_MS && least < 6 * HOPS_MS);
    assert_true(most <= 8 * HOPS_MS && most > 7 * HOPS_MS);
    lab_stop(&lab);
}

/* Last octet of the responder at a TTL for the next probe. */
static int responder(struct lab *lab, uint8_t ttl, hops_ns now) {
    struct hops_reply reply;

    if (!lab_ask(lab, ttl, now, &reply)) {
        return 0;
    }
    return reply.responder.octets[hops_addr_len(&reply.responder) - 1];
}

static void sim_balancer_keeps_flows_and_spreads_them(void **state) {
    struct lab lab;

    (void)state;
    for (size_t f = 0; f < 2; f++) {
        int seen[8] = {0};
        lab_plan(&lab, families[f]);
        lab_use(&lab, HOPS_PROTOCOL_UDP);
        lab.steps[1] = (struct hops_scenario_step){.nodes = {1, 5}, .node_count = 2, .balancer = 9};
        lab.steps[2] = (struct hops_scenario_step){.nodes = {2, 6}, .node_count = 2, .balancer = 9};
        lab_start(&lab);
        for (uint16_t port = 6000; port < 6040; port++) {
            lab.config.target_port = port;
            int second = responder(&lab, 2, 0);
            check_int("same flow", responder(&lab, 2, 0), second);
            check_int("same branch", responder(&lab, 3, 0), second == 2 ? 3 : 7);
            seen[second]++;
        }
        assert_true(seen[2] > 8 && seen[6] > 8 && seen[2] + seen[6] == 40);
        lab_stop(&lab);
    }
}

static void sim_icmp_flow_is_its_identifier_not_its_sequence(void **state) {
    struct lab lab;
    int seen[8] = {0};

    (void)state;
    for (uint16_t id = 1; id <= 32; id++) {
        lab_plan(&lab, HOPS_IPV4);
        lab.config.trace_id = id;
        lab.steps[1] = (struct hops_scenario_step){.nodes = {1, 5}, .node_count = 2};
        lab_start(&lab);
        int first = responder(&lab, 2, 0);
        for (int i = 0; i < 8; i++) {
            assert_int_equal(responder(&lab, 2, 0), first);
        }
        seen[first]++;
        lab_stop(&lab);
    }
    assert_true(seen[2] > 4 && seen[6] > 4);
}

static void sim_per_packet_balancer_spreads_one_flow(void **state) {
    struct lab lab;
    int seen[8] = {0};

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.steps[1] =
        (struct hops_scenario_step){.nodes = {1, 5}, .node_count = 2, .per_packet = true};
    lab_start(&lab);
    for (int i = 0; i < 40; i++) {
        seen[responder(&lab, 2, 0)]++;
    }
    assert_true(seen[2] > 8 && seen[6] > 8);
    lab_stop(&lab);
}

static void sim_steps_exist_within_their_windows(void **state) {
    struct lab lab;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    /* 1, then 2 until 10 s, 6 from then on, 3 only from 10 s to 20 s */
    lab.steps[1].when.until = 10 * HOPS_SEC;
    lab.steps[2] =
        (struct hops_scenario_step){.nodes = {5}, .node_count = 1, .when = {.from = 10 * HOPS_SEC}};
    lab.steps[3] = (struct hops_scenario_step){
        .nodes = {2}, .node_count = 1, .when = {10 * HOPS_SEC, 20 * HOPS_SEC}};
    lab_start(&lab);
    assert_int_equal(responder(&lab, 2, 0), 2);
    assert_int_equal(responder(&lab, 3, 0), TARGET + 1);
    assert_int_equal(responder(&lab, 2, 10 * HOPS_SEC), 6);
    assert_int_equal(responder(&lab, 3, 10 * HOPS_SEC), 3);
    assert_int_equal(responder(&lab, 4, 10 * HOPS_SEC), TARGET + 1);
    assert_int_equal(responder(&lab, 2, 20 * HOPS_SEC), 6);
    assert_int_equal(responder(&lab, 3, 20 * HOPS_SEC), TARGET + 1);
    /* sent before the change, but it comes there after it */
    assert_int_equal(responder(&lab, 2, 10 * HOPS_SEC - HOPS_US), 6);
    lab_stop(&lab);
}

static void sim_loop_repeats_until_the_ttl_ends(void **state) {
    struct lab lab;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.target.loop = true;
    lab.target.loop_from = 2;
    lab.target.loop_to = 1;
    lab.nodes[2].loss_return = 0.01;
    lab_start(&lab);
    assert_int_equal(responder(&lab, 1, 0), 1);
    assert_int_equal(responder(&lab, 2, 0), 2);
    assert_int_equal(responder(&lab, 3, 0), 3);
    assert_int_equal(responder(&lab, 4, 0), 2);
    assert_int_equal(responder(&lab, 5, 0), 3);
    /* answers that would need more than 64 hops back do not come */
    assert_int_equal(responder(&lab, 254, 0), 0);
    lab_stop(&lab);
}

static void sim_loop_of_absent_steps_leads_nowhere(void **state) {
    struct lab lab;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.target.loop = true;
    lab.target.loop_from = 2;
    lab.target.loop_to = 1;
    lab.steps[1].when.from = lab.steps[2].when.from = HOPS_SEC;
    lab_start(&lab);
    assert_int_equal(responder(&lab, 1, 0), 1);
    assert_int_equal(responder(&lab, 2, 0), 0);
    lab_stop(&lab);
}

static void sim_router_that_does_not_forward_says_unreachable(void **state) {
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    for (size_t f = 0; f < 2; f++) {
        lab_plan(&lab, families[f]);
        lab.nodes[2].unreachable = true;
        lab.nodes[2].unreachable_code = 1;
        lab_start(&lab);
        for (uint8_t ttl = 3; ttl < 6; ttl++) {
            assert_true(lab_ask(&lab, ttl, 0, &reply));
            assert_int_equal(reply.kind, HOPS_REPLY_UNREACHABLE);
            assert_int_equal(reply.icmp_code, 1);
            assert_true(hops_addr_equal(&reply.responder, &lab.nodes[2].addr));
        }
        lab_stop(&lab);
    }
}

static void sim_narrow_cable_is_told_by_the_node_before_it(void **state) {
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    for (size_t f = 0; f < 2; f++) {
        lab_plan(&lab, families[f]);
        lab.config.packet_size = 1000;
        lab.nodes[2].mtu = 999;
        lab_start(&lab);
        assert_true(lab_ask(&lab, 2, 0, &reply));
        assert_int_equal(reply.kind, HOPS_REPLY_TIME_EXCEEDED);
        assert_true(lab_ask(&lab, 3, 0, &reply));
        assert_int_equal(reply.kind, families[f] == HOPS_IPV4 ? HOPS_REPLY_UNREACHABLE
                                                              : HOPS_REPLY_PACKET_TOO_BIG);
        assert_int_equal(reply.mtu, 999);
        assert_true(hops_addr_equal(&reply.responder, &lab.nodes[1].addr));
        lab_stop(&lab);
        lab.nodes[0].mtu = 500;
        lab_start(&lab);
        struct hops_send_result result = lab_send(&lab, 3, 0);
        assert_int_equal(result.status, HOPS_SEND_FAILED);
        assert_int_equal(result.call, HOPS_CALL_SENDTO);
        assert_int_equal(result.os_errno, EMSGSIZE);
        lab_stop(&lab);
    }
}

static void sim_changed_tos_shows_in_quotes_behind(void **state) {
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    for (size_t f = 0; f < 2; f++) {
        lab_plan(&lab, families[f]);
        lab.config.tos = 0xe0;
        lab.nodes[1].set_tos = true;
        lab.nodes[1].tos = 0x0a;
        lab_start(&lab);
        assert_true(lab_ask(&lab, 2, 0, &reply));
        assert_int_equal(reply.quote.tos, 0xe0);
        assert_true(lab_ask(&lab, 3, 0, &reply));
        assert_int_equal(reply.quote.tos, 0x0a);
        lab_stop(&lab);
    }
}

static void sim_translator_shows_only_if_stateless(void **state) {
    static const struct {
        const char *name;
        enum hops_scenario_nat nat;
        bool shows;
    } rows[] = {{"stateless", HOPS_SCENARIO_NAT_STATELESS, true},
                {"stateful", HOPS_SCENARIO_NAT_STATEFUL, false}};
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        size_t r = i / 2;
        enum hops_family family = families[i % 2];
        lab_plan(&lab, family);
        lab_use(&lab, HOPS_PROTOCOL_UDP);
        lab.config.target_port = 33434;
        lab.nodes[1].nat = rows[r].nat;
        lab.nodes[1].nat_addr = address(family, 77);
        lab.nodes[1].nat_port = 40000;
        lab.nodes[3].nat = HOPS_SCENARIO_NAT_STATEFUL; /* a second one repairs its own only */
        lab.nodes[3].nat_addr = address(family, 88);
        lab_start(&lab);
        for (uint8_t ttl = 2; ttl <= 5; ttl++) {
            bool shown = rows[r].shows && ttl > 2;
            check_int(rows[r].name, lab_ask(&lab, ttl, 0, &reply), 1);
            check_int(rows[r].name, reply.quote.src_port, shown ? 40000 : 5000);
            check_int(rows[r].name,
                      hops_addr_equal(&reply.quote.src,
                                      shown ? &lab.nodes[1].nat_addr : &lab.config.source),
                      1);
            check_int(rows[r].name, hops_addr_equal(&reply.local, &lab.config.source), 1);
            if (family == HOPS_IPV4 && !shown) {
                check_int(rows[r].name, reply.quote.udp_checksum,
                          hops_packet_expected_checksum(&lab.config, &reply.quote));
            }
        }
        lab_stop(&lab);
    }
}

static void sim_translated_checksum_is_the_one_of_the_new_addresses(void **state) {
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab_use(&lab, HOPS_PROTOCOL_UDP);
    lab.config.target_port = 33434;
    lab.nodes[1].nat = HOPS_SCENARIO_NAT_STATELESS;
    lab.nodes[1].nat_addr = address(HOPS_IPV4, 77);
    lab.nodes[1].nat_port = 40000;
    lab_start(&lab);
    assert_true(lab_ask(&lab, 3, 0, &reply));
    struct hops_config translated = lab.config;
    translated.source = lab.nodes[1].nat_addr;
    assert_int_equal(reply.quote.udp_checksum,
                     hops_packet_expected_checksum(&translated, &reply.quote));
    assert_int_not_equal(reply.quote.udp_checksum,
                         hops_packet_expected_checksum(&lab.config, &reply.quote));
    lab_stop(&lab);
}

static void sim_translated_connections_come_back_to_us(void **state) {
    static const enum hops_protocol protocols[] = {HOPS_PROTOCOL_ICMP, HOPS_PROTOCOL_UDP,
                                                   HOPS_PROTOCOL_TCP};
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        lab_plan(&lab, families[i % 2]);
        lab_use(&lab, protocols[i / 2]);
        lab.target.udp = HOPS_SCENARIO_OPEN;
        lab.nodes[1].nat = HOPS_SCENARIO_NAT_STATELESS;
        lab.nodes[1].nat_addr = address(families[i % 2], 77);
        lab.nodes[1].nat_port = 40000;
        lab_start(&lab);
        assert_true(lab_ask(&lab, 9, 0, &reply));
        assert_true(hops_addr_equal(&reply.local, &lab.config.source));
        assert_true(hops_addr_equal(&reply.responder, &lab.config.target));
        assert_int_equal(reply.quote.src_port, i < 2 ? 0 : i < 4 ? 5000 : 33434);
        lab_stop(&lab);
    }
}

static const uint8_t mpls_object[] = {0x00, 0x08, 0x01, 0x01, 0x01, 0x23, 0x45, 0x01};

static void sim_extensions_arrive_in_both_layouts(void **state) {
    static const struct {
        const char *name;
        bool non_compliant, bad_checksum, wanted;
    } rows[] = {{"compliant", false, false, true},
                {"non-compliant", true, false, true},
                {"wrong checksum", false, true, true},
                {"not wanted", false, false, false}};
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        size_t r = i / 2;
        lab_plan(&lab, families[i % 2]);
        lab.config.packet_size = i % 2 == 0 ? 84 : 300; /* shorter and longer than 128 */
        lab.config.extensions = rows[r].wanted;
        lab.nodes[1].extensions = mpls_object;
        lab.nodes[1].extensions_len = sizeof(mpls_object);
        lab.nodes[1].extensions_non_compliant = rows[r].non_compliant;
        lab.nodes[1].extensions_bad_checksum = rows[r].bad_checksum;
        lab_start(&lab);
        check_int(rows[r].name, lab_ask(&lab, 2, 0, &reply), 1);
        check_int(rows[r].name, reply.extensions.present, rows[r].wanted);
        check_int(rows[r].name, reply.extensions.malformed, rows[r].bad_checksum);
        if (rows[r].wanted && !rows[r].bad_checksum) {
            check_bytes(rows[r].name, reply.extensions.octets, reply.extensions.len, mpls_object,
                        sizeof(mpls_object));
        }
        check_int(rows[r].name, lab_ask(&lab, 1, 0, &reply), 1);
        check_int(rows[r].name, reply.extensions.present, 0);
        lab_stop(&lab);
    }
}

static void sim_quote_is_as_short_as_the_node_makes_it(void **state) {
    struct lab lab;
    struct hops_reply reply;

    (void)state;
    for (size_t f = 0; f < 2; f++) {
        lab_plan(&lab, families[f]);
        lab_use(&lab, HOPS_PROTOCOL_TCP);
        lab.nodes[0].quote = families[f] == HOPS_IPV4 ? 28 : 48;
        lab_start(&lab);
        assert_true(lab_ask(&lab, 1, 0, &reply));
        assert_int_equal(reply.quote.src_port, 33434);
        assert_true(reply.quote.tcp_seq_known);
        assert_int_equal(reply.quote.tcp_seq, 1000);
        lab_stop(&lab);
    }
}

static void sim_duplicates_and_stragglers_come_later(void **state) {
    struct lab lab;
    struct hops_inbound in;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.nodes[0].duplicate = 1;
    lab.nodes[0].duplicate_delay = 5 * HOPS_MS;
    lab.nodes[1].straggle = 1;
    lab.nodes[1].straggle_delay = HOPS_SEC;
    lab_start(&lab);
    (void)lab_send(&lab, 1, 0);
    (void)lab_send(&lab, 2, 0);
    (void)lab_send(&lab, 3, 0);
    static const struct {
        hops_ns when;
        uint8_t last;
    } want[] = {{2 * HOPS_MS, 1}, {6 * HOPS_MS, 3}, {7 * HOPS_MS, 1}, {HOPS_SEC + 4 * HOPS_MS, 2}};
    for (size_t i = 0; i < 4; i++) {
        assert_true(lab_next(&lab, &in));
        assert_int_equal(in.when, want[i].when);
        assert_int_equal(in.reply.when, want[i].when);
        assert_int_equal(in.reply.responder.octets[3], want[i].last);
        assert_int_equal(in.kind, HOPS_INBOUND_REPLY);
        assert_int_equal(in.attachment, HOPS_ATTACHMENT_ANY);
    }
    assert_int_equal(lab_drain(&lab), 0);
    lab_stop(&lab);
}

static void sim_nothing_is_received_before_its_time(void **state) {
    struct lab lab;
    struct hops_inbound in;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab_start(&lab);
    assert_true(lab.link->ops->deadline(lab.link) == HOPS_NEVER);
    assert_int_equal(lab.link->ops->fd(lab.link), -1);
    (void)lab_send(&lab, 1, 0);
    assert_int_equal(lab.link->ops->deadline(lab.link), 2 * HOPS_MS);
    assert_false(lab.link->ops->receive(lab.link, 2 * HOPS_MS - 1, &in));
    assert_true(lab.link->ops->receive(lab.link, 3 * HOPS_MS, &in));
    assert_int_equal(in.when, 2 * HOPS_MS); /* the arrival, not the look */
    lab.link->ops->release(lab.link, lab.attachment, 0);
    assert_true(lab.link->ops->deadline(lab.link) == HOPS_NEVER);
    lab_stop(&lab);
}

/* What the parsers make of each kind of malformed reply. FOREIGN and WRONG_QUOTE decode well: they
 * are for the tracer to refuse. */
static void sim_malformed_replies_are_counted_not_delivered(void **state) {
    static const struct {
        const char *name;
        enum hops_scenario_malformed kind;
        bool delivered;
    } rows[] = {{"truncated", HOPS_SCENARIO_TRUNCATED, false},
                {"bad checksum", HOPS_SCENARIO_BAD_CHECKSUM, false},
                {"wrong quote", HOPS_SCENARIO_WRONG_QUOTE, true},
                {"bad length", HOPS_SCENARIO_BAD_LENGTH, true},
                {"foreign", HOPS_SCENARIO_FOREIGN, true}};
    struct lab lab;
    struct hops_inbound in;
    struct hops_link_counters counters;

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        size_t r = i / 2;
        lab_plan(&lab, families[i % 2]);
        lab_use(&lab, HOPS_PROTOCOL_UDP);
        lab.config.payload_pattern = 1; /* zeros cut off would leave the checksum right */
        lab.nodes[0].malformed = rows[r].kind;
        lab.nodes[0].malformed_share = 1;
        lab_start(&lab);
        for (int k = 0; k < 20; k++) {
            (void)lab_send(&lab, 1, 0);
            check_int(rows[r].name, lab_next(&lab, &in), rows[r].delivered);
            if (rows[r].kind == HOPS_SCENARIO_FOREIGN) {
                check_int(rows[r].name, in.reply.quote.src_port == 5000, 0);
            } else if (rows[r].kind == HOPS_SCENARIO_WRONG_QUOTE) {
                check_int(rows[r].name, hops_addr_equal(&in.reply.quote.dst, &lab.config.target),
                          0);
            } else if (rows[r].kind == HOPS_SCENARIO_BAD_LENGTH) {
                check_int(rows[r].name, in.reply.extensions.malformed, 1);
                check_int(rows[r].name, in.reply.extensions.len, 0);
            }
        }
        lab.link->ops->counters(lab.link, &counters);
        check_int(rows[r].name, (int)counters.received, 20);
        check_int(rows[r].name, (int)counters.malformed, rows[r].delivered ? 0 : 20);
        lab_stop(&lab);
    }
}

static void sim_noise_never_becomes_the_answer_of_a_probe(void **state) {
    struct lab lab;
    struct hops_link_counters counters;

    (void)state;
    for (size_t f = 0; f < 2; f++) {
        lab_plan(&lab, families[f]);
        lab.nodes[0].malformed = HOPS_SCENARIO_NOISE;
        lab.nodes[0].malformed_extra = 30;
        lab_start(&lab);
        for (int k = 0; k < 50; k++) {
            (void)lab_send(&lab, 1, 0);
        }
        assert_int_equal(lab_drain(&lab), 50); /* the true answers behind the noise */
        lab.link->ops->counters(lab.link, &counters);
        assert_int_equal(counters.received, 50 * 31);
        assert_int_equal(counters.malformed + counters.ignored, 50 * 30);
        lab_stop(&lab);
    }
}

static void sim_replies_per_probe_and_queue_are_bounded(void **state) {
    struct lab lab;
    struct hops_link_counters counters;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.nodes[0].malformed = HOPS_SCENARIO_FOREIGN;
    lab.nodes[0].malformed_extra = UINT16_MAX;
    lab_start(&lab);
    (void)lab_send(&lab, 1, 0);
    assert_int_equal(lab_drain(&lab), HOPS_SCENARIO_REPLIES_PER_PROBE - 1);
    for (int k = 0; k < 300; k++) {
        (void)lab_send(&lab, 1, 0);
    }
    assert_int_equal(lab_drain(&lab), HOPS_SIM_EVENTS_MAX);
    lab.link->ops->counters(lab.link, &counters);
    assert_int_equal(counters.overflow,
                     300 * (HOPS_SCENARIO_REPLIES_PER_PROBE - 1) - HOPS_SIM_EVENTS_MAX);
    lab_stop(&lab);
}

static void sim_send_error_outcome_follows_call_and_errno(void **state) {
    static const struct {
        const char *name;
        enum hops_call call;
        int os_errno;
        enum hops_send_status status;
    } rows[] = {
        {"port in use at bind", HOPS_CALL_BIND, EADDRINUSE, HOPS_SEND_PORT_TAKEN},
        {"port in use at connect", HOPS_CALL_CONNECT, EADDRINUSE, HOPS_SEND_PORT_TAKEN},
        {"in use at sendto", HOPS_CALL_SENDTO, EADDRINUSE, HOPS_SEND_FAILED},
        {"no address at bind", HOPS_CALL_BIND, EADDRNOTAVAIL, HOPS_SEND_FAILED},
        {"no address at connect", HOPS_CALL_CONNECT, EADDRNOTAVAIL, HOPS_SEND_FAILED},
        {"no route", HOPS_CALL_SENDTO, ENETUNREACH, HOPS_SEND_FAILED},
        {"no host", HOPS_CALL_SENDTO, EHOSTUNREACH, HOPS_SEND_FAILED},
        {"blackhole", HOPS_CALL_SENDTO, EINVAL, HOPS_SEND_FAILED},
        {"firewall", HOPS_CALL_SENDTO, EPERM, HOPS_SEND_FAILED},
        {"queue", HOPS_CALL_SENDTO, ENOBUFS, HOPS_SEND_FAILED},
        {"buffer", HOPS_CALL_SENDTO, EAGAIN, HOPS_SEND_BUSY},
        {"descriptors", HOPS_CALL_SOCKET, EMFILE, HOPS_SEND_BUSY},
        {"no socket", HOPS_CALL_SENDTO, EBADF, HOPS_SEND_FATAL},
        {"refused option", HOPS_CALL_SETSOCKOPT, ENOPROTOOPT, HOPS_SEND_FATAL},
    };
    struct lab lab;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        lab_plan(&lab, HOPS_IPV4);
        lab.error = (struct hops_scenario_error){
            .call = rows[i].call, .os_errno = rows[i].os_errno, .target = HOPS_SCENARIO_ANY_TARGET};
        lab.scenario.error_count = 1;
        lab_start(&lab);
        struct hops_send_result result = lab_send(&lab, 1, 0);
        check_int(rows[i].name, result.status, rows[i].status);
        check_int(rows[i].name, result.call, rows[i].call);
        check_int(rows[i].name, result.os_errno, rows[i].os_errno);
        check_int(rows[i].name, (int)lab_drain(&lab), 0);
        lab_stop(&lab);
    }
}

static void sim_send_errors_strike_within_their_bounds(void **state) {
    struct lab lab;
    int failed = 0;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab.error = (struct hops_scenario_error){.call = HOPS_CALL_SENDTO,
                                             .os_errno = ENETUNREACH,
                                             .first_ttl = 2,
                                             .last_ttl = 3,
                                             .when = {HOPS_SEC, 2 * HOPS_SEC}};
    lab.scenario.error_count = 1;
    lab_start(&lab);
    assert_int_equal(lab_send(&lab, 2, 0).status, HOPS_SEND_OK);
    assert_int_equal(lab_send(&lab, 1, HOPS_SEC).status, HOPS_SEND_OK);
    assert_int_equal(lab_send(&lab, 2, HOPS_SEC).status, HOPS_SEND_FAILED);
    assert_int_equal(lab_send(&lab, 3, 2 * HOPS_SEC - 1).status, HOPS_SEND_FAILED);
    assert_int_equal(lab_send(&lab, 4, HOPS_SEC).status, HOPS_SEND_OK);
    assert_int_equal(lab_send(&lab, 3, 2 * HOPS_SEC).status, HOPS_SEND_OK);
    lab_stop(&lab);

    lab.error = (struct hops_scenario_error){
        .call = HOPS_CALL_BIND, .os_errno = EADDRNOTAVAIL, .share = 0.5, .max = 10};
    lab_start(&lab);
    for (int i = 0; i < 16; i++) {
        failed += lab_send(&lab, 1, 0).status == HOPS_SEND_FAILED;
    }
    assert_true(failed > 2 && failed < 14);
    for (int i = 0; i < 100; i++) {
        failed += lab_send(&lab, 1, 0).status == HOPS_SEND_FAILED;
    }
    assert_int_equal(failed, 10);
    lab_stop(&lab);
}

static void sim_taken_port_is_port_taken_at_send(void **state) {
    struct lab lab;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab_use(&lab, HOPS_PROTOCOL_TCP);
    lab.taken = (struct hops_scenario_taken){
        .protocol = HOPS_PROTOCOL_TCP, .first = 33435, .last = 33436, .when = {.until = HOPS_SEC}};
    lab.scenario.taken_count = 1;
    lab_start(&lab);
    assert_int_equal(lab_send(&lab, 1, 0).status, HOPS_SEND_OK);
    struct hops_send_result result = lab_send(&lab, 2, 0);
    assert_int_equal(result.status, HOPS_SEND_PORT_TAKEN);
    assert_int_equal(result.call, HOPS_CALL_BIND);
    assert_int_equal(result.os_errno, EADDRINUSE);
    assert_int_equal(lab_send(&lab, 2, HOPS_SEC).status, HOPS_SEND_OK);
    lab_stop(&lab);
}

static void sim_attach_settles_source_address_and_port(void **state) {
    struct lab lab;
    struct hops_diag diag = {""};
    uint32_t attachment = 42;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    lab_use(&lab, HOPS_PROTOCOL_UDP);
    lab.taken =
        (struct hops_scenario_taken){.protocol = HOPS_PROTOCOL_UDP, .first = 5000, .last = 5002};
    lab.scenario.taken_count = 1;
    assert_int_equal(hops_sim_new(&lab.scenario, NULL, &lab.link, NULL), HOPS_OK);

    struct hops_config config = lab.config;
    assert_int_equal(lab.link->ops->attach(lab.link, &config, 0, &attachment, &diag),
                     HOPS_ERR_PORT_TAKEN);
    assert_non_null(strstr(diag.text, "5000"));
    assert_int_equal(config.source.family, HOPS_FAMILY_NONE);
    config.source_port_proposed = true;
    assert_int_equal(lab.link->ops->attach(lab.link, &config, 0, &attachment, &diag), HOPS_OK);
    assert_int_equal(config.source_port, 5003);
    assert_int_equal(attachment, 0);
    assert_true(hops_addr_equal(&config.source, &lab.target.source));

    config = lab.config;
    config.source_port = 6000;
    config.target = address(HOPS_IPV4, 123);
    assert_int_equal(lab.link->ops->attach(lab.link, &config, 0, &attachment, &diag),
                     HOPS_ERR_NO_ROUTE);
    assert_non_null(strstr(diag.text, "192.0.2.123"));
    config.target = lab.config.target;
    config.source = address(HOPS_IPV4, 1);
    assert_int_equal(lab.link->ops->attach(lab.link, &config, 0, &attachment, &diag),
                     HOPS_ERR_NO_SOURCE);
    config.source = lab.target.source;
    assert_int_equal(lab.link->ops->attach(lab.link, &config, 0, &attachment, &diag), HOPS_OK);
    assert_int_equal(attachment, 1);
    lab.link->ops->detach(lab.link, 0);
    lab.attachment = 0;
    assert_int_equal(lab_send(&lab, 1, 0).status, HOPS_SEND_FATAL);
    assert_int_equal(lab.link->ops->attach(lab.link, &config, 0, &attachment, &diag), HOPS_OK);
    assert_int_equal(attachment, 0); /* the slot is used again */
    lab_stop(&lab);
}

static void sim_targets_share_routers(void **state) {
    struct lab lab;
    struct hops_scenario_target targets[2];
    struct hops_config second;
    struct hops_inbound in;
    uint32_t other = 0;

    (void)state;
    lab_plan(&lab, HOPS_IPV4);
    targets[0] = lab.target;
    targets[1] = lab.target;
    targets[1].name = "other.example";
    targets[1].node = 6;
    targets[1].step_count = 2;
    lab.scenario.targets = targets;
    lab.scenario.target_count = 2;
    lab.nodes[1].rate = 1; /* one bucket for both */
    lab_start(&lab);
    second = lab.config;
    second.target = lab.nodes[6].addr;
    second.source.family = HOPS_FAMILY_NONE;
    assert_int_equal(lab.link->ops->attach(lab.link, &second, 0, &other, NULL), HOPS_OK);
    assert_int_equal(responder(&lab, 2, 0), 2);
    assert_int_equal(responder(&lab, 5, 0), TARGET + 1);
    lab.attachment = other;
    assert_int_equal(responder(&lab, 2, 0), 0);
    assert_int_equal(responder(&lab, 2, 2 * HOPS_SEC), 2);
    (void)lab_send(&lab, 3, 0);
    assert_true(lab_next(&lab, &in));
    assert_int_equal(in.reply.kind, HOPS_REPLY_ECHO);
    assert_int_equal(in.reply.responder.octets[3], 7);
    lab_stop(&lab);
}

static void scenario_find_knows_names_and_addresses(void **state) {
    struct lab lab4, lab6;
    struct hops_scenario_node nodes[2];
    struct hops_scenario_target targets[2];
    size_t found = 9;

    (void)state;
    lab_plan(&lab4, HOPS_IPV4);
    lab_plan(&lab6, HOPS_IPV6);
    nodes[0] = lab4.nodes[TARGET];
    nodes[1] = lab6.nodes[TARGET];
    targets[0] = lab4.target;
    targets[0].node = 0;
    targets[1] = lab6.target;
    targets[1].node = 1;
    struct hops_scenario s = {
        .nodes = nodes, .node_count = 2, .targets = targets, .target_count = 2};
    assert_true(hops_scenario_find(&s, "TARGET.example", HOPS_FAMILY_NONE, &found));
    assert_int_equal(found, 0);
    assert_true(hops_scenario_find(&s, "target.example", HOPS_IPV6, &found));
    assert_int_equal(found, 1);
    assert_true(hops_scenario_find(&s, "2001:db8:0::5", HOPS_FAMILY_NONE, &found));
    assert_int_equal(found, 1);
    found = 9;
    assert_false(hops_scenario_find(&s, "192.0.2.5", HOPS_IPV6, &found));
    assert_false(hops_scenario_find(&s, "192.0.2.6", HOPS_IPV4, &found));
    assert_false(hops_scenario_find(&s, "example", HOPS_FAMILY_NONE, &found));
    assert_int_equal(found, 9);
}

static void break_address(struct lab *lab) {
    lab->nodes[1].addr.family = HOPS_FAMILY_NONE;
}
static void break_delay(struct lab *lab) {
    lab->nodes[1].delay = -1;
}
static void break_share(struct lab *lab) {
    lab->nodes[1].loss_forward = 1.01;
}
static void break_share_nan(struct lab *lab) {
    lab->nodes[1].straggle = strtod("nan", NULL);
}
static void break_rate(struct lab *lab) {
    lab->nodes[1].rate = -1;
}
static void break_quote(struct lab *lab) {
    lab->nodes[1].quote = 27;
}
static void break_extensions(struct lab *lab) {
    lab->nodes[1].extensions_len = 4;
}
static void break_nat(struct lab *lab) {
    lab->nodes[1].nat = HOPS_SCENARIO_NAT_STATEFUL;
}
static void break_no_target(struct lab *lab) {
    lab->scenario.target_count = 0;
}
static void break_target_node(struct lab *lab) {
    lab->target.node = NODES;
}
static void break_source(struct lab *lab) {
    lab->target.source = address(HOPS_IPV6, 1);
}
static void break_step_empty(struct lab *lab) {
    lab->steps[1].node_count = 0;
}
static void break_step_node(struct lab *lab) {
    lab->steps[1].nodes[0] = NODES;
}
static void break_step_family(struct lab *lab) {
    lab->nodes[1].addr = address(HOPS_IPV6, 1);
}
static void break_window(struct lab *lab) {
    lab->steps[1].when = (struct hops_scenario_window){2, 1};
}
static void break_loop(struct lab *lab) {
    lab->target.loop = true;
    lab->target.loop_from = 1;
    lab->target.loop_to = 2;
}
static void break_error(struct lab *lab) {
    lab->scenario.error_count = 1;
}
static void break_taken(struct lab *lab) {
    lab->scenario.taken_count = 1;
    lab->taken = (struct hops_scenario_taken){.first = 2, .last = 1};
}
static void break_count(struct lab *lab) {
    lab->scenario.node_count = HOPS_SCENARIO_ITEMS_MAX + 1;
}

static void scenario_that_does_not_add_up_is_refused(void **state) {
    static const struct {
        void (*damage)(struct lab *lab);
        const char *text;
    } rows[] = {
        {break_address, "node 1: it needs an address"},
        {break_delay, "node 1: delays are 0 to one hour"},
        {break_share, "node 1: shares are 0 to 1"},
        {break_share_nan, "node 1: shares are 0 to 1"},
        {break_rate, "node 1: a rate is"},
        {break_quote, "node 1: it must quote"},
        {break_extensions, "node 1: too many octets"},
        {break_nat, "node 1: a translator needs"},
        {break_no_target, "it has no target"},
        {break_target_node, "target 0: its node is not there"},
        {break_source, "target 0: it needs a source"},
        {break_step_empty, "target 0: a step has 1 to 16"},
        {break_step_node, "target 0: a step names a node"},
        {break_step_family, "target 0: a step has another family"},
        {break_window, "target 0: a step ends before"},
        {break_loop, "target 0: a loop leads"},
        {break_error, "error 0: it needs a call"},
        {break_taken, "taken port 0: "},
        {break_count, "more than 4096 items"},
    };
    struct lab lab;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_diag diag = {""};
        lab_plan(&lab, HOPS_IPV4);
        rows[i].damage(&lab);
        check_int(rows[i].text, hops_sim_new(&lab.scenario, NULL, &lab.link, &diag),
                  HOPS_ERR_INVALID);
        check_int(rows[i].text, lab.link == NULL, 1);
        if (strstr(diag.text, rows[i].text) == NULL) {
            check_str(rows[i].text, diag.text, rows[i].text);
        }
    }
}

static int with_failing_memory(struct check_mem *m, void *user) {
    struct lab *lab = user;
    struct hops_config config;
    int complete = 0;

    lab_plan(lab, HOPS_IPV4);
    lab->nodes[1].extensions = mpls_object;
    lab->nodes[1].extensions_len = sizeof(mpls_object);
    config = lab->config;
    if (hops_sim_new(&lab->scenario, &m->mem, &lab->link, NULL) != HOPS_OK) {
        return 0;
    }
    if (lab->link->ops->attach(lab->link, &config, 0, &lab->attachment, NULL) == HOPS_OK) {
        struct hops_link_counters counters;
        lab->config = config;
        lab->next_id = 0;
        assert_int_equal(lab_send(lab, 2, 0).status, HOPS_SEND_OK);
        size_t got = lab_drain(lab);
        lab->link->ops->counters(lab->link, &counters);
        assert_int_equal(got + counters.overflow, 1); /* told if there was no room for it */
        complete = got == 1;
    }
    lab_stop(lab);
    return complete;
}

static void sim_allocation_failure_is_told_and_leaks_nothing(void **state) {
    struct lab lab;

    (void)state;
    check_every_allocation(with_failing_memory, &lab);
}

static void sim_sending_does_not_allocate_once_warm(void **state) {
    struct check_mem m;
    struct lab lab;

    (void)state;
    check_mem_init(&m);
    lab_plan(&lab, HOPS_IPV4);
    assert_int_equal(hops_sim_new(&lab.scenario, &m.mem, &lab.link, NULL), HOPS_OK);
    assert_int_equal(lab.link->ops->attach(lab.link, &lab.config, 0, &lab.attachment, NULL),
                     HOPS_OK);
    for (uint8_t ttl = 1; ttl < 30; ttl++) {
        (void)lab_send(&lab, ttl, 0);
    }
    (void)lab_drain(&lab);
    long calls = m.calls;
    for (uint8_t ttl = 1; ttl < 30; ttl++) {
        (void)lab_send(&lab, ttl, HOPS_SEC);
    }
    assert_int_equal(lab_drain(&lab), 29);
    assert_int_equal(m.calls, calls);
    lab_stop(&lab);
    assert_int_equal(m.live, 0);
}

static void queue_orders_by_time_then_by_arrival(void **state) {
    struct hops_sim_queue queue;
    struct rng {
        uint32_t x;
    } r = {7};
    hops_ns last = -1;
    uint64_t last_serial = 0;

    (void)state;
    hops_sim_queue_init(&queue, hops_mem_default(), 500);
    for (int i = 0; i < 500; i++) {
        struct hops_sim_event *event = hops_sim_queue_blank(&queue);
        assert_non_null(event);
        r.x = r.x * 1103515245 + 12345;
        event->when = (hops_ns)((r.x >> 16) % 50);
        hops_sim_queue_push(&queue, event);
    }
    assert_null(hops_sim_queue_blank(&queue));
    for (int i = 0; i < 500; i++) {
        hops_ns next = hops_sim_queue_next(&queue);
        assert_null(hops_sim_queue_pop(&queue, next - 1));
        struct hops_sim_event *event = hops_sim_queue_pop(&queue, next);
        assert_non_null(event);
        assert_true(event->when > last || (event->when == last && event->serial > last_serial));
        last = event->when;
        last_serial = event->serial;
        hops_sim_queue_give_back(&queue, event);
    }
    assert_true(hops_sim_queue_next(&queue) == HOPS_NEVER);
    assert_null(hops_sim_queue_pop(&queue, HOPS_NEVER));
    hops_sim_queue_done(&queue);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sim_each_ttl_is_answered_by_its_hop_after_its_round_trip),
        cmocka_unit_test(sim_target_answers_by_its_policy),
        cmocka_unit_test(sim_port_rule_wins_over_policy),
        cmocka_unit_test(sim_silent_hop_forwards_and_never_answers),
        cmocka_unit_test(sim_rate_limit_is_a_token_bucket),
        cmocka_unit_test(sim_loss_each_way_follows_the_share),
        cmocka_unit_test(sim_same_seed_gives_same_replies_another_seed_others),
        cmocka_unit_test(sim_added_hop_leaves_the_draws_of_others_alone),
        cmocka_unit_test(sim_jitter_spreads_round_trips_within_bounds),
        cmocka_unit_test(sim_balancer_keeps_flows_and_spreads_them),
        cmocka_unit_test(sim_icmp_flow_is_its_identifier_not_its_sequence),
        cmocka_unit_test(sim_per_packet_balancer_spreads_one_flow),
        cmocka_unit_test(sim_steps_exist_within_their_windows),
        cmocka_unit_test(sim_loop_repeats_until_the_ttl_ends),
        cmocka_unit_test(sim_loop_of_absent_steps_leads_nowhere),
        cmocka_unit_test(sim_router_that_does_not_forward_says_unreachable),
        cmocka_unit_test(sim_narrow_cable_is_told_by_the_node_before_it),
        cmocka_unit_test(sim_changed_tos_shows_in_quotes_behind),
        cmocka_unit_test(sim_translator_shows_only_if_stateless),
        cmocka_unit_test(sim_translated_checksum_is_the_one_of_the_new_addresses),
        cmocka_unit_test(sim_translated_connections_come_back_to_us),
        cmocka_unit_test(sim_extensions_arrive_in_both_layouts),
        cmocka_unit_test(sim_quote_is_as_short_as_the_node_makes_it),
        cmocka_unit_test(sim_duplicates_and_stragglers_come_later),
        cmocka_unit_test(sim_nothing_is_received_before_its_time),
        cmocka_unit_test(sim_malformed_replies_are_counted_not_delivered),
        cmocka_unit_test(sim_noise_never_becomes_the_answer_of_a_probe),
        cmocka_unit_test(sim_replies_per_probe_and_queue_are_bounded),
        cmocka_unit_test(sim_send_error_outcome_follows_call_and_errno),
        cmocka_unit_test(sim_send_errors_strike_within_their_bounds),
        cmocka_unit_test(sim_taken_port_is_port_taken_at_send),
        cmocka_unit_test(sim_attach_settles_source_address_and_port),
        cmocka_unit_test(sim_targets_share_routers),
        cmocka_unit_test(scenario_find_knows_names_and_addresses),
        cmocka_unit_test(scenario_that_does_not_add_up_is_refused),
        cmocka_unit_test(sim_allocation_failure_is_told_and_leaks_nothing),
        cmocka_unit_test(sim_sending_does_not_allocate_once_warm),
        cmocka_unit_test(queue_orders_by_time_then_by_arrival),
    };

    return cmocka_run_group_tests_name("sim", tests, NULL, NULL);
}
