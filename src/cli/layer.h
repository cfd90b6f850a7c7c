/* SPDX-License-Identifier: MIT
 *
 * Precedence: arguments beat the environment beats the file beats what is built in.
 */
#ifndef CLI_LAYER_H
#define CLI_LAYER_H

#include "cli/value.h"

/* Fills the option fields of settings (not the derived ones) and their sources. The texts of the
 * layers live in settings->arena already. */
void cli_layer_merge(const struct cli_layer *args, const struct cli_layer *env,
                     const struct cli_layer *file, struct cli_settings *settings);

#endif
