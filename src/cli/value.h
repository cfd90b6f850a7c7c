/* SPDX-License-Identifier: MIT
 *
 * Values as text, and one layer of them: what the arguments, the environment or the file say.
 */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include "cli/options.h"

struct cli_value {
    bool set;
    uint64_t number;  /* switches, integers, durations, index of a choice */
    const char *text; /* strings and paths */
    struct cli_addr addr;
    const struct cli_servers *servers;
};

struct cli_layer {
    struct cli_value values[CLI_OPTIONS_MAX]; /* by row; for lists only set is used */
    struct cli_color theme[CLI_THEME_ITEMS];
    bool theme_set[CLI_THEME_ITEMS];
    struct cli_key bindings[CLI_COMMANDS];
    bool binding_set[CLI_COMMANDS];
    const char *const *targets;
    size_t target_count;
};

/* Turns a text into a value of the option (not for lists and switches). Strings are copied into the
 * arena. Servers are added to those that *out has. On failure a reason is added to why, without a
 * line end. */
bool cli_value_parse(const struct cli_option *option, const char *text, struct cli_arena *arena,
                     struct cli_value *out, struct cli_text *why);

/* Adds "192.0.2.53:53, [2001:db8::53]:53"; nothing for NULL. */
void cli_servers_add(const struct cli_servers *servers, struct cli_text *out);

/* Adds the items of a comma-separated list to the layer, and marks the row as set. */
bool cli_value_parse_list(size_t row, const char *text, struct cli_layer *layer,
                          struct cli_text *why);

/* One item whose name and value are apart, as in the file. */
bool cli_value_parse_color(const char *item, size_t len, const char *color, struct cli_layer *layer,
                           struct cli_text *why);
bool cli_value_parse_binding(const char *command, size_t len, const char *key, size_t key_len,
                             struct cli_layer *layer, struct cli_text *why);

/* Range of an integer type; adds "a whole number from 0 to 255" or so as a reason. */
uint64_t cli_value_integer_max(enum cli_type type);
void cli_value_add_integer_range(enum cli_type type, struct cli_text *why);

/* "127.0.0.1", or a link-local IPv6 address with "%interface". */
bool cli_addr_parse(const char *text, struct cli_addr *out);

#endif
