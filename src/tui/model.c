/* SPDX-License-Identifier: MIT */
#include "tui/model.h"

#include "tui/frozen.h"

struct tui_name tui_name_of(const struct tui_sources *sources, const struct hops_addr *addr) {
    return sources->name == NULL ? (struct tui_name){0} : sources->name(sources->user, addr);
}

struct tui_as tui_as_of(const struct tui_sources *sources, const struct hops_addr *addr) {
    return sources->as == NULL ? (struct tui_as){0} : sources->as(sources->user, addr);
}

struct tui_place tui_place_of(const struct tui_sources *sources, const struct hops_addr *addr) {
    return sources->place == NULL ? (struct tui_place){0} : sources->place(sources->user, addr);
}

bool tui_trace_freeze(struct tui_trace *trace) {
    struct tui_frozen *frozen = tui_frozen_take(trace->stats);

    if (frozen == NULL) {
        return false;
    }
    tui_trace_thaw(trace);
    trace->frozen = frozen;
    return true;
}

void tui_trace_thaw(struct tui_trace *trace) {
    tui_frozen_free(trace->frozen);
    trace->frozen = NULL;
}

uint64_t tui_trace_rounds(const struct tui_trace *trace) {
    return trace->frozen != NULL ? trace->frozen->rounds : hops_stats_rounds(trace->stats);
}

uint32_t tui_trace_round_flow(const struct tui_trace *trace) {
    return trace->frozen != NULL ? trace->frozen->round_flow : hops_stats_round_flow(trace->stats);
}

size_t tui_trace_flow_count(const struct tui_trace *trace) {
    return trace->frozen != NULL ? trace->frozen->flow_count - 1
                                 : hops_stats_flow_count(trace->stats);
}

bool tui_trace_flow(const struct tui_trace *trace, uint32_t flow, struct hops_flow *out) {
    if (trace->frozen == NULL) {
        return hops_stats_flow(trace->stats, flow, out);
    }
    if (flow >= trace->frozen->flow_count) {
        return false;
    }
    *out = trace->frozen->flows[flow].flow;
    return true;
}

/* A flow that is not in the copy is shown as all flows together. */
static const struct tui_frozen_flow *frozen_flow(const struct tui_trace *trace, uint32_t flow) {
    return &trace->frozen->flows[flow < trace->frozen->flow_count ? flow : 0];
}

static const struct tui_frozen_hop *frozen_hop(const struct tui_trace *trace, uint32_t flow,
                                               uint8_t ttl) {
    const struct tui_frozen_flow *f = frozen_flow(trace, flow);

    if (f->hops == NULL || ttl < f->first || ttl > f->last) {
        return NULL;
    }
    return &f->hops[ttl - f->first];
}

void tui_trace_ttls(const struct tui_trace *trace, uint32_t flow, uint8_t *out_first,
                    uint8_t *out_last) {
    *out_first = 0;
    *out_last = 0;
    if (trace->frozen == NULL) {
        hops_stats_ttls(trace->stats, flow, out_first, out_last);
    } else {
        *out_first = frozen_flow(trace, flow)->first;
        *out_last = frozen_flow(trace, flow)->last;
    }
}

size_t tui_trace_hop_count(const struct tui_trace *trace, uint32_t flow) {
    uint8_t first;
    uint8_t last;

    tui_trace_ttls(trace, flow, &first, &last);
    return last == 0 ? 0 : (size_t)(last - first + 1);
}

uint8_t tui_trace_round_ttl(const struct tui_trace *trace, uint32_t flow) {
    if (trace->frozen == NULL) {
        return hops_stats_round_ttl(trace->stats, flow);
    }
    return frozen_flow(trace, flow)->round_ttl;
}

bool tui_trace_hop(const struct tui_trace *trace, uint32_t flow, uint8_t ttl,
                   struct hops_hop *out) {
    if (trace->frozen == NULL) {
        return hops_stats_hop(trace->stats, flow, ttl, out);
    }
    const struct tui_frozen_hop *hop = frozen_hop(trace, flow, ttl);
    if (hop == NULL) {
        return false;
    }
    *out = hop->hop;
    return true;
}

uint32_t tui_trace_sample(const struct tui_trace *trace, uint32_t flow, uint8_t ttl, size_t i) {
    if (trace->frozen == NULL) {
        return hops_stats_sample(trace->stats, flow, ttl, i);
    }
    const struct tui_frozen_hop *hop = frozen_hop(trace, flow, ttl);
    return hop == NULL || i >= hop->hop.sample_count ? HOPS_SAMPLE_LOST : hop->samples[i];
}

struct report_row tui_trace_row(const struct tui_trace *trace, uint32_t flow,
                                const struct hops_hop *hop) {
    struct report_row row = {
        .hop = hop, .flow = flow, .is_target = hop->ttl == tui_trace_round_ttl(trace, flow)};

    if (trace->frozen == NULL) {
        row.stats = trace->stats;
    } else {
        const struct tui_frozen_hop *copy = frozen_hop(trace, flow, hop->ttl);
        row.samples = copy == NULL ? NULL : copy->samples;
    }
    return row;
}
