/* SPDX-License-Identifier: MIT */
#include "lookup/names.h"

#include <poll.h>
#include <time.h>

enum { FDS_MAX = 17 };

static hops_ns clock_now(void) {
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (hops_ns)ts.tv_sec * HOPS_SEC + (hops_ns)ts.tv_nsec;
}

static size_t ask_all(struct lookup *lookup, const struct hops_addr *addrs, size_t count,
                      hops_ns now) {
    size_t missing = 0;

    for (size_t i = 0; i < count; i++) {
        missing += lookup_name(lookup, &addrs[i], now).state == LOOKUP_PENDING ? 1 : 0;
    }
    return missing;
}

static int wait_ms(hops_ns until, hops_ns now) {
    hops_ns ms = until <= now ? 0 : (until - now + HOPS_MS - 1) / HOPS_MS;

    return ms > 60000 ? 60000 : (int)ms;
}

void lookup_names_wait(struct lookup *lookup, const struct hops_addr *addrs, size_t count,
                       int stop_fd) {
    struct pollfd fds[FDS_MAX];
    hops_ns now = clock_now();
    hops_ns timeout = lookup_timeout(lookup);
    hops_ns end = timeout > HOPS_NEVER - now ? HOPS_NEVER : now + timeout;

    while (ask_all(lookup, addrs, count, now) > 0) {
        hops_ns deadline = lookup_deadline(lookup, now);
        size_t n = lookup_fds(lookup, fds + 1, FDS_MAX - 1);
        fds[0] = (struct pollfd){.fd = stop_fd, .events = POLLIN};
        int ready = poll(fds, (nfds_t)n + 1, wait_ms(deadline < end ? deadline : end, now));
        now = clock_now();
        (void)lookup_process(lookup, fds + 1, ready > 0 ? n : 0, now);
        if ((ready > 0 && fds[0].revents != 0) || now >= end) {
            return;
        }
    }
}

static const char *shown(struct lookup *lookup, struct lookup_answer answer,
                         const struct hops_addr *addr) {
    if (answer.state == LOOKUP_PENDING || answer.state == LOOKUP_NOT_FOUND) {
        return NULL;
    }
    return lookup_text(lookup, answer, addr);
}

static const char *known_name(void *user, const struct hops_addr *addr) {
    struct lookup *lookup = (struct lookup *)user;

    return shown(lookup, lookup_name_known(lookup, addr), addr);
}

static const char *live_name(void *user, const struct hops_addr *addr) {
    struct lookup *lookup = (struct lookup *)user;

    return shown(lookup, lookup_name(lookup, addr, clock_now()), addr);
}

struct hops_names lookup_names(struct lookup *lookup) {
    return (struct hops_names){.name = known_name, .user = lookup};
}

struct hops_names lookup_names_live(struct lookup *lookup) {
    return (struct hops_names){.name = live_name, .user = lookup};
}
