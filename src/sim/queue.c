/* SPDX-License-Identifier: MIT */
#include "sim/queue.h"

#include <assert.h>

void hops_sim_queue_init(struct hops_sim_queue *queue, const struct hops_mem *mem, size_t max) {
    *queue = (struct hops_sim_queue){.mem = mem, .max = max};
}

void hops_sim_queue_done(struct hops_sim_queue *queue) {
    for (size_t i = 0; i < queue->count; i++) {
        queue->mem->free(queue->heap[i], queue->mem->user);
    }
    while (queue->blanks != NULL) {
        struct hops_sim_event *event = queue->blanks;
        queue->blanks = event->next;
        queue->mem->free(event, queue->mem->user);
    }
    if (queue->heap != NULL) {
        queue->mem->free((void *)queue->heap, queue->mem->user);
    }
    queue->heap = NULL;
    queue->count = queue->capacity = 0;
}

static bool grow(struct hops_sim_queue *queue) {
    size_t capacity = queue->capacity == 0 ? 64 : queue->capacity * 2;
    struct hops_sim_event **heap = (struct hops_sim_event **)queue->mem->realloc(
        (void *)queue->heap, capacity * sizeof(struct hops_sim_event *), queue->mem->user);

    if (heap == NULL) {
        return false;
    }
    queue->heap = heap;
    queue->capacity = capacity;
    return true;
}

struct hops_sim_event *hops_sim_queue_blank(struct hops_sim_queue *queue) {
    struct hops_sim_event *event = queue->blanks;

    if (queue->count >= queue->max || (queue->count == queue->capacity && !grow(queue))) {
        return NULL;
    }
    if (event != NULL) {
        queue->blanks = event->next;
        event->next = NULL;
        return event;
    }
    return queue->mem->calloc(1, sizeof(*event), queue->mem->user);
}

void hops_sim_queue_give_back(struct hops_sim_queue *queue, struct hops_sim_event *event) {
    event->next = queue->blanks;
    queue->blanks = event;
}

static bool earlier(const struct hops_sim_event *a, const struct hops_sim_event *b) {
    return a->when != b->when ? a->when < b->when : a->serial < b->serial;
}

void hops_sim_queue_push(struct hops_sim_queue *queue, struct hops_sim_event *event) {
    size_t at = queue->count;

    assert(queue->count < queue->capacity); /* the blank came from us */
    event->serial = queue->serial++;
    queue->count++;
    while (at > 0 && earlier(event, queue->heap[(at - 1) / 2])) {
        queue->heap[at] = queue->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    queue->heap[at] = event;
}

struct hops_sim_event *hops_sim_queue_pop(struct hops_sim_queue *queue, hops_ns now) {
    if (queue->count == 0 || queue->heap[0]->when > now) {
        return NULL;
    }
    struct hops_sim_event *first = queue->heap[0];
    struct hops_sim_event *last = queue->heap[--queue->count];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= queue->count) {
            break;
        }
        if (child + 1 < queue->count && earlier(queue->heap[child + 1], queue->heap[child])) {
            child++;
        }
        if (earlier(last, queue->heap[child])) {
            break;
        }
        queue->heap[at] = queue->heap[child];
        at = child;
    }
    if (queue->count > 0) {
        queue->heap[at] = last;
    }
    return first;
}

hops_ns hops_sim_queue_next(const struct hops_sim_queue *queue) {
    return queue->count == 0 ? HOPS_NEVER : queue->heap[0]->when;
}
