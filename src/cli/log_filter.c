/* SPDX-License-Identifier: MIT */
#include "cli/log_filter.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const level_names[] = {"OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"};

static const char *const target_names[CLI_LOG_TARGETS] = {"hops::cli", "hops::net", "hops::tracer",
                                                          "hops::lookup"};

struct directive {
    char *target; /* "": all */
    enum cli_log_level level;
};

const char *cli_log_level_name(enum cli_log_level level) {
    return level_names[level];
}

const char *cli_log_target_name(enum cli_log_target target) {
    return target_names[target];
}

static bool find_level(const char *name, enum cli_log_level *out) {
    for (size_t i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++) {
        if (strcasecmp(name, level_names[i]) == 0) {
            *out = (enum cli_log_level)i;
            return true;
        }
    }
    return false;
}

static bool is_path(const char *text) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_-:";

    return text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

static char *trim(char *text) {
    static const char blanks[] = " \t\r\n";
    size_t len;

    text += strspn(text, blanks);
    for (len = strlen(text); len > 0 && strchr(blanks, text[len - 1]) != NULL;) {
        text[--len] = '\0';
    }
    return text;
}

/* Takes text apart in place. */
static bool parse_directive(char *text, struct directive *out) {
    static const char other[] = "trippy";
    static char own[] = "hops";
    static char all[] = "";
    char *equals = strchr(text, '=');

    if (equals == NULL && find_level(text, &out->level)) {
        out->target = all;
        return true;
    }
    out->level = CLI_LOG_TRACE;
    if (equals != NULL) {
        *equals = '\0';
        if (!find_level(trim(equals + 1), &out->level)) {
            return false;
        }
    }
    out->target = trim(text);
    if (!is_path(out->target)) {
        return false;
    }
    if (strncmp(out->target, other, sizeof(other) - 1) == 0) {
        out->target = own;
    }
    return true;
}

static void apply(const struct directive *directive, size_t specific[CLI_LOG_TARGETS],
                  enum cli_log_level levels[CLI_LOG_TARGETS]) {
    size_t len = strlen(directive->target);

    for (size_t i = 0; i < CLI_LOG_TARGETS; i++) {
        if (strncmp(target_names[i], directive->target, len) == 0 && len >= specific[i]) {
            specific[i] = len;
            levels[i] = directive->level;
        }
    }
}

void cli_log_filter_parse(const char *filter, enum cli_log_level levels[CLI_LOG_TARGETS],
                          void (*refused)(void *user, const char *directive), void *user) {
    size_t specific[CLI_LOG_TARGETS] = {0};
    char *rest = strdup(filter);
    char *shown = strdup(filter); /* directives are taken apart: this is what people wrote */
    bool any = false;

    if (rest == NULL || shown == NULL) {
        abort();
    }
    for (size_t i = 0; i < CLI_LOG_TARGETS; i++) {
        levels[i] = CLI_LOG_OFF;
    }
    for (char *word = rest; word != NULL;) {
        char *comma = strchr(word, ',');
        char *copy = shown + (word - rest);
        struct directive directive;

        if (comma != NULL) {
            *comma = '\0';
            shown[comma - rest] = '\0';
        }
        if (parse_directive(trim(word), &directive)) {
            apply(&directive, specific, levels);
            any = true;
        } else if (trim(copy)[0] != '\0') {
            refused(user, trim(copy));
        }
        word = comma == NULL ? NULL : comma + 1;
    }
    for (size_t i = 0; i < CLI_LOG_TARGETS && !any; i++) {
        levels[i] = CLI_LOG_ERROR;
    }
    free(rest);
    free(shown);
}
