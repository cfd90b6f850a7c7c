/* SPDX-License-Identifier: MIT */
#include "report_trace.h"

#include "report/columns.h"
#include "report/width.h"

static void columns_table_is_whole(void **state) {
    static const char codes[] = "holsravbwdtjgxiSPQTCNfFBDKMAmnp";

    (void)state;
    assert_int_equal(strlen(codes), REPORT_COLUMN_COUNT_ALL);
    for (size_t i = 0; i < REPORT_COLUMN_COUNT_ALL; i++) {
        const struct report_column *column = &report_columns[i];
        const char name[2] = {column->code, '\0'};

        check_int(name, column->code, codes[i]);
        check_int(name, report_column_find(column->code) == column, true);
        check_int(name, column->value != NULL,
                  column->kind != REPORT_COLUMN_TEXT && column->kind != REPORT_COLUMN_VIEW);
        check_int(name, column->text != NULL, column->kind == REPORT_COLUMN_TEXT);
        if (column->code != 'h' && column->code != 'o') {
            check_int(name,
                      column->min_width >=
                          report_width_text(column->title, strlen(column->title)) + 2,
                      true);
        }
    }
    assert_null(report_column_find('z'));
    assert_null(report_column_find('\0'));
}

static const struct hops_hop busy = {
    .ttl = 12,
    .sent = 9,
    .received = 5,
    .failed = 1,
    .forward_lost = 2,
    .backward_lost = 1,
    .rtt_known = true,
    .last = 1234567,
    .best = 1000000,
    .worst = 2000000,
    .mean = 1500000.0,
    .m2 = 4.0 * 250000.0 * 250000.0,
    .jitter_known = true,
    .jitter = 300000,
    .jitter_max = 450000,
    .jitter_mean = 349000.0,
    .jitter_smoothed = 60000.0,
    .reply_known = true,
    .last_kind = HOPS_REPLY_UNREACHABLE,
    .last_icmp_type = 3,
    .last_icmp_code = 13,
    .tos = 0xb9,
    .nat = HOPS_NAT_DETECTED,
    .probe_known = true,
    .last_src_port = 40000,
    .last_dst_port = 33434,
    .last_sequence = 33010,
};

static const struct hops_hop silent = {.ttl = 3, .sent = 2, .tos = -1};

static void columns_cells_of_a_hop(void **state) {
    static const struct {
        char code;
        const char *busy, *silent;
    } rows[] = {
        {'h', "12", "3"},       {'o', "", ""},         {'l', "37.5%", "100.0%"},
        {'s', "9", "2"},        {'r', "5", "0"},       {'a', "1.2", ""},
        {'v', "1.5", ""},       {'b', "1.0", ""},      {'w', "2.0", ""},
        {'d', "0.2", ""},       {'t', "🔵", "🟤"},    {'j', "0.3", ""},
        {'g', "0.3", ""},       {'x', "0.5", ""},      {'i', "0.1", ""},
        {'S', "40000", "n/a"},  {'P', "33434", "n/a"}, {'Q', "33010", "0"},
        {'T', "DU", "n/a"},     {'C', "13", "n/a"},    {'N', "Yes", "n/a"},
        {'f', "1", "0"},        {'F', "2", "0"},       {'B', "1", "0"},
        {'D', "22.2%", "0.0%"}, {'K', "EF", "n/a"},    {'M', "ECT1", "n/a"},
        {'A', "", ""},          {'m', "", ""},         {'n', "", ""},
        {'p', "", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct report_column *column = report_column_find(rows[i].code);
        const char name[2] = {rows[i].code, '\0'};
        struct report_row row = {.hop = &busy};
        char out[REPORT_CELL_MAX];

        assert_non_null(column);
        check_str(name, report_column_text(column, &row, out), rows[i].busy);
        row.hop = &silent;
        check_str(name, report_column_text(column, &row, out), rows[i].silent);
    }
}

static void columns_type_and_code_by_reply(void **state) {
    static const struct {
        const char *name;
        enum hops_reply_kind kind;
        const char *type, *code;
    } rows[] = {
        {"time exceeded", HOPS_REPLY_TIME_EXCEEDED, "TE", "0"},
        {"unreachable", HOPS_REPLY_UNREACHABLE, "DU", "0"},
        {"packet too big", HOPS_REPLY_PACKET_TOO_BIG, "TB", "0"},
        {"echo", HOPS_REPLY_ECHO, "ER", "0"},
        {"SYN-ACK", HOPS_REPLY_TCP, "NA", "n/a"},
        {"RST", HOPS_REPLY_TCP_REFUSED, "NA", "n/a"},
        {"UDP", HOPS_REPLY_UDP, "NA", "n/a"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_hop hop = {.ttl = 1, .reply_known = true, .last_kind = rows[i].kind};
        struct report_row row = {.hop = &hop};
        char out[REPORT_CELL_MAX];

        check_str(rows[i].name, report_column_text(report_column_find('T'), &row, out),
                  rows[i].type);
        check_str(rows[i].name, report_column_text(report_column_find('C'), &row, out),
                  rows[i].code);
    }
}

static void columns_traffic_class_by_name(void **state) {
    static const struct {
        int16_t tos;
        const char *dscp, *ecn;
    } rows[] = {
        {0, "DF", "NotECT"},        {1 << 2, "LE", "NotECT"},    {8 << 2 | 2, "CS1", "ECT0"},
        {56 << 2 | 3, "CS7", "CE"}, {10 << 2, "AF11", "NotECT"}, {38 << 2, "AF43", "NotECT"},
        {44 << 2, "VA", "NotECT"},  {46 << 2, "EF", "NotECT"},   {3 << 2, "0x03", "NotECT"},
        {0xff, "0x3f", "CE"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_hop hop = {.ttl = 1, .tos = rows[i].tos};
        struct report_row row = {.hop = &hop};
        char out[REPORT_CELL_MAX];

        check_str(rows[i].dscp, report_column_text(report_column_find('K'), &row, out),
                  rows[i].dscp);
        check_str(rows[i].dscp, report_column_text(report_column_find('M'), &row, out),
                  rows[i].ecn);
    }
}

static void columns_status_counts_what_left(void **state) {
    static const struct {
        const char *name;
        struct hops_hop hop;
        bool target;
        char want;
    } rows[] = {
        {"nothing sent", {.sent = 0}, false, '?'},
        {"nothing sent to the target", {.sent = 0}, true, '!'},
        {"none lost", {.sent = 3, .received = 3}, false, '+'},
        {"none lost, target", {.sent = 3, .received = 3}, true, '+'},
        {"some lost", {.sent = 3, .received = 2}, false, '-'},
        {"some lost, target", {.sent = 3, .received = 2}, true, '~'},
        {"failed ones are not lost", {.sent = 3, .received = 2, .failed = 1}, true, '+'},
        {"all failed", {.sent = 3, .failed = 3}, true, '!'},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct report_row row = {.hop = &rows[i].hop, .is_target = rows[i].target};
        check_int(rows[i].name, report_status_letter(report_status(&row)), rows[i].want);
    }
}

/* Ten answers of 1 to 10 ms and a lost one: nearest rank knows no values between. */
static void columns_percentiles_by_nearest_rank(void **state) {
    static const int order[] = {7, 1, 10, 3, 0, 5, 9, 2, 8, 6, 4};
    struct trace trace = trace_new(1);
    struct hops_hop hop;
    struct report_row row = {.hop = &hop, .stats = trace.stats};
    double value;

    (void)state;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        TRACE_ROUND(&trace, {.ttl = 1,
                             .addr = order[i] == 0 ? NULL : "192.0.2.1",
                             .rtt = order[i] * HOPS_MS,
                             .target = order[i] != 0});
        if (i == 0) {
            assert_true(hops_stats_hop(trace.stats, 0, 1, &hop));
            assert_true(report_column_value('p', &row, &value));
            assert_true(value > 6.999 && value < 7.001);
        }
    }
    assert_true(hops_stats_hop(trace.stats, 0, 1, &hop));
    assert_int_equal(hop.sample_count, 11);
    static const struct {
        char code;
        double want;
    } rows[] = {{'m', 5.0}, {'n', 9.0}, {'p', 10.0}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(report_column_value(rows[i].code, &row, &value));
        assert_true(value > rows[i].want - 0.001 && value < rows[i].want + 0.001);
    }
    hops_stats_free(trace.stats);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_table_is_whole),
        cmocka_unit_test(columns_cells_of_a_hop),
        cmocka_unit_test(columns_type_and_code_by_reply),
        cmocka_unit_test(columns_traffic_class_by_name),
        cmocka_unit_test(columns_status_counts_what_left),
        cmocka_unit_test(columns_percentiles_by_nearest_rank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
