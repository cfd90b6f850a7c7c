/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "base/bytes.h"
#include "net/errqueue.h"

#include <hops/addr.h>
#include <hops/extension.h>

#include <errno.h>
#include <string.h>

static struct hops_addr addr_of(const char *text) {
    struct hops_addr addr;

    assert_true(hops_addr_parse(text, &addr));
    return addr;
}

static struct hops_net_clock clock_at(hops_ns now) {
    return (struct hops_net_clock){
        .offset = 100 * HOPS_SEC, .read_at = now, .stepped_at = HOPS_NEVER, .sampled = true};
}

static struct hops_config config_of(enum hops_protocol protocol, bool v6) {
    return (struct hops_config){.size = sizeof(struct hops_config),
                                .protocol = protocol,
                                .source = addr_of(v6 ? "2001:db8::1" : "192.0.2.1"),
                                .target = addr_of(v6 ? "2001:db8:9::9" : "198.51.100.9"),
                                .extensions = true};
}

/* An error about a probe to the target, told by a router. */
static void make_message(const struct hops_config *config, uint8_t type, uint8_t code,
                         struct hops_net_message *out) {
    bool v6 = config->target.family == HOPS_IPV6;

    *out = (struct hops_net_message){.peer = config->target, .peer_port = 33434};
    out->cmsgs = (struct hops_net_cmsgs){
        .stamp = 105 * HOPS_SEC, .ttl = 61, .tos = 0, .local = config->source};
    out->cmsgs.error =
        (struct hops_net_error){.present = true,
                                .origin = v6 ? HOPS_NET_ORIGIN_ICMP6 : HOPS_NET_ORIGIN_ICMP,
                                .type = type,
                                .code = code,
                                .os_errno = EHOSTUNREACH,
                                .offender = addr_of(v6 ? "2001:db8:5::5" : "203.0.113.5")};
}

static void net_entry_type_and_code_decide(void **state) {
    static const struct {
        const char *name;
        bool v6;
        uint8_t type, code;
        uint32_t info;
        int want; /* enum hops_reply_kind, -1: ignored */
        uint16_t mtu;
    } rows[] = {
        {"time exceeded", false, 11, 0, 0, HOPS_REPLY_TIME_EXCEEDED, 0},
        {"reassembly time exceeded", false, 11, 1, 0, -1, 0},
        {"net unreachable", false, 3, 0, 0, HOPS_REPLY_UNREACHABLE, 0},
        {"port unreachable", false, 3, 3, 0, HOPS_REPLY_UNREACHABLE, 0},
        {"fragmentation needed", false, 3, 4, 1400, HOPS_REPLY_UNREACHABLE, 1400},
        {"fragmentation needed, no MTU", false, 3, 4, 0, HOPS_REPLY_UNREACHABLE, 0},
        {"admin prohibited", false, 3, 13, 0, HOPS_REPLY_UNREACHABLE, 0},
        {"an MTU where none belongs", false, 3, 1, 1400, HOPS_REPLY_UNREACHABLE, 0},
        {"parameter problem", false, 12, 0, 0, -1, 0},
        {"source quench", false, 4, 0, 0, -1, 0},
        {"redirect", false, 5, 1, 0, -1, 0},
        {"hop limit exceeded", true, 3, 0, 0x10000000, HOPS_REPLY_TIME_EXCEEDED, 0},
        {"reassembly time exceeded v6", true, 3, 1, 0, -1, 0},
        {"no route", true, 1, 0, 0, HOPS_REPLY_UNREACHABLE, 0},
        {"port unreachable v6", true, 1, 4, 0, HOPS_REPLY_UNREACHABLE, 0},
        {"packet too big", true, 2, 0, 1280, HOPS_REPLY_PACKET_TOO_BIG, 1280},
        {"packet too big, huge", true, 2, 0, 0xffffffff, HOPS_REPLY_PACKET_TOO_BIG, 65535},
        {"parameter problem v6", true, 4, 0, 0, -1, 0},
        {"time exceeded of the other family", true, 11, 0, 0, -1, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config config = config_of(HOPS_PROTOCOL_UDP, rows[i].v6);
        struct hops_net_clock clock = clock_at(6 * HOPS_SEC);
        static struct hops_net_message message;
        struct hops_reply reply;
        enum hops_net_entry entry;

        make_message(&config, rows[i].type, rows[i].code, &message);
        message.cmsgs.error.info = rows[i].info;
        entry = hops_net_entry_decode(&message, &config, &clock, 0, &reply);
        check_int(rows[i].name, entry,
                  rows[i].want < 0 ? HOPS_NET_ENTRY_IGNORED : HOPS_NET_ENTRY_REPLY);
        if (entry == HOPS_NET_ENTRY_REPLY) {
            check_int(rows[i].name, reply.kind, rows[i].want);
            check_int(rows[i].name, reply.mtu, rows[i].mtu);
            check_int(rows[i].name, reply.icmp_type, rows[i].type);
            check_int(rows[i].name, reply.icmp_code, rows[i].code);
            check_int(rows[i].name, reply.ttl, 61);
            check_int(rows[i].name, reply.when, 5 * HOPS_SEC);
            check_int(rows[i].name, reply.coarse, false);
            check_int(rows[i].name, reply.quote.ttl, -1);
            check_int(rows[i].name, reply.quote.tos, -1);
            check_int(rows[i].name, reply.extensions.present, false);
            assert_true(hops_addr_equal(&reply.responder, &message.cmsgs.error.offender));
            assert_true(hops_addr_equal(&reply.quote.dst, &config.target));
        }
    }
}

static void net_entry_of_this_host_is_local(void **state) {
    struct hops_config config = config_of(HOPS_PROTOCOL_ICMP, false);
    struct hops_net_clock clock = clock_at(6 * HOPS_SEC);
    static struct hops_net_message message;
    struct hops_reply reply;

    (void)state;
    make_message(&config, 3, 1, &message);
    message.cmsgs.error.offender = config.source;
    assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                     HOPS_NET_ENTRY_LOCAL);
    message.cmsgs.error.origin = HOPS_NET_ORIGIN_LOCAL;
    message.cmsgs.error.offender.family = HOPS_FAMILY_NONE;
    assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                     HOPS_NET_ENTRY_LOCAL);

    /* A trace to ourselves: what we say is the target's word. */
    config.target = config.source;
    make_message(&config, 3, 3, &message);
    message.cmsgs.error.offender = config.source;
    assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                     HOPS_NET_ENTRY_REPLY);
}

static void net_entry_other_entries_are_no_replies(void **state) {
    struct hops_config config = config_of(HOPS_PROTOCOL_ICMP, false);
    struct hops_net_clock clock = clock_at(6 * HOPS_SEC);
    static struct hops_net_message message;
    struct hops_reply reply;

    (void)state;
    make_message(&config, 11, 0, &message);
    message.cmsgs.error.origin = HOPS_NET_ORIGIN_TIMESTAMP;
    assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                     HOPS_NET_ENTRY_STAMP);
    message.cmsgs.error.origin = 5; /* zero copy, of which we know nothing */
    assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                     HOPS_NET_ENTRY_IGNORED);
    make_message(&config, 11, 0, &message);
    message.cmsgs.error.present = false;
    assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                     HOPS_NET_ENTRY_IGNORED);
    make_message(&config, 11, 0, &message);
    message.cmsgs.error.offender.family = HOPS_FAMILY_NONE;
    assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                     HOPS_NET_ENTRY_IGNORED);
    make_message(&config, 11, 0, &message);
    message.peer = addr_of("198.51.100.10"); /* about somebody else's packet */
    assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                     HOPS_NET_ENTRY_IGNORED);
}

static void net_entry_without_believable_stamp_is_coarse(void **state) {
    static const struct {
        const char *name;
        hops_ns stamp;
        hops_ns sent;
    } rows[] = {
        {"no stamp", 0, 0},
        {"in the future", 107 * HOPS_SEC, 0},
        {"before it was sent", 105 * HOPS_SEC, 5 * HOPS_SEC + 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config config = config_of(HOPS_PROTOCOL_ICMP, true);
        struct hops_net_clock clock = clock_at(6 * HOPS_SEC);
        static struct hops_net_message message;
        struct hops_reply reply;

        make_message(&config, 3, 0, &message);
        message.cmsgs.stamp = rows[i].stamp;
        check_int(rows[i].name,
                  hops_net_entry_decode(&message, &config, &clock, rows[i].sent, &reply),
                  HOPS_NET_ENTRY_REPLY);
        check_int(rows[i].name, reply.coarse, true);
        check_int(rows[i].name, reply.when, 6 * HOPS_SEC);
    }
}

/* Version 2, checksum to be filled in, one MPLS entry: label 16004, TTL 1. */
static const char mpls[] = "20 00 00 00 00 08 01 01 03 e8 41 01";

static uint16_t sum(const uint8_t *p, size_t len) {
    uint32_t total = 0;

    for (size_t i = 0; i + 1 < len; i += 2) {
        total += (uint32_t)((p[i] << 8) | p[i + 1]);
    }
    total = (total & 0xffff) + (total >> 16);
    return (uint16_t)(total + (total >> 16));
}

static void net_entry_extensions_are_found(void **state) {
    static const struct {
        const char *name;
        enum hops_protocol protocol;
        bool v6;
        size_t at;
        bool told;
        bool wanted;
        bool broken;
        bool present;
        bool malformed;
    } rows[] = {
        {"icmp v4, old place", HOPS_PROTOCOL_ICMP, false, 108, false, true, false, true, false},
        {"icmp v6, old place", HOPS_PROTOCOL_ICMP, true, 88, false, true, false, true, false},
        {"udp v4, old place", HOPS_PROTOCOL_UDP, false, 100, false, true, false, true, false},
        {"udp v6, old place", HOPS_PROTOCOL_UDP, true, 80, false, true, false, true, false},
        {"tcp v4, old place", HOPS_PROTOCOL_TCP, false, 108, false, true, false, true, false},
        {"another place, told", HOPS_PROTOCOL_UDP, false, 228, true, true, false, true, false},
        {"another place, not told", HOPS_PROTOCOL_UDP, false, 228, false, true, false, false,
         false},
        {"told but broken", HOPS_PROTOCOL_UDP, false, 100, true, true, true, true, true},
        {"broken and not told", HOPS_PROTOCOL_UDP, false, 100, false, true, true, false, false},
        {"not wanted", HOPS_PROTOCOL_UDP, false, 100, true, false, false, false, false},
    };
    uint8_t object[16];
    size_t len = check_hex(mpls, object, sizeof(object));

    (void)state;
    assert_int_equal(len, 12);
    put_be16(object + 2, (uint16_t)~sum(object, len));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config config = config_of(rows[i].protocol, rows[i].v6);
        struct hops_net_clock clock = clock_at(6 * HOPS_SEC);
        static struct hops_net_message message;
        struct hops_reply reply;

        config.extensions = rows[i].wanted;
        make_message(&config, rows[i].v6 ? 3 : 11, 0, &message);
        message.cmsgs.error.extensions_at = rows[i].told ? (uint16_t)rows[i].at : 0;
        memset(message.octets, 0x20, rows[i].at);
        memcpy(message.octets + rows[i].at, object, len);
        message.octets[rows[i].at + 11] ^= rows[i].broken ? 0xff : 0;
        message.len = rows[i].at + len;
        check_int(rows[i].name, hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                  HOPS_NET_ENTRY_REPLY);
        check_int(rows[i].name, reply.extensions.present, rows[i].present);
        check_int(rows[i].name, reply.extensions.malformed, rows[i].malformed);
        if (rows[i].present && !rows[i].malformed) {
            struct hops_extension extension;
            struct hops_mpls entry;
            size_t offset = 0;
            size_t inner = 0;

            assert_true(hops_extension_next(&reply.extensions, &offset, &extension));
            assert_true(hops_extension_next_mpls(&extension, &inner, &entry));
            check_int(rows[i].name, entry.label, 16004);
        }
    }
}

/* An offset beyond what arrived, and every shorter message. */
static void net_entry_short_data_have_no_extensions(void **state) {
    struct hops_config config = config_of(HOPS_PROTOCOL_UDP, false);
    struct hops_net_clock clock = clock_at(6 * HOPS_SEC);
    static struct hops_net_message message;
    struct hops_reply reply;

    (void)state;
    for (size_t len = 0; len <= 104; len++) {
        make_message(&config, 11, 0, &message);
        memset(message.octets, 0x20, sizeof(message.octets));
        message.len = len;
        message.cmsgs.error.extensions_at = 0;
        assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                         HOPS_NET_ENTRY_REPLY);
        assert_false(reply.extensions.present);
        message.cmsgs.error.extensions_at = 4000;
        assert_int_equal(hops_net_entry_decode(&message, &config, &clock, 0, &reply),
                         HOPS_NET_ENTRY_REPLY);
        assert_false(reply.extensions.present);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_entry_type_and_code_decide),
        cmocka_unit_test(net_entry_of_this_host_is_local),
        cmocka_unit_test(net_entry_other_entries_are_no_replies),
        cmocka_unit_test(net_entry_without_believable_stamp_is_coarse),
        cmocka_unit_test(net_entry_extensions_are_found),
        cmocka_unit_test(net_entry_short_data_have_no_extensions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
