/* SPDX-License-Identifier: MIT */
#include "report/fields.h"

#include <string.h>

/* RFC 4180 quoting, only where it is needed. */
static void add_field(struct report_buf *buf, const char *text) {
    if (strpbrk(text, ",\"\r\n") == NULL) {
        report_buf_str(buf, text);
        return;
    }
    report_buf_str(buf, "\"");
    for (; *text != '\0'; text++) {
        report_buf_add(buf, text, 1);
        if (*text == '"') {
            report_buf_str(buf, "\"");
        }
    }
    report_buf_str(buf, "\"");
}

/* Adds the gathered text as a field, or "???" if there is none, and empties it. */
static void take_field(struct report_buf *buf, struct report_buf *text) {
    buf->bad = buf->bad || text->bad;
    add_field(buf, text->len == 0 ? "???" : text->text);
    report_buf_clear(text);
}

static void add_record(struct report_buf *buf, const struct report_target *target,
                       const struct hops_hop *hop, const struct hops_names *names) {
    struct report_row row = {.hop = hop, .stats = target->stats};
    struct report_buf text = {0};
    char number[REPORT_NUMBER_MAX];

    report_add_clean(&text, target->name);
    add_field(buf, report_buf_text(&text));
    report_buf_clear(&text);
    report_buf_str(buf, ",");
    report_add_addr(buf, &target->addr);
    report_buf_format(buf, ",%u,", hop->ttl);
    report_add_addrs(&text, hop, ":");
    take_field(buf, &text);
    report_buf_str(buf, ",");
    report_add_names(&text, hop, names, ":");
    take_field(buf, &text);
    report_buf_done(&text);
    for (size_t i = 0; i < REPORT_FIELD_COUNT; i++) {
        const struct report_field *field = &report_fields[i];
        report_buf_str(buf, ",");
        report_buf_str(buf, report_field_text(field, field->csv_decimals, &row, number));
    }
    report_buf_str(buf, "\n");
}

bool report_csv(FILE *out, const struct report_input *input) {
    struct report_buf buf = {0};

    for (size_t t = 0; t < input->count; t++) {
        struct hops_hop hop;
        unsigned ttl = 0;
        while (report_next_hop(&input->targets[t], &ttl, &hop)) {
            if (buf.len == 0) {
                report_buf_str(&buf, "Target,TargetIp,Hop,IPs,Addrs");
                for (size_t i = 0; i < REPORT_FIELD_COUNT; i++) {
                    report_buf_str(&buf, ",");
                    report_buf_str(&buf, report_fields[i].title);
                }
                report_buf_str(&buf, "\n");
            }
            add_record(&buf, &input->targets[t], &hop, input->names);
        }
    }
    return report_finish(out, &buf);
}
