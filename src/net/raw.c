/* SPDX-License-Identifier: MIT */
#include "net/raw.h"

#include "base/diag.h"
#include "net/filter.h"
#include "net/sockaddr.h"

#include <errno.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel doubles it and counts its own overhead: room for some 2,500 small packets. */
#define RECEIVE_BUFFER (1 << 20)

static const struct {
    enum hops_family family;
    int protocol;
    bool sends;
    bool receives;
    const char *name;
} kinds[HOPS_NET_RAW_KINDS] = {
    [HOPS_NET_RAW_IPV4] = {HOPS_IPV4, IPPROTO_RAW, true, false, "IPv4"},
    [HOPS_NET_RAW_ICMP] = {HOPS_IPV4, IPPROTO_ICMP, false, true, "ICMP"},
    [HOPS_NET_RAW_ICMP6] = {HOPS_IPV6, IPPROTO_ICMPV6, true, true, "ICMPv6"},
    [HOPS_NET_RAW_UDP6] = {HOPS_IPV6, IPPROTO_UDP, true, false, "UDP over IPv6"},
    [HOPS_NET_RAW_TCP] = {HOPS_IPV4, IPPROTO_TCP, false, true, "TCP"},
    [HOPS_NET_RAW_TCP6] = {HOPS_IPV6, IPPROTO_TCP, true, true, "TCP over IPv6"},
};

enum hops_family hops_net_raw_family(enum hops_net_raw_kind kind) {
    return kinds[kind].family;
}

enum hops_net_raw_kind hops_net_raw_sender(enum hops_protocol protocol, enum hops_family family) {
    if (family == HOPS_IPV4) {
        return HOPS_NET_RAW_IPV4;
    }
    switch (protocol) {
    case HOPS_PROTOCOL_UDP:
        return HOPS_NET_RAW_UDP6;
    case HOPS_PROTOCOL_TCP:
        return HOPS_NET_RAW_TCP6;
    case HOPS_PROTOCOL_ICMP:
    default:
        return HOPS_NET_RAW_ICMP6;
    }
}

bool hops_net_raw_uses(enum hops_protocol protocol, enum hops_family family,
                       enum hops_net_raw_kind kind) {
    if (kinds[kind].family != family) {
        return false;
    }
    switch (kind) {
    case HOPS_NET_RAW_IPV4:
    case HOPS_NET_RAW_ICMP:
    case HOPS_NET_RAW_ICMP6: /* errors about any protocol are ICMP messages */
        return true;
    case HOPS_NET_RAW_UDP6:
        return protocol == HOPS_PROTOCOL_UDP;
    case HOPS_NET_RAW_TCP:
    case HOPS_NET_RAW_TCP6:
        return protocol == HOPS_PROTOCOL_TCP;
    }
    return false;
}

int hops_net_raw_stamp(int fd) {
    const int receive = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
    const int transmit = receive | SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY;
    /* Switching OPT_ID off and on starts the kernel's count anew. */
    int err = hops_net_set_int(fd, SOL_SOCKET, SO_TIMESTAMPING, transmit);

    if (err != 0) {
        return err;
    }
    return hops_net_set_int(fd, SOL_SOCKET, SO_TIMESTAMPING, transmit | SOF_TIMESTAMPING_OPT_ID);
}

int hops_net_stamp_arrivals(int fd) {
    return hops_net_set_int(fd, SOL_SOCKET, SO_TIMESTAMPING,
                            SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE);
}

void hops_net_raw_flush(int fd) {
    uint8_t octet;

    /* Bounded, for a flood could otherwise keep us here. */
    for (int i = 0; i < 10000; i++) {
        if (recv(fd, &octet, sizeof(octet), MSG_DONTWAIT | MSG_TRUNC) < 0 && errno != EINTR) {
            return;
        }
    }
}

static int configure_receiver(int fd, enum hops_family family) {
    int err = hops_net_set_int(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);

    if (err == 0 && hops_net_set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) != 0) {
        /* Needs CAP_NET_ADMIN; without it up to net.core.rmem_max. */
        err = hops_net_set_int(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
    }
    if (err == 0 && family == HOPS_IPV6) {
        err = hops_net_set_int(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
        if (err == 0) {
            err = hops_net_set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        }
    }
    return err;
}

static bool is_icmp(enum hops_net_raw_kind kind) {
    return kind == HOPS_NET_RAW_ICMP || kind == HOPS_NET_RAW_ICMP6;
}

int hops_net_raw_quiet(int fd, enum hops_net_raw_kind kind) {
    struct hops_net_filter none;

    if (kind == HOPS_NET_RAW_IPV4) {
        return 0; /* IPPROTO_RAW receives nothing */
    }
    if (is_icmp(kind)) {
        return hops_net_filter_icmp_none(fd, kinds[kind].family);
    }
    hops_net_filter_none(&none);
    return hops_net_filter_attach(fd, &none);
}

/* ICMP is quiet at once. A program that keeps TCP and UDP out has to be compiled by the kernel,
 * which costs more than a whole small trace: those sockets are closed or put to use soon (whoever
 * uses them throws away what they hold), or kept quiet by the link. */
static int configure(int fd, enum hops_net_raw_kind kind) {
    int err = is_icmp(kind) ? hops_net_raw_quiet(fd, kind) : 0;

    if (err != 0) {
        return err;
    }
    err = configure_receiver(fd, kinds[kind].family);
    if (err != 0) {
        return err;
    }
    /* A kernel without stamps makes times coarse, not tracing impossible. */
    if (kinds[kind].sends) {
        (void)hops_net_raw_stamp(fd);
    } else {
        (void)hops_net_stamp_arrivals(fd);
    }
    return 0;
}

static void open_kind(struct hops_net_raw *raw, enum hops_net_raw_kind kind) {
    int af = kinds[kind].family == HOPS_IPV4 ? AF_INET : AF_INET6;
    int fd = socket(af, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, kinds[kind].protocol);

    raw->fd[kind] = -1;
    raw->call[kind] = HOPS_CALL_SOCKET;
    if (fd < 0) {
        raw->os_errno[kind] = errno;
        return;
    }
    raw->call[kind] = HOPS_CALL_SETSOCKOPT;
    raw->os_errno[kind] = configure(fd, kind);
    if (raw->os_errno[kind] != 0) {
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
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        open_kind(raw, (enum hops_net_raw_kind)kind);
    }
    *out = raw;
    return HOPS_OK;
}

void hops_net_raw_keep(struct hops_net_raw *raw, enum hops_protocol protocol, bool ipv4,
                       bool ipv6) {
    for (int kind = 0; raw != NULL && kind < HOPS_NET_RAW_KINDS; kind++) {
        bool family = kinds[kind].family == HOPS_IPV4 ? ipv4 : ipv6;

        if (raw->fd[kind] >= 0 && !(family && hops_net_raw_uses(protocol, kinds[kind].family,
                                                                (enum hops_net_raw_kind)kind))) {
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
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        if (raw->fd[kind] >= 0) {
            (void)close(raw->fd[kind]);
        }
    }
    mem->free(raw, mem->user);
}

/* The first kind that is needed and not there, or HOPS_NET_RAW_KINDS. */
static int missing(const struct hops_net_raw *raw, enum hops_protocol protocol,
                   enum hops_family family) {
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        if (hops_net_raw_uses(protocol, family, (enum hops_net_raw_kind)kind) &&
            raw->fd[kind] < 0) {
            return kind;
        }
    }
    return HOPS_NET_RAW_KINDS;
}

bool hops_net_raw_usable(const struct hops_net_raw *raw, enum hops_protocol protocol,
                         enum hops_family family) {
    return raw != NULL && missing(raw, protocol, family) == HOPS_NET_RAW_KINDS;
}

enum hops_err hops_net_raw_check(const struct hops_net_raw *raw, enum hops_protocol protocol,
                                 enum hops_family family, struct hops_diag *diag) {
    int kind = missing(raw, protocol, family);

    if (kind == HOPS_NET_RAW_KINDS) {
        return HOPS_OK;
    }

    int os_errno = raw->os_errno[kind];
    const char *name = hops_errno_name(os_errno);

    if (os_errno == EPERM || os_errno == EACCES) {
        return hops_diag_set(diag, HOPS_ERR_PRIVILEGE,
                             "no raw socket for %s: %s: %s (%s); run as root, give the program the "
                             "right once (setcap cap_net_raw+ep), or trace without it (-u)",
                             kinds[kind].name, hops_call_name(raw->call[kind]), strerror(os_errno),
                             name != NULL ? name : "?");
    }
    return hops_diag_set(diag, HOPS_ERR_SYSTEM, "no raw socket for %s: %s: %s (%s)",
                         kinds[kind].name, hops_call_name(raw->call[kind]), strerror(os_errno),
                         name != NULL ? name : "?");
}
