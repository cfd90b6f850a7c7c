/* SPDX-License-Identifier: MIT
 *
 * Recordings: a whole file, read line by line as --replay does, into statistics and from there into
 * every report. What is accepted is written out again and must come back the same.
 */
#include "fuzz.h"
#include "text_check.h"

#include <hops/stats.h>

#include <string.h>

#include "report/events.h"
#include "report/names.h"
#include "report/replay.h"
#include "report/report.h"

enum { TRACES_MAX = 4 };

struct world {
    struct hops_stats *stats[TRACES_MAX];
    struct report_target targets[TRACES_MAX];
    struct report_names names;
    size_t count;
};

/* Out and back. */
static void write_again(const struct hops_event *event) {
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct report_events_writer writer;
    struct report_events_line line;
    struct hops_diag diag = {.text = ""};

    if (out == NULL) {
        abort();
    }
    report_events_writer_init(&writer, out);
    FUZZ_CHECK(report_events_write(&writer, event));
    report_events_writer_done(&writer);
    (void)fclose(out);
    FUZZ_CHECK(report_events_read(text, len, &line, &diag) == HOPS_OK);
    FUZZ_CHECK(line.kind == REPORT_EVENTS_EVENT);
    FUZZ_CHECK(memcmp((const void *)&line.event, (const void *)event, sizeof(*event)) == 0);
    report_events_line_done(&line);
    free(text);
}

static void take(struct world *w, const struct report_events_line *line) {
    if (line->kind == REPORT_EVENTS_NAME) {
        FUZZ_CHECK(line->name.count <= REPORT_EVENTS_NAMES_MAX);
        for (size_t i = 0; i < line->name.count; i++) {
            fuzz_check_clean(line->name.names[i], REPORT_EVENTS_TEXT_MAX);
        }
        (void)report_names_put(&w->names, &line->name);
        return;
    }
    write_again(&line->event);
    if (line->event.trace < w->count) {
        hops_stats_apply(w->stats[line->event.trace], &line->event);
    }
}

static void begin(struct world *w, const struct report_events_start *start) {
    struct hops_stats_config config;

    hops_stats_config_init(&config);
    config.max_flows = 8;
    for (size_t i = 0; i < start->count && i < TRACES_MAX; i++) {
        const struct report_events_trace *trace = &start->traces[i];
        if (hops_stats_new(&config, trace->config.first_ttl, NULL, &w->stats[i]) != HOPS_OK) {
            abort();
        }
        w->targets[i] = (struct report_target){
            .name = trace->target, .addr = trace->config.target, .stats = w->stats[i]};
        w->count++;
    }
}

/* The octets of a document may be any but those that drive a terminal. */
static void report(struct world *w, const char *format) {
    struct hops_names names = report_names_source(&w->names);
    const struct report_input input = {.targets = w->targets, .count = w->count, .names = &names};
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (out == NULL) {
        abort();
    }
    FUZZ_CHECK(report_format_find(format)->write(out, &input));
    (void)fclose(out);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        FUZZ_CHECK(c == '\n' || (c >= 0x20 && c != 0x7f));
    }
    free(text);
}

static void replay(struct world *w, struct report_replay *reader) {
    struct report_events_line first;
    struct report_events_line line;
    struct hops_diag diag = {.text = ""};

    if (report_replay_start(reader, &first, &diag) != HOPS_OK) {
        FUZZ_CHECK(diag.text[0] != '\0');
        return;
    }
    begin(w, &first.start);
    while (report_replay_next(reader, &line, &diag) == REPORT_REPLAY_LINE) {
        take(w, &line);
        report_events_line_done(&line);
    }
    static const char *const formats[] = {"pretty", "markdown", "csv", "json", "dot", "flows"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        report(w, formats[i]);
    }
    report_events_line_done(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world w = {.count = 0};
    struct report_replay reader;
    FILE *in;

    if (size == 0) {
        return 0;
    }
    /* fmemopen() takes what it only reads as void *. NOLINTNEXTLINE(performance-no-int-to-ptr) */
    in = fmemopen((void *)(uintptr_t)data, size, "r");
    if (in == NULL) {
        abort();
    }
    report_replay_init(&reader, in);
    replay(&w, &reader);
    report_replay_done(&reader);
    (void)fclose(in);
    for (size_t i = 0; i < w.count; i++) {
        hops_stats_free(w.stats[i]);
    }
    report_names_done(&w.names);
    return 0;
}
