/* SPDX-License-Identifier: MIT
 *
 * The copy of a scenario that a link keeps.
 */
#ifndef SIM_COPY_H
#define SIM_COPY_H

#include <hops/sim.h>

/* Copies what the simulation uses (all but names and AS data) into one block; NULL: no memory. Free
 * it with mem->free. */
struct hops_scenario *hops_scenario_copy(const struct hops_scenario *scenario,
                                         const struct hops_mem *mem);

#endif
