/* SPDX-License-Identifier: MIT
 *
 * What each command does to the app: a table of small functions.
 */
#include "tui/app.h"
#include "tui/flows.h"
#include "tui/host.h"
#include "tui/journal.h"
#include "tui/output.h"
#include "tui/overview.h"
#include "tui/view.h"

#include <string.h>

/* Selection. */

static void select_row(struct tui_app *app, int step) {
    uint8_t rows[TUI_ROWS_MAX];
    int count = (int)tui_app_rows(app, rows);
    int at = step > 0 ? -1 : count;

    if (count == 0) {
        return;
    }
    for (int i = 0; i < count && app->selected_ttl != 0; i++) {
        at = rows[i] == app->selected_ttl ? i : at;
    }
    at += step;
    at = at < 0 ? 0 : at >= count ? count - 1 : at;
    app->selected_ttl = rows[at];
    app->address = 0;
}

static void next_hop(struct tui_app *app) {
    select_row(app, 1);
}

static void previous_hop(struct tui_app *app) {
    select_row(app, -1);
}

static int page(const struct tui_app *app) {
    return app->layout.body.h > 4 ? app->layout.body.h - 3 : 1;
}

static void page_down(struct tui_app *app) {
    select_row(app, page(app));
}

static void page_up(struct tui_app *app) {
    select_row(app, -page(app));
}

static void first_hop(struct tui_app *app) {
    select_row(app, -TUI_ROWS_MAX);
}

static void last_hop(struct tui_app *app) {
    select_row(app, TUI_ROWS_MAX);
}

static void clear_selection(struct tui_app *app) {
    app->selected_ttl = 0;
    app->address = 0;
    app->scroll = 0;
}

/* Targets and flows. */

static void go_to_trace(struct tui_app *app, size_t trace) {
    if (trace >= app->trace_count || trace == app->trace) {
        return;
    }
    if (app->frozen) {
        tui_trace_thaw(tui_app_trace(app));
    }
    app->trace = trace;
    app->flow = 0;
    app->flows = false;
    memset(app->chart_hidden, 0, sizeof(app->chart_hidden));
    clear_selection(app);
    if (app->frozen && !tui_trace_freeze(tui_app_trace(app))) {
        app->frozen = false;
    }
}

void tui_app_go_to_trace(struct tui_app *app, size_t trace) {
    go_to_trace(app, trace);
}

static void next_trace(struct tui_app *app) {
    if (app->flows) {
        tui_flows_step(app, 1);
    } else {
        go_to_trace(app, app->trace + 1);
    }
}

static void previous_trace(struct tui_app *app) {
    if (app->flows) {
        tui_flows_step(app, -1);
    } else if (app->trace > 0) {
        go_to_trace(app, app->trace - 1);
    }
}

static void toggle_flows(struct tui_app *app) {
    const struct tui_trace *trace = tui_app_trace(app);

    if (app->flows) {
        app->flows = false;
        app->flow = 0;
    } else if (app->trace_count == 1 && trace->max_flows > 1 && tui_trace_flow_count(trace) > 0) {
        app->flows = true;
        app->flow = 1;
    }
    app->address = 0;
    app->flow_scroll = 0;
}

/* Addresses. */

static size_t selected_addresses(const struct tui_app *app) {
    struct hops_hop hop;

    if (app->selected_ttl == 0 ||
        !tui_trace_hop(tui_app_trace(app), app->flow, app->selected_ttl, &hop)) {
        return 0;
    }
    return hop.addr_count;
}

static void next_address(struct tui_app *app) {
    if (app->address + 1 < selected_addresses(app)) {
        app->address++;
    }
}

static void previous_address(struct tui_app *app) {
    if (app->address > 0 && selected_addresses(app) > 0) {
        app->address--;
    }
}

static void address_ip(struct tui_app *app) {
    app->options.address_mode = TUI_ADDRESS_IP;
}

static void address_host(struct tui_app *app) {
    app->options.address_mode = TUI_ADDRESS_HOST;
}

static void address_both(struct tui_app *app) {
    app->options.address_mode = TUI_ADDRESS_BOTH;
}

/* The most addresses any hop has. */
static unsigned most_addresses(const struct tui_app *app) {
    const struct tui_trace *trace = tui_app_trace(app);
    uint8_t rows[TUI_ROWS_MAX];
    size_t count = tui_app_rows(app, rows);
    size_t most = 0;

    for (size_t i = 0; i < count; i++) {
        struct hops_hop hop;
        if (tui_trace_hop(trace, app->flow, rows[i], &hop) && hop.addr_count > most) {
            most = hop.addr_count;
        }
    }
    return (unsigned)most;
}

static void expand_hosts(struct tui_app *app) {
    if (app->options.max_addrs != 0 && app->options.max_addrs < most_addresses(app)) {
        app->options.max_addrs++;
    }
}

static void expand_hosts_max(struct tui_app *app) {
    app->options.max_addrs = most_addresses(app);
}

static void contract_hosts(struct tui_app *app) {
    unsigned most = most_addresses(app);

    if (app->options.max_addrs == 0) {
        return;
    }
    app->options.max_addrs = app->options.max_addrs > most + 1 ? most : app->options.max_addrs - 1;
}

static void contract_hosts_min(struct tui_app *app) {
    app->options.max_addrs = 1;
}

static void toggle_details(struct tui_app *app) {
    app->details = !app->details;
    if (app->details) {
        app->limit_before_details = app->options.max_addrs;
        app->options.max_addrs = 1;
    } else {
        app->options.max_addrs = app->limit_before_details;
    }
}

static void toggle_as_info(struct tui_app *app) {
    app->options.as_info = app->options.as_possible && !app->options.as_info;
}

static void clear_names(struct tui_app *app) {
    if (app->sources.forget != NULL) {
        app->sources.forget(app->sources.user);
    }
}

/* Privacy. */

static void expand_privacy(struct tui_app *app) {
    uint8_t first;
    uint8_t last;

    tui_trace_ttls(tui_app_trace(app), app->flow, &first, &last);
    if (app->options.privacy < (int)last || app->options.privacy < 0) {
        app->options.privacy++;
    }
}

static void contract_privacy(struct tui_app *app) {
    if (app->options.privacy >= 0) {
        app->options.privacy--;
    }
}

/* Freezing, pausing, clearing. */

static void thaw(struct tui_app *app) {
    tui_trace_thaw(tui_app_trace(app));
    app->frozen = false;
}

static void toggle_freeze(struct tui_app *app) {
    if (app->frozen) {
        thaw(app);
    } else if (tui_trace_freeze(tui_app_trace(app))) {
        tui_overview_refresh(app); /* so that it stands still, too */
        app->frozen = true;
        app->frozen_since = app->now;
        app->frozen_note = tui_journal_last(app->journal);
    }
}

static void toggle_pause(struct tui_app *app) {
    if (app->actions.pause != NULL) {
        app->paused = !app->paused;
        app->actions.pause(app->actions.user, app->paused);
        (void)tui_journal_pause(app->journal, app->paused, app->wall_ns);
    }
}

static void clear_data(struct tui_app *app) {
    struct tui_trace *trace = tui_app_trace(app);

    thaw(app);
    hops_stats_clear(trace->stats);
    trace->sent = 0;
    app->flows = false;
    app->flow = 0;
    app->flow_scroll = 0;
    clear_selection(app);
}

/* What is shown. */

static void toggle_body(struct tui_app *app, enum tui_body body) {
    if (app->body == body) {
        app->body = TUI_BODY_HOPS;
    } else if (tui_view_body(body) != NULL) {
        app->body = body;
    }
}

static void toggle_chart(struct tui_app *app) {
    toggle_body(app, TUI_BODY_CHART);
}

static void toggle_map(struct tui_app *app) {
    toggle_body(app, TUI_BODY_MAP);
}

static void toggle_overview(struct tui_app *app) {
    toggle_body(app, TUI_BODY_OVERVIEW);
}

static void toggle_events(struct tui_app *app) {
    toggle_body(app, TUI_BODY_EVENTS);
}

static void zoom_in(struct tui_app *app) {
    app->zoom += app->zoom < TUI_ZOOM_MAX;
}

static void zoom_out(struct tui_app *app) {
    app->zoom -= app->zoom > 1;
}

static void hide_in_chart(struct tui_app *app) {
    uint8_t ttl = tui_app_marked_ttl(app);

    if (app->body == TUI_BODY_CHART && ttl > 0) {
        app->chart_hidden[ttl] = !app->chart_hidden[ttl];
    }
}

static void open_dialog(struct tui_app *app, enum tui_dialog dialog) {
    if (tui_view_dialog(dialog) != NULL) {
        app->dialog = dialog;
    }
}

static void open_help(struct tui_app *app) {
    enum tui_dialog before = app->dialog;

    open_dialog(app, TUI_DIALOG_HELP);
    app->help_over = before == TUI_DIALOG_HELP ? app->help_over : before;
    app->help_scroll = 0;
}

void tui_app_open_help(struct tui_app *app) {
    open_help(app);
}

static void open_settings(struct tui_app *app) {
    open_dialog(app, TUI_DIALOG_SETTINGS);
}

static void open_settings_tab(struct tui_app *app, size_t tab) {
    open_settings(app);
    if (app->dialog == TUI_DIALOG_SETTINGS && app->settings_tab != tab) {
        app->settings_tab = tab;
        app->settings_row = 0;
        app->settings_scroll = 0;
    }
}

/* Order of rows: by the path, then by each column that is shown. */

static void sort_step(struct tui_app *app, int step) {
    int count = (int)strlen(app->options.columns);
    int at = -1; /* by the path */

    for (int i = 0; i < count && app->sort != 0; i++) {
        at = app->options.columns[i] == app->sort ? i : at;
    }
    do {
        at += step;
        at = at >= count ? -1 : at < -1 ? count - 1 : at;
    } while (at >= 0 && !tui_host_sortable(app->options.columns[at]));
    app->sort = at < 0 ? '\0' : app->options.columns[at];
    app->sort_reversed = false;
}

static void sort_next(struct tui_app *app) {
    sort_step(app, 1);
}

static void sort_previous(struct tui_app *app) {
    sort_step(app, -1);
}

static void sort_reverse(struct tui_app *app) {
    app->sort_reversed = !app->sort_reversed;
}

/* Prompts and the way out. */

static void open_prompt(struct tui_app *app, enum tui_prompt prompt) {
    app->prompt = prompt;
    app->input[0] = '\0';
    app->message[0] = '\0';
}

static void open_search(struct tui_app *app) {
    open_prompt(app, TUI_PROMPT_SEARCH);
}

static void open_go_to(struct tui_app *app) {
    open_prompt(app, TUI_PROMPT_TTL);
}

static void quit(struct tui_app *app) {
    app->exit = TUI_EXIT_QUIT;
}

static void quit_preserve(struct tui_app *app) {
    app->exit = TUI_EXIT_PRESERVE;
}

static void redraw(struct tui_app *app) {
    app->redraw = true;
}

static void suspend(struct tui_app *app) {
    app->suspend = true;
}

/* NULL: nothing in this program does it. */
static void (*const handlers[TUI_COMMANDS])(struct tui_app *app) = {
    [TUI_CMD_HELP] = open_help,
    [TUI_CMD_HELP_ALT] = open_help,
    [TUI_CMD_SETTINGS] = open_settings,
    [TUI_CMD_NEXT_HOP] = next_hop,
    [TUI_CMD_PREVIOUS_HOP] = previous_hop,
    [TUI_CMD_NEXT_TRACE] = next_trace,
    [TUI_CMD_PREVIOUS_TRACE] = previous_trace,
    [TUI_CMD_NEXT_ADDRESS] = next_address,
    [TUI_CMD_PREVIOUS_ADDRESS] = previous_address,
    [TUI_CMD_ADDRESS_IP] = address_ip,
    [TUI_CMD_ADDRESS_HOST] = address_host,
    [TUI_CMD_ADDRESS_BOTH] = address_both,
    [TUI_CMD_FREEZE] = toggle_freeze,
    [TUI_CMD_CHART] = toggle_chart,
    [TUI_CMD_MAP] = toggle_map,
    [TUI_CMD_FLOWS] = toggle_flows,
    [TUI_CMD_EXPAND_PRIVACY] = expand_privacy,
    [TUI_CMD_CONTRACT_PRIVACY] = contract_privacy,
    [TUI_CMD_EXPAND_HOSTS] = expand_hosts,
    [TUI_CMD_EXPAND_HOSTS_MAX] = expand_hosts_max,
    [TUI_CMD_CONTRACT_HOSTS] = contract_hosts,
    [TUI_CMD_CONTRACT_HOSTS_MIN] = contract_hosts_min,
    [TUI_CMD_ZOOM_IN] = zoom_in,
    [TUI_CMD_ZOOM_OUT] = zoom_out,
    [TUI_CMD_CLEAR_DATA] = clear_data,
    [TUI_CMD_CLEAR_NAMES] = clear_names,
    [TUI_CMD_CLEAR_SELECTION] = clear_selection,
    [TUI_CMD_AS_INFO] = toggle_as_info,
    [TUI_CMD_DETAILS] = toggle_details,
    [TUI_CMD_QUIT] = quit,
    [TUI_CMD_QUIT_PRESERVE] = quit_preserve,
    [TUI_CMD_NEXT_HOP_ALT] = next_hop,
    [TUI_CMD_PREVIOUS_HOP_ALT] = previous_hop,
    [TUI_CMD_PAGE_DOWN] = page_down,
    [TUI_CMD_PAGE_UP] = page_up,
    [TUI_CMD_FIRST_HOP] = first_hop,
    [TUI_CMD_LAST_HOP] = last_hop,
    [TUI_CMD_SEARCH] = open_search,
    [TUI_CMD_GO_TO_TTL] = open_go_to,
    [TUI_CMD_SORT_NEXT] = sort_next,
    [TUI_CMD_SORT_PREVIOUS] = sort_previous,
    [TUI_CMD_SORT_REVERSE] = sort_reverse,
    [TUI_CMD_OVERVIEW] = toggle_overview,
    [TUI_CMD_EVENTS] = toggle_events,
    [TUI_CMD_PAUSE] = toggle_pause,
    [TUI_CMD_COPY_ADDRESS] = tui_output_copy_address,
    [TUI_CMD_COPY_ROW] = tui_output_copy_row,
    [TUI_CMD_COPY_REPORT] = tui_output_copy_report,
    [TUI_CMD_SAVE] = tui_output_open,
    [TUI_CMD_HIDE_IN_CHART] = hide_in_chart,
    [TUI_CMD_REDRAW] = redraw,
    [TUI_CMD_SUSPEND] = suspend,
    [TUI_CMD_INTERRUPT] = quit,
};

void tui_app_command(struct tui_app *app, enum tui_command command) {
    bool always = command == TUI_CMD_INTERRUPT || command == TUI_CMD_QUIT_PRESERVE ||
                  command == TUI_CMD_SUSPEND || command == TUI_CMD_REDRAW;
    const struct tui_view *dialog = tui_view_dialog(app->dialog);
    const struct tui_view *body = tui_view_current_body(app);

    app->dirty = true;
    if (dialog != NULL && !always) {
        if (dialog->command != NULL) {
            (void)dialog->command(app, command);
        }
        return;
    }
    if (!always && body->command != NULL && body->command(app, command)) {
        return;
    }
    if (command >= TUI_CMD_SETTINGS_TUI && command <= TUI_CMD_SETTINGS_COLUMNS) {
        open_settings_tab(app, (size_t)(command - TUI_CMD_SETTINGS_TUI));
    } else if (handlers[command] != NULL) {
        handlers[command](app);
    }
}
