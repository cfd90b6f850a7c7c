/* SPDX-License-Identifier: MIT */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

/* Text that was cut may end within a character of UTF-8: takes what is left of it away. */
static void end_with_character(char *text, size_t len) {
    size_t start = len;

    while (start > 0 && len - start < 4) {
        unsigned char c = (unsigned char)text[--start];
        if ((c & 0xc0) != 0x80) {
            size_t whole = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
            if (len - start < whole) {
                text[start] = '\0';
            }
            return;
        }
    }
}

enum hops_err hops_diag_set(struct hops_diag *diag, enum hops_err err, const char *format, ...) {
    if (diag != NULL) {
        va_list args;
        va_start(args, format);
        int len = vsnprintf(diag->text, sizeof(diag->text), format, args);
        va_end(args);
        if (len >= (int)sizeof(diag->text)) {
            end_with_character(diag->text, sizeof(diag->text) - 1);
        }
    }
    return err;
}
