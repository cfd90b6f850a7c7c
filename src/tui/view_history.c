/* SPDX-License-Identifier: MIT
 *
 * The last samples of the marked hop, newest on the left, one cell each.
 */
#include "tui/line.h"
#include "tui/spark.h"
#include "tui/view.h"

/* Least and most of what was answered, for the curve has no axis: "Samples #5 (9.1 - 14.7 ms)". */
static void add_range(const uint32_t *samples, size_t count, struct tui_line *out) {
    uint32_t min = UINT32_MAX;
    uint32_t max = 0;

    for (size_t i = 0; i < count; i++) {
        if (samples[i] != HOPS_SAMPLE_LOST && samples[i] != HOPS_SAMPLE_FAILED) {
            min = samples[i] < min ? samples[i] : min;
            max = samples[i] > max ? samples[i] : max;
        }
    }
    if (min <= max) {
        tui_line_format(out, " (%.1f - %.1f ms)", min / 1000.0, max / 1000.0);
    }
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    const struct tui_trace *trace = tui_app_trace(app);
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    uint8_t ttl = tui_app_marked_ttl(app);
    struct hops_hop hop = {0};
    uint32_t samples[TUI_SPARK_MAX];
    struct tui_line title;

    tui_line_clear(&title);
    tui_line_format(&title, "%s #%u", tui_app_text(app, TUI_T_TITLE_SAMPLES), ttl);
    tui_grid_title(grid, rect, border, title.text);
    if (inside.w <= 0 || !tui_trace_hop(trace, app->flow, ttl, &hop)) {
        return;
    }
    size_t most = inside.w < TUI_SPARK_MAX ? (size_t)inside.w : TUI_SPARK_MAX;
    size_t count = hop.sample_count < most ? hop.sample_count : most;
    for (size_t i = 0; i < count; i++) {
        samples[i] = tui_trace_sample(trace, app->flow, ttl, i);
    }
    add_range(samples, count, &title);
    tui_grid_title(grid, rect, border, title.text);
    tui_spark_draw(grid, inside, samples, count, tui_app_style(app, TUI_SAMPLES, TUI_BG),
                   tui_app_style(app, TUI_SAMPLES_LOST, TUI_BG));
}

const struct tui_view tui_view_history = {.draw = draw};
