/* SPDX-License-Identifier: MIT
 *
 * A canvas of dots, finer than cells: eight in a cell as a Braille pattern, or two one above the
 * other where only ASCII can be shown. Points and lines are given in numbers of the caller's own
 * (milliseconds, degrees); what lies outside of his bounds is left out. A cell has one colour, that
 * of the pen which touched it last.
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "tui/grid.h"

/* With ASCII, colours alone would have to tell things apart: a pen may have a character of its own,
 * which then stands for any dots it drew in a cell. 0: none. */
struct tui_pen {
    struct tui_style style;
    char ascii;
};

enum { TUI_PENS_MAX = 8 };

struct tui_canvas_bounds {
    double left, right, bottom, top; /* left < right, bottom < top */
};

struct tui_canvas_cell {
    uint8_t dots, pen;
};

struct tui_canvas {
    int columns, rows; /* cells */
    bool ascii;
    struct tui_canvas_bounds bounds;
    struct tui_canvas_cell *cells;
};

/* An empty canvas of that many cells. False: no memory; there is nothing to be given up then. */
bool tui_canvas_init(struct tui_canvas *canvas, int columns, int rows, bool ascii,
                     struct tui_canvas_bounds bounds);
void tui_canvas_done(struct tui_canvas *canvas);

void tui_canvas_dot(struct tui_canvas *canvas, double x, double y, uint8_t pen);
void tui_canvas_line(struct tui_canvas *canvas, double x0, double y0, double x1, double y1,
                     uint8_t pen);

/* Puts what was drawn on a grid, with the left upper corner there; other cells stay as they are. */
void tui_canvas_draw(const struct tui_canvas *canvas, struct tui_grid *grid, int x, int y,
                     const struct tui_pen pens[TUI_PENS_MAX]);

#endif
