/* SPDX-License-Identifier: MIT
 *
 * The transport part is written first, behind room for the IPv4 header, so that its length and
 * checksum come from the octets that will really leave.
 */
#include "packet/build.h"

#include "packet/checksum.h"
#include "packet/icmp.h"
#include "packet/ipv4.h"
#include "packet/ipv6.h"
#include "packet/tcp.h"
#include "packet/udp.h"

const uint8_t hops_dublin_magic[HOPS_DUBLIN_MAGIC_LEN] = {'h', 'o', 'p', 's', '6', '!'};

enum { PARIS_PAYLOAD_LEN = 2, TCP_WINDOW = 65535 };

static bool is_ipv6(const struct hops_config *config) {
    return config->target.family == HOPS_IPV6;
}

static size_t ip_header_len(const struct hops_config *config) {
    return is_ipv6(config) ? HOPS_IPV6_HEADER_LEN : HOPS_IPV4_HEADER_LEN;
}

/* The packet size counts for every ICMP and UDP probe, even where the strategy sets the length. */
static bool size_ok(const struct hops_config *config) {
    unsigned least = is_ipv6(config) ? HOPS_PACKET_SIZE_MIN_IPV6 : HOPS_PACKET_SIZE_MIN_IPV4;

    return config->protocol == HOPS_PROTOCOL_TCP ||
           (config->packet_size >= least && config->packet_size <= HOPS_PACKET_SIZE_MAX);
}

static bool is_dublin6(const struct hops_config *config) {
    return config->strategy == HOPS_STRATEGY_DUBLIN && is_ipv6(config);
}

size_t hops_packet_payload_len(const struct hops_config *config, const struct hops_probe *probe) {
    size_t headers = ip_header_len(config) + HOPS_UDP_HEADER_LEN; /* ICMP: 8 octets as well */

    if (config->protocol == HOPS_PROTOCOL_TCP) {
        return 0;
    }
    if (config->protocol == HOPS_PROTOCOL_UDP) {
        if (config->strategy == HOPS_STRATEGY_PARIS) {
            return PARIS_PAYLOAD_LEN;
        }
        if (is_dublin6(config)) {
            return HOPS_DUBLIN_MAGIC_LEN +
                   (size_t)(uint16_t)(probe->sequence - config->initial_sequence);
        }
    }
    return config->packet_size < headers ? 0 : config->packet_size - headers;
}

static uint64_t pseudo_sum(const struct hops_config *config, uint8_t protocol, size_t len) {
    return hops_checksum_pseudo(&config->source, &config->target, protocol, len);
}

static bool write_icmp(const struct hops_config *config, const struct hops_probe *probe,
                       struct wr *w) {
    enum hops_family family = is_ipv6(config) ? HOPS_IPV6 : HOPS_IPV4;
    struct hops_icmp header = {.type = hops_icmp_echo_request_type(family)};
    uint8_t *start = w->p;
    size_t len;
    uint64_t sum;

    hops_icmp_set_echo(&header, config->trace_id, probe->sequence);
    hops_icmp_write(w, &header);
    wr_fill(w, config->payload_pattern, hops_packet_payload_len(config, probe));
    if (w->bad) {
        return false;
    }
    len = (size_t)(w->p - start);
    sum = family == HOPS_IPV6 ? pseudo_sum(config, HOPS_IPPROTO_ICMP6, len) : 0;
    put_be16(start + 2, hops_checksum_finish(hops_checksum_add(sum, start, len)));
    return true;
}

static struct hops_udp udp_header(const struct hops_config *config, const struct hops_probe *probe,
                                  uint16_t checksum) {
    return (struct hops_udp){
        .src_port = probe->src_port,
        .dst_port = probe->dst_port,
        .len = (uint16_t)(HOPS_UDP_HEADER_LEN + hops_packet_payload_len(config, probe)),
        .checksum = checksum,
    };
}

/* Paris: the datagram as it would be with the sequence as its payload has checksum C; with the two
 * exchanged the sum is the same, and the checksum field is the sequence. Returns C. */
static uint16_t paris_payload(const struct hops_config *config, const struct hops_probe *probe) {
    struct hops_udp header = udp_header(config, probe, 0);
    uint8_t octets[HOPS_UDP_HEADER_LEN + PARIS_PAYLOAD_LEN];
    struct wr w = wr_make(octets, sizeof(octets));

    hops_udp_write(&w, &header);
    wr_be16(&w, probe->sequence);
    return hops_checksum_finish(hops_checksum_add(
        pseudo_sum(config, HOPS_IPPROTO_UDP, sizeof(octets)), octets, sizeof(octets)));
}

static bool write_udp_payload(const struct hops_config *config, const struct hops_probe *probe,
                              struct wr *w) {
    size_t len = hops_packet_payload_len(config, probe);

    if (config->strategy == HOPS_STRATEGY_PARIS) {
        /* A checksum field of 0 would say that there is no checksum. */
        if (probe->sequence == 0) {
            return false;
        }
        wr_be16(w, paris_payload(config, probe));
    } else if (is_dublin6(config)) {
        if (ip_header_len(config) + HOPS_UDP_HEADER_LEN + len > HOPS_PACKET_SIZE_MAX) {
            return false;
        }
        wr_copy(w, hops_dublin_magic, HOPS_DUBLIN_MAGIC_LEN);
        wr_fill(w, config->payload_pattern, len - HOPS_DUBLIN_MAGIC_LEN);
    } else {
        wr_fill(w, config->payload_pattern, len);
    }
    return !w->bad;
}

static bool write_udp(const struct hops_config *config, const struct hops_probe *probe,
                      struct wr *w) {
    bool paris = config->strategy == HOPS_STRATEGY_PARIS;
    struct hops_udp header = udp_header(config, probe, paris ? probe->sequence : 0);
    uint8_t *start = w->p;
    size_t len;

    hops_udp_write(w, &header);
    if (!write_udp_payload(config, probe, w)) {
        return false;
    }
    if (!paris) {
        len = (size_t)(w->p - start);
        put_be16(start + 6, hops_checksum_finish_udp(hops_checksum_add(
                                pseudo_sum(config, HOPS_IPPROTO_UDP, len), start, len)));
    }
    return true;
}

static bool write_tcp(const struct hops_config *config, const struct hops_probe *probe,
                      struct wr *w) {
    struct hops_tcp header = {
        .src_port = probe->src_port,
        .dst_port = probe->dst_port,
        .seq = probe->tcp_seq,
        .flags = HOPS_TCP_SYN,
        .window = TCP_WINDOW,
    };
    uint8_t *start = w->p;

    hops_tcp_write(w, &header, hops_tcp_mss(is_ipv6(config) ? HOPS_IPV6 : HOPS_IPV4, HOPS_TCP_SYN));
    if (w->bad) {
        return false;
    }
    put_be16(start + 16,
             hops_checksum_finish(hops_checksum_add(
                 pseudo_sum(config, HOPS_IPPROTO_TCP, HOPS_TCP_SYN_LEN), start, HOPS_TCP_SYN_LEN)));
    return true;
}

static bool write_transport(const struct hops_config *config, const struct hops_probe *probe,
                            struct wr *w) {
    switch (config->protocol) {
    case HOPS_PROTOCOL_ICMP:
        return write_icmp(config, probe, w);
    case HOPS_PROTOCOL_UDP:
        return write_udp(config, probe, w);
    case HOPS_PROTOCOL_TCP:
        return write_tcp(config, probe, w);
    }
    return false;
}

static uint8_t ipv4_protocol(enum hops_protocol protocol) {
    switch (protocol) {
    case HOPS_PROTOCOL_ICMP:
        return HOPS_IPPROTO_ICMP;
    case HOPS_PROTOCOL_UDP:
        return HOPS_IPPROTO_UDP;
    case HOPS_PROTOCOL_TCP:
        return HOPS_IPPROTO_TCP;
    }
    return 0;
}

bool hops_packet_build(const struct hops_config *config, const struct hops_probe *probe,
                       struct wr *w) {
    struct hops_ipv4 header;
    struct wr header_w;
    uint8_t *start = w->p;

    if (!size_ok(config)) {
        return false;
    }
    if (is_ipv6(config)) {
        return write_transport(config, probe, w);
    }
    if (wr_take(w, HOPS_IPV4_HEADER_LEN) == NULL || !write_transport(config, probe, w)) {
        return false;
    }
    header = (struct hops_ipv4){
        .tos = config->tos,
        .total_len = (uint16_t)(w->p - start),
        .id = probe->ip_id,
        .fragment = HOPS_IPV4_DONT_FRAGMENT,
        .ttl = probe->ttl,
        .protocol = ipv4_protocol(config->protocol),
        .src = config->source,
        .dst = config->target,
    };
    header_w = wr_make(start, HOPS_IPV4_HEADER_LEN);
    hops_ipv4_write(&header_w, &header);
    return true;
}

bool hops_packet_build_payload(const struct hops_config *config, const struct hops_probe *probe,
                               struct wr *w) {
    if (!size_ok(config)) {
        return false;
    }
    switch (config->protocol) {
    case HOPS_PROTOCOL_ICMP:
        return write_icmp(config, probe, w);
    case HOPS_PROTOCOL_UDP:
        return write_udp_payload(config, probe, w);
    case HOPS_PROTOCOL_TCP:
        return !w->bad;
    }
    return false;
}

uint16_t hops_packet_expected_checksum(const struct hops_config *config,
                                       const struct hops_quote *quote) {
    enum { PAYLOAD_MAX = HOPS_PACKET_SIZE_MAX - HOPS_IPV4_HEADER_LEN - HOPS_UDP_HEADER_LEN };
    uint8_t octets[HOPS_UDP_HEADER_LEN + PAYLOAD_MAX];
    struct wr w = wr_make(octets, sizeof(octets));
    size_t payload =
        quote->udp_len < HOPS_UDP_HEADER_LEN ? 0 : (size_t)quote->udp_len - HOPS_UDP_HEADER_LEN;
    struct hops_udp header;

    if (payload > PAYLOAD_MAX) {
        payload = PAYLOAD_MAX;
    }
    header = (struct hops_udp){
        .src_port = quote->src_port,
        .dst_port = quote->dst_port,
        .len = (uint16_t)(HOPS_UDP_HEADER_LEN + payload),
    };
    hops_udp_write(&w, &header);
    wr_fill(&w, config->payload_pattern, payload);
    return hops_checksum_finish_udp(
        hops_checksum_add(pseudo_sum(config, HOPS_IPPROTO_UDP, wr_len(&w)), octets, wr_len(&w)));
}
