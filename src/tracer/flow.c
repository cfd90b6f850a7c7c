/* SPDX-License-Identifier: MIT */
#include "tracer/flow.h"

#include <string.h>

size_t hops_path_build(const struct round *round, uint8_t first_ttl, uint8_t largest_ttl,
                       struct hops_addr out[HOPS_TTL_MAX]) {
    if (largest_ttl < first_ttl) {
        return 0;
    }
    size_t len = (size_t)(largest_ttl - first_ttl) + 1;
    if (len > HOPS_TTL_MAX) {
        len = HOPS_TTL_MAX;
    }
    memset(out, 0, len * sizeof(*out));
    for (size_t i = 0; i < round->count; i++) {
        const struct slot *slot = &round->slots[i];
        size_t at = (size_t)slot->ttl - first_ttl; /* below first_ttl: a huge number */
        if (slot->status == SLOT_COMPLETE && at < len) {
            out[at] = slot->responder;
        }
    }
    return len;
}

static bool is_known(const struct hops_addr *addr) {
    return addr->family != HOPS_FAMILY_NONE;
}

static bool knows_any(const struct hops_addr *entries, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (is_known(&entries[i])) {
            return true;
        }
    }
    return false;
}

bool hops_path_matches(const struct path *stored, const struct hops_addr *entries, size_t len) {
    size_t shorter = len < stored->len ? len : stored->len;
    bool shared = false;

    for (size_t i = 0; i < shorter; i++) {
        if (is_known(&entries[i]) && is_known(&stored->entries[i])) {
            if (!hops_addr_equal(&entries[i], &stored->entries[i])) {
                return false;
            }
            shared = true;
        }
    }
    return shared || !knows_any(entries, len) || !knows_any(stored->entries, stored->len);
}

void hops_path_merge(struct path *stored, const struct hops_addr *entries, size_t len,
                     struct stats_env *env) {
    if (len > stored->cap) {
        const struct hops_mem *mem = env->mem;
        struct hops_addr *grown = mem->realloc(stored->entries, len * sizeof(*grown), mem->user);
        if (grown == NULL) {
            env->starved = true;
            len = stored->cap;
        } else {
            stored->entries = grown;
            stored->cap = len;
        }
    }
    for (size_t i = 0; i < len; i++) {
        if (i >= stored->len || !is_known(&stored->entries[i])) {
            stored->entries[i] = entries[i];
        }
    }
    stored->len = len > stored->len ? len : stored->len;
}

struct flow *hops_flow_new(struct stats_env *env) {
    struct flow *flow = env->mem->calloc(1, sizeof(*flow), env->mem->user);

    if (flow == NULL) {
        env->starved = true;
        return NULL;
    }
    flow->active = true;
    return flow;
}

void hops_flow_free(struct flow *flow, struct stats_env *env) {
    if (flow == NULL) {
        return;
    }
    for (size_t ttl = 0; ttl <= HOPS_TTL_MAX; ttl++) {
        if (flow->hops[ttl] != NULL) {
            hops_hop_done(flow->hops[ttl], env);
            env->mem->free(flow->hops[ttl], env->mem->user);
        }
    }
    env->mem->free(flow->path.entries, env->mem->user);
    env->mem->free(flow, env->mem->user);
}

void hops_flow_retire(struct flow *flow, struct stats_env *env) {
    for (size_t ttl = 0; ttl <= HOPS_TTL_MAX; ttl++) {
        if (flow->hops[ttl] != NULL && flow->hops[ttl]->active) {
            hops_hop_retire(flow->hops[ttl], env);
        }
    }
    flow->active = false;
    flow->rounds = 0;
    flow->low_ttl = 0;
    flow->high_ttl = 0;
    flow->round_ttl = 0;
    flow->path.len = 0;
}

const struct hop *hops_flow_hop(const struct flow *flow, uint8_t ttl) {
    if (flow == NULL || ttl > HOPS_TTL_MAX || flow->hops[ttl] == NULL || !flow->hops[ttl]->active) {
        return NULL;
    }
    return flow->hops[ttl];
}

struct hop *hops_flow_hop_for(struct flow *flow, const struct flow *base, uint8_t ttl,
                              struct stats_env *env) {
    struct hop *hop = flow->hops[ttl];

    if (hop != NULL && hop->active) {
        return hop;
    }
    if (hop == NULL) {
        hop = env->mem->calloc(1, sizeof(*hop), env->mem->user);
        if (hop == NULL) {
            env->starved = true;
            return NULL;
        }
        flow->hops[ttl] = hop;
    }
    const struct hop *earlier = hops_flow_hop(base, ttl);
    if (earlier != NULL) {
        hops_hop_continue(hop, earlier, env);
    } else {
        hops_hop_reset(hop, ttl, env);
    }
    return hop;
}
