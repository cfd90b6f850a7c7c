/* SPDX-License-Identifier: MIT
 *
 * IPv4 and IPv6 addresses as text and as keys (RFC 791, RFC 4291, RFC 5952).
 */
#ifndef HOPS_ADDR_H
#define HOPS_ADDR_H

#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

HOPS_API struct hops_addr hops_addr_ipv4(const uint8_t octets[4]);
HOPS_API struct hops_addr hops_addr_ipv6(const uint8_t octets[16], uint32_t scope);

/* Reads a dotted quad (four parts, no leading zeros) or an IPv6 address. No brackets, blanks or
 * zone (zones are resolved to a scope by net/, which knows the interfaces). False leaves *out
 * untouched. */
HOPS_API bool hops_addr_parse(const char *text, struct hops_addr *out) HOPS_MUST_USE;

/* Writes the address and returns out: IPv4 as a dotted quad, IPv6 in lower case with the first
 * longest run of two or more zero groups compressed; only IPv4-mapped addresses end in a dotted
 * quad
 * (::ffff:192.0.2.7, but ::102:304). A scope is not written. An address without family gives "". */
HOPS_API char *hops_addr_format(const struct hops_addr *addr, char out[HOPS_ADDR_TEXT_MAX]);

/* Same family and octets; the scope counts only for link-local addresses, and only if both have
 * one. */
HOPS_API bool hops_addr_equal(const struct hops_addr *a, const struct hops_addr *b);

HOPS_API bool hops_addr_is_link_local(const struct hops_addr *addr); /* fe80::/10 */

/* A spread-out hash of family and octets (scope left out), seeded against chosen keys. */
HOPS_API uint64_t hops_addr_hash(const struct hops_addr *addr, uint64_t seed);

/* Octets of the address: 4, 16, or 0 without family. */
HOPS_API size_t hops_addr_len(const struct hops_addr *addr);

#ifdef __cplusplus
}
#endif

#endif
