/* SPDX-License-Identifier: MIT */
#include "cli/replay.h"

#include "base/diag.h"
#include "cli/confine.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/naming.h"
#include "cli/view.h"
#include "report/replay.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct replay {
    const struct cli_settings *settings;
    struct cli_recorder *recorder;
    struct cli_view view;
    struct report_replay reader;
    struct cli_naming *naming;
    struct hops_names names;
    uint64_t speed; /* times as fast as recorded; 0: at once */
    hops_ns begun;  /* on the real clock */
};

static hops_ns now(void) {
    struct timespec ts = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (hops_ns)ts.tv_sec * HOPS_SEC + (hops_ns)ts.tv_nsec;
}

/* Waits until it is the time of an event. False: a signal came first. */
static bool wait_for(struct replay *r, hops_ns time) {
    hops_ns since;

    if (r->speed == 0) {
        return cli_interrupt_signal() == 0;
    }
    if (__builtin_sub_overflow(time, r->view.start.time, &since)) {
        since = time < 0 ? 0 : INT64_MAX;
    }
    since /= (hops_ns)r->speed;
    for (;;) {
        struct pollfd fd = {.fd = cli_interrupt_fd(), .events = POLLIN};
        hops_ns rest = since - (now() - r->begun);
        if (cli_interrupt_signal() != 0) {
            return false;
        }
        if (rest <= 0) {
            return true;
        }
        struct timespec ts = {.tv_sec = (time_t)(rest / HOPS_SEC),
                              .tv_nsec = (long)(rest % HOPS_SEC)};
        (void)ppoll(&fd, 1, &ts, NULL);
    }
}

/* False: writing failed. */
static bool take_line(struct replay *r, const struct report_events_line *line) {
    if (line->kind == REPORT_EVENTS_EVENT) {
        cli_recorder_event(r->recorder, &line->event);
        return cli_view_event(&r->view, &line->event);
    }
    cli_recorder_name(r->recorder, &line->name);
    if (!cli_naming_put(r->naming, &line->name)) {
        errno = ENOMEM;
        return false;
    }
    return r->view.output->name(&r->view, &line->name);
}

static bool idle(struct replay *r) {
    cli_recorder_idle(r->recorder);
    return r->view.output->idle(&r->view);
}

/* Until the recording ends or a signal comes. False: writing failed. */
static bool run(struct replay *r) {
    struct hops_diag diag;
    struct report_events_line line;
    enum report_replay_result result;

    cli_recorder_start(r->recorder, &r->view.start);
    if (!r->view.output->begin(&r->view)) {
        return false;
    }
    while ((result = report_replay_next(&r->reader, &line, &diag)) == REPORT_REPLAY_LINE) {
        hops_ns time = line.kind == REPORT_EVENTS_EVENT ? line.event.time : line.name.time;
        bool written = r->speed == 0 || idle(r);
        bool due = written && wait_for(r, time);
        written = written && (!due || take_line(r, &line));
        report_events_line_done(&line);
        if (!due || !written) {
            return written && idle(r);
        }
    }
    if (result != REPORT_REPLAY_DONE) {
        cli_message_note("replay %s: %s: what comes before is shown", r->settings->replay,
                         diag.text);
    }
    return idle(r);
}

/* What the statistics keep is as it was recorded, unless somebody asks for something else. */
static void set_limits(const struct cli_settings *settings, struct report_events_start *start) {
    bool keeps_path = false;

    for (uint32_t i = 0; i < start->count; i++) {
        keeps_path = keeps_path || start->traces[i].config.strategy != HOPS_STRATEGY_CLASSIC;
    }
    if (start->max_samples == 0 ||
        cli_settings_source(settings, "max-samples") != CLI_SOURCE_BUILT_IN) {
        start->max_samples = settings->max_samples;
    }
    if (start->max_flows == 0 ||
        cli_settings_source(settings, "max-flows") != CLI_SOURCE_BUILT_IN) {
        start->max_flows = keeps_path ? settings->max_flows : 1;
    }
}

static enum hops_err check_mode(const struct replay *r, const struct report_events_start *start,
                                struct hops_diag *diag) {
    if (r->view.format == NULL || !r->view.format->needs_flows) {
        return HOPS_OK;
    }
    for (uint32_t i = 0; i < start->count; i++) {
        if (start->traces[i].config.strategy == HOPS_STRATEGY_CLASSIC) {
            return hops_diag_set(diag, HOPS_ERR_INVALID,
                                 "replay %s: the mode %s needs a recording of the "
                                 "multipath-strategy paris or dublin",
                                 r->settings->replay, r->view.format->name);
        }
    }
    return HOPS_OK;
}

static enum hops_err begin(struct replay *r, struct report_events_line *first,
                           struct hops_diag *diag) {
    struct hops_diag why;
    enum hops_err err = report_replay_start(&r->reader, first, &why);

    if (err != HOPS_OK) {
        return hops_diag_set(diag, err, "replay %s: %s", r->settings->replay, why.text);
    }
    err = check_mode(r, &first->start, diag);
    if (err == HOPS_OK) {
        set_limits(r->settings, &first->start);
        r->names = cli_naming_names(r->naming);
        err = cli_view_start(&r->view, &first->start, &r->names);
    }
    return err;
}

static FILE *open_recording(const struct cli_settings *settings,
                            const struct cli_recorder *recorder, struct hops_diag *diag) {
    FILE *in = fopen(settings->replay, "re");
    struct stat read_info;
    struct stat write_info;

    if (in == NULL || fstat(fileno(in), &read_info) != 0) {
        (void)hops_diag_set(diag, HOPS_ERR_SYSTEM, "replay %s: %s", settings->replay,
                            strerror(errno));
    } else if (recorder->file != NULL && fstat(fileno(recorder->file), &write_info) == 0 &&
               read_info.st_dev == write_info.st_dev && read_info.st_ino == write_info.st_ino) {
        (void)hops_diag_set(diag, HOPS_ERR_INVALID, "record %s: this is the file of --replay",
                            recorder->path);
    } else {
        return in;
    }
    if (in != NULL) {
        (void)fclose(in);
    }
    return NULL;
}

int cli_replay(const struct cli_settings *settings, struct cli_recorder *recorder) {
    struct replay r = {.settings = settings, .recorder = recorder, .begun = now()};
    struct report_events_line first = {.kind = REPORT_EVENTS_OTHER};
    struct hops_diag diag = {.text = "out of memory"};
    int status = 1;
    FILE *in = open_recording(settings, recorder, &diag);

    cli_view_init(&r.view, settings->mode);
    report_replay_init(&r.reader, in);
    if (settings->replay_speed != CLI_NONE) {
        r.speed = (uint64_t)settings->replay_speed;
    } else {
        r.speed = r.view.output->paced ? 1 : 0;
    }
    /* The recording may be anybody's: it is read inside the walls. */
    if (in == NULL) {
        cli_message_error("%s", diag.text);
    } else if (cli_naming_new(settings, NULL, &r.naming, &diag) != HOPS_OK) {
        cli_message_error("%s", diag.text);
    } else if (!cli_interrupt_catch()) {
        cli_message_error("signals could not be caught: %s", strerror(errno));
    } else if (cli_confine(settings, 0, &diag) != HOPS_OK || begin(&r, &first, &diag) != HOPS_OK) {
        cli_message_error("%s", diag.text);
    } else if (!run(&r)) {
        cli_message_error("the output could not be written: %s", strerror(errno));
    } else {
        status = cli_view_end(&r.view, cli_interrupt_signal());
    }
    cli_view_done(&r.view);
    report_events_line_done(&first);
    cli_naming_free(r.naming);
    report_replay_done(&r.reader);
    if (in != NULL) {
        (void)fclose(in);
    }
    return status;
}
