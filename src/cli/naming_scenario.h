/* SPDX-License-Identifier: MIT
 *
 * Names and AS data of a scenario, in the form of answers of the DNS.
 */
#ifndef CLI_NAMING_SCENARIO_H
#define CLI_NAMING_SCENARIO_H

#include "lookup/lookup.h"

#include <hops/sim.h>

struct cli_naming_scenario;

/* HOPS_ERR_NOMEM. The scenario is borrowed. */
enum hops_err cli_naming_scenario_new(const struct hops_scenario *scenario,
                                      struct cli_naming_scenario **out,
                                      struct hops_diag *diag) HOPS_MUST_USE;
void cli_naming_scenario_free(struct cli_naming_scenario *names); /* NULL is fine */

/* Texts are fit to be shown; each function keeps its own until it is called again. */
struct lookup_answer cli_naming_scenario_name(struct cli_naming_scenario *names,
                                              const struct hops_addr *addr);
struct lookup_answer cli_naming_scenario_as(struct cli_naming_scenario *names,
                                            const struct hops_addr *addr);

#endif
