/* SPDX-License-Identifier: MIT
 *
 * What a mode makes of events: statistics, and lines or a document on stdout. A live run and a
 * replay feed the same view, so both give the same output.
 */
#ifndef CLI_VIEW_H
#define CLI_VIEW_H

#include "cli/settings.h"
#include "report/events.h"
#include "report/report.h"

#include <hops/event.h>
#include <hops/names.h>

struct cli_view;

/* What a mode does with what happens. Each function returns false if writing failed (errno). */
struct cli_output {
    bool (*begin)(struct cli_view *view);
    bool (*event)(struct cli_view *view, const struct hops_event *event);
    bool (*name)(struct cli_view *view, const struct report_events_name *name);
    bool (*idle)(struct cli_view *view); /* nothing more for the moment */
    bool (*end)(struct cli_view *view);
    bool paced;      /* simulated and replayed time passes like real time */
    bool statistics; /* events are folded into them */
};

struct cli_view {
    const struct cli_output *output;
    const struct report_format *format; /* of a document, else NULL */
    struct report_input report;         /* targets, their statistics, names and the times */
    struct report_target *targets;      /* the same as report.targets */
    struct report_events_trace *traces; /* the same as start.traces */
    struct report_events_start start;   /* what the events begin with */
    struct report_events_writer events; /* of the mode events, to stdout */
    hops_ns latest;                     /* time of the latest event */
    uint64_t sent;                      /* probes that left this host */
    uint64_t rounds;                    /* completed */
    struct hops_event_failure failure;  /* the last one */
    bool fatal;                         /* failure ended a trace */
};

/* Chooses the output of the mode. done frees everything, also of a zeroed view. */
void cli_view_init(struct cli_view *view, enum cli_mode mode);
void cli_view_done(struct cli_view *view);

/* Takes what the events begin with (the names of the targets are borrowed, the rest is copied) and
 * makes their statistics. HOPS_ERR_NOMEM. */
enum hops_err cli_view_start(struct cli_view *view, const struct report_events_start *start,
                             const struct hops_names *names);

/* The next event, whose trace exists. False: writing failed. */
bool cli_view_event(struct cli_view *view, const struct hops_event *event);

/* Ends the output and says on stderr what went wrong. Returns the exit status: 0, 1, or 128 +
 * signal_number if that is not 0. */
int cli_view_end(struct cli_view *view, int signal_number);

/* The report of what has happened so far. */
struct report_input cli_view_report(const struct cli_view *view);

/* UTC of a time of events, in nanoseconds since 1970. */
int64_t cli_view_wall(const struct cli_view *view, hops_ns time);

#endif
