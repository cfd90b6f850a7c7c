/* SPDX-License-Identifier: MIT */
#include "tracer/sequence.h"

enum {
    DUBLIN_IPV6_SEQUENCES = 2 * HOPS_ROUND_PROBES_MAX,
    DUBLIN_MAGIC_LEN = 6,
    UDP_HEADER_LEN = 8
};

static bool is_ipv6_dublin(const struct hops_config *config) {
    return config->strategy == HOPS_STRATEGY_DUBLIN && config->target.family == HOPS_IPV6;
}

/* How many sequences a lap has. An IPv6 dublin sequence is a payload length, which must stay small.
 */
static unsigned lap(const struct hops_config *config) {
    unsigned all = (unsigned)config->last_sequence - config->initial_sequence + 1u;

    return is_ipv6_dublin(config) && all > DUBLIN_IPV6_SEQUENCES ? DUBLIN_IPV6_SEQUENCES : all;
}

uint16_t hops_sequence_round_capacity(const struct hops_config *config) {
    unsigned half = lap(config) / 2;

    return (uint16_t)(half > HOPS_ROUND_PROBES_MAX ? HOPS_ROUND_PROBES_MAX : half);
}

uint16_t hops_sequence_wrap(const struct hops_config *config) {
    return (uint16_t)(config->initial_sequence + lap(config) -
                      hops_sequence_round_capacity(config) + 1u);
}

bool hops_sequence_becomes_source_port(const struct hops_config *config) {
    return config->protocol != HOPS_PROTOCOL_ICMP && config->direction == HOPS_PORTS_FIXED_TARGET &&
           config->strategy == HOPS_STRATEGY_CLASSIC;
}

uint16_t hops_sequence_round_port(const struct hops_config *config, uint32_t n) {
    uint32_t base = config->initial_sequence < 1024 ? 1024 : config->initial_sequence;

    return (uint16_t)(base + n % (65536 - base));
}

void hops_sequence_encode(const struct hops_config *config, uint16_t round_port,
                          struct hops_probe *probe) {
    bool source_fixed =
        config->direction == HOPS_PORTS_FIXED_SOURCE || config->direction == HOPS_PORTS_FIXED_BOTH;
    bool target_fixed =
        config->direction == HOPS_PORTS_FIXED_TARGET || config->direction == HOPS_PORTS_FIXED_BOTH;
    uint16_t variable = config->strategy == HOPS_STRATEGY_CLASSIC ? probe->sequence : round_port;

    probe->src_port = 0;
    probe->dst_port = 0;
    probe->ip_id = 0;
    if (config->protocol == HOPS_PROTOCOL_ICMP) {
        return;
    }
    probe->src_port = source_fixed ? config->source_port : variable;
    probe->dst_port = target_fixed ? config->target_port : variable;
    if (config->strategy == HOPS_STRATEGY_DUBLIN && config->target.family == HOPS_IPV4) {
        probe->ip_id = probe->sequence;
    }
}

static bool decode_payload_length(const struct hops_config *config, const struct hops_quote *quote,
                                  uint16_t *out) {
    unsigned offset;

    if (!quote->udp_magic || quote->udp_len < UDP_HEADER_LEN + DUBLIN_MAGIC_LEN) {
        return false;
    }
    offset = quote->udp_len - UDP_HEADER_LEN - DUBLIN_MAGIC_LEN;
    if (offset >= lap(config)) {
        return false;
    }
    *out = (uint16_t)(config->initial_sequence + offset);
    return true;
}

bool hops_sequence_decode(const struct hops_config *config, const struct hops_quote *quote,
                          uint16_t *out) {
    if (config->protocol == HOPS_PROTOCOL_ICMP) {
        *out = quote->icmp_seq;
        return true;
    }
    switch (config->strategy) {
    case HOPS_STRATEGY_CLASSIC:
        *out = config->direction == HOPS_PORTS_FIXED_SOURCE ? quote->dst_port : quote->src_port;
        return true;
    case HOPS_STRATEGY_PARIS:
        *out = quote->udp_checksum;
        return true;
    case HOPS_STRATEGY_DUBLIN:
        if (config->target.family == HOPS_IPV6) {
            return decode_payload_length(config, quote, out);
        }
        *out = quote->ip_id;
        return true;
    }
    return false;
}
