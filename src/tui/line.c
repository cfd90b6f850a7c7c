/* SPDX-License-Identifier: MIT */
#include "tui/line.h"

#include "base/bytes.h"
#include "base/text.h"
#include "report/width.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void tui_line_clear(struct tui_line *line) {
    line->len = 0;
    line->text[0] = '\0';
}

void tui_line_add(struct tui_line *line, const char *text) {
    size_t n = strlen(text);

    if (n > sizeof(line->text) - 1 - line->len) {
        n = sizeof(line->text) - 1 - line->len;
    }
    memcpy(line->text + line->len, text, n);
    line->len += n;
    line->text[line->len] = '\0';
}

void tui_line_format(struct tui_line *line, const char *format, ...) {
    size_t room = sizeof(line->text) - line->len;
    va_list args;

    va_start(args, format);
    int n = vsnprintf(line->text + line->len, room, format, args);
    va_end(args);
    if (n > 0) {
        line->len += (size_t)n < room ? (size_t)n : room - 1;
    }
}

size_t tui_line_break(const char *text, int w) {
    struct rd r = rd_make(text, strlen(text));
    size_t blank = 0;
    int used = 0;

    while (rd_left(&r) > 0) {
        size_t at = strlen(text) - rd_left(&r);
        uint32_t c;
        bool valid = hops_utf8_next(&r, &c);
        int width = valid ? report_width_char(c) : 1;
        blank = text[at] == ' ' ? at : blank;
        if (at > 0 && used + width > w) {
            return blank > 0 ? blank : at;
        }
        used += width;
    }
    return strlen(text);
}
