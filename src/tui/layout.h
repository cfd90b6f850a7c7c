/* SPDX-License-Identifier: MIT
 *
 * Where things go: the bands of the screen, the rectangle of dialogs, the widths of columns. Pure
 * arithmetic.
 */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include "tui/grid.h"

struct tui_layout {
    struct tui_rect header, tabs, flows, body, history, frequency, info; /* h 0: not there */
};

/* From top to bottom: header 4, tabs 3 or flows 6, body at least 10, history 6, info bar 1. If the
 * screen is short, history, info bar and header give way, in this order. */
struct tui_layout tui_layout(int columns, int rows, bool tabs, bool flows);

/* The middle 60 % of the screen. */
struct tui_rect tui_layout_dialog(int columns, int rows);

enum { TUI_COLUMNS_MAX = 64 };

/* Shares the inside of a table on a screen of `columns` cells among n columns with these least
 * widths and one cell between two of them; the column number host (-1: none) takes what the others
 * leave. x counts from the left inner edge. Where the minimums do not fit, the widest shrink
 * together. */
void tui_layout_columns(int columns, size_t n, int host, const int min[], int out_x[], int out_w[]);

#endif
