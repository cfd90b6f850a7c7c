/* SPDX-License-Identifier: MIT
 *
 * The help, from the option table.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

#define CLI_USAGE "Usage: hops [OPTIONS] [TARGETS]..."
#define CLI_ABOUT "Shows the path to a host, hop by hop, while it is being measured."

/* The short (-h) or full (--help) help, wrapped to the terminal and to 100 columns at most. */
void cli_help(const struct cli_inputs *in, bool full, struct cli_text *out);

#endif
