/* SPDX-License-Identifier: MIT
 *
 * The set of watched descriptors of macOS and the BSDs (kqueue(2)): level-triggered, and pollable
 * itself. Attachment and local id travel together in the pointer that comes with each event, so
 * this needs 64-bit pointers.
 */
#include "net/bsd.h"

#include <assert.h>
#include <sys/types.h>
#include <time.h>
/* needs the types above, and does not say so */
#include <sys/event.h>

static_assert(sizeof(void *) >= sizeof(uint64_t), "attachment and local id fit into a pointer");

int hops_net_queue_new(void) {
    return kqueue(); /* not inherited by fork(), so there is no close-on-exec to set */
}

bool hops_net_watch(const struct hops_net_env *env, int fd, uint32_t events, uint32_t attachment,
                    uint32_t local) {
    const uint64_t tag = (uint64_t)attachment << 32 | local;
    struct kevent change = {.ident = (uintptr_t)fd,
                            .filter = events == HOPS_NET_WRITABLE ? EVFILT_WRITE : EVFILT_READ,
                            .flags = EV_ADD,
                            .udata = (void *)(uintptr_t)tag};

    return kevent(env->queue, &change, 1, NULL, 0, NULL) == 0;
}

int hops_net_queue_ready(int queue, struct hops_net_report *out, int max) {
    const struct timespec at_once = {0};
    struct kevent events[64];
    const uint8_t room = (uint8_t)(max < 64 ? max : 64); /* of any type: NetBSD wants a size_t */
    int count = kevent(queue, NULL, 0, events, room, &at_once);

    for (int i = 0; i < count; i++) {
        const uint64_t tag = (uintptr_t)events[i].udata;

        out[i] =
            (struct hops_net_report){.attachment = (uint32_t)(tag >> 32), .local = (uint32_t)tag};
    }
    return count > 0 ? count : 0;
}
