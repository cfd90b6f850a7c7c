/* SPDX-License-Identifier: MIT */
#include "net/errqueue.h"

#include "net/sockaddr.h"
#include "packet/parse.h"

#include <hops/addr.h>

#include <errno.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <string.h>

/* Newer than the C library's headers on some systems we build on. */
#define RECVERR_RFC4884_IP   26 /* IP_RECVERR_RFC4884 */
#define RECVERR_RFC4884_IPV6 31 /* IPV6_RECVERR_RFC4884 */

/* Where an extension structure begins in a quoted datagram if its ICMP message has no length field
 * (RFC 4884 section 5.5). */
#define OLD_EXTENSIONS_AT 128

int hops_net_message_read(int fd, bool error_queue, struct hops_net_clock *clock,
                          struct hops_net_message *out) {
    alignas(struct cmsghdr) uint8_t control[HOPS_NET_CONTROL_MAX];
    struct sockaddr_storage peer;
    struct iovec iov = {.iov_base = out->octets, .iov_len = sizeof(out->octets)};
    struct msghdr msg;
    ssize_t got;

    do {
        msg = (struct msghdr){.msg_name = &peer,
                              .msg_namelen = sizeof(peer),
                              .msg_iov = &iov,
                              .msg_iovlen = 1,
                              .msg_control = control,
                              .msg_controllen = sizeof(control)};
        got = recvmsg(fd, &msg, (error_queue ? MSG_ERRQUEUE : 0) | MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return errno;
    }
    hops_net_clock_sample(clock);
    out->len = (size_t)got;
    out->peer = hops_net_sockaddr_get(&peer, msg.msg_namelen, &out->peer_port);
    hops_net_cmsg_read(&msg, &out->cmsgs);
    return 0;
}

int hops_net_socket_stamps(int fd, bool transmit) {
    int flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;

    if (transmit) {
        flags |= SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
                 SOF_TIMESTAMPING_OPT_TSONLY | SOF_TIMESTAMPING_OPT_CMSG;
    }
    return hops_net_set_int(fd, SOL_SOCKET, SO_TIMESTAMPING, flags);
}

int hops_net_socket_prepare(int fd, enum hops_family family, bool transmit) {
    static const int options4[] = {IP_RECVERR, IP_RECVTTL, IP_RECVTOS, IP_PKTINFO};
    static const int options6[] = {IPV6_RECVERR, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS,
                                   IPV6_RECVPKTINFO};
    const int *options = family == HOPS_IPV6 ? options6 : options4;
    int level = family == HOPS_IPV6 ? SOL_IPV6 : SOL_IP;

    for (size_t i = 0; i < sizeof(options4) / sizeof(options4[0]); i++) {
        int os_errno = hops_net_set_int(fd, level, options[i], 1);

        if (os_errno != 0) {
            return os_errno;
        }
    }
    /* Only says where extensions begin (Linux 5.9); without it they are found by the old rule. */
    (void)hops_net_set_int(fd, level,
                           family == HOPS_IPV6 ? RECVERR_RFC4884_IPV6 : RECVERR_RFC4884_IP, 1);
    (void)hops_net_socket_stamps(fd, transmit); /* without stamps, times are coarse */
    return 0;
}

/* Type and code decide, never the errno: EHOSTUNREACH stands for six different messages. */
static bool kind_of(const struct hops_net_error *error, struct hops_reply *out) {
    uint32_t mtu = error->info > UINT16_MAX ? UINT16_MAX : error->info;

    out->mtu = 0;
    if (error->origin == HOPS_NET_ORIGIN_ICMP) {
        if (error->type == 11 && error->code == 0) {
            out->kind = HOPS_REPLY_TIME_EXCEEDED;
            return true;
        }
        out->kind = HOPS_REPLY_UNREACHABLE;
        out->mtu = error->type == 3 && error->code == 4 ? (uint16_t)mtu : 0;
        return error->type == 3;
    }
    if (error->type == 3 && error->code == 0) {
        out->kind = HOPS_REPLY_TIME_EXCEEDED;
        return true;
    }
    if (error->type == 2) {
        out->kind = HOPS_REPLY_PACKET_TOO_BIG;
        out->mtu = (uint16_t)mtu;
        return true;
    }
    out->kind = HOPS_REPLY_UNREACHABLE;
    return error->type == 1;
}

static void read_extensions(const struct hops_net_message *message,
                            const struct hops_config *config, struct hops_extensions *out) {
    size_t header = (config->target.family == HOPS_IPV6 ? 40U : 20U) +
                    (config->protocol == HOPS_PROTOCOL_UDP ? 8U : 0U);
    size_t at = message->cmsgs.error.extensions_at;
    bool told = at != 0;

    if (!told) {
        at = OLD_EXTENSIONS_AT - header;
    }
    if (at >= message->len) {
        return;
    }
    hops_packet_parse_extensions(message->octets + at, message->len - at, out);
    /* What merely lies there may as well be the rest of a long probe. */
    if (!told && (out->malformed || out->len == 0)) {
        *out = (struct hops_extensions){.present = false};
    }
}

void hops_net_reply_begin(const struct hops_net_message *message, const struct hops_config *config,
                          const struct hops_net_clock *clock, hops_ns sent,
                          struct hops_reply *out) {
    *out = (struct hops_reply){.ttl = -1};
    out->quote.protocol = config->protocol;
    out->quote.src = config->source;
    out->quote.tos = -1;
    out->quote.ttl = -1;
    if (message == NULL) {
        out->responder = config->target;
        out->local = config->source;
        out->when = hops_net_clock_map(clock, 0, 0, &out->coarse);
        out->quote.dst = config->target;
        return;
    }
    out->responder = message->peer;
    out->local = message->cmsgs.local;
    out->ttl = message->cmsgs.ttl;
    out->when = hops_net_clock_map(clock, message->cmsgs.stamp, sent, &out->coarse);
    out->quote.dst = message->peer;
}

enum hops_net_entry hops_net_entry_decode(const struct hops_net_message *message,
                                          const struct hops_config *config,
                                          const struct hops_net_clock *clock, hops_ns sent,
                                          struct hops_reply *out) {
    const struct hops_net_error *error = &message->cmsgs.error;

    if (!error->present) {
        return HOPS_NET_ENTRY_IGNORED;
    }
    switch (error->origin) {
    case HOPS_NET_ORIGIN_TIMESTAMP:
        return HOPS_NET_ENTRY_STAMP;
    case HOPS_NET_ORIGIN_LOCAL:
        return HOPS_NET_ENTRY_LOCAL;
    case HOPS_NET_ORIGIN_ICMP:
    case HOPS_NET_ORIGIN_ICMP6:
        break;
    default:
        return HOPS_NET_ENTRY_IGNORED;
    }
    /* A neighbour that does not resolve and a rejecting firewall of this host are told by our own
     * address. If that is the target, its answer is one. */
    if (hops_addr_equal(&error->offender, &config->source) &&
        !hops_addr_equal(&config->source, &config->target)) {
        return HOPS_NET_ENTRY_LOCAL;
    }
    hops_net_reply_begin(message, config, clock, sent, out);
    if (error->offender.family == HOPS_FAMILY_NONE || !kind_of(error, out) ||
        !hops_addr_equal(&message->peer, &config->target)) {
        return HOPS_NET_ENTRY_IGNORED;
    }
    out->responder = error->offender;
    out->icmp_type = error->type;
    out->icmp_code = error->code;
    if (config->extensions) {
        read_extensions(message, config, &out->extensions);
    }
    return HOPS_NET_ENTRY_REPLY;
}
