/* SPDX-License-Identifier: MIT
 *
 * Packets on their way to us, ordered by virtual arrival time and, at one time, by when they were
 * queued. Bounded: a scenario cannot fill memory. Blanks are kept and used again, so a queue that
 * has warmed up allocates nothing.
 */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include <hops/types.h>

#include "sim/packet.h"

enum { HOPS_SIM_EVENTS_MAX = 16384 };

struct hops_sim_event {
    hops_ns when;
    uint64_t serial;               /* set by push */
    bool extensions;               /* the trace it answers keeps extensions */
    struct hops_sim_packet packet; /* as it arrives */
    struct hops_sim_event *next;   /* in the list of blanks */
};

struct hops_sim_queue {
    const struct hops_mem *mem;
    struct hops_sim_event **heap;
    size_t count, capacity, max;
    uint64_t serial;
    struct hops_sim_event *blanks;
};

void hops_sim_queue_init(struct hops_sim_queue *queue, const struct hops_mem *mem, size_t max);
void hops_sim_queue_done(struct hops_sim_queue *queue);

/* An event to fill in and push, or to give back; NULL if the queue is full or memory is out. Only
 * one blank at a time. */
struct hops_sim_event *hops_sim_queue_blank(struct hops_sim_queue *queue);
void hops_sim_queue_give_back(struct hops_sim_queue *queue, struct hops_sim_event *event);

/* Takes the event. */
void hops_sim_queue_push(struct hops_sim_queue *queue, struct hops_sim_event *event);

/* The earliest event if it is due: give it back after use. NULL: nothing is due. */
struct hops_sim_event *hops_sim_queue_pop(struct hops_sim_queue *queue, hops_ns now);

hops_ns hops_sim_queue_next(const struct hops_sim_queue *queue); /* HOPS_NEVER if empty */

#endif
