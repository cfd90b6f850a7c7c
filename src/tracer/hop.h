/* SPDX-License-Identifier: MIT
 *
 * Arithmetic of one hop (one TTL of one flow): counts, round-trip times, jitter, addresses and
 * samples, updated by one slot at a time. Knows nothing of rounds, flows or other hops.
 */
#ifndef TRACER_HOP_H
#define TRACER_HOP_H

#include <hops/stats.h>

#include "tracer/extref.h"
#include "tracer/slot.h"

/* What all parts of one statistics object share. */
struct stats_env {
    const struct hops_mem *mem;
    struct extpool extensions;
    size_t max_samples;
    bool starved; /* an allocation failed, something is missing */
};

enum {
    SAMPLES_MAX = 65536 /* per hop, whatever the configuration says */
};

/* The newest samples, as many as fit. Grows from a few to the limit as they come. */
struct samples {
    uint32_t *ring;
    size_t cap, count;
    size_t next; /* where the next one goes */
};

struct hop {
    bool active;         /* holds something; an inactive one only keeps memory for later */
    struct hops_hop pub; /* all but what it borrows: that is filled in by hops_hop_get() */
    uint64_t rtt_total;  /* ns */
    struct hops_hop_addr *addrs;
    size_t addr_count, addr_cap;
    struct samples samples;
    struct extref *extensions;
};

/* What the other slots of its round say about a slot. */
enum slot_loss { LOSS_NONE, LOSS_FORWARD, LOSS_BACKWARD };

struct slot_context {
    uint32_t round;
    enum slot_loss loss;
    enum hops_nat_status nat; /* NOT_APPLICABLE: nothing learnt */
};

/* Makes hop an empty active one; keeps its memory. hop is zeroed or was used before. */
void hops_hop_reset(struct hop *hop, uint8_t ttl, struct stats_env *env);

/* Makes hop an inactive one; keeps its memory, gives its extensions back. */
void hops_hop_retire(struct hop *hop, struct stats_env *env);

/* Makes hop a continuation of base: everything but the samples, of which it has none yet. */
void hops_hop_continue(struct hop *hop, const struct hop *base, struct stats_env *env);

/* Frees what hop holds, not hop itself. */
void hops_hop_done(struct hop *hop, struct stats_env *env);

/* Takes a slot that is not SKIPPED. */
void hops_hop_add(struct hop *hop, const struct slot *slot, const struct slot_context *context,
                  struct stats_env *env);

/* The public view. base: what hop continues, or NULL. */
void hops_hop_get(const struct hop *hop, const struct hop *base, size_t max_samples,
                  struct hops_hop *out);

/* Sample number i, newest first; i is below the sample_count of hops_hop_get(). */
uint32_t hops_hop_sample_at(const struct hop *hop, const struct hop *base, size_t i);

/* A hop nothing is known of. */
void hops_hop_init(struct hops_hop *out, uint8_t ttl);

/* An RTT as a sample: whole microseconds, to the nearest, below the markers. */
uint32_t hops_sample_from_rtt(hops_ns rtt);

#endif
