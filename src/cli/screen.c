/* SPDX-License-Identifier: MIT */
#include "cli/screen.h"

#include "base/text.h"
#include "cli/catalogue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

bool cli_screen_possible(void) {
    const char *term = getenv("TERM");

    return isatty(STDOUT_FILENO) == 1 && term != NULL && term[0] != '\0' &&
           strcmp(term, "dumb") != 0;
}

int64_t cli_screen_wall(void) {
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * HOPS_SEC + (int64_t)now.tv_nsec;
}

/* Options. */

static void make_options(const struct cli_screen_inputs *in, struct tui_options *out) {
    cli_screen_options(in->settings, out);
    out->version = in->version;
    out->locale = in->settings->locale;
    out->privileged = in->privileged;
    out->as_possible = in->sources->as != NULL;
}

/* The C library reads the description of a zone once, from a file: it has to be now. The colon says
 * that it is a file's name and not a rule. */
static bool load_timezone(const char *name) {
    char value[256];

    if (name != NULL) {
        int n = snprintf(value, sizeof(value), ":%s", name);
        if (n < 0 || (size_t)n >= sizeof(value) || setenv("TZ", value, 1) != 0) {
            return false;
        }
    }
    tzset();
    return true;
}

/* Traces. */

static char *clean_copy(const char *text) {
    size_t len = strlen(text);
    size_t room = 4 * len + 1;
    char *copy = malloc(room);

    if (copy != NULL) {
        (void)hops_text_sanitize(text, len, copy, room);
    }
    return copy;
}

static bool make_traces(struct cli_screen *screen, const struct cli_view *view,
                        struct tui_trace *traces) {
    screen->titles = calloc(view->start.count, sizeof(*screen->titles));
    screen->count = view->start.count;
    for (size_t i = 0; screen->titles != NULL && i < screen->count; i++) {
        const struct report_events_trace *trace = &view->traces[i];
        screen->titles[i] = clean_copy(trace->target);
        if (screen->titles[i] == NULL) {
            return false;
        }
        traces[i] = (struct tui_trace){.name = screen->titles[i],
                                       .config = trace->config,
                                       .stats = view->targets[i].stats,
                                       .max_flows = view->start.max_flows,
                                       .max_samples = (size_t)view->start.max_samples};
    }
    return screen->titles != NULL;
}

/* Actions: those of whoever runs the loop, and our own. */

static void pause_probing(void *user, bool paused) {
    const struct cli_screen *screen = user;

    screen->actions.pause(screen->actions.user, paused);
}

static bool save_report(void *user, const struct tui_save *what, char *out, size_t size) {
    const struct cli_screen *screen = user;
    struct report_input report = cli_view_report(screen->view);
    struct cli_report_file file = {.format = what->format,
                                   .target = screen->view->traces[what->trace].target,
                                   .seconds = what->local_seconds,
                                   .report = &report};
    char name[CLI_REPORT_NAME];
    bool saved = cli_screen_save(&screen->save, &file, name);

    (void)snprintf(out, size, "%s", saved ? name : strerror(errno));
    return saved;
}

static char *report_text(void *user, const char *format) {
    const struct cli_screen *screen = user;
    struct report_input report = cli_view_report(screen->view);

    return cli_report_text(format, &report);
}

static void save_settings(void *user, const struct tui_change *changes, size_t count,
                          struct tui_saved *out) {
    struct cli_screen *screen = user;

    cli_screen_settings_save(&screen->settings, changes, count, out);
}

static struct tui_actions make_actions(struct cli_screen *screen) {
    return (struct tui_actions){.pause = screen->actions.pause == NULL ? NULL : pause_probing,
                                .save = save_report,
                                .report = report_text,
                                .save_settings = save_settings,
                                .user = screen};
}

enum hops_err cli_screen_take(struct cli_screen *screen, const struct cli_settings *settings,
                              struct hops_diag *diag) {
    const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
    struct tui_term_options options = {.color = no_color == NULL || no_color[0] == '\0',
                                       .mouse = settings->tui_mouse == CLI_MOUSE_ON};

    if (settings->mode != CLI_MODE_TUI) {
        return HOPS_OK;
    }
    enum hops_err err = cli_screen_save_open(&screen->save, settings->save_dir, diag);
    if (err != HOPS_OK) {
        return err;
    }
    if (!load_timezone(settings->tui_timezone)) {
        return HOPS_ERR_NOMEM;
    }
    cli_screen_settings_open(&screen->settings, settings);
    cli_catalogue_load(settings->locale, &screen->catalogue);
    return tui_take(&options, settings->tui_ascii, &screen->tui, diag);
}

enum hops_err cli_screen_begin(struct cli_screen *screen, const struct cli_screen_inputs *in) {
    struct tui_options options;
    enum hops_err err = HOPS_ERR_NOMEM;

    if (screen->tui == NULL) {
        return HOPS_OK;
    }
    struct tui_trace *traces = calloc(in->view->start.count, sizeof(*traces));
    screen->view = in->view;
    screen->actions = in->actions == NULL ? (struct tui_actions){0} : *in->actions;
    struct tui_actions actions = make_actions(screen);
    struct tui_recorded recorded = {.time = in->view->start.time,
                                    .wall_ns = in->view->start.wall_ns};
    make_options(in, &options);
    if (traces != NULL && make_traces(screen, in->view, traces)) {
        struct tui_app_inputs inputs = {.options = &options,
                                        .sources = in->sources,
                                        .actions = &actions,
                                        .catalogue = &screen->catalogue,
                                        .settings = screen->settings.rows,
                                        .setting_count = screen->settings.count,
                                        .recorded = in->settings->replay == NULL ? NULL : &recorded,
                                        .traces = traces,
                                        .trace_count = screen->count};
        err = tui_begin(screen->tui, &inputs);
    }
    free(traces);
    return err;
}

void cli_screen_say(struct cli_screen *screen, enum tui_text_id text, const char *why) {
    struct tui_app *app = tui_app_of(screen->tui);
    const struct tui_pair pairs[] = {{"why", why}, {NULL, NULL}};
    char line[TUI_MESSAGE_MAX];

    tui_app_say(app, tui_text_fill(tui_app_text(app, text), pairs, line, sizeof(line)));
}

void cli_screen_close(struct cli_screen *screen) {
    tui_close(screen->tui);
    for (size_t i = 0; screen->titles != NULL && i < screen->count; i++) {
        free(screen->titles[i]);
    }
    free(screen->titles);
    cli_screen_save_close(&screen->save);
    cli_screen_settings_close(&screen->settings);
    *screen = (struct cli_screen){0};
}
