/* SPDX-License-Identifier: MIT */
#include "packet/tcp.h"

enum { OPTION_MSS = 2, OPTION_MSS_LEN = 4, MSS_IPV4 = 1460, MSS_IPV6 = 1440 };

enum hops_packet_status hops_tcp_read(struct rd *r, struct hops_tcp *out) {
    struct hops_tcp h;
    uint8_t offset;

    h.src_port = rd_be16(r);
    h.dst_port = rd_be16(r);
    h.seq = rd_be32(r);
    h.ack = rd_be32(r);
    offset = (uint8_t)((rd_u8(r) >> 4) * 4);
    h.flags = rd_u8(r);
    h.window = rd_be16(r);
    h.checksum = rd_be16(r);
    rd_skip(r, 2);
    if (r->bad) {
        return HOPS_PACKET_SHORT;
    }
    if (offset < HOPS_TCP_HEADER_LEN) {
        return HOPS_PACKET_MALFORMED;
    }
    rd_skip(r, (size_t)offset - HOPS_TCP_HEADER_LEN);
    if (r->bad) {
        return HOPS_PACKET_SHORT;
    }
    *out = h;
    return HOPS_PACKET_OK;
}

enum hops_packet_status hops_tcp_read_quoted(struct rd *r, struct hops_tcp *out,
                                             bool *out_has_seq) {
    struct hops_tcp h = {0};
    bool has_seq;

    h.src_port = rd_be16(r);
    h.dst_port = rd_be16(r);
    if (r->bad) {
        return HOPS_PACKET_SHORT;
    }
    has_seq = rd_left(r) >= 4;
    if (has_seq) {
        h.seq = rd_be32(r);
    }
    *out = h;
    *out_has_seq = has_seq;
    return HOPS_PACKET_OK;
}

uint16_t hops_tcp_mss(enum hops_family family, uint8_t flags) {
    if ((flags & HOPS_TCP_SYN) == 0) {
        return 0;
    }
    return family == HOPS_IPV6 ? MSS_IPV6 : MSS_IPV4;
}

void hops_tcp_write(struct wr *w, const struct hops_tcp *header, uint16_t mss) {
    size_t len = mss == 0 ? HOPS_TCP_HEADER_LEN : HOPS_TCP_SYN_LEN;

    wr_be16(w, header->src_port);
    wr_be16(w, header->dst_port);
    wr_be32(w, header->seq);
    wr_be32(w, header->ack);
    wr_u8(w, (uint8_t)(len / 4 << 4));
    wr_u8(w, header->flags);
    wr_be16(w, header->window);
    wr_be16(w, header->checksum);
    wr_be16(w, 0);
    if (mss != 0) {
        wr_u8(w, OPTION_MSS);
        wr_u8(w, OPTION_MSS_LEN);
        wr_be16(w, mss);
    }
}
