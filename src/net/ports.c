/* SPDX-License-Identifier: MIT */
#include "net/ports.h"

#include "base/rng.h"
#include "net/sockaddr.h"

#include <assert.h>
#include <errno.h>
#include <hops/addr.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUCKETS 4096
#define NONE    UINT32_MAX

struct slot {
    struct hops_net_port port;
    int fd;
    uint32_t count; /* 0: free */
    uint32_t next;  /* in its bucket, or in the list of free slots */
};

struct hops_net_ports {
    const struct hops_net_env *env;
    hops_net_port_open *open;
    uint32_t first_local;
    struct slot *slots;
    uint32_t size;
    uint32_t free; /* first free slot */
    uint32_t buckets[BUCKETS];
};

static int receive_options(int fd, const struct hops_addr *source) {
    int err = hops_net_stamp_arrivals(fd);

    if (err != 0) {
        return err;
    }
    return source->family == HOPS_IPV4 ? hops_net_set_int(fd, IPPROTO_IP, IP_RECVTTL, 1)
                                       : hops_net_set_int(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
}

int hops_net_port_open_socket(const struct hops_net_env *env, const struct hops_net_port *port,
                              enum hops_call *call, int *os_errno) {
    const bool udp = port->protocol == HOPS_PROTOCOL_UDP;
    struct sockaddr_storage address;
    socklen_t len = hops_net_sockaddr_set(&address, &port->source, port->number);
    int fd = hops_net_socket(hops_net_af(&port->source), udp ? SOCK_DGRAM : SOCK_STREAM, 0);

    if (fd < 0) {
        *call = HOPS_CALL_SOCKET;
        *os_errno = errno;
        return -1;
    }
    *call = HOPS_CALL_SETSOCKOPT;
    *os_errno = hops_net_set_interface(fd, env->interface);
    if (*os_errno == 0 && udp) {
        *os_errno = receive_options(fd, &port->source);
    }
    if (*os_errno == 0) {
        *call = HOPS_CALL_BIND;
        *os_errno = bind(fd, (const struct sockaddr *)&address, len) == 0 ? 0 : errno;
    }
    if (*os_errno != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

struct hops_net_ports *hops_net_ports_new(const struct hops_net_env *env, hops_net_port_open *open,
                                          uint32_t first_local) {
    struct hops_net_ports *ports = env->mem->calloc(1, sizeof(*ports), env->mem->user);

    if (ports == NULL) {
        return NULL;
    }
    ports->env = env;
    ports->open = open;
    ports->first_local = first_local;
    ports->free = NONE;
    for (size_t i = 0; i < BUCKETS; i++) {
        ports->buckets[i] = NONE;
    }
    return ports;
}

void hops_net_ports_free(struct hops_net_ports *ports) {
    if (ports == NULL) {
        return;
    }
    for (uint32_t i = 0; i < ports->size; i++) {
        if (ports->slots[i].count > 0) {
            (void)close(ports->slots[i].fd);
        }
    }
    ports->env->mem->free(ports->slots, ports->env->mem->user);
    ports->env->mem->free(ports, ports->env->mem->user);
}

static uint32_t bucket_of(const struct hops_net_port *port) {
    uint64_t seed = (uint64_t)port->protocol << 16 | port->number;

    return (uint32_t)(hops_addr_hash(&port->source, rng_mix(seed)) % BUCKETS);
}

static uint32_t lookup(const struct hops_net_ports *ports, const struct hops_net_port *port) {
    uint32_t at = ports->buckets[bucket_of(port)];

    while (at != NONE) {
        const struct hops_net_port *held = &ports->slots[at].port;

        if (held->protocol == port->protocol && held->number == port->number &&
            hops_addr_equal(&held->source, &port->source)) {
            return at;
        }
        at = ports->slots[at].next;
    }
    return NONE;
}

bool hops_net_ports_held(const struct hops_net_ports *ports, const struct hops_net_port *port) {
    return lookup(ports, port) != NONE;
}

/* Makes sure that there is a free slot. */
static bool grow(struct hops_net_ports *ports) {
    if (ports->free != NONE) {
        return true;
    }

    uint32_t size = ports->size == 0 ? 64 : ports->size * 2;
    struct slot *slots =
        ports->env->mem->realloc(ports->slots, size * sizeof(*slots), ports->env->mem->user);

    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = ports->size; i < size; i++) {
        slots[i] = (struct slot){.fd = -1, .count = 0, .next = i + 1 < size ? i + 1 : NONE};
    }
    ports->free = ports->size;
    ports->slots = slots;
    ports->size = size;
    return true;
}

struct hops_net_hold hops_net_ports_hold(struct hops_net_ports *ports,
                                         const struct hops_net_port *port) {
    struct hops_net_hold hold = {.handle = lookup(ports, port)};

    if (hold.handle != NONE) {
        ports->slots[hold.handle].count++;
        return hold;
    }
    if (!grow(ports)) {
        hold.call = HOPS_CALL_SOCKET;
        hold.os_errno = ENOMEM;
        return hold;
    }

    int fd = ports->open(ports->env, port, &hold.call, &hold.os_errno);

    if (fd < 0) {
        return hold;
    }
    hold.handle = ports->free;
    if (port->protocol == HOPS_PROTOCOL_UDP &&
        !hops_net_watch(ports->env, fd, HOPS_NET_READABLE, HOPS_NET_SHARED,
                        ports->first_local + hold.handle)) {
        hold.call = HOPS_CALL_SOCKET;
        hold.os_errno = errno == ENOSPC ? ENOBUFS : errno; /* fs.epoll.max_user_watches */
        (void)close(fd);
        return hold;
    }

    struct slot *slot = &ports->slots[hold.handle];
    uint32_t *bucket = &ports->buckets[bucket_of(port)];

    ports->free = slot->next;
    *slot = (struct slot){.port = *port, .fd = fd, .count = 1, .next = *bucket};
    *bucket = hold.handle;
    hold.fresh = true;
    hold.call = HOPS_CALL_NONE;
    return hold;
}

void hops_net_ports_drop(struct hops_net_ports *ports, uint32_t handle) {
    assert(handle < ports->size && ports->slots[handle].count > 0);

    struct slot *slot = &ports->slots[handle];

    if (--slot->count > 0) {
        return;
    }
    (void)close(slot->fd); /* also takes it out of the set */

    uint32_t *link = &ports->buckets[bucket_of(&slot->port)];

    while (*link != handle) {
        link = &ports->slots[*link].next;
    }
    *link = slot->next;
    slot->fd = -1;
    slot->next = ports->free;
    ports->free = handle;
}

int hops_net_ports_find(const struct hops_net_ports *ports, uint32_t local,
                        struct hops_net_port *out) {
    uint32_t handle = local - ports->first_local;

    if (local < ports->first_local || handle >= ports->size || ports->slots[handle].count == 0) {
        return -1;
    }
    *out = ports->slots[handle].port;
    return ports->slots[handle].fd;
}
