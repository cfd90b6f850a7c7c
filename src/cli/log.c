/* SPDX-License-Identifier: MIT */
#include "cli/log.h"

#include <hops/addr.h>

#include "cli/duration.h"
#include "cli/log_form.h"
#include "cli/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void put(struct cli_log *log, struct cli_text *text) {
    log->config.sink(log->config.user, cli_text_str(text), text->len);
    cli_text_done(text);
}

void cli_log_open(struct cli_log *log, const struct cli_log_config *config) {
    *log = (struct cli_log){.on = true, .config = *config, .latest = CLI_LOG_NOW};
    log->opened = config->clock(config->user);
    if (config->format != CLI_LOG_CHROME) {
        cli_log_filter_parse(config->filter, log->levels, config->refused, config->user);
        return;
    }
    for (size_t i = 0; i < CLI_LOG_TARGETS; i++) {
        log->levels[i] = CLI_LOG_TRACE;
    }
    struct cli_text text = {0};
    cli_log_form_open(log, &text);
    put(log, &text);
}

void cli_log_done(struct cli_log *log) {
    if (log->on && log->config.format == CLI_LOG_CHROME) {
        struct cli_text text = {0};
        cli_log_form_close(&text);
        put(log, &text);
    }
    for (size_t i = 0; i < log->span_count; i++) {
        free(log->spans[i].target);
    }
    free(log->spans);
    *log = (struct cli_log){0};
}

/* Lines. */

static struct cli_log_field *add(struct cli_log_line *line, const char *name) {
    assert(line->count < CLI_LOG_FIELDS_MAX);
    struct cli_log_field *field = &line->fields[line->count++];
    field->name = name;
    return field;
}

void cli_log_add_text(struct cli_log_line *line, const char *name, const char *text) {
    struct cli_log_field *field = add(line, name);

    field->text = text == NULL ? "null" : text;
    field->bare = text == NULL;
}

void cli_log_add_number(struct cli_log_line *line, const char *name, int64_t number) {
    add(line, name)->number = number;
}

void cli_log_add_bool(struct cli_log_line *line, const char *name, bool value) {
    struct cli_log_field *field = add(line, name);

    field->text = value ? "true" : "false";
    field->bare = true;
}

/* The time of a line that has none of its own. Where time is virtual or recorded, it is that of the
 * latest event: the clock on the wall would be a time of another run. */
static int64_t time_now(const struct cli_log *log) {
    return log->latest != CLI_LOG_NOW ? log->latest : log->config.clock(log->config.user);
}

void cli_log_write(struct cli_log *log, const struct cli_log_line *line) {
    struct cli_log_line timed = *line;
    struct cli_text text = {0};

    if (!cli_log_wants(log, line->level, line->target)) {
        return;
    }
    if (timed.wall == CLI_LOG_NOW) {
        timed.wall = time_now(log);
    }
    cli_log_form_line(log, &timed, &text);
    put(log, &text);
}

char *cli_log_time(int64_t wall, char out[CLI_LOG_TIME_TEXT_MAX]) {
    int64_t nsec = wall % HOPS_SEC;
    time_t sec = (time_t)(wall / HOPS_SEC);
    struct tm tm = {0};

    if (nsec < 0) {
        nsec += HOPS_SEC;
        sec--;
    }
    (void)gmtime_r(&sec, &tm);
    size_t len = strftime(out, CLI_LOG_TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(out + len, CLI_LOG_TIME_TEXT_MAX - len, ".%06dZ", (int)(nsec / 1000));
    return out;
}

/* Spans. */

/* Recordings hold any times. */
static hops_ns between(int64_t since, int64_t wall) {
    int64_t passed;

    if (wall < since) {
        return 0;
    }
    return __builtin_sub_overflow(wall, since, &passed) ? INT64_MAX : passed;
}

/* What happens to a span, as a line: "new", "enter", "exit", "close". */
static void tell_span(struct cli_log *log, uint32_t trace, const char *what, int64_t since,
                      int64_t wall) {
    bool outer = strcmp(what, "new") == 0 || strcmp(what, "close") == 0;
    struct cli_log_line line = CLI_LOG_LINE(CLI_LOG_INFO, CLI_LOG_TRACER, what);
    char text[48];

    if (log->config.format == CLI_LOG_CHROME || log->config.spans == CLI_SPAN_OFF ||
        (outer && log->config.spans != CLI_SPAN_FULL)) {
        return;
    }
    line.trace = trace;
    line.wall = wall;
    if (strcmp(what, "close") == 0) {
        cli_log_add_text(&line, "time", cli_duration_format(between(since, wall), text));
    }
    cli_log_write(log, &line);
}

static void mark_span(struct cli_log *log, uint32_t trace, bool round, char phase, int64_t wall) {
    struct cli_text text = {0};

    if (log->config.format == CLI_LOG_CHROME) {
        cli_log_form_span(log, trace, round, phase, wall, &text);
        put(log, &text);
    }
}

void cli_log_trace_begin(struct cli_log *log, const char *target, const struct hops_addr *addr,
                         int64_t wall) {
    uint32_t trace = (uint32_t)log->span_count;
    struct cli_log_span *spans =
        log->on ? realloc(log->spans, (log->span_count + 1) * sizeof(*spans)) : NULL;

    if (!log->on) {
        return;
    }
    if (spans == NULL) {
        abort();
    }
    log->spans = spans;
    log->span_count++;
    spans[trace] =
        (struct cli_log_span){.target = strdup(target), .addr = *addr, .open = true, .begun = wall};
    if (spans[trace].target == NULL) {
        abort();
    }
    mark_span(log, trace, false, 'B', wall);
    tell_span(log, trace, "new", wall, wall);
    tell_span(log, trace, "enter", wall, wall);
}

void cli_log_trace_end(struct cli_log *log, uint32_t trace, int64_t wall) {
    if (!log->on || trace >= log->span_count || !log->spans[trace].open) {
        return;
    }
    cli_log_round_end(log, trace, wall);
    tell_span(log, trace, "exit", wall, wall);
    tell_span(log, trace, "close", log->spans[trace].begun, wall);
    mark_span(log, trace, false, 'E', wall);
    log->spans[trace].open = false;
}

void cli_log_round_begin(struct cli_log *log, uint32_t trace, uint32_t round, int64_t wall) {
    if (!log->on || trace >= log->span_count || log->spans[trace].in_round) {
        return;
    }
    log->spans[trace].in_round = true;
    log->spans[trace].round = round;
    log->spans[trace].round_begun = wall;
    mark_span(log, trace, true, 'B', wall);
    tell_span(log, trace, "new", wall, wall);
    tell_span(log, trace, "enter", wall, wall);
}

void cli_log_round_end(struct cli_log *log, uint32_t trace, int64_t wall) {
    if (!log->on || trace >= log->span_count || !log->spans[trace].in_round) {
        return;
    }
    tell_span(log, trace, "exit", wall, wall);
    tell_span(log, trace, "close", log->spans[trace].round_begun, wall);
    mark_span(log, trace, true, 'E', wall);
    log->spans[trace].in_round = false;
}
