/* SPDX-License-Identifier: MIT
 *
 * Reports: documents about finished traces, and the stream of blocks while they run. Each function
 * writes to the FILE it is given, flushes it, and returns false if something could not be written
 * or memory ran out (errno says what: ENOSPC, EPIPE, ENOMEM).
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <hops/names.h>
#include <hops/stats.h>

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

struct report_target {
    const char *name; /* as typed; cleaned here */
    struct hops_addr addr;
    struct hops_stats *stats;
};

struct report_input {
    const struct report_target *targets; /* in the order of the command line */
    size_t count;
    const struct hops_names *names; /* NULL: addresses stand for names */
    struct timespec start, end;     /* UTC: waiting began; the last round was seen */
};

struct report_format {
    const char *name; /* as the mode is called on the command line */
    bool (*write)(FILE *out, const struct report_input *input);
    bool needs_flows; /* paris or dublin only */
};

/* pretty, markdown, csv, json, dot, flows, silent; NULL for any other name. */
const struct report_format *report_format_find(const char *name);

/* One table per target. With several targets a line "Target: NAME (ADDRESS)" before each block of
 * pretty, markdown, flows and (as a comment) dot; blank lines between blocks, not in dot. */
bool report_pretty(FILE *out, const struct report_input *input);
bool report_markdown(FILE *out, const struct report_input *input);
/* One head for all targets; nothing at all without hops. */
bool report_csv(FILE *out, const struct report_input *input);
/* One object, or an array of them if there is more than one target. */
bool report_json(FILE *out, const struct report_input *input);
bool report_dot(FILE *out, const struct report_input *input);
bool report_flows(FILE *out, const struct report_input *input);
bool report_silent(FILE *out, const struct report_input *input);

/* The stream: one line per target at the start, then one block per completed round of a target,
 * named by its index in input. No names are looked up. */
bool report_stream_begin(FILE *out, const struct report_input *input);
bool report_stream_block(FILE *out, const struct report_input *input, size_t target);

#endif
