/* SPDX-License-Identifier: MIT
 *
 * Levels: errors end a trace; warnings are probes that did not leave this host; informations are
 * what happens once in a round or less; debugging lines are one per probe, reply or name; tracing
 * lines are bookkeeping.
 */
#include "cli/log_events.h"

#include <hops/addr.h>

#include "base/unreachable.h"
#include "cli/duration.h"
#include "cli/options.h"
#include "cli/value.h"

#include <stdio.h>
#include <string.h>

/* The start. */

/* room holds what a value looks like until the line is written. */
static void add_value(struct cli_log_line *line, const struct cli_option *option,
                      const struct cli_settings *settings, struct cli_text *room) {
    const char *field = (const char *)settings + option->offset;
    char written[HOPS_ADDR_TEXT_MAX];
    const char *text = NULL;
    uint64_t size = 0;
    hops_ns duration = 0;
    int number = 0;
    bool on = false;

    switch (option->type) {
    case CLI_SWITCH:
    case CLI_SWITCH_FILE:
        memcpy(&on, field, sizeof(on));
        cli_log_add_bool(line, "value", on);
        return;
    case CLI_U8:
    case CLI_U16:
        memcpy(&number, field, sizeof(number));
        cli_log_add_number(line, "value", number);
        return;
    case CLI_SIZE:
        memcpy(&size, field, sizeof(size));
        cli_log_add_number(line, "value", size > INT64_MAX ? INT64_MAX : (int64_t)size);
        return;
    case CLI_DURATION:
        memcpy(&duration, field, sizeof(duration));
        cli_text_add(room, cli_duration_format(duration, written));
        cli_log_add_text(line, "value", cli_text_str(room));
        return;
    case CLI_ADDR: {
        struct cli_addr addr;
        memcpy(&addr, field, sizeof(addr));
        cli_text_add(room, hops_addr_format(&addr.addr, written));
        cli_log_add_text(line, "value", cli_text_str(room));
        return;
    }
    case CLI_SERVERS: {
        const void *servers = NULL;
        memcpy(&servers, field, sizeof(servers));
        cli_servers_add(servers, room);
        cli_log_add_text(line, "value", cli_text_str(room));
        return;
    }
    case CLI_STRING:
    case CLI_PATH:
        memcpy(&text, field, sizeof(text));
        cli_log_add_text(line, "value", text);
        return;
    case CLI_CHOICE:
        memcpy(&number, field, sizeof(number));
        cli_log_add_text(line, "value", option->choices[number].name);
        return;
    case CLI_COLORS:
    case CLI_KEYS:
        return;
    }
    hops_unreachable();
}

static void tell_setting(struct cli_log *log, const struct cli_settings *settings, size_t row) {
    static const char *const sources[] = {"built-in", "file", "environment", "arguments"};
    struct cli_log_line line = CLI_LOG_LINE(CLI_LOG_DEBUG, CLI_LOG_CLI, "setting");
    const struct cli_option *option = cli_option(row);
    struct cli_text room = {0};

    if (settings->source[row] == CLI_SOURCE_BUILT_IN || option->layering == CLI_LAYER_LIST) {
        return;
    }
    cli_log_add_text(&line, "name", option->name);
    add_value(&line, option, settings, &room);
    cli_log_add_text(&line, "from", sources[settings->source[row]]);
    cli_log_write(log, &line);
    cli_text_done(&room);
}

void cli_log_settings(struct cli_log *log, const struct cli_settings *settings, const char *version,
                      bool raw_available) {
    struct cli_log_line begin = CLI_LOG_LINE(CLI_LOG_INFO, CLI_LOG_CLI, "hops begins");
    struct cli_log_line file = CLI_LOG_LINE(CLI_LOG_DEBUG, CLI_LOG_CLI, "configuration file");
    struct cli_log_line rights = CLI_LOG_LINE(CLI_LOG_DEBUG, CLI_LOG_CLI, "privileges given up");
    struct cli_log_line sockets = CLI_LOG_LINE(CLI_LOG_DEBUG, CLI_LOG_NET, "raw sockets");

    if (!log->on) {
        return;
    }
    cli_log_add_text(&begin, "version", version);
    cli_log_write(log, &begin);
    cli_log_write(log, &rights);
    cli_log_add_bool(&sockets, "available", raw_available);
    cli_log_add_bool(&sockets, "used", settings->use_raw);
    cli_log_write(log, &sockets);
    for (size_t i = 0; i < settings->note_count; i++) {
        struct cli_log_line note =
            CLI_LOG_LINE(CLI_LOG_DEBUG, CLI_LOG_CLI, "configuration file passed over");
        cli_log_add_text(&note, "why", settings->notes[i]);
        cli_log_write(log, &note);
    }
    cli_log_add_text(&file, "path", settings->config_path);
    cli_log_write(log, &file);
    for (size_t i = 0; i < cli_option_count(); i++) {
        tell_setting(log, settings, i);
    }
}

/* Traces. */

/* Recordings hold any number: what lies beyond the range is its end. */
static int64_t wall_of(const struct cli_log *log, hops_ns time) {
    int64_t wall;

    if (__builtin_add_overflow(log->base, time, &wall)) {
        wall = time < 0 ? INT64_MIN + 1 : INT64_MAX;
    }
    return wall;
}

static void add_config(struct cli_log_line *line, const struct hops_config *config,
                       char texts[3][HOPS_ADDR_TEXT_MAX]) {
    cli_log_add_text(line, "protocol", hops_protocol_name(config->protocol));
    cli_log_add_text(line, "strategy", hops_strategy_name(config->strategy));
    if (config->source.family != HOPS_FAMILY_NONE) {
        cli_log_add_text(line, "source", hops_addr_format(&config->source, texts[0]));
    }
    if (config->direction == HOPS_PORTS_FIXED_SOURCE ||
        config->direction == HOPS_PORTS_FIXED_BOTH) {
        cli_log_add_number(line, "source_port", config->source_port);
    }
    if (config->direction == HOPS_PORTS_FIXED_TARGET ||
        config->direction == HOPS_PORTS_FIXED_BOTH) {
        cli_log_add_number(line, "target_port", config->target_port);
    }
    cli_log_add_number(line, "first_ttl", config->first_ttl);
    cli_log_add_number(line, "max_ttl", config->max_ttl);
    cli_log_add_number(line, "packet_size", config->packet_size);
    cli_log_add_text(line, "min_round", cli_duration_format(config->min_round, texts[1]));
    cli_log_add_text(line, "max_round", cli_duration_format(config->max_round, texts[2]));
    if (config->max_rounds != 0) {
        cli_log_add_number(line, "rounds", (int64_t)(config->max_rounds & INT64_MAX));
    }
}

void cli_log_traces(struct cli_log *log, const struct report_events_start *start, bool other_time) {
    if (!log->on) {
        return;
    }
    log->latest = other_time ? start->wall_ns : CLI_LOG_NOW;
    log->opened = other_time ? start->wall_ns : log->opened;
    if (__builtin_sub_overflow(start->wall_ns, start->time, &log->base)) {
        log->base = 0;
    }
    for (uint32_t i = 0; i < start->count; i++) {
        struct cli_log_line line = CLI_LOG_LINE(CLI_LOG_INFO, CLI_LOG_TRACER, "trace begins");
        char texts[3][HOPS_ADDR_TEXT_MAX];

        cli_log_trace_begin(log, start->traces[i].target, &start->traces[i].config.target,
                            start->wall_ns);
        line.trace = i;
        line.wall = start->wall_ns;
        add_config(&line, &start->traces[i].config, texts);
        cli_log_write(log, &line);
    }
}

void cli_log_sandbox(struct cli_log *log, bool entered) {
    struct cli_log_line line = CLI_LOG_LINE(CLI_LOG_DEBUG, CLI_LOG_CLI, "sandbox");

    cli_log_add_bool(&line, "entered", entered);
    cli_log_write(log, &line);
}

/* Events. */

static void add_probe(struct cli_log_line *line, const struct hops_probe *probe) {
    cli_log_add_number(line, "round", probe->round);
    cli_log_add_number(line, "ttl", probe->ttl);
    cli_log_add_number(line, "sequence", probe->sequence);
    if (probe->src_port != 0 || probe->dst_port != 0) {
        cli_log_add_number(line, "src_port", probe->src_port);
        cli_log_add_number(line, "dst_port", probe->dst_port);
    }
}

static void add_failure(struct cli_log_line *line, const struct hops_event_failure *failure) {
    const char *name = hops_errno_name(failure->os_errno);

    cli_log_add_text(line, "call", hops_call_name(failure->call));
    if (name != NULL) {
        cli_log_add_text(line, "errno", name);
    } else {
        cli_log_add_number(line, "errno", failure->os_errno);
    }
}

static void tell_reply(struct cli_log *log, const struct hops_event *event,
                       struct cli_log_line *line) {
    const struct hops_event_reply *reply = &event->u.reply;
    char addr[HOPS_ADDR_TEXT_MAX];
    char rtt[HOPS_ADDR_TEXT_MAX];

    cli_log_add_text(line, "responder", hops_addr_format(&reply->responder, addr));
    cli_log_add_text(line, "kind", hops_reply_kind_name(reply->kind));
    cli_log_add_text(line, "rtt", cli_duration_format(reply->rtt, rtt));
    add_probe(line, &event->probe);
    if (reply->is_target) {
        cli_log_add_bool(line, "target", true);
    }
    if (reply->late) {
        cli_log_add_bool(line, "late", true);
    }
    if (reply->coarse) {
        cli_log_add_bool(line, "coarse", true);
    }
    cli_log_write(log, line);
}

static void tell_path(struct cli_log *log, const struct hops_event_path *path,
                      struct cli_log_line *line) {
    char before[HOPS_ADDR_TEXT_MAX];
    char after[HOPS_ADDR_TEXT_MAX];

    cli_log_add_number(line, "ttl", path->ttl);
    cli_log_add_text(line, "before",
                     path->before.family == 0 ? NULL : hops_addr_format(&path->before, before));
    cli_log_add_text(line, "after",
                     path->after.family == 0 ? NULL : hops_addr_format(&path->after, after));
    cli_log_write(log, line);
}

static void tell_probe(struct cli_log *log, const struct hops_event *event,
                       struct cli_log_line *line) {
    cli_log_round_begin(log, event->trace, event->probe.round, line->wall);
    add_probe(line, &event->probe);
    if (event->kind != HOPS_EVENT_SENT) {
        add_failure(line, &event->u.failure);
    }
    cli_log_write(log, line);
}

static void tell_round(struct cli_log *log, const struct hops_event *event,
                       struct cli_log_line *line) {
    cli_log_add_number(line, "round", event->u.round.round);
    cli_log_add_text(line, "reason", hops_round_reason_name(event->u.round.reason));
    cli_log_add_number(line, "rows", event->u.round.largest_ttl);
    if (event->u.round.target_ttl != 0) {
        cli_log_add_number(line, "target_ttl", event->u.round.target_ttl);
    }
    cli_log_write(log, line);
    cli_log_round_end(log, event->trace, line->wall);
}

static const struct {
    enum cli_log_level level;
    const char *message;
} kinds[] = {
    [HOPS_EVENT_SENT] = {CLI_LOG_DEBUG, "probe sent"},
    [HOPS_EVENT_SKIPPED] = {CLI_LOG_DEBUG, "probe skipped"},
    [HOPS_EVENT_FAILED] = {CLI_LOG_WARN, "probe failed"},
    [HOPS_EVENT_REPLY] = {CLI_LOG_DEBUG, "reply"},
    [HOPS_EVENT_ROUND] = {CLI_LOG_INFO, "round complete"},
    [HOPS_EVENT_SETTLED] = {CLI_LOG_TRACE, "round settled"},
    [HOPS_EVENT_PATH] = {CLI_LOG_INFO, "path changed"},
    [HOPS_EVENT_ERROR] = {CLI_LOG_ERROR, "trace cannot go on"},
    [HOPS_EVENT_END] = {CLI_LOG_INFO, "trace ends"},
};

void cli_log_event_now(struct cli_log *log, const struct hops_event *event) {
    struct cli_log_line line =
        CLI_LOG_LINE(kinds[event->kind].level, CLI_LOG_TRACER, kinds[event->kind].message);

    line.trace = event->trace;
    line.wall = wall_of(log, event->time);
    if (log->latest != CLI_LOG_NOW && line.wall > log->latest) {
        log->latest = line.wall;
    }
    switch (event->kind) {
    case HOPS_EVENT_SENT:
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_FAILED:
        tell_probe(log, event, &line);
        return;
    case HOPS_EVENT_REPLY:
        tell_reply(log, event, &line);
        return;
    case HOPS_EVENT_ROUND:
        tell_round(log, event, &line);
        return;
    case HOPS_EVENT_SETTLED:
        cli_log_add_number(&line, "round", event->u.settled_round);
        cli_log_write(log, &line);
        return;
    case HOPS_EVENT_PATH:
        tell_path(log, &event->u.path, &line);
        return;
    case HOPS_EVENT_ERROR:
        add_failure(&line, &event->u.failure);
        cli_log_write(log, &line);
        return;
    case HOPS_EVENT_END:
        cli_log_add_text(&line, "reason", hops_end_reason_name(event->u.end));
        cli_log_write(log, &line);
        cli_log_trace_end(log, event->trace, line.wall);
        return;
    }
    hops_unreachable();
}

void cli_log_name_now(struct cli_log *log, const struct report_events_name *name) {
    struct cli_log_line line = CLI_LOG_LINE(CLI_LOG_DEBUG, CLI_LOG_LOOKUP, "name");
    char addr[HOPS_ADDR_TEXT_MAX];

    line.wall = wall_of(log, name->time);
    cli_log_add_text(&line, "address", hops_addr_format(&name->addr, addr));
    cli_log_add_text(&line, "shown", name->shown);
    if (name->as != NULL) {
        cli_log_add_text(&line, "as", name->as->number);
    }
    cli_log_write(log, &line);
}

/* Counters. */

enum { COUNTERS = 6 };

static void read_counters(const struct hops_run_counters *counters, uint64_t out[COUNTERS]) {
    out[0] = counters->link.malformed;
    out[1] = counters->link.ignored;
    out[2] = counters->link.overflow;
    out[3] = counters->foreign;
    out[4] = counters->unexpected;
    out[5] = counters->duplicates;
}

static const char *const counter_names[COUNTERS] = {"malformed", "ignored",    "overflow",
                                                    "foreign",   "unexpected", "duplicates"};

void cli_log_refused(struct cli_log *log, const struct hops_run_counters *counters) {
    struct cli_log_line line = CLI_LOG_LINE(CLI_LOG_DEBUG, CLI_LOG_NET, "packets refused");
    uint64_t now[COUNTERS];

    read_counters(counters, now);
    for (size_t i = 0; i < COUNTERS; i++) {
        if (now[i] != log->told[i]) {
            cli_log_add_number(&line, counter_names[i], (int64_t)(now[i] - log->told[i]));
        }
    }
    if (line.count > 0) {
        memcpy(log->told, now, sizeof(now));
        cli_log_write(log, &line);
    }
}

void cli_log_counters(struct cli_log *log, const struct hops_run_counters *counters) {
    struct cli_log_line line = CLI_LOG_LINE(CLI_LOG_INFO, CLI_LOG_NET, "packets received");
    uint64_t now[COUNTERS];

    read_counters(counters, now);
    cli_log_add_number(&line, "all", (int64_t)counters->link.received);
    cli_log_add_number(&line, "accepted", (int64_t)counters->accepted);
    cli_log_add_number(&line, "late", (int64_t)counters->late);
    cli_log_add_number(&line, "coarse", (int64_t)counters->link.coarse);
    for (size_t i = 0; i < COUNTERS; i++) {
        cli_log_add_number(&line, counter_names[i], (int64_t)now[i]);
    }
    cli_log_write(log, &line);
}

void cli_log_end(struct cli_log *log, int status) {
    struct cli_log_line line = CLI_LOG_LINE(CLI_LOG_INFO, CLI_LOG_CLI, "hops ends");

    cli_log_add_number(&line, "status", status);
    cli_log_write(log, &line);
}
