/* SPDX-License-Identifier: MIT */
#include "tracer/open_rounds.h"

/* True if a comes after b, modulo 2^32 (as RFC 1982 compares serial numbers). */
static bool is_after(uint32_t a, uint32_t b) {
    uint32_t distance = a - b;

    return distance != 0 && distance <= INT32_MAX;
}

struct round *hops_open_rounds_at(const struct open_rounds *rounds, size_t i) {
    return rounds->ring[(rounds->head + i) & (rounds->cap - 1)];
}

struct round *hops_open_rounds_find(const struct open_rounds *rounds, uint32_t number) {
    if (rounds->count == 0) {
        return NULL;
    }
    uint32_t first = hops_open_rounds_at(rounds, 0)->number;
    uint32_t offset = number - first;
    size_t low = 0;
    size_t high = rounds->count; /* the answer is in [low, high) */
    size_t guess = offset < rounds->count ? offset : rounds->count - 1;

    while (low < high) {
        struct round *round = hops_open_rounds_at(rounds, guess);
        uint32_t at = round->number - first;
        if (at == offset) {
            return round;
        }
        if (at < offset) {
            low = guess + 1;
        } else {
            high = guess;
        }
        guess = low + (high - low) / 2;
    }
    return NULL;
}

static bool reserve(struct open_rounds *rounds, const struct hops_mem *mem) {
    enum { FIRST_CAP = 8 };

    if (rounds->count < rounds->cap) {
        return true;
    }
    size_t cap = rounds->cap == 0 ? FIRST_CAP : rounds->cap * 2;
    struct round **ring = mem->calloc(cap, sizeof(struct round *), mem->user);
    if (ring == NULL) {
        return false;
    }
    for (size_t i = 0; i < rounds->count; i++) {
        ring[i] = hops_open_rounds_at(rounds, i);
    }
    mem->free(rounds->ring, mem->user);
    rounds->ring = ring;
    rounds->cap = cap;
    rounds->head = 0;
    return true;
}

struct round *hops_open_rounds_get(struct open_rounds *rounds, uint32_t number,
                                   const struct hops_mem *mem, bool *out_starved) {
    if (rounds->any && !is_after(number, rounds->last)) {
        return hops_open_rounds_find(rounds, number);
    }
    if (!reserve(rounds, mem)) {
        *out_starved = true;
        return NULL;
    }
    struct round *round = rounds->unused;
    if (round != NULL) {
        rounds->unused = round->next_unused;
    } else {
        round = mem->calloc(1, sizeof(*round), mem->user);
        if (round == NULL) {
            *out_starved = true;
            return NULL;
        }
    }
    *round = (struct round){.number = number, .slots = round->slots, .cap = round->cap};
    rounds->ring[(rounds->head + rounds->count) & (rounds->cap - 1)] = round;
    rounds->count++;
    rounds->any = true;
    rounds->last = number;
    return round;
}

static void retire(struct open_rounds *rounds, struct round *round, struct extpool *pool) {
    for (size_t i = 0; i < round->count; i++) {
        hops_extref_set(pool, &round->slots[i].extensions, NULL);
    }
    round->count = 0;
    round->next_unused = rounds->unused;
    rounds->unused = round;
}

void hops_open_rounds_pop(struct open_rounds *rounds, struct extpool *pool) {
    struct round *round = hops_open_rounds_at(rounds, 0);

    rounds->head = (rounds->head + 1) & (rounds->cap - 1);
    rounds->count--;
    retire(rounds, round, pool);
}

void hops_open_rounds_drop_complete(struct open_rounds *rounds, struct extpool *pool) {
    size_t kept = 0;

    for (size_t i = 0; i < rounds->count; i++) {
        struct round *round = hops_open_rounds_at(rounds, i);
        if (round->complete) {
            retire(rounds, round, pool);
        } else {
            rounds->ring[(rounds->head + kept) & (rounds->cap - 1)] = round;
            kept++;
        }
    }
    rounds->count = kept;
}

void hops_open_rounds_done(struct open_rounds *rounds, struct extpool *pool) {
    const struct hops_mem *mem = pool->mem;

    while (rounds->count > 0) {
        hops_open_rounds_pop(rounds, pool);
    }
    while (rounds->unused != NULL) {
        struct round *round = rounds->unused;
        rounds->unused = round->next_unused;
        mem->free(round->slots, mem->user);
        mem->free(round, mem->user);
    }
    mem->free(rounds->ring, mem->user);
    *rounds = (struct open_rounds){0};
}

struct slot *hops_round_find(const struct round *round, uint32_t id) {
    if (round->count == 0) {
        return NULL;
    }
    uint32_t first = round->slots[0].id;
    uint32_t offset = id - first;
    size_t low = 0;
    size_t high = round->count;
    size_t guess = offset < round->count ? offset : round->count - 1;

    while (low < high) {
        uint32_t at = round->slots[guess].id - first;
        if (at == offset) {
            return &round->slots[guess];
        }
        if (at < offset) {
            low = guess + 1;
        } else {
            high = guess;
        }
        guess = low + (high - low) / 2;
    }
    return NULL;
}

struct slot *hops_round_add(struct round *round, const struct hops_probe *probe,
                            const struct hops_mem *mem, bool *out_starved) {
    enum { FIRST_CAP = 16 };

    if (round->count > 0 && !is_after(probe->id, round->slots[round->count - 1].id)) {
        return NULL;
    }
    if (round->count == round->cap) {
        size_t cap = round->cap == 0 ? FIRST_CAP : round->cap * 2;
        struct slot *slots = cap > SIZE_MAX / sizeof(*slots)
                                 ? NULL
                                 : mem->realloc(round->slots, cap * sizeof(*slots), mem->user);
        if (slots == NULL) {
            *out_starved = true;
            return NULL;
        }
        round->slots = slots;
        round->cap = cap;
    }
    struct slot *slot = &round->slots[round->count];
    *slot = (struct slot){.id = probe->id,
                          .ttl = probe->ttl,
                          .status = SLOT_AWAITED,
                          .sequence = probe->sequence,
                          .src_port = probe->src_port,
                          .dst_port = probe->dst_port,
                          .tos = -1};
    round->count++;
    return slot;
}

/* What the slots say about how far the path of a round reaches. TTLs, 0: none. */
struct extent {
    uint8_t target;      /* lowest at which the target answered */
    uint8_t router;      /* highest at which somebody else did */
    uint8_t unreachable; /* lowest at which a router said that it goes no further */
    uint8_t passed;      /* highest at which anybody but such a router did */
    uint8_t sent;
    uint8_t failed;
};

static uint8_t max_u8(uint8_t a, uint8_t b) {
    return a > b ? a : b;
}

/* The smaller of both, where 0 is none. */
static uint8_t lowest(uint8_t a, uint8_t b) {
    return a == 0 || b < a ? b : a;
}

static void extend(struct extent *extent, const struct slot *slot) {
    uint8_t ttl = slot->ttl;

    if (slot->status == SLOT_SKIPPED) {
        return;
    }
    extent->sent = max_u8(extent->sent, ttl);
    if (slot->status == SLOT_FAILED) {
        extent->failed = max_u8(extent->failed, ttl);
    }
    if (slot->status != SLOT_COMPLETE) {
        return;
    }
    if (slot->is_target) {
        extent->passed = max_u8(extent->passed, ttl);
        extent->target = lowest(extent->target, ttl);
        return;
    }
    extent->router = max_u8(extent->router, ttl);
    if (slot->kind == HOPS_REPLY_UNREACHABLE || slot->kind == HOPS_REPLY_PACKET_TOO_BIG) {
        extent->unreachable = lowest(extent->unreachable, ttl);
    } else {
        extent->passed = max_u8(extent->passed, ttl);
    }
}

/* The extent of a round to which something came late is found again from what is known now.
 * If the target answered in it, it is the lowest TTL at which it did; otherwise it is the most of
 * what was published, one row beyond the highest answer (if that was sent) and the highest failed
 * probe, but after a router that said "unreachable" beyond all other answers nothing is added.
 * It ends at the TTL at which the target was known to be when the round was published, unless a
 * router answered there or beyond in this very round, which shows that the path has grown. */
static uint8_t changed_largest_ttl(const struct round *round) {
    struct extent extent = {0};

    for (size_t i = 0; i < round->count; i++) {
        extend(&extent, &round->slots[i]);
    }
    uint8_t largest = extent.target;
    if (extent.target == 0) {
        bool dead_end = extent.unreachable != 0 && extent.unreachable >= extent.passed;
        largest = max_u8(round->published_ttl, dead_end ? extent.unreachable : extent.passed);
        if (!dead_end) {
            if (extent.passed != 0 && extent.passed < extent.sent) {
                largest = max_u8(largest, (uint8_t)(extent.passed + 1));
            }
            largest = max_u8(largest, extent.failed);
        }
    }
    if (round->target_ttl != 0 && largest > round->target_ttl &&
        extent.router < round->target_ttl) {
        largest = round->target_ttl;
    }
    return largest;
}

uint8_t hops_round_largest_ttl(const struct round *round) {
    return round->changed ? changed_largest_ttl(round) : round->published_ttl;
}
