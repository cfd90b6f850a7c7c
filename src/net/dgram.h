/* SPDX-License-Identifier: MIT
 *
 * ICMP and UDP without privilege: datagram sockets, whose replies from routers come by the error
 * queue. ICMP and UDP with a fixed source port use one socket, UDP with a fixed target port one per
 * probe in flight. UDP is classic only: paris and dublin need header fields that no datagram socket
 * lets us set.
 */
#ifndef NET_DGRAM_H
#define NET_DGRAM_H

#include "net/channel.h"

/* An ICMP channel sets config->trace_id to the identifier the kernel gave it. */
hops_net_channel_new hops_net_dgram_new;

#endif
