/* SPDX-License-Identifier: MIT */
#include "net/dgram.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "net/cmsg.h"
#include "net/dgram_open.h"
#include "net/dgram_parts.h"
#include "net/errors.h"
#include "net/errqueue.h"
#include "net/sockaddr.h"
#include "packet/build.h"

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

static struct hops_net_dgram *of(struct hops_net_channel *channel) {
    return (struct hops_net_dgram *)channel; /* its first member */
}

static void set_due(struct hops_net_dgram *d) {
    d->base.due = d->inbox.len > 0 || d->stamps > 0 ? 0 : HOPS_NEVER;
}

static struct hops_net_dgram_slot *slot_unused(struct hops_net_dgram *d) {
    for (size_t i = 0; i < d->slot_count; i++) {
        if (!d->slots[i].used) {
            return &d->slots[i];
        }
    }
    return NULL;
}

/* Sending. */

struct outgoing {
    int fd;
    struct hops_net_dgram_slot *own; /* NULL: the shared socket */
    const struct hops_probe *probe;
    uint8_t octets[HOPS_PACKET_SIZE_MAX];
    size_t len;
};

static int send_once(const struct hops_net_dgram *d, struct outgoing *out, bool named) {
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
static int send_numbered(struct hops_net_dgram *d, struct outgoing *out, uint32_t *number) {
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

static int send_clear(struct hops_net_dgram *d, struct outgoing *out, uint32_t *number,
                      hops_ns *when) {
    int os_errno = EAGAIN;

    for (int tries = 0; tries < SEND_TRIES; tries++) {
        if (!hops_net_dgram_drain(d, out->fd, out->own)) {
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

static struct hops_send_result open_own(struct hops_net_dgram *d, struct outgoing *out) {
    struct hops_send_result result;

    /* An older probe of ours with the same port is given up: it must not look like a taken port. */
    for (size_t i = 0; i < d->slot_count; i++) {
        if (d->slots[i].used && d->slots[i].probe.src_port == out->probe->src_port) {
            hops_net_dgram_slot_free(d, &d->slots[i]);
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

static struct hops_send_result send_from(struct hops_net_dgram *d, struct hops_net_dgram_slot *slot,
                                         struct outgoing *out) {
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
        *slot = (struct hops_net_dgram_slot){.used = true,
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
    struct hops_net_dgram *d = of(channel);
    struct hops_net_dgram_slot *slot = slot_unused(d);
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

static bool hand_out(struct hops_net_dgram *d, struct hops_inbound *out) {
    bool some = hops_net_inbox_pop(&d->inbox, out);

    for (size_t i = 0; !some && d->stamps > 0 && i < d->slot_count; i++) {
        if (d->slots[i].stamped) {
            hops_net_dgram_push_stamp(d, &d->slots[i]);
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
    struct hops_net_dgram *d = of(channel);
    struct hops_net_dgram_slot *own = NULL;
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
    if (hops_net_dgram_drain(d, fd, own) && (own == NULL || own->used) && (events & EPOLLIN) != 0) {
        hops_net_dgram_read(d, fd, own);
    }
    return hand_out(d, out);
}

static void dgram_release(struct hops_net_channel *channel, uint32_t probe_id) {
    struct hops_net_dgram *d = of(channel);

    for (size_t i = 0; i < d->slot_count; i++) {
        if (d->slots[i].used && d->slots[i].probe.id == probe_id) {
            hops_net_dgram_slot_free(d, &d->slots[i]);
        }
    }
    set_due(d);
}

static void dgram_free(struct hops_net_channel *channel) {
    struct hops_net_dgram *d = of(channel);
    const struct hops_mem *mem = d->env->mem;

    for (size_t i = 0; d->slots != NULL && i < d->slot_count; i++) {
        hops_net_dgram_slot_free(d, &d->slots[i]);
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

static enum hops_err open_sockets(struct hops_net_dgram *d, struct hops_config *config,
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
    struct hops_net_dgram *d;
    enum hops_err err = check(config, diag);

    (void)now;
    if (err != HOPS_OK) {
        return err;
    }
    d = (struct hops_net_dgram *)mem->calloc(1, sizeof(*d), mem->user);
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

        d->slots = (struct hops_net_dgram_slot *)mem->calloc(count, sizeof(*d->slots), mem->user);
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
