/* SPDX-License-Identifier: MIT
 *
 * The quoted datagram of an ICMP error: as much of a probe as a router chose to send back.
 */
#ifndef PACKET_QUOTE_H
#define PACKET_QUOTE_H

#include <hops/probe.h>

#include "packet/parse.h"

/* Reads a quoted datagram from its IP header on. Needed are the IP header and 8 octets of a UDP or
 * ICMP header, 4 of a TCP header. IGNORED for other protocols and for fragments without a transport
 * header. */
enum hops_packet_status hops_quote_read(enum hops_family family, const uint8_t *data, size_t len,
                                        struct hops_quote *out);

/* A quote that nothing is known about. */
struct hops_quote hops_quote_unknown(enum hops_protocol protocol);

#endif
