/* SPDX-License-Identifier: MIT
 *
 * The grammar of the command line: long and short options, bundles, =, lists, --, targets anywhere.
 * Long names are never abbreviated; an option is given once. getopt() can do neither.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "cli/value.h"

enum cli_args_result {
    CLI_ARGS_OK,
    CLI_ARGS_HELP,      /* -h was met */
    CLI_ARGS_LONG_HELP, /* --help was met */
    CLI_ARGS_VERSION,   /* -V or --version was met */
    CLI_ARGS_ERROR      /* a usage error; why says it */
};

/* Reads argv from the left until something other than OK is met. argv[0] is skipped. Texts of out
 * live in the arena or in argv. */
enum cli_args_result cli_args_parse(int argc, char *const *argv, struct cli_arena *arena,
                                    struct cli_layer *out, struct cli_text *why);

/* Looks for options of one group that are both given; false and a reason if there are. */
bool cli_args_compatible(const struct cli_layer *args, const struct cli_layer *env,
                         struct cli_text *why);

/* Adds "invalid value 'x' for '--first-ttl <FIRST_TTL>': ". */
void cli_args_add_invalid(const char *value, const char *what, struct cli_text *why);

/* The long option that looks most like name, NULL: none does. */
const char *cli_args_similar(const char *name, size_t len);

#endif
