/* SPDX-License-Identifier: MIT
 *
 * What an errno means for a probe: one table by (call, errno). Protocol and family do not matter:
 * the kernel uses the same numbers for all of them, and so the same thing happens to the probe.
 */
#ifndef NET_ERRORS_H
#define NET_ERRORS_H

#include <hops/probe.h>

/* What becomes of a probe when call gave os_errno (0: it succeeded, OK). Only EADDRINUSE from bind
 * or connect is PORT_TAKEN; EADDRNOTAVAIL is FAILED whatever the call. (connect, EINPROGRESS) and
 * (connect, ECONNREFUSED) are OK: the SYN has left. */
enum hops_send_status hops_net_classify(enum hops_call call, int os_errno);

/* True for (connect, ECONNREFUSED): the answer came while connect() was still at work. */
bool hops_net_refused(enum hops_call call, int os_errno);

/* The result of a call that gave os_errno. when is kept if the probe is on its way; call and errno
 * are kept if it is not. */
struct hops_send_result hops_net_result(enum hops_call call, int os_errno, hops_ns when);

#endif
