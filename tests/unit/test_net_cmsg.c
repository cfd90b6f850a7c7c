/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "net/cmsg.h"
#include "net/sockaddr.h"

#include <hops/addr.h>

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

struct area {
    alignas(struct cmsghdr) uint8_t octets[HOPS_NET_CONTROL_MAX];
    size_t len;
};

static void add(struct area *area, int level, int type, const void *data, size_t len) {
    struct cmsghdr header = {.cmsg_len = CMSG_LEN(len), .cmsg_level = level, .cmsg_type = type};

    memcpy(area->octets + area->len, &header, sizeof(header));
    memcpy(area->octets + area->len + CMSG_LEN(0), data, len);
    area->len += CMSG_SPACE(len);
}

static void read_area(struct area *area, struct hops_net_cmsgs *out) {
    struct msghdr msg = {.msg_control = area->octets, .msg_controllen = area->len};

    hops_net_cmsg_read(&msg, out);
}

struct error_octets {
    struct sock_extended_err ee;
    struct sockaddr_in6 offender;
};

static struct error_octets make_error(void) {
    struct error_octets e = {.ee = {.ee_errno = EHOSTUNREACH,
                                    .ee_origin = SO_EE_ORIGIN_ICMP6,
                                    .ee_type = 3,
                                    .ee_code = 0,
                                    .ee_info = 0x10000000},
                             .offender = {.sin6_family = AF_INET6, .sin6_scope_id = 4}};
    struct sock_ee_data_rfc4884 rfc = {.len = 80, .flags = 1};

    memcpy(&e.ee.ee_data, &rfc, sizeof(rfc));
    e.offender.sin6_addr.s6_addr[0] = 0xfe;
    e.offender.sin6_addr.s6_addr[1] = 0x80;
    e.offender.sin6_addr.s6_addr[15] = 9;
    return e;
}

static void net_cmsg_every_message_is_read(void **state) {
    struct area area = {.len = 0};
    struct hops_net_cmsgs got;
    struct timespec stamps[3] = {{.tv_sec = 5, .tv_nsec = 6}, {0}, {0}};
    struct in6_pktinfo info = {.ipi6_ifindex = 3};
    struct error_octets error = make_error();
    int hop_limit = 61;
    int tclass = 0x28;
    uint32_t lost = 17;
    char text[HOPS_ADDR_TEXT_MAX];

    (void)state;
    info.ipi6_addr = in6addr_loopback;
    add(&area, SOL_SOCKET, SCM_TIMESTAMPING, stamps, sizeof(stamps));
    add(&area, SOL_IPV6, IPV6_HOPLIMIT, &hop_limit, sizeof(hop_limit));
    add(&area, SOL_IPV6, IPV6_TCLASS, &tclass, sizeof(tclass));
    add(&area, SOL_IPV6, IPV6_PKTINFO, &info, sizeof(info));
    add(&area, SOL_SOCKET, SO_RXQ_OVFL, &lost, sizeof(lost));
    add(&area, SOL_IPV6, IPV6_RECVERR, &error, sizeof(error));
    read_area(&area, &got);
    assert_int_equal(got.stamp, 5 * HOPS_SEC + 6);
    assert_int_equal(got.ttl, 61);
    assert_int_equal(got.tos, 0x28);
    assert_string_equal(hops_addr_format(&got.local, text), "::1");
    assert_int_equal(got.interface, 3);
    assert_true(got.overflow_known);
    assert_int_equal(got.overflow, 17);
    assert_true(got.error.present);
    assert_int_equal(got.error.origin, HOPS_NET_ORIGIN_ICMP6);
    assert_int_equal(got.error.type, 3);
    assert_int_equal(got.error.os_errno, EHOSTUNREACH);
    assert_int_equal(got.error.extensions_at, 80);
    assert_true(got.error.extensions_invalid);
    assert_string_equal(hops_addr_format(&got.error.offender, text), "fe80::9");
    assert_int_equal(got.error.offender.scope, 4);
}

static void net_cmsg_ipv4_forms_are_read(void **state) {
    struct area area = {.len = 0};
    struct hops_net_cmsgs got;
    struct timespec stamp = {.tv_sec = 1, .tv_nsec = 2};
    struct in_pktinfo info = {.ipi_ifindex = 2, .ipi_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    int ttl = 255;
    uint8_t tos = 0xb8;
    char text[HOPS_ADDR_TEXT_MAX];

    (void)state;
    add(&area, SOL_SOCKET, SCM_TIMESTAMPNS, &stamp, sizeof(stamp));
    add(&area, SOL_IP, IP_TTL, &ttl, sizeof(ttl));
    add(&area, SOL_IP, IP_TOS, &tos, sizeof(tos));
    add(&area, SOL_IP, IP_PKTINFO, &info, sizeof(info));
    read_area(&area, &got);
    assert_int_equal(got.stamp, HOPS_SEC + 2);
    assert_int_equal(got.ttl, 255);
    assert_int_equal(got.tos, 0xb8);
    assert_string_equal(hops_addr_format(&got.local, text), "127.0.0.1");
    assert_int_equal(got.interface, 2);
    assert_false(got.error.present);
}

static void net_cmsg_nothing_told_is_unknown(void **state) {
    struct area area = {.len = 0};
    struct hops_net_cmsgs got;

    (void)state;
    read_area(&area, &got);
    assert_int_equal(got.stamp, 0);
    assert_int_equal(got.ttl, -1);
    assert_int_equal(got.tos, -1);
    assert_int_equal(got.local.family, HOPS_FAMILY_NONE);
    assert_false(got.overflow_known);
    assert_false(got.error.present);
}

/* An error whose header says less than an extended error has is passed over, and a shorter offender
 * is none. */
static void net_cmsg_short_errors_give_no_offender(void **state) {
    struct error_octets error = make_error();

    (void)state;
    for (size_t len = 0; len <= sizeof(error); len++) {
        struct area area = {.len = 0};
        struct hops_net_cmsgs got;

        add(&area, SOL_IPV6, IPV6_RECVERR, &error, len);
        read_area(&area, &got);
        assert_int_equal(got.error.present, len >= sizeof(error.ee));
        assert_int_equal(got.error.offender.family,
                         len >= sizeof(error) ? HOPS_IPV6 : HOPS_FAMILY_NONE);
    }
}

/* A header that tells of more octets than there are is the end of what is read. */
static void net_cmsg_length_beyond_the_end_is_not_believed(void **state) {
    struct area area = {.len = 0};
    int ttl = 61;

    (void)state;
    add(&area, SOL_IP, IP_TTL, &ttl, sizeof(ttl));
    for (size_t len = 0; len < area.len; len += alignof(struct cmsghdr)) {
        struct msghdr msg = {.msg_control = check_guarded(area.octets, len), .msg_controllen = len};
        struct hops_net_cmsgs got;
        hops_net_cmsg_read(&msg, &got);
        assert_int_equal(got.ttl, len < CMSG_LEN(sizeof(ttl)) ? -1 : ttl);
    }
}

static void net_cmsg_impossible_stamp_is_none(void **state) {
    static const struct timespec impossible[] = {{.tv_sec = (time_t)(INT64_MAX / 1000)},
                                                 {.tv_sec = -1},
                                                 {.tv_nsec = 1000000000},
                                                 {.tv_nsec = -1}};

    (void)state;
    for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
        struct area area = {.len = 0};
        struct hops_net_cmsgs got;
        add(&area, SOL_SOCKET, SO_TIMESTAMPNS, &impossible[i], sizeof(impossible[i]));
        read_area(&area, &got);
        assert_int_equal(got.stamp, 0);
    }
}

static void net_control_is_written_as_the_kernel_wants_it(void **state) {
    struct hops_net_control control;
    struct msghdr msg = {0};
    struct hops_net_cmsgs got;
    struct hops_addr source;
    char text[HOPS_ADDR_TEXT_MAX];

    (void)state;
    assert_true(hops_addr_parse("fe80::2", &source));
    source.scope = 7;
    hops_net_control_clear(&control);
    hops_net_control_attach(&control, &msg);
    assert_null(msg.msg_control);
    hops_net_control_ttl(&control, HOPS_IPV6, 3);
    hops_net_control_tos(&control, HOPS_IPV6, 0x20);
    hops_net_control_source(&control, &source);
    hops_net_control_flow_label(&control, 0xfabcde);
    hops_net_control_stamp_id(&control, 9);
    hops_net_control_attach(&control, &msg);
    hops_net_cmsg_read(&msg, &got);
    assert_int_equal(got.ttl, 3);
    assert_int_equal(got.tos, 0x20);
    assert_string_equal(hops_addr_format(&got.local, text), "fe80::2");
    assert_int_equal(got.interface, 7);

    hops_net_control_clear(&control);
    hops_net_control_ttl(&control, HOPS_IPV4, 64);
    hops_net_control_tos(&control, HOPS_IPV4, 0xff);
    hops_net_control_attach(&control, &msg);
    hops_net_cmsg_read(&msg, &got);
    assert_int_equal(got.ttl, 64);
    assert_int_equal(got.tos, 0xff);
}

static void net_sockaddr_round_trips(void **state) {
    static const char *const rows[] = {"192.0.2.7", "2001:db8::7", "fe80::7"};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sockaddr_storage sa;
        struct hops_addr addr;
        struct hops_addr back;
        uint16_t port = 0;
        socklen_t len;

        assert_true(hops_addr_parse(rows[i], &addr));
        addr.scope = hops_addr_is_link_local(&addr) ? 5 : 0;
        len = hops_net_sockaddr_set(&sa, &addr, 33434);
        back = hops_net_sockaddr_get(&sa, len, &port);
        check_int(rows[i], hops_addr_equal(&addr, &back), true);
        check_int(rows[i], back.scope, addr.scope);
        check_int(rows[i], port, 33434);
        for (socklen_t cut = 0; cut < len; cut++) {
            back = hops_net_sockaddr_get(check_guarded(&sa, cut), cut, &port);
            check_int(rows[i], back.family, HOPS_FAMILY_NONE);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_cmsg_every_message_is_read),
        cmocka_unit_test(net_cmsg_ipv4_forms_are_read),
        cmocka_unit_test(net_cmsg_nothing_told_is_unknown),
        cmocka_unit_test(net_cmsg_short_errors_give_no_offender),
        cmocka_unit_test(net_cmsg_length_beyond_the_end_is_not_believed),
        cmocka_unit_test(net_cmsg_impossible_stamp_is_none),
        cmocka_unit_test(net_control_is_written_as_the_kernel_wants_it),
        cmocka_unit_test(net_sockaddr_round_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
