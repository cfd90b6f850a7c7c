/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <hops/addr.h>

static void addr_text_round_trips(void **state) {
    static const struct {
        const char *text;
        const char *want; /* NULL: refused */
    } rows[] = {
        {"192.0.2.1", "192.0.2.1"},
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"192.0.2.01", NULL},
        {"192.0.2", NULL},
        {"192.0.2.1.", NULL},
        {"192.0.2.256", NULL},
        {" 192.0.2.1", NULL},
        {"", NULL},
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"2001:DB8::A", "2001:db8::a"},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
        {"::ffff:192.0.2.7", "::ffff:192.0.2.7"},
        {"::ffff:c000:207", "::ffff:192.0.2.7"},
        {"::1.2.3.4", "::102:304"},
        {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
        {"1:2:3:4:5:6:7", NULL},
        {"1:2:3:4:5:6:7:8:9", NULL},
        {"1::2::3", NULL},
        {":1::2", NULL},
        {"1:2:3:4:5:6:7:", NULL},
        {"12345::", NULL},
        {"fe80::1%eth0", NULL},
        {"[::1]", NULL},
        {"1:2:3:4:5:6:7::8", NULL},
        {":::", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_addr addr;
        char text[HOPS_ADDR_TEXT_MAX];
        bool ok = hops_addr_parse(rows[i].text, &addr);

        check_int(rows[i].text, ok, rows[i].want != NULL);
        if (ok) {
            check_str(rows[i].text, hops_addr_format(&addr, text), rows[i].want);
        }
    }
}

static void addr_scope_counts_for_link_local_only(void **state) {
    struct hops_addr a;
    struct hops_addr b;

    (void)state;
    assert_true(hops_addr_parse("fe80::1", &a));
    b = a;
    a.scope = 2;
    assert_true(hops_addr_equal(&a, &b));
    b.scope = 3;
    assert_false(hops_addr_equal(&a, &b));
    assert_true(hops_addr_parse("2001:db8::1", &a));
    b = a;
    a.scope = 2;
    b.scope = 3;
    assert_true(hops_addr_equal(&a, &b));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addr_text_round_trips),
        cmocka_unit_test(addr_scope_counts_for_link_local_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
