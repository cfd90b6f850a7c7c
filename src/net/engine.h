/* SPDX-License-Identifier: MIT
 *
 * Raw sockets at work for any number of traces. The engine owns the sockets, the ports they send
 * from and what is remembered of packets sent; it is the link's shared channel, which receives for
 * all. Each trace gets a small channel of its own that sends.
 *
 * A socket that no trace needs lets nothing through and is not watched.
 */
#ifndef NET_ENGINE_H
#define NET_ENGINE_H

#include "net/channel.h"
#include "net/raw.h"

struct hops_net_engine;

/* Takes raw (on success only), borrows env. HOPS_ERR_NO_INTERFACE if env->interface does not exist.
 */
enum hops_err hops_net_engine_new(const struct hops_net_env *env, struct hops_net_raw *raw,
                                  struct hops_net_engine **out, struct hops_diag *diag);

/* The channel that the link calls for HOPS_NET_SHARED: receive, ready and free (which frees the
 * engine, after all its channels). */
struct hops_net_channel *hops_net_engine_shared(struct hops_net_engine *engine);

/* A trace over raw sockets: as hops_net_channel_new. */
enum hops_err hops_net_engine_attach(struct hops_net_engine *engine, uint32_t attachment,
                                     struct hops_config *config, struct hops_net_channel **out,
                                     struct hops_diag *diag);

/* Adds to *overflow the packets lost since the last packet that came through. */
void hops_net_engine_overflow(const struct hops_net_engine *engine, uint64_t *overflow);

#endif
