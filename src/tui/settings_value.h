/* SPDX-License-Identifier: MIT
 *
 * Values of settings as text: those that keys change, and those of which each target has its own.
 */
#ifndef TUI_SETTINGS_VALUE_H
#define TUI_SETTINGS_VALUE_H

#include "tui/app.h"
#include "tui/line.h"

enum { TUI_LIVES = 12 };

/* What keys change. The texts are those of the configuration file; nothing for none. */
extern const struct tui_live {
    const char *name;
    void (*text)(const struct tui_options *options, struct tui_line *out);
    bool (*change)(struct tui_app *app); /* to the next value; NULL: has keys of its own */
} tui_lives[TUI_LIVES];

const struct tui_live *tui_live_find(const char *name); /* NULL: it is not one of them */
bool tui_live_change_preset(struct tui_app *app);

/* What the current target says of this setting, as far as privacy lets it; false: nothing. */
bool tui_trait_text(const struct tui_app *app, const char *name, struct tui_line *out);

#endif
