/* SPDX-License-Identifier: MIT
 *
 * What is known about addresses, when it was asked for, and when it may be asked for again.
 * Bounded: the entry that was not looked at for the longest time makes room. Time comes in as an
 * argument.
 */
#ifndef LOOKUP_CACHE_H
#define LOOKUP_CACHE_H

#include "lookup/lookup.h"
#include "lookup/text.h"

enum { LOOKUP_CACHE_MAX = 4096, LOOKUP_CACHE_BUCKETS = 1024 };

enum lookup_kind { LOOKUP_KIND_NAME, LOOKUP_KIND_AS };

struct lookup_entry {
    struct hops_addr addr;
    enum lookup_kind kind;
    enum lookup_state state;
    struct lookup_texts *texts; /* NULL: none */
    hops_ns stamp;              /* when its lookup began, or was last begun again */
    hops_ns pause;              /* after a time-out, until the next attempt */
    struct lookup_entry *chain; /* of its bucket */
    struct lookup_entry *older, *newer;
};

struct lookup_cache {
    struct lookup_entry *bucket[LOOKUP_CACHE_BUCKETS];
    struct lookup_entry *oldest, *newest; /* by use */
    size_t count, max;
    uint64_t seed;
};

void lookup_cache_init(struct lookup_cache *cache, size_t max, uint64_t seed);
void lookup_cache_clear(struct lookup_cache *cache);

/* The entry, which counts as used now, or NULL. */
struct lookup_entry *lookup_cache_find(struct lookup_cache *cache, enum lookup_kind kind,
                                       const struct hops_addr *addr);

/* The entry, made as pending since now if there is none. NULL: no memory. */
struct lookup_entry *lookup_cache_need(struct lookup_cache *cache, enum lookup_kind kind,
                                       const struct hops_addr *addr, hops_ns now);

/* Whether a lookup is to begin: never done, too old, or timed out long enough ago. */
bool lookup_cache_due(const struct lookup_entry *entry, hops_ns now, hops_ns ttl);

/* A lookup has begun: results stay readable until it ends, time-outs become pending. */
void lookup_cache_begun(struct lookup_entry *entry, hops_ns now);

/* The result of a lookup that began at the given time; takes texts. */
void lookup_cache_store(struct lookup_cache *cache, enum lookup_kind kind,
                        const struct hops_addr *addr, enum lookup_state state,
                        struct lookup_texts *texts, hops_ns began, hops_ns ttl);

#endif
