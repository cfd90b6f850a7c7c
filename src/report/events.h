/* SPDX-License-Identifier: MIT
 *
 * Events as JSON Lines: what `-m events` prints, recordings hold and replay reads. The schema is
 * docs/events.md; every event of a tracer survives the way out and back unchanged.
 */
#ifndef REPORT_EVENTS_H
#define REPORT_EVENTS_H

#include <hops/config.h>
#include <hops/err.h>
#include <hops/event.h>

#include "report/buf.h"

#include <stdio.h>

enum { REPORT_EVENTS_VERSION = 1 };

/* What the first line says. */
struct report_events_trace {
    const char *target; /* as typed */
    struct hops_config config;
};

struct report_events_start {
    const char *program_version;
    int64_t wall_ns; /* UTC, nanoseconds since 1970, at the same moment as ... */
    hops_ns time;    /* ... this monotonic time, in which all events are told */
    /* What statistics keep: samples per hop, flows. When read, 0 if not said. */
    uint64_t max_samples, max_flows;
    uint32_t count; /* traces; trace number i is traces[i] */
    const struct report_events_trace *traces;
};

/* What became known of an address. All texts may hold anything; NULL: not known. */
struct report_events_as {
    const char *number, *prefix, *country, *registry, *allocated, *name;
};

enum {
    REPORT_EVENTS_NAMES_MAX = 16,  /* names of one address that are kept */
    REPORT_EVENTS_TEXT_MAX = 1024, /* octets of a text, NUL included; more is cut off */
    REPORT_EVENTS_AS_TEXTS = 6
};

struct report_events_name {
    hops_ns time;
    struct hops_addr addr;
    const char *shown;        /* what reports show for the address, NULL: the address itself */
    const char *const *names; /* all names, in the order of the answer */
    size_t count;
    const struct report_events_as *as; /* NULL: not known */
};

struct report_events_writer {
    FILE *out;
    char *line; /* reused from event to event */
    size_t room;
};

/* Starts writing; nothing is written yet. done frees the memory, not the FILE. */
void report_events_writer_init(struct report_events_writer *writer, FILE *out);
void report_events_writer_done(struct report_events_writer *writer);

/* One line each. False if it could not be written (errno says why: ENOSPC, EPIPE, ENOMEM). The
 * token of a configuration is not written: it is the secret of a running trace. */
bool report_events_write_start(struct report_events_writer *writer,
                               const struct report_events_start *start);
bool report_events_write(struct report_events_writer *writer, const struct hops_event *event);

bool report_events_write_name(struct report_events_writer *writer,
                              const struct report_events_name *name);

/* Lines are flushed when there is nothing more to write for the moment, not one by one. */
bool report_events_flush(struct report_events_writer *writer);

enum report_events_line_kind {
    REPORT_EVENTS_START, /* start */
    REPORT_EVENTS_EVENT, /* event */
    REPORT_EVENTS_NAME,  /* name */
    REPORT_EVENTS_OTHER  /* a kind of line this version does not know: pass over it */
};

struct report_events_line {
    enum report_events_line_kind kind;
    struct hops_event event;
    struct report_events_start start; /* borrows from owned and texts */
    struct report_events_name name;   /* borrows from names, as and texts; its texts are clean */
    const char *names[REPORT_EVENTS_NAMES_MAX];
    struct report_events_as as;
    struct report_events_trace *owned;
    char *texts;
};

/* Reads one line (with or without its newline). The text is not trusted: whatever is accepted is
 * within the bounds of its type, TTLs are 1..254, times of rounds are not negative, but events need
 * not make sense together, and event.trace is any number. HOPS_ERR_FORMAT says in diag what is
 * wrong; HOPS_ERR_NOMEM. A line must not be moved while its name is used. Free an accepted line
 * with report_events_line_done(). */
enum hops_err report_events_read(const char *text, size_t len, struct report_events_line *out,
                                 struct hops_diag *diag) HOPS_MUST_USE;
void report_events_line_done(struct report_events_line *line);

#endif
