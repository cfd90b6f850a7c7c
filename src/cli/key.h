/* SPDX-License-Identifier: MIT
 *
 * Keys as people write them ("ctrl+x", "pageup", "shift-q"), and the commands that can be bound.
 */
#ifndef CLI_KEY_H
#define CLI_KEY_H

#include "cli/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLI_COMMANDS = 38 };

enum cli_modifier {
    CLI_SHIFT = 1,
    CLI_CTRL = 2,
    CLI_ALT = 4,
    CLI_SUPER = 8,
    CLI_HYPER = 16,
    CLI_META = 32
};

enum cli_key_code {
    CLI_KEY_CHAR, /* ch */
    CLI_KEY_BACKSPACE,
    CLI_KEY_ENTER,
    CLI_KEY_LEFT,
    CLI_KEY_RIGHT,
    CLI_KEY_UP,
    CLI_KEY_DOWN,
    CLI_KEY_HOME,
    CLI_KEY_END,
    CLI_KEY_PAGEUP,
    CLI_KEY_PAGEDOWN,
    CLI_KEY_TAB,
    CLI_KEY_BACKTAB,
    CLI_KEY_DELETE,
    CLI_KEY_INSERT,
    CLI_KEY_NULL,
    CLI_KEY_ESC,
    CLI_KEY_F /* ch: 1..12 */
};

struct cli_key {
    enum cli_key_code code;
    uint8_t modifiers; /* enum cli_modifier, ored */
    char ch;           /* a lower-case ASCII character, or the number of the function key */
};

/* [modifier+]...key, with + or - between. On failure the reason is added to why, without a line
 * end. */
bool cli_key_parse(const char *text, size_t len, struct cli_key *out, struct cli_text *why);

/* "shift+ctrl+x". Returns out. */
char *cli_key_format(const struct cli_key *key, char out[64]);

/* Same key and exactly the same modifiers. */
bool cli_key_equal(const struct cli_key *a, const struct cli_key *b);

struct cli_command {
    const char *name;
    const char *deflt;
    const char *help;
};

const struct cli_command *cli_command(size_t index); /* index < CLI_COMMANDS, in list order */
int cli_command_find(const char *name, size_t len);  /* -1: unknown */
size_t cli_command_in_check_order(size_t position);  /* index of the command checked then */

/* Adds "KEY: [THIS and FIRST]" for each command whose key an earlier one has, joined by ", ".
 * True if there was one. */
bool cli_key_clashes(const struct cli_key bindings[CLI_COMMANDS], struct cli_text *out);

#endif
