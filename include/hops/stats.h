/* SPDX-License-Identifier: MIT
 *
 * Statistics of one trace: a fold over its events. Committed rounds are in for good; completed
 * rounds that may still get late replies are laid over them at each look, in round and send order,
 * so that live and replayed traces agree to the last bit.
 */
#ifndef HOPS_STATS_H
#define HOPS_STATS_H

#include <hops/addr.h>
#include <hops/err.h>
#include <hops/event.h>
#include <hops/extension.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hops_stats_config {
    size_t size;        /* sizeof(struct hops_stats_config) */
    size_t max_samples; /* per hop and flow, newest kept; capped at 65,536 */
    size_t max_flows;   /* 0: only flow 0 */
};

enum {
    HOPS_HOP_ADDRS_MAX = 64 /* addresses kept per hop; further ones are counted as "others" */
};

enum hops_nat_status { HOPS_NAT_NOT_APPLICABLE, HOPS_NAT_NOT_DETECTED, HOPS_NAT_DETECTED };

struct hops_hop_addr {
    struct hops_addr addr;
    uint64_t count; /* replies from it */
};

#define HOPS_SAMPLE_LOST   UINT32_MAX
#define HOPS_SAMPLE_FAILED (UINT32_MAX - 1)

/* One TTL of one flow. Times in nanoseconds unless named otherwise; *_known false: there is none.
 */
struct hops_hop {
    uint8_t ttl;
    uint64_t sent, received, failed;
    uint64_t forward_lost, backward_lost; /* heuristic */

    bool rtt_known; /* last, best, worst */
    hops_ns last, best, worst;
    double mean;       /* 0 without a reply */
    double m2;         /* Welford's sum of squares, ns^2 */
    bool jitter_known; /* jitter, jitter_max: from the second reply on */
    hops_ns jitter, jitter_max;
    double jitter_mean;     /* 0 before the second reply */
    double jitter_smoothed; /* RFC 3550 6.4.1 */

    bool reply_known; /* kind, icmp_type, icmp_code of the last reply */
    enum hops_reply_kind last_kind;
    uint8_t last_icmp_type, last_icmp_code;
    int16_t tos;        /* last seen, -1 none */
    uint32_t tos_round; /* round in which it was seen */
    uint32_t extensions_round;
    const struct hops_extensions *extensions; /* last seen, NULL none (borrows) */
    enum hops_nat_status nat;
    uint16_t mtu; /* last told, 0 none */

    bool probe_known; /* of the last probe */
    uint16_t last_src_port, last_dst_port, last_sequence;

    enum hops_call failed_call; /* of the last failed probe */
    int failed_errno;           /* 0: none failed */

    size_t addr_count;
    const struct hops_hop_addr *addrs; /* in order of first answer (borrows) */
    uint64_t other_addrs;              /* replies from addresses beyond HOPS_HOP_ADDRS_MAX */

    size_t sample_count;
};

struct hops_flow {
    uint32_t id;                  /* from 1; 0: all flows together */
    uint64_t rounds;              /* rounds counted in it */
    size_t path_len;              /* entries of path */
    uint8_t first_ttl;            /* TTL of path[0] */
    const struct hops_addr *path; /* family NONE: unknown (borrows) */
};

struct hops_stats;

/* max_samples 256, max_flows 64. */
HOPS_API void hops_stats_config_init(struct hops_stats_config *config);

HOPS_API enum hops_err hops_stats_new(const struct hops_stats_config *config, uint8_t first_ttl,
                                      const struct hops_mem *mem,
                                      struct hops_stats **out) HOPS_MUST_USE;
HOPS_API void hops_stats_free(struct hops_stats *stats); /* NULL is fine */

/* Takes the next event of the trace. An allocation that fails costs samples or flows, never the
 * trace; hops_stats_starved() tells. */
HOPS_API void hops_stats_apply(struct hops_stats *stats, const struct hops_event *event);
HOPS_API bool hops_stats_starved(const struct hops_stats *stats);

/* Forgets everything seen so far; the trace goes on (round numbers too). The round in progress has
 * not been shown yet: it stays whole and is the first to count. Late replies to forgotten rounds do
 * not count. */
HOPS_API void hops_stats_clear(struct hops_stats *stats);

/* The look. Everything returned by the functions below is borrowed until the next apply or clear.
 *
 * Hops of a flow have TTLs first..last without gaps; both are 0 if there are none. */
HOPS_API uint64_t hops_stats_rounds(struct hops_stats *stats); /* complete rounds */
HOPS_API uint32_t
hops_stats_round_flow(struct hops_stats *stats); /* flow of the last round, 0: none */
HOPS_API size_t hops_stats_flow_count(struct hops_stats *stats); /* flow 0 not counted */
HOPS_API bool hops_stats_flow(struct hops_stats *stats, uint32_t flow, struct hops_flow *out);
HOPS_API void hops_stats_ttls(struct hops_stats *stats, uint32_t flow, uint8_t *out_first,
                              uint8_t *out_last);
HOPS_API uint8_t hops_stats_round_ttl(struct hops_stats *stats,
                                      uint32_t flow); /* largest TTL of the
                                                         latest round */
HOPS_API bool hops_stats_hop(struct hops_stats *stats, uint32_t flow, uint8_t ttl,
                             struct hops_hop *out);

/* Sample number i (0: newest) in microseconds, HOPS_SAMPLE_LOST or HOPS_SAMPLE_FAILED. */
HOPS_API uint32_t hops_stats_sample(struct hops_stats *stats, uint32_t flow, uint8_t ttl, size_t i);

/* Derived values. Percentages are 0..100; 0 when nothing was sent, 100 when every probe failed. */
HOPS_API double
hops_hop_loss(const struct hops_hop *hop); /* (sent-failed-received)/(sent-failed) */
HOPS_API double hops_hop_stddev(const struct hops_hop *hop); /* sample deviation (n - 1), ns */

#ifdef __cplusplus
}
#endif

#endif
