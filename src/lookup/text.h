/* SPDX-License-Identifier: MIT
 *
 * What a lookup found, as texts that are already fit to be shown: everything that comes out of DNS
 * passes through here, once, on its way in. Bounded in number and length, so that an answer cannot
 * fill memory or a screen.
 */
#ifndef LOOKUP_TEXT_H
#define LOOKUP_TEXT_H

#include <stddef.h>

enum {
    LOOKUP_TEXT_MAX = 1024, /* octets of one text with its NUL: a name of 255 octets, all escaped */
    LOOKUP_TEXTS_MAX = 16   /* records of one answer that are kept */
};

/* One block: free it with free(). */
struct lookup_texts {
    size_t count;
    const char *text[];
};

/* Texts as they come out of an answer. */
struct lookup_records {
    size_t count;
    char text[LOOKUP_TEXTS_MAX][LOOKUP_TEXT_MAX];
};

/* Adds a cleaned copy. Empty texts and those past the maximum are left out. */
void lookup_records_add(struct lookup_records *records, const char *text, size_t len);

/* A copy of the given texts in one block, or NULL without memory. */
struct lookup_texts *lookup_texts_new(const char *const *texts, size_t count);

#endif
