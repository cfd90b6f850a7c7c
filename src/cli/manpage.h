/* SPDX-License-Identifier: MIT
 *
 * The manual page in mdoc, its options from the option table.
 */
#ifndef CLI_MANPAGE_H
#define CLI_MANPAGE_H

#include "cli/text.h"

void cli_manpage(const char *version, struct cli_text *out);

#endif
