/* SPDX-License-Identifier: MIT
 *
 * Addresses as the socket calls want them, and the few socket calls that every kind of socket of
 * this folder begins with.
 */
#ifndef NET_SOCKADDR_H
#define NET_SOCKADDR_H

#include <hops/types.h>

#include <sys/socket.h>

/* AF_INET, AF_INET6, or AF_UNSPEC without family. */
int hops_net_af(const struct hops_addr *addr);

/* Fills *out and returns its length. The scope of a link-local address becomes sin6_scope_id. */
socklen_t hops_net_sockaddr_set(struct sockaddr_storage *out, const struct hops_addr *addr,
                                uint16_t port);

/* The address of len octets at sa (any alignment), family NONE if it is neither IPv4 nor IPv6.
 * port may be NULL. */
struct hops_addr hops_net_sockaddr_get(const void *sa, size_t len, uint16_t *port);

/* socket(), closed on exec and non-blocking. */
int hops_net_socket(int af, int type, int protocol);

/* Packets that come in are stamped by the kernel from now on; errno, or 0. */
int hops_net_stamp_arrivals(int fd);

/* setsockopt() with an int; its errno, or 0. */
int hops_net_set_int(int fd, int level, int option, int value);

/* Ties the socket to an interface unless that is "": its errno, or 0. ENODEV for one that does not
 * exist, ENOPROTOOPT where the system cannot do it (FreeBSD, NetBSD, OpenBSD). */
int hops_net_set_interface(int fd, const char *interface);

#endif
