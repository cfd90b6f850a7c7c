/* SPDX-License-Identifier: MIT
 *
 * Which address probes leave from: as given, by interface, or as the kernel would choose. Also the
 * other questions a link asks the host before it opens a socket for a trace.
 */
#ifndef NET_SOURCE_H
#define NET_SOURCE_H

#include <hops/config.h>
#include <hops/err.h>

/* Settles config->source, and the scope of link-local addresses, for a trace that goes out through
 * interface ("": any).
 *   a given source   must be an address of this host: HOPS_ERR_NO_SOURCE
 *   an interface     its first address that fits the target: HOPS_ERR_NO_INTERFACE
 *   neither          the one the kernel routes the target with: HOPS_ERR_NO_ROUTE
 * A link-local target without zone is refused unless there is an interface: HOPS_ERR_INVALID. */
enum hops_err hops_net_source_settle(struct hops_config *config, const char *interface,
                                     struct hops_diag *diag) HOPS_MUST_USE;

/* The errno of binding a UDP socket to source, any port: 0 while the address is on this host,
 * EADDRNOTAVAIL when it is not. */
int hops_net_source_probe(const struct hops_addr *source, const char *interface);

/* Watches the source address. A socket that was bound before goes on sending IPv6 packets with an
 * address that has been removed, without any error, so the address is bound anew once a round. */
struct hops_net_source_watch {
    bool checked;
    uint32_t round;
    int os_errno;
};

/* The errno of binding to source as of this round: 0 or EADDRNOTAVAIL and the like. */
int hops_net_source_watch(struct hops_net_source_watch *watch, uint32_t round,
                          const struct hops_addr *source);

/* Lets this process open as many descriptors as it may ever (RLIMIT_NOFILE). */
void hops_net_raise_descriptor_limit(void);

/* True if the address belongs to this host; used to tell local errors from those of routers. */
bool hops_net_source_is_ours(const struct hops_addr *addr);

#endif
