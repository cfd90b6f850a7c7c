/* SPDX-License-Identifier: MIT
 *
 * The configuration file: which one, its encoding, its keys and their types.
 */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include "cli/cli.h"
#include "cli/value.h"

/* The file to read, or NULL if there is none: given (the user named it), else the first regular
 * file of the usual names in the usual places. What was passed over is added to
 * settings->notes. False with a reason if no home directory is known. */
bool cli_config_find(const struct cli_inputs *in, const char *given, struct cli_settings *settings,
                     const char **out, struct cli_text *why);

/* Reads and checks the file: its values into out, texts into the arena. False with a reason that
 * names the file, and the line and column if there is one. */
bool cli_config_load(const char *path, struct cli_arena *arena, struct cli_layer *out,
                     struct cli_text *why);

/* The same for a file in memory: UTF-8, or UTF-16 with a byte order mark. */
bool cli_config_read(const char *data, size_t len, const char *name, struct cli_arena *arena,
                     struct cli_layer *out, struct cli_text *why);

#endif
