/* SPDX-License-Identifier: MIT
 *
 * Which replies are accepted for which probes.
 */
#include "tracer_drive.h"

#define ROUTER "203.0.113.1"
#define TARGET "198.51.100.20"

static struct drive d;

static struct hops_config make(enum hops_protocol protocol, enum hops_strategy strategy,
                               enum hops_port_direction direction, enum hops_family family) {
    struct hops_config c = drive_config();

    c.protocol = protocol;
    c.strategy = strategy;
    c.direction = direction;
    c.source_port = 5000;
    c.target_port = protocol == HOPS_PROTOCOL_TCP ? 80 : 33000;
    if (family == HOPS_IPV6) {
        c.target = drive_addr("2001:db8:1::14");
        c.source = drive_addr("2001:db8::a");
    }
    return c;
}

static const struct {
    const char *name;
    enum hops_protocol protocol;
    enum hops_strategy strategy;
    enum hops_port_direction direction;
    enum hops_family family;
} kinds[] = {
    {"icmp", HOPS_PROTOCOL_ICMP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_NONE, HOPS_IPV4},
    {"icmp6", HOPS_PROTOCOL_ICMP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_NONE, HOPS_IPV6},
    {"udp source", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_SOURCE, HOPS_IPV4},
    {"udp target", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_TARGET, HOPS_IPV6},
    {"paris source", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS, HOPS_PORTS_FIXED_SOURCE, HOPS_IPV4},
    {"paris target", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS, HOPS_PORTS_FIXED_TARGET, HOPS_IPV6},
    {"paris both", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS, HOPS_PORTS_FIXED_BOTH, HOPS_IPV4},
    {"dublin source", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN, HOPS_PORTS_FIXED_SOURCE, HOPS_IPV4},
    {"dublin both", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN, HOPS_PORTS_FIXED_BOTH, HOPS_IPV4},
    {"dublin6 target", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN, HOPS_PORTS_FIXED_TARGET, HOPS_IPV6},
    {"tcp source", HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_SOURCE, HOPS_IPV4},
    {"tcp target", HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_TARGET, HOPS_IPV6},
};

static const char *router_of(enum hops_family family) {
    return family == HOPS_IPV4 ? ROUTER : "2001:db8:2::1";
}

/* A quote as routers send it back for this probe, dublin over IPv6 included. */
static struct hops_reply exceeded(const struct hops_config *c, const struct hops_probe *p) {
    struct hops_reply r = drive_reply(&d, p, HOPS_REPLY_TIME_EXCEEDED, router_of(c->target.family));

    if (c->strategy == HOPS_STRATEGY_DUBLIN && c->target.family == HOPS_IPV6) {
        r.quote.udp_magic = true;
        r.quote.udp_len = (uint16_t)(8 + 6 + p->sequence - c->initial_sequence);
    }
    return r;
}

static void match_every_encoding_finds_its_probe(void **state) {
    (void)state;
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        struct hops_config c =
            make(kinds[k].protocol, kinds[k].strategy, kinds[k].direction, kinds[k].family);
        drive_start(&d, &c);
        drive_send(&d);
        for (size_t i = 0; i < d.sent_count; i += 5) {
            struct hops_reply r = exceeded(&c, &d.sent[i]);
            check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_ACCEPTED);
            drive_events(&d);
            check_int(kinds[k].name, drive_last(&d, HOPS_EVENT_REPLY)->probe.ttl, d.sent[i].ttl);
            check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_DUPLICATE);
        }
        drive_end(&d);
    }
}

/* One field changed at a time: nothing a stranger could guess wrong is let through. */
static void match_wrong_field_is_refused(void **state) {
    (void)state;
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        struct hops_config c =
            make(kinds[k].protocol, kinds[k].strategy, kinds[k].direction, kinds[k].family);
        drive_start(&d, &c);
        drive_send(&d);
        const struct hops_reply good = exceeded(&c, &d.sent[3]);
        struct hops_reply r = good;
        r.quote.dst.octets[3] ^= 1;
        check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_OURS);
        r = good;
        r.local.octets[3] ^= 1;
        check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_OURS);
        for (int protocol = 0; protocol < 3; protocol++) {
            r = good;
            r.quote.protocol = (enum hops_protocol)protocol;
            check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now) == HOPS_VERDICT_NOT_OURS,
                      r.quote.protocol != c.protocol);
            drive_events(&d);
            if (r.quote.protocol == c.protocol) {
                drive_end(&d); /* that one was accepted: begin anew */
                drive_start(&d, &c);
                drive_send(&d);
            }
        }
        r = good;
        if (c.protocol == HOPS_PROTOCOL_ICMP) {
            r.quote.icmp_id ^= 1;
            check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_OURS);
            r.quote.icmp_id = 0;
            check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_OURS);
            r = good;
            r.quote.icmp_type = 0;
            check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_OURS);
        } else {
            r.quote.src_port ^= 0x4000;
            check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now) >= HOPS_VERDICT_NOT_OURS,
                      1);
            r = good;
            r.quote.dst_port ^= 0x4000;
            check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now) >= HOPS_VERDICT_NOT_OURS,
                      1);
        }
        drive_events(&d);
        r = good;
        check_int(kinds[k].name, hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_ACCEPTED);
        drive_end(&d);
    }
}

static void match_only_sequences_that_were_sent(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    c.max_inflight = 1;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe p = d.sent[0];
    assert_int_equal(p.sequence, 33434);
    static const uint16_t refused[] = {33433, 33435, 33945, 33946, 0, 65535};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        p.sequence = refused[i];
        assert_int_equal(drive_answer(&d, &p, HOPS_REPLY_TIME_EXCEEDED, ROUTER),
                         HOPS_VERDICT_NOT_SENT);
    }
    p.sequence = 33434;
    assert_int_equal(drive_answer(&d, &p, HOPS_REPLY_TIME_EXCEEDED, ROUTER), HOPS_VERDICT_ACCEPTED);
    drive_end(&d);
}

static void match_late_only_within_reply_timeout(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe p[2] = {d.sent[0], d.sent[1]};
    drive_to(&d, HOPS_SEC);
    drive_send(&d);
    d.now = 2999 * HOPS_MS;
    assert_int_equal(drive_answer(&d, &p[0], HOPS_REPLY_TIME_EXCEEDED, ROUTER), HOPS_VERDICT_LATE);
    assert_int_equal(drive_count(&d, HOPS_EVENT_SETTLED), 0);
    d.now = 3000 * HOPS_MS;
    assert_int_equal(drive_answer(&d, &p[1], HOPS_REPLY_TIME_EXCEEDED, ROUTER),
                     HOPS_VERDICT_NOT_SENT);
    drive_end(&d);
}

static void match_is_target_by_kind_and_address(void **state) {
    static const struct {
        const char *name;
        enum hops_protocol protocol;
        enum hops_reply_kind kind;
        const char *from;
        bool want;
    } rows[] = {
        {"exceeded, router", HOPS_PROTOCOL_ICMP, HOPS_REPLY_TIME_EXCEEDED, ROUTER, false},
        {"exceeded, target", HOPS_PROTOCOL_ICMP, HOPS_REPLY_TIME_EXCEEDED, TARGET, true},
        {"unreachable, router", HOPS_PROTOCOL_UDP, HOPS_REPLY_UNREACHABLE, ROUTER, false},
        {"unreachable, target", HOPS_PROTOCOL_UDP, HOPS_REPLY_UNREACHABLE, TARGET, true},
        {"echo, target", HOPS_PROTOCOL_ICMP, HOPS_REPLY_ECHO, TARGET, true},
        {"echo, stranger", HOPS_PROTOCOL_ICMP, HOPS_REPLY_ECHO, ROUTER, false},
        {"syn-ack", HOPS_PROTOCOL_TCP, HOPS_REPLY_TCP, TARGET, true},
        {"rst", HOPS_PROTOCOL_TCP, HOPS_REPLY_TCP_REFUSED, TARGET, true},
        {"udp data", HOPS_PROTOCOL_UDP, HOPS_REPLY_UDP, TARGET, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config c =
            make(rows[i].protocol, HOPS_STRATEGY_CLASSIC,
                 rows[i].protocol == HOPS_PROTOCOL_ICMP ? HOPS_PORTS_NONE : HOPS_PORTS_FIXED_TARGET,
                 HOPS_IPV4);
        drive_start(&d, &c);
        drive_send(&d);
        check_int(rows[i].name, drive_answer(&d, &d.sent[4], rows[i].kind, rows[i].from),
                  HOPS_VERDICT_ACCEPTED);
        const struct hops_event *e = drive_last(&d, HOPS_EVENT_REPLY);
        check_int(rows[i].name, e->u.reply.is_target, rows[i].want);
        check_int(rows[i].name, e->probe.ttl, 5);
        drive_end(&d);
    }
}

static void match_kind_of_another_protocol_is_refused(void **state) {
    struct hops_config c =
        make(HOPS_PROTOCOL_UDP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_TARGET, HOPS_IPV4);

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    assert_int_equal(drive_answer(&d, &d.sent[0], HOPS_REPLY_ECHO, TARGET), HOPS_VERDICT_NOT_OURS);
    assert_int_equal(drive_answer(&d, &d.sent[0], HOPS_REPLY_TCP, TARGET), HOPS_VERDICT_NOT_OURS);
    drive_end(&d);
}

static void match_tcp_reply_must_acknowledge_our_sequence_number(void **state) {
    struct hops_config c =
        make(HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_TARGET, HOPS_IPV4);

    (void)state;
    c.token = 0x1234567890abcdef;
    drive_start(&d, &c);
    drive_send(&d);
    assert_int_not_equal(d.sent[0].tcp_seq, d.sent[1].tcp_seq);
    struct hops_reply r = drive_reply(&d, &d.sent[0], HOPS_REPLY_TCP, TARGET);
    r.quote.tcp_seq++;
    assert_int_equal(hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_SENT);
    r = drive_reply(&d, &d.sent[0], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    r.quote.tcp_seq_known = true; /* rewritten by a firewall on the way: it is only a quote */
    r.quote.tcp_seq = d.sent[0].tcp_seq + 99;
    assert_int_equal(hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_ACCEPTED);
    drive_end(&d);
}

static void match_first_of_unreachable_and_refusal_wins(void **state) {
    struct hops_config c =
        make(HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_TARGET, HOPS_IPV4);

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    assert_int_equal(drive_answer(&d, &d.sent[0], HOPS_REPLY_UNREACHABLE, TARGET),
                     HOPS_VERDICT_ACCEPTED);
    assert_int_equal(drive_answer(&d, &d.sent[0], HOPS_REPLY_TCP_REFUSED, TARGET),
                     HOPS_VERDICT_DUPLICATE);
    assert_int_equal(drive_count(&d, HOPS_EVENT_REPLY), 1);
    drive_end(&d);
}

/* The target is at TTL 5, behind two silent routers. */
static void match_paris_udp_answers_settle_on_the_target_behind_silent_routers(void **state) {
    enum { TARGET_TTL = 5 };
    struct hops_config c =
        make(HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS, HOPS_PORTS_FIXED_BOTH, HOPS_IPV4);

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    size_t sent = d.sent_count;
    assert_true(sent > TARGET_TTL);
    drive_answer(&d, &d.sent[0], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    for (size_t ttl = TARGET_TTL; ttl <= sent; ttl++) {
        assert_int_equal(drive_answer(&d, &d.sent[ttl - 1], HOPS_REPLY_UDP, TARGET),
                         HOPS_VERDICT_ACCEPTED);
        const struct hops_event *event = drive_last(&d, HOPS_EVENT_REPLY);
        assert_int_equal(event->probe.ttl, sent + TARGET_TTL - ttl);
        assert_true(event->u.reply.coarse); /* which of the probes it was is a guess */
    }
    drive_to(&d, d.now + c.max_round);
    assert_int_equal(drive_last(&d, HOPS_EVENT_ROUND)->u.round.target_ttl, TARGET_TTL);
    assert_int_equal(drive_send(&d), TARGET_TTL);
    drive_answer(&d, &d.sent[TARGET_TTL - 1], HOPS_REPLY_UDP, TARGET);
    assert_int_equal(drive_last(&d, HOPS_EVENT_REPLY)->probe.ttl, TARGET_TTL);
    assert_false(drive_last(&d, HOPS_EVENT_REPLY)->u.reply.coarse);
    drive_end(&d);
}

static void match_late_paris_udp_answer_is_found_by_its_rounds_port(void **state) {
    struct hops_config c =
        make(HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS, HOPS_PORTS_FIXED_TARGET, HOPS_IPV4);

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_probe first = d.sent[d.sent_count - 1];
    drive_to(&d, d.now + c.max_round);
    drive_send(&d);
    assert_int_not_equal(d.sent[0].src_port, first.src_port);
    assert_int_equal(drive_answer(&d, &first, HOPS_REPLY_UDP, TARGET), HOPS_VERDICT_LATE);
    assert_int_equal(drive_last(&d, HOPS_EVENT_REPLY)->probe.id, first.id);
    drive_end(&d);
}

static void match_reply_that_came_before_its_probe_was_sent_is_refused(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    d.now = HOPS_SEC;
    drive_send(&d);
    struct hops_reply r = drive_reply(&d, &d.sent[0], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    r.when = d.now - 6 * HOPS_MS;
    assert_int_equal(hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_SENT);
    r.when = d.now - 4 * HOPS_MS; /* clocks of two places differ that much at worst */
    assert_int_equal(hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_ACCEPTED);
    drive_events(&d);
    assert_int_equal(drive_last(&d, HOPS_EVENT_REPLY)->u.reply.rtt, 0);
    drive_end(&d);
}

static void match_tcp_quote_must_fit_where_ports_return_soon(void **state) {
    struct hops_config c =
        make(HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_TARGET, HOPS_IPV4);

    (void)state;
    c.last_sequence = (uint16_t)(c.initial_sequence + 199); /* one of many traces */
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_reply r = drive_reply(&d, &d.sent[0], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    r.quote.tcp_seq_known = true;
    r.quote.tcp_seq = d.sent[0].tcp_seq + 99; /* of the round in which the port was used last */
    assert_int_equal(hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_SENT);
    r.quote.tcp_seq = d.sent[0].tcp_seq;
    assert_int_equal(hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_ACCEPTED);
    drive_end(&d);
}

static void match_dublin_ipv6_needs_the_magic(void **state) {
    struct hops_config c =
        make(HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN, HOPS_PORTS_FIXED_BOTH, HOPS_IPV6);

    (void)state;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_reply r = exceeded(&c, &d.sent[0]);
    r.quote.udp_magic = false;
    assert_int_equal(hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_SENT);
    r = exceeded(&c, &d.sent[0]);
    r.quote.udp_len = 65535;
    assert_int_equal(hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_SENT);
    r.quote.udp_len = 13;
    assert_int_equal(hops_tracer_received(d.t, &r, d.now), HOPS_VERDICT_NOT_SENT);
    drive_end(&d);
}

static void match_stamps_give_the_rtt(void **state) {
    struct hops_config c = drive_config();

    (void)state;
    drive_start(&d, &c);
    d.now = 1000;
    drive_send(&d);
    hops_tracer_stamp(d.t, d.sent[0].id, 1500);
    hops_tracer_stamp(d.t, d.sent[1].id, 400); /* before the send call: not believed */
    hops_tracer_stamp(d.t, 999, 1500);
    d.now = 5000;
    struct hops_probe a = d.sent[0];
    struct hops_probe b = d.sent[1];
    drive_answer(&d, &a, HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    assert_int_equal(drive_last(&d, HOPS_EVENT_REPLY)->u.reply.rtt, 3500);
    drive_answer(&d, &b, HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    assert_int_equal(drive_last(&d, HOPS_EVENT_REPLY)->u.reply.rtt, 4000);
    struct hops_reply r = drive_reply(&d, &d.sent[2], HOPS_REPLY_TIME_EXCEEDED, ROUTER);
    r.when = 10; /* arrived before it was sent: some clock is wrong, the RTT is not negative */
    hops_tracer_received(d.t, &r, d.now);
    drive_events(&d);
    assert_int_equal(drive_last(&d, HOPS_EVENT_REPLY)->u.reply.rtt, 0);
    drive_end(&d);
}

static void match_dublin_ipv4_compares_checksums(void **state) {
    struct hops_config c =
        make(HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN, HOPS_PORTS_FIXED_BOTH, HOPS_IPV4);

    (void)state;
    c.target_port = 33434;
    c.packet_size = 32;
    drive_start(&d, &c);
    drive_send(&d);
    struct hops_reply r = exceeded(&c, &d.sent[0]);
    r.quote.udp_len = 12;
    r.quote.udp_checksum = 0x0366;
    hops_tracer_received(d.t, &r, d.now);
    drive_events(&d);
    const struct hops_event_reply *e = &drive_last(&d, HOPS_EVENT_REPLY)->u.reply;
    assert_true(e->has_checksums);
    assert_int_equal(e->checksum_expected, 0x7d61);
    assert_int_equal(e->checksum_actual, 0x0366);
    drive_end(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match_every_encoding_finds_its_probe),
        cmocka_unit_test(match_wrong_field_is_refused),
        cmocka_unit_test(match_only_sequences_that_were_sent),
        cmocka_unit_test(match_late_only_within_reply_timeout),
        cmocka_unit_test(match_is_target_by_kind_and_address),
        cmocka_unit_test(match_kind_of_another_protocol_is_refused),
        cmocka_unit_test(match_tcp_reply_must_acknowledge_our_sequence_number),
        cmocka_unit_test(match_first_of_unreachable_and_refusal_wins),
        cmocka_unit_test(match_paris_udp_answers_settle_on_the_target_behind_silent_routers),
        cmocka_unit_test(match_late_paris_udp_answer_is_found_by_its_rounds_port),
        cmocka_unit_test(match_reply_that_came_before_its_probe_was_sent_is_refused),
        cmocka_unit_test(match_tcp_quote_must_fit_where_ports_return_soon),
        cmocka_unit_test(match_dublin_ipv6_needs_the_magic),
        cmocka_unit_test(match_stamps_give_the_rtt),
        cmocka_unit_test(match_dublin_ipv4_compares_checksums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
