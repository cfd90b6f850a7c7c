/* SPDX-License-Identifier: MIT
 *
 * The last samples of the marked hop, newest on the left, one cell each.
 */
#include "tui/spark.h"
#include "tui/view.h"

#include <stdio.h>

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    const struct tui_trace *trace = tui_app_trace(app);
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    uint8_t ttl = tui_app_marked_ttl(app);
    struct hops_hop hop = {0};
    uint32_t samples[TUI_SPARK_MAX];
    char title[128];

    (void)snprintf(title, sizeof(title), "%s #%u", tui_app_text(app, TUI_T_TITLE_SAMPLES), ttl);
    tui_grid_title(grid, rect, border, title);
    if (inside.w <= 0 || !tui_trace_hop(trace, app->flow, ttl, &hop)) {
        return;
    }
    size_t most = inside.w < TUI_SPARK_MAX ? (size_t)inside.w : TUI_SPARK_MAX;
    size_t count = hop.sample_count < most ? hop.sample_count : most;
    for (size_t i = 0; i < count; i++) {
        samples[i] = tui_trace_sample(trace, app->flow, ttl, i);
    }
    tui_spark_draw(grid, inside, samples, count, tui_app_style(app, TUI_SAMPLES, TUI_BG),
                   tui_app_style(app, TUI_SAMPLES_LOST, TUI_BG));
}

const struct tui_view tui_view_history = {.draw = draw};
