/* SPDX-License-Identifier: MIT */
#include "report/fields.h"

#include <errno.h>
#include <stdio.h>

const struct report_field report_fields[REPORT_FIELD_COUNT] = {
    {.title = "Loss%", .code = 'l', .csv_decimals = 2, .text_decimals = 1, .marked = false},
    {.title = "Snt", .code = 's', .csv_decimals = 0, .text_decimals = 0, .marked = false},
    {.title = "Recv", .code = 'r', .csv_decimals = 0, .text_decimals = 0, .marked = false},
    {.title = "Last", .code = 'a', .csv_decimals = 1, .text_decimals = 1, .marked = true},
    {.title = "Avg", .code = 'v', .csv_decimals = 2, .text_decimals = 1, .marked = false},
    {.title = "Best", .code = 'b', .csv_decimals = 1, .text_decimals = 1, .marked = true},
    {.title = "Wrst", .code = 'w', .csv_decimals = 1, .text_decimals = 1, .marked = true},
    {.title = "StdDev", .code = 'd', .csv_decimals = 2, .text_decimals = 1, .marked = false},
};

bool report_next_hop(const struct report_target *target, unsigned *ttl, struct hops_hop *out) {
    uint8_t first;
    uint8_t last;

    hops_stats_ttls(target->stats, 0, &first, &last);
    if (first == 0) {
        return false;
    }
    *ttl = *ttl == 0 ? first : *ttl + 1;
    return *ttl <= last && hops_stats_hop(target->stats, 0, (uint8_t)*ttl, out);
}

const char *report_field_text(const struct report_field *field, int decimals,
                              const struct report_row *row, char out[REPORT_NUMBER_MAX]) {
    double value;

    if (!report_column_value(field->code, row, &value) && field->marked) {
        return "???";
    }
    return report_fixed(value, decimals, out);
}

void report_add_addrs(struct report_buf *buf, const struct hops_hop *hop, const char *separator) {
    for (size_t i = 0; i < hop->addr_count; i++) {
        report_buf_str(buf, i == 0 ? "" : separator);
        report_add_addr(buf, &hop->addrs[i].addr);
    }
}

void report_add_names(struct report_buf *buf, const struct hops_hop *hop,
                      const struct hops_names *names, const char *separator) {
    for (size_t i = 0; i < hop->addr_count; i++) {
        report_buf_str(buf, i == 0 ? "" : separator);
        report_add_name(buf, names, &hop->addrs[i].addr);
    }
}

void report_add_title(struct report_buf *buf, const struct report_input *input, size_t target,
                      const char *prefix) {
    if (input->count < 2) {
        return;
    }
    report_buf_str(buf, prefix);
    report_buf_str(buf, "Target: ");
    report_add_clean(buf, input->targets[target].name);
    report_buf_str(buf, " (");
    report_add_addr(buf, &input->targets[target].addr);
    report_buf_str(buf, ")\n");
}

bool report_flush(FILE *out) {
    /* A failed write leaves its errno behind; the stream only remembers that there was one. */
    if (ferror(out) != 0) {
        errno = errno == 0 ? EIO : errno;
        return false;
    }
    return fflush(out) == 0;
}

bool report_finish(FILE *out, struct report_buf *buf) {
    bool complete = !buf->bad;
    bool written = true;

    if (complete && buf->len > 0) {
        errno = 0;
        written = fwrite(buf->text, 1, buf->len, out) == buf->len;
    }
    report_buf_done(buf);
    if (!complete) {
        errno = ENOMEM;
        return false;
    }
    return written && report_flush(out);
}
