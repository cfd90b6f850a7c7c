/* SPDX-License-Identifier: MIT
 *
 * The way of a probe through the scenario, up to where it ends: who has it then, when, and what it
 * looks like there. What that node answers, and how the answer comes back, is reply.h's.
 */
#ifndef SIM_WALK_H
#define SIM_WALK_H

#include <hops/sim.h>

#include "base/rng.h"
#include "sim/packet.h"

enum { HOPS_SIM_TRAIL_MAX = 256 }; /* nodes a probe can pass: its TTL ends before */

enum hops_sim_fate {
    HOPS_SIM_LOST,        /* nobody answers */
    HOPS_SIM_NOT_SENT,    /* larger than the first cable: the host itself refuses it */
    HOPS_SIM_EXPIRED,     /* TTL used up at the last node of the trail */
    HOPS_SIM_UNREACHABLE, /* that node does not forward */
    HOPS_SIM_TOO_BIG,     /* the cable behind that node is too narrow */
    HOPS_SIM_ARRIVED      /* that node is the target */
};

/* A node passed, and what it translated. */
struct hops_sim_passage {
    uint16_t node;
    uint32_t visit; /* how often this probe has been here before */
    bool translated;
    struct hops_addr before, after;
    uint16_t port_before, port_after;
};

struct hops_sim_walk {
    enum hops_sim_fate fate;
    hops_ns when;                  /* arrival at the last node of the trail */
    uint16_t mtu;                  /* TOO_BIG: of the narrow cable */
    uint64_t key;                  /* what this probe's random draws come from */
    struct hops_sim_packet packet; /* as it came to the last node of the trail */
    size_t trail_len;
    struct hops_sim_passage trail[HOPS_SIM_TRAIL_MAX];
};

/* What a node's draws are for. Separate streams: one draw more here moves no draw there. */
enum hops_sim_purpose { HOPS_SIM_FORWARD = 1, HOPS_SIM_RETURN, HOPS_SIM_ANSWER, HOPS_SIM_SEND };

/* The generator of a probe at a node. It depends on the node's address, not on its number or place,
 * so that other nodes may come and go. */
struct rng hops_sim_draw(uint64_t key, const struct hops_addr *node, uint32_t visit,
                         enum hops_sim_purpose purpose);

bool hops_sim_chance(struct rng *rng, double share);       /* one draw, always */
hops_ns hops_sim_spread(struct rng *rng, hops_ns at_most); /* one draw, always */

bool hops_sim_within(const struct hops_scenario_window *window, hops_ns t);

/* Lets a packet that leaves at now walk to its end. walk->packet and walk->key are set before. */
void hops_sim_walk(const struct hops_scenario *scenario, const struct hops_scenario_target *target,
                   hops_ns now, struct hops_sim_walk *walk);

#endif
