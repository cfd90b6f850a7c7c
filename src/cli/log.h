/* SPDX-License-Identifier: MIT
 *
 * The log of --verbose: lines with a level, a part of the program they come from, fields, and the
 * spans they belong to (a trace, and a round of it), in one of four forms. Clock and sink are the
 * caller's. Text fields may hold anything: they are made printable here.
 */
#ifndef CLI_LOG_H
#define CLI_LOG_H

#include "cli/log_filter.h"
#include "cli/settings.h"

#include <hops/types.h>

#include <stdbool.h>

enum {
    CLI_LOG_FIELDS_MAX = 24,
    CLI_LOG_NO_TRACE = -1,
    CLI_LOG_TIME_TEXT_MAX = 32 /* "2026-03-04T05:06:07.089123Z" */
};

#define CLI_LOG_NOW INT64_MIN /* for a line's time: when it is logged */

struct cli_log_field {
    const char *name;
    const char *text; /* NULL: number */
    int64_t number;
    bool bare; /* text is true, false or null, not a string */
};

struct cli_log_line {
    enum cli_log_level level;
    enum cli_log_target target;
    const char *message;
    const char *file; /* where in the source */
    int number;       /* of the line there */
    int64_t wall;     /* UTC, nanoseconds since 1970 */
    int64_t trace;    /* the trace it belongs to, or CLI_LOG_NO_TRACE */
    size_t count;
    struct cli_log_field fields[CLI_LOG_FIELDS_MAX];
};

/* A trace as a span; its round is the one in progress. */
struct cli_log_span {
    char *target; /* as typed */
    struct hops_addr addr;
    bool open, in_round;
    uint32_t round;
    int64_t begun, round_begun; /* UTC */
};

struct cli_log_config {
    enum cli_log_format format;
    enum cli_span_events spans;
    const char *filter; /* "": errors only. The form chrome takes everything */
    bool color;         /* of the forms compact and pretty */
    int64_t (*clock)(void *user);
    void (*sink)(void *user, const char *text, size_t len); /* one line, or a part of the array */
    void (*refused)(void *user, const char *directive);     /* of the filter */
    void *user;
    long pid;
};

struct cli_log {
    bool on;
    struct cli_log_config config;
    enum cli_log_level levels[CLI_LOG_TARGETS];
    struct cli_log_span *spans; /* by trace */
    size_t span_count;
    int64_t opened;   /* UTC */
    int64_t latest;   /* UTC of the latest event; CLI_LOG_NOW: the clock says the time */
    int64_t base;     /* UTC of the time 0 of events */
    uint64_t told[6]; /* packets refused, as they were told last */
};

/* Begins a log. A zeroed struct is one that is off; done ends it (the array of the form chrome) and
 * leaves it so. */
void cli_log_open(struct cli_log *log, const struct cli_log_config *config);
void cli_log_done(struct cli_log *log);

/* Whether a line would be written: asked before one is made. */
static inline bool cli_log_wants(const struct cli_log *log, enum cli_log_level level,
                                 enum cli_log_target target) {
    return log->on && level <= log->levels[target];
}

/* A line without fields, of the place it is written at. */
#define CLI_LOG_LINE(level, target, message)                                                       \
    ((struct cli_log_line){(level),                                                                \
                           (target),                                                               \
                           (message),                                                              \
                           __FILE__,                                                               \
                           __LINE__,                                                               \
                           CLI_LOG_NOW,                                                            \
                           CLI_LOG_NO_TRACE,                                                       \
                           0,                                                                      \
                           {{0}}})

/* Add fields; text is borrowed until the line is written, and NULL is null. */
void cli_log_add_text(struct cli_log_line *line, const char *name, const char *text);
void cli_log_add_number(struct cli_log_line *line, const char *name, int64_t number);
void cli_log_add_bool(struct cli_log_line *line, const char *name, bool value);

/* Writes the line if it is wanted. */
void cli_log_write(struct cli_log *log, const struct cli_log_line *line);

/* Spans. trace_begin must come in the order of the traces' numbers. */
void cli_log_trace_begin(struct cli_log *log, const char *target, const struct hops_addr *addr,
                         int64_t wall);
void cli_log_trace_end(struct cli_log *log, uint32_t trace, int64_t wall);
void cli_log_round_begin(struct cli_log *log, uint32_t trace, uint32_t round, int64_t wall);
void cli_log_round_end(struct cli_log *log, uint32_t trace, int64_t wall);

/* UTC as RFC 3339, with six decimals. Returns out. */
char *cli_log_time(int64_t wall, char out[CLI_LOG_TIME_TEXT_MAX]);

#endif
