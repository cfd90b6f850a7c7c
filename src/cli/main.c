/* SPDX-License-Identifier: MIT
 *
 * hops: a network path tracer. The order of the steps is the security of the program: raw sockets
 * are opened, every privilege is given up, and only then is anything read that somebody else could
 * have written: arguments, environment, files, packets.
 */
#include "cli/cli.h"
#include "cli/message.h"
#include "cli/privilege.h"
#include "cli/scenario.h"
#include "cli/session.h"
#include "cli/targets.h"

#include <hops/net.h>
#include <hops/sim.h>

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int fail(const struct hops_diag *diag) {
    cli_message_error("%s", diag->text);
    return 1;
}

static int print_message(const struct cli_message *message) {
    FILE *out = message->to_stderr ? stderr : stdout;

    if (message->text != NULL && (fputs(message->text, out) == EOF || fflush(out) == EOF)) {
        return 1;
    }
    return message->status;
}

static enum cli_outcome parse(int argc, char **argv, const struct hops_net_raw *raw,
                              struct cli_settings *settings, struct cli_message *message) {
    struct winsize size = {0};
    const struct passwd *user = getenv("HOME") == NULL ? getpwuid(getuid()) : NULL;
    struct cli_inputs in = {.argc = argc,
                            .argv = argv,
                            .envp = environ,
                            .version = HOPS_VERSION,
                            .stdout_is_terminal = isatty(STDOUT_FILENO) == 1,
                            .pid = getpid(),
                            .raw_available =
                                hops_net_raw_usable(raw, HOPS_PROTOCOL_ICMP, HOPS_IPV4),
                            .home = user == NULL ? NULL : user->pw_dir};

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        in.width = size.ws_col;
    }
    return cli_parse(&in, settings, message);
}

/* Simulated. */

static int simulate(const struct cli_settings *settings) {
    struct cli_session_inputs inputs = {
        .settings = settings, .version = HOPS_VERSION, .simulated = true};
    struct cli_scenario *scenario = NULL;
    struct cli_targets targets = {0};
    struct hops_link *link = NULL;
    struct hops_diag diag = {.text = "out of memory"};
    int status = 1;
    enum hops_err err = cli_scenario_load(settings->simulate_file, &scenario, &diag);

    if (err == HOPS_OK) {
        err = cli_targets_simulate(settings, cli_scenario_get(scenario), &targets, &diag);
    }
    if (err == HOPS_OK) {
        err = hops_sim_new(cli_scenario_get(scenario), NULL, &link, &diag);
    }
    if (err == HOPS_OK) {
        struct hops_names names = cli_scenario_names(scenario);
        inputs.names = &names;
        inputs.targets = &targets;
        status = cli_session(&inputs, link);
    } else {
        (void)fail(&diag);
    }
    cli_targets_done(&targets);
    cli_scenario_free(scenario);
    return status;
}

/* Over the network. */

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
        settings->direction = HOPS_PORTS_FIXED_SOURCE;
        settings->fixed_source_port = settings->trace_id < 1024 ? 1024 : settings->trace_id;
        settings->source_port_proposed = true;
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
        (void)strcpy(options.interface, settings->interface);
    }
    enum hops_err err = hops_net_new(*raw, &options, NULL, out, diag);
    if (err == HOPS_OK) {
        *raw = NULL; /* the link's now */
    }
    return err;
}

static int trace(struct cli_settings *settings, struct hops_net_raw **raw) {
    struct cli_session_inputs inputs = {.settings = settings, .version = HOPS_VERSION};
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
        err = open_link(settings, raw, &link, &diag);
    }
    if (err == HOPS_OK) {
        inputs.targets = &targets;
        status = cli_session(&inputs, link);
    } else {
        (void)fail(&diag);
    }
    cli_targets_done(&targets);
    return status;
}

int main(int argc, char **argv) {
    struct hops_net_raw *raw = NULL;
    struct cli_settings settings = {0};
    struct cli_message message = {0};
    struct hops_diag diag = {.text = "out of memory"};
    int status;

    cli_privilege_acquire();
    enum hops_err opened = hops_net_raw_open(&raw);
    enum hops_err dropped = cli_privilege_drop(&diag);
    if (opened != HOPS_OK || dropped != HOPS_OK) {
        return fail(&diag);
    }
    if (parse(argc, argv, raw, &settings, &message) == CLI_EXIT) {
        status = print_message(&message);
    } else if (settings.simulate) {
        status = simulate(&settings);
    } else {
        status = trace(&settings, &raw);
    }
    cli_message_done(&message);
    cli_settings_done(&settings);
    hops_net_raw_close(raw);
    return status;
}
