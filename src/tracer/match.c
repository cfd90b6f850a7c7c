/* SPDX-License-Identifier: MIT
 *
 * Which probe a reply answers, and what that teaches about the path.
 *
 * A reply is ours only if everything in it that we chose is as we chose it: protocol, destination,
 * ids, ports, sequence, and for TCP the acknowledged sequence number. Anybody can send us packets;
 * whoever has not seen our probe must guess all of that.
 */
#include "tracer/internal.h"
#include "tracer/sequence.h"

#include "packet/build.h"

enum { ICMP4_ECHO_REQUEST = 8, ICMP6_ECHO_REQUEST = 128 };

static bool is_icmp_error(enum hops_reply_kind kind) {
    return kind == HOPS_REPLY_TIME_EXCEEDED || kind == HOPS_REPLY_UNREACHABLE ||
           kind == HOPS_REPLY_PACKET_TOO_BIG;
}

/* Does a reply of this kind answer probes of this protocol? */
static bool kind_fits(enum hops_protocol protocol, enum hops_reply_kind kind) {
    switch (kind) {
    case HOPS_REPLY_TIME_EXCEEDED:
    case HOPS_REPLY_UNREACHABLE:
    case HOPS_REPLY_PACKET_TOO_BIG:
        return true;
    case HOPS_REPLY_ECHO:
        return protocol == HOPS_PROTOCOL_ICMP;
    case HOPS_REPLY_TCP:
    case HOPS_REPLY_TCP_REFUSED:
        return protocol == HOPS_PROTOCOL_TCP;
    case HOPS_REPLY_UDP:
        return protocol == HOPS_PROTOCOL_UDP;
    }
    return false;
}

static bool ports_fit(const struct hops_config *c, const struct hops_quote *q) {
    switch (c->direction) {
    case HOPS_PORTS_NONE:
        return true;
    case HOPS_PORTS_FIXED_SOURCE:
        return q->src_port == c->source_port;
    case HOPS_PORTS_FIXED_TARGET:
        return q->dst_port == c->target_port;
    case HOPS_PORTS_FIXED_BOTH:
        return q->src_port == c->source_port && q->dst_port == c->target_port;
    }
    return false;
}

/* Is the reply for this trace, whatever its sequence? */
static bool is_ours(const struct hops_config *c, const struct hops_reply *r) {
    const struct hops_quote *q = &r->quote;

    if (q->protocol != c->protocol || !kind_fits(c->protocol, r->kind)) {
        return false;
    }
    /* An echo reply may come from another address than the target's: it is shown, not believed. */
    if (r->kind != HOPS_REPLY_ECHO && !hops_addr_equal(&q->dst, &c->target)) {
        return false;
    }
    if (r->responder.family != c->target.family ||
        (r->local.family != HOPS_FAMILY_NONE && !hops_addr_equal(&r->local, &c->source))) {
        return false;
    }
    if (c->protocol != HOPS_PROTOCOL_ICMP) {
        return ports_fit(c, q);
    }
    uint8_t request = c->target.family == HOPS_IPV4 ? ICMP4_ECHO_REQUEST : ICMP6_ECHO_REQUEST;
    return q->icmp_id == c->trace_id && (!is_icmp_error(r->kind) || q->icmp_type == request);
}

/* An answer of the target itself does not say which of the probes with these ports it answers:
 * taken for the one that went furthest, of the newest round that had these ports. While the place
 * of the target is unknown, answers so come down from the furthest probe to the first that reached
 * it, and never does a silent router's place pass for the target's. */
static struct logged_probe *furthest_awaited(struct hops_tracer *t, const struct hops_quote *q) {
    struct logged_round *round = hops_probelog_newest(t->log);

    while (round != NULL) {
        for (uint16_t i = round->count; i > 0; i--) {
            struct logged_probe *probe = hops_probelog_at(t->log, round, (uint16_t)(i - 1));
            if (probe->state == PROBE_AWAITED && probe->src_port == q->src_port &&
                probe->dst_port == q->dst_port) {
                return probe;
            }
        }
        round = hops_probelog_round(t->log, round->number - 1);
    }
    return NULL;
}

/* Does the reply not tell by itself which probe of the round it answers? */
static bool is_ambiguous(const struct hops_config *c, const struct hops_reply *r) {
    return r->kind == HOPS_REPLY_UDP && c->strategy != HOPS_STRATEGY_CLASSIC && !r->known_probe;
}

static struct logged_probe *find_probe(struct hops_tracer *t, const struct hops_reply *r) {
    uint16_t sequence;

    if (r->known_probe) {
        return hops_probelog_by_id(t->log, r->probe_id);
    }
    if (is_ambiguous(&t->config, r)) {
        return furthest_awaited(t, &r->quote);
    }
    if (!hops_sequence_decode(&t->config, &r->quote, &sequence)) {
        return NULL;
    }
    return hops_probelog_by_sequence(t->log, sequence);
}

/* Are the fields that vary from probe to probe this probe's? */
static bool probe_fits(const struct hops_config *c, const struct logged_probe *probe,
                       const struct hops_reply *r) {
    const struct hops_quote *q = &r->quote;

    if (q->protocol == HOPS_PROTOCOL_ICMP) {
        return true;
    }
    if (q->src_port != probe->src_port || q->dst_port != probe->dst_port) {
        return false;
    }
    /* Firewalls that hide sequence numbers put replies right, but not what ICMP errors quote. Only
     * where a port comes again before answers to its last probe have died out, the quote must fit,
     * too. */
    bool tcp_reply = r->kind == HOPS_REPLY_TCP || r->kind == HOPS_REPLY_TCP_REFUSED;
    bool ports_return_soon = hops_sequence_round_capacity(c) < HOPS_ROUND_PROBES_MAX;
    return !(tcp_reply || ports_return_soon) || !q->tcp_seq_known || q->tcp_seq == probe->tcp_seq;
}

/* Stamps of sending and receiving come from different places of the kernel: they may be this far
 * apart in the wrong order. More than that, and the reply answers an earlier probe. */
static bool came_before_sent(const struct logged_probe *probe, const struct hops_reply *r) {
    return r->when < probe->sent - 5 * HOPS_MS;
}

static bool is_target(const struct hops_config *c, const struct hops_reply *r) {
    return hops_addr_equal(&r->responder, &c->target);
}

/* The target TTL after a reply to a probe of this TTL. A router that answers at or beyond the
 * presumed place of the target shows that the path has grown: the place is unknown again. */
static void learn_target_ttl(struct hops_tracer *t, uint8_t ttl, bool from_target) {
    if (from_target) {
        bool lost_sight = t->target_misses >= TARGET_MISSES_MAX;
        if (lost_sight || t->target_ttl == 0 || ttl < t->target_ttl) {
            t->target_ttl = ttl;
        }
        t->target_misses = 0;
    } else if (t->target_ttl != 0 && ttl >= t->target_ttl) {
        t->target_ttl = 0;
    }
}

static void learn_in_round(struct hops_tracer *t, const struct logged_probe *probe,
                           const struct hops_reply *r, bool from_target, hops_ns now) {
    struct round_state *round = &t->now;
    bool dead_end =
        !from_target && (r->kind == HOPS_REPLY_UNREACHABLE || r->kind == HOPS_REPLY_PACKET_TOO_BIG);

    if (probe->ttl > round->highest_replied) {
        round->highest_replied = probe->ttl;
    }
    if (!dead_end && probe->ttl > round->highest_passed) {
        round->highest_passed = probe->ttl;
    }
    round->replied = true;
    round->last_reply = now;
    t->round_path[probe->ttl] = r->responder;
    if (from_target) {
        if (round->target_reply_ttl == 0 || probe->ttl < round->target_reply_ttl) {
            round->target_reply_ttl = probe->ttl;
        }
    } else if (dead_end) {
        if (round->unreachable_ttl == 0 || probe->ttl < round->unreachable_ttl) {
            round->unreachable_ttl = probe->ttl;
        }
    }
}

/* Late replies never end the running round, but they show how far probes get. */
static void learn_late(struct hops_tracer *t, const struct logged_probe *probe, bool from_target,
                       hops_ns now) {
    if (probe->ttl > t->late_highest) {
        t->late_highest = probe->ttl;
    }
    if (probe->ttl > t->floor) {
        t->floor = probe->ttl;
    }
    if (t->phase == PHASE_LINGER && from_target) {
        struct logged_round *last = hops_probelog_newest(t->log);
        if (probe->round == last->number && now + t->config.grace < t->linger_until) {
            t->linger_until = now + t->config.grace;
        }
    }
}

static void queue_reply(struct hops_tracer *t, const struct logged_probe *probe,
                        const struct hops_reply *r, bool from_target, bool late, bool guessed) {
    struct hops_event *event = hops_tracer_queue(t, HOPS_EVENT_REPLY, r->when);
    struct hops_event_reply *e = &event->u.reply;
    bool error = is_icmp_error(r->kind);

    event->probe = hops_tracer_public_probe(probe);
    e->kind = r->kind;
    e->responder = r->responder;
    e->icmp_type = r->icmp_type;
    e->icmp_code = r->icmp_code;
    e->is_target = from_target;
    e->late = late;
    e->coarse = r->coarse || guessed;
    e->rtt = r->when > probe->sent ? r->when - probe->sent : 0;
    e->ttl = r->ttl;
    e->quoted_ttl = error ? r->quote.ttl : -1;
    e->tos = error ? r->quote.tos : -1;
    e->mtu = r->mtu;
    /* Dublin keeps ports and payload of a round alike over IPv4, so a checksum that differs from
     * ours was put right by a translator on the way. */
    if (error && t->config.strategy == HOPS_STRATEGY_DUBLIN &&
        t->config.target.family == HOPS_IPV4) {
        e->has_checksums = true;
        e->checksum_actual = r->quote.udp_checksum;
        e->checksum_expected = hops_packet_expected_checksum(&t->config, &r->quote);
    }
    if (t->config.extensions) {
        e->extensions = r->extensions;
    }
}

enum hops_verdict hops_tracer_received(struct hops_tracer *t, const struct hops_reply *r,
                                       hops_ns now) {
    if (!is_ours(&t->config, r)) {
        return HOPS_VERDICT_NOT_OURS;
    }
    if (!hops_tracer_ready(t)) {
        return HOPS_VERDICT_NOT_READY;
    }
    hops_tracer_enter(t, now);
    struct logged_probe *probe = find_probe(t, r);
    if (probe == NULL || !probe_fits(&t->config, probe, r) || came_before_sent(probe, r)) {
        return HOPS_VERDICT_NOT_SENT;
    }
    if (probe->state == PROBE_ANSWERED) {
        return HOPS_VERDICT_DUPLICATE;
    }
    if (probe->state != PROBE_AWAITED || r->when >= probe->sent + t->config.reply_timeout ||
        t->phase == PHASE_ENDED) {
        return HOPS_VERDICT_NOT_SENT;
    }
    bool from_target = is_target(&t->config, r);
    bool late = !(t->phase == PHASE_ROUND && probe->round == t->round_number);
    bool guessed = is_ambiguous(&t->config, r) && probe->ttl != t->target_ttl;
    hops_probelog_finish(t->log, probe, PROBE_ANSWERED);
    learn_target_ttl(t, probe->ttl, from_target);
    if (late) {
        learn_late(t, probe, from_target, now);
    } else {
        learn_in_round(t, probe, r, from_target, now);
    }
    queue_reply(t, probe, r, from_target, late, guessed);
    hops_tracer_reschedule(t);
    return late ? HOPS_VERDICT_LATE : HOPS_VERDICT_ACCEPTED;
}
