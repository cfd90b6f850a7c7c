/* SPDX-License-Identifier: MIT
 *
 * What became of every probe of a trace, kept from what the link said and what events tell, and
 * held against each other.
 */
#ifndef FUZZ_PROBE_BOOK_H
#define FUZZ_PROBE_BOOK_H

#include <hops/config.h>
#include <hops/event.h>
#include <hops/stats.h>

enum { BOOK_PROBES_MAX = 12000, BOOK_SEQUENCES = 8192, BOOK_ROUNDS_MAX = 4096 };

struct book_probe {
    struct hops_probe probe;
    uint8_t outcome; /* enum hops_send_status of the link */
    uint8_t fate;    /* as events told it */
};

struct book_round {
    uint32_t first_id; /* its probes are contiguous */
    uint32_t count;
};

struct probe_book {
    const struct hops_config *config;
    struct book_probe *probes; /* by id */
    struct book_round *rounds; /* by number */
    uint32_t *by_sequence;     /* id + 1 of the newest, by sequence modulo BOOK_SEQUENCES */
    uint32_t count;            /* probes that left the tracer's hands */
    uint32_t round_count;      /* rounds that have probes */
    uint32_t published;        /* ROUND events */
    uint32_t settled;          /* SETTLED events */
    unsigned replies_due;      /* accepted, REPLY not seen yet */
    bool broken;               /* ERROR was seen */
    bool ended;
};

/* Begins a zeroed book, or one that was used before, whose memory it keeps. config is borrowed.
 * False: no memory. */
bool book_init(struct probe_book *book, const struct hops_config *config);
bool book_full(const struct probe_book *book);

/* next_probe() gave this one, and this is what will be told to outcome(). */
void book_offered(struct probe_book *book, const struct hops_probe *probe,
                  const struct hops_send_result *result);

/* Every event, in order. */
void book_event(struct probe_book *book, const struct hops_event *event);

/* A probe, counted back from the newest. False: there is none. */
bool book_pick(const struct probe_book *book, uint16_t back, struct hops_probe *out);

bool book_is_awaited(const struct probe_book *book, uint32_t id, uint32_t round);
size_t book_awaited(const struct probe_book *book, uint32_t round);

/* After END: nothing is left open, and the statistics say the same. */
void book_check_end(const struct probe_book *book, struct hops_stats *stats);

#endif
