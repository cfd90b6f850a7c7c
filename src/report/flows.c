/* SPDX-License-Identifier: MIT */
#include "report/fields.h"

#include <inttypes.h>

static void add_flow(struct report_buf *buf, const struct hops_flow *flow) {
    report_buf_format(buf, "flow %" PRIu32 ": ", flow->id);
    for (size_t i = 0; i < flow->path_len; i++) {
        report_buf_str(buf, i == 0 ? "" : ", ");
        if (flow->path[i].family == HOPS_FAMILY_NONE) {
            report_buf_str(buf, "*");
        } else {
            report_add_addr(buf, &flow->path[i]);
        }
    }
    report_buf_str(buf, "\n");
}

bool report_flows(FILE *out, const struct report_input *input) {
    struct report_buf buf = {0};

    for (size_t t = 0; t < input->count; t++) {
        struct hops_stats *stats = input->targets[t].stats;
        size_t count = hops_stats_flow_count(stats);

        report_buf_str(&buf, t == 0 ? "" : "\n");
        report_add_title(&buf, input, t, "");
        for (uint32_t id = 1; id <= count; id++) {
            struct hops_flow flow;
            if (hops_stats_flow(stats, id, &flow)) {
                add_flow(&buf, &flow);
            }
        }
    }
    return report_finish(out, &buf);
}
