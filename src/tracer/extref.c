/* SPDX-License-Identifier: MIT */
#include "tracer/extref.h"

struct extref *hops_extref_new(struct extpool *pool, const struct hops_extensions *value) {
    struct extref *ref = pool->unused;

    if (ref != NULL) {
        pool->unused = ref->next;
    } else {
        ref = pool->mem->calloc(1, sizeof(*ref), pool->mem->user);
        if (ref == NULL) {
            return NULL;
        }
    }
    ref->refs = 1;
    ref->next = NULL;
    ref->value = *value;
    return ref;
}

void hops_extref_drop(struct extpool *pool, struct extref *ref) {
    if (ref == NULL) {
        return;
    }
    ref->refs--;
    if (ref->refs == 0) {
        ref->next = pool->unused;
        pool->unused = ref;
    }
}

void hops_extref_set(struct extpool *pool, struct extref **holder, struct extref *ref) {
    struct extref *old = *holder;

    if (ref != NULL) {
        ref->refs++;
    }
    *holder = ref;
    hops_extref_drop(pool, old);
}

void hops_extpool_done(struct extpool *pool) {
    while (pool->unused != NULL) {
        struct extref *ref = pool->unused;
        pool->unused = ref->next;
        pool->mem->free(ref, pool->mem->user);
    }
}
