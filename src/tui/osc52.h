/* SPDX-License-Identifier: MIT
 *
 * The clipboard by way of the terminal (xterm's control sequence OSC 52), so that it is the user's,
 * also from another machine. Terminals may ignore it; none answers.
 */
#ifndef TUI_OSC52_H
#define TUI_OSC52_H

#include <stddef.h>

/* Octets of text; with base64 just under 100,000, beyond which terminals begin to give up. */
enum { TUI_OSC52_MAX = 74994 };

/* The sequence, to be freed; NULL: no memory, or the text is longer than that. */
char *tui_osc52(const char *text, size_t len, size_t *out_len);

#endif
