/* SPDX-License-Identifier: MIT
 *
 * Scenario files: TOML to a checked scenario, and if it is one, traces to its first target through
 * the simulation in virtual time, with all that its nodes do to packets.
 */
#include "fuzz.h"
#include "text_check.h"

#include <hops/addr.h>
#include <hops/run.h>
#include <hops/sim.h>

#include <string.h>

#include "cli/scenario.h"

enum { EVENTS_MAX = 3000 };

static void trace(struct hops_run *run, const struct hops_scenario *scenario,
                  enum hops_protocol protocol) {
    const struct hops_scenario_target *target = &scenario->targets[0];
    struct hops_config config;
    struct hops_event event;
    uint32_t number;

    hops_config_init(&config);
    config.target = scenario->nodes[target->node].addr;
    config.protocol = protocol;
    config.max_ttl = 12;
    config.max_rounds = 3;
    config.extensions = true;
    if (protocol != HOPS_PROTOCOL_ICMP) {
        config.direction = HOPS_PORTS_FIXED_TARGET;
        config.target_port = 80;
    }
    if (hops_run_add(run, &config, &number, NULL) != HOPS_OK) {
        return;
    }
    for (int n = 0; n < EVENTS_MAX && !hops_run_done(run); n++) {
        if (!hops_run_next_event(run, &event) && !hops_run_done(run)) {
            FUZZ_CHECK(hops_run_wait(run, NULL, 0, HOPS_NEVER) == HOPS_OK);
        }
    }
}

static void simulate(const struct hops_scenario *scenario, enum hops_protocol protocol) {
    struct hops_link *link = NULL;
    struct hops_run *run = NULL;
    struct hops_run_counters counters;

    FUZZ_CHECK(hops_sim_new(scenario, NULL, &link, NULL) == HOPS_OK);
    FUZZ_CHECK(hops_run_new(link, HOPS_CLOCK_VIRTUAL, NULL, &run) == HOPS_OK);
    trace(run, scenario, protocol);
    hops_run_counters(run, &counters);
    FUZZ_CHECK(counters.late <= counters.accepted);
    hops_run_free(run);
}

static void look(const struct hops_scenario *scenario) {
    FUZZ_CHECK(hops_scenario_check(scenario, NULL) == HOPS_OK);
    for (size_t i = 0; i < scenario->name_count; i++) {
        FUZZ_CHECK(cli_scenario_name(scenario, &scenario->names[i].addr, 0) != NULL);
    }
    for (size_t i = 0; i < scenario->node_count; i++) {
        (void)cli_scenario_as(scenario, &scenario->nodes[i].addr);
    }
    for (size_t i = 0; i < scenario->target_count && i < 1; i++) {
        simulate(scenario, HOPS_PROTOCOL_ICMP);
        simulate(scenario, HOPS_PROTOCOL_UDP);
        simulate(scenario, HOPS_PROTOCOL_TCP);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct cli_scenario *scenario = NULL;
    struct hops_diag diag = {.text = ""};

    if (cli_scenario_parse((const char *)data, size, "a.toml", &scenario, &diag) == HOPS_OK) {
        look(cli_scenario_get(scenario));
        cli_scenario_free(scenario);
    } else {
        FUZZ_CHECK(diag.text[0] != '\0' && strchr(diag.text, '\x1b') == NULL);
    }
    return 0;
}
