/* SPDX-License-Identifier: MIT
 *
 * Opening sockets: the raw ones at the start of a process, the datagram ICMP ones that macOS gives
 * to everybody when a trace needs them.
 */
#include "net/bsd.h"

#include "base/diag.h"
#include "net/sockaddr.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BUFFER (1 << 20)

static const struct {
    enum hops_family family;
    int protocol;
    const char *name;
} kinds[HOPS_NET_BSD_KINDS] = {
    [HOPS_NET_BSD_IPV4] = {HOPS_IPV4, IPPROTO_RAW, "IPv4"},
    [HOPS_NET_BSD_ICMP] = {HOPS_IPV4, IPPROTO_ICMP, "ICMP"},
    [HOPS_NET_BSD_ICMP6] = {HOPS_IPV6, IPPROTO_ICMPV6, "ICMPv6"},
    [HOPS_NET_BSD_UDP6] = {HOPS_IPV6, IPPROTO_UDP, "UDP over IPv6"},
};

/* TCP is probed by connect() and only has its errors read. */
static bool uses(enum hops_protocol protocol, enum hops_family family,
                 enum hops_net_bsd_kind kind) {
    if (kinds[kind].family != family) {
        return false;
    }
    switch (kind) {
    case HOPS_NET_BSD_IPV4:
        return protocol != HOPS_PROTOCOL_TCP;
    case HOPS_NET_BSD_UDP6:
        return protocol == HOPS_PROTOCOL_UDP;
    case HOPS_NET_BSD_ICMP:
    case HOPS_NET_BSD_ICMP6:
        return true;
    case HOPS_NET_BSD_KINDS:
        break;
    }
    return false;
}

int hops_net_stamp_arrivals(int fd) {
    return hops_net_set_int(fd, SOL_SOCKET, SO_TIMESTAMP, 1);
}

static int receive_options(int fd, enum hops_family family) {
    int err = 0;

    (void)hops_net_set_int(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER); /* as much as we get */
    (void)hops_net_stamp_arrivals(fd); /* without it times are coarse */
    if (family == HOPS_IPV6) {
        err = hops_net_set_int(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
        if (err == 0) {
            err = hops_net_set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        }
    }
    return err;
}

static int try_order(void *user, const uint8_t *datagram, size_t len) {
    static const uint8_t loopback[4] = {127, 0, 0, 1};
    const struct hops_addr self = hops_addr_ipv4(loopback);
    struct sockaddr_storage to;
    socklen_t to_len = hops_net_sockaddr_set(&to, &self, 0);

    return sendto(*(const int *)user, datagram, len, 0, (const struct sockaddr *)&to, to_len) >= 0
               ? 0
               : errno;
}

/* IP_HDRINCL, which IPPROTO_RAW does not imply on BSD, and the order it wants. */
static int include_header(int fd, enum hops_net_order *out) {
    int err = hops_net_set_int(fd, IPPROTO_IP, IP_HDRINCL, 1);

    return err != 0 ? err : hops_net_order_find(try_order, &fd, out);
}

static void open_kind(struct hops_net_raw *raw, enum hops_net_bsd_kind kind) {
    int fd = hops_net_socket(kinds[kind].family == HOPS_IPV4 ? AF_INET : AF_INET6, SOCK_RAW,
                             kinds[kind].protocol);
    int err;

    raw->fd[kind] = -1;
    raw->call[kind] = HOPS_CALL_SOCKET;
    if (fd < 0) {
        raw->os_errno[kind] = errno;
        return;
    }
    raw->call[kind] = HOPS_CALL_SETSOCKOPT;
    err = kind == HOPS_NET_BSD_IPV4 ? include_header(fd, &raw->order)
                                    : receive_options(fd, kinds[kind].family);
    if (err != 0) {
        raw->os_errno[kind] = err;
        (void)close(fd);
        return;
    }
    raw->fd[kind] = fd;
}

enum hops_err hops_net_raw_open(struct hops_net_raw **out) {
    const struct hops_mem *mem = hops_mem_default();
    struct hops_net_raw *raw = mem->calloc(1, sizeof(*raw), mem->user);

    if (raw == NULL) {
        return HOPS_ERR_NOMEM;
    }
    for (int kind = 0; kind < HOPS_NET_BSD_KINDS; kind++) {
        open_kind(raw, (enum hops_net_bsd_kind)kind);
    }
    *out = raw;
    return HOPS_OK;
}

void hops_net_raw_keep(struct hops_net_raw *raw, enum hops_protocol protocol, bool ipv4,
                       bool ipv6) {
    for (int kind = 0; raw != NULL && kind < HOPS_NET_BSD_KINDS; kind++) {
        bool family = kinds[kind].family == HOPS_IPV4 ? ipv4 : ipv6;

        if (raw->fd[kind] >= 0 &&
            !(family && uses(protocol, kinds[kind].family, (enum hops_net_bsd_kind)kind))) {
            (void)close(raw->fd[kind]);
            raw->fd[kind] = -1;
            raw->os_errno[kind] = EBADF;
        }
    }
}

void hops_net_raw_close(struct hops_net_raw *raw) {
    const struct hops_mem *mem = hops_mem_default();

    if (raw == NULL) {
        return;
    }
    for (int kind = 0; kind < HOPS_NET_BSD_KINDS; kind++) {
        if (raw->fd[kind] >= 0) {
            (void)close(raw->fd[kind]);
        }
    }
    mem->free(raw, mem->user);
}

/* The first kind that is needed and not there, or HOPS_NET_BSD_KINDS. */
static int missing(const struct hops_net_raw *raw, enum hops_protocol protocol,
                   enum hops_family family) {
    int kind = 0;

    while (kind < HOPS_NET_BSD_KINDS &&
           !(uses(protocol, family, (enum hops_net_bsd_kind)kind) && raw->fd[kind] < 0)) {
        kind++;
    }
    return kind;
}

bool hops_net_raw_usable(const struct hops_net_raw *raw, enum hops_protocol protocol,
                         enum hops_family family) {
    return raw != NULL && missing(raw, protocol, family) == HOPS_NET_BSD_KINDS;
}

enum hops_err hops_net_bsd_raw_check(const struct hops_net_raw *raw, enum hops_protocol protocol,
                                     enum hops_family family, struct hops_diag *diag) {
    int kind = missing(raw, protocol, family);
    int os_errno;

    if (kind == HOPS_NET_BSD_KINDS) {
        return HOPS_OK;
    }
    os_errno = raw->os_errno[kind];
    return hops_diag_set(
        diag, os_errno == EPERM || os_errno == EACCES ? HOPS_ERR_PRIVILEGE : HOPS_ERR_SYSTEM,
        "no raw socket for %s: %s: %s; raw sockets need root", kinds[kind].name,
        hops_call_name(raw->call[kind]), strerror(os_errno));
}

/* macOS lets everybody send echo requests by datagram ICMP sockets, and delivers to them what raw
 * ones get. The BSDs have none. */
static int open_datagram(enum hops_family family, int *out_errno) {
    int fd = family == HOPS_IPV6 ? hops_net_socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6)
                                 : hops_net_socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);

    if (fd < 0) {
        *out_errno = errno;
        return -1;
    }
    *out_errno = receive_options(fd, family);
    if (*out_errno != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static enum hops_err open_icmp(const struct hops_net_bsd *link, enum hops_family family, bool raw,
                               struct hops_net_bsd_icmp *icmp, struct hops_diag *diag) {
    int os_errno = 0;

    if (raw) {
        icmp->fd = link->raw->fd[family == HOPS_IPV6 ? HOPS_NET_BSD_ICMP6 : HOPS_NET_BSD_ICMP];
        icmp->borrowed = true;
        return HOPS_OK;
    }
    icmp->fd = open_datagram(family, &os_errno);
    if (icmp->fd >= 0 && family == HOPS_IPV4) {
        os_errno = include_header(icmp->fd, &icmp->order);
    }
    if (icmp->fd >= 0 && os_errno == 0) {
        os_errno = hops_net_set_interface(icmp->fd, link->env.interface);
    }
    if (os_errno == 0) {
        return HOPS_OK;
    }
    if (icmp->fd >= 0) {
        (void)close(icmp->fd);
        icmp->fd = -1;
    }
    return hops_diag_set(diag, HOPS_ERR_PRIVILEGE,
                         "no ICMP socket for this user: %s; tracing needs root here",
                         strerror(os_errno));
}

enum hops_err hops_net_bsd_icmp_open(struct hops_net_bsd *link, enum hops_family family, bool raw,
                                     struct hops_diag *diag) {
    struct hops_net_bsd_icmp *icmp = &link->icmp[family == HOPS_IPV6];
    enum hops_err err = HOPS_OK;

    if (icmp->fd < 0) {
        err = open_icmp(link, family, raw, icmp, diag);
    }
    if (err == HOPS_OK && !icmp->watched) {
        icmp->watched = hops_net_watch(
            &link->env, icmp->fd, HOPS_NET_READABLE, HOPS_NET_SHARED,
            (uint32_t)(family == HOPS_IPV6 ? HOPS_NET_BSD_ICMP6 : HOPS_NET_BSD_ICMP));
        if (!icmp->watched) {
            err =
                hops_diag_set(diag, HOPS_ERR_SYSTEM, "cannot watch a socket: %s", strerror(errno));
        }
    }
    return err;
}
