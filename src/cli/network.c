/* SPDX-License-Identifier: MIT */
#include "cli/network.h"

#include "base/diag.h"
#include "cli/message.h"
#include "cli/naming.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "cli/validate.h"

#include <stdio.h>
#include <string.h>

static bool asked_for_protocol(const struct cli_settings *settings) {
    return settings->udp || settings->tcp || settings->icmp ||
           cli_settings_source(settings, "protocol") != CLI_SOURCE_BUILT_IN;
}

/* Without raw sockets, ICMP probes need the right to ping. If nobody asked for ICMP, UDP does as
 * well; if somebody did, he is told what is missing. */
static enum hops_err settle_for_datagrams(struct cli_settings *settings,
                                          const struct cli_targets *targets,
                                          struct hops_diag *diag) {
    bool can_ping = hops_net_ping_usable((enum hops_family)targets->list[0].addr.family);
    const char *instead = "";

    if (settings->protocol == HOPS_PROTOCOL_ICMP && !can_ping) {
        if (asked_for_protocol(settings)) {
            return hops_diag_set(
                diag, HOPS_ERR_PRIVILEGE,
                "this user may not send ICMP: the sysctl net.ipv4.ping_group_range leaves out its "
                "group; use --udp, or give the program the right to raw sockets with 'setcap "
                "cap_net_raw+ep'");
        }
        settings->protocol = HOPS_PROTOCOL_UDP;
        cli_derive_ports(settings);
        instead = ", with UDP since this user may not ping";
    }
    if (!settings->unprivileged) {
        cli_message_note("no right to raw sockets: tracing over ordinary ones%s (no paris or "
                         "dublin, TCP by full connections); 'setcap cap_net_raw+ep' gives them",
                         instead);
    } else if (instead[0] != '\0') {
        cli_message_note("tracing over ordinary sockets%s", instead);
    }
    return HOPS_OK;
}

static enum hops_err resolve_source(const struct cli_settings *settings, struct hops_addr *out,
                                    struct hops_diag *diag) {
    const struct cli_addr *given = &settings->source_address;
    char text[HOPS_ADDR_TEXT_MAX + HOPS_INTERFACE_NAME_MAX + 2];
    char addr[HOPS_ADDR_TEXT_MAX];

    *out = given->addr;
    if (given->zone[0] == '\0') {
        return HOPS_OK;
    }
    (void)snprintf(text, sizeof(text), "%s%%%s", hops_addr_format(&given->addr, addr), given->zone);
    if (!hops_net_addr_parse(text, out)) {
        return hops_diag_set(diag, HOPS_ERR_NO_INTERFACE,
                             "source-address %s: there is no interface %s", text, given->zone);
    }
    return HOPS_OK;
}

/* Without raw sockets the kernel itself tells answers apart by their ports. */
static enum hops_err check_shared_port(const struct cli_settings *settings,
                                       const struct cli_targets *targets, struct hops_diag *diag) {
    bool ordinary =
        !settings->use_raw || (settings->protocol == HOPS_PROTOCOL_TCP && settings->tcp_connect);
    bool fixed = settings->fixed_source_port != 0 && !settings->source_port_proposed;

    if (!ordinary || !fixed || targets->count < 2 || settings->protocol == HOPS_PROTOCOL_ICMP) {
        return HOPS_OK;
    }
    return hops_diag_set(diag, HOPS_ERR_INVALID,
                         "source-port %u: over ordinary sockets one source port serves one "
                         "target, and there are %zu; leave the option out, give one target, or "
                         "trace with raw sockets ('setcap cap_net_raw+ep')",
                         (unsigned)settings->fixed_source_port, targets->count);
}

static void keep_needed_sockets(const struct cli_settings *settings,
                                const struct cli_targets *targets, struct hops_net_raw *raw) {
    bool ipv4 = false;
    bool ipv6 = false;

    for (size_t i = 0; i < targets->count && settings->use_raw; i++) {
        ipv4 = ipv4 || targets->list[i].addr.family == HOPS_IPV4;
        ipv6 = ipv6 || targets->list[i].addr.family == HOPS_IPV6;
    }
    hops_net_raw_keep(raw, settings->protocol, ipv4, ipv6);
}

static enum hops_err open_link(struct cli_settings *settings, struct hops_net_raw **raw,
                               struct hops_link **out, struct hops_diag *diag) {
    struct hops_net_options options;

    hops_net_options_init(&options);
    options.unprivileged = !settings->use_raw;
    options.tcp_connect = settings->tcp_connect;
    if (settings->interface != NULL) {
        if (strlen(settings->interface) >= sizeof(options.interface)) {
            return hops_diag_set(diag, HOPS_ERR_NO_INTERFACE, "there is no interface %s",
                                 settings->interface);
        }
        memcpy(options.interface, settings->interface, strlen(settings->interface) + 1);
    }
    enum hops_err err = hops_net_new(*raw, &options, NULL, out, diag);
    if (err == HOPS_OK) {
        *raw = NULL; /* the link's now */
    }
    return err;
}

int cli_network(struct cli_settings *settings, struct hops_net_raw **raw,
                struct cli_recorder *recorder, struct cli_log *log) {
    struct cli_session_inputs inputs = {
        .settings = settings, .recorder = recorder, .log = log, .version = HOPS_VERSION};
    struct cli_targets targets = {0};
    struct hops_link *link = NULL;
    struct hops_diag diag = {.text = "out of memory"};
    int status = 1;
    enum hops_err err = cli_targets_resolve(settings, &targets, &diag);

    if (err == HOPS_OK && !settings->use_raw) {
        err = settle_for_datagrams(settings, &targets, &diag);
    }
    if (err == HOPS_OK) {
        err = resolve_source(settings, &inputs.source, &diag);
    }
    if (err == HOPS_OK) {
        err = cli_naming_new(settings, NULL, &inputs.naming, &diag);
    }
    if (err == HOPS_OK) {
        err = check_shared_port(settings, &targets, &diag);
    }
    if (err == HOPS_OK) {
        keep_needed_sockets(settings, &targets, *raw);
        err = open_link(settings, raw, &link, &diag);
    }
    if (err == HOPS_OK) {
        inputs.targets = &targets;
        status = cli_session(&inputs, link);
    } else {
        cli_message_error("%s", diag.text);
    }
    cli_naming_free(inputs.naming);
    cli_targets_done(&targets);
    return status;
}
