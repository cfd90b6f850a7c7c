/* SPDX-License-Identifier: MIT
 *
 * The walls the program puts around itself before it reads the first packet: no file beyond a few
 * named directories (Landlock), no system call beyond what its mode needs (seccomp). What a mode
 * needs is said by one table, cli_sandbox_rights(); SECURITY.md shows it to people.
 */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <hops/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory, time, writing to and reading from what is open, its own signals and its own end are free
 * to all. */
enum cli_right {
    CLI_RIGHT_NETWORK = 1 << 0,  /* use the open sockets, make UDP sockets */
    CLI_RIGHT_TCP = 1 << 1,      /* make TCP sockets, connect them to cli_sandbox.tcp_ports */
    CLI_RIGHT_TERMINAL = 1 << 2, /* change the settings of the terminal */
    CLI_RIGHT_SAVE = 1 << 3,     /* make, write and rename files below cli_sandbox.directories */
    CLI_RIGHT_TCP_ANY = 1 << 4   /* with CLI_RIGHT_TCP: bind and connect to any port */
};

/* What a run does, as far as it needs rights. */
enum cli_activity {
    CLI_ACTIVITY_TRACE = 1 << 0, /* probe over this host's network; with TCP: also the next one */
    CLI_ACTIVITY_TRACE_TCP = 1 << 1,
    CLI_ACTIVITY_DNS = 1 << 2,   /* ask name servers: UDP, and TCP for long answers */
    CLI_ACTIVITY_SCREEN = 1 << 3 /* the interactive screen */
};

/* The rights that this set of activities needs. None for reports over the simulator or replays. */
unsigned cli_sandbox_rights(unsigned activities);

enum { CLI_SANDBOX_DIRECTORIES = 2, CLI_SANDBOX_PORTS = 6 };

struct cli_sandbox {
    unsigned rights;                                  /* enum cli_right */
    const char *directories[CLI_SANDBOX_DIRECTORIES]; /* for CLI_RIGHT_SAVE; NULL: none */
    uint16_t tcp_ports[CLI_SANDBOX_PORTS];            /* for CLI_RIGHT_TCP; 0: none */
    void (*restore)(void); /* called in the signal handler before the program dies of a forbidden
                              call: puts the terminal back. async-signal-safe; NULL: none */
};

/* What is in force. */
struct cli_sandbox_state {
    int landlock; /* the kernel's version of it; 0: none here */
    bool seccomp;
};

/* Puts the walls up, for good. What this kernel does not know is left out, and *out says so. A
 * forbidden dangerous call then ends the process by SIGSYS with a line on stderr; other calls not
 * on the list fail with EPERM (newer ones than this program knows: ENOSYS), opening a file to read
 * fails with EACCES. Call it with one thread. HOPS_ERR_SYSTEM: a wall that should stand does not.
 */
enum hops_err cli_sandbox_enter(const struct cli_sandbox *box, struct cli_sandbox_state *out,
                                struct hops_diag *diag) HOPS_MUST_USE;

#endif
