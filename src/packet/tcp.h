/* SPDX-License-Identifier: MIT
 *
 * The TCP header (RFC 9293) to and from octets: the SYN of a half-open probe, what answers it, and
 * the few octets of it that an ICMP error quotes.
 */
#ifndef PACKET_TCP_H
#define PACKET_TCP_H

#include <hops/types.h>

#include "base/bytes.h"
#include "packet/parse.h"

enum { HOPS_TCP_HEADER_LEN = 20, HOPS_TCP_SYN_LEN = 24 /* with the MSS option */ };

enum { HOPS_TCP_SYN = 0x02, HOPS_TCP_RST = 0x04, HOPS_TCP_ACK = 0x10 };

struct hops_tcp {
    uint16_t src_port;
    uint16_t dst_port;
    uint32_t seq;
    uint32_t ack;
    uint8_t flags;
    uint16_t window;
    uint16_t checksum;
};

/* Reads a whole header and moves past its options. */
enum hops_packet_status hops_tcp_read(struct rd *r, struct hops_tcp *out);

/* Reads what a quote has of the header: the ports (needed), the sequence number if it is there; the
 * rest of *out is zero. */
enum hops_packet_status hops_tcp_read_quoted(struct rd *r, struct hops_tcp *out, bool *out_has_seq);

/* The maximum segment size of a segment that has SYN set: Ethernet's 1500 octets without headers. 0
 * for other segments, which do not tell one. */
uint16_t hops_tcp_mss(enum hops_family family, uint8_t flags);

/* Writes a header without options, or with a maximum segment size option (RFC 9293 3.7.1) if mss is
 * not 0: 20 or 24 octets. */
void hops_tcp_write(struct wr *w, const struct hops_tcp *header, uint16_t mss);

#endif
