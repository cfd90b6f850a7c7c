/* SPDX-License-Identifier: MIT */
#include "tracer/fold.h"

#include <assert.h>
#include <string.h>

#include "tracer/loss.h"

static const struct flow *own_flow(const struct fold *fold, size_t id) {
    if (id >= fold->cap || fold->flows[id] == NULL || !fold->flows[id]->active) {
        return NULL;
    }
    return fold->flows[id];
}

const struct flow *hops_fold_flow(const struct fold *fold, size_t id) {
    const struct flow *flow = id < fold->count ? own_flow(fold, id) : NULL;

    return flow == NULL && fold->base != NULL ? hops_fold_flow(fold->base, id) : flow;
}

const struct hop *hops_fold_hop(const struct fold *fold, size_t id, uint8_t ttl,
                                const struct hop **out_base) {
    const struct hop *hop = id < fold->count ? hops_flow_hop(own_flow(fold, id), ttl) : NULL;
    const struct hop *base = NULL;

    if (fold->base != NULL) {
        const struct hop *none;
        base = hops_fold_hop(fold->base, id, ttl, &none);
    }
    *out_base = hop == NULL ? NULL : base;
    return hop == NULL ? base : hop;
}

static bool reserve(struct fold *fold, size_t count, struct stats_env *env) {
    enum { FIRST_CAP = 4 };
    size_t cap = fold->cap == 0 ? FIRST_CAP : fold->cap;

    if (count <= fold->cap) {
        return true;
    }
    while (cap < count) {
        cap *= 2;
    }
    struct flow **flows =
        env->mem->realloc(fold->flows, cap * sizeof(struct flow *), env->mem->user);
    if (flows == NULL) {
        env->starved = true;
        return false;
    }
    memset(flows + fold->cap, 0, (cap - fold->cap) * sizeof(struct flow *));
    fold->flows = flows;
    fold->cap = cap;
    return true;
}

/* The fold's own flow of that id, begun as a copy of the base's if it has none yet. */
static struct flow *flow_for(struct fold *fold, size_t id, struct stats_env *env) {
    if (!reserve(fold, id + 1, env)) {
        return NULL;
    }
    struct flow *flow = fold->flows[id];
    if (flow != NULL && flow->active) {
        return flow;
    }
    if (flow == NULL) {
        flow = hops_flow_new(env);
        if (flow == NULL) {
            return NULL;
        }
        fold->flows[id] = flow;
    }
    flow->active = true;
    const struct flow *base = fold->base == NULL ? NULL : hops_fold_flow(fold->base, id);
    if (base != NULL) {
        flow->rounds = base->rounds;
        flow->low_ttl = base->low_ttl;
        flow->high_ttl = base->high_ttl;
        flow->round_ttl = base->round_ttl;
        hops_path_merge(&flow->path, base->path.entries, base->path.len, env);
    }
    return flow;
}

bool hops_fold_init(struct fold *fold, const struct fold *base, struct stats_env *env) {
    *fold = (struct fold){.base = base, .count = 1};
    if (flow_for(fold, 0, env) == NULL) {
        hops_fold_done(fold, env);
        return false;
    }
    return true;
}

void hops_fold_done(struct fold *fold, struct stats_env *env) {
    for (size_t id = 0; id < fold->cap; id++) {
        hops_flow_free(fold->flows[id], env);
    }
    env->mem->free(fold->flows, env->mem->user);
    *fold = (struct fold){0};
}

void hops_fold_reset(struct fold *fold, struct stats_env *env) {
    for (size_t id = 0; id < fold->count && id < fold->cap; id++) {
        if (fold->flows[id] != NULL && fold->flows[id]->active) {
            hops_flow_retire(fold->flows[id], env);
        }
    }
    if (fold->base == NULL) {
        assert(fold->flows[0] != NULL); /* made by hops_fold_init() */
        fold->flows[0]->active = true;
        fold->count = 1;
        fold->round_flow = 0;
    } else {
        fold->count = fold->base->count;
        fold->round_flow = fold->base->round_flow;
    }
}

/* Finds the flow of a path, or makes it one; the first that matches wins. 0: there is none and no
 * room for a new one. */
static uint32_t register_path(struct fold *fold, const struct hops_addr *entries, size_t len,
                              size_t max_flows, struct stats_env *env) {
    size_t id = 1;

    while (id < fold->count && !hops_path_matches(&hops_fold_flow(fold, id)->path, entries, len)) {
        id++;
    }
    if (id == fold->count && id > max_flows) {
        return 0;
    }
    struct flow *flow = flow_for(fold, id, env);
    if (flow == NULL) {
        return 0;
    }
    if (id == fold->count) {
        fold->count++;
    }
    hops_path_merge(&flow->path, entries, len, env);
    return (uint32_t)id;
}

/* A translator rewrites the checksum of a UDP datagram that passes it, and routers behind it quote
 * the new one. All probes of a round have the same checksum, so only the first to quote another one
 * than its predecessor stands right behind a translator. */
struct nat_scan {
    bool known;
    uint16_t checksum;
};

static enum hops_nat_status nat_next(struct nat_scan *scan, const struct slot *slot) {
    if (slot->status != SLOT_COMPLETE || !slot->has_checksums) {
        return HOPS_NAT_NOT_APPLICABLE;
    }
    uint16_t before = scan->known ? scan->checksum : slot->checksum_expected;
    scan->known = true;
    scan->checksum = slot->checksum_actual;
    return slot->checksum_actual == before ? HOPS_NAT_NOT_DETECTED : HOPS_NAT_DETECTED;
}

static void add_slot(struct fold *fold, size_t id, const struct slot *slot,
                     const struct slot_context *context, struct stats_env *env) {
    struct flow *flow = flow_for(fold, id, env);

    if (flow == NULL) {
        return;
    }
    if (flow->low_ttl == 0 || slot->ttl < flow->low_ttl) {
        flow->low_ttl = slot->ttl;
    }
    const struct flow *base = fold->base == NULL ? NULL : hops_fold_flow(fold->base, id);
    struct hop *hop = hops_flow_hop_for(flow, base, slot->ttl, env);
    if (hop != NULL) {
        hops_hop_add(hop, slot, context, env);
    }
}

static void begin_round(struct fold *fold, size_t id, uint8_t largest_ttl, struct stats_env *env) {
    struct flow *flow = flow_for(fold, id, env);

    if (flow == NULL) {
        return;
    }
    flow->rounds++;
    flow->high_ttl = largest_ttl > flow->high_ttl ? largest_ttl : flow->high_ttl;
    flow->round_ttl = largest_ttl;
}

void hops_fold_add(struct fold *fold, const struct round *round, uint8_t first_ttl,
                   size_t max_flows, struct stats_env *env) {
    uint8_t largest_ttl = hops_round_largest_ttl(round);
    struct hops_addr path[HOPS_TTL_MAX];
    size_t path_len = hops_path_build(round, first_ttl, largest_ttl, path);
    uint32_t id = max_flows == 0 ? 0 : register_path(fold, path, path_len, max_flows, env);

    fold->round_flow = id;
    begin_round(fold, 0, largest_ttl, env);
    if (id != 0) {
        begin_round(fold, id, largest_ttl, env);
    }
    struct loss_scan loss = hops_loss_scan(round->slots, round->count, largest_ttl);
    struct nat_scan nat = {0};
    for (size_t i = 0; i < round->count; i++) {
        const struct slot *slot = &round->slots[i];
        if (slot->status == SLOT_SKIPPED || slot->ttl > largest_ttl) {
            continue;
        }
        struct slot_context context = {.round = round->number, .nat = nat_next(&nat, slot)};
        if (slot->status == SLOT_AWAITED) {
            context.loss = hops_loss_next(&loss, slot->ttl);
        }
        add_slot(fold, 0, slot, &context, env);
        if (id != 0) {
            add_slot(fold, id, slot, &context, env);
        }
    }
}
