/* SPDX-License-Identifier: MIT */
#include "tui/canvas.h"

#include "tui/key.h"

#include <assert.h>
#include <stdlib.h>

struct dot {
    int x, y;
};

/* Dots in a cell. */
static int across(const struct tui_canvas *canvas) {
    return canvas->ascii ? 1 : 2;
}

static int down(const struct tui_canvas *canvas) {
    return canvas->ascii ? 2 : 4;
}

bool tui_canvas_init(struct tui_canvas *canvas, int columns, int rows, bool ascii,
                     struct tui_canvas_bounds bounds) {
    assert(bounds.left < bounds.right && bounds.bottom < bounds.top);
    *canvas = (struct tui_canvas){.columns = columns > 0 && rows > 0 ? columns : 0,
                                  .rows = columns > 0 && rows > 0 ? rows : 0,
                                  .ascii = ascii,
                                  .bounds = bounds};
    if (canvas->columns == 0) {
        return true;
    }
    canvas->cells = calloc((size_t)columns * (size_t)rows, sizeof(*canvas->cells));
    return canvas->cells != NULL;
}

void tui_canvas_done(struct tui_canvas *canvas) {
    free(canvas->cells);
    *canvas = (struct tui_canvas){0};
}

/* The dot nearest to a share (0..1) of so many; shares far outside stay outside, but countable. */
static int nearest(double share, int dots) {
    double at = share * (dots - 1);

    if (!(at > -10000.0)) { /* no number at all ends here, too */
        return -10000;
    }
    return at > 20000.0 ? 20000 : (int)(at + 10000.5) - 10000;
}

static struct dot dot_of(const struct tui_canvas *canvas, double x, double y) {
    const struct tui_canvas_bounds *b = &canvas->bounds;

    return (struct dot){
        nearest((x - b->left) / (b->right - b->left), canvas->columns * across(canvas)),
        nearest((b->top - y) / (b->top - b->bottom), canvas->rows * down(canvas))};
}

static void set(struct tui_canvas *canvas, struct dot dot, uint8_t pen) {
    /* Unicode numbers the dots of the first three rows before those of the fourth. */
    static const uint8_t braille[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    int x = dot.x / across(canvas);
    int y = dot.y / down(canvas);

    if (dot.x < 0 || dot.y < 0 || x >= canvas->columns || y >= canvas->rows) {
        return;
    }
    struct tui_canvas_cell *cell = &canvas->cells[(size_t)y * (size_t)canvas->columns + (size_t)x];
    cell->dots |= braille[dot.y % down(canvas)][dot.x % across(canvas)];
    cell->pen = pen;
}

void tui_canvas_dot(struct tui_canvas *canvas, double x, double y, uint8_t pen) {
    const struct tui_canvas_bounds *b = &canvas->bounds;

    if (x >= b->left && x <= b->right && y >= b->bottom && y <= b->top) {
        set(canvas, dot_of(canvas, x, y), pen);
    }
}

/* Bresenham. */
void tui_canvas_line(struct tui_canvas *canvas, double x0, double y0, double x1, double y1,
                     uint8_t pen) {
    struct dot at = dot_of(canvas, x0, y0);
    struct dot end = dot_of(canvas, x1, y1);
    int dx = abs(end.x - at.x);
    int dy = -abs(end.y - at.y);
    int error = dx + dy;

    set(canvas, at, pen);
    while (at.x != end.x || at.y != end.y) {
        int twice = 2 * error;
        if (twice >= dy) {
            error += dy;
            at.x += at.x < end.x ? 1 : -1;
        }
        if (twice <= dx) {
            error += dx;
            at.y += at.y < end.y ? 1 : -1;
        }
        set(canvas, at, pen);
    }
}

void tui_canvas_draw(const struct tui_canvas *canvas, struct tui_grid *grid, int x, int y,
                     const struct tui_pen pens[TUI_PENS_MAX]) {
    static const char halves[] = {' ', '\'', '.', ':'}; /* upper dot: 1, lower dot: 2 */

    for (int row = 0; row < canvas->rows; row++) {
        for (int column = 0; column < canvas->columns; column++) {
            const struct tui_canvas_cell *cell =
                &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
            const struct tui_pen *pen = &pens[cell->pen];
            char text[5];
            if (cell->dots == 0) {
                continue;
            }
            tui_utf8(!canvas->ascii       ? 0x2800u + cell->dots
                     : pen->ascii != '\0' ? (uint32_t)pen->ascii
                                          : (uint32_t)halves[cell->dots & 3],
                     text);
            tui_grid_text(grid, x + column, y + row, pen->style, text);
        }
    }
}
