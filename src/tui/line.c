/* SPDX-License-Identifier: MIT */
#include "tui/line.h"

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
