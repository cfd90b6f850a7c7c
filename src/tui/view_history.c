/* SPDX-License-Identifier: MIT
 *
 * The last samples of the marked hop, newest on the left, one cell each.
 */
#include "tui/bars.h"
#include "tui/view.h"

#include <stdio.h>

static bool lost(uint32_t us) {
    return us == HOPS_SAMPLE_LOST || us == HOPS_SAMPLE_FAILED;
}

static void draw_sample(struct tui_app *app, struct tui_grid *grid, struct tui_rect inside, int x,
                        uint32_t us, uint32_t max) {
    struct tui_style style = tui_app_style(app, lost(us) ? TUI_SAMPLES_LOST : TUI_SAMPLES, TUI_BG);
    uint64_t height = lost(us) ? (uint64_t)inside.h * 8
                               : (uint64_t)us * 8 * (uint64_t)inside.h / (max == 0 ? 1 : max);

    for (int row = inside.h - 1; row >= 0 && height > 0; row--) {
        unsigned here = height > 8 ? 8 : (unsigned)height;
        /* Without colour a loss must not look like a slow answer. */
        tui_grid_text(grid, x, inside.y + row, style,
                      lost(us) && grid->ascii ? "x" : tui_eighths(here));
        height -= here;
    }
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    const struct tui_trace *trace = tui_app_trace(app);
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    uint8_t ttl = tui_app_marked_ttl(app);
    struct hops_hop hop = {0};
    uint32_t max = 0;
    char title[128];

    (void)snprintf(title, sizeof(title), "%s #%u", tui_app_text(app, TUI_T_TITLE_SAMPLES), ttl);
    tui_grid_title(grid, rect, border, title);
    if (!tui_trace_hop(trace, app->flow, ttl, &hop)) {
        return;
    }
    size_t count = hop.sample_count < (size_t)inside.w ? hop.sample_count : (size_t)inside.w;
    for (size_t i = 0; i < count; i++) {
        uint32_t us = tui_trace_sample(trace, app->flow, ttl, i);
        max = !lost(us) && us > max ? us : max;
    }
    for (size_t i = 0; i < count; i++) {
        draw_sample(app, grid, inside, inside.x + (int)i,
                    tui_trace_sample(trace, app->flow, ttl, i), max);
    }
}

const struct tui_view tui_view_history = {.draw = draw};
