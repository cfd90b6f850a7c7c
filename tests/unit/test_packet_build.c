/* SPDX-License-Identifier: MIT
 *
 * Probes as octets: every kind against fixed vectors, sizes, and writers that are too small.
 */
#include "check.h"

#include <string.h>

#include <hops/addr.h>
#include <hops/config.h>

#include "packet/build.h"
#include "packet/checksum.h"

enum { ROOM = 2048 };

static struct hops_config config_make(enum hops_family family, enum hops_protocol protocol,
                                      enum hops_strategy strategy) {
    struct hops_config config;
    bool ok;

    memset(&config, 0, sizeof(config));
    ok = hops_addr_parse(family == HOPS_IPV4 ? "192.0.2.10" : "2001:db8::a", &config.source) &&
         hops_addr_parse(family == HOPS_IPV4 ? "198.51.100.20" : "2001:db8:1::14", &config.target);
    assert_true(ok);
    config.protocol = protocol;
    config.strategy = strategy;
    config.trace_id = 0x1f2e;
    config.initial_sequence = 33434;
    config.packet_size = family == HOPS_IPV4 ? 28 : 48;
    return config;
}

struct vector {
    const char *name;
    enum hops_family family;
    enum hops_protocol protocol;
    enum hops_strategy strategy;
    uint8_t ttl;
    uint16_t src_port, dst_port, sequence, ip_id;
    uint32_t tcp_seq;
    uint16_t size;
    uint8_t pattern, tos;
    const char *want;
};

#define ICMP HOPS_PROTOCOL_ICMP
#define UDP  HOPS_PROTOCOL_UDP
#define TCP  HOPS_PROTOCOL_TCP

static const struct vector vectors[] = {
    {"icmp4", HOPS_IPV4, ICMP, HOPS_STRATEGY_CLASSIC, 7, 0, 0, 33434, 0, 0, 28, 0, 0,
     "45 00 00 1c 00 00 40 00 07 01 00 00 c0 00 02 0a c6 33 64 14 08 00 56 37 1f 2e 82 9a"},
    {"icmp4 with pattern and tos", HOPS_IPV4, ICMP, HOPS_STRATEGY_CLASSIC, 7, 0, 0, 33440, 0, 0, 33,
     0x5a, 0xb8,
     "45 b8 00 21 00 00 40 00 07 01 00 00 c0 00 02 0a c6 33 64 14 08 00 47 7c 1f 2e 82 a0 5a 5a 5a "
     "5a 5a"},
    {"udp4 classic", HOPS_IPV4, UDP, HOPS_STRATEGY_CLASSIC, 3, 5000, 33436, 33436, 0, 0, 34, 0x11,
     0,
     "45 00 00 22 00 00 40 00 03 11 00 00 c0 00 02 0a c6 33 64 14 13 88 82 9c 00 0e 4a 28 11 11 11 "
     "11 11 11"},
    {"udp4 paris", HOPS_IPV4, UDP, HOPS_STRATEGY_PARIS, 3, 5000, 33434, 33500, 0, 0, 300, 0x77, 0,
     "45 00 00 1e 00 00 40 00 03 11 00 00 c0 00 02 0a c6 33 64 14 13 88 82 9a 00 0a 82 dc fa 88"},
    {"udp4 dublin", HOPS_IPV4, UDP, HOPS_STRATEGY_DUBLIN, 3, 5000, 33434, 33500, 33500, 0, 32, 0, 0,
     "45 00 00 20 82 dc 40 00 03 11 00 00 c0 00 02 0a c6 33 64 14 13 88 82 9a 00 0c 7d 61 00 00 00 "
     "00"},
    {"udp4 whose checksum comes to 0", HOPS_IPV4, UDP, HOPS_STRATEGY_CLASSIC, 3, 5000, 4, 4, 0, 0,
     28, 0, 0,
     "45 00 00 1c 00 00 40 00 03 11 00 00 c0 00 02 0a c6 33 64 14 13 88 00 04 00 08 ff ff"},
    {"tcp4", HOPS_IPV4, TCP, HOPS_STRATEGY_CLASSIC, 9, 33434, 80, 33434, 0, 0x01020304, 0, 0, 0x10,
     "45 10 00 2c 00 00 40 00 09 06 00 00 c0 00 02 0a c6 33 64 14 82 9a 00 50 01 02 03 04 00 00 00 "
     "00 60 02 ff ff 24 e4 00 00 02 04 05 b4"},
    {"icmp6", HOPS_IPV6, ICMP, HOPS_STRATEGY_CLASSIC, 7, 0, 0, 33434, 0, 0, 48, 0, 0,
     "80 00 82 63 1f 2e 82 9a"},
    {"udp6 classic", HOPS_IPV6, UDP, HOPS_STRATEGY_CLASSIC, 7, 5000, 33436, 33436, 0, 0, 54, 0x11,
     0, "13 88 82 9c 00 0e da e9 11 11 11 11 11 11"},
    {"udp6 paris", HOPS_IPV6, UDP, HOPS_STRATEGY_PARIS, 7, 5000, 33434, 33500, 0, 0, 48, 0x11, 0,
     "13 88 82 9a 00 0a 82 dc 8b 4a"},
    {"udp6 dublin", HOPS_IPV6, UDP, HOPS_STRATEGY_DUBLIN, 7, 5000, 33434, 33437, 0, 0, 48, 0x5a, 0,
     "13 88 82 9a 00 11 4a ba 68 6f 70 73 36 21 5a 5a 5a"},
    {"tcp6", HOPS_IPV6, TCP, HOPS_STRATEGY_CLASSIC, 9, 5000, 33435, 33435, 0, 0xfffefdfc, 0, 0, 0,
     "13 88 82 9b ff fe fd fc 00 00 00 00 60 02 ff ff a8 8a 00 00 02 04 05 a0"},
};

static void vector_inputs(const struct vector *v, struct hops_config *config,
                          struct hops_probe *probe) {
    *config = config_make(v->family, v->protocol, v->strategy);
    config->packet_size = v->size;
    config->payload_pattern = v->pattern;
    config->tos = v->tos;
    *probe = (struct hops_probe){.ttl = v->ttl,
                                 .sequence = v->sequence,
                                 .src_port = v->src_port,
                                 .dst_port = v->dst_port,
                                 .ip_id = v->ip_id,
                                 .tcp_seq = v->tcp_seq};
}

static void build_every_kind_matches_its_octets(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        uint8_t want[ROOM];
        uint8_t got[ROOM];
        size_t want_len = check_hex(vectors[i].want, want, sizeof(want));
        struct wr w = wr_make(got, sizeof(got));
        struct hops_config config;
        struct hops_probe probe;

        vector_inputs(&vectors[i], &config, &probe);
        check_int(vectors[i].name, hops_packet_build(&config, &probe, &w), true);
        check_bytes(vectors[i].name, got, wr_len(&w), want, want_len);
    }
}

static void build_payload_is_the_end_of_the_packet(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        uint8_t want[ROOM];
        uint8_t got[ROOM];
        size_t want_len = check_hex(vectors[i].want, want, sizeof(want));
        size_t at = vectors[i].protocol == UDP ? (vectors[i].family == HOPS_IPV4 ? 28 : 8)
                                               : (vectors[i].family == HOPS_IPV4 ? 20 : 0);
        struct wr w = wr_make(got, sizeof(got));
        struct hops_config config;
        struct hops_probe probe;

        vector_inputs(&vectors[i], &config, &probe);
        check_int(vectors[i].name, hops_packet_build_payload(&config, &probe, &w), true);
        if (vectors[i].protocol == TCP) {
            check_int(vectors[i].name, wr_len(&w), 0);
            check_int(vectors[i].name, hops_packet_payload_len(&config, &probe), 0);
            continue;
        }
        check_bytes(vectors[i].name, got, wr_len(&w), want + at, want_len - at);
        check_int(vectors[i].name, hops_packet_payload_len(&config, &probe),
                  wr_len(&w) - (vectors[i].protocol == ICMP ? 8 : 0));
    }
}

/* The kernel fills the IPv4 header checksum in; everything else must add up by itself. */
static void build_every_transport_checksum_adds_up(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        static const uint8_t protocols[2][3] = {{1, 17, 6}, {58, 17, 6}};
        bool ipv6 = vectors[i].family == HOPS_IPV6;
        size_t at = ipv6 ? 0 : 20;
        uint8_t got[ROOM];
        struct wr w = wr_make(got, sizeof(got));
        struct hops_config config;
        struct hops_probe probe;
        uint64_t sum = 0;

        vector_inputs(&vectors[i], &config, &probe);
        assert_true(hops_packet_build(&config, &probe, &w));
        if (ipv6 || vectors[i].protocol != ICMP) {
            sum = hops_checksum_pseudo(&config.source, &config.target,
                                       protocols[ipv6][vectors[i].protocol], wr_len(&w) - at);
        }
        check_int(vectors[i].name,
                  hops_checksum_fold(hops_checksum_add(sum, got + at, wr_len(&w) - at)), 0xffff);
    }
}

static void build_writer_too_small_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        uint8_t want[ROOM];
        size_t len = check_hex(vectors[i].want, want, sizeof(want));

        for (size_t room = 0; room < len; room++) {
            uint8_t zeros[ROOM] = {0};
            struct wr w = wr_make(check_guarded(zeros, room), room);
            struct hops_config config;
            struct hops_probe probe;

            vector_inputs(&vectors[i], &config, &probe);
            check_int(vectors[i].name, hops_packet_build(&config, &probe, &w), false);
        }
    }
}

static void build_payload_writer_too_small_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        struct hops_config config;
        struct hops_probe probe;
        uint8_t octets[ROOM] = {0};
        struct wr whole = wr_make(octets, sizeof(octets));

        vector_inputs(&vectors[i], &config, &probe);
        assert_true(hops_packet_build_payload(&config, &probe, &whole));
        for (size_t room = 0; room < wr_len(&whole); room++) {
            struct wr w = wr_make(check_guarded(octets, room), room);

            check_int(vectors[i].name, hops_packet_build_payload(&config, &probe, &w), false);
        }
    }
}

static void build_size_limits_hold(void **state) {
    static const struct {
        const char *name;
        enum hops_family family;
        enum hops_protocol protocol;
        enum hops_strategy strategy;
        uint16_t size;
        bool want;
    } rows[] = {
        {"icmp4 27", HOPS_IPV4, ICMP, HOPS_STRATEGY_CLASSIC, 27, false},
        {"icmp4 28", HOPS_IPV4, ICMP, HOPS_STRATEGY_CLASSIC, 28, true},
        {"icmp4 1024", HOPS_IPV4, ICMP, HOPS_STRATEGY_CLASSIC, 1024, true},
        {"icmp4 1025", HOPS_IPV4, ICMP, HOPS_STRATEGY_CLASSIC, 1025, false},
        {"udp4 27", HOPS_IPV4, UDP, HOPS_STRATEGY_CLASSIC, 27, false},
        {"udp4 1024", HOPS_IPV4, UDP, HOPS_STRATEGY_CLASSIC, 1024, true},
        {"udp4 1025", HOPS_IPV4, UDP, HOPS_STRATEGY_CLASSIC, 1025, false},
        {"udp4 paris 27", HOPS_IPV4, UDP, HOPS_STRATEGY_PARIS, 27, false},
        {"udp4 paris 1025", HOPS_IPV4, UDP, HOPS_STRATEGY_PARIS, 1025, false},
        {"tcp4 0", HOPS_IPV4, TCP, HOPS_STRATEGY_CLASSIC, 0, true},
        {"icmp6 47", HOPS_IPV6, ICMP, HOPS_STRATEGY_CLASSIC, 47, false},
        {"icmp6 48", HOPS_IPV6, ICMP, HOPS_STRATEGY_CLASSIC, 48, true},
        {"icmp6 1024", HOPS_IPV6, ICMP, HOPS_STRATEGY_CLASSIC, 1024, true},
        {"icmp6 1025", HOPS_IPV6, ICMP, HOPS_STRATEGY_CLASSIC, 1025, false},
        {"udp6 47", HOPS_IPV6, UDP, HOPS_STRATEGY_CLASSIC, 47, false},
        {"udp6 dublin 47", HOPS_IPV6, UDP, HOPS_STRATEGY_DUBLIN, 47, false},
        {"udp6 1025", HOPS_IPV6, UDP, HOPS_STRATEGY_CLASSIC, 1025, false},
        {"tcp6 1025", HOPS_IPV6, TCP, HOPS_STRATEGY_CLASSIC, 1025, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config config = config_make(rows[i].family, rows[i].protocol, rows[i].strategy);
        struct hops_probe probe = {.ttl = 1, .sequence = 33434, .src_port = 1, .dst_port = 2};
        uint8_t octets[ROOM];
        struct wr w = wr_make(octets, sizeof(octets));
        struct wr w2 = wr_make(octets, sizeof(octets));

        config.packet_size = rows[i].size;
        check_int(rows[i].name, hops_packet_build(&config, &probe, &w), rows[i].want);
        check_int(rows[i].name, hops_packet_build_payload(&config, &probe, &w2), rows[i].want);
        if (rows[i].want && rows[i].protocol != TCP) {
            check_int(rows[i].name, wr_len(&w),
                      rows[i].size - (rows[i].family == HOPS_IPV6 ? 40 : 0));
        }
    }
}

static void build_paris_sequence_0_is_refused(void **state) {
    struct hops_config config = config_make(HOPS_IPV4, UDP, HOPS_STRATEGY_PARIS);
    struct hops_probe probe = {.ttl = 1, .src_port = 5000, .dst_port = 33434};
    uint8_t octets[ROOM];
    struct wr w = wr_make(octets, sizeof(octets));

    (void)state;
    assert_false(hops_packet_build(&config, &probe, &w));
}

static void build_paris_carries_every_sequence_in_a_right_checksum(void **state) {
    (void)state;
    for (unsigned family = 4; family <= 6; family += 2) {
        struct hops_config config = config_make((enum hops_family)family, UDP, HOPS_STRATEGY_PARIS);
        size_t at = family == 4 ? 20 : 0;

        for (unsigned sequence = 1; sequence <= 0xffff; sequence++) {
            struct hops_probe probe = {
                .ttl = 1, .sequence = (uint16_t)sequence, .src_port = 5000, .dst_port = 33434};
            uint8_t octets[ROOM];
            struct wr w = wr_make(octets, sizeof(octets));
            uint64_t pseudo = hops_checksum_pseudo(&config.source, &config.target, 17, 10);

            assert_true(hops_packet_build(&config, &probe, &w));
            assert_int_equal((octets[at + 6] << 8) | octets[at + 7], sequence);
            assert_int_equal(hops_checksum_fold(hops_checksum_add(pseudo, octets + at, 10)),
                             0xffff);
        }
    }
}

static void build_dublin6_length_is_bounded(void **state) {
    static const struct {
        const char *name;
        uint16_t sequence;
        bool want;
    } rows[] = {
        {"first", 1000, true},
        {"longest that fits", 1000 + 970, true},
        {"one more", 1000 + 971, false},
        {"before the first", 999, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config config = config_make(HOPS_IPV6, UDP, HOPS_STRATEGY_DUBLIN);
        struct hops_probe probe = {.ttl = 1, .sequence = rows[i].sequence};
        uint8_t octets[ROOM];
        struct wr w = wr_make(octets, sizeof(octets));

        config.initial_sequence = 1000;
        check_int(rows[i].name, hops_packet_build(&config, &probe, &w), rows[i].want);
    }
}

static void build_expected_checksum_ignores_translation(void **state) {
    static const struct {
        const char *name;
        uint16_t udp_len;
        uint8_t pattern;
        uint16_t want;
    } rows[] = {
        {"as sent", 12, 0x00, 0x7d61},
        {"no payload", 8, 0x00, 0x7d69},
        {"shorter than a header", 7, 0x00, 0x7d69},
        {"longest payload", 8 + 996, 0x00, 0x75a1},
        {"longer than any probe", 2048, 0x00, 0x75a1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config config = config_make(HOPS_IPV4, UDP, HOPS_STRATEGY_DUBLIN);
        struct hops_quote quote = {.protocol = UDP,
                                   .src_port = 5000,
                                   .dst_port = 33434,
                                   .udp_len = rows[i].udp_len,
                                   .udp_checksum = 0x0366};

        quote.src = hops_addr_ipv4((const uint8_t[4]){203, 0, 113, 5});
        config.payload_pattern = rows[i].pattern;
        check_int(rows[i].name, hops_packet_expected_checksum(&config, &quote), rows[i].want);
    }
}

static void build_expected_checksum_is_what_dublin_sends(void **state) {
    (void)state;
    for (uint16_t size = 28; size <= 1024; size++) {
        struct hops_config config = config_make(HOPS_IPV4, UDP, HOPS_STRATEGY_DUBLIN);
        struct hops_probe probe = {.ttl = 1, .sequence = 9, .src_port = 5000, .dst_port = 33434};
        struct hops_quote quote = {.protocol = UDP, .src_port = 5000, .dst_port = 33434};
        uint8_t octets[ROOM];
        struct wr w = wr_make(octets, sizeof(octets));

        config.packet_size = size;
        config.payload_pattern = 0xa7;
        quote.udp_len = (uint16_t)(size - 20);
        assert_true(hops_packet_build(&config, &probe, &w));
        assert_int_equal(hops_packet_expected_checksum(&config, &quote),
                         (octets[26] << 8) | octets[27]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(build_every_kind_matches_its_octets),
        cmocka_unit_test(build_payload_is_the_end_of_the_packet),
        cmocka_unit_test(build_every_transport_checksum_adds_up),
        cmocka_unit_test(build_writer_too_small_is_refused),
        cmocka_unit_test(build_payload_writer_too_small_is_refused),
        cmocka_unit_test(build_size_limits_hold),
        cmocka_unit_test(build_paris_sequence_0_is_refused),
        cmocka_unit_test(build_paris_carries_every_sequence_in_a_right_checksum),
        cmocka_unit_test(build_dublin6_length_is_bounded),
        cmocka_unit_test(build_expected_checksum_ignores_translation),
        cmocka_unit_test(build_expected_checksum_is_what_dublin_sends),
    };

    return cmocka_run_group_tests_name("packet_build", tests, NULL, NULL);
}
