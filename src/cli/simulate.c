/* SPDX-License-Identifier: MIT */
#include "cli/simulate.h"

#include "cli/message.h"
#include "cli/naming.h"
#include "cli/scenario.h"
#include "cli/session.h"
#include "cli/targets.h"

int cli_simulate(const struct cli_settings *settings, struct cli_recorder *recorder,
                 struct cli_log *log) {
    struct cli_session_inputs inputs = {.settings = settings,
                                        .recorder = recorder,
                                        .log = log,
                                        .version = HOPS_VERSION,
                                        .simulated = true};
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
        err = cli_naming_new(settings, scenario, &inputs.naming, &diag);
    }
    if (err == HOPS_OK) {
        err = hops_sim_new(scenario, NULL, &link, &diag);
    }
    if (err == HOPS_OK) {
        inputs.targets = &targets;
        status = cli_session(&inputs, link);
    } else {
        cli_message_error("%s", diag.text);
    }
    cli_naming_free(inputs.naming);
    cli_targets_done(&targets);
    cli_scenario_free(file);
    return status;
}
