/* SPDX-License-Identifier: MIT */
#include "cli/message.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void HOPS_PRINTF(2, 0) say(const char *prefix, const char *format, va_list args) {
    char raw[1024];
    char clean[4 * sizeof(raw)];

    (void)vsnprintf(raw, sizeof(raw), format, args);
    (void)hops_text_sanitize(raw, strlen(raw), clean, sizeof(clean));
    (void)fprintf(stderr, "%s: %s\n", prefix, clean);
}

void cli_message_error(const char *format, ...) {
    va_list args;

    va_start(args, format);
    say("Error", format, args);
    va_end(args);
}

void cli_message_note(const char *format, ...) {
    va_list args;

    va_start(args, format);
    say("hops", format, args);
    va_end(args);
}
