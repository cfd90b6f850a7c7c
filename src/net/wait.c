/* SPDX-License-Identifier: MIT */
#include "net/wait.h"

#include <limits.h>
#include <time.h>

#ifdef __APPLE__

int hops_net_poll(struct pollfd *fds, size_t count, hops_ns timeout) {
    int ms = -1;

    if (timeout != HOPS_NEVER) {
        hops_ns up = timeout / HOPS_MS + (timeout % HOPS_MS != 0 ? 1 : 0);

        ms = up > INT_MAX ? INT_MAX : (int)up; /* who is woken too early asks again */
    }
    return poll(fds, (nfds_t)count, ms);
}

#else

#ifdef __NetBSD__
#define ppoll pollts
#endif

int hops_net_poll(struct pollfd *fds, size_t count, hops_ns timeout) {
    const struct timespec ts = {.tv_sec = (time_t)(timeout / HOPS_SEC),
                                .tv_nsec = (long)(timeout % HOPS_SEC)};

    return ppoll(fds, (nfds_t)count, timeout == HOPS_NEVER ? NULL : &ts, NULL);
}

#endif
