/* SPDX-License-Identifier: MIT
 *
 * Changes of single settings in the text of a configuration file. Everything else stays octet by
 * octet: comments, order, blanks, line ends.
 */
#ifndef CLI_CONFIG_EDIT_H
#define CLI_CONFIG_EDIT_H

#include "cli/options.h"

/* Gives the key of the option this value, written as on the command line ("true" and "false" for
 * switches); NULL: the key is no longer set (its line becomes a comment). A key that is not there
 * comes after the others of its table, a table after all others. text is TOML in UTF-8 without byte
 * order mark. False: it is no TOML, or not written in a way known here; it is unchanged then. */
bool cli_config_edit(struct cli_text *text, const struct cli_option *option, const char *value);

#endif
