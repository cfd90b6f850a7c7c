/* SPDX-License-Identifier: MIT
 *
 * The seccomp filter made of the list of calls. Apart from its being put in force, so that tests
 * can look at it.
 */
#ifndef CLI_SANDBOX_PROGRAM_H
#define CLI_SANDBOX_PROGRAM_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CLI_SANDBOX_PROGRAM_MAX = 768 };

struct cli_sandbox_program {
    unsigned short len;
    struct sock_filter code[CLI_SANDBOX_PROGRAM_MAX];
};

/* Fills *out with the filter for these rights (enum cli_right) of process pid. False if the calls
 * of this machine are not known here. */
bool cli_sandbox_program(unsigned rights, pid_t pid, struct cli_sandbox_program *out);

#endif
