/* SPDX-License-Identifier: MIT
 *
 * Names for reports: asked for all at once when the last round is over, waited for at most one
 * time-out, then given out from memory.
 */
#ifndef LOOKUP_NAMES_H
#define LOOKUP_NAMES_H

#include "lookup/lookup.h"

#include <hops/names.h>

/* Looks the names of all addresses up at the same time. Returns when all are there, when the
 * time-out of one lookup is over, or when stop_fd (-1: none) becomes readable. */
void lookup_names_wait(struct lookup *lookup, const struct hops_addr *addrs, size_t count,
                       int stop_fd);

/* Texts from memory only: asks nobody and never waits. NULL for an address without a name. The
 * lookup is borrowed. */
struct hops_names lookup_names(struct lookup *lookup);

/* The same for output that goes on: a name that is not known is asked for, and shown as soon as the
 * caller's loop, which drives the lookup, has got it. */
struct hops_names lookup_names_live(struct lookup *lookup);

#endif
