/* SPDX-License-Identifier: MIT
 *
 * The one-letter codes of the columns of the screen's table.
 */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include "cli/text.h"

/* All codes, for the help. */
#define CLI_COLUMNS_HELP                                                                           \
    "h TTL, o host, l loss %, s sent, r received, a last RTT, v mean RTT, b best, w worst, "       \
    "d deviation, t status, j jitter, g mean jitter, x largest jitter, i smoothed jitter, "        \
    "S last source port, P last destination port, Q last sequence, T last ICMP type, "             \
    "C last ICMP code, N NAT status, f failed probes, F forward loss, B backward loss, "           \
    "D forward loss %, K DSCP, M ECN, A AS number; and, as additions of hops, m median, "          \
    "n 90th percentile, p 99th percentile."

/* The first octet that is no code, as a pointer into codes; NULL: all are. */
const char *cli_columns_unknown(const char *codes);

/* Adds each code for each time it is repeated, joined by ", ". True if there was one. */
bool cli_columns_repeated(const char *codes, struct cli_text *out);

#endif
