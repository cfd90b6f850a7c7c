/* SPDX-License-Identifier: MIT
 *
 * The link over a network in memory: virtual time, a seed, no sockets. A scenario is a plain
 * struct; the program fills it from a TOML file, tests by hand.
 */
#ifndef HOPS_SIM_H
#define HOPS_SIM_H

#include <hops/err.h>
#include <hops/link.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hops_scenario;

/* Creates the link. The scenario is copied. */
HOPS_API enum hops_err hops_sim_new(const struct hops_scenario *scenario,
                                    const struct hops_mem *mem, struct hops_link **out,
                                    struct hops_diag *diag) HOPS_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
