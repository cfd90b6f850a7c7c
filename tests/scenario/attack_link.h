/* SPDX-License-Identifier: MIT
 *
 * A link in the hands of an attacker: what a trace sends can be looked at as octets, and any octets
 * can be put before it as if they had come from the network. They go through the parsers, the
 * demultiplexer and the tracer as those of a raw socket do.
 */
#ifndef TESTS_SCENARIO_ATTACK_LINK_H
#define TESTS_SCENARIO_ATTACK_LINK_H

#include "check.h"

#include <hops/run.h>
#include <hops/stats.h>

enum { ATTACK_PROBES_MAX = 64, ATTACK_OCTETS_MAX = 2048, ATTACK_QUEUE_MAX = 8 };

struct attack_probe {
    struct hops_probe probe;
    uint8_t octets[ATTACK_OCTETS_MAX]; /* the whole datagram */
    size_t len;
};

struct attack_datagram {
    uint8_t octets[ATTACK_OCTETS_MAX]; /* with its IP header */
    size_t len;
};

struct attack_link {
    struct hops_link link;
    struct hops_config config; /* of the trace */
    struct attack_probe probes[ATTACK_PROBES_MAX];
    size_t probe_count;
    struct attack_datagram queue[ATTACK_QUEUE_MAX];
    size_t queued;
    struct hops_link_counters counters;
};

struct attack {
    struct attack_link net;
    struct hops_run *run;
    struct hops_stats *stats;
    size_t sent, replies; /* events so far */
    struct hops_event last_reply;
};

/* A trace of TTLs 1 to 8, whose probes of the first round are on their way. */
void attack_start(struct attack *a, enum hops_family family, enum hops_protocol protocol);
void attack_end(struct attack *a);

/* The probe of that TTL in the first round. */
const struct attack_probe *attack_probe(const struct attack *a, uint8_t ttl);

/* Puts a datagram before the trace and lets it be handled. */
void attack_deliver(struct attack *a, const struct attack_datagram *datagram);

/* Lets time pass, to this time. */
void attack_pass(struct attack *a, hops_ns until);

/* Host number n of the family; the target is 200, we are 250. */
struct hops_addr attack_addr(enum hops_family family, uint8_t n);

/* Puts lengths and checksums right after octets were changed: of an ICMP message, or of TCP or UDP.
 */
void attack_repair(struct attack_datagram *datagram);

#endif
