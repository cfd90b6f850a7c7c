/* SPDX-License-Identifier: MIT */
#include "sim/walk.h"

/* A loop of steps of which none exists at the time consumes no TTL. */
enum { STEPS_LOOKED_AT_MAX = 16384 };

struct rng hops_sim_draw(uint64_t key, const struct hops_addr *node, uint32_t visit,
                         enum hops_sim_purpose purpose) {
    uint64_t state = hops_addr_hash(node, key);

    state = rng_mix(state ^ ((uint64_t)visit << 8) ^ (uint64_t)purpose);
    return (struct rng){.state = state};
}

bool hops_sim_chance(struct rng *rng, double share) {
    return rng_unit(rng) < share;
}

hops_ns hops_sim_spread(struct rng *rng, hops_ns at_most) {
    return (hops_ns)(rng_unit(rng) * (double)at_most);
}

bool hops_sim_within(const struct hops_scenario_window *window, hops_ns t) {
    return t >= window->from && (window->until == 0 || t < window->until);
}

struct cursor {
    const struct hops_scenario *scenario;
    const struct hops_scenario_target *target;
    size_t step;   /* the next one to be looked at */
    size_t looked; /* how many have been looked at */
    bool at_target;
};

static uint16_t choose(const struct cursor *c, const struct hops_scenario_step *step,
                       const struct hops_sim_walk *walk) {
    const struct hops_addr *first = &c->scenario->nodes[step->nodes[0]].addr;

    if (step->node_count == 1) {
        return step->nodes[0];
    }
    if (step->per_packet) {
        struct rng rng = hops_sim_draw(walk->key, first, (uint32_t)walk->trail_len, HOPS_SIM_SEND);
        return step->nodes[rng_next(&rng) % step->node_count];
    }
    uint64_t seed = step->balancer != 0 ? rng_mix(c->scenario->seed ^ step->balancer)
                                        : hops_addr_hash(first, c->scenario->seed);
    return step->nodes[hops_sim_packet_flow(&walk->packet, seed) % step->node_count];
}

/* The node that a packet goes to at time t, or false if the way leads nowhere. */
static bool next_node(struct cursor *c, const struct hops_sim_walk *walk, hops_ns t,
                      uint16_t *out) {
    while (c->step < c->target->step_count && c->looked++ < STEPS_LOOKED_AT_MAX) {
        const struct hops_scenario_step *step = &c->target->steps[c->step];
        bool back = c->target->loop && c->step == c->target->loop_from;

        c->step = back ? c->target->loop_to : c->step + 1;
        if (hops_sim_within(&step->when, t)) {
            *out = choose(c, step, walk);
            return true;
        }
    }
    if (c->step < c->target->step_count) {
        return false;
    }
    c->at_target = true;
    *out = c->target->node;
    return true;
}

static uint32_t visits(const struct hops_sim_walk *walk, uint16_t node) {
    uint32_t count = 0;

    for (size_t i = 0; i < walk->trail_len; i++) {
        count += walk->trail[i].node == node;
    }
    return count;
}

/* What a node does to a packet that it passes on. */
static void forward(const struct hops_scenario_node *node, struct hops_sim_packet *packet,
                    struct hops_sim_passage *passage) {
    hops_sim_packet_set_ttl(packet, (uint8_t)(hops_sim_packet_ttl(packet) - 1));
    if (node->set_tos) {
        hops_sim_packet_set_tos(packet, node->tos);
    }
    if (node->nat != HOPS_SCENARIO_NAT_NONE) {
        passage->translated = true;
        passage->before = hops_sim_packet_source(packet);
        passage->port_before = hops_sim_packet_source_port(packet);
        passage->after = node->nat_addr;
        passage->port_after = node->nat_port != 0 ? node->nat_port : passage->port_before;
        hops_sim_translate(packet, &passage->after, passage->port_after);
    }
}

/* Passes the cable into a node: true if the packet gets there, and walk->when is then. */
static bool pass_cable(const struct hops_scenario_node *node, uint16_t index, hops_ns t,
                       struct hops_sim_walk *walk) {
    uint32_t visit = visits(walk, index);
    struct rng rng = hops_sim_draw(walk->key, &node->addr, visit, HOPS_SIM_FORWARD);
    bool lost = hops_sim_chance(&rng, node->loss_forward);

    walk->when = t + node->delay + hops_sim_spread(&rng, node->jitter);
    walk->trail[walk->trail_len++] = (struct hops_sim_passage){.node = index, .visit = visit};
    return !lost;
}

void hops_sim_walk(const struct hops_scenario *scenario, const struct hops_scenario_target *target,
                   hops_ns now, struct hops_sim_walk *walk) {
    struct cursor c = {.scenario = scenario, .target = target};
    struct hops_sim_packet received; /* as it came to the last node */
    uint16_t index;
    hops_ns t = now;

    walk->trail_len = 0;
    walk->when = now;
    walk->mtu = 0;
    walk->fate = HOPS_SIM_LOST;
    while (walk->trail_len < HOPS_SIM_TRAIL_MAX && next_node(&c, walk, t, &index)) {
        const struct hops_scenario_node *node = &scenario->nodes[index];

        if (node->mtu != 0 && walk->packet.len > node->mtu) {
            walk->mtu = node->mtu;
            walk->fate = walk->trail_len == 0 ? HOPS_SIM_NOT_SENT : HOPS_SIM_TOO_BIG;
            if (walk->trail_len > 0) {
                walk->packet = received;
            }
            return;
        }
        if (!pass_cable(node, index, t, walk)) {
            return;
        }
        if (c.at_target) {
            walk->fate = HOPS_SIM_ARRIVED;
            return;
        }
        if (node->unreachable) {
            walk->fate = HOPS_SIM_UNREACHABLE;
            return;
        }
        if (hops_sim_packet_ttl(&walk->packet) <= 1) {
            walk->fate = HOPS_SIM_EXPIRED;
            return;
        }
        received = walk->packet;
        forward(node, &walk->packet, &walk->trail[walk->trail_len - 1]);
        t = walk->when;
    }
}
