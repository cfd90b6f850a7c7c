/* SPDX-License-Identifier: MIT */
#include "tui/view.h"

static const struct tui_view *const bodies[TUI_BODY_EVENTS + 1] = {
    [TUI_BODY_HOPS] = &tui_view_hops,     [TUI_BODY_OVERVIEW] = &tui_view_overview,
    [TUI_BODY_EVENTS] = &tui_view_events, [TUI_BODY_CHART] = &tui_view_chart,
    [TUI_BODY_MAP] = &tui_view_map,
};

static const struct tui_view *const dialogs[TUI_DIALOG_SETTINGS + 1] = {
    [TUI_DIALOG_HELP] = &tui_view_help,
    [TUI_DIALOG_SETTINGS] = &tui_view_settings,
};

const struct tui_view *tui_view_body(enum tui_body body) {
    return bodies[body];
}

const struct tui_view *tui_view_dialog(enum tui_dialog dialog) {
    return dialogs[dialog];
}

const struct tui_view *tui_view_current_body(const struct tui_app *app) {
    const struct tui_trace *trace = tui_app_trace(app);

    /* These two are about all targets. */
    if (app->body == TUI_BODY_OVERVIEW || app->body == TUI_BODY_EVENTS) {
        return bodies[app->body];
    }
    if (trace->failed) {
        return &tui_view_error;
    }
    if (tui_trace_hop_count(trace, 0) == 0) {
        return &tui_view_splash;
    }
    return bodies[app->body];
}
