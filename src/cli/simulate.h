/* SPDX-License-Identifier: MIT
 *
 * The whole program over a network in memory (--simulate).
 */
#ifndef CLI_SIMULATE_H
#define CLI_SIMULATE_H

#include "cli/log.h"
#include "cli/recorder.h"
#include "cli/settings.h"

/* Returns the exit status; messages are on stderr. */
int cli_simulate(const struct cli_settings *settings, struct cli_recorder *recorder,
                 struct cli_log *log);

#endif
