/* SPDX-License-Identifier: MIT
 *
 * The tracer from a script of octets: a configuration, then sends with any outcome, replies right
 * and wrong, stamps, late refusals, pauses and time. Beside it a book is kept of every probe, and
 * what the tracer tells is held against that: each probe ends exactly once, rounds are published
 * and settled in order, no event is lost, deadlines are kept, and every trace comes to its end.
 */
#include "fuzz.h"
#include "input.h"
#include "probe_book.h"

#include <hops/stats.h>
#include <hops/tracer.h>

#include <errno.h>

#include "tracer/internal.h"

enum { TURNS_MAX = 20000 };

struct world {
    struct rd in;
    struct hops_tracer *tracer;
    struct hops_stats *stats;
    struct probe_book *book;
    hops_ns now;
    bool lazy;  /* events are taken when the script says so */
    bool stuck; /* the book is full: no more sends */
    bool paused;
};

static struct hops_config read_config(struct rd *in) {
    struct hops_config c;
    uint8_t kind = rd_u8(in);

    hops_config_init(&c);
    c.protocol = (enum hops_protocol)(kind % 3);
    c.strategy = (enum hops_strategy)(kind / 3 % 3);
    c.direction = (enum hops_port_direction)(kind / 9 % 4);
    c.target = fuzz_addr((kind & 0x80) != 0 ? HOPS_IPV6 : HOPS_IPV4, 200);
    c.source = fuzz_addr((enum hops_family)c.target.family, 250);
    c.source_port = rd_be16(in);
    c.target_port = rd_be16(in);
    c.first_ttl = rd_u8(in);
    c.max_ttl = (uint8_t)(c.first_ttl + rd_u8(in));
    c.max_inflight = rd_u8(in);
    c.initial_sequence = rd_be16(in);
    c.last_sequence = (uint16_t)(c.initial_sequence + rd_be16(in));
    c.trace_id = 0x1234;
    c.packet_size = (uint16_t)(40 + rd_u8(in));
    c.extensions = fuzz_bool(in);
    c.token = rd_u8(in);
    c.min_round = fuzz_time(in);
    c.max_round = c.min_round + fuzz_time(in);
    c.grace = 10 * HOPS_MS + rd_u8(in) * HOPS_MS;
    c.reply_timeout = HOPS_MS + fuzz_time(in);
    c.send_interval = rd_u8(in) * 100 * HOPS_US;
    c.max_rounds = rd_u8(in) % 16;
    return c;
}

/* Memory. The large blocks of a tracer are mapped once and used again by the next input: mapping
 * them took most of the time. They are as long as was asked for, and cleared. Once the tracer is
 * made it may not ask for more. */

enum { BLOCKS = 2 };

struct blocks {
    void *start[BLOCKS];
    size_t len[BLOCKS];
    size_t used;
    bool sealed;
};

static void *block_calloc(size_t count, size_t size, void *user) {
    struct blocks *blocks = user;
    size_t n = blocks->used++;

    FUZZ_CHECK(!blocks->sealed && n < BLOCKS);
    if (blocks->start[n] == NULL) {
        blocks->len[n] = count * size;
        blocks->start[n] = malloc(count * size);
    }
    FUZZ_CHECK(blocks->start[n] != NULL && blocks->len[n] == count * size);
    return memset(blocks->start[n], 0, count * size);
}

static void *block_realloc(void *ptr, size_t size, void *user) {
    (void)ptr;
    (void)size;
    (void)user;
    abort();
}

static void block_free(void *ptr, void *user) {
    struct blocks *blocks = user;

    FUZZ_CHECK(ptr == blocks->start[0] || ptr == blocks->start[1]);
    blocks->used--;
    blocks->sealed = false;
}

/* Events. */

/* The tracer names the probes nobody answered, for whoever holds sockets for them. */
static void check_given_up(struct world *w, uint32_t round) {
    uint16_t index = 0;
    uint32_t id = 0;
    size_t told = 0;

    while (hops_tracer_next_given_up(w->tracer, &index, &id)) {
        FUZZ_CHECK(book_is_awaited(w->book, id, round));
        told++;
    }
    FUZZ_CHECK(told == book_awaited(w->book, round));
}

static bool take_event(struct world *w) {
    struct hops_event event;

    if (!hops_tracer_next_event(w->tracer, &event)) {
        return false;
    }
    if (event.kind == HOPS_EVENT_SETTLED) {
        check_given_up(w, event.u.settled_round);
    }
    book_event(w->book, &event);
    hops_stats_apply(w->stats, &event);
    return true;
}

static void take_events(struct world *w) {
    for (int turn = 0; take_event(w); turn++) {
        FUZZ_CHECK(turn < TURNS_MAX);
    }
}

static void after_call(struct world *w) {
    if (!w->lazy) {
        take_events(w);
    }
}

/* Sending. */

static bool send_one(struct world *w, struct hops_send_result result) {
    struct hops_probe probe;

    if (w->stuck || !hops_tracer_next_probe(w->tracer, w->now, &probe)) {
        return false;
    }
    result.when = w->now;
    book_offered(w->book, &probe, &result);
    hops_tracer_outcome(w->tracer, &result, w->now);
    w->stuck = book_full(w->book);
    after_call(w);
    return true;
}

/* Everything that is due, until the deadline lies ahead; which it must some time. */
static void send_all(struct world *w) {
    const struct hops_send_result ok = {.status = HOPS_SEND_OK};
    bool moved = true;

    for (int turn = 0; moved && !w->stuck; turn++) {
        FUZZ_CHECK(turn < TURNS_MAX);
        hops_tracer_advance(w->tracer, w->now);
        moved = send_one(w, ok);
        moved = take_event(w) || moved;
        moved =
            moved || hops_tracer_deadline(w->tracer) <= w->now; /* a round that is over at once */
    }
}

static void send_with_outcome(struct world *w) {
    static const enum hops_call calls[] = {HOPS_CALL_SOCKET, HOPS_CALL_BIND, HOPS_CALL_CONNECT,
                                           HOPS_CALL_SENDTO};
    struct hops_send_result result = {.status = (enum hops_send_status)fuzz_below(&w->in, 5),
                                      .call = calls[fuzz_below(&w->in, 4)],
                                      .os_errno = EADDRINUSE};

    hops_tracer_advance(w->tracer, w->now);
    after_call(w);
    (void)send_one(w, result);
}

/* Receiving. */

static struct hops_reply reply_to(struct world *w, const struct hops_probe *probe) {
    const struct hops_config *c = hops_tracer_config(w->tracer);
    uint8_t kind = rd_u8(&w->in);
    bool from_target = (kind & 8) != 0;
    struct hops_reply r = {.kind = (enum hops_reply_kind)(kind % 7), .local = c->source, .ttl = 60};

    r.responder =
        from_target ? c->target : fuzz_addr((enum hops_family)c->target.family, kind >> 4);
    r.when = w->now - ((kind & 16) != 0 ? fuzz_time(&w->in) : 0);
    r.quote = (struct hops_quote){.protocol = c->protocol,
                                  .src = c->source,
                                  .dst = c->target,
                                  .tos = -1,
                                  .ttl = 1,
                                  .ip_id = probe->ip_id,
                                  .icmp_type = c->target.family == HOPS_IPV4 ? 8 : 128,
                                  .icmp_id = c->trace_id,
                                  .icmp_seq = probe->sequence,
                                  .src_port = probe->src_port,
                                  .dst_port = probe->dst_port,
                                  .tcp_seq_known = true,
                                  .tcp_seq = probe->tcp_seq,
                                  .udp_len = 12,
                                  .udp_checksum = probe->sequence,
                                  .udp_magic = true};
    if (c->strategy == HOPS_STRATEGY_DUBLIN && c->target.family == HOPS_IPV6) {
        r.quote.udp_len = (uint16_t)(8 + 5 + probe->sequence - c->initial_sequence);
    }
    return r;
}

/* What a stranger gets wrong, or a translator changes. */
static void spoil(struct world *w, struct hops_reply *r) {
    uint8_t value = rd_u8(&w->in);
    struct hops_quote *q = &r->quote;

    switch (fuzz_below(&w->in, 12)) {
    case 0:
        q->dst.octets[3] ^= value;
        break;
    case 1:
        r->local.octets[3] ^= value;
        break;
    case 2:
        q->protocol = (enum hops_protocol)(value % 3);
        break;
    case 3:
        q->icmp_id ^= value;
        break;
    case 4:
        q->icmp_seq ^= value;
        break;
    case 5:
        q->src_port ^= value;
        break;
    case 6:
        q->dst_port ^= value;
        break;
    case 7:
        q->tcp_seq ^= value;
        break;
    case 8:
        q->udp_len = (uint16_t)(q->udp_len ^ value);
        break;
    case 9:
        q->udp_checksum ^= value;
        break;
    case 10:
        q->ip_id ^= value;
        break;
    default:
        r->known_probe = true;
        r->probe_id = value;
        break;
    }
}

static void receive(struct world *w, bool spoilt) {
    struct hops_probe probe;

    if (!book_pick(w->book, rd_be16(&w->in), &probe)) {
        return;
    }
    struct hops_reply r = reply_to(w, &probe);
    if (spoilt) {
        spoil(w, &r);
    }
    enum hops_verdict verdict = hops_tracer_received(w->tracer, &r, w->now);
    FUZZ_CHECK(w->lazy || verdict != HOPS_VERDICT_NOT_READY);
    if (verdict == HOPS_VERDICT_ACCEPTED || verdict == HOPS_VERDICT_LATE) {
        w->book->replies_due++;
    }
    after_call(w);
    FUZZ_CHECK(w->lazy || w->book->replies_due == 0);
}

/* Anything at all, within the types. */
static void receive_noise(struct world *w) {
    struct hops_reply r = {.kind = (enum hops_reply_kind)fuzz_below(&w->in, 7)};

    r.responder = fuzz_addr(HOPS_IPV4, rd_u8(&w->in));
    r.quote.protocol = (enum hops_protocol)fuzz_below(&w->in, 3);
    r.quote.dst = hops_tracer_config(w->tracer)->target;
    r.quote.icmp_type = 8;
    r.quote.icmp_id = 0x1234;
    r.quote.icmp_seq = rd_be16(&w->in);
    r.quote.src_port = rd_be16(&w->in);
    r.quote.dst_port = rd_be16(&w->in);
    r.quote.udp_len = rd_be16(&w->in);
    r.when = w->now + fuzz_time(&w->in);
    enum hops_verdict verdict = hops_tracer_received(w->tracer, &r, w->now);
    if (verdict == HOPS_VERDICT_ACCEPTED || verdict == HOPS_VERDICT_LATE) {
        w->book->replies_due++;
    }
    after_call(w);
}

/* Reports about probes that have left. */

static void stamp(struct world *w) {
    struct hops_probe probe;

    if (book_pick(w->book, rd_u8(&w->in), &probe)) {
        hops_tracer_stamp(w->tracer, probe.id, w->now - fuzz_time(&w->in));
    }
}

static void fail_late(struct world *w) {
    const struct hops_send_result result = {
        .status = HOPS_SEND_FAILED, .call = HOPS_CALL_SENDTO, .os_errno = EHOSTUNREACH};
    struct hops_probe probe;

    if (book_pick(w->book, rd_u8(&w->in), &probe)) {
        hops_tracer_failed_late(w->tracer, probe.id, &result, w->now);
        after_call(w);
    }
}

static void pass(struct world *w) {
    hops_ns deadline = hops_tracer_deadline(w->tracer);

    if (fuzz_bool(&w->in) && deadline != HOPS_NEVER) {
        w->now = deadline > w->now ? deadline : w->now;
    } else {
        w->now += fuzz_time(&w->in);
    }
    hops_tracer_advance(w->tracer, w->now);
    after_call(w);
}

static void step(struct world *w) {
    switch (fuzz_below(&w->in, 16)) {
    case 0:
    case 1:
        pass(w);
        break;
    case 2:
    case 3:
        send_all(w);
        break;
    case 4:
        send_with_outcome(w);
        break;
    case 5:
    case 6:
    case 7:
    case 8:
        receive(w, false);
        break;
    case 9:
        receive(w, true);
        break;
    case 10:
        receive_noise(w);
        break;
    case 11:
        stamp(w);
        break;
    case 12:
        fail_late(w);
        break;
    case 13:
        w->paused = !w->paused;
        hops_tracer_pause(w->tracer, w->paused, w->now);
        after_call(w);
        break;
    case 14:
        w->lazy = !w->lazy;
        after_call(w);
        break;
    default:
        if (fuzz_below(&w->in, 8) == 0) {
            hops_tracer_stop(w->tracer, w->now);
            after_call(w);
        } else {
            (void)take_event(w);
        }
        break;
    }
}

/* A trace of few rounds comes to its end by itself, any other when it is stopped. */
static void finish(struct world *w) {
    bool bounded = hops_tracer_config(w->tracer)->max_rounds != 0 && !w->stuck;

    w->lazy = false;
    take_events(w);
    hops_tracer_pause(w->tracer, false, w->now);
    for (int turn = 0; bounded && !w->book->ended && !w->stuck; turn++) {
        FUZZ_CHECK(turn < TURNS_MAX);
        send_all(w);
        hops_ns deadline = hops_tracer_deadline(w->tracer);
        w->now = deadline == HOPS_NEVER ? w->now : deadline;
    }
    hops_tracer_stop(w->tracer, w->now);
    take_events(w);
    FUZZ_CHECK(w->book->ended && hops_tracer_ended(w->tracer));
    FUZZ_CHECK(hops_tracer_deadline(w->tracer) == HOPS_NEVER);
    book_check_end(w->book, w->stats);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct blocks blocks;
    static struct probe_book book;
    const struct hops_mem mem = {block_calloc, block_realloc, block_free, &blocks};
    struct world w = {.in = rd_make(data, size), .book = &book};
    struct hops_config config = read_config(&w.in);
    struct hops_stats_config stats;

    if (hops_tracer_new(&config, &mem, 0, &w.tracer, NULL) != HOPS_OK) {
        return 0;
    }
    blocks.sealed = true;
    hops_stats_config_init(&stats);
    stats.max_samples = 64;
    stats.max_flows = 4;
    if (!book_init(w.book, &config) ||
        hops_stats_new(&stats, config.first_ttl, NULL, &w.stats) != HOPS_OK) {
        abort();
    }
    while (fuzz_more(&w.in)) {
        step(&w);
    }
    finish(&w);
    hops_stats_free(w.stats);
    hops_tracer_free(w.tracer);
    FUZZ_CHECK(blocks.used == 0);
    return 0;
}
