/* SPDX-License-Identifier: MIT
 *
 * Lists that are longer than the screen.
 */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include "tui/app.h"

/* The first row to show so that row number `selected` is in sight (count or more: none is
 * selected), moved as little as can be, and without blank rows at the end. */
size_t tui_list_scroll(size_t first, size_t selected, size_t count, size_t visible);

/* The row that a command leads to from row `at` (count: from none), with so many rows on a page.
 * False: it is no command for lists. count is at least 1. */
bool tui_list_step(enum tui_command command, size_t at, size_t count, size_t page, size_t *out);

/* Says on the lower edge of a frame that there is more above, below, or both. */
void tui_list_more(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                   bool above, bool below);

#endif
