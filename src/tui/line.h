/* SPDX-License-Identifier: MIT
 *
 * A line of text under construction, as long as a screen can be wide; what does not fit is left
 * out.
 */
#ifndef TUI_LINE_H
#define TUI_LINE_H

#include "base/diag.h"

#include <stddef.h>

struct tui_line {
    size_t len;
    char text[1000]; /* terminated */
};

void tui_line_clear(struct tui_line *line);
void tui_line_add(struct tui_line *line, const char *text);
/* Octets of text for the first of several lines, w cells wide: up to the last blank that lets it
 * fit, or as many characters as do, but at least one. The blank is left to the caller. */
size_t tui_line_break(const char *text, int w);
void tui_line_format(struct tui_line *line, const char *format, ...) HOPS_PRINTF(2, 3);

#endif
