/* SPDX-License-Identifier: MIT
 *
 * What the raw receive sockets let through: only messages that can answer a probe of ours, so that
 * the rest of the host's traffic neither wakes the process nor fills its buffers. Filters are
 * hints: what passes is parsed and checked as if there were none.
 */
#ifndef NET_FILTER_H
#define NET_FILTER_H

#include <hops/types.h>

#include <linux/filter.h>

#define HOPS_NET_FILTER_MAX 20

/* A classic BPF program. */
struct hops_net_filter {
    struct sock_filter code[HOPS_NET_FILTER_MAX];
    unsigned short len;
};

/* Ports lo..hi; lo > hi: none at all. */
struct hops_net_ports_span {
    uint16_t lo;
    uint16_t hi;
};

/* Lets nothing through. */
void hops_net_filter_none(struct hops_net_filter *out);

/* TCP: SYN-ACK and RST from a port of remote to a port of local. */
void hops_net_filter_tcp(struct hops_net_filter *out, enum hops_family family,
                         struct hops_net_ports_span local, struct hops_net_ports_span remote);

/* Puts the program before the socket, in place of the one that is there. errno, or 0. */
int hops_net_filter_attach(int fd, const struct hops_net_filter *filter);

/* Raw ICMP and ICMPv6 sockets have a filter of their own, by type, which needs no program to be
 * compiled: time exceeded, unreachable, packet too big, and echo replies if asked for. errno, or 0.
 */
int hops_net_filter_icmp(int fd, enum hops_family family, bool echo);

/* The same, letting no type through (ICMP types above 31 are not answers, and pass). */
int hops_net_filter_icmp_none(int fd, enum hops_family family);

#endif
