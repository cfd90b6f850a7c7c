/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <string.h>

#include <hops/addr.h>

#include "packet/checksum.h"

static void checksum_known_octets_give_known_sums(void **state) {
    static const struct {
        const char *name;
        const char *octets;
        uint16_t want;
    } rows[] = {
        {"nothing", "", 0},
        {"one zero", "00", 0xffff},
        {"one octet is a high half", "01", 0xfeff},
        {"RFC 1071 3", "00 01 f2 03 f4 f5 f6 f7", 0x220d},
        {"carry out of the carry", "ff ff ff ff 00 01", 0xfffe},
        {"odd length", "00 01 f2", 0x0dfe},
        {"ipv4 header", "45 00 00 1c 00 00 40 00 07 01 00 00 c0 00 02 0a c6 33 64 14", 0x878f},
        {"its own checksum inside", "00 01 f2 03 f4 f5 f6 f7 22 0d", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t octets[64];
        size_t len = check_hex(rows[i].octets, octets, sizeof(octets));

        check_int(rows[i].name, hops_checksum(check_guarded(octets, len), len), rows[i].want);
    }
}

static void checksum_pieces_sum_like_the_whole(void **state) {
    uint8_t octets[65];

    (void)state;
    for (size_t i = 0; i < sizeof(octets); i++) {
        octets[i] = (uint8_t)(i * 37 + 11);
    }
    for (size_t at = 0; at < sizeof(octets); at += 2) {
        uint64_t sum = hops_checksum_add(0, octets, at);

        sum = hops_checksum_add(sum, octets + at, sizeof(octets) - at);
        assert_int_equal(hops_checksum_finish(sum), hops_checksum(octets, sizeof(octets)));
    }
}

static void checksum_pseudo_header_is_summed(void **state) {
    static const struct {
        const char *name;
        const char *src, *dst;
        uint8_t protocol;
        size_t len;
        uint16_t want;
    } rows[] = {
        {"udp4, nothing", "192.0.2.10", "198.51.100.20", 17, 0, 5020},
        {"tcp4, nothing", "192.0.2.10", "198.51.100.20", 6, 0, 5031},
        {"udp6", "2001:db8::a", "2001:db8:1::14", 17, 8, 0xa455},
        {"length beyond 16 bits", "2001:db8::a", "2001:db8:1::14", 17, 0x10007, 0xa455},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_addr src;
        struct hops_addr dst;

        assert_true(hops_addr_parse(rows[i].src, &src));
        assert_true(hops_addr_parse(rows[i].dst, &dst));
        check_int(
            rows[i].name,
            hops_checksum_finish(hops_checksum_pseudo(&src, &dst, rows[i].protocol, rows[i].len)),
            rows[i].want);
    }
}

static void checksum_udp_zero_becomes_all_ones(void **state) {
    (void)state;
    assert_int_equal(hops_checksum_finish(0xffff), 0);
    assert_int_equal(hops_checksum_finish_udp(0xffff), 0xffff);
    assert_int_equal(hops_checksum_finish_udp(0x2fffd), 0xffff);
    assert_int_equal(hops_checksum_finish_udp(0xfffe), 1);
}

static void checksum_long_input_does_not_overflow(void **state) {
    static uint8_t octets[65535];
    uint64_t sum = 0;

    (void)state;
    memset(octets, 0xff, sizeof(octets));
    for (int i = 0; i < 1000; i++) {
        sum = hops_checksum_add(sum, octets, sizeof(octets) - 1);
    }
    assert_int_equal(hops_checksum_fold(sum), 0xffff);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checksum_known_octets_give_known_sums),
        cmocka_unit_test(checksum_pieces_sum_like_the_whole),
        cmocka_unit_test(checksum_pseudo_header_is_summed),
        cmocka_unit_test(checksum_udp_zero_becomes_all_ones),
        cmocka_unit_test(checksum_long_input_does_not_overflow),
    };

    return cmocka_run_group_tests_name("checksum", tests, NULL, NULL);
}
