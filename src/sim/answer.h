/* SPDX-License-Identifier: MIT
 *
 * The octets of an answer: what a node sends, and how broken nodes get it wrong.
 */
#ifndef SIM_ANSWER_H
#define SIM_ANSWER_H

#include <hops/sim.h>

#include "base/rng.h"
#include "sim/packet.h"

enum hops_sim_answer {
    HOPS_SIM_ANSWER_NONE,
    HOPS_SIM_ANSWER_ERROR, /* ICMP with a quote */
    HOPS_SIM_ANSWER_ECHO,
    HOPS_SIM_ANSWER_SYN_ACK,
    HOPS_SIM_ANSWER_RST,
    HOPS_SIM_ANSWER_DATAGRAM
};

struct hops_sim_draft {
    enum hops_sim_answer answer;
    enum hops_reply_kind kind; /* of an error */
    uint8_t code;
    uint16_t mtu;
    const struct hops_scenario_node *node; /* who answers: address, quote length, extensions */
    struct hops_addr to;
    uint8_t ttl;                  /* on arrival */
    struct hops_sim_packet about; /* errors: the datagram quoted; else the probe as it was sent */
};

/* Writes the datagram as it arrives at draft->to. rng: for sequence numbers and malformations.
 * False if there is no such answer to this packet. */
bool hops_sim_answer_write(const struct hops_sim_draft *draft,
                           enum hops_scenario_malformed malformed, struct rng *rng,
                           struct hops_sim_packet *out);

#endif
