/* SPDX-License-Identifier: MIT
 *
 * The tracer: a state machine without clock, socket or (after creation) allocation. It is asked
 * what to send, told what became of it and what came back, and hands out events. A test, the
 * simulator, hops_run and your own event loop drive the same functions:
 *
 *     loop:  hops_tracer_advance(t, now)
 *            while hops_tracer_next_probe(t, now, &probe):
 *                hops_tracer_outcome(t, link.send(probe))
 *            while hops_tracer_next_event(t, &event): use it
 *            wait until hops_tracer_deadline(t) or a packet: hops_tracer_received(t, &reply, now)
 *
 * Events are queued inside a small fixed buffer: take them all after each call. A call that could
 * not queue its events does nothing until some were taken (next_probe and received return "no").
 */
#ifndef HOPS_TRACER_H
#define HOPS_TRACER_H

#include <hops/config.h>
#include <hops/err.h>
#include <hops/event.h>
#include <hops/probe.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hops_tracer;

/* What hops_tracer_received() did with a reply. Everything but ACCEPTED and LATE left no trace. */
enum hops_verdict {
    HOPS_VERDICT_ACCEPTED,
    HOPS_VERDICT_LATE,      /* accepted, for a round that was complete already */
    HOPS_VERDICT_NOT_OURS,  /* another protocol, destination, id, port or magic */
    HOPS_VERDICT_NOT_SENT,  /* a sequence we have not sent, or that is no longer answerable */
    HOPS_VERDICT_DUPLICATE, /* that probe has its answer */
    HOPS_VERDICT_NOT_READY, /* take events first, then offer it again */
};

/* Creates a tracer from a checked configuration with a source address. The first round begins at
 * now. mem may be NULL for the C library's; it is borrowed for the tracer's life. */
HOPS_API enum hops_err hops_tracer_new(const struct hops_config *config, const struct hops_mem *mem,
                                       hops_ns now, struct hops_tracer **out,
                                       struct hops_diag *diag) HOPS_MUST_USE;
HOPS_API void hops_tracer_free(struct hops_tracer *tracer); /* NULL is fine */

/* The configuration it runs with (borrows, valid as long as the tracer). */
HOPS_API const struct hops_config *hops_tracer_config(const struct hops_tracer *tracer);

/* Lets time pass: ends and begins rounds, gives probes up. Call it when the deadline has come. */
HOPS_API void hops_tracer_advance(struct hops_tracer *tracer, hops_ns now);

/* The next probe that is due. It must be followed by hops_tracer_outcome() for it. */
HOPS_API bool hops_tracer_next_probe(struct hops_tracer *tracer, hops_ns now,
                                     struct hops_probe *out);

/* What became of the probe next_probe() handed out last:
 * OK           it awaits its reply;
 * PORT_TAKEN   if its port is a free one: skipped, and next_probe() gives the same TTL with the
 * next sequence; else, and after 32 skips in a row, failed; FAILED       failed, the trace goes on;
 * BUSY         next_probe() will offer the same probe again after a moment;
 * FATAL        the trace ends. */
HOPS_API void hops_tracer_outcome(struct hops_tracer *tracer, const struct hops_send_result *result,
                                  hops_ns now);

/* The kernel's own send time of a probe; replaces the one of the outcome while it is unanswered. */
HOPS_API void hops_tracer_stamp(struct hops_tracer *tracer, uint32_t probe_id, hops_ns when);

/* A probe that seemed sent was refused by this host after all. */
HOPS_API void hops_tracer_failed_late(struct hops_tracer *tracer, uint32_t probe_id,
                                      const struct hops_send_result *result, hops_ns now);

/* Matches a reply (RFC 792, RFC 4443; the rules are in docs/architecture.md). */
HOPS_API enum hops_verdict hops_tracer_received(struct hops_tracer *tracer,
                                                const struct hops_reply *reply, hops_ns now);

/* When to call next: HOPS_NEVER if the trace has ended, a past time if something is due now. */
HOPS_API hops_ns hops_tracer_deadline(const struct hops_tracer *tracer);

HOPS_API bool hops_tracer_next_event(struct hops_tracer *tracer, struct hops_event *out);

/* Ends the trace: the round in progress is published as it is, then END. */
HOPS_API void hops_tracer_stop(struct hops_tracer *tracer, hops_ns now);

/* Stops sending new rounds until resumed; replies are still taken. */
HOPS_API void hops_tracer_pause(struct hops_tracer *tracer, bool paused, hops_ns now);

HOPS_API bool hops_tracer_ended(const struct hops_tracer *tracer); /* END was taken */

#ifdef __cplusplus
}
#endif

#endif
