/* SPDX-License-Identifier: MIT
 *
 * From a probe to octets. The configuration gives what all probes of a trace share.
 */
#ifndef PACKET_BUILD_H
#define PACKET_BUILD_H

#include <hops/config.h>
#include <hops/probe.h>

#include "base/bytes.h"

/* First octets of every IPv6 dublin payload, "hops6!". */
#define HOPS_DUBLIN_MAGIC_LEN 6
extern const uint8_t hops_dublin_magic[HOPS_DUBLIN_MAGIC_LEN];

/* Writes what a raw socket sends. IPv4: the whole datagram with DF set and header checksum 0 (the
 * kernel fills it in). IPv6: the octets after the IPv6 header. Checksums of UDP, TCP and ICMP are
 * complete, over config->source and config->target; a UDP checksum of 0 goes out as 0xffff. False
 * if it does not fit into w, for a packet size out of bounds (ICMP, UDP), a paris sequence of 0 and
 * a dublin payload that would be too long. Layouts: docs/protocols.md. */
bool hops_packet_build(const struct hops_config *config, const struct hops_probe *probe,
                       struct wr *w);

/* Writes what a datagram socket sends: the UDP payload, or the ICMP echo request with its header
 * (the kernel sets identifier and checksum). Nothing for TCP. */
bool hops_packet_build_payload(const struct hops_config *config, const struct hops_probe *probe,
                               struct wr *w);

/* Length of the UDP or ICMP payload of this probe. */
size_t hops_packet_payload_len(const struct hops_config *config, const struct hops_probe *probe);

/* The checksum that a quoted dublin datagram would have if nobody had translated it: source and
 * target as configured, ports as quoted, (udp_len - 8, at most 996) octets of the pattern. */
uint16_t hops_packet_expected_checksum(const struct hops_config *config,
                                       const struct hops_quote *quote);

#endif
