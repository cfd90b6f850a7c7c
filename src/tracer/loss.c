/* SPDX-License-Identifier: MIT */
#include "tracer/loss.h"

struct loss_scan hops_loss_scan(const struct slot *slots, size_t count, uint8_t largest_ttl) {
    struct loss_scan scan = {0};

    for (size_t i = 0; i < count; i++) {
        const struct slot *slot = &slots[i];
        if (slot->ttl > largest_ttl) {
            continue;
        }
        if (slot->status == SLOT_COMPLETE && slot->ttl > scan.highest_complete) {
            scan.highest_complete = slot->ttl;
        } else if (slot->status == SLOT_AWAITED && slot->ttl > scan.highest_awaited) {
            scan.highest_awaited = slot->ttl;
        }
    }
    return scan;
}

bool hops_loss_forward(const struct loss_scan *scan, uint8_t ttl) {
    return scan->highest_complete <= ttl && scan->highest_awaited > ttl;
}

enum slot_loss hops_loss_next(struct loss_scan *scan, uint8_t ttl) {
    if (scan->found) {
        return LOSS_BACKWARD;
    }
    scan->found = hops_loss_forward(scan, ttl);
    return scan->found ? LOSS_FORWARD : LOSS_NONE;
}
