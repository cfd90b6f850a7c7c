/* SPDX-License-Identifier: MIT */
#include "cli/replay.h"

#include "base/diag.h"
#include "cli/confine.h"
#include "cli/interrupt.h"
#include "cli/log_events.h"
#include "cli/message.h"
#include "cli/naming.h"
#include "cli/screen.h"
#include "cli/view.h"
#include "report/replay.h"
#include "tui/term.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct replay {
    const struct cli_settings *settings;
    struct cli_recorder *recorder;
    struct cli_log *log;
    struct cli_view view;
    struct report_replay reader;
    struct cli_naming *naming;
    struct hops_names names;
    struct cli_screen screen; /* of the mode tui */
    uint64_t speed;           /* times as fast as recorded; 0: at once */
    hops_ns begun;            /* on the real clock, less the time it stood still */
    hops_ns taken;            /* the latest event, on the real clock */
    hops_ns paused;           /* since then; 0: it goes on */
    size_t lines;             /* read */
    bool told;                /* that the recording cannot be made any more */
    int fd;                   /* of a recording that is no file */
    FILE *pipe;               /* reads from it; NULL: the recording is a file */
    bool running;             /* the screen and the output have begun */
    bool left;                /* somebody left while the pipe was waited for */
    struct hops_diag broken;  /* what stopped the reading; "": nothing */
};

static hops_ns now(void) {
    struct timespec ts = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (hops_ns)ts.tv_sec * HOPS_SEC + (hops_ns)ts.tv_nsec;
}

/* The screen. */

static void pause_replay(void *user, bool paused) {
    struct replay *r = user;

    if (!paused && r->paused != 0) {
        r->begun += now() - r->paused;
        r->taken += now() - r->paused;
    }
    r->paused = paused ? now() : 0;
}

static enum hops_err begin_screen(struct replay *r) {
    struct tui_sources sources = cli_naming_sources(r->naming);
    struct tui_actions actions = {.pause = pause_replay, .user = r};
    struct cli_screen_inputs in = {.settings = r->settings,
                                   .view = &r->view,
                                   .sources = &sources,
                                   .actions = &actions,
                                   .version = HOPS_VERSION,
                                   .privileged = true};

    return cli_screen_begin(&r->screen, &in);
}

/* The clock of the recording, which goes on between two events and after the last one. */
static int64_t recorded_wall(const struct replay *r) {
    hops_ns since = (r->paused != 0 ? r->paused : now()) - r->taken;
    int64_t wall;

    if (__builtin_add_overflow(cli_view_wall(&r->view, r->view.latest), since, &wall)) {
        wall = INT64_MAX;
    }
    return wall;
}

/* False: a signal came, or the user has left the screen. */
static bool go_on(struct replay *r) {
    struct tui *tui = r->screen.tui;

    if (tui != NULL) {
        if (r->recorder->failure != 0 && !r->told) {
            r->told = true;
            cli_screen_say(&r->screen, TUI_T_NOT_RECORDED, strerror(r->recorder->failure));
        }
        tui_step(tui, now(), recorded_wall(r));
    }
    return cli_interrupt_signal() == 0 && (tui == NULL || !tui_done(tui));
}

static hops_ns until_due(const struct replay *r, hops_ns since) {
    hops_ns rest = since - (now() - r->begun);

    return r->paused != 0 ? HOPS_NEVER : rest;
}

/* At most so long, and until fd can be read from (-1: none); true: it can. */
static bool wait_or_read(struct replay *r, hops_ns rest, int fd) {
    struct pollfd fds[2 + TUI_FDS] = {{.fd = fd, .events = POLLIN},
                                      {.fd = cli_interrupt_fd(), .events = POLLIN}};
    size_t count = 2;

    if (r->screen.tui != NULL && r->running) {
        hops_ns deadline = tui_deadline(r->screen.tui) - now();
        count += tui_fds(r->screen.tui, fds + 2);
        rest = deadline < rest ? deadline : rest;
    }
    rest = rest < 0 ? 0 : rest;
    struct timespec ts = {.tv_sec = (time_t)(rest / HOPS_SEC), .tv_nsec = (long)(rest % HOPS_SEC)};
    return ppoll(fds, count, &ts, NULL) > 0 && fds[0].revents != 0;
}

static void wait(struct replay *r, hops_ns rest) {
    (void)wait_or_read(r, rest, -1);
}

/* Waits until it is the time of an event. False: somebody wants to leave first. */
static bool wait_for(struct replay *r, hops_ns time) {
    hops_ns since;

    if (r->speed == 0) {
        /* Keys are taken now and then. */
        return cli_interrupt_signal() == 0 && (r->lines++ % 256 != 0 || go_on(r));
    }
    if (__builtin_sub_overflow(time, r->view.start.time, &since)) {
        since = INT64_MAX;
    }
    since = time < r->view.start.time ? 0 : since; /* recordings hold any times */
    since /= (hops_ns)r->speed;
    while (go_on(r)) {
        hops_ns rest = until_due(r, since);
        if (rest <= 0) {
            return true;
        }
        wait(r, rest);
    }
    return false;
}

/* What was recorded stays on the screen until somebody leaves. */
static void stay(struct replay *r) {
    if (r->screen.tui != NULL) {
        if (r->broken.text[0] != '\0') {
            cli_screen_say(&r->screen, TUI_T_NOT_RECORDED, r->broken.text);
        } else {
            cli_screen_say(&r->screen, TUI_T_REPLAY_ENDED, "");
        }
        while (go_on(r)) {
            wait(r, HOPS_NEVER);
        }
    }
}

/* False: writing failed. */
static bool take_line(struct replay *r, const struct report_events_line *line) {
    if (line->kind == REPORT_EVENTS_EVENT) {
        r->taken = now();
        cli_recorder_event(r->recorder, &line->event);
        cli_log_event(r->log, &line->event);
        if (!cli_view_event(&r->view, &line->event)) {
            return false;
        }
        if (r->screen.tui != NULL) {
            tui_event(r->screen.tui, &line->event);
        }
        return true;
    }
    cli_recorder_name(r->recorder, &line->name);
    cli_log_name(r->log, &line->name);
    if (!cli_naming_put(r->naming, &line->name)) {
        errno = ENOMEM;
        return false;
    }
    if (r->screen.tui != NULL) {
        tui_app_names_changed(tui_app_of(r->screen.tui));
    }
    return r->view.output->name(&r->view, &line->name);
}

static bool idle(struct replay *r) {
    cli_recorder_idle(r->recorder);
    return r->view.output->idle(&r->view);
}

/* A pipe may bring nothing for a long time, as that of a run which is still going on: what has come
 * is shown meanwhile, and keys and signals are taken. */
static ssize_t read_pipe(void *user, char *out, size_t size) {
    struct replay *r = user;

    if (r->running) {
        (void)idle(r); /* what cannot be written is told at the next event */
    }
    for (;;) {
        r->left = r->running ? !go_on(r) : cli_interrupt_signal() != 0;
        if (r->left) {
            return 0;
        }
        if (wait_or_read(r, HOPS_NEVER, r->fd)) {
            ssize_t n = read(r->fd, out, size);
            if (n >= 0 || (errno != EINTR && errno != EAGAIN)) {
                return n;
            }
        }
    }
}

static bool open_pipe(struct replay *r, FILE *in) {
    const cookie_io_functions_t functions = {.read = read_pipe};
    struct stat info;

    r->fd = fileno(in);
    if (fstat(r->fd, &info) == 0 && S_ISREG(info.st_mode)) {
        return true;
    }
    r->pipe = fopencookie(r, "r", functions);
    return r->pipe != NULL;
}

/* Until the recording ends or somebody leaves. False: writing failed. */
static bool run(struct replay *r) {
    struct report_events_line line;
    enum report_replay_result result;

    cli_recorder_start(r->recorder, &r->view.start);
    cli_log_traces(r->log, &r->view.start, true);
    if (!r->view.output->begin(&r->view)) {
        return false;
    }
    r->running = true;
    while ((result = report_replay_next(&r->reader, &line, &r->broken)) == REPORT_REPLAY_LINE) {
        hops_ns time = line.kind == REPORT_EVENTS_EVENT ? line.event.time : line.name.time;
        bool written = r->speed == 0 || idle(r);
        bool due = written && wait_for(r, time);
        written = written && (!due || take_line(r, &line));
        report_events_line_done(&line);
        if (!due || !written) {
            return written && idle(r);
        }
    }
    if (result == REPORT_REPLAY_DONE || r->left) {
        r->broken.text[0] = '\0';
    }
    stay(r);
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
    return err == HOPS_OK ? begin_screen(r) : err;
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

static int play(struct replay *r) {
    bool written = run(r);
    int why = errno;
    int signal_number =
        r->screen.tui != NULL && tui_gone(r->screen.tui) ? SIGHUP : cli_interrupt_signal();

    cli_screen_close(&r->screen);
    if (r->broken.text[0] != '\0') {
        cli_message_note("replay %s: %s: what comes before is shown", r->settings->replay,
                         r->broken.text);
    }
    if (!written) {
        cli_message_error("the output could not be written: %s", strerror(why));
        return 1;
    }
    return cli_view_end(&r->view, signal_number);
}

int cli_replay(const struct cli_settings *settings, struct cli_recorder *recorder,
               struct cli_log *log) {
    struct replay r = {.settings = settings, .recorder = recorder, .log = log, .begun = now()};
    struct report_events_line first = {.kind = REPORT_EVENTS_OTHER};
    struct hops_diag diag = {.text = "out of memory"};
    int status = 1;
    FILE *in = open_recording(settings, recorder, &diag);

    bool opened = in != NULL && open_pipe(&r, in);

    cli_view_init(&r.view, settings->mode);
    report_replay_init(&r.reader, r.pipe != NULL ? r.pipe : in);
    if (settings->replay_speed != CLI_NONE) {
        r.speed = (uint64_t)settings->replay_speed;
    } else {
        r.speed = r.view.output->paced ? 1 : 0;
    }
    /* The recording may be anybody's: it is read inside the walls. */
    if (!opened) {
        cli_message_error("%s", diag.text);
    } else if (cli_naming_new(settings, NULL, &r.naming, &diag) != HOPS_OK) {
        cli_message_error("%s", diag.text);
    } else if (!cli_interrupt_catch(r.settings->mode == CLI_MODE_TUI ? tui_term_emergency : NULL)) {
        cli_message_error("signals could not be caught: %s", strerror(errno));
    } else if (cli_screen_take(&r.screen, settings, &diag) != HOPS_OK ||
               cli_confine(settings, 0, &diag) != HOPS_OK || begin(&r, &first, &diag) != HOPS_OK) {
        cli_screen_close(&r.screen);
        if (r.left) {
            status = 128 + cli_interrupt_signal();
        } else {
            cli_message_error("%s", diag.text);
        }
    } else {
        status = play(&r);
    }
    cli_view_done(&r.view);
    report_events_line_done(&first);
    cli_naming_free(r.naming);
    report_replay_done(&r.reader);
    if (r.pipe != NULL) {
        (void)fclose(r.pipe);
    }
    if (in != NULL) {
        (void)fclose(in);
    }
    return status;
}
