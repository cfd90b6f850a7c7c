/* SPDX-License-Identifier: MIT
 *
 * The file system, TCP ports, abstract sockets and other processes taken away, by Landlock.
 */
#ifndef CLI_LANDLOCK_H
#define CLI_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>

/* Takes away every access to files except making, writing and renaming them below the given
 * directories (NULL entries are skipped), and TCP bind and connect unless tcp. Needs
 * no-new-privileges. Returns 0, or an errno; *version is the kernel's version of Landlock, 0 if it
 * has none (that is no failure). */
int cli_landlock_enter(const char *const *directories, size_t count, bool tcp, int *version);

#endif
