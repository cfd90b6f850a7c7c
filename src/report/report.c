/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <string.h>

bool report_silent(FILE *out, const struct report_input *input) {
    (void)out;
    (void)input;
    return true;
}

const struct report_format *report_format_find(const char *name) {
    static const struct report_format formats[] = {
        {.name = "pretty", .write = report_pretty, .needs_flows = false},
        {.name = "markdown", .write = report_markdown, .needs_flows = false},
        {.name = "csv", .write = report_csv, .needs_flows = false},
        {.name = "json", .write = report_json, .needs_flows = false},
        {.name = "dot", .write = report_dot, .needs_flows = true},
        {.name = "flows", .write = report_flows, .needs_flows = true},
        {.name = "silent", .write = report_silent, .needs_flows = false},
    };

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}
