/* SPDX-License-Identifier: MIT */
#include "packet/ipv6.h"

#include <hops/addr.h>

enum { NEXT_HOP_BY_HOP = 0, NEXT_ROUTING = 43, NEXT_FRAGMENT = 44, NEXT_DESTINATION = 60 };

enum hops_packet_status hops_ipv6_read(struct rd *r, struct hops_ipv6 *out) {
    struct hops_ipv6 h;
    uint32_t first = rd_be32(r);
    uint8_t octets[16];

    h.payload_len = rd_be16(r);
    h.next_header = rd_u8(r);
    h.hop_limit = rd_u8(r);
    rd_copy(r, octets, sizeof(octets));
    h.src = hops_addr_ipv6(octets, 0);
    rd_copy(r, octets, sizeof(octets));
    h.dst = hops_addr_ipv6(octets, 0);
    if (r->bad) {
        return HOPS_PACKET_SHORT;
    }
    if (first >> 28 != 6) {
        return HOPS_PACKET_MALFORMED;
    }
    h.traffic_class = (uint8_t)((first >> 20) & 0xff);
    h.flow_label = first & 0xfffff;
    *out = h;
    return HOPS_PACKET_OK;
}

void hops_ipv6_write(struct wr *w, const struct hops_ipv6 *header) {
    wr_be32(w, (UINT32_C(6) << 28) | ((uint32_t)header->traffic_class << 20) |
                   (header->flow_label & 0xfffff));
    wr_be16(w, header->payload_len);
    wr_u8(w, header->next_header);
    wr_u8(w, header->hop_limit);
    wr_copy(w, header->src.octets, 16);
    wr_copy(w, header->dst.octets, 16);
}

enum hops_packet_status hops_ipv6_skip_extensions(struct rd *r, uint8_t *next_header) {
    uint8_t next = *next_header;

    /* Each turn consumes at least eight octets, so the input bounds the loop. */
    while (next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING || next == NEXT_FRAGMENT ||
           next == NEXT_DESTINATION) {
        uint8_t after = rd_u8(r);
        uint8_t len = rd_u8(r);

        if (next == NEXT_FRAGMENT) {
            uint16_t offset = rd_be16(r);

            rd_skip(r, 4);
            if (!r->bad && offset >> 3 != 0) {
                return HOPS_PACKET_IGNORED;
            }
        } else {
            rd_skip(r, 6 + (size_t)len * 8);
        }
        if (r->bad) {
            return HOPS_PACKET_SHORT;
        }
        next = after;
    }
    *next_header = next;
    return HOPS_PACKET_OK;
}
