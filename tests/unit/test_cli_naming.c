/* SPDX-License-Identifier: MIT
 *
 * Names as events, for reports and for a screen, from a scenario, from a recording and from the
 * parts of the DNS that need no server. (tests/netns/test_names.py has servers.)
 */
#include "cli/naming.h"

#include "cli/scenario.h"

#include "check.h"

#include <poll.h>
#include <string.h>

#define SCENARIO                                                                                   \
    "[[node]]\nid = \"a\"\naddress = \"192.0.2.1\"\n"                                              \
    "name = [\"a.example\", \"a\\u001b[2J.example\"]\n[[node]]\nid = \"b\"\n"                      \
    "address = \"192.0.2.2\"\n[[node]]\nid = \"t\"\naddress = \"198.51.100.1\"\n"                  \
    "[[target]]\nnode = \"t\"\nsource = \"192.0.2.9\"\npath = [\"a\", \"b\"]\n"                    \
    "[[as]]\nprefix = \"192.0.2.0/24\"\nnumber = 64500\ncountry = \"ZZ\"\n"

struct fixture {
    struct cli_settings settings;
    struct cli_scenario *scenario; /* NULL: none */
    struct cli_naming *naming;
    struct tui_sources sources;
    struct hops_names names;
};

static void setup(struct fixture *f, enum cli_mode mode, const char *scenario,
                  const struct cli_settings *more) {
    struct hops_diag diag = {.text = ""};

    *f = (struct fixture){0};
    if (more != NULL) {
        f->settings = *more;
    }
    f->settings.mode = mode;
    f->settings.dns_timeout = HOPS_SEC;
    f->settings.dns_ttl = HOPS_SEC;
    f->settings.locale = "en";
    if (scenario != NULL) {
        enum hops_err err =
            cli_scenario_parse(scenario, strlen(scenario), "s", &f->scenario, &diag);
        check_str("scenario", diag.text, "");
        assert_int_equal(err, HOPS_OK);
    }
    assert_int_equal(cli_naming_new(&f->settings,
                                    scenario == NULL ? NULL : cli_scenario_get(f->scenario),
                                    &f->naming, &diag),
                     HOPS_OK);
    f->sources = cli_naming_sources(f->naming);
    f->names = cli_naming_names(f->naming);
}

static void teardown(struct fixture *f) {
    cli_naming_free(f->naming);
    cli_scenario_free(f->scenario);
}

static struct hops_addr addr_of(const char *text) {
    struct hops_addr addr;

    assert_true(hops_addr_parse(text, &addr));
    return addr;
}

/* What a report shows; "" for the address itself. */
static const char *report_name(struct fixture *f, const char *text) {
    struct hops_addr addr = addr_of(text);
    const char *name = f->names.name(f->names.user, &addr);

    return name == NULL ? "" : name;
}

static void see(struct fixture *f, const char *text) {
    struct hops_addr addr = addr_of(text);

    cli_naming_seen(f->naming, &addr, 0);
}

static void naming_of_a_scenario_is_told_once(void **state) {
    struct fixture f;
    struct report_events_name name;

    (void)state;
    setup(&f, CLI_MODE_CSV, SCENARIO, NULL);
    assert_false(cli_naming_next(f.naming, &name));
    see(&f, "192.0.2.1");
    check_str("before it is told", report_name(&f, "192.0.2.1"), "");
    assert_true(cli_naming_next(f.naming, &name));
    check_str("shown", name.shown, "a.example a\\027[2J.example");
    assert_int_equal(name.count, 2);
    check_str("names", name.names[1], "a\\027[2J.example");
    check_str("as", name.as->number, "64500");
    check_str("as", name.as->prefix, "192.0.2.0/24");
    check_str("as", name.as->country, "ZZ");
    assert_null(name.as->registry);
    assert_false(cli_naming_next(f.naming, &name));
    see(&f, "192.0.2.1");
    assert_false(cli_naming_next(f.naming, &name));
    check_str("report", report_name(&f, "192.0.2.1"), "a.example a\\027[2J.example");
    see(&f, "192.0.2.2"); /* no name, but AS data */
    assert_true(cli_naming_next(f.naming, &name));
    assert_null(name.shown);
    assert_int_equal(name.count, 0);
    check_str("as", name.as->number, "64500");
    see(&f, "198.51.100.1"); /* neither */
    assert_false(cli_naming_next(f.naming, &name));
    assert_int_equal(cli_naming_missing(f.naming), 0);
    assert_int_equal(cli_naming_patience(f.naming), 0);
    assert_false(cli_naming_uses_dns(f.naming));
    assert_true(cli_naming_deadline(f.naming, 5) == HOPS_NEVER);
    teardown(&f);
}

static void naming_for_a_screen_is_asked_not_told(void **state) {
    struct fixture f;
    struct report_events_name event;
    struct hops_addr first = addr_of("192.0.2.1");
    struct hops_addr last = addr_of("198.51.100.1");

    (void)state;
    setup(&f, CLI_MODE_TUI, SCENARIO, NULL);
    see(&f, "192.0.2.1");
    assert_false(cli_naming_next(f.naming, &event));
    struct tui_name name = f.sources.name(f.sources.user, &first);
    assert_int_equal(name.state, TUI_LOOKUP_FOUND);
    check_str("all", name.text, "a.example a\\027[2J.example");
    check_str("first", name.first, "a.example");
    struct tui_as as = f.sources.as(f.sources.user, &first);
    assert_int_equal(as.state, TUI_LOOKUP_FOUND);
    assert_int_equal(as.number, 64500);
    check_str("registry", as.registry, "");
    assert_int_equal(f.sources.name(f.sources.user, &last).state, TUI_LOOKUP_NOT_FOUND);
    assert_int_equal(f.sources.as(f.sources.user, &last).state, TUI_LOOKUP_NOT_FOUND);
    assert_null(f.sources.place);
    assert_null(f.sources.forget);
    check_str("saved", report_name(&f, "192.0.2.1"), "a.example a\\027[2J.example");
    teardown(&f);
}

static void naming_of_a_mode_without_names_is_silent(void **state) {
    static const enum cli_mode modes[] = {CLI_MODE_STREAM, CLI_MODE_DOT, CLI_MODE_FLOWS,
                                          CLI_MODE_SILENT};
    const struct cli_settings recorded = {.record = "file"};
    struct report_events_name name;
    struct fixture f;

    (void)state;
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        setup(&f, modes[i], NULL, NULL);
        assert_false(cli_naming_uses_dns(f.naming));
        teardown(&f);
        setup(&f, modes[i], SCENARIO, NULL);
        see(&f, "192.0.2.1");
        assert_false(cli_naming_next(f.naming, &name));
        teardown(&f);
        setup(&f, modes[i], SCENARIO, &recorded);
        see(&f, "192.0.2.1");
        assert_true(cli_naming_next(f.naming, &name));
        teardown(&f);
    }
}

static void naming_that_asks_nobody_has_no_sources(void **state) {
    const struct cli_settings nobody = {.dns_resolve_method = CLI_RESOLVER_NONE};
    struct pollfd fds[CLI_NAMING_FDS];
    struct report_events_name name;
    struct fixture f;

    (void)state;
    setup(&f, CLI_MODE_EVENTS, NULL, &nobody);
    see(&f, "127.0.0.1");
    assert_false(cli_naming_next(f.naming, &name));
    check_str("report", report_name(&f, "127.0.0.1"), "");
    assert_int_equal(cli_naming_fds(f.naming, fds), 0);
    assert_false(cli_naming_process(f.naming, fds, 0, 1));
    assert_null(f.sources.name);
    assert_null(f.sources.as);
    teardown(&f);
}

static const struct {
    const char *name, *shown, *names[2];
    size_t count;
    enum tui_lookup want;
    const char *first;
} recorded[] = {
    {"a name", "x.example", {"x.example"}, 1, TUI_LOOKUP_FOUND, "x.example"},
    {"two names", "x.example y", {"x.example", "y"}, 2, TUI_LOOKUP_FOUND, "x.example"},
    {"shown alone", "x.example", {NULL}, 0, TUI_LOOKUP_FOUND, "x.example"},
    {"nothing", NULL, {NULL}, 0, TUI_LOOKUP_NOT_FOUND, NULL},
    {"failed", "Failed: 192.0.2.7", {NULL}, 0, TUI_LOOKUP_FAILED, NULL},
    {"timeout", "Timeout: 192.0.2.7", {NULL}, 0, TUI_LOOKUP_TIMEOUT, NULL},
    {"a name that reads like one", "Failed: x", {"Failed: x"}, 1, TUI_LOOKUP_FOUND, "Failed: x"},
};

static void naming_of_a_recording_is_what_was_put(void **state) {
    const struct cli_settings replayed = {.replay = "file"};
    const struct report_events_as as = {.number = "4294967295", .name = "EX"};

    (void)state;
    for (size_t i = 0; i < sizeof(recorded) / sizeof(recorded[0]); i++) {
        const char *row = recorded[i].name;
        struct report_events_name event = {.addr = addr_of("192.0.2.7"),
                                           .shown = recorded[i].shown,
                                           .names = recorded[i].names,
                                           .count = recorded[i].count,
                                           .as = &as};
        struct fixture f;
        setup(&f, CLI_MODE_TUI, NULL, &replayed);
        assert_int_equal(f.sources.name(f.sources.user, &event.addr).state, TUI_LOOKUP_NOT_FOUND);
        assert_true(cli_naming_put(f.naming, &event));
        struct tui_name name = f.sources.name(f.sources.user, &event.addr);
        check_int(row, name.state, recorded[i].want);
        check_str(row, name.first == NULL ? "" : name.first,
                  recorded[i].first == NULL ? "" : recorded[i].first);
        check_str(row, report_name(&f, "192.0.2.7"),
                  recorded[i].shown == NULL ? "" : recorded[i].shown);
        struct tui_as got = f.sources.as(f.sources.user, &event.addr);
        check_int(row, got.number, UINT32_MAX);
        check_str(row, got.name, "EX");
        assert_null(got.prefix);
        assert_false(cli_naming_uses_dns(f.naming));
        teardown(&f);
    }
}

/* Loopback is known without a question; AS data of it too: there is none. */
static void naming_of_the_dns_answers_for_this_host_at_once(void **state) {
    const struct cli_servers servers = {.count = 1,
                                        .list = {{.addr = addr_of("127.0.0.1"), .port = 9}}};
    const struct cli_settings more = {.dns_servers = &servers, .dns_lookup_as_info = true};
    struct report_events_name name;
    struct fixture f;

    (void)state;
    setup(&f, CLI_MODE_EVENTS, NULL, &more);
    assert_true(cli_naming_uses_dns(f.naming));
    assert_true(cli_naming_patience(f.naming) == HOPS_SEC);
    see(&f, "::1");
    assert_int_equal(cli_naming_missing(f.naming), 1);
    assert_true(cli_naming_next(f.naming, &name));
    check_str("shown", name.shown, "localhost");
    assert_null(name.as);
    assert_int_equal(cli_naming_missing(f.naming), 0);
    see(&f, "::1");
    assert_false(cli_naming_next(f.naming, &name));
    teardown(&f);
    setup(&f, CLI_MODE_TUI, NULL, &more);
    struct hops_addr addr = addr_of("127.0.0.5");
    check_str("not asked yet", report_name(&f, "127.0.0.5"), "");
    assert_int_equal(f.sources.name(f.sources.user, &addr).state, TUI_LOOKUP_FOUND);
    check_str("saved", report_name(&f, "127.0.0.5"), "localhost");
    f.sources.forget(f.sources.user);
    check_str("forgotten", report_name(&f, "127.0.0.5"), "");
    teardown(&f);
}

/* 20,000 routers that answer, without names: what is kept of them is bounded. */
static void naming_of_many_addresses_is_bounded(void **state) {
    struct report_events_name name;
    struct fixture f;
    size_t told = 0;

    (void)state;
    setup(&f, CLI_MODE_EVENTS, SCENARIO, NULL);
    for (unsigned i = 0; i < 20000; i++) {
        uint8_t octets[4] = {192, 0, (uint8_t)(2 + i / 256), (uint8_t)i};
        struct hops_addr addr = hops_addr_ipv4(octets);
        cli_naming_seen(f.naming, &addr, 0);
        while (cli_naming_next(f.naming, &name)) {
            told++;
        }
    }
    assert_int_equal(told, 256); /* those of the one AS */
    assert_int_equal(cli_naming_missing(f.naming), 0);
    teardown(&f);
}

static void naming_without_its_database_does_not_begin(void **state) {
    const struct cli_settings settings = {
        .mode = CLI_MODE_SILENT, .geoip_mmdb_file = "/nowhere/x.mmdb", .locale = "en"};
    struct cli_naming *naming = NULL;
    struct hops_diag diag;

    (void)state;
    assert_int_equal(cli_naming_new(&settings, NULL, &naming, &diag), HOPS_ERR_SYSTEM);
    assert_null(naming);
    assert_non_null(strstr(diag.text, "/nowhere/x.mmdb"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(naming_of_a_scenario_is_told_once),
        cmocka_unit_test(naming_for_a_screen_is_asked_not_told),
        cmocka_unit_test(naming_of_a_mode_without_names_is_silent),
        cmocka_unit_test(naming_that_asks_nobody_has_no_sources),
        cmocka_unit_test(naming_of_a_recording_is_what_was_put),
        cmocka_unit_test(naming_of_the_dns_answers_for_this_host_at_once),
        cmocka_unit_test(naming_of_many_addresses_is_bounded),
        cmocka_unit_test(naming_without_its_database_does_not_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
