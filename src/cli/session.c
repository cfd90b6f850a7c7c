/* SPDX-License-Identifier: MIT */
#include "cli/session.h"

#include <hops/run.h>

#include "cli/confine.h"
#include "cli/interrupt.h"
#include "cli/log_events.h"
#include "cli/message.h"
#include "cli/screen.h"
#include "cli/view.h"
#include "tui/term.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct session {
    const struct cli_session_inputs *in;
    struct hops_run *run;
    struct cli_view view;
    struct hops_names names;
    struct cli_screen screen; /* of the mode tui */
    size_t count;             /* of targets */
    hops_ns begun;            /* on the run's clock, when wall was read */
    int64_t wall;
    bool told; /* that the recording has ended */
};

/* How it can end. */
enum ending { ENDED, NOT_WRITTEN, NOT_WAITED };

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
        configs[i].token = s->in->simulated ? 0 : unguessable(s);
    }
    return hops_config_spread(configs, s->count, settings->trace_id, diag);
}

static enum hops_err add_traces(struct session *s, const struct hops_config *configs,
                                struct hops_diag *diag) {
    const struct cli_settings *settings = s->in->settings;
    struct report_events_trace *traces = calloc(s->count, sizeof(*traces));
    struct report_events_start start = {.program_version = s->in->version,
                                        .wall_ns = s->wall,
                                        .time = s->begun,
                                        .max_samples = settings->max_samples,
                                        .max_flows = settings->flows,
                                        .count = (uint32_t)s->count,
                                        .traces = traces};
    enum hops_err err = traces == NULL ? HOPS_ERR_NOMEM : HOPS_OK;

    for (size_t i = 0; i < s->count && err == HOPS_OK; i++) {
        uint32_t number;
        err = hops_run_add(s->run, &configs[i], &number, diag);
        if (err == HOPS_OK) {
            traces[i].target = s->in->targets->list[i].name;
            traces[i].config = *hops_run_config(s->run, number);
        }
    }
    if (err == HOPS_OK) {
        s->names = cli_naming_names(s->in->naming);
        err = cli_view_start(&s->view, &start, &s->names);
    }
    free(traces);
    return err;
}

static enum hops_err set_up(struct session *s, struct hops_link *link, struct hops_diag *diag) {
    bool virtual_time = s->in->simulated && !s->view.output->paced;
    enum hops_err err =
        hops_run_new(link, virtual_time ? HOPS_CLOCK_VIRTUAL : HOPS_CLOCK_REAL, NULL, &s->run);

    if (err != HOPS_OK) {
        link->ops->close(link);
        return err;
    }
    s->count = s->in->targets->count;
    struct hops_config *configs = calloc(s->count, sizeof(*configs));
    s->wall = cli_screen_wall();
    s->begun = hops_run_now(s->run);
    err = configs == NULL ? HOPS_ERR_NOMEM : make_configs(s, configs, diag);
    if (err == HOPS_OK) {
        err = add_traces(s, configs, diag);
    }
    free(configs);
    return err;
}

/* Running. */

static bool take_names(struct session *s) {
    struct report_events_name name;

    while (cli_naming_next(s->in->naming, &name)) {
        name.time = hops_run_now(s->run);
        cli_recorder_name(s->in->recorder, &name);
        cli_log_name(s->in->log, &name);
        if (!s->view.output->name(&s->view, &name)) {
            return false;
        }
        if (s->screen.tui != NULL) {
            tui_app_names_changed(tui_app_of(s->screen.tui));
        }
    }
    return true;
}

static void log_event(const struct session *s, const struct hops_event *event) {
    cli_log_event(s->in->log, event);
    if (event->kind == HOPS_EVENT_ROUND && cli_log_wants(s->in->log, CLI_LOG_DEBUG, CLI_LOG_NET)) {
        struct hops_run_counters counters;
        hops_run_counters(s->run, &counters);
        cli_log_refused(s->in->log, &counters);
    }
}

static bool take_events(struct session *s) {
    struct hops_event event;

    while (hops_run_next_event(s->run, &event)) {
        cli_recorder_event(s->in->recorder, &event);
        log_event(s, &event);
        if (!cli_view_event(&s->view, &event)) {
            return false;
        }
        if (s->screen.tui != NULL) {
            tui_event(s->screen.tui, &event);
        }
        if (event.kind == HOPS_EVENT_REPLY) {
            cli_naming_seen(s->in->naming, &event.u.reply.responder, hops_run_now(s->run));
            if (!take_names(s)) {
                return false;
            }
        }
    }
    if (!take_names(s)) {
        return false;
    }
    cli_recorder_idle(s->in->recorder);
    return s->view.output->idle(&s->view);
}

/* Whatever needs a file or the terminal's description is done by now; no packet has been read. */
static enum hops_err confine(const struct session *s, struct hops_diag *diag) {
    const struct cli_settings *settings = s->in->settings;
    unsigned activities = 0;

    if (!s->in->simulated) {
        activities |= CLI_ACTIVITY_TRACE;
        activities |= settings->protocol == HOPS_PROTOCOL_TCP ? CLI_ACTIVITY_TRACE_TCP : 0;
        activities |= cli_naming_uses_dns(s->in->naming) ? CLI_ACTIVITY_DNS : 0;
    }
    enum hops_err err = cli_confine(settings, activities, diag);
    cli_log_sandbox(s->in->log, err == HOPS_OK && !settings->no_sandbox);
    return err;
}

static bool begin(struct session *s) {
    cli_recorder_start(s->in->recorder, &s->view.start);
    cli_log_traces(s->in->log, &s->view.start, s->in->simulated);
    return s->view.output->begin(&s->view);
}

static void pause_probing(void *user, bool paused) {
    const struct session *s = user;

    hops_run_pause(s->run, paused);
}

static enum hops_err open_screen(struct session *s, struct hops_diag *diag) {
    enum hops_err err = cli_screen_take(&s->screen, s->in->settings, diag);
    struct tui_sources sources = cli_naming_sources(s->in->naming);
    struct tui_actions actions = {.pause = pause_probing, .user = s};
    struct cli_screen_inputs in = {.settings = s->in->settings,
                                   .view = &s->view,
                                   .sources = &sources,
                                   .actions = &actions,
                                   .version = s->in->version,
                                   .privileged = s->in->simulated || s->in->settings->use_raw};

    return err == HOPS_OK ? cli_screen_begin(&s->screen, &in) : err;
}

static hops_ns earlier(hops_ns a, hops_ns b) {
    return a < b ? a : b;
}

/* Until something comes in, something is due, a key is typed or a signal comes; at the latest until
 * the given time. */
static bool wait_until(struct session *s, hops_ns until) {
    struct pollfd fds[1 + CLI_NAMING_FDS + TUI_FDS] = {
        {.fd = cli_interrupt_fd(), .events = POLLIN}};
    size_t names = cli_naming_fds(s->in->naming, fds + 1);
    size_t count = 1 + names;

    until = earlier(until, cli_naming_deadline(s->in->naming, hops_run_now(s->run)));
    if (s->screen.tui != NULL) {
        count += tui_fds(s->screen.tui, fds + count);
        until = earlier(until, tui_deadline(s->screen.tui));
    }
    if (hops_run_wait(s->run, fds, count, until) != HOPS_OK) {
        return false;
    }
    if (cli_naming_process(s->in->naming, fds + 1, names, hops_run_now(s->run)) &&
        s->screen.tui != NULL) {
        tui_app_names_changed(tui_app_of(s->screen.tui));
    }
    return true;
}

/* Names that are still on their way when the traces have ended: all of them together get the time
 * of one, unless a signal ends that. */
static enum ending wait_for_names(struct session *s, int *signal_number) {
    hops_ns now = hops_run_now(s->run);
    hops_ns patience = cli_naming_patience(s->in->naming);
    hops_ns end = patience > HOPS_NEVER - now ? HOPS_NEVER : now + patience;

    while (cli_naming_missing(s->in->naming) > 0 && hops_run_now(s->run) < end &&
           *signal_number == 0) {
        if (!wait_until(s, end)) {
            return NOT_WAITED;
        }
        if (!take_events(s)) {
            return NOT_WRITTEN;
        }
        *signal_number = cli_interrupt_signal();
    }
    return ENDED;
}

static void tell_not_recorded(struct session *s) {
    if (s->in->recorder->failure != 0 && !s->told) {
        s->told = true;
        cli_screen_say(&s->screen, TUI_T_NOT_RECORDED, strerror(s->in->recorder->failure));
    }
}

/* Has it been asked to end? A trace that cannot go on stays on the screen until somebody leaves. */
static bool leaving(struct session *s, int *signal_number) {
    *signal_number = cli_interrupt_signal();
    if (s->screen.tui != NULL) {
        tell_not_recorded(s);
        tui_step(s->screen.tui, hops_run_now(s->run), cli_screen_wall());
        if (tui_gone(s->screen.tui)) {
            *signal_number = SIGHUP;
        }
        return *signal_number != 0 || tui_done(s->screen.tui);
    }
    return *signal_number != 0;
}

/* Until all traces have ended or somebody wants to leave; their last rounds are taken in, too. */
static enum ending run(struct session *s, int *signal_number) {
    bool stopping = false;

    while (take_events(s)) {
        if (hops_run_done(s->run) && (stopping || s->screen.tui == NULL)) {
            return stopping ? ENDED : wait_for_names(s, signal_number);
        }
        if (!stopping && leaving(s, signal_number)) {
            stopping = true;
            hops_run_stop(s->run);
        } else if (!stopping && !wait_until(s, HOPS_NEVER)) {
            return NOT_WAITED;
        }
    }
    return NOT_WRITTEN;
}

static int end(struct session *s) {
    int signal_number = 0;
    enum ending ending = run(s, &signal_number);
    int why = errno;

    cli_screen_close(&s->screen);
    switch (ending) {
    case NOT_WRITTEN:
        cli_message_error("the output could not be written: %s", strerror(why));
        return 1;
    case NOT_WAITED:
        cli_message_error("waiting for the network failed: %s", strerror(why));
        return 1;
    case ENDED:
        break;
    }
    return cli_view_end(&s->view, signal_number);
}

/* Loss that is ours and not the path's must not pass for it. */
static void tell_overflow(const struct session *s) {
    struct hops_run_counters counters;

    hops_run_counters(s->run, &counters);
    cli_log_counters(s->in->log, &counters);
    if (counters.link.overflow > 0) {
        cli_message_note("%" PRIu64 " packets were lost on this host, whose receive buffer was "
                         "full: some of the loss shown may be its own, not the path's",
                         counters.link.overflow);
    }
}

int cli_session(const struct cli_session_inputs *inputs, struct hops_link *link) {
    struct session s = {.in = inputs};
    struct hops_diag diag = {.text = "out of memory"};
    bool screen = inputs->settings->mode == CLI_MODE_TUI;
    int status = 1;

    cli_view_init(&s.view, inputs->settings->mode);
    if (set_up(&s, link, &diag) != HOPS_OK) {
        cli_message_error("%s", diag.text);
    } else if (!cli_interrupt_catch(screen ? tui_term_emergency : NULL)) {
        cli_message_error("signals could not be caught: %s", strerror(errno));
    } else if (!begin(&s)) {
        cli_message_error("the output could not be written: %s", strerror(errno));
    } else if (open_screen(&s, &diag) != HOPS_OK || confine(&s, &diag) != HOPS_OK) {
        cli_screen_close(&s.screen);
        cli_message_error("%s", diag.text);
    } else {
        status = end(&s);
        tell_overflow(&s);
    }
    cli_view_done(&s.view);
    hops_run_free(s.run);
    return status;
}
