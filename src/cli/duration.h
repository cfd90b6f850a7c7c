/* SPDX-License-Identifier: MIT
 *
 * Durations as people write them: "100ms", "1s 500ms", "1.25d".
 */
#ifndef CLI_DURATION_H
#define CLI_DURATION_H

#include <hops/types.h>

enum cli_duration_status {
    CLI_DURATION_OK,
    CLI_DURATION_EMPTY,
    CLI_DURATION_NO_NUMBER,
    CLI_DURATION_NO_UNIT,
    CLI_DURATION_UNKNOWN_UNIT,
    CLI_DURATION_BAD_CHARACTER,
    CLI_DURATION_INEXACT,
    CLI_DURATION_TOO_LONG
};

/* "0", or terms "number unit" that are summed. White space is free between all parts. A fraction
 * must come out even: in nanoseconds for units up to the minute, in seconds for longer ones.
 * Anything but OK leaves *out untouched. */
enum cli_duration_status cli_duration_parse(const char *text, hops_ns *out);

/* "the unit is missing (ms, s, m ...)" and so on. */
const char *cli_duration_status_text(enum cli_duration_status status);

/* In the largest of s, ms, us, ns that is at least one, the fraction trimmed: "1.001s". Returns
 * out. */
char *cli_duration_format(hops_ns duration, char out[48]);

#endif
