/* SPDX-License-Identifier: MIT
 *
 * The rows of the settings dialog: what they say now, how they are changed, and what of it is worth
 * saving. The program gives the rows of the first tabs; those of the others are the screen's own.
 */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include "tui/app.h"
#include "tui/line.h"

size_t tui_settings_count(const struct tui_app *app, enum tui_tab tab);

/* Row i of a tab, i < count. *out_color: the colour it is about, kind DEFAULT if it is about none;
 * may be NULL. */
void tui_settings_row(struct tui_app *app, enum tui_tab tab, size_t i, struct tui_line *name,
                      struct tui_line *value, struct tui_color *out_color);

/* Gives a setting its next value; false: it is not changed from here. */
bool tui_settings_change(struct tui_app *app, enum tui_tab tab, size_t i);

/* Columns, by their row: on or off, one place up or down; true if something moved. */
void tui_settings_toggle_column(struct tui_app *app, size_t i);
bool tui_settings_move_column(struct tui_app *app, size_t i, int step);
void tui_settings_reset_columns(struct tui_app *app);

/* Saves what was changed, and tells. */
void tui_settings_save(struct tui_app *app);

#endif
