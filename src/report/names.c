/* SPDX-License-Identifier: MIT */
#include "report/names.h"

#include <hops/addr.h>

#include <stdlib.h>
#include <string.h>

/* One block: the line, its list of names, its AS data, and after them the texts. */
struct kept {
    struct report_events_name name;
    struct report_events_as as;
    size_t size;
    const char *names[];
};

struct report_names_entry {
    struct hops_addr addr; /* family NONE: free */
    struct kept *kept;
};

void report_names_done(struct report_names *names) {
    for (size_t i = 0; i < names->room; i++) {
        free(names->entries[i].kept);
    }
    free(names->entries);
    *names = (struct report_names){0};
}

/* FNV-1a. Somebody who chooses addresses that collide makes his own recording slow: the number of
 * entries is bounded. */
static size_t hash(const struct hops_addr *addr) {
    uint64_t h = UINT64_C(14695981039346656037) ^ addr->scope;

    for (size_t i = 0; i < sizeof(addr->octets); i++) {
        h = (h ^ addr->octets[i]) * UINT64_C(1099511628211);
    }
    return (size_t)(h ^ h >> 32);
}

/* The entry of the address, or the free one where it belongs. The table is never full. */
static struct report_names_entry *find(const struct report_names *names,
                                       const struct hops_addr *addr) {
    size_t i = hash(addr) & (names->room - 1);

    while (names->entries[i].addr.family != HOPS_FAMILY_NONE &&
           !hops_addr_equal(&names->entries[i].addr, addr)) {
        i = (i + 1) & (names->room - 1);
    }
    return &names->entries[i];
}

static bool grow(struct report_names *names) {
    struct report_names bigger = {.count = names->count,
                                  .room = names->room == 0 ? 64 : 2 * names->room,
                                  .octets = names->octets};

    bigger.entries = calloc(bigger.room, sizeof(*bigger.entries));
    if (bigger.entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < names->room; i++) {
        if (names->entries[i].addr.family != HOPS_FAMILY_NONE) {
            *find(&bigger, &names->entries[i].addr) = names->entries[i];
        }
    }
    free(names->entries);
    *names = bigger;
    return true;
}

/* Copying. */

static size_t size_of(const char *text) {
    return text == NULL ? 0 : strlen(text) + 1;
}

static const char *copy(char **at, const char *text) {
    size_t size = size_of(text);
    const char *begin = *at;

    if (text == NULL) {
        return NULL;
    }
    memcpy(*at, text, size);
    *at += size;
    return begin;
}

static size_t texts_size(const struct report_events_name *name) {
    size_t size = size_of(name->shown);

    for (size_t i = 0; i < name->count; i++) {
        size += size_of(name->names[i]);
    }
    if (name->as != NULL) {
        size += size_of(name->as->number) + size_of(name->as->prefix) + size_of(name->as->country) +
                size_of(name->as->registry) + size_of(name->as->allocated) +
                size_of(name->as->name);
    }
    return size;
}

static struct kept *make_copy(const struct report_events_name *name) {
    size_t size = sizeof(struct kept) + name->count * sizeof(const char *) + texts_size(name);
    struct kept *kept = malloc(size);

    if (kept == NULL) {
        return NULL;
    }
    char *at = (char *)(kept->names + name->count);
    kept->size = size;
    kept->name = *name;
    kept->name.names = kept->names;
    kept->name.shown = copy(&at, name->shown);
    for (size_t i = 0; i < name->count; i++) {
        kept->names[i] = copy(&at, name->names[i]);
    }
    if (name->as != NULL) {
        kept->as = (struct report_events_as){.number = copy(&at, name->as->number),
                                             .prefix = copy(&at, name->as->prefix),
                                             .country = copy(&at, name->as->country),
                                             .registry = copy(&at, name->as->registry),
                                             .allocated = copy(&at, name->as->allocated),
                                             .name = copy(&at, name->as->name)};
        kept->name.as = &kept->as;
    }
    return kept;
}

/* Using. */

const struct report_events_name *report_names_find(const struct report_names *names,
                                                   const struct hops_addr *addr) {
    const struct kept *kept = names->room == 0 ? NULL : find(names, addr)->kept;

    return kept == NULL ? NULL : &kept->name;
}

bool report_names_put(struct report_names *names, const struct report_events_name *name) {
    struct report_events_name wanted = *name;

    if (2 * (names->count + 1) > names->room && !grow(names)) {
        return false;
    }
    struct report_names_entry *entry = find(names, &name->addr);
    if (entry->kept == NULL && names->count == REPORT_NAMES_MAX) {
        return true;
    }
    if (names->octets >= REPORT_NAMES_OCTETS_MAX) {
        wanted.count = 0;
        wanted.as = NULL;
    }
    struct kept *kept = make_copy(&wanted);
    if (kept == NULL) {
        return false;
    }
    names->count += entry->kept == NULL;
    names->octets += kept->size - (entry->kept == NULL ? 0 : entry->kept->size);
    free(entry->kept);
    *entry = (struct report_names_entry){.addr = name->addr, .kept = kept};
    return true;
}

static const char *name_of(void *user, const struct hops_addr *addr) {
    const struct report_events_name *name = report_names_find(user, addr);

    return name == NULL ? NULL : name->shown;
}

struct hops_names report_names_source(struct report_names *names) {
    return (struct hops_names){.name = name_of, .user = names};
}
