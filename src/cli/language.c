/* SPDX-License-Identifier: MIT
 *
 * Languages are matched as tags (RFC 5646) cut down to language and region. Time zones are files.
 */
#include "cli/language.h"

#include "cli/env.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const locales[] = {"de", "en", "es", "fr", "it",    "ja", "pt",
                                      "ru", "sv", "tr", "zh", "zh-TW", NULL};

const char *const *cli_locales(void) {
    return locales;
}

static const char *listed(const char *tag) {
    for (size_t i = 0; locales[i] != NULL; i++) {
        if (strcmp(locales[i], tag) == 0) {
            return locales[i];
        }
    }
    return NULL;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alnum(char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
}

/* Reads language and region of a tag; false if it is none: empty or odd subtags. */
static bool parse_tag(const char *tag, char language[9], char region[3]) {
    bool first = true;

    region[0] = '\0';
    for (;;) {
        size_t len = 0;
        bool letters = true;

        while (is_alnum(tag[len])) {
            letters = letters && is_letter(tag[len]);
            len++;
        }
        if (len < (first ? 2 : 1) || len > 8 ||
            (tag[len] != '\0' && tag[len] != '-' && tag[len] != '_') || (first && !letters)) {
            return false;
        }
        for (size_t i = 0; i < len; i++) {
            if (first) {
                language[i] = (char)(tag[i] | 0x20);
                language[i + 1] = '\0';
            } else if (len == 2 && letters && region[0] == '\0') {
                region[0] = (char)(tag[0] & ~0x20);
                region[1] = (char)(tag[1] & ~0x20);
                region[2] = '\0';
            }
        }
        if (tag[len] == '\0') {
            return true;
        }
        first = false;
        tag += len + 1;
    }
}

/* What the system is set to: a tag in out, possibly empty. */
static void system_tag(char *const *envp, char out[64]) {
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *value = cli_env_get(envp, "LANGUAGE");
    const char *end = ".@";

    out[0] = '\0';
    if (value != NULL && value[0] != '\0') {
        end = ":.@";
    } else {
        value = NULL;
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            const char *v = cli_env_get(envp, names[i]);

            if (v != NULL && v[0] != '\0') {
                value = v;
                break;
            }
        }
    }
    if (value != NULL) {
        snprintf(out, 64, "%.*s", (int)strcspn(value, end), value);
    }
    for (size_t i = 0; out[i] != '\0'; i++) {
        if (out[i] == '_') {
            out[i] = '-';
        }
    }
}

const char *cli_locale_choose(const char *wanted, char *const *envp) {
    char tag[64];
    char language[9];
    char region[3];
    char both[16];

    if (wanted == NULL) {
        system_tag(envp, tag);
        wanted = tag;
    }
    const char *found = listed(wanted);
    if (found == NULL && parse_tag(wanted, language, region)) {
        snprintf(both, sizeof(both), "%s-%s", language, region);
        found = listed(both);
        if (found == NULL) {
            found = listed(language);
        }
    }
    return found == NULL ? "en" : found;
}

/* Components of letters, digits, "_", "+" and "-" with single slashes between: no dots, so no
 * way out of the directory. */
static bool is_zone_name(const char *name) {
    static const char *const refused[] = {"posix/", "right/", "localtime", "posixrules"};

    if (strlen(name) > 100) {
        return false;
    }
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (strncmp(name, refused[i], strlen(refused[i])) == 0) {
            return false;
        }
    }
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (name[i] == '/' && i > 0 && name[i - 1] != '/' && name[i + 1] != '\0') {
            continue;
        }
        if (!is_alnum(name[i]) && name[i] != '_' && name[i] != '+' && name[i] != '-') {
            return false;
        }
    }
    return name[0] != '\0';
}

bool cli_timezone_exists(const char *name, const char *directory) {
    char path[512];
    char magic[4] = {0};
    struct stat st;

    if (strcmp(name, "UTC") == 0) {
        return true;
    }
    if (!is_zone_name(name)) {
        return false;
    }
    int len = snprintf(path, sizeof(path), "%s/%s",
                       directory == NULL ? "/usr/share/zoneinfo" : directory, name);
    if (len < 0 || (size_t)len >= sizeof(path)) {
        return false;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return false;
    }
    /* Lists such as tzdata.zi and zone.tab lie beside the zones: zones begin with TZif
     * (RFC 8536). */
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && read(fd, magic, 4) == 4 &&
              memcmp(magic, "TZif", 4) == 0;
    close(fd);
    return ok;
}
