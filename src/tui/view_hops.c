/* SPDX-License-Identifier: MIT
 *
 * The table of hops: columns and their widths, rows of one line for each address shown, scrolling.
 */
#include "tui/host.h"
#include "tui/list.h"
#include "tui/view.h"

#include "report/columns.h"

#include <stdio.h>
#include <string.h>

enum {
    FULL_WIDTH = 100, /* from here on columns have their full widths */
    HOST_LEAST = 20,  /* below it, statistics are left out for the names' sake */
    NO_COLUMN = -1
};

struct columns {
    size_t count;
    int host; /* index, or NO_COLUMN */
    const struct report_column *column[TUI_COLUMNS_MAX];
    int min[TUI_COLUMNS_MAX], x[TUI_COLUMNS_MAX], w[TUI_COLUMNS_MAX];
};

struct rows {
    size_t count;
    uint8_t ttl[TUI_ROWS_MAX];
    int height[TUI_ROWS_MAX];
};

/* Columns. */

static int title_width(const struct tui_app *app, const struct report_column *column) {
    return tui_text_width(tui_app_column_title(app, column)) + (app->sort == column->code ? 1 : 0);
}

static int full_width(const struct tui_app *app, const struct report_column *column) {
    int title = title_width(app, column) + 2;

    return column->code == 'h' || column->min_width > title ? column->min_width : title;
}

/* As narrow as what stands in the column lets it be. */
static int compact_width(const struct tui_app *app, const struct report_column *column,
                         const struct rows *rows) {
    int w = title_width(app, column);
    int least = column->kind == REPORT_COLUMN_PERCENT ? 6
                : column->code == 'h'                 ? 3
                : column->code == 'A'                 ? 8
                : column->kind == REPORT_COLUMN_TEXT  ? 3
                                                      : 5;

    w = w > least ? w : least;
    for (size_t i = 0; i < rows->count && column->kind != REPORT_COLUMN_VIEW; i++) {
        char cell[REPORT_CELL_MAX];
        struct hops_hop hop;
        if (tui_trace_hop(tui_app_trace(app), app->flow, rows->ttl[i], &hop)) {
            struct report_row row = tui_trace_row(tui_app_trace(app), app->flow, &hop);
            int n = tui_text_width(report_column_text(column, &row, cell));
            w = n > w ? n : w;
        }
    }
    return w;
}

static void remove_column(struct columns *c, size_t i) {
    for (; i + 1 < c->count; i++) {
        c->column[i] = c->column[i + 1];
        c->min[i] = c->min[i + 1];
    }
    c->count--;
}

/* The right-most column that is neither the number, the name nor the status of a hop. */
static int least_needed(const struct columns *c) {
    for (size_t i = c->count; i-- > 0;) {
        if (strchr("hot", c->column[i]->code) == NULL) {
            return (int)i;
        }
    }
    return NO_COLUMN;
}

static int find_host(const struct columns *c) {
    for (size_t i = 0; i < c->count; i++) {
        if (c->column[i]->code == 'o') {
            return (int)i;
        }
    }
    return NO_COLUMN;
}

/* Cells that are left for the names. */
static int host_room(const struct columns *c, int w) {
    int room = w - 2 - ((int)c->count - 1);

    for (size_t i = 0; i < c->count; i++) {
        room -= (int)i == c->host ? 0 : c->min[i];
    }
    return room;
}

static void choose_columns(const struct tui_app *app, const struct rows *rows, int w,
                           struct columns *c) {
    bool full = w >= FULL_WIDTH;

    c->count = 0;
    for (const char *code = app->options.columns; *code != '\0'; code++) {
        const struct report_column *column = report_column_find(*code);
        if (column != NULL && c->count < TUI_COLUMNS_MAX) {
            c->min[c->count] = full ? full_width(app, column) : compact_width(app, column, rows);
            c->column[c->count++] = column;
        }
    }
    c->host = find_host(c);
    while (!full && c->host != NO_COLUMN && host_room(c, w) < HOST_LEAST &&
           least_needed(c) != NO_COLUMN) {
        remove_column(c, (size_t)least_needed(c));
        c->host = find_host(c);
    }
    if (full || c->host == NO_COLUMN) {
        tui_layout_columns(w, c->count, c->host, c->min, c->x, c->w);
        return;
    }
    int x = 0;
    int room = host_room(c, w);
    for (size_t i = 0; i < c->count; i++) {
        c->x[i] = x;
        c->w[i] = (int)i == c->host ? (room > 0 ? room : 0) : c->min[i];
        x += c->w[i] + 1;
    }
}

/* Rows. */

static void choose_rows(const struct tui_app *app, struct rows *rows) {
    rows->count = tui_app_rows(app, rows->ttl);
    for (size_t i = 0; i < rows->count; i++) {
        struct hops_hop hop;
        bool known = tui_trace_hop(tui_app_trace(app), app->flow, rows->ttl[i], &hop);
        rows->height[i] = known ? tui_host_height(app, &hop) : 1;
    }
}

/* Rows from `first` on that fit entirely into h lines. */
static size_t fitting(const struct rows *rows, size_t first, int h) {
    size_t n = 0;

    for (int used = 0; first + n < rows->count; n++) {
        used += rows->height[first + n];
        if (used > h) {
            break;
        }
    }
    return n;
}

static void scroll(struct tui_app *app, const struct rows *rows, int h) {
    size_t selected = 0;
    bool found = false;

    for (size_t i = 0; i < rows->count && app->selected_ttl != 0; i++) {
        if (rows->ttl[i] == app->selected_ttl) {
            selected = i;
            found = true;
        }
    }
    if (!found) {
        app->scroll = 0;
        return;
    }
    if (app->scroll > selected) {
        app->scroll = selected;
    }
    while (app->scroll < selected && app->scroll + fitting(rows, app->scroll, h) <= selected) {
        app->scroll++;
    }
}

/* Drawing. */

static struct tui_style row_style(const struct tui_app *app, uint8_t ttl) {
    bool active = ttl <= tui_trace_round_ttl(tui_app_trace(app), app->flow);

    if (ttl != app->selected_ttl) {
        return tui_app_style(app, active ? TUI_ROW_ACTIVE_TEXT : TUI_ROW_INACTIVE_TEXT, TUI_BG);
    }
    struct tui_style style =
        active ? tui_app_style(app, TUI_ROW_ACTIVE_SELECTED_TEXT, TUI_ROW_ACTIVE_SELECTED_BG)
               : tui_app_style(app, TUI_ROW_INACTIVE_SELECTED_TEXT, TUI_ROW_INACTIVE_SELECTED_BG);
    return style;
}

/* Marks are emoji with colours of their own; letters get theirs from us. */
static void draw_status(const struct tui_app *app, struct tui_grid *grid, int x, int y, int w,
                        struct tui_style style, const struct report_row *row) {
    const struct report_column *column = report_column_find('t');
    enum report_status status = report_status(row);
    char cell[REPORT_CELL_MAX];

    if (!app->options.status_letters && app->options.preset != TUI_PRESET_COLORBLIND &&
        !grid->ascii) {
        tui_grid_text_in(grid, x, y, w, style, report_column_text(column, row, cell));
        return;
    }
    if (row->hop->ttl != app->selected_ttl) {
        style.fg = app->options.theme.marks[status];
    }
    style.attrs |= TUI_BOLD;
    cell[0] = report_status_letter(status);
    cell[1] = '\0';
    tui_grid_text_in(grid, x, y, w, style, cell);
}

static void draw_head(const struct tui_app *app, struct tui_grid *grid, struct tui_rect inside,
                      const struct columns *c) {
    struct tui_style style = tui_app_style(app, TUI_HEADER_TEXT, TUI_HEADER_BG);

    tui_grid_fill(grid, (struct tui_rect){inside.x, inside.y, inside.w, 1}, style);
    for (size_t i = 0; i < c->count; i++) {
        int used = tui_grid_text_in(grid, inside.x + c->x[i], inside.y, c->w[i], style,
                                    tui_app_column_title(app, c->column[i]));
        if (app->sort == c->column[i]->code) {
            tui_grid_text_in(grid, inside.x + c->x[i] + used, inside.y, c->w[i] - used, style,
                             app->sort_reversed ? "▼" : "▲");
        }
    }
}

static void draw_view_cell(const struct tui_app *app, struct tui_grid *grid, struct tui_rect cell,
                           struct tui_style style, const struct hops_hop *hop, char code) {
    struct tui_line line;

    for (int n = 0; n < cell.h; n++) {
        if (code == 'o') {
            tui_host_line(app, hop, n, &line);
        } else {
            tui_host_as_line(app, hop, n, &line);
        }
        tui_grid_text_in(grid, cell.x, cell.y + n, cell.w, style, line.text);
    }
}

/* Details need more room than a name: their lines go on where other columns have nothing. */
static void draw_details(const struct tui_app *app, struct tui_grid *grid, struct tui_rect row,
                         int x, struct tui_style style, const struct hops_hop *hop) {
    struct tui_line line;

    for (int n = 1; n < row.h; n++) {
        tui_host_line(app, hop, n, &line);
        tui_grid_text_in(grid, x, row.y + n, row.x + row.w - x, style, line.text);
    }
}

static void draw_row(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                     const struct columns *c, uint8_t ttl) {
    struct tui_style style = row_style(app, ttl);
    struct hops_hop hop;

    tui_grid_fill(grid, rect, style);
    if (!tui_trace_hop(tui_app_trace(app), app->flow, ttl, &hop)) {
        return;
    }
    struct report_row row = tui_trace_row(tui_app_trace(app), app->flow, &hop);
    bool detailed = tui_host_detailed(app, &hop);
    for (size_t i = 0; i < c->count; i++) {
        char text[REPORT_CELL_MAX];
        struct tui_rect cell = {rect.x + c->x[i], rect.y, c->w[i], detailed ? 1 : rect.h};
        if (c->column[i]->kind == REPORT_COLUMN_VIEW) {
            draw_view_cell(app, grid, cell, style, &hop, c->column[i]->code);
            if (detailed && c->column[i]->code == 'o') {
                draw_details(app, grid, rect, cell.x, style, &hop);
            }
        } else if (c->column[i]->code == 't') {
            draw_status(app, grid, cell.x, cell.y, cell.w, style, &row);
        } else {
            tui_grid_text_in(grid, cell.x, cell.y, cell.w, style,
                             report_column_text(c->column[i], &row, text));
        }
    }
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    int bottom = inside.y + inside.h;
    int y = inside.y + 1;
    struct columns c = {.count = 0};
    struct rows rows;

    tui_grid_title(grid, rect, border, tui_app_text(app, TUI_T_TITLE_HOPS));
    choose_rows(app, &rows);
    choose_columns(app, &rows, rect.w, &c);
    scroll(app, &rows, inside.h - 1);
    size_t visible = fitting(&rows, app->scroll, inside.h - 1);
    tui_list_more(app, grid, rect, app->scroll > 0, app->scroll + visible < rows.count);
    struct tui_rect before = tui_grid_clip(grid, inside);
    draw_head(app, grid, inside, &c);
    for (size_t i = app->scroll; i < rows.count && y < bottom; i++) {
        struct tui_rect row = {inside.x, y, inside.w, rows.height[i]};
        draw_row(app, grid, row, &c, rows.ttl[i]);
        y += rows.height[i];
    }
    tui_grid_unclip(grid, before);
}

/* The rows by that column; a second time: the other way round. */
static void sort_by(struct tui_app *app, const struct rows *rows, struct tui_rect rect, int x) {
    struct columns c = {.count = 0};

    choose_columns(app, rows, rect.w, &c);
    for (size_t i = 0; i < c.count; i++) {
        int at = rect.x + 1 + c.x[i];
        char code = c.column[i]->code;
        if (x < at || x >= at + c.w[i] || (code != 'h' && !tui_host_sortable(code))) {
            continue;
        }
        char sort = code == 'h' ? '\0' : code; /* the path */
        app->sort_reversed = app->sort == sort && !app->sort_reversed;
        app->sort = sort;
    }
}

static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    struct rows rows;
    int at = rect.y + 2;

    choose_rows(app, &rows);
    if (y == rect.y + 1) {
        sort_by(app, &rows, rect, x);
        return;
    }
    for (size_t i = app->scroll; i < rows.count; i++) {
        if (y >= at && y < at + rows.height[i]) {
            app->selected_ttl = rows.ttl[i];
            app->address = 0;
            return;
        }
        at += rows.height[i];
    }
}

const struct tui_view tui_view_hops = {.draw = draw, .click = click};
