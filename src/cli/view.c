/* SPDX-License-Identifier: MIT */
#include "cli/view.h"

#include <hops/stats.h>

#include "cli/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Modes. */

static bool nothing(struct cli_view *view) {
    (void)view;
    return true;
}

static bool no_event(struct cli_view *view, const struct hops_event *event) {
    (void)view;
    (void)event;
    return true;
}

static bool no_name(struct cli_view *view, const struct report_events_name *name) {
    (void)view;
    (void)name;
    return true;
}

static bool document_end(struct cli_view *view) {
    return view->format->write(stdout, &view->report);
}

static bool stream_begin(struct cli_view *view) {
    return report_stream_begin(stdout, &view->report);
}

static bool stream_event(struct cli_view *view, const struct hops_event *event) {
    return event->kind != HOPS_EVENT_ROUND ||
           report_stream_block(stdout, &view->report, event->trace);
}

static bool events_begin(struct cli_view *view) {
    return report_events_write_start(&view->events, &view->start) &&
           report_events_flush(&view->events);
}

static bool events_event(struct cli_view *view, const struct hops_event *event) {
    return report_events_write(&view->events, event);
}

static bool events_name(struct cli_view *view, const struct report_events_name *name) {
    return report_events_write_name(&view->events, name);
}

static bool events_idle(struct cli_view *view) {
    return report_events_flush(&view->events);
}

static const struct cli_output document_output = {.begin = nothing,
                                                  .event = no_event,
                                                  .name = no_name,
                                                  .idle = nothing,
                                                  .end = document_end,
                                                  .statistics = true};
static const struct cli_output stream_output = {.begin = stream_begin,
                                                .event = stream_event,
                                                .name = no_name,
                                                .idle = nothing,
                                                .end = nothing,
                                                .paced = true,
                                                .statistics = true};
static const struct cli_output events_output = {.begin = events_begin,
                                                .event = events_event,
                                                .name = events_name,
                                                .idle = events_idle,
                                                .end = events_idle,
                                                .paced = true};

static const struct cli_output screen_output = {.begin = nothing,
                                                .event = no_event,
                                                .name = no_name,
                                                .idle = nothing,
                                                .end = nothing,
                                                .paced = true,
                                                .statistics = true};

static const char *document_name(enum cli_mode mode) {
    switch (mode) {
    case CLI_MODE_MARKDOWN:
        return "markdown";
    case CLI_MODE_CSV:
        return "csv";
    case CLI_MODE_JSON:
        return "json";
    case CLI_MODE_DOT:
        return "dot";
    case CLI_MODE_FLOWS:
        return "flows";
    case CLI_MODE_SILENT:
        return "silent";
    case CLI_MODE_TUI:
    case CLI_MODE_PRETTY:
    case CLI_MODE_STREAM:
    case CLI_MODE_EVENTS:
        break;
    }
    return "pretty";
}

void cli_view_init(struct cli_view *view, enum cli_mode mode) {
    *view = (struct cli_view){0};
    report_events_writer_init(&view->events, stdout);
    if (mode == CLI_MODE_STREAM) {
        view->output = &stream_output;
    } else if (mode == CLI_MODE_EVENTS) {
        view->output = &events_output;
    } else if (mode == CLI_MODE_TUI) {
        view->output = &screen_output; /* cli/screen.c shows what the statistics hold */
    } else {
        view->output = &document_output;
        view->format = report_format_find(document_name(mode));
    }
}

void cli_view_done(struct cli_view *view) {
    for (size_t i = 0; view->targets != NULL && i < view->start.count; i++) {
        hops_stats_free(view->targets[i].stats);
    }
    free(view->targets);
    free(view->traces);
    report_events_writer_done(&view->events);
    *view = (struct cli_view){0};
}

/* Times. */

static struct timespec to_timespec(int64_t wall) {
    int64_t nsec = wall % HOPS_SEC;
    int64_t sec = wall / HOPS_SEC;

    if (nsec < 0) {
        nsec += HOPS_SEC;
        sec--;
    }
    return (struct timespec){.tv_sec = (time_t)sec, .tv_nsec = (long)nsec};
}

/* Recordings hold any number: what lies beyond the range is its end. */
int64_t cli_view_wall(const struct cli_view *view, hops_ns time) {
    int64_t since;
    int64_t wall;

    if (__builtin_sub_overflow(time, view->start.time, &since)) {
        since = time < view->start.time ? INT64_MIN : INT64_MAX;
    }
    if (__builtin_add_overflow(view->start.wall_ns, since, &wall)) {
        wall = since < 0 ? INT64_MIN : INT64_MAX;
    }
    return wall;
}

struct report_input cli_view_report(const struct cli_view *view) {
    struct report_input report = view->report;

    report.end = to_timespec(cli_view_wall(view, view->latest));
    return report;
}

/* Taking events. */

enum hops_err cli_view_start(struct cli_view *view, const struct report_events_start *start,
                             const struct hops_names *names) {
    struct hops_stats_config stats;
    enum hops_err err = HOPS_OK;

    view->start = *start;
    view->latest = start->time;
    view->targets = calloc(start->count, sizeof(*view->targets));
    view->traces = calloc(start->count, sizeof(*view->traces));
    if (view->targets == NULL || view->traces == NULL) {
        return HOPS_ERR_NOMEM;
    }
    hops_stats_config_init(&stats);
    stats.max_samples = (size_t)start->max_samples;
    stats.max_flows = (size_t)start->max_flows;
    for (uint32_t i = 0; i < start->count && err == HOPS_OK; i++) {
        view->traces[i] = start->traces[i];
        view->targets[i].name = start->traces[i].target;
        view->targets[i].addr = start->traces[i].config.target;
        err = hops_stats_new(&stats, start->traces[i].config.first_ttl, NULL,
                             &view->targets[i].stats);
    }
    view->start.traces = view->traces;
    view->report.targets = view->targets;
    view->report.count = start->count;
    view->report.names = names;
    view->report.start = to_timespec(start->wall_ns);
    return err;
}

static void note(struct cli_view *view, const struct hops_event *event) {
    view->latest = event->time > view->latest ? event->time : view->latest;
    switch (event->kind) {
    case HOPS_EVENT_SENT:
        view->sent++;
        break;
    case HOPS_EVENT_FAILED:
        view->failure = event->u.failure;
        break;
    case HOPS_EVENT_ERROR:
        view->failure = event->u.failure;
        view->fatal = true;
        break;
    case HOPS_EVENT_ROUND:
        view->rounds++;
        break;
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_REPLY:
    case HOPS_EVENT_SETTLED:
    case HOPS_EVENT_PATH:
    case HOPS_EVENT_END:
        break;
    }
}

bool cli_view_event(struct cli_view *view, const struct hops_event *event) {
    note(view, event);
    if (view->output->statistics) {
        hops_stats_apply(view->targets[event->trace].stats, event);
    }
    return view->output->event(view, event);
}

/* The end. */

static int say_failure(const struct cli_view *view, const char *what) {
    const char *name = hops_errno_name(view->failure.os_errno);

    cli_message_error("error: %s: %s: %s%s%s%s", what, hops_call_name(view->failure.call),
                      strerror(view->failure.os_errno), name == NULL ? "" : " (",
                      name == NULL ? "" : name, name == NULL ? "" : ")");
    return 1;
}

int cli_view_end(struct cli_view *view, int signal_number) {
    if (view->output != &events_output && view->sent == 0 && view->failure.os_errno != 0) {
        return say_failure(view, "no probe left this host");
    }
    if (view->fatal && view->rounds == 0) {
        return say_failure(view, "the trace cannot go on");
    }
    view->report = cli_view_report(view);
    if (!view->output->end(view)) {
        cli_message_error("the output could not be written: %s", strerror(errno));
        return 1;
    }
    if (view->fatal) {
        return say_failure(view, "the trace could not go on");
    }
    return signal_number == 0 ? 0 : 128 + signal_number;
}
