/* SPDX-License-Identifier: MIT
 *
 * Completion scripts for the command name hops, from the option table.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/settings.h"

void cli_completion(enum cli_shell shell, struct cli_text *out);

#endif
