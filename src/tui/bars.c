/* SPDX-License-Identifier: MIT */
#include "tui/bars.h"

#include <stdio.h>
#include <string.h>

const char *tui_eighths(unsigned n) {
    static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

    return blocks[n < 8 ? n : 8];
}

int tui_bars_fit(int w) {
    return w < 0 ? 0 : (w + 1) / (TUI_BAR_WIDTH + 1);
}

static void draw_number(struct tui_grid *grid, int x, int y, struct tui_style style, uint64_t n) {
    char text[24];
    int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
    int at = len < TUI_BAR_WIDTH ? (TUI_BAR_WIDTH - len) / 2 : 0;

    tui_grid_text_in(grid, x + at, y, TUI_BAR_WIDTH - at, style, text);
}

static void draw_bar(struct tui_grid *grid, int x, struct tui_rect rect, const struct tui_bar *bar,
                     uint64_t max) {
    int rows = rect.h - 1;
    uint64_t height = (uint64_t)rows * 8 * bar->value / (max == 0 ? 1 : max);
    struct tui_style inside = bar->text;

    if (height == 0) {
        height = 1;
    }
    for (int row = 0; row < rows; row++) {
        uint64_t below = (uint64_t)(rows - 1 - row) * 8; /* eighths under this row */
        unsigned here = height <= below ? 0 : height - below > 8 ? 8 : (unsigned)(height - below);
        for (int i = 0; i < TUI_BAR_WIDTH && here > 0; i++) {
            tui_grid_text(grid, x + i, rect.y + row, bar->bar, tui_eighths(here));
        }
    }
    inside.bg = bar->bar.fg;
    inside.attrs |= TUI_BOLD;
    if (bar->value > 0 && (bar->value <= 999 || (bar->value <= 9999 && height >= 8))) {
        draw_number(grid, x, rect.y + rows - 1, inside, bar->value);
    }
}

void tui_bars_draw(struct tui_grid *grid, struct tui_rect rect, const struct tui_bar *bars,
                   size_t count, uint64_t max, struct tui_style label) {
    for (size_t i = 0; i < count && (int)i < tui_bars_fit(rect.w); i++) {
        int x = rect.x + (int)i * (TUI_BAR_WIDTH + 1);
        if (rect.h > 1) {
            draw_bar(grid, x, rect, &bars[i], max);
        }
        draw_number(grid, x, rect.y + rect.h - 1, label, bars[i].label);
    }
}
