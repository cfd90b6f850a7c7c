/* SPDX-License-Identifier: MIT
 *
 * Opening and binding the sockets of dgram.c, and saying in words why one could not be had.
 */
#ifndef NET_DGRAM_OPEN_H
#define NET_DGRAM_OPEN_H

#include "net/channel.h"

/* A datagram ICMP socket bound to config->source. The identifier the kernel chose becomes
 * config->trace_id: one we chose ourselves could be another process's, and of two sockets with one
 * identifier the last gets the replies of both. */
enum hops_err hops_net_ping_open(const struct hops_net_env *env, struct hops_config *config,
                                 int *out_fd, struct hops_diag *diag);

/* A UDP socket bound to config->source and source_port, or the next free port if it was only
 * proposed. */
enum hops_err hops_net_udp_open_shared(const struct hops_net_env *env, struct hops_config *config,
                                       int *out_fd, struct hops_diag *diag);

/* A UDP socket for one probe, bound to (source, port) without any reuse option, so that every kind
 * of clash is EADDRINUSE here. */
struct hops_send_result hops_net_udp_open_probe(const struct hops_net_env *env,
                                                const struct hops_config *config, uint16_t port,
                                                int *out_fd);

/* An unbound UDP socket that keeps the host's stamping switched on: the kernel begins some time
 * after the first socket asks, and a new socket per probe would always be too early. -1: none. */
int hops_net_stamp_keeper(enum hops_family family);

/* The text for binding (source, port) at the start of a trace. */
enum hops_err hops_net_bind_error(const struct hops_config *config, uint16_t port, int os_errno,
                                  struct hops_diag *diag);

#endif
