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

/* ICMP or ICMPv6: time exceeded, unreachable, packet too big; echo replies only if asked for. */
void hops_net_filter_icmp(struct hops_net_filter *out, enum hops_family family, bool echo);

/* TCP: SYN-ACK and RST from a port of remote to a port of local. */
void hops_net_filter_tcp(struct hops_net_filter *out, enum hops_family family,
                         struct hops_net_ports_span local, struct hops_net_ports_span remote);

/* Puts the program before the socket, in place of the one that is there. errno, or 0. */
int hops_net_filter_attach(int fd, const struct hops_net_filter *filter);

/* The same choice of ICMP types in the kernel's own filter of raw ICMP sockets, which refuses a
 * packet before it is even copied. errno, or 0. */
int hops_net_filter_icmp_types(int fd, enum hops_family family, bool echo);

#endif
