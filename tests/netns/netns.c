/* SPDX-License-Identifier: MIT */
#include "netns.h"

#include "check.h"

#include <hops/addr.h>
#include <hops/net.h>

#include "net/sockaddr.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static bool loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;

    if (fd >= 0) {
        (void)close(fd);
    }
    return ok;
}

bool netns_enter(void) {
    if (unshare(CLONE_NEWNET) != 0 || !loopback_up()) {
        (void)printf("1..0 # SKIP no network namespace of our own: %s\n", strerror(errno));
        return false;
    }
    return true;
}

void netns_run(const char *command) {
    int status = system(command); /* the fixed commands of the tests */

    check_int(command, status, 0);
}

/* The kernel makes the route to a new IPv6 address from a work queue: until then nothing reaches
 * it. */
static void await_route(const char *text) {
    const struct hops_addr addr = netns_addr(text);
    const hops_ns end = hops_net_now() + 5 * HOPS_SEC;
    struct sockaddr_storage sa;
    socklen_t len = hops_net_sockaddr_set(&sa, &addr, 9);
    int fd = socket(hops_net_af(&addr), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int err = -1;

    assert_true(fd >= 0);
    while (err != 0 && hops_net_now() < end) {
        err = connect(fd, (const struct sockaddr *)&sa, len);
        (void)poll(NULL, 0, err != 0 ? 1 : 0);
    }
    (void)close(fd);
    check_int(text, err, 0);
}

void netns_address(bool add, const char *addr) {
    const bool ipv6 = strchr(addr, ':') != NULL;
    char command[160];

    (void)snprintf(command, sizeof(command), "ip %s addr %s %s/%d dev lo %s", ipv6 ? "-6" : "-4",
                   add ? "add" : "del", addr, ipv6 ? 128 : 32, add && ipv6 ? "nodad" : "");
    netns_run(command);
    if (add) {
        await_route(addr);
    }
}

struct hops_addr netns_addr(const char *text) {
    struct hops_addr addr = {.family = HOPS_FAMILY_NONE};

    check_int(text, hops_addr_parse(text, &addr), true);
    return addr;
}

int netns_bound(int type, const char *text, uint16_t port) {
    const struct hops_addr addr = netns_addr(text);
    struct sockaddr_storage sa;
    socklen_t len = hops_net_sockaddr_set(&sa, &addr, port);
    int fd = socket(hops_net_af(&addr), type | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&sa, len), 0);
    return fd;
}

bool netns_receive(struct hops_link *link, struct hops_inbound *out) {
    const hops_ns end = hops_net_now() + 2 * HOPS_SEC;

    for (hops_ns now = hops_net_now(); now < end; now = hops_net_now()) {
        struct pollfd ready = {.fd = link->ops->fd(link), .events = POLLIN};

        if (link->ops->receive(link, now, out)) {
            return true;
        }
        (void)poll(&ready, 1, 20);
    }
    return false;
}

void netns_expect_silence(struct hops_link *link, int milliseconds) {
    const hops_ns end = hops_net_now() + milliseconds * HOPS_MS;
    struct hops_inbound inbound;

    for (hops_ns now = hops_net_now(); now < end; now = hops_net_now()) {
        struct pollfd ready = {.fd = link->ops->fd(link), .events = POLLIN};

        assert_false(link->ops->receive(link, now, &inbound));
        (void)poll(&ready, 1, 5);
    }
}

void netns_sleep(int milliseconds) {
    struct timespec ts = {.tv_sec = milliseconds / 1000,
                          .tv_nsec = (long)(milliseconds % 1000) * 1000000L};

    (void)nanosleep(&ts, NULL);
}
