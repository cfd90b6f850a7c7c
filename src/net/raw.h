/* SPDX-License-Identifier: MIT
 *
 * The raw sockets of a process. One set serves every trace: IPv4 probes of all protocols leave by
 * one header-included socket, IPv6 probes by one socket per protocol; answers come in by the ICMP
 * and TCP sockets.
 */
#ifndef NET_RAW_H
#define NET_RAW_H

#include <hops/net.h>

enum hops_net_raw_kind {
    HOPS_NET_RAW_IPV4,  /* IPPROTO_RAW: sends only */
    HOPS_NET_RAW_ICMP,  /* receives only */
    HOPS_NET_RAW_ICMP6, /* sends and receives */
    HOPS_NET_RAW_UDP6,  /* sends only: answers go to the socket that holds the port */
    HOPS_NET_RAW_TCP,   /* receives only */
    HOPS_NET_RAW_TCP6   /* sends and receives */
};
#define HOPS_NET_RAW_KINDS 6

struct hops_net_raw {
    int fd[HOPS_NET_RAW_KINDS];       /* -1: not there */
    int os_errno[HOPS_NET_RAW_KINDS]; /* why not */
    enum hops_call call[HOPS_NET_RAW_KINDS];
};

/* The family of a kind, and the socket that sends probes of this protocol and family. */
enum hops_family hops_net_raw_family(enum hops_net_raw_kind kind);
enum hops_net_raw_kind hops_net_raw_sender(enum hops_protocol protocol, enum hops_family family);

/* True if traces of this protocol and family use this socket, for sending or receiving. */
bool hops_net_raw_uses(enum hops_protocol protocol, enum hops_family family,
                       enum hops_net_raw_kind kind);

/* HOPS_OK if hops_net_raw_usable(); else HOPS_ERR_PRIVILEGE (or HOPS_ERR_SYSTEM if it is not a
 * matter of rights), naming the socket, the errno and what to do. */
enum hops_err hops_net_raw_check(const struct hops_net_raw *raw, enum hops_protocol protocol,
                                 enum hops_family family, struct hops_diag *diag) HOPS_MUST_USE;

/* Transmit stamps of a sending socket on, counted from 0 again. errno, or 0. */
int hops_net_raw_stamp(int fd);

/* Lets nothing through from now on. errno, or 0. */
int hops_net_raw_quiet(int fd, enum hops_net_raw_kind kind);

/* Throws away what is queued. */
void hops_net_raw_flush(int fd);

#endif
