/* SPDX-License-Identifier: MIT */
#include "net/source.h"

#include "base/diag.h"
#include "net/sockaddr.h"

#include <hops/addr.h>
#include <hops/net.h>

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* No packet is sent: connecting a UDP socket only asks for the route. */
#define DISCOVERY_PORT 80

static int udp_socket(const struct hops_addr *addr, const char *interface, int *out_errno) {
    int fd = hops_net_socket(hops_net_af(addr), SOCK_DGRAM, IPPROTO_UDP);

    if (fd < 0) {
        *out_errno = errno;
        return -1;
    }
    *out_errno = hops_net_set_interface(fd, interface);
    if (*out_errno != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

int hops_net_source_probe(const struct hops_addr *source, const char *interface) {
    struct sockaddr_storage sa;
    socklen_t len = hops_net_sockaddr_set(&sa, source, 0);
    int os_errno = 0;
    int fd = udp_socket(source, interface, &os_errno);

    if (fd < 0) {
        return os_errno;
    }
    os_errno = bind(fd, (const struct sockaddr *)&sa, len) == 0 ? 0 : errno;
    (void)close(fd);
    return os_errno;
}

int hops_net_source_watch(struct hops_net_source_watch *watch, uint32_t round,
                          const struct hops_addr *source) {
    if (!watch->checked || watch->round != round) {
        int os_errno = hops_net_source_probe(source, "");

        /* No descriptor to ask with is no answer. */
        watch->os_errno = os_errno == EADDRNOTAVAIL ? os_errno : 0;
        watch->checked = true;
        watch->round = round;
    }
    return watch->os_errno;
}

void hops_net_raise_descriptor_limit(void) {
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit); /* if not: fewer probes at a time */
    }
}

bool hops_net_source_is_ours(const struct hops_addr *addr) {
    return addr->family != HOPS_FAMILY_NONE && hops_net_source_probe(addr, "") == 0;
}

static enum hops_err check_given(struct hops_config *config, struct hops_diag *diag) {
    char text[HOPS_ADDR_TEXT_MAX];
    struct hops_addr source = config->source;
    int os_errno;

    if (hops_addr_is_link_local(&source) && source.scope == 0) {
        source.scope = config->target.scope;
    }
    os_errno = hops_net_source_probe(&source, "");
    if (os_errno != 0) {
        return hops_diag_set(diag, HOPS_ERR_NO_SOURCE,
                             "source address %s: %s (bind: %s); choose an address of this host, "
                             "\"ip address\" lists them",
                             hops_addr_format(&source, text),
                             os_errno == EADDRNOTAVAIL ? "not an address of this host"
                                                       : strerror(os_errno),
                             hops_errno_name(os_errno) == NULL ? "?" : hops_errno_name(os_errno));
    }
    config->source = source;
    return HOPS_OK;
}

/* The first address of the family, but rather one of the target's scope: a link-local source gets
 * no answer from beyond the link, and only a link-local one reaches a link-local target for sure.
 */
static enum hops_err by_interface(struct hops_config *config, const char *interface,
                                  struct hops_diag *diag) {
    struct ifaddrs *list = NULL;
    struct hops_addr first = {.family = HOPS_FAMILY_NONE};
    struct hops_addr best = {.family = HOPS_FAMILY_NONE};
    bool want_link_local = hops_addr_is_link_local(&config->target);

    if (getifaddrs(&list) != 0) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "cannot list interfaces: %s", strerror(errno));
    }
    for (const struct ifaddrs *i = list; i != NULL; i = i->ifa_next) {
        struct hops_addr addr;

        if (i->ifa_addr == NULL || strcmp(i->ifa_name, interface) != 0) {
            continue;
        }
        addr =
            hops_net_sockaddr_get(i->ifa_addr,
                                  i->ifa_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                                     : sizeof(struct sockaddr_in),
                                  NULL);
        if (addr.family != config->target.family) {
            continue;
        }
        if (first.family == HOPS_FAMILY_NONE) {
            first = addr;
        }
        if (best.family == HOPS_FAMILY_NONE && hops_addr_is_link_local(&addr) == want_link_local) {
            best = addr;
        }
    }
    freeifaddrs(list);
    if (first.family == HOPS_FAMILY_NONE) {
        return hops_diag_set(diag, HOPS_ERR_NO_INTERFACE,
                             "interface %s has no IPv%d address; give another interface or a "
                             "source address",
                             interface, (int)config->target.family);
    }
    config->source = best.family != HOPS_FAMILY_NONE ? best : first;
    return HOPS_OK;
}

static uint16_t discovery_port(const struct hops_config *config) {
    bool fixed =
        config->direction == HOPS_PORTS_FIXED_TARGET || config->direction == HOPS_PORTS_FIXED_BOTH;

    return fixed && config->target_port != 0 ? config->target_port : DISCOVERY_PORT;
}

static enum hops_err by_route(struct hops_config *config, struct hops_diag *diag) {
    char text[HOPS_ADDR_TEXT_MAX];
    struct sockaddr_storage sa;
    socklen_t len = hops_net_sockaddr_set(&sa, &config->target, discovery_port(config));
    int os_errno = 0;
    int fd = udp_socket(&config->target, "", &os_errno);

    if (fd < 0) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "cannot open an IPv%d socket: %s",
                             (int)config->target.family, strerror(os_errno));
    }
    if (connect(fd, (const struct sockaddr *)&sa, len) != 0) {
        os_errno = errno;
    } else {
        len = sizeof(sa);
        os_errno = getsockname(fd, (struct sockaddr *)&sa, &len) == 0 ? 0 : errno;
    }
    (void)close(fd);
    if (os_errno != 0) {
        return hops_diag_set(diag, HOPS_ERR_NO_ROUTE,
                             "no route to %s: %s (%s); see \"ip -%d route get %s\", or give a "
                             "source address or an interface",
                             hops_addr_format(&config->target, text), strerror(os_errno),
                             hops_errno_name(os_errno) == NULL ? "?" : hops_errno_name(os_errno),
                             (int)config->target.family, text);
    }
    config->source = hops_net_sockaddr_get(&sa, len, NULL);
    return HOPS_OK;
}

enum hops_err hops_net_source_settle(struct hops_config *config, const char *interface,
                                     struct hops_diag *diag) {
    char text[HOPS_ADDR_TEXT_MAX];
    struct hops_config settled = *config;
    enum hops_err err;

    if (interface[0] != '\0') {
        unsigned index = if_nametoindex(interface);

        if (index == 0) {
            return hops_diag_set(diag, HOPS_ERR_NO_INTERFACE,
                                 "unknown interface %s; \"ip link\" lists them", interface);
        }
        if (hops_addr_is_link_local(&settled.target) && settled.target.scope == 0) {
            settled.target.scope = index;
        }
    }
    if (hops_addr_is_link_local(&settled.target) && settled.target.scope == 0) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "%s is a link-local address and needs its interface: write %s%%eth0, "
                             "say, or give the interface",
                             hops_addr_format(&settled.target, text), text);
    }
    if (settled.source.family != HOPS_FAMILY_NONE) {
        err = check_given(&settled, diag);
    } else if (interface[0] != '\0') {
        err = by_interface(&settled, interface, diag);
    } else {
        err = by_route(&settled, diag);
    }
    if (err == HOPS_OK) {
        *config = settled;
    }
    return err;
}

bool hops_net_ping_usable(enum hops_family family) {
    int fd = family == HOPS_IPV6 ? hops_net_socket(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6)
                                 : hops_net_socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);

    if (fd < 0) {
        return false;
    }
    (void)close(fd);
    return true;
}

/* A zone is the name of an interface or its index (RFC 4007, section 11.2). */
static uint32_t zone_index(const char *zone) {
    char *end = NULL;
    unsigned long number;
    unsigned index = if_nametoindex(zone);

    if (index != 0) {
        return index;
    }
    if (zone[0] < '0' || zone[0] > '9') {
        return 0;
    }
    errno = 0;
    number = strtoul(zone, &end, 10);
    if (errno != 0 || *end != '\0' || number > UINT32_MAX) {
        return 0;
    }
    return (uint32_t)number;
}

bool hops_net_addr_parse(const char *text, struct hops_addr *out) {
    char head[HOPS_ADDR_TEXT_MAX];
    const char *percent = strchr(text, '%');
    struct hops_addr addr;
    size_t len;

    if (percent == NULL) {
        return hops_addr_parse(text, out);
    }
    len = (size_t)(percent - text);
    if (len >= sizeof(head)) {
        return false;
    }
    memcpy(head, text, len);
    head[len] = '\0';
    if (!hops_addr_parse(head, &addr) || !hops_addr_is_link_local(&addr)) {
        return false;
    }
    addr.scope = zone_index(percent + 1);
    if (addr.scope == 0) {
        return false;
    }
    *out = addr;
    return true;
}
