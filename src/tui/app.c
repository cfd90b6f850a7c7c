/* SPDX-License-Identifier: MIT */
#include "tui/app.h"

#include "report/columns.h"
#include "tui/events.h"
#include "tui/host.h"
#include "tui/journal.h"
#include "tui/output.h"
#include "tui/overview.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const hops_ns message_time = 4 * HOPS_SEC;

void tui_options_init(struct tui_options *options) {
    *options = (struct tui_options){.version = "",
                                    .locale = "en",
                                    .address_mode = TUI_ADDRESS_HOST,
                                    .privacy = -1,
                                    .columns = "holsravbwdt",
                                    .refresh = 100 * HOPS_MS};
    tui_theme_preset(TUI_PRESET_DEFAULT, &options->theme);
    tui_bindings_default(options->bindings);
}

bool tui_app_init(struct tui_app *app, const struct tui_app_inputs *inputs) {
    *app = (struct tui_app){.options = *inputs->options,
                            .trace_count = inputs->trace_count,
                            .settings = inputs->settings,
                            .setting_count = inputs->setting_count,
                            .saved = *inputs->options,
                            .settings_row = -1,
                            .zoom = 1,
                            .dirty = true};
    if (inputs->sources != NULL) {
        app->sources = *inputs->sources;
    }
    if (inputs->recorded != NULL) {
        app->is_recorded = true;
        app->recorded = *inputs->recorded;
    }
    if (inputs->actions != NULL) {
        app->actions = *inputs->actions;
    }
    if (inputs->catalogue != NULL) {
        app->catalogue = *inputs->catalogue;
    }
    app->traces = calloc(inputs->trace_count, sizeof(*app->traces));
    if (app->traces == NULL) {
        return false;
    }
    memcpy(app->traces, inputs->traces, inputs->trace_count * sizeof(*app->traces));
    app->journal = tui_journal_new(inputs->trace_count);
    app->overview = tui_overview_new(inputs->trace_count);
    if (app->journal == NULL || app->overview == NULL) {
        tui_app_done(app);
        return false;
    }
    return true;
}

void tui_app_done(struct tui_app *app) {
    for (size_t i = 0; app->traces != NULL && i < app->trace_count; i++) {
        tui_trace_thaw(&app->traces[i]);
    }
    free(app->traces);
    app->traces = NULL;
    tui_journal_free(app->journal);
    app->journal = NULL;
    tui_overview_free(app->overview);
    app->overview = NULL;
    free(app->clipboard);
    app->clipboard = NULL;
}

struct tui_trace *tui_app_trace(const struct tui_app *app) {
    return &app->traces[app->trace];
}

const char *tui_app_text(const struct tui_app *app, enum tui_text_id id) {
    return tui_text(&app->catalogue, id);
}

const char *tui_app_column_title(const struct tui_app *app, const struct report_column *column) {
    char key[64];

    if (column->key == NULL) {
        return column->title;
    }
    (void)snprintf(key, sizeof(key), "column_%s", column->key);
    const char *title = tui_text_by_key(&app->catalogue, key);
    return title == key ? column->title : title;
}

struct tui_style tui_app_style(const struct tui_app *app, enum tui_item fg, enum tui_item bg) {
    return tui_style(&app->options.theme, fg, bg);
}

void tui_app_say(struct tui_app *app, const char *message) {
    (void)snprintf(app->message, sizeof(app->message), "%s", message);
    app->message_until = app->now + message_time;
    app->dirty = true;
}

char *tui_app_key_text(const struct tui_app *app, enum tui_command command,
                       char out[TUI_KEY_TEXT]) {
    return tui_key_format(&app->options.bindings[command], out);
}

int32_t tui_app_utc_offset(const struct tui_app *app, int64_t seconds) {
    time_t when = (time_t)seconds;
    struct tm tm = {0};

    if (app->actions.utc_offset != NULL) {
        return app->actions.utc_offset(app->actions.user, seconds);
    }
    (void)localtime_r(&when, &tm);
    return (int32_t)tm.tm_gmtoff;
}

/* Has it answered from that hop? */
static bool answers_at(const struct tui_trace *trace, uint8_t ttl) {
    struct hops_hop hop;

    if (!tui_trace_hop(trace, 0, ttl, &hop)) {
        return false;
    }
    for (size_t i = 0; i < hop.addr_count; i++) {
        if (hops_addr_equal(&hop.addrs[i].addr, &trace->config.target)) {
            return true;
        }
    }
    return false;
}

/* Paths of several lengths have rows behind the nearest one of the target. */
bool tui_app_hides_target(const struct tui_app *app, size_t number) {
    const struct tui_trace *trace = &app->traces[number];
    uint8_t first;
    uint8_t last;

    tui_trace_ttls(trace, 0, &first, &last);
    for (unsigned ttl = first; last > 0 && ttl < last && tui_app_hides(app, (uint8_t)ttl); ttl++) {
        if (answers_at(trace, (uint8_t)ttl)) {
            return true;
        }
    }
    return last > 0 && tui_app_hides(app, last);
}

void tui_app_target_text(const struct tui_app *app, size_t trace, struct tui_line *out) {
    if (tui_app_hides_target(app, trace)) {
        tui_line_format(out, "**%s**", tui_app_text(app, TUI_T_HIDDEN));
    } else {
        tui_line_add(out, app->traces[trace].name);
    }
}

bool tui_app_hides(const struct tui_app *app, uint8_t ttl) {
    return app->options.privacy >= (int)ttl;
}

/* Order of rows. */

struct rank {
    double value;
    bool known;
    uint8_t ttl;
};

static int compare(const void *a, const void *b) {
    const struct rank *x = a;
    const struct rank *y = b;

    if (x->known != y->known) {
        return x->known ? -1 : 1; /* hops without a value come last, whichever way */
    }
    if (x->value < y->value || x->value > y->value) {
        return x->value < y->value ? -1 : 1;
    }
    return (int)x->ttl - (int)y->ttl;
}

static struct rank rank_of(const struct tui_app *app, uint8_t ttl) {
    const struct tui_trace *trace = tui_app_trace(app);
    struct rank rank = {.ttl = ttl};
    struct hops_hop hop;

    if (tui_trace_hop(trace, app->flow, ttl, &hop)) {
        struct report_row row = tui_trace_row(trace, app->flow, &hop);
        if (app->sort == 't') {
            rank.known = true;
            rank.value = (double)report_status(&row);
        } else {
            rank.known = report_column_value(app->sort, &row, &rank.value);
        }
        if (app->sort_reversed) {
            rank.value = -rank.value;
        }
    }
    return rank;
}

size_t tui_app_rows(const struct tui_app *app, uint8_t out[TUI_ROWS_MAX]) {
    struct rank ranks[TUI_ROWS_MAX];
    uint8_t first;
    uint8_t last;
    size_t n = 0;

    tui_trace_ttls(tui_app_trace(app), app->flow, &first, &last);
    for (unsigned ttl = first; last > 0 && ttl <= last; ttl++) {
        ranks[n] = app->sort == 0 ? (struct rank){.ttl = (uint8_t)ttl} : rank_of(app, (uint8_t)ttl);
        n++;
    }
    if (app->sort != 0) {
        qsort(ranks, n, sizeof(ranks[0]), compare);
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = ranks[app->sort == 0 && app->sort_reversed ? n - 1 - i : i].ttl;
    }
    return n;
}

uint8_t tui_app_marked_ttl(const struct tui_app *app) {
    return app->selected_ttl != 0 ? app->selected_ttl
                                  : tui_trace_round_ttl(tui_app_trace(app), app->flow);
}

/* Keys. */

/* On the page that is up. */
static bool search(struct tui_app *app) {
    return app->body == TUI_BODY_OVERVIEW ? tui_overview_search(app)
           : app->body == TUI_BODY_EVENTS ? tui_events_search(app)
                                          : tui_host_search(app);
}

static void prompt_done(struct tui_app *app) {
    enum tui_prompt prompt = app->prompt;

    app->prompt = TUI_PROMPT_NONE;
    if (prompt == TUI_PROMPT_SAVE) {
        tui_output_save(app);
        return;
    }
    bool found = prompt == TUI_PROMPT_TTL ? tui_host_go_to(app) : search(app);
    if (!found) {
        tui_app_say(app, tui_app_text(app, TUI_T_NO_MATCH));
    }
}

static void prompt_type(struct tui_app *app, uint32_t c) {
    char text[5];
    size_t n = tui_utf8(c, text);
    size_t len = strlen(app->input);

    if (len + n < sizeof(app->input)) {
        memcpy(app->input + len, text, n + 1);
    }
}

static void prompt_erase(struct tui_app *app) {
    size_t len = strlen(app->input);

    while (len > 0 && ((unsigned char)app->input[len - 1] & 0xc0) == 0x80) {
        len--; /* the rest of one character */
    }
    app->input[len == 0 ? 0 : len - 1] = '\0';
}

/* While something is typed, keys are letters. */
static void prompt_key(struct tui_app *app, const struct tui_key *key) {
    uint32_t c = tui_key_typed(key);

    if (app->prompt == TUI_PROMPT_SAVE && tui_output_choose(app, key)) {
        app->dirty = true;
        return;
    }
    if (c != 0) {
        prompt_type(app, c);
    } else if (key->code == TUI_KEY_BACKSPACE ||
               (key->code == TUI_KEY_CHAR && key->ch == 'h' && key->modifiers == TUI_CTRL)) {
        prompt_erase(app);
    } else if (key->code == TUI_KEY_ENTER) {
        prompt_done(app);
    } else if (key->code == TUI_KEY_ESC) {
        app->prompt = TUI_PROMPT_NONE;
    }
    app->dirty = true;
}

void tui_app_key(struct tui_app *app, const struct tui_key *key) {
    enum tui_command command = tui_command_of(app->options.bindings, key);
    bool always = command == TUI_CMD_INTERRUPT || command == TUI_CMD_QUIT_PRESERVE ||
                  command == TUI_CMD_SUSPEND || command == TUI_CMD_REDRAW;

    if (app->prompt != TUI_PROMPT_NONE && (!always || tui_key_typed(key) != 0)) {
        prompt_key(app, key);
    } else if (command != TUI_CMD_NONE) {
        tui_app_command(app, command);
    }
}

/* Mouse. */

static bool too_small(int columns, int rows) {
    return columns < 40 || rows < 10;
}

static void click(struct tui_app *app, const struct tui_view *view, struct tui_rect rect, int x,
                  int y) {
    if (view != NULL && view->click != NULL && tui_rect_has(rect, x, y)) {
        view->click(app, rect, x, y);
        app->dirty = true;
    }
}

void tui_app_mouse(struct tui_app *app, enum tui_mouse_kind kind, int x, int y) {
    const struct tui_view *dialog = tui_view_dialog(app->dialog);

    if (too_small(app->columns, app->rows)) {
        return; /* there is nothing to point at */
    }
    if (kind != TUI_MOUSE_PRESS) {
        tui_app_command(app, kind == TUI_MOUSE_WHEEL_UP ? TUI_CMD_PREVIOUS_HOP : TUI_CMD_NEXT_HOP);
    } else if (dialog != NULL) {
        click(app, dialog, tui_layout_dialog(app->columns, app->rows), x, y);
    } else {
        click(app, &tui_view_header, app->layout.header, x, y);
        click(app, &tui_view_tabs, app->layout.tabs, x, y);
        click(app, &tui_view_flows, app->layout.flows, x, y);
        click(app, tui_view_current_body(app), app->layout.body, x, y);
        click(app, &tui_view_info, app->layout.info, x, y);
    }
}

/* Events. */

static void note_error(struct tui_trace *trace, const struct hops_event_failure *failure) {
    trace->failed = true;
    (void)snprintf(trace->error, sizeof(trace->error), "%s: %s", hops_call_name(failure->call),
                   strerror(failure->os_errno));
}

/* Recordings hold any time: what lies beyond the range is its end. */
static int64_t wall_of(const struct tui_app *app, hops_ns time) {
    hops_ns known = app->is_recorded ? app->recorded.time : app->now;
    int64_t wall = app->is_recorded ? app->recorded.wall_ns : app->wall_ns;
    hops_ns since;

    if (__builtin_sub_overflow(time, known, &since) || __builtin_add_overflow(wall, since, &wall)) {
        return time < known ? INT64_MIN : INT64_MAX;
    }
    return wall;
}

void tui_app_event(struct tui_app *app, const struct hops_event *event) {
    struct tui_trace *trace;

    if (event->trace >= app->trace_count) {
        return;
    }
    trace = &app->traces[event->trace];
    app->dirty |= tui_journal_event(app->journal, event, wall_of(app, event->time));
    switch (event->kind) {
    case HOPS_EVENT_SENT:
        trace->sent++;
        return; /* the round shows when it is complete */
    case HOPS_EVENT_REPLY:
        app->dirty |= event->u.reply.late;
        return;
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_FAILED:
    case HOPS_EVENT_SETTLED:
    case HOPS_EVENT_PATH:
        return;
    case HOPS_EVENT_ERROR:
        note_error(trace, &event->u.failure);
        break;
    case HOPS_EVENT_END:
        trace->ended = true;
        break;
    case HOPS_EVENT_ROUND:
        break;
    }
    app->dirty = true;
}

void tui_app_names_changed(struct tui_app *app) {
    app->dirty = true;
}

/* Time. */

void tui_app_tick(struct tui_app *app, hops_ns now, int64_t wall_ns) {
    if (app->wall_ns / HOPS_SEC != wall_ns / HOPS_SEC) {
        app->dirty = true; /* the clock */
    }
    if (app->message[0] != '\0' && now >= app->message_until) {
        app->message[0] = '\0';
        app->dirty = true;
    }
    if (!app->is_recorded) { /* else the time is not ours */
        app->dirty |= tui_journal_tick(app->journal, now, wall_ns);
    }
    app->now = now;
    app->wall_ns = wall_ns;
}

hops_ns tui_app_deadline(const struct tui_app *app) {
    hops_ns clock = app->now + (HOPS_SEC - app->wall_ns % HOPS_SEC);

    return app->message[0] != '\0' && app->message_until < clock ? app->message_until : clock;
}

bool tui_app_dirty(const struct tui_app *app) {
    return app->dirty;
}

/* Drawing. */

static void clamp(struct tui_app *app) {
    uint8_t first;
    uint8_t last;

    tui_trace_ttls(tui_app_trace(app), app->flow, &first, &last);
    if (app->selected_ttl > last || (app->selected_ttl != 0 && app->selected_ttl < first)) {
        app->selected_ttl = last;
    }
    if (app->selected_ttl == 0) {
        app->scroll = 0;
    }
}

static void draw_part(struct tui_app *app, struct tui_grid *grid, const struct tui_view *view,
                      struct tui_rect rect) {
    if (rect.w > 0 && rect.h > 0) {
        struct tui_rect before = tui_grid_clip(grid, rect);
        view->draw(app, grid, rect);
        tui_grid_unclip(grid, before);
    }
}

void tui_app_draw(struct tui_app *app, struct tui_grid *grid) {
    struct tui_rect all = {0, 0, grid->columns, grid->rows};
    const struct tui_view *dialog = tui_view_dialog(app->dialog);

    clamp(app);
    app->dirty = false;
    app->columns = grid->columns;
    app->rows = grid->rows;
    app->layout = tui_layout(grid->columns, grid->rows, app->trace_count > 1, app->flows);
    tui_grid_clear(grid);
    tui_grid_fill(grid, all, tui_app_style(app, TUI_TEXT, TUI_BG));
    if (too_small(grid->columns, grid->rows)) {
        tui_grid_centre(grid, 0, grid->rows / 2, grid->columns,
                        tui_app_style(app, TUI_TEXT, TUI_BG), tui_app_text(app, TUI_T_TOO_SMALL));
        return;
    }
    draw_part(app, grid, &tui_view_header, app->layout.header);
    draw_part(app, grid, &tui_view_tabs, app->layout.tabs);
    draw_part(app, grid, &tui_view_flows, app->layout.flows);
    draw_part(app, grid, tui_view_current_body(app), app->layout.body);
    draw_part(app, grid, &tui_view_history, app->layout.history);
    draw_part(app, grid, &tui_view_frequency, app->layout.frequency);
    draw_part(app, grid, &tui_view_info, app->layout.info);
    if ((app->prompt != TUI_PROMPT_NONE || app->message[0] != '\0') && app->layout.info.h == 0) {
        draw_part(app, grid, &tui_view_info, (struct tui_rect){0, grid->rows - 1, all.w, 1});
    }
    if (dialog != NULL) {
        draw_part(app, grid, dialog, tui_layout_dialog(grid->columns, grid->rows));
    }
}
