/* SPDX-License-Identifier: MIT
 *
 * What a node answers to a probe that ended there, as octets, and the way of the answer back to us:
 * rate limits, loss, translators that repair quotes, duplicates, stragglers, malformed packets.
 */
#ifndef SIM_REPLY_H
#define SIM_REPLY_H

#include "sim/queue.h"
#include "sim/walk.h"

/* The token bucket of one node. */
struct hops_sim_bucket {
    bool used;
    double tokens;
    hops_ns at;
};

struct hops_sim_reply_context {
    const struct hops_scenario *scenario;
    const struct hops_scenario_target *target;
    const struct hops_sim_packet *sent; /* the probe as it left this host */
    const struct hops_sim_walk *walk;   /* where it ended */
    struct hops_sim_bucket *bucket;     /* of the node where it ended */
    bool extensions;                    /* the trace keeps extensions */
};

/* Queues what comes back. Returns how many packets found no room in the queue. */
size_t hops_sim_reply(const struct hops_sim_reply_context *context, struct hops_sim_queue *queue);

#endif
