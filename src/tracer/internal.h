/* SPDX-License-Identifier: MIT
 *
 * The inside of a tracer, shared by the files that are it: tracer.c (time, rounds, events), send.c
 * (what goes out next), match.c (what a reply answers).
 */
#ifndef TRACER_INTERNAL_H
#define TRACER_INTERNAL_H

#include <hops/tracer.h>

#include "tracer/probelog.h"

enum {
    EVENT_QUEUE_LEN = 8,
    EVENT_QUEUE_RESERVE = 4, /* the most events one call queues */
    SKIPS_IN_A_ROW_MAX = 32,
    TARGET_MISSES_MAX = 3 /* rounds without the target, until it is looked for further on */
};

enum tracer_phase {
    PHASE_ROUND,  /* a round is in progress */
    PHASE_PAUSE,  /* between two rounds */
    PHASE_LINGER, /* after the last round, for late replies */
    PHASE_ENDING, /* settle what is open, then END */
    PHASE_ENDED
};

/* What is known of the round in progress. Reset at its start. */
struct round_state {
    hops_ns start;
    uint16_t first_sequence;
    uint16_t next_ttl;        /* up to 255 */
    uint16_t port;            /* round port */
    uint8_t highest_replied;  /* 0: nobody has */
    uint8_t highest_passed;   /* likewise, but "unreachable" from a router does not count */
    uint8_t highest_failed;   /* 0: none has */
    uint8_t target_reply_ttl; /* lowest TTL the target answered at, 0: it has not */
    uint8_t unreachable_ttl;  /* lowest TTL that a router declared the end, 0: none did */
    bool replied;             /* last_reply is set */
    hops_ns last_reply;
};

struct hops_tracer {
    struct hops_config config;
    const struct hops_mem *mem;
    struct probelog *log;
    enum tracer_phase phase;
    bool paused;
    enum hops_end_reason end_reason;

    /* runs on from round to round */
    uint32_t round_number; /* of the round in progress, or of the next one */
    uint16_t sequence;     /* of the next probe */
    uint32_t port_offset;  /* round ports passed over because they were taken */
    uint8_t target_ttl;    /* lowest TTL known to reach the target, 0: unknown */
    uint8_t target_misses; /* rounds in a row in which it has not answered */
    uint8_t floor;         /* highest TTL answered lately by a late reply */
    uint8_t late_highest;  /* the same, of the round in progress */
    hops_ns next_round_at;
    hops_ns linger_until;

    /* the probe on offer */
    struct hops_probe offer;
    bool offered; /* next_probe() gave it out, outcome() is missing */
    bool reoffer; /* the link was busy: the same one again */
    unsigned skips_in_a_row;
    hops_ns next_send_at;

    struct round_state now;
    struct hops_addr path[HOPS_TTL_MAX + 1];       /* last known responder by TTL */
    struct hops_addr round_path[HOPS_TTL_MAX + 1]; /* of the round in progress */

    hops_ns clock;    /* the latest time told */
    hops_ns deadline; /* kept by hops_tracer_reschedule() */

    struct hops_event queue[EVENT_QUEUE_LEN];
    unsigned queue_head;
    unsigned queue_len;
    bool settled_given; /* the oldest round's SETTLED was handed out: close it at the next call */
};

/* Room for the events of one call? */
static inline bool hops_tracer_ready(const struct hops_tracer *t) {
    return t->queue_len + EVENT_QUEUE_RESERVE <= EVENT_QUEUE_LEN;
}

/* A place at the end of the queue, already of that kind, zero otherwise. */
struct hops_event *hops_tracer_queue(struct hops_tracer *t, enum hops_event_kind kind,
                                     hops_ns time);

/* The probe as events show it. */
struct hops_probe hops_tracer_public_probe(const struct logged_probe *probe);

/* Takes note of the time and closes the round whose SETTLED event was taken: first thing in every
 * call that changes the tracer. */
void hops_tracer_enter(struct hops_tracer *t, hops_ns now);

/* Computes the deadline anew: last thing in every call that changes the tracer. */
void hops_tracer_reschedule(struct hops_tracer *t);

/* send.c: is there a probe to be sent in this round, its pace aside? */
bool hops_tracer_wants_to_send(const struct hops_tracer *t);

/* For the run, between taking a SETTLED event and the next call: ids of probes of that round that
 * were never answered, one per call. Start with *index = 0. */
bool hops_tracer_next_given_up(struct hops_tracer *t, uint16_t *index, uint32_t *out_id);

#endif
