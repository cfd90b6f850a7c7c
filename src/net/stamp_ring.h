/* SPDX-License-Identifier: MIT
 *
 * Which packet a transmit stamp belongs to. The kernel names a stamp by a number; the ring
 * remembers the probe of the last numbers given out, and how many stamps are still to come.
 */
#ifndef NET_STAMP_RING_H
#define NET_STAMP_RING_H

#include <hops/types.h>

#define HOPS_NET_STAMP_RING 1024 /* a power of two; stamps come within microseconds */

struct hops_net_stamp_ring {
    struct {
        uint32_t number;
        uint32_t attachment;
        uint32_t probe_id;
        bool live;
    } slots[HOPS_NET_STAMP_RING];
    uint32_t next;        /* number of the next packet */
    uint32_t outstanding; /* slots that are live */
};

/* Remembers the packet that has the number ring->next, and moves on. The oldest is forgotten. */
void hops_net_stamp_ring_put(struct hops_net_stamp_ring *ring, uint32_t attachment,
                             uint32_t probe_id);

/* The probe of a stamp; each is given out once. False: not known, or forgotten. */
bool hops_net_stamp_ring_take(struct hops_net_stamp_ring *ring, uint32_t number,
                              uint32_t *attachment, uint32_t *probe_id);

/* Forgets the packets of an attachment, so that its number can be used again. */
void hops_net_stamp_ring_forget(struct hops_net_stamp_ring *ring, uint32_t attachment);

/* Forgets everything; numbers start at 0 again. */
void hops_net_stamp_ring_restart(struct hops_net_stamp_ring *ring);

#endif
