/* SPDX-License-Identifier: MIT
 *
 * A slot is a probe that has left and may still be answered. What is read while the way is cleared
 * for a send waits in the inbox.
 */
#include "net/dgram.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "net/dgram_open.h"
#include "net/errors.h"
#include "net/errqueue.h"
#include "net/inbox.h"
#include "net/sockaddr.h"
#include "net/source.h"
#include "packet/build.h"

#include <hops/addr.h>

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* As many answers as surely fit into the error queue of one socket. */
#define SHARED_SLOTS 256
/* With a socket for each probe only descriptors are scarce. */
#define OWN_SLOTS 1024

#define SHARED_LOCAL UINT32_MAX

/* A failing send consumed somebody's ICMP error, and each error does so once. */
#define SEND_TRIES 4

/* One message read can become a stamp and a reply. */
#define INBOX_PER_READ 2

#define ECHO_HEADER 8

struct slot {
    bool used;
    bool stamped; /* stamp not handed out yet */
    int fd;       /* a socket of its own, or -1 */
    struct hops_probe probe;
    uint32_t number; /* of its send, as the kernel counts */
    hops_ns sent;
    hops_ns stamp;
};

struct dgram {
    struct hops_net_channel base;
    const struct hops_net_env *env;
    struct hops_config config;
    struct hops_net_clock clock;
    struct hops_net_source_watch watch;
    int fd;            /* the socket of all probes, or -1 */
    int keeper;        /* with a socket per probe: keeps stamping on, or -1 */
    bool count_stamps; /* the kernel does not take our numbers */
    bool named_once;   /* it has taken one */
    uint32_t next_number;
    uint32_t overflow_seen;
    size_t stamps; /* slots that are stamped */
    size_t slot_count;
    struct slot *slots;
    struct hops_net_inbox inbox;
};

static struct dgram *of(struct hops_net_channel *channel) {
    return (struct dgram *)channel; /* its first member */
}

static void set_due(struct dgram *d) {
    d->base.due = d->inbox.len > 0 || d->stamps > 0 ? 0 : HOPS_NEVER;
}

/* Slots. */

static void slot_free(struct dgram *d, struct slot *slot) {
    if (slot->stamped) {
        d->stamps--;
    }
    if (slot->fd >= 0) {
        (void)close(slot->fd);
    }
    *slot = (struct slot){.used = false, .fd = -1};
}

static struct slot *slot_unused(struct dgram *d) {
    for (size_t i = 0; i < d->slot_count; i++) {
        if (!d->slots[i].used) {
            return &d->slots[i];
        }
    }
    return NULL;
}

static struct slot *slot_by_sequence(struct dgram *d, uint16_t sequence) {
    for (size_t i = 0; i < d->slot_count; i++) {
        if (d->slots[i].used && d->slots[i].probe.sequence == sequence) {
            return &d->slots[i];
        }
    }
    return NULL;
}

static struct slot *slot_by_stamp(struct dgram *d, uint32_t number) {
    for (size_t i = 0; i < d->slot_count; i++) {
        if (d->slots[i].used && d->slots[i].number == number) {
            return &d->slots[i];
        }
    }
    return NULL;
}

/* What was read becomes something to hand out. */

static void push_stamp(struct dgram *d, struct slot *slot) {
    *hops_net_inbox_push(&d->inbox) = (struct hops_inbound){.kind = HOPS_INBOUND_STAMP,
                                                            .attachment = d->base.attachment,
                                                            .probe_id = slot->probe.id,
                                                            .when = slot->stamp};
    slot->stamped = false;
    d->stamps--;
}

/* slot: the probe it answers, or NULL. */
static void push_reply(struct dgram *d, struct slot *slot, const struct hops_reply *reply) {
    struct hops_inbound *in;

    if (slot != NULL && slot->stamped) {
        push_stamp(d, slot);
    }
    in = hops_net_inbox_push(&d->inbox);
    *in = (struct hops_inbound){.kind = HOPS_INBOUND_REPLY,
                                .attachment = d->base.attachment,
                                .when = reply->when,
                                .reply = *reply};
    d->env->counters->coarse += reply->coarse ? 1 : 0;
    if (slot != NULL) {
        in->probe_id = slot->probe.id;
        if (slot->fd >= 0) {
            in->reply.known_probe = true;
            in->reply.probe_id = slot->probe.id;
        }
        slot_free(d, slot);
    }
}

static void push_failure(struct dgram *d, struct slot *slot, int os_errno) {
    int why = os_errno == 0 ? EHOSTUNREACH : os_errno;

    *hops_net_inbox_push(&d->inbox) = (struct hops_inbound){
        .kind = HOPS_INBOUND_FAILED,
        .attachment = d->base.attachment,
        .probe_id = slot->probe.id,
        .when = d->clock.read_at,
        .failure = {.status = HOPS_SEND_FAILED, .call = HOPS_CALL_SENDTO, .os_errno = why}};
    slot_free(d, slot);
}

/* Ports or identifiers of a quote. False if the quote is too short to have them. */
static bool read_quote(const struct dgram *d, const struct hops_net_message *message,
                       struct hops_quote *out) {
    struct rd r = rd_make(message->octets, message->len);

    if (d->config.protocol == HOPS_PROTOCOL_UDP) {
        out->dst_port = message->peer_port;
        return true;
    }
    out->icmp_type = rd_u8(&r);
    rd_skip(&r, 3);
    out->icmp_id = rd_be16(&r);
    out->icmp_seq = rd_be16(&r);
    return !r.bad;
}

static struct slot *slot_quoted(struct dgram *d, struct slot *own,
                                const struct hops_net_message *message,
                                const struct hops_quote *quote) {
    if (own != NULL) {
        /* A stranger may invent an error about our port; it has to guess the target's too. */
        return message->peer_port == own->probe.dst_port ? own : NULL;
    }
    return slot_by_sequence(d, d->config.protocol == HOPS_PROTOCOL_UDP ? quote->dst_port
                                                                       : quote->icmp_seq);
}

static void take_stamp(struct dgram *d, struct slot *own, const struct hops_net_message *message) {
    struct slot *slot = own != NULL ? own : slot_by_stamp(d, message->cmsgs.error.data);
    bool coarse;
    hops_ns when;

    if (slot == NULL || slot->stamped || message->cmsgs.error.info != 0) {
        return;
    }
    when = hops_net_clock_map(&d->clock, message->cmsgs.stamp, slot->sent, &coarse);
    if (!coarse) {
        slot->stamp = when;
        slot->stamped = true;
        d->stamps++;
    }
}

static void take_entry(struct dgram *d, struct slot *own, const struct hops_net_message *message) {
    struct hops_quote quote = {.protocol = d->config.protocol};
    struct hops_reply reply;
    enum hops_net_entry entry = hops_net_entry_decode(message, &d->config, &d->clock, 0, &reply);
    struct slot *slot;

    if (entry == HOPS_NET_ENTRY_STAMP) {
        take_stamp(d, own, message);
        return;
    }
    d->env->counters->received++;
    if (entry == HOPS_NET_ENTRY_IGNORED) {
        d->env->counters->ignored++;
        return;
    }
    if (!read_quote(d, message, &quote)) {
        d->env->counters->malformed++;
        return;
    }
    slot = slot_quoted(d, own, message, &quote);
    if (entry == HOPS_NET_ENTRY_LOCAL) {
        /* An error of a send that failed at once is here too: then there is no slot. */
        if (slot != NULL) {
            push_failure(d, slot, message->cmsgs.error.os_errno);
        }
        return;
    }
    if (own != NULL && slot == NULL) {
        d->env->counters->ignored++;
        return;
    }
    reply.quote.icmp_type = quote.icmp_type;
    reply.quote.icmp_id = quote.icmp_id;
    reply.quote.icmp_seq = quote.icmp_seq;
    reply.quote.dst_port = quote.dst_port;
    if (d->config.protocol == HOPS_PROTOCOL_UDP) {
        reply.quote.src_port = own != NULL ? own->probe.src_port : d->config.source_port;
        if (slot != NULL) {
            reply.quote.udp_len = (uint16_t)(8 + hops_packet_payload_len(&d->config, &slot->probe));
        }
    }
    push_reply(d, slot, &reply);
}

/* Empties the error queue as far as the inbox has room; false if it has none. */
static bool drain(struct dgram *d, int fd, struct slot *own) {
    struct hops_net_message message;
    bool some = false;

    while (hops_net_inbox_room(&d->inbox) >= INBOX_PER_READ) {
        if (hops_net_message_read(fd, true, &d->clock, &message) != 0) {
            if (!some) {
                int pending;
                socklen_t len = sizeof(pending);

                /* A pending error without entry would make poll report it for ever. */
                (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &len);
            }
            return true;
        }
        some = true;
        take_entry(d, own, &message);
        if (own != NULL && !own->used) {
            return true; /* answered: its socket is closed */
        }
    }
    return false;
}

static bool decode_normal(struct dgram *d, struct slot *own, const struct hops_net_message *message,
                          struct hops_reply *out) {
    struct rd r = rd_make(message->octets, message->len);
    uint8_t type;

    hops_net_reply_begin(message, &d->config, &d->clock, 0, out);
    if (d->config.protocol == HOPS_PROTOCOL_UDP) {
        out->kind = HOPS_REPLY_UDP;
        out->quote.src_port = own != NULL ? own->probe.src_port : d->config.source_port;
        out->quote.dst_port = message->peer_port;
        /* Anybody can send to our port. */
        return hops_addr_equal(&message->peer, &d->config.target) &&
               (own == NULL || message->peer_port == own->probe.dst_port);
    }
    if (message->len < ECHO_HEADER) {
        return false;
    }
    type = rd_u8(&r);
    out->kind = HOPS_REPLY_ECHO;
    out->icmp_type = type;
    out->icmp_code = rd_u8(&r);
    rd_skip(&r, 2);
    out->quote.icmp_type = d->config.target.family == HOPS_IPV6 ? 128 : 8;
    out->quote.icmp_id = rd_be16(&r);
    out->quote.icmp_seq = rd_be16(&r);
    return type == (d->config.target.family == HOPS_IPV6 ? 129 : 0);
}

static void read_normal(struct dgram *d, int fd, struct slot *own) {
    struct hops_net_message message;
    struct hops_reply reply;
    struct slot *slot = own;

    if (hops_net_inbox_room(&d->inbox) < INBOX_PER_READ ||
        hops_net_message_read(fd, false, &d->clock, &message) != 0) {
        return;
    }
    d->env->counters->received++;
    if (message.cmsgs.overflow_known && own == NULL) {
        d->env->counters->overflow += message.cmsgs.overflow - d->overflow_seen;
        d->overflow_seen = message.cmsgs.overflow;
    }
    if (!decode_normal(d, own, &message, &reply)) {
        d->env->counters->ignored++;
        return;
    }
    if (own == NULL) {
        slot = slot_by_sequence(d, d->config.protocol == HOPS_PROTOCOL_UDP ? reply.quote.dst_port
                                                                           : reply.quote.icmp_seq);
    }
    push_reply(d, slot, &reply);
}

/* Sending. */

struct outgoing {
    int fd;
    struct slot *own; /* NULL: the shared socket */
    const struct hops_probe *probe;
    uint8_t octets[HOPS_PACKET_SIZE_MAX];
    size_t len;
};

static int send_once(const struct dgram *d, struct outgoing *out, bool named) {
    enum hops_family family = (enum hops_family)d->config.target.family;
    struct hops_net_control control;
    struct sockaddr_storage to;
    struct iovec iov = {.iov_base = out->octets, .iov_len = out->len};
    struct msghdr msg = {.msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1};

    msg.msg_namelen = hops_net_sockaddr_set(&to, &d->config.target, out->probe->dst_port);
    hops_net_control_clear(&control);
    hops_net_control_ttl(&control, family, out->probe->ttl);
    hops_net_control_tos(&control, family, d->config.tos);
    if (named) {
        hops_net_control_stamp_id(&control, out->probe->id);
    }
    hops_net_control_attach(&control, &msg);
    return sendmsg(out->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ? 0 : errno;
}

/* The kernel numbers stamps itself until it has been seen to take our numbers (Linux 6.13). EINVAL
 * may also be a blackhole route, so it is believed only if the same send passes without. */
static int send_numbered(struct dgram *d, struct outgoing *out, uint32_t *number) {
    int os_errno;

    *number = d->next_number;
    if (out->own != NULL) {
        return send_once(d, out, false); /* every stamp on that socket is this probe's */
    }
    if (!d->count_stamps) {
        *number = out->probe->id;
        os_errno = send_once(d, out, true);
        if (os_errno != EINVAL || d->named_once) {
            d->named_once |= os_errno == 0;
            return os_errno;
        }
    }
    os_errno = send_once(d, out, false);
    if (os_errno == 0) {
        d->count_stamps = true;
        *number = d->next_number++;
    }
    return os_errno;
}

static int send_clear(struct dgram *d, struct outgoing *out, uint32_t *number, hops_ns *when) {
    int os_errno = EAGAIN;

    for (int tries = 0; tries < SEND_TRIES; tries++) {
        if (!drain(d, out->fd, out->own)) {
            return EAGAIN;
        }
        *when = hops_net_now();
        os_errno = send_numbered(d, out, number);
        if (os_errno == 0 || os_errno == EAGAIN) {
            return os_errno;
        }
    }
    if (d->count_stamps && out->own == NULL) {
        /* A packet that failed late may have used up a number: begin to count anew. */
        (void)hops_net_socket_stamps(out->fd, false);
        (void)hops_net_socket_stamps(out->fd, true);
        d->next_number = 0;
        for (size_t i = 0; i < d->slot_count; i++) {
            d->slots[i].number = UINT32_MAX;
        }
    }
    return os_errno;
}

static struct hops_send_result open_own(struct dgram *d, struct outgoing *out) {
    struct hops_send_result result;

    /* An older probe of ours with the same port is given up: it must not look like a taken port. */
    for (size_t i = 0; i < d->slot_count; i++) {
        if (d->slots[i].used && d->slots[i].probe.src_port == out->probe->src_port) {
            slot_free(d, &d->slots[i]);
        }
    }
    result = hops_net_udp_open_probe(d->env, &d->config, out->probe->src_port, &out->fd);

    if (result.status != HOPS_SEND_OK) {
        return result;
    }
    if (!hops_net_watch(d->env, out->fd, EPOLLIN, d->base.attachment,
                        (uint32_t)(out->own - d->slots))) {
        (void)close(out->fd);
        return (struct hops_send_result){
            .status = HOPS_SEND_BUSY, .call = HOPS_CALL_SOCKET, .os_errno = ENOMEM};
    }
    return result;
}

static struct hops_send_result send_from(struct dgram *d, struct slot *slot, struct outgoing *out) {
    struct hops_send_result result;
    hops_ns when = 0;
    uint32_t number = 0;
    int os_errno;

    if (d->fd < 0) {
        out->own = slot;
        result = open_own(d, out);
        if (result.status != HOPS_SEND_OK) {
            return result;
        }
    }
    /* Not in use while it is sent, so that an error told twice is not taken for its answer; but it
     * owns what it opened. */
    os_errno = send_clear(d, out, &number, &when);
    result = hops_net_result(HOPS_CALL_SENDTO, os_errno, when);
    if (result.status == HOPS_SEND_OK) {
        *slot = (struct slot){.used = true,
                              .fd = out->own != NULL ? out->fd : -1,
                              .probe = *out->probe,
                              .number = number,
                              .sent = when};
    } else if (out->own != NULL) {
        (void)close(out->fd);
    }
    return result;
}

static struct hops_send_result dgram_send(struct hops_net_channel *channel,
                                          const struct hops_probe *probe, hops_ns now) {
    struct dgram *d = of(channel);
    struct slot *slot = slot_unused(d);
    struct outgoing out = {.fd = d->fd, .probe = probe};
    struct wr w = wr_make(out.octets, sizeof(out.octets));
    struct hops_send_result result;
    int os_errno = 0;

    (void)now;
    if (slot == NULL) {
        return hops_net_result(HOPS_CALL_SENDTO, EAGAIN, 0);
    }
    if (d->fd >= 0) {
        os_errno = hops_net_source_watch(&d->watch, probe->round, &d->config.source);
    }
    if (os_errno != 0) {
        return hops_net_result(HOPS_CALL_BIND, os_errno, 0);
    }
    if (!hops_packet_build_payload(&d->config, probe, &w)) {
        return hops_net_result(HOPS_CALL_SENDTO, EMSGSIZE, 0);
    }
    out.len = wr_len(&w);
    result = send_from(d, slot, &out);
    set_due(d);
    return result;
}

/* Receiving. */

static bool hand_out(struct dgram *d, struct hops_inbound *out) {
    bool some = hops_net_inbox_pop(&d->inbox, out);

    for (size_t i = 0; !some && d->stamps > 0 && i < d->slot_count; i++) {
        if (d->slots[i].stamped) {
            push_stamp(d, &d->slots[i]);
            some = hops_net_inbox_pop(&d->inbox, out);
        }
    }
    set_due(d);
    return some;
}

static bool dgram_receive(struct hops_net_channel *channel, hops_ns now, struct hops_inbound *out) {
    (void)now;
    return hand_out(of(channel), out);
}

static bool dgram_ready(struct hops_net_channel *channel, uint32_t local, uint32_t events,
                        hops_ns now, struct hops_inbound *out) {
    struct dgram *d = of(channel);
    struct slot *own = NULL;
    int fd = d->fd;

    (void)now;
    if (local != SHARED_LOCAL) {
        if (local >= d->slot_count || !d->slots[local].used) {
            return hand_out(d, out);
        }
        own = &d->slots[local];
        fd = own->fd;
    }
    if (fd < 0) {
        return hand_out(d, out);
    }
    if (drain(d, fd, own) && (own == NULL || own->used) && (events & EPOLLIN) != 0) {
        read_normal(d, fd, own);
    }
    return hand_out(d, out);
}

static void dgram_release(struct hops_net_channel *channel, uint32_t probe_id) {
    struct dgram *d = of(channel);

    for (size_t i = 0; i < d->slot_count; i++) {
        if (d->slots[i].used && d->slots[i].probe.id == probe_id) {
            slot_free(d, &d->slots[i]);
        }
    }
    set_due(d);
}

static void dgram_free(struct hops_net_channel *channel) {
    struct dgram *d = of(channel);
    const struct hops_mem *mem = d->env->mem;

    for (size_t i = 0; d->slots != NULL && i < d->slot_count; i++) {
        slot_free(d, &d->slots[i]);
    }
    if (d->fd >= 0) {
        (void)close(d->fd);
    }
    if (d->keeper >= 0) {
        (void)close(d->keeper);
    }
    mem->free(d->slots, mem->user);
    mem->free(d, mem->user);
}

static const struct hops_net_channel_ops dgram_ops = {.send = dgram_send,
                                                      .receive = dgram_receive,
                                                      .ready = dgram_ready,
                                                      .release = dgram_release,
                                                      .free = dgram_free};

/* Making one. */

static enum hops_err check(const struct hops_config *config, struct hops_diag *diag) {
    if (config->protocol == HOPS_PROTOCOL_TCP || config->direction == HOPS_PORTS_FIXED_BOTH) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "datagram sockets send ICMP, and UDP with one fixed port");
    }
    if (config->protocol == HOPS_PROTOCOL_UDP && config->strategy != HOPS_STRATEGY_CLASSIC) {
        return hops_diag_set(diag, HOPS_ERR_PRIVILEGE,
                             "the %s strategy needs raw sockets (CAP_NET_RAW): run as root, give "
                             "the program the capability, or use the classic strategy",
                             hops_strategy_name(config->strategy));
    }
    return HOPS_OK;
}

static enum hops_err open_sockets(struct dgram *d, struct hops_config *config,
                                  struct hops_diag *diag) {
    enum hops_err err;

    if (config->protocol == HOPS_PROTOCOL_UDP && config->direction == HOPS_PORTS_FIXED_TARGET) {
        hops_net_raise_descriptor_limit();
        d->keeper = hops_net_stamp_keeper((enum hops_family)config->target.family);
        return HOPS_OK;
    }
    err = config->protocol == HOPS_PROTOCOL_ICMP
              ? hops_net_ping_open(d->env, config, &d->fd, diag)
              : hops_net_udp_open_shared(d->env, config, &d->fd, diag);
    if (err != HOPS_OK) {
        return err;
    }
    if (!hops_net_watch(d->env, d->fd, EPOLLIN, d->base.attachment, SHARED_LOCAL)) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "cannot watch a socket: %s", strerror(errno));
    }
    return HOPS_OK;
}

enum hops_err hops_net_dgram_new(const struct hops_net_env *env, uint32_t attachment,
                                 struct hops_config *config, hops_ns now,
                                 struct hops_net_channel **out, struct hops_diag *diag) {
    const struct hops_mem *mem = env->mem;
    struct hops_config settled = *config;
    struct dgram *d;
    enum hops_err err = check(config, diag);

    (void)now;
    if (err != HOPS_OK) {
        return err;
    }
    d = (struct dgram *)mem->calloc(1, sizeof(*d), mem->user);
    if (d == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    d->base =
        (struct hops_net_channel){.ops = &dgram_ops, .attachment = attachment, .due = HOPS_NEVER};
    d->env = env;
    d->fd = -1;
    d->keeper = -1;
    hops_net_clock_init(&d->clock);
    hops_net_clock_sample(&d->clock);
    err = open_sockets(d, &settled, diag);
    if (err == HOPS_OK) {
        size_t count = d->fd >= 0 ? SHARED_SLOTS : OWN_SLOTS;

        d->slots = (struct slot *)mem->calloc(count, sizeof(*d->slots), mem->user);
        d->slot_count = d->slots == NULL ? 0 : count;
        err = d->slots == NULL ? hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory") : HOPS_OK;
    }
    if (err != HOPS_OK) {
        dgram_free(&d->base);
        return err;
    }
    for (size_t i = 0; i < d->slot_count; i++) {
        d->slots[i].fd = -1;
    }
    d->config = settled;
    *config = settled;
    *out = &d->base;
    return HOPS_OK;
}
