/* SPDX-License-Identifier: MIT */
#include "lookup/answer.h"

#include "base/bytes.h"

#include <ares.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

enum { CLASS_IN = 1, NAME_MAX_TEXT = LOOKUP_TEXT_MAX };

struct message {
    struct rd r;
    const uint8_t *data;
    int len;
};

/* The name at the reader, which passes it. */
static bool read_name(struct message *m, char out[NAME_MAX_TEXT]) {
    char *name = NULL;
    long encoded = 0;

    if (rd_left(&m->r) == 0 ||
        ares_expand_name(m->r.p, m->data, m->len, &name, &encoded) != ARES_SUCCESS) {
        return false;
    }
    size_t len = strlen(name);
    bool fits = len < NAME_MAX_TEXT;
    if (fits) {
        memcpy(out, name, len + 1);
    }
    ares_free_string(name);
    rd_skip(&m->r, (size_t)encoded);
    return fits && !m->r.bad;
}

/* RFC 1035 section 3.3.14: the strings of one record belong together. Text past what is kept is
 * read all the same. */
static bool read_strings(struct rd data, struct lookup_records *out) {
    char text[LOOKUP_TEXT_MAX];
    size_t len = 0;

    while (rd_left(&data) > 0) {
        size_t n = rd_u8(&data);
        const uint8_t *string = rd_take(&data, n);
        if (string == NULL) {
            return false;
        }
        size_t keep = n < sizeof(text) - len ? n : sizeof(text) - len;
        memcpy(text + len, string, keep);
        len += keep;
    }
    lookup_records_add(out, text, len);
    return true;
}

static bool read_record(struct message *m, unsigned type, char wanted[NAME_MAX_TEXT],
                        struct lookup_records *out) {
    char owner[NAME_MAX_TEXT];
    char target[NAME_MAX_TEXT];

    if (!read_name(m, owner)) {
        return false;
    }
    unsigned record_type = rd_be16(&m->r);
    unsigned class = rd_be16(&m->r);
    (void)rd_be32(&m->r); /* its time to live: ours is the user's */
    struct rd data = rd_sub(&m->r, rd_be16(&m->r));
    if (m->r.bad) {
        return false;
    }
    if (class != CLASS_IN || strcasecmp(owner, wanted) != 0 ||
        (record_type != type && record_type != LOOKUP_TYPE_CNAME)) {
        return true;
    }
    if (record_type == LOOKUP_TYPE_TXT) {
        return read_strings(data, out);
    }
    struct message inner = {.r = data, .data = m->data, .len = m->len};
    if (!read_name(&inner, target)) {
        return false;
    }
    if (record_type == LOOKUP_TYPE_CNAME) {
        memcpy(wanted, target, NAME_MAX_TEXT);
    } else {
        lookup_records_add(out, target, strlen(target));
    }
    return true;
}

bool lookup_answer_parse(const uint8_t *data, size_t len, unsigned type,
                         struct lookup_records *out) {
    char wanted[NAME_MAX_TEXT];

    out->count = 0;
    if (len > INT_MAX) {
        return false;
    }
    struct message m = {.r = rd_make(data, len), .data = data, .len = (int)len};
    rd_skip(&m.r, 4); /* identifier and flags: matched by c-ares */
    unsigned questions = rd_be16(&m.r);
    unsigned answers = rd_be16(&m.r);
    rd_skip(&m.r, 4);
    if (m.r.bad || questions != 1 || !read_name(&m, wanted)) {
        return false;
    }
    rd_skip(&m.r, 4);
    for (unsigned i = 0; i < answers; i++) {
        if (!read_record(&m, type, wanted, out)) {
            return false;
        }
    }
    return !m.r.bad;
}
