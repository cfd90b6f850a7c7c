/* SPDX-License-Identifier: MIT */
#include "report/value.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double report_ms(double ns) {
    return ns / 1e6;
}

char *report_fixed(double value, int decimals, char out[REPORT_NUMBER_MAX]) {
    /* LC_NUMERIC is never set in this program, so the point is a point. */
    (void)snprintf(out, REPORT_NUMBER_MAX, "%.*f", decimals, value);
    return out;
}

char *report_stamp(const struct timespec *utc, char out[REPORT_STAMP_MAX]) {
    struct tm tm = {0};
    long ns = utc->tv_nsec;
    size_t n;

    (void)gmtime_r(&utc->tv_sec, &tm);
    n = strftime(out, REPORT_STAMP_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
    if (ns == 0) {
        (void)snprintf(out + n, REPORT_STAMP_MAX - n, "Z");
    } else if (ns % 1000000 == 0) {
        (void)snprintf(out + n, REPORT_STAMP_MAX - n, ".%03ldZ", ns / 1000000);
    } else if (ns % 1000 == 0) {
        (void)snprintf(out + n, REPORT_STAMP_MAX - n, ".%06ldZ", ns / 1000);
    } else {
        (void)snprintf(out + n, REPORT_STAMP_MAX - n, ".%09ldZ", ns);
    }
    return out;
}

void report_add_clean(struct report_buf *buf, const char *text) {
    char small[256];
    size_t len = strlen(text);
    size_t needed = hops_text_sanitize(text, len, small, sizeof(small));

    if (needed < sizeof(small)) {
        report_buf_add(buf, small, needed);
        return;
    }
    char *large = malloc(needed + 1);
    if (large == NULL) {
        buf->bad = true;
        return;
    }
    (void)hops_text_sanitize(text, len, large, needed + 1);
    report_buf_add(buf, large, needed);
    free(large);
}

void report_add_addr(struct report_buf *buf, const struct hops_addr *addr) {
    char text[HOPS_ADDR_TEXT_MAX];

    report_buf_str(buf, hops_addr_format(addr, text));
}

void report_add_name(struct report_buf *buf, const struct hops_names *names,
                     const struct hops_addr *addr) {
    const char *name = names == NULL ? NULL : names->name(names->user, addr);

    /* A PTR record may name the root, whose text without the final dot is empty. */
    if (name == NULL || name[0] == '\0') {
        report_add_addr(buf, addr);
    } else {
        report_add_clean(buf, name);
    }
}

static void add_mpls(struct report_buf *buf, const struct hops_extension *object) {
    struct hops_mpls entry;
    size_t at = 0;
    const char *separator = "";

    report_buf_str(buf, "mpls(labels=");
    while (hops_extension_next_mpls(object, &at, &entry)) {
        report_buf_format(buf, "%s%u", separator, (unsigned)entry.label);
        separator = ", ";
    }
    report_buf_str(buf, ")");
}

static void add_unknown(struct report_buf *buf, const struct hops_extension *object) {
    report_buf_format(buf, "unknown(class=%u, subtype=%u, bytes=[", object->class_num,
                      object->class_subtype);
    for (size_t i = 0; i < object->len; i++) {
        report_buf_format(buf, "%s%02x", i == 0 ? "" : " ", object->payload[i]);
    }
    report_buf_str(buf, "])");
}

void report_add_extensions(struct report_buf *buf, const struct hops_extensions *extensions) {
    struct hops_extension object;
    size_t at = 0;
    const char *separator = "";

    if (extensions == NULL) {
        return;
    }
    while (hops_extension_next(extensions, &at, &object)) {
        report_buf_str(buf, separator);
        separator = " + ";
        if (object.class_num == HOPS_EXTENSION_MPLS) {
            add_mpls(buf, &object);
        } else {
            add_unknown(buf, &object);
        }
    }
}
