/* SPDX-License-Identifier: MIT
 *
 * SIGINT and SIGTERM as something to poll. The first one asks the program to finish, the second one
 * ends it at once.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

/* Installs the handlers. restore is called in the handler before the second signal ends the
 * program: it puts the terminal back (async-signal-safe; NULL: nothing to put back). False with
 * errno. */
bool cli_interrupt_catch(void (*restore)(void));

/* A descriptor that becomes readable when a signal came, or -1 before cli_interrupt_catch(). */
int cli_interrupt_fd(void);

/* The signal that came, or 0. */
int cli_interrupt_signal(void);

#endif
