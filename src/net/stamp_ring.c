/* SPDX-License-Identifier: MIT */
#include "net/stamp_ring.h"

#include <string.h>

static void drop(struct hops_net_stamp_ring *ring, size_t at) {
    if (ring->slots[at].live) {
        ring->slots[at].live = false;
        ring->outstanding--;
    }
}

void hops_net_stamp_ring_put(struct hops_net_stamp_ring *ring, uint32_t attachment,
                             uint32_t probe_id) {
    const size_t at = ring->next % HOPS_NET_STAMP_RING;

    drop(ring, at);
    ring->slots[at].number = ring->next;
    ring->slots[at].attachment = attachment;
    ring->slots[at].probe_id = probe_id;
    ring->slots[at].live = true;
    ring->outstanding++;
    ring->next++;
}

bool hops_net_stamp_ring_take(struct hops_net_stamp_ring *ring, uint32_t number,
                              uint32_t *attachment, uint32_t *probe_id) {
    const size_t at = number % HOPS_NET_STAMP_RING;

    if (!ring->slots[at].live || ring->slots[at].number != number) {
        return false;
    }
    *attachment = ring->slots[at].attachment;
    *probe_id = ring->slots[at].probe_id;
    drop(ring, at);
    return true;
}

void hops_net_stamp_ring_forget(struct hops_net_stamp_ring *ring, uint32_t attachment) {
    uint32_t live = ring->outstanding;

    /* From the newest back, as far as there are live ones: they are few, and the ring is large. */
    for (uint32_t back = 1; live > 0 && back <= HOPS_NET_STAMP_RING; back++) {
        const size_t at = (ring->next - back) % HOPS_NET_STAMP_RING;

        if (!ring->slots[at].live) {
            continue;
        }
        live--;
        if (ring->slots[at].attachment == attachment) {
            drop(ring, at);
        }
    }
}

void hops_net_stamp_ring_restart(struct hops_net_stamp_ring *ring) {
    memset(ring, 0, sizeof(*ring));
}
