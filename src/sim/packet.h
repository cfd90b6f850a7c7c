/* SPDX-License-Identifier: MIT
 *
 * A probe as it lies on the wire, and what routers do to it in passing: count the TTL down, change
 * the type of service, translate the source.
 */
#ifndef SIM_PACKET_H
#define SIM_PACKET_H

#include <hops/config.h>
#include <hops/probe.h>

/* The longest probe, and the longest ICMP error over IPv6. */
enum { HOPS_SIM_PACKET_MAX = 1280 };

struct hops_sim_packet {
    uint8_t family;
    size_t len;
    uint8_t octets[HOPS_SIM_PACKET_MAX]; /* IP header, transport header, payload */
};

/* The datagram that leaves a host for this probe, with every checksum in place. False if it cannot
 * be built. */
bool hops_sim_packet_make(const struct hops_config *config, const struct hops_probe *probe,
                          struct hops_sim_packet *out);

size_t hops_sim_header_len(uint8_t family); /* 20 or 40 */
uint8_t hops_sim_packet_protocol(const struct hops_sim_packet *packet);
uint8_t hops_sim_packet_ttl(const struct hops_sim_packet *packet);
void hops_sim_packet_set_ttl(struct hops_sim_packet *packet, uint8_t ttl);
void hops_sim_packet_set_tos(struct hops_sim_packet *packet, uint8_t tos);
struct hops_addr hops_sim_packet_source(const struct hops_sim_packet *packet);

/* UDP and TCP; 0 for ICMP. */
uint16_t hops_sim_packet_source_port(const struct hops_sim_packet *packet);
uint16_t hops_sim_packet_target_port(const struct hops_sim_packet *packet);

/* What balancers look at: addresses, protocol, and the ports or the echo identifier. */
uint64_t hops_sim_packet_flow(const struct hops_sim_packet *packet, uint64_t seed);

/* Puts another source address, and another source port if it is UDP or TCP, into a packet that may
 * be cut short (a quote). Checksums that are there are adjusted as translators do (RFC 1624), not
 * computed anew. */
void hops_sim_translate(struct hops_sim_packet *packet, const struct hops_addr *source,
                        uint16_t port);

/* Puts another destination address in, the same way. */
void hops_sim_readdress(struct hops_sim_packet *packet, const struct hops_addr *destination);

#endif
