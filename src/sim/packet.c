/* SPDX-License-Identifier: MIT */
#include "sim/packet.h"

#include "base/rng.h"
#include "packet/checksum.h"
#include "packet/craft.h"
#include "packet/ipv4.h"
#include "packet/ipv6.h"

#include <string.h>

enum {
    IPV4_TOS = 1,
    IPV4_TTL = 8,
    IPV4_PROTOCOL = 9,
    IPV4_CHECKSUM = 10,
    IPV4_SOURCE = 12,
    IPV6_NEXT_HEADER = 6,
    IPV6_HOP_LIMIT = 7,
    IPV6_SOURCE = 8,
    UDP_CHECKSUM = 6,
    TCP_CHECKSUM = 16,
    ICMP_CHECKSUM = 2,
    ICMP_ID = 4
};

static uint16_t be16(const uint8_t *b) {
    return (uint16_t)((b[0] << 8) | b[1]);
}

size_t hops_sim_header_len(uint8_t family) {
    return family == HOPS_IPV4 ? HOPS_IPV4_HEADER_LEN : HOPS_IPV6_HEADER_LEN;
}

bool hops_sim_packet_make(const struct hops_config *config, const struct hops_probe *probe,
                          struct hops_sim_packet *out) {
    struct wr w = wr_make(out->octets, sizeof(out->octets));

    if (!hops_craft_datagram(config, probe, 0, &w)) {
        return false;
    }
    out->family = config->target.family;
    out->len = wr_len(&w);
    return true;
}

uint8_t hops_sim_packet_protocol(const struct hops_sim_packet *packet) {
    return packet->octets[packet->family == HOPS_IPV4 ? IPV4_PROTOCOL : IPV6_NEXT_HEADER];
}

uint8_t hops_sim_packet_ttl(const struct hops_sim_packet *packet) {
    return packet->octets[packet->family == HOPS_IPV4 ? IPV4_TTL : IPV6_HOP_LIMIT];
}

/* RFC 1624: HC' = ~(~HC + ~m + m'), for a field of even length at an even offset. */
static void adjust(uint8_t *checksum, const uint8_t *before, const uint8_t *after, size_t len) {
    uint64_t sum = (uint16_t)~be16(checksum);

    for (size_t i = 0; i + 1 < len; i += 2) {
        sum += (uint16_t)~be16(before + i);
        sum += be16(after + i);
    }
    put_be16(checksum, hops_checksum_finish(sum));
}

static void set_ipv4_octet(struct hops_sim_packet *packet, size_t at, uint8_t value) {
    uint8_t before[2];

    memcpy(before, packet->octets + (at & ~(size_t)1), 2);
    packet->octets[at] = value;
    adjust(packet->octets + IPV4_CHECKSUM, before, packet->octets + (at & ~(size_t)1), 2);
}

void hops_sim_packet_set_ttl(struct hops_sim_packet *packet, uint8_t ttl) {
    if (packet->family == HOPS_IPV4) {
        set_ipv4_octet(packet, IPV4_TTL, ttl);
    } else {
        packet->octets[IPV6_HOP_LIMIT] = ttl;
    }
}

void hops_sim_packet_set_tos(struct hops_sim_packet *packet, uint8_t tos) {
    uint8_t *b = packet->octets;

    if (packet->family == HOPS_IPV4) {
        set_ipv4_octet(packet, IPV4_TOS, tos);
    } else {
        b[0] = (uint8_t)((b[0] & 0xf0) | (tos >> 4));
        b[1] = (uint8_t)((b[1] & 0x0f) | ((tos & 0x0f) << 4));
    }
}

struct hops_addr hops_sim_packet_source(const struct hops_sim_packet *packet) {
    return packet->family == HOPS_IPV4 ? hops_addr_ipv4(packet->octets + IPV4_SOURCE)
                                       : hops_addr_ipv6(packet->octets + IPV6_SOURCE, 0);
}

static bool has_ports(const struct hops_sim_packet *packet) {
    uint8_t protocol = hops_sim_packet_protocol(packet);

    return (protocol == HOPS_IPPROTO_UDP || protocol == HOPS_IPPROTO_TCP) &&
           packet->len >= hops_sim_header_len(packet->family) + 4;
}

uint16_t hops_sim_packet_source_port(const struct hops_sim_packet *packet) {
    return has_ports(packet) ? be16(packet->octets + hops_sim_header_len(packet->family)) : 0;
}

uint16_t hops_sim_packet_target_port(const struct hops_sim_packet *packet) {
    return has_ports(packet) ? be16(packet->octets + hops_sim_header_len(packet->family) + 2) : 0;
}

uint64_t hops_sim_packet_flow(const struct hops_sim_packet *packet, uint64_t seed) {
    size_t at = packet->family == HOPS_IPV4 ? IPV4_SOURCE : IPV6_SOURCE;
    size_t end = hops_sim_header_len(packet->family); /* both addresses end the header */
    uint64_t hash = rng_mix(seed ^ hops_sim_packet_protocol(packet));

    for (; at + 4 <= end; at += 4) {
        uint64_t word = ((uint64_t)be16(packet->octets + at) << 16) | be16(packet->octets + at + 2);
        hash = rng_mix(hash + UINT64_C(0x9e3779b97f4a7c15) + word);
    }
    if (has_ports(packet)) {
        hash = rng_mix(hash ^ ((uint64_t)hops_sim_packet_source_port(packet) << 16) ^
                       hops_sim_packet_target_port(packet));
    } else if (packet->len >= end + ICMP_ID + 2) {
        hash = rng_mix(hash ^ be16(packet->octets + end + ICMP_ID));
    }
    return hash;
}

/* The transport checksum, if it is there and covers the source. NULL if not. */
static uint8_t *transport_checksum(struct hops_sim_packet *packet) {
    size_t at = hops_sim_header_len(packet->family);
    uint8_t protocol = hops_sim_packet_protocol(packet);

    if (protocol == HOPS_IPPROTO_UDP) {
        at += UDP_CHECKSUM;
    } else if (protocol == HOPS_IPPROTO_TCP) {
        at += TCP_CHECKSUM;
    } else if (protocol == HOPS_IPPROTO_ICMP6) {
        at += ICMP_CHECKSUM;
    } else {
        return NULL; /* ICMP has no pseudo header */
    }
    if (at + 2 > packet->len) {
        return NULL;
    }
    uint8_t *checksum = packet->octets + at;
    return protocol == HOPS_IPPROTO_UDP && be16(checksum) == 0 ? NULL : checksum;
}

static void replace_addr(struct hops_sim_packet *packet, size_t at, const struct hops_addr *addr) {
    uint8_t *checksum = transport_checksum(packet);
    size_t len = hops_addr_len(addr);

    if (packet->family == HOPS_IPV4) {
        adjust(packet->octets + IPV4_CHECKSUM, packet->octets + at, addr->octets, len);
    }
    if (checksum != NULL) {
        adjust(checksum, packet->octets + at, addr->octets, len);
    }
    memcpy(packet->octets + at, addr->octets, len);
}

/* A UDP checksum of 0 would say that there is none (RFC 768). */
static void keep_udp_checksum(struct hops_sim_packet *packet, const uint8_t *before) {
    size_t at = hops_sim_header_len(packet->family) + UDP_CHECKSUM;

    if (before != NULL && hops_sim_packet_protocol(packet) == HOPS_IPPROTO_UDP &&
        be16(packet->octets + at) == 0) {
        put_be16(packet->octets + at, 0xffff);
    }
}

void hops_sim_translate(struct hops_sim_packet *packet, const struct hops_addr *source,
                        uint16_t port) {
    uint8_t *checksum = transport_checksum(packet);

    if (packet->len < hops_sim_header_len(packet->family)) {
        return;
    }
    replace_addr(packet, packet->family == HOPS_IPV4 ? IPV4_SOURCE : IPV6_SOURCE, source);
    if (has_ports(packet)) {
        uint8_t *at = packet->octets + hops_sim_header_len(packet->family);
        uint8_t after[2];
        put_be16(after, port);
        if (checksum != NULL) {
            adjust(checksum, at, after, 2);
        }
        memcpy(at, after, 2);
    }
    keep_udp_checksum(packet, checksum);
}

void hops_sim_readdress(struct hops_sim_packet *packet, const struct hops_addr *destination) {
    uint8_t *checksum = transport_checksum(packet);
    size_t header_len = hops_sim_header_len(packet->family);

    if (packet->len >= header_len) {
        replace_addr(packet, header_len - hops_addr_len(destination), destination);
        keep_udp_checksum(packet, checksum);
    }
}
