/* SPDX-License-Identifier: MIT
 *
 * The head of the screen: who traces whom, how it goes, the clock, and what keys to begin with.
 */
#include "tui/format.h"
#include "tui/line.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

/* Key hints. */

static const struct {
    enum tui_command command;
    enum tui_text_id text;
} hints[] = {{TUI_CMD_HELP, TUI_T_HEADER_HELP},
             {TUI_CMD_SETTINGS, TUI_T_HEADER_SETTINGS},
             {TUI_CMD_QUIT, TUI_T_HEADER_QUIT}};

enum { HINTS = sizeof(hints) / sizeof(hints[0]) };

/* Draws a hint, or (grid NULL) only tells its width. */
static int draw_hint(const struct tui_app *app, struct tui_grid *grid, int x, int y, size_t i) {
    struct tui_style plain = tui_app_style(app, TUI_TEXT, TUI_BG);
    struct tui_style bold = plain;
    const char *word = tui_app_text(app, hints[i].text);
    char key[TUI_KEY_TEXT];
    size_t n = strlen(tui_app_key_text(app, hints[i].command, key));
    bool begins = strncmp(word, key, n) == 0;
    int used = 0;

    bold.attrs |= TUI_BOLD;
    if (grid == NULL) {
        return tui_text_width(word) + (begins ? 0 : tui_text_width(key) + 2);
    }
    if (!begins) {
        used += tui_grid_text(grid, x, y, plain, "[");
    }
    used += tui_grid_text(grid, x + used, y, bold, key);
    if (!begins) {
        used += tui_grid_text(grid, x + used, y, plain, "]");
    }
    return used + tui_grid_text(grid, x + used, y, plain, begins ? word + n : word);
}

static int hints_width(const struct tui_app *app) {
    int w = HINTS - 1;

    for (size_t i = 0; i < HINTS; i++) {
        w += draw_hint(app, NULL, 0, 0, i);
    }
    return w;
}

static void draw_hints(const struct tui_app *app, struct tui_grid *grid, int right, int y) {
    int x = right - hints_width(app);

    for (size_t i = 0; i < HINTS; i++) {
        x += draw_hint(app, grid, x, y, i) + 1;
    }
}

/* Source and destination. */

static void add_source(const struct tui_app *app, struct tui_line *out) {
    const struct hops_config *config = &tui_app_trace(app)->config;
    bool ours =
        config->direction == HOPS_PORTS_FIXED_SOURCE || config->direction == HOPS_PORTS_FIXED_BOTH;
    int port = config->direction == HOPS_PORTS_NONE ? 0 : ours ? config->source_port : -1;
    char text[TUI_FORMAT_MAX];

    if (app->options.privacy >= 0) {
        tui_line_format(out, "**%s**", tui_app_text(app, TUI_T_HIDDEN));
        return;
    }
    if (config->source.family == HOPS_FAMILY_NONE) {
        tui_line_add(out, tui_app_text(app, TUI_T_UNKNOWN));
        return;
    }
    tui_line_add(out, tui_format_endpoint(&config->source, port, text));
    struct tui_name name = tui_name_of(&app->sources, &config->source);
    if (name.state == TUI_LOOKUP_FOUND && name.first != NULL && name.first[0] != '\0') {
        tui_line_format(out, " (%s)", name.first);
    }
}

static void add_target_name(const struct tui_app *app, struct tui_line *out) {
    const struct tui_trace *trace = tui_app_trace(app);
    char addr[HOPS_ADDR_TEXT_MAX];
    struct hops_addr typed;
    struct tui_name name;

    if (!hops_addr_parse(trace->name, &typed)) {
        if (trace->name[0] != '\0') {
            tui_line_format(out, " (%s)", trace->name);
        }
        return;
    }
    name = tui_name_of(&app->sources, &trace->config.target);
    if (name.state == TUI_LOOKUP_FOUND && name.first != NULL && name.first[0] != '\0' &&
        strcmp(name.first, hops_addr_format(&trace->config.target, addr)) != 0) {
        tui_line_format(out, " (%s)", name.first);
    }
}

static void add_target(const struct tui_app *app, struct tui_line *out) {
    const struct hops_config *config = &tui_app_trace(app)->config;
    bool ours =
        config->direction == HOPS_PORTS_FIXED_TARGET || config->direction == HOPS_PORTS_FIXED_BOTH;
    int port = config->direction == HOPS_PORTS_NONE ? 0 : ours ? config->target_port : -1;
    char text[TUI_FORMAT_MAX];

    if (tui_app_hides_target(app, app->trace)) {
        tui_line_format(out, "**%s**", tui_app_text(app, TUI_T_HIDDEN));
        return;
    }
    tui_line_add(out, tui_format_endpoint(&config->target, port, text));
    add_target_name(app, out);
}

/* The state. */

static void add_failures(const struct tui_app *app, struct tui_line *out) {
    const struct tui_trace *trace = tui_app_trace(app);
    uint8_t rows[TUI_ROWS_MAX];
    size_t count = tui_app_rows(app, rows);
    uint64_t failed = 0;
    uint64_t sent = 0;
    char numbers[3][24];
    char text[256];

    for (size_t i = 0; i < count; i++) {
        struct hops_hop hop;
        if (tui_trace_hop(trace, app->flow, rows[i], &hop)) {
            failed += hop.failed;
            sent += hop.sent;
        }
    }
    if (failed == 0 || sent == 0) {
        return;
    }
    (void)snprintf(numbers[0], sizeof(numbers[0]), "%llu", (unsigned long long)failed);
    (void)snprintf(numbers[1], sizeof(numbers[1]), "%llu", (unsigned long long)sent);
    (void)snprintf(numbers[2], sizeof(numbers[2]), "%.1f", 100.0 * (double)failed / (double)sent);
    tui_text_fill(tui_app_text(app, TUI_T_STATUS_FAILURES),
                  (const struct tui_pair[]){{"failure_count", numbers[0]},
                                            {"total_probes", numbers[1]},
                                            {"failure_rate", numbers[2]},
                                            {NULL, NULL}},
                  text, sizeof(text));
    tui_line_format(out, " [%s❗]", text);
}

static void add_state(const struct tui_app *app, struct tui_line *out) {
    const struct tui_trace *trace = tui_app_trace(app);
    char text[TUI_FORMAT_MAX];

    if (trace->failed) {
        tui_line_add(out, tui_app_text(app, TUI_T_STATUS_FAILED));
        return;
    }
    if (app->frozen) {
        hops_ns since = (app->now - app->frozen_since) / HOPS_SEC * HOPS_SEC;
        tui_line_format(out, "%s (%s)", tui_app_text(app, TUI_T_STATUS_FROZEN),
                        tui_format_duration(since, text));
    } else if (trace->ended) {
        tui_line_add(out, tui_app_text(app, TUI_T_STATUS_ENDED));
    } else {
        tui_line_add(out,
                     tui_app_text(app, app->paused ? TUI_T_STATUS_PAUSED : TUI_T_STATUS_RUNNING));
    }
    add_failures(app, out);
}

static void add_discovered(const struct tui_app *app, struct tui_line *out) {
    const struct tui_trace *trace = tui_app_trace(app);
    size_t flow_count = tui_trace_flow_count(trace);
    bool flows = trace->max_flows > 1;
    char hops[24];
    char count[24];
    char text[256];

    (void)snprintf(hops, sizeof(hops), "%zu", tui_trace_hop_count(trace, app->flow));
    (void)snprintf(count, sizeof(count), "%zu", flow_count);
    tui_text_fill(
        tui_app_text(app, flows ? TUI_T_DISCOVERED_FLOWS : TUI_T_DISCOVERED),
        (const struct tui_pair[]){
            {"hop_count", hops},
            {"flow_count", count},
            {"plural_flows", tui_app_text(app, flow_count == 1 ? TUI_T_FLOW : TUI_T_FLOWS)},
            {NULL, NULL}},
        text, sizeof(text));
    tui_line_format(out, ", %s", text);
}

static void status_text(const struct tui_app *app, struct tui_line *out) {
    tui_line_clear(out);
    add_state(app, out);
    add_discovered(app, out);
}

static bool hints_fit(const struct tui_app *app, const struct tui_line *status, int w) {
    int used = tui_text_width(tui_app_text(app, TUI_T_STATUS)) + 2 + tui_text_width(status->text);

    return used + 1 + hints_width(app) <= w;
}

/* "Target: " in bold and the rest; returns the width. */
static int draw_left(const struct tui_app *app, struct tui_grid *grid, struct tui_rect inside,
                     int y, enum tui_text_id label, const char *text) {
    struct tui_style plain = tui_app_style(app, TUI_TEXT, TUI_BG);
    struct tui_style bold = plain;
    int used;

    bold.attrs |= TUI_BOLD;
    used = tui_grid_text_in(grid, inside.x, y, inside.w, bold, tui_app_text(app, label));
    used += tui_grid_text_in(grid, inside.x + used, y, inside.w - used, bold, ": ");
    return used + tui_grid_text_in(grid, inside.x + used, y, inside.w - used, plain, text);
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_style plain = tui_app_style(app, TUI_TEXT, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    int64_t seconds = app->wall_ns / HOPS_SEC;
    char clock[TUI_FORMAT_MAX];
    struct tui_line line;

    tui_line_clear(&line);
    tui_line_format(&line, "%s v%s", tui_app_text(app, TUI_T_APP_NAME), app->options.version);
    tui_grid_title_centre(grid, rect, border, line.text);
    struct tui_rect before = tui_grid_clip(grid, inside);
    tui_line_clear(&line);
    add_source(app, &line);
    tui_line_add(&line, " -> ");
    add_target(app, &line);
    int used = draw_left(app, grid, inside, inside.y, TUI_T_TARGET, line.text);
    tui_format_clock(seconds, tui_app_utc_offset(app, seconds), clock);
    int w = tui_text_width(clock);
    if (used + 1 + w <= inside.w) { /* two texts in one place would be none */
        tui_grid_text(grid, inside.x + inside.w - w, inside.y, plain, clock);
    }
    status_text(app, &line);
    (void)draw_left(app, grid, inside, inside.y + 1, TUI_T_STATUS, line.text);
    if (hints_fit(app, &line, inside.w)) {
        draw_hints(app, grid, inside.x + inside.w, inside.y + 1);
    }
    tui_grid_unclip(grid, before);
}

static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    int at = rect.x + rect.w - 1 - hints_width(app);
    struct tui_line status;

    status_text(app, &status);
    bool there = y == rect.y + 2 && hints_fit(app, &status, rect.w - 2);
    for (size_t i = 0; i < HINTS && there; i++) {
        int w = draw_hint(app, NULL, 0, 0, i);
        if (x >= at && x < at + w) {
            tui_app_command(app, hints[i].command);
            return;
        }
        at += w + 1;
    }
}

const struct tui_view tui_view_header = {.draw = draw, .click = click};
