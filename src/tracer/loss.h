/* SPDX-License-Identifier: MIT
 *
 * On which side of a silent hop was a probe lost? A guess from one round: if nothing at all beyond
 * answered, the probe itself did not get through (forward loss) at the first silent hop, and the
 * rest of that tail says nothing about the way out (backward loss). A silent hop with an answer
 * beyond it is neither: its router may only be quiet.
 */
#ifndef TRACER_LOSS_H
#define TRACER_LOSS_H

#include "tracer/hop.h"
#include "tracer/slot.h"

/* What the question needs to know of a round. */
struct loss_scan {
    uint8_t highest_complete; /* TTL, 0: none */
    uint8_t highest_awaited;
    bool found; /* forward loss was found below */
};

/* Looks at the slots up to largest_ttl. */
struct loss_scan hops_loss_scan(const struct slot *slots, size_t count, uint8_t largest_ttl);

/* True if a probe lost at ttl was probably lost on its way out: beyond it are only awaited slots,
 * and at least one. Skipped and failed ones are left out: they have seen nothing of the path. */
bool hops_loss_forward(const struct loss_scan *scan, uint8_t ttl);

/* The verdict on the next awaited slot, in TTL order. */
enum slot_loss hops_loss_next(struct loss_scan *scan, uint8_t ttl);

#endif
