/* SPDX-License-Identifier: MIT
 *
 * What carries the sequence of a probe, and so what its ports are and how it is read back from a
 * quoted datagram. One table for all protocols and strategies:
 *
 *   protocol strategy  fixed    source port  destination port  sequence in
 *   ICMP     -         -        -            -                 echo sequence
 *   UDP      classic   source   source       sequence          destination port
 *   UDP      classic   target   sequence     target            source port
 *   UDP      paris     any      as fixed, else round port      UDP checksum
 *   UDP/IPv4 dublin    any      as fixed, else round port      IPv4 identification
 *   UDP/IPv6 dublin    any      as fixed, else round port      payload length
 *   TCP      classic   source   source       sequence          destination port
 *   TCP      classic   target   sequence     target            source port
 */
#ifndef TRACER_SEQUENCE_H
#define TRACER_SEQUENCE_H

#include <hops/config.h>
#include <hops/probe.h>

/* Sequences one round may use at most. */
uint16_t hops_sequence_round_capacity(const struct hops_config *config);

/* The sequence from which on a new round starts over at the initial one. */
uint16_t hops_sequence_wrap(const struct hops_config *config);

/* Whether the sequence or the round port ends up as a source port of this host. */
bool hops_sequence_becomes_source_port(const struct hops_config *config);

/* The port all probes of round number n use where none is fixed: it cycles through
 * max(1024, initial sequence)..65535. */
uint16_t hops_sequence_round_port(const struct hops_config *config, uint32_t n);

/* Fills in ports and IPv4 identification of a probe whose sequence is set. */
void hops_sequence_encode(const struct hops_config *config, uint16_t round_port,
                          struct hops_probe *probe);

/* Reads the sequence back from what a reply quotes. False if it cannot be one of ours. */
bool hops_sequence_decode(const struct hops_config *config, const struct hops_quote *quote,
                          uint16_t *out);

#endif
