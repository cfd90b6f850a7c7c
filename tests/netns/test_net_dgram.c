/* SPDX-License-Identifier: MIT
 *
 * ICMP, UDP and TCP without raw sockets, on this very kernel: over loopback, and through a router.
 */
#include "check.h"
#include "lab.h"

#include "net/connect.h"
#include "net/dgram.h"
#include "net/dgram_open.h"
#include "net/sockaddr.h"

#include <hops/addr.h>
#include <hops/net.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define PATIENCE (2 * HOPS_SEC)

/* A link with one channel. */
struct rig {
    struct hops_link_counters counters;
    struct hops_net_env env;
    struct hops_config config;
    struct hops_net_channel *channel;
    struct hops_diag diag;
    uint32_t next_id;
};

static void rig_config(struct rig *rig, enum hops_protocol protocol, const char *source,
                       const char *target) {
    *rig = (struct rig){.env = {.mem = hops_mem_default()}};
    rig->env.counters = &rig->counters;
    rig->env.queue = epoll_create1(EPOLL_CLOEXEC);
    assert_true(rig->env.queue >= 0);
    rig->config = (struct hops_config){.size = sizeof(struct hops_config), .protocol = protocol};
    assert_true(hops_addr_parse(source, &rig->config.source));
    assert_true(hops_addr_parse(target, &rig->config.target));
    rig->config.packet_size = 84;
    rig->config.direction =
        protocol == HOPS_PROTOCOL_ICMP ? HOPS_PORTS_NONE : HOPS_PORTS_FIXED_TARGET;
    rig->config.target_port = protocol == HOPS_PROTOCOL_ICMP ? 0 : 33434;
    rig->config.trace_id = 1;
}

static enum hops_err rig_attach(struct rig *rig) {
    return (rig->config.protocol == HOPS_PROTOCOL_TCP ? hops_net_connect_new : hops_net_dgram_new)(
        &rig->env, 7, &rig->config, hops_net_now(), &rig->channel, &rig->diag);
}

static void rig_up(struct rig *rig, enum hops_protocol protocol, const char *source,
                   const char *target) {
    rig_config(rig, protocol, source, target);
    assert_int_equal(rig_attach(rig), HOPS_OK);
}

static void rig_down(struct rig *rig) {
    if (rig->channel != NULL) {
        rig->channel->ops->free(rig->channel);
    }
    (void)close(rig->env.queue);
}

static struct hops_probe rig_probe(struct rig *rig, uint8_t ttl, uint16_t sequence) {
    bool source = rig->config.direction == HOPS_PORTS_FIXED_SOURCE;
    struct hops_probe probe = {.id = rig->next_id++, .ttl = ttl, .sequence = sequence};

    if (rig->config.protocol != HOPS_PROTOCOL_ICMP) {
        probe.src_port = source ? rig->config.source_port : sequence;
        probe.dst_port = source ? sequence : rig->config.target_port;
    }
    return probe;
}

static struct hops_send_result rig_send(struct rig *rig, uint8_t ttl, uint16_t sequence) {
    struct hops_probe probe = rig_probe(rig, ttl, sequence);

    return rig->channel->ops->send(rig->channel, &probe, hops_net_now());
}

static void rig_send_ok(struct rig *rig, uint8_t ttl, uint16_t sequence) {
    struct hops_send_result result = rig_send(rig, ttl, sequence);

    check_int("send: errno", result.os_errno, 0);
    check_int("send: status", result.status, HOPS_SEND_OK);
}

/* The next thing that came in, as a link would find it. */
static bool rig_receive(struct rig *rig, hops_ns patience, struct hops_inbound *out) {
    hops_ns until = hops_net_now() + patience;

    for (;;) {
        struct epoll_event event;
        hops_ns now = hops_net_now();
        int n;

        if (rig->channel->due <= now && rig->channel->ops->receive(rig->channel, now, out)) {
            return true;
        }
        if (now >= until) {
            return false;
        }
        n = epoll_wait(rig->env.queue, &event, 1, 10);
        if (n == 1) {
            assert_int_equal(event.data.u64 >> 32, 7);
            if (rig->channel->ops->ready(rig->channel, (uint32_t)event.data.u64, event.events,
                                         hops_net_now(), out)) {
                return true;
            }
        }
    }
}

/* The next reply; the probe's transmit stamp may come before it. */
static struct hops_reply rig_reply(struct rig *rig, hops_ns *out_stamp) {
    struct hops_inbound in;

    *out_stamp = 0;
    for (;;) {
        if (!rig_receive(rig, PATIENCE, &in)) {
            fail_msg("no reply");
        }
        assert_int_equal(in.attachment, 7);
        if (in.kind == HOPS_INBOUND_STAMP) {
            *out_stamp = in.when;
            continue;
        }
        assert_int_equal(in.kind, HOPS_INBOUND_REPLY);
        return in.reply;
    }
}

static void check_addr(const char *row, const struct hops_addr *addr, const char *want) {
    char text[HOPS_ADDR_TEXT_MAX];

    check_str(row, hops_addr_format(addr, text), want);
}

/* A socket of somebody else: bound, or listening. */
static int other_socket(int type, const char *address, uint16_t port, bool listening) {
    struct hops_addr addr;
    struct sockaddr_storage sa;
    socklen_t len;
    int fd;

    assert_true(hops_addr_parse(address, &addr));
    len = hops_net_sockaddr_set(&sa, &addr, port);
    fd = socket(hops_net_af(&addr), type | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&sa, len), 0);
    if (listening) {
        assert_int_equal(listen(fd, 8), 0);
    }
    return fd;
}

static const char *const loopbacks[] = {"127.0.0.1", "::1"};

static void ping_loopback_is_answered_and_stamped(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const char *row = loopbacks[i];
        struct rig rig;
        int coarse = 0;
        int stamped = 0;

        rig_up(&rig, HOPS_PROTOCOL_ICMP, row, row);
        for (uint16_t seq = 33000; seq < 33020; seq++) {
            hops_ns before = hops_net_now();
            struct hops_reply reply;
            hops_ns stamp;

            rig_send_ok(&rig, 64, seq);
            reply = rig_reply(&rig, &stamp);
            check_int(row, reply.kind, HOPS_REPLY_ECHO);
            check_int(row, reply.quote.icmp_id, rig.config.trace_id);
            check_int(row, reply.quote.icmp_seq, seq);
            check_int(row, reply.quote.protocol, HOPS_PROTOCOL_ICMP);
            check_int(row, reply.ttl, 64);
            check_addr(row, &reply.responder, row);
            check_addr(row, &reply.local, row);
            check_addr(row, &reply.quote.dst, row);
            check_int(row, reply.when >= before && reply.when <= hops_net_now(), true);
            coarse += reply.coarse ? 1 : 0;
            if (stamp != 0) {
                stamped++;
                check_int(row, stamp >= before && stamp <= reply.when, true);
            }
        }
        check_int(row, coarse, 0);
        check_int(row, stamped, 20);
        check_int(row, rig.counters.received, 20);
        rig_down(&rig);
    }
}

static void ping_two_traces_get_their_own_identifiers(void **state) {
    struct rig a;
    struct rig b;
    struct hops_reply reply;
    hops_ns stamp;

    (void)state;
    rig_up(&a, HOPS_PROTOCOL_ICMP, "127.0.0.1", "127.0.0.1");
    rig_up(&b, HOPS_PROTOCOL_ICMP, "127.0.0.1", "127.0.0.1");
    assert_int_not_equal(a.config.trace_id, b.config.trace_id);
    rig_send_ok(&a, 64, 5);
    rig_send_ok(&b, 64, 6);
    reply = rig_reply(&a, &stamp);
    assert_int_equal(reply.quote.icmp_seq, 5);
    reply = rig_reply(&b, &stamp);
    assert_int_equal(reply.quote.icmp_seq, 6);
    rig_down(&a);
    rig_down(&b);
}

static void ping_without_right_says_what_to_do(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct rig rig;

        assert_true(hops_net_ping_usable(i == 0 ? HOPS_IPV4 : HOPS_IPV6));
        lab_sysctl("net/ipv4/ping_group_range", "1 0");
        rig_config(&rig, HOPS_PROTOCOL_ICMP, loopbacks[i], loopbacks[i]);
        check_int(loopbacks[i], rig_attach(&rig), HOPS_ERR_PRIVILEGE);
        assert_non_null(strstr(rig.diag.text, "net.ipv4.ping_group_range"));
        assert_non_null(strstr(rig.diag.text, "--udp"));
        assert_non_null(strstr(rig.diag.text, "CAP_NET_RAW"));
        assert_false(hops_net_ping_usable(i == 0 ? HOPS_IPV4 : HOPS_IPV6));
        lab_sysctl("net/ipv4/ping_group_range", "0 0");
        rig_down(&rig);
    }
}

static void ping_holds_back_beyond_256_outstanding(void **state) {
    struct rig rig;
    struct hops_send_result result = {0};

    (void)state;
    lab_run("nft 'add table ip t; add chain ip t i { type filter hook input priority 0; }; "
            "add rule ip t i ip daddr 127.0.0.77 drop'");
    rig_up(&rig, HOPS_PROTOCOL_ICMP, "127.0.0.1", "127.0.0.77");
    for (uint16_t seq = 1; seq <= 256; seq++) {
        struct hops_inbound in;

        rig_send_ok(&rig, 64, seq);
        while (rig.channel->due == 0) {
            (void)rig.channel->ops->receive(rig.channel, hops_net_now(), &in);
        }
    }
    result = rig_send(&rig, 64, 257);
    assert_int_equal(result.status, HOPS_SEND_BUSY);
    rig.channel->ops->release(rig.channel, 0);
    rig_send_ok(&rig, 64, 257);
    rig_down(&rig);
    lab_run("nft delete table ip t");
}

static void udp_closed_port_is_unreachable(void **state) {
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const char *row = loopbacks[i % 2];
        bool fixed_source = i >= 2;
        struct rig rig;
        struct hops_reply reply;
        hops_ns stamp;

        rig_config(&rig, HOPS_PROTOCOL_UDP, row, row);
        if (fixed_source) {
            rig.config.direction = HOPS_PORTS_FIXED_SOURCE;
            rig.config.source_port = 40000;
        }
        assert_int_equal(rig_attach(&rig), HOPS_OK);
        rig_send_ok(&rig, 64, 33500);
        reply = rig_reply(&rig, &stamp);
        check_int(row, reply.kind, HOPS_REPLY_UNREACHABLE);
        check_int(row, reply.icmp_type, i % 2 == 0 ? 3 : 1);
        check_int(row, reply.icmp_code, i % 2 == 0 ? 3 : 4);
        check_addr(row, &reply.responder, row);
        check_addr(row, &reply.quote.dst, row);
        check_int(row, reply.quote.protocol, HOPS_PROTOCOL_UDP);
        check_int(row, reply.quote.src_port, fixed_source ? 40000 : 33500);
        check_int(row, reply.quote.dst_port, fixed_source ? 33500 : 33434);
        check_int(row, reply.known_probe, !fixed_source);
        check_int(row, reply.coarse, false);
        check_int(row, stamp != 0 && stamp <= reply.when, true);
        rig_down(&rig);
    }
}

static void udp_answer_of_the_target_is_a_reply(void **state) {
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const char *row = loopbacks[i % 2];
        bool fixed_source = i >= 2;
        int server = other_socket(SOCK_DGRAM, row, 33434, false);
        struct sockaddr_storage from;
        socklen_t len = sizeof(from);
        uint8_t octets[256];
        ssize_t got;
        struct rig rig;
        struct hops_reply reply;
        hops_ns stamp;

        rig_config(&rig, HOPS_PROTOCOL_UDP, row, row);
        if (fixed_source) {
            rig.config.direction = HOPS_PORTS_FIXED_SOURCE;
            rig.config.source_port = 40000;
        }
        rig.config.payload_pattern = 0x41;
        assert_int_equal(rig_attach(&rig), HOPS_OK);
        rig_send_ok(&rig, 64, fixed_source ? 33434 : 33501);
        got = recvfrom(server, octets, sizeof(octets), 0, (struct sockaddr *)&from, &len);
        check_int(row, got, 84 - (i % 2 == 0 ? 20 : 40) - 8);
        check_int(row, octets[0], 0x41);
        check_int(row, sendto(server, "hi", 2, 0, (const struct sockaddr *)&from, len), 2);
        reply = rig_reply(&rig, &stamp);
        check_int(row, reply.kind, HOPS_REPLY_UDP);
        check_addr(row, &reply.responder, row);
        check_int(row, reply.quote.src_port, fixed_source ? 40000 : 33501);
        check_int(row, reply.quote.dst_port, 33434);
        check_int(row, reply.known_probe, !fixed_source);
        rig_down(&rig);
        (void)close(server);
    }
}

static void udp_data_of_strangers_is_ignored(void **state) {
    int stranger = other_socket(SOCK_DGRAM, "127.0.0.5", 33434, false);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(33502),
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    int server = other_socket(SOCK_DGRAM, "127.0.0.1", 33434, false);
    struct hops_inbound in;
    struct rig rig;

    (void)state;
    rig_up(&rig, HOPS_PROTOCOL_UDP, "127.0.0.1", "127.0.0.1");
    rig_send_ok(&rig, 64, 33502);
    assert_int_equal(sendto(stranger, "hi", 2, 0, (const struct sockaddr *)&to, sizeof(to)), 2);
    while (rig_receive(&rig, 50 * HOPS_MS, &in)) {
        assert_int_equal(in.kind, HOPS_INBOUND_STAMP);
    }
    assert_int_equal(rig.counters.ignored, 1);
    rig_down(&rig);
    (void)close(stranger);
    (void)close(server);
}

static void ports_of_others_are_taken_and_ours_come_free(void **state) {
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const char *row = loopbacks[i % 2];
        enum hops_protocol protocol = i < 2 ? HOPS_PROTOCOL_UDP : HOPS_PROTOCOL_TCP;
        int type = i < 2 ? SOCK_DGRAM : SOCK_STREAM;
        int holder = other_socket(type, row, 33600, false);
        struct hops_send_result result;
        struct hops_reply reply;
        hops_ns stamp;
        struct rig rig;

        rig_up(&rig, protocol, row, row);
        result = rig_send(&rig, 64, 33600);
        check_int(row, result.status, HOPS_SEND_PORT_TAKEN);
        check_int(row, result.call, HOPS_CALL_BIND);
        check_int(row, result.os_errno, EADDRINUSE);
        (void)close(holder);
        for (int again = 0; again < 3; again++) {
            rig_send_ok(&rig, 64, 33600);
            reply = rig_reply(&rig, &stamp);
            check_int(row, reply.known_probe, true);
        }
        rig_down(&rig);
    }
}

static void fixed_ports_of_others_are_refused_and_proposed_ones_moved(void **state) {
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const char *row = loopbacks[i % 2];
        enum hops_protocol protocol = i < 2 ? HOPS_PROTOCOL_UDP : HOPS_PROTOCOL_TCP;
        int holder = other_socket(i < 2 ? SOCK_DGRAM : SOCK_STREAM, row, 41000, false);
        struct rig rig;

        rig_config(&rig, protocol, row, row);
        rig.config.direction = HOPS_PORTS_FIXED_SOURCE;
        rig.config.source_port = 41000;
        check_int(row, rig_attach(&rig), HOPS_ERR_PORT_TAKEN);
        assert_non_null(strstr(rig.diag.text, "41000"));
        rig.config.source_port_proposed = true;
        check_int(row, rig_attach(&rig), HOPS_OK);
        check_int(row, rig.config.source_port, 41001);
        rig_send_ok(&rig, 64, 33700);
        rig_down(&rig);
        (void)close(holder);
    }
}

static void low_ports_need_the_right(void **state) {
    struct rig rig;

    (void)state;
    rig_config(&rig, HOPS_PROTOCOL_TCP, "127.0.0.1", "127.0.0.1");
    rig.config.direction = HOPS_PORTS_FIXED_SOURCE;
    rig.config.source_port = 80;
    lab_privileged(false);
    assert_int_equal(rig_attach(&rig), HOPS_ERR_PRIVILEGE);
    lab_privileged(true);
    assert_non_null(strstr(rig.diag.text, "80"));
    assert_int_equal(rig_attach(&rig), HOPS_OK);
    rig_down(&rig);
}

static void tcp_open_and_closed_ports_answer(void **state) {
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        const char *row = loopbacks[i % 2];
        bool open = (i & 2) != 0;
        bool fixed_source = (i & 4) != 0;
        int listener = open ? other_socket(SOCK_STREAM, row, 33434, true) : -1;
        struct rig rig;

        rig_config(&rig, HOPS_PROTOCOL_TCP, row, row);
        if (fixed_source) {
            rig.config.direction = HOPS_PORTS_FIXED_SOURCE;
            rig.config.source_port = 42000;
        }
        assert_int_equal(rig_attach(&rig), HOPS_OK);
        for (int again = 0; again < 3; again++) {
            hops_ns before = hops_net_now();
            struct hops_reply reply;
            hops_ns stamp;

            rig_send_ok(&rig, 64, fixed_source ? 33434 : 33750);
            reply = rig_reply(&rig, &stamp);
            check_int(row, reply.kind, open ? HOPS_REPLY_TCP : HOPS_REPLY_TCP_REFUSED);
            check_addr(row, &reply.responder, row);
            check_addr(row, &reply.quote.dst, row);
            check_int(row, reply.known_probe, true);
            check_int(row, reply.probe_id, again);
            check_int(row, reply.quote.src_port, fixed_source ? 42000 : 33750);
            check_int(row, reply.quote.dst_port, 33434);
            check_int(row, reply.when >= before && reply.when <= hops_net_now(), true);
        }
        check_int(row, rig.channel->due == HOPS_NEVER, true);
        rig_down(&rig);
        if (open) {
            (void)close(listener);
        }
    }
}

/* A TIME_WAIT on (address, port): connected from there, and closed first. */
static void make_time_wait(const char *address, uint16_t port) {
    int listener = other_socket(SOCK_STREAM, address, 33435, true);
    int client = other_socket(SOCK_STREAM, address, port, false);
    struct hops_addr addr;
    struct sockaddr_storage sa;
    socklen_t len;
    int accepted;
    char octet;

    assert_true(hops_addr_parse(address, &addr));
    len = hops_net_sockaddr_set(&sa, &addr, 33435);
    assert_int_equal(connect(client, (const struct sockaddr *)&sa, len), 0);
    accepted = accept(listener, NULL, NULL);
    assert_true(accepted >= 0);
    (void)close(client);
    assert_int_equal(read(accepted, &octet, 1), 0);
    (void)close(accepted);
    (void)close(listener);
}

static void tcp_port_in_time_wait_is_taken(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct hops_send_result result;
        struct rig rig;

        make_time_wait(loopbacks[i], 33800);
        rig_up(&rig, HOPS_PROTOCOL_TCP, loopbacks[i], loopbacks[i]);
        result = rig_send(&rig, 64, 33800);
        check_int(loopbacks[i], result.status, HOPS_SEND_PORT_TAKEN);
        check_int(loopbacks[i], result.call, HOPS_CALL_BIND);
        check_int(loopbacks[i], result.os_errno, EADDRINUSE);
        rig_down(&rig);
    }
}

/* Another program that shares our fixed source port by SO_REUSEPORT has the very connection that a
 * probe wants: connect says EADDRNOTAVAIL, and that is no taken port. */
static void tcp_connection_that_exists_fails_and_is_not_skipped(void **state) {
    int listener = other_socket(SOCK_STREAM, "127.0.0.1", 33434, true);
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_port = htons(42001),
                               .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in to = from;
    int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct hops_send_result result;
    struct rig rig;

    (void)state;
    to.sin_port = htons(33434);
    rig_config(&rig, HOPS_PROTOCOL_TCP, "127.0.0.1", "127.0.0.1");
    rig.config.direction = HOPS_PORTS_FIXED_SOURCE;
    rig.config.source_port = 42001;
    assert_int_equal(rig_attach(&rig), HOPS_OK);
    assert_int_equal(hops_net_set_int(other, SOL_SOCKET, SO_REUSEPORT, 1), 0);
    assert_int_equal(bind(other, (const struct sockaddr *)&from, sizeof(from)), 0);
    assert_int_equal(connect(other, (const struct sockaddr *)&to, sizeof(to)), 0);
    result = rig_send(&rig, 64, 33434);
    assert_int_equal(result.status, HOPS_SEND_FAILED);
    assert_int_equal(result.call, HOPS_CALL_CONNECT);
    assert_int_equal(result.os_errno, EADDRNOTAVAIL);
    rig_down(&rig);
    (void)close(other);
    (void)close(listener);
}

static void no_descriptor_left_holds_the_probe_back(void **state) {
    static const enum hops_protocol protocols[] = {HOPS_PROTOCOL_UDP, HOPS_PROTOCOL_TCP};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct hops_send_result result;
        struct rlimit before;
        struct rlimit none;
        struct rig rig;

        rig_up(&rig, protocols[i], "127.0.0.1", "127.0.0.1");
        assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
        none = before;
        none.rlim_cur = 0;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
        result = rig_send(&rig, 64, 33900);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        assert_int_equal(result.status, HOPS_SEND_BUSY);
        assert_int_equal(result.call, HOPS_CALL_SOCKET);
        assert_int_equal(result.os_errno, EMFILE);
        rig_send_ok(&rig, 64, 33900);
        rig_down(&rig);
    }
}

static void address_removed_fails_until_it_is_back(void **state) {
    static const struct {
        const char *source;
        const char *target;
        const char *prefix;
    } families[] = {{"192.0.2.1", "127.0.0.1", "192.0.2.1/32"},
                    {"2001:db8::1", "::1", "2001:db8::1/128"}};

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        const char *source = families[i % 2].source;
        const char *prefix = families[i % 2].prefix;
        enum hops_protocol protocol = i < 2   ? HOPS_PROTOCOL_ICMP
                                      : i < 6 ? HOPS_PROTOCOL_UDP
                                              : HOPS_PROTOCOL_TCP;
        struct hops_send_result result;
        struct hops_probe probe;
        struct hops_reply reply;
        hops_ns stamp;
        struct rig rig;

        lab_run("ip addr add %s dev lo %s", prefix, i % 2 == 0 ? "" : "nodad");
        rig_config(&rig, protocol, source, families[i % 2].target);
        if (i == 2 || i == 3) {
            rig.config.direction = HOPS_PORTS_FIXED_SOURCE;
            rig.config.source_port = 43000;
        }
        assert_int_equal(rig_attach(&rig), HOPS_OK);
        rig_send_ok(&rig, 64, 34000);
        reply = rig_reply(&rig, &stamp);
        check_addr(source, &reply.responder, families[i % 2].target);
        lab_run("ip addr del %s dev lo", prefix);
        probe = rig_probe(&rig, 64, 34001);
        probe.round = 1;
        result = rig.channel->ops->send(rig.channel, &probe, hops_net_now());
        check_int(source, result.status, HOPS_SEND_FAILED);
        check_int(source, result.call, HOPS_CALL_BIND);
        check_int(source, result.os_errno, EADDRNOTAVAIL);
        lab_run("ip addr add %s dev lo %s", prefix, i % 2 == 0 ? "" : "nodad");
        probe = rig_probe(&rig, 64, 34002);
        probe.round = 2;
        result = rig.channel->ops->send(rig.channel, &probe, hops_net_now());
        check_int(source, result.status, HOPS_SEND_OK);
        reply = rig_reply(&rig, &stamp);
        check_addr(source, &reply.responder, families[i % 2].target);
        lab_run("ip addr del %s dev lo", prefix);
        rig_down(&rig);
    }
}

/* Each state of routing and firewall, for each kind of probe: failed, with the kernel's errno. */
static void local_refusals_fail_the_probe(void **state) {
    static const struct {
        const char *name;
        const char *on;
        const char *off;
        int os_errno;
        bool tcp; /* TCP sees it too */
    } rows[] = {
        {"no route", "true", "true", ENETUNREACH, true},
        {"blackhole", "ip route add blackhole 198.51.100.0/24",
         "ip route del blackhole 198.51.100.0/24", EINVAL, true},
        {"prohibit", "ip route add prohibit 198.51.100.0/24",
         "ip route del prohibit 198.51.100.0/24", EACCES, true},
        {"unreachable", "ip route add unreachable 198.51.100.0/24",
         "ip route del unreachable 198.51.100.0/24", EHOSTUNREACH, true},
        {"firewall",
         "ip route add 198.51.100.0/24 dev lo; nft 'add table ip t; add chain ip t o { type filter "
         "hook output priority 0; }; add rule ip t o ip daddr 198.51.100.1 drop'",
         "nft delete table ip t; ip route del 198.51.100.0/24 dev lo", EPERM, false},
    };

    (void)state;
    lab_run("ip addr add 192.0.2.1/32 dev lo");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        lab_run("%s", rows[i].on);
        for (int p = HOPS_PROTOCOL_ICMP; p <= HOPS_PROTOCOL_TCP; p++) {
            struct hops_send_result result;
            struct rig rig;

            if (p == HOPS_PROTOCOL_TCP && !rows[i].tcp) {
                continue;
            }
            rig_up(&rig, (enum hops_protocol)p, "192.0.2.1", "198.51.100.1");
            result = rig_send(&rig, 64, 34100);
            check_int(rows[i].name, result.status, HOPS_SEND_FAILED);
            check_int(rows[i].name, result.os_errno, rows[i].os_errno);
            check_int(rows[i].name, result.call,
                      p == HOPS_PROTOCOL_TCP ? HOPS_CALL_CONNECT : HOPS_CALL_SENDTO);
            rig_down(&rig);
        }
        lab_run("%s", rows[i].off);
    }
    lab_run("ip addr del 192.0.2.1/32 dev lo");
}

/* Through the router. */

static const struct {
    const char *source, *router, *target;
} paths[] = {{"10.9.1.1", "10.9.1.2", "10.9.2.2"}, {"fd09:1::1", "fd09:1::2", "fd09:2::2"}};

static void router_and_target_answer(void **state) {
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        bool v6 = i % 2 == 1;
        const char *row = paths[v6].target;
        enum hops_protocol protocol = i < 2   ? HOPS_PROTOCOL_ICMP
                                      : i < 6 ? HOPS_PROTOCOL_UDP
                                              : HOPS_PROTOCOL_TCP;
        struct hops_reply reply;
        hops_ns stamp;
        struct rig rig;

        lab_privileged(false);
        rig_config(&rig, protocol, paths[v6].source, paths[v6].target);
        if (i == 2 || i == 3) {
            rig.config.direction = HOPS_PORTS_FIXED_SOURCE;
            rig.config.source_port = 44000;
        }
        assert_int_equal(rig_attach(&rig), HOPS_OK);
        rig_send_ok(&rig, 1, 34200);
        reply = rig_reply(&rig, &stamp);
        check_int(row, reply.kind, HOPS_REPLY_TIME_EXCEEDED);
        check_int(row, reply.icmp_type, v6 ? 3 : 11);
        check_addr(row, &reply.responder, paths[v6].router);
        check_addr(row, &reply.quote.dst, row);
        check_addr(row, &reply.local, paths[v6].source);
        check_int(row, reply.ttl, 64);
        check_int(row, reply.coarse, false);
        if (protocol == HOPS_PROTOCOL_ICMP) {
            check_int(row, reply.quote.icmp_seq, 34200);
            check_int(row, reply.quote.icmp_id, rig.config.trace_id);
            check_int(row, reply.quote.icmp_type, v6 ? 128 : 8);
        }
        rig_send_ok(&rig, 2, 34201);
        reply = rig_reply(&rig, &stamp);
        check_addr(row, &reply.responder, row);
        check_int(row, reply.kind,
                  protocol == HOPS_PROTOCOL_ICMP  ? HOPS_REPLY_ECHO
                  : protocol == HOPS_PROTOCOL_UDP ? HOPS_REPLY_UNREACHABLE
                                                  : HOPS_REPLY_TCP_REFUSED);
        rig_down(&rig);
        lab_privileged(true);
    }
}

/* Each error makes the next send fail unless the queue is read first: none may get lost. */
static void burst_beyond_the_first_hop_is_answered_in_full(void **state) {
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        bool v6 = i % 2 == 1;
        enum hops_protocol protocol = i < 2   ? HOPS_PROTOCOL_ICMP
                                      : i < 6 ? HOPS_PROTOCOL_UDP
                                              : HOPS_PROTOCOL_TCP;
        bool seen[200] = {false};
        int answered = 0;
        uint16_t sent = 0;
        struct rig rig;

        rig_config(&rig, protocol, paths[v6].source, paths[v6].target);
        if (i == 2 || i == 3) {
            rig.config.direction = HOPS_PORTS_FIXED_SOURCE;
            rig.config.source_port = 44000;
        }
        assert_int_equal(rig_attach(&rig), HOPS_OK);
        while (answered < 200) {
            struct hops_inbound in;
            uint32_t which;

            if (sent < 200) {
                struct hops_send_result result = rig_send(&rig, 1, (uint16_t)(34300 + sent));

                check_int("burst", result.status == HOPS_SEND_OK || result.status == HOPS_SEND_BUSY,
                          true);
                if (result.status == HOPS_SEND_OK) {
                    sent++;
                    continue;
                }
                rig.next_id--;
            }
            if (!rig_receive(&rig, PATIENCE, &in)) {
                fail_msg("%d of 200 answered, %d sent", answered, (int)sent);
            }
            if (in.kind != HOPS_INBOUND_REPLY) {
                assert_int_equal(in.kind, HOPS_INBOUND_STAMP);
                continue;
            }
            assert_int_equal(in.reply.kind, HOPS_REPLY_TIME_EXCEEDED);
            which = in.reply.known_probe             ? in.reply.probe_id
                    : protocol == HOPS_PROTOCOL_ICMP ? (uint32_t)in.reply.quote.icmp_seq - 34300
                                                     : (uint32_t)in.reply.quote.dst_port - 34300;
            assert_in_range(which, 0, 199);
            assert_false(seen[which]);
            seen[which] = true;
            answered++;
        }
        rig_down(&rig);
    }
}

/* Nobody has 10.9.1.77: after three seconds this host itself says so. */
static void silent_neighbour_fails_the_probe(void **state) {
    static const char *const sources[] = {"10.9.1.1", "fd09:1::1"};
    static const char *const nobody[] = {"10.9.1.77", "fd09:1::77"};
    struct rig rigs[4];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        rig_up(&rigs[i], i < 2 ? HOPS_PROTOCOL_ICMP : HOPS_PROTOCOL_UDP, sources[i % 2],
               nobody[i % 2]);
        rig_send_ok(&rigs[i], 64, 34600);
    }
    for (size_t i = 0; i < 4; i++) {
        struct hops_inbound in = {.kind = HOPS_INBOUND_STAMP};

        while (in.kind == HOPS_INBOUND_STAMP) {
            check_int(nobody[i % 2], rig_receive(&rigs[i], 8 * HOPS_SEC, &in), true);
        }
        check_int(nobody[i % 2], in.kind, HOPS_INBOUND_FAILED);
        check_int(nobody[i % 2], in.probe_id, 0);
        check_int(nobody[i % 2], in.failure.status, HOPS_SEND_FAILED);
        check_int(nobody[i % 2], in.failure.os_errno, EHOSTUNREACH);
        rig_down(&rigs[i]);
    }
}

static void tcp_without_answer_is_closed_after_900_ms(void **state) {
    struct hops_inbound in;
    struct hops_probe probe;
    struct hops_send_result result;
    struct rig rig;
    int other;

    (void)state;
    rig_up(&rig, HOPS_PROTOCOL_TCP, "10.9.1.1", "10.9.1.78");
    probe = rig_probe(&rig, 64, 34700);
    result = rig.channel->ops->send(rig.channel, &probe, hops_net_now());
    assert_int_equal(result.status, HOPS_SEND_OK);
    assert_int_equal(rig.channel->due, result.when + 900 * HOPS_MS);
    assert_false(rig.channel->ops->receive(rig.channel, rig.channel->due - 1, &in));
    assert_int_equal(rig.channel->due, result.when + 900 * HOPS_MS);
    assert_false(rig.channel->ops->receive(rig.channel, rig.channel->due, &in));
    assert_true(rig.channel->due == HOPS_NEVER);
    other = other_socket(SOCK_STREAM, "10.9.1.1", 34700, false);
    (void)close(other);
    rig_down(&rig);
}

static int group_setup(void **state) {
    (void)state;
    lab_routers_up();
    return 0;
}

static int group_teardown(void **state) {
    (void)state;
    lab_routers_down();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ping_loopback_is_answered_and_stamped),
        cmocka_unit_test(ping_two_traces_get_their_own_identifiers),
        cmocka_unit_test(ping_without_right_says_what_to_do),
        cmocka_unit_test(ping_holds_back_beyond_256_outstanding),
        cmocka_unit_test(udp_closed_port_is_unreachable),
        cmocka_unit_test(udp_answer_of_the_target_is_a_reply),
        cmocka_unit_test(udp_data_of_strangers_is_ignored),
        cmocka_unit_test(ports_of_others_are_taken_and_ours_come_free),
        cmocka_unit_test(fixed_ports_of_others_are_refused_and_proposed_ones_moved),
        cmocka_unit_test(low_ports_need_the_right),
        cmocka_unit_test(tcp_open_and_closed_ports_answer),
        cmocka_unit_test(tcp_port_in_time_wait_is_taken),
        cmocka_unit_test(tcp_connection_that_exists_fails_and_is_not_skipped),
        cmocka_unit_test(no_descriptor_left_holds_the_probe_back),
        cmocka_unit_test(address_removed_fails_until_it_is_back),
        cmocka_unit_test(local_refusals_fail_the_probe),
        cmocka_unit_test(router_and_target_answer),
        cmocka_unit_test(burst_beyond_the_first_hop_is_answered_in_full),
        cmocka_unit_test(silent_neighbour_fails_the_probe),
        cmocka_unit_test(tcp_without_answer_is_closed_after_900_ms),
    };

    lab_enter();
    /* The kernel takes its time to switch stamping on: some first packets would have no stamp. */
    if (hops_net_stamp_keeper(HOPS_IPV4) < 0) {
        return 1;
    }
    (void)poll(NULL, 0, 20);
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
