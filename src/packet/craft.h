/* SPDX-License-Identifier: MIT
 *
 * The other side of the wire: what routers and targets send when a probe reaches them, as whole IP
 * datagrams with right checksums. The simulator and the tests' responders are built on it; nothing
 * here runs in a trace over a real network.
 *
 * A probe comes in as the octets of its datagram, IP header included. Every function returns false
 * if those octets are no such probe or the result does not fit into w.
 */
#ifndef PACKET_CRAFT_H
#define PACKET_CRAFT_H

#include <hops/config.h>
#include <hops/extension.h>
#include <hops/probe.h>

#include "base/bytes.h"

/* Longest datagram with an ICMP error: RFC 1812 4.3.2.3, RFC 4443 2.4. */
enum { HOPS_CRAFT_ERROR_MAX_IPV4 = 576, HOPS_CRAFT_ERROR_MAX_IPV6 = 1280 };

/* The probe as it is on the wire: what hops_packet_build() gives, with the IPv4 header checksum
 * filled in, or behind an IPv6 header with the hop limit of the probe, the traffic class of the
 * configuration and this flow label (20 bits). */
bool hops_craft_datagram(const struct hops_config *config, const struct hops_probe *probe,
                         uint32_t flow_label, struct wr *w);

/* A probe seen by a router. */
struct hops_craft_view {
    enum hops_family family;
    struct hops_addr src, dst;
    uint8_t tos;
    uint8_t ttl;
    uint8_t protocol;         /* transport, after any extension headers */
    const uint8_t *transport; /* borrows */
    size_t transport_len;
};
bool hops_craft_look(const uint8_t *probe, size_t len, struct hops_craft_view *out);

enum hops_craft_layout {
    HOPS_CRAFT_PLAIN,        /* no extension structure, length attribute 0 */
    HOPS_CRAFT_COMPLIANT,    /* quote padded to 128 octets or more, length attribute says so */
    HOPS_CRAFT_PADDED,       /* quote padded to 128, length attribute without the padding */
    HOPS_CRAFT_NON_COMPLIANT /* quote cut or padded to 128, length attribute 0 */
};

enum hops_craft_sum { HOPS_CRAFT_SUM_RIGHT, HOPS_CRAFT_SUM_NONE, HOPS_CRAFT_SUM_WRONG };

struct hops_craft_error {
    enum hops_reply_kind kind; /* time exceeded, unreachable, or packet too big (IPv6) */
    uint8_t code;
    struct hops_addr from;
    uint8_t ttl;        /* of the datagram made */
    uint32_t mtu;       /* fragmentation needed (IPv4 code 4) and packet too big */
    size_t quoted_len;  /* at most; also bounded by the probe and by the longest datagram */
    uint8_t quoted_ttl; /* TTL in the quote; 0: as in the probe */
    enum hops_craft_layout layout;
    enum hops_craft_sum extension_sum;
    const uint8_t *objects; /* of the extension structure, without its header */
    size_t objects_len;
};
bool hops_craft_error(const uint8_t *probe, size_t len, const struct hops_craft_error *error,
                      struct wr *w);

/* Objects for the area above. */
void hops_craft_mpls(struct wr *w, const struct hops_mpls *entries, size_t count);
void hops_craft_interface_info(struct wr *w, const struct hops_interface_info *info);

/* An echo reply from the probe's destination, or from another address if from is not NULL. */
bool hops_craft_echo_reply(const uint8_t *probe, size_t len, const struct hops_addr *from,
                           uint8_t ttl, struct wr *w);

/* The answer to a SYN: SYN-ACK with this sequence number (a port that listens), or RST. */
bool hops_craft_tcp_syn_ack(const uint8_t *probe, size_t len, uint32_t seq, uint8_t ttl,
                            struct wr *w);
bool hops_craft_tcp_rst(const uint8_t *probe, size_t len, uint8_t ttl, struct wr *w);

/* A UDP datagram back to where the probe came from. */
bool hops_craft_udp_reply(const uint8_t *probe, size_t len, const uint8_t *payload,
                          size_t payload_len, uint8_t ttl, struct wr *w);

#endif
