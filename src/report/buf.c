/* SPDX-License-Identifier: MIT */
#include "report/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for len more octets and a NUL. */
static bool reserve(struct report_buf *buf, size_t len) {
    if (buf->bad || len >= SIZE_MAX / 4 - buf->len) {
        buf->bad = true;
        return false;
    }
    if (buf->len + len + 1 > buf->room) {
        size_t room = 2 * (buf->len + len + 1) + 64;
        char *text = realloc(buf->text, room);
        if (text == NULL) {
            buf->bad = true;
            return false;
        }
        buf->text = text;
        buf->room = room;
    }
    return true;
}

void report_buf_add(struct report_buf *buf, const char *text, size_t len) {
    if (!reserve(buf, len)) {
        return;
    }
    if (len > 0) {
        memcpy(buf->text + buf->len, text, len);
    }
    buf->len += len;
    buf->text[buf->len] = '\0';
}

void report_buf_str(struct report_buf *buf, const char *text) {
    report_buf_add(buf, text, strlen(text));
}

void report_buf_format(struct report_buf *buf, const char *format, ...) {
    char text[512];
    va_list args;

    va_start(args, format);
    /* The analyzer does not see va_start() here. */
    // NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized)
    int n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof(text)) {
        buf->bad = true;
        return;
    }
    report_buf_add(buf, text, (size_t)n);
}

void report_buf_clear(struct report_buf *buf) {
    buf->len = 0;
    buf->bad = false;
    if (buf->text != NULL) {
        buf->text[0] = '\0';
    }
}

void report_buf_done(struct report_buf *buf) {
    free(buf->text);
    *buf = (struct report_buf){0};
}

const char *report_buf_text(const struct report_buf *buf) {
    return buf->text == NULL ? "" : buf->text;
}
