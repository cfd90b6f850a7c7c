/* SPDX-License-Identifier: MIT
 *
 * Puts the readers of the single headers together. Nothing here looks at octets by itself, and
 * nothing is written to the result before everything has been read.
 */
#include "packet/parse.h"

#include "packet/checksum.h"
#include "packet/extension.h"
#include "packet/icmp.h"
#include "packet/ipv4.h"
#include "packet/quote.h"
#include "packet/tcp.h"
#include "packet/udp.h"

/* What the IP layer knew about a message. */
struct envelope {
    enum hops_family family;
    const struct hops_addr *from;
    const struct hops_addr *to; /* NULL if not known */
    int16_t ttl;
};

static struct hops_reply reply_make(enum hops_reply_kind kind, const struct envelope *envelope,
                                    enum hops_protocol protocol) {
    struct hops_reply reply;

    memset(&reply, 0, sizeof(reply));
    reply.kind = kind;
    reply.responder = *envelope->from;
    if (envelope->to != NULL) {
        reply.local = *envelope->to;
    }
    reply.ttl = envelope->ttl;
    reply.quote = hops_quote_unknown(protocol);
    return reply;
}

/* The reply's own fields, turned round: what it is an answer to went from local to responder. */
static void turn_round(struct hops_reply *reply) {
    reply->quote.src = reply->local;
    reply->quote.dst = reply->responder;
}

static bool has_family(const struct hops_addr *addr) {
    return addr != NULL && addr->family != HOPS_FAMILY_NONE;
}

/* Right, or not yet computed: between hosts and guests of one machine, kernels leave the transport
 * checksum to a device that never comes, and raw sockets see the field with only the pseudo header
 * in it (Linux: CHECKSUM_PARTIAL on lo, veth and virtio). */
static bool transport_checksum_ok(const struct envelope *envelope, uint8_t protocol,
                                  const uint8_t *data, size_t len, uint16_t field) {
    uint64_t pseudo;

    if (!has_family(envelope->from) || !has_family(envelope->to)) {
        return true;
    }
    pseudo = hops_checksum_pseudo(envelope->from, envelope->to, protocol, len);
    return hops_checksum_fold(hops_checksum_add(pseudo, data, len)) == 0xffff ||
           hops_checksum_fold(pseudo) == field;
}

/* Splits what follows the ICMP header, reads the quote and keeps the extensions if wanted. */
static enum hops_packet_status read_error(const struct hops_icmp *icmp, struct rd *r,
                                          enum hops_family family, bool extensions,
                                          struct hops_reply *reply) {
    const uint8_t *data = r->p;
    size_t len = rd_left(r);
    struct hops_extension_split split = {.quoted_len = len};

    /* Packet too big has no length attribute: its MTU lies there (RFC 4443 3.2). Without interest
     * in extensions a time exceeded is quote to its end. */
    if (reply->kind == HOPS_REPLY_UNREACHABLE ||
        (reply->kind == HOPS_REPLY_TIME_EXCEEDED && extensions)) {
        hops_extension_split(len, hops_icmp_quoted_len(family, icmp), &split);
    }
    if (split.extension_len > 0 && !split.announced) {
        struct hops_extensions found;

        if (!hops_extension_read_unannounced(data + split.extension_at, split.extension_len,
                                             &found)) {
            split.quoted_len = len;
        } else if (extensions) {
            reply->extensions = found;
        }
    } else if (split.extension_len > 0 && extensions) {
        hops_extension_read(data + split.extension_at, split.extension_len, &reply->extensions);
    }
    reply->mtu = hops_icmp_mtu(family, icmp);
    return hops_quote_read(family, data, split.quoted_len, &reply->quote);
}

/* An ICMP message whose checksum has been dealt with. */
static enum hops_packet_status read_icmp(const struct envelope *envelope, const uint8_t *data,
                                         size_t len, bool extensions, struct hops_reply *out) {
    struct rd r = rd_make(data, len);
    struct hops_icmp icmp;
    struct hops_reply reply;
    enum hops_reply_kind kind;
    enum hops_packet_status status = hops_icmp_read(&r, &icmp);

    if (status != HOPS_PACKET_OK) {
        return status;
    }
    if (!hops_icmp_kind(envelope->family, &icmp, &kind)) {
        return HOPS_PACKET_IGNORED;
    }
    reply = reply_make(kind, envelope, HOPS_PROTOCOL_ICMP);
    reply.icmp_type = icmp.type;
    reply.icmp_code = icmp.code;
    if (kind == HOPS_REPLY_ECHO) {
        turn_round(&reply);
        reply.quote.icmp_type = hops_icmp_echo_request_type(envelope->family);
        reply.quote.icmp_id = hops_icmp_echo_id(&icmp);
        reply.quote.icmp_seq = hops_icmp_echo_seq(&icmp);
    } else {
        status = read_error(&icmp, &r, envelope->family, extensions, &reply);
        if (status != HOPS_PACKET_OK) {
            return status;
        }
    }
    *out = reply;
    return HOPS_PACKET_OK;
}

static enum hops_packet_status read_tcp(const struct envelope *envelope, const uint8_t *data,
                                        size_t len, struct hops_reply *out) {
    struct rd r = rd_make(data, len);
    struct hops_tcp tcp;
    struct hops_reply reply;
    enum hops_reply_kind kind;
    enum hops_packet_status status = hops_tcp_read(&r, &tcp);

    if (status != HOPS_PACKET_OK) {
        return status;
    }
    if (!transport_checksum_ok(envelope, HOPS_IPPROTO_TCP, data, len, tcp.checksum)) {
        return HOPS_PACKET_CHECKSUM;
    }
    if ((tcp.flags & HOPS_TCP_RST) != 0) {
        kind = HOPS_REPLY_TCP_REFUSED;
    } else if ((tcp.flags & (HOPS_TCP_SYN | HOPS_TCP_ACK)) == (HOPS_TCP_SYN | HOPS_TCP_ACK)) {
        kind = HOPS_REPLY_TCP;
    } else {
        return HOPS_PACKET_IGNORED;
    }
    /* Whoever answers a SYN acknowledges it (RFC 9293 3.10.7.1); a reset that does not can be made
     * by anybody who guesses the ports, and is no answer (3.10.7.3). */
    if ((tcp.flags & HOPS_TCP_ACK) == 0) {
        return HOPS_PACKET_IGNORED;
    }
    reply = reply_make(kind, envelope, HOPS_PROTOCOL_TCP);
    turn_round(&reply);
    reply.quote.src_port = tcp.dst_port;
    reply.quote.dst_port = tcp.src_port;
    reply.quote.tcp_seq_known = true;
    reply.quote.tcp_seq = tcp.ack - 1; /* one beyond the SYN (RFC 9293 3.4) */
    *out = reply;
    return HOPS_PACKET_OK;
}

static enum hops_packet_status read_udp(const struct envelope *envelope, const uint8_t *data,
                                        size_t len, struct hops_reply *out) {
    struct rd r = rd_make(data, len);
    struct hops_udp udp;
    struct hops_reply reply;
    enum hops_packet_status status = hops_udp_read(&r, &udp);

    if (status != HOPS_PACKET_OK) {
        return status;
    }
    if (udp.len > len) {
        return HOPS_PACKET_SHORT;
    }
    /* Over IPv4 a checksum of 0 says "none"; over IPv6 there must be one (RFC 8200 8.1). */
    if (udp.checksum == 0
            ? envelope->family == HOPS_IPV6
            : !transport_checksum_ok(envelope, HOPS_IPPROTO_UDP, data, udp.len, udp.checksum)) {
        return HOPS_PACKET_CHECKSUM;
    }
    reply = reply_make(HOPS_REPLY_UDP, envelope, HOPS_PROTOCOL_UDP);
    turn_round(&reply);
    reply.quote.src_port = udp.dst_port;
    reply.quote.dst_port = udp.src_port;
    *out = reply;
    return HOPS_PACKET_OK;
}

enum hops_packet_status hops_packet_parse_ipv4(const uint8_t *data, size_t len, bool extensions,
                                               struct hops_reply *out) {
    struct rd r = rd_make(data, len);
    struct hops_ipv4 ip;
    enum hops_packet_status status = hops_ipv4_read(&r, &ip);
    struct envelope envelope;
    size_t payload_len;

    if (status != HOPS_PACKET_OK) {
        return status;
    }
    envelope =
        (struct envelope){.family = HOPS_IPV4, .from = &ip.src, .to = &ip.dst, .ttl = ip.ttl};
    if (ip.total_len < ip.header_len) {
        return HOPS_PACKET_MALFORMED;
    }
    if (ip.total_len > len) {
        return HOPS_PACKET_SHORT;
    }
    /* Only a first fragment has a transport header, and kernels hand out whole datagrams. */
    if ((ip.fragment & HOPS_IPV4_OFFSET_MASK) != 0) {
        return HOPS_PACKET_IGNORED;
    }
    payload_len = (size_t)ip.total_len - ip.header_len;
    switch (ip.protocol) {
    case HOPS_IPPROTO_ICMP:
        if (payload_len < HOPS_ICMP_HEADER_LEN) {
            return HOPS_PACKET_SHORT;
        }
        /* Linux hands ICMP with a wrong checksum to raw sockets, unlike ICMPv6. */
        if (hops_checksum_fold(hops_checksum_add(0, r.p, payload_len)) != 0xffff) {
            return HOPS_PACKET_CHECKSUM;
        }
        return read_icmp(&envelope, r.p, payload_len, extensions, out);
    case HOPS_IPPROTO_TCP:
        return read_tcp(&envelope, r.p, payload_len, out);
    case HOPS_IPPROTO_UDP:
        return read_udp(&envelope, r.p, payload_len, out);
    default:
        return HOPS_PACKET_IGNORED;
    }
}

enum hops_packet_status hops_packet_parse_icmp6(const uint8_t *data, size_t len,
                                                const struct hops_addr *from,
                                                const struct hops_addr *to, int16_t hop_limit,
                                                bool extensions, struct hops_reply *out) {
    const struct envelope envelope = {
        .family = HOPS_IPV6, .from = from, .to = to, .ttl = hop_limit};

    if (len < HOPS_ICMP_HEADER_LEN) {
        return HOPS_PACKET_SHORT;
    }
    if (has_family(to)) {
        uint64_t pseudo = hops_checksum_pseudo(from, to, HOPS_IPPROTO_ICMP6, len);

        if (hops_checksum_fold(hops_checksum_add(pseudo, data, len)) != 0xffff) {
            return HOPS_PACKET_CHECKSUM;
        }
    }
    return read_icmp(&envelope, data, len, extensions, out);
}

static enum hops_family family_of(const struct hops_addr *from) {
    return from->family == HOPS_IPV6 ? HOPS_IPV6 : HOPS_IPV4;
}

enum hops_packet_status hops_packet_parse_tcp(const uint8_t *data, size_t len,
                                              const struct hops_addr *from,
                                              const struct hops_addr *to, int16_t ttl,
                                              struct hops_reply *out) {
    const struct envelope envelope = {
        .family = family_of(from), .from = from, .to = to, .ttl = ttl};

    return read_tcp(&envelope, data, len, out);
}

enum hops_packet_status hops_packet_parse_udp(const uint8_t *data, size_t len,
                                              const struct hops_addr *from,
                                              const struct hops_addr *to, int16_t ttl,
                                              struct hops_reply *out) {
    const struct envelope envelope = {
        .family = family_of(from), .from = from, .to = to, .ttl = ttl};

    return read_udp(&envelope, data, len, out);
}

void hops_packet_parse_extensions(const uint8_t *data, size_t len, struct hops_extensions *out) {
    hops_extension_read(data, len, out);
}
