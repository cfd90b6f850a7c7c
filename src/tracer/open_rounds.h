/* SPDX-License-Identifier: MIT
 *
 * The rounds that are not final yet, oldest first, with their slots. Round numbers and probe ids
 * run on serially, so both are found by their offset from the first one; where a recording has
 * gaps, by bisection. Comparisons are made modulo 2^32: the numbers may wrap in a long trace.
 * Rounds taken out keep their memory for the next ones.
 */
#ifndef TRACER_OPEN_ROUNDS_H
#define TRACER_OPEN_ROUNDS_H

#include "tracer/slot.h"

struct round {
    struct round *next_unused;
    uint32_t number;
    bool complete;                     /* its ROUND event was seen, so it may be shown */
    bool settled;                      /* nothing more can come */
    bool changed;                      /* something came after it was complete */
    uint8_t published_ttl, target_ttl; /* of its ROUND event */
    struct slot *slots;
    size_t count, cap;
};

struct open_rounds {
    struct round **ring; /* cap is 0 or a power of two */
    size_t head, count, cap;
    struct round *unused;
    bool any;      /* last is valid */
    uint32_t last; /* newest number ever taken in */
};

/* Number i, oldest first; i < count. */
struct round *hops_open_rounds_at(const struct open_rounds *rounds, size_t i);

/* NULL if it is not open. */
struct round *hops_open_rounds_find(const struct open_rounds *rounds, uint32_t number);

/* The round of that number; a new one if it is newer than all before. NULL if it is neither; NULL
 * and *out_starved if there is no memory. */
struct round *hops_open_rounds_get(struct open_rounds *rounds, uint32_t number,
                                   const struct hops_mem *mem, bool *out_starved);

/* Takes the oldest round out; what was borrowed from it is void. */
void hops_open_rounds_pop(struct open_rounds *rounds, struct extpool *pool);

/* Takes all complete rounds out. */
void hops_open_rounds_drop_complete(struct open_rounds *rounds, struct extpool *pool);

/* Takes everything out and frees it. */
void hops_open_rounds_done(struct open_rounds *rounds, struct extpool *pool);

/* NULL if the round has no such probe. */
struct slot *hops_round_find(const struct round *round, uint32_t id);

/* A new slot, AWAITED, for a probe newer than the ones before. NULL if it is not; NULL and
 * *out_starved if there is no memory. */
struct slot *hops_round_add(struct round *round, const struct hops_probe *probe,
                            const struct hops_mem *mem, bool *out_starved);

/* How far the path of the round reaches: rows beyond it do not count. See the .c file. */
uint8_t hops_round_largest_ttl(const struct round *round);

#endif
