/* SPDX-License-Identifier: MIT
 *
 * Events in, figures out. Events fill the slots of open rounds; a round that is complete and
 * settled is committed as soon as all before it are; a look lays the complete rounds that are still
 * open over the committed fold. See tracer/fold.h.
 */
#include <hops/stats.h>

#include "tracer/fold.h"

struct hops_stats {
    struct stats_env env;
    size_t max_flows;
    uint8_t first_ttl;
    bool stale; /* the overlay has to be made again */
    struct open_rounds rounds;
    struct fold committed;
    struct fold overlay;
};

void hops_stats_config_init(struct hops_stats_config *config) {
    *config =
        (struct hops_stats_config){.size = sizeof(*config), .max_samples = 256, .max_flows = 64};
}

enum hops_err hops_stats_new(const struct hops_stats_config *config, uint8_t first_ttl,
                             const struct hops_mem *mem, struct hops_stats **out) {
    if (config == NULL || config->size != sizeof(*config) || out == NULL || first_ttl == 0 ||
        first_ttl > HOPS_TTL_MAX) {
        return HOPS_ERR_INVALID;
    }
    if (mem == NULL) {
        mem = hops_mem_default();
    }
    struct hops_stats *stats = mem->calloc(1, sizeof(*stats), mem->user);
    if (stats == NULL) {
        return HOPS_ERR_NOMEM;
    }
    stats->env.mem = mem;
    stats->env.extensions.mem = mem;
    stats->env.max_samples =
        config->max_samples < SAMPLES_MAX ? config->max_samples : (size_t)SAMPLES_MAX;
    stats->max_flows = config->max_flows < UINT32_MAX ? config->max_flows : UINT32_MAX - 1;
    stats->first_ttl = first_ttl;
    if (!hops_fold_init(&stats->committed, NULL, &stats->env)) {
        goto fail;
    }
    if (!hops_fold_init(&stats->overlay, &stats->committed, &stats->env)) {
        goto fail;
    }
    hops_fold_reset(&stats->overlay, &stats->env);
    *out = stats;
    return HOPS_OK;

fail:
    hops_stats_free(stats);
    return HOPS_ERR_NOMEM;
}

void hops_stats_free(struct hops_stats *stats) {
    if (stats == NULL) {
        return;
    }
    hops_fold_done(&stats->overlay, &stats->env);
    hops_fold_done(&stats->committed, &stats->env);
    hops_open_rounds_done(&stats->rounds, &stats->env.extensions);
    hops_extpool_done(&stats->env.extensions);
    stats->env.mem->free(stats, stats->env.mem->user);
}

bool hops_stats_starved(const struct hops_stats *stats) {
    return stats->env.starved;
}

void hops_stats_clear(struct hops_stats *stats) {
    hops_open_rounds_drop_complete(&stats->rounds, &stats->env.extensions);
    hops_fold_reset(&stats->committed, &stats->env);
    hops_fold_reset(&stats->overlay, &stats->env);
    stats->stale = false;
    stats->env.starved = false;
}

/* The slot of a probe that left us, now or earlier. */
static struct slot *slot_for(struct hops_stats *stats, const struct hops_probe *probe,
                             struct round **out_round) {
    struct round *round =
        hops_open_rounds_get(&stats->rounds, probe->round, stats->env.mem, &stats->env.starved);

    if (round == NULL || round->settled || probe->ttl == 0 || probe->ttl > HOPS_TTL_MAX) {
        return NULL;
    }
    struct slot *slot = hops_round_find(round, probe->id);
    if (slot == NULL) {
        slot = hops_round_add(round, probe, stats->env.mem, &stats->env.starved);
    }
    *out_round = round;
    return slot;
}

static void mark_changed(struct hops_stats *stats, struct round *round) {
    if (round->complete) {
        round->changed = true;
        stats->stale = true;
    }
}

static void apply_sent(struct hops_stats *stats, const struct hops_probe *probe) {
    struct round *round = NULL;

    if (slot_for(stats, probe, &round) != NULL) {
        mark_changed(stats, round);
    }
}

static void apply_not_sent(struct hops_stats *stats, const struct hops_event *event,
                           enum slot_status status) {
    struct round *round = NULL;
    struct slot *slot = slot_for(stats, &event->probe, &round);

    if (slot == NULL || slot->status != SLOT_AWAITED) {
        return;
    }
    slot->status = status;
    slot->call = event->u.failure.call;
    slot->os_errno = event->u.failure.os_errno;
    mark_changed(stats, round);
}

static void apply_reply(struct hops_stats *stats, const struct hops_event *event) {
    const struct hops_event_reply *reply = &event->u.reply;
    struct round *round = hops_open_rounds_find(&stats->rounds, event->probe.round);

    if (round == NULL || round->settled) {
        return;
    }
    struct slot *slot = hops_round_find(round, event->probe.id);
    if (slot == NULL || slot->status != SLOT_AWAITED) {
        return;
    }
    slot->status = SLOT_COMPLETE;
    slot->rtt = reply->rtt > 0 ? reply->rtt : 0;
    slot->responder = reply->responder;
    slot->kind = reply->kind;
    slot->icmp_type = reply->icmp_type;
    slot->icmp_code = reply->icmp_code;
    slot->is_target = reply->is_target;
    slot->tos = reply->tos;
    slot->mtu = reply->mtu;
    slot->has_checksums = reply->has_checksums;
    slot->checksum_expected = reply->checksum_expected;
    slot->checksum_actual = reply->checksum_actual;
    if (reply->extensions.present) {
        slot->extensions = hops_extref_new(&stats->env.extensions, &reply->extensions);
        stats->env.starved = stats->env.starved || slot->extensions == NULL;
    }
    mark_changed(stats, round);
}

static void commit_settled(struct hops_stats *stats) {
    while (stats->rounds.count > 0) {
        struct round *round = hops_open_rounds_at(&stats->rounds, 0);
        if (!round->complete || !round->settled) {
            return;
        }
        hops_fold_add(&stats->committed, round, stats->first_ttl, stats->max_flows, &stats->env);
        hops_open_rounds_pop(&stats->rounds, &stats->env.extensions);
        stats->stale = true;
    }
}

static void apply_round(struct hops_stats *stats, const struct hops_event_round *event) {
    struct round *round =
        hops_open_rounds_get(&stats->rounds, event->round, stats->env.mem, &stats->env.starved);

    if (round == NULL || round->complete) {
        return;
    }
    round->complete = true;
    round->published_ttl =
        event->largest_ttl < HOPS_TTL_MAX ? event->largest_ttl : (uint8_t)HOPS_TTL_MAX;
    round->target_ttl = event->target_ttl;
    stats->stale = true;
    commit_settled(stats);
}

static void apply_settled(struct hops_stats *stats, uint32_t number) {
    struct round *round = hops_open_rounds_find(&stats->rounds, number);

    if (round != NULL) {
        round->settled = true;
        commit_settled(stats);
    }
}

/* Nothing follows: complete rounds are final, a round that was never completed is never shown. */
static void apply_end(struct hops_stats *stats) {
    for (size_t i = 0; i < stats->rounds.count; i++) {
        struct round *round = hops_open_rounds_at(&stats->rounds, i);
        if (round->complete) {
            hops_fold_add(&stats->committed, round, stats->first_ttl, stats->max_flows,
                          &stats->env);
        }
    }
    while (stats->rounds.count > 0) {
        hops_open_rounds_pop(&stats->rounds, &stats->env.extensions);
    }
    stats->stale = true;
}

void hops_stats_apply(struct hops_stats *stats, const struct hops_event *event) {
    switch (event->kind) {
    case HOPS_EVENT_SENT:
        apply_sent(stats, &event->probe);
        break;
    case HOPS_EVENT_SKIPPED:
        apply_not_sent(stats, event, SLOT_SKIPPED);
        break;
    case HOPS_EVENT_FAILED:
        apply_not_sent(stats, event, SLOT_FAILED);
        break;
    case HOPS_EVENT_REPLY:
        apply_reply(stats, event);
        break;
    case HOPS_EVENT_ROUND:
        apply_round(stats, &event->u.round);
        break;
    case HOPS_EVENT_SETTLED:
        apply_settled(stats, event->u.settled_round);
        break;
    case HOPS_EVENT_END:
        apply_end(stats);
        break;
    case HOPS_EVENT_PATH:
    case HOPS_EVENT_ERROR:
        break;
    }
}

/* The fold to look at. */
static const struct fold *look(struct hops_stats *stats) {
    if (stats->stale) {
        stats->stale = false;
        hops_fold_reset(&stats->overlay, &stats->env);
        for (size_t i = 0; i < stats->rounds.count; i++) {
            const struct round *round = hops_open_rounds_at(&stats->rounds, i);
            if (round->complete) {
                hops_fold_add(&stats->overlay, round, stats->first_ttl, stats->max_flows,
                              &stats->env);
            }
        }
    }
    return &stats->overlay;
}

uint64_t hops_stats_rounds(struct hops_stats *stats) {
    return hops_fold_flow(look(stats), 0)->rounds;
}

uint32_t hops_stats_round_flow(struct hops_stats *stats) {
    return look(stats)->round_flow;
}

size_t hops_stats_flow_count(struct hops_stats *stats) {
    return look(stats)->count - 1;
}

bool hops_stats_flow(struct hops_stats *stats, uint32_t flow, struct hops_flow *out) {
    const struct flow *found = hops_fold_flow(look(stats), flow);

    if (found == NULL) {
        return false;
    }
    *out = (struct hops_flow){.id = flow,
                              .rounds = found->rounds,
                              .path_len = found->path.len,
                              .first_ttl = stats->first_ttl,
                              .path = found->path.entries};
    return true;
}

void hops_stats_ttls(struct hops_stats *stats, uint32_t flow, uint8_t *out_first,
                     uint8_t *out_last) {
    const struct flow *found = hops_fold_flow(look(stats), flow);
    bool any = found != NULL && found->low_ttl != 0 && found->high_ttl != 0;

    *out_first = any ? found->low_ttl : 0;
    *out_last = any ? found->high_ttl : 0;
}

uint8_t hops_stats_round_ttl(struct hops_stats *stats, uint32_t flow) {
    const struct flow *found = hops_fold_flow(look(stats), flow);

    return found == NULL ? 0 : found->round_ttl;
}

bool hops_stats_hop(struct hops_stats *stats, uint32_t flow, uint8_t ttl, struct hops_hop *out) {
    uint8_t first;
    uint8_t last;
    const struct hop *base;

    hops_stats_ttls(stats, flow, &first, &last);
    if (ttl == 0 || ttl < first || ttl > last) {
        return false;
    }
    const struct hop *hop = hops_fold_hop(look(stats), flow, ttl, &base);
    if (hop == NULL) { /* a row in between at which nothing was sent */
        hops_hop_init(out, ttl);
    } else {
        hops_hop_get(hop, base, stats->env.max_samples, out);
    }
    return true;
}

uint32_t hops_stats_sample(struct hops_stats *stats, uint32_t flow, uint8_t ttl, size_t i) {
    const struct hop *base;
    const struct hop *hop = hops_fold_hop(look(stats), flow, ttl, &base);
    struct hops_hop view;

    if (hop == NULL) {
        return HOPS_SAMPLE_LOST;
    }
    hops_hop_get(hop, base, stats->env.max_samples, &view);
    return i < view.sample_count ? hops_hop_sample_at(hop, base, i) : HOPS_SAMPLE_LOST;
}
