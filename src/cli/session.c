/* SPDX-License-Identifier: MIT */
#include "cli/session.h"

#include <hops/run.h>

#include "cli/confine.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/view.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

struct session {
    const struct cli_session_inputs *in;
    struct hops_run *run;
    struct cli_view view;
    struct hops_names names;
    size_t count;  /* of targets */
    hops_ns begun; /* on the run's clock, when wall was read */
    int64_t wall;
};

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
    struct timespec now = {0};
    enum hops_err err =
        hops_run_new(link, virtual_time ? HOPS_CLOCK_VIRTUAL : HOPS_CLOCK_REAL, NULL, &s->run);

    if (err != HOPS_OK) {
        link->ops->close(link);
        return err;
    }
    s->count = s->in->targets->count;
    struct hops_config *configs = calloc(s->count, sizeof(*configs));
    (void)clock_gettime(CLOCK_REALTIME, &now);
    s->wall = (int64_t)now.tv_sec * HOPS_SEC + (int64_t)now.tv_nsec;
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
        if (!s->view.output->name(&s->view, &name)) {
            return false;
        }
    }
    return true;
}

static bool take_events(struct session *s) {
    struct hops_event event;

    while (hops_run_next_event(s->run, &event)) {
        cli_recorder_event(s->in->recorder, &event);
        if (!cli_view_event(&s->view, &event)) {
            return false;
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
    return cli_confine(settings, activities, diag);
}

static bool begin(struct session *s) {
    cli_recorder_start(s->in->recorder, &s->view.start);
    return s->view.output->begin(&s->view);
}

/* Until something is due, at the latest until the given time. Returns the signal that asks to stop,
 * or 0. */
static int wait_until(struct session *s, hops_ns until) {
    struct pollfd fds[1 + CLI_NAMING_FDS] = {{.fd = cli_interrupt_fd(), .events = POLLIN}};
    size_t count = cli_naming_fds(s->in->naming, fds + 1);
    hops_ns due = cli_naming_deadline(s->in->naming, hops_run_now(s->run));

    (void)hops_run_wait(s->run, fds, 1 + count, due < until ? due : until);
    (void)cli_naming_process(s->in->naming, fds + 1, count, hops_run_now(s->run));
    return cli_interrupt_signal();
}

/* Names that are still on their way when the traces have ended: all of them together get the time
 * of one. False: writing failed. */
static bool wait_for_names(struct session *s) {
    hops_ns now = hops_run_now(s->run);
    hops_ns patience = cli_naming_patience(s->in->naming);
    hops_ns end = patience > HOPS_NEVER - now ? HOPS_NEVER : now + patience;

    while (cli_naming_missing(s->in->naming) > 0 && hops_run_now(s->run) < end) {
        int signal_number = wait_until(s, end);
        if (!take_events(s)) {
            return false;
        }
        if (signal_number != 0) {
            break;
        }
    }
    return true;
}

/* Until all traces have ended. False: writing failed. */
static bool run(struct session *s, int *signal_number) {
    bool stopping = false;

    while (take_events(s)) {
        if (hops_run_done(s->run)) {
            return *signal_number != 0 || wait_for_names(s);
        }
        if (!stopping) {
            *signal_number = wait_until(s, HOPS_NEVER);
        }
        if (*signal_number != 0 && !stopping) {
            stopping = true;
            hops_run_stop(s->run);
        }
    }
    return false;
}

/* Loss that is ours and not the path's must not pass for it. */
static void tell_overflow(const struct session *s) {
    struct hops_run_counters counters;

    hops_run_counters(s->run, &counters);
    if (counters.link.overflow > 0) {
        cli_message_note("%" PRIu64 " packets were lost on this host, whose receive buffer was "
                         "full: some of the loss shown may be its own, not the path's",
                         counters.link.overflow);
    }
}

int cli_session(const struct cli_session_inputs *inputs, struct hops_link *link) {
    struct session s = {.in = inputs};
    struct hops_diag diag = {.text = "out of memory"};
    int signal_number = 0;
    int status = 1;

    cli_view_init(&s.view, inputs->settings->mode);
    if (set_up(&s, link, &diag) != HOPS_OK) {
        cli_message_error("%s", diag.text);
    } else if (!cli_interrupt_catch()) {
        cli_message_error("signals could not be caught: %s", strerror(errno));
    } else if (!begin(&s)) {
        cli_message_error("the output could not be written: %s", strerror(errno));
    } else if (confine(&s, &diag) != HOPS_OK) {
        cli_message_error("%s", diag.text);
    } else if (!run(&s, &signal_number)) {
        cli_message_error("the output could not be written: %s", strerror(errno));
    } else {
        status = cli_view_end(&s.view, signal_number);
        tell_overflow(&s);
    }
    cli_view_done(&s.view);
    hops_run_free(s.run);
    return status;
}
