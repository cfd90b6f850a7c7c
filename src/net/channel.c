/* SPDX-License-Identifier: MIT */
#include "net/channel.h"

#include <assert.h>
#include <sys/epoll.h>

static_assert((int)EPOLLIN == HOPS_NET_READABLE && (int)EPOLLOUT == HOPS_NET_WRITABLE, "same bits");

static bool control(const struct hops_net_env *env, int op, int fd, uint32_t events,
                    uint32_t attachment, uint32_t local) {
    struct epoll_event event = {.events = events, .data.u64 = (uint64_t)attachment << 32 | local};

    return epoll_ctl(env->queue, op, fd, &event) == 0;
}

bool hops_net_watch(const struct hops_net_env *env, int fd, uint32_t events, uint32_t attachment,
                    uint32_t local) {
    return control(env, EPOLL_CTL_ADD, fd, events, attachment, local);
}

bool hops_net_watch_change(const struct hops_net_env *env, int fd, uint32_t events,
                           uint32_t attachment, uint32_t local) {
    return control(env, EPOLL_CTL_MOD, fd, events, attachment, local);
}
