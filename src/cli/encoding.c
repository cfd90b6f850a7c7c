/* SPDX-License-Identifier: MIT
 *
 * UTF-16 (RFC 2781) to UTF-8 (RFC 3629).
 */
#include "cli/encoding.h"

#include <stdint.h>
#include <string.h>

static void add_utf8(struct cli_text *out, uint32_t c) {
    char s[4];
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint32_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = len - 1; i > 0; i--) {
        s[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    s[0] = (char)(lead[len] | c);
    cli_text_add_bytes(out, s, len);
}

static uint32_t unit_at(const unsigned char *p, bool little) {
    return little ? (uint32_t)(p[0] | (p[1] << 8)) : (uint32_t)((p[0] << 8) | p[1]);
}

static bool from_utf16(const unsigned char *p, size_t len, bool little, struct cli_text *out) {
    if (len % 2 != 0) {
        return false;
    }
    for (size_t i = 0; i < len; i += 2) {
        uint32_t c = unit_at(p + i, little);

        if (c >= 0xdc00 && c <= 0xdfff) {
            return false;
        }
        if (c >= 0xd800 && c <= 0xdbff) {
            i += 2;
            uint32_t low = i < len ? unit_at(p + i, little) : 0;

            if (low < 0xdc00 || low > 0xdfff) {
                return false;
            }
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }
        add_utf8(out, c);
    }
    return true;
}

bool cli_encoding_to_utf8(const char *data, size_t len, struct cli_text *out) {
    const unsigned char *p = (const unsigned char *)data;

    if (len >= 2 && p[0] == 0xff && p[1] == 0xfe) {
        return from_utf16(p + 2, len - 2, true, out);
    }
    if (len >= 2 && p[0] == 0xfe && p[1] == 0xff) {
        return from_utf16(p + 2, len - 2, false, out);
    }
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }
    cli_text_add_bytes(out, data, len);
    return true;
}
