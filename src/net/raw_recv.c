/* SPDX-License-Identifier: MIT
 *
 * What comes in by the raw sockets and by the UDP sockets that hold ports. One packet is read per
 * call. The stamps of packets sent are read from the error queues of the sockets that sent them; a
 * reply that has been read waits until they are handed out, so that its round-trip time can be
 * known at once.
 */
#include "net/cmsg.h"
#include "net/engine_parts.h"
#include "net/signature.h"
#include "net/sockaddr.h"
#include "packet/parse.h"

#include <hops/addr.h>

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* Entries of an error queue looked at in one call that gave no stamp. */
#define STRANGE_ENTRIES_MAX 64

/* One message with all that came with it. */
struct message {
    const uint8_t *data;
    size_t len;
    struct hops_addr from;
    uint16_t port;
    struct hops_net_cmsgs cmsgs;
};

/* Reads one message and the clocks. False with errno set. */
static bool read_message(struct hops_net_engine *engine, int fd, int flags, struct message *out) {
    alignas(struct cmsghdr) uint8_t control[HOPS_NET_CONTROL_MAX];
    struct sockaddr_storage from;
    struct iovec room = {.iov_base = engine->buffer, .iov_len = HOPS_NET_RECEIVE_MAX};
    struct msghdr msg = {.msg_name = &from,
                         .msg_namelen = sizeof(from),
                         .msg_iov = &room,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = sizeof(control)};
    ssize_t len;

    do {
        len = recvmsg(fd, &msg, flags | MSG_DONTWAIT);
    } while (len < 0 && errno == EINTR);
    if (len < 0) {
        return false;
    }
    hops_net_clock_sample(&engine->clock);
    out->data = engine->buffer;
    out->len = (size_t)len;
    out->from = hops_net_sockaddr_get(&from, msg.msg_namelen, &out->port);
    hops_net_cmsg_read(&msg, &out->cmsgs);
    return true;
}

/* Transmit stamps. */

/* The next stamp of a sending socket, if there is one. */
static bool read_stamp(struct hops_net_engine *engine, enum hops_net_raw_kind kind,
                       struct hops_inbound *out) {
    struct message m;

    for (int i = 0; i < STRANGE_ENTRIES_MAX; i++) {
        const struct hops_net_error *error = &m.cmsgs.error;
        uint32_t attachment;
        uint32_t probe_id;
        bool coarse;
        hops_ns when;

        if (!read_message(engine, engine->raw->fd[kind], MSG_ERRQUEUE, &m)) {
            return false;
        }
        if (!error->present || error->origin != HOPS_NET_ORIGIN_TIMESTAMP || error->info != 0 ||
            !hops_net_stamp_ring_take(engine->senders[kind].ring, error->data, &attachment,
                                      &probe_id)) {
            continue;
        }
        when = hops_net_clock_map(&engine->clock, m.cmsgs.stamp, 0, &coarse);
        if (coarse) {
            continue; /* the clock was set: the time before the send call is better */
        }
        *out = (struct hops_inbound){.kind = HOPS_INBOUND_STAMP,
                                     .attachment = attachment,
                                     .probe_id = probe_id,
                                     .when = when};
        return true;
    }
    return false;
}

bool hops_net_raw_receive(struct hops_net_channel *shared, hops_ns now, struct hops_inbound *out) {
    struct hops_net_engine *engine = (struct hops_net_engine *)shared;

    (void)now;
    if (engine->loud) {
        hops_net_engine_quiet(engine);
    }
    if (!engine->held) {
        shared->due = HOPS_NEVER;
        return false;
    }
    /* Any stamp there is by now left before the reply came: none is left behind it. */
    for (int kind = 0; kind < HOPS_NET_RAW_KINDS; kind++) {
        const struct hops_net_stamp_ring *ring = engine->senders[kind].ring;

        if (engine->users[kind] > 0 && ring != NULL && ring->outstanding > 0 &&
            (int)hops_net_raw_family((enum hops_net_raw_kind)kind) ==
                (int)engine->reply.reply.responder.family &&
            read_stamp(engine, (enum hops_net_raw_kind)kind, out)) {
            return true;
        }
    }
    *out = engine->reply;
    engine->held = false;
    shared->due = HOPS_NEVER;
    return true;
}

/* Replies. */

/* Finds out whose it is, if that can be said; false if it did not come to an address of ours. */
static bool assign(const struct hops_net_engine *engine, struct hops_inbound *inbound) {
    const struct hops_net_raw_channel *found = NULL;
    bool ours = inbound->reply.local.family == HOPS_FAMILY_NONE;
    size_t fitting = 0;

    for (const struct hops_net_raw_channel *c = engine->channels; c != NULL; c = c->next) {
        ours = ours || hops_addr_equal(&c->config.source, &inbound->reply.local);
        if (hops_net_signature_fits(&c->config, &inbound->reply)) {
            found = c;
            fitting++;
        }
    }
    if (fitting == 1) {
        inbound->attachment = found->base.attachment;
        if (!found->config.extensions) {
            inbound->reply.extensions = (struct hops_extensions){.present = false};
        }
    }
    return ours;
}

/* Keeps a decoded reply until its stamps are out. */
static bool hold_reply(struct hops_net_engine *engine, hops_ns stamp, struct hops_inbound *out) {
    struct hops_inbound *inbound = &engine->reply;
    struct hops_link_counters *counters = engine->env->counters;

    inbound->kind = HOPS_INBOUND_REPLY;
    inbound->attachment = HOPS_ATTACHMENT_ANY;
    if (!assign(engine, inbound)) {
        counters->ignored++;
        return false;
    }
    inbound->reply.when = hops_net_clock_map(&engine->clock, stamp, 0, &inbound->reply.coarse);
    inbound->when = inbound->reply.when;
    if (inbound->reply.coarse) {
        counters->coarse++;
    }
    engine->held = true;
    engine->shared.due = 0;
    return hops_net_raw_receive(&engine->shared, 0, out);
}

static bool wants_extensions(const struct hops_net_engine *engine) {
    for (const struct hops_net_raw_channel *c = engine->channels; c != NULL; c = c->next) {
        if (c->config.extensions) {
            return true;
        }
    }
    return false;
}

static enum hops_packet_status parse(const struct hops_net_engine *engine,
                                     enum hops_net_raw_kind kind, const struct message *m,
                                     struct hops_reply *out) {
    const bool extensions = wants_extensions(engine);
    /* The kernel has verified ICMPv6 checksums; TCP ones it has too, for anything that passes its
     * own input later. Ours need not agree on offloaded ones. */
    const struct hops_addr unverified = {.family = HOPS_FAMILY_NONE};
    enum hops_packet_status status;

    switch (kind) {
    case HOPS_NET_RAW_ICMP6:
        status = hops_packet_parse_icmp6(m->data, m->len, &m->from, &unverified, m->cmsgs.ttl,
                                         extensions, out);
        if (status == HOPS_PACKET_OK) {
            out->local = m->cmsgs.local;
        }
        return status;
    case HOPS_NET_RAW_TCP6:
        return hops_packet_parse_tcp(m->data, m->len, &m->from, &m->cmsgs.local, m->cmsgs.ttl, out);
    case HOPS_NET_RAW_ICMP:
    case HOPS_NET_RAW_TCP:
    case HOPS_NET_RAW_IPV4:
    case HOPS_NET_RAW_UDP6:
    default:
        return hops_packet_parse_ipv4(m->data, m->len, extensions, out);
    }
}

static void count_drops(struct hops_net_engine *engine, enum hops_net_raw_kind kind,
                        const struct hops_net_cmsgs *cmsgs) {
    if (cmsgs->overflow_known) {
        engine->env->counters->overflow += (uint32_t)(cmsgs->overflow - engine->drops[kind]);
        engine->drops[kind] = cmsgs->overflow;
    }
}

static bool read_packet(struct hops_net_engine *engine, enum hops_net_raw_kind kind,
                        struct hops_inbound *out) {
    struct hops_link_counters *counters = engine->env->counters;
    struct message m;

    if (!read_message(engine, engine->raw->fd[kind], 0, &m)) {
        return false;
    }
    counters->received++;
    count_drops(engine, kind, &m.cmsgs);
    switch (parse(engine, kind, &m, &engine->reply.reply)) {
    case HOPS_PACKET_OK:
        return hold_reply(engine, m.cmsgs.stamp, out);
    case HOPS_PACKET_IGNORED:
        counters->ignored++;
        return false;
    case HOPS_PACKET_SHORT:
    case HOPS_PACKET_MALFORMED:
    case HOPS_PACKET_CHECKSUM:
    default:
        counters->malformed++;
        return false;
    }
}

/* A datagram to a port of ours: what the target says when its port is open. */
static bool read_datagram(struct hops_net_engine *engine, uint32_t local,
                          struct hops_inbound *out) {
    struct hops_net_port port;
    int fd = hops_net_ports_find(engine->ports, local, &port);
    struct message m;

    if (fd < 0 || port.protocol != HOPS_PROTOCOL_UDP || !read_message(engine, fd, 0, &m)) {
        return false;
    }
    engine->env->counters->received++;
    engine->reply.reply = (struct hops_reply){.kind = HOPS_REPLY_UDP,
                                              .responder = m.from,
                                              .local = port.source,
                                              .ttl = m.cmsgs.ttl,
                                              .quote = {.protocol = HOPS_PROTOCOL_UDP,
                                                        .src = port.source,
                                                        .dst = m.from,
                                                        .tos = -1,
                                                        .ttl = -1,
                                                        .src_port = port.number,
                                                        .dst_port = m.port}};
    return hold_reply(engine, m.cmsgs.stamp, out);
}

bool hops_net_raw_ready(struct hops_net_channel *shared, uint32_t local, uint32_t events,
                        hops_ns now, struct hops_inbound *out) {
    struct hops_net_engine *engine = (struct hops_net_engine *)shared;

    (void)now;
    if (local >= HOPS_NET_LOCAL_PORTS) {
        return read_datagram(engine, local, out);
    }

    const enum hops_net_raw_kind kind = (enum hops_net_raw_kind)local;

    if (local >= HOPS_NET_RAW_KINDS || engine->users[kind] == 0) {
        return false; /* reported before its last trace went */
    }
    if ((events & EPOLLERR) != 0 && engine->senders[kind].ring != NULL) {
        if (read_stamp(engine, kind, out)) {
            return true;
        }
    }
    if ((events & EPOLLERR) != 0) {
        int pending = 0;
        socklen_t len = sizeof(pending);

        /* An error that is no queue entry would be reported until it is taken. */
        (void)getsockopt(engine->raw->fd[kind], SOL_SOCKET, SO_ERROR, &pending, &len);
    }
    return (events & EPOLLIN) != 0 && read_packet(engine, kind, out);
}
