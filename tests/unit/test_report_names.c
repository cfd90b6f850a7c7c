/* SPDX-License-Identifier: MIT */
#include "report/names.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hops_addr numbered(uint32_t n) {
    const uint8_t octets[4] = {10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};

    return hops_addr_ipv4(octets);
}

static const char *shown(struct report_names *names, const struct hops_addr *addr) {
    const struct hops_names source = report_names_source(names);
    const char *name = source.name(source.user, addr);

    return name == NULL ? "(none)" : name;
}

static bool put(struct report_names *names, const struct hops_addr *addr, const char *text) {
    const struct report_events_name name = {.addr = *addr, .shown = text};

    return report_names_put(names, &name);
}

static void names_empty_knows_nobody(void **state) {
    struct report_names names = {0};
    struct hops_addr addr = numbered(1);

    (void)state;
    assert_null(report_names_find(&names, &addr));
    check_str("empty", shown(&names, &addr), "(none)");
    report_names_done(&names);
}

static void names_everything_is_copied(void **state) {
    char texts[9][16] = {"shown", "one", "two",  "64500", "10.0.0.0/8",
                         "ZZ",    "reg", "2001", "owner"};
    const char *list[] = {texts[1], texts[2]};
    const struct report_events_as as = {.number = texts[3],
                                        .prefix = texts[4],
                                        .country = texts[5],
                                        .registry = texts[6],
                                        .allocated = texts[7],
                                        .name = texts[8]};
    const struct report_events_name name = {
        .time = 7, .addr = numbered(1), .shown = texts[0], .names = list, .count = 2, .as = &as};
    struct report_names names = {0};

    (void)state;
    assert_true(report_names_put(&names, &name));
    memset(texts, 'x', sizeof(texts));
    memset(list, 0, sizeof(list));
    const struct report_events_name *got = report_names_find(&names, &name.addr);
    assert_non_null(got);
    check_str("shown", got->shown, "shown");
    check_int("count", got->count, 2);
    check_str("first", got->names[0], "one");
    check_str("second", got->names[1], "two");
    check_str("number", got->as->number, "64500");
    check_str("prefix", got->as->prefix, "10.0.0.0/8");
    check_str("country", got->as->country, "ZZ");
    check_str("registry", got->as->registry, "reg");
    check_str("allocated", got->as->allocated, "2001");
    check_str("owner", got->as->name, "owner");
    report_names_done(&names);
}

static void names_later_line_replaces_the_earlier(void **state) {
    struct report_names names = {0};
    struct hops_addr addr = numbered(1);
    struct hops_addr other = numbered(2);

    (void)state;
    assert_true(put(&names, &addr, "first"));
    assert_true(put(&names, &other, "other"));
    assert_true(put(&names, &addr, "second, longer than the first one"));
    check_str("replaced", shown(&names, &addr), "second, longer than the first one");
    check_str("other", shown(&names, &other), "other");
    check_int("count", names.count, 2);
    assert_true(put(&names, &addr, NULL));
    check_str("withdrawn", shown(&names, &addr), "(none)");
    assert_non_null(report_names_find(&names, &addr));
    report_names_done(&names);
}

/* What was found is the source of the line that replaces it. */
static void names_line_may_borrow_from_what_it_replaces(void **state) {
    struct report_names names = {0};
    struct hops_addr addr = numbered(1);

    (void)state;
    assert_true(put(&names, &addr, "kept"));
    struct report_events_name name = *report_names_find(&names, &addr);
    name.time = 9;
    assert_true(report_names_put(&names, &name));
    check_str("kept", shown(&names, &addr), "kept");
    check_int("time", report_names_find(&names, &addr)->time, 9);
    report_names_done(&names);
}

static void names_families_and_scopes_are_told_apart(void **state) {
    static const char *const texts[] = {"fe80::1", "fe80::2", "::a00:1", "2001:db8::1"};
    struct report_names names = {0};
    struct hops_addr addr = numbered(1);

    (void)state;
    assert_true(put(&names, &addr, "four"));
    for (size_t i = 0; i < 4; i++) {
        assert_true(hops_addr_parse(texts[i], &addr));
        check_str(texts[i], shown(&names, &addr), "(none)");
        assert_true(put(&names, &addr, texts[i]));
    }
    for (size_t i = 0; i < 4; i++) {
        assert_true(hops_addr_parse(texts[i], &addr));
        check_str(texts[i], shown(&names, &addr), texts[i]);
    }
    assert_true(hops_addr_parse("fe80::1", &addr));
    addr.scope = 2;
    assert_true(put(&names, &addr, "on two"));
    check_str("zone", shown(&names, &addr), "on two");
    addr.scope = 3;
    if (strcmp(shown(&names, &addr), "on two") == 0) {
        check_str("other zone", shown(&names, &addr), "not that of zone 2");
    }
    report_names_done(&names);
}

static void names_beyond_the_bound_stay_unknown(void **state) {
    struct report_names names = {0};

    (void)state;
    for (uint32_t i = 0; i < REPORT_NAMES_MAX + 10; i++) {
        struct hops_addr addr = numbered(i);
        char text[32];

        (void)snprintf(text, sizeof(text), "host-%u", i);
        assert_true(put(&names, &addr, text));
    }
    check_int("count", names.count, REPORT_NAMES_MAX);
    for (uint32_t i = 0; i < REPORT_NAMES_MAX + 10; i++) {
        struct hops_addr addr = numbered(i);
        char text[32];

        (void)snprintf(text, sizeof(text), "host-%u", i);
        check_str(text, shown(&names, &addr), i < REPORT_NAMES_MAX ? text : "(none)");
    }
    struct hops_addr known = numbered(5);
    assert_true(put(&names, &known, "again")); /* what is there can still change */
    check_str("again", shown(&names, &known), "again");
    report_names_done(&names);
}

/* A recording full of long names costs bounded memory: of further ones only what is shown. */
static void names_octets_have_a_bound(void **state) {
    static char text[1000];
    const char *list[REPORT_EVENTS_NAMES_MAX];
    struct report_names names = {0};
    uint32_t first = UINT32_MAX; /* whose list was not kept */

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    for (size_t i = 0; i < REPORT_EVENTS_NAMES_MAX; i++) {
        list[i] = text;
    }
    for (uint32_t i = 0; i < 4000; i++) {
        const struct report_events_name name = {
            .addr = numbered(i), .shown = "shown", .names = list, .count = REPORT_EVENTS_NAMES_MAX};
        assert_true(report_names_put(&names, &name));
        const struct report_events_name *got = report_names_find(&names, &name.addr);
        check_str("shown", got->shown, "shown");
        if (got->count == 0 && first == UINT32_MAX) {
            first = i;
        }
    }
    check_int("bound", first > 1000 && first < 4000, true);
    check_int("octets", names.octets < (size_t)REPORT_NAMES_OCTETS_MAX + 4000 * 1024, true);
    report_names_done(&names);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_empty_knows_nobody),
        cmocka_unit_test(names_everything_is_copied),
        cmocka_unit_test(names_later_line_replaces_the_earlier),
        cmocka_unit_test(names_line_may_borrow_from_what_it_replaces),
        cmocka_unit_test(names_families_and_scopes_are_told_apart),
        cmocka_unit_test(names_beyond_the_bound_stay_unknown),
        cmocka_unit_test(names_octets_have_a_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
