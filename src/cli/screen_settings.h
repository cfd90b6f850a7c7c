/* SPDX-License-Identifier: MIT
 *
 * Settings on the screen: what it is told of them at the start, what its settings dialog shows, and
 * how what is changed there is saved.
 */
#ifndef CLI_SCREEN_SETTINGS_H
#define CLI_SCREEN_SETTINGS_H

#include "cli/config_save.h"
#include "cli/settings.h"
#include "tui/app.h"

/* A zeroed struct has nothing to close. */
struct cli_screen_settings {
    struct cli_config_store store;
    bool opened; /* store */
    struct cli_arena arena;
    struct tui_setting *rows; /* of the settings dialog */
    size_t count;
};

/* Everything of the settings that is an option of the screen; the rest is at its built-in value. */
void cli_screen_options(const struct cli_settings *settings, struct tui_options *out);

/* Makes the rows and reads the configuration file, for which the sandbox must not be up yet. */
void cli_screen_settings_open(struct cli_screen_settings *s, const struct cli_settings *settings);
void cli_screen_settings_close(struct cli_screen_settings *s);

/* Writes changes into the configuration file. */
void cli_screen_settings_save(struct cli_screen_settings *s, const struct tui_change *changes,
                              size_t count, struct tui_saved *out);

#endif
