/* SPDX-License-Identifier: MIT
 *
 * Extension structures (RFC 4884): where they begin, what is believed, and what the public readers
 * make of MPLS and interface information objects.
 */
#include "check.h"

#include <string.h>

#include <hops/addr.h>
#include <hops/extension.h>

#include "packet/craft.h"
#include "packet/extension.h"
#include "packet/parse.h"

static void extension_split_follows_the_table(void **state) {
    static const struct {
        const char *name;
        size_t payload, length;
        size_t want_quoted, want_at, want_len;
    } rows[] = {
        {"nothing", 0, 0, 0, 0, 0},
        {"12 of 12", 12, 12, 12, 0, 0},
        {"least structure", 132, 128, 128, 128, 4},
        {"length beyond the message", 128, 132, 128, 0, 0},
        {"no room for a structure", 129, 128, 129, 0, 0},
        {"three octets are no structure", 131, 128, 131, 0, 0},
        {"not announced", 140, 0, 128, 128, 12},
        {"not announced, no room", 131, 0, 131, 0, 0},
        {"short quote", 68, 68, 68, 0, 0},
        {"padded", 140, 68, 68, 128, 12},
        {"padded, IPv6", 144, 80, 80, 128, 16},
        {"length beyond the message, IPv6", 84, 128, 84, 0, 0},
        {"length beyond the message, long", 248, 256, 248, 0, 0},
        {"long quote", 212, 200, 200, 200, 12},
        {"long quote, no room", 203, 200, 203, 0, 0},
        {"long quote, just room", 204, 200, 200, 200, 4},
        {"long quote, nothing after it", 200, 200, 200, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_extension_split split;
        hops_extension_split(rows[i].payload, rows[i].length, &split);

        check_int(rows[i].name, split.quoted_len, rows[i].want_quoted);
        check_int(rows[i].name, split.extension_at, rows[i].want_at);
        check_int(rows[i].name, split.extension_len, rows[i].want_len);
        check_int(rows[i].name, split.announced, rows[i].want_len != 0 && rows[i].length != 0);
    }
}

#define MPLS_TWO "00 0c 01 01 05 dc 10 01 00 00 35 fe"

struct structure {
    const char *name;
    const char *octets;
    bool want_present, want_malformed;
    int want_objects;
    bool want_unannounced; /* believed even though nobody announced it */
};

static const struct structure structures[] = {
    {"right checksum", "20 00 93 17 " MPLS_TWO, true, false, 1, true},
    {"no checksum", "20 00 00 00 " MPLS_TWO, true, false, 1, true},
    {"wrong checksum", "20 00 93 18 " MPLS_TWO, true, true, 0, false},
    {"unknown class", "20 00 fb 16 00 0c 99 01 05 dc 10 01 00 00 35 fe", true, false, 1, true},
    {"unknown class, old checksum", "20 00 93 17 00 0c 99 01 05 dc 10 01 00 00 35 fe", true, true,
     0, false},
    {"version 3", "30 00 83 17 " MPLS_TWO, true, false, 0, false},
    {"version 1", "10 00 a3 17 " MPLS_TWO, true, false, 0, false},
    {"version 2 with reserved bits", "2f ff 83 18 " MPLS_TWO, true, false, 1, true},
    {"nothing", "", false, false, 0, false},
    {"three octets", "20 00 93", false, false, 0, false},
    {"header only", "20 00 df ff", true, false, 0, true},
    {"object length 0", "20 00 00 00 00 00 01 01 05 dc 10 01", true, true, 0, false},
    {"object length 3", "20 00 00 00 00 03 01 01 05 dc 10 01", true, true, 0, false},
    {"object length 42973", "20 00 00 00 a7 dd 01 01 05 dc 10 01", true, true, 0, false},
    {"object length 4, unknown class", "20 00 00 00 00 04 63 01", true, false, 1, true},
    {"object length 4, MPLS", "20 00 00 00 00 04 01 01", true, true, 1, true},
    {"object length 5", "20 00 00 00 00 05 63 01 aa", true, false, 1, true},
    {"second object lies", "20 00 00 00 00 04 63 01 00 09 63 01", true, true, 1, true},
    {"second object cut", "20 00 00 00 00 04 63 01 00 08 63", true, true, 1, true},
    {"two objects", "20 00 00 00 00 04 63 01 00 06 64 02 aa bb", true, false, 2, true},
};
#define STRUCTURES (sizeof(structures) / sizeof(structures[0]))

static int count_objects(const struct hops_extensions *extensions) {
    struct hops_extension object;
    size_t offset = 0;
    int count = 0;

    while (hops_extension_next(extensions, &offset, &object)) {
        count++;
    }
    return count;
}

static void extension_structure_is_checked(void **state) {
    (void)state;
    for (size_t i = 0; i < STRUCTURES; i++) {
        uint8_t octets[64];
        size_t len = check_hex(structures[i].octets, octets, sizeof(octets));
        const uint8_t *data = check_guarded(octets, len);
        struct hops_extensions got;

        memset(&got, 0xa5, sizeof(got));
        hops_packet_parse_extensions(data, len, &got);
        check_int(structures[i].name, got.present, structures[i].want_present);
        check_int(structures[i].name, got.malformed, structures[i].want_malformed);
        check_int(structures[i].name, got.truncated, false);
        check_int(structures[i].name, count_objects(&got), structures[i].want_objects);

        memset(&got, 0xa5, sizeof(got));
        check_int(structures[i].name, hops_extension_read_unannounced(data, len, &got),
                  structures[i].want_unannounced);
        check_int(structures[i].name, got.present, structures[i].want_unannounced);
        check_int(structures[i].name, count_objects(&got),
                  structures[i].want_unannounced ? structures[i].want_objects : 0);
    }
}

static void extension_truncated_anywhere_is_survived(void **state) {
    (void)state;
    for (size_t i = 0; i < STRUCTURES; i++) {
        uint8_t octets[64];
        size_t len = check_hex(structures[i].octets, octets, sizeof(octets));

        for (size_t n = 0; n < len; n++) {
            const uint8_t *cut = check_guarded(octets, n);
            struct hops_extensions got;

            hops_packet_parse_extensions(cut, n, &got);
            check_int(structures[i].name, got.present, n >= 4);
            assert_true(count_objects(&got) <= structures[i].want_objects);
        }
    }
}

/* One repeated octet after 128 octets of quote: the payload of a long probe, never a structure. */
static void extension_payload_pattern_is_no_structure(void **state) {
    (void)state;
    for (unsigned pattern = 0x20; pattern <= 0x2f; pattern++) {
        uint8_t octets[1100];

        memset(octets, (int)pattern, sizeof(octets));
        for (size_t len = 0; len <= sizeof(octets); len++) {
            struct hops_extensions got;

            assert_false(hops_extension_read_unannounced(octets, len, &got));
            assert_false(got.present);
        }
    }
}

static void extension_area_beyond_the_room_is_cut_at_an_object(void **state) {
    static const struct {
        const char *name;
        uint16_t each, count;
        uint16_t want_len;
        bool want_truncated;
    } rows[] = {
        {"exactly full", 127, 4, 508, false},     {"one object more", 127, 5, 508, true},
        {"next does not fit", 100, 6, 500, true}, {"one too long", 509, 1, 0, true},
        {"one that fits", 508, 1, 508, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t octets[1024];
        struct wr w = wr_make(octets, sizeof(octets));
        struct hops_extensions got;

        wr_be32(&w, 0x20000000);
        for (unsigned n = 0; n < rows[i].count; n++) {
            wr_be16(&w, rows[i].each);
            wr_be16(&w, 0x6301);
            wr_fill(&w, (uint8_t)n, (size_t)rows[i].each - 4);
        }
        assert_false(w.bad);
        hops_packet_parse_extensions(octets, wr_len(&w), &got);
        check_int(rows[i].name, got.present, true);
        check_int(rows[i].name, got.malformed, false);
        check_int(rows[i].name, got.truncated, rows[i].want_truncated);
        check_int(rows[i].name, got.len, rows[i].want_len);
        check_int(rows[i].name, count_objects(&got), rows[i].want_len / rows[i].each);
    }
}

static void extension_area_of_any_octets_is_walked_safely(void **state) {
    struct hops_extensions extensions = {.present = true, .len = 12};
    struct hops_extension object;
    size_t offset = 0;

    (void)state;
    /* A hand-made list need not come from the parser. */
    extensions.octets[1] = 13;
    assert_false(hops_extension_next(&extensions, &offset, &object));
    extensions.octets[1] = 3;
    assert_false(hops_extension_next(&extensions, &offset, &object));
    extensions.octets[1] = 12;
    assert_true(hops_extension_next(&extensions, &offset, &object));
    assert_int_equal(offset, 12);
    assert_int_equal(object.len, 8);
    assert_false(hops_extension_next(&extensions, &offset, &object));
    offset = 13;
    assert_false(hops_extension_next(&extensions, &offset, &object));
    offset = SIZE_MAX;
    assert_false(hops_extension_next(&extensions, &offset, &object));
    extensions.len = UINT16_MAX;
    offset = HOPS_EXTENSIONS_MAX;
    assert_false(hops_extension_next(&extensions, &offset, &object));
}

static void extension_known_class_is_decoded(void **state) {
    uint8_t octets[64];
    size_t len = check_hex("20 00 93 17 " MPLS_TWO, octets, sizeof(octets));
    struct hops_extensions extensions;
    struct hops_extension object;
    struct hops_mpls entry;
    size_t offset = 0;
    size_t at = 0;

    (void)state;
    hops_packet_parse_extensions(octets, len, &extensions);
    assert_true(hops_extension_next(&extensions, &offset, &object));
    assert_int_equal(object.class_num, HOPS_EXTENSION_MPLS);
    assert_int_equal(object.class_subtype, 1);
    assert_true(hops_extension_next_mpls(&object, &at, &entry));
    assert_int_equal(entry.label, 24001);
    assert_int_equal(entry.exp, 0);
    assert_false(entry.bottom);
    assert_int_equal(entry.ttl, 1);
    assert_true(hops_extension_next_mpls(&object, &at, &entry));
    assert_int_equal(entry.label, 3);
    assert_int_equal(entry.exp, 2);
    assert_true(entry.bottom);
    assert_int_equal(entry.ttl, 254);
    assert_false(hops_extension_next_mpls(&object, &at, &entry));
}

static void extension_unknown_class_is_kept_as_octets(void **state) {
    uint8_t octets[64];
    size_t len =
        check_hex("20 00 fb 16 00 0c 99 01 05 dc 10 01 00 00 35 fe", octets, sizeof(octets));
    struct hops_extensions extensions;
    struct hops_extension object;
    struct hops_mpls entry;
    struct hops_interface_info info;
    size_t offset = 0;
    size_t at = 0;

    (void)state;
    hops_packet_parse_extensions(octets, len, &extensions);
    assert_true(hops_extension_next(&extensions, &offset, &object));
    assert_int_equal(object.class_num, 0x99);
    assert_int_equal(object.class_subtype, 1);
    check_bytes("payload", object.payload, object.len, octets + 8, 8);
    assert_false(hops_extension_next_mpls(&object, &at, &entry));
    assert_false(hops_extension_interface_info(&object, &info));
}

static void extension_mpls_stack_ends_at_its_bottom(void **state) {
    static const struct {
        const char *name;
        const char *octets;
        int want;
    } rows[] = {
        {"empty", "", 0},
        {"three octets", "00 00 11", 0},
        {"one, bottom", "00 00 11 01", 1},
        {"one, not bottom", "00 00 10 01", 1},
        {"two, first is bottom", "00 00 11 01 00 00 21 01", 1},
        {"two and a rest", "00 00 10 01 00 00 20 01 00 00 31", 2},
        {"all ones", "ff ff ff ff", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t octets[64];
        size_t len = check_hex(rows[i].octets, octets, sizeof(octets));
        struct hops_extension object = {.class_num = HOPS_EXTENSION_MPLS,
                                        .len = (uint16_t)len,
                                        .payload = check_guarded(octets, len)};
        struct hops_mpls entry;
        size_t at = 0;
        int count = 0;

        while (hops_extension_next_mpls(&object, &at, &entry)) {
            count++;
        }
        check_int(rows[i].name, count, rows[i].want);
    }
}

static void extension_interface_info_is_decoded(void **state) {
    static const struct {
        const char *name;
        uint8_t subtype;
        const char *octets;
        bool want;
        uint8_t want_role;
        uint32_t want_index;
        const char *want_addr, *want_name;
        uint32_t want_mtu;
    } rows[] = {
        {"nothing", 0x00, "", true, 0, 0, "", "", 0},
        {"index", 0x08, "00 00 00 07", true, 0, 7, "", "", 0},
        {"outgoing ipv4", 0x84, "00 01 00 00 c0 00 02 01", true, 2, 0, "192.0.2.1", "", 0},
        {"next hop ipv6", 0xc4, "00 02 00 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01", true,
         3, 0, "2001:db8::1", "", 0},
        {"name", 0x02, "08 65 74 68 30 00 00 00", true, 0, 0, "", "eth0", 0},
        {"name without padding", 0x02, "05 65 74 68 30", true, 0, 0, "", "eth0", 0},
        {"empty name", 0x02, "01", true, 0, 0, "", "", 0},
        {"all parts", 0x4f,
         "00 00 00 09 00 01 00 00 c0 00 02 01 08 65 74 68 30 00 00 00 00 00 05 dc", true, 1, 9,
         "192.0.2.1", "eth0", 1500},
        {"index cut", 0x08, "00 00 00", false, 0, 0, "", "", 0},
        {"unknown address family", 0x04, "00 03 00 00 c0 00 02 01", false, 0, 0, "", "", 0},
        {"address cut", 0x04, "00 02 00 00 c0 00 02 01", false, 0, 0, "", "", 0},
        {"name length 0", 0x02, "00 00 00 00", false, 0, 0, "", "", 0},
        {"name length 65", 0x02, "41 65", false, 0, 0, "", "", 0},
        {"name cut", 0x02, "08 65 74 68", false, 0, 0, "", "", 0},
        {"mtu cut", 0x01, "00 00 05", false, 0, 0, "", "", 0},
        {"something left over", 0x01, "00 00 05 dc 00", false, 0, 0, "", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t octets[64];
        size_t len = check_hex(rows[i].octets, octets, sizeof(octets));
        struct hops_extension object = {.class_num = HOPS_EXTENSION_INTERFACE_INFO,
                                        .class_subtype = rows[i].subtype,
                                        .len = (uint16_t)len,
                                        .payload = check_guarded(octets, len)};
        struct hops_interface_info info;
        char text[HOPS_ADDR_TEXT_MAX];

        check_int(rows[i].name, hops_extension_interface_info(&object, &info), rows[i].want);
        if (!rows[i].want) {
            continue;
        }
        check_int(rows[i].name, info.role, rows[i].want_role);
        check_int(rows[i].name, info.has_index, (rows[i].subtype & 8) != 0);
        check_int(rows[i].name, info.index, rows[i].want_index);
        check_int(rows[i].name, info.has_addr, (rows[i].subtype & 4) != 0);
        check_str(rows[i].name, hops_addr_format(&info.addr, text), rows[i].want_addr);
        check_int(rows[i].name, info.has_name, (rows[i].subtype & 2) != 0);
        check_str(rows[i].name, info.name, rows[i].want_name);
        check_int(rows[i].name, info.has_mtu, (rows[i].subtype & 1) != 0);
        check_int(rows[i].name, info.mtu, rows[i].want_mtu);
    }
}

static void extension_crafted_interface_info_reads_back(void **state) {
    (void)state;
    for (unsigned parts = 0; parts < 64; parts++) {
        struct hops_interface_info want = {.role = (uint8_t)(parts >> 4),
                                           .has_index = (parts & 8) != 0,
                                           .has_addr = (parts & 4) != 0,
                                           .has_name = (parts & 2) != 0,
                                           .has_mtu = (parts & 1) != 0};
        struct hops_interface_info got;
        struct hops_extensions extensions = {.present = true};
        struct wr w = wr_make(extensions.octets, sizeof(extensions.octets));
        struct hops_extension object;
        size_t offset = 0;

        want.index = want.has_index ? 70000 : 0;
        want.mtu = want.has_mtu ? 9000 : 0;
        if (want.has_addr) {
            want.addr = hops_addr_ipv4((const uint8_t[4]){192, 0, 2, (uint8_t)parts});
        }
        if (want.has_name) {
            memset(want.name, 'x', parts < 32 ? parts : 63);
        }
        hops_craft_interface_info(&w, &want);
        extensions.len = (uint16_t)wr_len(&w);
        assert_int_equal(extensions.len % 4, 0);
        assert_true(hops_extension_next(&extensions, &offset, &object));
        assert_true(hops_extension_interface_info(&object, &got));
        assert_int_equal(got.role, want.role);
        assert_int_equal(got.index, want.index);
        assert_int_equal(got.mtu, want.mtu);
        assert_int_equal(got.has_addr, want.has_addr);
        assert_memory_equal(got.addr.octets, want.addr.octets, 16);
        assert_string_equal(got.name, want.name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extension_split_follows_the_table),
        cmocka_unit_test(extension_structure_is_checked),
        cmocka_unit_test(extension_truncated_anywhere_is_survived),
        cmocka_unit_test(extension_payload_pattern_is_no_structure),
        cmocka_unit_test(extension_area_beyond_the_room_is_cut_at_an_object),
        cmocka_unit_test(extension_area_of_any_octets_is_walked_safely),
        cmocka_unit_test(extension_known_class_is_decoded),
        cmocka_unit_test(extension_unknown_class_is_kept_as_octets),
        cmocka_unit_test(extension_mpls_stack_ends_at_its_bottom),
        cmocka_unit_test(extension_interface_info_is_decoded),
        cmocka_unit_test(extension_crafted_interface_info_reads_back),
    };

    return cmocka_run_group_tests_name("extension", tests, NULL, NULL);
}
