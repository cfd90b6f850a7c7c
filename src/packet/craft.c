/* SPDX-License-Identifier: MIT */
#include "packet/craft.h"

#include <hops/addr.h>

#include "packet/build.h"
#include "packet/checksum.h"
#include "packet/extension.h"
#include "packet/icmp.h"
#include "packet/ipv4.h"
#include "packet/ipv6.h"
#include "packet/tcp.h"
#include "packet/udp.h"

/* A datagram being written: the IP header goes in last, when its length is known. */
struct datagram {
    struct wr *w;
    uint8_t *start;
    struct hops_addr src, dst;
    uint8_t protocol;
    uint8_t ttl;
    uint8_t tos;
};

static size_t ip_header_len(const struct hops_addr *addr) {
    return addr->family == HOPS_IPV6 ? HOPS_IPV6_HEADER_LEN : HOPS_IPV4_HEADER_LEN;
}

static uint8_t *transport_of(const struct datagram *d) {
    return d->start + ip_header_len(&d->src);
}

static bool begin(struct datagram *d, struct wr *w) {
    d->w = w;
    d->start = w->p;
    return d->src.family == d->dst.family && wr_take(w, ip_header_len(&d->src)) != NULL;
}

static void set_ipv4_checksum(uint8_t *header, size_t len) {
    put_be16(header + 10, 0);
    put_be16(header + 10, hops_checksum(header, len));
}

static bool write_ip_header(struct datagram *d) {
    size_t header_len = ip_header_len(&d->src);
    size_t len = (size_t)(d->w->p - d->start);
    struct wr w = wr_make(d->start, header_len);

    if (len > 0xffff) {
        return false;
    }
    if (d->src.family == HOPS_IPV6) {
        const struct hops_ipv6 header = {
            .traffic_class = d->tos,
            .payload_len = (uint16_t)(len - header_len),
            .next_header = d->protocol,
            .hop_limit = d->ttl,
            .src = d->src,
            .dst = d->dst,
        };
        hops_ipv6_write(&w, &header);
    } else {
        const struct hops_ipv4 header = {
            .tos = d->tos,
            .total_len = (uint16_t)len,
            .ttl = d->ttl,
            .protocol = d->protocol,
            .src = d->src,
            .dst = d->dst,
        };
        hops_ipv4_write(&w, &header);
        set_ipv4_checksum(d->start, header_len);
    }
    return true;
}

/* Fills in the transport checksum at this offset of the transport header, then the IP header. */
static bool finish(struct datagram *d, size_t checksum_at) {
    uint8_t *transport = transport_of(d);
    size_t len;
    uint64_t sum;

    if (d->w->bad) {
        return false;
    }
    len = (size_t)(d->w->p - transport);
    sum = d->protocol == HOPS_IPPROTO_ICMP
              ? 0
              : hops_checksum_pseudo(&d->src, &d->dst, d->protocol, len);
    sum = hops_checksum_add(sum, transport, len);
    put_be16(transport + checksum_at, d->protocol == HOPS_IPPROTO_UDP
                                          ? hops_checksum_finish_udp(sum)
                                          : hops_checksum_finish(sum));
    return write_ip_header(d);
}

static struct datagram answer_to(const struct hops_craft_view *view, uint8_t protocol,
                                 uint8_t ttl) {
    return (struct datagram){.src = view->dst, .dst = view->src, .protocol = protocol, .ttl = ttl};
}

bool hops_craft_datagram(const struct hops_config *config, const struct hops_probe *probe,
                         uint32_t flow_label, struct wr *w) {
    static const uint8_t protocols6[] = {[HOPS_PROTOCOL_ICMP] = HOPS_IPPROTO_ICMP6,
                                         [HOPS_PROTOCOL_UDP] = HOPS_IPPROTO_UDP,
                                         [HOPS_PROTOCOL_TCP] = HOPS_IPPROTO_TCP};
    struct hops_ipv6 header = {
        .traffic_class = config->tos,
        .flow_label = flow_label,
        .next_header = protocols6[config->protocol],
        .hop_limit = probe->ttl,
        .src = config->source,
        .dst = config->target,
    };
    uint8_t *start = w->p;
    struct wr header_w;

    if (config->target.family != HOPS_IPV6) {
        if (!hops_packet_build(config, probe, w)) {
            return false;
        }
        set_ipv4_checksum(start, HOPS_IPV4_HEADER_LEN);
        return true;
    }
    if (wr_take(w, HOPS_IPV6_HEADER_LEN) == NULL || !hops_packet_build(config, probe, w)) {
        return false;
    }
    header.payload_len = (uint16_t)(w->p - start - HOPS_IPV6_HEADER_LEN);
    header_w = wr_make(start, HOPS_IPV6_HEADER_LEN);
    hops_ipv6_write(&header_w, &header);
    return true;
}

static bool look4(struct rd *r, struct hops_craft_view *view) {
    struct hops_ipv4 ip;

    if (hops_ipv4_read(r, &ip) != HOPS_PACKET_OK) {
        return false;
    }
    view->src = ip.src;
    view->dst = ip.dst;
    view->tos = ip.tos;
    view->ttl = ip.ttl;
    view->protocol = ip.protocol;
    return (ip.fragment & HOPS_IPV4_OFFSET_MASK) == 0;
}

static bool look6(struct rd *r, struct hops_craft_view *view) {
    struct hops_ipv6 ip;

    if (hops_ipv6_read(r, &ip) != HOPS_PACKET_OK ||
        hops_ipv6_skip_extensions(r, &ip.next_header) != HOPS_PACKET_OK) {
        return false;
    }
    view->src = ip.src;
    view->dst = ip.dst;
    view->tos = ip.traffic_class;
    view->ttl = ip.hop_limit;
    view->protocol = ip.next_header;
    return true;
}

bool hops_craft_look(const uint8_t *probe, size_t len, struct hops_craft_view *out) {
    struct rd r = rd_make(probe, len);
    struct hops_craft_view view = {.family = HOPS_IPV4};

    if (len > 0 && probe[0] >> 4 == 6) {
        view.family = HOPS_IPV6;
    }
    if (!(view.family == HOPS_IPV6 ? look6(&r, &view) : look4(&r, &view))) {
        return false;
    }
    view.transport = r.p;
    view.transport_len = rd_left(&r);
    *out = view;
    return true;
}

static bool icmp_type_of(enum hops_family family, enum hops_reply_kind kind, uint8_t *out) {
    bool ipv6 = family == HOPS_IPV6;

    if (kind == HOPS_REPLY_TIME_EXCEEDED) {
        *out = ipv6 ? HOPS_ICMP6_TIME_EXCEEDED : HOPS_ICMP4_TIME_EXCEEDED;
    } else if (kind == HOPS_REPLY_UNREACHABLE) {
        *out = ipv6 ? HOPS_ICMP6_UNREACHABLE : HOPS_ICMP4_UNREACHABLE;
    } else if (kind == HOPS_REPLY_PACKET_TOO_BIG && ipv6) {
        *out = HOPS_ICMP6_PACKET_TOO_BIG;
    } else {
        return false;
    }
    return true;
}

static size_t round_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

/* What a quote takes in the message. length is the RFC 4884 attribute in octets. */
struct quote_plan {
    size_t quoted, padded, length;
};

static struct quote_plan plan_quote(enum hops_family family, size_t probe_len,
                                    const struct hops_craft_error *error) {
    size_t unit = family == HOPS_IPV6 ? 8 : 4;
    size_t room = family == HOPS_IPV6
                      ? HOPS_CRAFT_ERROR_MAX_IPV6 - HOPS_IPV6_HEADER_LEN - HOPS_ICMP_HEADER_LEN
                      : HOPS_CRAFT_ERROR_MAX_IPV4 - HOPS_IPV4_HEADER_LEN - HOPS_ICMP_HEADER_LEN;
    struct quote_plan plan = {.quoted =
                                  error->quoted_len < probe_len ? error->quoted_len : probe_len};

    if (error->layout != HOPS_CRAFT_PLAIN) {
        size_t tail = HOPS_EXTENSION_HEADER_LEN + error->objects_len;

        room = room > tail + HOPS_EXTENSION_QUOTE_MIN ? room - tail : HOPS_EXTENSION_QUOTE_MIN;
        room -= room % unit;
    }
    if (error->layout == HOPS_CRAFT_NON_COMPLIANT) {
        room = HOPS_EXTENSION_QUOTE_MIN;
    }
    plan.quoted = plan.quoted < room ? plan.quoted : room;
    if (error->layout == HOPS_CRAFT_PLAIN) {
        plan.padded = plan.quoted;
        return plan;
    }
    plan.padded = round_up(plan.quoted, unit);
    if (error->layout == HOPS_CRAFT_PADDED) {
        plan.length = plan.padded;
    }
    if (plan.padded < HOPS_EXTENSION_QUOTE_MIN) {
        plan.padded = HOPS_EXTENSION_QUOTE_MIN;
    }
    if (error->layout == HOPS_CRAFT_COMPLIANT) {
        plan.length = plan.padded;
    }
    return plan;
}

static void write_quote(struct wr *w, const uint8_t *probe, const struct quote_plan *plan,
                        enum hops_family family, uint8_t quoted_ttl) {
    uint8_t *quote = wr_take(w, plan->padded);

    if (quote == NULL) {
        return;
    }
    memcpy(quote, probe, plan->quoted);
    memset(quote + plan->quoted, 0, plan->padded - plan->quoted);
    if (quoted_ttl == 0) {
        return;
    }
    if (family == HOPS_IPV6 && plan->quoted >= HOPS_IPV6_HEADER_LEN) {
        quote[7] = quoted_ttl;
    }
    if (family == HOPS_IPV4 && plan->quoted >= HOPS_IPV4_HEADER_LEN) {
        size_t header_len = (size_t)(quote[0] & 0x0f) * 4;

        quote[8] = quoted_ttl;
        if (header_len <= plan->quoted) {
            set_ipv4_checksum(quote, header_len);
        }
    }
}

static void write_extension(struct wr *w, const struct hops_craft_error *error) {
    uint8_t *start = w->p;
    uint16_t checksum;

    wr_u8(w, HOPS_EXTENSION_VERSION << 4);
    wr_fill(w, 0, HOPS_EXTENSION_HEADER_LEN - 1);
    wr_copy(w, error->objects, error->objects_len);
    if (w->bad || error->extension_sum == HOPS_CRAFT_SUM_NONE) {
        return;
    }
    checksum = hops_checksum(start, HOPS_EXTENSION_HEADER_LEN + error->objects_len);
    if (error->extension_sum == HOPS_CRAFT_SUM_WRONG) {
        /* Never 0, which would say "none". */
        checksum = checksum == 1 ? 2 : 1;
    }
    put_be16(start + 2, checksum);
}

bool hops_craft_error(const uint8_t *probe, size_t len, const struct hops_craft_error *error,
                      struct wr *w) {
    struct hops_craft_view view;
    struct datagram d;
    struct hops_icmp icmp = {.code = error->code};
    struct quote_plan plan;

    if (!hops_craft_look(probe, len, &view) ||
        !icmp_type_of(view.family, error->kind, &icmp.type)) {
        return false;
    }
    d = answer_to(&view, view.family == HOPS_IPV6 ? HOPS_IPPROTO_ICMP6 : HOPS_IPPROTO_ICMP,
                  error->ttl);
    d.src = error->from;
    plan = plan_quote(view.family, len, error);
    if (error->kind == HOPS_REPLY_PACKET_TOO_BIG ||
        (view.family == HOPS_IPV4 && error->kind == HOPS_REPLY_UNREACHABLE &&
         error->code == HOPS_ICMP4_CODE_FRAGMENTATION_NEEDED)) {
        hops_icmp_set_mtu(view.family, &icmp, error->mtu);
    }
    if (plan.length != 0) {
        hops_icmp_set_quoted_len(view.family, &icmp, plan.length);
    }
    if (!begin(&d, w)) {
        return false;
    }
    hops_icmp_write(w, &icmp);
    write_quote(w, probe, &plan, view.family, error->quoted_ttl);
    if (error->layout != HOPS_CRAFT_PLAIN) {
        write_extension(w, error);
    }
    return finish(&d, 2);
}

bool hops_craft_echo_reply(const uint8_t *probe, size_t len, const struct hops_addr *from,
                           uint8_t ttl, struct wr *w) {
    struct hops_craft_view view;
    struct datagram d;
    struct hops_icmp icmp;
    struct rd r;
    bool ipv6;

    if (!hops_craft_look(probe, len, &view)) {
        return false;
    }
    ipv6 = view.family == HOPS_IPV6;
    r = rd_make(view.transport, view.transport_len);
    if (view.protocol != (ipv6 ? HOPS_IPPROTO_ICMP6 : HOPS_IPPROTO_ICMP) ||
        hops_icmp_read(&r, &icmp) != HOPS_PACKET_OK ||
        icmp.type != hops_icmp_echo_request_type(view.family)) {
        return false;
    }
    d = answer_to(&view, view.protocol, ttl);
    d.tos = view.tos; /* RFC 1122 3.2.2.6 */
    if (from != NULL) {
        d.src = *from;
    }
    if (!begin(&d, w)) {
        return false;
    }
    icmp.type = ipv6 ? HOPS_ICMP6_ECHO_REPLY : HOPS_ICMP4_ECHO_REPLY;
    icmp.checksum = 0;
    hops_icmp_write(w, &icmp);
    wr_copy(w, r.p, rd_left(&r));
    return finish(&d, 2);
}

static bool answer_syn(const uint8_t *probe, size_t len, const struct hops_tcp *answer, uint8_t ttl,
                       struct wr *w) {
    struct hops_craft_view view;
    struct datagram d;
    struct hops_tcp syn;
    struct hops_tcp header = *answer;
    struct rd r;

    if (!hops_craft_look(probe, len, &view)) {
        return false;
    }
    r = rd_make(view.transport, view.transport_len);
    if (view.protocol != HOPS_IPPROTO_TCP || hops_tcp_read(&r, &syn) != HOPS_PACKET_OK ||
        (syn.flags & HOPS_TCP_SYN) == 0) {
        return false;
    }
    header.src_port = syn.dst_port;
    header.dst_port = syn.src_port;
    header.ack = syn.seq + 1;
    d = answer_to(&view, HOPS_IPPROTO_TCP, ttl);
    if (!begin(&d, w)) {
        return false;
    }
    hops_tcp_write(w, &header, hops_tcp_mss(view.family, header.flags));
    return finish(&d, 16);
}

bool hops_craft_tcp_syn_ack(const uint8_t *probe, size_t len, uint32_t seq, uint8_t ttl,
                            struct wr *w) {
    const struct hops_tcp answer = {
        .seq = seq, .flags = HOPS_TCP_SYN | HOPS_TCP_ACK, .window = 65535};

    return answer_syn(probe, len, &answer, ttl, w);
}

bool hops_craft_tcp_rst(const uint8_t *probe, size_t len, uint8_t ttl, struct wr *w) {
    const struct hops_tcp answer = {.flags = HOPS_TCP_RST | HOPS_TCP_ACK};

    return answer_syn(probe, len, &answer, ttl, w);
}

bool hops_craft_udp_reply(const uint8_t *probe, size_t len, const uint8_t *payload,
                          size_t payload_len, uint8_t ttl, struct wr *w) {
    struct hops_craft_view view;
    struct datagram d;
    struct hops_udp asked;
    struct hops_udp header;
    struct rd r;

    if (!hops_craft_look(probe, len, &view) || payload_len > 0xffff - HOPS_UDP_HEADER_LEN) {
        return false;
    }
    r = rd_make(view.transport, view.transport_len);
    if (view.protocol != HOPS_IPPROTO_UDP || hops_udp_read(&r, &asked) != HOPS_PACKET_OK) {
        return false;
    }
    header = (struct hops_udp){
        .src_port = asked.dst_port,
        .dst_port = asked.src_port,
        .len = (uint16_t)(HOPS_UDP_HEADER_LEN + payload_len),
    };
    d = answer_to(&view, HOPS_IPPROTO_UDP, ttl);
    if (!begin(&d, w)) {
        return false;
    }
    hops_udp_write(w, &header);
    wr_copy(w, payload, payload_len);
    return finish(&d, 6);
}
