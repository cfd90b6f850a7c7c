/* SPDX-License-Identifier: MIT
 *
 * What comes in: ICMP by the shared sockets, UDP by the sockets that hold ports.
 */
#include "net/bsd.h"
#include "net/signature.h"
#include "net/sockaddr.h"
#include "packet/parse.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdalign.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

struct message {
    size_t len;
    struct hops_addr from;
    uint16_t port;
    struct hops_addr local; /* IPv6 only */
    int16_t ttl;            /* -1: not told */
    hops_ns stamp;          /* CLOCK_REALTIME, 0: none */
};

/* Values come as one octet or as an int. */
static int16_t read_small(const uint8_t *data, size_t len) {
    int value = -1;

    if (len == 1) {
        value = data[0];
    } else if (len >= sizeof(value)) {
        memcpy(&value, data, sizeof(value));
    }
    return value < 0 || value > 255 ? -1 : (int16_t)value;
}

static void read_control(struct cmsghdr *c, struct message *out) {
    const uint8_t *data = CMSG_DATA(c);
    size_t len = c->cmsg_len - CMSG_LEN(0);
    struct timeval tv;
    struct in6_pktinfo info;

    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMP && len >= sizeof(tv)) {
        memcpy(&tv, data, sizeof(tv));
        out->stamp = (hops_ns)tv.tv_sec * HOPS_SEC + (hops_ns)tv.tv_usec * HOPS_US;
    } else if (c->cmsg_level == IPPROTO_IP &&
               (c->cmsg_type == IP_RECVTTL || c->cmsg_type == IP_TTL)) {
        out->ttl = read_small(data, len);
    } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT) {
        out->ttl = read_small(data, len);
    } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO &&
               len >= sizeof(info)) {
        uint8_t octets[16];

        memcpy(&info, data, sizeof(info));
        memcpy(octets, &info.ipi6_addr, sizeof(octets));
        out->local = hops_addr_ipv6(octets, 0);
        out->local.scope = hops_addr_is_link_local(&out->local) ? info.ipi6_ifindex : 0;
    }
}

/* One message into the buffer; then compares the clocks. */
static bool read_message(struct hops_net_bsd *link, int fd, struct message *out) {
    alignas(struct cmsghdr) uint8_t control[256];
    struct sockaddr_storage from;
    struct iovec room = {.iov_base = link->buffer, .iov_len = HOPS_NET_BSD_RECEIVE_MAX};
    struct msghdr msg = {.msg_name = &from,
                         .msg_namelen = sizeof(from),
                         .msg_iov = &room,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = sizeof(control)};
    ssize_t len;

    do {
        len = recvmsg(fd, &msg, 0);
    } while (len < 0 && errno == EINTR);
    if (len < 0) {
        return false;
    }
    hops_net_clock_sample(&link->clock);
    *out = (struct message){.len = (size_t)len, .ttl = -1};
    out->from = hops_net_sockaddr_get(&from, msg.msg_namelen, &out->port);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c != NULL; c = CMSG_NXTHDR(&msg, c)) {
        read_control(c, out);
    }
    link->counters.received++;
    return true;
}

/* Hands a reply out if it can be meant for a trace of ours; to that one if it is only one. */
static void push_reply(struct hops_net_bsd *link, struct hops_reply *reply, hops_ns stamp) {
    const struct hops_net_bsd_seat *found = NULL;
    uint32_t fitting = 0;

    for (uint32_t i = 0; i < link->size; i++) {
        const struct hops_net_bsd_seat *seat = link->seats[i];

        if (seat != NULL && hops_net_signature_fits(&seat->config, reply)) {
            found = seat;
            fitting++;
        }
    }
    if (fitting == 0 || hops_net_inbox_room(&link->inbox) == 0) {
        link->counters.ignored++;
        return;
    }
    if (fitting == 1 && !found->config.extensions) {
        reply->extensions = (struct hops_extensions){.present = false};
    }
    reply->when = hops_net_clock_map(&link->clock, stamp, 0, &reply->coarse);
    link->counters.coarse += reply->coarse ? 1 : 0;
    *hops_net_inbox_push(&link->inbox) =
        (struct hops_inbound){.kind = HOPS_INBOUND_REPLY,
                              .attachment = fitting == 1 ? found->attachment : HOPS_ATTACHMENT_ANY,
                              .when = reply->when,
                              .reply = *reply};
}

static bool wants_extensions(const struct hops_net_bsd *link) {
    for (uint32_t i = 0; i < link->size; i++) {
        if (link->seats[i] != NULL && link->seats[i]->config.extensions) {
            return true;
        }
    }
    return false;
}

static enum hops_packet_status parse(const struct hops_net_bsd *link, enum hops_family family,
                                     const struct message *m, struct hops_reply *out) {
    const struct hops_addr unverified = {.family = HOPS_FAMILY_NONE}; /* the kernel has done it */
    const bool extensions = wants_extensions(link);
    enum hops_packet_status status;

    if (family == HOPS_IPV4) {
        hops_net_order_repair(link->buffer, m->len);
        return hops_packet_parse_ipv4(link->buffer, m->len, extensions, out);
    }
    status = hops_packet_parse_icmp6(link->buffer, m->len, &m->from, &unverified, m->ttl,
                                     extensions, out);
    if (status == HOPS_PACKET_OK) {
        out->local = m->local;
    }
    return status;
}

void hops_net_bsd_read_icmp(struct hops_net_bsd *link, enum hops_family family) {
    struct hops_reply reply;
    struct message m;

    if (!read_message(link, link->icmp[family == HOPS_IPV6].fd, &m)) {
        return;
    }
    switch (parse(link, family, &m, &reply)) {
    case HOPS_PACKET_OK:
        push_reply(link, &reply, m.stamp);
        break;
    case HOPS_PACKET_IGNORED:
        link->counters.ignored++;
        break;
    case HOPS_PACKET_SHORT:
    case HOPS_PACKET_MALFORMED:
    case HOPS_PACKET_CHECKSUM:
        link->counters.malformed++;
        break;
    }
}

void hops_net_bsd_read_port(struct hops_net_bsd *link, uint32_t local) {
    struct hops_net_port port;
    int fd = hops_net_ports_find(link->ports, local, &port);
    struct hops_reply reply;
    struct message m;

    if (fd < 0 || port.protocol != HOPS_PROTOCOL_UDP || !read_message(link, fd, &m)) {
        return;
    }
    reply = (struct hops_reply){.kind = HOPS_REPLY_UDP,
                                .responder = m.from,
                                .local = port.source,
                                .ttl = m.ttl,
                                .quote = {.protocol = HOPS_PROTOCOL_UDP,
                                          .src = port.source,
                                          .dst = m.from,
                                          .tos = -1,
                                          .ttl = -1,
                                          .src_port = port.number,
                                          .dst_port = m.port}};
    push_reply(link, &reply, m.stamp);
}
