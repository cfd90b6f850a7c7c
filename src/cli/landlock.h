/* SPDX-License-Identifier: MIT
 *
 * The file system, TCP ports, abstract sockets and other processes taken away, by Landlock.
 */
#ifndef CLI_LANDLOCK_H
#define CLI_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli_landlock_rules {
    const char *const *directories; /* NULL entries are passed over */
    size_t directory_count;
    const uint16_t *tcp_ports; /* zeros are passed over */
    size_t tcp_port_count;
    bool tcp_any; /* TCP is free */
};

/* Takes away every access to files except making, writing and renaming them below the directories,
 * and TCP bind and connect except connecting to the ports, unless TCP is free. Needs
 * no-new-privileges. Returns 0, or an errno; *version is the kernel's version of Landlock, 0 if it
 * has none (that is no failure). */
int cli_landlock_enter(const struct cli_landlock_rules *rules, int *version);

#endif
