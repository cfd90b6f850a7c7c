/* SPDX-License-Identifier: MIT */
#include "tui/overview.h"

#include "base/unreachable.h"

#include <stdlib.h>
#include <string.h>

struct tui_overview *tui_overview_new(size_t count) {
    struct tui_overview *overview = calloc(1, sizeof(*overview));

    if (overview == NULL) {
        return NULL;
    }
    overview->count = count;
    overview->lines = calloc(count, sizeof(*overview->lines));
    overview->order = calloc(count, sizeof(*overview->order));
    if (overview->lines == NULL || overview->order == NULL) {
        tui_overview_free(overview);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        overview->order[i] = i;
        overview->lines[i].health = TUI_HEALTH_UNKNOWN;
    }
    return overview;
}

void tui_overview_free(struct tui_overview *overview) {
    if (overview == NULL) {
        return;
    }
    free(overview->lines);
    free(overview->order);
    free(overview);
}

char tui_health_letter(enum tui_health health) {
    switch (health) {
    case TUI_HEALTH_FAILED:
        return 'X';
    case TUI_HEALTH_SILENT:
        return report_status_letter(REPORT_STATUS_SILENT_TARGET);
    case TUI_HEALTH_LOSSY:
        return report_status_letter(REPORT_STATUS_LOSSY_TARGET);
    case TUI_HEALTH_UNKNOWN:
        return '.';
    case TUI_HEALTH_GOOD:
        return report_status_letter(REPORT_STATUS_GOOD);
    case TUI_HEALTHS:
        break;
    }
    hops_unreachable();
}

/* Figures. */

static enum tui_health health_of(const struct report_row *target) {
    switch (report_status(target)) {
    case REPORT_STATUS_SILENT_TARGET:
    case REPORT_STATUS_SILENT:
        return TUI_HEALTH_SILENT;
    case REPORT_STATUS_LOSSY_TARGET:
    case REPORT_STATUS_LOSSY:
        return TUI_HEALTH_LOSSY;
    case REPORT_STATUS_GOOD:
        break;
    }
    return TUI_HEALTH_GOOD;
}

enum tui_health tui_trace_health(const struct tui_trace *trace) {
    uint8_t ttl = tui_trace_round_ttl(trace, 0);
    struct hops_hop hop;

    if (trace->failed) {
        return TUI_HEALTH_FAILED;
    }
    if (ttl != 0 && tui_trace_hop(trace, 0, ttl, &hop)) {
        struct report_row row = tui_trace_row(trace, 0, &hop);
        return health_of(&row);
    }
    /* Rounds without a hop: nobody at all has answered. */
    return tui_trace_rounds(trace) > 0 ? TUI_HEALTH_SILENT : TUI_HEALTH_UNKNOWN;
}

static void summarize(const struct tui_trace *trace, struct tui_summary *out) {
    uint8_t ttl = tui_trace_round_ttl(trace, 0);
    struct hops_hop hop;

    *out = (struct tui_summary){.health = tui_trace_health(trace),
                                .hops = tui_trace_hop_count(trace, 0)};
    if (tui_trace_rounds(trace) > 0) { /* holds if nobody at all has answered */
        out->sent = true;
        out->loss = 100;
    }
    if (ttl != 0 && tui_trace_hop(trace, 0, ttl, &hop)) {
        struct report_row row = tui_trace_row(trace, 0, &hop);
        out->sent = report_column_value('l', &row, &out->loss);
        out->answered = report_column_value('a', &row, &out->last) &&
                        report_column_value('v', &row, &out->mean);
        out->p90_known = report_column_value('n', &row, &out->p90);
        out->sample_count =
            hop.sample_count < TUI_SUMMARY_SAMPLES ? hop.sample_count : TUI_SUMMARY_SAMPLES;
        for (size_t i = 0; i < out->sample_count; i++) {
            out->samples[i] = tui_trace_sample(trace, 0, ttl, i);
        }
    }
}

/* Insertion, so that equal ones stay in the order of the command line. */
static void sort(struct tui_overview *overview) {
    for (size_t i = 0; i < overview->count; i++) {
        size_t at = i;
        while (overview->by_health && at > 0 &&
               overview->lines[overview->order[at - 1]].health > overview->lines[i].health) {
            overview->order[at] = overview->order[at - 1];
            at--;
        }
        overview->order[at] = i;
    }
    for (size_t i = 0; overview->reversed && i < overview->count / 2; i++) {
        size_t other = overview->count - 1 - i;
        size_t trace = overview->order[i];
        overview->order[i] = overview->order[other];
        overview->order[other] = trace;
    }
}

void tui_overview_refresh(struct tui_app *app) {
    for (size_t i = 0; !app->frozen && i < app->trace_count; i++) {
        summarize(&app->traces[i], &app->overview->lines[i]);
    }
    sort(app->overview);
}

size_t tui_overview_place(const struct tui_overview *overview, size_t trace) {
    size_t place = 0;

    while (place + 1 < overview->count && overview->order[place] != trace) {
        place++;
    }
    return place;
}

/* Targets as text. */

void tui_overview_target(const struct tui_app *app, size_t trace, struct tui_line *out) {
    const struct hops_addr *target = &app->traces[trace].config.target;
    char text[HOPS_ADDR_TEXT_MAX];
    struct tui_line name = {.len = 0};

    tui_line_clear(&name);
    tui_app_target_text(app, trace, &name);
    tui_line_add(out, name.text);
    if (tui_app_hides_target(app, trace)) {
        return;
    }
    hops_addr_format(target, text);
    if (strcmp(name.text, text) != 0) {
        tui_line_format(out, " (%s)", text);
        return;
    }
    struct tui_name reverse = tui_name_of(&app->sources, target);
    if (reverse.state == TUI_LOOKUP_FOUND && reverse.first != NULL && reverse.first[0] != '\0') {
        tui_line_format(out, " (%s)", reverse.first);
    }
}

bool tui_overview_search(struct tui_app *app) {
    const struct tui_overview *overview = app->overview;
    size_t from = tui_overview_place(overview, app->trace) + 1;

    if (app->input[0] != '\0') {
        memcpy(app->last_search, app->input, sizeof(app->last_search));
    }
    for (size_t i = 0; i < overview->count && app->last_search[0] != '\0'; i++) {
        size_t trace = overview->order[(from + i) % overview->count];
        struct tui_line text;
        tui_line_clear(&text);
        tui_overview_target(app, trace, &text);
        if (strcasestr(text.text, app->last_search) != NULL) {
            tui_app_go_to_trace(app, trace);
            return true;
        }
    }
    return false;
}
