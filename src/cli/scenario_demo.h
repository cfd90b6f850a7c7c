/* SPDX-License-Identifier: MIT
 *
 * scenarios/demo.toml as an array; the source is made at build time by tools/embed.py.
 */
#ifndef CLI_SCENARIO_DEMO_H
#define CLI_SCENARIO_DEMO_H

#include <stddef.h>

extern const unsigned char cli_scenario_demo[];
extern const size_t cli_scenario_demo_len;

#endif
