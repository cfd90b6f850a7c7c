/* SPDX-License-Identifier: MIT
 *
 * Text builder, cleaning of foreign text, word wrap, arena.
 */
#include "cli/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cli_block {
    struct cli_block *next;
    max_align_t data[];
};

static void *or_exit(void *p) {
    if (p == NULL) {
        (void)fputs("Error: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

void cli_text_add_bytes(struct cli_text *text, const char *s, size_t len) {
    if (text->data == NULL || text->len + len + 1 > text->cap) {
        text->cap = (text->len + len + 1) * 2;
        text->data = or_exit(realloc(text->data, text->cap));
    }
    if (len > 0) {
        memcpy(text->data + text->len, s, len);
    }
    text->len += len;
    text->data[text->len] = '\0';
}

void cli_text_add(struct cli_text *text, const char *s) {
    cli_text_add_bytes(text, s, strlen(s));
}

void cli_text_addf(struct cli_text *text, const char *format, ...) {
    va_list args;
    char *s = NULL;

    va_start(args, format);
    int len = vasprintf(&s, format, args);
    va_end(args);
    if (len < 0) {
        (void)or_exit(NULL);
    }
    cli_text_add_bytes(text, s, (size_t)len);
    free(s);
}

void cli_text_pad(struct cli_text *text, size_t count) {
    for (size_t i = 0; i < count; i++) {
        cli_text_add_bytes(text, " ", 1);
    }
}

/* Octets of the UTF-8 character at s (RFC 3629: no overlong forms, no surrogates), 0 if malformed.
 */
static size_t utf8_len(const unsigned char *s, uint32_t *out) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;

    if (len == 1) {
        *out = s[0];
        return 1;
    }
    if (s[0] < 0xc2 || s[0] > 0xf4) {
        return 0;
    }
    uint32_t c = s[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80) { /* also stops at the terminating NUL */
            return 0;
        }
        c = (c << 6) | (s[i] & 0x3fu);
    }
    if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
        return 0;
    }
    *out = c;
    return len;
}

/* Characters that a terminal obeys or that turn the reading direction. */
static bool is_hidden(uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xe0000 && c <= 0xe007f);
}

void cli_text_add_clean(struct cli_text *text, const char *s) {
    const unsigned char *p = (const unsigned char *)s;

    while (*p != '\0') {
        uint32_t c = 0;
        size_t len = utf8_len(p, &c);

        if (len == 0) {
            cli_text_addf(text, "\\x%02x", *p);
            p++;
            continue;
        }
        if (!is_hidden(c)) {
            cli_text_add_bytes(text, (const char *)p, len);
        } else if (c < 0x100) {
            cli_text_addf(text, "\\x%02x", (unsigned)c);
        } else {
            cli_text_addf(text, "\\u{%x}", (unsigned)c);
        }
        p += len;
    }
}

/* Columns of len octets: characters are counted, not octets (our own texts have no wide ones). */
static size_t columns(const char *s, size_t len) {
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        n += ((unsigned char)s[i] & 0xc0) != 0x80;
    }
    return n;
}

void cli_text_add_wrapped(struct cli_text *text, const char *words, size_t indent, size_t used,
                          size_t width) {
    size_t column = used;
    bool first = true;

    while (*words != '\0') {
        if (*words == '\n') {
            cli_text_add(text, "\n");
            words++;
            column = 0;
            first = true;
            continue;
        }
        if (*words == ' ') {
            words++;
            continue;
        }
        size_t len = strcspn(words, " \n");
        size_t size = columns(words, len);
        if (!first && column + 1 + size > width) {
            cli_text_add(text, "\n");
            column = 0;
            first = true;
        }
        if (first && column < indent) {
            cli_text_pad(text, indent - column);
            column = indent;
        } else if (!first) {
            cli_text_add(text, " ");
            column++;
        }
        cli_text_add_bytes(text, words, len);
        column += size;
        first = false;
        words += len;
    }
}

const char *cli_text_str(const struct cli_text *text) {
    return text->data == NULL ? "" : text->data;
}

char *cli_text_take(struct cli_text *text) {
    if (text->data == NULL) {
        cli_text_add(text, "");
    }
    char *data = text->data;
    *text = (struct cli_text){0};
    return data;
}

void cli_text_done(struct cli_text *text) {
    free(text->data);
    *text = (struct cli_text){0};
}

void *cli_arena_alloc(struct cli_arena *arena, size_t size) {
    struct cli_block *block = or_exit(calloc(1, sizeof(*block) + size));

    block->next = arena->first;
    arena->first = block;
    return block->data;
}

char *cli_arena_copy(struct cli_arena *arena, const char *s, size_t len) {
    char *copy = cli_arena_alloc(arena, len + 1);

    if (len > 0) {
        memcpy(copy, s, len);
    }
    return copy;
}

void cli_arena_done(struct cli_arena *arena) {
    while (arena->first != NULL) {
        struct cli_block *next = arena->first->next;

        free(arena->first);
        arena->first = next;
    }
}
