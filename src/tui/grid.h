/* SPDX-License-Identifier: MIT
 *
 * A screen of cells in memory. Views draw into it and know nothing of terminals; tests read it as
 * text; term.c puts it on a terminal. Whatever text is put here, a cell never holds a control
 * character, and nothing is ever written outside the clip rectangle.
 */
#ifndef TUI_GRID_H
#define TUI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tui_color_kind {
    TUI_COLOR_DEFAULT, /* the terminal's own */
    TUI_COLOR_INDEX,   /* index: one of the terminal's 16 */
    TUI_COLOR_RGB
};

struct tui_color {
    uint8_t kind;  /* enum tui_color_kind */
    uint8_t index; /* RGB: the one of the 16 that stands for it; 0: the nearest does */
    uint8_t red, green, blue;
};

enum tui_attr { TUI_BOLD = 1, TUI_REVERSE = 2, TUI_UNDERLINE = 4, TUI_DIM = 8 };

struct tui_style {
    struct tui_color fg, bg;
    uint8_t attrs; /* enum tui_attr, ored */
};

struct tui_rect {
    int x, y, w, h;
};

enum { TUI_CELL_TEXT = 16 };

struct tui_cell {
    char text[TUI_CELL_TEXT]; /* a character and what combines with it; "" behind a wide one */
    uint8_t width;            /* 1, 2; 0: the right half of the cell before */
    struct tui_style style;
};

struct tui_grid {
    int columns, rows;
    struct tui_rect clip;
    bool ascii; /* everything that is not ASCII is drawn with the nearest that is */
    bool mono;  /* there are no colours: views tell things apart by shape */
    struct tui_cell *cells;
    size_t room; /* cells allocated */
};

enum tui_box { TUI_BOX_ROUND, TUI_BOX_SQUARE, TUI_BOX_DOUBLE };

/* A zeroed grid is empty. Sets the size, blank everywhere, clip to all of it; false: no memory (the
 * grid stays as it was). */
bool tui_grid_resize(struct tui_grid *grid, int columns, int rows);
void tui_grid_done(struct tui_grid *grid);
void tui_grid_clear(struct tui_grid *grid); /* blanks in the terminal's colours; clip to all */

const struct tui_cell *tui_grid_at(const struct tui_grid *grid, int x, int y);

/* Narrows the clip rectangle to its part within rect; returns the one before, to be put back with
 * tui_grid_unclip(). */
struct tui_rect tui_grid_clip(struct tui_grid *grid, struct tui_rect rect);
void tui_grid_unclip(struct tui_grid *grid, struct tui_rect before);

/* Writes one line of UTF-8 text from (x, y) on and returns the cells it takes. What lies outside
 * the clip rectangle is left out, and so is a wide character that would be cut in half. */
int tui_grid_text(struct tui_grid *grid, int x, int y, struct tui_style style, const char *text);
/* The same, at most w cells wide. */
int tui_grid_text_in(struct tui_grid *grid, int x, int y, int w, struct tui_style style,
                     const char *text);
/* In the middle of w cells from x on. */
void tui_grid_centre(struct tui_grid *grid, int x, int y, int w, struct tui_style style,
                     const char *text);
int tui_text_width(const char *text);

/* For breaking text into lines: octets of its beginning that fit into w cells, up to a blank where
 * there is one. 0: not even one character fits. */
size_t tui_text_fit(const char *text, int w);

void tui_grid_fill(struct tui_grid *grid, struct tui_rect rect, struct tui_style style);
void tui_grid_set_attrs(struct tui_grid *grid, struct tui_rect rect, uint8_t attrs); /* ored */

/* A frame on the edge of rect; its inside is filled with blanks. Returns the inside. */
struct tui_rect tui_grid_frame(struct tui_grid *grid, struct tui_rect rect, enum tui_box box,
                               struct tui_style style);
/* A title in the top line of a frame: right after the corner, or in the middle with a blank on each
 * side. */
void tui_grid_title(struct tui_grid *grid, struct tui_rect rect, struct tui_style style,
                    const char *title);
void tui_grid_title_centre(struct tui_grid *grid, struct tui_rect rect, struct tui_style style,
                           const char *title);

/* Row y as UTF-8 text without its trailing blanks; the octets written, NUL not counted. */
size_t tui_grid_row(const struct tui_grid *grid, int y, char *out, size_t size);

bool tui_cell_equal(const struct tui_cell *a, const struct tui_cell *b);
bool tui_rect_has(struct tui_rect rect, int x, int y);

#endif
