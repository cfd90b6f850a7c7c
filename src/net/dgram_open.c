/* SPDX-License-Identifier: MIT */
#include "net/dgram_open.h"

#include "base/diag.h"
#include "net/errors.h"
#include "net/errqueue.h"
#include "net/sockaddr.h"

#include <hops/addr.h>

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

/* The error queue is charged to this buffer, and what does not fit vanishes without a trace. */
#define RECEIVE_BUFFER (1 << 20)

#define PORT_MIN 1024

static int open_socket(const struct hops_net_env *env, enum hops_family family, int protocol,
                       bool shared, enum hops_call *out_call, int *out_errno) {
    int fd = socket(family == HOPS_IPV6 ? AF_INET6 : AF_INET,
                    SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

    *out_call = HOPS_CALL_SOCKET;
    if (fd < 0) {
        *out_errno = errno;
        return -1;
    }
    *out_call = HOPS_CALL_SETSOCKOPT;
    *out_errno = hops_net_socket_prepare(fd, family, true);
    if (*out_errno == 0) {
        *out_errno = hops_net_set_interface(fd, env->interface);
    }
    if (*out_errno != 0) {
        (void)close(fd);
        return -1;
    }
    if (shared) {
        (void)hops_net_set_int(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER); /* as much as we get */
        (void)hops_net_set_int(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
    }
    return fd;
}

static int bind_to(int fd, const struct hops_addr *source, uint16_t port) {
    struct sockaddr_storage sa;
    socklen_t len = hops_net_sockaddr_set(&sa, source, port);

    return bind(fd, (const struct sockaddr *)&sa, len) == 0 ? 0 : errno;
}

static const char *errno_text(int os_errno) {
    const char *name = hops_errno_name(os_errno);

    return name == NULL ? "?" : name;
}

enum hops_err hops_net_bind_error(const struct hops_config *config, uint16_t port, int os_errno,
                                  struct hops_diag *diag) {
    char text[HOPS_ADDR_TEXT_MAX];

    (void)hops_addr_format(&config->source, text);
    switch (os_errno) {
    case EADDRINUSE:
        return hops_diag_set(diag, HOPS_ERR_PORT_TAKEN,
                             "source port %u of %s is in use by another program; choose another "
                             "one, or none",
                             (unsigned)port, text);
    case EADDRNOTAVAIL:
        return hops_diag_set(diag, HOPS_ERR_NO_SOURCE,
                             "source address %s: not an address of this host (bind: EADDRNOTAVAIL)",
                             text);
    case EACCES:
        return hops_diag_set(diag, HOPS_ERR_PRIVILEGE,
                             "source port %u needs CAP_NET_BIND_SERVICE; choose one from 1024 on",
                             (unsigned)port);
    default:
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "cannot bind %s port %u: %s (%s)", text,
                             (unsigned)port, strerror(os_errno), errno_text(os_errno));
    }
}

static enum hops_err open_error(const struct hops_config *config, enum hops_call call, int os_errno,
                                struct hops_diag *diag) {
    bool refused = os_errno == EACCES || os_errno == EPERM;

    if (config->protocol == HOPS_PROTOCOL_ICMP && call == HOPS_CALL_SOCKET && refused) {
        return hops_diag_set(
            diag, HOPS_ERR_PRIVILEGE,
            "this user may not open ICMP sockets: sysctl net.ipv4.ping_group_range does not "
            "include any of its groups; use --udp, widen the range, or give the program "
            "CAP_NET_RAW (setcap cap_net_raw+p)");
    }
    return hops_diag_set(diag, refused ? HOPS_ERR_PRIVILEGE : HOPS_ERR_SYSTEM,
                         "cannot open an IPv%d %s socket: %s: %s (%s)", (int)config->target.family,
                         hops_protocol_name(config->protocol), hops_call_name(call),
                         strerror(os_errno), errno_text(os_errno));
}

enum hops_err hops_net_ping_open(const struct hops_net_env *env, struct hops_config *config,
                                 int *out_fd, struct hops_diag *diag) {
    enum hops_family family = (enum hops_family)config->target.family;
    struct sockaddr_storage sa;
    socklen_t len = sizeof(sa);
    enum hops_call call;
    uint16_t id = 0;
    int os_errno;
    int fd = open_socket(env, family, family == HOPS_IPV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP, true,
                         &call, &os_errno);

    if (fd < 0) {
        return open_error(config, call, os_errno, diag);
    }
    os_errno = bind_to(fd, &config->source, 0);
    if (os_errno != 0) {
        (void)close(fd);
        return hops_net_bind_error(config, 0, os_errno, diag);
    }
    if (getsockname(fd, (struct sockaddr *)&sa, &len) != 0) {
        os_errno = errno;
        (void)close(fd);
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "cannot read the ICMP identifier: %s",
                             strerror(os_errno));
    }
    (void)hops_net_sockaddr_get(&sa, len, &id);
    config->trace_id = id;
    *out_fd = fd;
    return HOPS_OK;
}

/* The next port in 1024..65535. */
static uint16_t port_after(uint16_t port) {
    return port == UINT16_MAX ? PORT_MIN : (uint16_t)(port + 1);
}

enum hops_err hops_net_udp_open_shared(const struct hops_net_env *env, struct hops_config *config,
                                       int *out_fd, struct hops_diag *diag) {
    uint16_t port = config->source_port;
    enum hops_call call;
    int os_errno;
    int fd = open_socket(env, (enum hops_family)config->target.family, IPPROTO_UDP, true, &call,
                         &os_errno);

    if (fd < 0) {
        return open_error(config, call, os_errno, diag);
    }
    os_errno = bind_to(fd, &config->source, port);
    if (config->source_port_proposed) {
        for (int tries = 0; os_errno == EADDRINUSE && tries < UINT16_MAX - PORT_MIN; tries++) {
            port = port_after(port);
            os_errno = bind_to(fd, &config->source, port);
        }
    }
    if (os_errno != 0) {
        (void)close(fd);
        return hops_net_bind_error(config, port, os_errno, diag);
    }
    config->source_port = port;
    *out_fd = fd;
    return HOPS_OK;
}

struct hops_send_result hops_net_udp_open_probe(const struct hops_net_env *env,
                                                const struct hops_config *config, uint16_t port,
                                                int *out_fd) {
    enum hops_call call;
    int os_errno;
    int fd = open_socket(env, (enum hops_family)config->target.family, IPPROTO_UDP, false, &call,
                         &os_errno);

    if (fd < 0) {
        return hops_net_result(call, os_errno, 0);
    }
    os_errno = bind_to(fd, &config->source, port);
    if (os_errno != 0) {
        (void)close(fd);
        return hops_net_result(HOPS_CALL_BIND, os_errno, 0);
    }
    *out_fd = fd;
    return hops_net_result(HOPS_CALL_BIND, 0, 0);
}

int hops_net_stamp_keeper(enum hops_family family) {
    int fd =
        socket(family == HOPS_IPV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);

    if (fd >= 0 && hops_net_socket_stamps(fd, false) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}
