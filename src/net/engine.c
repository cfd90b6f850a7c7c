/* SPDX-License-Identifier: MIT */
#include "net/engine_parts.h"

#include "base/diag.h"
#include "base/rng.h"
#include "net/errors.h"
#include "net/filter.h"
#include "net/sockaddr.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Ports tried for a proposed source port before giving up. */
#define PROPOSALS_MAX 4096

static void *allocate(const struct hops_net_engine *engine, size_t count, size_t size) {
    return engine->env->mem->calloc(count, size, engine->env->mem->user);
}

static void release_memory(const struct hops_net_engine *engine, void *memory) {
    engine->env->mem->free(memory, engine->env->mem->user);
}

/* Which packets get through. */

static void widen(struct hops_net_ports_span *span, uint16_t lo, uint16_t hi) {
    if (span->lo > span->hi) {
        *span = (struct hops_net_ports_span){lo, hi};
        return;
    }
    span->lo = lo < span->lo ? lo : span->lo;
    span->hi = hi > span->hi ? hi : span->hi;
}

/* All ports between the lowest and the highest of the TCP traces: stretches of the sequence space
 * lie side by side, so little more than that comes through. */
static void tcp_spans(const struct hops_net_engine *engine, enum hops_family family,
                      struct hops_net_ports_span *local, struct hops_net_ports_span *remote) {
    *local = (struct hops_net_ports_span){.lo = 1, .hi = 0};
    *remote = *local;
    for (const struct hops_net_raw_channel *c = engine->channels; c != NULL; c = c->next) {
        const struct hops_config *config = &c->config;

        if (config->protocol != HOPS_PROTOCOL_TCP || config->target.family != family) {
            continue;
        }
        if (config->direction == HOPS_PORTS_FIXED_TARGET) {
            widen(local, config->initial_sequence, config->last_sequence);
            widen(remote, config->target_port, config->target_port);
        } else {
            widen(local, config->source_port, config->source_port);
            widen(remote, config->initial_sequence, config->last_sequence);
        }
    }
}

static bool wants_echo(const struct hops_net_engine *engine, enum hops_family family) {
    for (const struct hops_net_raw_channel *c = engine->channels; c != NULL; c = c->next) {
        if (c->config.protocol == HOPS_PROTOCOL_ICMP && c->config.target.family == family) {
            return true;
        }
    }
    return false;
}

static int choose_filter(struct hops_net_engine *engine, enum hops_net_raw_kind kind) {
    const enum hops_family family = hops_net_raw_family(kind);
    const int fd = engine->raw->fd[kind];
    struct hops_net_filter filter;
    struct hops_net_ports_span local;
    struct hops_net_ports_span remote;

    switch (kind) {
    case HOPS_NET_RAW_ICMP:
    case HOPS_NET_RAW_ICMP6:
        return hops_net_filter_icmp(fd, family, wants_echo(engine, family));
    case HOPS_NET_RAW_TCP:
    case HOPS_NET_RAW_TCP6:
        tcp_spans(engine, family, &local, &remote);
        hops_net_filter_tcp(&filter, family, local, remote);
        return hops_net_filter_attach(fd, &filter);
    case HOPS_NET_RAW_IPV4:
    case HOPS_NET_RAW_UDP6:
    default:
        return hops_net_raw_quiet(fd, kind); /* these only send */
    }
}

/* Sockets without users that are not quiet yet. Not done when the last trace goes: the link may be
 * about to be closed, and a filter costs more than that. */
void hops_net_engine_quiet(struct hops_net_engine *engine) {
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        if (engine->users[kind] == 0 && engine->raw->fd[kind] >= 0) {
            (void)hops_net_raw_quiet(engine->raw->fd[kind], (enum hops_net_raw_kind)kind);
            hops_net_raw_flush(engine->raw->fd[kind]);
        }
    }
    engine->loud = false;
}

/* What the kernel has dropped at this socket so far. */
static bool read_drops(int fd, uint32_t *out) {
    enum { DROPS = 8, FIELDS = 16 }; /* SK_MEMINFO_DROPS of linux/sock_diag.h */
    uint32_t info[FIELDS] = {0};
    socklen_t len = sizeof(info);

    if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len) != 0 || len <= DROPS * sizeof(info[0])) {
        return false;
    }
    *out = info[DROPS];
    return true;
}

/* Sockets come into use with the first trace that needs them, and go out of use with the last. */

static bool is_sender(enum hops_net_raw_kind kind) {
    return kind != HOPS_NET_RAW_ICMP && kind != HOPS_NET_RAW_TCP;
}

static int begin_use(struct hops_net_engine *engine, enum hops_net_raw_kind kind) {
    struct hops_net_sender *sender = &engine->senders[kind];

    if (is_sender(kind) && sender->ring == NULL) {
        sender->ring = allocate(engine, 1, sizeof(*sender->ring));
        if (sender->ring == NULL) {
            return ENOMEM;
        }
    }
    /* EPOLLERR, which needs no asking for, tells of transmit stamps. */
    return hops_net_watch(engine->env, engine->raw->fd[kind], EPOLLIN, HOPS_NET_SHARED,
                          (uint32_t)kind)
               ? 0
               : errno;
}

static void unuse(struct hops_net_engine *engine, enum hops_net_raw_kind kind) {
    const int fd = engine->raw->fd[kind];

    assert(engine->users[kind] > 0);
    engine->users[kind]--;
    if (engine->users[kind] > 0) {
        /* One that cannot be changed lets through too much of what nobody waits for. */
        (void)choose_filter(engine, kind);
    } else {
        uint32_t drops;

        if (read_drops(fd, &drops)) { /* after the last packet nothing else tells of them */
            engine->env->counters->overflow += drops - engine->drops[kind];
            engine->drops[kind] = drops;
        }
        engine->loud = true;
        (void)epoll_ctl(engine->env->queue, EPOLL_CTL_DEL, fd, NULL);
    }
}

static int use(struct hops_net_engine *engine, enum hops_net_raw_kind kind) {
    int err = 0;

    if (engine->users[kind] == 0) {
        err = begin_use(engine, kind);
        if (err != 0) {
            return err;
        }
    }
    engine->users[kind]++;
    err = choose_filter(engine, kind);
    if (err != 0) {
        unuse(engine, kind);
    } else if (engine->users[kind] == 1) {
        /* what came before its first trace is nobody's, read or lost */
        hops_net_raw_flush(engine->raw->fd[kind]);
        (void)read_drops(engine->raw->fd[kind], &engine->drops[kind]);
    }
    return err;
}

static void unuse_sockets(struct hops_net_raw_channel *channel, int below) {
    for (int kind = 0; kind < below; kind++) {
        if (hops_net_raw_uses(channel->config.protocol, channel->config.target.family,
                              (enum hops_net_raw_kind)kind)) {
            unuse(channel->engine, (enum hops_net_raw_kind)kind);
        }
    }
}

/* The channel is in the engine's list already: filters are made for all in it. */
static enum hops_err use_sockets(struct hops_net_raw_channel *channel, struct hops_diag *diag) {
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        int err;

        if (!hops_net_raw_uses(channel->config.protocol, channel->config.target.family,
                               (enum hops_net_raw_kind)kind)) {
            continue;
        }
        err = use(channel->engine, (enum hops_net_raw_kind)kind);
        if (err != 0) {
            unuse_sockets(channel, kind);
            if (err == ENOMEM) {
                return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
            }
            return hops_diag_set(diag, HOPS_ERR_SYSTEM, "raw socket: %s", strerror(err));
        }
    }
    return HOPS_OK;
}

/* The source port of a whole trace. */

static enum hops_err port_refused(const struct hops_net_hold *hold, const char *protocol,
                                  unsigned port, struct hops_diag *diag) {
    if (hold->call == HOPS_CALL_BIND && hold->os_errno == EADDRINUSE) {
        return hops_diag_set(diag, HOPS_ERR_PORT_TAKEN,
                             "%s source port %u is in use by another program; choose another one",
                             protocol, port);
    }
    if (hold->call == HOPS_CALL_BIND && hold->os_errno == EACCES) {
        return hops_diag_set(diag, HOPS_ERR_PRIVILEGE,
                             "%s source port %u is privileged: it needs CAP_NET_BIND_SERVICE; "
                             "choose one from 1024 on",
                             protocol, port);
    }
    if (hold->call == HOPS_CALL_BIND && hold->os_errno == EADDRNOTAVAIL) {
        return hops_diag_set(diag, HOPS_ERR_NO_SOURCE,
                             "the source address is not on this host any more (EADDRNOTAVAIL)");
    }
    if (hold->os_errno == ENOMEM) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    return hops_diag_set(diag, HOPS_ERR_SYSTEM, "%s source port %u: %s: %s", protocol, port,
                         hops_call_name(hold->call), strerror(hold->os_errno));
}

static uint16_t next_port(uint16_t port) {
    return port >= UINT16_MAX ? 1024 : (uint16_t)(port + 1);
}

/* Only a proposed port may move, and then to one that no other trace has either. */
static enum hops_err hold_trace_port(struct hops_net_raw_channel *channel, struct hops_diag *diag) {
    struct hops_config *config = &channel->config;
    const bool movable = config->source_port_proposed;
    struct hops_net_port port = {
        .protocol = config->protocol, .source = config->source, .number = config->source_port};
    struct hops_net_hold hold = {.call = HOPS_CALL_BIND, .os_errno = EADDRINUSE};

    for (int tries = 0; tries < (movable ? PROPOSALS_MAX : 1); tries++) {
        if (!movable || !hops_net_ports_held(channel->engine->ports, &port)) {
            hold = hops_net_ports_hold(channel->engine->ports, &port);
        }
        if (hold.os_errno == 0) {
            channel->trace_hold = hold.handle;
            config->source_port = port.number;
            return HOPS_OK;
        }
        if (hold.call != HOPS_CALL_BIND || hold.os_errno != EADDRINUSE) {
            break;
        }
        if (movable) {
            port.number = next_port(port.number);
        }
    }
    return port_refused(&hold, config->protocol == HOPS_PROTOCOL_TCP ? "TCP" : "UDP", port.number,
                        diag);
}

static enum hops_err prepare_ports(struct hops_net_raw_channel *channel, struct hops_diag *diag) {
    if (channel->config.protocol == HOPS_PROTOCOL_ICMP) {
        return HOPS_OK;
    }
    if (channel->config.direction != HOPS_PORTS_FIXED_TARGET) {
        return hold_trace_port(channel, diag);
    }
    channel->holds = allocate(channel->engine, HOPS_NET_HOLDS, sizeof(*channel->holds));
    if (channel->holds == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < HOPS_NET_HOLDS; i++) {
        channel->holds[i].handle = HOPS_NET_HOLD_NONE;
    }
    return HOPS_OK;
}

static void drop_ports(struct hops_net_raw_channel *channel) {
    if (channel->trace_hold != HOPS_NET_HOLD_NONE) {
        hops_net_ports_drop(channel->engine->ports, channel->trace_hold);
    }
    for (size_t i = 0; channel->holds != NULL && i < HOPS_NET_HOLDS; i++) {
        if (channel->holds[i].handle != HOPS_NET_HOLD_NONE) {
            hops_net_ports_drop(channel->engine->ports, channel->holds[i].handle);
        }
    }
}

static void drop_hold(struct hops_net_raw_channel *channel, size_t at) {
    hops_net_ports_drop(channel->engine->ports, channel->holds[at].handle);
    channel->holds[at].handle = HOPS_NET_HOLD_NONE;
}

static void release(struct hops_net_channel *base, uint32_t probe_id) {
    struct hops_net_raw_channel *channel = (struct hops_net_raw_channel *)base;
    const size_t at = probe_id % HOPS_NET_HOLDS;

    /* A late word about an old probe must not free the port of the one that has its slot now. */
    if (channel->holds != NULL && channel->holds[at].handle != HOPS_NET_HOLD_NONE &&
        channel->holds[at].probe_id == probe_id) {
        drop_hold(channel, at);
    }
}

void hops_net_raw_keep_hold(struct hops_net_raw_channel *channel, uint32_t probe_id,
                            uint32_t handle) {
    const size_t at = probe_id % HOPS_NET_HOLDS;

    /* Whoever is 4,096 probes older is long expired. */
    if (channel->holds[at].handle != HOPS_NET_HOLD_NONE) {
        drop_hold(channel, at);
    }
    channel->holds[at].probe_id = probe_id;
    channel->holds[at].handle = handle;
}

/* Channels of traces. */

static void list_remove(struct hops_net_raw_channel *channel) {
    struct hops_net_raw_channel **link = &channel->engine->channels;

    while (*link != channel) {
        link = &(*link)->next;
    }
    *link = channel->next;
}

static void channel_free(struct hops_net_channel *base) {
    struct hops_net_raw_channel *channel = (struct hops_net_raw_channel *)base;
    struct hops_net_engine *engine = channel->engine;

    list_remove(channel);
    unuse_sockets(channel, HOPS_NET_RAW_KINDS);
    drop_ports(channel);
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        if (engine->senders[kind].ring != NULL) {
            hops_net_stamp_ring_forget(engine->senders[kind].ring, base->attachment);
        }
    }
    if (engine->held && engine->reply.attachment == base->attachment) {
        engine->held = false;
        engine->shared.due = HOPS_NEVER;
    }
    release_memory(engine, channel->holds);
    release_memory(engine, channel);
}

static bool nothing_to_receive(struct hops_net_channel *channel, hops_ns now,
                               struct hops_inbound *out) {
    (void)channel;
    (void)now;
    (void)out;
    return false; /* the shared channel receives for all */
}

static bool nothing_ready(struct hops_net_channel *channel, uint32_t local, uint32_t events,
                          hops_ns now, struct hops_inbound *out) {
    (void)local;
    (void)events;
    return nothing_to_receive(channel, now, out);
}

/* IPv6 routers hash the flow label as they hash ports, and the kernel may choose another one for
 * each packet: where paths are to be held still, the label is ours. */
static uint32_t flow_label(const struct hops_config *config) {
    uint32_t label = (uint32_t)(rng_mix(config->trace_id) & 0xfffff);
    bool classic_udp =
        config->protocol == HOPS_PROTOCOL_UDP && config->strategy == HOPS_STRATEGY_CLASSIC;

    if (config->target.family != HOPS_IPV6 || config->protocol == HOPS_PROTOCOL_ICMP ||
        classic_udp) {
        return 0;
    }
    return label != 0 ? label : 1;
}

enum hops_err hops_net_engine_attach(struct hops_net_engine *engine, uint32_t attachment,
                                     struct hops_config *config, struct hops_net_channel **out,
                                     struct hops_diag *diag) {
    static const struct hops_net_channel_ops ops = {.send = hops_net_raw_send,
                                                    .receive = nothing_to_receive,
                                                    .ready = nothing_ready,
                                                    .release = release,
                                                    .free = channel_free};
    enum hops_err err = hops_net_raw_check(engine->raw, config->protocol,
                                           (enum hops_family)config->target.family, diag);

    if (err != HOPS_OK) {
        return err;
    }

    struct hops_net_raw_channel *channel = allocate(engine, 1, sizeof(*channel));

    if (channel == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    channel->base =
        (struct hops_net_channel){.ops = &ops, .attachment = attachment, .due = HOPS_NEVER};
    channel->engine = engine;
    channel->config = *config;
    channel->sender =
        hops_net_raw_sender(config->protocol, (enum hops_family)config->target.family);
    channel->flow_label = flow_label(config);
    channel->trace_hold = HOPS_NET_HOLD_NONE;
    channel->next = engine->channels;
    err = prepare_ports(channel, diag);
    if (err == HOPS_OK) {
        engine->channels = channel;
        err = use_sockets(channel, diag);
        if (err != HOPS_OK) {
            list_remove(channel);
        }
    }
    if (err != HOPS_OK) {
        drop_ports(channel);
        release_memory(engine, channel->holds);
        release_memory(engine, channel);
        return err;
    }
    config->source_port = channel->config.source_port;
    *out = &channel->base;
    return HOPS_OK;
}

/* The engine itself. */

static void engine_free(struct hops_net_channel *shared) {
    struct hops_net_engine *engine = (struct hops_net_engine *)shared;

    assert(engine->channels == NULL);
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        release_memory(engine, engine->senders[kind].ring);
    }
    hops_net_ports_free(engine->ports);
    hops_net_raw_close(engine->raw);
    release_memory(engine, engine->buffer);
    release_memory(engine, engine);
}

static enum hops_err bind_interface(const struct hops_net_env *env, const struct hops_net_raw *raw,
                                    struct hops_diag *diag) {
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        int err = raw->fd[kind] < 0 ? 0 : hops_net_set_interface(raw->fd[kind], env->interface);

        if (err == ENODEV) {
            return hops_diag_set(diag, HOPS_ERR_NO_INTERFACE, "there is no interface \"%s\"",
                                 env->interface);
        }
        if (err != 0) {
            return hops_diag_set(diag, HOPS_ERR_SYSTEM, "interface \"%s\": %s", env->interface,
                                 strerror(err));
        }
    }
    return HOPS_OK;
}

enum hops_err hops_net_engine_new(const struct hops_net_env *env, struct hops_net_raw *raw,
                                  struct hops_net_engine **out, struct hops_diag *diag) {
    static const struct hops_net_channel_ops ops = {
        .receive = hops_net_raw_receive, .ready = hops_net_raw_ready, .free = engine_free};
    struct hops_net_engine *engine = NULL;
    enum hops_err err = bind_interface(env, raw, diag);

    if (err != HOPS_OK) {
        return err;
    }
    engine = env->mem->calloc(1, sizeof(*engine), env->mem->user);
    if (engine == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    engine->shared =
        (struct hops_net_channel){.ops = &ops, .attachment = HOPS_NET_SHARED, .due = HOPS_NEVER};
    engine->env = env;
    hops_net_clock_init(&engine->clock);
    engine->buffer = allocate(engine, 1, HOPS_NET_RECEIVE_MAX);
    engine->ports = hops_net_ports_new(env, hops_net_port_open_socket, HOPS_NET_LOCAL_PORTS);
    if (engine->buffer == NULL || engine->ports == NULL) {
        hops_net_ports_free(engine->ports);
        release_memory(engine, engine->buffer);
        release_memory(engine, engine);
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    engine->raw = raw;
    engine->loud = true;
    *out = engine;
    return HOPS_OK;
}

struct hops_net_channel *hops_net_engine_shared(struct hops_net_engine *engine) {
    return &engine->shared;
}

void hops_net_engine_overflow(const struct hops_net_engine *engine, uint64_t *overflow) {
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        uint32_t drops;

        if (engine->users[kind] > 0 && read_drops(engine->raw->fd[kind], &drops)) {
            *overflow += drops - engine->drops[kind];
        }
    }
}
