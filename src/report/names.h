/* SPDX-License-Identifier: MIT
 *
 * What became known of addresses, kept from events of kind name: what a run told of them, and the
 * names of a replay.
 */
#ifndef REPORT_NAMES_H
#define REPORT_NAMES_H

#include "report/events.h"

#include <hops/names.h>

enum {
    REPORT_NAMES_MAX = 16384,         /* addresses; further ones stay without a name */
    REPORT_NAMES_OCTETS_MAX = 1 << 25 /* once so much is kept, of further ones only what is shown */
};

struct report_names_entry;

/* A zeroed struct is empty. */
struct report_names {
    struct report_names_entry *entries; /* by hash, open addressing */
    size_t count, room;
    size_t octets; /* of all copies */
};

void report_names_done(struct report_names *names);

/* Keeps a copy of the line for its address, in place of what was known. False: no memory. */
bool report_names_put(struct report_names *names, const struct report_events_name *name);

/* What was kept for the address, borrowed until the next put; or NULL. */
const struct report_events_name *report_names_find(const struct report_names *names,
                                                   const struct hops_addr *addr);

/* Reports ask through this; it borrows names. */
struct hops_names report_names_source(struct report_names *names);

#endif
