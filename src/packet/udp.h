/* SPDX-License-Identifier: MIT
 *
 * The UDP header (RFC 768) to and from octets.
 */
#ifndef PACKET_UDP_H
#define PACKET_UDP_H

#include <hops/types.h>

#include "base/bytes.h"
#include "packet/parse.h"

enum { HOPS_UDP_HEADER_LEN = 8 };

struct hops_udp {
    uint16_t src_port;
    uint16_t dst_port;
    uint16_t len; /* as claimed, at least 8 */
    uint16_t checksum;
};

/* Reads a header. A claimed length below 8 is MALFORMED; one beyond the octets at hand is fine
 * (quotes are cut short). */
enum hops_packet_status hops_udp_read(struct rd *r, struct hops_udp *out);

void hops_udp_write(struct wr *w, const struct hops_udp *header);

#endif
