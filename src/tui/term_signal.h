/* SPDX-License-Identifier: MIT
 *
 * Signals of a program that holds the terminal: a pipe for those that ask, a rescue of the terminal
 * for those that kill.
 */
#ifndef TUI_TERM_SIGNAL_H
#define TUI_TERM_SIGNAL_H

#include "tui/term.h"

#include <termios.h>

/* What puts the terminal back: its modes, and octets to write. Copied. False: too long. */
bool tui_rescue_set(int fd, const struct termios *modes, const char *octets, size_t len);
void tui_rescue_clear(void); /* nothing to put back any more */

/* Handlers in and out. False with errno. */
bool tui_signals_catch(void);
void tui_signals_release(void);
int tui_signals_fd(void);
struct tui_term_signals tui_signals_take(void);

/* Stops the process as the shell's user expects; returns when it goes on. */
void tui_signals_stop(void);

#endif
