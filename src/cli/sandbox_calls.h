/* SPDX-License-Identifier: MIT
 *
 * The system calls that the sandbox has an opinion on.
 */
#ifndef CLI_SANDBOX_CALLS_H
#define CLI_SANDBOX_CALLS_H

#include <stdbool.h>

enum cli_call_verdict {
    CLI_CALL_REFUSED, /* not listed: EPERM */
    CLI_CALL_ALLOWED,
    CLI_CALL_FORBIDDEN, /* no honest path leads here: SIGSYS */
    CLI_CALL_BY_SOCKET, /* from here on the arguments decide */
    CLI_CALL_BY_PROTECTION,
    CLI_CALL_BY_IOCTL,
    CLI_CALL_BY_FCNTL,
    CLI_CALL_BY_PROCESS,
    CLI_CALL_BY_OPEN,
    CLI_CALL_BY_OPENAT,
    CLI_CALL_VERDICTS
};

enum { CLI_CALL_LAST = 450 }; /* the newest number the list knows; the same on all machines */

/* The verdict of each number under these rights (enum cli_right). */
void cli_sandbox_verdicts(unsigned rights, unsigned char out[CLI_CALL_LAST + 1]);

/* "execve", or NULL if it is not listed. For signal handlers too. */
const char *cli_sandbox_call_name(long number);

#endif
