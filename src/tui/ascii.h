/* SPDX-License-Identifier: MIT
 *
 * The nearest ASCII text for a character, for terminals whose locale knows no more.
 */
#ifndef TUI_ASCII_H
#define TUI_ASCII_H

#include <stdint.h>

/* One ASCII character that stands for this one: lines, blocks, marks and dots of the screen have
 * theirs, anything else is '?'. */
char tui_ascii(uint32_t code_point);

#endif
