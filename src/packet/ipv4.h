/* SPDX-License-Identifier: MIT
 *
 * The IPv4 header (RFC 791) to and from octets.
 */
#ifndef PACKET_IPV4_H
#define PACKET_IPV4_H

#include <hops/types.h>

#include "base/bytes.h"
#include "packet/parse.h"

enum {
    HOPS_IPV4_HEADER_LEN = 20,
    HOPS_IPV4_DONT_FRAGMENT = 0x4000, /* in fragment */
    HOPS_IPV4_OFFSET_MASK = 0x1fff    /* in fragment, units of 8 octets */
};

/* Protocol numbers that matter here (IANA). */
enum {
    HOPS_IPPROTO_ICMP = 1,
    HOPS_IPPROTO_TCP = 6,
    HOPS_IPPROTO_UDP = 17,
    HOPS_IPPROTO_ICMP6 = 58
};

struct hops_ipv4 {
    uint8_t header_len; /* octets, options included; written as 20 */
    uint8_t tos;
    uint16_t total_len; /* as claimed */
    uint16_t id;
    uint16_t fragment; /* flags and offset */
    uint8_t ttl;
    uint8_t protocol;
    struct hops_addr src, dst;
};

/* Reads a header and moves past its options. The claimed total length is only told: whether it can
 * be trusted depends on where the header comes from. */
enum hops_packet_status hops_ipv4_read(struct rd *r, struct hops_ipv4 *out);

/* Writes a header without options, checksum 0. */
void hops_ipv4_write(struct wr *w, const struct hops_ipv4 *header);

#endif
