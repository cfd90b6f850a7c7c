/* SPDX-License-Identifier: MIT */
#include "net/signature.h"

#include <hops/addr.h>

struct span {
    uint16_t lo;
    uint16_t hi;
};

static bool source_is_fixed(const struct hops_config *config) {
    return config->direction == HOPS_PORTS_FIXED_SOURCE ||
           config->direction == HOPS_PORTS_FIXED_BOTH;
}

static bool target_is_fixed(const struct hops_config *config) {
    return config->direction == HOPS_PORTS_FIXED_TARGET ||
           config->direction == HOPS_PORTS_FIXED_BOTH;
}

bool hops_net_signature_fits(const struct hops_config *config, const struct hops_reply *reply) {
    const struct hops_quote *quote = &reply->quote;

    if (quote->protocol != config->protocol || reply->responder.family != config->target.family) {
        return false;
    }
    if (reply->local.family != HOPS_FAMILY_NONE &&
        !hops_addr_equal(&reply->local, &config->source)) {
        return false;
    }
    if (config->protocol == HOPS_PROTOCOL_ICMP && quote->icmp_id != config->trace_id) {
        return false;
    }
    if (reply->kind == HOPS_REPLY_ECHO) {
        return true; /* from another address than the target's, perhaps: the tracer wants to know */
    }
    if (!hops_addr_equal(&quote->dst, &config->target)) {
        return false;
    }
    return (!source_is_fixed(config) || quote->src_port == config->source_port) &&
           (!target_is_fixed(config) || quote->dst_port == config->target_port);
}

/* Ports that vary carry the sequence, or the number of the round, which runs to the end. */
static struct span varying_ports(const struct hops_config *config) {
    bool classic = config->strategy == HOPS_STRATEGY_CLASSIC;

    return (struct span){config->initial_sequence, classic ? config->last_sequence : UINT16_MAX};
}

static struct span source_ports(const struct hops_config *config) {
    if (source_is_fixed(config)) {
        return (struct span){config->source_port, config->source_port};
    }
    return varying_ports(config);
}

static struct span target_ports(const struct hops_config *config) {
    if (target_is_fixed(config)) {
        return (struct span){config->target_port, config->target_port};
    }
    return varying_ports(config);
}

static bool overlap(struct span a, struct span b) {
    return a.lo <= b.hi && b.lo <= a.hi;
}

bool hops_net_signature_clash(const struct hops_config *a, const struct hops_config *b, bool raw) {
    if (a->protocol != b->protocol || a->target.family != b->target.family) {
        return false;
    }
    if (a->protocol == HOPS_PROTOCOL_ICMP) {
        return raw && a->trace_id == b->trace_id;
    }
    return hops_addr_equal(&a->target, &b->target) && hops_addr_equal(&a->source, &b->source) &&
           overlap(source_ports(a), source_ports(b)) && overlap(target_ports(a), target_ports(b));
}
