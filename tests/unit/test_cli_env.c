/* SPDX-License-Identifier: MIT */
#include "cli/env.h"

#include "check.h"
#include "cli_case.h"

#include <string.h>

static const struct {
    const char *args, *env;
    int status;
    const char *says; /* of the message; NULL: none */
} rows[] = {
    {"h", "HOPS_FIRST_TTL=5", 0, NULL},
    {"h", "HOPS_FIRST_TTL=", 2, "invalid value '' for 'HOPS_FIRST_TTL'"},
    {"h", "HOPS_FIRST_TTL=256", 2, "invalid value '256' for 'HOPS_FIRST_TTL'"},
    {"h -f 3", "HOPS_FIRST_TTL=256", 0, NULL},
    {"h", "HOPS_FIRST_TTL=0", 1, "first-ttl is 0"},
    {"h", "HOPS_GRACE_DURATION=", 2, "HOPS_GRACE_DURATION"},
    {"h", "HOPS_SOURCE_ADDRESS=", 2, "HOPS_SOURCE_ADDRESS"},
    {"h", "HOPS_PROTOCOL=", 2, "HOPS_PROTOCOL"},
    {"h", "HOPS_PROTOCOL=UDP", 2, "possible values: icmp, udp, tcp"},
    {"h", "HOPS_UNPRIVILEGED=true", 0, NULL},
    {"h", "HOPS_UNPRIVILEGED=false", 0, NULL},
    {"h", "HOPS_UNPRIVILEGED=TRUE", 2, "possible values: true, false"},
    {"h", "HOPS_UNPRIVILEGED=1", 2, "possible values: true, false"},
    {"h", "HOPS_UNPRIVILEGED=yes", 2, "possible values: true, false"},
    {"h", "HOPS_UNPRIVILEGED=", 2, "possible values: true, false"},
    {"h -u", "HOPS_UNPRIVILEGED=1", 0, NULL},
    {"h", "HOPS_LOG_FILTER=", 0, NULL},
    {"h", "HOPS_TUI_THEME_COLORS=bg-color=red,text-color=blue", 0, NULL},
    {"h", "HOPS_TUI_THEME_COLORS=", 2, "HOPS_TUI_THEME_COLORS"},
    {"h", "HOPS_TUI_THEME_COLORS=bg-color=red,", 2, "item=color is expected"},
    {"h", "HOPS_TUI_KEY_BINDINGS=quit=foo", 2, "unknown key 'foo'"},
    {"h", "HOPS_UDP=true|HOPS_TCP=true", 2, "HOPS_UDP and HOPS_TCP exclude each other"},
    {"h", "HOPS_UDP=false|HOPS_TCP=true", 0, NULL},
    {"h --interface eth0", "HOPS_SOURCE_ADDRESS=192.0.2.1", 2, "exclude each other"},
    {"", "HOPS_PRINT_LOCALES=true", 100, "TUI locales: de, en"},
    {"", "HOPS_GENERATE=fish", 100, "complete -c hops"},
    {"", "HOPS_UDP=false", 2, "Options:"},
    {"", "HOPS_SIMULATE=true", 0, NULL},
    {"", "HOPS_SIMULATE=net.toml", 0, NULL},
    {"", "HOPS_SIMULATE=", 2, "HOPS_SIMULATE"},
    {"", "HOPS_TARGETS=h", 0, NULL},
    {"h", "HOPS_NO_SUCH_OPTION=1", 0, NULL},
    {"h", "HOPS_HELP=true", 0, NULL},
    {"h", "FIRST_TTL=999", 0, NULL},
    {"h", "HOPS_FIRST_TTL", 0, NULL},
    {"h", "HOPS_FIRST_TTLS=999", 0, NULL},
    {"h", "HOPS_PROTOCOL=\033[2J", 2, "invalid value '\\x1b[2J'"},
};

static void env_values_are_read_like_options(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct cli_case c = {.args = rows[i].args, .env = rows[i].env};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(rows[i].env, cli_case_status(&run), rows[i].status);
        if (rows[i].says != NULL && strstr(run.message.text, rows[i].says) == NULL) {
            check_str(rows[i].env, run.message.text, rows[i].says);
        }
        cli_case_done(&run);
    }
}

static void env_sources_are_remembered(void **state) {
    const struct cli_case c = {.args = "h -f 2 -U 3",
                               .env = "HOPS_MAX_INFLIGHT=9|HOPS_MAX_TTL=30|HOPS_UNPRIVILEGED=true",
                               .file = "[strategy]\nmax-ttl = 20\ntos = 8\nfirst-ttl = 4\n"
                                       "[hops]\nunprivileged = false\n"};
    static const struct {
        const char *option;
        enum cli_source want;
    } sources[] = {{"first-ttl", CLI_SOURCE_ARGS}, {"max-inflight", CLI_SOURCE_ARGS},
                   {"max-ttl", CLI_SOURCE_ENV},    {"unprivileged", CLI_SOURCE_ENV},
                   {"tos", CLI_SOURCE_FILE},       {"packet-size", CLI_SOURCE_BUILT_IN}};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int("outcome", run.outcome, CLI_RUN);
    check_int("first", run.settings.first_ttl, 2);
    check_int("inflight", run.settings.max_inflight, 3);
    check_int("max", run.settings.max_ttl, 30);
    check_int("tos", run.settings.tos, 8);
    check_int("unprivileged", run.settings.unprivileged, true);
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        check_int(sources[i].option, cli_settings_source(&run.settings, sources[i].option),
                  sources[i].want);
        check_int(sources[i].option, cli_settings_given(&run.settings, sources[i].option),
                  sources[i].want >= CLI_SOURCE_ENV);
    }
    cli_case_done(&run);
}

static void env_target_is_one_and_arguments_replace_it(void **state) {
    struct cli_case c = {.args = "", .env = "HOPS_TARGETS=a b,c"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int("one", run.settings.target_count, 1);
    check_str("one", run.settings.targets[0], "a b,c");
    cli_case_done(&run);
    c.args = "x y";
    cli_case_run(&c, &run);
    check_int("two", run.settings.target_count, 2);
    check_str("two", run.settings.targets[0], "x");
    cli_case_done(&run);
}

static void env_switch_cannot_undo_the_file(void **state) {
    const struct cli_case c = {.args = "h",
                               .env = "HOPS_DNS_RESOLVE_ALL=false",
                               .file = "[dns]\ndns-resolve-all = true\n"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int("on", run.settings.dns_resolve_all, true);
    cli_case_done(&run);
}

static void env_lists_are_layered_item_by_item(void **state) {
    const struct cli_case c = {
        .args = "h --tui-theme-colors bg-color=red",
        .env = "HOPS_TUI_THEME_COLORS=border-color=red|HOPS_TUI_KEY_BINDINGS=quit=x",
        .file = "[theme-colors]\nbg-color = \"blue\"\ntext-color = \"#123456\"\n"
                "[bindings]\nquit = \"y\"\ntoggle-map = \"ctrl+m\"\n"};
    struct cli_run run;
    char out[64];

    (void)state;
    cli_case_run(&c, &run);
    check_int("outcome", run.outcome, CLI_RUN);
    check_str("argument", cli_color_format(&run.settings.theme[0], out), "red");
    check_str("the variable is replaced", cli_color_format(&run.settings.theme[1], out), "gray");
    check_str("file", cli_color_format(&run.settings.theme[2], out), "123456");
    int quit = cli_command_find("quit", 4);
    int map = cli_command_find("toggle-map", 10);
    check_str("variable", cli_key_format(&run.settings.bindings[quit], out), "x");
    check_str("file", cli_key_format(&run.settings.bindings[map], out), "ctrl+m");
    check_int("given", run.settings.binding_given[map], true);
    check_int("not given", run.settings.binding_given[0], false);
    cli_case_done(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(env_values_are_read_like_options),
        cmocka_unit_test(env_sources_are_remembered),
        cmocka_unit_test(env_target_is_one_and_arguments_replace_it),
        cmocka_unit_test(env_switch_cannot_undo_the_file),
        cmocka_unit_test(env_lists_are_layered_item_by_item),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
