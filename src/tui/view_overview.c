/* SPDX-License-Identifier: MIT
 *
 * The page of all targets, one line each. The selected line is the target that the rest of the
 * screen shows, so there is no second selection to keep.
 */
#include "tui/view.h"
#include "tui/list.h"
#include "tui/output.h"
#include "tui/overview.h"
#include "tui/spark.h"

#include <stdio.h>
#include <string.h>

enum column { MARK, TARGET, HOPS, LOSS, LAST, MEAN, P90, SAMPLES, COLUMNS };

enum {
    TARGET_LEAST = 16, /* below it, figures are left out for the names' sake */
    SAMPLES_LEAST = 8
};

static const struct {
    enum tui_text_id title;
    int width;
} columns[COLUMNS] = {
    [MARK] = {TUI_T_COLUMN_STS, 4},  [TARGET] = {TUI_T_TARGET, TARGET_LEAST},
    [HOPS] = {TUI_T_TITLE_HOPS, 4},  [LOSS] = {TUI_T_COLUMN_LOSS_PCT, 6},
    [LAST] = {TUI_T_COLUMN_LAST, 6}, [MEAN] = {TUI_T_COLUMN_AVG, 6},
    [P90] = {TUI_T_COLUMN_P90, 6},   [SAMPLES] = {TUI_T_SAMPLES, SAMPLES_LEAST},
};

struct widths {
    int w[COLUMNS]; /* 0: left out */
};

/* Columns. */

static int widest_target(const struct tui_app *app) {
    int widest = TARGET_LEAST;

    for (size_t i = 0; i < app->trace_count; i++) {
        struct tui_line line;
        tui_line_clear(&line);
        tui_overview_target(app, i, &line);
        int w = tui_text_width(line.text);
        widest = w > widest ? w : widest;
    }
    return widest;
}

static struct widths choose_widths(const struct tui_app *app, int w) {
    static const enum column least_needed[] = {P90, MEAN, HOPS, LAST};
    struct widths out;
    int room = w;

    for (size_t i = 0; i < COLUMNS; i++) {
        int title = tui_text_width(tui_app_text(app, columns[i].title));
        out.w[i] = title > columns[i].width ? title : columns[i].width;
        room -= i == TARGET || i == SAMPLES ? 0 : out.w[i] + 1;
    }
    for (size_t i = 0; i < 4 && room < TARGET_LEAST; i++) {
        room += out.w[least_needed[i]] + 1;
        out.w[least_needed[i]] = 0;
    }
    int wanted = widest_target(app);
    int rest = room - wanted - 1;
    out.w[SAMPLES] = rest >= SAMPLES_LEAST ? rest : 0;
    out.w[TARGET] = out.w[SAMPLES] > 0 ? wanted : room > 0 ? room : 0;
    return out;
}

static void add_number(struct tui_line *out, bool known, double value, const char *unit) {
    if (known) {
        tui_line_format(out, "%.1f%s", value, unit);
    }
}

/* Text of a cell; "" for the samples. */
static void cell_text(const struct tui_app *app, size_t trace, enum column column,
                      struct tui_line *out) {
    const struct tui_summary *line = &app->overview->lines[trace];

    tui_line_clear(out);
    switch (column) {
    case MARK:
        tui_line_format(out, "%c", tui_health_letter(line->health));
        break;
    case TARGET:
        tui_overview_target(app, trace, out);
        break;
    case HOPS:
        tui_line_format(out, "%zu", line->hops);
        break;
    case LOSS:
        add_number(out, line->sent, line->loss, "%");
        break;
    case LAST:
        add_number(out, line->answered, line->last, "");
        break;
    case MEAN:
        add_number(out, line->answered, line->mean, "");
        break;
    case P90:
        add_number(out, line->p90_known, line->p90, "");
        break;
    case SAMPLES:
    case COLUMNS:
        break;
    }
}

/* Drawing. */

/* Whose colour a letter has. */
static const enum report_status statuses[TUI_HEALTHS] = {
    [TUI_HEALTH_FAILED] = REPORT_STATUS_SILENT_TARGET,
    [TUI_HEALTH_SILENT] = REPORT_STATUS_SILENT_TARGET,
    [TUI_HEALTH_LOSSY] = REPORT_STATUS_LOSSY_TARGET,
    [TUI_HEALTH_UNKNOWN] = REPORT_STATUS_SILENT,
    [TUI_HEALTH_GOOD] = REPORT_STATUS_GOOD};

static const char *const marks[TUI_HEALTHS] = {"🔴", "🔴", "🟡", "", "🟢"};

/* Mark and letter; the letter alone where marks are not wanted. */
static void draw_mark(const struct tui_app *app, struct tui_grid *grid, int x, int y,
                      struct tui_style style, size_t trace) {
    enum tui_health health = app->overview->lines[trace].health;
    char letter[] = {tui_health_letter(health), '\0'};
    bool letters =
        app->options.status_letters || grid->ascii || app->options.preset == TUI_PRESET_COLORBLIND;

    if (!letters) {
        tui_grid_text(grid, x, y, style, marks[health]);
    } else if (trace != app->trace) {
        style.fg = app->options.theme.marks[statuses[health]];
    }
    style.attrs |= TUI_BOLD;
    tui_grid_text(grid, x + (letters ? 0 : 2), y, style, letter);
}

static void draw_samples(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                         const struct tui_summary *line, struct tui_style style) {
    struct tui_style answered = tui_app_style(app, TUI_SAMPLES, TUI_BG);
    struct tui_style lost = tui_app_style(app, TUI_SAMPLES_LOST, TUI_BG);

    answered.bg = style.bg;
    lost.bg = style.bg;
    tui_spark_draw(grid, rect, line->samples, line->sample_count, answered, lost);
}

static void draw_line(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                      const struct widths *widths, size_t trace) {
    const struct tui_summary *line = &app->overview->lines[trace];
    bool selected = trace == app->trace;
    struct tui_style style =
        selected ? tui_app_style(app, TUI_ROW_ACTIVE_SELECTED_TEXT, TUI_ROW_ACTIVE_SELECTED_BG)
                 : tui_app_style(app, TUI_ROW_ACTIVE_TEXT, TUI_BG);
    int x = rect.x;

    tui_grid_fill(grid, rect, style);
    for (size_t i = 0; i < COLUMNS; i++) {
        struct tui_line text;
        if (widths->w[i] == 0) {
            continue;
        }
        if (i == MARK) {
            draw_mark(app, grid, x, rect.y, style, trace);
        } else if (i == SAMPLES) {
            draw_samples(app, grid, (struct tui_rect){x, rect.y, widths->w[i], 1}, line, style);
        } else {
            cell_text(app, trace, (enum column)i, &text);
            tui_grid_text_in(grid, x, rect.y, widths->w[i], style, text.text);
        }
        x += widths->w[i] + 1;
    }
}

static void draw_head(const struct tui_app *app, struct tui_grid *grid, struct tui_rect inside,
                      const struct widths *widths) {
    struct tui_style style = tui_app_style(app, TUI_HEADER_TEXT, TUI_HEADER_BG);
    const struct tui_overview *overview = app->overview;
    enum column sorted = overview->by_health ? MARK : TARGET;
    int x = inside.x;

    tui_grid_fill(grid, (struct tui_rect){inside.x, inside.y, inside.w, 1}, style);
    for (size_t i = 0; i < COLUMNS; i++) {
        if (widths->w[i] == 0) {
            continue;
        }
        int used = tui_grid_text_in(grid, x, inside.y, widths->w[i], style,
                                    tui_app_text(app, columns[i].title));
        if (i == sorted && (overview->by_health || overview->reversed)) {
            tui_grid_text_in(grid, x + used, inside.y, widths->w[i] - used, style,
                             overview->reversed ? "▼" : "▲");
        }
        x += widths->w[i] + 1;
    }
}

/* "X:1 !:0 ~:2 +:97" in the upper edge, for lists that are longer than the screen. */
static void draw_counts(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    size_t counts[TUI_HEALTHS] = {0};
    struct tui_line text;

    tui_line_clear(&text);
    for (size_t i = 0; i < app->trace_count; i++) {
        counts[app->overview->lines[i].health]++;
    }
    for (size_t i = 0; i < TUI_HEALTHS; i++) {
        if (counts[i] > 0) {
            tui_line_format(&text, " %c:%zu", tui_health_letter((enum tui_health)i), counts[i]);
        }
    }
    tui_line_add(&text, " ");
    int w = tui_text_width(text.text);
    tui_grid_text_in(grid, rect.x + rect.w - 1 - w, rect.y, w,
                     tui_app_style(app, TUI_BORDER, TUI_BG), text.text);
}

static size_t visible_lines(struct tui_rect rect) {
    return rect.h > 3 ? (size_t)(rect.h - 3) : 0;
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    struct tui_overview *overview = app->overview;
    size_t visible = visible_lines(rect);

    tui_overview_refresh(app);
    tui_grid_title(grid, rect, border, tui_app_text(app, TUI_T_TITLE_OVERVIEW));
    draw_counts(app, grid, rect);
    struct widths widths = choose_widths(app, inside.w);
    overview->scroll = tui_list_scroll(overview->scroll, tui_overview_place(overview, app->trace),
                                       overview->count, visible);
    tui_list_more(app, grid, rect, overview->scroll > 0,
                  overview->scroll + visible < overview->count);
    struct tui_rect before = tui_grid_clip(grid, inside);
    draw_head(app, grid, inside, &widths);
    for (size_t i = 0; i < visible && overview->scroll + i < overview->count; i++) {
        struct tui_rect line = {inside.x, inside.y + 1 + (int)i, inside.w, 1};
        draw_line(app, grid, line, &widths, overview->order[overview->scroll + i]);
    }
    tui_grid_unclip(grid, before);
}

/* Commands. */

static void copy_line(struct tui_app *app) {
    struct tui_line all;

    tui_line_clear(&all);
    for (size_t i = 0; i < SAMPLES; i++) {
        struct tui_line cell;
        cell_text(app, app->trace, (enum column)i, &cell);
        tui_line_format(&all, "%s%s", i == 0 ? "" : "\t", cell.text);
    }
    tui_output_copy(app, all.text);
}

static void copy_address(struct tui_app *app) {
    char text[HOPS_ADDR_TEXT_MAX];
    struct tui_line name;

    tui_line_clear(&name);
    tui_app_target_text(app, app->trace, &name);
    bool hidden = tui_app_hides_target(app, app->trace);
    tui_output_copy(app, hidden ? name.text
                                : hops_addr_format(&tui_app_trace(app)->config.target, text));
}

static bool command(struct tui_app *app, enum tui_command command) {
    struct tui_overview *overview = app->overview;
    size_t to;

    tui_overview_refresh(app); /* what happened since it was drawn */
    if (tui_list_step(command, tui_overview_place(overview, app->trace), overview->count,
                      visible_lines(app->layout.body), &to)) {
        tui_app_go_to_trace(app, overview->order[to]);
    } else if (command == TUI_CMD_OPEN) {
        app->body = TUI_BODY_HOPS;
    } else if (command == TUI_CMD_SORT_NEXT || command == TUI_CMD_SORT_PREVIOUS) {
        overview->by_health = !overview->by_health;
    } else if (command == TUI_CMD_SORT_REVERSE) {
        overview->reversed = !overview->reversed;
    } else if (command == TUI_CMD_COPY_ROW) {
        copy_line(app);
    } else if (command == TUI_CMD_COPY_ADDRESS) {
        copy_address(app);
    } else {
        return false;
    }
    tui_overview_refresh(app);
    return true;
}

static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    int line = y - rect.y - 2;

    (void)x;
    if (line == -1) {
        (void)command(app, TUI_CMD_SORT_NEXT);
    } else if (line >= 0 && (size_t)line < visible_lines(rect) &&
               app->overview->scroll + (size_t)line < app->overview->count) {
        tui_app_go_to_trace(app, app->overview->order[app->overview->scroll + (size_t)line]);
        app->body = TUI_BODY_HOPS;
    }
}

const struct tui_view tui_view_overview = {.draw = draw, .command = command, .click = click};
