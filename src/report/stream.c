/* SPDX-License-Identifier: MIT */
#include "report/fields.h"

bool report_stream_begin(FILE *out, const struct report_input *input) {
    struct report_buf buf = {0};

    for (size_t i = 0; i < input->count; i++) {
        report_buf_str(&buf, "Tracing to ");
        report_add_clean(&buf, input->targets[i].name);
        report_buf_str(&buf, " (");
        report_add_addr(&buf, &input->targets[i].addr);
        report_buf_str(&buf, ")\n");
    }
    return report_finish(out, &buf);
}

/* Times that do not exist are 0.0 here. */
static void add_number(struct report_buf *buf, const char *label, char code, int decimals,
                       const struct report_row *row) {
    char text[REPORT_NUMBER_MAX];
    double value;

    (void)report_column_value(code, row, &value);
    report_buf_str(buf, label);
    report_buf_str(buf, report_fixed(value, decimals, text));
}

bool report_stream_block(FILE *out, const struct report_input *input, size_t target) {
    const struct report_target *from = &input->targets[target];
    struct report_buf buf = {0};
    struct hops_hop hop;
    unsigned ttl = 0;

    while (report_next_hop(from, &ttl, &hop)) {
        struct report_row row = {.hop = &hop, .stats = from->stats};

        if (input->count > 1) {
            report_buf_str(&buf, "target=");
            report_add_addr(&buf, &from->addr);
            report_buf_str(&buf, " ");
        }
        report_buf_format(&buf, "ttl=%u addrs=", ttl);
        report_add_addrs(&buf, &hop, ", ");
        report_buf_str(&buf, " exts=");
        report_add_extensions(&buf, hop.extensions);
        add_number(&buf, " loss_pct=", 'l', 1, &row);
        add_number(&buf, " sent=", 's', 0, &row);
        add_number(&buf, " recv=", 'r', 0, &row);
        add_number(&buf, " last=", 'a', 1, &row);
        add_number(&buf, " best=", 'b', 1, &row);
        add_number(&buf, " worst=", 'w', 1, &row);
        add_number(&buf, " avg=", 'v', 1, &row);
        add_number(&buf, " stddev=", 'd', 1, &row);
        report_buf_str(&buf, "\n");
    }
    return report_finish(out, &buf);
}
