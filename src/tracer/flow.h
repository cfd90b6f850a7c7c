/* SPDX-License-Identifier: MIT
 *
 * Flows: ways that rounds took, each with its path and its hops. Paths are indexed by TTL from the
 * first TTL of the trace on; an entry is an address, or unknown (family NONE).
 */
#ifndef TRACER_FLOW_H
#define TRACER_FLOW_H

#include "tracer/hop.h"
#include "tracer/open_rounds.h"

struct path {
    struct hops_addr *entries;
    size_t len, cap;
};

struct flow {
    bool active; /* as in struct hop */
    uint64_t rounds;
    uint8_t low_ttl, high_ttl; /* rows; 0: none */
    uint8_t round_ttl;         /* largest TTL of its latest round */
    struct path path;
    struct hop *hops[HOPS_TTL_MAX + 1]; /* by TTL; NULL until first used */
};

/* The path of a round: who answered at first_ttl..largest_ttl. Returns its length. */
size_t hops_path_build(const struct round *round, uint8_t first_ttl, uint8_t largest_ttl,
                       struct hops_addr out[HOPS_TTL_MAX]);

/* True if a round that saw these entries may have taken the stored path: nowhere two different
 * addresses, and one in common. Where one of both knows no address at all there is nothing to have
 * in common, and it matches. */
bool hops_path_matches(const struct path *stored, const struct hops_addr *entries, size_t len);

/* Adds what the entries know and the stored path does not. Without memory the path stays shorter.
 */
void hops_path_merge(struct path *stored, const struct hops_addr *entries, size_t len,
                     struct stats_env *env);

/* A new active flow, or NULL. */
struct flow *hops_flow_new(struct stats_env *env);
void hops_flow_free(struct flow *flow, struct stats_env *env); /* NULL is fine */

/* Makes it an empty inactive flow with inactive hops; keeps its memory. */
void hops_flow_retire(struct flow *flow, struct stats_env *env);

/* The hop of that TTL if it holds something, else NULL. flow may be NULL. */
const struct hop *hops_flow_hop(const struct flow *flow, uint8_t ttl);

/* The hop of that TTL, made if need be: a continuation of the same hop of base (may be NULL) if
 * there is one. NULL without memory. */
struct hop *hops_flow_hop_for(struct flow *flow, const struct flow *base, uint8_t ttl,
                              struct stats_env *env);

#endif
