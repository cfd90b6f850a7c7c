/* SPDX-License-Identifier: MIT */
#include "lookup/cache.h"

#include <stdlib.h>

static const hops_ns first_pause = 5 * HOPS_SEC;

void lookup_cache_init(struct lookup_cache *cache, size_t max, uint64_t seed) {
    *cache = (struct lookup_cache){.max = max, .seed = seed};
}

static struct lookup_entry **bucket_of(struct lookup_cache *cache, const struct hops_addr *addr) {
    return &cache->bucket[hops_addr_hash(addr, cache->seed) % LOOKUP_CACHE_BUCKETS];
}

static void unlink_use(struct lookup_cache *cache, struct lookup_entry *entry) {
    struct lookup_entry **from_older = entry->older == NULL ? &cache->oldest : &entry->older->newer;
    struct lookup_entry **from_newer = entry->newer == NULL ? &cache->newest : &entry->newer->older;

    *from_older = entry->newer;
    *from_newer = entry->older;
    entry->older = NULL;
    entry->newer = NULL;
}

static void link_newest(struct lookup_cache *cache, struct lookup_entry *entry) {
    entry->older = cache->newest;
    entry->newer = NULL;
    *(cache->newest == NULL ? &cache->oldest : &cache->newest->newer) = entry;
    cache->newest = entry;
}

static void forget(struct lookup_cache *cache, struct lookup_entry *entry) {
    struct lookup_entry **at = bucket_of(cache, &entry->addr);

    while (*at != entry) {
        at = &(*at)->chain;
    }
    *at = entry->chain;
    unlink_use(cache, entry);
    cache->count--;
    free(entry->texts);
    free(entry);
}

void lookup_cache_clear(struct lookup_cache *cache) {
    while (cache->oldest != NULL) {
        forget(cache, cache->oldest);
    }
}

struct lookup_entry *lookup_cache_find(struct lookup_cache *cache, enum lookup_kind kind,
                                       const struct hops_addr *addr) {
    struct lookup_entry *entry = *bucket_of(cache, addr);

    while (entry != NULL && (entry->kind != kind || !hops_addr_equal(&entry->addr, addr))) {
        entry = entry->chain;
    }
    if (entry != NULL && entry != cache->newest) {
        unlink_use(cache, entry);
        link_newest(cache, entry);
    }
    return entry;
}

struct lookup_entry *lookup_cache_need(struct lookup_cache *cache, enum lookup_kind kind,
                                       const struct hops_addr *addr, hops_ns now) {
    struct lookup_entry *entry = lookup_cache_find(cache, kind, addr);

    if (entry != NULL) {
        return entry;
    }
    entry = calloc(1, sizeof(*entry));
    if (entry == NULL) {
        return NULL;
    }
    if (cache->count >= cache->max) {
        forget(cache, cache->oldest);
    }
    entry->addr = *addr;
    entry->kind = kind;
    entry->state = LOOKUP_PENDING;
    entry->stamp = now;
    struct lookup_entry **bucket = bucket_of(cache, addr);
    entry->chain = *bucket;
    *bucket = entry;
    link_newest(cache, entry);
    cache->count++;
    return entry;
}

bool lookup_cache_due(const struct lookup_entry *entry, hops_ns now, hops_ns ttl) {
    hops_ns age = now < entry->stamp ? 0 : now - entry->stamp;

    switch (entry->state) {
    case LOOKUP_PENDING:
        return true;
    case LOOKUP_TIMEOUT:
        return age >= entry->pause;
    case LOOKUP_FOUND:
    case LOOKUP_NOT_FOUND:
    case LOOKUP_FAILED:
        break;
    }
    return age > ttl;
}

void lookup_cache_begun(struct lookup_entry *entry, hops_ns now) {
    entry->stamp = now;
    if (entry->state == LOOKUP_TIMEOUT) {
        entry->state = LOOKUP_PENDING;
    }
}

void lookup_cache_store(struct lookup_cache *cache, enum lookup_kind kind,
                        const struct hops_addr *addr, enum lookup_state state,
                        struct lookup_texts *texts, hops_ns began, hops_ns ttl) {
    struct lookup_entry *entry = lookup_cache_need(cache, kind, addr, began);

    if (entry == NULL) {
        free(texts);
        return;
    }
    free(entry->texts);
    entry->texts = texts;
    entry->state = state;
    entry->stamp = began;
    if (state != LOOKUP_TIMEOUT) {
        entry->pause = 0;
        return;
    }
    hops_ns longest = ttl > first_pause ? ttl : first_pause;
    if (entry->pause == 0) {
        entry->pause = first_pause;
    } else {
        entry->pause = entry->pause > longest / 2 ? longest : 2 * entry->pause;
    }
}
