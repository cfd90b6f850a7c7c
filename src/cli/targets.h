/* SPDX-License-Identifier: MIT
 *
 * From what was typed to addresses to trace: by the system's resolver, or by a scenario's own
 * names.
 */
#ifndef CLI_TARGETS_H
#define CLI_TARGETS_H

#include "cli/settings.h"

#include <hops/err.h>
#include <hops/sim.h>

struct cli_target {
    char *name; /* as typed; "NAME [2]" where one name gives several */
    struct hops_addr addr;
};

struct cli_targets {
    struct cli_target *list;
    size_t count;
};

/* Looks all targets of the settings up, in order. A target without an address of the wanted family
 * is left out as long as another one has one. HOPS_ERR_INVALID with a diag that names the target
 * and the cause. */
enum hops_err cli_targets_resolve(const struct cli_settings *settings, struct cli_targets *out,
                                  struct hops_diag *diag);

/* The same within a scenario; without targets in the settings its first one. */
enum hops_err cli_targets_simulate(const struct cli_settings *settings,
                                   const struct hops_scenario *scenario, struct cli_targets *out,
                                   struct hops_diag *diag);

void cli_targets_done(struct cli_targets *targets); /* a zeroed struct is fine */

#endif
