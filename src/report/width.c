/* SPDX-License-Identifier: MIT */
#include "report/width.h"

#include "base/bytes.h"
#include "base/text.h"
#include "report/width_table.h"

#include <stdbool.h>

static bool contains(const struct width_range *ranges, size_t count, uint32_t c) {
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c > ranges[middle].last) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && c >= ranges[low].first;
}

int report_width_char(uint32_t code_point) {
    if (code_point < 0x80) {
        return 1;
    }
    if (contains(zero_width, sizeof(zero_width) / sizeof(zero_width[0]), code_point)) {
        return 0;
    }
    if (contains(double_width, sizeof(double_width) / sizeof(double_width[0]), code_point)) {
        return 2;
    }
    return 1;
}

size_t report_width_text(const char *text, size_t len) {
    struct rd r = rd_make(text, len);
    size_t cells = 0;

    while (rd_left(&r) > 0) {
        uint32_t c;
        cells += hops_utf8_next(&r, &c) ? (size_t)report_width_char(c) : 1;
    }
    return cells;
}
