/* SPDX-License-Identifier: MIT
 *
 * TCP by connect(): a socket per probe tells a completed handshake from a refusal; errors of
 * routers come by the ICMP socket and match by ports. A four-tuple that exists already is
 * EADDRINUSE from connect() on these systems (macOS: also one in TIME_WAIT), which makes the tracer
 * skip the probe.
 *
 * A free source port is bound without any reuse option, so that a taken one is EADDRINUSE at bind.
 * A fixed one is held by a guard: bound plainly, then opened for our own sockets by SO_REUSEPORT.
 */
#include "net/bsd.h"

#include "base/diag.h"
#include "net/errors.h"
#include "net/sockaddr.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOTS    512
#define PORT_MIN 1024

/* The kernel sends a SYN again after a second. */
#define LIFE (900 * HOPS_MS)

struct slot {
    bool used;
    int fd;
    struct hops_probe probe;
    hops_ns sent;
};

struct hops_net_bsd_tcp {
    int guard; /* holds a fixed source port, or -1 */
    struct slot slots[SLOTS];
};

static void slot_close(struct slot *slot) {
    if (slot->used) {
        (void)close(slot->fd); /* with a reset: SO_LINGER is set */
        slot->used = false;
    }
}

/* What a socket says. */

/* The target answered; the kernel took the packet, so there is no stamp. Needs room. */
static void push_target(struct hops_net_bsd *link, const struct hops_net_bsd_seat *seat,
                        struct slot *slot, enum hops_reply_kind kind) {
    const struct hops_reply reply = {.kind = kind,
                                     .responder = seat->config.target,
                                     .local = seat->config.source,
                                     .ttl = -1,
                                     .quote = {.protocol = HOPS_PROTOCOL_TCP,
                                               .src = seat->config.source,
                                               .dst = seat->config.target,
                                               .tos = -1,
                                               .ttl = -1,
                                               .src_port = slot->probe.src_port,
                                               .dst_port = slot->probe.dst_port,
                                               .udp_len = 8},
                                     .known_probe = true,
                                     .probe_id = slot->probe.id,
                                     .when = hops_net_now(),
                                     .coarse = true};

    link->counters.received++;
    link->counters.coarse++;
    *hops_net_inbox_push(&link->inbox) = (struct hops_inbound){.kind = HOPS_INBOUND_REPLY,
                                                               .attachment = seat->attachment,
                                                               .probe_id = slot->probe.id,
                                                               .when = reply.when,
                                                               .reply = reply};
    slot_close(slot);
}

static bool is_dead(int fd) {
    struct pollfd p = {.fd = fd};

    return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP) != 0;
}

/* Asks a socket how its connect() fares. Needs room in the inbox. */
static void examine(struct hops_net_bsd *link, const struct hops_net_bsd_seat *seat,
                    struct slot *slot) {
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);
    int os_errno = 0;

    if (getpeername(slot->fd, (struct sockaddr *)&peer, &len) == 0) {
        push_target(link, seat, slot, HOPS_REPLY_TCP);
        return;
    }
    len = sizeof(os_errno);
    if (getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &os_errno, &len) != 0) {
        os_errno = errno;
    }
    switch (os_errno) {
    case 0:
        if (is_dead(slot->fd)) { /* its error is gone: nothing more will come */
            slot_close(slot);
        }
        break;
    case ECONNREFUSED:
        push_target(link, seat, slot, HOPS_REPLY_TCP_REFUSED);
        break;
    case ECONNRESET:
    case EPIPE:
        /* Connected, and reset before we looked: it did answer. */
        push_target(link, seat, slot, HOPS_REPLY_TCP);
        break;
    default:
        slot_close(slot); /* the ICMP message that says so comes by the ICMP socket */
        break;
    }
}

/* Sending. */

static int set_options(const struct hops_net_bsd *link, const struct hops_net_bsd_seat *seat,
                       int fd, const struct hops_probe *probe) {
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    const bool v6 = seat->config.target.family == HOPS_IPV6;
    int err = hops_net_set_interface(fd, link->env.interface);

    /* Without reset each handshake would block its port for a minute (TIME_WAIT). */
    if (err == 0 && setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) != 0) {
        err = errno;
    }
    if (err == 0) {
        err = v6 ? hops_net_set_int(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, probe->ttl)
                 : hops_net_set_int(fd, IPPROTO_IP, IP_TTL, probe->ttl);
    }
    if (err == 0) {
        err = v6 ? hops_net_set_int(fd, IPPROTO_IPV6, IPV6_TCLASS, seat->config.tos)
                 : hops_net_set_int(fd, IPPROTO_IP, IP_TOS, seat->config.tos);
    }
    if (err == 0 && seat->tcp->guard >= 0) {
        err = hops_net_set_int(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    }
    return err;
}

static int bind_to(int fd, const struct hops_addr *source, uint16_t port) {
    struct sockaddr_storage from;
    socklen_t len = hops_net_sockaddr_set(&from, source, port);

    return bind(fd, (const struct sockaddr *)&from, len) == 0 ? 0 : errno;
}

/* A socket ready to connect, in slot->fd. */
static struct hops_send_result open_bound(const struct hops_net_bsd *link,
                                          const struct hops_net_bsd_seat *seat, struct slot *slot) {
    int fd = hops_net_socket(hops_net_af(&seat->config.target), SOCK_STREAM, IPPROTO_TCP);
    enum hops_call call = HOPS_CALL_SETSOCKOPT;
    int err;

    if (fd < 0) {
        return hops_net_result(HOPS_CALL_SOCKET, errno, 0);
    }
    err = set_options(link, seat, fd, &slot->probe);
    if (err == 0) {
        call = HOPS_CALL_BIND;
        err = bind_to(fd, &seat->config.source, slot->probe.src_port);
    }
    if (err != 0) {
        (void)close(fd);
    } else {
        slot->fd = fd;
        slot->used = true;
    }
    return hops_net_result(call, err, 0);
}

static struct hops_send_result connect_slot(struct hops_net_bsd *link,
                                            const struct hops_net_bsd_seat *seat, struct slot *slot,
                                            uint32_t local) {
    struct sockaddr_storage to;
    socklen_t len = hops_net_sockaddr_set(&to, &seat->config.target, slot->probe.dst_port);
    struct hops_send_result result;
    int err;

    slot->sent = hops_net_now();
    err = connect(slot->fd, (const struct sockaddr *)&to, len) == 0 ? 0 : errno;
    result = hops_net_result(HOPS_CALL_CONNECT, err, slot->sent);
    if (hops_net_refused(HOPS_CALL_CONNECT, err)) {
        push_target(link, seat, slot, HOPS_REPLY_TCP_REFUSED);
        return result;
    }
    if (result.status == HOPS_SEND_OK &&
        !hops_net_watch(&link->env, slot->fd, HOPS_NET_WRITABLE, seat->attachment, local)) {
        result = (struct hops_send_result){
            .status = HOPS_SEND_FAILED, .call = HOPS_CALL_CONNECT, .os_errno = errno};
    }
    if (result.status != HOPS_SEND_OK) {
        slot_close(slot);
    }
    return result;
}

/* With a fixed source port a probe of an earlier round may still have the same two ports. */
static uint32_t free_slot(struct hops_net_bsd_tcp *tcp, const struct hops_probe *probe) {
    uint32_t found = SLOTS;

    for (uint32_t i = 0; i < SLOTS; i++) {
        struct slot *slot = &tcp->slots[i];

        if (slot->used && slot->probe.dst_port == probe->dst_port &&
            slot->probe.src_port == probe->src_port) {
            slot_close(slot);
        }
        if (!slot->used && found == SLOTS) {
            found = i;
        }
    }
    return found;
}

struct hops_send_result hops_net_bsd_tcp_send(struct hops_net_bsd *link,
                                              struct hops_net_bsd_seat *seat,
                                              const struct hops_probe *probe) {
    uint32_t local = free_slot(seat->tcp, probe);
    struct hops_send_result result;

    if (local == SLOTS || hops_net_inbox_room(&link->inbox) == 0) {
        return hops_net_result(HOPS_CALL_SOCKET, EMFILE, 0);
    }

    struct slot *slot = &seat->tcp->slots[local];

    *slot = (struct slot){.used = false, .probe = *probe};
    result = open_bound(link, seat, slot);
    return result.status == HOPS_SEND_OK ? connect_slot(link, seat, slot, local) : result;
}

/* Receiving. */

void hops_net_bsd_tcp_ready(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                            uint32_t local) {
    if (local < SLOTS && seat->tcp->slots[local].used && hops_net_inbox_room(&link->inbox) > 0) {
        examine(link, seat, &seat->tcp->slots[local]);
    }
}

/* Looks once more at what is about to be closed. */
void hops_net_bsd_tcp_expire(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                             hops_ns now) {
    for (uint32_t i = 0; i < SLOTS && hops_net_inbox_room(&link->inbox) > 0; i++) {
        struct slot *slot = &seat->tcp->slots[i];

        if (slot->used && slot->sent + LIFE <= now) {
            examine(link, seat, slot);
            slot_close(slot);
        }
    }
}

hops_ns hops_net_bsd_tcp_deadline(const struct hops_net_bsd_seat *seat) {
    hops_ns due = HOPS_NEVER;

    for (uint32_t i = 0; i < SLOTS; i++) {
        const struct slot *slot = &seat->tcp->slots[i];

        if (slot->used && slot->sent + LIFE < due) {
            due = slot->sent + LIFE;
        }
    }
    return due;
}

void hops_net_bsd_tcp_release(struct hops_net_bsd_seat *seat, uint32_t probe_id) {
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (seat->tcp->slots[i].used && seat->tcp->slots[i].probe.id == probe_id) {
            slot_close(&seat->tcp->slots[i]);
        }
    }
}

/* Beginning and end of a trace. */

static enum hops_err refused(const struct hops_config *config, uint16_t port, int os_errno,
                             struct hops_diag *diag) {
    char text[HOPS_ADDR_TEXT_MAX];
    enum hops_err err = HOPS_ERR_SYSTEM;

    if (os_errno == EADDRINUSE) {
        err = HOPS_ERR_PORT_TAKEN;
    } else if (os_errno == EADDRNOTAVAIL) {
        err = HOPS_ERR_NO_SOURCE;
    } else if (os_errno == EACCES) {
        err = HOPS_ERR_PRIVILEGE;
    }
    return hops_diag_set(diag, err, "TCP source port %u of %s: %s", (unsigned)port,
                         hops_addr_format(&config->source, text), strerror(os_errno));
}

static enum hops_err take_port(struct hops_net_bsd_seat *seat, struct hops_diag *diag) {
    struct hops_config *config = &seat->config;
    uint16_t port = config->source_port;
    int fd = hops_net_socket(hops_net_af(&config->target), SOCK_STREAM, IPPROTO_TCP);
    int err;

    seat->tcp->guard = fd;
    if (fd < 0) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "cannot open a TCP socket: %s",
                             strerror(errno));
    }
    err = bind_to(fd, &config->source, port);
    for (int tries = 0;
         config->source_port_proposed && err == EADDRINUSE && tries < UINT16_MAX - PORT_MIN;
         tries++) {
        port = port == UINT16_MAX ? PORT_MIN : (uint16_t)(port + 1);
        err = bind_to(fd, &config->source, port);
    }
    if (err == 0) {
        err = hops_net_set_int(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    }
    if (err != 0) {
        return refused(config, port, err, diag);
    }
    config->source_port = port;
    return HOPS_OK;
}

enum hops_err hops_net_bsd_tcp_new(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                                   struct hops_diag *diag) {
    const struct hops_mem *mem = link->env.mem;

    assert(seat->config.protocol == HOPS_PROTOCOL_TCP);
    if (seat->config.direction == HOPS_PORTS_FIXED_BOTH) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "connect() probes TCP with one fixed port");
    }
    seat->tcp = mem->calloc(1, sizeof(*seat->tcp), mem->user);
    if (seat->tcp == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    seat->tcp->guard = -1;
    return seat->config.direction == HOPS_PORTS_FIXED_SOURCE ? take_port(seat, diag) : HOPS_OK;
}

void hops_net_bsd_tcp_free(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat) {
    if (seat->tcp == NULL) {
        return;
    }
    for (uint32_t i = 0; i < SLOTS; i++) {
        slot_close(&seat->tcp->slots[i]);
    }
    if (seat->tcp->guard >= 0) {
        (void)close(seat->tcp->guard);
    }
    link->env.mem->free(seat->tcp, link->env.mem->user);
}
