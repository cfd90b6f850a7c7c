/* SPDX-License-Identifier: MIT */
#include "cli/confine.h"

#include "tui/term.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The directory into which settings are saved; NULL: there is none. */
static char *config_directory(const struct cli_settings *settings) {
    const char *path = settings->config_save_path;
    const char *slash = path == NULL ? NULL : strrchr(path, '/');

    if (slash == NULL) {
        return NULL;
    }
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Long answers come over TCP, from the port that is asked over UDP. */
static void allow_dns(const struct cli_settings *settings, struct cli_sandbox *box) {
    const struct cli_servers *servers = settings->dns_servers;

    static_assert((int)CLI_SANDBOX_PORTS >= (int)LOOKUP_SERVERS_MAX,
                  "there is room for all servers");
    box->tcp_ports[0] = 53;
    for (size_t i = 0; servers != NULL && i < servers->count; i++) {
        box->tcp_ports[i] = servers->list[i].port;
    }
}

enum hops_err cli_confine(const struct cli_settings *settings, unsigned activities,
                          struct hops_diag *diag) {
    struct cli_sandbox box = {0};
    struct cli_sandbox_state state;

    if (settings->no_sandbox) {
        return HOPS_OK;
    }
    char *directory = NULL;
    if (settings->mode == CLI_MODE_TUI) {
        activities |= CLI_ACTIVITY_SCREEN;
        directory = config_directory(settings);
        box.directories[0] = settings->save_dir == NULL ? "." : settings->save_dir;
        box.directories[1] = directory;
        box.restore = tui_term_emergency;
    }
    if ((activities & CLI_ACTIVITY_DNS) != 0) {
        allow_dns(settings, &box);
    }
    box.rights = cli_sandbox_rights(activities);
    enum hops_err err = cli_sandbox_enter(&box, &state, diag);
    free(directory);
    return err;
}
