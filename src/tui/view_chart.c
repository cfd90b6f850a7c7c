/* SPDX-License-Identifier: MIT
 *
 * The chart of all hops: a curve for each, newest sample on the left. A lost probe leaves a gap.
 * The curve of the marked hop is drawn last, so that no other hides it, and in bold (or, in ASCII,
 * with a character of its own), so that it stands out without colour.
 */
#include "tui/canvas.h"
#include "tui/format.h"
#include "tui/line.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>

enum pen { PEN_OTHER, PEN_MARKED };

enum { DEFAULT_SAMPLES = 256, LEAST_SAMPLES = 2, TITLE_ROWS = 2 };

struct series {
    size_t count;
    uint8_t ttl[TUI_ROWS_MAX]; /* in order of the path */
    size_t span;               /* samples of each that are looked at, at most */
    double max;                /* highest, in milliseconds */
};

struct areas {
    struct tui_rect all, plot, legend;
    int label_width;
};

/* Series. */

static bool answered(uint32_t us) {
    return us != HOPS_SAMPLE_LOST && us != HOPS_SAMPLE_FAILED;
}

static size_t sample_count(const struct tui_app *app, const struct series *series, uint8_t ttl) {
    struct hops_hop hop;

    if (!tui_trace_hop(tui_app_trace(app), app->flow, ttl, &hop)) {
        return 0;
    }
    return hop.sample_count < series->span ? hop.sample_count : series->span;
}

static void find_max(const struct tui_app *app, struct series *series) {
    uint32_t max = 0;

    for (size_t i = 0; i < series->count; i++) {
        uint8_t ttl = series->ttl[i];
        size_t count = app->chart_hidden[ttl] ? 0 : sample_count(app, series, ttl);
        for (size_t n = 0; n < count; n++) {
            uint32_t us = tui_trace_sample(tui_app_trace(app), app->flow, ttl, n);
            max = answered(us) && us > max ? us : max;
        }
    }
    series->max = max / 1000.0;
}

static void choose_series(const struct tui_app *app, struct series *series) {
    size_t kept = tui_app_trace(app)->max_samples;
    uint8_t first;
    uint8_t last;

    *series = (struct series){.span = (kept == 0 ? DEFAULT_SAMPLES : kept) / app->zoom};
    if (series->span < LEAST_SAMPLES) {
        series->span = LEAST_SAMPLES;
    }
    tui_trace_ttls(tui_app_trace(app), app->flow, &first, &last);
    for (unsigned ttl = first; last > 0 && ttl <= last; ttl++) {
        series->ttl[series->count++] = (uint8_t)ttl;
    }
    find_max(app, series);
}

static void draw_series(const struct tui_app *app, struct tui_canvas *canvas,
                        const struct series *series, uint8_t ttl, enum pen pen) {
    size_t count = app->chart_hidden[ttl] ? 0 : sample_count(app, series, ttl);
    double before = 0.0;
    bool joined = false;

    for (size_t i = 0; i < count; i++) {
        uint32_t us = tui_trace_sample(tui_app_trace(app), app->flow, ttl, i);
        double ms = us / 1000.0;
        if (answered(us) && joined) {
            tui_canvas_line(canvas, (double)i - 1.0, before, (double)i, ms, (uint8_t)pen);
        } else if (answered(us)) {
            tui_canvas_dot(canvas, (double)i, ms, (uint8_t)pen);
        }
        joined = answered(us);
        before = ms;
    }
}

static void draw_plot(const struct tui_app *app, struct tui_grid *grid, struct tui_rect plot,
                      const struct series *series) {
    struct tui_pen pens[TUI_PENS_MAX] = {
        [PEN_OTHER] = {.style = tui_app_style(app, TUI_CHART_UNSELECTED, TUI_BG)},
        [PEN_MARKED] = {.style = tui_app_style(app, TUI_CHART_SELECTED, TUI_BG), .ascii = '*'},
    };
    struct tui_canvas_bounds bounds = {.right = (double)series->span,
                                       .top = series->max > 0.0 ? series->max : 1.0};
    uint8_t marked = tui_app_marked_ttl(app);
    struct tui_canvas canvas;

    pens[PEN_MARKED].style.attrs |= TUI_BOLD;
    if (!tui_canvas_init(&canvas, plot.w, plot.h, grid->ascii, bounds)) {
        return;
    }
    for (size_t i = 0; i < series->count; i++) {
        if (series->ttl[i] != marked) {
            draw_series(app, &canvas, series, series->ttl[i], PEN_OTHER);
        }
    }
    draw_series(app, &canvas, series, marked, PEN_MARKED);
    tui_canvas_draw(&canvas, grid, plot.x, plot.y, pens);
    tui_canvas_done(&canvas);
}

/* Axes. */

static void draw_y_axis(const struct tui_app *app, struct tui_grid *grid, const struct areas *areas,
                        const struct series *series) {
    struct tui_style style = tui_app_style(app, TUI_CHART_AXIS, TUI_BG);
    const struct tui_rect *plot = &areas->plot;
    int bottom = plot->y + plot->h - 1;

    for (int y = plot->y; y <= bottom; y++) {
        tui_grid_text(grid, plot->x - 1, y, style, "│");
    }
    tui_grid_text(grid, plot->x - 1, bottom + 1, style, "└");
    for (int i = 0; i < 3; i++) {
        char label[32];
        (void)snprintf(label, sizeof(label), "%.1f", series->max * i / 2.0);
        tui_grid_text_in(grid, areas->all.x, bottom - i * (plot->h - 1) / 2, areas->label_width,
                         style, label);
    }
}

static void draw_x_axis(const struct tui_app *app, struct tui_grid *grid, const struct areas *areas,
                        const struct series *series) {
    struct tui_style style = tui_app_style(app, TUI_CHART_AXIS, TUI_BG);
    const struct tui_rect *plot = &areas->plot;
    int y = plot->y + plot->h;
    char label[48];

    for (int x = plot->x; x < plot->x + plot->w; x++) {
        tui_grid_text(grid, x, y, style, "─");
    }
    (void)snprintf(label, sizeof(label), "%zu (%ux)", series->span, app->zoom);
    tui_grid_text(grid, plot->x - 1, y + 1, style, "0");
    if (tui_text_width(label) < plot->w) {
        tui_grid_text(grid, plot->x + plot->w - tui_text_width(label), y + 1, style, label);
    }
}

/* What is drawn along the axes, and in which unit. How long the samples took to come is known where
 * rounds have a least duration, which they keep as a rule. */
static void draw_titles(const struct tui_app *app, struct tui_grid *grid, struct tui_rect plot,
                        const struct series *series) {
    hops_ns round = tui_app_trace(app)->config.min_round;
    struct tui_style style = tui_app_style(app, TUI_TEXT, TUI_BG);
    struct tui_line line;
    char time[TUI_FORMAT_MAX];

    if (plot.h <= TITLE_ROWS) {
        return;
    }
    tui_line_clear(&line);
    tui_line_format(&line, "%s (ms)", tui_app_text(app, TUI_T_RTT));
    tui_grid_text_in(grid, plot.x, plot.y, plot.w, style, line.text);
    tui_line_clear(&line);
    tui_line_add(&line, tui_app_text(app, TUI_T_SAMPLES));
    if (round > 0 && round < INT64_MAX / (hops_ns)series->span) {
        tui_line_format(&line, " (%s)", tui_format_duration((hops_ns)series->span * round, time));
    }
    int w = tui_text_width(line.text);
    if (w <= plot.w) {
        tui_grid_text(grid, plot.x + plot.w - w, plot.y + plot.h - 1, style, line.text);
    }
}

/* Legend. */

static void add_entry(const struct tui_app *app, uint8_t ttl, struct tui_line *out) {
    tui_line_clear(out);
    tui_line_format(out, "%s %u%s", tui_app_text(app, TUI_T_HOP), ttl,
                    app->chart_hidden[ttl] ? " ×" : "");
}

static struct tui_rect place_legend(const struct tui_app *app, const struct series *series,
                                    struct tui_rect plot) {
    struct tui_rect legend = {.h = (int)series->count + 2};
    struct tui_line line;

    for (size_t i = 0; i < series->count; i++) {
        add_entry(app, series->ttl[i], &line);
        int w = tui_text_width(line.text) + 2;
        legend.w = w > legend.w ? w : legend.w;
    }
    if (legend.w > plot.w || legend.h > plot.h - TITLE_ROWS) {
        return (struct tui_rect){0};
    }
    legend.x = plot.x + plot.w - legend.w;
    legend.y = plot.y;
    return legend;
}

static void draw_legend(const struct tui_app *app, struct tui_grid *grid, struct tui_rect legend,
                        const struct series *series) {
    struct tui_style frame = tui_app_style(app, TUI_TEXT, TUI_BG);
    uint8_t marked = tui_app_marked_ttl(app);
    struct tui_rect inside;

    if (legend.w == 0) {
        return;
    }
    inside = tui_grid_frame(grid, legend, TUI_BOX_SQUARE, frame);
    for (size_t i = 0; i < series->count; i++) {
        uint8_t ttl = series->ttl[i];
        struct tui_style style =
            tui_app_style(app, ttl == marked ? TUI_CHART_SELECTED : TUI_CHART_UNSELECTED, TUI_BG);
        struct tui_line line;
        style.attrs |= ttl == marked ? TUI_BOLD : 0;
        add_entry(app, ttl, &line);
        tui_grid_text_in(grid, inside.x, inside.y + (int)i, inside.w, style, line.text);
    }
}

/* All of it. */

static struct areas divide(const struct tui_app *app, const struct series *series,
                           struct tui_rect inside) {
    struct areas areas = {.all = inside};
    char label[32];
    int w = snprintf(label, sizeof(label), "%.1f", series->max);

    areas.label_width = w < inside.w / 3 ? w : inside.w / 3;
    areas.plot = (struct tui_rect){inside.x + areas.label_width + 1, inside.y,
                                   inside.w - areas.label_width - 1, inside.h - 2};
    areas.legend = place_legend(app, series, areas.plot);
    return areas;
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    struct tui_rect before;
    struct series series;
    struct areas areas;

    tui_grid_title(grid, rect, border, tui_app_text(app, TUI_T_TITLE_CHART));
    choose_series(app, &series);
    areas = divide(app, &series, inside);
    if (areas.plot.w < 1 || areas.plot.h < 1) {
        return;
    }
    before = tui_grid_clip(grid, inside);
    draw_y_axis(app, grid, &areas, &series);
    draw_x_axis(app, grid, &areas, &series);
    draw_plot(app, grid, areas.plot, &series);
    draw_titles(app, grid, areas.plot, &series);
    draw_legend(app, grid, areas.legend, &series);
    tui_grid_unclip(grid, before);
}

/* On the legend: the hop of that entry. */
static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    struct tui_rect inside = {rect.x + 1, rect.y + 1, rect.w - 2, rect.h - 2};
    struct series series;
    struct areas areas;

    choose_series(app, &series);
    areas = divide(app, &series, inside);
    int entry = y - areas.legend.y - 1;
    if (tui_rect_has(areas.legend, x, y) && entry >= 0 && (size_t)entry < series.count) {
        app->selected_ttl = series.ttl[entry];
        app->address = 0;
    }
}

const struct tui_view tui_view_chart = {.draw = draw, .click = click};
