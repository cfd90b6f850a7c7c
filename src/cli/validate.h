/* SPDX-License-Identifier: MIT
 *
 * Which combinations of values make sense. Looks at nothing but its arguments and the time zone
 * database.
 */
#ifndef CLI_VALIDATE_H
#define CLI_VALIDATE_H

#include "cli/cli.h"

/* Fills the derived fields of settings, and settles mode, protocol and family. */
void cli_derive(const struct cli_inputs *in, struct cli_settings *settings);

/* Only the fields for ports, from protocol, source_port, target_port and trace_id; for a protocol
 * that turned out to be another one. */
void cli_derive_ports(struct cli_settings *settings);

/* Rounds a mode goes for; 0: endless. */
uint64_t cli_derive_rounds(const struct cli_settings *settings);

/* Checks derived settings. False with the first broken rule as the reason. */
bool cli_validate(const struct cli_inputs *in, const struct cli_settings *settings,
                  struct cli_text *why);

#endif
