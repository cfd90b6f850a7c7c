/* SPDX-License-Identifier: MIT */
#include "cli/confine.h"

#include "tui/term.h"

#include <stdlib.h>
#include <string.h>

/* The directory of the configuration file, into which settings can be saved; NULL: there is none.
 */
static char *config_directory(const struct cli_settings *settings) {
    const char *slash = settings->config_path == NULL ? NULL : strrchr(settings->config_path, '/');

    if (slash == NULL) {
        return NULL; /* or it is the current one */
    }
    return strndup(settings->config_path,
                   slash == settings->config_path ? 1 : (size_t)(slash - settings->config_path));
}

enum hops_err cli_confine(const struct cli_settings *settings, unsigned activities,
                          struct hops_diag *diag) {
    struct cli_sandbox box = {0};
    struct cli_sandbox_state state;

    if (settings->no_sandbox) {
        return HOPS_OK;
    }
    char *directory = NULL;
    if (settings->mode == CLI_MODE_TUI) {
        activities |= CLI_ACTIVITY_SCREEN;
        directory = config_directory(settings);
        box.directories[0] = settings->save_dir == NULL ? "." : settings->save_dir;
        box.directories[1] = directory;
        box.restore = tui_term_emergency;
    }
    box.rights = cli_sandbox_rights(activities);
    enum hops_err err = cli_sandbox_enter(&box, &state, diag);
    free(directory);
    return err;
}
