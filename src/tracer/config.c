/* SPDX-License-Identifier: MIT
 *
 * Defaults of a configuration, what is refused, and how many traces of one link get identities that
 * do not clash.
 */
#include <hops/addr.h>
#include <hops/config.h>

#include "base/diag.h"
#include "tracer/sequence.h"

#include <inttypes.h>

void hops_config_init(struct hops_config *config) {
    *config = (struct hops_config){
        .size = sizeof(*config),
        .protocol = HOPS_PROTOCOL_ICMP,
        .strategy = HOPS_STRATEGY_CLASSIC,
        .direction = HOPS_PORTS_NONE,
        .first_ttl = 1,
        .max_ttl = 64,
        .max_inflight = 32,
        .initial_sequence = 33434,
        .last_sequence = HOPS_SEQUENCE_LAST,
        .trace_id = 1,
        .packet_size = 84,
        .min_round = HOPS_SEC,
        .max_round = HOPS_SEC,
        .grace = 100 * HOPS_MS,
        .reply_timeout = 3 * HOPS_SEC,
    };
}

bool hops_config_sequence_is_source_port(const struct hops_config *config) {
    return config->protocol != HOPS_PROTOCOL_ICMP && config->strategy == HOPS_STRATEGY_CLASSIC &&
           config->direction == HOPS_PORTS_FIXED_TARGET;
}

static enum hops_err refuse(struct hops_diag *diag, const char *option, int64_t value,
                            const char *must) {
    return hops_diag_set(diag, HOPS_ERR_INVALID, "%s %" PRId64 ": %s", option, value, must);
}

static enum hops_err check_addresses(const struct hops_config *c, struct hops_diag *diag) {
    if (c->target.family != HOPS_IPV4 && c->target.family != HOPS_IPV6) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "no target address given");
    }
    if (c->source.family != HOPS_FAMILY_NONE && c->source.family != c->target.family) {
        char source[HOPS_ADDR_TEXT_MAX];
        char target[HOPS_ADDR_TEXT_MAX];
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "source address %s and target %s are of different address families",
                             hops_addr_format(&c->source, source),
                             hops_addr_format(&c->target, target));
    }
    if (hops_addr_is_link_local(&c->target) && c->target.scope == 0) {
        char target[HOPS_ADDR_TEXT_MAX];
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "target %s is link-local: say on which interface, as in %s%%eth0",
                             hops_addr_format(&c->target, target), target);
    }
    return HOPS_OK;
}

static enum hops_err check_ports(const struct hops_config *c, struct hops_diag *diag) {
    const char *protocol = hops_protocol_name(c->protocol);
    bool source = c->direction == HOPS_PORTS_FIXED_SOURCE || c->direction == HOPS_PORTS_FIXED_BOTH;
    bool target = c->direction == HOPS_PORTS_FIXED_TARGET || c->direction == HOPS_PORTS_FIXED_BOTH;

    if (c->protocol == HOPS_PROTOCOL_ICMP) {
        return c->direction == HOPS_PORTS_NONE
                   ? HOPS_OK
                   : hops_diag_set(diag, HOPS_ERR_INVALID, "icmp has no ports");
    }
    if (!source && !target) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "%s needs a fixed source or target port",
                             protocol);
    }
    if (source && target && c->strategy == HOPS_STRATEGY_CLASSIC) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "only one of source-port and target-port may be fixed with %s and the "
                             "classic strategy: the other one carries the sequence",
                             protocol);
    }
    if (source && c->source_port < (c->protocol == HOPS_PROTOCOL_UDP ? 1024 : 1)) {
        return refuse(diag, "source-port", c->source_port,
                      c->protocol == HOPS_PROTOCOL_UDP ? "must be 1024 to 65535"
                                                       : "must be 1 to 65535");
    }
    if (target && c->target_port == 0) {
        return refuse(diag, "target-port", 0, "must be 1 to 65535");
    }
    return HOPS_OK;
}

static enum hops_err check_strategy(const struct hops_config *c, struct hops_diag *diag) {
    if (c->strategy != HOPS_STRATEGY_CLASSIC && c->protocol != HOPS_PROTOCOL_UDP) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "multipath-strategy %s works with udp only, not with %s",
                             hops_strategy_name(c->strategy), hops_protocol_name(c->protocol));
    }
    return HOPS_OK;
}

static enum hops_err check_ttls(const struct hops_config *c, struct hops_diag *diag) {
    if (c->first_ttl < 1 || c->first_ttl > HOPS_TTL_MAX) {
        return refuse(diag, "first-ttl", c->first_ttl, "must be 1 to 254");
    }
    if (c->max_ttl < 1 || c->max_ttl > HOPS_TTL_MAX) {
        return refuse(diag, "max-ttl", c->max_ttl, "must be 1 to 254");
    }
    if (c->first_ttl > c->max_ttl) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "first-ttl %u is above max-ttl %u",
                             c->first_ttl, c->max_ttl);
    }
    if (c->max_inflight < 1) {
        return refuse(diag, "max-inflight", c->max_inflight, "must be 1 to 255");
    }
    return HOPS_OK;
}

static enum hops_err check_sequences(const struct hops_config *c, struct hops_diag *diag) {
    unsigned span = (unsigned)c->max_ttl - c->first_ttl + 1;

    /* A stretch of many traces may begin above HOPS_SEQUENCE_MAX_INITIAL; what counts is its
     * length. */
    if (c->initial_sequence > HOPS_SEQUENCE_LAST) {
        return refuse(diag, "initial-sequence", c->initial_sequence, "must be at most 64511");
    }
    if (hops_sequence_becomes_source_port(c) && c->initial_sequence < 1024) {
        return refuse(diag, "initial-sequence", c->initial_sequence,
                      "must be at least 1024, because it becomes a source port");
    }
    if (c->protocol != HOPS_PROTOCOL_ICMP && c->initial_sequence == 0) {
        return refuse(diag, "initial-sequence", 0, "must be at least 1 with udp and tcp");
    }
    if (c->last_sequence > HOPS_SEQUENCE_LAST || c->last_sequence < c->initial_sequence ||
        c->last_sequence - c->initial_sequence + 1u < 2 * span) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "sequences %u to %u are too few for two rounds of %u probes",
                             c->initial_sequence, c->last_sequence, span);
    }
    if (c->trace_id == 0) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "trace id 0 cannot be used");
    }
    return HOPS_OK;
}

static enum hops_err check_size(const struct hops_config *c, struct hops_diag *diag) {
    unsigned least =
        c->target.family == HOPS_IPV4 ? HOPS_PACKET_SIZE_MIN_IPV4 : HOPS_PACKET_SIZE_MIN_IPV6;

    if (c->packet_size < least || c->packet_size > HOPS_PACKET_SIZE_MAX) {
        return refuse(diag, "packet-size", c->packet_size,
                      least == HOPS_PACKET_SIZE_MIN_IPV4 ? "must be 28 to 1024 for an IPv4 target"
                                                         : "must be 48 to 1024 for an IPv6 target");
    }
    return HOPS_OK;
}

static enum hops_err check_times(const struct hops_config *c, struct hops_diag *diag) {
    if (c->min_round < 0 || c->min_round > c->max_round) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "min-round-duration %" PRId64 " ns is above max-round-duration "
                             "%" PRId64 " ns",
                             c->min_round, c->max_round);
    }
    if (c->max_round > 366 * 24 * 3600 * HOPS_SEC) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "max-round-duration %" PRId64 " ns: must be at most 366 days",
                             c->max_round);
    }
    if (c->grace < 10 * HOPS_MS || c->grace > HOPS_SEC) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "grace-duration %" PRId64 " ns: must be 10ms to 1s", c->grace);
    }
    if (c->reply_timeout < HOPS_MS || c->reply_timeout > 3600 * HOPS_SEC) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "reply-timeout %" PRId64 " ns: must be 1ms to 1h", c->reply_timeout);
    }
    if (c->send_interval < 0 || c->send_interval > 3600 * HOPS_SEC) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "send-interval %" PRId64 " ns: must be 0 to 1h", c->send_interval);
    }
    return HOPS_OK;
}

enum hops_err hops_config_check(const struct hops_config *config, struct hops_diag *diag) {
    static enum hops_err (*const checks[])(const struct hops_config *, struct hops_diag *) = {
        check_addresses, check_strategy, check_ports, check_ttls,
        check_sequences, check_size,     check_times,
    };

    if (config == NULL || config->size != sizeof(*config)) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "the configuration was not made by hops_config_init()");
    }
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        enum hops_err err = checks[i](config, diag);
        if (err != HOPS_OK) {
            return err;
        }
    }
    return HOPS_OK;
}

static bool proposes_source_port(const struct hops_config *c) {
    return c->source_port_proposed &&
           (c->direction == HOPS_PORTS_FIXED_SOURCE || c->direction == HOPS_PORTS_FIXED_BOTH);
}

/* Disjoint stretches for the traces whose source port is the sequence. */
static enum hops_err spread_sequences(struct hops_config *configs, size_t count,
                                      struct hops_diag *diag) {
    size_t users = 0;

    for (size_t i = 0; i < count; i++) {
        users += hops_config_sequence_is_source_port(&configs[i]);
    }
    for (size_t i = 0, user = 0; i < count; i++) {
        struct hops_config *c = &configs[i];
        if (!hops_config_sequence_is_source_port(c) || users < 2) {
            continue;
        }
        size_t stretch = (c->last_sequence - c->initial_sequence + 1u) / users;
        if (stretch < 2 * ((size_t)c->max_ttl - c->first_ttl + 1)) {
            return hops_diag_set(diag, HOPS_ERR_INVALID,
                                 "%zu targets need more source ports than there are from %u on: "
                                 "lower initial-sequence or max-ttl, fix the source port instead "
                                 "of the target port, or trace fewer targets",
                                 users, c->initial_sequence);
        }
        c->initial_sequence = (uint16_t)(c->initial_sequence + stretch * user);
        c->last_sequence = (uint16_t)(c->initial_sequence + stretch - 1);
        user++;
    }
    return HOPS_OK;
}

enum hops_err hops_config_spread(struct hops_config *configs, size_t count, uint16_t first_trace_id,
                                 struct hops_diag *diag) {
    uint16_t port_step = 0;

    if (count > UINT16_MAX) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "%zu targets are too many: at most 65535",
                             count);
    }
    for (size_t i = 0; i < count; i++) {
        /* 1..65535 in a circle that leaves 0 out */
        configs[i].trace_id =
            (uint16_t)((first_trace_id + UINT32_C(65534) + i) % UINT32_C(65535) + 1);
        if (proposes_source_port(&configs[i])) {
            uint32_t at = (uint32_t)configs[i].source_port - 1024 + port_step++;
            configs[i].source_port = (uint16_t)(1024 + at % (65536 - 1024));
        }
    }
    return spread_sequences(configs, count, diag);
}
