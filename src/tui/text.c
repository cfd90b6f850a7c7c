/* SPDX-License-Identifier: MIT */
#include "tui/text.h"

#include <string.h>

static const struct {
    const char *key, *english;
} texts[TUI_TEXTS] = {
#define TUI_TEXT_ROW(id, key, english) {key, english},
#include "tui/text_table.h"
#undef TUI_TEXT_ROW
};

const char *tui_text_key(enum tui_text_id id) {
    return texts[id].key;
}

const char *tui_text_english(enum tui_text_id id) {
    return texts[id].english;
}

const char *tui_text(const struct tui_catalogue *catalogue, enum tui_text_id id) {
    return catalogue->text[id] != NULL ? catalogue->text[id] : texts[id].english;
}

const char *tui_text_by_key(const struct tui_catalogue *catalogue, const char *key) {
    for (size_t i = 0; i < TUI_TEXTS; i++) {
        if (strcmp(texts[i].key, key) == 0) {
            return tui_text(catalogue, (enum tui_text_id)i);
        }
    }
    return key;
}

static size_t append(char *out, size_t size, size_t len, const char *text, size_t n) {
    if (n > size - 1 - len) {
        n = size - 1 - len;
    }
    memcpy(out + len, text, n);
    return len + n;
}

/* The value for the placeholder at text ("%{name}"), or NULL; *out_len: octets of the placeholder.
 */
static const char *value_at(const char *text, const struct tui_pair *pairs, size_t *out_len) {
    for (; pairs->name != NULL; pairs++) {
        size_t n = strlen(pairs->name);
        if (strncmp(text + 2, pairs->name, n) == 0 && text[2 + n] == '}') {
            *out_len = n + 3;
            return pairs->value;
        }
    }
    return NULL;
}

char *tui_text_fill(const char *text, const struct tui_pair *pairs, char *out, size_t size) {
    size_t len = 0;

    while (*text != '\0') {
        size_t n = 1;
        const char *value = NULL;
        if (text[0] == '%' && text[1] == '{') {
            value = value_at(text, pairs, &n);
        }
        if (value != NULL) {
            len = append(out, size, len, value, strlen(value));
        } else {
            len = append(out, size, len, text, n);
        }
        text += n;
    }
    out[len] = '\0';
    return out;
}
