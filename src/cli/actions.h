/* SPDX-License-Identifier: MIT
 *
 * Options that print something and end the program.
 */
#ifndef CLI_ACTIONS_H
#define CLI_ACTIONS_H

#include "cli/cli.h"

/* If an action was asked for: adds what it prints and returns true. Of several the first in a
 * fixed order is done. */
bool cli_action(const struct cli_inputs *in, const struct cli_settings *settings,
                struct cli_text *out);

#endif
