/* SPDX-License-Identifier: MIT */
#include "cli/simulate.h"

#include "base/text.h"
#include "cli/message.h"
#include "cli/scenario.h"
#include "cli/session.h"
#include "cli/targets.h"

#include <string.h>

enum { NAME_MAX_LEN = 1024 };

struct scenario_names {
    const struct hops_scenario *scenario;
    char text[NAME_MAX_LEN]; /* the name last asked for, cleaned */
};

static const char *name_of(void *user, const struct hops_addr *addr) {
    struct scenario_names *names = user;
    const char *name = cli_scenario_name(names->scenario, addr, 0);

    if (name == NULL) {
        return NULL;
    }
    (void)hops_text_sanitize(name, strlen(name), names->text, sizeof(names->text));
    return names->text;
}

static int run(const struct cli_settings *settings, const struct hops_scenario *scenario,
               const struct cli_targets *targets, struct hops_link *link) {
    struct scenario_names found = {.scenario = scenario};
    struct hops_names names = {.name = name_of, .user = &found};
    struct cli_session_inputs inputs = {.settings = settings,
                                        .targets = targets,
                                        .names = &names,
                                        .version = HOPS_VERSION,
                                        .simulated = true};

    return cli_session(&inputs, link);
}

int cli_simulate(const struct cli_settings *settings) {
    struct cli_scenario *file = NULL;
    const struct hops_scenario *scenario = NULL;
    struct cli_targets targets = {0};
    struct hops_link *link = NULL;
    struct hops_diag diag = {.text = "out of memory"};
    int status = 1;
    enum hops_err err = settings->simulate_file == NULL
                            ? cli_scenario_builtin(&file, &diag)
                            : cli_scenario_load(settings->simulate_file, &file, &diag);

    if (err == HOPS_OK) {
        scenario = cli_scenario_get(file);
        err = cli_targets_simulate(settings, scenario, &targets, &diag);
    }
    if (err == HOPS_OK) {
        err = hops_sim_new(scenario, NULL, &link, &diag);
    }
    if (err == HOPS_OK) {
        status = run(settings, scenario, &targets, link);
    } else {
        cli_message_error("%s", diag.text);
    }
    cli_targets_done(&targets);
    cli_scenario_free(file);
    return status;
}
