/* SPDX-License-Identifier: MIT */
#include "report/names.h"

#include <hops/addr.h>

#include <stdlib.h>
#include <string.h>

struct report_names_entry {
    struct hops_addr addr; /* family NONE: free */
    char *shown;           /* NULL: the address itself */
};

void report_names_done(struct report_names *names) {
    for (size_t i = 0; i < names->room; i++) {
        free(names->entries[i].shown);
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
                                  .room = names->room == 0 ? 64 : 2 * names->room};

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

bool report_names_has(const struct report_names *names, const struct hops_addr *addr) {
    return names->room > 0 && find(names, addr)->addr.family != HOPS_FAMILY_NONE;
}

/* The text belongs to the table from here on, which gcc's analyzer cannot follow through find(). */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

static bool put_text(struct report_names *names, struct report_names_entry *entry,
                     const struct report_events_name *name) {
    char *before = entry->shown;

    entry->shown = NULL;
    if (name->shown != NULL) {
        entry->shown = strdup(name->shown);
        if (entry->shown == NULL) {
            entry->shown = before;
            return false;
        }
    }
    names->count += entry->addr.family == HOPS_FAMILY_NONE;
    entry->addr = name->addr;
    free(before);
    return true;
}

bool report_names_put(struct report_names *names, const struct report_events_name *name) {
    if (2 * (names->count + 1) > names->room && !grow(names)) {
        return false;
    }
    struct report_names_entry *entry = find(names, &name->addr);
    if (entry->addr.family == HOPS_FAMILY_NONE && names->count == REPORT_NAMES_MAX) {
        return true;
    }
    return put_text(names, entry, name);
}

static const char *name_of(void *user, const struct hops_addr *addr) {
    const struct report_names *names = user;

    return names->room == 0 ? NULL : find(names, addr)->shown;
}

struct hops_names report_names_source(struct report_names *names) {
    return (struct hops_names){.name = name_of, .user = names};
}
