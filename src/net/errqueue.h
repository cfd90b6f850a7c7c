/* SPDX-License-Identifier: MIT
 *
 * Messages of datagram and stream sockets: the normal queue, and the error queue in which the
 * kernel puts the ICMP errors about our probes and the transmit stamps (ip(7), IP_RECVERR).
 */
#ifndef NET_ERRQUEUE_H
#define NET_ERRQUEUE_H

#include "net/clock.h"
#include "net/cmsg.h"

#include <hops/config.h>
#include <hops/link.h>

/* One message. From the error queue, peer is the destination of the probe and data what the error
 * quotes after the IP header (UDP: after the UDP header). */
struct hops_net_message {
    struct hops_addr peer;
    uint16_t peer_port;
    struct hops_net_cmsgs cmsgs;
    size_t len;
    uint8_t octets[4096]; /* what is longer is cut off: no ICMP error may be (RFC 1812, RFC 4443) */
};

/* Reads one message without waiting and compares the clocks. 0 or the errno (EAGAIN: none). EINTR
 * is tried again. */
int hops_net_message_read(int fd, bool error_queue, struct hops_net_clock *clock,
                          struct hops_net_message *out);

/* Asks for everything a probe socket can tell: ICMP errors, arrival stamps, TTL, ToS and local
 * address. transmit: also the stamps of what is sent, numbered. 0 or an errno. What an older kernel
 * does not know is left out. */
int hops_net_socket_prepare(int fd, enum hops_family family, bool transmit);

/* SO_TIMESTAMPING alone, as above. */
int hops_net_socket_stamps(int fd, bool transmit);

/* What an error-queue entry is about. */
enum hops_net_entry {
    HOPS_NET_ENTRY_REPLY,   /* a router or the target: *out is filled in */
    HOPS_NET_ENTRY_LOCAL,   /* this host refused the probe after all: error.os_errno says why */
    HOPS_NET_ENTRY_STAMP,   /* a transmit stamp */
    HOPS_NET_ENTRY_IGNORED, /* another kind of message */
};

/* Classifies an entry and fills in all of *out but the ports or identifiers of the quote and
 * known_probe. sent: when the probe left, 0 if not known. */
enum hops_net_entry hops_net_entry_decode(const struct hops_net_message *message,
                                          const struct hops_config *config,
                                          const struct hops_net_clock *clock, hops_ns sent,
                                          struct hops_reply *out);

/* Arrival and packet fields of a reply that came by the normal queue, and of one by no packet at
 * all (NULL). The rest of *out is cleared; responder and quote.dst are set to peer. */
void hops_net_reply_begin(const struct hops_net_message *message, const struct hops_config *config,
                          const struct hops_net_clock *clock, hops_ns sent, struct hops_reply *out);

#endif
