/* SPDX-License-Identifier: MIT
 *
 * Control messages, read into one plain struct and written into one small buffer. Data are copied
 * out octet by octet: the kernel aligns headers, not values.
 */
#ifndef NET_CMSG_H
#define NET_CMSG_H

#include <hops/types.h>

#include <stdalign.h>
#include <sys/socket.h>

/* Room for everything the kernel can attach to one message of ours. */
#define HOPS_NET_CONTROL_MAX 512

/* enum-like names of sock_extended_err.ee_origin */
enum hops_net_origin {
    HOPS_NET_ORIGIN_NONE = 0,
    HOPS_NET_ORIGIN_LOCAL = 1,
    HOPS_NET_ORIGIN_ICMP = 2,
    HOPS_NET_ORIGIN_ICMP6 = 3,
    HOPS_NET_ORIGIN_TIMESTAMP = 4
};

/* An entry of an error queue. */
struct hops_net_error {
    bool present;
    uint8_t origin; /* enum hops_net_origin */
    uint8_t type;
    uint8_t code;
    int os_errno;
    uint32_t info; /* MTU of 3/4 and of ICMPv6 2; 0 (SCM_TSTAMP_SND) for a stamp of a packet that
                      left */
    uint32_t data; /* TIMESTAMP: the number of the packet */
    uint16_t extensions_at;    /* offset of an RFC 4884 structure in the data, 0 if not told */
    bool extensions_invalid;   /* its checksum is wrong */
    struct hops_addr offender; /* who says so; family NONE for local errors */
};

/* What came with a message. */
struct hops_net_cmsgs {
    hops_ns stamp;          /* CLOCK_REALTIME, 0: none */
    int16_t ttl;            /* TTL or hop limit, -1: not told */
    int16_t tos;            /* type of service or traffic class, -1: not told */
    struct hops_addr local; /* address it came to, family NONE: not told */
    uint32_t interface;     /* index of the interface it came in by, 0: not told */
    bool overflow_known;
    uint32_t overflow; /* packets this socket has lost so far (SO_RXQ_OVFL) */
    struct hops_net_error error;
};

/* Reads what recvmsg() gave. Unknown and short messages are passed over. */
void hops_net_cmsg_read(struct msghdr *msg, struct hops_net_cmsgs *out);

/* Control messages to send. */
struct hops_net_control {
    alignas(struct cmsghdr) uint8_t octets[256];
    size_t len;
};

void hops_net_control_clear(struct hops_net_control *control);
void hops_net_control_ttl(struct hops_net_control *control, enum hops_family family, uint8_t ttl);
void hops_net_control_tos(struct hops_net_control *control, enum hops_family family, uint8_t tos);
/* Source address, and for a link-local one its interface. */
void hops_net_control_source(struct hops_net_control *control, const struct hops_addr *source);
void hops_net_control_flow_label(struct hops_net_control *control, uint32_t label);
/* Names the transmit stamp of this packet (kernel 6.13 and later; EINVAL before). */
void hops_net_control_stamp_id(struct hops_net_control *control, uint32_t id);

/* Puts control into msg (borrows: control must live as long as msg). */
void hops_net_control_attach(struct hops_net_control *control, struct msghdr *msg);

#endif
