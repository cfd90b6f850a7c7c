/* SPDX-License-Identifier: MIT
 *
 * The link for macOS and the BSDs, compiled for Linux with epoll in the place of kqueue: whole
 * traces over two hops, and what becomes of a probe when a call fails. What only those kernels do
 * (header order, datagram ICMP sockets) is tested by itself in test_net_header_order.c.
 */
#include "check.h"
#include "lab.h"
#include "netns.h"

#include <hops/hops.h>

#include "net/bsd.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct family {
    const char *name;
    const char *router;
    const char *host;
    const char *local;
    const char *spare; /* an address that comes and goes */
} families[] = {
    {"IPv4", "10.9.1.2", "10.9.2.2", "127.0.0.1", "192.0.2.9"},
    {"IPv6", "fd09:1::2", "fd09:2::2", "::1", "2001:db8::9"},
};
#define FAMILIES (sizeof(families) / sizeof(families[0]))

static const enum hops_protocol protocols[] = {HOPS_PROTOCOL_ICMP, HOPS_PROTOCOL_UDP,
                                               HOPS_PROTOCOL_TCP};

/* The linker sends the link's calls through here (-Wl,--wrap); one of them may be made to fail. */

static struct {
    enum hops_call call;
    int os_errno; /* 0: none fails */
} fault;

static bool fails(enum hops_call call) {
    if (fault.os_errno == 0 || fault.call != call) {
        return false;
    }
    errno = fault.os_errno;
    return true;
}

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */
int __real_socket(int af, int type, int protocol);
int __real_setsockopt(int fd, int level, int option, const void *value, socklen_t len);
int __real_bind(int fd, const struct sockaddr *address, socklen_t len);
int __real_connect(int fd, const struct sockaddr *address, socklen_t len);
ssize_t __real_sendto(int fd, const void *data, size_t size, int flags,
                      const struct sockaddr *address, socklen_t len);
ssize_t __real_sendmsg(int fd, const struct msghdr *msg, int flags);
int __wrap_socket(int af, int type, int protocol);
int __wrap_setsockopt(int fd, int level, int option, const void *value, socklen_t len);
int __wrap_bind(int fd, const struct sockaddr *address, socklen_t len);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t len);
ssize_t __wrap_sendto(int fd, const void *data, size_t size, int flags,
                      const struct sockaddr *address, socklen_t len);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *msg, int flags);

int __wrap_socket(int af, int type, int protocol) {
    return fails(HOPS_CALL_SOCKET) ? -1 : __real_socket(af, type, protocol);
}

int __wrap_setsockopt(int fd, int level, int option, const void *value, socklen_t len) {
    return fails(HOPS_CALL_SETSOCKOPT) ? -1 : __real_setsockopt(fd, level, option, value, len);
}

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t len) {
    return fails(HOPS_CALL_BIND) ? -1 : __real_bind(fd, address, len);
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t len) {
    return fails(HOPS_CALL_CONNECT) ? -1 : __real_connect(fd, address, len);
}

ssize_t __wrap_sendto(int fd, const void *data, size_t size, int flags,
                      const struct sockaddr *address, socklen_t len) {
    return fails(HOPS_CALL_SENDTO) ? -1 : __real_sendto(fd, data, size, flags, address, len);
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *msg, int flags) {
    return fails(HOPS_CALL_SENDTO) ? -1 : __real_sendmsg(fd, msg, flags);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static struct hops_link *open_link(void) {
    struct hops_net_raw *raw = NULL;
    struct hops_net_options options;
    struct hops_link *link = NULL;
    struct hops_diag diag = {""};

    assert_int_equal(hops_net_raw_open(&raw), HOPS_OK);
    assert_int_equal(raw->order, HOPS_NET_ORDER_NETWORK); /* as Linux wants it */
    hops_net_options_init(&options);
    if (hops_net_new(raw, &options, NULL, &link, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    return link;
}

static struct hops_config config_for(enum hops_protocol protocol, const char *target) {
    struct hops_config config;

    hops_config_init(&config);
    config.target = netns_addr(target);
    config.protocol = protocol;
    config.trace_id = 4711;
    config.initial_sequence = 33434;
    if (protocol != HOPS_PROTOCOL_ICMP) {
        config.direction = HOPS_PORTS_FIXED_TARGET;
        config.target_port = 7777;
    }
    return config;
}

/* Runs a trace of two rounds and expects router and host, both every time, with sane times. */
static void expect_path(const char *row, const struct hops_config *config,
                        const struct family *family) {
    const char *want[2] = {family->router, family->host};
    struct hops_diag diag = {""};
    struct hops_run *run = NULL;
    struct hops_event event;
    unsigned seen[2] = {0, 0};
    uint32_t trace;

    assert_int_equal(hops_run_new(open_link(), HOPS_CLOCK_REAL, NULL, &run), HOPS_OK);
    if (hops_run_add(run, config, &trace, &diag) != HOPS_OK) {
        fail_msg("%s: %s", row, diag.text);
    }
    while (!hops_run_done(run)) {
        while (hops_run_next_event(run, &event)) {
            if (event.kind != HOPS_EVENT_REPLY || event.probe.ttl > 2) {
                continue;
            }
            const struct hops_addr expected = netns_addr(want[event.probe.ttl - 1]);

            check_int(row, hops_addr_equal(&event.u.reply.responder, &expected), true);
            check_int(row, event.u.reply.is_target, event.probe.ttl == 2);
            check_int(row, event.u.reply.rtt >= 0 && event.u.reply.rtt < HOPS_SEC, true);
            seen[event.probe.ttl - 1]++;
        }
        assert_int_equal(hops_run_wait(run, NULL, 0, HOPS_NEVER), HOPS_OK);
    }
    check_int(row, seen[0], 2);
    check_int(row, seen[1], 2);
    hops_run_free(run);
}

/* Until the neighbours know each other an answer takes a second (IPv6: their link-local addresses
 * are tentative at first). */
static void await_host(const struct family *family) {
    struct hops_link *link = open_link();
    struct hops_config config = config_for(HOPS_PROTOCOL_ICMP, family->host);
    struct hops_diag diag = {""};
    struct hops_inbound inbound;
    uint32_t attachment;
    bool answered = false;

    assert_int_equal(link->ops->attach(link, &config, hops_net_now(), &attachment, &diag), HOPS_OK);
    for (uint32_t id = 0; id < 5 && !answered; id++) {
        const struct hops_probe probe = {.id = id, .ttl = 9, .sequence = (uint16_t)(1 + id)};

        (void)link->ops->send(link, attachment, &probe, hops_net_now());
        answered = netns_receive(link, &inbound);
    }
    assert_true(answered);
    link->ops->close(link);
}

static void net_bsd_traces_find_the_path(void **state) {
    static const struct {
        const char *name;
        enum hops_protocol protocol;
        enum hops_strategy strategy;
        enum hops_port_direction direction;
    } rows[] = {
        {"ICMP", HOPS_PROTOCOL_ICMP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_NONE},
        {"UDP", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_TARGET},
        {"UDP, fixed source", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_SOURCE},
        {"paris", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS, HOPS_PORTS_FIXED_BOTH},
        {"dublin", HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN, HOPS_PORTS_FIXED_BOTH},
        {"TCP", HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_TARGET},
        {"TCP, fixed source", HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC, HOPS_PORTS_FIXED_SOURCE},
    };

    (void)state;
    lab_routers_up();
    for (size_t f = 0; f < FAMILIES; f++) {
        await_host(&families[f]);
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            struct hops_config config = config_for(rows[i].protocol, families[f].host);
            char name[64];

            (void)snprintf(name, sizeof(name), "%s, %s", rows[i].name, families[f].name);
            config.strategy = rows[i].strategy;
            config.direction = rows[i].direction;
            config.source_port = 5555;
            config.max_rounds = 2;
            config.max_ttl = 3;
            config.min_round = 20 * HOPS_MS;
            config.grace = 50 * HOPS_MS;
            expect_path(name, &config, &families[f]);
        }
    }
    lab_routers_down();
}

/* One probe of a trace on its own. */

struct rig {
    struct hops_link *link;
    struct hops_config config;
    uint32_t attachment;
};

static void rig_up(struct rig *rig, enum hops_protocol protocol, const struct family *family) {
    struct hops_diag diag = {""};

    rig->link = open_link();
    rig->config = config_for(protocol, family->local);
    if (rig->link->ops->attach(rig->link, &rig->config, hops_net_now(), &rig->attachment, &diag) !=
        HOPS_OK) {
        fail_msg("%s", diag.text);
    }
}

static struct hops_send_result rig_send(const struct rig *rig, uint32_t id, uint32_t round) {
    struct hops_probe probe = {
        .id = id, .round = round, .ttl = 5, .sequence = (uint16_t)(40000 + id)};

    if (rig->config.protocol != HOPS_PROTOCOL_ICMP) {
        probe.src_port = probe.sequence;
        probe.dst_port = rig->config.target_port;
    }
    return rig->link->ops->send(rig->link, rig->attachment, &probe, hops_net_now());
}

/* Which protocols make a call while they send a probe (a raw probe's source is asked for by bind).
 */
enum { ICMP = 1, UDP = 2, TCP = 4, ALL = 7 };

static void net_bsd_each_call_and_errno_has_its_outcome(void **state) {
    enum { OK = HOPS_SEND_OK, TAKEN = HOPS_SEND_PORT_TAKEN, FAILED = HOPS_SEND_FAILED };
    enum { BUSY = HOPS_SEND_BUSY, FATAL = HOPS_SEND_FATAL };
    static const struct {
        enum hops_call call;
        int os_errno;
        int protocols;
        int want;
    } rows[] = {
        /* a port in other hands; macOS says of a four-tuple in TIME_WAIT the same at connect */
        {HOPS_CALL_BIND, EADDRINUSE, UDP | TCP, TAKEN},
        {HOPS_CALL_CONNECT, EADDRINUSE, TCP, TAKEN},
        {HOPS_CALL_SENDTO, EADDRINUSE, ICMP | UDP, FAILED},
        /* the address is gone: never a skip */
        {HOPS_CALL_BIND, EADDRNOTAVAIL, ALL, FAILED},
        {HOPS_CALL_CONNECT, EADDRNOTAVAIL, TCP, FAILED},
        {HOPS_CALL_SENDTO, EADDRNOTAVAIL, ICMP | UDP, FAILED},
        /* routes, neighbours, interfaces, packet filters */
        {HOPS_CALL_CONNECT, ENETUNREACH, TCP, FAILED},
        {HOPS_CALL_CONNECT, EHOSTUNREACH, TCP, FAILED},
        {HOPS_CALL_CONNECT, EHOSTDOWN, TCP, FAILED},
        {HOPS_CALL_CONNECT, ENETDOWN, TCP, FAILED},
        {HOPS_CALL_CONNECT, EACCES, TCP, FAILED},
        {HOPS_CALL_CONNECT, EPERM, TCP, FAILED},
        {HOPS_CALL_CONNECT, EINVAL, TCP, FAILED},
        {HOPS_CALL_CONNECT, ETIMEDOUT, TCP, FAILED},
        {HOPS_CALL_SENDTO, ENETUNREACH, ICMP | UDP, FAILED},
        {HOPS_CALL_SENDTO, EHOSTUNREACH, ICMP | UDP, FAILED},
        {HOPS_CALL_SENDTO, EHOSTDOWN, ICMP | UDP, FAILED},
        {HOPS_CALL_SENDTO, ENETDOWN, ICMP | UDP, FAILED},
        {HOPS_CALL_SENDTO, EACCES, ICMP | UDP, FAILED},
        {HOPS_CALL_SENDTO, EPERM, ICMP | UDP, FAILED},
        {HOPS_CALL_SENDTO, EINVAL, ICMP | UDP, FAILED},
        {HOPS_CALL_SENDTO, EMSGSIZE, ICMP | UDP, FAILED},
        /* a port below 1024 without the right to it */
        {HOPS_CALL_BIND, EACCES, UDP | TCP, FAILED},
        /* on its way, or refused at once */
        {HOPS_CALL_CONNECT, EINPROGRESS, TCP, OK},
        {HOPS_CALL_CONNECT, ECONNREFUSED, TCP, OK},
        /* shortages; a full queue is tried again once */
        {HOPS_CALL_SENDTO, ENOBUFS, ICMP | UDP, BUSY},
        {HOPS_CALL_SENDTO, EAGAIN, ICMP | UDP, BUSY},
        {HOPS_CALL_SOCKET, EMFILE, UDP | TCP, BUSY},
        {HOPS_CALL_SOCKET, ENFILE, UDP | TCP, BUSY},
        {HOPS_CALL_SOCKET, ENOBUFS, UDP | TCP, BUSY},
        {HOPS_CALL_SETSOCKOPT, ENOBUFS, UDP | TCP, BUSY},
        {HOPS_CALL_SETSOCKOPT, ENODEV, UDP | TCP, FAILED},
        /* our own mistakes */
        {HOPS_CALL_SOCKET, EPROTONOSUPPORT, UDP | TCP, FATAL},
        {HOPS_CALL_SETSOCKOPT, EINVAL, UDP | TCP, FATAL},
        {HOPS_CALL_CONNECT, EISCONN, TCP, FATAL},
        {HOPS_CALL_SENDTO, EBADF, ICMP | UDP, FATAL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t n = 0; n < 3 * FAMILIES; n++) {
            const enum hops_protocol protocol = protocols[n % 3];
            const struct family *family = &families[n / 3];
            struct hops_send_result result;
            struct rig rig;
            char name[96];

            if ((rows[i].protocols & (1 << (n % 3))) == 0) {
                continue;
            }
            (void)snprintf(name, sizeof(name), "(%s, %s), %s over %s", hops_call_name(rows[i].call),
                           strerror(rows[i].os_errno), hops_protocol_name(protocol), family->name);
            rig_up(&rig, protocol, family);
            fault.call = rows[i].call;
            fault.os_errno = rows[i].os_errno;
            result = rig_send(&rig, 0, 0);
            if (rows[i].os_errno == ENOBUFS && rows[i].call == HOPS_CALL_SENDTO) {
                check_int(name, rig_send(&rig, 0, 0).status, FAILED);
            }
            fault.os_errno = 0;
            check_int(name, result.status, rows[i].want);
            check_int(name, result.os_errno, rows[i].want == OK ? 0 : rows[i].os_errno);
            check_int(name, result.call, rows[i].want == OK ? HOPS_CALL_NONE : rows[i].call);
            /* Nothing of it is left over: the next probe goes out. */
            check_int(name, rig_send(&rig, 1, 1).status, OK);
            rig.link->ops->close(rig.link);
        }
    }
}

static void net_bsd_port_of_somebody_else_is_taken(void **state) {
    (void)state;
    for (size_t f = 0; f < FAMILIES; f++) {
        for (size_t p = 1; p < 3; p++) {
            const int type = protocols[p] == HOPS_PROTOCOL_UDP ? SOCK_DGRAM : SOCK_STREAM;
            int holder = netns_bound(type, families[f].local, 40000);
            struct hops_send_result result;
            struct rig rig;

            rig_up(&rig, protocols[p], &families[f]);
            result = rig_send(&rig, 0, 0);
            check_int(families[f].name, result.status, HOPS_SEND_PORT_TAKEN);
            check_int(families[f].name, result.call, HOPS_CALL_BIND);
            check_int(families[f].name, result.os_errno, EADDRINUSE);
            check_int(families[f].name, rig_send(&rig, 1, 0).status, HOPS_SEND_OK);
            rig.link->ops->close(rig.link);
            (void)close(holder);
        }
    }
}

/* EADDRNOTAVAIL never skips: the probe is failed, and the next one is tried like any other. */
static void net_bsd_removed_source_fails_the_probe(void **state) {
    (void)state;
    for (size_t f = 0; f < FAMILIES; f++) {
        for (size_t p = 0; p < 3; p++) {
            struct hops_diag diag = {""};
            struct hops_send_result result;
            struct rig rig;

            netns_address(true, families[f].spare);
            rig.link = open_link();
            rig.config = config_for(protocols[p], families[f].local);
            rig.config.source = netns_addr(families[f].spare);
            assert_int_equal(rig.link->ops->attach(rig.link, &rig.config, hops_net_now(),
                                                   &rig.attachment, &diag),
                             HOPS_OK);
            check_int(families[f].name, rig_send(&rig, 0, 0).status, HOPS_SEND_OK);
            netns_address(false, families[f].spare);
            result = rig_send(&rig, 1, 1);
            check_int(families[f].name, result.status, HOPS_SEND_FAILED);
            check_int(families[f].name, result.call, HOPS_CALL_BIND);
            check_int(families[f].name, result.os_errno, EADDRNOTAVAIL);
            netns_address(true, families[f].spare);
            check_int(families[f].name, rig_send(&rig, 2, 2).status, HOPS_SEND_OK);
            rig.link->ops->close(rig.link);
            netns_address(false, families[f].spare);
        }
    }
}

static void net_bsd_missing_route_fails_the_probe(void **state) {
    static const char *const routes[FAMILIES] = {"198.51.100.0/24", "2001:db8:1::/64"};
    static const char *const targets[FAMILIES] = {"198.51.100.1", "2001:db8:1::1"};

    (void)state;
    for (size_t f = 0; f < FAMILIES; f++) {
        for (size_t p = 0; p < 3; p++) {
            struct hops_diag diag = {""};
            struct hops_send_result result;
            struct rig rig;

            netns_address(true, families[f].spare);
            lab_run("ip route add %s dev lo", routes[f]);
            rig.link = open_link();
            rig.config = config_for(protocols[p], targets[f]);
            rig.config.source = netns_addr(families[f].spare);
            assert_int_equal(rig.link->ops->attach(rig.link, &rig.config, hops_net_now(),
                                                   &rig.attachment, &diag),
                             HOPS_OK);
            lab_run("ip route del %s dev lo", routes[f]);
            result = rig_send(&rig, 0, 0);
            check_int(families[f].name, result.status, HOPS_SEND_FAILED);
            check_int(families[f].name, result.call,
                      protocols[p] == HOPS_PROTOCOL_TCP ? HOPS_CALL_CONNECT : HOPS_CALL_SENDTO);
            check_int(families[f].name, result.os_errno, ENETUNREACH);
            rig.link->ops->close(rig.link);
            netns_address(false, families[f].spare);
        }
    }
}

static void net_bsd_no_descriptor_holds_the_send(void **state) {
    (void)state;
    for (size_t p = 1; p < 3; p++) {
        struct hops_send_result result;
        struct rlimit limit;
        struct rig rig;
        rlim_t soft;

        rig_up(&rig, protocols[p], &families[0]);
        assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
        soft = limit.rlim_cur;
        limit.rlim_cur = 3;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
        result = rig_send(&rig, 0, 0);
        limit.rlim_cur = soft;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
        assert_int_equal(result.status, HOPS_SEND_BUSY);
        assert_int_equal(result.call, HOPS_CALL_SOCKET);
        assert_int_equal(result.os_errno, EMFILE);
        assert_int_equal(rig_send(&rig, 0, 0).status, HOPS_SEND_OK);
        rig.link->ops->close(rig.link);
    }
}

static void net_bsd_open_ports_answer(void **state) {
    (void)state;
    for (size_t f = 0; f < FAMILIES; f++) {
        int listener = netns_bound(SOCK_STREAM, families[f].local, 7777);
        struct hops_inbound inbound;
        struct rig rig;

        assert_int_equal(listen(listener, 5), 0);
        rig_up(&rig, HOPS_PROTOCOL_TCP, &families[f]);
        check_int(families[f].name, rig_send(&rig, 0, 0).status, HOPS_SEND_OK);
        check_int(families[f].name, netns_receive(rig.link, &inbound), true);
        check_int(families[f].name, inbound.reply.kind, HOPS_REPLY_TCP);
        check_int(families[f].name, inbound.reply.coarse, true);
        check_int(families[f].name, inbound.reply.known_probe, true);
        rig.link->ops->close(rig.link);
        (void)close(listener);
    }
}

static void net_bsd_detached_trace_leaves_nothing(void **state) {
    struct rig rig;

    (void)state;
    rig_up(&rig, HOPS_PROTOCOL_TCP, &families[0]);
    assert_int_equal(rig_send(&rig, 0, 0).status, HOPS_SEND_OK); /* refused, reply waits */
    rig.link->ops->detach(rig.link, rig.attachment);
    netns_expect_silence(rig.link, 50);
    assert_int_equal(rig.link->ops->deadline(rig.link), HOPS_NEVER);
    rig.link->ops->close(rig.link);
}

static void net_bsd_ties_sockets_to_an_interface(void **state) {
    struct hops_net_raw *raw = NULL;
    struct hops_net_options options;
    struct hops_link *link = NULL;
    struct hops_diag diag = {""};

    (void)state;
    assert_int_equal(hops_net_raw_open(&raw), HOPS_OK);
    hops_net_options_init(&options);
    (void)snprintf(options.interface, sizeof(options.interface), "nowhere0");
    assert_int_equal(hops_net_new(raw, &options, NULL, &link, &diag), HOPS_ERR_NO_INTERFACE);
    assert_null(link);
    (void)snprintf(options.interface, sizeof(options.interface), "lo");
    assert_int_equal(hops_net_new(raw, &options, NULL, &link, &diag), HOPS_OK);
    link->ops->close(link);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_bsd_each_call_and_errno_has_its_outcome),
        cmocka_unit_test(net_bsd_port_of_somebody_else_is_taken),
        cmocka_unit_test(net_bsd_removed_source_fails_the_probe),
        cmocka_unit_test(net_bsd_missing_route_fails_the_probe),
        cmocka_unit_test(net_bsd_no_descriptor_holds_the_send),
        cmocka_unit_test(net_bsd_open_ports_answer),
        cmocka_unit_test(net_bsd_detached_trace_leaves_nothing),
        cmocka_unit_test(net_bsd_ties_sockets_to_an_interface),
        cmocka_unit_test(net_bsd_traces_find_the_path),
    };

    lab_enter();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
