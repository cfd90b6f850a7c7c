/* SPDX-License-Identifier: MIT */
#include "packet/udp.h"

enum hops_packet_status hops_udp_read(struct rd *r, struct hops_udp *out) {
    struct hops_udp h;

    h.src_port = rd_be16(r);
    h.dst_port = rd_be16(r);
    h.len = rd_be16(r);
    h.checksum = rd_be16(r);
    if (r->bad) {
        return HOPS_PACKET_SHORT;
    }
    if (h.len < HOPS_UDP_HEADER_LEN) {
        return HOPS_PACKET_MALFORMED;
    }
    *out = h;
    return HOPS_PACKET_OK;
}

void hops_udp_write(struct wr *w, const struct hops_udp *header) {
    wr_be16(w, header->src_port);
    wr_be16(w, header->dst_port);
    wr_be16(w, header->len);
    wr_be16(w, header->checksum);
}
