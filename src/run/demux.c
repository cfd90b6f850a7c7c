/* SPDX-License-Identifier: MIT */
#include "run/demux.h"

#include <hops/addr.h>

#include "base/diag.h"

enum { BUCKETS = 1024, IDS = 65536 };

struct entry {
    struct hops_config config;
    uint32_t next; /* in its bucket */
};

struct demux {
    const struct hops_mem *mem;
    uint64_t seed;
    struct entry *entries;
    size_t count, room;
    uint32_t bucket[BUCKETS]; /* first trace + 1, 0 if empty */
    uint32_t *by_id;          /* ICMP id to trace + 1, 0 if free: untouched pages cost nothing */
};

enum hops_err hops_demux_new(const struct hops_mem *mem, struct demux **out) {
    struct demux *d = mem->calloc(1, sizeof(*d), mem->user);

    if (d == NULL) {
        return HOPS_ERR_NOMEM;
    }
    d->mem = mem;
    *out = d;
    return HOPS_OK;
}

void hops_demux_free(struct demux *d) {
    if (d != NULL) {
        d->mem->free(d->entries, d->mem->user);
        d->mem->free(d->by_id, d->mem->user);
        d->mem->free(d, d->mem->user);
    }
}

static uint32_t *bucket_of(struct demux *d, const struct hops_addr *addr) {
    return &d->bucket[hops_addr_hash(addr, d->seed) % BUCKETS];
}

static bool same_replies(const struct hops_config *a, const struct hops_config *b) {
    if (a->protocol != b->protocol || !hops_addr_equal(&a->target, &b->target)) {
        return false;
    }
    bool stretches_overlap =
        a->initial_sequence <= b->last_sequence && b->initial_sequence <= a->last_sequence;
    switch (a->direction) {
    case HOPS_PORTS_NONE:
        return false; /* told apart by id */
    case HOPS_PORTS_FIXED_SOURCE:
        return b->direction != HOPS_PORTS_FIXED_SOURCE || a->source_port == b->source_port;
    case HOPS_PORTS_FIXED_TARGET:
        return b->direction != HOPS_PORTS_FIXED_TARGET ||
               (a->target_port == b->target_port && stretches_overlap);
    case HOPS_PORTS_FIXED_BOTH:
        return b->direction != HOPS_PORTS_FIXED_BOTH ||
               (a->source_port == b->source_port && a->target_port == b->target_port);
    }
    return true;
}

static enum hops_err refuse_clash(const struct hops_config *config, struct hops_diag *diag) {
    char target[HOPS_ADDR_TEXT_MAX];

    return hops_diag_set(diag, HOPS_ERR_CLASH,
                         "%s is traced twice with the same %s: replies could not be told apart",
                         hops_addr_format(&config->target, target),
                         config->protocol == HOPS_PROTOCOL_ICMP ? "ICMP id" : "ports");
}

static enum hops_err check_clash(struct demux *d, const struct hops_config *config,
                                 struct hops_diag *diag) {
    if (config->protocol == HOPS_PROTOCOL_ICMP) {
        return d->by_id != NULL && d->by_id[config->trace_id] != 0 ? refuse_clash(config, diag)
                                                                   : HOPS_OK;
    }
    for (uint32_t i = *bucket_of(d, &config->target) - 1; i != HOPS_DEMUX_NONE;
         i = d->entries[i].next) {
        if (same_replies(&d->entries[i].config, config)) {
            return refuse_clash(config, diag);
        }
    }
    return HOPS_OK;
}

static enum hops_err make_room(struct demux *d, const struct hops_config *config) {
    if (config->protocol == HOPS_PROTOCOL_ICMP && d->by_id == NULL) {
        d->by_id = d->mem->calloc(IDS, sizeof(*d->by_id), d->mem->user);
        if (d->by_id == NULL) {
            return HOPS_ERR_NOMEM;
        }
    }
    if (d->count == d->room) {
        size_t room = d->room == 0 ? 4 : d->room * 2;
        struct entry *entries = d->mem->realloc(d->entries, room * sizeof(*entries), d->mem->user);
        if (entries == NULL) {
            return HOPS_ERR_NOMEM;
        }
        d->entries = entries;
        d->room = room;
    }
    return HOPS_OK;
}

enum hops_err hops_demux_add(struct demux *d, uint32_t trace, const struct hops_config *config,
                             struct hops_diag *diag) {
    if (trace != d->count) {
        return hops_diag_set(diag, HOPS_ERR_INVALID, "traces are to be added in order");
    }
    enum hops_err err = check_clash(d, config, diag);
    if (err != HOPS_OK) {
        return err;
    }
    err = make_room(d, config);
    if (err != HOPS_OK) {
        return hops_diag_set(diag, err, "out of memory for another trace");
    }
    struct entry *entry = &d->entries[d->count++];
    *entry = (struct entry){.config = *config, .next = HOPS_DEMUX_NONE};
    if (config->protocol == HOPS_PROTOCOL_ICMP) {
        d->by_id[config->trace_id] = trace + 1;
    } else {
        uint32_t *bucket = bucket_of(d, &config->target);
        entry->next = *bucket - 1; /* 0 - 1 is HOPS_DEMUX_NONE */
        *bucket = trace + 1;
    }
    return HOPS_OK;
}

uint32_t hops_demux_first(const struct demux *d, const struct hops_reply *reply) {
    if (reply->quote.protocol == HOPS_PROTOCOL_ICMP) {
        return d->by_id == NULL ? HOPS_DEMUX_NONE : d->by_id[reply->quote.icmp_id] - 1;
    }
    return d->bucket[hops_addr_hash(&reply->quote.dst, d->seed) % BUCKETS] - 1;
}

uint32_t hops_demux_next(const struct demux *d, uint32_t trace) {
    return d->entries[trace].next;
}
