/* SPDX-License-Identifier: MIT */
#include "cli/confine.h"

enum hops_err cli_confine(const struct cli_settings *settings, unsigned activities,
                          struct hops_diag *diag) {
    struct cli_sandbox box = {0};
    struct cli_sandbox_state state;

    if (settings->no_sandbox) {
        return HOPS_OK;
    }
    if (settings->mode == CLI_MODE_TUI) {
        activities |= CLI_ACTIVITY_SCREEN;
    }
    box.rights = cli_sandbox_rights(activities);
    return cli_sandbox_enter(&box, &state, diag);
}
