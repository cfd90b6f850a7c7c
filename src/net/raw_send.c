/* SPDX-License-Identifier: MIT
 *
 * One probe out of a raw socket: hold its port, see that its source address is still ours, build
 * it, send it, remember which stamp will be its own.
 */
#include "net/cmsg.h"
#include "net/engine_parts.h"
#include "net/errors.h"
#include "net/sockaddr.h"
#include "net/source.h"
#include "packet/build.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/in6.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Older kernel headers (6.1.4, say) leave it out once <netinet/in.h> has been included. */
#ifndef IPV6_FLOWLABEL_MGR
#define IPV6_FLOWLABEL_MGR 32
#endif

/* The largest probe, and room to see that it is not larger. */
#define PACKET_MAX (HOPS_PACKET_SIZE_MAX + 64)

static int send_once(int fd, const struct msghdr *msg) {
    while (sendmsg(fd, msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

/* One attempt, with or without our number for its stamp. Sets *when just before the call. */
static int send_with(const struct hops_net_raw_channel *channel, const struct hops_probe *probe,
                     struct iovec *packet, uint32_t label, bool number, hops_ns *when) {
    const struct hops_net_engine *engine = channel->engine;
    const struct hops_config *config = &channel->config;
    struct sockaddr_storage to;
    struct hops_net_control control;
    /* The port stays 0: raw IPv6 sockets take a port for a protocol number. */
    struct msghdr msg = {.msg_name = &to,
                         .msg_namelen = hops_net_sockaddr_set(&to, &config->target, 0),
                         .msg_iov = packet,
                         .msg_iovlen = 1};

    hops_net_control_clear(&control);
    if (config->target.family == HOPS_IPV6) {
        hops_net_control_ttl(&control, HOPS_IPV6, probe->ttl);
        hops_net_control_tos(&control, HOPS_IPV6, config->tos);
        hops_net_control_source(&control, &config->source);
        if (label != 0) {
            hops_net_control_flow_label(&control, label);
        }
    }
    if (number) {
        hops_net_control_stamp_id(&control, engine->senders[channel->sender].ring->next);
    }
    hops_net_control_attach(&control, &msg);
    *when = hops_net_now();
    return send_once(engine->raw->fd[channel->sender], &msg);
}

/* Sends so that its stamp can be told from others. A kernel that does not know our control message
 * says EINVAL, and so does a route: the first packet that gets through without it decides. */
static int send_numbered(struct hops_net_raw_channel *channel, const struct hops_probe *probe,
                         struct iovec *packet, uint32_t label, hops_ns *when) {
    struct hops_net_sender *sender = &channel->engine->senders[channel->sender];
    int err = EINVAL;

    if (sender->naming != HOPS_NET_NAMING_COUNTED) {
        err = send_with(channel, probe, packet, label, true, when);
        if (err == 0) {
            sender->naming = HOPS_NET_NAMING_OURS;
        }
    }
    if (sender->naming != HOPS_NET_NAMING_OURS && err == EINVAL) {
        err = send_with(channel, probe, packet, label, false, when);
        if (err == 0) {
            sender->naming = HOPS_NET_NAMING_COUNTED;
        }
    }
    if (err == 0) {
        hops_net_stamp_ring_put(sender->ring, channel->base.attachment, probe->id);
    } else if (sender->naming == HOPS_NET_NAMING_COUNTED) {
        /* Whether a failed send has used up a number depends on how far it got. */
        if (hops_net_raw_stamp(channel->engine->raw->fd[channel->sender]) == 0) {
            hops_net_stamp_ring_restart(sender->ring);
        }
    }
    return err;
}

/* Any process may take an exclusive lease on some flow label, after which unleased labels are
 * refused with EINVAL in the whole namespace (Linux net/ipv6/ip6_flowlabel.c). A lease of our own,
 * shared with everybody, cures it; it needs no right. */
static bool lease_label(const struct hops_net_raw_channel *channel) {
    struct in6_flowlabel_req request = {.flr_label = htonl(channel->flow_label),
                                        .flr_action = IPV6_FL_A_GET,
                                        .flr_share = IPV6_FL_S_ANY,
                                        .flr_flags = IPV6_FL_F_CREATE};

    memcpy(&request.flr_dst, channel->config.target.octets, 16);
    return setsockopt(channel->engine->raw->fd[channel->sender], IPPROTO_IPV6, IPV6_FLOWLABEL_MGR,
                      &request, sizeof(request)) == 0;
}

static int send_labelled(struct hops_net_raw_channel *channel, const struct hops_probe *probe,
                         struct iovec *packet, hops_ns *when) {
    int err = send_numbered(channel, probe, packet, channel->flow_label, when);

    if (err != EINVAL || channel->flow_label == 0 || channel->label_leased) {
        return err;
    }
    channel->label_leased = lease_label(channel);
    /* Without a lease the kernel's own label has to do: one per target on raw sockets. */
    return send_numbered(channel, probe, packet, channel->label_leased ? channel->flow_label : 0,
                         when);
}

/* ENOBUFS is a full queue of the device: worth one more try at the next occasion. */
static struct hops_send_result full_queue(struct hops_net_raw_channel *channel,
                                          const struct hops_probe *probe,
                                          struct hops_send_result result) {
    if (result.status != HOPS_SEND_FAILED || result.os_errno != ENOBUFS) {
        channel->queue_full = false;
        return result;
    }
    if (channel->queue_full && channel->no_buffer_probe == probe->id) {
        channel->queue_full = false;
        return result;
    }
    channel->queue_full = true;
    channel->no_buffer_probe = probe->id;
    result.status = HOPS_SEND_BUSY;
    return result;
}

static struct hops_send_result transmit(struct hops_net_raw_channel *channel,
                                        const struct hops_probe *probe) {
    uint8_t octets[PACKET_MAX];
    struct wr w = wr_make(octets, sizeof(octets));
    hops_ns when = 0;

    if (!hops_packet_build(&channel->config, probe, &w)) {
        return hops_net_result(HOPS_CALL_SENDTO, EMSGSIZE, 0);
    }

    struct iovec packet = {.iov_base = octets, .iov_len = wr_len(&w)};
    int err = send_labelled(channel, probe, &packet, &when);

    /* A source address that is gone is EINVAL for IPv6, like a blackhole route: say which it is. */
    if (err == EINVAL && channel->config.source.family == HOPS_IPV6 &&
        hops_net_source_probe(&channel->config.source, channel->engine->env->interface) ==
            EADDRNOTAVAIL) {
        return hops_net_result(HOPS_CALL_BIND, EADDRNOTAVAIL, 0);
    }
    return full_queue(channel, probe, hops_net_result(HOPS_CALL_SENDTO, err, when));
}

/* Packets leave with a source address that the host has lost, and nobody says so: IPv4 with its
 * header included never asks, and a socket does not either. So it is asked once a round. Shortages
 * (no descriptor) decide nothing. */
static bool source_is_gone(struct hops_net_raw_channel *channel, uint32_t round) {
    if (!channel->source_checked || channel->source_round != round) {
        channel->source_errno =
            hops_net_source_probe(&channel->config.source, channel->engine->env->interface);
        channel->source_checked =
            channel->source_errno == 0 || channel->source_errno == EADDRNOTAVAIL;
        channel->source_round = round;
    }
    return channel->source_errno == EADDRNOTAVAIL;
}

static bool needs_port(const struct hops_net_raw_channel *channel, const struct hops_probe *probe) {
    return channel->holds != NULL && probe->src_port != 0;
}

struct hops_send_result hops_net_raw_send(struct hops_net_channel *base,
                                          const struct hops_probe *probe, hops_ns now) {
    struct hops_net_raw_channel *channel = (struct hops_net_raw_channel *)base;
    struct hops_net_ports *ports = channel->engine->ports;
    struct hops_net_hold hold = {.handle = HOPS_NET_HOLD_NONE};
    struct hops_send_result result;

    (void)now;
    if (needs_port(channel, probe)) {
        const struct hops_net_port port = {.protocol = channel->config.protocol,
                                           .source = channel->config.source,
                                           .number = probe->src_port};

        hold = hops_net_ports_hold(ports, &port);
        if (hold.os_errno != 0) {
            return hops_net_result(hold.call, hold.os_errno, 0);
        }
    }
    if (!hold.fresh && source_is_gone(channel, probe->round)) {
        result = hops_net_result(HOPS_CALL_BIND, EADDRNOTAVAIL, 0);
    } else {
        result = transmit(channel, probe);
    }
    if (hold.handle == HOPS_NET_HOLD_NONE) {
        return result;
    }
    if (result.status == HOPS_SEND_OK) {
        hops_net_raw_keep_hold(channel, probe->id, hold.handle);
    } else {
        hops_net_ports_drop(ports, hold.handle);
    }
    return result;
}
