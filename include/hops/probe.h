/* SPDX-License-Identifier: MIT
 *
 * The two records that pass between a tracer and a link: the probe on the way out, the reply on the
 * way in. Both are plain values in host byte order; the link turns them into octets and back.
 */
#ifndef HOPS_PROBE_H
#define HOPS_PROBE_H

#include <hops/addr.h>
#include <hops/extension.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One packet to send. What all probes of a trace share (addresses, size, pattern, ToS) is in its
 * hops_config. */
struct hops_probe {
    uint32_t id;       /* serial number within the trace, from 0 */
    uint32_t round;    /* from 0 */
    uint8_t ttl;       /* IPv4 TTL or IPv6 hop limit, 1..254 */
    uint16_t sequence; /* what makes the reply recognizable */
    uint16_t src_port; /* UDP, TCP; else 0 */
    uint16_t dst_port; /* UDP, TCP; else 0 */
    uint16_t ip_id;    /* IPv4 identification: the sequence for dublin, else 0 */
    uint32_t tcp_seq;  /* TCP sequence number of the SYN: a SYN-ACK or RST must acknowledge it */
};

/* What became of handing a probe to the network. Exactly one errno leads to PORT_TAKEN: EADDRINUSE,
 * from bind or connect. In particular EADDRNOTAVAIL is FAILED, always. */
enum hops_send_status {
    HOPS_SEND_OK,         /* on its way, at result.when */
    HOPS_SEND_PORT_TAKEN, /* somebody else holds its port: nothing was sent */
    HOPS_SEND_FAILED,     /* it did not leave this host; call and os_errno say why */
    HOPS_SEND_BUSY,       /* no descriptor or buffer just now: offer the same probe again later */
    HOPS_SEND_FATAL       /* a programming error or a broken socket: the trace cannot go on */
};

struct hops_send_result {
    enum hops_send_status status;
    enum hops_call call; /* the call that failed, else HOPS_CALL_NONE */
    int os_errno;        /* its errno, else 0 */
    hops_ns when;        /* OK: the clock just before the send call */
};

enum hops_reply_kind {
    HOPS_REPLY_TIME_EXCEEDED,  /* ICMP 11/0, ICMPv6 3/0 */
    HOPS_REPLY_UNREACHABLE,    /* ICMP 3/x, ICMPv6 1/x */
    HOPS_REPLY_PACKET_TOO_BIG, /* ICMPv6 2 (ICMP 3/4 is UNREACHABLE with an mtu) */
    HOPS_REPLY_ECHO,
    HOPS_REPLY_TCP,         /* SYN-ACK, or a completed connect() */
    HOPS_REPLY_TCP_REFUSED, /* RST */
    HOPS_REPLY_UDP          /* a datagram from the target's port */
};

/* What a reply says about the probe it answers: the quoted datagram of an ICMP error, or the fields
 * of the reply itself turned round (src_port is our port). */
struct hops_quote {
    enum hops_protocol protocol;
    struct hops_addr src; /* family NONE if not known */
    struct hops_addr dst; /* the probe's destination */
    int16_t tos;          /* -1 if not known */
    int16_t ttl;          /* quoted TTL, -1 if not known */
    uint16_t ip_id;       /* IPv4 only */
    uint8_t icmp_type;    /* quoted ICMP type */
    uint16_t icmp_id;     /* ICMP */
    uint16_t icmp_seq;    /* ICMP */
    uint16_t src_port;    /* UDP, TCP */
    uint16_t dst_port;    /* UDP, TCP */
    bool tcp_seq_known;
    uint32_t tcp_seq;      /* TCP replies: acknowledgement - 1; ICMP quotes: as quoted */
    uint16_t udp_len;      /* claimed length, at least 8 */
    uint16_t udp_checksum; /* as quoted */
    bool udp_magic;        /* the payload begins with the IPv6 dublin magic */
};

/* A decoded reply. */
struct hops_reply {
    enum hops_reply_kind kind;
    struct hops_addr responder;
    struct hops_addr local; /* the address it came to; family NONE if not known */
    uint8_t icmp_type;      /* ICMP kinds only */
    uint8_t icmp_code;
    int16_t ttl;  /* TTL of the reply packet when it arrived, -1 if not known */
    uint16_t mtu; /* next-hop MTU of 3/4 and packet too big, 0 if not given */
    struct hops_quote quote;
    struct hops_extensions extensions; /* present only if the trace asked for them */
    bool known_probe;                  /* probe_id is valid: a per-probe socket told us */
    uint32_t probe_id;
    hops_ns when; /* arrival */
    bool coarse;  /* when is the time of reading, not a kernel timestamp */
};

#ifdef __cplusplus
}
#endif

#endif
