/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include "check.h"
#include "cli_case.h"

#include <stdio.h>
#include <string.h>

/* Starts of the program and what becomes of them: the settings that matter as one line, or a part
 * of the message. */
static const struct {
    const char *name;
    struct cli_case c;
    int status;
    const char *want;
} rows[] = {
    {"nothing", {.args = ""}, 2, "Usage: hops"},
    {"no target", {.args = "-m json"}, 2, "no target"},
    {"defaults", {.args = "h"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"no terminal", {.args = "h", .no_terminal = true}, 0, "pretty icmp none 0 0 system rounds 10"},
    {"tui without terminal",
     {.args = "h -m tui", .no_terminal = true},
     0,
     "tui icmp none 0 0 system rounds 0"},
    {"cycles", {.args = "h -m csv -C 4"}, 0, "csv icmp none 0 0 system rounds 4"},
    {"no cycles", {.args = "h -m csv -C 0"}, 1, "report-cycles is 0"},
    {"no cycles, tui", {.args = "h -C 0"}, 1, "report-cycles is 0"},
    {"two targets", {.args = "-U 9 a --tos 8 b"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"several targets, json", {.args = "a b -m json"}, 0, "json icmp none 0 0 system rounds 10"},
    {"all addresses, csv", {.args = "a -y -m csv"}, 0, "csv icmp none 0 0 system rounds 10"},
    {"several targets, udp", {.args = "a b --udp"}, 0, "tui udp source 1024 0 system rounds 0"},
    {"all addresses, tcp", {.args = "a -y --tcp"}, 0, "tui tcp target 0 80 system rounds 0"},
    {"all addresses", {.args = "a -y"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"silent", {.args = "a b -m silent"}, 0, "silent icmp none 0 0 system rounds 10"},
    {"stream", {.args = "a -m stream"}, 0, "stream icmp none 0 0 system rounds 0"},
    {"events", {.args = "a -m events"}, 0, "events icmp none 0 0 system rounds 0"},
    {"events, cycles", {.args = "a -m events -C 3"}, 0, "events icmp none 0 0 system rounds 3"},
    {"events, cycles in a variable",
     {.args = "a -m events", .env = "HOPS_REPORT_CYCLES=3"},
     0,
     "events icmp none 0 0 system rounds 3"},
    {"events, cycles in the file",
     {.args = "a -m events", .file = "[report]\nreport-cycles = 3\n"},
     0,
     "events icmp none 0 0 system rounds 0"},
    {"tui in the file, no terminal",
     {.args = "a", .file = "[hops]\nmode = \"tui\"\n", .no_terminal = true},
     0,
     "pretty icmp none 0 0 system rounds 10"},
    {"csv in the file",
     {.args = "a", .file = "[trippy]\nmode = \"csv\"\n"},
     0,
     "csv icmp none 0 0 system rounds 10"},
    {"udp", {.args = "h --udp"}, 0, "tui udp source 1024 0 system rounds 0"},
    {"udp, pid",
     {.args = "h --udp", .pid = 65535 + 2000},
     0,
     "tui udp source 2000 0 system rounds 0"},
    {"udp, pid wraps",
     {.args = "h --udp", .pid = 65535},
     0,
     "tui udp source 1024 0 system rounds 0"},
    {"udp, low source", {.args = "h --udp -S 1023"}, 1, "source-port is 1023"},
    {"udp, lowest source", {.args = "h --udp -S 1024"}, 0, "tui udp source 1024 0 system rounds 0"},
    {"udp, low source, both", {.args = "h --udp -R paris -S 53 -P 53"}, 1, "source-port is 53"},
    {"tcp, low source", {.args = "h --tcp -S 7"}, 0, "tui tcp source 7 0 system rounds 0"},
    {"tcp", {.args = "h --tcp"}, 0, "tui tcp target 0 80 system rounds 0"},
    {"tcp, port", {.args = "h --tcp -P 443"}, 0, "tui tcp target 0 443 system rounds 0"},
    {"udp, target", {.args = "h --udp -P 53"}, 0, "tui udp target 0 53 system rounds 0"},
    {"icmp, ports", {.args = "h -S 5 -P 53"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"udp, both ports", {.args = "h --udp -S 4000 -P 53"}, 1, "only one of source-port"},
    {"dublin, both ports",
     {.args = "h --udp -R dublin -S 4000 -P 53"},
     0,
     "tui udp both 4000 53 system rounds 0"},
    {"paris, both ports",
     {.args = "h --udp -R paris -S 4000 -P 53 -6"},
     0,
     "tui udp both 4000 53 ipv6 rounds 0"},
    {"tcp, both ports, paris", {.args = "h --tcp -S 4000 -P 53 -R paris"}, 1, "only one of"},
    {"icmp, paris", {.args = "h -R paris"}, 1, "with the protocol udp only, not icmp"},
    {"tcp, dublin", {.args = "h --tcp -R dublin"}, 1, "with the protocol udp only, not tcp"},
    {"dot, classic", {.args = "h -m dot"}, 1, "dot needs the multipath-strategy"},
    {"flows, classic", {.args = "h -m flows --udp"}, 1, "flows needs the multipath-strategy"},
    {"dot, paris",
     {.args = "h -m dot --udp -R paris"},
     0,
     "dot udp source 1024 0 system rounds 10"},
    {"udp, tcp", {.args = "h --udp --tcp"}, 2, "exclude"},
    {"udp twice", {.args = "h -p udp --udp"}, 2, "exclude"},
    {"both families", {.args = "h -4 -6"}, 2, "exclude"},
    {"family twice", {.args = "h -F ipv4 -4"}, 2, "exclude"},
    {"source twice", {.args = "h -A 192.0.2.1 -I eth0"}, 2, "exclude"},
    {"family twice, udp", {.args = "h -4 -p udp -F ipv6"}, 2, "exclude"},
    {"first-ttl 0", {.args = "h -f 0"}, 1, "first-ttl is 0: it must be between 1 and 254"},
    {"first-ttl 255", {.args = "h -f 255"}, 1, "first-ttl is 255"},
    {"max-ttl 0", {.args = "h -t 0"}, 1, "max-ttl is 0"},
    {"ttl order", {.args = "h -f 9 -t 8"}, 1, "first-ttl (9) is greater than max-ttl (8)"},
    {"first-ttl 256", {.args = "h -f 256"}, 2, "256"},
    {"size 28, ipv4", {.args = "h --packet-size 28 -4"}, 0, "tui icmp none 0 0 ipv4 rounds 0"},
    {"size 28", {.args = "h --packet-size 28"}, 1, "between 48 and 1024 for the family system"},
    {"size 48", {.args = "h --packet-size 48"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"size 27, ipv4", {.args = "h --packet-size 27 -4"}, 1, "between 28 and 1024"},
    {"size 1025", {.args = "h --packet-size 1025 -4"}, 1, "packet-size is 1025"},
    {"size 65536", {.args = "h --packet-size 65536"}, 2, "65536"},
    {"read-timeout 9ms", {.args = "h --read-timeout 9ms"}, 1, "read-timeout is 9ms"},
    {"read-timeout 101ms", {.args = "h --read-timeout 101ms"}, 1, "between 10ms and 100ms"},
    {"read-timeout 20", {.args = "h --read-timeout 20"}, 2, "unit is missing"},
    {"-i 0", {.args = "h -i 0"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"-T 0",
     {.args = "h -T 0"},
     1,
     "min-round-duration (1s) is longer than max-round-duration (0ns)"},
    {"-i 2s", {.args = "h -i 2s"}, 1, "-T"},
    {"-i 2s -T 2s", {.args = "h -i 2s -T 2s"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"-g 0", {.args = "h -g 0"}, 1, "grace-duration is 0ns"},
    {"-g 9ms", {.args = "h -g 9ms"}, 1, "grace-duration is 9ms"},
    {"-g 1001ms", {.args = "h -g 1001ms"}, 1, "grace-duration is 1.001s"},
    {"refresh", {.args = "h --tui-refresh-rate 49ms -m json"}, 1, "tui-refresh-rate is 49ms"},
    {"as, system", {.args = "h -z"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"as, resolv", {.args = "h -z -r resolv"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"places", {.args = "h --tui-geoip-mode long"}, 1, "tui-geoip-mode long"},
    {"column", {.args = "h --tui-custom-columns u"}, 1, "column code 'u'"},
    {"no column", {.args = "h --tui-custom-columns ''"}, 1, "tui-custom-columns is empty"},
    {"column twice", {.args = "h --tui-custom-columns hoh"}, 1, "twice: h\n"},
    {"column thrice", {.args = "h --tui-custom-columns hhh"}, 1, "twice: h, h\n"},
    {"percentiles", {.args = "h --tui-custom-columns mnp"}, 0, "tui icmp none 0 0 system rounds 0"},
    {"zone", {.args = "h --tui-timezone Mars/Base"}, 1, "'Mars/Base'"},
    {"verbose", {.args = "h -v"}, 1, "verbose"},
    {"verbose, no terminal",
     {.args = "h -v", .no_terminal = true},
     0,
     "pretty icmp none 0 0 system rounds 10"},
    {"verbose, silent", {.args = "h -v -m silent"}, 0, "silent icmp none 0 0 system rounds 10"},
    {"clash", {.args = "h --tui-key-bindings toggle-map=h"}, 1, "h: [toggle-map and toggle-help]"},
    {"swap",
     {.args = "h --tui-key-bindings toggle-map=h,toggle-help=m"},
     0,
     "tui icmp none 0 0 system rounds 0"},
    {"no right", {.args = "h", .no_raw = true}, 0, "tui icmp none 0 0 system rounds 0"},
    {"no right, -u", {.args = "h -u", .no_raw = true}, 0, "tui icmp none 0 0 system rounds 0"},
    {"no right, dublin", {.args = "h --udp -R dublin", .no_raw = true}, 1, "CAP_NET_RAW"},
    {"-u, dublin", {.args = "h -u --udp -R dublin"}, 1, "leave --unprivileged out"},
    {"simulate, any pid",
     {.args = "--simulate --udp", .pid = 4000},
     0,
     "tui udp source 1024 0 system rounds 0"},
    {"simulate, dublin",
     {.args = "--simulate -u --udp -R dublin", .no_raw = true},
     0,
     "tui udp source 1024 0 system rounds 0"},
    {"template",
     {.args = "--print-config-template -m csv", .file = "broken", .no_raw = true},
     100,
     "[strategy]"},
    {"file's bad value",
     {.args = "h -f 3", .file = "[strategy]\nfirst-ttl = 0\n"},
     0,
     "tui icmp none 0 0 system rounds 0"},
    {"file's protocol",
     {.args = "h --icmp", .file = "[strategy]\nprotocol = \"udp\"\n"},
     0,
     "tui icmp none 0 0 system rounds 0"},
    {"file's family",
     {.args = "h -6", .file = "[strategy]\naddr-family = \"ipv4\"\n"},
     0,
     "tui icmp none 0 0 ipv6 rounds 0"},
    {"retired",
     {.args = "h", .file = "[tui]\ntui-max-samples = 5\n"},
     1,
     "max-samples in [strategy]"},
    {"table", {.args = "h", .file = "[stratgy]\n"}, 1, "hops.toml:1:"},
    {"key", {.args = "h", .file = "[dns]\ndns_ttl = \"1s\"\n"}, 1, "hops.toml:2:1: unknown key"},
    {"type", {.args = "h", .file = "[dns]\ndns-ttl = 60\n"}, 1, "dns-ttl must be a string"},
    {"value", {.args = "h", .file = "[trippy]\nmode = \"TUI\"\n"}, 1, "'TUI' for mode"},
    {"variable, option",
     {.args = "h --udp", .env = "HOPS_PROTOCOL=tcp"},
     2,
     "HOPS_PROTOCOL and '--udp' exclude each other"},
    {"option beats variable",
     {.args = "h -p udp", .env = "HOPS_PROTOCOL=tcp"},
     0,
     "tui udp source 1024 0 system rounds 0"},
    {"switch 1", {.args = "h", .env = "HOPS_UDP=1"}, 2, "HOPS_UDP"},
    {"false is absent",
     {.args = "h --tcp", .env = "HOPS_UDP=false"},
     0,
     "tui tcp target 0 80 system rounds 0"},
    {"false action", {.args = "-m csv", .env = "HOPS_PRINT_LOCALES=false"}, 2, "no target"},
    {"target in a variable",
     {.args = "", .env = "HOPS_TARGETS=a b"},
     0,
     "tui icmp none 0 0 system rounds 0"},
    {"variable alone", {.args = "", .env = "HOPS_FIRST_TTL=5"}, 2, "no target"},
};

static void summary(const struct cli_settings *s, char out[128]) {
    static const char *const directions[] = {"none", "source", "target", "both"};
    const struct cli_option *mode = cli_option((size_t)cli_option_find("mode", 4));
    const struct cli_option *family = cli_option((size_t)cli_option_find("addr-family", 11));

    snprintf(out, 128, "%s %s %s %u %u %s rounds %llu", mode->choices[s->mode].name,
             hops_protocol_name(s->protocol), directions[s->direction], s->fixed_source_port,
             s->fixed_target_port, family->choices[s->addr_family].name,
             (unsigned long long)s->max_rounds);
}

static void vectors_give_their_outcome(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cli_run run;
        char got[128];

        cli_case_run(&rows[i].c, &run);
        if (run.outcome == CLI_EXIT && cli_case_status(&run) != rows[i].status) {
            check_str(rows[i].name, run.message.text, "");
        }
        check_int(rows[i].name, cli_case_status(&run), rows[i].status);
        if (run.outcome == CLI_RUN) {
            summary(&run.settings, got);
            check_str(rows[i].name, got, rows[i].want);
        } else if (strstr(run.message.text, rows[i].want) == NULL) {
            check_str(rows[i].name, run.message.text, rows[i].want);
        }
        if (rows[i].status == 1) {
            check_int(rows[i].name, strncmp(run.message.text, "Error: ", 7), 0);
            check_int(rows[i].name, run.message.to_stderr, true);
        }
        cli_case_done(&run);
    }
}

static void vectors_two_targets_keep_their_options(void **state) {
    const struct cli_case c = {.args = "-U 9 a.example --tos 8 b.example"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int("targets", run.settings.target_count, 2);
    check_str("first", run.settings.targets[0], "a.example");
    check_str("second", run.settings.targets[1], "b.example");
    check_int("inflight", run.settings.max_inflight, 9);
    check_int("tos", run.settings.tos, 8);
    cli_case_done(&run);
}

static void vectors_ports_nobody_asked_for_are_proposals(void **state) {
    static const struct {
        const char *args;
        bool want;
    } ports[] = {{"h --udp", true}, {"h --udp -S 2000", false}, {"h --tcp", false}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct cli_case c = {.args = ports[i].args};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(c.args, run.settings.source_port_proposed, ports[i].want);
        cli_case_done(&run);
    }
}

static void vectors_raw_is_used_where_it_may_be(void **state) {
    static const struct {
        struct cli_case c;
        bool want;
    } raw[] = {{{.args = "h"}, true},
               {{.args = "h -u"}, false},
               {{.args = "h", .no_raw = true}, false},
               {{.args = "--simulate"}, false}};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct cli_run run;

        cli_case_run(&raw[i].c, &run);
        check_int(raw[i].c.args, run.settings.use_raw, raw[i].want);
        cli_case_done(&run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_give_their_outcome),
        cmocka_unit_test(vectors_two_targets_keep_their_options),
        cmocka_unit_test(vectors_ports_nobody_asked_for_are_proposals),
        cmocka_unit_test(vectors_raw_is_used_where_it_may_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
