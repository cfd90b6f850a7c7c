/* SPDX-License-Identifier: MIT
 *
 * ICMP extensions are over 500 octets and rare, so they are kept outside of slots and hops, shared
 * by counting references. Blocks given back are used again: a trace that runs evenly allocates
 * none.
 */
#ifndef TRACER_EXTREF_H
#define TRACER_EXTREF_H

#include <hops/extension.h>
#include <hops/types.h>

struct extref {
    size_t refs;
    struct extref *next; /* in the pool's list of unused ones */
    struct hops_extensions value;
};

struct extpool {
    const struct hops_mem *mem;
    struct extref *unused;
};

/* A copy with one reference, which is the caller's; NULL if there is no memory. */
struct extref *hops_extref_new(struct extpool *pool, const struct hops_extensions *value);

/* Gives one reference back; NULL is fine. */
void hops_extref_drop(struct extpool *pool, struct extref *ref);

/* Lets *holder refer to ref (NULL: to nothing) instead of what it referred to. */
void hops_extref_set(struct extpool *pool, struct extref **holder, struct extref *ref);

/* Frees the unused blocks. Every reference has to be back. */
void hops_extpool_done(struct extpool *pool);

#endif
