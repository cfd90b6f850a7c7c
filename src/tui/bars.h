/* SPDX-License-Identifier: MIT
 *
 * Vertical bars, four cells wide, with a value in them and a label below.
 */
#ifndef TUI_BARS_H
#define TUI_BARS_H

#include "tui/grid.h"

#include <stdint.h>

struct tui_bar {
    uint64_t value, label;
    struct tui_style bar, text; /* of the bar; of the value, whose background is the bar's colour */
};

enum { TUI_BAR_WIDTH = 4 };

/* How many bars fit into w cells. */
int tui_bars_fit(int w);

/* Draws bars from the left edge of rect, the labels in its last row, the tallest as high as the
 * rest; max: the value that is as high as that. */
void tui_bars_draw(struct tui_grid *grid, struct tui_rect rect, const struct tui_bar *bars,
                   size_t count, uint64_t max, struct tui_style label);

/* Lower part of a cell, 0..8 eighths of it. */
const char *tui_eighths(unsigned n);

#endif
