/* SPDX-License-Identifier: MIT */
#include "cli/catalogue.h"

#include <libgen.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "hops"

/* The catalogue of pt-BR is that of pt_BR. */
static void catalogue_name(const char *locale, char *out, size_t size) {
    (void)snprintf(out, size, "%s", locale);
    for (char *c = out; *c != '\0'; c++) {
        *c = *c == '-' ? '_' : *c;
    }
}

static bool has_catalogue(const char *directory, const char *name) {
    char path[PATH_MAX];
    int n = snprintf(path, sizeof(path), "%s/%s/LC_MESSAGES/" DOMAIN ".mo", directory, name);

    return n > 0 && (size_t)n < sizeof(path) && access(path, R_OK) == 0;
}

/* po/ in the folder of the program. */
static bool beside_program(char *out, size_t size) {
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (n <= 0) {
        return false;
    }
    self[n] = '\0';
    int length = snprintf(out, size, "%s/po", dirname(self));
    return length > 0 && (size_t)length < size;
}

/* gettext translates nothing in the locale "C", whatever LANGUAGE says. */
static void leave_c_locale(void) {
    const char *name = setlocale(LC_MESSAGES, "");

    if (name == NULL || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0) {
        (void)setlocale(LC_MESSAGES, "C.UTF-8");
    }
}

/* NULL: there is none. Each text has its key for context, as PO files have it. */
static const char *translate(enum tui_text_id id) {
    enum { CONTEXT_END = '\004' };
    char message[1024];
    int n = snprintf(message, sizeof(message), "%s%c%s", tui_text_key(id), CONTEXT_END,
                     tui_text_english(id));

    if (n <= 0 || (size_t)n >= sizeof(message)) {
        return NULL;
    }
    const char *text = dgettext(DOMAIN, message);
    return text == message ? NULL : text;
}

void cli_catalogue_load(const char *locale, struct tui_catalogue *out) {
    char name[16];
    char directory[PATH_MAX];

    *out = (struct tui_catalogue){.text = {NULL}};
    catalogue_name(locale, name, sizeof(name));
    if (!beside_program(directory, sizeof(directory)) || !has_catalogue(directory, name)) {
        (void)snprintf(directory, sizeof(directory), "%s", HOPS_LOCALE_DIR);
        if (!has_catalogue(directory, name)) {
            return;
        }
    }
    leave_c_locale();
    if (setenv("LANGUAGE", name, 1) != 0 || bindtextdomain(DOMAIN, directory) == NULL ||
        bind_textdomain_codeset(DOMAIN, "UTF-8") == NULL) {
        return;
    }
    for (size_t id = 0; id < TUI_TEXTS; id++) {
        out->text[id] = translate((enum tui_text_id)id);
    }
}
