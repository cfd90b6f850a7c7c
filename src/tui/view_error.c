/* SPDX-License-Identifier: MIT
 *
 * What stands in the body when a trace cannot go on.
 */
#include "tui/line.h"
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

static int draw_wrapped(struct tui_grid *grid, struct tui_rect rect, int y, struct tui_style style,
                        const char *text) {
    while (*text != '\0' && rect.w > 4) {
        char line[256];
        size_t n = tui_line_break(text, rect.w - 4);
        n = n < sizeof(line) ? n : sizeof(line) - 1;
        memcpy(line, text, n);
        line[n] = '\0';
        tui_grid_centre(grid, rect.x, y++, rect.w, style, line);
        text += n;
        text += *text == ' ';
    }
    return y;
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    const struct tui_style plain = {.bg = {.kind = TUI_COLOR_INDEX, .index = 4}};
    struct tui_style reverse = plain;
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, plain);
    int y = rect.y + (int)(0.35 * rect.h + 0.5);
    char key[TUI_KEY_TEXT];
    char hint[256];

    tui_grid_title(grid, rect, plain, tui_app_text(app, TUI_T_TITLE_HOPS));
    reverse.attrs = TUI_REVERSE;
    struct tui_rect before = tui_grid_clip(grid, inside);
    tui_grid_centre(grid, rect.x, y, rect.w, reverse, tui_app_text(app, TUI_T_ERROR_FAILED));
    y = draw_wrapped(grid, rect, y + 2, plain, tui_app_trace(app)->error);
    tui_app_key_text(app, TUI_CMD_QUIT, key);
    tui_text_fill(tui_app_text(app, TUI_T_ERROR_QUIT),
                  (const struct tui_pair[]){{"key", key}, {NULL, NULL}}, hint, sizeof(hint));
    tui_grid_centre(grid, rect.x, y + 1, rect.w, plain, hint);
    tui_grid_unclip(grid, before);
}

const struct tui_view tui_view_error = {.draw = draw};
