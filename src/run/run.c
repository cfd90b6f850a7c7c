/* SPDX-License-Identifier: MIT
 *
 * The one place where clock, link and tracers meet. A turn has three phases: take in what has
 * arrived, let time pass for the traces that are due, send what they want sent. Each phase stops as
 * soon as a trace has events, which the caller takes first, so nothing piles up anywhere.
 */
#include <hops/run.h>
#include <hops/tracer.h>

#include "base/diag.h"
#include "net/wait.h"
#include "run/demux.h"
#include "tracer/internal.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

enum {
    RECEIVE_BATCH = 512, /* packets taken in before time may pass: a flood must not stop it */
    SEND_BATCH = 64, /* probes sent before replies are taken in: they must not overflow a buffer */
    EXTRA_FDS_MAX = 31
};

enum turn_phase { TURN_RECEIVE, TURN_ADVANCE, TURN_SEND, TURN_DONE };

struct trace {
    struct hops_tracer *tracer;
    uint32_t attachment;
};

struct hops_run {
    struct hops_link *link;
    const struct hops_mem *mem;
    enum hops_clock clock;
    hops_ns virtual_now;
    hops_ns epoch; /* real time that counts as 0 */
    struct demux *demux;
    struct trace *traces;
    size_t count, room;
    size_t ended;

    enum turn_phase phase;
    size_t received; /* since this turn's last TURN_RECEIVE */
    size_t sent;     /* since then, too */
    size_t at;       /* trace the phase has come to */
    size_t send_at;  /* trace that sending has come to in this turn: each is visited once */
    size_t draining; /* trace whose events are being handed out; count: none */
    struct hops_inbound inbound;
    bool holding; /* inbound waits for its tracer to be ready */
    struct hops_run_counters counters;
};

static hops_ns real_now(void) {
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (hops_ns)ts.tv_sec * HOPS_SEC + ts.tv_nsec;
}

hops_ns hops_run_now(const struct hops_run *run) {
    return run->clock == HOPS_CLOCK_VIRTUAL ? run->virtual_now : real_now() - run->epoch;
}

enum hops_err hops_run_new(struct hops_link *link, enum hops_clock clock,
                           const struct hops_mem *mem, struct hops_run **out) {
    if (link == NULL || (clock == HOPS_CLOCK_VIRTUAL && link->ops->fd(link) >= 0)) {
        return HOPS_ERR_INVALID;
    }
    mem = mem == NULL ? hops_mem_default() : mem;
    struct hops_run *run = mem->calloc(1, sizeof(*run), mem->user);
    if (run == NULL) {
        return HOPS_ERR_NOMEM;
    }
    if (hops_demux_new(mem, &run->demux) != HOPS_OK) {
        mem->free(run, mem->user);
        return HOPS_ERR_NOMEM;
    }
    run->link = link;
    run->mem = mem;
    run->clock = clock;
    /* A link without a descriptor has no clock of its own to agree with: its time begins at 0, as
     * it does on a virtual clock. */
    run->epoch = clock == HOPS_CLOCK_REAL && link->ops->fd(link) < 0 ? real_now() : 0;
    *out = run;
    return HOPS_OK;
}

void hops_run_free(struct hops_run *run) {
    if (run == NULL) {
        return;
    }
    for (size_t i = 0; i < run->count; i++) {
        hops_tracer_free(run->traces[i].tracer);
    }
    run->link->ops->close(run->link);
    hops_demux_free(run->demux);
    run->mem->free(run->traces, run->mem->user);
    run->mem->free(run, run->mem->user);
}

size_t hops_run_count(const struct hops_run *run) {
    return run->count;
}

const struct hops_config *hops_run_config(const struct hops_run *run, uint32_t trace) {
    return trace < run->count ? hops_tracer_config(run->traces[trace].tracer) : NULL;
}

static enum hops_err grow(struct hops_run *run, struct hops_diag *diag) {
    if (run->count < run->room) {
        return HOPS_OK;
    }
    size_t room = run->room == 0 ? 4 : run->room * 2;
    struct trace *traces = run->mem->realloc(run->traces, room * sizeof(*traces), run->mem->user);
    if (traces == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory for another trace");
    }
    /* "none is draining" is told by the count */
    run->traces = traces;
    run->room = room;
    return HOPS_OK;
}

enum hops_err hops_run_add(struct hops_run *run, const struct hops_config *config,
                           uint32_t *out_trace, struct hops_diag *diag) {
    struct hops_config filled;
    struct trace trace = {.tracer = NULL};
    enum hops_err err = hops_config_check(config, diag);

    if (err == HOPS_OK) {
        err = grow(run, diag);
    }
    if (err != HOPS_OK) {
        return err;
    }
    filled = *config;
    err = run->link->ops->attach(run->link, &filled, hops_run_now(run), &trace.attachment, diag);
    if (err != HOPS_OK) {
        return err;
    }
    err = hops_tracer_new(&filled, run->mem, hops_run_now(run), &trace.tracer, diag);
    if (err == HOPS_OK) {
        err = hops_demux_add(run->demux, (uint32_t)run->count, &filled, diag);
    }
    if (err != HOPS_OK) {
        hops_tracer_free(trace.tracer);
        run->link->ops->detach(run->link, trace.attachment);
        return err;
    }
    if (run->draining == run->count) {
        run->draining++;
    }
    run->traces[run->count++] = trace;
    *out_trace = (uint32_t)(run->count - 1);
    return HOPS_OK;
}

/* Handing out events. */

/* What an event means for the link: sockets and ports held for probes that are done. */
static void release_probes(struct hops_run *run, struct trace *trace,
                           const struct hops_event *event) {
    struct hops_link *link = run->link;

    switch (event->kind) {
    case HOPS_EVENT_REPLY:
    case HOPS_EVENT_FAILED:
        link->ops->release(link, trace->attachment, event->probe.id);
        break;
    case HOPS_EVENT_SETTLED: {
        uint16_t index = 0;
        uint32_t id;
        while (hops_tracer_next_given_up(trace->tracer, &index, &id)) {
            link->ops->release(link, trace->attachment, id);
        }
        break;
    }
    case HOPS_EVENT_END:
        link->ops->detach(link, trace->attachment);
        trace->attachment = HOPS_ATTACHMENT_ANY; /* the link may give the number away */
        run->ended++;
        break;
    case HOPS_EVENT_SENT:
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_ROUND:
    case HOPS_EVENT_PATH:
    case HOPS_EVENT_ERROR:
        break;
    }
}

static bool drain_events(struct hops_run *run, struct hops_event *out) {
    if (run->draining >= run->count) {
        return false;
    }
    struct trace *trace = &run->traces[run->draining];
    if (!hops_tracer_next_event(trace->tracer, out)) {
        run->draining = run->count;
        return false;
    }
    out->trace = (uint32_t)run->draining;
    release_probes(run, trace, out);
    return true;
}

/* Taking in. */

static void count_verdict(struct hops_run *run, enum hops_verdict verdict) {
    switch (verdict) {
    case HOPS_VERDICT_ACCEPTED:
        run->counters.accepted++;
        break;
    case HOPS_VERDICT_LATE:
        run->counters.accepted++;
        run->counters.late++;
        break;
    case HOPS_VERDICT_NOT_OURS:
        run->counters.foreign++;
        break;
    case HOPS_VERDICT_NOT_SENT:
        run->counters.unexpected++;
        break;
    case HOPS_VERDICT_DUPLICATE:
        run->counters.duplicates++;
        break;
    case HOPS_VERDICT_NOT_READY:
        break;
    }
}

static size_t trace_of_attachment(const struct hops_run *run, uint32_t attachment) {
    for (size_t i = 0; i < run->count; i++) {
        if (run->traces[i].attachment == attachment) {
            return i;
        }
    }
    return run->count;
}

static enum hops_verdict offer_reply(struct hops_run *run, size_t i, hops_ns now) {
    if (hops_tracer_ended(run->traces[i].tracer)) {
        return HOPS_VERDICT_NOT_OURS;
    }
    enum hops_verdict verdict =
        hops_tracer_received(run->traces[i].tracer, &run->inbound.reply, now);
    if (verdict != HOPS_VERDICT_NOT_OURS) {
        run->draining = i;
    }
    return verdict;
}

static enum hops_verdict dispatch_reply(struct hops_run *run, hops_ns now) {
    if (run->inbound.attachment != HOPS_ATTACHMENT_ANY) {
        size_t i = trace_of_attachment(run, run->inbound.attachment);
        return i < run->count ? offer_reply(run, i, now) : HOPS_VERDICT_NOT_OURS;
    }
    enum hops_verdict best = HOPS_VERDICT_NOT_OURS;
    for (uint32_t i = hops_demux_first(run->demux, &run->inbound.reply); i != HOPS_DEMUX_NONE;
         i = hops_demux_next(run->demux, i)) {
        enum hops_verdict verdict = offer_reply(run, i, now);
        /* Of several traces to one address the others may have sent it. */
        if (verdict != HOPS_VERDICT_NOT_OURS && verdict != HOPS_VERDICT_NOT_SENT) {
            return verdict;
        }
        best = verdict == HOPS_VERDICT_NOT_SENT ? verdict : best;
    }
    return best;
}

static void dispatch(struct hops_run *run, hops_ns now) {
    size_t i;

    run->holding = false;
    switch (run->inbound.kind) {
    case HOPS_INBOUND_REPLY: {
        enum hops_verdict verdict = dispatch_reply(run, now);
        count_verdict(run, verdict);
        run->holding = verdict == HOPS_VERDICT_NOT_READY;
        break;
    }
    case HOPS_INBOUND_STAMP:
        i = trace_of_attachment(run, run->inbound.attachment);
        if (i < run->count) {
            hops_tracer_stamp(run->traces[i].tracer, run->inbound.probe_id, run->inbound.when);
        }
        break;
    case HOPS_INBOUND_FAILED:
        i = trace_of_attachment(run, run->inbound.attachment);
        if (i < run->count) {
            hops_tracer_failed_late(run->traces[i].tracer, run->inbound.probe_id,
                                    &run->inbound.failure, now);
            run->draining = i;
        }
        break;
    }
}

static bool receive_one(struct hops_run *run) {
    hops_ns now = hops_run_now(run);

    if (!run->holding) {
        if (run->received >= RECEIVE_BATCH ||
            !run->link->ops->receive(run->link, now, &run->inbound)) {
            return false;
        }
        run->received++;
    }
    dispatch(run, now);
    return true;
}

/* Letting time pass, and sending. */

/* From the first phase again, but sending goes on where it was. */
static void go_back(struct hops_run *run) {
    run->phase = TURN_RECEIVE;
    run->received = 0;
    run->sent = 0;
    run->at = 0;
}

static void begin_turn(struct hops_run *run) {
    go_back(run);
    run->send_at = 0;
}

static bool advance_one(struct hops_run *run) {
    hops_ns now = hops_run_now(run);

    for (; run->at < run->count; run->at++) {
        struct hops_tracer *tracer = run->traces[run->at].tracer;
        if (hops_tracer_deadline(tracer) <= now) {
            hops_tracer_advance(tracer, now);
            run->draining = run->at++;
            return true;
        }
    }
    return false;
}

static bool send_one(struct hops_run *run) {
    if (run->sent >= SEND_BATCH) {
        go_back(run);
        return true;
    }
    for (; run->send_at < run->count; run->send_at++) {
        struct trace *trace = &run->traces[run->send_at];
        hops_ns now = hops_run_now(run);
        struct hops_probe probe;
        if (hops_tracer_next_probe(trace->tracer, now, &probe)) {
            struct hops_send_result result =
                run->link->ops->send(run->link, trace->attachment, &probe, now);
            hops_tracer_outcome(trace->tracer, &result, hops_run_now(run));
            run->draining = run->send_at;
            run->sent++;
            return true;
        }
        if (hops_tracer_deadline(trace->tracer) <= now) {
            run->draining = run->send_at++; /* events to be taken before it can send */
            return true;
        }
    }
    return false;
}

static bool work_one(struct hops_run *run) {
    switch (run->phase) {
    case TURN_RECEIVE:
        return receive_one(run);
    case TURN_ADVANCE:
        return advance_one(run);
    case TURN_SEND:
        return send_one(run);
    case TURN_DONE:
        break;
    }
    return false;
}

bool hops_run_next_event(struct hops_run *run, struct hops_event *out) {
    for (;;) {
        if (drain_events(run, out)) {
            return true;
        }
        if (work_one(run)) {
            continue;
        }
        run->at = 0;
        run->phase++;
        if (run->phase == TURN_DONE) {
            begin_turn(run);
            return false;
        }
    }
}

/* Waiting. */

hops_ns hops_run_deadline(const struct hops_run *run) {
    hops_ns deadline = run->link->ops->deadline(run->link);

    for (size_t i = 0; i < run->count; i++) {
        hops_ns d = hops_tracer_deadline(run->traces[i].tracer);
        deadline = d < deadline ? d : deadline;
    }
    return deadline;
}

static enum hops_err poll_real(struct hops_run *run, struct pollfd *fds, size_t count,
                               hops_ns until) {
    struct pollfd all[EXTRA_FDS_MAX + 1];
    int fd = run->link->ops->fd(run->link);
    size_t own = fd >= 0 ? 1 : 0;
    hops_ns wait = until - hops_run_now(run);

    if (own > 0) {
        all[0] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
    for (size_t i = 0; i < count; i++) {
        all[own + i] = fds[i];
    }
    wait = wait < 0 ? 0 : wait;
    int n = hops_net_poll(all, own + count, until == HOPS_NEVER ? HOPS_NEVER : wait);
    for (size_t i = 0; i < count; i++) {
        fds[i].revents = n > 0 ? all[own + i].revents : 0;
    }
    return n < 0 && errno != EINTR ? HOPS_ERR_SYSTEM : HOPS_OK;
}

enum hops_err hops_run_wait(struct hops_run *run, struct pollfd *fds, size_t count, hops_ns until) {
    hops_ns deadline = hops_run_deadline(run);

    if (count > EXTRA_FDS_MAX) {
        return HOPS_ERR_INVALID;
    }
    deadline = until < deadline ? until : deadline;
    if (deadline == HOPS_NEVER && count == 0 && hops_run_done(run)) {
        return HOPS_OK;
    }
    if (run->clock == HOPS_CLOCK_REAL) {
        return poll_real(run, fds, count, deadline);
    }
    for (size_t i = 0; i < count; i++) {
        fds[i].revents = 0;
    }
    if (deadline == HOPS_NEVER) {
        return HOPS_ERR_INVALID; /* virtual time would stand still for ever */
    }
    if (deadline > run->virtual_now) {
        run->virtual_now = deadline;
    }
    return HOPS_OK;
}

void hops_run_stop(struct hops_run *run) {
    for (size_t i = 0; i < run->count; i++) {
        hops_tracer_stop(run->traces[i].tracer, hops_run_now(run));
    }
}

void hops_run_pause(struct hops_run *run, bool paused) {
    for (size_t i = 0; i < run->count; i++) {
        hops_tracer_pause(run->traces[i].tracer, paused, hops_run_now(run));
    }
}

bool hops_run_done(const struct hops_run *run) {
    return run->ended == run->count;
}

void hops_run_counters(const struct hops_run *run, struct hops_run_counters *out) {
    *out = run->counters;
    run->link->ops->counters(run->link, &out->link);
}
