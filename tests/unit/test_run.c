/* SPDX-License-Identifier: MIT
 *
 * The loop, over a link of the test's own: what is received, released and counted, for many traces.
 */
#include "check.h"

#include <hops/addr.h>
#include <hops/run.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

enum { INBOX_MAX = 4096, ATTACHMENTS_MAX = 256 };

/* A network of one router and a target, each one TTL away: every probe is answered after 10 ms. */
struct fake {
    struct hops_link link;
    struct hops_config configs[ATTACHMENTS_MAX];
    uint32_t attached;
    uint32_t detached;
    struct hops_inbound inbox[INBOX_MAX];
    hops_ns due[INBOX_MAX];
    size_t head, tail;
    size_t sends;
    size_t sends_in_a_row; /* since receive() was last asked */
    size_t most_in_a_row;
    size_t held; /* probes sent and not released */
    size_t busy; /* answer so many sends with BUSY */
    bool silent;
    bool known_attachment;
    bool reuses_seats;             /* an attachment's number is given away again */
    size_t slow_and_busy;          /* this many sends take 20 us, and then have to be tried again */
    size_t asked[ATTACHMENTS_MAX]; /* sends asked for by each attachment */
    bool stamps;
    enum hops_err attach_error;
    size_t closed;
};

static void fake_counters(const struct hops_link *link, struct hops_link_counters *out) {
    (void)link;
    *out = (struct hops_link_counters){.received = 7, .overflow = 3};
}

static enum hops_err fake_attach(struct hops_link *link, struct hops_config *config, hops_ns now,
                                 uint32_t *out, struct hops_diag *diag) {
    struct fake *f = (struct fake *)link;

    (void)now;
    (void)diag;
    if (f->attach_error != HOPS_OK) {
        return f->attach_error;
    }
    assert_true(hops_addr_parse("192.0.2.10", &config->source));
    uint32_t seat = f->reuses_seats && f->detached > 0 ? 0 : f->attached;
    f->configs[seat] = *config;
    f->attached++;
    *out = seat;
    return HOPS_OK;
}

static void fake_detach(struct hops_link *link, uint32_t attachment) {
    (void)attachment;
    ((struct fake *)link)->detached++;
}

static struct hops_reply answer(const struct hops_config *c, const struct hops_probe *p) {
    struct hops_reply r = {.kind = p->ttl == 1                         ? HOPS_REPLY_TIME_EXCEEDED
                                   : c->protocol == HOPS_PROTOCOL_ICMP ? HOPS_REPLY_ECHO
                                                                       : HOPS_REPLY_UNREACHABLE,
                           .ttl = 64};

    r.responder = c->target;
    if (p->ttl == 1) {
        assert_true(hops_addr_parse("203.0.113.1", &r.responder));
    }
    r.quote = (struct hops_quote){.protocol = c->protocol,
                                  .dst = c->target,
                                  .tos = -1,
                                  .ttl = 1,
                                  .icmp_type = 8,
                                  .icmp_id = c->trace_id,
                                  .icmp_seq = p->sequence,
                                  .src_port = p->src_port,
                                  .dst_port = p->dst_port,
                                  .udp_len = 64};
    return r;
}

static void put(struct fake *f, const struct hops_inbound *in, hops_ns due) {
    f->inbox[f->tail % INBOX_MAX] = *in;
    f->due[f->tail++ % INBOX_MAX] = due;
}

/* On the real clock: what a loop does while it falls behind cannot be seen in virtual time. */
static void spend_time(void) {
    struct timespec begun, now;

    (void)clock_gettime(CLOCK_MONOTONIC, &begun);
    do {
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - begun.tv_sec) * 1000000000L + now.tv_nsec - begun.tv_nsec < 20000);
}

static struct hops_send_result fake_send(struct hops_link *link, uint32_t attachment,
                                         const struct hops_probe *probe, hops_ns now) {
    struct fake *f = (struct fake *)link;
    const struct hops_config *c = &f->configs[attachment];

    f->asked[attachment]++;
    if (f->slow_and_busy > 0) {
        f->slow_and_busy--;
        spend_time();
        return (struct hops_send_result){
            .status = HOPS_SEND_BUSY, .call = HOPS_CALL_SOCKET, .os_errno = EMFILE};
    }
    if (f->busy > 0) {
        f->busy--;
        return (struct hops_send_result){
            .status = HOPS_SEND_BUSY, .call = HOPS_CALL_SOCKET, .os_errno = EMFILE};
    }
    f->sends++;
    f->held++;
    f->sends_in_a_row++;
    if (f->sends_in_a_row > f->most_in_a_row) {
        f->most_in_a_row = f->sends_in_a_row;
    }
    if (!f->silent) {
        struct hops_inbound in = {.kind = HOPS_INBOUND_REPLY,
                                  .attachment =
                                      f->known_attachment ? attachment : HOPS_ATTACHMENT_ANY,
                                  .reply = answer(c, probe)};
        in.reply.when = now + 10 * HOPS_MS;
        if (f->stamps) {
            struct hops_inbound stamp = {.kind = HOPS_INBOUND_STAMP,
                                         .attachment = attachment,
                                         .probe_id = probe->id,
                                         .when = now + HOPS_MS};
            put(f, &stamp, now);
        }
        put(f, &in, in.reply.when);
    }
    return (struct hops_send_result){.status = HOPS_SEND_OK, .when = now};
}

static bool fake_receive(struct hops_link *link, hops_ns now, struct hops_inbound *out) {
    struct fake *f = (struct fake *)link;

    f->sends_in_a_row = 0;
    if (f->head == f->tail || f->due[f->head % INBOX_MAX] > now) {
        return false;
    }
    *out = f->inbox[f->head++ % INBOX_MAX];
    return true;
}

static void fake_release(struct hops_link *link, uint32_t attachment, uint32_t probe_id) {
    (void)attachment;
    (void)probe_id;
    ((struct fake *)link)->held--;
}

static int fake_fd(const struct hops_link *link) {
    (void)link;
    return -1;
}

static hops_ns fake_deadline(const struct hops_link *link) {
    const struct fake *f = (const struct fake *)link;

    return f->head == f->tail ? HOPS_NEVER : f->due[f->head % INBOX_MAX];
}

static void fake_close(struct hops_link *link) {
    ((struct fake *)link)->closed++;
}

static const struct hops_link_ops fake_ops = {.attach = fake_attach,
                                              .detach = fake_detach,
                                              .send = fake_send,
                                              .receive = fake_receive,
                                              .release = fake_release,
                                              .fd = fake_fd,
                                              .deadline = fake_deadline,
                                              .counters = fake_counters,
                                              .close = fake_close};

static struct fake f;
static struct hops_run *run;

static void begin(void) {
    memset(&f, 0, sizeof(f));
    f.link.ops = &fake_ops;
    assert_int_equal(hops_run_new(&f.link, HOPS_CLOCK_VIRTUAL, NULL, &run), HOPS_OK);
}

static struct hops_config config_to(const char *target, uint16_t id) {
    struct hops_config c;

    hops_config_init(&c);
    assert_true(hops_addr_parse(target, &c.target));
    c.trace_id = id;
    c.max_rounds = 2;
    c.max_ttl = 2;
    return c;
}

static void add(const struct hops_config *c) {
    uint32_t number;
    struct hops_diag diag;

    if (hops_run_add(run, c, &number, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    assert_int_equal(number, hops_run_count(run) - 1);
}

static size_t counts[HOPS_EVENT_END + 1];

static void run_to_the_end(void) {
    struct hops_event event;

    memset(counts, 0, sizeof(counts));
    for (int turn = 0; !hops_run_done(run); turn++) {
        assert_true(turn < 100000);
        while (hops_run_next_event(run, &event)) {
            counts[event.kind]++;
            if (event.kind == HOPS_EVENT_REPLY) {
                assert_int_equal(event.u.reply.rtt, f.stamps ? 9 * HOPS_MS : 10 * HOPS_MS);
            }
        }
        if (!hops_run_done(run)) {
            assert_int_equal(hops_run_wait(run, NULL, 0, HOPS_NEVER), HOPS_OK);
        }
    }
}

static void run_one_trace_to_its_end(void **state) {
    struct hops_run_counters counters;
    struct hops_config c = config_to("198.51.100.1", 1);

    (void)state;
    begin();
    add(&c);
    run_to_the_end();
    assert_int_equal(counts[HOPS_EVENT_SENT], 4);
    assert_int_equal(counts[HOPS_EVENT_REPLY], 4);
    assert_int_equal(counts[HOPS_EVENT_ROUND], 2);
    assert_int_equal(counts[HOPS_EVENT_SETTLED], 2);
    assert_int_equal(counts[HOPS_EVENT_END], 1);
    assert_int_equal(hops_run_now(run), HOPS_SEC + 10 * HOPS_MS); /* the last round does not wait */
    assert_int_equal(f.held, 0);
    assert_int_equal(f.detached, 1);
    hops_run_counters(run, &counters);
    assert_int_equal(counters.accepted, 4);
    assert_int_equal(counters.link.overflow, 3);
    hops_run_free(run);
    assert_int_equal(f.closed, 1);
}

static void run_two_hundred_traces_share_a_link(void **state) {
    (void)state;
    begin();
    for (uint16_t i = 0; i < 200; i++) {
        struct hops_config c = config_to("198.51.100.1", (uint16_t)(i + 1));
        c.target.octets[3] = (uint8_t)(i % 100);
        if (i % 2 == 1) {
            c.protocol = HOPS_PROTOCOL_UDP;
            c.direction = HOPS_PORTS_FIXED_SOURCE;
            c.source_port = (uint16_t)(5000 + i);
        }
        add(&c);
    }
    run_to_the_end();
    assert_int_equal(counts[HOPS_EVENT_REPLY], 800);
    assert_int_equal(counts[HOPS_EVENT_END], 200);
    assert_int_equal(f.held, 0);
    assert_int_equal(f.most_in_a_row, 64); /* or the replies would overflow a receive buffer */
    assert_int_equal(hops_run_wait(run, NULL, 0, HOPS_NEVER), HOPS_OK); /* nothing to wait for */
    hops_run_free(run);
}

static void run_turn_comes_to_every_trace_and_ends(void **state) {
    enum { TRACES = 200 };
    struct hops_event event;

    (void)state;
    memset(&f, 0, sizeof(f));
    f.link.ops = &fake_ops;
    assert_int_equal(hops_run_new(&f.link, HOPS_CLOCK_REAL, NULL, &run), HOPS_OK);
    f.silent = true;
    f.slow_and_busy = 20 * TRACES; /* bounded, for a loop that never leaves the turn */
    for (int i = 0; i < TRACES; i++) {
        struct hops_config c = config_to("198.51.100.1", (uint16_t)(i + 1));
        add(&c);
    }
    while (hops_run_next_event(run, &event)) {
    } /* its end is the end of the turn: only then signals are seen */
    size_t asked = 0;
    for (size_t i = 0; i < TRACES; i++) {
        assert_int_not_equal(f.asked[i], 0);
        asked += f.asked[i];
    }
    assert_true(asked < 2 * TRACES); /* some twice, where this test was held up for long */
    hops_run_free(run);
}

/* Two names may stand for one address. */
static void run_two_traces_to_one_address_get_their_own_replies(void **state) {
    struct hops_config c[2];
    struct hops_run_counters counters;
    struct hops_event event;
    size_t replies[2] = {0};

    (void)state;
    begin();
    for (size_t i = 0; i < 2; i++) {
        c[i] = config_to("198.51.100.1", (uint16_t)(i + 1));
        c[i].protocol = HOPS_PROTOCOL_TCP;
        c[i].direction = HOPS_PORTS_FIXED_TARGET;
        c[i].target_port = 80;
    }
    assert_int_equal(hops_config_spread(c, 2, 1, NULL), HOPS_OK);
    add(&c[0]);
    add(&c[1]);
    while (!hops_run_done(run)) {
        while (hops_run_next_event(run, &event)) {
            if (event.kind == HOPS_EVENT_REPLY) {
                replies[event.trace]++;
            }
        }
        if (!hops_run_done(run)) {
            assert_int_equal(hops_run_wait(run, NULL, 0, HOPS_NEVER), HOPS_OK);
        }
    }
    assert_int_equal(replies[0], 4);
    assert_int_equal(replies[1], 4);
    hops_run_counters(run, &counters);
    assert_int_equal(counters.unexpected, 0);
    hops_run_free(run);
}

static void run_trace_added_after_an_end_gets_the_replies_of_its_attachment(void **state) {
    struct hops_config a = config_to("198.51.100.1", 1);
    struct hops_config b = config_to("198.51.100.2", 2);

    (void)state;
    begin();
    f.reuses_seats = true;
    f.known_attachment = true;
    add(&a);
    run_to_the_end();
    add(&b);
    run_to_the_end();
    assert_int_equal(counts[HOPS_EVENT_REPLY], 4);
    hops_run_free(run);
}

static void run_known_attachment_and_stamps(void **state) {
    struct hops_config c = config_to("198.51.100.1", 1);

    (void)state;
    begin();
    f.known_attachment = true;
    f.stamps = true;
    add(&c);
    run_to_the_end();
    assert_int_equal(counts[HOPS_EVENT_REPLY], 4);
    hops_run_free(run);
}

static void run_silence_releases_every_probe(void **state) {
    struct hops_config c = config_to("198.51.100.1", 1);

    (void)state;
    begin();
    f.silent = true;
    c.max_ttl = 30;
    add(&c);
    run_to_the_end();
    assert_int_equal(counts[HOPS_EVENT_SENT], 60);
    assert_int_equal(f.held, 0);
    hops_run_free(run);
}

static void run_busy_link_loses_nothing(void **state) {
    struct hops_config c = config_to("198.51.100.1", 1);

    (void)state;
    begin();
    f.busy = 5;
    add(&c);
    run_to_the_end();
    assert_int_equal(counts[HOPS_EVENT_SENT], 4);
    assert_int_equal(counts[HOPS_EVENT_FAILED], 0);
    hops_run_free(run);
}

static void run_counts_what_it_refuses(void **state) {
    struct hops_config c = config_to("198.51.100.1", 1);
    struct hops_run_counters counters;
    struct hops_event event;

    (void)state;
    begin();
    f.silent = true;
    add(&c);
    while (hops_run_next_event(run, &event)) {
    }
    struct hops_probe p = {.ttl = 1, .sequence = 33434};
    struct hops_inbound in = {.kind = HOPS_INBOUND_REPLY, .attachment = HOPS_ATTACHMENT_ANY};
    in.reply = answer(&f.configs[0], &p);
    put(&f, &in, 0); /* good */
    put(&f, &in, 0); /* again */
    in.reply.quote.icmp_seq = 60000;
    put(&f, &in, 0); /* never sent */
    in.reply.quote.icmp_id = 9;
    put(&f, &in, 0); /* nobody's */
    in.reply.quote.protocol = HOPS_PROTOCOL_TCP;
    put(&f, &in, 0); /* nobody's */
    in.attachment = 77;
    put(&f, &in, 0); /* an attachment that is not there */
    while (hops_run_next_event(run, &event)) {
    }
    hops_run_counters(run, &counters);
    assert_int_equal(counters.accepted, 1);
    assert_int_equal(counters.duplicates, 1);
    assert_int_equal(counters.unexpected, 1);
    assert_int_equal(counters.foreign, 3);
    hops_run_free(run);
}

/* A flood does not keep time from passing: a turn takes in a bounded number of packets. */
static void run_flood_does_not_stop_the_clock(void **state) {
    struct hops_config c = config_to("198.51.100.1", 1);
    struct hops_event event;
    struct hops_inbound in = {.kind = HOPS_INBOUND_REPLY, .attachment = HOPS_ATTACHMENT_ANY};

    (void)state;
    begin();
    f.silent = true;
    add(&c);
    for (int i = 0; i < 4000; i++) {
        put(&f, &in, 0);
    }
    while (hops_run_next_event(run, &event)) {
    }
    assert_int_equal(f.sends, 2);
    assert_true(f.head < 1000);
    hops_run_free(run);
}

static void run_stop_ends_all(void **state) {
    struct hops_config a = config_to("198.51.100.1", 1);
    struct hops_config b = config_to("198.51.100.2", 2);
    struct hops_event event;

    (void)state;
    begin();
    add(&a);
    add(&b);
    while (hops_run_next_event(run, &event)) {
    }
    hops_run_stop(run);
    run_to_the_end();
    assert_int_equal(counts[HOPS_EVENT_END], 2);
    assert_int_equal(counts[HOPS_EVENT_ROUND], 2);
    assert_int_equal(f.held, 0);
    hops_run_free(run);
}

static void run_clash_is_refused_before_anything_is_sent(void **state) {
    static const struct {
        const char *name;
        enum hops_protocol protocol;
        enum hops_port_direction direction;
        uint16_t first_id, second_id, first_port, second_port;
        bool clash;
    } rows[] = {
        {"same icmp id", HOPS_PROTOCOL_ICMP, HOPS_PORTS_NONE, 5, 5, 0, 0, true},
        {"other icmp id", HOPS_PROTOCOL_ICMP, HOPS_PORTS_NONE, 5, 6, 0, 0, false},
        {"same source port", HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_SOURCE, 1, 2, 5000, 5000, true},
        {"other source port", HOPS_PROTOCOL_UDP, HOPS_PORTS_FIXED_SOURCE, 1, 2, 5000, 5001, false},
        {"same stretch", HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 1, 2, 80, 80, true},
        {"other target port", HOPS_PROTOCOL_TCP, HOPS_PORTS_FIXED_TARGET, 1, 2, 80, 81, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_config c = config_to("198.51.100.1", rows[i].first_id);
        struct hops_diag diag = {.text = ""};
        uint32_t number;
        begin();
        c.protocol = rows[i].protocol;
        c.direction = rows[i].direction;
        c.source_port = rows[i].first_port;
        c.target_port = rows[i].first_port;
        add(&c);
        c.trace_id = rows[i].second_id;
        c.source_port = rows[i].second_port;
        c.target_port = rows[i].second_port;
        check_int(rows[i].name, hops_run_add(run, &c, &number, &diag),
                  rows[i].clash ? HOPS_ERR_CLASH : HOPS_OK);
        if (rows[i].clash) {
            assert_non_null(strstr(diag.text, "198.51.100.1"));
            assert_int_equal(f.detached, 1);
        }
        hops_run_free(run);
    }
}

static void run_failed_attach_leaves_nothing(void **state) {
    struct hops_config c = config_to("198.51.100.1", 1);
    uint32_t number;

    (void)state;
    begin();
    f.attach_error = HOPS_ERR_NO_ROUTE;
    assert_int_equal(hops_run_add(run, &c, &number, NULL), HOPS_ERR_NO_ROUTE);
    assert_int_equal(hops_run_count(run), 0);
    assert_true(hops_run_done(run));
    assert_int_equal(hops_run_wait(run, NULL, 0, HOPS_NEVER), HOPS_OK);
    hops_run_free(run);
}

static void run_paused_virtual_time_stands_still(void **state) {
    struct hops_config c = config_to("198.51.100.1", 1);
    struct hops_event event;

    (void)state;
    begin();
    hops_run_pause(run, true);
    add(&c);
    hops_run_pause(run, true);
    while (hops_run_next_event(run, &event)) {
    }
    assert_int_equal(f.sends, 0);
    assert_int_equal(hops_run_wait(run, NULL, 0, HOPS_NEVER), HOPS_ERR_INVALID);
    hops_run_pause(run, false);
    run_to_the_end();
    hops_run_free(run);
}

static int allocate(struct check_mem *m, void *user) {
    struct hops_config c = config_to("198.51.100.1", 1);
    struct hops_config d = config_to("198.51.100.1", 2);
    struct hops_run *r = NULL;
    uint32_t number;
    bool ok = false;

    (void)user;
    memset(&f, 0, sizeof(f));
    f.link.ops = &fake_ops;
    d.protocol = HOPS_PROTOCOL_TCP;
    d.direction = HOPS_PORTS_FIXED_TARGET;
    d.target_port = 80;
    if (hops_run_new(&f.link, HOPS_CLOCK_VIRTUAL, &m->mem, &r) == HOPS_OK) {
        ok = hops_run_add(r, &c, &number, NULL) == HOPS_OK &&
             hops_run_add(r, &d, &number, NULL) == HOPS_OK;
        hops_run_free(r);
    }
    return ok;
}

static void run_out_of_memory_is_an_error(void **state) {
    (void)state;
    check_every_allocation(allocate, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_one_trace_to_its_end),
        cmocka_unit_test(run_two_hundred_traces_share_a_link),
        cmocka_unit_test(run_turn_comes_to_every_trace_and_ends),
        cmocka_unit_test(run_two_traces_to_one_address_get_their_own_replies),
        cmocka_unit_test(run_trace_added_after_an_end_gets_the_replies_of_its_attachment),
        cmocka_unit_test(run_known_attachment_and_stamps),
        cmocka_unit_test(run_silence_releases_every_probe),
        cmocka_unit_test(run_busy_link_loses_nothing),
        cmocka_unit_test(run_counts_what_it_refuses),
        cmocka_unit_test(run_flood_does_not_stop_the_clock),
        cmocka_unit_test(run_stop_ends_all),
        cmocka_unit_test(run_clash_is_refused_before_anything_is_sent),
        cmocka_unit_test(run_failed_attach_leaves_nothing),
        cmocka_unit_test(run_paused_virtual_time_stands_still),
        cmocka_unit_test(run_out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
