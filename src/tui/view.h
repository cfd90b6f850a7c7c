/* SPDX-License-Identifier: MIT
 *
 * What a view is: a function that draws a part of the app into a rectangle. A view that is to be
 * seen has a line in one of the tables of views.c; its file is view_NAME.c.
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include "tui/app.h"

struct tui_view {
    void (*draw)(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect);
    /* Commands while the view is up, before anybody else; true: dealt with. NULL: takes none. A
     * dialog gets every command, and what it does not deal with is ignored. */
    bool (*command)(struct tui_app *app, enum tui_command command);
    /* A click within rect, where the view was drawn last. NULL: takes none. */
    void (*click)(struct tui_app *app, struct tui_rect rect, int x, int y);
};

/* NULL: there is no such view in this program, and its command does nothing. */
const struct tui_view *tui_view_body(enum tui_body body);
const struct tui_view *tui_view_dialog(enum tui_dialog dialog);

/* Whichever of error, splash and the chosen body is due. */
const struct tui_view *tui_view_current_body(const struct tui_app *app);

/* The name of the program in large letters. */
enum { TUI_LOGO_LINES = 5 };
extern const char *const tui_logo[TUI_LOGO_LINES];

extern const struct tui_view tui_view_header, tui_view_tabs, tui_view_flows, tui_view_hops,
    tui_view_overview, tui_view_events, tui_view_splash, tui_view_error, tui_view_history,
    tui_view_frequency, tui_view_info, tui_view_settings, tui_view_chart, tui_view_map,
    tui_view_help;

#endif
