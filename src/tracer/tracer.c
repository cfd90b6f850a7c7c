/* SPDX-License-Identifier: MIT
 *
 * The life of a tracer: rounds that begin and end, probes that are given up, events that are handed
 * out. send.c decides what goes out, match.c what a reply answers.
 *
 * A round is over as soon as nothing is missing up to the end of the path. While something is
 * missing, the grace period runs from the last reply, and the round's time limit ends it in any
 * case. Its probes stay in the log, where late replies find them, until it is settled.
 */
#include "tracer/internal.h"
#include "tracer/sequence.h"

#include "base/diag.h"

#include <assert.h>
#include <string.h>

enum hops_err hops_tracer_new(const struct hops_config *config, const struct hops_mem *mem,
                              hops_ns now, struct hops_tracer **out, struct hops_diag *diag) {
    enum hops_err err = hops_config_check(config, diag);

    if (err != HOPS_OK) {
        return err;
    }
    if (config->source.family != config->target.family) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "the source address is not set");
    }
    mem = mem == NULL ? hops_mem_default() : mem;
    struct hops_tracer *t = mem->calloc(1, sizeof(*t), mem->user);
    if (t == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory for a tracer");
    }
    err = hops_probelog_new(mem, &t->log);
    if (err != HOPS_OK) {
        mem->free(t, mem->user);
        return hops_diag_set(diag, err, "out of memory for a tracer");
    }
    t->config = *config;
    t->mem = mem;
    t->sequence = config->initial_sequence;
    t->phase = PHASE_PAUSE;
    t->next_round_at = now;
    t->clock = now;
    hops_tracer_reschedule(t);
    *out = t;
    return HOPS_OK;
}

void hops_tracer_free(struct hops_tracer *t) {
    if (t != NULL) {
        hops_probelog_free(t->log, t->mem);
        t->mem->free(t, t->mem->user);
    }
}

const struct hops_config *hops_tracer_config(const struct hops_tracer *t) {
    return &t->config;
}

bool hops_tracer_ended(const struct hops_tracer *t) {
    return t->phase == PHASE_ENDED;
}

hops_ns hops_tracer_deadline(const struct hops_tracer *t) {
    return t->deadline;
}

/* Events. */

struct hops_event *hops_tracer_queue(struct hops_tracer *t, enum hops_event_kind kind,
                                     hops_ns time) {
    struct hops_event *event = &t->queue[(t->queue_head + t->queue_len) % EVENT_QUEUE_LEN];

    assert(t->queue_len < EVENT_QUEUE_LEN);
    t->queue_len++;
    memset(event, 0, sizeof(*event));
    event->kind = kind;
    event->time = time;
    return event;
}

struct hops_probe hops_tracer_public_probe(const struct logged_probe *probe) {
    return (struct hops_probe){.id = probe->id,
                               .round = probe->round,
                               .ttl = probe->ttl,
                               .sequence = probe->sequence,
                               .src_port = probe->src_port,
                               .dst_port = probe->dst_port,
                               .ip_id = probe->ip_id,
                               .tcp_seq = probe->tcp_seq};
}

/* Is the oldest open round final? */
static bool can_settle(const struct hops_tracer *t) {
    const struct logged_round *round = hops_probelog_oldest(t->log);

    if (round == NULL || !round->complete) {
        return false;
    }
    return round->awaited == 0 || t->phase == PHASE_ENDING ||
           t->clock >= round->last_sent + t->config.reply_timeout;
}

void hops_tracer_enter(struct hops_tracer *t, hops_ns now) {
    if (now > t->clock) {
        t->clock = now;
    }
    if (t->settled_given) {
        t->settled_given = false;
        hops_probelog_close_oldest(t->log);
    }
}

bool hops_tracer_next_event(struct hops_tracer *t, struct hops_event *out) {
    hops_tracer_enter(t, t->clock);
    if (t->queue_len > 0) {
        *out = t->queue[t->queue_head];
        t->queue_head = (t->queue_head + 1) % EVENT_QUEUE_LEN;
        t->queue_len--;
    } else if (can_settle(t)) {
        memset(out, 0, sizeof(*out));
        out->kind = HOPS_EVENT_SETTLED;
        out->time = t->clock;
        out->u.settled_round = hops_probelog_oldest(t->log)->number;
        t->settled_given = true;
    } else if (t->phase == PHASE_ENDING) {
        memset(out, 0, sizeof(*out));
        out->kind = HOPS_EVENT_END;
        out->time = t->clock;
        out->u.end = t->end_reason;
        t->phase = PHASE_ENDED;
    } else {
        hops_tracer_reschedule(t);
        return false;
    }
    hops_tracer_reschedule(t);
    return true;
}

bool hops_tracer_next_given_up(struct hops_tracer *t, uint16_t *index, uint32_t *out_id) {
    const struct logged_round *round = hops_probelog_oldest(t->log);

    if (!t->settled_given || round == NULL) {
        return false;
    }
    while (*index < round->count) {
        const struct logged_probe *probe = hops_probelog_at(t->log, round, (*index)++);
        if (probe->state == PROBE_AWAITED || probe->state == PROBE_LOST) {
            *out_id = probe->id;
            return true;
        }
    }
    return false;
}

/* Rounds. */

static bool is_last_round(const struct hops_tracer *t) {
    return t->config.max_rounds != 0 && t->round_number + UINT64_C(1) >= t->config.max_rounds;
}

/* With no least duration at all, a round that nobody answers slowly would spin. */
static hops_ns least_duration(const struct hops_config *c) {
    return c->min_round < HOPS_MS ? HOPS_MS : c->min_round;
}

static void begin_round(struct hops_tracer *t, hops_ns now) {
    if (t->sequence >= hops_sequence_wrap(&t->config)) {
        t->sequence = t->config.initial_sequence;
    }
    if (!hops_probelog_begin_round(t->log, t->round_number, t->sequence)) {
        hops_probelog_give_up(t->log, hops_probelog_oldest(t->log));
        return; /* again when its SETTLED event was taken */
    }
    t->phase = PHASE_ROUND;
    t->now = (struct round_state){
        .start = now,
        .first_sequence = t->sequence,
        .next_ttl = t->config.first_ttl,
        .port = hops_sequence_round_port(&t->config, t->round_number + t->port_offset)};
    t->floor = t->late_highest;
    t->late_highest = 0;
    memset(t->round_path, 0, sizeof(t->round_path));
    if (t->next_send_at < now) {
        t->next_send_at = now;
    }
}

/* The TTL at which this round's path ends, as far as this round has shown; 0: not known. What other
 * rounds taught does not count: a late reply must not end the round in progress. */
static uint8_t end_ttl(const struct hops_tracer *t) {
    uint8_t end = t->now.target_reply_ttl;

    if (t->now.unreachable_ttl != 0 && (end == 0 || t->now.unreachable_ttl < end)) {
        end = t->now.unreachable_ttl;
    }
    return end;
}

/* Every TTL up to end was sent, and none of them awaits a reply. */
static bool nothing_missing(const struct hops_tracer *t, uint8_t end) {
    const struct logged_round *round = hops_probelog_newest(t->log);

    if (round->awaited == 0) {
        return !hops_tracer_wants_to_send(t);
    }
    if (end == 0 || t->now.next_ttl <= end) {
        return false;
    }
    for (uint16_t i = 0; i < round->count; i++) {
        const struct logged_probe *probe = hops_probelog_at(t->log, round, i);
        if (probe->state == PROBE_AWAITED && probe->ttl <= end) {
            return false;
        }
    }
    return true;
}

/* When this round will be over if nothing more comes in. */
static hops_ns round_deadline(const struct hops_tracer *t) {
    const struct round_state *now = &t->now;
    hops_ns limit = now->start + t->config.max_round;
    hops_ns least = is_last_round(t) ? now->start : now->start + least_duration(&t->config);
    hops_ns when = limit > least ? limit : least;
    bool end_answered = now->target_reply_ttl != 0 || now->unreachable_ttl != 0;

    if (nothing_missing(t, end_ttl(t))) {
        return least;
    }
    if (end_answered && now->replied && now->last_reply + t->config.grace < when) {
        when = now->last_reply + t->config.grace;
    }
    return when > least ? when : least;
}

static enum hops_round_reason reason_of_end(const struct hops_tracer *t) {
    if (t->now.target_reply_ttl != 0) {
        return HOPS_ROUND_TARGET_FOUND;
    }
    if (t->now.unreachable_ttl != 0) {
        return HOPS_ROUND_UNREACHABLE;
    }
    if (t->now.next_ttl > t->config.max_ttl && nothing_missing(t, 0)) {
        return HOPS_ROUND_MAX_TTL;
    }
    return HOPS_ROUND_TIME_LIMIT;
}

/* How many rows a report has for this round: up to the target; or to the hop that called it
 * unreachable (which says so to every probe of a higher TTL, too: those are no rows); or one beyond
 * the last responder, which shows that somebody further on is silent. A probe that failed is shown
 * as well. */
static uint8_t largest_ttl(const struct hops_tracer *t) {
    const struct round_state *now = &t->now;
    uint8_t largest = 0;

    if (t->target_ttl != 0) {
        return t->target_ttl;
    }
    if (now->target_reply_ttl != 0) {
        return now->target_reply_ttl;
    }
    if (now->unreachable_ttl != 0 && now->unreachable_ttl >= now->highest_passed) {
        return now->unreachable_ttl;
    }
    if (now->highest_passed != 0) {
        uint8_t sent = (uint8_t)(now->next_ttl - 1);
        largest = now->highest_passed < sent ? (uint8_t)(now->highest_passed + 1) : sent;
    }
    return largest > now->highest_failed ? largest : now->highest_failed;
}

/* Only where all probes take one path does another responder mean another path. */
static bool keeps_one_flow(const struct hops_config *c) {
    return c->protocol == HOPS_PROTOCOL_ICMP || c->direction == HOPS_PORTS_FIXED_BOTH;
}

static void note_path(struct hops_tracer *t, uint8_t largest, hops_ns now) {
    bool told = !keeps_one_flow(&t->config);

    for (unsigned ttl = t->config.first_ttl; ttl <= largest; ttl++) {
        struct hops_addr *before = &t->path[ttl];
        const struct hops_addr *after = &t->round_path[ttl];
        if (after->family == HOPS_FAMILY_NONE) {
            continue;
        }
        if (!told && before->family != HOPS_FAMILY_NONE && !hops_addr_equal(before, after)) {
            struct hops_event *event = hops_tracer_queue(t, HOPS_EVENT_PATH, now);
            event->u.path = (struct hops_event_path){
                .round = t->round_number, .ttl = (uint8_t)ttl, .before = *before, .after = *after};
            told = true;
        }
        *before = *after;
    }
}

/* What follows the last round: nothing, if the end of the path has answered or nobody is awaited;
 * else a wait for late replies. */
static void after_last_round(struct hops_tracer *t, enum hops_round_reason reason,
                             const struct logged_round *round) {
    t->end_reason = HOPS_END_ROUNDS_DONE;
    if (reason == HOPS_ROUND_TARGET_FOUND || reason == HOPS_ROUND_UNREACHABLE ||
        round->awaited == 0) {
        t->phase = PHASE_ENDING;
        return;
    }
    t->phase = PHASE_LINGER;
    t->linger_until = round->last_sent + t->config.reply_timeout;
}

static void complete_round(struct hops_tracer *t, enum hops_round_reason reason, hops_ns now) {
    struct logged_round *round = hops_probelog_newest(t->log);
    uint8_t largest = largest_ttl(t);
    struct hops_event *event = hops_tracer_queue(t, HOPS_EVENT_ROUND, now);

    event->u.round = (struct hops_event_round){.round = t->round_number,
                                               .reason = reason,
                                               .largest_ttl = largest,
                                               .target_ttl = t->target_ttl};
    note_path(t, largest, now);
    if (t->target_ttl != 0 && t->now.target_reply_ttl == 0 &&
        t->target_misses < TARGET_MISSES_MAX) {
        t->target_misses++;
    }
    round->complete = true;
    round->target_replied = t->now.target_reply_ttl != 0;
    t->reoffer = false;
    t->skips_in_a_row = 0;
    if (is_last_round(t)) {
        after_last_round(t, reason, round);
    } else {
        t->phase = PHASE_PAUSE;
        t->next_round_at = t->now.start + least_duration(&t->config);
    }
    t->round_number++;
}

void hops_tracer_advance(struct hops_tracer *t, hops_ns now) {
    hops_tracer_enter(t, now);
    if (!hops_tracer_ready(t)) {
        return;
    }
    if (t->phase == PHASE_ROUND && now >= round_deadline(t)) {
        complete_round(t, reason_of_end(t), now);
    }
    if (t->phase == PHASE_PAUSE && !t->paused && now >= t->next_round_at) {
        begin_round(t, now);
    }
    if (t->phase == PHASE_LINGER &&
        (now >= t->linger_until || hops_probelog_oldest(t->log) == NULL)) {
        t->phase = PHASE_ENDING;
    }
    hops_tracer_reschedule(t);
}

static hops_ns earlier(hops_ns a, hops_ns b) {
    return a < b ? a : b;
}

void hops_tracer_reschedule(struct hops_tracer *t) {
    const struct logged_round *oldest = hops_probelog_oldest(t->log);
    hops_ns when = HOPS_NEVER;

    if (t->queue_len > 0 || t->settled_given || can_settle(t)) {
        t->deadline = t->clock;
        return;
    }
    switch (t->phase) {
    case PHASE_ROUND:
        when = round_deadline(t);
        if (hops_tracer_wants_to_send(t)) {
            when = earlier(when, t->next_send_at);
        }
        break;
    case PHASE_PAUSE:
        when = t->paused ? HOPS_NEVER : t->next_round_at;
        break;
    case PHASE_LINGER:
        when = oldest == NULL ? t->clock : t->linger_until;
        break;
    case PHASE_ENDING:
        when = t->clock;
        break;
    case PHASE_ENDED:
        break;
    }
    if (oldest != NULL && oldest->complete && t->phase != PHASE_ENDED) {
        when = earlier(when, oldest->last_sent + t->config.reply_timeout);
    }
    t->deadline = when;
}

void hops_tracer_stop(struct hops_tracer *t, hops_ns now) {
    assert(!t->offered);
    hops_tracer_enter(t, now);
    if (t->phase == PHASE_ENDING || t->phase == PHASE_ENDED) {
        return;
    }
    if (t->phase == PHASE_ROUND && hops_probelog_newest(t->log)->count > 0) {
        complete_round(
            t, t->now.target_reply_ttl != 0 ? HOPS_ROUND_TARGET_FOUND : HOPS_ROUND_STOPPED, now);
    }
    t->phase = PHASE_ENDING;
    t->end_reason = HOPS_END_STOPPED;
    hops_tracer_reschedule(t);
}

void hops_tracer_pause(struct hops_tracer *t, bool paused, hops_ns now) {
    hops_tracer_enter(t, now);
    t->paused = paused;
    hops_tracer_reschedule(t);
}
