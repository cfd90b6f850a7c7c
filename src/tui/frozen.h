/* SPDX-License-Identifier: MIT
 *
 * A copy of all that the statistics of a trace say, for the frozen screen.
 */
#ifndef TUI_FROZEN_H
#define TUI_FROZEN_H

#include <hops/stats.h>

struct tui_frozen_hop {
    struct hops_hop hop; /* its pointers lead to copies */
    uint32_t *samples;   /* newest first; NULL: none */
};

struct tui_frozen_flow {
    uint8_t first, last, round_ttl;
    struct hops_flow flow;
    struct tui_frozen_hop *hops; /* first..last; NULL: none */
};

struct tui_frozen {
    uint64_t rounds;
    uint32_t round_flow;
    size_t flow_count; /* flow 0 counted */
    struct tui_frozen_flow *flows;
};

struct tui_frozen *tui_frozen_take(struct hops_stats *stats); /* NULL: no memory */
void tui_frozen_free(struct tui_frozen *frozen);              /* NULL is fine */

#endif
