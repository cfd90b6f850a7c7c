/* SPDX-License-Identifier: MIT
 *
 * A network of our own: a fresh namespace with nothing but loopback, and small things that happen
 * in it. Nothing sent in a test can leave it.
 */
#ifndef TESTS_NETNS_H
#define TESTS_NETNS_H

#include <hops/link.h>

/* Moves the process into a new network namespace with loopback up. If that is not allowed, prints a
 * TAP line that says why all is skipped, and returns false. */
bool netns_enter(void);

/* Adds addr to loopback, or takes it away; fails the test if it cannot. */
void netns_address(bool add, const char *addr);

/* Runs ip(8) or tc(8) with these arguments; fails the test if that fails. */
void netns_run(const char *command);

struct hops_addr netns_addr(const char *text);

/* A socket bound to (addr, port); type SOCK_STREAM or SOCK_DGRAM. */
int netns_bound(int type, const char *addr, uint16_t port);

/* Waits, two seconds at most, until the link hands something out. */
bool netns_receive(struct hops_link *link, struct hops_inbound *out);

/* Serves the link for some milliseconds, in which nothing may come out. */
void netns_expect_silence(struct hops_link *link, int milliseconds);

void netns_sleep(int milliseconds);

#endif
