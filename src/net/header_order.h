/* SPDX-License-Identifier: MIT
 *
 * IPv4 headers as BSD-derived kernels want and give them. With IP_HDRINCL, macOS and old FreeBSDs
 * take total length and fragment field in host order, newer FreeBSDs in network order (ip(4)); what
 * they deliver may have both converted, the header length taken off, and the quoted length
 * converted in place. Which order is wanted is found out by trying.
 */
#ifndef NET_HEADER_ORDER_H
#define NET_HEADER_ORDER_H

#include <hops/types.h>

enum hops_net_order { HOPS_NET_ORDER_UNKNOWN, HOPS_NET_ORDER_NETWORK, HOPS_NET_ORDER_HOST };

/* Sends a datagram with its header; its errno, or 0. */
typedef int hops_net_order_try(void *user, const uint8_t *datagram, size_t len);

/* Finds the order with an echo request from 127.0.0.1 to itself: EINVAL in network order means host
 * order. *out is set on success only. The errno otherwise. */
int hops_net_order_find(hops_net_order_try *try_send, void *user, enum hops_net_order *out);

/* Puts a datagram with a header in network order into the wanted one. */
void hops_net_order_apply(enum hops_net_order order, uint8_t *datagram, size_t len);

/* Makes a received datagram what it was on the wire, as far as parsers look: total length (len, for
 * kernels hand out whole datagrams), no fragment, and for ICMP the checksum that the octets have
 * now. The kernel has verified the one they came with before it converted anything (ip_icmp.c). */
void hops_net_order_repair(uint8_t *datagram, size_t len);

#endif
