/* SPDX-License-Identifier: MIT */
#include "report/columns.h"

#include "base/unreachable.h"
#include "report/value.h"

#include <stdio.h>
#include <stdlib.h>

/* Numbers. */

static bool count(uint64_t n, double *out) {
    *out = (double)n;
    return true;
}

static bool time_if(bool known, double ns, double *out) {
    *out = known ? report_ms(ns) : 0.0;
    return known;
}

static bool get_ttl(const struct report_row *row, double *out) {
    return count(row->hop->ttl, out);
}

static bool get_loss(const struct report_row *row, double *out) {
    *out = hops_hop_loss(row->hop);
    return true;
}

static bool get_sent(const struct report_row *row, double *out) {
    return count(row->hop->sent, out);
}

static bool get_received(const struct report_row *row, double *out) {
    return count(row->hop->received, out);
}

static bool get_failed(const struct report_row *row, double *out) {
    return count(row->hop->failed, out);
}

static bool get_forward_lost(const struct report_row *row, double *out) {
    return count(row->hop->forward_lost, out);
}

static bool get_backward_lost(const struct report_row *row, double *out) {
    return count(row->hop->backward_lost, out);
}

static bool get_forward_loss(const struct report_row *row, double *out) {
    uint64_t sent = row->hop->sent;

    *out = sent == 0 ? 0.0 : 100.0 * (double)row->hop->forward_lost / (double)sent;
    return true;
}

static bool get_last(const struct report_row *row, double *out) {
    return time_if(row->hop->rtt_known, (double)row->hop->last, out);
}

static bool get_best(const struct report_row *row, double *out) {
    return time_if(row->hop->rtt_known, (double)row->hop->best, out);
}

static bool get_worst(const struct report_row *row, double *out) {
    return time_if(row->hop->rtt_known, (double)row->hop->worst, out);
}

static bool get_mean(const struct report_row *row, double *out) {
    return time_if(row->hop->rtt_known, row->hop->mean, out);
}

static bool get_stddev(const struct report_row *row, double *out) {
    return time_if(row->hop->received > 1, hops_hop_stddev(row->hop), out);
}

static bool get_jitter(const struct report_row *row, double *out) {
    return time_if(row->hop->jitter_known, (double)row->hop->jitter, out);
}

static bool get_jitter_mean(const struct report_row *row, double *out) {
    return time_if(row->hop->jitter_known, row->hop->jitter_mean, out);
}

static bool get_jitter_max(const struct report_row *row, double *out) {
    return time_if(row->hop->jitter_known, (double)row->hop->jitter_max, out);
}

static bool get_jitter_smoothed(const struct report_row *row, double *out) {
    return time_if(row->hop->jitter_known, row->hop->jitter_smoothed, out);
}

/* Percentiles of the stored answered samples, nearest rank. */

static int compare_samples(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static bool percentile(const struct report_row *row, size_t percent, double *out) {
    size_t stored = row->stats == NULL && row->samples == NULL ? 0 : row->hop->sample_count;
    uint32_t *samples = stored == 0 ? NULL : calloc(stored, sizeof(*samples));
    size_t n = 0;

    *out = 0.0;
    if (samples == NULL) {
        return false;
    }
    for (size_t i = 0; i < stored; i++) {
        uint32_t us = row->samples != NULL
                          ? row->samples[i]
                          : hops_stats_sample(row->stats, row->flow, row->hop->ttl, i);
        if (us != HOPS_SAMPLE_LOST && us != HOPS_SAMPLE_FAILED) {
            samples[n++] = us;
        }
    }
    if (n > 0) {
        qsort(samples, n, sizeof(*samples), compare_samples);
        size_t rank = (percent * n + 99) / 100;
        *out = (double)samples[rank - 1] / 1e3;
    }
    free(samples);
    return n > 0;
}

static bool get_p50(const struct report_row *row, double *out) {
    return percentile(row, 50, out);
}

static bool get_p90(const struct report_row *row, double *out) {
    return percentile(row, 90, out);
}

static bool get_p99(const struct report_row *row, double *out) {
    return percentile(row, 99, out);
}

/* Words. */

static const char *number_or_none(bool known, unsigned number, char *out, size_t size) {
    if (!known) {
        return "n/a";
    }
    (void)snprintf(out, size, "%u", number);
    return out;
}

static const char *text_source_port(const struct report_row *row, char *out, size_t size) {
    unsigned port = row->hop->last_src_port;

    return number_or_none(row->hop->probe_known && port != 0, port, out, size);
}

static const char *text_target_port(const struct report_row *row, char *out, size_t size) {
    unsigned port = row->hop->last_dst_port;

    return number_or_none(row->hop->probe_known && port != 0, port, out, size);
}

static bool get_sequence(const struct report_row *row, double *out) {
    return count(row->hop->probe_known ? row->hop->last_sequence : 0, out);
}

static const char *text_type(const struct report_row *row, char *out, size_t size) {
    (void)out;
    (void)size;
    if (!row->hop->reply_known) {
        return "n/a";
    }
    switch (row->hop->last_kind) {
    case HOPS_REPLY_TIME_EXCEEDED:
        return "TE";
    case HOPS_REPLY_ECHO:
        return "ER";
    case HOPS_REPLY_UNREACHABLE:
        return "DU";
    case HOPS_REPLY_PACKET_TOO_BIG:
        return "TB";
    case HOPS_REPLY_TCP:
    case HOPS_REPLY_TCP_REFUSED:
    case HOPS_REPLY_UDP:
        return "NA";
    }
    hops_unreachable();
}

static const char *text_code(const struct report_row *row, char *out, size_t size) {
    bool known = row->hop->reply_known && row->hop->last_kind != HOPS_REPLY_TCP &&
                 row->hop->last_kind != HOPS_REPLY_TCP_REFUSED &&
                 row->hop->last_kind != HOPS_REPLY_UDP;

    return number_or_none(known, row->hop->last_icmp_code, out, size);
}

static const char *text_nat(const struct report_row *row, char *out, size_t size) {
    (void)out;
    (void)size;
    switch (row->hop->nat) {
    case HOPS_NAT_NOT_APPLICABLE:
        return "n/a";
    case HOPS_NAT_NOT_DETECTED:
        return "No";
    case HOPS_NAT_DETECTED:
        return "Yes";
    }
    hops_unreachable();
}

/* Names of code points: RFC 2474, 2597, 3246, 5865, 8622. */
static const char *text_dscp(const struct report_row *row, char *out, size_t size) {
    static const struct {
        uint8_t dscp;
        const char *name;
    } names[] = {
        {0, "DF"},    {1, "LE"},    {8, "CS1"},   {16, "CS2"},  {24, "CS3"},  {32, "CS4"},
        {40, "CS5"},  {48, "CS6"},  {56, "CS7"},  {10, "AF11"}, {12, "AF12"}, {14, "AF13"},
        {18, "AF21"}, {20, "AF22"}, {22, "AF23"}, {26, "AF31"}, {28, "AF32"}, {30, "AF33"},
        {34, "AF41"}, {36, "AF42"}, {38, "AF43"}, {44, "VA"},   {46, "EF"},
    };

    if (row->hop->tos < 0) {
        return "n/a";
    }
    unsigned dscp = (unsigned)row->hop->tos >> 2 & 0x3fU;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].dscp == dscp) {
            return names[i].name;
        }
    }
    (void)snprintf(out, size, "0x%02x", dscp);
    return out;
}

/* RFC 3168 section 5. */
static const char *text_ecn(const struct report_row *row, char *out, size_t size) {
    static const char *const names[4] = {"NotECT", "ECT1", "ECT0", "CE"};

    (void)out;
    (void)size;
    return row->hop->tos < 0 ? "n/a" : names[row->hop->tos & 3];
}

enum report_status report_status(const struct report_row *row) {
    const struct hops_hop *hop = row->hop;
    uint64_t left = hop->sent - hop->failed; /* probes that left this host */

    if (hop->received == 0) {
        return row->is_target ? REPORT_STATUS_SILENT_TARGET : REPORT_STATUS_SILENT;
    }
    if (hop->received < left) {
        return row->is_target ? REPORT_STATUS_LOSSY_TARGET : REPORT_STATUS_LOSSY;
    }
    return REPORT_STATUS_GOOD;
}

char report_status_letter(enum report_status status) {
    switch (status) {
    case REPORT_STATUS_SILENT_TARGET:
        return '!';
    case REPORT_STATUS_LOSSY_TARGET:
        return '~';
    case REPORT_STATUS_SILENT:
        return '?';
    case REPORT_STATUS_LOSSY:
        return '-';
    case REPORT_STATUS_GOOD:
        return '+';
    }
    hops_unreachable();
}

static const char *text_status(const struct report_row *row, char *out, size_t size) {
    (void)out;
    (void)size;
    switch (report_status(row)) {
    case REPORT_STATUS_SILENT_TARGET:
        return "🔴";
    case REPORT_STATUS_LOSSY_TARGET:
        return "🟡";
    case REPORT_STATUS_SILENT:
        return "🟤";
    case REPORT_STATUS_LOSSY:
        return "🔵";
    case REPORT_STATUS_GOOD:
        return "🟢";
    }
    hops_unreachable();
}

/* The table. */

#define NUMBER(c, k, t, w, kind_, get)                                                             \
    { .code = (c), .key = (k), .title = (t), .min_width = (w), .kind = (kind_), .value = (get) }
#define WORD(c, k, t, w, get)                                                                      \
    {                                                                                              \
        .code = (c), .key = (k), .title = (t), .min_width = (w), .kind = REPORT_COLUMN_TEXT,       \
        .text = (get)                                                                              \
    }
#define VIEW(c, k, t, w)                                                                           \
    { .code = (c), .key = (k), .title = (t), .min_width = (w), .kind = REPORT_COLUMN_VIEW }

const struct report_column report_columns[REPORT_COLUMN_COUNT_ALL] = {
    NUMBER('h', NULL, "#", 4, REPORT_COLUMN_COUNT, get_ttl),
    VIEW('o', "host", "Host", 0),
    NUMBER('l', "loss_pct", "Loss%", 8, REPORT_COLUMN_PERCENT, get_loss),
    NUMBER('s', "snd", "Snd", 7, REPORT_COLUMN_COUNT, get_sent),
    NUMBER('r', "recv", "Recv", 7, REPORT_COLUMN_COUNT, get_received),
    NUMBER('a', "last", "Last", 7, REPORT_COLUMN_TIME, get_last),
    NUMBER('v', "avg", "Avg", 7, REPORT_COLUMN_TIME, get_mean),
    NUMBER('b', "best", "Best", 7, REPORT_COLUMN_TIME, get_best),
    NUMBER('w', "wrst", "Wrst", 7, REPORT_COLUMN_TIME, get_worst),
    NUMBER('d', "stdev", "StDev", 8, REPORT_COLUMN_TIME, get_stddev),
    WORD('t', "sts", "Sts", 7, text_status),
    NUMBER('j', "jttr", "Jttr", 7, REPORT_COLUMN_TIME, get_jitter),
    NUMBER('g', "javg", "Javg", 7, REPORT_COLUMN_TIME, get_jitter_mean),
    NUMBER('x', "jmax", "Jmax", 7, REPORT_COLUMN_TIME, get_jitter_max),
    NUMBER('i', "jint", "Jint", 8, REPORT_COLUMN_TIME, get_jitter_smoothed),
    WORD('S', "sprt", "Sprt", 7, text_source_port),
    WORD('P', "dprt", "Dprt", 7, text_target_port),
    NUMBER('Q', "seq", "Seq", 7, REPORT_COLUMN_COUNT, get_sequence),
    WORD('T', "type", "Type", 7, text_type),
    WORD('C', "code", "Code", 7, text_code),
    WORD('N', "nat", "NAT", 7, text_nat),
    NUMBER('f', "fail", "Fail", 7, REPORT_COLUMN_COUNT, get_failed),
    NUMBER('F', "floss", "Floss", 7, REPORT_COLUMN_COUNT, get_forward_lost),
    NUMBER('B', "bloss", "Bloss", 7, REPORT_COLUMN_COUNT, get_backward_lost),
    NUMBER('D', "floss_pct", "Floss%", 8, REPORT_COLUMN_PERCENT, get_forward_loss),
    WORD('K', "dscp", "DSCP", 7, text_dscp),
    WORD('M', "ecn", "ECN", 7, text_ecn),
    VIEW('A', "asn", "ASN", 8),
    NUMBER('m', "p50", "p50", 7, REPORT_COLUMN_TIME, get_p50),
    NUMBER('n', "p90", "p90", 7, REPORT_COLUMN_TIME, get_p90),
    NUMBER('p', "p99", "p99", 7, REPORT_COLUMN_TIME, get_p99),
};

const struct report_column *report_column_find(char code) {
    for (size_t i = 0; i < REPORT_COLUMN_COUNT_ALL; i++) {
        if (report_columns[i].code == code) {
            return &report_columns[i];
        }
    }
    return NULL;
}

bool report_column_value(char code, const struct report_row *row, double *out) {
    const struct report_column *column = report_column_find(code);

    *out = 0.0;
    return column != NULL && column->value != NULL && column->value(row, out);
}

const char *report_column_text(const struct report_column *column, const struct report_row *row,
                               char out[REPORT_CELL_MAX]) {
    char word[REPORT_CELL_MAX] = "";
    double value = 0.0;

    switch (column->kind) {
    case REPORT_COLUMN_COUNT:
        (void)column->value(row, &value);
        (void)snprintf(out, REPORT_CELL_MAX, "%.0f", value);
        break;
    case REPORT_COLUMN_PERCENT:
        (void)column->value(row, &value);
        (void)snprintf(out, REPORT_CELL_MAX, "%.1f%%", value);
        break;
    case REPORT_COLUMN_TIME:
        out[0] = '\0';
        if (column->value(row, &value)) {
            (void)snprintf(out, REPORT_CELL_MAX, "%.1f", value);
        }
        break;
    case REPORT_COLUMN_TEXT:
        (void)snprintf(out, REPORT_CELL_MAX, "%s", column->text(row, word, sizeof(word)));
        break;
    case REPORT_COLUMN_VIEW:
        out[0] = '\0';
        break;
    }
    return out;
}
