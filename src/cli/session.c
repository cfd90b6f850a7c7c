/* SPDX-License-Identifier: MIT */
#include "cli/session.h"

#include <hops/run.h>
#include <hops/stats.h>

#include "cli/interrupt.h"
#include "cli/message.h"
#include "report/events.h"
#include "report/report.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct session;

/* What a mode does with what happens. Each function returns false if writing failed (errno). */
struct output {
    bool (*begin)(struct session *s);
    bool (*event)(struct session *s, const struct hops_event *event);
    bool (*idle)(struct session *s); /* nothing more for the moment */
    bool (*end)(struct session *s);
    bool paced;      /* simulated time passes like real time */
    bool statistics; /* events are folded into them */
};

struct session {
    const struct cli_session_inputs *in;
    const struct output *output;
    const struct report_format *format; /* of a document, else NULL */
    struct hops_run *run;
    struct report_target *traces; /* one per target */
    size_t count;
    struct report_events_writer events;
    struct report_input report;
    hops_ns begun;                     /* on the run's clock, when report.start was read */
    uint64_t sent;                     /* probes that left this host */
    uint64_t rounds;                   /* completed */
    struct hops_event_failure failure; /* the last one */
    bool fatal;                        /* failure ended a trace */
};

/* Modes. */

static bool nothing(struct session *s) {
    (void)s;
    return true;
}

static bool no_event(struct session *s, const struct hops_event *event) {
    (void)s;
    (void)event;
    return true;
}

static bool document_end(struct session *s) {
    return s->format->write(stdout, &s->report);
}

static bool stream_begin(struct session *s) {
    return report_stream_begin(stdout, &s->report);
}

static bool stream_event(struct session *s, const struct hops_event *event) {
    return event->kind != HOPS_EVENT_ROUND || report_stream_block(stdout, &s->report, event->trace);
}

static bool events_begin(struct session *s) {
    struct report_events_trace *traces = calloc(s->count, sizeof(*traces));
    struct report_events_start start = {.program_version = s->in->version,
                                        .time = s->begun,
                                        .count = (uint32_t)s->count,
                                        .traces = traces};

    if (traces == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        traces[i].target = s->traces[i].name;
        traces[i].config = *hops_run_config(s->run, i);
    }
    start.wall_ns = (int64_t)s->report.start.tv_sec * HOPS_SEC + (int64_t)s->report.start.tv_nsec;
    bool written = report_events_write_start(&s->events, &start);
    free(traces);
    return written && report_events_flush(&s->events);
}

static bool events_event(struct session *s, const struct hops_event *event) {
    return report_events_write(&s->events, event);
}

static bool events_idle(struct session *s) {
    return report_events_flush(&s->events);
}

static const struct output document_output = {
    .begin = nothing, .event = no_event, .idle = nothing, .end = document_end, .statistics = true};
static const struct output stream_output = {.begin = stream_begin,
                                            .event = stream_event,
                                            .idle = nothing,
                                            .end = nothing,
                                            .paced = true,
                                            .statistics = true};
static const struct output events_output = {.begin = events_begin,
                                            .event = events_event,
                                            .idle = events_idle,
                                            .end = events_idle,
                                            .paced = true};

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

static void choose_output(struct session *s, enum cli_mode mode) {
    if (mode == CLI_MODE_STREAM) {
        s->output = &stream_output;
    } else if (mode == CLI_MODE_EVENTS) {
        s->output = &events_output;
    } else {
        s->output = &document_output;
        s->format = report_format_find(document_name(mode));
    }
}

/* Setting up. */

/* A secret of this run. Early at boot the kernel may have none to give: the clock must do then. */
static uint64_t unguessable(const struct session *s) {
    uint64_t token;

    if (getrandom(&token, sizeof(token), GRND_NONBLOCK) != (ssize_t)sizeof(token)) {
        token = (uint64_t)s->begun;
    }
    return token;
}

static enum hops_err make_configs(const struct session *s, struct hops_config *configs,
                                  struct hops_diag *diag) {
    const struct cli_settings *settings = s->in->settings;

    for (size_t i = 0; i < s->count; i++) {
        cli_settings_to_config(settings, &configs[i]);
        configs[i].target = s->in->targets->list[i].addr;
        configs[i].source = s->in->source;
        configs[i].token = unguessable(s);
    }
    return hops_config_spread(configs, s->count, settings->trace_id, diag);
}

static enum hops_err add_traces(struct session *s, const struct hops_config *configs,
                                struct hops_diag *diag) {
    struct hops_stats_config stats;
    enum hops_err err = HOPS_OK;

    hops_stats_config_init(&stats);
    stats.max_samples = (size_t)s->in->settings->max_samples;
    stats.max_flows = (size_t)s->in->settings->flows;
    for (size_t i = 0; i < s->count && err == HOPS_OK; i++) {
        struct report_target *trace = &s->traces[i];
        uint32_t number;
        trace->name = s->in->targets->list[i].name;
        trace->addr = configs[i].target;
        err = hops_stats_new(&stats, configs[i].first_ttl, NULL, &trace->stats);
        if (err == HOPS_OK) {
            err = hops_run_add(s->run, &configs[i], &number, diag);
        }
    }
    return err;
}

static enum hops_err set_up(struct session *s, struct hops_link *link, struct hops_diag *diag) {
    bool virtual_time = s->in->simulated && !s->output->paced;
    enum hops_err err =
        hops_run_new(link, virtual_time ? HOPS_CLOCK_VIRTUAL : HOPS_CLOCK_REAL, NULL, &s->run);

    if (err != HOPS_OK) {
        link->ops->close(link);
        return err;
    }
    s->count = s->in->targets->count;
    s->traces = calloc(s->count, sizeof(*s->traces));
    struct hops_config *configs = calloc(s->count, sizeof(*configs));
    (void)clock_gettime(CLOCK_REALTIME, &s->report.start);
    s->begun = hops_run_now(s->run);
    err = s->traces == NULL || configs == NULL ? HOPS_ERR_NOMEM : make_configs(s, configs, diag);
    if (err == HOPS_OK) {
        err = add_traces(s, configs, diag);
    }
    free(configs);
    s->report.targets = s->traces;
    s->report.count = s->count;
    s->report.names = s->in->names;
    return err;
}

static void tear_down(struct session *s) {
    for (size_t i = 0; s->traces != NULL && i < s->count; i++) {
        hops_stats_free(s->traces[i].stats);
    }
    free(s->traces);
    report_events_writer_done(&s->events);
    hops_run_free(s->run);
}

/* Running. */

static void note(struct session *s, const struct hops_event *event) {
    switch (event->kind) {
    case HOPS_EVENT_SENT:
        s->sent++;
        break;
    case HOPS_EVENT_FAILED:
        s->failure = event->u.failure;
        break;
    case HOPS_EVENT_ERROR:
        s->failure = event->u.failure;
        s->fatal = true;
        break;
    case HOPS_EVENT_ROUND:
        s->rounds++;
        break;
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_REPLY:
    case HOPS_EVENT_SETTLED:
    case HOPS_EVENT_PATH:
    case HOPS_EVENT_END:
        break;
    }
}

static bool take_events(struct session *s) {
    struct hops_event event;

    while (hops_run_next_event(s->run, &event)) {
        note(s, &event);
        if (s->output->statistics) {
            hops_stats_apply(s->traces[event.trace].stats, &event);
        }
        if (!s->output->event(s, &event)) {
            return false;
        }
    }
    return s->output->idle(s);
}

/* UTC at the end, reckoned on the clock the traces ran by. */
static struct timespec end_time(const struct session *s) {
    hops_ns took = hops_run_now(s->run) - s->begun;
    int64_t nsec = (int64_t)s->report.start.tv_nsec + took % HOPS_SEC;

    return (struct timespec){.tv_sec = s->report.start.tv_sec + (time_t)(took / HOPS_SEC) +
                                       (time_t)(nsec / HOPS_SEC),
                             .tv_nsec = (long)(nsec % HOPS_SEC)};
}

/* Until all traces have ended. False: writing failed. */
static bool run(struct session *s, int *signal_number) {
    bool stopping = false;

    if (!s->output->begin(s)) {
        return false;
    }
    while (take_events(s)) {
        if (hops_run_done(s->run)) {
            s->report.end = end_time(s);
            return true;
        }
        struct pollfd fd = {.fd = cli_interrupt_fd(), .events = POLLIN};
        if (!stopping) {
            (void)hops_run_wait(s->run, &fd, 1, HOPS_NEVER);
            *signal_number = cli_interrupt_signal();
        }
        if (*signal_number != 0 && !stopping) {
            stopping = true;
            hops_run_stop(s->run);
        }
    }
    return false;
}

static int say_failure(const struct session *s, const char *what) {
    const char *name = hops_errno_name(s->failure.os_errno);

    cli_message_error("error: %s: %s: %s%s%s%s", what, hops_call_name(s->failure.call),
                      strerror(s->failure.os_errno), name == NULL ? "" : " (",
                      name == NULL ? "" : name, name == NULL ? "" : ")");
    return 1;
}

static int finish(struct session *s, int signal_number) {
    if (s->output != &events_output && s->sent == 0 && s->failure.os_errno != 0) {
        return say_failure(s, "no probe left this host");
    }
    if (s->fatal && s->rounds == 0) {
        return say_failure(s, "the trace cannot go on");
    }
    if (!s->output->end(s)) {
        cli_message_error("the output could not be written: %s", strerror(errno));
        return 1;
    }
    if (s->fatal) {
        return say_failure(s, "the trace could not go on");
    }
    return signal_number == 0 ? 0 : 128 + signal_number;
}

int cli_session(const struct cli_session_inputs *inputs, struct hops_link *link) {
    struct session s = {.in = inputs};
    struct hops_diag diag = {.text = "out of memory"};
    int signal_number = 0;
    int status = 1;

    choose_output(&s, inputs->settings->mode);
    report_events_writer_init(&s.events, stdout);
    if (set_up(&s, link, &diag) != HOPS_OK) {
        cli_message_error("%s", diag.text);
    } else if (!cli_interrupt_catch()) {
        cli_message_error("signals could not be caught: %s", strerror(errno));
    } else if (!run(&s, &signal_number)) {
        cli_message_error("the output could not be written: %s", strerror(errno));
    } else {
        status = finish(&s, signal_number);
    }
    tear_down(&s);
    return status;
}
