/* SPDX-License-Identifier: MIT
 *
 * The sandbox as the user's settings want it.
 */
#ifndef CLI_CONFINE_H
#define CLI_CONFINE_H

#include "cli/sandbox.h"
#include "cli/settings.h"

/* Enters the sandbox for these activities (enum cli_activity; in the mode tui the screen is
 * added, with the directories it may save to), unless --no-sandbox was given. */
enum hops_err cli_confine(const struct cli_settings *settings, unsigned activities,
                          struct hops_diag *diag) HOPS_MUST_USE;

#endif
