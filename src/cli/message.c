/* SPDX-License-Identifier: MIT */
#include "cli/message.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* There is one stderr in a process, so there is one way to it. */
static struct {
    void (*take)(void *user, bool error, const char *text);
    void *user;
} divert;

void cli_message_divert(void (*take)(void *user, bool error, const char *text), void *user) {
    divert.take = take;
    divert.user = user;
}

static void HOPS_PRINTF(2, 0) say(bool error, const char *format, va_list args) {
    char raw[1024];
    char clean[4 * sizeof(raw)];

    (void)vsnprintf(raw, sizeof(raw), format, args);
    (void)hops_text_sanitize(raw, strlen(raw), clean, sizeof(clean));
    if (divert.take != NULL) {
        divert.take(divert.user, error, clean);
        return;
    }
    (void)fprintf(stderr, "%s: %s\n", error ? "Error" : "hops", clean);
}

void cli_message_error(const char *format, ...) {
    va_list args;

    va_start(args, format);
    say(true, format, args);
    va_end(args);
}

void cli_message_note(const char *format, ...) {
    va_list args;

    va_start(args, format);
    say(false, format, args);
    va_end(args);
}
