/* SPDX-License-Identifier: MIT
 *
 * The link over this host's network. Raw sockets where the process may have them, otherwise
 * datagram sockets and their error queues.
 */
#ifndef HOPS_NET_H
#define HOPS_NET_H

#include <hops/addr.h>
#include <hops/err.h>
#include <hops/link.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The raw sockets of a process, opened before anything else is done and before every privilege is
 * given up: IPv4 header-included, ICMP, ICMPv6, UDP over IPv6, TCP, TCP over IPv6. They stamp
 * what they receive; what comes in before a trace uses them is thrown away. */
struct hops_net_raw;

/* Opens what can be opened; the errno of each refusal is remembered and told when that socket would
 * be needed. Fails only for lack of memory. */
HOPS_API enum hops_err hops_net_raw_open(struct hops_net_raw **out) HOPS_MUST_USE;
HOPS_API void hops_net_raw_close(struct hops_net_raw *raw); /* NULL is fine */

/* Closes the sockets that traces of this protocol to these families do not need. Call it as soon as
 * that is known: sockets that nobody uses cost the host something for each packet it receives. */
HOPS_API void hops_net_raw_keep(struct hops_net_raw *raw, enum hops_protocol protocol, bool ipv4,
                                bool ipv6);

/* True if every raw socket that traces of this protocol and family need is there. */
HOPS_API bool hops_net_raw_usable(const struct hops_net_raw *raw, enum hops_protocol protocol,
                                  enum hops_family family);

/* True if this process may open datagram ICMP sockets (net.ipv4.ping_group_range). */
HOPS_API bool hops_net_ping_usable(enum hops_family family);

struct hops_net_options {
    size_t size;
    bool unprivileged; /* use no raw socket, even if there are */
    bool tcp_connect;  /* TCP by connect(), not half-open, even with raw sockets */
    char interface[HOPS_INTERFACE_NAME_MAX]; /* send through this device only; "" any */
};

HOPS_API void hops_net_options_init(struct hops_net_options *options);

/* Creates the link. It takes raw (NULL: none), on success only. mem may be NULL for the C
 * library's; it is borrowed for the link's life. */
HOPS_API enum hops_err hops_net_new(struct hops_net_raw *raw,
                                    const struct hops_net_options *options,
                                    const struct hops_mem *mem, struct hops_link **out,
                                    struct hops_diag *diag) HOPS_MUST_USE;

/* Address literals with a zone: "fe80::1%eth0" or "fe80::1%2". Link-local IPv6 only; other text as
 * hops_addr_parse(). */
HOPS_API bool hops_net_addr_parse(const char *text, struct hops_addr *out) HOPS_MUST_USE;

/* CLOCK_MONOTONIC, the time of everything a net link does. */
HOPS_API hops_ns hops_net_now(void);

#ifdef __cplusplus
}
#endif

#endif
