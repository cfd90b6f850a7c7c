/* SPDX-License-Identifier: MIT
 *
 * A network of our own. The test process moves into a namespace "A"; on demand a router R and a
 * host B are put behind it:
 *     A 10.9.1.1  fd09:1::1 -- R 10.9.1.2 fd09:1::2 | 10.9.2.1 fd09:2::1 -- B 10.9.2.2 fd09:2::2
 */
#ifndef NETNS_LAB_H
#define NETNS_LAB_H

#include <stdbool.h>

/* Enters a new namespace with lo up and datagram ICMP open to group 0. If that cannot be done, ends
 * the process as a skipped test, with the reason. */
void lab_enter(void);

/* Runs a shell command; fails the test if it fails. */
void lab_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes a sysctl of this namespace, by its path below /proc/sys. */
void lab_sysctl(const char *path, const char *value);

/* R and B, with ICMP rate limits lifted. */
void lab_routers_up(void);
void lab_routers_down(void);

/* Names of their namespaces, for "ip netns exec". */
const char *lab_router(void);
const char *lab_host(void);

/* With false: uid 0, but no effective capability, as anybody. With true: back. */
void lab_privileged(bool on);

#endif
