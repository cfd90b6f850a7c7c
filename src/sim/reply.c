/* SPDX-License-Identifier: MIT */
#include "sim/reply.h"

#include "base/unreachable.h"
#include "packet/icmp.h"
#include "packet/ipv4.h"
#include "sim/answer.h"

enum {
    DEFAULT_REPLY_TTL = 64,
    ICMP4_CODE_PORT = 3,
    ICMP4_CODE_PROHIBITED = 13,
    ICMP6_CODE_PROHIBITED = 1,
    ICMP6_CODE_PORT = 4
};

/* One token per answer; the bucket fills with time. Probes are worked out in the order of sending,
 * so a later one may come to the node earlier: it then finds the bucket as it is. */
static bool take_token(const struct hops_scenario_node *node, struct hops_sim_bucket *bucket,
                       hops_ns t) {
    double burst = node->burst == 0 ? 1 : (double)node->burst;

    if (node->rate <= 0) {
        return true;
    }
    if (!bucket->used) {
        *bucket = (struct hops_sim_bucket){.used = true, .tokens = burst, .at = t};
    }
    if (t > bucket->at) {
        bucket->tokens += (double)(t - bucket->at) / (double)HOPS_SEC * node->rate;
        bucket->tokens = bucket->tokens > burst ? burst : bucket->tokens;
        bucket->at = t;
    }
    if (bucket->tokens < 1) {
        return false;
    }
    bucket->tokens -= 1;
    return true;
}

static void set_error(struct hops_sim_draft *draft, enum hops_reply_kind kind, uint8_t code) {
    draft->answer = HOPS_SIM_ANSWER_ERROR;
    draft->kind = kind;
    draft->code = code;
}

static void set_unreachable(struct hops_sim_draft *draft, uint8_t code4, uint8_t code6) {
    set_error(draft, HOPS_REPLY_UNREACHABLE, draft->about.family == HOPS_IPV4 ? code4 : code6);
}

static enum hops_scenario_policy policy_of(const struct hops_scenario_target *target,
                                           uint8_t protocol, uint16_t port) {
    bool udp = protocol == HOPS_IPPROTO_UDP;
    bool tcp = protocol == HOPS_IPPROTO_TCP;
    enum hops_scenario_policy policy = udp ? target->udp : tcp ? target->tcp : target->icmp;

    for (size_t i = 0; (udp || tcp) && i < target->port_count; i++) {
        const struct hops_scenario_port *row = &target->ports[i];
        if (row->protocol == (udp ? HOPS_PROTOCOL_UDP : HOPS_PROTOCOL_TCP) && port >= row->first &&
            port <= row->last) {
            policy = row->policy;
            break;
        }
    }
    if (policy == HOPS_SCENARIO_DEFAULT) {
        return udp ? HOPS_SCENARIO_CLOSED : HOPS_SCENARIO_OPEN;
    }
    return policy;
}

/* What the target itself answers. */
static void set_target_answer(const struct hops_sim_reply_context *context,
                              struct hops_sim_draft *draft) {
    uint8_t protocol = hops_sim_packet_protocol(&draft->about);
    bool udp = protocol == HOPS_IPPROTO_UDP;
    bool tcp = protocol == HOPS_IPPROTO_TCP;

    switch (policy_of(context->target, protocol, hops_sim_packet_target_port(&draft->about))) {
    case HOPS_SCENARIO_OPEN:
        draft->answer = udp   ? HOPS_SIM_ANSWER_DATAGRAM
                        : tcp ? HOPS_SIM_ANSWER_SYN_ACK
                              : HOPS_SIM_ANSWER_ECHO;
        break;
    case HOPS_SCENARIO_CLOSED:
        if (udp) {
            set_unreachable(draft, ICMP4_CODE_PORT, ICMP6_CODE_PORT);
        } else if (tcp) {
            draft->answer = HOPS_SIM_ANSWER_RST;
        }
        break;
    case HOPS_SCENARIO_PROHIBITED:
        set_unreachable(draft, ICMP4_CODE_PROHIBITED, ICMP6_CODE_PROHIBITED);
        break;
    case HOPS_SCENARIO_SILENT:
        break;
    case HOPS_SCENARIO_DEFAULT:
        hops_unreachable();
    }
    if (draft->answer != HOPS_SIM_ANSWER_NONE && draft->answer != HOPS_SIM_ANSWER_ERROR) {
        draft->about = *context->sent; /* translators turn addresses and ports back */
    }
}

static void set_answer(const struct hops_sim_reply_context *context, struct hops_sim_draft *draft) {
    switch (context->walk->fate) {
    case HOPS_SIM_EXPIRED:
        set_error(draft, HOPS_REPLY_TIME_EXCEEDED, 0);
        break;
    case HOPS_SIM_UNREACHABLE:
        set_unreachable(draft, draft->node->unreachable_code, draft->node->unreachable_code);
        break;
    case HOPS_SIM_TOO_BIG:
        draft->mtu = context->walk->mtu;
        if (draft->about.family == HOPS_IPV4) {
            set_error(draft, HOPS_REPLY_UNREACHABLE, HOPS_ICMP4_CODE_FRAGMENTATION_NEEDED);
        } else {
            set_error(draft, HOPS_REPLY_PACKET_TOO_BIG, 0);
        }
        break;
    case HOPS_SIM_ARRIVED:
        set_target_answer(context, draft);
        break;
    case HOPS_SIM_LOST:
    case HOPS_SIM_NOT_SENT:
        break;
    }
}

/* The way back over the cables that the probe came by. False: the answer is lost. */
static bool travel_back(const struct hops_sim_reply_context *context, struct hops_sim_draft *draft,
                        hops_ns *t) {
    const struct hops_sim_walk *walk = context->walk;
    size_t start = draft->node->reply_ttl == 0 ? DEFAULT_REPLY_TTL : draft->node->reply_ttl;

    if (start < walk->trail_len) {
        return false; /* its own TTL has run out */
    }
    draft->ttl = (uint8_t)(start - (walk->trail_len - 1));
    for (size_t i = walk->trail_len; i-- > 0;) {
        const struct hops_sim_passage *passage = &walk->trail[i];
        const struct hops_scenario_node *node = &context->scenario->nodes[passage->node];
        struct rng rng = hops_sim_draw(walk->key, &node->addr, passage->visit, HOPS_SIM_RETURN);

        if (passage->translated && node->nat == HOPS_SCENARIO_NAT_STATEFUL &&
            draft->answer == HOPS_SIM_ANSWER_ERROR) {
            struct hops_addr source = hops_sim_packet_source(&draft->about);
            if (hops_addr_equal(&source, &passage->after) &&
                hops_sim_packet_source_port(&draft->about) == passage->port_after) {
                hops_sim_translate(&draft->about, &passage->before, passage->port_before);
            }
        }
        bool lost = hops_sim_chance(&rng, node->loss_return);
        *t += node->delay + hops_sim_spread(&rng, node->jitter);
        if (lost) {
            return false;
        }
    }
    return true;
}

struct outbox {
    struct hops_sim_queue *queue;
    const struct hops_sim_draft *draft;
    struct rng *rng;
    bool extensions;
    size_t queued, lost;
};

static void post(struct outbox *box, enum hops_scenario_malformed malformed, hops_ns when) {
    if (box->queued + box->lost >= HOPS_SCENARIO_REPLIES_PER_PROBE) {
        return;
    }
    struct hops_sim_event *event = hops_sim_queue_blank(box->queue);
    if (event == NULL) {
        box->lost++;
        return;
    }
    if (!hops_sim_answer_write(box->draft, malformed, box->rng, &event->packet)) {
        hops_sim_queue_give_back(box->queue, event);
        return;
    }
    event->when = when;
    event->extensions = box->extensions;
    hops_sim_queue_push(box->queue, event);
    box->queued++;
}

size_t hops_sim_reply(const struct hops_sim_reply_context *context, struct hops_sim_queue *queue) {
    const struct hops_sim_walk *walk = context->walk;

    if (walk->fate == HOPS_SIM_LOST || walk->fate == HOPS_SIM_NOT_SENT) {
        return 0;
    }
    const struct hops_sim_passage *last = &walk->trail[walk->trail_len - 1];
    const struct hops_scenario_node *node = &context->scenario->nodes[last->node];
    struct hops_sim_draft draft = {
        .node = node, .to = context->target->source, .about = walk->packet};
    struct rng rng = hops_sim_draw(walk->key, &node->addr, last->visit, HOPS_SIM_ANSWER);
    /* Every draw is made, whatever comes of it. */
    hops_ns t = walk->when + node->response_delay + hops_sim_spread(&rng, node->response_jitter);
    bool withheld = hops_sim_chance(&rng, node->response_loss);
    bool twice = hops_sim_chance(&rng, node->duplicate);
    bool late = hops_sim_chance(&rng, node->straggle);
    bool wrong = hops_sim_chance(&rng, node->malformed_share);

    if (node->silent || withheld) {
        return 0;
    }
    set_answer(context, &draft);
    if (draft.answer == HOPS_SIM_ANSWER_NONE || !take_token(node, context->bucket, walk->when) ||
        !travel_back(context, &draft, &t)) {
        return 0;
    }
    struct outbox box = {
        .queue = queue, .draft = &draft, .rng = &rng, .extensions = context->extensions};
    enum hops_scenario_malformed kind = wrong ? node->malformed : HOPS_SCENARIO_WELL_FORMED;
    t += late ? node->straggle_delay : 0;
    for (size_t i = 0; i < node->malformed_extra && i + 2 < HOPS_SCENARIO_REPLIES_PER_PROBE; i++) {
        post(&box, node->malformed, t);
    }
    post(&box, kind, t);
    if (twice) {
        post(&box, kind, t + node->duplicate_delay);
    }
    return box.lost;
}
