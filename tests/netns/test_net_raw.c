/* SPDX-License-Identifier: MIT
 *
 * The raw side of the link against the real kernel, over loopback in a namespace of its own.
 */
#include "check.h"
#include "netns.h"

#include <hops/addr.h>
#include <hops/net.h>

#include "net/engine_parts.h"
#include "net/sockaddr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/in6.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FLOWINFO 11 /* IPV6_FLOWINFO as a control message */

static const struct family {
    const char *name;
    const char *target;
    const char *spare; /* an address that is not there */
    enum hops_family family;
} families[] = {
    {"IPv4", "127.0.0.1", "192.0.2.9", HOPS_IPV4},
    {"IPv6", "::1", "2001:db8::9", HOPS_IPV6},
};
#define FAMILIES (sizeof(families) / sizeof(families[0]))

static struct hops_link *open_link(void) {
    struct hops_net_raw *raw = NULL;
    struct hops_net_options options;
    struct hops_link *link = NULL;
    struct hops_diag diag = {""};

    assert_int_equal(hops_net_raw_open(&raw), HOPS_OK);
    hops_net_options_init(&options);
    if (hops_net_new(raw, &options, hops_mem_default(), &link, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    netns_sleep(20); /* the kernel switches stamping on a little later */
    return link;
}

static struct hops_config config_for(const char *target, enum hops_protocol protocol) {
    struct hops_config config;

    hops_config_init(&config);
    config.target = netns_addr(target);
    config.protocol = protocol;
    config.trace_id = 4711;
    config.initial_sequence = 33434;
    config.last_sequence = HOPS_SEQUENCE_LAST;
    config.packet_size = 84;
    if (protocol != HOPS_PROTOCOL_ICMP) {
        config.direction = HOPS_PORTS_FIXED_TARGET;
        config.target_port = 7777;
    }
    return config;
}

static enum hops_err try_attach(struct hops_link *link, struct hops_config *config, uint32_t *id,
                                struct hops_diag *diag) {
    return link->ops->attach(link, config, hops_net_now(), id, diag);
}

static uint32_t attach(struct hops_link *link, struct hops_config *config) {
    struct hops_diag diag = {""};
    uint32_t id = 0;

    if (try_attach(link, config, &id, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    return id;
}

static struct hops_probe probe_for(const struct hops_config *config, uint32_t id) {
    struct hops_probe probe = {
        .id = id, .round = 0, .ttl = 5, .sequence = (uint16_t)(config->initial_sequence + id)};

    if (config->protocol != HOPS_PROTOCOL_ICMP) {
        bool target_fixed = config->direction == HOPS_PORTS_FIXED_TARGET;

        probe.src_port = target_fixed ? probe.sequence : config->source_port;
        probe.dst_port = target_fixed ? config->target_port : probe.sequence;
        if (config->direction == HOPS_PORTS_FIXED_BOTH) {
            probe.dst_port = config->target_port;
        }
    }
    if (config->protocol == HOPS_PROTOCOL_TCP) {
        probe.tcp_seq = 0xdeadbe00U + id;
    }
    return probe;
}

static struct hops_send_result send_probe(struct hops_link *link, uint32_t attachment,
                                          const struct hops_probe *probe) {
    return link->ops->send(link, attachment, probe, hops_net_now());
}

static void expect_sent(const char *row, struct hops_send_result result) {
    check_int(row, result.os_errno, 0);
    check_int(row, result.status, HOPS_SEND_OK);
    check_int(row, result.call, HOPS_CALL_NONE);
}

static void expect_refused(const char *row, struct hops_send_result result,
                           enum hops_send_status status, int os_errno) {
    check_int(row, result.status, status);
    check_int(row, result.call, HOPS_CALL_BIND);
    check_int(row, result.os_errno, os_errno);
}

/* Sends a probe and waits for its stamp and its reply. With the stamps the round trip must be
 * shorter than what we see ourselves. */
static struct hops_reply round_trip(const char *row, struct hops_link *link, uint32_t attachment,
                                    const struct hops_config *config,
                                    const struct hops_probe *probe) {
    const hops_ns before = hops_net_now();
    struct hops_send_result sent = send_probe(link, attachment, probe);
    struct hops_inbound inbound;
    hops_ns stamp;

    expect_sent(row, sent);
    assert_true(sent.when >= before);
    check_int(row, netns_receive(link, &inbound), true);
    check_int(row, inbound.kind, HOPS_INBOUND_STAMP);
    check_int(row, inbound.attachment, attachment);
    check_int(row, inbound.probe_id, probe->id);
    stamp = inbound.when;
    check_int(row, netns_receive(link, &inbound), true);

    const hops_ns after = hops_net_now();

    check_int(row, inbound.kind, HOPS_INBOUND_REPLY);
    check_int(row, inbound.attachment, attachment);
    check_int(row, inbound.reply.coarse, false);
    check_int(row, stamp >= sent.when, true);
    check_int(row, inbound.reply.when >= stamp, true);
    check_int(row, inbound.reply.when - stamp < after - before, true);
    check_int(row, hops_addr_equal(&inbound.reply.responder, &config->target), true);
    check_int(row, hops_addr_equal(&inbound.reply.local, &config->source), true);
    check_int(row, hops_addr_equal(&inbound.reply.quote.dst, &config->target), true);
    check_int(row, inbound.reply.ttl, 64);
    link->ops->release(link, attachment, probe->id);
    return inbound.reply;
}

static void net_raw_icmp_probes_are_answered(void **state) {
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        struct hops_link *link = open_link();
        struct hops_config config = config_for(families[i].target, HOPS_PROTOCOL_ICMP);
        uint32_t id = attach(link, &config);

        for (uint32_t n = 0; n < 10; n++) {
            struct hops_probe probe = probe_for(&config, n);
            struct hops_reply reply = round_trip(families[i].name, link, id, &config, &probe);

            check_int(families[i].name, reply.kind, HOPS_REPLY_ECHO);
            check_int(families[i].name, reply.quote.icmp_id, config.trace_id);
            check_int(families[i].name, reply.quote.icmp_seq, probe.sequence);
        }
        link->ops->close(link);
    }
}

static void net_raw_udp_closed_port_is_unreachable(void **state) {
    static const enum hops_port_direction directions[] = {
        HOPS_PORTS_FIXED_TARGET, HOPS_PORTS_FIXED_SOURCE, HOPS_PORTS_FIXED_BOTH};

    (void)state;
    for (size_t i = 0; i < FAMILIES * 3; i++) {
        const struct family *family = &families[i % FAMILIES];
        struct hops_link *link = open_link();
        struct hops_config config = config_for(family->target, HOPS_PROTOCOL_UDP);
        uint32_t id;

        config.direction = directions[i / FAMILIES];
        config.source_port = 20000;
        config.strategy =
            config.direction == HOPS_PORTS_FIXED_BOTH ? HOPS_STRATEGY_PARIS : HOPS_STRATEGY_CLASSIC;
        id = attach(link, &config);
        for (uint32_t n = 0; n < 3; n++) {
            struct hops_probe probe = probe_for(&config, n);
            struct hops_reply reply = round_trip(family->name, link, id, &config, &probe);

            check_int(family->name, reply.kind, HOPS_REPLY_UNREACHABLE);
            check_int(family->name, reply.icmp_code, family->family == HOPS_IPV4 ? 3 : 4);
            check_int(family->name, reply.quote.src_port, probe.src_port);
            check_int(family->name, reply.quote.dst_port, probe.dst_port);
            if (config.strategy == HOPS_STRATEGY_PARIS) {
                check_int(family->name, reply.quote.udp_checksum, probe.sequence);
            }
        }
        link->ops->close(link);
    }
}

/* The open port answers: the reply comes through the socket that holds our port. */
static void net_raw_udp_open_port_answers(void **state) {
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        struct hops_link *link = open_link();
        struct hops_config config = config_for(families[i].target, HOPS_PROTOCOL_UDP);
        uint32_t id = attach(link, &config);
        struct hops_probe probe = probe_for(&config, 0);
        int server = netns_bound(SOCK_DGRAM, families[i].target, config.target_port);
        struct sockaddr_storage peer;
        socklen_t len = sizeof(peer);
        uint8_t octets[256];
        struct hops_inbound inbound;

        expect_sent(families[i].name, send_probe(link, id, &probe));
        check_int(families[i].name, netns_receive(link, &inbound), true);
        check_int(families[i].name, inbound.kind, HOPS_INBOUND_STAMP);
        assert_true(recvfrom(server, octets, sizeof(octets), 0, (struct sockaddr *)&peer, &len) >
                    0);
        assert_int_equal(sendto(server, "hi", 2, 0, (struct sockaddr *)&peer, len), 2);
        check_int(families[i].name, netns_receive(link, &inbound), true);
        check_int(families[i].name, inbound.kind, HOPS_INBOUND_REPLY);
        check_int(families[i].name, inbound.reply.kind, HOPS_REPLY_UDP);
        check_int(families[i].name, inbound.attachment, id);
        check_int(families[i].name, inbound.reply.coarse, false);
        check_int(families[i].name, inbound.reply.ttl, 64);
        check_int(families[i].name, inbound.reply.quote.src_port, probe.src_port);
        check_int(families[i].name, inbound.reply.quote.dst_port, probe.dst_port);
        check_int(families[i].name, hops_addr_equal(&inbound.reply.responder, &config.target),
                  true);
        netns_expect_silence(link, 30);
        (void)close(server);
        link->ops->close(link);
    }
}

static void net_raw_tcp_probe_is_answered_half_open(void **state) {
    (void)state;
    for (size_t i = 0; i < FAMILIES * 4; i++) {
        const struct family *family = &families[i % FAMILIES];
        const bool open = (i / FAMILIES) % 2 != 0;
        struct hops_link *link = open_link();
        struct hops_config config = config_for(family->target, HOPS_PROTOCOL_TCP);
        int server = -1;
        uint32_t id;

        if (i / FAMILIES >= 2) {
            config.direction = HOPS_PORTS_FIXED_SOURCE;
            config.source_port = 20000;
        }
        id = attach(link, &config);
        for (uint32_t n = 0; n < 3; n++) {
            struct hops_probe probe = probe_for(&config, n);
            struct hops_reply reply;

            if (open && (n == 0 || config.direction == HOPS_PORTS_FIXED_SOURCE)) {
                (void)close(server);
                server = netns_bound(SOCK_STREAM | SOCK_NONBLOCK, family->target, probe.dst_port);
                assert_int_equal(listen(server, 5), 0);
            }
            reply = round_trip(family->name, link, id, &config, &probe);
            check_int(family->name, reply.kind, open ? HOPS_REPLY_TCP : HOPS_REPLY_TCP_REFUSED);
            check_int(family->name, reply.quote.src_port, probe.src_port);
            check_int(family->name, reply.quote.dst_port, probe.dst_port);
            check_int(family->name, reply.quote.tcp_seq_known, true);
            check_int(family->name, reply.quote.tcp_seq, probe.tcp_seq);
        }
        if (open) {
            /* Nothing was ever accepted: our kernel resets, and we never complete. */
            assert_int_equal(accept4(server, NULL, NULL, SOCK_CLOEXEC), -1);
            (void)close(server);
        }
        netns_expect_silence(link, 20);
        link->ops->close(link);
    }
}

/* Ports. */

static void net_raw_port_of_somebody_else_is_taken(void **state) {
    static const struct {
        const char *name;
        enum hops_protocol protocol;
        int type;
        bool any_address;
    } rows[] = {
        {"UDP", HOPS_PROTOCOL_UDP, SOCK_DGRAM, false},
        {"UDP wildcard", HOPS_PROTOCOL_UDP, SOCK_DGRAM, true},
        {"TCP", HOPS_PROTOCOL_TCP, SOCK_STREAM, false},
        {"TCP wildcard", HOPS_PROTOCOL_TCP, SOCK_STREAM, true},
    };

    (void)state;
    for (size_t i = 0; i < FAMILIES * sizeof(rows) / sizeof(rows[0]); i++) {
        const struct family *family = &families[i % FAMILIES];
        const size_t row = i / FAMILIES;
        const char *any = family->family == HOPS_IPV4 ? "0.0.0.0" : "::";
        struct hops_link *link = open_link();
        struct hops_config config = config_for(family->target, rows[row].protocol);
        uint32_t id = attach(link, &config);
        struct hops_probe probe = probe_for(&config, 3);
        int holder = netns_bound(rows[row].type, rows[row].any_address ? any : family->target,
                                 probe.src_port);

        expect_refused(rows[row].name, send_probe(link, id, &probe), HOPS_SEND_PORT_TAKEN,
                       EADDRINUSE);
        netns_expect_silence(link, 10);
        (void)close(holder);
        expect_sent(rows[row].name, send_probe(link, id, &probe));
        link->ops->close(link);
    }
}

static void connect_from(const char *addr, uint16_t from, uint16_t to) {
    const struct hops_addr target = netns_addr(addr);
    struct sockaddr_storage sa;
    socklen_t len = hops_net_sockaddr_set(&sa, &target, to);
    int server = netns_bound(SOCK_STREAM, addr, to);
    int client = netns_bound(SOCK_STREAM, addr, from);
    int accepted;

    assert_int_equal(listen(server, 5), 0);
    assert_int_equal(connect(client, (const struct sockaddr *)&sa, len), 0);
    accepted = accept4(server, NULL, NULL, SOCK_CLOEXEC);
    assert_true(accepted >= 0);
    (void)close(client); /* closes first: keeps TIME_WAIT */
    netns_sleep(5);
    (void)close(accepted);
    (void)close(server);
    netns_sleep(5);
}

static void net_raw_port_in_time_wait_is_taken(void **state) {
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        struct hops_link *link = open_link();
        struct hops_config config = config_for(families[i].target, HOPS_PROTOCOL_TCP);
        uint32_t id = attach(link, &config);
        struct hops_probe probe = probe_for(&config, 1000);

        connect_from(families[i].target, probe.src_port, 9999);
        expect_refused(families[i].name, send_probe(link, id, &probe), HOPS_SEND_PORT_TAKEN,
                       EADDRINUSE);
        probe = probe_for(&config, 1001);
        expect_sent(families[i].name, send_probe(link, id, &probe));
        link->ops->close(link);
    }
}

static bool port_is_free(int type, const char *text, uint16_t port) {
    const struct hops_addr addr = netns_addr(text);
    struct sockaddr_storage sa;
    socklen_t len = hops_net_sockaddr_set(&sa, &addr, port);
    int fd = socket(hops_net_af(&addr), type | SOCK_CLOEXEC, 0);
    bool ok = bind(fd, (const struct sockaddr *)&sa, len) == 0;

    (void)close(fd);
    return ok;
}

static void net_raw_port_is_held_until_released(void **state) {
    (void)state;
    for (size_t i = 0; i < FAMILIES * 2; i++) {
        const struct family *family = &families[i % FAMILIES];
        const bool udp = i / FAMILIES == 0;
        const int type = udp ? SOCK_DGRAM : SOCK_STREAM;
        struct hops_link *link = open_link();
        struct hops_config config =
            config_for(family->target, udp ? HOPS_PROTOCOL_UDP : HOPS_PROTOCOL_TCP);
        uint32_t id = attach(link, &config);
        struct hops_probe first = probe_for(&config, 0);
        struct hops_probe second = probe_for(&config, 1);

        second.src_port = first.src_port; /* as all probes of a paris round */
        expect_sent(family->name, send_probe(link, id, &first));
        expect_sent(family->name, send_probe(link, id, &second));
        assert_false(port_is_free(type, family->target, first.src_port));
        link->ops->release(link, id, first.id);
        link->ops->release(link, id, first.id);
        assert_false(port_is_free(type, family->target, first.src_port));
        link->ops->release(link, id, second.id);
        assert_true(port_is_free(type, family->target, first.src_port));
        expect_sent(family->name, send_probe(link, id, &first));
        assert_false(port_is_free(type, family->target, first.src_port));
        second = probe_for(&config, HOPS_NET_HOLDS); /* has the slot of the first */
        expect_sent(family->name, send_probe(link, id, &second));
        assert_true(port_is_free(type, family->target, first.src_port));
        link->ops->release(link, id, first.id);
        assert_false(port_is_free(type, family->target, second.src_port));
        link->ops->detach(link, id);
        assert_true(port_is_free(type, family->target, second.src_port));
        link->ops->close(link);
    }
}

static void net_raw_fixed_source_port(void **state) {
    (void)state;
    for (size_t i = 0; i < FAMILIES * 2; i++) {
        const struct family *family = &families[i % FAMILIES];
        const bool udp = i / FAMILIES == 0;
        struct hops_link *link = open_link();
        struct hops_config config =
            config_for(family->target, udp ? HOPS_PROTOCOL_UDP : HOPS_PROTOCOL_TCP);
        struct hops_config other;
        struct hops_diag diag = {""};
        int holder = netns_bound(udp ? SOCK_DGRAM : SOCK_STREAM, family->target, 20000);
        uint32_t id = 99;

        config.direction = HOPS_PORTS_FIXED_SOURCE;
        config.source_port = 20000;
        other = config;
        check_int(family->name, try_attach(link, &other, &id, &diag), HOPS_ERR_PORT_TAKEN);
        assert_non_null(strstr(diag.text, "20000"));
        assert_int_equal(id, 99);
        other.source_port_proposed = true;
        id = attach(link, &other);
        check_int(family->name, other.source_port, 20001);
        other = config;
        other.source_port_proposed = true;
        id = attach(link, &other);
        check_int(family->name, other.source_port, 20002);
        other = config;
        other.source_port = 20002;
        check_int(family->name, try_attach(link, &other, &id, &diag), HOPS_ERR_CLASH);
        link->ops->close(link);
        (void)close(holder);
    }
}

static void net_raw_no_descriptor_holds_the_send(void **state) {
    struct hops_link *link = open_link();
    struct hops_config config = config_for("127.0.0.1", HOPS_PROTOCOL_TCP);
    uint32_t id = attach(link, &config);
    struct hops_probe probe = probe_for(&config, 0);
    struct rlimit limit;
    struct rlimit none;
    struct hops_send_result result;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(limit.rlim_cur, limit.rlim_max);
    none = limit;
    none.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    result = send_probe(link, id, &probe);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    check_int("EMFILE", result.status, HOPS_SEND_BUSY);
    check_int("EMFILE", result.call, HOPS_CALL_SOCKET);
    check_int("EMFILE", result.os_errno, EMFILE);
    expect_sent("again", send_probe(link, id, &probe));
    link->ops->close(link);
}

/* Addresses and routes. */

static void net_raw_removed_source_fails_the_round(void **state) {
    static const enum hops_protocol protocols[] = {HOPS_PROTOCOL_ICMP, HOPS_PROTOCOL_UDP,
                                                   HOPS_PROTOCOL_TCP};

    (void)state;
    for (size_t i = 0; i < FAMILIES * 3; i++) {
        const struct family *family = &families[i % FAMILIES];
        struct hops_link *link = open_link();
        struct hops_config config = config_for(family->target, protocols[i / FAMILIES]);
        struct hops_probe probe;
        uint32_t id;

        netns_address(true, family->spare);
        config.source = netns_addr(family->spare);
        if (config.protocol == HOPS_PROTOCOL_UDP) {
            config.direction = HOPS_PORTS_FIXED_BOTH;
            config.strategy = HOPS_STRATEGY_PARIS;
            config.source_port = 20000;
        }
        id = attach(link, &config);
        for (uint32_t round = 0; round < 3; round++) {
            if (round != 0) {
                netns_address(round == 2, family->spare);
            }
            for (uint32_t n = 0; n < 3; n++) {
                probe = probe_for(&config, round * 3 + n);
                probe.round = round;
                if (round == 1) {
                    expect_refused(family->name, send_probe(link, id, &probe), HOPS_SEND_FAILED,
                                   EADDRNOTAVAIL);
                } else {
                    (void)round_trip(family->name, link, id, &config, &probe);
                }
            }
        }
        link->ops->close(link);
        netns_address(false, family->spare);
    }
}

static void net_raw_route_errors_fail_the_probe(void **state) {
    static const struct {
        const char *name;
        const char *add;
        const char *del;
        const char *target;
        int want;
    } rows[] = {
        {"IPv4 blackhole", "ip route add blackhole 198.51.100.0/24", "ip route del 198.51.100.0/24",
         "198.51.100.1", EINVAL},
        {"IPv4 prohibit", "ip route add prohibit 198.51.100.0/24", "ip route del 198.51.100.0/24",
         "198.51.100.1", EACCES},
        {"IPv4 unreachable", "ip route add unreachable 198.51.100.0/24",
         "ip route del 198.51.100.0/24", "198.51.100.1", EHOSTUNREACH},
        {"IPv4 no route", "true", "true", "198.51.100.1", ENETUNREACH},
        {"IPv6 blackhole", "ip -6 route add blackhole 2001:db8:1::/64",
         "ip -6 route del 2001:db8:1::/64", "2001:db8:1::1", EINVAL},
        {"IPv6 prohibit", "ip -6 route add prohibit 2001:db8:1::/64",
         "ip -6 route del 2001:db8:1::/64", "2001:db8:1::1", EACCES},
        {"IPv6 no route", "true", "true", "2001:db8:1::1", ENETUNREACH},
    };

    (void)state;
    netns_address(true, "192.0.2.1");
    netns_address(true, "2001:db8::1");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_link *link = open_link();
        struct hops_config config = config_for(rows[i].target, HOPS_PROTOCOL_UDP);
        bool ipv6 = config.target.family == HOPS_IPV6;
        uint32_t id;

        config.source = netns_addr(ipv6 ? "2001:db8::1" : "192.0.2.1");
        netns_run(rows[i].add);
        id = attach(link, &config);
        for (uint32_t n = 0; n < 2; n++) {
            struct hops_probe probe = probe_for(&config, n);
            struct hops_send_result result = send_probe(link, id, &probe);

            check_int(rows[i].name, result.os_errno, rows[i].want);
            check_int(rows[i].name, result.call, HOPS_CALL_SENDTO);
            check_int(rows[i].name, result.status, HOPS_SEND_FAILED);
            assert_true(
                port_is_free(SOCK_DGRAM, ipv6 ? "2001:db8::1" : "192.0.2.1", probe.src_port));
        }
        link->ops->close(link);
        netns_run(rows[i].del);
    }
    netns_address(false, "192.0.2.1");
    netns_address(false, "2001:db8::1");
}

static void net_raw_full_queue_is_tried_once_more(void **state) {
    struct hops_link *link = open_link();
    struct hops_config config = config_for("::1", HOPS_PROTOCOL_ICMP);
    uint32_t id = attach(link, &config);
    struct hops_send_result result = {.status = HOPS_SEND_OK};
    uint32_t n = 0;

    (void)state;
    netns_run("tc qdisc add dev lo root tbf rate 8kbit burst 1600 limit 2000");
    while (result.status == HOPS_SEND_OK && n < 1000) {
        struct hops_probe probe = probe_for(&config, n++);

        result = send_probe(link, id, &probe);
    }
    check_int("first", result.status, HOPS_SEND_BUSY);
    check_int("first", result.os_errno, ENOBUFS);

    struct hops_probe same = probe_for(&config, n - 1);

    result = send_probe(link, id, &same);
    netns_run("tc qdisc del dev lo root");
    check_int("second", result.status, HOPS_SEND_FAILED);
    check_int("second", result.os_errno, ENOBUFS);
    expect_sent("later", send_probe(link, id, &same));
    link->ops->close(link);
}

/* Flow labels. */

static uint32_t received_label(int fd) {
    uint8_t control[256];
    uint8_t octets[256];
    struct iovec room = {.iov_base = octets, .iov_len = sizeof(octets)};
    struct msghdr msg = {.msg_iov = &room,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = sizeof(control)};
    uint32_t label = 0;

    assert_true(recvmsg(fd, &msg, MSG_DONTWAIT) >= 0);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c != NULL; c = CMSG_NXTHDR(&msg, c)) {
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == FLOWINFO) {
            memcpy(&label, CMSG_DATA(c), sizeof(label));
        }
    }
    return ntohl(label) & 0xfffff;
}

static void net_raw_flow_label_is_constant_even_beside_a_lease(void **state) {
    struct hops_link *link = open_link();
    struct hops_config config = config_for("::1", HOPS_PROTOCOL_UDP);
    struct in6_flowlabel_req lease = {.flr_label = htonl(0x12345),
                                      .flr_action = IPV6_FL_A_GET,
                                      .flr_share = IPV6_FL_S_EXCL,
                                      .flr_flags = IPV6_FL_F_CREATE};
    int server = netns_bound(SOCK_DGRAM, "::1", 7777);
    int stranger = netns_bound(SOCK_DGRAM, "::1", 0);
    uint32_t labels[4];
    uint32_t id;

    (void)state;
    assert_int_equal(hops_net_set_int(server, IPPROTO_IPV6, IPV6_FLOWINFO, 1), 0);
    config.strategy = HOPS_STRATEGY_PARIS;
    config.direction = HOPS_PORTS_FIXED_TARGET;
    id = attach(link, &config);
    for (uint32_t n = 0; n < 4; n++) {
        struct hops_probe probe = probe_for(&config, n);

        if (n == 2) {
            lease.flr_dst.s6_addr[15] = 1;
            assert_int_equal(
                setsockopt(stranger, IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, &lease, sizeof(lease)), 0);
        }
        expect_sent(n < 2 ? "unleased" : "leased", send_probe(link, id, &probe));
        labels[n] = received_label(server);
        check_int("label", labels[n], labels[0]);
    }
    assert_int_not_equal(labels[0], 0);
    assert_int_not_equal(labels[0], 0x12345);
    (void)close(stranger);
    (void)close(server);
    link->ops->close(link);
}

/* Kernels before 6.13 do not let us name stamps. */

static struct hops_net_channel *engine_channel(struct hops_net_engine *engine, uint32_t attachment,
                                               struct hops_config *config) {
    struct hops_net_channel *channel = NULL;
    struct hops_diag diag = {""};

    config->source = config->target;
    if (hops_net_engine_attach(engine, attachment, config, &channel, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    return channel;
}

static void expect_stamp(const char *row, struct hops_net_channel *shared, uint32_t local,
                         uint32_t attachment, uint32_t probe_id) {
    struct hops_inbound inbound;

    check_int(row, shared->ops->ready(shared, local, EPOLLERR, hops_net_now(), &inbound), true);
    check_int(row, inbound.kind, HOPS_INBOUND_STAMP);
    check_int(row, inbound.attachment, attachment);
    check_int(row, inbound.probe_id, probe_id);
}

static void net_raw_counted_stamps_name_the_right_probe(void **state) {
    struct hops_link_counters counters = {0};
    struct hops_net_env env = {
        .mem = hops_mem_default(), .counters = &counters, .queue = epoll_create1(EPOLL_CLOEXEC)};
    struct hops_config small = config_for("127.0.0.1", HOPS_PROTOCOL_ICMP);
    struct hops_config large = small;
    struct hops_net_raw *raw = NULL;
    struct hops_net_engine *engine = NULL;
    struct hops_net_channel *shared;
    struct hops_net_channel *a;
    struct hops_net_channel *b;
    struct hops_probe probe;

    (void)state;
    assert_int_equal(hops_net_raw_open(&raw), HOPS_OK);
    assert_int_equal(hops_net_engine_new(&env, raw, &engine, NULL), HOPS_OK);
    netns_sleep(20);
    shared = hops_net_engine_shared(engine);
    large.packet_size = 600;
    large.trace_id = 4712;
    a = engine_channel(engine, 0, &small);
    b = engine_channel(engine, 1, &large);
    engine->senders[HOPS_NET_RAW_IPV4].naming = HOPS_NET_NAMING_COUNTED;
    for (uint32_t n = 0; n < 3; n++) {
        probe = probe_for(&small, n);
        expect_sent("before", a->ops->send(a, &probe, 0));
    }
    expect_stamp("before", shared, HOPS_NET_RAW_IPV4, 0, 0);
    expect_stamp("before", shared, HOPS_NET_RAW_IPV4, 0, 1);
    expect_stamp("before", shared, HOPS_NET_RAW_IPV4, 0, 2);
    netns_run("ip link set lo mtu 300");
    probe = probe_for(&large, 77);
    check_int("too big", b->ops->send(b, &probe, 0).os_errno, EMSGSIZE);
    /* IPv6 left with so small an MTU and comes back with the next start of the interface. */
    netns_run("ip link set lo mtu 65536 && ip link set lo down && ip link set lo up");
    probe = probe_for(&large, 78);
    expect_sent("after", b->ops->send(b, &probe, 0));
    probe = probe_for(&small, 3);
    expect_sent("after", a->ops->send(a, &probe, 0));
    expect_stamp("after", shared, HOPS_NET_RAW_IPV4, 1, 78);
    expect_stamp("after", shared, HOPS_NET_RAW_IPV4, 0, 3);
    assert_int_equal(engine->senders[HOPS_NET_RAW_IPV4].naming, HOPS_NET_NAMING_COUNTED);
    a->ops->free(a);
    b->ops->free(b);
    shared->ops->free(shared);
    (void)close(env.queue);
}

/* What others do does not concern us. */

static void send_echo_request(struct hops_link *link) {
    struct hops_config config = config_for("127.0.0.1", HOPS_PROTOCOL_ICMP);
    struct hops_probe probe = probe_for(&config, 1);
    uint32_t id;

    config.trace_id = 99;
    id = attach(link, &config);
    (void)round_trip("stranger", link, id, &config, &probe);
}

static void net_raw_foreign_packets_are_not_read(void **state) {
    struct hops_link *link = open_link();
    struct hops_link *stranger = open_link();
    struct hops_config config = config_for("127.0.0.1", HOPS_PROTOCOL_TCP);
    struct hops_link_counters counters;

    (void)state;
    send_echo_request(stranger);
    connect_from("127.0.0.1", 21000, 21001);
    netns_expect_silence(link, 10);
    link->ops->counters(link, &counters);
    check_int("no trace", counters.received, 0);
    (void)attach(link, &config);
    stranger->ops->detach(stranger, 0);
    send_echo_request(stranger);
    connect_from("127.0.0.1", 21002, 21003);
    netns_expect_silence(link, 10);
    link->ops->counters(link, &counters);
    check_int("TCP trace", counters.received, 0);
    check_int("TCP trace", counters.overflow, 0);
    stranger->ops->close(stranger);
    link->ops->close(link);
}

/* A socket that went out of use must not have collected anything when it is used again. */
static void net_raw_unused_sockets_collect_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++) {
        struct hops_link *link = open_link();
        struct hops_link *stranger = open_link();
        struct hops_config config = config_for(families[i].target, HOPS_PROTOCOL_UDP);
        struct hops_config other = config;
        struct hops_link_counters counters;
        struct hops_probe probe = probe_for(&config, 0);
        uint32_t id = attach(link, &config);

        (void)round_trip(families[i].name, link, id, &config, &probe);
        link->ops->detach(link, id);
        probe = probe_for(&other, 1);
        id = attach(stranger, &other);
        (void)round_trip(families[i].name, stranger, id, &other, &probe);
        (void)attach(link, &config);
        netns_expect_silence(link, 10);
        link->ops->counters(link, &counters);
        check_int(families[i].name, counters.received, 1);
        stranger->ops->close(stranger);
        link->ops->close(link);
    }
}

static void net_raw_lost_packets_are_counted(void **state) {
    enum { PROBES = 8000 };
    struct hops_link *link = open_link();
    struct hops_config config = config_for("127.0.0.1", HOPS_PROTOCOL_ICMP);
    struct hops_link_counters counters;
    struct hops_inbound inbound;
    uint32_t id = attach(link, &config);

    (void)state;
    for (uint32_t n = 0; n < PROBES; n++) {
        struct hops_probe probe = probe_for(&config, n);

        expect_sent("flood", send_probe(link, id, &probe));
    }
    link->ops->counters(link, &counters);
    check_int("nothing read", counters.received, 0);
    check_int("nothing read, much lost", counters.overflow > 1000, true);
    for (int tries = 0; tries < 3 * PROBES; tries++) {
        (void)link->ops->receive(link, hops_net_now(), &inbound);
    }
    struct hops_probe last = probe_for(&config, PROBES);

    expect_sent("last", send_probe(link, id, &last));
    while (netns_receive(link, &inbound) && inbound.kind != HOPS_INBOUND_REPLY) {
    }
    link->ops->counters(link, &counters);
    /* While the buffer is full the kernel counts before it looks at the type: on loopback the
     * requests are counted beside the answers. */
    check_int("read and lost", counters.received + counters.overflow > PROBES, true);
    check_int("read and lost", counters.received + counters.overflow <= 2 * (PROBES + 1), true);
    link->ops->close(link);
}

static void net_raw_many_traces_share_the_sockets(void **state) {
    enum { TRACES = 6 };
    struct hops_link *link = open_link();
    struct hops_config configs[TRACES];
    struct hops_config same;
    struct hops_diag diag = {""};
    uint32_t ids[TRACES];
    uint32_t id;

    (void)state;
    for (uint32_t i = 0; i < TRACES; i++) {
        configs[i] = config_for(families[i % 2].target, (enum hops_protocol)(i / 2));
        configs[i].trace_id = (uint16_t)(i + 1);
        ids[i] = attach(link, &configs[i]);
    }
    same = configs[0];
    check_int("same identifier", try_attach(link, &same, &id, &diag), HOPS_ERR_CLASH);
    same = configs[4];
    check_int("same ports", try_attach(link, &same, &id, &diag), HOPS_ERR_CLASH);
    for (uint32_t n = 0; n < 5; n++) {
        for (uint32_t i = 0; i < TRACES; i++) {
            struct hops_probe probe = probe_for(&configs[i], n);

            (void)round_trip("shared", link, ids[i], &configs[i], &probe);
        }
    }
    link->ops->detach(link, ids[2]);
    link->ops->detach(link, ids[5]);
    for (uint32_t i = 0; i < TRACES; i++) {
        if (i != 2 && i != 5) {
            struct hops_probe probe = probe_for(&configs[i], 7);

            (void)round_trip("after detach", link, ids[i], &configs[i], &probe);
        }
    }
    link->ops->close(link);
}

static void net_raw_unknown_interface_is_refused(void **state) {
    struct hops_net_raw *raw = NULL;
    struct hops_net_options options;
    struct hops_link *link = NULL;
    struct hops_diag diag = {""};

    (void)state;
    assert_int_equal(hops_net_raw_open(&raw), HOPS_OK);
    hops_net_options_init(&options);
    (void)snprintf(options.interface, sizeof(options.interface), "nowhere0");
    assert_int_equal(hops_net_new(raw, &options, hops_mem_default(), &link, &diag),
                     HOPS_ERR_NO_INTERFACE);
    assert_null(link);
    assert_non_null(strstr(diag.text, "nowhere0"));
    (void)snprintf(options.interface, sizeof(options.interface), "lo");
    assert_int_equal(hops_net_new(raw, &options, hops_mem_default(), &link, &diag), HOPS_OK);

    struct hops_config config = config_for("127.0.0.1", HOPS_PROTOCOL_UDP);
    uint32_t id = attach(link, &config);
    struct hops_probe probe = probe_for(&config, 0);

    netns_sleep(20);
    (void)round_trip("lo", link, id, &config, &probe);
    link->ops->close(link);
}

/* Runs in a child that has no right left; exits with the number of the first thing wrong. */
static int unprivileged_child(void) {
    struct hops_net_raw *raw = NULL;
    struct hops_net_options options;
    struct hops_link *link = NULL;
    struct hops_diag diag = {""};
    struct hops_config config = config_for("127.0.0.1", HOPS_PROTOCOL_ICMP);
    uint32_t id;

    if (setresuid(65534, 65534, 65534) != 0 || hops_net_raw_open(&raw) != HOPS_OK) {
        return 1;
    }
    if (hops_net_raw_usable(raw, HOPS_PROTOCOL_ICMP, HOPS_IPV4) ||
        hops_net_raw_usable(raw, HOPS_PROTOCOL_TCP, HOPS_IPV6)) {
        return 2;
    }
    hops_net_options_init(&options);
    if (hops_net_new(raw, &options, hops_mem_default(), &link, &diag) != HOPS_OK) {
        return 3;
    }
    if (try_attach(link, &config, &id, &diag) != HOPS_ERR_PRIVILEGE) {
        return 4;
    }
    if (strstr(diag.text, "EPERM") == NULL || strstr(diag.text, "setcap cap_net_raw+ep") == NULL ||
        strstr(diag.text, "-u") == NULL) {
        return 5;
    }
    link->ops->close(link);
    return 0;
}

static void net_raw_missing_right_is_named(void **state) {
    pid_t child = fork();
    int status = -1;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        _exit(unprivileged_child());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void net_raw_usable_tells_what_is_open(void **state) {
    struct hops_net_raw *raw = NULL;

    (void)state;
    assert_int_equal(hops_net_raw_open(&raw), HOPS_OK);
    for (size_t i = 0; i < FAMILIES; i++) {
        assert_true(hops_net_raw_usable(raw, HOPS_PROTOCOL_ICMP, families[i].family));
        assert_true(hops_net_raw_usable(raw, HOPS_PROTOCOL_UDP, families[i].family));
        assert_true(hops_net_raw_usable(raw, HOPS_PROTOCOL_TCP, families[i].family));
        assert_false(hops_net_raw_usable(NULL, HOPS_PROTOCOL_ICMP, families[i].family));
    }
    hops_net_raw_close(raw);
    hops_net_raw_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_raw_usable_tells_what_is_open),
        cmocka_unit_test(net_raw_icmp_probes_are_answered),
        cmocka_unit_test(net_raw_udp_closed_port_is_unreachable),
        cmocka_unit_test(net_raw_udp_open_port_answers),
        cmocka_unit_test(net_raw_tcp_probe_is_answered_half_open),
        cmocka_unit_test(net_raw_port_of_somebody_else_is_taken),
        cmocka_unit_test(net_raw_port_in_time_wait_is_taken),
        cmocka_unit_test(net_raw_port_is_held_until_released),
        cmocka_unit_test(net_raw_fixed_source_port),
        cmocka_unit_test(net_raw_no_descriptor_holds_the_send),
        cmocka_unit_test(net_raw_removed_source_fails_the_round),
        cmocka_unit_test(net_raw_route_errors_fail_the_probe),
        cmocka_unit_test(net_raw_full_queue_is_tried_once_more),
        cmocka_unit_test(net_raw_flow_label_is_constant_even_beside_a_lease),
        cmocka_unit_test(net_raw_counted_stamps_name_the_right_probe),
        cmocka_unit_test(net_raw_foreign_packets_are_not_read),
        cmocka_unit_test(net_raw_unused_sockets_collect_nothing),
        cmocka_unit_test(net_raw_lost_packets_are_counted),
        cmocka_unit_test(net_raw_many_traces_share_the_sockets),
        cmocka_unit_test(net_raw_unknown_interface_is_refused),
        cmocka_unit_test(net_raw_missing_right_is_named),
    };

    if (!netns_enter()) {
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
