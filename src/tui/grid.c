/* SPDX-License-Identifier: MIT */
#include "tui/grid.h"

#include "base/bytes.h"
#include "base/text.h"
#include "report/width.h"
#include "tui/ascii.h"

#include <stdlib.h>
#include <string.h>

bool tui_grid_resize(struct tui_grid *grid, int columns, int rows) {
    size_t count = (size_t)columns * (size_t)rows;

    if (count > grid->room) {
        struct tui_cell *cells = realloc(grid->cells, count * sizeof(*cells));
        if (cells == NULL) {
            return false;
        }
        grid->cells = cells;
        grid->room = count;
    }
    grid->columns = columns;
    grid->rows = rows;
    tui_grid_clear(grid);
    return true;
}

void tui_grid_done(struct tui_grid *grid) {
    free(grid->cells);
    *grid = (struct tui_grid){0};
}

void tui_grid_clear(struct tui_grid *grid) {
    const struct tui_cell blank = {.text = " ", .width = 1};
    size_t count = (size_t)grid->columns * (size_t)grid->rows;

    for (size_t i = 0; i < count; i++) {
        grid->cells[i] = blank;
    }
    grid->clip = (struct tui_rect){0, 0, grid->columns, grid->rows};
}

static struct tui_cell *cell(const struct tui_grid *grid, int x, int y) {
    return &grid->cells[(size_t)y * (size_t)grid->columns + (size_t)x];
}

const struct tui_cell *tui_grid_at(const struct tui_grid *grid, int x, int y) {
    return cell(grid, x, y);
}

bool tui_rect_has(struct tui_rect rect, int x, int y) {
    return x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h;
}

static int larger(int a, int b) {
    return a > b ? a : b;
}

static int smaller(int a, int b) {
    return a < b ? a : b;
}

static struct tui_rect intersect(struct tui_rect a, struct tui_rect b) {
    int left = larger(a.x, b.x);
    int top = larger(a.y, b.y);
    int right = smaller(a.x + a.w, b.x + b.w);
    int bottom = smaller(a.y + a.h, b.y + b.h);

    return (struct tui_rect){left, top, larger(0, right - left), larger(0, bottom - top)};
}

struct tui_rect tui_grid_clip(struct tui_grid *grid, struct tui_rect rect) {
    struct tui_rect before = grid->clip;

    grid->clip = intersect(before, rect);
    return before;
}

void tui_grid_unclip(struct tui_grid *grid, struct tui_rect before) {
    grid->clip = before;
}

/* The other half of a wide character that loses one must not stay alone. */
static void clear_halves(struct tui_grid *grid, int x, int y) {
    struct tui_cell *here = cell(grid, x, y);
    struct tui_cell *other = NULL;

    if (here->width == 0 && x > 0) {
        other = cell(grid, x - 1, y);
    } else if (here->width == 2 && x + 1 < grid->columns) {
        other = cell(grid, x + 1, y);
    }
    if (other != NULL) {
        memcpy(other->text, " ", 2);
        other->width = 1;
    }
}

static void put(struct tui_grid *grid, int x, int y, struct tui_style style, const char *text,
                size_t len, int width) {
    clear_halves(grid, x, y);
    struct tui_cell *here = cell(grid, x, y);
    memcpy(here->text, text, len);
    here->text[len] = '\0';
    here->width = (uint8_t)width;
    here->style = style;
    if (width == 2) {
        clear_halves(grid, x + 1, y);
        here[1] = (struct tui_cell){.width = 0, .style = style};
    }
}

/* Combining marks join the cell before; characters that only steer (joiners, directions, variation
 * selectors) would make the terminal's idea of the width another than ours, and are left out. */
static bool combines(uint32_t c) {
    return c != 0xad && c != 0x061c && c != 0x180e && c != 0x2028 && c != 0x2029 &&
           !(c >= 0x200b && c <= 0x200f) && !(c >= 0x202a && c <= 0x202e) &&
           !(c >= 0x2060 && c <= 0x206f) && !(c >= 0xfe00 && c <= 0xfe0f) && c != 0xfeff &&
           c < 0xe0000;
}

static void combine(struct tui_grid *grid, int x, int y, const char *text, size_t len) {
    struct tui_cell *here = cell(grid, x, y);
    size_t used = strlen(here->text);

    if (used + len < TUI_CELL_TEXT) {
        memcpy(here->text + used, text, len);
        here->text[used + len] = '\0';
    }
}

/* Plain ASCII, the bulk of all text: no decoding. */
static bool put_ascii(struct tui_grid *grid, int x, int y, struct tui_style style, char c) {
    if (tui_rect_has(grid->clip, x, y)) {
        put(grid, x, y, style, &c, 1, 1);
        return true;
    }
    return false;
}

int tui_grid_text_in(struct tui_grid *grid, int x, int y, int w, struct tui_style style,
                     const char *text) {
    struct rd r = rd_make(text, strlen(text));
    int used = 0;
    int last = -1; /* column of the cell written last */

    if (y < grid->clip.y || y >= grid->clip.y + grid->clip.h) {
        w = larger(0, smaller(w, tui_text_width(text)));
        return w;
    }
    while (rd_left(&r) > 0) {
        const char *begin = (const char *)r.p;
        uint32_t c;
        bool valid = hops_utf8_next(&r, &c);
        size_t len = (size_t)((const char *)r.p - begin);
        int width = valid ? report_width_char(c) : 1;
        bool control = !valid || c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;

        if (width == 0) {
            if (last >= 0 && !grid->ascii && combines(c)) {
                combine(grid, last, y, begin, len);
            }
            continue;
        }
        if (used + width > w) {
            break;
        }
        last = -1;
        if (control || c < 0x80) {
            char shown = control ? '?' : (char)c;
            last = put_ascii(grid, x + used, y, style, shown) ? x + used : -1;
        } else if (grid->ascii) {
            (void)put_ascii(grid, x + used, y, style, tui_ascii(c));
            if (width == 2) {
                (void)put_ascii(grid, x + used + 1, y, style, ' ');
            }
        } else if (tui_rect_has(grid->clip, x + used, y) &&
                   tui_rect_has(grid->clip, x + used + width - 1, y)) {
            put(grid, x + used, y, style, begin, len, width);
            last = x + used;
        }
        used += width;
    }
    return used;
}

int tui_grid_text(struct tui_grid *grid, int x, int y, struct tui_style style, const char *text) {
    return tui_grid_text_in(grid, x, y, INT32_MAX, style, text);
}

int tui_text_width(const char *text) {
    return (int)report_width_text(text, strlen(text));
}

size_t tui_text_fit(const char *text, int w) {
    struct rd r = rd_make(text, strlen(text));
    size_t blank = 0;
    int used = 0;

    while (rd_left(&r) > 0) {
        size_t at = (size_t)((const char *)r.p - text);
        uint32_t c;
        int width = hops_utf8_next(&r, &c) ? report_width_char(c) : 1;

        blank = text[at] == ' ' ? at : blank;
        if (used + width > w) {
            return blank > 0 ? blank : at;
        }
        used += width;
    }
    return strlen(text);
}

void tui_grid_centre(struct tui_grid *grid, int x, int y, int w, struct tui_style style,
                     const char *text) {
    int at = w / 2 - tui_text_width(text) / 2;

    tui_grid_text_in(grid, x + larger(0, at), y, w - larger(0, at), style, text);
}

void tui_grid_fill(struct tui_grid *grid, struct tui_rect rect, struct tui_style style) {
    struct tui_rect area = intersect(grid->clip, rect);
    const struct tui_cell blank = {.text = " ", .width = 1, .style = style};

    for (int y = area.y; y < area.y + area.h; y++) {
        if (area.w > 0) {
            clear_halves(grid, area.x, y);
            clear_halves(grid, area.x + area.w - 1, y);
        }
        for (int x = area.x; x < area.x + area.w; x++) {
            *cell(grid, x, y) = blank;
        }
    }
}

void tui_grid_set_attrs(struct tui_grid *grid, struct tui_rect rect, uint8_t attrs) {
    struct tui_rect area = intersect(grid->clip, rect);

    for (int y = area.y; y < area.y + area.h; y++) {
        for (int x = area.x; x < area.x + area.w; x++) {
            cell(grid, x, y)->style.attrs |= attrs;
        }
    }
}

/* Corners from the top left clockwise, horizontal, vertical. */
static const char *const boxes[][6] = {
    [TUI_BOX_ROUND] = {"╭", "╮", "╯", "╰", "─", "│"},
    [TUI_BOX_SQUARE] = {"┌", "┐", "┘", "└", "─", "│"},
    [TUI_BOX_DOUBLE] = {"╔", "╗", "╝", "╚", "═", "║"},
};

struct tui_rect tui_grid_frame(struct tui_grid *grid, struct tui_rect rect, enum tui_box box,
                               struct tui_style style) {
    const char *const *part = boxes[box];
    int right = rect.x + rect.w - 1;
    int bottom = rect.y + rect.h - 1;
    struct tui_rect inside = {rect.x + 1, rect.y + 1, larger(0, rect.w - 2), larger(0, rect.h - 2)};

    if (rect.w < 1 || rect.h < 1) {
        return (struct tui_rect){rect.x, rect.y, 0, 0};
    }
    tui_grid_fill(grid, rect, style);
    for (int x = rect.x + 1; x < right; x++) {
        tui_grid_text(grid, x, rect.y, style, part[4]);
        tui_grid_text(grid, x, bottom, style, part[4]);
    }
    for (int y = rect.y + 1; y < bottom; y++) {
        tui_grid_text(grid, rect.x, y, style, part[5]);
        tui_grid_text(grid, right, y, style, part[5]);
    }
    tui_grid_text(grid, right, bottom, style, part[2]);
    tui_grid_text(grid, rect.x, bottom, style, part[3]);
    tui_grid_text(grid, right, rect.y, style, part[1]);
    tui_grid_text(grid, rect.x, rect.y, style, part[0]);
    return inside;
}

void tui_grid_title(struct tui_grid *grid, struct tui_rect rect, struct tui_style style,
                    const char *title) {
    tui_grid_text_in(grid, rect.x + 1, rect.y, larger(0, rect.w - 2), style, title);
}

void tui_grid_title_centre(struct tui_grid *grid, struct tui_rect rect, struct tui_style style,
                           const char *title) {
    int w = larger(0, rect.w - 2);
    int at = 1 + larger(0, (w - (tui_text_width(title) + 2)) / 2);
    int used;

    used = tui_grid_text_in(grid, rect.x + at, rect.y, smaller(1, w), style, " ");
    used += tui_grid_text_in(grid, rect.x + at + used, rect.y, larger(0, w - used), style, title);
    tui_grid_text_in(grid, rect.x + at + used, rect.y, larger(0, w + 1 - at - used), style, " ");
}

size_t tui_grid_row(const struct tui_grid *grid, int y, char *out, size_t size) {
    size_t len = 0;
    size_t end = 0; /* behind the last character that is no blank */

    for (int x = 0; x < grid->columns; x++) {
        const char *text = cell(grid, x, y)->text;
        size_t n = strlen(text);
        if (len + n >= size) {
            break;
        }
        memcpy(out + len, text, n);
        len += n;
        if (n > 0 && strcmp(text, " ") != 0) {
            end = len;
        }
    }
    if (size > 0) {
        out[end] = '\0';
    }
    return end;
}

static bool color_equal(const struct tui_color *a, const struct tui_color *b) {
    return a->kind == b->kind && a->index == b->index && a->red == b->red && a->green == b->green &&
           a->blue == b->blue;
}

bool tui_cell_equal(const struct tui_cell *a, const struct tui_cell *b) {
    return a->width == b->width && a->style.attrs == b->style.attrs &&
           color_equal(&a->style.fg, &b->style.fg) && color_equal(&a->style.bg, &b->style.bg) &&
           strcmp(a->text, b->text) == 0;
}
