/* SPDX-License-Identifier: MIT
 *
 * Statistics for report tests, made the only way there is: by events of an invented trace.
 */
#ifndef TESTS_REPORT_TRACE_H
#define TESTS_REPORT_TRACE_H

#include "check.h"

#include "report/events.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What became of the probe of one TTL. */
struct trace_hop {
    uint8_t ttl;
    const char *addr; /* NULL: no answer */
    hops_ns rtt;
    const char *extensions; /* hex, NULL: none */
    bool target;
    bool has_tos, has_checksums;
    uint8_t tos;
    uint16_t checksum_expected, checksum_actual;
};

struct trace {
    struct hops_stats *stats;
    uint32_t next_id, round;
    hops_ns now;
    struct report_events_writer *recorder; /* NULL: none */
};

static inline void trace_apply(struct trace *trace, const struct hops_event *event) {
    hops_stats_apply(trace->stats, event);
    if (trace->recorder != NULL) {
        assert_true(report_events_write(trace->recorder, event));
    }
}

static inline struct hops_addr trace_addr(const char *text) {
    struct hops_addr addr;

    assert_true(hops_addr_parse(text, &addr));
    return addr;
}

static inline struct trace trace_new(uint8_t first_ttl) {
    struct trace trace = {0};
    struct hops_stats_config config;

    hops_stats_config_init(&config);
    assert_int_equal(hops_stats_new(&config, first_ttl, NULL, &trace.stats), HOPS_OK);
    return trace;
}

static inline void trace_reply(struct trace *trace, const struct hops_probe *probe,
                               const struct trace_hop *hop) {
    struct hops_event event = {.kind = HOPS_EVENT_REPLY, .time = trace->now, .probe = *probe};
    struct hops_event_reply *reply = &event.u.reply;

    reply->kind = hop->target ? HOPS_REPLY_ECHO : HOPS_REPLY_TIME_EXCEEDED;
    reply->responder = trace_addr(hop->addr);
    reply->icmp_type = hop->target ? 0 : 11;
    reply->is_target = hop->target;
    reply->rtt = hop->rtt;
    reply->ttl = -1;
    reply->quoted_ttl = -1;
    reply->tos = (int16_t)(hop->has_tos ? hop->tos : -1);
    reply->has_checksums = hop->has_checksums;
    reply->checksum_expected = hop->checksum_expected;
    reply->checksum_actual = hop->checksum_actual;
    if (hop->extensions != NULL) {
        reply->extensions.present = true;
        reply->extensions.len = (uint16_t)check_hex(hop->extensions, reply->extensions.octets,
                                                    sizeof(reply->extensions.octets));
    }
    trace_apply(trace, &event);
}

/* One whole round: everything sent, then the answers, then its end. The rows of a report reach to
 * the last hop given. */
static inline void trace_round(struct trace *trace, const struct trace_hop *hops, size_t count) {
    uint32_t first_id = trace->next_id;
    uint8_t target_ttl = 0;

    for (size_t i = 0; i < count; i++) {
        struct hops_event event = {.kind = HOPS_EVENT_SENT, .time = trace->now};
        event.probe = (struct hops_probe){
            .id = trace->next_id++, .round = trace->round, .ttl = hops[i].ttl, .sequence = 33000};
        trace_apply(trace, &event);
    }
    trace->now += HOPS_SEC;
    for (size_t i = 0; i < count; i++) {
        struct hops_probe probe = {.id = first_id + (uint32_t)i,
                                   .round = trace->round,
                                   .ttl = hops[i].ttl,
                                   .sequence = 33000};
        if (hops[i].addr != NULL) {
            trace_reply(trace, &probe, &hops[i]);
        }
        target_ttl = hops[i].target ? hops[i].ttl : target_ttl;
    }
    struct hops_event event = {.kind = HOPS_EVENT_ROUND, .time = trace->now};
    event.u.round.round = trace->round;
    event.u.round.reason = target_ttl != 0 ? HOPS_ROUND_TARGET_FOUND : HOPS_ROUND_TIME_LIMIT;
    event.u.round.largest_ttl = count == 0 ? 0 : hops[count - 1].ttl;
    event.u.round.target_ttl = target_ttl;
    trace_apply(trace, &event);
    trace->round++;
}

#define TRACE_ROUND(trace, ...)                                                                    \
    trace_round(trace, (const struct trace_hop[]){__VA_ARGS__},                                    \
                sizeof((const struct trace_hop[]){__VA_ARGS__}) / sizeof(struct trace_hop))

/* Names by address, "IP=NAME" in a list that ends with NULL. */
static inline const char *trace_name(void *user, const struct hops_addr *addr) {
    const char *const *names = user;
    char text[HOPS_ADDR_TEXT_MAX];

    (void)hops_addr_format(addr, text);
    for (size_t len = strlen(text); *names != NULL; names++) {
        if (strncmp(*names, text, len) == 0 && (*names)[len] == '=') {
            return *names + len + 1;
        }
    }
    return NULL;
}

/* All that was written to a temporary file, which is closed; the caller frees it. */
static inline char *trace_take(FILE *file) {
    long len = ftell(file);

    assert_true(len >= 0);
    rewind(file);
    char *text = calloc((size_t)len + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)len, file), (size_t)len);
    assert_int_equal(strlen(text), (size_t)len);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* What a report writes; the caller frees it. */
static inline char *trace_report(const char *mode, const struct report_input *input) {
    const struct report_format *format = report_format_find(mode);
    FILE *out = tmpfile();

    assert_non_null(format);
    assert_non_null(out);
    assert_true(format->write(out, input));
    return trace_take(out);
}

static inline void trace_check(const char *row, const char *mode, const struct report_input *input,
                               const char *want) {
    char *text = trace_report(mode, input);

    check_str(row, text, want);
    free(text);
}

#endif
