/* SPDX-License-Identifier: MIT
 *
 * The shapes are those of the log of the program many users come from, so that their filters and
 * viewers go on working: compact and pretty for people, json for collectors, chrome for the viewers
 * of trace events (chrome://tracing, Perfetto).
 */
#include "cli/log_form.h"

#include <hops/addr.h>

#include "base/text.h"
#include "base/unreachable.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Text. */

static char *clean(const char *text) {
    size_t len = strlen(text);
    size_t size = 4 * len + 1; /* each octet becomes four at most */
    char *out = malloc(size);

    if (out == NULL) {
        abort();
    }
    (void)hops_text_sanitize(text, len, out, size);
    return out;
}

/* Clean text within quotes. Nothing else needs an escape in JSON: control characters are gone. */
static void add_quoted(struct cli_text *out, const char *text) {
    char *printable = clean(text);

    cli_text_add(out, "\"");
    for (const char *p = printable; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            cli_text_add(out, "\\");
        }
        cli_text_add_bytes(out, p, 1);
    }
    cli_text_add(out, "\"");
    free(printable);
}

/* Within quotes only where it could not be told from its surroundings. */
static void add_plain(struct cli_text *out, const char *text) {
    if (text[0] == '\0' || strpbrk(text, " \t\"=,{}") != NULL) {
        add_quoted(out, text);
        return;
    }
    char *printable = clean(text);
    cli_text_add(out, printable);
    free(printable);
}

static void add_value(struct cli_text *out, const struct cli_log_field *field, bool json) {
    if (field->text == NULL) {
        cli_text_addf(out, "%" PRId64, field->number);
    } else if (field->bare) {
        cli_text_add(out, field->text);
    } else if (json) {
        add_quoted(out, field->text);
    } else {
        add_plain(out, field->text);
    }
}

/* "../src/cli/log.c" as the build calls it. */
static const char *source_path(const char *file) {
    while (strncmp(file, "../", 3) == 0) {
        file += 3;
    }
    return file;
}

/* Spans. */

/* The fields of a span; returns their number, 0: the line is not within that span. */
static size_t span_fields(const struct cli_log *log, int64_t trace, bool round,
                          char addr[HOPS_ADDR_TEXT_MAX], struct cli_log_field out[2]) {
    if (trace < 0 || (uint64_t)trace >= log->span_count) {
        return 0;
    }
    const struct cli_log_span *span = &log->spans[trace];
    if (round) {
        out[0] = (struct cli_log_field){.name = "number", .number = span->round};
        return span->in_round ? 1 : 0;
    }
    out[0] = (struct cli_log_field){.name = "target", .text = span->target};
    out[1] = (struct cli_log_field){.name = "address", .text = hops_addr_format(&span->addr, addr)};
    return span->open ? 2 : 0;
}

static const char *span_name(bool round) {
    return round ? "round" : "trace";
}

/* People. */

static const char *color_of(enum cli_log_level level) {
    switch (level) {
    case CLI_LOG_ERROR:
        return "\033[31m";
    case CLI_LOG_WARN:
        return "\033[33m";
    case CLI_LOG_INFO:
        return "\033[32m";
    case CLI_LOG_DEBUG:
        return "\033[34m";
    case CLI_LOG_TRACE:
        return "\033[35m";
    case CLI_LOG_OFF:
        break;
    }
    return "";
}

static void add_head(const struct cli_log *log, const struct cli_log_line *line,
                     struct cli_text *out) {
    char time[CLI_LOG_TIME_TEXT_MAX];
    bool color = log->config.color;

    cli_text_addf(out, "%s%s%s %s%5s%s ", color ? "\033[2m" : "", cli_log_time(line->wall, time),
                  color ? "\033[0m" : "", color ? color_of(line->level) : "",
                  cli_log_level_name(line->level), color ? "\033[0m" : "");
}

/* "{target=demo address=192.0.2.1}" */
static void add_span(const struct cli_log_field *fields, size_t count, struct cli_text *out) {
    for (size_t i = 0; i < count; i++) {
        cli_text_addf(out, "%s%s=", i == 0 ? "{" : " ", fields[i].name);
        add_value(out, &fields[i], false);
    }
    cli_text_add(out, "}");
}

static void compact(const struct cli_log *log, const struct cli_log_line *line,
                    struct cli_text *out) {
    char addr[HOPS_ADDR_TEXT_MAX];
    struct cli_log_field fields[2];
    bool within = false;

    add_head(log, line, out);
    for (int round = 0; round <= 1; round++) {
        size_t count = span_fields(log, line->trace, round != 0, addr, fields);

        if (count > 0) {
            cli_text_add(out, span_name(round != 0));
            add_span(fields, count, out);
            cli_text_add(out, ":");
            within = true;
        }
    }
    cli_text_addf(out, "%s%s: %s", within ? " " : "", cli_log_target_name(line->target),
                  line->message);
    for (size_t i = 0; i < line->count; i++) {
        cli_text_addf(out, " %s=", line->fields[i].name);
        add_value(out, &line->fields[i], false);
    }
    cli_text_add(out, "\n");
}

static void pretty(const struct cli_log *log, const struct cli_log_line *line,
                   struct cli_text *out) {
    char addr[HOPS_ADDR_TEXT_MAX];
    struct cli_log_field fields[2];

    cli_text_add(out, "  ");
    add_head(log, line, out);
    cli_text_addf(out, "%s: %s", cli_log_target_name(line->target), line->message);
    for (size_t i = 0; i < line->count; i++) {
        cli_text_addf(out, ", %s: ", line->fields[i].name);
        add_value(out, &line->fields[i], false);
    }
    cli_text_addf(out, "\n    at %s:%d\n", source_path(line->file), line->number);
    for (int round = 1; round >= 0; round--) { /* from the innermost one */
        size_t count = span_fields(log, line->trace, round != 0, addr, fields);

        for (size_t i = 0; i < count; i++) {
            if (i == 0) {
                cli_text_addf(out, "    in %s with ", span_name(round != 0));
            }
            cli_text_addf(out, "%s%s: ", i == 0 ? "" : ", ", fields[i].name);
            add_value(out, &fields[i], false);
        }
        cli_text_add(out, count == 0 ? "" : "\n");
    }
    cli_text_add(out, "\n");
}

/* Machines. */

static void add_members(const struct cli_log_field *fields, size_t count, const char *before,
                        struct cli_text *out) {
    for (size_t i = 0; i < count; i++) {
        cli_text_addf(out, "%s\"%s\":", i == 0 ? before : ",", fields[i].name);
        add_value(out, &fields[i], true);
    }
}

/* {"target":"demo","address":"192.0.2.1","name":"trace"} */
static void add_json_span(const struct cli_log *log, int64_t trace, bool round,
                          struct cli_text *out) {
    char addr[HOPS_ADDR_TEXT_MAX];
    struct cli_log_field fields[2];
    size_t count = span_fields(log, trace, round, addr, fields);

    cli_text_add(out, "{");
    add_members(fields, count, "", out);
    cli_text_addf(out, ",\"name\":\"%s\"}", span_name(round));
}

static void json(const struct cli_log *log, const struct cli_log_line *line, struct cli_text *out) {
    char time[CLI_LOG_TIME_TEXT_MAX];
    char addr[HOPS_ADDR_TEXT_MAX];
    struct cli_log_field fields[2];

    cli_text_addf(out, "{\"timestamp\":\"%s\",\"level\":\"%s\",\"fields\":{\"message\":",
                  cli_log_time(line->wall, time), cli_log_level_name(line->level));
    add_quoted(out, line->message);
    add_members(line->fields, line->count, ",", out);
    cli_text_addf(out, "},\"target\":\"%s\"", cli_log_target_name(line->target));
    if (span_fields(log, line->trace, false, addr, fields) > 0) {
        bool in_round = span_fields(log, line->trace, true, addr, fields) > 0;

        cli_text_add(out, ",\"span\":");
        add_json_span(log, line->trace, in_round, out);
        cli_text_add(out, ",\"spans\":[");
        add_json_span(log, line->trace, false, out);
        if (in_round) {
            cli_text_add(out, ",");
            add_json_span(log, line->trace, true, out);
        }
        cli_text_add(out, "]");
    }
    cli_text_add(out, "}\n");
}

/* Traces run beside each other: each is a thread to the viewer, and the rest is thread 0. */
static void add_chrome(const struct cli_log *log, char phase, const char *name, int64_t trace,
                       int64_t wall, struct cli_text *out) {
    int64_t since = 0; /* nothing comes before the log, and recordings hold any times */

    if (wall > log->opened && __builtin_sub_overflow(wall, log->opened, &since)) {
        since = INT64_MAX;
    }
    cli_text_addf(out,
                  ",\n{\"ph\":\"%c\",\"pid\":%ld,\"tid\":%" PRId64 ",\"ts\":%" PRId64 ".%03d,"
                  "\"name\":",
                  phase, log->config.pid, trace + 1, since / 1000, (int)(since % 1000));
    add_quoted(out, name);
}

static void chrome(const struct cli_log *log, const struct cli_log_line *line,
                   struct cli_text *out) {
    add_chrome(log, 'i', line->message, line->trace, line->wall, out);
    cli_text_addf(out, ",\"cat\":\"%s\",\"s\":\"t\",\"args\":{\"level\":\"%s\"",
                  cli_log_target_name(line->target), cli_log_level_name(line->level));
    add_members(line->fields, line->count, ",", out);
    cli_text_add(out, "}}");
}

void cli_log_form_span(const struct cli_log *log, uint32_t trace, bool round, char phase,
                       int64_t wall, struct cli_text *out) {
    char addr[HOPS_ADDR_TEXT_MAX];
    struct cli_log_field fields[2];
    size_t count = span_fields(log, trace, round, addr, fields);

    add_chrome(log, phase, span_name(round), trace, wall, out);
    cli_text_addf(out, ",\"cat\":\"%s\",\"args\":{", cli_log_target_name(CLI_LOG_TRACER));
    add_members(fields, count, "", out);
    cli_text_add(out, "}}");
}

/* The first element takes part in the rest's form: each one begins with a comma. */
void cli_log_form_open(const struct cli_log *log, struct cli_text *out) {
    cli_text_addf(out,
                  "[\n{\"ph\":\"M\",\"pid\":%ld,\"tid\":0,\"ts\":0,\"name\":\"process_name\","
                  "\"args\":{\"name\":\"hops\"}}",
                  log->config.pid);
}

void cli_log_form_close(struct cli_text *out) {
    cli_text_add(out, "\n]\n");
}

void cli_log_form_line(const struct cli_log *log, const struct cli_log_line *line,
                       struct cli_text *out) {
    switch (log->config.format) {
    case CLI_LOG_COMPACT:
        compact(log, line, out);
        return;
    case CLI_LOG_PRETTY:
        pretty(log, line, out);
        return;
    case CLI_LOG_JSON:
        json(log, line, out);
        return;
    case CLI_LOG_CHROME:
        chrome(log, line, out);
        return;
    }
    hops_unreachable();
}
