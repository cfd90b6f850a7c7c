/* SPDX-License-Identifier: MIT */
#include "packet/quote.h"

#include "packet/build.h"
#include "packet/icmp.h"
#include "packet/ipv4.h"
#include "packet/ipv6.h"
#include "packet/tcp.h"
#include "packet/udp.h"

struct hops_quote hops_quote_unknown(enum hops_protocol protocol) {
    return (struct hops_quote){.protocol = protocol, .tos = -1, .ttl = -1, .udp_len = 8};
}

static enum hops_packet_status read_icmp(struct rd *r, struct hops_quote *quote) {
    struct hops_icmp icmp;
    enum hops_packet_status status = hops_icmp_read(r, &icmp);

    if (status != HOPS_PACKET_OK) {
        return status;
    }
    quote->protocol = HOPS_PROTOCOL_ICMP;
    quote->icmp_type = icmp.type;
    quote->icmp_id = hops_icmp_echo_id(&icmp);
    quote->icmp_seq = hops_icmp_echo_seq(&icmp);
    return HOPS_PACKET_OK;
}

static enum hops_packet_status read_udp(struct rd *r, struct hops_quote *quote) {
    struct hops_udp udp;
    enum hops_packet_status status = hops_udp_read(r, &udp);
    const uint8_t *magic;

    if (status != HOPS_PACKET_OK) {
        return status;
    }
    quote->protocol = HOPS_PROTOCOL_UDP;
    quote->src_port = udp.src_port;
    quote->dst_port = udp.dst_port;
    quote->udp_len = udp.len;
    quote->udp_checksum = udp.checksum;
    /* The magic counts only inside the claimed length: what follows is no payload. */
    magic = rd_take(r, HOPS_DUBLIN_MAGIC_LEN);
    quote->udp_magic = magic != NULL && udp.len >= HOPS_UDP_HEADER_LEN + HOPS_DUBLIN_MAGIC_LEN &&
                       memcmp(magic, hops_dublin_magic, HOPS_DUBLIN_MAGIC_LEN) == 0;
    return HOPS_PACKET_OK;
}

static enum hops_packet_status read_tcp(struct rd *r, struct hops_quote *quote) {
    struct hops_tcp tcp;
    bool has_seq;
    enum hops_packet_status status = hops_tcp_read_quoted(r, &tcp, &has_seq);

    if (status != HOPS_PACKET_OK) {
        return status;
    }
    quote->protocol = HOPS_PROTOCOL_TCP;
    quote->src_port = tcp.src_port;
    quote->dst_port = tcp.dst_port;
    quote->tcp_seq_known = has_seq;
    quote->tcp_seq = tcp.seq;
    return HOPS_PACKET_OK;
}

static enum hops_packet_status read_transport(struct rd *r, uint8_t protocol, uint8_t icmp_protocol,
                                              struct hops_quote *quote) {
    if (protocol == icmp_protocol) {
        return read_icmp(r, quote);
    }
    if (protocol == HOPS_IPPROTO_UDP) {
        return read_udp(r, quote);
    }
    if (protocol == HOPS_IPPROTO_TCP) {
        return read_tcp(r, quote);
    }
    return HOPS_PACKET_IGNORED;
}

static enum hops_packet_status read_ipv4(struct rd *r, struct hops_quote *quote) {
    struct hops_ipv4 ip;
    enum hops_packet_status status = hops_ipv4_read(r, &ip);

    if (status != HOPS_PACKET_OK) {
        return status;
    }
    if ((ip.fragment & HOPS_IPV4_OFFSET_MASK) != 0) {
        return HOPS_PACKET_IGNORED;
    }
    quote->src = ip.src;
    quote->dst = ip.dst;
    quote->tos = ip.tos;
    quote->ttl = ip.ttl;
    quote->ip_id = ip.id;
    /* The total length is not looked at: some stacks change it before they quote the header. */
    return read_transport(r, ip.protocol, HOPS_IPPROTO_ICMP, quote);
}

static enum hops_packet_status read_ipv6(struct rd *r, struct hops_quote *quote) {
    struct hops_ipv6 ip;
    enum hops_packet_status status = hops_ipv6_read(r, &ip);
    struct rd payload;

    if (status != HOPS_PACKET_OK) {
        return status;
    }
    quote->src = ip.src;
    quote->dst = ip.dst;
    quote->tos = ip.traffic_class;
    quote->ttl = ip.hop_limit;
    payload = rd_make(r->p, ip.payload_len < rd_left(r) ? ip.payload_len : rd_left(r));
    status = hops_ipv6_skip_extensions(&payload, &ip.next_header);
    if (status != HOPS_PACKET_OK) {
        return status;
    }
    return read_transport(&payload, ip.next_header, HOPS_IPPROTO_ICMP6, quote);
}

enum hops_packet_status hops_quote_read(enum hops_family family, const uint8_t *data, size_t len,
                                        struct hops_quote *out) {
    struct hops_quote quote = hops_quote_unknown(HOPS_PROTOCOL_ICMP);
    struct rd r = rd_make(data, len);
    enum hops_packet_status status =
        family == HOPS_IPV6 ? read_ipv6(&r, &quote) : read_ipv4(&r, &quote);

    if (status == HOPS_PACKET_OK) {
        *out = quote;
    }
    return status;
}
