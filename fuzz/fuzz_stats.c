/* SPDX-License-Identifier: MIT
 *
 * Statistics from events that need not make sense together, as a forged recording brings them. What
 * is shown must add up all the same; and memory that runs out at any place costs figures, never
 * more.
 */
#include "event_source.h"
#include "fuzz.h"

#include <hops/addr.h>
#include <hops/stats.h>

#include <math.h>

/* Memory that runs out after so many calls; 0: never. */
static void *some_calloc(size_t count, size_t size, void *user) {
    unsigned *left = user;

    if (*left > 0 && --*left == 0) {
        *left = 1; /* and stays empty */
        return NULL;
    }
    return calloc(count, size);
}

static void *some_realloc(void *ptr, size_t size, void *user) {
    unsigned *left = user;

    if (*left > 0 && --*left == 0) {
        *left = 1;
        return NULL;
    }
    return realloc(ptr, size);
}

static void some_free(void *ptr, void *user) {
    (void)user;
    free(ptr);
}

static void check_samples(struct hops_stats *stats, uint32_t flow, const struct hops_hop *hop) {
    FUZZ_CHECK(hop->sample_count <= hop->sent);
    for (size_t i = 0; i < hop->sample_count; i++) {
        (void)hops_stats_sample(stats, flow, hop->ttl, i);
    }
}

static void check_hop(struct hops_stats *stats, uint32_t flow, uint8_t ttl) {
    struct hops_hop hop;
    uint64_t addrs;

    FUZZ_CHECK(hops_stats_hop(stats, flow, ttl, &hop));
    FUZZ_CHECK(hop.ttl == ttl);
    FUZZ_CHECK(hop.received + hop.failed <= hop.sent);
    FUZZ_CHECK(hop.forward_lost + hop.backward_lost <= hop.sent - hop.failed - hop.received);
    FUZZ_CHECK(hop.rtt_known == (hop.received > 0));
    FUZZ_CHECK(hop.jitter_known == (hop.received > 1));
    FUZZ_CHECK(!hop.rtt_known || (hop.best >= 0 && hop.best <= hop.last && hop.last <= hop.worst));
    FUZZ_CHECK(!hop.jitter_known || (hop.jitter >= 0 && hop.jitter <= hop.jitter_max));
    FUZZ_CHECK(isfinite(hop.mean) && isfinite(hop.m2) && hop.m2 >= 0);
    FUZZ_CHECK(isfinite(hop.jitter_mean) && isfinite(hop.jitter_smoothed));
    FUZZ_CHECK(hops_hop_loss(&hop) >= 0 && hops_hop_loss(&hop) <= 100);
    FUZZ_CHECK(hops_hop_stddev(&hop) >= 0);
    addrs = hop.other_addrs;
    for (size_t i = 0; i < hop.addr_count; i++) {
        addrs += hop.addrs[i].count;
    }
    FUZZ_CHECK(hop.addr_count <= HOPS_HOP_ADDRS_MAX && addrs <= hop.received);
    FUZZ_CHECK(addrs == hop.received || hops_stats_starved(stats));
    if (hop.extensions != NULL) {
        FUZZ_CHECK(hop.extensions->len <= sizeof(hop.extensions->octets));
    }
    check_samples(stats, flow, &hop);
}

static void look(struct hops_stats *stats, size_t max_flows) {
    size_t flows = hops_stats_flow_count(stats);

    FUZZ_CHECK(flows <= max_flows && hops_stats_round_flow(stats) <= flows);
    for (uint32_t id = 0; id <= flows; id++) {
        struct hops_flow flow;
        uint8_t first = 0;
        uint8_t last = 0;
        FUZZ_CHECK(hops_stats_flow(stats, id, &flow) && flow.id == id);
        FUZZ_CHECK(flow.rounds <= hops_stats_rounds(stats));
        hops_stats_ttls(stats, id, &first, &last);
        FUZZ_CHECK(first <= last && last <= HOPS_TTL_MAX && (first == 0) == (last == 0));
        for (unsigned ttl = first; ttl != 0 && ttl <= last; ttl++) {
            check_hop(stats, id, (uint8_t)ttl);
        }
        for (size_t i = 0; i < flow.path_len; i++) {
            (void)hops_addr_len(&flow.path[i]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct rd in = rd_make(data, size);
    struct event_source source = {.family = fuzz_bool(&in) ? HOPS_IPV6 : HOPS_IPV4};
    unsigned left = rd_u8(&in);
    const struct hops_mem mem = {some_calloc, some_realloc, some_free, &left};
    struct hops_stats_config config;
    struct hops_stats *stats = NULL;

    hops_stats_config_init(&config);
    config.max_samples = rd_u8(&in);
    config.max_flows = rd_u8(&in) % 8;
    if (hops_stats_new(&config, (uint8_t)(1 + rd_u8(&in) % 8), &mem, &stats) != HOPS_OK) {
        return 0;
    }
    while (fuzz_more(&in)) {
        struct hops_event event;
        uint8_t how = rd_u8(&in);
        if (how >= 250) {
            hops_stats_clear(stats);
        }
        event_source_next(&source, &in, &event);
        hops_stats_apply(stats, &event);
        if (how % 8 == 0) {
            look(stats, config.max_flows);
        }
    }
    look(stats, config.max_flows);
    hops_stats_free(stats);
    return 0;
}
