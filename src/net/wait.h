/* SPDX-License-Identifier: MIT
 *
 * poll() with a time-out in nanoseconds, on every system.
 */
#ifndef NET_WAIT_H
#define NET_WAIT_H

#include <hops/types.h>

#include <poll.h>

/* As poll(). timeout may be HOPS_NEVER. On macOS, which has no ppoll(), it is rounded up to whole
 * milliseconds. */
int hops_net_poll(struct pollfd *fds, size_t count, hops_ns timeout);

#endif
