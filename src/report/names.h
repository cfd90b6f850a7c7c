/* SPDX-License-Identifier: MIT
 *
 * What became known of addresses, kept from events of kind name: the names of a replay.
 */
#ifndef REPORT_NAMES_H
#define REPORT_NAMES_H

#include "report/events.h"

#include <hops/names.h>

enum { REPORT_NAMES_MAX = 16384 }; /* addresses; further ones stay without a name */

struct report_names_entry;

/* A zeroed struct is empty. */
struct report_names {
    struct report_names_entry *entries; /* by hash, open addressing */
    size_t count, room;
};

void report_names_done(struct report_names *names);

/* Keeps what the line shows for its address, in place of what was known. False: no memory. */
bool report_names_put(struct report_names *names, const struct report_events_name *name);

/* True if a line for the address was kept. */
bool report_names_has(const struct report_names *names, const struct hops_addr *addr);

/* Reports ask through this; it borrows names. */
struct hops_names report_names_source(struct report_names *names);

#endif
