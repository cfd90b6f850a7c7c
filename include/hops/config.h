/* SPDX-License-Identifier: MIT
 *
 * What one trace is to do. A configuration is a plain value: start from hops_config_init(), set
 * fields, check it, hand it to hops_run_add() (or to a link and a tracer of your own).
 */
#ifndef HOPS_CONFIG_H
#define HOPS_CONFIG_H

#include <hops/err.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hops_config {
    size_t size; /* sizeof(struct hops_config), set by hops_config_init() */

    struct hops_addr target; /* required */
    struct hops_addr source; /* family NONE: the link finds it */

    enum hops_protocol protocol;
    enum hops_strategy strategy; /* paris and dublin: UDP only */
    enum hops_port_direction direction;
    uint16_t source_port; /* with FIXED_SOURCE and FIXED_BOTH */
    uint16_t target_port; /* with FIXED_TARGET and FIXED_BOTH */
    bool
        source_port_proposed; /* nobody asked for source_port: the link may take another free one */

    uint8_t first_ttl;    /* 1..254 */
    uint8_t max_ttl;      /* first_ttl..254 */
    uint8_t max_inflight; /* TTLs beyond the highest that answered; at least 1 */

    uint16_t initial_sequence; /* first sequence of a lap; HOPS_SEQUENCE_MAX_INITIAL leaves room for
                                  two rounds of any size */
    uint16_t last_sequence;    /* last of a lap; initial_sequence..last_sequence is this trace's
                                  stretch of the sequence space */
    uint16_t trace_id;         /* ICMP identifier, never 0, unique among the traces of a link */

    uint16_t packet_size;    /* octets, IP header included */
    uint8_t payload_pattern; /* repeated octet */
    uint8_t tos;             /* IPv4 type of service or IPv6 traffic class */
    bool extensions;         /* keep ICMP extensions (RFC 4884) of replies */

    uint64_t token; /* a number strangers cannot guess; makes TCP sequence numbers. 0 in tests */

    hops_ns min_round; /* a round lasts at least this long (a last round does not wait) */
    hops_ns max_round; /* and at most this long */
    hops_ns grace;     /* once the end of the path has answered: wait for missing ones this long */
    hops_ns reply_timeout; /* a probe stays answerable this long, past its round if need be */
    hops_ns send_interval; /* least time between two probes of this trace; 0: no pace */

    uint64_t max_rounds; /* 0: endless */
};

/* Everything at its default: ICMP, classic, TTL 1..64, 1 s rounds, endless. target and source
 * unset. */
HOPS_API void hops_config_init(struct hops_config *config);

/* Refuses what cannot work: values out of bounds and impossible combinations. Looks at nothing
 * outside the struct. HOPS_ERR_INVALID with a diag that names the field and its bounds. The source
 * may still be unset; if it is set its family must be the target's. */
HOPS_API enum hops_err hops_config_check(const struct hops_config *config,
                                         struct hops_diag *diag) HOPS_MUST_USE;

/* Gives count configurations of one link their own identities, so that no two clash: trace ids from
 * first_trace_id on (0 is never used), proposed source ports one after the other, and disjoint
 * stretches of the sequence space where the source port carries the sequence. HOPS_ERR_INVALID if
 * there are more traces than sequences for them. */
HOPS_API enum hops_err hops_config_spread(struct hops_config *configs, size_t count,
                                          uint16_t first_trace_id,
                                          struct hops_diag *diag) HOPS_MUST_USE;

/* True if the sequence of a probe is its source port (classic UDP or TCP with a fixed target port).
 */
HOPS_API bool hops_config_sequence_is_source_port(const struct hops_config *config);

#ifdef __cplusplus
}
#endif

#endif
