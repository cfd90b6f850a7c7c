/* SPDX-License-Identifier: MIT */
#include "cli/duration.h"

#include "check.h"

#include <stdio.h>
#include <string.h>

#define NS(n) ((hops_ns)(n))

static const struct {
    const char *text;
    enum cli_duration_status status;
    hops_ns want;
} rows[] = {
    {"0", CLI_DURATION_OK, 0},
    {"00", CLI_DURATION_NO_UNIT, 0},
    {"20", CLI_DURATION_NO_UNIT, 0},
    {"0 ", CLI_DURATION_NO_UNIT, 0},
    {" 0", CLI_DURATION_NO_UNIT, 0},
    {"1s 2", CLI_DURATION_NO_UNIT, 0},
    {"1 2s", CLI_DURATION_NO_UNIT, 0},
    {"1.5", CLI_DURATION_NO_UNIT, 0},
    {"0s", CLI_DURATION_OK, 0},
    {"100ms", CLI_DURATION_OK, 100 * HOPS_MS},
    {"100 ms", CLI_DURATION_OK, 100 * HOPS_MS},
    {" 1s ", CLI_DURATION_OK, HOPS_SEC},
    {"\t1\ns\r", CLI_DURATION_OK, HOPS_SEC},
    {"1s500ms", CLI_DURATION_OK, 1500 * HOPS_MS},
    {"1s 500ms", CLI_DURATION_OK, 1500 * HOPS_MS},
    {"1.5s", CLI_DURATION_OK, 1500 * HOPS_MS},
    {"1.5 s", CLI_DURATION_OK, 1500 * HOPS_MS},
    {"1s1s", CLI_DURATION_OK, 2 * HOPS_SEC},
    {"5M", CLI_DURATION_OK, 13150080 * HOPS_SEC},
    {"1S", CLI_DURATION_UNKNOWN_UNIT, 0},
    {"10xx", CLI_DURATION_UNKNOWN_UNIT, 0},
    {"1Ms", CLI_DURATION_UNKNOWN_UNIT, 0},
    {"1secondsandmore", CLI_DURATION_UNKNOWN_UNIT, 0},
    {"1_000ms", CLI_DURATION_BAD_CHARACTER, 0},
    {"1.s", CLI_DURATION_BAD_CHARACTER, 0},
    {"1.", CLI_DURATION_BAD_CHARACTER, 0},
    {"1.5.5s", CLI_DURATION_BAD_CHARACTER, 0},
    {"1e3s", CLI_DURATION_UNKNOWN_UNIT, 0},
    {"1-s", CLI_DURATION_BAD_CHARACTER, 0},
    {".5s", CLI_DURATION_NO_NUMBER, 0},
    {"-1s", CLI_DURATION_NO_NUMBER, 0},
    {"+1s", CLI_DURATION_NO_NUMBER, 0},
    {"foo", CLI_DURATION_NO_NUMBER, 0},
    {"1s,", CLI_DURATION_NO_NUMBER, 0},
    {"", CLI_DURATION_EMPTY, 0},
    {" \t ", CLI_DURATION_EMPTY, 0},
    {"1.25d", CLI_DURATION_OK, 108000 * HOPS_SEC},
    {"0.001y", CLI_DURATION_INEXACT, 0},
    {"0.5h", CLI_DURATION_OK, 1800 * HOPS_SEC},
    {"0.0001h", CLI_DURATION_INEXACT, 0},
    {"1.5ns", CLI_DURATION_INEXACT, 0},
    {"1.0ns", CLI_DURATION_INEXACT, 0},
    {"0.001us", CLI_DURATION_OK, 1},
    {"0.0001us", CLI_DURATION_INEXACT, 0},
    {"0.000001ms", CLI_DURATION_OK, 1},
    {"0.000000001s", CLI_DURATION_OK, 1},
    {"0.0000000010s", CLI_DURATION_OK, 1},
    {"0.0000000001s", CLI_DURATION_INEXACT, 0},
    {"0.00000000005m", CLI_DURATION_OK, 3},
    {"0.00000000001m", CLI_DURATION_INEXACT, 0},
    {"0.1234567890123456789s", CLI_DURATION_INEXACT, 0},
    {"1.000000000000000000000000s", CLI_DURATION_OK, HOPS_SEC},
    {"9223372036854775807ns", CLI_DURATION_OK, INT64_MAX},
    {"9223372036854775808ns", CLI_DURATION_TOO_LONG, 0},
    {"9223372036854775807ns 1ns", CLI_DURATION_TOO_LONG, 0},
    {"292y", CLI_DURATION_OK, NS(292) * 31557600 * HOPS_SEC},
    {"293y", CLI_DURATION_TOO_LONG, 0},
    {"99999999999999999999s", CLI_DURATION_TOO_LONG, 0},
    {"9223372036.9s", CLI_DURATION_TOO_LONG, 0},
};

static void duration_texts_are_read_or_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        hops_ns got = -7;

        check_int(rows[i].text, cli_duration_parse(rows[i].text, &got), rows[i].status);
        check_int(rows[i].text, got, rows[i].status == CLI_DURATION_OK ? rows[i].want : -7);
    }
}

static void duration_all_unit_spellings_are_known(void **state) {
    static const struct {
        const char *names[6];
        hops_ns value;
    } units[] = {
        {{"ns", "nsec", "nanos"}, 1},
        {{"us", "usec", "\xc2\xb5s"}, HOPS_US},
        {{"ms", "msec", "millis"}, HOPS_MS},
        {{"s", "sec", "secs", "second", "seconds"}, HOPS_SEC},
        {{"m", "min", "mins", "minute", "minutes"}, 60 * HOPS_SEC},
        {{"h", "hr", "hrs", "hour", "hours"}, 3600 * HOPS_SEC},
        {{"d", "day", "days"}, 86400 * HOPS_SEC},
        {{"w", "wk", "wks", "week", "weeks"}, 604800 * HOPS_SEC},
        {{"M", "month", "months"}, 2630016 * HOPS_SEC},
        {{"y", "yr", "yrs", "year", "years"}, 31557600 * HOPS_SEC},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        for (size_t k = 0; units[i].names[k] != NULL; k++) {
            char text[32];
            hops_ns got = 0;

            snprintf(text, sizeof(text), "2%s", units[i].names[k]);
            check_int(text, cli_duration_parse(text, &got), CLI_DURATION_OK);
            check_int(text, got, 2 * units[i].value);
        }
    }
}

static void duration_every_prefix_is_a_clean_answer(void **state) {
    static const char text[] = "12.5 ms 3\xc2\xb5s";

    (void)state;
    for (size_t len = 0; len < sizeof(text); len++) {
        char copy[sizeof(text)] = {0};
        hops_ns got = 0;

        memcpy(copy, text, len);
        const char *guarded = (const char *)check_guarded(copy, len + 1);
        enum cli_duration_status status = cli_duration_parse(guarded, &got);
        check_int(copy, status <= CLI_DURATION_TOO_LONG, 1);
    }
}

static void duration_messages_differ(void **state) {
    (void)state;
    for (int a = CLI_DURATION_OK; a <= CLI_DURATION_TOO_LONG; a++) {
        for (int b = a + 1; b <= CLI_DURATION_TOO_LONG; b++) {
            assert_string_not_equal(cli_duration_status_text((enum cli_duration_status)a),
                                    cli_duration_status_text((enum cli_duration_status)b));
        }
    }
}

static void duration_is_printed_in_the_largest_fitting_unit(void **state) {
    static const struct {
        hops_ns value;
        const char *want;
    } prints[] = {
        {0, "0ns"},
        {1, "1ns"},
        {999, "999ns"},
        {1500, "1.5\xc2\xb5s"},
        {9 * HOPS_MS, "9ms"},
        {1001 * HOPS_MS, "1.001s"},
        {60 * HOPS_SEC, "60s"},
        {1234567, "1.234567ms"},
        {INT64_MAX, "9223372036.854775807s"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(prints) / sizeof(prints[0]); i++) {
        char out[48];

        check_str(prints[i].want, cli_duration_format(prints[i].value, out), prints[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duration_texts_are_read_or_refused),
        cmocka_unit_test(duration_all_unit_spellings_are_known),
        cmocka_unit_test(duration_every_prefix_is_a_clean_answer),
        cmocka_unit_test(duration_messages_differ),
        cmocka_unit_test(duration_is_printed_in_the_largest_fitting_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
