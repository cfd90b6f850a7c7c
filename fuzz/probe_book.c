/* SPDX-License-Identifier: MIT */
#include "probe_book.h"

#include "fuzz.h"

#include <hops/addr.h>

#include <string.h>

enum fate {
    FATE_UNTOLD, /* no event yet */
    FATE_SENT,
    FATE_SKIPPED,
    FATE_FAILED,
    FATE_ANSWERED,
    FATE_LOST /* its round was settled without an answer */
};

bool book_init(struct probe_book *book, const struct hops_config *config) {
    struct book_probe *probes = book->probes;
    struct book_round *rounds = book->rounds;
    uint32_t *by_sequence = book->by_sequence;

    if (probes == NULL) {
        probes = malloc(BOOK_PROBES_MAX * sizeof(*probes));
        rounds = malloc(BOOK_ROUNDS_MAX * sizeof(*rounds));
        by_sequence = malloc(BOOK_SEQUENCES * sizeof(*by_sequence));
    }
    if (probes == NULL || rounds == NULL || by_sequence == NULL) {
        free(probes);
        free(rounds);
        free(by_sequence);
        return false;
    }
    memset(by_sequence, 0, BOOK_SEQUENCES * sizeof(*by_sequence));
    *book = (struct probe_book){
        .config = config, .probes = probes, .rounds = rounds, .by_sequence = by_sequence};
    return true;
}

bool book_full(const struct probe_book *book) {
    return book->count >= BOOK_PROBES_MAX || book->round_count >= BOOK_ROUNDS_MAX ||
           book->published >= BOOK_ROUNDS_MAX;
}

/* Two probes that may both be answered never share a sequence. */
static void check_sequence(struct probe_book *book, const struct hops_probe *probe) {
    uint32_t *newest = &book->by_sequence[probe->sequence % BOOK_SEQUENCES];

    FUZZ_CHECK(probe->sequence >= book->config->initial_sequence &&
               probe->sequence <= book->config->last_sequence);
    if (*newest != 0) {
        const struct book_probe *other = &book->probes[*newest - 1];
        FUZZ_CHECK(other->probe.sequence != probe->sequence || other->probe.round < book->settled);
    }
    *newest = probe->id + 1;
}

void book_offered(struct probe_book *book, const struct hops_probe *probe,
                  const struct hops_send_result *result) {
    FUZZ_CHECK(!book->ended && !book->broken);
    FUZZ_CHECK(probe->id == book->count);
    FUZZ_CHECK(probe->ttl >= book->config->first_ttl && probe->ttl <= book->config->max_ttl);
    FUZZ_CHECK(probe->round + 1 >= book->published);
    if (result->status == HOPS_SEND_BUSY || result->status == HOPS_SEND_FATAL) {
        return; /* it never comes into being */
    }
    while (book->round_count <= probe->round) {
        book->rounds[book->round_count++] = (struct book_round){.first_id = probe->id};
    }
    FUZZ_CHECK(book->round_count == probe->round + 1);
    check_sequence(book, probe);
    book->rounds[probe->round].count++;
    book->probes[book->count++] = (struct book_probe){
        .probe = *probe, .outcome = (uint8_t)result->status, .fate = FATE_UNTOLD};
}

static struct book_probe *find(struct probe_book *book, const struct hops_probe *probe) {
    FUZZ_CHECK(probe->id < book->count);
    struct book_probe *known = &book->probes[probe->id];
    FUZZ_CHECK(known->probe.round == probe->round && known->probe.ttl == probe->ttl &&
               known->probe.sequence == probe->sequence &&
               known->probe.src_port == probe->src_port &&
               known->probe.dst_port == probe->dst_port && known->probe.tcp_seq == probe->tcp_seq);
    return known;
}

static void on_failed(struct probe_book *book, const struct hops_event *event) {
    struct book_probe *probe = find(book, &event->probe);

    /* At once, or of a probe that seemed sent. */
    FUZZ_CHECK(probe->fate == FATE_SENT ||
               (probe->fate == FATE_UNTOLD && probe->outcome != HOPS_SEND_OK));
    FUZZ_CHECK(event->probe.round >= book->settled);
    probe->fate = FATE_FAILED;
}

static void on_reply(struct probe_book *book, const struct hops_event *event) {
    const struct hops_event_reply *reply = &event->u.reply;
    struct book_probe *probe = find(book, &event->probe);

    FUZZ_CHECK(probe->fate == FATE_SENT);
    FUZZ_CHECK(book->replies_due > 0);
    FUZZ_CHECK(event->probe.round >= book->settled);
    FUZZ_CHECK(reply->rtt >= 0);
    /* What comes in between an error and the end is told, but its round never is. */
    FUZZ_CHECK(book->broken || reply->late == (event->probe.round < book->published));
    FUZZ_CHECK(!reply->is_target || hops_addr_equal(&reply->responder, &book->config->target));
    book->replies_due--;
    probe->fate = FATE_ANSWERED;
}

static void on_round(struct probe_book *book, const struct hops_event_round *round) {
    FUZZ_CHECK(round->round == book->published);
    FUZZ_CHECK(book->config->max_rounds == 0 || round->round < book->config->max_rounds);
    FUZZ_CHECK(round->largest_ttl == 0 || (round->largest_ttl >= book->config->first_ttl &&
                                           round->largest_ttl <= book->config->max_ttl));
    FUZZ_CHECK(round->target_ttl <= book->config->max_ttl);
    book->published++;
}

static void on_settled(struct probe_book *book, uint32_t number) {
    FUZZ_CHECK(number == book->settled && number < book->published);
    if (number < book->round_count) {
        const struct book_round *round = &book->rounds[number];
        for (uint32_t i = 0; i < round->count; i++) {
            struct book_probe *probe = &book->probes[round->first_id + i];
            FUZZ_CHECK(probe->fate != FATE_UNTOLD);
            if (probe->fate == FATE_SENT) {
                probe->fate = FATE_LOST;
            }
        }
    }
    book->settled++;
}

static void on_path(const struct hops_event_path *path) {
    FUZZ_CHECK(path->before.family != HOPS_FAMILY_NONE && path->after.family != HOPS_FAMILY_NONE);
    FUZZ_CHECK(!hops_addr_equal(&path->before, &path->after));
}

void book_event(struct probe_book *book, const struct hops_event *event) {
    struct book_probe *probe;

    FUZZ_CHECK(!book->ended);
    switch (event->kind) {
    case HOPS_EVENT_SENT:
        probe = find(book, &event->probe);
        FUZZ_CHECK(probe->fate == FATE_UNTOLD && probe->outcome == HOPS_SEND_OK);
        probe->fate = FATE_SENT;
        break;
    case HOPS_EVENT_SKIPPED:
        probe = find(book, &event->probe);
        FUZZ_CHECK(probe->fate == FATE_UNTOLD && probe->outcome == HOPS_SEND_PORT_TAKEN);
        probe->fate = FATE_SKIPPED;
        break;
    case HOPS_EVENT_FAILED:
        on_failed(book, event);
        break;
    case HOPS_EVENT_REPLY:
        on_reply(book, event);
        break;
    case HOPS_EVENT_ROUND:
        on_round(book, &event->u.round);
        break;
    case HOPS_EVENT_SETTLED:
        on_settled(book, event->u.settled_round);
        break;
    case HOPS_EVENT_PATH:
        on_path(&event->u.path);
        break;
    case HOPS_EVENT_ERROR:
        FUZZ_CHECK(!book->broken);
        book->broken = true;
        break;
    case HOPS_EVENT_END:
        FUZZ_CHECK(book->settled == book->published);
        FUZZ_CHECK((event->u.end == HOPS_END_ERROR) == book->broken);
        book->ended = true;
        break;
    }
}

bool book_pick(const struct probe_book *book, uint16_t back, struct hops_probe *out) {
    if (book->count == 0) {
        return false;
    }
    *out = book->probes[book->count - 1 - back % book->count].probe;
    return true;
}

bool book_is_awaited(const struct probe_book *book, uint32_t id, uint32_t round) {
    return id < book->count && book->probes[id].probe.round == round &&
           book->probes[id].fate == FATE_SENT;
}

size_t book_awaited(const struct probe_book *book, uint32_t round) {
    size_t n = 0;

    if (round >= book->round_count) {
        return 0;
    }
    for (uint32_t i = 0; i < book->rounds[round].count; i++) {
        n += book->probes[book->rounds[round].first_id + i].fate == FATE_SENT;
    }
    return n;
}

/* The statistics count of each hop a part of what was sent, with nothing from elsewhere. */
static void check_hop(const struct probe_book *book, const struct hops_hop *hop) {
    uint64_t sent = 0, answered = 0, failed = 0, addrs = hop->other_addrs;

    for (uint32_t i = 0; i < book->count; i++) {
        const struct book_probe *p = &book->probes[i];
        bool counts = p->probe.ttl == hop->ttl && p->probe.round < book->published;
        sent += counts && p->fate != FATE_SKIPPED;
        answered += counts && p->fate == FATE_ANSWERED;
        failed += counts && p->fate == FATE_FAILED;
    }
    FUZZ_CHECK(hop->sent <= sent && hop->received <= answered && hop->failed <= failed);
    FUZZ_CHECK(hop->received + hop->failed <= hop->sent);
    FUZZ_CHECK(hop->forward_lost + hop->backward_lost <= hop->sent - hop->received - hop->failed);
    for (size_t i = 0; i < hop->addr_count; i++) {
        addrs += hop->addrs[i].count;
    }
    FUZZ_CHECK(addrs == hop->received);
    FUZZ_CHECK(!hop->rtt_known || (hop->best <= hop->last && hop->last <= hop->worst));
    FUZZ_CHECK(hop->rtt_known == (hop->received > 0));
}

void book_check_end(const struct probe_book *book, struct hops_stats *stats) {
    uint8_t first = 0, last = 0;

    FUZZ_CHECK(book->replies_due == 0);
    for (uint32_t i = 0; i < book->count; i++) {
        const struct book_probe *p = &book->probes[i];
        FUZZ_CHECK(p->fate != FATE_UNTOLD);
        /* What an error broke off is not published. */
        FUZZ_CHECK(p->fate != FATE_SENT || (book->broken && p->probe.round == book->published));
    }
    FUZZ_CHECK(hops_stats_rounds(stats) == book->published);
    hops_stats_ttls(stats, 0, &first, &last);
    for (unsigned ttl = first; ttl != 0 && ttl <= last; ttl++) {
        struct hops_hop hop;
        FUZZ_CHECK(hops_stats_hop(stats, 0, (uint8_t)ttl, &hop));
        check_hop(book, &hop);
    }
}
