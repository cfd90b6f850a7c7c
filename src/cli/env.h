/* SPDX-License-Identifier: MIT
 *
 * Options from environment variables. The environment is an argument: nobody here calls getenv().
 */
#ifndef CLI_ENV_H
#define CLI_ENV_H

#include "cli/value.h"

/* The value of a variable, NULL: not set. */
const char *cli_env_get(char *const *envp, const char *name);

/* Reads the variables of all options that args does not have. Anything set to "false" that is a
 * switch counts as absent. False with a reason if a variable is unacceptable. */
bool cli_env_read(char *const *envp, const struct cli_layer *args, struct cli_arena *arena,
                  struct cli_layer *out, struct cli_text *why);

#endif
