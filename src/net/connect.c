/* SPDX-License-Identifier: MIT
 *
 * With a free source port no reuse option is set, so that every clash of ports is EADDRINUSE at
 * bind and a missing address is EADDRNOTAVAIL there; the two need no guessing. A fixed source port
 * is held by a guard: bound plainly, then opened for our own sockets by SO_REUSEPORT. What is left
 * for connect to refuse with EADDRNOTAVAIL is a connection that exists already.
 */
#include "net/connect.h"

#include "base/diag.h"
#include "net/dgram_open.h"
#include "net/errors.h"
#include "net/errqueue.h"
#include "net/inbox.h"
#include "net/sockaddr.h"
#include "net/source.h"

#include <hops/addr.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define SLOTS 1024
#define LIFE  (900 * HOPS_MS)

#define PORT_MIN 1024

/* An answered probe gives one thing to hand out. */
#define INBOX_PER_PROBE 1

struct slot {
    bool used;
    int fd;
    struct hops_probe probe;
    hops_ns sent;
};

struct connector {
    struct hops_net_channel base;
    const struct hops_net_env *env;
    struct hops_config config;
    struct hops_net_clock clock;
    int guard;  /* holds a fixed source port, or -1 */
    int keeper; /* keeps stamping on, or -1 */
    struct slot *slots;
    struct hops_net_inbox inbox;
};

static struct connector *of(struct hops_net_channel *channel) {
    return (struct connector *)channel; /* its first member */
}

static void slot_close(struct slot *slot) {
    if (slot->used) {
        (void)close(slot->fd); /* with a reset: SO_LINGER is set */
        slot->used = false;
    }
}

static void set_due(struct connector *c) {
    hops_ns due = HOPS_NEVER;

    for (size_t i = 0; i < SLOTS; i++) {
        if (c->slots[i].used && c->slots[i].sent + LIFE < due) {
            due = c->slots[i].sent + LIFE;
        }
    }
    c->base.due = c->inbox.len > 0 ? 0 : due;
}

/* What a socket says. */

static void push_reply(struct connector *c, struct slot *slot, struct hops_reply *reply) {
    reply->known_probe = true;
    reply->probe_id = slot->probe.id;
    reply->quote.src_port = slot->probe.src_port;
    reply->quote.dst_port = slot->probe.dst_port;
    c->env->counters->received++;
    c->env->counters->coarse += reply->coarse ? 1 : 0;
    *hops_net_inbox_push(&c->inbox) = (struct hops_inbound){.kind = HOPS_INBOUND_REPLY,
                                                            .attachment = c->base.attachment,
                                                            .probe_id = slot->probe.id,
                                                            .when = reply->when,
                                                            .reply = *reply};
    slot_close(slot);
}

static void push_failure(struct connector *c, struct slot *slot, int os_errno) {
    int why = os_errno == 0 ? EHOSTUNREACH : os_errno;

    *hops_net_inbox_push(&c->inbox) = (struct hops_inbound){
        .kind = HOPS_INBOUND_FAILED,
        .attachment = c->base.attachment,
        .probe_id = slot->probe.id,
        .when = c->clock.read_at,
        .failure = {.status = HOPS_SEND_FAILED, .call = HOPS_CALL_CONNECT, .os_errno = why}};
    slot_close(slot);
}

/* The target itself answered, and the kernel took the packet: there is no stamp. */
static void push_target(struct connector *c, struct slot *slot, enum hops_reply_kind kind) {
    struct hops_reply reply;
    struct tcp_info info = {0};
    socklen_t len = sizeof(info);

    hops_net_clock_sample(&c->clock);
    hops_net_reply_begin(NULL, &c->config, &c->clock, slot->sent, &reply);
    reply.kind = kind;
    /* But of a handshake the kernel knows how long it took. */
    if (kind == HOPS_REPLY_TCP && getsockopt(slot->fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
        info.tcpi_rtt > 0 && info.tcpi_total_retrans == 0 &&
        slot->sent + info.tcpi_rtt * HOPS_US <= reply.when) {
        reply.when = slot->sent + info.tcpi_rtt * HOPS_US;
        reply.coarse = false;
    }
    push_reply(c, slot, &reply);
}

/* Reads the error queue, always first: reading it changes SO_ERROR. True if the slot is done. */
static bool read_errors(struct connector *c, struct slot *slot) {
    struct hops_net_message message;
    struct hops_reply reply;

    while (hops_net_message_read(slot->fd, true, &c->clock, &message) == 0) {
        enum hops_net_entry entry =
            hops_net_entry_decode(&message, &c->config, &c->clock, slot->sent, &reply);

        if (entry == HOPS_NET_ENTRY_LOCAL) {
            push_failure(c, slot, message.cmsgs.error.os_errno);
            return true;
        }
        if (entry == HOPS_NET_ENTRY_REPLY) {
            push_reply(c, slot, &reply);
            return true;
        }
        c->env->counters->received++;
        c->env->counters->ignored++;
    }
    return false;
}

/* Asked anew, since what epoll reported may be about a closed socket that had this slot before. */
static bool is_dead(int fd) {
    struct pollfd p = {.fd = fd};

    return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP) != 0;
}

/* Asks a socket how its connect() fares. Needs room in the inbox. */
static void examine(struct connector *c, struct slot *slot) {
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);
    int os_errno = 0;

    if (read_errors(c, slot)) {
        return;
    }
    if (getpeername(slot->fd, (struct sockaddr *)&peer, &len) == 0) {
        push_target(c, slot, HOPS_REPLY_TCP);
        return;
    }
    len = sizeof(os_errno);
    if (getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &os_errno, &len) != 0) {
        os_errno = errno;
    }
    switch (os_errno) {
    case 0:
        /* Dead, and its error is gone: nothing more will come. Otherwise still under way. */
        if (is_dead(slot->fd)) {
            slot_close(slot);
        }
        break;
    case ECONNREFUSED:
        push_target(c, slot, HOPS_REPLY_TCP_REFUSED);
        break;
    case ECONNRESET:
    case EPIPE:
        /* Connected, and reset before we looked: it did answer. */
        push_target(c, slot, HOPS_REPLY_TCP);
        break;
    default:
        slot_close(slot); /* somebody unknown says that it is over */
        break;
    }
}

/* Sending. */

static int set_options(const struct connector *c, int fd, const struct hops_probe *probe) {
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    enum hops_family family = (enum hops_family)c->config.target.family;
    bool v6 = family == HOPS_IPV6;
    int level = v6 ? SOL_IPV6 : SOL_IP;
    int os_errno = hops_net_socket_prepare(fd, family, false);

    /* Without reset each handshake would block its port for a minute (TIME_WAIT). */
    if (os_errno == 0 && setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) != 0) {
        os_errno = errno;
    }
    if (os_errno == 0) {
        os_errno = hops_net_set_interface(fd, c->env->interface);
    }
    if (os_errno == 0) {
        os_errno = hops_net_set_int(fd, level, v6 ? IPV6_UNICAST_HOPS : IP_TTL, probe->ttl);
    }
    if (os_errno == 0) {
        os_errno = hops_net_set_int(fd, level, v6 ? IPV6_TCLASS : IP_TOS, c->config.tos);
    }
    if (os_errno == 0 && c->guard >= 0) {
        os_errno = hops_net_set_int(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    }
    return os_errno;
}

/* A socket ready to connect. */
static struct hops_send_result open_bound(const struct connector *c, const struct hops_probe *probe,
                                          int *out_fd) {
    struct sockaddr_storage from;
    socklen_t len = hops_net_sockaddr_set(&from, &c->config.source, probe->src_port);
    enum hops_call call = HOPS_CALL_SETSOCKOPT;
    int os_errno;
    int fd = socket(hops_net_af(&c->config.target), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                    IPPROTO_TCP);

    if (fd < 0) {
        return hops_net_result(HOPS_CALL_SOCKET, errno, 0);
    }
    os_errno = set_options(c, fd, probe);
    if (os_errno == 0) {
        call = HOPS_CALL_BIND;
        os_errno = bind(fd, (const struct sockaddr *)&from, len) == 0 ? 0 : errno;
    }
    if (os_errno != 0) {
        (void)close(fd);
        return hops_net_result(call, os_errno, 0);
    }
    *out_fd = fd;
    return hops_net_result(call, 0, 0);
}

static int connect_once(const struct connector *c, int fd, const struct hops_probe *probe) {
    struct sockaddr_storage to;
    socklen_t len = hops_net_sockaddr_set(&to, &c->config.target, probe->dst_port);

    return connect(fd, (const struct sockaddr *)&to, len) == 0 ? 0 : errno;
}

/* With a fixed source port a probe of an earlier round may still have the same two ports. */
static void close_same_ports(struct connector *c, const struct hops_probe *probe) {
    for (size_t i = 0; i < SLOTS; i++) {
        if (c->slots[i].used && c->slots[i].probe.dst_port == probe->dst_port &&
            c->slots[i].probe.src_port == probe->src_port) {
            slot_close(&c->slots[i]);
        }
    }
}

static struct slot *slot_unused(struct connector *c) {
    for (size_t i = 0; i < SLOTS; i++) {
        if (!c->slots[i].used) {
            return &c->slots[i];
        }
    }
    return NULL;
}

static struct hops_send_result connect_slot(struct connector *c, struct slot *slot) {
    struct hops_send_result result;
    int os_errno;

    slot->sent = hops_net_now();
    os_errno = connect_once(c, slot->fd, &slot->probe);
    result = hops_net_result(HOPS_CALL_CONNECT, os_errno, slot->sent);
    if (hops_net_refused(HOPS_CALL_CONNECT, os_errno)) {
        /* Refused while we were calling: by RST, or by an ICMP message that is in the queue. */
        if (!read_errors(c, slot)) {
            push_target(c, slot, HOPS_REPLY_TCP_REFUSED);
        }
        return result;
    }
    if (result.status != HOPS_SEND_OK) {
        /* An answer that came within the call looks like a missing route; the queue has it. */
        size_t before = c->inbox.len;

        if (read_errors(c, slot) && c->inbox.len > before) {
            return (struct hops_send_result){.status = HOPS_SEND_OK, .when = slot->sent};
        }
        slot_close(slot);
        return result;
    }
    if (!hops_net_watch(c->env, slot->fd, EPOLLOUT, c->base.attachment,
                        (uint32_t)(slot - c->slots))) {
        result = (struct hops_send_result){
            .status = HOPS_SEND_FAILED, .call = HOPS_CALL_CONNECT, .os_errno = errno};
        slot_close(slot);
    }
    return result;
}

static struct hops_send_result connect_send(struct hops_net_channel *channel,
                                            const struct hops_probe *probe, hops_ns now) {
    struct connector *c = of(channel);
    struct slot *slot = slot_unused(c);
    struct hops_send_result result;
    int fd = -1;

    (void)now;
    if (slot == NULL || hops_net_inbox_room(&c->inbox) < INBOX_PER_PROBE) {
        return hops_net_result(HOPS_CALL_SOCKET, EMFILE, 0);
    }
    close_same_ports(c, probe);
    result = open_bound(c, probe, &fd);
    if (result.status == HOPS_SEND_OK) {
        *slot = (struct slot){.used = true, .fd = fd, .probe = *probe};
        result = connect_slot(c, slot);
    }
    set_due(c);
    return result;
}

/* Receiving. */

/* Looks once more at what is about to be closed. */
static void expire(struct connector *c, hops_ns now) {
    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *slot = &c->slots[i];

        if (hops_net_inbox_room(&c->inbox) < INBOX_PER_PROBE) {
            return;
        }
        if (slot->used && slot->sent + LIFE <= now) {
            examine(c, slot);
            slot_close(slot);
        }
    }
}

static bool hand_out(struct connector *c, struct hops_inbound *out) {
    bool some = hops_net_inbox_pop(&c->inbox, out);

    set_due(c);
    return some;
}

static bool connect_receive(struct hops_net_channel *channel, hops_ns now,
                            struct hops_inbound *out) {
    struct connector *c = of(channel);

    expire(c, now);
    return hand_out(c, out);
}

static bool connect_ready(struct hops_net_channel *channel, uint32_t local, uint32_t events,
                          hops_ns now, struct hops_inbound *out) {
    struct connector *c = of(channel);

    (void)now;
    (void)events;
    if (local < SLOTS && c->slots[local].used &&
        hops_net_inbox_room(&c->inbox) >= INBOX_PER_PROBE) {
        examine(c, &c->slots[local]);
    }
    return hand_out(c, out);
}

static void connect_release(struct hops_net_channel *channel, uint32_t probe_id) {
    struct connector *c = of(channel);

    for (size_t i = 0; i < SLOTS; i++) {
        if (c->slots[i].used && c->slots[i].probe.id == probe_id) {
            slot_close(&c->slots[i]);
        }
    }
    set_due(c);
}

static void connect_free(struct hops_net_channel *channel) {
    struct connector *c = of(channel);
    const struct hops_mem *mem = c->env->mem;

    for (size_t i = 0; c->slots != NULL && i < SLOTS; i++) {
        slot_close(&c->slots[i]);
    }
    if (c->guard >= 0) {
        (void)close(c->guard);
    }
    if (c->keeper >= 0) {
        (void)close(c->keeper);
    }
    mem->free(c->slots, mem->user);
    mem->free(c, mem->user);
}

static const struct hops_net_channel_ops connect_ops = {.send = connect_send,
                                                        .receive = connect_receive,
                                                        .ready = connect_ready,
                                                        .release = connect_release,
                                                        .free = connect_free};

/* Making one. */

static int bind_guard(int fd, const struct hops_config *config, uint16_t port) {
    struct sockaddr_storage from;
    socklen_t len = hops_net_sockaddr_set(&from, &config->source, port);

    return bind(fd, (const struct sockaddr *)&from, len) == 0 ? 0 : errno;
}

static enum hops_err take_port(struct connector *c, struct hops_config *config,
                               struct hops_diag *diag) {
    uint16_t port = config->source_port;
    int os_errno;

    c->guard = socket(hops_net_af(&config->target), SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (c->guard < 0) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "cannot open a TCP socket: %s",
                             strerror(errno));
    }
    os_errno = bind_guard(c->guard, config, port);
    if (config->source_port_proposed) {
        for (int tries = 0; os_errno == EADDRINUSE && tries < UINT16_MAX - PORT_MIN; tries++) {
            port = port == UINT16_MAX ? PORT_MIN : (uint16_t)(port + 1);
            os_errno = bind_guard(c->guard, config, port);
        }
    }
    if (os_errno != 0) {
        return hops_net_bind_error(config, port, os_errno, diag);
    }
    os_errno = hops_net_set_int(c->guard, SOL_SOCKET, SO_REUSEPORT, 1);
    if (os_errno != 0) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "cannot share source port %u: %s",
                             (unsigned)port, strerror(os_errno));
    }
    config->source_port = port;
    return HOPS_OK;
}

enum hops_err hops_net_connect_new(const struct hops_net_env *env, uint32_t attachment,
                                   struct hops_config *config, hops_ns now,
                                   struct hops_net_channel **out, struct hops_diag *diag) {
    const struct hops_mem *mem = env->mem;
    struct hops_config settled = *config;
    struct connector *c;
    enum hops_err err = HOPS_OK;

    (void)now;
    if (config->protocol != HOPS_PROTOCOL_TCP || config->direction == HOPS_PORTS_FIXED_BOTH) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "connect() probes TCP with one fixed port");
    }
    c = (struct connector *)mem->calloc(1, sizeof(*c), mem->user);
    if (c == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    c->base =
        (struct hops_net_channel){.ops = &connect_ops, .attachment = attachment, .due = HOPS_NEVER};
    c->env = env;
    c->guard = -1;
    c->keeper = -1;
    hops_net_clock_init(&c->clock);
    hops_net_clock_sample(&c->clock);
    c->slots = (struct slot *)mem->calloc(SLOTS, sizeof(*c->slots), mem->user);
    if (c->slots == NULL) {
        err = hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    } else if (config->direction == HOPS_PORTS_FIXED_SOURCE) {
        err = take_port(c, &settled, diag);
    }
    if (err != HOPS_OK) {
        connect_free(&c->base);
        return err;
    }
    hops_net_raise_descriptor_limit();
    c->keeper = hops_net_stamp_keeper((enum hops_family)config->target.family);
    c->config = settled;
    *config = settled;
    *out = &c->base;
    return HOPS_OK;
}
