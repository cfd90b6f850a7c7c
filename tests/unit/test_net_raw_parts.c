/* SPDX-License-Identifier: MIT
 *
 * The parts of the raw side that need no raw socket: port reservations, the ring of transmit
 * stamps, signatures.
 */
#include "check.h"

#include <hops/addr.h>
#include <hops/link.h>

#include "net/ports.h"
#include "net/signature.h"
#include "net/stamp_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct hops_addr addr(const char *text) {
    struct hops_addr out = {.family = HOPS_FAMILY_NONE};

    check_int(text, hops_addr_parse(text, &out), true);
    return out;
}

/* Ports. The fake opener refuses multiples of 1000; descriptors are real, for epoll and close. */

static int open_fake(const struct hops_net_env *env, const struct hops_net_port *port,
                     enum hops_call *call, int *os_errno) {
    (void)env;
    if (port->number % 1000 == 0) {
        *call = HOPS_CALL_BIND;
        *os_errno = EADDRINUSE;
        return -1;
    }
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static bool is_open(int fd) {
    return fcntl(fd, F_GETFD) >= 0;
}

static void net_ports_are_held_once_and_counted(void **state) {
    struct check_mem mem;
    struct hops_link_counters counters = {0};
    struct hops_net_env env = {.counters = &counters, .queue = epoll_create1(EPOLL_CLOEXEC)};
    struct hops_net_port a = {HOPS_PROTOCOL_UDP, addr("192.0.2.1"), 33434};
    struct hops_net_port b = {HOPS_PROTOCOL_TCP, addr("192.0.2.1"), 33434};
    struct hops_net_port c = {HOPS_PROTOCOL_UDP, addr("2001:db8::1"), 33434};
    struct hops_net_port found;
    struct hops_net_hold first;
    struct hops_net_hold again;
    struct hops_net_hold other;
    struct hops_net_ports *ports;
    int fd;

    (void)state;
    check_mem_init(&mem);
    env.mem = &mem.mem;
    ports = hops_net_ports_new(&env, open_fake, 16);
    assert_non_null(ports);
    first = hops_net_ports_hold(ports, &a);
    assert_int_equal(first.os_errno, 0);
    assert_true(first.fresh);
    again = hops_net_ports_hold(ports, &a);
    assert_false(again.fresh);
    assert_int_equal(again.handle, first.handle);
    other = hops_net_ports_hold(ports, &b);
    assert_true(other.fresh);
    assert_int_not_equal(other.handle, first.handle);
    assert_false(hops_net_ports_held(ports, &c));
    fd = hops_net_ports_find(ports, 16 + first.handle, &found);
    assert_true(is_open(fd));
    assert_int_equal(found.number, 33434);
    hops_net_ports_drop(ports, first.handle);
    assert_true(is_open(fd));
    assert_true(hops_net_ports_held(ports, &a));
    hops_net_ports_drop(ports, first.handle);
    assert_false(is_open(fd));
    assert_false(hops_net_ports_held(ports, &a));
    assert_true(hops_net_ports_held(ports, &b));
    assert_int_equal(hops_net_ports_find(ports, 16 + first.handle, &found), -1);
    assert_int_equal(hops_net_ports_find(ports, 3, &found), -1);
    assert_int_equal(hops_net_ports_find(ports, 100000, &found), -1);
    assert_true(hops_net_ports_hold(ports, &a).fresh);
    hops_net_ports_free(ports);
    (void)close(env.queue);
    assert_int_equal(mem.live, 0);
}

static void net_ports_grow_and_shrink_with_many(void **state) {
    enum { PORTS = 500 };
    struct check_mem mem;
    struct hops_link_counters counters = {0};
    struct hops_net_env env = {.counters = &counters, .queue = epoll_create1(EPOLL_CLOEXEC)};
    struct hops_net_port port = {HOPS_PROTOCOL_TCP, addr("192.0.2.1"), 0};
    uint32_t handles[PORTS];
    struct hops_net_ports *ports;

    (void)state;
    check_mem_init(&mem);
    env.mem = &mem.mem;
    ports = hops_net_ports_new(&env, open_fake, 16);
    assert_non_null(ports);
    for (int lap = 0; lap < 3; lap++) {
        for (unsigned i = 0; i < PORTS; i++) {
            struct hops_net_hold hold;

            port.number = (uint16_t)(33434 + i);
            hold = hops_net_ports_hold(ports, &port);
            handles[i] = hold.handle;
            if (port.number % 1000 == 0) {
                check_int("refused", hold.os_errno, EADDRINUSE);
                check_int("refused", hold.call, HOPS_CALL_BIND);
                assert_false(hops_net_ports_held(ports, &port));
            } else {
                check_int("held", hold.fresh, true);
            }
        }
        for (unsigned i = 0; i < PORTS; i++) {
            port.number = (uint16_t)(33434 + i);
            if (port.number % 1000 != 0) {
                hops_net_ports_drop(ports, handles[i]);
                assert_false(hops_net_ports_held(ports, &port));
            }
        }
    }
    hops_net_ports_free(ports);
    (void)close(env.queue);
    assert_int_equal(mem.live, 0);
}

static int hold_one(struct check_mem *m, void *user) {
    struct hops_net_env *env = (struct hops_net_env *)user;
    struct hops_net_port port = {HOPS_PROTOCOL_TCP, addr("192.0.2.1"), 33434};
    struct hops_net_ports *ports;
    struct hops_net_hold hold;
    bool done = false;

    env->mem = &m->mem;
    ports = hops_net_ports_new(env, open_fake, 16);
    if (ports != NULL) {
        hold = hops_net_ports_hold(ports, &port);
        done = hold.os_errno == 0;
        if (!done) {
            assert_int_equal(hold.os_errno, ENOMEM);
            assert_int_equal(hold.call, HOPS_CALL_SOCKET);
        }
        hops_net_ports_free(ports);
    }
    return done;
}

static void net_ports_survive_failing_allocations(void **state) {
    struct hops_net_env env = {.queue = epoll_create1(EPOLL_CLOEXEC)};

    (void)state;
    check_every_allocation(hold_one, &env);
    (void)close(env.queue);
}

/* The ring of stamps. */

static void net_stamp_ring_names_each_packet_once(void **state) {
    struct hops_net_stamp_ring *ring = calloc(1, sizeof(*ring));
    uint32_t attachment = 0;
    uint32_t probe = 0;

    (void)state;
    assert_non_null(ring);
    assert_false(hops_net_stamp_ring_take(ring, 0, &attachment, &probe));
    hops_net_stamp_ring_put(ring, 7, 100);
    hops_net_stamp_ring_put(ring, 8, 200);
    assert_int_equal(ring->outstanding, 2);
    assert_true(hops_net_stamp_ring_take(ring, 1, &attachment, &probe));
    assert_int_equal(attachment, 8);
    assert_int_equal(probe, 200);
    assert_false(hops_net_stamp_ring_take(ring, 1, &attachment, &probe));
    assert_false(hops_net_stamp_ring_take(ring, HOPS_NET_STAMP_RING, &attachment, &probe));
    hops_net_stamp_ring_forget(ring, 7);
    assert_false(hops_net_stamp_ring_take(ring, 0, &attachment, &probe));
    assert_int_equal(ring->outstanding, 0);
    free(ring);
}

static void net_stamp_ring_forgets_the_oldest(void **state) {
    struct hops_net_stamp_ring *ring = calloc(1, sizeof(*ring));
    uint32_t attachment = 0;
    uint32_t probe = 0;

    (void)state;
    assert_non_null(ring);
    ring->next = UINT32_MAX - 5; /* the number wraps meanwhile */
    for (uint32_t i = 0; i < HOPS_NET_STAMP_RING + 10; i++) {
        hops_net_stamp_ring_put(ring, 1, i);
    }
    assert_int_equal(ring->outstanding, HOPS_NET_STAMP_RING);
    assert_false(hops_net_stamp_ring_take(ring, UINT32_MAX - 5, &attachment, &probe));
    assert_true(hops_net_stamp_ring_take(ring, 4, &attachment, &probe));
    assert_int_equal(probe, 10);
    hops_net_stamp_ring_restart(ring);
    assert_int_equal(ring->outstanding, 0);
    assert_int_equal(ring->next, 0);
    free(ring);
}

/* Signatures. */

static struct hops_config trace(enum hops_protocol protocol, enum hops_port_direction direction,
                                uint16_t source_port, uint16_t target_port, uint16_t first,
                                uint16_t last) {
    struct hops_config config;

    hops_config_init(&config);
    config.target = addr("192.0.2.9");
    config.source = addr("192.0.2.1");
    config.protocol = protocol;
    config.direction = direction;
    config.source_port = source_port;
    config.target_port = target_port;
    config.initial_sequence = first;
    config.last_sequence = last;
    config.trace_id = 1;
    return config;
}

static void net_signature_clash_is_told(void **state) {
    const struct {
        const char *name;
        struct hops_config a;
        struct hops_config b;
        bool want;
    } rows[] = {
        {"same identifier", trace(HOPS_PROTOCOL_ICMP, HOPS_PORTS_NONE, 0, 0, 1, 2),
         trace(HOPS_PROTOCOL_ICMP, HOPS_PORTS_NONE, 0, 0, 3, 4), true},
        {"ICMP and UDP", trace(HOPS_PROTOCOL_ICMP, HOPS_PORTS_NONE, 0, 0, 1, 2),
         trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_BOTH, 5, 6, 1, 2), false},
        {"UDP and TCP", trace(HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 0, 80, 1, 9),
         trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_TARGET, 0, 80, 1, 9), false},
        {"same stretch", trace(HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 0, 80, 1000, 1999),
         trace(HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 0, 80, 1999, 2500), true},
        {"side by side", trace(HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 0, 80, 1000, 1999),
         trace(HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 0, 80, 2000, 2500), false},
        {"other target port", trace(HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 0, 80, 1000, 1999),
         trace(HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 0, 81, 1000, 1999), false},
        {"same source port", trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_SOURCE, 500, 0, 1000, 1999),
         trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_SOURCE, 500, 0, 1000, 1999), true},
        {"other source port", trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_SOURCE, 500, 0, 1000, 1999),
         trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_SOURCE, 501, 0, 1000, 1999), false},
        {"both inside the other's stretches",
         trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_SOURCE, 1500, 0, 1000, 1999),
         trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_TARGET, 0, 1600, 1000, 1999), true},
        {"both fixed", trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_BOTH, 500, 600, 1000, 1999),
         trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_BOTH, 500, 600, 3000, 3999), true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config elsewhere = rows[i].b;

        check_int(rows[i].name, hops_net_signature_clash(&rows[i].a, &rows[i].b, true),
                  rows[i].want);
        check_int(rows[i].name, hops_net_signature_clash(&rows[i].b, &rows[i].a, true),
                  rows[i].want);
        elsewhere.target = addr("192.0.2.10");
        check_int(rows[i].name, hops_net_signature_clash(&rows[i].a, &elsewhere, true),
                  rows[i].want && rows[i].a.protocol == HOPS_PROTOCOL_ICMP);
        check_int(rows[i].name, hops_net_signature_clash(&rows[i].a, &rows[i].b, false),
                  rows[i].want && rows[i].a.protocol != HOPS_PROTOCOL_ICMP);
    }
}

static void net_signature_fits_its_own_replies_only(void **state) {
    const struct hops_config icmp = trace(HOPS_PROTOCOL_ICMP, HOPS_PORTS_NONE, 0, 0, 1, 9);
    const struct hops_config udp =
        trace(HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_SOURCE, 500, 0, 1000, 1999);
    const struct hops_config tcp =
        trace(HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 0, 80, 1000, 1999);
    const struct {
        const char *name;
        const struct hops_config *config;
        enum hops_reply_kind kind;
        enum hops_protocol protocol;
        const char *responder;
        const char *local;
        const char *dst;
        uint16_t icmp_id;
        uint16_t src_port;
        uint16_t dst_port;
        bool want;
    } rows[] = {
        {"echo", &icmp, HOPS_REPLY_ECHO, HOPS_PROTOCOL_ICMP, "192.0.2.9", "192.0.2.1", "192.0.2.9",
         1, 0, 0, true},
        {"echo of a stranger", &icmp, HOPS_REPLY_ECHO, HOPS_PROTOCOL_ICMP, "192.0.2.77",
         "192.0.2.1", "192.0.2.77", 1, 0, 0, true},
        {"echo, other identifier", &icmp, HOPS_REPLY_ECHO, HOPS_PROTOCOL_ICMP, "192.0.2.9",
         "192.0.2.1", "192.0.2.9", 2, 0, 0, false},
        {"router", &icmp, HOPS_REPLY_TIME_EXCEEDED, HOPS_PROTOCOL_ICMP, "192.0.2.77", "192.0.2.1",
         "192.0.2.9", 1, 0, 0, true},
        {"router, other target", &icmp, HOPS_REPLY_TIME_EXCEEDED, HOPS_PROTOCOL_ICMP, "192.0.2.77",
         "192.0.2.1", "192.0.2.8", 1, 0, 0, false},
        {"to another address of ours", &icmp, HOPS_REPLY_TIME_EXCEEDED, HOPS_PROTOCOL_ICMP,
         "192.0.2.77", "192.0.2.2", "192.0.2.9", 1, 0, 0, false},
        {"UDP quote", &udp, HOPS_REPLY_UNREACHABLE, HOPS_PROTOCOL_UDP, "192.0.2.77", "192.0.2.1",
         "192.0.2.9", 0, 500, 1234, true},
        {"UDP quote, other port", &udp, HOPS_REPLY_UNREACHABLE, HOPS_PROTOCOL_UDP, "192.0.2.77",
         "192.0.2.1", "192.0.2.9", 0, 501, 1234, false},
        {"UDP quote for TCP", &tcp, HOPS_REPLY_UNREACHABLE, HOPS_PROTOCOL_UDP, "192.0.2.77",
         "192.0.2.1", "192.0.2.9", 0, 1234, 80, false},
        {"SYN-ACK", &tcp, HOPS_REPLY_TCP, HOPS_PROTOCOL_TCP, "192.0.2.9", "192.0.2.1", "192.0.2.9",
         0, 1234, 80, true},
        {"SYN-ACK, other port", &tcp, HOPS_REPLY_TCP, HOPS_PROTOCOL_TCP, "192.0.2.9", "192.0.2.1",
         "192.0.2.9", 0, 1234, 81, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_reply reply = {.kind = rows[i].kind,
                                   .responder = addr(rows[i].responder),
                                   .local = addr(rows[i].local)};

        reply.quote.protocol = rows[i].protocol;
        reply.quote.dst = addr(rows[i].dst);
        reply.quote.icmp_id = rows[i].icmp_id;
        reply.quote.src_port = rows[i].src_port;
        reply.quote.dst_port = rows[i].dst_port;
        check_int(rows[i].name, hops_net_signature_fits(rows[i].config, &reply), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_ports_are_held_once_and_counted),
        cmocka_unit_test(net_ports_grow_and_shrink_with_many),
        cmocka_unit_test(net_ports_survive_failing_allocations),
        cmocka_unit_test(net_stamp_ring_names_each_packet_once),
        cmocka_unit_test(net_stamp_ring_forgets_the_oldest),
        cmocka_unit_test(net_signature_clash_is_told),
        cmocka_unit_test(net_signature_fits_its_own_replies_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
