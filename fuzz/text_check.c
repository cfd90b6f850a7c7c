/* SPDX-License-Identifier: MIT */
#include "text_check.h"

#include "fuzz.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

/* Written down once more, not taken from the code under test. */
static bool harmful(uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f ||
           c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

void fuzz_check_clean(const char *text, size_t size) {
    size_t len = strnlen(text, size);
    struct rd r = rd_make(text, len);
    uint32_t c;

    FUZZ_CHECK(len < size);
    while (rd_left(&r) > 0) {
        FUZZ_CHECK(hops_utf8_next(&r, &c));
        FUZZ_CHECK(!harmful(c));
    }
}

char *fuzz_string(const uint8_t *data, size_t size) {
    size_t len = size == 0 ? 0 : strnlen((const char *)data, size);
    char *copy = malloc(len + 1);

    if (copy == NULL) {
        abort();
    }
    if (len > 0) {
        memcpy(copy, data, len);
    }
    copy[len] = '\0';
    return copy;
}
