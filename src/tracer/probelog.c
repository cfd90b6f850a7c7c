/* SPDX-License-Identifier: MIT */
#include "tracer/probelog.h"

#include <assert.h>
#include <stddef.h>

enum { PROBES = 4096, ROUNDS = 4096 };

/* Ids and round counters run on for ever; their low bits are the place in the ring. */
struct probelog {
    uint32_t next_id;
    uint32_t oldest_id;
    uint32_t next_round; /* counters of rounds opened and closed */
    uint32_t oldest_round;
    struct logged_round rounds[ROUNDS];
    struct logged_probe probes[PROBES];
};

enum hops_err hops_probelog_new(const struct hops_mem *mem, struct probelog **out) {
    struct probelog *log = mem->calloc(1, sizeof(*log), mem->user);

    if (log == NULL) {
        return HOPS_ERR_NOMEM;
    }
    *out = log;
    return HOPS_OK;
}

void hops_probelog_free(struct probelog *log, const struct hops_mem *mem) {
    if (log != NULL) {
        mem->free(log, mem->user);
    }
}

bool hops_probelog_begin_round(struct probelog *log, uint32_t number, uint16_t first_sequence) {
    if (log->next_round - log->oldest_round == ROUNDS) {
        return false;
    }
    log->rounds[log->next_round % ROUNDS] = (struct logged_round){
        .number = number, .first_id = log->next_id, .first_sequence = first_sequence};
    log->next_round++;
    return true;
}

bool hops_probelog_full(const struct probelog *log) {
    return log->next_id - log->oldest_id == PROBES;
}

uint32_t hops_probelog_next_id(const struct probelog *log) {
    return log->next_id;
}

struct logged_probe *hops_probelog_add(struct probelog *log, const struct logged_probe *probe) {
    struct logged_round *round = hops_probelog_newest(log);
    struct logged_probe *slot = &log->probes[log->next_id % PROBES];

    if (round == NULL || hops_probelog_full(log)) {
        return NULL;
    }
    *slot = *probe;
    slot->id = log->next_id++;
    slot->round = round->number;
    round->count++;
    if (slot->state == PROBE_AWAITED) {
        round->awaited++;
        round->last_sent = slot->sent;
    }
    return slot;
}

struct logged_probe *hops_probelog_by_id(struct probelog *log, uint32_t id) {
    if (id - log->oldest_id >= log->next_id - log->oldest_id) {
        return NULL;
    }
    return &log->probes[id % PROBES];
}

struct logged_probe *hops_probelog_at(struct probelog *log, const struct logged_round *round,
                                      uint16_t index) {
    assert(index < round->count);
    return &log->probes[(round->first_id + index) % PROBES];
}

struct logged_probe *hops_probelog_by_sequence(struct probelog *log, uint16_t sequence) {
    for (uint32_t i = log->next_round; i != log->oldest_round; i--) {
        struct logged_round *round = &log->rounds[(i - 1) % ROUNDS];
        unsigned offset = (unsigned)sequence - round->first_sequence;
        if (sequence >= round->first_sequence && offset < round->count) {
            return hops_probelog_at(log, round, (uint16_t)offset);
        }
    }
    return NULL;
}

void hops_probelog_finish(struct probelog *log, struct logged_probe *probe,
                          enum probe_state state) {
    struct logged_round *round = hops_probelog_round(log, probe->round);

    assert(probe->state == PROBE_AWAITED && round != NULL && round->awaited > 0);
    probe->state = (uint8_t)state;
    round->awaited--;
}

struct logged_round *hops_probelog_oldest(struct probelog *log) {
    return log->next_round == log->oldest_round ? NULL : &log->rounds[log->oldest_round % ROUNDS];
}

struct logged_round *hops_probelog_newest(struct probelog *log) {
    return log->next_round == log->oldest_round ? NULL
                                                : &log->rounds[(log->next_round - 1) % ROUNDS];
}

struct logged_round *hops_probelog_round(struct probelog *log, uint32_t number) {
    struct logged_round *oldest = hops_probelog_oldest(log);

    /* Rounds are opened with consecutive numbers. */
    if (oldest == NULL || number - oldest->number >= log->next_round - log->oldest_round) {
        return NULL;
    }
    return &log->rounds[(log->oldest_round + (number - oldest->number)) % ROUNDS];
}

void hops_probelog_give_up(struct probelog *log, struct logged_round *round) {
    for (uint16_t i = 0; i < round->count && round->awaited > 0; i++) {
        struct logged_probe *probe = hops_probelog_at(log, round, i);
        if (probe->state == PROBE_AWAITED) {
            hops_probelog_finish(log, probe, PROBE_LOST);
        }
    }
}

void hops_probelog_close_oldest(struct probelog *log) {
    struct logged_round *round = hops_probelog_oldest(log);

    if (round != NULL) {
        log->oldest_id = round->first_id + round->count;
        log->oldest_round++;
    }
}
