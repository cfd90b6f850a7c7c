/* SPDX-License-Identifier: MIT
 *
 * A configuration file with everything at its default, from the option table.
 */
#ifndef CLI_TEMPLATE_H
#define CLI_TEMPLATE_H

#include "cli/text.h"

/* Reading what is added gives the built-in configuration. Keys without a default are commented out,
 * with a sample: they begin with "# " at the start of a line. */
void cli_template(struct cli_text *out);

#endif
