/* SPDX-License-Identifier: MIT
 *
 * Bounded access to octets. Untrusted input is read through struct rd, whose failure sticks: read a
 * whole header, then look at bad once. Output is written through struct wr, its mirror image.
 * Network order exists only behind these two. Reads go one per statement: the order of evaluation
 * inside an initialiser is not fixed.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rd {
    const uint8_t *p;
    const uint8_t *end;
    bool bad; /* set by the first read past the end, never cleared */
};

static inline struct rd rd_make(const void *data, size_t len) {
    const uint8_t *p = (const uint8_t *)data;
    return (struct rd){.p = p, .end = len == 0 ? p : p + len, .bad = false};
}

static inline size_t rd_left(const struct rd *r) {
    return r->bad ? 0 : (size_t)(r->end - r->p);
}

/* The next n octets, or NULL and bad if fewer are left. */
static inline const uint8_t *rd_take(struct rd *r, size_t n) {
    const uint8_t *at = r->p;

    if (r->bad || n > (size_t)(r->end - r->p)) {
        r->bad = true;
        return NULL;
    }
    r->p += n;
    return at;
}

static inline void rd_skip(struct rd *r, size_t n) {
    (void)rd_take(r, n);
}

static inline uint8_t rd_u8(struct rd *r) {
    const uint8_t *b = rd_take(r, 1);

    if (b == NULL) {
        return 0;
    }
    return b[0];
}

static inline uint16_t rd_be16(struct rd *r) {
    const uint8_t *b = rd_take(r, 2);

    if (b == NULL) {
        return 0;
    }
    return (uint16_t)((b[0] << 8) | b[1]);
}

static inline uint32_t rd_be32(struct rd *r) {
    const uint8_t *b = rd_take(r, 4);

    if (b == NULL) {
        return 0;
    }
    return ((uint32_t)b[0] << 24) | ((uint32_t)b[1] << 16) | ((uint32_t)b[2] << 8) | b[3];
}

/* Copies n octets to out; zeroes out if there are fewer. */
static inline void rd_copy(struct rd *r, void *out, size_t n) {
    const uint8_t *b = rd_take(r, n);

    if (b == NULL) {
        memset(out, 0, n);
        return;
    }
    memcpy(out, b, n);
}

/* A reader over the next n octets, or an empty bad one; this reader moves past them. */
static inline struct rd rd_sub(struct rd *r, size_t n) {
    const uint8_t *b = rd_take(r, n);

    if (b == NULL) {
        return (struct rd){.p = r->end, .end = r->end, .bad = true};
    }
    return rd_make(b, n);
}

struct wr {
    uint8_t *start;
    uint8_t *p;
    uint8_t *end;
    bool bad; /* set by the first write past the end, never cleared */
};

static inline struct wr wr_make(void *data, size_t len) {
    uint8_t *p = (uint8_t *)data;
    return (struct wr){.start = p, .p = p, .end = p + len, .bad = false};
}

static inline size_t wr_len(const struct wr *w) {
    return (size_t)(w->p - w->start);
}

/* Room for n octets, or NULL and bad. */
static inline uint8_t *wr_take(struct wr *w, size_t n) {
    uint8_t *at = w->p;

    if (w->bad || n > (size_t)(w->end - w->p)) {
        w->bad = true;
        return NULL;
    }
    w->p += n;
    return at;
}

static inline void wr_u8(struct wr *w, uint8_t v) {
    uint8_t *b = wr_take(w, 1);

    if (b != NULL) {
        b[0] = v;
    }
}

static inline void put_be16(uint8_t *b, uint16_t v) {
    b[0] = (uint8_t)(v >> 8);
    b[1] = (uint8_t)(v & 0xff);
}

static inline void put_be32(uint8_t *b, uint32_t v) {
    b[0] = (uint8_t)(v >> 24);
    b[1] = (uint8_t)((v >> 16) & 0xff);
    b[2] = (uint8_t)((v >> 8) & 0xff);
    b[3] = (uint8_t)(v & 0xff);
}

static inline void wr_be16(struct wr *w, uint16_t v) {
    uint8_t *b = wr_take(w, 2);

    if (b != NULL) {
        put_be16(b, v);
    }
}

static inline void wr_be32(struct wr *w, uint32_t v) {
    uint8_t *b = wr_take(w, 4);

    if (b != NULL) {
        put_be32(b, v);
    }
}

static inline void wr_copy(struct wr *w, const void *data, size_t n) {
    uint8_t *b = wr_take(w, n);

    if (b != NULL && n > 0) {
        memcpy(b, data, n);
    }
}

static inline void wr_fill(struct wr *w, uint8_t octet, size_t n) {
    uint8_t *b = wr_take(w, n);

    if (b != NULL && n > 0) {
        memset(b, octet, n);
    }
}

#endif
