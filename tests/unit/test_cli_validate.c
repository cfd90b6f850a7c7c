/* SPDX-License-Identifier: MIT */
#include "cli/validate.h"

#include "check.h"
#include "cli_case.h"

#include <string.h>

/* One row per rule, in the order of the rules: all of them are broken by the words from its own row
 * on, and it is the one that is told. */
static const struct {
    const char *args, *says;
} rules[] = {
    {"--tui-custom-columns hhu", "unknown column code 'u'"},
    {"--tui-timezone Mars/Base", "tui-timezone 'Mars/Base'"},
    {"--udp -S 80 -P 53", "source-port is 80"},
    {"--tcp -S 80 -P 53", "only one of source-port and target-port"},
    {"-v -m tui", "verbose"},
    {"-u -R dublin -p icmp", "the multipath-strategy dublin is not possible in unprivileged mode"},
    {"-R dublin -p icmp", "the multipath-strategy dublin works with the protocol udp only"},
    {"-m flows", "the mode flows needs"},
    {"-f 0", "first-ttl is 0"},
    {"-t 255", "max-ttl is 255: it must be between 1 and 254"},
    {"-f 9 -t 8", "first-ttl (9)"},
    {"-U 0", "max-inflight is 0: it must be between 1 and 255"},
    {"--read-timeout 1s", "read-timeout is 1s"},
    {"-i 5s", "min-round-duration (5s)"},
    {"-g 2s", "grace-duration is 2s"},
    {"--packet-size 2000", "packet-size is 2000"},
    {"--initial-sequence 64512", "initial-sequence is 64512: it must be between 0 and 64511"},
    {"--tui-refresh-rate 2s", "tui-refresh-rate is 2s"},
    {"-C 0", "report-cycles is 0"},
    {"--tui-geoip-mode short", "tui-geoip-mode short"},
    {"--tui-custom-columns hh", "columns twice: h"},
    {"--tui-key-bindings quit=h", "two commands have the same key"},
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

static void check_says(const char *row, const char *args, const char *says) {
    const struct cli_case c = {.args = args};
    struct cli_run run;

    cli_case_run(&c, &run);
    check_int(row, cli_case_status(&run), 1);
    if (strstr(run.message.text, says) == NULL) {
        check_str(row, run.message.text, says);
    }
    cli_case_done(&run);
}

static void validate_each_rule_alone_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < RULES; i++) {
        struct cli_text args = {0};

        cli_text_addf(&args, "h %s", rules[i].args);
        check_says(rules[i].args, cli_text_str(&args), rules[i].says);
        cli_text_done(&args);
    }
}

/* True if words name an option that the words before it have already. */
static bool repeats(const char *have, const char *words) {
    char copy[128];
    char *rest = NULL;

    strcpy(copy, words);
    for (char *w = strtok_r(copy, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest)) {
        struct cli_text word = {0};
        bool found = false;

        cli_text_addf(&word, " %s ", w);
        found = w[0] == '-' && strstr(have, cli_text_str(&word)) != NULL;
        cli_text_done(&word);
        if (found) {
            return true;
        }
    }
    return false;
}

static void validate_the_earlier_of_two_broken_rules_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < RULES; i++) {
        for (size_t k = i + 1; k < RULES; k++) {
            struct cli_text args = {0};

            cli_text_addf(&args, "h %s ", rules[i].args);
            /* --udp, --tcp and -p exclude each other; so do repeated options. */
            bool both_protocols =
                (strstr(rules[i].args, "-p") != NULL || strstr(rules[i].args, "cp") != NULL ||
                 strstr(rules[i].args, "--udp") != NULL) &&
                (strstr(rules[k].args, "-p ") != NULL || strstr(rules[k].args, "--tcp") != NULL);
            if (!both_protocols && !repeats(cli_text_str(&args), rules[k].args)) {
                cli_text_addf(&args, "%s", rules[k].args);
                check_says(cli_text_str(&args), cli_text_str(&args), rules[i].says);
            }
            cli_text_done(&args);
        }
    }
}

static void validate_sequences_that_become_ports(void **state) {
    static const struct {
        const char *args;
        int status;
    } rows[] = {
        {"h --initial-sequence 0", 0},
        {"h --udp --initial-sequence 0", 1},
        {"h --udp --initial-sequence 1", 0},
        {"h --tcp --initial-sequence 1023", 1},
        {"h --tcp --initial-sequence 1024", 0},
        {"h --udp -P 53 --initial-sequence 1023", 1},
        {"h --tcp -S 2000 --initial-sequence 1", 0},
        {"h --udp -R paris -P 53 --initial-sequence 1", 0},
        {"h --initial-sequence 64511", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct cli_case c = {.args = rows[i].args};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(rows[i].args, cli_case_status(&run), rows[i].status);
        cli_case_done(&run);
    }
}

static void validate_bounds_are_inclusive(void **state) {
    static const char *const fine[] = {
        "h -f 1",
        "h -f 254 -t 254",
        "h -U 1",
        "h -U 255",
        "h --read-timeout 10ms",
        "h --read-timeout 100ms",
        "h -g 10ms",
        "h -g 1s",
        "h --packet-size 1024",
        "h --tui-refresh-rate 50ms",
        "h --tui-refresh-rate 1s",
        "h -C 1",
        "h -i 1s -T 1s",
        "h --dns-timeout 0 --dns-ttl 0 -s 0 --max-flows 0",
        "h -e --tos 255 -u",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
        const struct cli_case c = {.args = fine[i]};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(fine[i], cli_case_status(&run), 0);
        cli_case_done(&run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validate_each_rule_alone_is_told),
        cmocka_unit_test(validate_the_earlier_of_two_broken_rules_is_told),
        cmocka_unit_test(validate_sequences_that_become_ports),
        cmocka_unit_test(validate_bounds_are_inclusive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
