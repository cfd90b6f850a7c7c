/* SPDX-License-Identifier: MIT */
#include "net/sockaddr.h"

#include <hops/addr.h>

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

int hops_net_af(const struct hops_addr *addr) {
    switch (addr->family) {
    case HOPS_IPV4:
        return AF_INET;
    case HOPS_IPV6:
        return AF_INET6;
    default:
        return AF_UNSPEC;
    }
}

socklen_t hops_net_sockaddr_set(struct sockaddr_storage *out, const struct hops_addr *addr,
                                uint16_t port) {
    memset(out, 0, sizeof(*out));
    if (addr->family == HOPS_IPV4) {
        struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(port)};

        memcpy(&sin.sin_addr, addr->octets, 4);
        memcpy(out, &sin, sizeof(sin));
        return sizeof(sin);
    }
    if (addr->family == HOPS_IPV6) {
        struct sockaddr_in6 sin6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

        memcpy(&sin6.sin6_addr, addr->octets, 16);
        sin6.sin6_scope_id = hops_addr_is_link_local(addr) ? addr->scope : 0;
        memcpy(out, &sin6, sizeof(sin6));
        return sizeof(sin6);
    }
    out->ss_family = AF_UNSPEC;
    return sizeof(out->ss_family);
}

struct hops_addr hops_net_sockaddr_get(const void *sa, size_t len, uint16_t *port) {
    struct hops_addr none = {.family = HOPS_FAMILY_NONE};
    sa_family_t family = AF_UNSPEC;

    if (port != NULL) {
        *port = 0;
    }
    /* On BSD its length comes first. */
    if (len < offsetof(struct sockaddr, sa_family) + sizeof(family)) {
        return none;
    }
    memcpy(&family, (const uint8_t *)sa + offsetof(struct sockaddr, sa_family), sizeof(family));
    if (family == AF_INET && len >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in sin;
        uint8_t octets[4];

        memcpy(&sin, sa, sizeof(sin));
        memcpy(octets, &sin.sin_addr, sizeof(octets));
        if (port != NULL) {
            *port = ntohs(sin.sin_port);
        }
        return hops_addr_ipv4(octets);
    }
    if (family == AF_INET6 && len >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 sin6;
        uint8_t octets[16];
        struct hops_addr addr;

        memcpy(&sin6, sa, sizeof(sin6));
        memcpy(octets, &sin6.sin6_addr, sizeof(octets));
        if (port != NULL) {
            *port = ntohs(sin6.sin6_port);
        }
        addr = hops_addr_ipv6(octets, 0);
        addr.scope = hops_addr_is_link_local(&addr) ? sin6.sin6_scope_id : 0;
        return addr;
    }
    return none;
}

int hops_net_socket(int af, int type, int protocol) {
#if defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)
    return socket(af, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
#else
    int fd = socket(af, type, protocol);

    if (fd >= 0 && (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0)) {
        int os_errno = errno;

        (void)close(fd);
        errno = os_errno;
        return -1;
    }
    return fd;
#endif
}

int hops_net_set_int(int fd, int level, int option, int value) {
    return setsockopt(fd, level, option, &value, sizeof(value)) == 0 ? 0 : errno;
}

#if defined(SO_BINDTODEVICE)
static int tie(int fd, const char *interface) {
    return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)) == 0
               ? 0
               : errno;
}
#elif defined(IP_BOUND_IF) && defined(IPV6_BOUND_IF)
static int tie(int fd, const char *interface) {
    struct sockaddr_storage name;
    socklen_t len = sizeof(name);
    unsigned index = if_nametoindex(interface);

    if (index == 0) {
        return ENODEV;
    }
    if (getsockname(fd, (struct sockaddr *)&name, &len) != 0) {
        return errno;
    }
    return name.ss_family == AF_INET6
               ? hops_net_set_int(fd, IPPROTO_IPV6, IPV6_BOUND_IF, (int)index)
               : hops_net_set_int(fd, IPPROTO_IP, IP_BOUND_IF, (int)index);
}
#else
static int tie(int fd, const char *interface) {
    (void)fd;
    return if_nametoindex(interface) == 0 ? ENODEV : ENOPROTOOPT;
}
#endif

int hops_net_set_interface(int fd, const char *interface) {
    return interface[0] == '\0' ? 0 : tie(fd, interface);
}
