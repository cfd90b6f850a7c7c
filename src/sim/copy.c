/* SPDX-License-Identifier: MIT */
#include "sim/copy.h"

#include <stddef.h>
#include <string.h>

/* Runs twice: without a block it only counts, with one it copies. */
struct arena {
    uint8_t *block; /* NULL: counting */
    size_t used;
};

/* A copy of count * size octets; what is to be changed in it is changed by the caller. */
static void *put(struct arena *arena, const void *from, size_t count, size_t size) {
    size_t len = count * size;
    size_t at = arena->used;

    arena->used +=
        (len + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
    if (arena->block == NULL || len == 0) {
        return NULL;
    }
    memcpy(arena->block + at, from, len);
    return arena->block + at;
}

static void put_nodes(struct arena *arena, const struct hops_scenario *from,
                      struct hops_scenario *to) {
    struct hops_scenario_node *nodes =
        (struct hops_scenario_node *)put(arena, from->nodes, from->node_count, sizeof(*nodes));

    for (size_t i = 0; i < from->node_count; i++) {
        const uint8_t *octets = (const uint8_t *)put(arena, from->nodes[i].extensions,
                                                     from->nodes[i].extensions_len, 1);
        if (nodes != NULL) {
            nodes[i].extensions = octets;
        }
    }
    to->nodes = nodes;
}

static void put_targets(struct arena *arena, const struct hops_scenario *from,
                        struct hops_scenario *to) {
    struct hops_scenario_target *targets = (struct hops_scenario_target *)put(
        arena, from->targets, from->target_count, sizeof(*targets));

    for (size_t i = 0; i < from->target_count; i++) {
        const struct hops_scenario_target *target = &from->targets[i];
        size_t name_len = target->name == NULL ? 0 : strlen(target->name) + 1;
        const char *name = (const char *)put(arena, target->name, name_len, 1);
        const struct hops_scenario_step *steps = (const struct hops_scenario_step *)put(
            arena, target->steps, target->step_count, sizeof(*steps));
        const struct hops_scenario_port *ports = (const struct hops_scenario_port *)put(
            arena, target->ports, target->port_count, sizeof(*ports));
        if (targets != NULL) {
            targets[i].name = name;
            targets[i].steps = steps;
            targets[i].ports = ports;
        }
    }
    to->targets = targets;
}

static struct hops_scenario *put_all(struct arena *arena, const struct hops_scenario *from) {
    struct hops_scenario head = *from;
    struct hops_scenario *to = (struct hops_scenario *)put(arena, from, 1, sizeof(*from));

    put_nodes(arena, from, &head);
    put_targets(arena, from, &head);
    head.errors = (const struct hops_scenario_error *)put(arena, from->errors, from->error_count,
                                                          sizeof(*head.errors));
    head.taken = (const struct hops_scenario_taken *)put(arena, from->taken, from->taken_count,
                                                         sizeof(*head.taken));
    head.name = NULL;
    head.names = NULL;
    head.name_count = 0;
    head.as = NULL;
    head.as_count = 0;
    if (to != NULL) {
        *to = head;
    }
    return to;
}

struct hops_scenario *hops_scenario_copy(const struct hops_scenario *scenario,
                                         const struct hops_mem *mem) {
    struct arena arena = {.block = NULL};

    (void)put_all(&arena, scenario);
    arena.block = (uint8_t *)mem->calloc(1, arena.used, mem->user);
    if (arena.block == NULL) {
        return NULL;
    }
    arena.used = 0;
    return put_all(&arena, scenario);
}
