/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <string.h>

enum { UTF8_MAX = 4, ESCAPED = 4 }; /* octets of a character; of "\ddd" */

/* RFC 3629 section 4: length by the first octet, and the bounds of the second, which exclude
 * overlong forms, surrogates and what lies past U+10FFFF. */
static size_t sequence_len(uint8_t first, uint8_t *low, uint8_t *high) {
    *low = 0x80;
    *high = 0xbf;
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xc2 && first <= 0xdf) {
        return 2;
    }
    if (first >= 0xe0 && first <= 0xef) {
        *low = first == 0xe0 ? 0xa0 : *low;
        *high = first == 0xed ? 0x9f : *high;
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        *low = first == 0xf0 ? 0x90 : *low;
        *high = first == 0xf4 ? 0x8f : *high;
        return 4;
    }
    return 0;
}

bool hops_utf8_next(struct rd *r, uint32_t *out) {
    uint8_t first = rd_u8(r);
    struct rd rest = *r;
    uint8_t low;
    uint8_t high;
    size_t len = sequence_len(first, &low, &high);
    uint32_t value = len == 1 ? first : first & (0x7fU >> len);

    *out = first;
    if (len == 0) {
        return false;
    }
    for (size_t i = 1; i < len; i++) {
        uint8_t next = rd_u8(&rest);
        if (rest.bad || next < low || next > high) {
            return false;
        }
        value = value << 6 | (next & 0x3fU);
        low = 0x80;
        high = 0xbf;
    }
    *r = rest;
    *out = value;
    return true;
}

/* Bidi_Control of Unicode: they make text read otherwise than it is (UTR 36 section 2.5). */
static bool is_bidi_control(uint32_t c) {
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

static bool is_printable(uint32_t c) {
    bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
    bool separator = c == 0x2028 || c == 0x2029;

    return !control && !separator && !is_bidi_control(c);
}

static size_t escape(const uint8_t *octets, size_t len, char *out) {
    for (size_t i = 0; i < len; i++) {
        out[0] = '\\';
        out[1] = (char)('0' + octets[i] / 100);
        out[2] = (char)('0' + octets[i] / 10 % 10);
        out[3] = (char)('0' + octets[i] % 10);
        out += ESCAPED;
    }
    return len * ESCAPED;
}

size_t hops_text_sanitize(const char *text, size_t len, char *out, size_t size) {
    struct rd r = rd_make(text, len);
    size_t total = 0;
    size_t used = 0;
    bool cut = false;

    while (rd_left(&r) > 0) {
        char piece[UTF8_MAX * ESCAPED];
        const uint8_t *from = r.p;
        uint32_t c;
        bool valid = hops_utf8_next(&r, &c);
        size_t taken = (size_t)(r.p - from);
        size_t n = taken;

        if (valid && is_printable(c)) {
            memcpy(piece, from, taken);
        } else {
            n = escape(from, taken, piece);
        }
        total += n;
        /* Once something was cut, nothing shorter may follow it. */
        cut = cut || total >= size;
        if (!cut) {
            memcpy(out + used, piece, n);
            used += n;
        }
    }
    if (size > 0) {
        out[used] = '\0';
    }
    return total;
}
