/* SPDX-License-Identifier: MIT
 *
 * What a channel has read and not handed out yet: a small ring. Who reads looks for room first, so
 * that nothing is lost.
 */
#ifndef NET_INBOX_H
#define NET_INBOX_H

#include <hops/link.h>

#include <assert.h>

enum { HOPS_NET_INBOX_SIZE = 64 };

struct hops_net_inbox {
    size_t head;
    size_t len;
    struct hops_inbound items[HOPS_NET_INBOX_SIZE];
};

static inline size_t hops_net_inbox_room(const struct hops_net_inbox *inbox) {
    return HOPS_NET_INBOX_SIZE - inbox->len;
}

/* A place for the next item, to be filled in. There must be room. */
static inline struct hops_inbound *hops_net_inbox_push(struct hops_net_inbox *inbox) {
    size_t at = (inbox->head + inbox->len) % HOPS_NET_INBOX_SIZE;

    assert(inbox->len < HOPS_NET_INBOX_SIZE);
    inbox->len++;
    return &inbox->items[at];
}

static inline bool hops_net_inbox_pop(struct hops_net_inbox *inbox, struct hops_inbound *out) {
    if (inbox->len == 0) {
        return false;
    }
    *out = inbox->items[inbox->head];
    inbox->head = (inbox->head + 1) % HOPS_NET_INBOX_SIZE;
    inbox->len--;
    return true;
}

#endif
