/* SPDX-License-Identifier: MIT
 *
 * The log of --verbose on stderr, with the time of day. Where its form is one for machines (json,
 * chrome), the messages of the program become lines of it, so that stderr stays readable for them.
 */
#ifndef CLI_VERBOSE_H
#define CLI_VERBOSE_H

#include "cli/log.h"

/* Opens the log if --verbose asks for it, and tells how the program started. The log must stay
 * where it is until it is closed. */
void cli_verbose_open(struct cli_log *log, const struct cli_settings *settings, bool raw_available);

/* Tells the exit status and ends the log. */
void cli_verbose_close(struct cli_log *log, int status);

#endif
