/* SPDX-License-Identifier: MIT
 *
 * The probes a tracer has sent and may still get answers to, and the rounds they belong to: two
 * rings of fixed size. Ids of probes are serial, sequences of a round are contiguous, so a probe is
 * found by arithmetic. Rounds leave in the order they came, once they are settled.
 */
#ifndef TRACER_PROBELOG_H
#define TRACER_PROBELOG_H

#include <hops/err.h>
#include <hops/types.h>

enum probe_state {
    PROBE_AWAITED,
    PROBE_ANSWERED,
    PROBE_FAILED,
    PROBE_SKIPPED,
    PROBE_LOST /* given up before its time */
};

struct logged_probe {
    hops_ns sent;
    uint32_t id;
    uint32_t round;
    uint32_t tcp_seq;
    uint16_t sequence;
    uint16_t src_port;
    uint16_t dst_port;
    uint16_t ip_id;
    uint8_t ttl;
    uint8_t state; /* enum probe_state */
};

struct logged_round {
    hops_ns last_sent; /* of its newest awaited probe */
    uint32_t number;
    uint32_t first_id;
    uint16_t first_sequence;
    uint16_t count;   /* probes, skipped ones included */
    uint16_t awaited; /* of these: without answer */
    bool complete;    /* sends no more */
    bool target_replied;
};

struct probelog;

enum hops_err hops_probelog_new(const struct hops_mem *mem, struct probelog **out);
void hops_probelog_free(struct probelog *log, const struct hops_mem *mem); /* NULL is fine */

/* Opens a round. False if there is no room: settle the oldest first. */
bool hops_probelog_begin_round(struct probelog *log, uint32_t number, uint16_t first_sequence);

/* Adds a probe to the newest round; its id and round are set here. NULL if there is no room. */
struct logged_probe *hops_probelog_add(struct probelog *log, const struct logged_probe *probe);

/* The id the next probe gets. */
uint32_t hops_probelog_next_id(const struct probelog *log);

/* NULL if the id or sequence belongs to no open round. With a sequence the newest such probe. */
struct logged_probe *hops_probelog_by_id(struct probelog *log, uint32_t id);
struct logged_probe *hops_probelog_by_sequence(struct probelog *log, uint16_t sequence);

/* Probe number index of a round, index < round->count. */
struct logged_probe *hops_probelog_at(struct probelog *log, const struct logged_round *round,
                                      uint16_t index);

/* Changes the state of an awaited probe and keeps its round's count. */
void hops_probelog_finish(struct probelog *log, struct logged_probe *probe, enum probe_state state);

struct logged_round *hops_probelog_round(struct probelog *log, uint32_t number); /* NULL: closed */
struct logged_round *hops_probelog_oldest(struct probelog *log); /* NULL: none open */
struct logged_round *hops_probelog_newest(struct probelog *log); /* NULL: none open */

/* Gives all awaited probes of a round up. */
void hops_probelog_give_up(struct probelog *log, struct logged_round *round);

/* Closes the oldest round: its probes can no longer be found. */
void hops_probelog_close_oldest(struct probelog *log);

/* True if no further probe fits. */
bool hops_probelog_full(const struct probelog *log);

#endif
