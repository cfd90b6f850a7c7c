/* SPDX-License-Identifier: MIT
 *
 * What the program says on stderr once it runs. Text from outside is made printable here.
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "base/diag.h"

#include <stdbool.h>

/* "Error: ..." */
void cli_message_error(const char *format, ...) HOPS_PRINTF(1, 2);

/* "hops: ..." */
void cli_message_note(const char *format, ...) HOPS_PRINTF(1, 2);

/* While stderr belongs to a log that machines read, what is said goes there instead (clean text
 * without a prefix). NULL: to stderr again. */
void cli_message_divert(void (*take)(void *user, bool error, const char *text), void *user);

#endif
