/* SPDX-License-Identifier: MIT */
#include "lookup/asn.h"

#include <stdlib.h>
#include <string.h>

static const char *trimmed(char *field) {
    static const char blanks[] = " \t\r\n\v\f";
    field += strspn(field, blanks);
    size_t len = strlen(field);

    while (len > 0 && strchr(blanks, field[len - 1]) != NULL) {
        len--;
    }
    field[len] = '\0';
    return field;
}

bool lookup_asn_split(const char *text, struct lookup_asn_record *out) {
    size_t len = strlen(text);
    size_t bars = 0;

    for (const char *c = text; *c != '\0'; c++) {
        bars += *c == '|' ? 1 : 0;
    }
    if (bars != LOOKUP_ASN_FIELDS - 1 || len >= sizeof(out->text)) {
        return false;
    }
    memcpy(out->text, text, len + 1);
    char *at = out->text;
    for (size_t i = 0; i < LOOKUP_ASN_FIELDS; i++) {
        char *end = at + strcspn(at, "|");
        char *next = *end == '|' ? end + 1 : end;
        *end = '\0';
        out->field[i] = trimmed(at);
        at = next;
    }
    return true;
}

static long prefix_length(const char *prefix) {
    const char *slash = strchr(prefix, '/');

    return slash == NULL ? 0 : strtol(slash + 1, NULL, 10);
}

bool lookup_asn_origin(const struct lookup_records *records, struct lookup_asn_record *out) {
    struct lookup_asn_record record;
    size_t chosen = records->count;
    long longest = -1;

    for (size_t i = 0; i < records->count; i++) {
        if (lookup_asn_split(records->text[i], &record) &&
            prefix_length(record.field[1]) > longest) {
            longest = prefix_length(record.field[1]);
            chosen = i;
        }
    }
    if (chosen == records->count || !lookup_asn_split(records->text[chosen], out)) {
        return false;
    }
    /* "64500 64501": a prefix that several systems announce */
    char *number = out->text + (out->field[0] - out->text);
    number[strcspn(number, " ")] = '\0';
    return true;
}
