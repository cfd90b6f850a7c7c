/* SPDX-License-Identifier: MIT
 *
 * The rows themselves; everybody but options.c goes through options.h.
 */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include "cli/options.h"

extern const struct cli_option cli_option_rows[];
extern const size_t cli_option_row_count;

#endif
