/* SPDX-License-Identifier: MIT
 *
 * Colours as people write them, and the items of the screen that have one.
 */
#ifndef CLI_COLOR_H
#define CLI_COLOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLI_THEME_ITEMS = 38 };

/* One of the terminal's 16 colours (rgb false, index 0..15), or red, green, blue. */
struct cli_color {
    bool rgb;
    uint8_t index;
    uint8_t red, green, blue;
};

/* Case and dashes are ignored: one of the 16 terminal colours, else a CSS name, else six
 * hexadecimal digits with an optional #. False leaves *out untouched. */
bool cli_color_parse(const char *text, struct cli_color *out);

/* "lightred" or "87ceeb". Returns out. */
char *cli_color_format(const struct cli_color *color, char out[16]);

bool cli_color_equal(const struct cli_color *a, const struct cli_color *b);

/* The items in their order, with their built-in colour as text and a few words what they are. */
struct cli_theme_item {
    const char *name;
    const char *deflt;
    const char *help;
};

const struct cli_theme_item *cli_theme_item(size_t index); /* index < CLI_THEME_ITEMS */
int cli_theme_find(const char *name, size_t len);          /* -1: unknown */

#endif
