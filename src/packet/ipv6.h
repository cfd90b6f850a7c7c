/* SPDX-License-Identifier: MIT
 *
 * The IPv6 header (RFC 8200) to and from octets, and the way past extension headers to the
 * transport header of a quoted datagram.
 */
#ifndef PACKET_IPV6_H
#define PACKET_IPV6_H

#include <hops/types.h>

#include "base/bytes.h"
#include "packet/parse.h"

enum { HOPS_IPV6_HEADER_LEN = 40, HOPS_IPV6_MIN_MTU = 1280 };

struct hops_ipv6 {
    uint8_t traffic_class;
    uint32_t flow_label; /* 20 bits */
    uint16_t payload_len;
    uint8_t next_header;
    uint8_t hop_limit;
    struct hops_addr src, dst;
};

/* Reads the fixed header. */
enum hops_packet_status hops_ipv6_read(struct rd *r, struct hops_ipv6 *out);

void hops_ipv6_write(struct wr *w, const struct hops_ipv6 *header);

/* Moves past hop-by-hop options, routing, destination options and the header of a first fragment;
 * *next_header is turned from the fixed header's value into the number of what follows. IGNORED for
 * a fragment that is not the first: it has no transport header. */
enum hops_packet_status hops_ipv6_skip_extensions(struct rd *r, uint8_t *next_header);

#endif
