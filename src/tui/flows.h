/* SPDX-License-Identifier: MIT
 *
 * The flows of a trace in the order in which they are shown: most rounds first.
 */
#ifndef TUI_FLOWS_H
#define TUI_FLOWS_H

#include "tui/app.h"

enum { TUI_FLOWS_MAX = 1024 };

/* Ids of the flows in order, at most max; returns how many. */
size_t tui_flows_order(const struct tui_app *app, struct hops_flow out[], size_t max);

/* To the next bar on the right (1) or left (-1). */
void tui_flows_step(struct tui_app *app, int step);

#endif
