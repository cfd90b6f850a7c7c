/* SPDX-License-Identifier: MIT
 *
 * Rounds summed up: flow 0 (all rounds) and the registry of flows. There are two of them in one
 * statistics object. The committed fold holds what is final. The overlay continues it by the
 * complete rounds that may still change: it holds only the flows and hops these rounds touch, each
 * begun as a copy of the committed one (samples are not copied), and is thrown away and made again
 * when something changed. Both are filled by the same function, so they cannot disagree.
 */
#ifndef TRACER_FOLD_H
#define TRACER_FOLD_H

#include "tracer/flow.h"

struct fold {
    const struct fold *base; /* what it continues; NULL for the committed one */
    struct flow **flows;     /* by id; flow 0 is always there */
    size_t cap;
    size_t count; /* ids in use, flow 0 included; an overlay counts those of its base */
    uint32_t round_flow;
};

/* Flow 0 alone. False without memory (nothing to free then). */
bool hops_fold_init(struct fold *fold, const struct fold *base, struct stats_env *env);
void hops_fold_done(struct fold *fold, struct stats_env *env);

/* Back to flow 0 alone, empty (committed fold), or to a plain view of the base (overlay). Keeps the
 * memory. */
void hops_fold_reset(struct fold *fold, struct stats_env *env);

/* Adds a complete round. */
void hops_fold_add(struct fold *fold, const struct round *round, uint8_t first_ttl,
                   size_t max_flows, struct stats_env *env);

/* The flow of that id as the fold sees it; NULL if there is none. */
const struct flow *hops_fold_flow(const struct fold *fold, size_t id);

/* The hop as the fold sees it, NULL if there is none; *out_base: the one whose samples it
 * continues, or NULL. */
const struct hop *hops_fold_hop(const struct fold *fold, size_t id, uint8_t ttl,
                                const struct hop **out_base);

#endif
