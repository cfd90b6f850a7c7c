/* SPDX-License-Identifier: MIT
 *
 * What stands in the body before the first answer.
 */
#include "tui/format.h"
#include "tui/line.h"
#include "tui/view.h"

#include <stdio.h>

const char *const tui_logo[TUI_LOGO_LINES] = {
    " _                     ",   "| |__   ___  _ __  ___ ",  "| '_ \\ / _ \\| '_ \\/ __|",
    "| | | | (_) | |_) \\__ \\", "|_| |_|\\___/| .__/|___/",
};

/* After three rounds of silence it says so. */
static void draw_silence(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                         int y, struct tui_style style) {
    const struct tui_trace *trace = tui_app_trace(app);
    uint64_t rounds = tui_trace_rounds(trace);
    char count[24];
    char probes[24];
    char text[256];

    if (rounds < 3) {
        return;
    }
    (void)snprintf(count, sizeof(count), "%llu", (unsigned long long)rounds);
    (void)snprintf(probes, sizeof(probes), "%llu", (unsigned long long)trace->sent);
    tui_text_fill(tui_app_text(app, TUI_T_NO_ANSWERS),
                  (const struct tui_pair[]){{"rounds", count}, {"probes", probes}, {NULL, NULL}},
                  text, sizeof(text));
    tui_grid_centre(grid, rect.x, y, rect.w, style, text);
    tui_grid_centre(grid, rect.x, y + 1, rect.w, style, tui_app_text(app, TUI_T_NO_ANSWERS_WHY));
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_style text = tui_app_style(app, TUI_TEXT, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    int y = rect.y + (int)(0.35 * rect.h + 0.5);

    tui_grid_title(grid, rect, border, tui_app_text(app, TUI_T_TITLE_HOPS));
    struct tui_rect before = tui_grid_clip(grid, inside);
    if (tui_trace_rounds(tui_app_trace(app)) >= 3) {
        y = y > rect.y + 3 ? y - 2 : y; /* room for two more lines */
    }
    for (int i = 0; i < TUI_LOGO_LINES; i++) {
        tui_grid_centre(grid, rect.x, y++, rect.w, text, tui_logo[i]);
    }
    tui_grid_centre(grid, rect.x, y + 1, rect.w, text, tui_app_text(app, TUI_T_AWAITING_DATA));
    draw_silence(app, grid, rect, y + 2, text);
    tui_grid_unclip(grid, before);
}

const struct tui_view tui_view_splash = {.draw = draw};
