/* SPDX-License-Identifier: MIT
 *
 * How often the marked hop took how many milliseconds. Bars are one millisecond wide, and wider as
 * soon as they would not all fit.
 */
#include "tui/bars.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BARS_MAX = 256 };

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Answered samples in whole milliseconds, in order; NULL: none. */
static uint32_t *take_samples(const struct tui_trace *trace, uint32_t flow,
                              const struct hops_hop *hop, size_t *out_count) {
    uint32_t *ms = hop->sample_count == 0 ? NULL : calloc(hop->sample_count, sizeof(*ms));
    size_t n = 0;

    for (size_t i = 0; ms != NULL && i < hop->sample_count; i++) {
        uint32_t us = tui_trace_sample(trace, flow, hop->ttl, i);
        if (us != HOPS_SAMPLE_LOST && us != HOPS_SAMPLE_FAILED) {
            ms[n++] = us / 1000;
        }
    }
    if (n > 0) {
        qsort(ms, n, sizeof(*ms), compare);
    }
    *out_count = n;
    return ms;
}

/* Groups of `width` milliseconds, at most max of them; true if that was enough. */
static bool group(const uint32_t *ms, size_t n, uint32_t width, struct tui_bar *bars, size_t max,
                  size_t *out_count) {
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t label = ms[i] / width * width;
        if (count == 0 || bars[count - 1].label != label) {
            if (count == max) {
                *out_count = count;
                return false;
            }
            bars[count++] = (struct tui_bar){.label = label};
        }
        bars[count - 1].value++;
    }
    *out_count = count;
    return true;
}

/* 1, 2, 5, 10, 20, 50 ... milliseconds: the first width with which all fit. */
static uint32_t fit(const uint32_t *ms, size_t n, struct tui_bar *bars, size_t max,
                    size_t *out_count) {
    static const uint32_t steps[] = {1, 2, 5};
    uint32_t scale = 1;
    uint32_t width = 1;

    for (size_t i = 0; scale <= 100000000 && !group(ms, n, width, bars, max, out_count); i++) {
        scale *= i % 3 == 2 ? 10 : 1;
        width = steps[(i + 1) % 3] * scale;
    }
    return width;
}

static void draw_bars(struct tui_app *app, struct tui_grid *grid, struct tui_rect inside,
                      struct tui_bar *bars, size_t count, size_t samples) {
    uint64_t max = 1;

    for (size_t i = 0; i < count; i++) {
        bars[i].value = bars[i].value * 100 / samples;
        bars[i].bar = tui_app_style(app, TUI_FREQUENCY_BAR, TUI_BG);
        bars[i].text = tui_app_style(app, TUI_FREQUENCY_TEXT, TUI_BG);
        max = bars[i].value > max ? bars[i].value : max;
    }
    tui_bars_draw(grid, inside, bars, count, max, tui_app_style(app, TUI_TEXT, TUI_BG));
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    uint8_t ttl = tui_app_marked_ttl(app);
    struct tui_bar bars[BARS_MAX];
    int room = tui_bars_fit(inside.w);
    size_t count = 0;
    size_t samples = 0;
    uint32_t width = 1;
    struct hops_hop hop = {0};
    char title[128];

    if (tui_trace_hop(tui_app_trace(app), app->flow, ttl, &hop) && room > 0) {
        uint32_t *ms = take_samples(tui_app_trace(app), app->flow, &hop, &samples);
        width = fit(ms, samples, bars, room < BARS_MAX ? (size_t)room : BARS_MAX, &count);
        free(ms);
    }
    (void)snprintf(title, sizeof(title), "%s #%u", tui_app_text(app, TUI_T_TITLE_FREQUENCY), ttl);
    if (width > 1) {
        size_t len = strlen(title);
        (void)snprintf(title + len, sizeof(title) - len, " (%ums)", width);
    }
    tui_grid_title(grid, rect, border, title);
    if (count > 0) {
        draw_bars(app, grid, inside, bars, count, hop.sample_count);
    }
}

const struct tui_view tui_view_frequency = {.draw = draw};
