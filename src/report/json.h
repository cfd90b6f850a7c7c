/* SPDX-License-Identifier: MIT
 *
 * A writer of JSON documents in one fixed shape: two blanks of indent, one member or element per
 * line, "[]" and "{}" for empty ones, no newline at the end. Values are written in the order of the
 * calls; key is NULL inside arrays and at the top.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { REPORT_JSON_DEPTH_MAX = 16 };

struct report_json {
    FILE *out;
    size_t depth;
    bool filled[REPORT_JSON_DEPTH_MAX]; /* something stands in the container of that depth */
    char closing[REPORT_JSON_DEPTH_MAX];
};

void report_json_init(struct report_json *json, FILE *out);

void report_json_object(struct report_json *json, const char *key); /* opens */
void report_json_array(struct report_json *json, const char *key);  /* opens */
void report_json_close(struct report_json *json);                   /* the innermost */

/* Text is escaped where RFC 8259 demands it, with lower-case digits; what is not UTF-8 becomes
 * U+FFFD, octet by octet. */
void report_json_string(struct report_json *json, const char *key, const char *text);
void report_json_number(struct report_json *json, const char *key, uint64_t value);
void report_json_word(struct report_json *json, const char *key,
                      const char *word); /* true, false, null */

#endif
