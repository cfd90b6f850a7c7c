/* SPDX-License-Identifier: MIT */
#include "tui/osc52.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* "c" is the clipboard. BEL as the end, because some multiplexers do not know the other one. */
static const char begin[] = "\033]52;c;";
static const char end[] = "\a";

/* RFC 4648 section 4. */
static char *base64(const uint8_t *in, size_t len, char *out) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t bits = (uint32_t)in[i] << 16;
        bits |= n > 1 ? (uint32_t)in[i + 1] << 8 : 0;
        bits |= n > 2 ? in[i + 2] : 0;
        *out++ = digits[bits >> 18];
        *out++ = digits[bits >> 12 & 63];
        *out++ = n > 1 ? digits[bits >> 6 & 63] : '=';
        *out++ = n > 2 ? digits[bits & 63] : '=';
    }
    return out;
}

char *tui_osc52(const char *text, size_t len, size_t *out_len) {
    char *sequence =
        len > TUI_OSC52_MAX ? NULL : malloc(sizeof(begin) + (len + 2) / 3 * 4 + sizeof(end));

    if (sequence == NULL) {
        return NULL;
    }
    memcpy(sequence, begin, sizeof(begin) - 1);
    char *at = base64((const uint8_t *)text, len, sequence + sizeof(begin) - 1);
    memcpy(at, end, sizeof(end));
    *out_len = (size_t)(at - sequence) + sizeof(end) - 1;
    return sequence;
}
