/* SPDX-License-Identifier: MIT
 *
 * The process's privileges: used once, to open raw sockets, and then given up for good. This is the
 * only file that names capabilities and user ids.
 */
#ifndef CLI_PRIVILEGE_H
#define CLI_PRIVILEGE_H

#include <hops/err.h>

/* Raises CAP_NET_RAW from the permitted into the effective set, if it is there (a file capability
 * without the effective bit). Nothing to report: opening the sockets shows whether it helped. */
void cli_privilege_acquire(void);

/* Gives up everything: ambient, bounding (as far as allowed), inheritable, permitted and effective
 * capabilities, the user and group of a set-uid or set-gid file, and the right to gain any by exec.
 * Call it before any packet, file or environment variable is read. Fails with HOPS_ERR_PRIVILEGE if
 * something could not be given up; the program must not go on then. */
enum hops_err cli_privilege_drop(struct hops_diag *diag) HOPS_MUST_USE;

#endif
