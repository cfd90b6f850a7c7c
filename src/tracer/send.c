/* SPDX-License-Identifier: MIT
 *
 * What a tracer sends next, and what becomes of it.
 *
 * All TTLs that the rule allows go out in one go: up to the target's TTL where it is known,
 * otherwise as many beyond the highest TTL that answered as max_inflight says. A probe is entered
 * into the log when its outcome is known, so a busy link changes nothing.
 */
#include "tracer/internal.h"
#include "tracer/sequence.h"

#include "base/rng.h"

#include <assert.h>

static uint8_t max_u8(uint8_t a, uint8_t b) {
    return a > b ? a : b;
}

/* Sequences this round has used. */
static unsigned sequences_used(const struct hops_tracer *t) {
    return (unsigned)t->sequence - t->now.first_sequence;
}

bool hops_tracer_wants_to_send(const struct hops_tracer *t) {
    const struct round_state *now = &t->now;
    const struct hops_config *c = &t->config;

    if (t->phase != PHASE_ROUND || now->target_reply_ttl != 0 || now->next_ttl > c->max_ttl ||
        sequences_used(t) >= hops_sequence_round_capacity(c)) {
        return false;
    }
    if (now->unreachable_ttl != 0 && now->next_ttl > now->unreachable_ttl) {
        return false;
    }
    /* A target that has been silent for a while may have moved behind a router that is silent, too.
     */
    if (t->target_ttl != 0 && t->target_misses < TARGET_MISSES_MAX) {
        return now->next_ttl <= t->target_ttl;
    }
    /* Replies to earlier rounds count too, or a path whose RTT exceeds a round would never be
     * explored beyond max_inflight. */
    uint8_t base = max_u8(max_u8(now->highest_replied, t->floor), (uint8_t)(c->first_ttl - 1));
    return now->next_ttl <= (unsigned)base + c->max_inflight;
}

/* A sequence that is still answerable is about to be used again, or the log is full: the rounds in
 * the way are given up at once. They can only be the oldest, since sequences run in laps. True if
 * their SETTLED events must be taken first. */
static bool make_room(struct hops_tracer *t) {
    struct logged_round *oldest = hops_probelog_oldest(t->log);

    if (oldest == NULL || oldest->number == t->round_number) {
        return false;
    }
    bool reused = t->sequence >= oldest->first_sequence &&
                  (unsigned)t->sequence - oldest->first_sequence < oldest->count;
    if (!reused && !hops_probelog_full(t->log)) {
        return false;
    }
    hops_probelog_give_up(t->log, oldest);
    return true;
}

bool hops_tracer_next_probe(struct hops_tracer *t, hops_ns now, struct hops_probe *out) {
    assert(!t->offered);
    hops_tracer_enter(t, now);
    if (!hops_tracer_ready(t) || !hops_tracer_wants_to_send(t) || now < t->next_send_at) {
        return false;
    }
    if (make_room(t)) {
        hops_tracer_reschedule(t);
        return false;
    }
    if (!t->reoffer) {
        struct hops_probe *p = &t->offer;
        *p = (struct hops_probe){.id = hops_probelog_next_id(t->log),
                                 .round = t->round_number,
                                 .ttl = (uint8_t)t->now.next_ttl,
                                 .sequence = t->sequence};
        if (t->config.protocol == HOPS_PROTOCOL_TCP) {
            p->tcp_seq =
                (uint32_t)rng_mix(t->config.token ^ (p->id * UINT64_C(0x9e3779b97f4a7c15)));
        }
        hops_sequence_encode(&t->config, t->now.port, p);
    }
    t->offered = true;
    t->reoffer = false;
    *out = t->offer;
    return true;
}

static void log_offer(struct hops_tracer *t, enum probe_state state, hops_ns when) {
    const struct hops_probe *p = &t->offer;
    struct logged_probe *logged =
        hops_probelog_add(t->log, &(struct logged_probe){.sent = when,
                                                         .tcp_seq = p->tcp_seq,
                                                         .sequence = p->sequence,
                                                         .src_port = p->src_port,
                                                         .dst_port = p->dst_port,
                                                         .ip_id = p->ip_id,
                                                         .ttl = p->ttl,
                                                         .state = (uint8_t)state});

    assert(logged != NULL && logged->id == p->id);
    (void)logged;
    t->sequence++;
}

static void queue_failure(struct hops_tracer *t, enum hops_event_kind kind,
                          const struct hops_send_result *result, hops_ns now) {
    struct hops_event *event = hops_tracer_queue(t, kind, now);

    event->probe = t->offer;
    event->u.failure =
        (struct hops_event_failure){.call = result->call, .os_errno = result->os_errno};
}

static void on_sent(struct hops_tracer *t, const struct hops_send_result *result) {
    log_offer(t, PROBE_AWAITED, result->when);
    t->now.next_ttl++;
    t->skips_in_a_row = 0;
    hops_tracer_queue(t, HOPS_EVENT_SENT, result->when)->probe = t->offer;
}

static void on_failed(struct hops_tracer *t, const struct hops_send_result *result, hops_ns now) {
    log_offer(t, PROBE_FAILED, now);
    t->now.highest_failed = t->offer.ttl;
    t->now.next_ttl++;
    t->skips_in_a_row = 0;
    queue_failure(t, HOPS_EVENT_FAILED, result, now);
}

/* Would another sequence, or another round port, help? The port that was taken must be one we are
 * free to change: the source port where bind() refused it, either one where connect() did. */
static bool can_move(const struct hops_tracer *t, const struct hops_send_result *result) {
    const struct hops_config *c = &t->config;

    if (c->protocol == HOPS_PROTOCOL_ICMP) {
        return false;
    }
    if (result->call == HOPS_CALL_CONNECT) {
        return c->direction != HOPS_PORTS_FIXED_BOTH;
    }
    return c->direction == HOPS_PORTS_FIXED_TARGET;
}

/* EADDRINUSE and nothing else comes here. The probe counts nowhere; the next call of next_probe()
 * gives the same TTL with the next sequence and so, usually, another port. */
static void on_port_taken(struct hops_tracer *t, const struct hops_send_result *result,
                          hops_ns now) {
    if (!can_move(t, result) || t->skips_in_a_row >= SKIPS_IN_A_ROW_MAX ||
        sequences_used(t) + 1 >= hops_sequence_round_capacity(&t->config)) {
        on_failed(t, result, now);
        return;
    }
    log_offer(t, PROBE_SKIPPED, now);
    t->skips_in_a_row++;
    if (t->config.strategy != HOPS_STRATEGY_CLASSIC) {
        t->port_offset++;
        t->now.port = hops_sequence_round_port(&t->config, t->round_number + t->port_offset);
    }
    queue_failure(t, HOPS_EVENT_SKIPPED, result, now);
}

static void on_fatal(struct hops_tracer *t, const struct hops_send_result *result, hops_ns now) {
    queue_failure(t, HOPS_EVENT_ERROR, result, now);
    t->phase = PHASE_ENDING;
    t->end_reason = HOPS_END_ERROR;
}

void hops_tracer_outcome(struct hops_tracer *t, const struct hops_send_result *result,
                         hops_ns now) {
    assert(t->offered);
    hops_tracer_enter(t, now);
    t->offered = false;
    t->next_send_at = now + t->config.send_interval;
    switch (result->status) {
    case HOPS_SEND_OK:
        on_sent(t, result);
        break;
    case HOPS_SEND_PORT_TAKEN:
        on_port_taken(t, result, now);
        t->next_send_at = now;
        break;
    case HOPS_SEND_FAILED:
        on_failed(t, result, now);
        break;
    case HOPS_SEND_BUSY:
        t->reoffer = true;
        t->next_send_at = now + HOPS_MS;
        break;
    case HOPS_SEND_FATAL:
        on_fatal(t, result, now);
        break;
    }
    hops_tracer_reschedule(t);
}

void hops_tracer_stamp(struct hops_tracer *t, uint32_t probe_id, hops_ns when) {
    struct logged_probe *probe = hops_probelog_by_id(t->log, probe_id);

    /* A stamp from before the send call is another clock's: leave it alone. */
    if (probe != NULL && probe->state == PROBE_AWAITED && when >= probe->sent) {
        probe->sent = when;
    }
}

void hops_tracer_failed_late(struct hops_tracer *t, uint32_t probe_id,
                             const struct hops_send_result *result, hops_ns now) {
    hops_tracer_enter(t, now);
    struct logged_probe *probe = hops_probelog_by_id(t->log, probe_id);
    if (probe == NULL || probe->state != PROBE_AWAITED || t->phase == PHASE_ENDED ||
        !hops_tracer_ready(t)) {
        return;
    }
    hops_probelog_finish(t->log, probe, PROBE_FAILED);
    if (t->phase == PHASE_ROUND && probe->round == t->round_number) {
        t->now.highest_failed = max_u8(t->now.highest_failed, probe->ttl);
    }
    struct hops_event *event = hops_tracer_queue(t, HOPS_EVENT_FAILED, now);
    event->probe = hops_tracer_public_probe(probe);
    event->u.failure =
        (struct hops_event_failure){.call = result->call, .os_errno = result->os_errno};
    hops_tracer_reschedule(t);
}
