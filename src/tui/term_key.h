/* SPDX-License-Identifier: MIT
 *
 * Octets typed at the terminal as keys and mouse actions.
 */
#ifndef TUI_TERM_KEY_H
#define TUI_TERM_KEY_H

#include "tui/term.h"

struct tui_reader;

struct tui_reader *tui_reader_new(int fd); /* NULL: no memory */
void tui_reader_free(struct tui_reader *reader);

/* Reads what has been typed; only when the descriptor is readable, for it waits otherwise. */
void tui_reader_fill(struct tui_reader *reader);

/* See tui_term_input(). */
bool tui_reader_next(struct tui_reader *reader, struct tui_input *out, int *out_wait);
bool tui_reader_gone(const struct tui_reader *reader);

#endif
