/* SPDX-License-Identifier: MIT
 *
 * Driving a tracer by hand: send what is due, answer probes, collect events. Time is a number the
 * test holds.
 */
#ifndef TESTS_TRACER_DRIVE_H
#define TESTS_TRACER_DRIVE_H

#include "check.h"

#include <hops/tracer.h>

#include <stdlib.h>
#include <string.h>

enum { DRIVE_EVENTS_MAX = 8192, DRIVE_PROBES_MAX = 600 };

struct drive {
    struct hops_tracer *t;
    hops_ns now;
    struct hops_probe sent[DRIVE_PROBES_MAX]; /* by the last drive_send() */
    size_t sent_count;
    struct hops_event events[DRIVE_EVENTS_MAX]; /* all so far */
    size_t event_count;
};

static inline struct hops_addr drive_addr(const char *text) {
    struct hops_addr addr;

    assert_true(hops_addr_parse(text, &addr));
    return addr;
}

static inline struct hops_config drive_config(void) {
    struct hops_config c;

    hops_config_init(&c);
    c.target = drive_addr("198.51.100.20");
    c.source = drive_addr("192.0.2.10");
    c.trace_id = 0x1f2e;
    return c;
}

static inline void drive_start(struct drive *d, const struct hops_config *c) {
    struct hops_diag diag;

    memset(d, 0, sizeof(*d));
    if (hops_tracer_new(c, NULL, 0, &d->t, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
}

static inline void drive_end(struct drive *d) {
    hops_tracer_free(d->t);
}

static inline void drive_events(struct drive *d) {
    while (hops_tracer_next_event(d->t, &d->events[d->event_count])) {
        d->event_count++;
        assert_true(d->event_count < DRIVE_EVENTS_MAX);
    }
}

/* Lets time pass to now, taking every deadline on the way. */
static inline void drive_to(struct drive *d, hops_ns now) {
    for (int i = 0; i < 100000 && hops_tracer_deadline(d->t) <= now; i++) {
        hops_ns deadline = hops_tracer_deadline(d->t);
        hops_ns before = deadline;
        d->now = deadline > d->now ? deadline : d->now;
        hops_tracer_advance(d->t, d->now);
        drive_events(d);
        if (hops_tracer_deadline(d->t) == before) {
            break; /* it wants to send */
        }
    }
    d->now = now;
    hops_tracer_advance(d->t, now);
    drive_events(d);
}

static inline struct hops_send_result drive_ok(hops_ns when) {
    return (struct hops_send_result){.status = HOPS_SEND_OK, .when = when};
}

/* Sends everything that is due at this moment. */
static inline size_t drive_send(struct drive *d) {
    d->sent_count = 0;
    hops_tracer_advance(d->t, d->now);
    drive_events(d);
    for (;;) {
        struct hops_probe *p = &d->sent[d->sent_count];
        if (!hops_tracer_next_probe(d->t, d->now, p)) {
            size_t before = d->event_count;
            drive_events(d);
            if (d->event_count == before) {
                return d->sent_count;
            }
            continue;
        }
        struct hops_send_result ok = drive_ok(d->now);
        hops_tracer_outcome(d->t, &ok, d->now);
        drive_events(d);
        d->sent_count++;
    }
}

/* One probe with a given outcome. */
static inline struct hops_probe drive_outcome(struct drive *d, enum hops_send_status status,
                                              enum hops_call call, int os_errno) {
    struct hops_probe p;
    struct hops_send_result r = {
        .status = status, .call = call, .os_errno = os_errno, .when = d->now};

    hops_tracer_advance(d->t, d->now);
    drive_events(d);
    while (!hops_tracer_next_probe(d->t, d->now, &p)) {
        size_t before = d->event_count;
        drive_events(d);
        assert_true(d->event_count != before);
    }
    hops_tracer_outcome(d->t, &r, d->now);
    drive_events(d);
    return p;
}

/* A reply to this probe as the network would bring it. */
static inline struct hops_reply drive_reply(const struct drive *d, const struct hops_probe *p,
                                            enum hops_reply_kind kind, const char *from) {
    const struct hops_config *c = hops_tracer_config(d->t);
    bool ipv4 = c->target.family == HOPS_IPV4;
    struct hops_reply r = {
        .kind = kind, .responder = drive_addr(from), .local = c->source, .ttl = 60, .when = d->now};

    r.quote = (struct hops_quote){.protocol = c->protocol,
                                  .src = c->source,
                                  .dst = c->target,
                                  .tos = -1,
                                  .ttl = 1,
                                  .ip_id = p->ip_id,
                                  .icmp_type = ipv4 ? 8 : 128,
                                  .icmp_id = c->trace_id,
                                  .icmp_seq = p->sequence,
                                  .src_port = p->src_port,
                                  .dst_port = p->dst_port,
                                  .udp_len = 12,
                                  .udp_checksum = p->sequence};
    if (kind == HOPS_REPLY_TIME_EXCEEDED) {
        r.icmp_type = ipv4 ? 11 : 3;
    } else if (kind == HOPS_REPLY_UNREACHABLE) {
        r.icmp_type = ipv4 ? 3 : 1;
        r.icmp_code = 3;
    } else if (kind == HOPS_REPLY_TCP || kind == HOPS_REPLY_TCP_REFUSED) {
        r.quote.tcp_seq_known = true;
        r.quote.tcp_seq = p->tcp_seq;
    }
    return r;
}

static inline enum hops_verdict drive_answer(struct drive *d, const struct hops_probe *p,
                                             enum hops_reply_kind kind, const char *from) {
    struct hops_reply r = drive_reply(d, p, kind, from);
    enum hops_verdict v = hops_tracer_received(d->t, &r, d->now);

    drive_events(d);
    return v;
}

static inline size_t drive_count(const struct drive *d, enum hops_event_kind kind) {
    size_t n = 0;

    for (size_t i = 0; i < d->event_count; i++) {
        n += d->events[i].kind == kind;
    }
    return n;
}

/* The newest event of a kind; fails if there is none. */
static inline const struct hops_event *drive_last(const struct drive *d,
                                                  enum hops_event_kind kind) {
    for (size_t i = d->event_count; i > 0; i--) {
        if (d->events[i - 1].kind == kind) {
            return &d->events[i - 1];
        }
    }
    fail_msg("no event %s", hops_event_kind_name(kind));
    abort(); /* fail_msg() does not return, but is not declared so */
}

#endif
