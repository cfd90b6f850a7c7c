/* SPDX-License-Identifier: MIT */
#include "tracer/hop.h"

#include <math.h>
#include <string.h>

static void *resize(const struct stats_env *env, void *ptr, size_t count, size_t size) {
    if (count > SIZE_MAX / size) {
        return NULL;
    }
    return env->mem->realloc(ptr, count * size, env->mem->user);
}

uint32_t hops_sample_from_rtt(hops_ns rtt) {
    const uint32_t highest = UINT32_MAX - 2; /* the two above are markers */
    hops_ns us = rtt / HOPS_US + (rtt % HOPS_US >= HOPS_US / 2 ? 1 : 0);

    return us >= (hops_ns)highest ? highest : (uint32_t)us;
}

/* Makes room for one more, up to max. Without memory the ring stays as it is and the oldest sample
 * goes. */
static void samples_grow(struct samples *samples, struct stats_env *env) {
    enum { FIRST_CAP = 16 };
    size_t cap = samples->cap == 0 ? FIRST_CAP : samples->cap * 2;

    if (cap > env->max_samples) {
        cap = env->max_samples;
    }
    uint32_t *ring = resize(env, NULL, cap, sizeof(*ring));
    if (ring == NULL) {
        env->starved = true;
        return;
    }
    size_t tail = samples->count - samples->next; /* full: the oldest is at next */
    if (samples->count > 0) {
        memcpy(ring, samples->ring + samples->next, tail * sizeof(*ring));
        memcpy(ring + tail, samples->ring, samples->next * sizeof(*ring));
    }
    env->mem->free(samples->ring, env->mem->user);
    samples->ring = ring;
    samples->cap = cap;
    samples->next = samples->count;
}

static void samples_add(struct samples *samples, uint32_t value, struct stats_env *env) {
    if (samples->count == samples->cap && samples->cap < env->max_samples) {
        if (samples->next == samples->cap) {
            samples->next = 0;
        }
        samples_grow(samples, env);
    }
    if (samples->cap == 0) {
        return;
    }
    if (samples->next == samples->cap) {
        samples->next = 0;
    }
    samples->ring[samples->next] = value;
    samples->next++;
    if (samples->count < samples->cap) {
        samples->count++;
    }
}

static uint32_t samples_at(const struct samples *samples, size_t i) {
    size_t back = i + 1;

    return samples
        ->ring[samples->next >= back ? samples->next - back : samples->next + samples->cap - back];
}

static bool addrs_reserve(struct hop *hop, size_t count, struct stats_env *env) {
    size_t cap = hop->addr_cap == 0 ? 1 : hop->addr_cap;

    if (count <= hop->addr_cap) {
        return true;
    }
    while (cap < count) {
        cap *= 2;
    }
    struct hops_hop_addr *addrs = resize(env, hop->addrs, cap, sizeof(*addrs));
    if (addrs == NULL) {
        env->starved = true;
        return false;
    }
    hop->addrs = addrs;
    hop->addr_cap = cap;
    return true;
}

/* An address there is no room for still counts, among the others. */
static void addrs_add(struct hop *hop, const struct hops_addr *addr, struct stats_env *env) {
    for (size_t i = 0; i < hop->addr_count; i++) {
        if (hops_addr_equal(&hop->addrs[i].addr, addr)) {
            hop->addrs[i].count++;
            return;
        }
    }
    if (hop->addr_count == HOPS_HOP_ADDRS_MAX || !addrs_reserve(hop, hop->addr_count + 1, env)) {
        hop->pub.other_addrs++;
        return;
    }
    hop->addrs[hop->addr_count] = (struct hops_hop_addr){.addr = *addr, .count = 1};
    hop->addr_count++;
}

void hops_hop_init(struct hops_hop *out, uint8_t ttl) {
    *out = (struct hops_hop){.ttl = ttl, .tos = -1, .nat = HOPS_NAT_NOT_APPLICABLE};
}

void hops_hop_retire(struct hop *hop, struct stats_env *env) {
    hop->active = false;
    hop->addr_count = 0;
    hop->samples.count = 0;
    hop->samples.next = 0;
    hops_extref_set(&env->extensions, &hop->extensions, NULL);
}

void hops_hop_reset(struct hop *hop, uint8_t ttl, struct stats_env *env) {
    hops_hop_retire(hop, env);
    hop->active = true;
    hop->rtt_total = 0;
    hops_hop_init(&hop->pub, ttl);
}

void hops_hop_continue(struct hop *hop, const struct hop *base, struct stats_env *env) {
    hops_hop_reset(hop, base->pub.ttl, env);
    hop->pub = base->pub;
    hop->rtt_total = base->rtt_total;
    hops_extref_set(&env->extensions, &hop->extensions, base->extensions);
    if (base->addr_count == 0) {
        return;
    }
    if (!addrs_reserve(hop, base->addr_count, env)) {
        for (size_t i = 0; i < base->addr_count; i++) {
            hop->pub.other_addrs += base->addrs[i].count;
        }
        return;
    }
    memcpy(hop->addrs, base->addrs, base->addr_count * sizeof(*hop->addrs));
    hop->addr_count = base->addr_count;
}

void hops_hop_done(struct hop *hop, struct stats_env *env) {
    hops_extref_set(&env->extensions, &hop->extensions, NULL);
    env->mem->free(hop->addrs, env->mem->user);
    env->mem->free(hop->samples.ring, env->mem->user);
    *hop = (struct hop){0};
}

/* Deviation after Welford: m2 grows by the product of the distances to the mean before and after.
 * The mean itself comes from the exact sum. Smoothed jitter is RFC 3550 section 6.4.1, which needs
 * two replies, so it starts at the second. */
static void add_rtt(struct hop *hop, hops_ns rtt) {
    struct hops_hop *pub = &hop->pub;
    double d = (double)rtt;
    double old_mean = pub->mean;

    if (pub->rtt_known) {
        hops_ns jitter = rtt > pub->last ? rtt - pub->last : pub->last - rtt;
        double j = (double)jitter;
        pub->jitter_mean += (j - pub->jitter_mean) / (double)(pub->received - 1);
        pub->jitter_smoothed += (j - pub->jitter_smoothed) / 16.0;
        if (!pub->jitter_known || jitter > pub->jitter_max) {
            pub->jitter_max = jitter;
        }
        pub->jitter = jitter;
        pub->jitter_known = true;
    }
    if (!pub->rtt_known || rtt < pub->best) {
        pub->best = rtt;
    }
    if (!pub->rtt_known || rtt > pub->worst) {
        pub->worst = rtt;
    }
    pub->last = rtt;
    pub->rtt_known = true;

    if (hop->rtt_total > UINT64_MAX - (uint64_t)rtt) {
        hop->rtt_total = UINT64_MAX; /* only a forged recording gets here */
    } else {
        hop->rtt_total += (uint64_t)rtt;
    }
    pub->mean = (double)hop->rtt_total / (double)pub->received;
    pub->m2 += (d - old_mean) * (d - pub->mean);
}

/* What a reply does not tell leaves what an earlier one told. */
static void add_reply(struct hop *hop, const struct slot *slot, const struct slot_context *context,
                      struct stats_env *env) {
    struct hops_hop *pub = &hop->pub;

    pub->received++;
    pub->reply_known = true;
    pub->last_kind = slot->kind;
    pub->last_icmp_type = slot->icmp_type;
    pub->last_icmp_code = slot->icmp_code;
    addrs_add(hop, &slot->responder, env);
    samples_add(&hop->samples, hops_sample_from_rtt(slot->rtt), env);
    add_rtt(hop, slot->rtt);
    if (slot->tos >= 0) {
        pub->tos = slot->tos;
        pub->tos_round = context->round;
    }
    if (slot->extensions != NULL) {
        hops_extref_set(&env->extensions, &hop->extensions, slot->extensions);
        pub->extensions_round = context->round;
    }
    if (slot->mtu != 0) {
        pub->mtu = slot->mtu;
    }
    if (context->nat != HOPS_NAT_NOT_APPLICABLE) {
        pub->nat = context->nat;
    }
}

void hops_hop_add(struct hop *hop, const struct slot *slot, const struct slot_context *context,
                  struct stats_env *env) {
    struct hops_hop *pub = &hop->pub;

    pub->sent++;
    pub->probe_known = true;
    pub->last_src_port = slot->src_port;
    pub->last_dst_port = slot->dst_port;
    pub->last_sequence = slot->sequence;
    if (slot->status == SLOT_COMPLETE) {
        add_reply(hop, slot, context, env);
        return;
    }
    if (slot->status == SLOT_FAILED) {
        pub->failed++;
        pub->failed_call = slot->call;
        pub->failed_errno = slot->os_errno;
        samples_add(&hop->samples, HOPS_SAMPLE_FAILED, env);
        return;
    }
    samples_add(&hop->samples, HOPS_SAMPLE_LOST, env);
    pub->forward_lost += context->loss == LOSS_FORWARD ? 1 : 0;
    pub->backward_lost += context->loss == LOSS_BACKWARD ? 1 : 0;
}

void hops_hop_get(const struct hop *hop, const struct hop *base, size_t max_samples,
                  struct hops_hop *out) {
    size_t count = hop->samples.count + (base == NULL ? 0 : base->samples.count);

    *out = hop->pub;
    out->extensions = hop->extensions == NULL ? NULL : &hop->extensions->value;
    out->addr_count = hop->addr_count;
    out->addrs = hop->addrs;
    out->sample_count = count < max_samples ? count : max_samples;
}

uint32_t hops_hop_sample_at(const struct hop *hop, const struct hop *base, size_t i) {
    if (i < hop->samples.count) {
        return samples_at(&hop->samples, i);
    }
    return samples_at(&base->samples, i - hop->samples.count);
}

double hops_hop_loss(const struct hops_hop *hop) {
    if (hop->sent == 0) {
        return 0;
    }
    if (hop->failed >= hop->sent) {
        return 100;
    }
    uint64_t left = hop->sent - hop->failed;
    return hop->received >= left ? 0 : 100.0 * (double)(left - hop->received) / (double)left;
}

double hops_hop_stddev(const struct hops_hop *hop) {
    return hop->received > 1 && hop->m2 > 0 ? sqrt(hop->m2 / (double)(hop->received - 1)) : 0;
}
