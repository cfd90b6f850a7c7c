/* SPDX-License-Identifier: MIT
 *
 * Values that follow from others.
 */
#include "cli/language.h"
#include "cli/validate.h"

void cli_derive_ports(struct cli_settings *s) {
    bool source = s->source_port != CLI_NONE;
    bool target = s->target_port != CLI_NONE;
    uint16_t own = s->trace_id;

    s->direction = HOPS_PORTS_NONE;
    s->fixed_source_port = 0;
    s->fixed_target_port = 0;
    s->source_port_proposed = false;
    if (s->protocol == HOPS_PROTOCOL_ICMP) {
        return;
    }
    if (source && target) {
        s->direction = HOPS_PORTS_FIXED_BOTH;
    } else if (source || (!target && s->protocol == HOPS_PROTOCOL_UDP)) {
        s->direction = HOPS_PORTS_FIXED_SOURCE;
    } else {
        s->direction = HOPS_PORTS_FIXED_TARGET;
    }
    if (s->direction != HOPS_PORTS_FIXED_TARGET) {
        s->source_port_proposed = !source;
        s->fixed_source_port = source ? (uint16_t)s->source_port : own < 1024 ? 1024 : own;
    }
    if (s->direction != HOPS_PORTS_FIXED_SOURCE) {
        s->fixed_target_port = target ? (uint16_t)s->target_port : 80;
    }
}

/* Switches of the command line and environment beat the file's protocol and family; they exclude
 * --protocol and --addr-family there. */
static void fold_switches(struct cli_settings *s) {
    if (s->udp || s->tcp || s->icmp) {
        s->protocol = s->udp ? HOPS_PROTOCOL_UDP : s->tcp ? HOPS_PROTOCOL_TCP : HOPS_PROTOCOL_ICMP;
    }
    if (s->ipv4 || s->ipv6) {
        s->addr_family = s->ipv4 ? CLI_FAMILY_IPV4 : CLI_FAMILY_IPV6;
    }
}

/* Whoever is named closer to the user counts: on the command line, then in the environment, then in
 * the file. */
static void choose_servers(struct cli_settings *s) {
    if (cli_settings_source(s, "dns-server") < cli_settings_source(s, "dns-resolve-method")) {
        s->dns_servers = NULL;
    }
}

uint64_t cli_derive_rounds(const struct cli_settings *s) {
    if (s->mode == CLI_MODE_TUI || s->mode == CLI_MODE_STREAM ||
        (s->mode == CLI_MODE_EVENTS && !cli_settings_given(s, "report-cycles"))) {
        return 0;
    }
    return s->report_cycles;
}

void cli_derive(const struct cli_inputs *in, struct cli_settings *settings) {
    fold_switches(settings);
    choose_servers(settings);
    if (settings->mode == CLI_MODE_TUI && !in->stdout_is_terminal &&
        !cli_settings_given(settings, "mode")) {
        settings->mode = CLI_MODE_PRETTY;
    }
    settings->use_raw = in->raw_available && !settings->unprivileged && !settings->simulate;
    /* The identifier decides on the path among equal ones: a simulation shows the same each time.
     */
    settings->trace_id = settings->simulate ? 1 : (uint16_t)((unsigned long)in->pid % 65535);
    cli_derive_ports(settings);
    settings->max_rounds = cli_derive_rounds(settings);
    settings->flows =
        settings->multipath_strategy == HOPS_STRATEGY_CLASSIC ? 1 : settings->max_flows;
    settings->locale = cli_locale_choose(settings->tui_locale, in->envp);
}
