/* SPDX-License-Identifier: MIT
 *
 * One ICMP or UDP probe: hold its port, see that its source address is still ours, send it. There
 * are no transmit stamps: the time just before the call counts.
 */
#include "net/bsd.h"
#include "net/errors.h"
#include "net/sockaddr.h"
#include "packet/build.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdalign.h>
#include <string.h>
#include <sys/socket.h>

#define PACKET_MAX (HOPS_PACKET_SIZE_MAX + 64)

struct outgoing {
    int fd;
    const struct hops_config *config;
    const struct hops_probe *probe;
    uint8_t octets[PACKET_MAX];
    size_t len;
    hops_ns when;
};

static int send_octets(struct outgoing *out, uint16_t port) {
    struct sockaddr_storage to;
    socklen_t len = hops_net_sockaddr_set(&to, &out->config->target, port);

    do {
        out->when = hops_net_now();
        if (sendto(out->fd, out->octets, out->len, 0, (const struct sockaddr *)&to, len) >= 0) {
            return 0;
        }
    } while (errno == EINTR);
    return errno;
}

/* Control messages in a row. */
struct control {
    alignas(struct cmsghdr) uint8_t octets[128];
    size_t len;
};

static void put_control(struct control *control, int type, const void *value, size_t len) {
    const struct cmsghdr header = {
        .cmsg_len = (socklen_t)CMSG_LEN(len), .cmsg_level = IPPROTO_IPV6, .cmsg_type = type};
    uint8_t *at = control->octets + control->len;

    assert(sizeof(control->octets) - control->len >= CMSG_SPACE(len));
    memcpy(at, &header, sizeof(header));
    memcpy(at + CMSG_LEN(0), value, len);
    control->len += CMSG_SPACE(len);
}

/* Raw IPv6: hop limit, traffic class and source address go beside the packet (RFC 3542). */
static int send_beside(struct outgoing *out) {
    const int ttl = out->probe->ttl;
    const int tos = out->config->tos;
    struct in6_pktinfo info = {.ipi6_ifindex = 0};
    struct control control = {.len = 0};
    struct sockaddr_storage to;
    struct iovec iov = {.iov_base = out->octets, .iov_len = out->len};
    struct msghdr msg = {.msg_name = &to,
                         .msg_namelen = hops_net_sockaddr_set(&to, &out->config->target, 0),
                         .msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = control.octets};

    memcpy(&info.ipi6_addr, out->config->source.octets, 16);
    info.ipi6_ifindex =
        hops_addr_is_link_local(&out->config->source) ? out->config->source.scope : 0;
    put_control(&control, IPV6_HOPLIMIT, &ttl, sizeof(ttl));
    put_control(&control, IPV6_TCLASS, &tos, sizeof(tos));
    put_control(&control, IPV6_PKTINFO, &info, sizeof(info));
    msg.msg_controllen = (socklen_t)control.len;
    do {
        out->when = hops_net_now();
        if (sendmsg(out->fd, &msg, 0) >= 0) {
            return 0;
        }
    } while (errno == EINTR);
    return errno;
}

static struct hops_send_result sent(const struct outgoing *out, int os_errno) {
    return hops_net_result(HOPS_CALL_SENDTO, os_errno, out->when);
}

/* The whole datagram (IPv4), or what follows the IPv6 header, by a raw or ICMP socket. */
static struct hops_send_result send_crafted(const struct hops_net_bsd *link,
                                            const struct hops_net_bsd_seat *seat,
                                            struct outgoing *out) {
    const struct hops_net_bsd_icmp *icmp = &link->icmp[seat->config.target.family == HOPS_IPV6];
    struct wr w = wr_make(out->octets, sizeof(out->octets));

    if (!hops_packet_build(&seat->config, out->probe, &w)) {
        return hops_net_result(HOPS_CALL_SENDTO, EMSGSIZE, 0);
    }
    out->len = wr_len(&w);
    if (seat->config.target.family == HOPS_IPV4) {
        out->fd = seat->raw ? link->raw->fd[HOPS_NET_BSD_IPV4] : icmp->fd;
        hops_net_order_apply(seat->raw ? link->raw->order : icmp->order, out->octets, out->len);
        return sent(out, send_octets(out, 0));
    }
    out->fd =
        seat->config.protocol == HOPS_PROTOCOL_UDP ? link->raw->fd[HOPS_NET_BSD_UDP6] : icmp->fd;
    return sent(out, send_beside(out));
}

/* A payload by the socket that holds the port. */
static struct hops_send_result send_payload(const struct hops_net_bsd *link,
                                            const struct hops_net_bsd_seat *seat, uint32_t handle,
                                            struct outgoing *out) {
    const bool v6 = seat->config.target.family == HOPS_IPV6;
    struct hops_net_port port;
    struct wr w = wr_make(out->octets, sizeof(out->octets));
    int err;

    out->fd = hops_net_ports_find(link->ports, HOPS_NET_BSD_PORTS + handle, &port);
    err = v6 ? hops_net_set_int(out->fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, out->probe->ttl)
             : hops_net_set_int(out->fd, IPPROTO_IP, IP_TTL, out->probe->ttl);
    if (err == 0) {
        err = v6 ? hops_net_set_int(out->fd, IPPROTO_IPV6, IPV6_TCLASS, seat->config.tos)
                 : hops_net_set_int(out->fd, IPPROTO_IP, IP_TOS, seat->config.tos);
    }
    if (err != 0) {
        return hops_net_result(HOPS_CALL_SETSOCKOPT, err, 0);
    }
    if (!hops_packet_build_payload(&seat->config, out->probe, &w)) {
        return hops_net_result(HOPS_CALL_SENDTO, EMSGSIZE, 0);
    }
    out->len = wr_len(&w);
    return sent(out, send_octets(out, out->probe->dst_port));
}

/* ENOBUFS is a full queue of the device: worth one more try at the next occasion. */
static struct hops_send_result full_queue(struct hops_net_bsd_seat *seat,
                                          const struct hops_probe *probe,
                                          struct hops_send_result result) {
    bool again = result.status == HOPS_SEND_FAILED && result.os_errno == ENOBUFS &&
                 !(seat->queue_full && seat->full_probe == probe->id);

    seat->queue_full = again;
    seat->full_probe = probe->id;
    if (again) {
        result.status = HOPS_SEND_BUSY;
    }
    return result;
}

static void keep(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat, uint32_t probe_id,
                 uint32_t handle) {
    const size_t at = probe_id % HOPS_NET_BSD_HOLDS;

    /* Whoever is that many probes older is long expired. */
    if (seat->holds[at].handle != HOPS_NET_BSD_NO_HOLD) {
        hops_net_ports_drop(link->ports, seat->holds[at].handle);
    }
    seat->holds[at].probe_id = probe_id;
    seat->holds[at].handle = handle;
}

struct hops_send_result hops_net_bsd_send(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                                          const struct hops_probe *probe) {
    const struct hops_net_port port = {.protocol = seat->config.protocol,
                                       .source = seat->config.source,
                                       .number = probe->src_port};
    struct hops_net_hold hold = {.handle = seat->trace_hold};
    struct outgoing out = {.config = &seat->config, .probe = probe};
    struct hops_send_result result;

    if (seat->holds != NULL) {
        hold = hops_net_ports_hold(link->ports, &port);
        if (hold.os_errno != 0) {
            return hops_net_result(hold.call, hold.os_errno, 0);
        }
    }
    /* A header of our own may claim any source address: whether it is still ours is asked. */
    if (!hold.fresh &&
        hops_net_source_watch(&seat->watch, probe->round, &seat->config.source) != 0) {
        result = hops_net_result(HOPS_CALL_BIND, EADDRNOTAVAIL, 0);
    } else if (seat->raw || seat->config.protocol == HOPS_PROTOCOL_ICMP) {
        result = send_crafted(link, seat, &out);
    } else {
        result = send_payload(link, seat, hold.handle, &out);
    }
    result = full_queue(seat, probe, result);
    if (seat->holds != NULL) {
        if (result.status == HOPS_SEND_OK) {
            keep(link, seat, probe->id, hold.handle);
        } else {
            hops_net_ports_drop(link->ports, hold.handle);
        }
    }
    return result;
}
