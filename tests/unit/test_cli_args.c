/* SPDX-License-Identifier: MIT */
#include "cli/args.h"

#include "check.h"
#include "cli_case.h"

#include <string.h>

/* The grammar: rows give the words, the exit status, and a part of the message or a summary of
 * what was understood. */
static const struct {
    const char *args;
    int status;
    const char *says;
} errors[] = {
    {"--prot udp h", 2, "unknown option '--prot'"},
    {"--prot udp h", 2, "A similar option exists: '--protocol'."},
    {"--protocl udp h", 2, "'--protocol'"},
    {"--hlep", 2, "'--help'"},
    {"-c a -c b h", 2, "'--config-file <CONFIG_FILE>' cannot be used multiple times"},
    {"-u -u h", 2, "'--unprivileged' cannot be used multiple times"},
    {"-uu h", 2, "cannot be used multiple times"},
    {"--simulate --simulate", 2, "cannot be used multiple times"},
    {"--simulate=", 2, "the file name is empty"},
    {"--udp=true h", 2, "unexpected value 'true' for '--udp'"},
    {"-u=true h", 2, "unexpected value 'true' for '--unprivileged'"},
    {"--help=yes", 2, "unexpected value 'yes' for '--help'"},
    {"-f -5 h", 2, "'--first-ttl <FIRST_TTL>' needs a value"},
    {"h -f", 2, "needs a value"},
    {"h -f --", 2, "needs a value"},
    {"h -f=-5", 2, "invalid value '-5' for '--first-ttl <FIRST_TTL>'"},
    {"h -f ''", 2, "invalid value ''"},
    {"h -f=", 2, "invalid value ''"},
    {"h -f +", 2, "invalid value '+'"},
    {"h -f 0x1", 2, "invalid value '0x1'"},
    {"h -f 1.0", 2, "invalid value '1.0'"},
    {"h -P 65536", 2, "from 0 to 65535"},
    {"h -s 18446744073709551616", 2, "from 0 to 18446744073709551615"},
    {"h -p ''", 2, "possible values: icmp, udp, tcp"},
    {"h -p UDP", 2, "possible values: icmp, udp, tcp"},
    {"h -A ''", 2, "an IPv4 or IPv6 address is expected"},
    {"h -A 192.0.2.01", 2, "an IPv4 or IPv6 address is expected"},
    {"h -A [::1]", 2, "an IPv4 or IPv6 address is expected"},
    {"h -A host.example", 2, "an IPv4 or IPv6 address is expected"},
    {"h -A 2001:db8::1%eth0", 2, "an IPv4 or IPv6 address is expected"},
    {"h -A fe80::1%", 2, "an IPv4 or IPv6 address is expected"},
    {"h -A fe80::1%muchtoolonginterface", 2, "an IPv4 or IPv6 address is expected"},
    {"-5", 2, "'-- -5'"},
    {"-ux h", 2, "unknown option 'x' in '-ux'"},
    {"-u5 h", 2, "unknown option '5' in '-u5'"},
    {"--tui-max-samples 5 h", 2, "unknown option '--tui-max-samples'"},
    {"--tui-max-flows 5 h", 2, "unknown option '--tui-max-flows'"},
    {"h --tui-theme-colors bg-color=red, text-color=red", 2, "item=color is expected"},
    {"h --tui-theme-colors ''", 2, "item=color is expected"},
    {"h --tui-theme-colors nope=red", 2, "unknown theme item"},
    {"h --tui-theme-colors BG-color=red", 2, "unknown theme item"},
    {"h --tui-theme-colors bg-color=#fff", 2, "unknown colour '#fff'"},
    {"h --tui-key-bindings quit", 2, "command=key is expected"},
    {"h --tui-key-bindings quit=foo", 2, "unknown key 'foo'"},
    {"h --tui-key-bindings quit=fn+q", 2, "unknown modifier 'fn'"},
    {"h --tui-key-bindings leave=q", 2, "unknown command"},
    {"h --tui-key-bindings toggle-privacy=o", 2, "expand-privacy and contract-privacy"},
    {"--bad \033[31m h", 2, "unknown option '--bad'"},
    {"--\033[31m", 2, "unknown option '--\\x1b[31m'"},
    {"-\x9b h", 2, "unknown option '-\\x9b'"},
    {"h -p \302\233x", 2, "invalid value '\\x9bx'"},
    {"-p udp --udp h", 2, "'--protocol' and '--udp' exclude each other"},
    {"-4 -6 h", 2, "'--ipv4' and '--ipv6' exclude each other"},
    {"-F ipv4 -6 h", 2, "'--addr-family' and '--ipv6' exclude each other"},
    {"-A 192.0.2.1 -I eth0 h", 2, "'--source-address' and '--interface' exclude each other"},
    {"-m csv", 2, "no target was given"},
    {"--", 2, "no target was given"},
    {"-f 256 -h", 2, "invalid value '256'"},
    {"-h -f 256", 100, "Usage: hops"},
    {"-uh", 100, "Usage: hops"},
    {"h --help --nope", 100, "Usage: hops"},
    {"-V", 100, "hops 1.2.3\n"},
    {"--version", 100, "hops 1.2.3\n"},
};

static void args_mistakes_are_told(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        struct cli_case c = {.args = errors[i].args};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(errors[i].args, cli_case_status(&run), errors[i].status);
        if (strstr(run.message.text, errors[i].says) == NULL) {
            check_str(errors[i].args, run.message.text, errors[i].says);
        }
        check_int(errors[i].args, run.message.to_stderr, errors[i].status == 2);
        for (const char *p = run.message.text; *p != '\0'; p++) {
            check_int(errors[i].args, (unsigned char)*p >= ' ' || *p == '\n', true);
        }
        if (errors[i].status == 2) {
            check_int(errors[i].args, strncmp(run.message.text, "error: ", 7), 0);
            check_int(errors[i].args, strstr(run.message.text, "Usage: hops [OPTIONS]") != NULL, 1);
            check_int(errors[i].args, strstr(run.message.text, "hops --help") != NULL, 1);
        }
        cli_case_done(&run);
    }
}

static void args_all_ways_to_give_a_value(void **state) {
    static const char *const ways[] = {
        "h --first-ttl 5", "h --first-ttl=5", "-f 5 h",    "-f5 h",   "-f=5 h",
        "-uf5 h",          "-uf=5 h",         "-eyuf 5 h", "h -f +5", "h -f 05",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct cli_case c = {.args = ways[i]};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(ways[i], cli_case_status(&run), 0);
        check_int(ways[i], run.settings.first_ttl, 5);
        check_int(ways[i], run.settings.target_count, 1);
        check_str(ways[i], run.settings.targets[0], "h");
        cli_case_done(&run);
    }
}

static void args_bundles_end_in_a_value(void **state) {
    static const char *const bundles[] = {"-uvpudp -m csv h", "-uvp=udp -m csv h",
                                          "-uvp udp -m csv h"};

    (void)state;
    for (size_t i = 0; i < sizeof(bundles) / sizeof(bundles[0]); i++) {
        struct cli_case c = {.args = bundles[i]};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(bundles[i], cli_case_status(&run), 0);
        check_int(bundles[i], run.settings.unprivileged && run.settings.verbose, true);
        check_int(bundles[i], run.settings.protocol, HOPS_PROTOCOL_UDP);
        cli_case_done(&run);
    }
}

static void args_targets_stand_anywhere_and_after_dashes(void **state) {
    struct cli_case c = {.args = "a -f 2 b - -m csv -- -5 --udp --"};
    static const char *const want[] = {"a", "b", "-", "-5", "--udp", "--"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int(c.args, cli_case_status(&run), 0);
    check_int(c.args, run.settings.target_count, 6);
    for (size_t i = 0; i < 6; i++) {
        check_str(c.args, run.settings.targets[i], want[i]);
    }
    check_int(c.args, run.settings.udp, false);
    cli_case_done(&run);
}

static void args_lists_add_up_and_the_last_one_counts(void **state) {
    struct cli_case c = {.args = "h --tui-theme-colors bg-color=red,text-color=#010aFF "
                                 "--tui-theme-colors=bg-color=sky-blue"};
    struct cli_run run;
    char out[16];

    (void)state;
    cli_case_run(&c, &run);
    check_int(c.args, cli_case_status(&run), 0);
    check_str("bg", cli_color_format(&run.settings.theme[0], out), "87ceeb");
    check_str("border", cli_color_format(&run.settings.theme[1], out), "gray");
    check_str("text", cli_color_format(&run.settings.theme[2], out), "010aff");
    cli_case_done(&run);
}

static void args_strings_may_be_empty(void **state) {
    struct cli_case c = {.args = "h --log-filter= -I '' --tui-locale ''"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int(c.args, cli_case_status(&run), 0);
    check_str("filter", run.settings.log_filter, "");
    check_str("interface", run.settings.interface, "");
    cli_case_done(&run);
}

static void args_a_lone_dash_is_a_value(void **state) {
    struct cli_case c = {.args = "h --log-filter -"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int(c.args, cli_case_status(&run), 0);
    check_str("filter", run.settings.log_filter, "-");
    cli_case_done(&run);
}

static void args_simulate_takes_a_file_only_when_joined(void **state) {
    struct cli_case plain = {.args = "--simulate net.toml"};
    struct cli_case joined = {.args = "--simulate=net.toml"};
    struct cli_run run;

    (void)state;
    cli_case_run(&plain, &run);
    check_int("plain", cli_case_status(&run), 0);
    check_int("plain", run.settings.simulate, true);
    assert_null(run.settings.simulate_file);
    check_str("plain", run.settings.targets[0], "net.toml");
    cli_case_done(&run);
    cli_case_run(&joined, &run);
    check_int("joined", cli_case_status(&run), 0);
    check_int("joined", run.settings.target_count, 0);
    check_str("joined", run.settings.simulate_file, "net.toml");
    cli_case_done(&run);
}

static void args_link_local_source_keeps_its_zone(void **state) {
    struct cli_case c = {.args = "h -A fe80::1%eth0"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int(c.args, cli_case_status(&run), 0);
    check_int("family", run.settings.source_address.addr.family, HOPS_IPV6);
    check_str("zone", run.settings.source_address.zone, "eth0");
    cli_case_done(&run);
}

static void args_nothing_at_all_gives_the_short_help(void **state) {
    struct cli_case c = {.args = ""};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int("empty", cli_case_status(&run), 2);
    check_int("empty", run.message.to_stderr, true);
    check_int("empty", strstr(run.message.text, "--first-ttl <FIRST_TTL>") != NULL, true);
    cli_case_done(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(args_mistakes_are_told),
        cmocka_unit_test(args_all_ways_to_give_a_value),
        cmocka_unit_test(args_bundles_end_in_a_value),
        cmocka_unit_test(args_targets_stand_anywhere_and_after_dashes),
        cmocka_unit_test(args_lists_add_up_and_the_last_one_counts),
        cmocka_unit_test(args_strings_may_be_empty),
        cmocka_unit_test(args_a_lone_dash_is_a_value),
        cmocka_unit_test(args_simulate_takes_a_file_only_when_joined),
        cmocka_unit_test(args_link_local_source_keeps_its_zone),
        cmocka_unit_test(args_nothing_at_all_gives_the_short_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
