/* SPDX-License-Identifier: MIT
 *
 * TCP without privilege: one non-blocking connect() per probe. Its socket tells SYN-ACK from RST
 * and has the ICMP errors of routers in its error queue. Each is closed with a reset as soon as it
 * has an answer, and 900 ms after it was sent at the latest, since the kernel sends the SYN again
 * after a second.
 */
#ifndef NET_CONNECT_H
#define NET_CONNECT_H

#include "net/channel.h"

hops_net_channel_new hops_net_connect_new;

#endif
