/* SPDX-License-Identifier: MIT */
#include "report/json.h"

#include "base/bytes.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

void report_json_init(struct report_json *json, FILE *out) {
    *json = (struct report_json){.out = out};
}

static const char *short_escape(uint32_t c) {
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\t':
        return "\\t";
    case '\n':
        return "\\n";
    case '\f':
        return "\\f";
    case '\r':
        return "\\r";
    default:
        return NULL;
    }
}

static void put_string(FILE *out, const char *text) {
    struct rd r = rd_make(text, strlen(text));

    (void)fputc('"', out);
    while (rd_left(&r) > 0) {
        const uint8_t *from = r.p;
        uint32_t c;
        bool valid = hops_utf8_next(&r, &c);
        const char *escape = short_escape(c);

        if (!valid) {
            (void)fputs("\xef\xbf\xbd", out);
        } else if (escape != NULL) {
            (void)fputs(escape, out);
        } else if (c < 0x20) {
            (void)fprintf(out, "\\u%04x", (unsigned)c);
        } else {
            (void)fwrite(from, 1, (size_t)(r.p - from), out);
        }
    }
    (void)fputc('"', out);
}

static void new_line(const struct report_json *json) {
    (void)fputc('\n', json->out);
    for (size_t i = 0; i < json->depth; i++) {
        (void)fputs("  ", json->out);
    }
}

/* Comma, line, indent and key of the next value. */
static void begin_value(struct report_json *json, const char *key) {
    if (json->depth > 0) {
        if (json->filled[json->depth - 1]) {
            (void)fputc(',', json->out);
        }
        json->filled[json->depth - 1] = true;
        new_line(json);
    }
    if (key != NULL) {
        put_string(json->out, key);
        (void)fputs(": ", json->out);
    }
}

static void open_container(struct report_json *json, const char *key, char opening, char closing) {
    assert(json->depth < REPORT_JSON_DEPTH_MAX);
    begin_value(json, key);
    (void)fputc(opening, json->out);
    json->filled[json->depth] = false;
    json->closing[json->depth] = closing;
    json->depth++;
}

void report_json_object(struct report_json *json, const char *key) {
    open_container(json, key, '{', '}');
}

void report_json_array(struct report_json *json, const char *key) {
    open_container(json, key, '[', ']');
}

void report_json_close(struct report_json *json) {
    assert(json->depth > 0);
    json->depth--;
    if (json->filled[json->depth]) {
        new_line(json);
    }
    (void)fputc(json->closing[json->depth], json->out);
}

void report_json_string(struct report_json *json, const char *key, const char *text) {
    begin_value(json, key);
    put_string(json->out, text);
}

void report_json_number(struct report_json *json, const char *key, uint64_t value) {
    begin_value(json, key);
    (void)fprintf(json->out, "%" PRIu64, value);
}

void report_json_word(struct report_json *json, const char *key, const char *word) {
    begin_value(json, key);
    (void)fputs(word, json->out);
}
