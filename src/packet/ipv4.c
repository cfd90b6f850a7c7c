/* SPDX-License-Identifier: MIT */
#include "packet/ipv4.h"

#include <hops/addr.h>

enum hops_packet_status hops_ipv4_read(struct rd *r, struct hops_ipv4 *out) {
    struct hops_ipv4 h;
    uint8_t version_ihl = rd_u8(r);
    uint8_t octets[4];

    h.tos = rd_u8(r);
    h.total_len = rd_be16(r);
    h.id = rd_be16(r);
    h.fragment = rd_be16(r);
    h.ttl = rd_u8(r);
    h.protocol = rd_u8(r);
    rd_skip(r, 2);
    rd_copy(r, octets, sizeof(octets));
    h.src = hops_addr_ipv4(octets);
    rd_copy(r, octets, sizeof(octets));
    h.dst = hops_addr_ipv4(octets);
    if (r->bad) {
        return HOPS_PACKET_SHORT;
    }
    h.header_len = (uint8_t)((version_ihl & 0x0f) * 4);
    if (version_ihl >> 4 != 4 || h.header_len < HOPS_IPV4_HEADER_LEN) {
        return HOPS_PACKET_MALFORMED;
    }
    rd_skip(r, (size_t)h.header_len - HOPS_IPV4_HEADER_LEN);
    if (r->bad) {
        return HOPS_PACKET_SHORT;
    }
    *out = h;
    return HOPS_PACKET_OK;
}

void hops_ipv4_write(struct wr *w, const struct hops_ipv4 *header) {
    wr_u8(w, 0x45);
    wr_u8(w, header->tos);
    wr_be16(w, header->total_len);
    wr_be16(w, header->id);
    wr_be16(w, header->fragment);
    wr_u8(w, header->ttl);
    wr_u8(w, header->protocol);
    wr_be16(w, 0);
    wr_copy(w, header->src.octets, 4);
    wr_copy(w, header->dst.octets, 4);
}
