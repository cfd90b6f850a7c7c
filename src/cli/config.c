/* SPDX-License-Identifier: MIT
 *
 * From settings to the library's configuration of one trace.
 */
#include "cli/settings.h"

void cli_settings_to_config(const struct cli_settings *settings, struct hops_config *out) {
    struct hops_config c;

    hops_config_init(&c);
    c.protocol = settings->protocol;
    c.strategy = settings->multipath_strategy;
    c.direction = settings->direction;
    c.source_port = settings->fixed_source_port;
    c.target_port = settings->fixed_target_port;
    c.source_port_proposed = settings->source_port_proposed;
    c.source = settings->source_address.addr;
    c.first_ttl = (uint8_t)settings->first_ttl;
    c.max_ttl = (uint8_t)settings->max_ttl;
    c.max_inflight = (uint8_t)settings->max_inflight;
    c.initial_sequence = (uint16_t)settings->initial_sequence;
    c.trace_id = settings->trace_id == 0 ? 1 : settings->trace_id;
    c.packet_size = (uint16_t)settings->packet_size;
    c.payload_pattern = (uint8_t)settings->payload_pattern;
    c.tos = (uint8_t)settings->tos;
    c.extensions = settings->icmp_extensions;
    c.min_round = settings->min_round_duration;
    c.max_round = settings->max_round_duration;
    c.grace = settings->grace_duration;
    c.reply_timeout = settings->reply_timeout;
    c.send_interval = settings->send_interval;
    c.max_rounds = settings->max_rounds;
    *out = c;
}
