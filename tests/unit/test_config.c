/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <hops/addr.h>
#include <hops/config.h>

#include "tracer/sequence.h"

#include <string.h>

static struct hops_config valid(void) {
    struct hops_config c;

    hops_config_init(&c);
    assert_true(hops_addr_parse("198.51.100.20", &c.target));
    return c;
}

static void config_defaults_are_valid(void **state) {
    struct hops_config c = valid();

    (void)state;
    assert_int_equal(hops_config_check(&c, NULL), HOPS_OK);
    assert_int_equal(c.initial_sequence, 33434);
    assert_int_equal(c.packet_size, 84);
    assert_int_equal(c.max_ttl, 64);
    assert_int_equal(c.max_rounds, 0);
    assert_int_equal(hops_sequence_wrap(&c), 65023);
    assert_int_equal(hops_sequence_round_capacity(&c), 512);
}

/* Each row changes a valid configuration; the text must name the field. */
#define ROW(label, text, change)                                                                   \
    { label, text, change }

static void zero_first(struct hops_config *c) {
    c->first_ttl = 0;
}
static void high_first(struct hops_config *c) {
    c->first_ttl = 255;
}
static void zero_max(struct hops_config *c) {
    c->max_ttl = 0;
}
static void crossed(struct hops_config *c) {
    c->first_ttl = 9;
    c->max_ttl = 8;
}
static void endless_round(struct hops_config *c) {
    c->max_round = INT64_MAX / 2;
}
static void no_inflight(struct hops_config *c) {
    c->max_inflight = 0;
}
static void high_sequence(struct hops_config *c) {
    c->initial_sequence = 65535;
}
static void small_packet(struct hops_config *c) {
    c->packet_size = 27;
}
static void large_packet(struct hops_config *c) {
    c->packet_size = 1025;
}
static void small_packet6(struct hops_config *c) {
    assert_true(hops_addr_parse("2001:db8::1", &c->target));
    c->packet_size = 47;
}
static void families(struct hops_config *c) {
    assert_true(hops_addr_parse("2001:db8::1", &c->source));
}
static void no_target(struct hops_config *c) {
    memset(&c->target, 0, sizeof(c->target));
}
static void paris_icmp(struct hops_config *c) {
    c->strategy = HOPS_STRATEGY_PARIS;
}
static void dublin_tcp(struct hops_config *c) {
    c->protocol = HOPS_PROTOCOL_TCP;
    c->direction = HOPS_PORTS_FIXED_TARGET;
    c->target_port = 80;
    c->strategy = HOPS_STRATEGY_DUBLIN;
}
static void both_classic(struct hops_config *c) {
    c->protocol = HOPS_PROTOCOL_UDP;
    c->direction = HOPS_PORTS_FIXED_BOTH;
    c->source_port = 5000;
    c->target_port = 80;
}
static void both_tcp(struct hops_config *c) {
    both_classic(c);
    c->protocol = HOPS_PROTOCOL_TCP;
}
static void udp_without_ports(struct hops_config *c) {
    c->protocol = HOPS_PROTOCOL_UDP;
}
static void low_source(struct hops_config *c) {
    c->protocol = HOPS_PROTOCOL_UDP;
    c->direction = HOPS_PORTS_FIXED_SOURCE;
    c->source_port = 1023;
}
static void icmp_ports(struct hops_config *c) {
    c->direction = HOPS_PORTS_FIXED_SOURCE;
}
static void low_sequence_as_port(struct hops_config *c) {
    c->protocol = HOPS_PROTOCOL_TCP;
    c->direction = HOPS_PORTS_FIXED_TARGET;
    c->target_port = 80;
    c->initial_sequence = 1023;
}
static void zero_sequence_udp(struct hops_config *c) {
    c->protocol = HOPS_PROTOCOL_UDP;
    c->direction = HOPS_PORTS_FIXED_SOURCE;
    c->source_port = 5000;
    c->initial_sequence = 0;
}
static void zero_id(struct hops_config *c) {
    c->trace_id = 0;
}
static void crossed_times(struct hops_config *c) {
    c->min_round = 2 * HOPS_SEC;
}
static void short_grace(struct hops_config *c) {
    c->grace = 9 * HOPS_MS;
}
static void long_grace(struct hops_config *c) {
    c->grace = 1001 * HOPS_MS;
}
static void no_timeout(struct hops_config *c) {
    c->reply_timeout = 0;
}
static void negative_interval(struct hops_config *c) {
    c->send_interval = -1;
}
static void link_local(struct hops_config *c) {
    assert_true(hops_addr_parse("fe80::1", &c->target));
}
static void wrong_size(struct hops_config *c) {
    c->size = 1;
}

static void config_impossible_values_are_refused(void **state) {
    static const struct {
        const char *name;
        const char *text;
        void (*change)(struct hops_config *c);
    } rows[] = {
        ROW("first 0", "first-ttl 0", zero_first),
        ROW("first 255", "first-ttl 255", high_first),
        ROW("max 0", "max-ttl 0", zero_max),
        ROW("first above max", "first-ttl 9 is above max-ttl 8", crossed),
        ROW("inflight", "max-inflight 0", no_inflight),
        ROW("endless round", "at most 366 days", endless_round),
        ROW("initial sequence", "64511", high_sequence),
        ROW("packet 27", "packet-size 27", small_packet),
        ROW("packet 1025", "packet-size 1025", large_packet),
        ROW("packet 47 v6", "packet-size 47", small_packet6),
        ROW("families", "different address families", families),
        ROW("no target", "target", no_target),
        ROW("paris icmp", "paris", paris_icmp),
        ROW("dublin tcp", "dublin", dublin_tcp),
        ROW("both classic udp", "source-port and target-port", both_classic),
        ROW("both tcp", "source-port and target-port", both_tcp),
        ROW("no port", "udp needs", udp_without_ports),
        ROW("source 1023", "source-port 1023", low_source),
        ROW("icmp with ports", "icmp has no ports", icmp_ports),
        ROW("sequence as source port", "initial-sequence 1023", low_sequence_as_port),
        ROW("sequence 0", "initial-sequence 0", zero_sequence_udp),
        ROW("trace id 0", "trace id 0", zero_id),
        ROW("min above max", "min-round-duration", crossed_times),
        ROW("grace 9ms", "grace-duration", short_grace),
        ROW("grace 1001ms", "grace-duration", long_grace),
        ROW("reply timeout", "reply-timeout", no_timeout),
        ROW("send interval", "send-interval", negative_interval),
        ROW("link-local", "%eth0", link_local),
        ROW("size", "hops_config_init", wrong_size),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config c = valid();
        struct hops_diag diag = {.text = ""};
        rows[i].change(&c);
        check_int(rows[i].name, hops_config_check(&c, &diag), HOPS_ERR_INVALID);
        if (strstr(diag.text, rows[i].text) == NULL) {
            fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].name, diag.text, rows[i].text);
        }
    }
}

static void config_spread_gives_everybody_his_own(void **state) {
    static struct hops_config c[50];

    (void)state;
    for (size_t i = 0; i < 50; i++) {
        c[i] = valid();
        c[i].protocol = HOPS_PROTOCOL_TCP;
        c[i].direction = HOPS_PORTS_FIXED_TARGET;
        c[i].target_port = 443;
    }
    assert_int_equal(hops_config_spread(c, 50, 65530, NULL), HOPS_OK);
    for (size_t i = 0; i < 50; i++) {
        assert_int_not_equal(c[i].trace_id, 0);
        assert_int_equal(hops_config_check(&c[i], NULL), HOPS_OK);
        if (i > 0) {
            assert_true(c[i].initial_sequence > c[i - 1].last_sequence);
            assert_int_not_equal(c[i].trace_id, c[i - 1].trace_id);
        }
    }
    assert_int_equal(c[0].trace_id, 65530);
    assert_int_equal(c[5].trace_id, 65535);
    assert_int_equal(c[6].trace_id, 1);
    assert_true(c[49].last_sequence <= HOPS_SEQUENCE_LAST);
}

static void config_spread_moves_proposed_source_ports(void **state) {
    struct hops_config c[3];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        c[i] = valid();
        c[i].protocol = HOPS_PROTOCOL_UDP;
        c[i].direction = HOPS_PORTS_FIXED_SOURCE;
        c[i].source_port = 65535;
        c[i].source_port_proposed = i != 1;
    }
    assert_int_equal(hops_config_spread(c, 3, 7, NULL), HOPS_OK);
    assert_int_equal(c[0].source_port, 65535);
    assert_int_equal(c[1].source_port, 65535);
    assert_int_equal(c[2].source_port, 1024);
}

static void config_spread_refuses_more_than_there_are(void **state) {
    static struct hops_config c[400];
    struct hops_diag diag;

    (void)state;
    for (size_t i = 0; i < 400; i++) {
        c[i] = valid();
        c[i].protocol = HOPS_PROTOCOL_TCP;
        c[i].direction = HOPS_PORTS_FIXED_TARGET;
        c[i].target_port = 443;
    }
    assert_int_equal(hops_config_spread(c, 400, 1, &diag), HOPS_ERR_INVALID);
    assert_non_null(strstr(diag.text, "400 targets"));
    assert_int_equal(hops_config_spread(c, 200, 1, &diag), HOPS_OK);
}

static void config_round_port_stays_above_the_system_ports(void **state) {
    struct hops_config c = valid();

    (void)state;
    c.protocol = HOPS_PROTOCOL_UDP;
    assert_int_equal(hops_sequence_round_port(&c, 0), 33434);
    assert_int_equal(hops_sequence_round_port(&c, 32101), 65535);
    assert_int_equal(hops_sequence_round_port(&c, 32102), 33434);
    c.initial_sequence = 5;
    for (uint32_t n = 0; n < 70000; n++) {
        assert_true(hops_sequence_round_port(&c, n) >= 1024);
    }
}

static void config_sequence_is_read_back(void **state) {
    struct hops_config c = valid();
    struct hops_quote q = {.icmp_seq = 1234,
                           .src_port = 33500,
                           .dst_port = 33600,
                           .udp_checksum = 33700,
                           .ip_id = 33800,
                           .udp_len = 8 + 6 + 55,
                           .udp_magic = true};
    uint16_t sequence = 0;

    (void)state;
    assert_true(hops_sequence_decode(&c, &q, &sequence));
    assert_int_equal(sequence, 1234);
    c.protocol = HOPS_PROTOCOL_UDP;
    c.direction = HOPS_PORTS_FIXED_SOURCE;
    assert_true(hops_sequence_decode(&c, &q, &sequence));
    assert_int_equal(sequence, 33600);
    c.direction = HOPS_PORTS_FIXED_TARGET;
    assert_true(hops_sequence_decode(&c, &q, &sequence));
    assert_int_equal(sequence, 33500);
    c.strategy = HOPS_STRATEGY_PARIS;
    assert_true(hops_sequence_decode(&c, &q, &sequence));
    assert_int_equal(sequence, 33700);
    c.strategy = HOPS_STRATEGY_DUBLIN;
    assert_true(hops_sequence_decode(&c, &q, &sequence));
    assert_int_equal(sequence, 33800);
    assert_true(hops_addr_parse("2001:db8::1", &c.target));
    assert_true(hops_sequence_decode(&c, &q, &sequence));
    assert_int_equal(sequence, 33489);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_defaults_are_valid),
        cmocka_unit_test(config_impossible_values_are_refused),
        cmocka_unit_test(config_spread_gives_everybody_his_own),
        cmocka_unit_test(config_spread_moves_proposed_source_ports),
        cmocka_unit_test(config_spread_refuses_more_than_there_are),
        cmocka_unit_test(config_round_port_stays_above_the_system_ports),
        cmocka_unit_test(config_sequence_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
