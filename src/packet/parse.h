/* SPDX-License-Identifier: MIT
 *
 * From octets to a reply. Everything a stranger can send comes through here: any input is either
 * turned into a complete hops_reply or refused, and *out is written only on OK. Who the reply is
 * for is the tracer's business.
 */
#ifndef PACKET_PARSE_H
#define PACKET_PARSE_H

#include <hops/probe.h>

enum hops_packet_status {
    HOPS_PACKET_OK,
    HOPS_PACKET_SHORT,     /* ends before a field it must have */
    HOPS_PACKET_MALFORMED, /* version, header length or claimed length impossible */
    HOPS_PACKET_CHECKSUM,  /* checksum does not add up */
    HOPS_PACKET_IGNORED    /* well-formed, but no message that answers a probe */
};

/* A datagram as an IPv4 raw socket delivers it, from the IPv4 header on: ICMP, TCP or UDP inside.
 * What lies beyond the claimed total length is not looked at. ICMP checksums are verified, those of
 * TCP and UDP too: right, or left to a device that does not exist (only the pseudo header summed,
 * as on lo and veth); UDP may have none. With extensions, RFC 4884 structures are kept in the
 * reply. when, coarse, known_probe and probe_id of *out are left zero. Quotes need their IP header
 * and, of the transport header, 8 octets (TCP: 4).
 *
 * For replies that quote nothing (echo, TCP, UDP) the quote is the reply turned round: dst is the
 * responder, src the address it came to, tos and ttl -1, udp_len 8. */
enum hops_packet_status hops_packet_parse_ipv4(const uint8_t *data, size_t len, bool extensions,
                                               struct hops_reply *out);

/* An ICMPv6 message without IPv6 header. from and to come from the socket; the checksum is verified
 * if to has a family (the kernel has verified it for raw sockets). hop_limit -1 if not known. */
enum hops_packet_status hops_packet_parse_icmp6(const uint8_t *data, size_t len,
                                                const struct hops_addr *from,
                                                const struct hops_addr *to, int16_t hop_limit,
                                                bool extensions, struct hops_reply *out);

/* A TCP segment without IP header: SYN-ACK gives HOPS_REPLY_TCP, RST-ACK gives
 * HOPS_REPLY_TCP_REFUSED, the rest is ignored, an RST without ACK too. Ports in the quote are
 * turned round (src_port is ours). The checksum counts if both addresses are known. */
enum hops_packet_status hops_packet_parse_tcp(const uint8_t *data, size_t len,
                                              const struct hops_addr *from,
                                              const struct hops_addr *to, int16_t ttl,
                                              struct hops_reply *out);

/* A UDP datagram without IP header, as an IPv6 raw socket delivers it: HOPS_REPLY_UDP. The
 * checksum counts if both addresses are known; over IPv6 there must be one. */
enum hops_packet_status hops_packet_parse_udp(const uint8_t *data, size_t len,
                                              const struct hops_addr *from,
                                              const struct hops_addr *to, int16_t ttl,
                                              struct hops_reply *out);

/* The extension structure in the octets that follow a quoted datagram, as error queues deliver it:
 * checked and copied to *out. len 0 or a bad version gives an absent or empty list. For octets that
 * nobody announced (length attribute 0) use hops_extension_read_unannounced(). */
void hops_packet_parse_extensions(const uint8_t *data, size_t len, struct hops_extensions *out);

#endif
