/* SPDX-License-Identifier: MIT */
#include "lookup/text.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void lookup_records_add(struct lookup_records *records, const char *text, size_t len) {
    if (len == 0 || records->count == LOOKUP_TEXTS_MAX) {
        return;
    }
    (void)hops_text_sanitize(text, len, records->text[records->count], LOOKUP_TEXT_MAX);
    records->count++;
}

struct lookup_texts *lookup_texts_new(const char *const *texts, size_t count) {
    size_t head = sizeof(struct lookup_texts) + count * sizeof(char *);
    size_t octets = 0;

    for (size_t i = 0; i < count; i++) {
        octets += strlen(texts[i]) + 1;
    }
    struct lookup_texts *made = malloc(head + octets);
    if (made == NULL) {
        return NULL;
    }
    char *to = (char *)made + head;
    made->count = count;
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(texts[i]) + 1;
        memcpy(to, texts[i], len);
        made->text[i] = to;
        to += len;
    }
    return made;
}
