/* SPDX-License-Identifier: MIT
 *
 * What routers and targets send, made from probes of every kind and read back by the parsers.
 */
#include "check.h"

#include <string.h>

#include <hops/addr.h>
#include <hops/config.h>

#include "packet/checksum.h"
#include "packet/craft.h"
#include "packet/parse.h"

enum { ROOM = 4096 };

struct kind {
    const char *name;
    enum hops_family family;
    enum hops_protocol protocol;
    enum hops_strategy strategy;
    uint8_t ip_protocol;
};

static const struct kind kinds[] = {
    {"icmp4", HOPS_IPV4, HOPS_PROTOCOL_ICMP, HOPS_STRATEGY_CLASSIC, 1},
    {"udp4 classic", HOPS_IPV4, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_CLASSIC, 17},
    {"udp4 paris", HOPS_IPV4, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS, 17},
    {"udp4 dublin", HOPS_IPV4, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN, 17},
    {"tcp4", HOPS_IPV4, HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC, 6},
    {"icmp6", HOPS_IPV6, HOPS_PROTOCOL_ICMP, HOPS_STRATEGY_CLASSIC, 58},
    {"udp6 classic", HOPS_IPV6, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_CLASSIC, 17},
    {"udp6 paris", HOPS_IPV6, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS, 17},
    {"udp6 dublin", HOPS_IPV6, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN, 17},
    {"tcp6", HOPS_IPV6, HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC, 6},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static struct hops_addr addr(const char *text) {
    struct hops_addr out = {.family = HOPS_FAMILY_NONE};

    assert_true(hops_addr_parse(text, &out));
    return out;
}

static struct hops_addr router(enum hops_family family) {
    return addr(family == HOPS_IPV4 ? "203.0.113.9" : "2001:db8:9::9");
}

static struct hops_config config_of(const struct kind *kind) {
    struct hops_config config;
    bool ipv4 = kind->family == HOPS_IPV4;

    memset(&config, 0, sizeof(config));
    config.source = addr(ipv4 ? "192.0.2.10" : "2001:db8::a");
    config.target = addr(ipv4 ? "198.51.100.20" : "2001:db8:1::14");
    config.protocol = kind->protocol;
    config.strategy = kind->strategy;
    config.trace_id = 0x1f2e;
    config.initial_sequence = 33434;
    config.packet_size = 84;
    config.payload_pattern = 0x22;
    config.tos = 0xe0;
    return config;
}

static const struct hops_probe probe = {.ttl = 5,
                                        .sequence = 33500,
                                        .src_port = 5000,
                                        .dst_port = 33434,
                                        .ip_id = 33500,
                                        .tcp_seq = 0xfffffffe};

/* The probe's datagram; returns its length. */
static size_t datagram_of(const struct kind *kind, uint8_t out[ROOM]) {
    struct hops_config config = config_of(kind);
    struct wr w = wr_make(out, ROOM);

    assert_true(hops_craft_datagram(&config, &probe, 0xabcde, &w));
    return wr_len(&w);
}

/* Reads a crafted datagram as the receiving socket would. */
static enum hops_packet_status parse(const uint8_t *data, size_t len, bool extensions,
                                     struct hops_reply *out) {
    struct hops_craft_view view;

    if (data[0] >> 4 == 4) {
        /* The header checksum is the kernel's business, but it has to be right. */
        assert_int_equal(hops_checksum_fold(hops_checksum_add(0, data, 20)), 0xffff);
        return hops_packet_parse_ipv4(check_guarded(data, len), len, extensions, out);
    }
    assert_true(hops_craft_look(data, len, &view));
    assert_int_equal((data[4] << 8) | data[5], len - 40);
    data = check_guarded(view.transport, view.transport_len);
    if (view.protocol == 58) {
        return hops_packet_parse_icmp6(data, view.transport_len, &view.src, &view.dst, view.ttl,
                                       extensions, out);
    }
    if (view.protocol == 6) {
        return hops_packet_parse_tcp(data, view.transport_len, &view.src, &view.dst, view.ttl, out);
    }
    return hops_packet_parse_udp(data, view.transport_len, &view.src, &view.dst, view.ttl, out);
}

static void check_addr(const char *row, const struct hops_addr *got, const struct hops_addr *want) {
    char a[HOPS_ADDR_TEXT_MAX];
    char b[HOPS_ADDR_TEXT_MAX];

    check_str(row, hops_addr_format(got, a), hops_addr_format(want, b));
}

static void check_quote(const struct kind *kind, const struct hops_quote *quote) {
    struct hops_config config = config_of(kind);

    check_int(kind->name, quote->protocol, kind->protocol);
    check_addr(kind->name, &quote->src, &config.source);
    check_addr(kind->name, &quote->dst, &config.target);
    check_int(kind->name, quote->tos, 0xe0);
    check_int(kind->name, quote->ip_id, kind->family == HOPS_IPV4 ? probe.ip_id : 0);
    if (kind->protocol == HOPS_PROTOCOL_ICMP) {
        check_int(kind->name, quote->icmp_type, kind->family == HOPS_IPV4 ? 8 : 128);
        check_int(kind->name, quote->icmp_id, 0x1f2e);
        check_int(kind->name, quote->icmp_seq, 33500);
        return;
    }
    check_int(kind->name, quote->src_port, 5000);
    check_int(kind->name, quote->dst_port, 33434);
    if (kind->protocol == HOPS_PROTOCOL_TCP) {
        check_int(kind->name, quote->tcp_seq_known, true);
        check_int(kind->name, quote->tcp_seq, 0xfffffffe);
        return;
    }
    if (kind->strategy == HOPS_STRATEGY_PARIS) {
        check_int(kind->name, quote->udp_checksum, 33500);
    }
    check_int(kind->name, quote->udp_magic,
              kind->strategy == HOPS_STRATEGY_DUBLIN && kind->family == HOPS_IPV6);
    if (quote->udp_magic) {
        check_int(kind->name, quote->udp_len, 8 + 6 + 33500 - 33434);
    }
}

static void craft_datagram_is_the_probe_on_the_wire(void **state) {
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        uint8_t octets[ROOM];
        size_t len = datagram_of(&kinds[i], octets);
        struct hops_config config = config_of(&kinds[i]);
        struct hops_craft_view view;

        assert_true(hops_craft_look(octets, len, &view));
        check_int(kinds[i].name, view.family, kinds[i].family);
        check_addr(kinds[i].name, &view.src, &config.source);
        check_addr(kinds[i].name, &view.dst, &config.target);
        check_int(kinds[i].name, view.tos, 0xe0);
        check_int(kinds[i].name, view.ttl, 5);
        check_int(kinds[i].name, view.protocol, kinds[i].ip_protocol);
        if (kinds[i].family == HOPS_IPV6) {
            static const uint8_t first[4] = {0x6e, 0x0a, 0xbc, 0xde};

            check_bytes(kinds[i].name, octets, 4, first, sizeof(first));
            check_int(kinds[i].name, (octets[4] << 8) | octets[5], len - 40);
        } else {
            check_int(kinds[i].name, hops_checksum_fold(hops_checksum_add(0, octets, 20)), 0xffff);
        }
    }
}

static void craft_error_reads_back_for_every_probe(void **state) {
    static const struct {
        const char *name;
        enum hops_reply_kind kind;
        uint8_t code;
        uint32_t mtu;
    } rows[] = {
        {"time exceeded", HOPS_REPLY_TIME_EXCEEDED, 0, 0},
        {"unreachable 0", HOPS_REPLY_UNREACHABLE, 0, 0},
        {"unreachable 1", HOPS_REPLY_UNREACHABLE, 1, 0},
        {"unreachable 3", HOPS_REPLY_UNREACHABLE, 3, 0},
        {"unreachable 4 with mtu", HOPS_REPLY_UNREACHABLE, 4, 1400},
        {"unreachable 10", HOPS_REPLY_UNREACHABLE, 10, 0},
        {"packet too big", HOPS_REPLY_PACKET_TOO_BIG, 0, 1280},
        {"packet too big beyond 16 bits", HOPS_REPLY_PACKET_TOO_BIG, 0, 70000},
    };

    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        uint8_t octets[ROOM];
        size_t len = datagram_of(&kinds[i], octets);

        for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
            struct hops_craft_error error = {.kind = rows[j].kind,
                                             .code = rows[j].code,
                                             .from = router(kinds[i].family),
                                             .ttl = 61,
                                             .mtu = rows[j].mtu,
                                             .quoted_len = SIZE_MAX,
                                             .quoted_ttl = 1};
            bool possible =
                kinds[i].family == HOPS_IPV6 || rows[j].kind != HOPS_REPLY_PACKET_TOO_BIG;
            bool has_mtu = rows[j].mtu != 0 && (rows[j].kind == HOPS_REPLY_PACKET_TOO_BIG ||
                                                kinds[i].family == HOPS_IPV4);
            uint8_t made[ROOM];
            struct wr w = wr_make(made, sizeof(made));
            struct hops_reply reply;

            check_int(rows[j].name, hops_craft_error(octets, len, &error, &w), possible);
            if (!possible) {
                continue;
            }
            check_int(rows[j].name, parse(made, wr_len(&w), true, &reply), HOPS_PACKET_OK);
            check_int(rows[j].name, reply.kind, rows[j].kind);
            check_int(rows[j].name, reply.icmp_code, rows[j].code);
            check_int(rows[j].name, reply.ttl, 61);
            check_int(rows[j].name, reply.mtu,
                      !has_mtu ? 0 : (rows[j].mtu > 0xffff ? 0xffff : rows[j].mtu));
            check_int(rows[j].name, reply.extensions.present, false);
            check_int(rows[j].name, reply.quote.ttl, 1);
            check_addr(rows[j].name, &reply.responder, &error.from);
            check_addr(rows[j].name, &reply.local, &reply.quote.src);
            check_quote(&kinds[i], &reply.quote);
        }
    }
}

static void craft_error_keeps_to_the_longest_datagram(void **state) {
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        static const uint8_t junk[200] = {0x00, 200, 0x63, 1};

        for (int layout = HOPS_CRAFT_PLAIN; layout <= HOPS_CRAFT_NON_COMPLIANT; layout++) {
            uint8_t octets[ROOM] = {0};
            uint8_t made[ROOM];
            struct wr w = wr_make(made, sizeof(made));
            struct hops_craft_error error = {.kind = HOPS_REPLY_TIME_EXCEEDED,
                                             .from = router(kinds[i].family),
                                             .ttl = 61,
                                             .quoted_len = SIZE_MAX,
                                             .layout = (enum hops_craft_layout)layout,
                                             .objects = junk,
                                             .objects_len = sizeof(junk)};
            struct hops_reply reply;

            (void)datagram_of(&kinds[i], octets);
            assert_true(hops_craft_error(octets, 2000, &error, &w));
            assert_true(wr_len(&w) <= (kinds[i].family == HOPS_IPV6 ? 1280U : 576U));
            check_int(kinds[i].name, parse(made, wr_len(&w), true, &reply), HOPS_PACKET_OK);
            check_int(kinds[i].name, reply.extensions.len,
                      layout == HOPS_CRAFT_PLAIN ? 0 : sizeof(junk));
            check_quote(&kinds[i], &reply.quote);
        }
    }
}

static void craft_extension_reads_back_in_every_layout(void **state) {
    static const struct hops_mpls labels[] = {{.label = 24001, .exp = 0, .bottom = false, .ttl = 1},
                                              {.label = 3, .exp = 2, .bottom = true, .ttl = 254}};
    static const struct {
        const char *name;
        enum hops_craft_layout layout;
        enum hops_craft_sum sum;
        size_t quoted_len;
        bool want_present, want_malformed;
        uint16_t want_len;
    } rows[] = {
        {"plain", HOPS_CRAFT_PLAIN, HOPS_CRAFT_SUM_RIGHT, SIZE_MAX, false, false, 0},
        {"compliant", HOPS_CRAFT_COMPLIANT, HOPS_CRAFT_SUM_RIGHT, SIZE_MAX, true, false, 12},
        {"compliant, no checksum", HOPS_CRAFT_COMPLIANT, HOPS_CRAFT_SUM_NONE, 60, true, false, 12},
        {"compliant, wrong checksum", HOPS_CRAFT_COMPLIANT, HOPS_CRAFT_SUM_WRONG, 60, true, true,
         0},
        {"padded", HOPS_CRAFT_PADDED, HOPS_CRAFT_SUM_RIGHT, 68, true, false, 12},
        {"non-compliant", HOPS_CRAFT_NON_COMPLIANT, HOPS_CRAFT_SUM_RIGHT, 60, true, false, 12},
        {"non-compliant, no checksum", HOPS_CRAFT_NON_COMPLIANT, HOPS_CRAFT_SUM_NONE, 60, true,
         false, 12},
        {"non-compliant, wrong checksum", HOPS_CRAFT_NON_COMPLIANT, HOPS_CRAFT_SUM_WRONG, 60, false,
         false, 0},
    };

    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        uint8_t octets[ROOM];
        size_t len = datagram_of(&kinds[i], octets);
        uint8_t objects[64];
        struct wr objects_w = wr_make(objects, sizeof(objects));

        hops_craft_mpls(&objects_w, labels, 2);
        for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
            struct hops_craft_error error = {.kind = j % 2 == 0 ? HOPS_REPLY_TIME_EXCEEDED
                                                                : HOPS_REPLY_UNREACHABLE,
                                             .from = router(kinds[i].family),
                                             .ttl = 61,
                                             .quoted_len = rows[j].quoted_len,
                                             .layout = rows[j].layout,
                                             .extension_sum = rows[j].sum,
                                             .objects = objects,
                                             .objects_len = wr_len(&objects_w)};
            uint8_t made[ROOM];
            struct wr w = wr_make(made, sizeof(made));
            struct hops_reply reply;

            assert_true(hops_craft_error(octets, len, &error, &w));
            check_int(rows[j].name, parse(made, wr_len(&w), true, &reply), HOPS_PACKET_OK);
            check_int(rows[j].name, reply.extensions.present, rows[j].want_present);
            check_int(rows[j].name, reply.extensions.malformed, rows[j].want_malformed);
            check_bytes(rows[j].name, reply.extensions.octets, reply.extensions.len, objects,
                        rows[j].want_len);
            check_int(rows[j].name, parse(made, wr_len(&w), false, &reply), HOPS_PACKET_OK);
            check_int(rows[j].name, reply.extensions.present, false);
            check_int(rows[j].name, reply.quote.ttl, 5);
        }
    }
}

static void craft_echo_reply_reads_back(void **state) {
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        uint8_t octets[ROOM];
        size_t len = datagram_of(&kinds[i], octets);
        struct hops_config config = config_of(&kinds[i]);
        struct hops_addr other = router(kinds[i].family);

        for (int from_other = 0; from_other <= 1; from_other++) {
            bool possible = kinds[i].protocol == HOPS_PROTOCOL_ICMP;
            uint8_t made[ROOM];
            struct wr w = wr_make(made, sizeof(made));
            struct hops_reply reply;

            check_int(kinds[i].name,
                      hops_craft_echo_reply(octets, len, from_other ? &other : NULL, 58, &w),
                      possible);
            if (!possible) {
                continue;
            }
            check_int(kinds[i].name, wr_len(&w), len);
            check_int(kinds[i].name, parse(made, wr_len(&w), true, &reply), HOPS_PACKET_OK);
            check_int(kinds[i].name, reply.kind, HOPS_REPLY_ECHO);
            check_int(kinds[i].name, reply.icmp_type, kinds[i].family == HOPS_IPV4 ? 0 : 129);
            check_int(kinds[i].name, reply.ttl, 58);
            check_addr(kinds[i].name, &reply.responder, from_other ? &other : &config.target);
            check_addr(kinds[i].name, &reply.quote.dst, &reply.responder);
            check_addr(kinds[i].name, &reply.quote.src, &config.source);
            check_int(kinds[i].name, reply.quote.icmp_id, 0x1f2e);
            check_int(kinds[i].name, reply.quote.icmp_seq, 33500);
            check_int(kinds[i].name, reply.quote.tos, -1);
            check_int(kinds[i].name, reply.quote.ttl, -1);
        }
    }
}

static void craft_tcp_answers_read_back(void **state) {
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        uint8_t octets[ROOM];
        size_t len = datagram_of(&kinds[i], octets);
        struct hops_config config = config_of(&kinds[i]);

        for (int rst = 0; rst <= 1; rst++) {
            bool possible = kinds[i].protocol == HOPS_PROTOCOL_TCP;
            uint8_t made[ROOM];
            struct wr w = wr_make(made, sizeof(made));
            struct hops_reply reply;

            check_int(kinds[i].name,
                      rst ? hops_craft_tcp_rst(octets, len, 58, &w)
                          : hops_craft_tcp_syn_ack(octets, len, 77, 58, &w),
                      possible);
            if (!possible) {
                continue;
            }
            check_int(kinds[i].name, parse(made, wr_len(&w), true, &reply), HOPS_PACKET_OK);
            check_int(kinds[i].name, reply.kind, rst ? HOPS_REPLY_TCP_REFUSED : HOPS_REPLY_TCP);
            check_addr(kinds[i].name, &reply.responder, &config.target);
            check_addr(kinds[i].name, &reply.local, &config.source);
            check_addr(kinds[i].name, &reply.quote.dst, &config.target);
            check_int(kinds[i].name, reply.quote.src_port, 5000);
            check_int(kinds[i].name, reply.quote.dst_port, 33434);
            check_int(kinds[i].name, reply.quote.tcp_seq_known, true);
            check_int(kinds[i].name, reply.quote.tcp_seq, 0xfffffffe);
        }
    }
}

static void craft_udp_reply_reads_back(void **state) {
    static const uint8_t payload[] = {1, 2, 3};

    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        uint8_t octets[ROOM];
        size_t len = datagram_of(&kinds[i], octets);
        struct hops_config config = config_of(&kinds[i]);
        bool possible = kinds[i].protocol == HOPS_PROTOCOL_UDP;

        for (size_t n = 0; n <= sizeof(payload); n++) {
            uint8_t made[ROOM];
            struct wr w = wr_make(made, sizeof(made));
            struct hops_reply reply;

            check_int(kinds[i].name, hops_craft_udp_reply(octets, len, payload, n, 58, &w),
                      possible);
            if (!possible) {
                continue;
            }
            check_int(kinds[i].name, parse(made, wr_len(&w), true, &reply), HOPS_PACKET_OK);
            check_int(kinds[i].name, reply.kind, HOPS_REPLY_UDP);
            check_addr(kinds[i].name, &reply.responder, &config.target);
            check_int(kinds[i].name, reply.quote.src_port, 5000);
            check_int(kinds[i].name, reply.quote.dst_port, 33434);
        }
    }
}

/* Whatever is cut off a probe: an answer that reads back, or a refusal; never a crash. */
static void craft_truncated_probe_is_survived(void **state) {
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        uint8_t octets[ROOM];
        size_t len = datagram_of(&kinds[i], octets);
        size_t header = kinds[i].family == HOPS_IPV4 ? 20 : 40;
        size_t need = header + (kinds[i].protocol == HOPS_PROTOCOL_TCP ? 24 : 8);

        for (size_t n = 0; n < len; n++) {
            const uint8_t *cut = check_guarded(octets, n);
            struct hops_craft_error error = {.kind = HOPS_REPLY_TIME_EXCEEDED,
                                             .from = router(kinds[i].family),
                                             .quoted_len = SIZE_MAX,
                                             .layout = HOPS_CRAFT_COMPLIANT};
            uint8_t made[ROOM];
            struct wr w1 = wr_make(made, sizeof(made));
            struct wr w2 = wr_make(made, sizeof(made));
            struct wr w3 = wr_make(made, sizeof(made));
            struct wr w4 = wr_make(made, sizeof(made));
            bool whole = n >= need;

            check_int(kinds[i].name, hops_craft_error(cut, n, &error, &w1), n >= header);
            check_int(kinds[i].name, hops_craft_echo_reply(cut, n, NULL, 1, &w2),
                      whole && kinds[i].protocol == HOPS_PROTOCOL_ICMP);
            check_int(kinds[i].name, hops_craft_tcp_rst(cut, n, 1, &w3),
                      whole && kinds[i].protocol == HOPS_PROTOCOL_TCP);
            check_int(kinds[i].name, hops_craft_udp_reply(cut, n, NULL, 0, 1, &w4),
                      whole && kinds[i].protocol == HOPS_PROTOCOL_UDP);
        }
    }
}

static void craft_writer_too_small_is_refused(void **state) {
    static const uint8_t objects[] = {0, 4, 9, 9};

    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        uint8_t octets[ROOM];
        uint8_t made[ROOM] = {0};
        size_t len = datagram_of(&kinds[i], octets);
        struct hops_config config = config_of(&kinds[i]);
        struct hops_craft_error error = {.kind = HOPS_REPLY_TIME_EXCEEDED,
                                         .from = router(kinds[i].family),
                                         .quoted_len = SIZE_MAX,
                                         .layout = HOPS_CRAFT_COMPLIANT,
                                         .objects = objects,
                                         .objects_len = sizeof(objects)};
        struct wr whole = wr_make(made, sizeof(made));

        assert_true(hops_craft_error(octets, len, &error, &whole));
        for (size_t room = 0; room < wr_len(&whole); room++) {
            struct wr w = wr_make(check_guarded(made, room), room);

            check_int(kinds[i].name, hops_craft_error(octets, len, &error, &w), false);
        }
        for (size_t room = 0; room < len; room++) {
            struct wr w = wr_make(check_guarded(made, room), room);

            check_int(kinds[i].name, hops_craft_datagram(&config, &probe, 0, &w), false);
        }
        for (size_t room = 0; room < (kinds[i].family == HOPS_IPV4 ? 28U : 48U); room++) {
            struct wr w1 = wr_make(check_guarded(made, room), room);
            struct wr w2 = w1;
            struct wr w3 = w1;
            struct wr w4 = w1;

            assert_false(hops_craft_echo_reply(octets, len, NULL, 1, &w1));
            assert_false(hops_craft_tcp_rst(octets, len, 1, &w2));
            assert_false(hops_craft_tcp_syn_ack(octets, len, 1, 1, &w3));
            assert_false(hops_craft_udp_reply(octets, len, NULL, 0, 1, &w4));
        }
    }
}

static void craft_other_family_of_router_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        uint8_t octets[ROOM];
        uint8_t made[ROOM];
        size_t len = datagram_of(&kinds[i], octets);
        struct wr w = wr_make(made, sizeof(made));
        struct hops_craft_error error = {
            .kind = HOPS_REPLY_TIME_EXCEEDED,
            .from = router(kinds[i].family == HOPS_IPV4 ? HOPS_IPV6 : HOPS_IPV4),
            .quoted_len = SIZE_MAX};

        check_int(kinds[i].name, hops_craft_error(octets, len, &error, &w), false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(craft_datagram_is_the_probe_on_the_wire),
        cmocka_unit_test(craft_error_reads_back_for_every_probe),
        cmocka_unit_test(craft_error_keeps_to_the_longest_datagram),
        cmocka_unit_test(craft_extension_reads_back_in_every_layout),
        cmocka_unit_test(craft_echo_reply_reads_back),
        cmocka_unit_test(craft_tcp_answers_read_back),
        cmocka_unit_test(craft_udp_reply_reads_back),
        cmocka_unit_test(craft_truncated_probe_is_survived),
        cmocka_unit_test(craft_writer_too_small_is_refused),
        cmocka_unit_test(craft_other_family_of_router_is_refused),
    };

    return cmocka_run_group_tests_name("packet_craft", tests, NULL, NULL);
}
