/* SPDX-License-Identifier: MIT */
#include "cli/validate.h"

#include <hops/addr.h>

#include "check.h"
#include "cli_case.h"

static void to_config(const char *args, struct hops_config *out) {
    const struct cli_case c = {.args = args, .pid = 4711};
    struct cli_run run;

    cli_case_run(&c, &run);
    check_int(args, run.outcome, CLI_RUN);
    cli_settings_to_config(&run.settings, out);
    cli_case_done(&run);
}

static void config_of_no_option_is_the_library_default(void **state) {
    struct hops_config got, want;

    (void)state;
    to_config("h", &got);
    hops_config_init(&want);
    check_int("size", got.size, want.size);
    check_int("protocol", got.protocol, want.protocol);
    check_int("strategy", got.strategy, want.strategy);
    check_int("direction", got.direction, want.direction);
    check_int("ports", got.source_port + got.target_port, want.source_port + want.target_port);
    check_int("first", got.first_ttl, want.first_ttl);
    check_int("max", got.max_ttl, want.max_ttl);
    check_int("inflight", got.max_inflight, want.max_inflight);
    check_int("sequence", got.initial_sequence, want.initial_sequence);
    check_int("last", got.last_sequence, want.last_sequence);
    check_int("packet", got.packet_size, want.packet_size);
    check_int("pattern", got.payload_pattern, want.payload_pattern);
    check_int("tos", got.tos, want.tos);
    check_int("extensions", got.extensions, want.extensions);
    check_int("min", got.min_round, want.min_round);
    check_int("max", got.max_round, want.max_round);
    check_int("grace", got.grace, want.grace);
    check_int("reply", got.reply_timeout, want.reply_timeout);
    check_int("interval", got.send_interval, want.send_interval);
    check_int("rounds", (long long)got.max_rounds, (long long)want.max_rounds);
    check_int("source", got.source.family, HOPS_FAMILY_NONE);
    check_int("target", got.target.family, HOPS_FAMILY_NONE);
    check_int("id", got.trace_id, 4711);
}

static void config_has_what_the_options_say(void **state) {
    struct hops_config c;
    char text[HOPS_ADDR_TEXT_MAX];

    (void)state;
    to_config("h --udp -R dublin -S 4000 -P 53 -f 2 -t 30 -U 5 --initial-sequence 1000 "
              "--packet-size 100 --payload-pattern 170 -Q 184 -e -i 2s -T 3s -g 200ms "
              "--reply-timeout 4s --send-interval 5ms -m csv -C 7 -A 192.0.2.1",
              &c);
    check_int("protocol", c.protocol, HOPS_PROTOCOL_UDP);
    check_int("strategy", c.strategy, HOPS_STRATEGY_DUBLIN);
    check_int("direction", c.direction, HOPS_PORTS_FIXED_BOTH);
    check_int("source port", c.source_port, 4000);
    check_int("target port", c.target_port, 53);
    check_int("proposed", c.source_port_proposed, false);
    check_int("first", c.first_ttl, 2);
    check_int("max", c.max_ttl, 30);
    check_int("inflight", c.max_inflight, 5);
    check_int("sequence", c.initial_sequence, 1000);
    check_int("packet", c.packet_size, 100);
    check_int("pattern", c.payload_pattern, 170);
    check_int("tos", c.tos, 184);
    check_int("extensions", c.extensions, true);
    check_int("min", c.min_round, 2 * HOPS_SEC);
    check_int("max", c.max_round, 3 * HOPS_SEC);
    check_int("grace", c.grace, 200 * HOPS_MS);
    check_int("reply", c.reply_timeout, 4 * HOPS_SEC);
    check_int("interval", c.send_interval, 5 * HOPS_MS);
    check_int("rounds", (long long)c.max_rounds, 7);
    check_str("source", hops_addr_format(&c.source, text), "192.0.2.1");
    assert_true(hops_addr_parse("198.51.100.1", &c.target));
    check_int("accepted", hops_config_check(&c, NULL), HOPS_OK);
}

static void config_ports_of_the_protocols(void **state) {
    static const struct {
        const char *args;
        enum hops_port_direction direction;
        uint16_t source, target;
        bool proposed;
    } rows[] = {
        {"h", HOPS_PORTS_NONE, 0, 0, false},
        {"h --udp", HOPS_PORTS_FIXED_SOURCE, 4711, 0, true},
        {"h --udp -S 5000", HOPS_PORTS_FIXED_SOURCE, 5000, 0, false},
        {"h --udp -P 53", HOPS_PORTS_FIXED_TARGET, 0, 53, false},
        {"h --tcp", HOPS_PORTS_FIXED_TARGET, 0, 80, false},
        {"h --tcp -S 7", HOPS_PORTS_FIXED_SOURCE, 7, 0, false},
        {"h --udp -R paris", HOPS_PORTS_FIXED_SOURCE, 4711, 0, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config c;

        to_config(rows[i].args, &c);
        check_int(rows[i].args, c.direction, rows[i].direction);
        check_int(rows[i].args, c.source_port, rows[i].source);
        check_int(rows[i].args, c.target_port, rows[i].target);
        check_int(rows[i].args, c.source_port_proposed, rows[i].proposed);
    }
}

static void config_ports_follow_a_changed_protocol(void **state) {
    const struct cli_case c = {.args = "h -P 53", .pid = 4711};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int("before", run.settings.direction, HOPS_PORTS_NONE);
    run.settings.protocol = HOPS_PROTOCOL_UDP;
    cli_derive_ports(&run.settings);
    check_int("after", run.settings.direction, HOPS_PORTS_FIXED_TARGET);
    check_int("port", run.settings.fixed_target_port, 53);
    cli_case_done(&run);
}

static void config_accepts_all_the_rules_accept(void **state) {
    static const char *const fine[] = {
        "h --udp --initial-sequence 1",
        "h --tcp --initial-sequence 1024",
        "h -f 254 -t 254",
        "h --udp -R paris -P 33434",
        "h --packet-size 1024",
        "h -i 0",
        "h --packet-size 28 -4",
        "h --initial-sequence 64511",
        "h --tcp -S 1 --packet-size 48",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
        struct hops_config c;
        struct hops_diag diag = {{0}};

        to_config(fine[i], &c);
        assert_true(hops_addr_parse("198.51.100.1", &c.target));
        if (hops_config_check(&c, &diag) != HOPS_OK) {
            check_str(fine[i], diag.text, "");
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_of_no_option_is_the_library_default),
        cmocka_unit_test(config_has_what_the_options_say),
        cmocka_unit_test(config_ports_of_the_protocols),
        cmocka_unit_test(config_ports_follow_a_changed_protocol),
        cmocka_unit_test(config_accepts_all_the_rules_accept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
