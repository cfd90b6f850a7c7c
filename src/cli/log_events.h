/* SPDX-License-Identifier: MIT
 *
 * What --verbose tells: how the program started, every event of the traces, names, packets that
 * were refused, and the end. All of it does nothing while the log is off.
 */
#ifndef CLI_LOG_EVENTS_H
#define CLI_LOG_EVENTS_H

#include "cli/log.h"
#include "report/events.h"

#include <hops/run.h>

/* The program, its configuration file, the settings that are not built in, and whether raw sockets
 * could be opened. */
void cli_log_settings(struct cli_log *log, const struct cli_settings *settings, const char *version,
                      bool raw_available);

/* The traces begin. other_time: events tell the time of a simulation or of a recording, and so
 * does the log from now on. */
void cli_log_traces(struct cli_log *log, const struct report_events_start *start, bool other_time);

/* Whether the program has given up what the mode does not need. */
void cli_log_sandbox(struct cli_log *log, bool entered);

void cli_log_event_now(struct cli_log *log, const struct hops_event *event);
void cli_log_name_now(struct cli_log *log, const struct report_events_name *name);

/* For the loop: one test while the log is off. */
static inline void cli_log_event(struct cli_log *log, const struct hops_event *event) {
    if (log->on) {
        cli_log_event_now(log, event);
    }
}

static inline void cli_log_name(struct cli_log *log, const struct report_events_name *name) {
    if (log->on) {
        cli_log_name_now(log, name);
    }
}

/* Packets that were refused since the last call, and all of them at the end. */
void cli_log_refused(struct cli_log *log, const struct hops_run_counters *counters);
void cli_log_counters(struct cli_log *log, const struct hops_run_counters *counters);

void cli_log_end(struct cli_log *log, int status);

#endif
