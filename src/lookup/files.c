/* SPDX-License-Identifier: MIT */
#include "lookup/files.h"

#include "base/text.h"
#include "lookup/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 4 * 1024 * 1024, HOSTS_MAX = 65536, WORD_MAX = 256 };

bool lookup_server_parse(const char *text, struct lookup_server *out) {
    char addr[HOPS_ADDR_TEXT_MAX];
    const char *first = text;
    const char *end = text + strlen(text);
    const char *port = NULL;

    if (*text == '[') {
        first = text + 1;
        end = strchr(text, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':')) {
            return false;
        }
        port = end[1] == ':' ? end + 2 : NULL;
    } else if (strchr(text, ':') != NULL && strchr(text, ':') == strrchr(text, ':')) {
        end = strchr(text, ':');
        port = end + 1;
    }
    struct lookup_server server = {.port = 53};
    size_t len = (size_t)(end - first);
    if (len >= sizeof(addr)) {
        return false;
    }
    memcpy(addr, first, len);
    addr[len] = '\0';
    if (!hops_addr_parse(addr, &server.addr)) {
        return false;
    }
    if (port != NULL) {
        size_t digits = strspn(port, "0123456789");
        unsigned long value = strtoul(port, NULL, 10);
        if (digits == 0 || digits > 5 || port[digits] != '\0' || value == 0 || value > 65535) {
            return false;
        }
        server.port = (uint16_t)value;
    }
    *out = server;
    return true;
}

/* Lines of words. */

struct line {
    const char *p;
    const char *end;
};

static bool next_line(struct line *text, struct line *out) {
    if (text->p == text->end) {
        return false;
    }
    const char *newline = memchr(text->p, '\n', (size_t)(text->end - text->p));
    *out = (struct line){.p = text->p, .end = newline == NULL ? text->end : newline};
    text->p = newline == NULL ? text->end : newline + 1;
    return true;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* The next word, or false at the end of the line or at one of the comment characters. Words longer
 * than any name come out cut: they are no address and no name then. */
static bool next_word(struct line *line, const char *comment, char out[WORD_MAX]) {
    size_t len = 0;

    while (line->p < line->end && is_blank(*line->p)) {
        line->p++;
    }
    while (line->p < line->end && !is_blank(*line->p) && *line->p != '\0' &&
           strchr(comment, *line->p) == NULL) {
        if (len < WORD_MAX - 1) {
            out[len++] = *line->p;
        }
        line->p++;
    }
    out[len] = '\0';
    return len > 0;
}

int lookup_resolv_parse(const char *text, size_t len,
                        struct lookup_server out[LOOKUP_SERVERS_MAX]) {
    struct line rest = {.p = text, .end = text + len};
    struct line line;
    char word[WORD_MAX];
    int count = 0;

    while (next_line(&rest, &line)) {
        struct lookup_server server = {.port = 53};
        if (!next_word(&line, "#;", word) || strcmp(word, "nameserver") != 0) {
            continue;
        }
        if (!next_word(&line, "#;", word)) {
            return -1;
        }
        char *zone = strchr(word, '%');
        if (zone != NULL) {
            *zone = '\0';
        }
        if (!hops_addr_parse(word, &server.addr)) {
            return -1;
        }
        if (zone == NULL && count < LOOKUP_SERVERS_MAX) {
            out[count++] = server;
        }
    }
    return count;
}

static bool add_host(struct lookup_hosts *hosts, size_t *room, const struct hops_addr *addr,
                     const char *name) {
    char clean[LOOKUP_TEXT_MAX];

    if (hosts->count == *room) {
        size_t more = *room == 0 ? 16 : *room * 2;
        struct lookup_host *list = realloc(hosts->list, more * sizeof(*list));
        if (list == NULL) {
            return false;
        }
        hosts->list = list;
        *room = more;
    }
    (void)hops_text_sanitize(name, strlen(name), clean, sizeof(clean));
    char *copy = strdup(clean);
    if (copy == NULL) {
        return false;
    }
    hosts->list[hosts->count++] = (struct lookup_host){.addr = *addr, .name = copy};
    return true;
}

bool lookup_hosts_parse(const char *text, size_t len, struct lookup_hosts *out) {
    static const uint8_t zero[16];
    struct line rest = {.p = text, .end = text + len};
    struct line line;
    char word[WORD_MAX];
    size_t room = 0;

    *out = (struct lookup_hosts){0};
    while (out->count < HOSTS_MAX && next_line(&rest, &line)) {
        struct hops_addr addr;
        if (!next_word(&line, "#", word) || !hops_addr_parse(word, &addr) ||
            memcmp(addr.octets, zero, hops_addr_len(&addr)) == 0 || !next_word(&line, "#", word)) {
            continue;
        }
        if (!add_host(out, &room, &addr, word)) {
            lookup_hosts_done(out);
            return false;
        }
    }
    return true;
}

const char *lookup_hosts_find(const struct lookup_hosts *hosts, const struct hops_addr *addr) {
    for (size_t i = 0; i < hosts->count; i++) {
        if (hops_addr_equal(&hosts->list[i].addr, addr)) {
            return hosts->list[i].name;
        }
    }
    return NULL;
}

void lookup_hosts_done(struct lookup_hosts *hosts) {
    for (size_t i = 0; i < hosts->count; i++) {
        free(hosts->list[i].name);
    }
    free(hosts->list);
    *hosts = (struct lookup_hosts){0};
}

static char *read_open(int fd, size_t *out_len) {
    struct stat info;
    size_t len = 0;

    if (fstat(fd, &info) != 0) {
        return NULL;
    }
    if (!S_ISREG(info.st_mode) || info.st_size > FILE_MAX) {
        errno = S_ISDIR(info.st_mode) ? EISDIR : EFBIG;
        return NULL;
    }
    size_t size = (size_t)info.st_size;
    char *text = malloc(size + 1);
    while (text != NULL && len < size) {
        ssize_t n = read(fd, text + len, size - len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            free(text);
            return NULL;
        }
        if (n == 0) {
            break; /* it became shorter meanwhile */
        }
        len += (size_t)n;
    }
    if (text != NULL) {
        text[len] = '\0';
        *out_len = len;
    }
    return text;
}

char *lookup_file_read(const char *path, size_t *out_len) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        return NULL;
    }
    char *text = read_open(fd, out_len);
    int saved = errno;
    (void)close(fd);
    errno = saved;
    return text;
}
