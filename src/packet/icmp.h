/* SPDX-License-Identifier: MIT
 *
 * ICMP (RFC 792) and ICMPv6 (RFC 4443) messages: numbers, the common header, and which of them can
 * answer a probe. The two families differ in numbers and in the place of a few fields only.
 */
#ifndef PACKET_ICMP_H
#define PACKET_ICMP_H

#include <hops/probe.h>
#include <hops/types.h>

#include "base/bytes.h"
#include "packet/parse.h"

enum { HOPS_ICMP_HEADER_LEN = 8 };

enum {
    HOPS_ICMP4_ECHO_REPLY = 0,
    HOPS_ICMP4_UNREACHABLE = 3,
    HOPS_ICMP4_ECHO_REQUEST = 8,
    HOPS_ICMP4_TIME_EXCEEDED = 11,
    HOPS_ICMP4_CODE_FRAGMENTATION_NEEDED = 4 /* of unreachable */
};

enum {
    HOPS_ICMP6_UNREACHABLE = 1,
    HOPS_ICMP6_PACKET_TOO_BIG = 2,
    HOPS_ICMP6_TIME_EXCEEDED = 3,
    HOPS_ICMP6_ECHO_REQUEST = 128,
    HOPS_ICMP6_ECHO_REPLY = 129
};

/* The first eight octets. What the second four mean depends on the type. */
struct hops_icmp {
    uint8_t type;
    uint8_t code;
    uint16_t checksum;
    uint8_t rest[4];
};

enum hops_packet_status hops_icmp_read(struct rd *r, struct hops_icmp *out);
void hops_icmp_write(struct wr *w, const struct hops_icmp *header);

/* What the message says if it can be an answer to a probe; false for all others, among them "time
 * exceeded during reassembly", which is no hop's. */
bool hops_icmp_kind(enum hops_family family, const struct hops_icmp *header,
                    enum hops_reply_kind *out);

/* Octets of the quoted datagram by the length attribute of RFC 4884; 0: not told. */
size_t hops_icmp_quoted_len(enum hops_family family, const struct hops_icmp *header);

/* Sets that attribute; len is a multiple of 4 (IPv4) or 8 (IPv6) and at most 255 such units. */
void hops_icmp_set_quoted_len(enum hops_family family, struct hops_icmp *header, size_t len);

/* Next-hop MTU of fragmentation needed (RFC 1191) and packet too big, at most 65535; else 0. */
uint16_t hops_icmp_mtu(enum hops_family family, const struct hops_icmp *header);
void hops_icmp_set_mtu(enum hops_family family, struct hops_icmp *header, uint32_t mtu);

/* Echo identifier and sequence. */
uint16_t hops_icmp_echo_id(const struct hops_icmp *header);
uint16_t hops_icmp_echo_seq(const struct hops_icmp *header);
void hops_icmp_set_echo(struct hops_icmp *header, uint16_t id, uint16_t seq);

uint8_t hops_icmp_echo_request_type(enum hops_family family);

#endif
