/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "net/source.h"

#include <hops/addr.h>
#include <hops/net.h>

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

static void net_addr_parse_reads_zones_of_link_local_addresses_only(void **state) {
    static const struct {
        const char *text;
        bool want;
        uint32_t scope; /* 1: that of lo */
    } rows[] = {
        {"192.0.2.1", true, 0},
        {"2001:db8::1", true, 0},
        {"fe80::1", true, 0},
        {"fe80::1%lo", true, 1},
        {"fe80::1%2", true, 2},
        {"fe80::1%4294967295", true, 4294967295},
        {"fe80::1%0", false, 0},
        {"fe80::1%", false, 0},
        {"fe80::1%-1", false, 0},
        {"fe80::1% 2", false, 0},
        {"fe80::1%+2", false, 0},
        {"fe80::1%4294967296", false, 0},
        {"fe80::1%2x", false, 0},
        {"fe80::1%lo%lo", false, 0},
        {"fe80::1%nosuchdevice", false, 0},
        {"::1%lo", false, 0},
        {"2001:db8::1%lo", false, 0},
        {"192.0.2.1%lo", false, 0},
        {"169.254.0.1%lo", false, 0},
        {"%lo", false, 0},
        {"", false, 0},
        {"1111111111111111111111111111111111111111111111111111111111111111111111111%lo", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_addr addr = {0};
        bool ok = hops_net_addr_parse(rows[i].text, &addr);

        check_int(rows[i].text, ok, rows[i].want);
        check_int(rows[i].text, addr.scope,
                  rows[i].scope == 1 ? if_nametoindex("lo") : rows[i].scope);
    }
}

static enum hops_err settle(const char *target, const char *source, const char *interface,
                            struct hops_config *config, struct hops_diag *diag) {
    *config = (struct hops_config){.size = sizeof(*config)};
    assert_true(hops_net_addr_parse(target, &config->target));
    if (source != NULL) {
        assert_true(hops_net_addr_parse(source, &config->source));
    }
    return hops_net_source_settle(config, interface, diag);
}

static void net_source_loopback_is_found_given_and_by_interface(void **state) {
    static const struct {
        const char *name;
        const char *source;
        const char *interface;
        const char *want;
    } rows[] = {
        {"found", NULL, "", "127.0.0.1"},
        {"given", "127.0.0.2", "", "127.0.0.2"},
        {"by interface", NULL, "lo", "127.0.0.1"},
        {"given wins over interface", "127.0.0.3", "lo", "127.0.0.3"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config config;
        struct hops_diag diag;
        char text[HOPS_ADDR_TEXT_MAX];

        check_int(rows[i].name,
                  settle("127.0.0.1", rows[i].source, rows[i].interface, &config, &diag), HOPS_OK);
        check_str(rows[i].name, hops_addr_format(&config.source, text), rows[i].want);
    }
}

static void net_source_refusals_name_what_was_given(void **state) {
    static const struct {
        const char *target;
        const char *source;
        const char *interface;
        enum hops_err err;
        const char *says;
    } rows[] = {
        {"127.0.0.1", "192.0.2.99", "", HOPS_ERR_NO_SOURCE, "192.0.2.99"},
        {"127.0.0.1", NULL, "nosuchdevice", HOPS_ERR_NO_INTERFACE,
         "unknown interface nosuchdevice"},
        {"fe80::5", NULL, "", HOPS_ERR_INVALID, "fe80::5%eth0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config config;
        struct hops_diag diag = {.text = ""};

        check_int(rows[i].says,
                  settle(rows[i].target, rows[i].source, rows[i].interface, &config, &diag),
                  rows[i].err);
        if (strstr(diag.text, rows[i].says) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", diag.text, rows[i].says);
        }
        if (rows[i].source == NULL) {
            check_int(rows[i].says, config.source.family, HOPS_FAMILY_NONE);
        }
    }
}

static void net_source_probe_tells_ours_from_foreign(void **state) {
    struct hops_addr addr;

    (void)state;
    assert_true(hops_addr_parse("127.0.0.1", &addr));
    assert_int_equal(hops_net_source_probe(&addr, ""), 0);
    assert_true(hops_net_source_is_ours(&addr));
    assert_true(hops_addr_parse("192.0.2.99", &addr));
    assert_int_equal(hops_net_source_probe(&addr, ""), EADDRNOTAVAIL);
    assert_false(hops_net_source_is_ours(&addr));
    addr.family = HOPS_FAMILY_NONE;
    assert_false(hops_net_source_is_ours(&addr));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_addr_parse_reads_zones_of_link_local_addresses_only),
        cmocka_unit_test(net_source_loopback_is_found_given_and_by_interface),
        cmocka_unit_test(net_source_refusals_name_what_was_given),
        cmocka_unit_test(net_source_probe_tells_ours_from_foreign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
