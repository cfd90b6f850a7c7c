/* SPDX-License-Identifier: MIT
 *
 * Scenario files (docs/scenarios.md) for --simulate: TOML in, struct hops_scenario out; and what
 * the program asks a scenario for that the simulation has no use for, names and AS data.
 */
#ifndef CLI_SCENARIO_H
#define CLI_SCENARIO_H

#include <hops/sim.h>

#include <stddef.h>

struct cli_scenario;

/* Reads a scenario from text. name is for messages: "NAME:LINE:COLUMN: what" and what was expected.
 * HOPS_ERR_FORMAT or HOPS_ERR_NOMEM. */
enum hops_err cli_scenario_parse(const char *text, size_t len, const char *name,
                                 struct cli_scenario **out, struct hops_diag *diag);

/* The same from a file; HOPS_ERR_SYSTEM if it cannot be read or is larger than 1 MiB. */
enum hops_err cli_scenario_load(const char *path, struct cli_scenario **out,
                                struct hops_diag *diag);

/* The one that comes with the program (scenarios/demo.toml). */
enum hops_err cli_scenario_builtin(struct cli_scenario **out, struct hops_diag *diag);

void cli_scenario_free(struct cli_scenario *scenario); /* NULL is fine */

/* Borrowed: valid as long as the scenario. */
const struct hops_scenario *cli_scenario_get(const struct cli_scenario *scenario);

/* The index-th name of an address, as written in the file (not cleaned), or NULL. */
const char *cli_scenario_name(const struct hops_scenario *scenario, const struct hops_addr *addr,
                              size_t index);

/* The AS entry with the longest prefix around an address, or NULL. */
const struct hops_scenario_as *cli_scenario_as(const struct hops_scenario *scenario,
                                               const struct hops_addr *addr);

#endif
