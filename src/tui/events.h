/* SPDX-License-Identifier: MIT
 *
 * The page of what happened, as far as others have a say in it.
 */
#ifndef TUI_EVENTS_H
#define TUI_EVENTS_H

#include "tui/app.h"

/* Selects the next line, downwards, with app->input (or what was sought last) in its text or its
 * target. False: there is none. */
bool tui_events_search(struct tui_app *app);

#endif
