/* SPDX-License-Identifier: MIT
 *
 * Octets that arrive: every message of both families, written out by hand so that the builders'
 * mistakes are not the parsers' too, then cut short everywhere and with every bit turned.
 */
#include "check.h"

#include <string.h>

#include <hops/addr.h>

#include "base/bytes.h"
#include "packet/checksum.h"
#include "packet/parse.h"

enum { ROOM = 4096 };

/* 203.0.113.9 -> 192.0.2.10, TTL 61 (0x3d), length and checksums filled in by the tests. */
#define IP4(proto) "45 00 00 00 00 00 00 00 3d " proto " 00 00 cb 00 71 09 c0 00 02 0a "
/* Quoted: 192.0.2.10 -> 198.51.100.20, ToS e0, id 82dc, TTL 1. */
#define QIP4(proto) "45 e0 00 54 82 dc 40 00 01 " proto " 00 00 c0 00 02 0a c6 33 64 14 "
/* Quoted: 2001:db8::a -> 2001:db8:1::14, class e0, payload length 1000, hop limit 1. */
#define QIP6(next)                                                                                 \
    "6e 00 00 00 03 e8 " next                                                                      \
    " 01 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 0a 20 01 0d b8 00 01 00 00 00 00 00 00 00 "  \
    "00 00 14 "

#define TE4    "0b 00 00 00 00 00 00 00 "
#define UN4(c) "03 " c " 00 00 00 00 00 00 "
#define TE6    "03 00 00 00 00 00 00 00 "
#define UN6(c) "01 " c " 00 00 00 00 00 00 "
#define QECHO4 "08 00 56 37 1f 2e 82 9a "
#define QECHO6 "80 00 82 63 1f 2e 82 9a "
#define QUDP   "13 88 82 9a 00 0c 7d 61 "
#define QTCP   "13 88 82 9a 01 02 03 04 "

enum quoted { NONE, ECHO, UDP, TCP, TCP_PORTS };

struct message {
    const char *name;
    const char *octets; /* IPv4: from the IP header; IPv6: from the ICMPv6 header */
    enum hops_packet_status want;
    enum hops_reply_kind kind;
    uint8_t code;
    enum quoted quoted;
};

#define OK HOPS_PACKET_OK
#define TX HOPS_REPLY_TIME_EXCEEDED
#define UR HOPS_REPLY_UNREACHABLE

static const struct message messages4[] = {
    {"echo reply", IP4("01") "00 00 00 00 1f 2e 82 9a", OK, HOPS_REPLY_ECHO, 0, NONE},
    {"echo reply, code 3", IP4("01") "00 03 00 00 1f 2e 82 9a 55 66", OK, HOPS_REPLY_ECHO, 3, NONE},
    {"time exceeded, icmp", IP4("01") TE4 QIP4("01") QECHO4, OK, TX, 0, ECHO},
    {"time exceeded, udp", IP4("01") TE4 QIP4("11") QUDP, OK, TX, 0, UDP},
    {"time exceeded, tcp", IP4("01") TE4 QIP4("06") QTCP, OK, TX, 0, TCP},
    {"time exceeded, tcp ports only", IP4("01") TE4 QIP4("06") "13 88 82 9a", OK, TX, 0, TCP_PORTS},
    {"unreachable 0, icmp", IP4("01") UN4("00") QIP4("01") QECHO4, OK, UR, 0, ECHO},
    {"unreachable 1, icmp", IP4("01") UN4("01") QIP4("01") QECHO4, OK, UR, 1, ECHO},
    {"unreachable 3, udp", IP4("01") UN4("03") QIP4("11") QUDP, OK, UR, 3, UDP},
    {"unreachable 10, tcp", IP4("01") UN4("0a") QIP4("06") QTCP, OK, UR, 10, TCP},
    {"unreachable 13, udp", IP4("01") UN4("0d") QIP4("11") QUDP, OK, UR, 13, UDP},
    {"quoted header with options",
     IP4("01") TE4 "46 e0 00 54 82 dc 40 00 01 11 00 00 c0 00 02 0a c6 33 64 14 01 01 01 00 " QUDP,
     OK, TX, 0, UDP},
    {"outer header with options",
     "46 00 00 00 00 00 00 00 3d 01 00 00 cb 00 71 09 c0 00 02 0a 94 04 00 00 " TE4 QIP4("11") QUDP,
     OK, TX, 0, UDP},
    {"quoted first fragment",
     IP4("01") TE4 "45 e0 00 54 82 dc 20 00 01 11 00 00 c0 00 02 0a c6 33 64 14 " QUDP, OK, TX, 0,
     UDP},
    {"quoted later fragment",
     IP4("01") TE4 "45 e0 00 54 82 dc 00 10 01 11 00 00 c0 00 02 0a c6 33 64 14 " QUDP,
     HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"time exceeded in reassembly", IP4("01") "0b 01 00 00 00 00 00 00 " QIP4("01") QECHO4,
     HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"echo request", IP4("01") QECHO4, HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"redirect", IP4("01") "05 00 00 00 00 00 00 00 " QIP4("01") QECHO4, HOPS_PACKET_IGNORED, TX, 0,
     NONE},
    {"quoted gre", IP4("01") TE4 QIP4("2f") QECHO4, HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"quoted icmpv6 in ipv4", IP4("01") TE4 QIP4("3a") QECHO4, HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"gre", IP4("2f") "00 00 00 00 00 00 00 00", HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"later fragment",
     "45 00 00 00 00 00 00 01 3d 01 00 00 cb 00 71 09 c0 00 02 0a 00 00 00 00 1f 2e 82 9a",
     HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"version 6",
     "65 00 00 00 00 00 00 00 3d 01 00 00 cb 00 71 09 c0 00 02 0a 00 00 00 00 1f 2e 82 9a",
     HOPS_PACKET_MALFORMED, TX, 0, NONE},
    {"header length 16",
     "44 00 00 00 00 00 00 00 3d 01 00 00 cb 00 71 09 c0 00 02 0a 00 00 00 00 1f 2e 82 9a",
     HOPS_PACKET_MALFORMED, TX, 0, NONE},
    {"header length 60 in 24 octets",
     "4f 00 00 00 00 00 00 00 3d 01 00 00 cb 00 71 09 c0 00 02 0a 00 00 00 00", HOPS_PACKET_SHORT,
     TX, 0, NONE},
    {"icmp of 7 octets", IP4("01") "00 00 00 00 1f 2e 82", HOPS_PACKET_SHORT, TX, 0, NONE},
    {"quoted ip of 19 octets",
     IP4("01") TE4 "45 e0 00 54 82 dc 40 00 01 01 00 00 c0 00 02 0a c6 33 64", HOPS_PACKET_SHORT,
     TX, 0, NONE},
    {"quoted header length beyond the quote",
     IP4("01") TE4 "4f e0 00 54 82 dc 40 00 01 11 00 00 c0 00 02 0a c6 33 64 14 " QUDP,
     HOPS_PACKET_SHORT, TX, 0, NONE},
    {"quoted header length 16",
     IP4("01") TE4 "44 e0 00 54 82 dc 40 00 01 11 00 00 c0 00 02 0a c6 33 64 14 " QUDP,
     HOPS_PACKET_MALFORMED, TX, 0, NONE},
    {"quoted version 6", IP4("01") TE4 QIP6("11") QUDP, HOPS_PACKET_MALFORMED, TX, 0, NONE},
    {"quoted udp of 7 octets", IP4("01") TE4 QIP4("11") "13 88 82 9a 00 0c 7d", HOPS_PACKET_SHORT,
     TX, 0, NONE},
    {"quoted udp length 7", IP4("01") TE4 QIP4("11") "13 88 82 9a 00 07 7d 61",
     HOPS_PACKET_MALFORMED, TX, 0, NONE},
    {"quoted icmp of 7 octets", IP4("01") TE4 QIP4("01") "08 00 56 37 1f 2e 82", HOPS_PACKET_SHORT,
     TX, 0, NONE},
    {"quoted tcp of 3 octets", IP4("01") TE4 QIP4("06") "13 88 82", HOPS_PACKET_SHORT, TX, 0, NONE},
    {"no quote", IP4("01") TE4, HOPS_PACKET_SHORT, TX, 0, NONE},
};

static const struct message messages6[] = {
    {"echo reply", "81 00 00 00 1f 2e 82 9a", OK, HOPS_REPLY_ECHO, 0, NONE},
    {"echo reply, code 3", "81 03 00 00 1f 2e 82 9a 55", OK, HOPS_REPLY_ECHO, 3, NONE},
    {"time exceeded, icmp", TE6 QIP6("3a") QECHO6, OK, TX, 0, ECHO},
    {"time exceeded, udp", TE6 QIP6("11") QUDP, OK, TX, 0, UDP},
    {"time exceeded, tcp", TE6 QIP6("06") QTCP, OK, TX, 0, TCP},
    {"time exceeded, tcp ports only", TE6 QIP6("06") "13 88 82 9a", OK, TX, 0, TCP_PORTS},
    {"unreachable 0, icmp", UN6("00") QIP6("3a") QECHO6, OK, UR, 0, ECHO},
    {"unreachable 1, icmp", UN6("01") QIP6("3a") QECHO6, OK, UR, 1, ECHO},
    {"unreachable 3, udp", UN6("03") QIP6("11") QUDP, OK, UR, 3, UDP},
    {"unreachable 4, udp", UN6("04") QIP6("11") QUDP, OK, UR, 4, UDP},
    {"unreachable 10, tcp", UN6("0a") QIP6("06") QTCP, OK, UR, 10, TCP},
    {"packet too big, udp", "02 00 00 00 00 00 05 00 " QIP6("11") QUDP, OK,
     HOPS_REPLY_PACKET_TOO_BIG, 0, UDP},
    {"hop-by-hop options", TE6 QIP6("00") "11 00 01 04 00 00 00 00 " QUDP, OK, TX, 0, UDP},
    {"routing header", TE6 QIP6("2b") "06 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 " QTCP, OK,
     TX, 0, TCP},
    {"destination options", TE6 QIP6("3c") "3a 00 01 04 00 00 00 00 " QECHO6, OK, TX, 0, ECHO},
    {"first fragment", TE6 QIP6("2c") "11 00 00 01 00 00 00 63 " QUDP, OK, TX, 0, UDP},
    {"all of them",
     TE6 QIP6("00") "2b 00 01 04 00 00 00 00 3c 00 00 00 00 00 00 00 2c 00 01 04 00 00 00 00 "
                    "11 00 00 01 00 00 00 63 " QUDP,
     OK, TX, 0, UDP},
    {"later fragment", TE6 QIP6("2c") "11 00 00 09 00 00 00 63 " QUDP, HOPS_PACKET_IGNORED, TX, 0,
     NONE},
    {"options cut", TE6 QIP6("00") "11 01 01 04 00 00 00 00 " QUDP, HOPS_PACKET_SHORT, TX, 0, NONE},
    {"fragment header cut", TE6 QIP6("2c") "11 00 00 01 00 00 00", HOPS_PACKET_SHORT, TX, 0, NONE},
    {"encrypted", TE6 QIP6("32") QUDP, HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"quoted icmpv4 in ipv6", TE6 QIP6("01") QECHO4, HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"nothing follows", TE6 QIP6("3b"), HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"time exceeded in reassembly", "03 01 00 00 00 00 00 00 " QIP6("3a") QECHO6,
     HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"parameter problem", "04 00 00 00 00 00 00 06 " QIP6("3a") QECHO6, HOPS_PACKET_IGNORED, TX, 0,
     NONE},
    {"echo request", QECHO6, HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"neighbour advertisement", "88 00 00 00 00 00 00 00", HOPS_PACKET_IGNORED, TX, 0, NONE},
    {"icmp of 7 octets", "81 00 00 00 1f 2e 82", HOPS_PACKET_SHORT, TX, 0, NONE},
    {"quoted ip of 39 octets",
     TE6 "6e 00 00 00 03 e8 11 01 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 0a 20 01 0d b8 00 "
         "01 00 00 00 00 00 00 00 00 00",
     HOPS_PACKET_SHORT, TX, 0, NONE},
    {"quoted version 4", TE6 QIP4("11") QUDP QUDP QUDP QUDP, HOPS_PACKET_MALFORMED, TX, 0, NONE},
    {"quoted udp of 7 octets", TE6 QIP6("11") "13 88 82 9a 00 0c 7d", HOPS_PACKET_SHORT, TX, 0,
     NONE},
    {"quoted udp length 7", TE6 QIP6("11") "13 88 82 9a 00 07 7d 61", HOPS_PACKET_MALFORMED, TX, 0,
     NONE},
    {"quoted tcp of 3 octets", TE6 QIP6("06") "13 88 82", HOPS_PACKET_SHORT, TX, 0, NONE},
    {"quoted payload length 7",
     TE6 "6e 00 00 00 00 07 11 01 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 0a 20 01 0d b8 00 "
         "01 00 00 00 00 00 00 00 00 00 14 " QUDP,
     HOPS_PACKET_SHORT, TX, 0, NONE},
};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct hops_addr addr(const char *text) {
    struct hops_addr out = {.family = HOPS_FAMILY_NONE};

    assert_true(hops_addr_parse(text, &out));
    return out;
}

static void check_addr(const char *row, const struct hops_addr *got, const char *want) {
    char text[HOPS_ADDR_TEXT_MAX];

    check_str(row, hops_addr_format(got, text), want);
}

/* Total length and ICMP checksum of an IPv4 datagram; a header that lies about itself stays. */
static void complete4(uint8_t *octets, size_t len) {
    size_t at = (size_t)(octets[0] & 0x0f) * 4;

    put_be16(octets + 2, (uint16_t)len);
    if (octets[9] == 1 && at >= 20 && len >= at + 8) {
        put_be16(octets + at + 2, 0);
        put_be16(octets + at + 2, hops_checksum(octets + at, len - at));
    }
}

static size_t load4(const char *hex, uint8_t out[ROOM]) {
    size_t len = check_hex(hex, out, ROOM);

    complete4(out, len);
    return len;
}

static void complete_transport(uint8_t *octets, size_t len, size_t at, uint8_t protocol,
                               const struct hops_addr *from, const struct hops_addr *to) {
    uint64_t sum;

    put_be16(octets + at, 0);
    sum = hops_checksum_pseudo(from, to, protocol, len);
    put_be16(octets + at, hops_checksum_finish_udp(hops_checksum_add(sum, octets, len)));
}

static enum hops_packet_status parse6(const uint8_t *octets, size_t len, bool extensions,
                                      struct hops_reply *out) {
    struct hops_addr from = addr("2001:db8:9::9");

    return hops_packet_parse_icmp6(check_guarded(octets, len), len, &from, NULL, 59, extensions,
                                   out);
}

static enum hops_packet_status parse4(const uint8_t *octets, size_t len, bool extensions,
                                      struct hops_reply *out) {
    return hops_packet_parse_ipv4(check_guarded(octets, len), len, extensions, out);
}

static void check_quoted(const char *row, const struct hops_quote *quote, enum quoted quoted,
                         bool ipv6) {
    if (quoted == NONE) {
        return;
    }
    check_addr(row, &quote->src, ipv6 ? "2001:db8::a" : "192.0.2.10");
    check_addr(row, &quote->dst, ipv6 ? "2001:db8:1::14" : "198.51.100.20");
    check_int(row, quote->tos, 0xe0);
    check_int(row, quote->ttl, 1);
    check_int(row, quote->ip_id, ipv6 ? 0 : 0x82dc);
    if (quoted == ECHO) {
        check_int(row, quote->protocol, HOPS_PROTOCOL_ICMP);
        check_int(row, quote->icmp_type, ipv6 ? 128 : 8);
        check_int(row, quote->icmp_id, 0x1f2e);
        check_int(row, quote->icmp_seq, 0x829a);
        return;
    }
    check_int(row, quote->src_port, 5000);
    check_int(row, quote->dst_port, 33434);
    if (quoted == UDP) {
        check_int(row, quote->protocol, HOPS_PROTOCOL_UDP);
        check_int(row, quote->udp_len, 12);
        check_int(row, quote->udp_checksum, 0x7d61);
        check_int(row, quote->udp_magic, false);
        return;
    }
    check_int(row, quote->protocol, HOPS_PROTOCOL_TCP);
    check_int(row, quote->tcp_seq_known, quoted == TCP);
    check_int(row, quote->tcp_seq, quoted == TCP ? 0x01020304 : 0);
}

static void check_message(const struct message *m, const struct hops_reply *reply, bool ipv6) {
    check_int(m->name, reply->kind, m->kind);
    check_int(m->name, reply->icmp_code, m->code);
    check_int(m->name, reply->ttl, ipv6 ? 59 : 61);
    check_addr(m->name, &reply->responder, ipv6 ? "2001:db8:9::9" : "203.0.113.9");
    check_addr(m->name, &reply->local, ipv6 ? "" : "192.0.2.10");
    check_int(m->name, reply->extensions.present, false);
    check_int(m->name, reply->when, 0);
    check_int(m->name, reply->known_probe, false);
    check_quoted(m->name, &reply->quote, m->quoted, ipv6);
    if (m->kind == HOPS_REPLY_ECHO) {
        check_int(m->name, reply->quote.protocol, HOPS_PROTOCOL_ICMP);
        check_int(m->name, reply->quote.icmp_id, 0x1f2e);
        check_int(m->name, reply->quote.icmp_seq, 0x829a);
        check_int(m->name, reply->quote.tos, -1);
        check_int(m->name, reply->quote.ttl, -1);
        check_addr(m->name, &reply->quote.dst, ipv6 ? "2001:db8:9::9" : "203.0.113.9");
    }
}

static void parse_ipv4_every_message_is_told_apart(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(messages4); i++) {
        for (int extensions = 0; extensions <= 1; extensions++) {
            uint8_t octets[ROOM];
            size_t len = load4(messages4[i].octets, octets);
            struct hops_reply reply;

            check_int(messages4[i].name, parse4(octets, len, extensions != 0, &reply),
                      messages4[i].want);
            if (messages4[i].want == OK) {
                check_message(&messages4[i], &reply, false);
            }
        }
    }
}

static void parse_icmp6_every_message_is_told_apart(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(messages6); i++) {
        for (int extensions = 0; extensions <= 1; extensions++) {
            uint8_t octets[ROOM];
            size_t len = check_hex(messages6[i].octets, octets, sizeof(octets));
            struct hops_reply reply;

            check_int(messages6[i].name, parse6(octets, len, extensions != 0, &reply),
                      messages6[i].want);
            if (messages6[i].want == OK) {
                check_message(&messages6[i], &reply, true);
            }
        }
    }
}

/* A refusal leaves the result as it was. */
static void check_untouched(const char *row, enum hops_packet_status status,
                            const struct hops_reply *reply) {
    static const uint8_t marker[sizeof(struct hops_reply)] = {0};

    if (status != HOPS_PACKET_OK) {
        /* octets, not values: padding must be untouched, too */
        check_int(row, memcmp((const void *)reply, marker, sizeof(marker)), 0);
    }
}

static void parse_ipv4_truncated_anywhere_is_survived(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(messages4); i++) {
        uint8_t whole[ROOM];
        size_t len = load4(messages4[i].octets, whole);

        for (size_t n = 0; n < len; n++) {
            uint8_t octets[ROOM];
            struct hops_reply reply;
            enum hops_packet_status status;

            /* As it is cut by a buffer: the claimed length is longer. */
            memset(&reply, 0, sizeof(reply));
            status = parse4(whole, n, true, &reply);
            check_int(messages4[i].name, status != HOPS_PACKET_OK, true);
            check_untouched(messages4[i].name, status, &reply);
            if (n < 20) {
                check_int(messages4[i].name, status, HOPS_PACKET_SHORT);
                continue;
            }
            /* As it was sent: lengths and checksum are right. */
            memcpy(octets, whole, n);
            complete4(octets, n);
            memset(&reply, 0, sizeof(reply));
            status = parse4(octets, n, true, &reply);
            check_untouched(messages4[i].name, status, &reply);
        }
    }
}

static void parse_icmp6_truncated_anywhere_is_survived(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(messages6); i++) {
        uint8_t octets[ROOM];
        size_t len = check_hex(messages6[i].octets, octets, sizeof(octets));

        for (size_t n = 0; n < len; n++) {
            struct hops_reply reply;
            enum hops_packet_status status;

            memset(&reply, 0, sizeof(reply));
            status = parse6(octets, n, true, &reply);
            check_untouched(messages6[i].name, status, &reply);
            if (n < 8) {
                check_int(messages6[i].name, status, HOPS_PACKET_SHORT);
            }
        }
    }
}

/* One bit wrong: the ICMP checksum notices, and what it does not cover is survived. */
static void parse_flipped_bit_is_noticed_or_survived(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(messages4); i++) {
        uint8_t octets[ROOM];
        size_t len = load4(messages4[i].octets, octets);

        for (size_t bit = 0; bit < len * 8; bit++) {
            struct hops_reply reply;
            enum hops_packet_status status;

            octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
            memset(&reply, 0, sizeof(reply));
            status = parse4(octets, len, true, &reply);
            check_untouched(messages4[i].name, status, &reply);
            if (bit / 8 >= 24 && messages4[i].want == OK) {
                check_int(messages4[i].name, status, HOPS_PACKET_CHECKSUM);
            }
            octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
    for (size_t i = 0; i < COUNT(messages6); i++) {
        uint8_t octets[ROOM];
        size_t len = check_hex(messages6[i].octets, octets, sizeof(octets));

        for (size_t bit = 0; bit < len * 8; bit++) {
            struct hops_reply reply;

            octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
            memset(&reply, 0, sizeof(reply));
            check_untouched(messages6[i].name, parse6(octets, len, true, &reply), &reply);
            octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
}

static void parse_ipv4_total_length_bounds_the_datagram(void **state) {
    static const struct {
        const char *name;
        uint16_t claimed;
        enum hops_packet_status want;
    } rows[] = {
        {"right", 28, HOPS_PACKET_OK},
        {"octets behind it", 28, HOPS_PACKET_OK},
        {"longer than the buffer", 33, HOPS_PACKET_SHORT},
        {"shorter than its header", 19, HOPS_PACKET_MALFORMED},
        {"nothing", 0, HOPS_PACKET_MALFORMED},
        {"header only", 20, HOPS_PACKET_SHORT},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t octets[ROOM] = {0};
        size_t len = load4(messages4[0].octets, octets);
        struct hops_reply reply;

        octets[len] = 0xee;
        put_be16(octets + 2, rows[i].claimed);
        check_int(rows[i].name, parse4(octets, i == 0 ? len : len + 4, true, &reply), rows[i].want);
    }
}

static void parse_icmp6_checksum_counts_if_the_destination_is_known(void **state) {
    struct hops_addr from = addr("2001:db8:9::9");
    struct hops_addr to = addr("2001:db8::a");
    struct hops_addr none = {.family = HOPS_FAMILY_NONE};
    struct hops_reply reply;
    uint8_t octets[ROOM];
    size_t len = check_hex(messages6[3].octets, octets, sizeof(octets));

    (void)state;
    complete_transport(octets, len, 2, 58, &from, &to);
    assert_int_equal(hops_packet_parse_icmp6(octets, len, &from, &to, 59, true, &reply), OK);
    assert_true(hops_addr_equal(&reply.local, &to));
    octets[len - 1] ^= 1;
    assert_int_equal(hops_packet_parse_icmp6(octets, len, &from, &to, 59, true, &reply),
                     HOPS_PACKET_CHECKSUM);
    assert_int_equal(hops_packet_parse_icmp6(octets, len, &from, NULL, 59, true, &reply), OK);
    assert_int_equal(hops_packet_parse_icmp6(octets, len, &from, &none, -1, true, &reply), OK);
    assert_int_equal(reply.ttl, -1);
    assert_int_equal(reply.local.family, HOPS_FAMILY_NONE);
}

static void parse_mtu_is_told_by_its_messages_only(void **state) {
    static const struct {
        const char *name;
        bool ipv6;
        const char *octets;
        uint16_t want;
    } rows[] = {
        {"fragmentation needed", false, IP4("01") "03 04 00 00 00 00 05 78 " QIP4("11") QUDP, 1400},
        {"fragmentation needed, old router", false,
         IP4("01") "03 04 00 00 00 00 00 00 " QIP4("11") QUDP, 0},
        {"port unreachable", false, IP4("01") "03 03 00 00 00 00 05 78 " QIP4("11") QUDP, 0},
        {"time exceeded", false, IP4("01") "0b 00 00 00 00 00 05 78 " QIP4("11") QUDP, 0},
        {"packet too big", true, "02 00 00 00 00 00 05 00 " QIP6("11") QUDP, 1280},
        {"packet too big, 65535", true, "02 00 00 00 00 00 ff ff " QIP6("11") QUDP, 65535},
        {"packet too big, jumbo", true, "02 00 00 00 00 01 00 00 " QIP6("11") QUDP, 65535},
        {"unreachable, IPv6", true, "01 00 00 00 00 00 05 00 " QIP6("11") QUDP, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t octets[ROOM];
        size_t len = rows[i].ipv6 ? check_hex(rows[i].octets, octets, sizeof(octets))
                                  : load4(rows[i].octets, octets);
        struct hops_reply reply;

        check_int(rows[i].name,
                  rows[i].ipv6 ? parse6(octets, len, true, &reply)
                               : parse4(octets, len, true, &reply),
                  HOPS_PACKET_OK);
        check_int(rows[i].name, reply.mtu, rows[i].want);
    }
}

static void parse_quoted_udp_length_may_exceed_the_quote(void **state) {
    uint8_t octets[ROOM] = {0};
    size_t len = check_hex(IP4("01") TE4 QIP4("11") "13 88 82 9a 08 00 7d 61", octets, 200);
    struct hops_reply reply;

    (void)state;
    len += 64 - 28;
    complete4(octets, len);
    assert_int_equal(parse4(octets, len, false, &reply), HOPS_PACKET_OK);
    assert_int_equal(reply.quote.udp_len, 2048);
}

static void parse_quoted_magic_needs_its_octets_and_its_length(void **state) {
    static const struct {
        const char *name;
        const char *udp;
        bool want;
    } rows[] = {
        {"magic and five octets", "13 88 82 9a 00 13 7d 61 68 6f 70 73 36 21 00 00 00 00 00", true},
        {"magic alone", "13 88 82 9a 00 0e 7d 61 68 6f 70 73 36 21", true},
        {"claimed length too short", "13 88 82 9a 00 0d 7d 61 68 6f 70 73 36 21", false},
        {"quote too short", "13 88 82 9a 00 0e 7d 61 68 6f 70 73 36", false},
        {"other octets", "13 88 82 9a 00 0e 7d 61 68 6f 70 73 36 20", false},
        {"no payload", "13 88 82 9a 00 08 7d 61", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t octets[ROOM];
        size_t len = check_hex(TE6 QIP6("11"), octets, sizeof(octets));
        struct hops_reply reply;

        len += check_hex(rows[i].udp, octets + len, sizeof(octets) - len);
        check_int(rows[i].name, parse6(octets, len, false, &reply), HOPS_PACKET_OK);
        check_int(rows[i].name, reply.quote.udp_magic, rows[i].want);
    }
}

/* MPLS behind a quote of 128 octets, in both families, announced or not. */
static void parse_extensions_are_kept_if_wanted(void **state) {
    static const char structure[] = "20 00 93 17 00 0c 01 01 05 dc 10 01 00 00 35 fe";
    static const struct {
        const char *name;
        const char *head;
        bool ipv6;
        bool want;
    } rows[] = {
        {"announced", IP4("01") "0b 00 00 00 00 20 00 00 " QIP4("11") QUDP, false, true},
        {"not announced", IP4("01") "0b 00 00 00 00 00 00 00 " QIP4("11") QUDP, false, true},
        {"announced short quote", IP4("01") "0b 00 00 00 00 07 00 00 " QIP4("11") QUDP, false,
         true},
        {"lying length", IP4("01") "0b 00 00 00 00 ff 00 00 " QIP4("11") QUDP, false, false},
        {"unreachable", IP4("01") "03 03 00 00 00 20 00 00 " QIP4("11") QUDP, false, true},
        {"announced, IPv6", "03 00 00 00 10 00 00 00 " QIP6("11") QUDP, true, true},
        {"not announced, IPv6", "03 00 00 00 00 00 00 00 " QIP6("11") QUDP, true, true},
        {"unreachable, IPv6", "01 04 00 00 10 00 00 00 " QIP6("11") QUDP, true, true},
        {"packet too big has none", "02 00 00 00 00 00 05 dc " QIP6("11") QUDP, true, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int extensions = 0; extensions <= 1; extensions++) {
            uint8_t octets[ROOM] = {0};
            size_t at = (rows[i].ipv6 ? 8 : 28) + 128;
            size_t len;
            struct hops_reply reply;
            bool want = rows[i].want && extensions != 0;

            (void)check_hex(rows[i].head, octets, sizeof(octets));
            len = at + check_hex(structure, octets + at, sizeof(octets) - at);
            if (!rows[i].ipv6) {
                complete4(octets, len);
            }
            check_int(rows[i].name,
                      rows[i].ipv6 ? parse6(octets, len, extensions != 0, &reply)
                                   : parse4(octets, len, extensions != 0, &reply),
                      HOPS_PACKET_OK);
            check_int(rows[i].name, reply.extensions.present, want);
            check_int(rows[i].name, reply.extensions.len, want ? 12 : 0);
            check_int(rows[i].name, reply.extensions.malformed, false);
            check_quoted(rows[i].name, &reply.quote, UDP, rows[i].ipv6);
        }
    }
}

/* A quote of a long probe with a pattern that looks like version 2 has no phantom objects. */
static void parse_long_quote_with_pattern_has_no_extensions(void **state) {
    (void)state;
    for (unsigned pattern = 0; pattern <= 0xff; pattern++) {
        for (size_t len = 60; len <= 1000; len += 7) {
            uint8_t octets[ROOM];
            size_t head = check_hex(IP4("01") TE4 QIP4("11") QUDP, octets, sizeof(octets));
            struct hops_reply reply;

            memset(octets + head, (int)pattern, len - head);
            complete4(octets, len);
            assert_int_equal(hops_packet_parse_ipv4(octets, len, true, &reply), HOPS_PACKET_OK);
            assert_false(reply.extensions.present);
        }
    }
}

struct segment {
    const char *name;
    const char *octets;
    enum hops_packet_status want;
    enum hops_reply_kind kind;
    bool want_seq;
};

#define TCP_PORTS_SEQ_ACK "00 50 82 9a 00 00 00 05 01 02 03 05 "

static const struct segment segments[] = {
    {"syn-ack", TCP_PORTS_SEQ_ACK "50 12 ff ff 00 00 00 00", OK, HOPS_REPLY_TCP, true},
    {"syn-ack with options", TCP_PORTS_SEQ_ACK "60 12 ff ff 00 00 00 00 02 04 05 b4", OK,
     HOPS_REPLY_TCP, true},
    {"syn-ack with ece", TCP_PORTS_SEQ_ACK "50 52 ff ff 00 00 00 00", OK, HOPS_REPLY_TCP, true},
    {"rst-ack", TCP_PORTS_SEQ_ACK "50 14 00 00 00 00 00 00", OK, HOPS_REPLY_TCP_REFUSED, true},
    {"rst without ack", TCP_PORTS_SEQ_ACK "50 04 00 00 00 00 00 00", HOPS_PACKET_IGNORED,
     HOPS_REPLY_TCP, false},
    {"syn", TCP_PORTS_SEQ_ACK "50 02 ff ff 00 00 00 00", HOPS_PACKET_IGNORED, HOPS_REPLY_TCP,
     false},
    {"ack", TCP_PORTS_SEQ_ACK "50 10 ff ff 00 00 00 00 aa", HOPS_PACKET_IGNORED, HOPS_REPLY_TCP,
     false},
    {"fin-ack", TCP_PORTS_SEQ_ACK "50 11 ff ff 00 00 00 00", HOPS_PACKET_IGNORED, HOPS_REPLY_TCP,
     false},
    {"header length 16", TCP_PORTS_SEQ_ACK "40 12 ff ff 00 00 00 00", HOPS_PACKET_MALFORMED,
     HOPS_REPLY_TCP, false},
    {"options cut", TCP_PORTS_SEQ_ACK "60 12 ff ff 00 00 00 00 02 04 05", HOPS_PACKET_SHORT,
     HOPS_REPLY_TCP, false},
};

static void parse_tcp_segments_are_told_apart(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(segments); i++) {
        static const char *const pairs[2][2] = {{"198.51.100.20", "192.0.2.10"},
                                                {"2001:db8:1::14", "2001:db8::a"}};

        for (size_t f = 0; f < 2; f++) {
            struct hops_addr from = addr(pairs[f][0]);
            struct hops_addr to = addr(pairs[f][1]);
            uint8_t octets[ROOM];
            size_t len = check_hex(segments[i].octets, octets, sizeof(octets));
            struct hops_reply reply;

            complete_transport(octets, len, 16, 6, &from, &to);
            check_int(
                segments[i].name,
                hops_packet_parse_tcp(check_guarded(octets, len), len, &from, &to, 55, &reply),
                segments[i].want);
            if (segments[i].want != OK) {
                continue;
            }
            check_int(segments[i].name, reply.kind, segments[i].kind);
            check_int(segments[i].name, reply.ttl, 55);
            check_addr(segments[i].name, &reply.responder, pairs[f][0]);
            check_addr(segments[i].name, &reply.quote.dst, pairs[f][0]);
            check_addr(segments[i].name, &reply.quote.src, pairs[f][1]);
            check_int(segments[i].name, reply.quote.protocol, HOPS_PROTOCOL_TCP);
            check_int(segments[i].name, reply.quote.src_port, 33434);
            check_int(segments[i].name, reply.quote.dst_port, 80);
            check_int(segments[i].name, reply.quote.tcp_seq_known, segments[i].want_seq);
            check_int(segments[i].name, reply.quote.tcp_seq, segments[i].want_seq ? 0x01020304 : 0);

            for (size_t n = 0; n < len; n++) {
                enum hops_packet_status status =
                    hops_packet_parse_tcp(check_guarded(octets, n), n, &from, &to, 55, &reply);

                check_int(segments[i].name, status == HOPS_PACKET_SHORT, true);
            }
            for (size_t bit = 0; bit < len * 8; bit++) {
                octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
                check_int(segments[i].name,
                          hops_packet_parse_tcp(octets, len, &from, &to, 55, &reply) != OK, true);
                octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
            }
        }
    }
}

/* Between guest and host the checksum may be left to a device that does not exist. */
static void parse_transport_checksum_left_to_a_device_passes(void **state) {
    struct hops_addr from = addr("198.51.100.20");
    struct hops_addr to = addr("192.0.2.10");
    uint8_t tcp[ROOM];
    size_t tcp_len = check_hex(segments[0].octets, tcp, sizeof(tcp));
    uint8_t udp[] = {0x82, 0x9a, 0x13, 0x88, 0, 10, 0, 0, 7, 7};
    struct hops_reply reply;

    (void)state;
    put_be16(tcp + 16, hops_checksum_fold(hops_checksum_pseudo(&from, &to, 6, tcp_len)));
    put_be16(udp + 6, hops_checksum_fold(hops_checksum_pseudo(&from, &to, 17, sizeof(udp))));
    assert_int_equal(hops_packet_parse_tcp(tcp, tcp_len, &from, &to, -1, &reply), OK);
    assert_int_equal(hops_packet_parse_udp(udp, sizeof(udp), &from, &to, -1, &reply), OK);
    tcp[16] ^= 1;
    udp[6] ^= 1;
    assert_int_equal(hops_packet_parse_tcp(tcp, tcp_len, &from, &to, -1, &reply),
                     HOPS_PACKET_CHECKSUM);
    assert_int_equal(hops_packet_parse_udp(udp, sizeof(udp), &from, &to, -1, &reply),
                     HOPS_PACKET_CHECKSUM);
    /* Without both addresses there is nothing to check against. */
    assert_int_equal(hops_packet_parse_tcp(tcp, tcp_len, &from, NULL, -1, &reply), OK);
    assert_int_equal(hops_packet_parse_udp(udp, sizeof(udp), &from, NULL, -1, &reply), OK);
}

static void parse_udp_datagrams_are_checked(void **state) {
    static const struct {
        const char *name;
        const char *octets;
        bool complete; /* with a right checksum */
        enum hops_packet_status want4, want6;
    } rows[] = {
        {"empty", "82 9a 13 88 00 08 00 00", true, OK, OK},
        {"payload", "82 9a 13 88 00 0b 00 00 01 02 03", true, OK, OK},
        {"no checksum", "82 9a 13 88 00 08 00 00", false, OK, HOPS_PACKET_CHECKSUM},
        {"wrong checksum", "82 9a 13 88 00 08 12 34", false, HOPS_PACKET_CHECKSUM,
         HOPS_PACKET_CHECKSUM},
        {"length 7", "82 9a 13 88 00 07 12 34", false, HOPS_PACKET_MALFORMED,
         HOPS_PACKET_MALFORMED},
        {"length 0", "82 9a 13 88 00 00 12 34", false, HOPS_PACKET_MALFORMED,
         HOPS_PACKET_MALFORMED},
        {"length beyond the end", "82 9a 13 88 00 09 12 34", false, HOPS_PACKET_SHORT,
         HOPS_PACKET_SHORT},
        {"seven octets", "82 9a 13 88 00 08 12", false, HOPS_PACKET_SHORT, HOPS_PACKET_SHORT},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        static const char *const pairs[2][2] = {{"198.51.100.20", "192.0.2.10"},
                                                {"2001:db8:1::14", "2001:db8::a"}};

        for (size_t f = 0; f < 2; f++) {
            struct hops_addr from = addr(pairs[f][0]);
            struct hops_addr to = addr(pairs[f][1]);
            enum hops_packet_status want = f == 0 ? rows[i].want4 : rows[i].want6;
            uint8_t octets[ROOM];
            size_t len = check_hex(rows[i].octets, octets, sizeof(octets));
            struct hops_reply reply;

            if (rows[i].complete) {
                complete_transport(octets, len, 6, 17, &from, &to);
            }
            check_int(
                rows[i].name,
                hops_packet_parse_udp(check_guarded(octets, len), len, &from, &to, 55, &reply),
                want);
            if (want != OK) {
                continue;
            }
            check_int(rows[i].name, reply.kind, HOPS_REPLY_UDP);
            check_int(rows[i].name, reply.quote.protocol, HOPS_PROTOCOL_UDP);
            check_int(rows[i].name, reply.quote.src_port, 5000);
            check_int(rows[i].name, reply.quote.dst_port, 33434);
            check_int(rows[i].name, reply.quote.udp_len, 8);
            check_addr(rows[i].name, &reply.quote.dst, pairs[f][0]);
            for (size_t n = 0; n < len; n++) {
                check_int(
                    rows[i].name,
                    hops_packet_parse_udp(check_guarded(octets, n), n, &from, &to, 55, &reply),
                    HOPS_PACKET_SHORT);
            }
        }
    }
}

static void parse_ipv4_hands_tcp_and_udp_on(void **state) {
    struct hops_addr from = addr("203.0.113.9");
    struct hops_addr to = addr("192.0.2.10");
    uint8_t octets[ROOM];
    size_t len;
    struct hops_reply reply;

    (void)state;
    len = check_hex(IP4("06") TCP_PORTS_SEQ_ACK "50 12 ff ff 00 00 00 00", octets, sizeof(octets));
    complete4(octets, len);
    complete_transport(octets + 20, len - 20, 16, 6, &from, &to);
    assert_int_equal(parse4(octets, len, true, &reply), OK);
    assert_int_equal(reply.kind, HOPS_REPLY_TCP);
    assert_int_equal(reply.ttl, 61);
    octets[36] ^= 1;
    assert_int_equal(parse4(octets, len, true, &reply), HOPS_PACKET_CHECKSUM);

    len = check_hex(IP4("11") "82 9a 13 88 00 08 00 00", octets, sizeof(octets));
    complete4(octets, len);
    assert_int_equal(parse4(octets, len, true, &reply), OK);
    assert_int_equal(reply.kind, HOPS_REPLY_UDP);
    assert_int_equal(reply.quote.dst_port, 33434);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_ipv4_every_message_is_told_apart),
        cmocka_unit_test(parse_icmp6_every_message_is_told_apart),
        cmocka_unit_test(parse_ipv4_truncated_anywhere_is_survived),
        cmocka_unit_test(parse_icmp6_truncated_anywhere_is_survived),
        cmocka_unit_test(parse_flipped_bit_is_noticed_or_survived),
        cmocka_unit_test(parse_ipv4_total_length_bounds_the_datagram),
        cmocka_unit_test(parse_icmp6_checksum_counts_if_the_destination_is_known),
        cmocka_unit_test(parse_mtu_is_told_by_its_messages_only),
        cmocka_unit_test(parse_quoted_udp_length_may_exceed_the_quote),
        cmocka_unit_test(parse_quoted_magic_needs_its_octets_and_its_length),
        cmocka_unit_test(parse_extensions_are_kept_if_wanted),
        cmocka_unit_test(parse_long_quote_with_pattern_has_no_extensions),
        cmocka_unit_test(parse_tcp_segments_are_told_apart),
        cmocka_unit_test(parse_transport_checksum_left_to_a_device_passes),
        cmocka_unit_test(parse_udp_datagrams_are_checked),
        cmocka_unit_test(parse_ipv4_hands_tcp_and_udp_on),
    };

    return cmocka_run_group_tests_name("packet_parse", tests, NULL, NULL);
}
