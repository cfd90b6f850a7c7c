/* SPDX-License-Identifier: MIT
 *
 * The strip of targets. The current one is always seen; the others as far as there is room.
 */
#include "tui/line.h"
#include "tui/view.h"

/* "! " for a trace that failed, then the name. */
static const char *tab_text(const struct tui_app *app, size_t i, struct tui_line *line) {
    tui_line_clear(line);
    tui_line_add(line, app->traces[i].failed ? "! " : "");
    tui_app_target_text(app, i, line);
    return line->text;
}

static int tab_width(const struct tui_app *app, size_t i) {
    struct tui_line line;

    return tui_text_width(tab_text(app, i, &line)) + 2;
}

/* The first tab that is shown, so that the current one fits in. */
static size_t first_tab(const struct tui_app *app, int w) {
    size_t first = app->trace;
    int used = tab_width(app, first);

    while (first > 0 && used + 1 + tab_width(app, first - 1) <= w) {
        used += 1 + tab_width(app, first - 1);
        first--;
    }
    return first;
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_style text = tui_app_style(app, TUI_TAB_TEXT, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    int x = inside.x;

    tui_grid_title(grid, rect, border, tui_app_text(app, TUI_T_TITLE_TRACES));
    struct tui_rect before = tui_grid_clip(grid, inside);
    for (size_t i = first_tab(app, inside.w); i < app->trace_count; i++) {
        struct tui_line line;
        struct tui_style style = text;
        if (i == app->trace) {
            style.attrs |= TUI_BOLD | TUI_UNDERLINE;
        }
        x += tui_grid_text(grid, x, inside.y, text, " ");
        x += tui_grid_text(grid, x, inside.y, style, tab_text(app, i, &line));
        x += tui_grid_text(grid, x, inside.y, text, i + 1 < app->trace_count ? " │" : " ");
    }
    tui_grid_unclip(grid, before);
}

static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    int at = rect.x + 1;

    (void)y;
    for (size_t i = first_tab(app, rect.w - 2); i < app->trace_count; i++) {
        int w = tab_width(app, i);
        if (x >= at && x < at + w) {
            tui_app_go_to_trace(app, i);
            return;
        }
        at += w + 1;
    }
}

const struct tui_view tui_view_tabs = {.draw = draw, .click = click};
