/* SPDX-License-Identifier: MIT */
#include "tui/frozen.h"

#include <stdlib.h>
#include <string.h>

/* gcc 12's analyzer forgets pointers stored in an element of an allocated array, and takes them for
 * leaks. All of them are freed in tui_frozen_free(), which the leak sanitizer sees. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

/* A copy of count things, or NULL: there are none, or (*bad) no memory. */
static void *copy_of(const void *data, size_t count, size_t size, bool *bad) {
    void *copy = count == 0 || data == NULL ? NULL : calloc(count, size);

    if (copy != NULL) {
        memcpy(copy, data, count * size);
    } else if (count != 0 && data != NULL) {
        *bad = true;
    }
    return copy;
}

static void take_hop(struct hops_stats *stats, uint32_t flow, struct tui_frozen_hop *copy,
                     bool *bad) {
    struct hops_hop *hop = &copy->hop;

    hop->addrs = copy_of(hop->addrs, hop->addr_count, sizeof(*hop->addrs), bad);
    hop->extensions = copy_of(hop->extensions, 1, sizeof(*hop->extensions), bad);
    if (hop->addrs == NULL) {
        hop->addr_count = 0;
    }
    if (hop->sample_count > 0) {
        copy->samples = calloc(hop->sample_count, sizeof(*copy->samples));
        *bad |= copy->samples == NULL;
    }
    for (size_t i = 0; copy->samples != NULL && i < hop->sample_count; i++) {
        copy->samples[i] = hops_stats_sample(stats, flow, hop->ttl, i);
    }
}

static void take_flow(struct hops_stats *stats, uint32_t id, struct tui_frozen_flow *copy,
                      bool *bad) {
    hops_stats_ttls(stats, id, &copy->first, &copy->last);
    copy->round_ttl = hops_stats_round_ttl(stats, id);
    if (hops_stats_flow(stats, id, &copy->flow)) {
        copy->flow.path =
            copy_of(copy->flow.path, copy->flow.path_len, sizeof(*copy->flow.path), bad);
    }
    if (copy->flow.path == NULL) {
        copy->flow.path_len = 0;
    }
    if (copy->last == 0) {
        return;
    }
    copy->hops = calloc((size_t)copy->last - copy->first + 1, sizeof(*copy->hops));
    if (copy->hops == NULL) {
        *bad = true;
        return;
    }
    for (unsigned ttl = copy->first; ttl <= copy->last; ttl++) {
        struct tui_frozen_hop *hop = &copy->hops[ttl - copy->first];
        if (hops_stats_hop(stats, id, (uint8_t)ttl, &hop->hop)) {
            take_hop(stats, id, hop, bad);
        }
    }
}

struct tui_frozen *tui_frozen_take(struct hops_stats *stats) {
    struct tui_frozen *frozen = calloc(1, sizeof(*frozen));
    bool bad = false;

    if (frozen == NULL) {
        return NULL;
    }
    frozen->rounds = hops_stats_rounds(stats);
    frozen->round_flow = hops_stats_round_flow(stats);
    frozen->flows = calloc(hops_stats_flow_count(stats) + 1, sizeof(*frozen->flows));
    if (frozen->flows == NULL) {
        free(frozen);
        return NULL;
    }
    frozen->flow_count = hops_stats_flow_count(stats) + 1;
    for (uint32_t id = 0; id < frozen->flow_count; id++) {
        take_flow(stats, id, &frozen->flows[id], &bad);
    }
    if (bad) {
        tui_frozen_free(frozen);
        return NULL;
    }
    return frozen;
}

/* The copies are ours, whatever their type says. */
static void free_copy(const void *copy) {
    union {
        const void *in;
        void *out;
    } both = {.in = copy};

    free(both.out);
}

void tui_frozen_free(struct tui_frozen *frozen) {
    if (frozen == NULL) {
        return;
    }
    for (size_t id = 0; id < frozen->flow_count; id++) {
        struct tui_frozen_flow *flow = &frozen->flows[id];
        for (unsigned i = 0; flow->hops != NULL && i <= (unsigned)(flow->last - flow->first); i++) {
            free_copy(flow->hops[i].hop.addrs);
            free_copy(flow->hops[i].hop.extensions);
            free(flow->hops[i].samples);
        }
        free(flow->hops);
        free_copy(flow->flow.path);
    }
    free(frozen->flows);
    free(frozen);
}
