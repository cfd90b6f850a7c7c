/* SPDX-License-Identifier: MIT
 *
 * What leaves the screen: text for the clipboard, reports for files.
 */
#ifndef TUI_OUTPUT_H
#define TUI_OUTPUT_H

#include "tui/app.h"

/* The text is to be put on the clipboard; says so. */
void tui_output_copy(struct tui_app *app, const char *text);

/* The address that is shown first of the selected hop, or of the target; the cells of its row, a
 * tab between them; the whole report as plain text. */
void tui_output_copy_address(struct tui_app *app);
void tui_output_copy_row(struct tui_app *app);
void tui_output_copy_report(struct tui_app *app);

/* The prompt for a format, while TUI_PROMPT_SAVE is up. */
void tui_output_open(struct tui_app *app);
bool tui_output_choose(struct tui_app *app, const struct tui_key *key); /* false: not its key */
void tui_output_save(struct tui_app *app);

/* Formats that can be had: NULL for one number too many. Those of flows are there only if flows are
 * kept. */
const char *tui_output_format(const struct tui_app *app, size_t number);

#endif
