/* SPDX-License-Identifier: MIT */
#include "tui/spark.h"

#include "tui/bars.h"

#include <hops/stats.h>

static bool is_lost(uint32_t us) {
    return us == HOPS_SAMPLE_LOST || us == HOPS_SAMPLE_FAILED;
}

static void draw_column(struct tui_grid *grid, struct tui_rect column, struct tui_style style,
                        uint64_t height) {
    for (int row = column.h - 1; row >= 0 && height > 0; row--) {
        unsigned here = height > 8 ? 8 : (unsigned)height;
        tui_grid_text(grid, column.x, column.y + row, style, tui_eighths(here));
        height -= here;
    }
}

/* Without colour, and in one line, a loss must not look like a slow answer. */
static void draw_lost(struct tui_grid *grid, struct tui_rect column, struct tui_style style) {
    for (int row = 0; row < column.h; row++) {
        tui_grid_text(grid, column.x, column.y + row, style,
                      grid->ascii                   ? "x"
                      : column.h > 1 && !grid->mono ? tui_eighths(8)
                                                    : "×");
    }
}

void tui_spark_draw(struct tui_grid *grid, struct tui_rect rect, const uint32_t samples[],
                    size_t count, struct tui_style answered, struct tui_style lost) {
    size_t shown = rect.w < 0 ? 0 : count < (size_t)rect.w ? count : (size_t)rect.w;
    uint32_t max = 1;

    for (size_t i = 0; i < shown; i++) {
        max = !is_lost(samples[i]) && samples[i] > max ? samples[i] : max;
    }
    for (size_t i = 0; i < shown; i++) {
        struct tui_rect column = {rect.x + (int)i, rect.y, 1, rect.h};
        if (is_lost(samples[i])) {
            draw_lost(grid, column, lost);
        } else {
            draw_column(grid, column, answered, (uint64_t)samples[i] * 8 * (uint64_t)rect.h / max);
        }
    }
}
