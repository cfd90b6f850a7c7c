/* SPDX-License-Identifier: MIT
 *
 * A network of a test's making and the traces through it: the real tracer, loop and statistics over
 * the simulator, in virtual time. All events are kept; tests look at them by trace, round and TTL.
 */
#ifndef TESTS_SCENARIO_SCENE_H
#define TESTS_SCENARIO_SCENE_H

#include "check.h"

#include <hops/addr.h>
#include <hops/run.h>
#include <hops/sim.h>
#include <hops/stats.h>

enum { SCENE_NODES_MAX = 512, SCENE_STEPS_MAX = 64, SCENE_TRACES_MAX = 256, SCENE_ERRORS_MAX = 4 };

struct scene {
    enum hops_family family;
    struct hops_scenario scenario; /* over the arrays below */
    struct hops_scenario_node nodes[SCENE_NODES_MAX];
    struct hops_scenario_step steps[SCENE_STEPS_MAX];
    struct hops_scenario_target targets[SCENE_TRACES_MAX];
    struct hops_scenario_error errors[SCENE_ERRORS_MAX];
    struct hops_scenario_taken taken;

    struct hops_run *run; /* of the last scene_run(), until scene_done() */
    size_t trace_count;
    struct hops_stats *stats[SCENE_TRACES_MAX];
    struct hops_event *events;
    size_t event_count, event_room;
};

/* What happened at one TTL of one round. */
struct scene_cell {
    size_t sent, skipped, failed, replies;
    const struct hops_event *last_sent, *last_skipped, *last_failed, *first_reply; /* or NULL */
};

/* An empty network; seed 1. */
void scene_init(struct scene *s, enum hops_family family);
void scene_done(struct scene *s);

/* Router or host number n: 192.0.2.n or 2001:db8::n; our own address is number 250. */
struct hops_addr scene_addr(const struct scene *s, unsigned n);

/* Adds a node of that address number; fill in the rest. */
struct hops_scenario_node *scene_node(struct scene *s, unsigned n);

/* Adds a step with the node added last. */
struct hops_scenario_step *scene_step(struct scene *s);

/* Routers 1..count, one step each, all at that distance from the one before. */
void scene_routers(struct scene *s, unsigned count, hops_ns delay);

/* Adds a host of that address number behind all steps so far. */
struct hops_scenario_target *scene_target(struct scene *s, unsigned n, hops_ns delay);

/* An ICMP trace to target number 0: one round. */
struct hops_config scene_config(const struct scene *s);

/* Runs count traces to their end. */
void scene_run(struct scene *s, const struct hops_config *configs, size_t count);

struct scene_cell scene_cell(const struct scene *s, uint32_t trace, uint32_t round, uint8_t ttl);
const struct hops_event_round *scene_round(const struct scene *s, uint32_t trace, uint32_t round);
size_t scene_count(const struct scene *s, enum hops_event_kind kind);

/* The hop of flow 0. */
struct hops_hop scene_hop(struct scene *s, uint32_t trace, uint8_t ttl);

/* Fails unless that TTL of that round of trace 0 was answered by that address after rtt. */
void scene_answered(const char *row, const struct scene *s, uint32_t round, uint8_t ttl,
                    const struct hops_addr *by, hops_ns rtt);
void scene_unanswered(const char *row, const struct scene *s, uint32_t round, uint8_t ttl);

#endif
