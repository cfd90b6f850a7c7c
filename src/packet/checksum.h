/* SPDX-License-Identifier: MIT
 *
 * The Internet checksum (RFC 1071) as a running sum, so that pseudo header, header and payload need
 * not lie in one piece. Every piece but the last must have an even length.
 */
#ifndef PACKET_CHECKSUM_H
#define PACKET_CHECKSUM_H

#include <hops/types.h>

/* The sum after these octets; start with 0. An odd last octet counts as the high half of a word. */
uint64_t hops_checksum_add(uint64_t sum, const void *data, size_t len);

/* The sum of a pseudo header (RFC 768, RFC 9293, RFC 8200 8.1): addresses of one family, protocol
 * number and length of the transport header with its payload. */
uint64_t hops_checksum_pseudo(const struct hops_addr *src, const struct hops_addr *dst,
                              uint8_t protocol, size_t len);

/* The sum folded to 16 bits, not inverted: 0xffff for octets that contain their own checksum. */
uint16_t hops_checksum_fold(uint64_t sum);

/* What goes into a checksum field: the folded sum inverted. */
uint16_t hops_checksum_finish(uint64_t sum);

/* The checksum of octets without pseudo header; 0 for none at all. */
uint16_t hops_checksum(const void *data, size_t len);

/* The same for what a UDP header must carry: 0 would mean "none", so it becomes 0xffff (RFC 768).
 */
uint16_t hops_checksum_finish_udp(uint64_t sum);

#endif
