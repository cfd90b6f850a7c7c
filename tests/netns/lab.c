/* SPDX-License-Identifier: MIT */
#include "lab.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char router[32];
static char host[32];

static void skip_all(const char *why, int os_errno) {
    (void)printf("1..0 # SKIP %s: %s\n", why, strerror(os_errno));
    exit(0);
}

void lab_run(const char *format, ...) {
    char command[512];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(command, sizeof(command), format, args);
    va_end(args);
    assert_in_range(len, 1, sizeof(command) - 1);
    /* NOLINTNEXTLINE(cert-env33-c): a test's own fixed commands */
    if (system(command) != 0) {
        fail_msg("failed: %s", command);
    }
}

static bool write_sysctl(const char *path, const char *value) {
    char full[256];
    int fd;
    bool ok;

    (void)snprintf(full, sizeof(full), "/proc/sys/%s", path);
    fd = open(full, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ok = write(fd, value, strlen(value)) == (ssize_t)strlen(value);
    (void)close(fd);
    return ok;
}

void lab_sysctl(const char *path, const char *value) {
    if (!write_sysctl(path, value)) {
        fail_msg("cannot set %s to %s: %s", path, value, strerror(errno));
    }
}

void lab_enter(void) {
    if (geteuid() != 0) {
        skip_all("needs root for a network namespace", EPERM);
    }
    if (unshare(CLONE_NEWNET) != 0) {
        skip_all("cannot make a network namespace", errno);
    }
    /* NOLINTNEXTLINE(cert-env33-c): a test's own fixed command */
    if (system("ip link set lo up") != 0) {
        skip_all("cannot use the ip command", ENOENT);
    }
    if (!write_sysctl("net/ipv4/ping_group_range", "0 0")) {
        skip_all("cannot open datagram ICMP to group 0", errno);
    }
    (void)snprintf(router, sizeof(router), "hops-r-%d", (int)getpid());
    (void)snprintf(host, sizeof(host), "hops-b-%d", (int)getpid());
}

const char *lab_router(void) {
    return router;
}

const char *lab_host(void) {
    return host;
}

static void make_namespace(const char *name) {
    lab_run("ip netns add %s", name);
    lab_run("ip -n %s link set lo up", name);
    lab_run("ip netns exec %s sysctl -qw net.ipv4.icmp_ratemask=0 net.ipv4.icmp_ratelimit=0 "
            "net.ipv4.icmp_msgs_per_sec=100000 net.ipv4.icmp_msgs_burst=10000 "
            "net.ipv6.icmp.ratelimit=0 net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1",
            name);
}

void lab_routers_up(void) {
    make_namespace(router);
    make_namespace(host);
    lab_run("ip link add a0 type veth peer name r0 netns %s", router);
    lab_run("ip -n %s link add r1 type veth peer name b0 netns %s", router, host);
    lab_run("ip addr add 10.9.1.1/24 dev a0; ip addr add fd09:1::1/64 dev a0 nodad; "
            "ip link set a0 up");
    lab_run("ip -n %s addr add 10.9.1.2/24 dev r0; ip -n %s addr add fd09:1::2/64 dev r0 nodad; "
            "ip -n %s link set r0 up",
            router, router, router);
    lab_run("ip -n %s addr add 10.9.2.1/24 dev r1; ip -n %s addr add fd09:2::1/64 dev r1 nodad; "
            "ip -n %s link set r1 up",
            router, router, router);
    lab_run("ip -n %s addr add 10.9.2.2/24 dev b0; ip -n %s addr add fd09:2::2/64 dev b0 nodad; "
            "ip -n %s link set b0 up",
            host, host, host);
    lab_run("ip route add 10.9.2.0/24 via 10.9.1.2; ip -6 route add fd09:2::/64 via fd09:1::2");
    lab_run("ip -n %s route add 10.9.1.0/24 via 10.9.2.1; "
            "ip -n %s -6 route add fd09:1::/64 via fd09:2::1",
            host, host);
}

void lab_routers_down(void) {
    lab_run("ip netns del %s; ip netns del %s", router, host);
    lab_run("ip link del a0 2>/dev/null; true");
}

void lab_privileged(bool on) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];

    assert_int_equal(syscall(SYS_capget, &header, data), 0);
    for (int i = 0; i < 2; i++) {
        data[i].effective = on ? data[i].permitted : 0;
    }
    assert_int_equal(syscall(SYS_capset, &header, data), 0);
}
