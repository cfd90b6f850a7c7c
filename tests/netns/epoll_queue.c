/* SPDX-License-Identifier: MIT
 *
 * epoll in the place of kqueue, so that the link for macOS and the BSDs runs here. hops_net_watch()
 * is Linux's own.
 */
#include "net/bsd.h"

#include <sys/epoll.h>

int hops_net_queue_new(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

int hops_net_queue_ready(int queue, struct hops_net_report *out, int max) {
    struct epoll_event events[64];
    int count = epoll_wait(queue, events, max < 64 ? max : 64, 0);

    for (int i = 0; i < count; i++) {
        out[i] = (struct hops_net_report){.attachment = (uint32_t)(events[i].data.u64 >> 32),
                                          .local = (uint32_t)events[i].data.u64};
    }
    return count > 0 ? count : 0;
}
