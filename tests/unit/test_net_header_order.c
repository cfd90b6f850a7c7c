/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "net/header_order.h"
#include "packet/checksum.h"
#include "packet/parse.h"

#include <errno.h>
#include <string.h>

/* A kernel: takes datagrams whose length field, read in its order, fits; others are EINVAL. */
struct kernel {
    bool host_order;
    int refuses; /* errno for everything, or 0 */
    int calls;
    size_t datagram_len;
};

static uint16_t field(const uint8_t *at, bool host_order) {
    uint16_t value;

    memcpy(&value, at, sizeof(value));
    return host_order ? value : (uint16_t)(at[0] << 8 | at[1]);
}

static int kernel_send(void *user, const uint8_t *datagram, size_t len) {
    struct kernel *kernel = (struct kernel *)user;

    kernel->calls++;
    kernel->datagram_len = len;
    if (kernel->refuses != 0) {
        return kernel->refuses;
    }
    if (field(datagram + 2, kernel->host_order) != len || datagram[0] != 0x45) {
        return EINVAL;
    }
    return hops_checksum(datagram + 20, len - 20) == 0 ? 0 : EINVAL;
}

static bool big_endian(void) {
    const uint16_t one = 1;
    uint8_t first;

    memcpy(&first, &one, 1);
    return first == 0;
}

static void net_header_order_is_found_by_trying(void **state) {
    static const struct {
        const char *name;
        struct kernel kernel;
        int want_errno;
        enum hops_net_order want;
        int want_calls;
    } rows[] = {
        {"network order", {.host_order = false}, 0, HOPS_NET_ORDER_NETWORK, 1},
        {"host order", {.host_order = true}, 0, HOPS_NET_ORDER_HOST, 2},
        {"no loopback", {.refuses = ENETUNREACH}, ENETUNREACH, HOPS_NET_ORDER_UNKNOWN, 1},
        {"neither", {.refuses = EINVAL}, EINVAL, HOPS_NET_ORDER_UNKNOWN, 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct kernel kernel = rows[i].kernel;
        enum hops_net_order order = HOPS_NET_ORDER_UNKNOWN;
        bool same = big_endian() && kernel.refuses == 0; /* both orders are one */

        check_int(rows[i].name, hops_net_order_find(kernel_send, &kernel, &order),
                  rows[i].want_errno);
        check_int(rows[i].name, order, same ? HOPS_NET_ORDER_NETWORK : rows[i].want);
        check_int(rows[i].name, kernel.calls, same ? 1 : rows[i].want_calls);
        check_int(rows[i].name, kernel.datagram_len, 256);
    }
}

static void net_header_order_applies_to_length_and_fragment(void **state) {
    uint8_t datagram[20] = {0x45, 0, 0x01, 0x54, 0x12, 0x34, 0x40, 0x00, 9};
    uint8_t before[20];

    (void)state;
    memcpy(before, datagram, sizeof(before));
    hops_net_order_apply(HOPS_NET_ORDER_NETWORK, datagram, sizeof(datagram));
    assert_memory_equal(datagram, before, sizeof(before));
    hops_net_order_apply(HOPS_NET_ORDER_HOST, datagram, 19); /* too short for a header */
    assert_memory_equal(datagram, before, sizeof(before));
    hops_net_order_apply(HOPS_NET_ORDER_HOST, datagram, sizeof(datagram));
    assert_int_equal(field(datagram + 2, true), 0x154);
    assert_int_equal(field(datagram + 6, true), 0x4000);
    assert_int_equal(field(datagram + 4, false), 0x1234); /* the identification stays */
}

/* A time exceeded about a UDP probe, as it was on the wire. */
static const uint8_t wire[56] = {0x45,
                                 0,
                                 0,
                                 56,
                                 0,
                                 0,
                                 0x00,
                                 0,
                                 64,
                                 1,
                                 0,
                                 0,
                                 192,
                                 0,
                                 2,
                                 1,
                                 198,
                                 51,
                                 100,
                                 2,
                                 11,
                                 0,
                                 0,
                                 0,
                                 0,
                                 0,
                                 0,
                                 0,
                                 /* quoted: */ 0x45,
                                 0,
                                 0,
                                 60,
                                 0,
                                 7,
                                 0x40,
                                 0,
                                 1,
                                 17,
                                 0,
                                 0,
                                 198,
                                 51,
                                 100,
                                 2,
                                 203,
                                 0,
                                 113,
                                 9,
                                 0x82,
                                 0x9a,
                                 0x82,
                                 0x9b,
                                 0,
                                 40,
                                 0x12,
                                 0x34};

static void prepare(uint8_t *datagram) {
    uint16_t sum;

    memcpy(datagram, wire, sizeof(wire));
    sum = hops_checksum(datagram + 20, sizeof(wire) - 20);
    datagram[22] = (uint8_t)(sum >> 8);
    datagram[23] = (uint8_t)sum;
}

/* What kernels do to a datagram before they deliver it. */
static void net_header_order_repairs_what_kernels_convert(void **state) {
    static const struct {
        const char *name;
        bool converted;        /* length and fragment in host order */
        bool without_header;   /* the header's length taken off */
        bool quoted_converted; /* the quoted length, too: the checksum does not fit any more */
    } rows[] = {
        {"nothing", false, false, false},
        {"converted", true, false, false},
        {"macOS", true, true, true},
        {"old FreeBSD", true, true, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t datagram[sizeof(wire)];
        struct hops_reply reply;
        uint16_t len = sizeof(wire);

        prepare(datagram);
        if (rows[i].without_header) {
            len = (uint16_t)(len - 20);
        }
        datagram[2] = (uint8_t)(len >> 8);
        datagram[3] = (uint8_t)len;
        if (rows[i].converted) {
            hops_net_order_apply(HOPS_NET_ORDER_HOST, datagram, sizeof(datagram));
        }
        if (rows[i].quoted_converted) {
            const uint8_t first = datagram[30];

            datagram[30] = datagram[31]; /* icmp_input() does that, and to no other field */
            datagram[31] = first;
        }
        hops_net_order_repair(datagram, sizeof(datagram));
        check_int(rows[i].name, hops_packet_parse_ipv4(datagram, sizeof(datagram), true, &reply),
                  HOPS_PACKET_OK);
        check_int(rows[i].name, reply.kind, HOPS_REPLY_TIME_EXCEEDED);
        check_int(rows[i].name, reply.quote.src_port, 0x829a);
        check_int(rows[i].name, reply.quote.dst_port, 0x829b);
        check_int(rows[i].name, reply.quote.ip_id, 7);
    }
}

/* Every length, with a page behind it that must not be touched, and with every header length. */
static void net_header_order_repair_stays_within_the_datagram(void **state) {
    (void)state;
    for (size_t len = 0; len <= sizeof(wire); len++) {
        for (unsigned words = 0; words < 16; words++) {
            uint8_t datagram[sizeof(wire)];
            uint8_t *guarded;

            memcpy(datagram, wire, sizeof(wire));
            datagram[0] = (uint8_t)(0x40 | words);
            guarded = check_guarded(datagram, len);
            hops_net_order_repair(guarded, len);
            check_int("first octet", len > 0 ? guarded[0] : 0, len > 0 ? datagram[0] : 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_header_order_is_found_by_trying),
        cmocka_unit_test(net_header_order_applies_to_length_and_fragment),
        cmocka_unit_test(net_header_order_repairs_what_kernels_convert),
        cmocka_unit_test(net_header_order_repair_stays_within_the_datagram),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
