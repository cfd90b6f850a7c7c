/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "lookup/answer.h"
#include "lookup/asn.h"
#include "lookup/files.h"
#include "lookup/question.h"

#include <stdio.h>
#include <string.h>

static struct hops_addr addr_of(const char *text) {
    struct hops_addr addr;

    assert_true(hops_addr_parse(text, &addr));
    return addr;
}

/* Answers. Header, question a. PTR IN; owners point to offset 12. */

static const char two_names[] = "0001 8180 0001 0003 0000 0000 0161 00 000c 0001 "
                                "c00c 0005 0001 00000000 0003 01 62 00 "
                                "0162 00 000c 0001 00000000 0004 02 7231 00 "
                                "c01f 000c 0001 00000000 0004 02 7232 00";
static const char hostile[] = "0001 8180 0001 0001 0000 0000 0161 00 000c 0001 "
                              "c00c 000c 0001 00000000 000a 08 1b 5b 00 ff 2e 5c 0a 78 00";
static const char strings[] = "0001 8180 0001 0001 0000 0000 0161 00 0010 0001 "
                              "c00c 0010 0001 00000000 0009 02 6162 03 631b64 01 65";
static const char other_owner[] = "0001 8180 0001 0001 0000 0000 0161 00 000c 0001 "
                                  "0163 00 000c 0001 00000000 0004 02 7231 00";
static const char loop[] = "0001 8180 0001 0001 0000 0000 0161 00 000c 0001 "
                           "c013 000c 0001 00000000 0004 02 7231 00";

static void answer_records_become_clean_texts(void **state) {
    static const struct {
        const char *name, *hex;
        unsigned type;
        bool good;
        size_t count;
        const char *first, *second;
    } rows[] = {
        {"alias, two names", two_names, LOOKUP_TYPE_PTR, true, 2, "r1", "r2"},
        {"hostile", hostile, LOOKUP_TYPE_PTR, true, 1, "\\027[\\000\\255\\.\\\\\\010x", ""},
        {"strings", strings, LOOKUP_TYPE_TXT, true, 1, "abc\\027de", ""},
        {"TXT asked for, PTR there", two_names, LOOKUP_TYPE_TXT, true, 0, "", ""},
        {"other owner", other_owner, LOOKUP_TYPE_PTR, true, 0, "", ""},
        {"name that points to itself", loop, LOOKUP_TYPE_PTR, false, 0, "", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t data[512];
        static struct lookup_records records;
        size_t len = check_hex(rows[i].hex, data, sizeof(data));
        bool good = lookup_answer_parse(check_guarded(data, len), len, rows[i].type, &records);
        check_int(rows[i].name, good, rows[i].good);
        check_int(rows[i].name, good ? records.count : 0, rows[i].count);
        if (rows[i].count > 0) {
            check_str(rows[i].name, records.text[0], rows[i].first);
        }
        if (rows[i].count > 1) {
            check_str(rows[i].name, records.text[1], rows[i].second);
        }
    }
}

static void answer_truncated_anywhere_is_malformed(void **state) {
    static const struct {
        const char *hex;
        unsigned type;
    } rows[] = {
        {two_names, LOOKUP_TYPE_PTR}, {hostile, LOOKUP_TYPE_PTR}, {strings, LOOKUP_TYPE_TXT}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t data[512];
        static struct lookup_records records;
        size_t len = check_hex(rows[i].hex, data, sizeof(data));
        for (size_t cut = 0; cut < len; cut++) {
            check_int(rows[i].hex,
                      lookup_answer_parse(check_guarded(data, cut), cut, rows[i].type, &records),
                      false);
        }
    }
}

static void answer_any_octet_changed_is_read_in_bounds(void **state) {
    uint8_t data[512];
    static struct lookup_records records;
    size_t len = check_hex(two_names, data, sizeof(data));

    (void)state;
    for (size_t at = 0; at < len; at++) {
        for (unsigned value = 0; value < 256; value++) {
            uint8_t saved = data[at];
            data[at] = (uint8_t)value;
            (void)lookup_answer_parse(check_guarded(data, len), len, LOOKUP_TYPE_PTR, &records);
            assert_true(records.count <= LOOKUP_TEXTS_MAX);
            data[at] = saved;
        }
    }
}

static void question_names_are_reversed(void **state) {
    static const struct {
        const char *addr, *ptr, *origin;
    } rows[] = {
        {"192.0.2.37", "37.2.0.192.in-addr.arpa", "37.2.0.192.origin.asn.cymru.com"},
        {"2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
         "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.origin6.asn.cymru.com"},
    };
    char out[LOOKUP_QUESTION_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_addr addr = addr_of(rows[i].addr);
        lookup_question_ptr(&addr, out);
        check_str(rows[i].addr, out, rows[i].ptr);
        lookup_question_origin(&addr, out);
        check_str(rows[i].addr, out, rows[i].origin);
    }
    assert_true(lookup_question_as("64500", out));
    assert_string_equal(out, "AS64500.asn.cymru.com");
    assert_false(lookup_question_as("", out));
    assert_false(lookup_question_as("64500.evil", out));
    assert_false(lookup_question_as("12345678901", out));
}

static void question_private_addresses_are_known(void **state) {
    static const struct {
        const char *addr;
        bool is_private;
    } rows[] = {{"10.1.2.3", true},     {"172.15.0.1", false}, {"172.31.0.1", true},
                {"192.168.0.1", true},  {"192.0.2.1", false},  {"100.64.0.1", true},
                {"100.128.0.1", false}, {"169.254.1.1", true}, {"127.9.9.9", true},
                {"::1", true},          {"::2", false},        {"fe80::1", true},
                {"fd00::1", true},      {"2001:db8::1", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_addr addr = addr_of(rows[i].addr);
        check_int(rows[i].addr, lookup_addr_is_private(&addr), rows[i].is_private);
    }
}

static void asn_record_has_five_trimmed_fields(void **state) {
    static const struct {
        const char *text, *joined; /* NULL: refused */
    } rows[] = {
        {"64500 | 192.0.2.0/24 | ZZ | arin | 2001-09-08", "64500,192.0.2.0/24,ZZ,arin,2001-09-08"},
        {"64500 | 192.0.2.0/24 |  | arin | ", "64500,192.0.2.0/24,,arin,"},
        {"||||", ",,,,"},
        {"64500 | 192.0.2.0/24 | ZZ | arin", NULL},
        {"64500 | ZZ | arin | 2001-09-01 | EX | ZZ", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lookup_asn_record record;
        bool good = lookup_asn_split(rows[i].text, &record);
        check_int(rows[i].text, good, rows[i].joined != NULL);
        if (good) {
            char joined[256];
            (void)snprintf(joined, sizeof(joined), "%s,%s,%s,%s,%s", record.field[0],
                           record.field[1], record.field[2], record.field[3], record.field[4]);
            check_str(rows[i].text, joined, rows[i].joined);
        }
    }
}

static void asn_longest_prefix_and_first_number_are_taken(void **state) {
    static struct lookup_records records;
    static const char *const texts[] = {"1 | 192.0.0.0/16 | ZZ | arin | x", "unreadable",
                                        "64500 64501 | 192.0.2.0/24 | ZZ | arin | y",
                                        "3 | 192.0.0.0/20 | ZZ | arin | z"};
    struct lookup_asn_record record;

    (void)state;
    records.count = 0;
    assert_false(lookup_asn_origin(&records, &record));
    for (size_t i = 0; i < 4; i++) {
        lookup_records_add(&records, texts[i], strlen(texts[i]));
    }
    assert_true(lookup_asn_origin(&records, &record));
    assert_string_equal(record.field[0], "64500");
    assert_string_equal(record.field[1], "192.0.2.0/24");
    assert_string_equal(record.field[4], "y");
}

static void files_server_is_an_address_and_perhaps_a_port(void **state) {
    static const struct {
        const char *text, *addr;
        unsigned port;
    } rows[] = {{"192.0.2.1", "192.0.2.1", 53},
                {"192.0.2.1:5353", "192.0.2.1", 5353},
                {"2001:db8::1", "2001:db8::1", 53},
                {"[2001:db8::1]", "2001:db8::1", 53},
                {"[2001:db8::1]:65535", "2001:db8::1", 65535},
                {"192.0.2.1:0", NULL, 0},
                {"192.0.2.1:65536", NULL, 0},
                {"192.0.2.1:", NULL, 0},
                {"192.0.2.1:5x", NULL, 0},
                {"[2001:db8::1", NULL, 0},
                {"[2001:db8::1]5", NULL, 0},
                {"dns.example", NULL, 0},
                {"", NULL, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lookup_server server;
        char text[HOPS_ADDR_TEXT_MAX];
        bool good = lookup_server_parse(rows[i].text, &server);
        check_int(rows[i].text, good, rows[i].addr != NULL);
        if (good) {
            check_str(rows[i].text, hops_addr_format(&server.addr, text), rows[i].addr);
            check_int(rows[i].text, server.port, rows[i].port);
        }
    }
}

static void files_resolv_conf_gives_its_servers(void **state) {
    static const struct {
        const char *text;
        int count;
    } rows[] = {{"", 0},
                {"# nameserver 192.0.2.1\nsearch example\n", 0},
                {"nameserver 192.0.2.1\n\tnameserver\t2001:db8::1 # here", 2},
                {"nameserver fe80::1%eth0\nnameserver 192.0.2.1\r\n", 1},
                {"nameservers 192.0.2.1\n", 0},
                {"nameserver\n", -1},
                {"nameserver here\n", -1},
                {"nameserver 1.1.1.1\nnameserver 1.1.1.2\nnameserver 1.1.1.3\nnameserver 1.1.1.4\n"
                 "nameserver 1.1.1.5\nnameserver 1.1.1.6\nnameserver 1.1.1.7\n",
                 LOOKUP_SERVERS_MAX}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lookup_server servers[LOOKUP_SERVERS_MAX];
        size_t len = strlen(rows[i].text);
        const char *text = (const char *)check_guarded(rows[i].text, len);
        check_int(rows[i].text, lookup_resolv_parse(text, len, servers), rows[i].count);
    }
}

static void files_hosts_gives_the_first_name_of_an_address(void **state) {
    static const char text[] = "127.0.0.1 localhost here\n# 192.0.2.1 no\n"
                               "192.0.2.1\tr1.example r1 # first\n192.0.2.1 other\n"
                               "0.0.0.0 blocked\n:: blocked\nnonsense\n192.0.2.3\n"
                               "2001:db8::1 v6\x1b[2J\n192.0.2.9 last";
    static const struct {
        const char *addr, *name;
    } rows[] = {{"127.0.0.1", "localhost"}, {"192.0.2.1", "r1.example"},   {"0.0.0.0", NULL},
                {"192.0.2.3", NULL},        {"2001:db8::1", "v6\\027[2J"}, {"192.0.2.9", "last"}};
    struct lookup_hosts hosts;
    size_t len = sizeof(text) - 1;

    (void)state;
    assert_true(lookup_hosts_parse((const char *)check_guarded(text, len), len, &hosts));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_addr addr = addr_of(rows[i].addr);
        const char *name = lookup_hosts_find(&hosts, &addr);
        check_str(rows[i].addr, name == NULL ? "-" : name,
                  rows[i].name == NULL ? "-" : rows[i].name);
    }
    lookup_hosts_done(&hosts);
    for (size_t cut = 0; cut < len; cut++) {
        assert_true(lookup_hosts_parse((const char *)check_guarded(text, cut), cut, &hosts));
        lookup_hosts_done(&hosts);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answer_records_become_clean_texts),
        cmocka_unit_test(answer_truncated_anywhere_is_malformed),
        cmocka_unit_test(answer_any_octet_changed_is_read_in_bounds),
        cmocka_unit_test(question_names_are_reversed),
        cmocka_unit_test(question_private_addresses_are_known),
        cmocka_unit_test(asn_record_has_five_trimmed_fields),
        cmocka_unit_test(asn_longest_prefix_and_first_number_are_taken),
        cmocka_unit_test(files_server_is_an_address_and_perhaps_a_port),
        cmocka_unit_test(files_resolv_conf_gives_its_servers),
        cmocka_unit_test(files_hosts_gives_the_first_name_of_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
