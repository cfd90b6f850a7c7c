/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

enum { OWN_ADDRESS = 250, TURNS_MAX = 1000000 };

void scene_init(struct scene *s, enum hops_family family) {
    memset(s, 0, sizeof(*s));
    s->family = family;
    s->scenario = (struct hops_scenario){.seed = 1,
                                         .nodes = s->nodes,
                                         .targets = s->targets,
                                         .errors = s->errors,
                                         .taken = &s->taken};
}

void scene_done(struct scene *s) {
    for (size_t i = 0; i < s->trace_count; i++) {
        hops_stats_free(s->stats[i]);
    }
    hops_run_free(s->run);
    free(s->events);
}

struct hops_addr scene_addr(const struct scene *s, unsigned n) {
    struct hops_addr addr;

    assert_true(hops_addr_parse(s->family == HOPS_IPV4 ? "192.0.0.0" : "2001:db8::", &addr));
    size_t last = s->family == HOPS_IPV4 ? 3 : 15;
    addr.octets[last - 1] = (uint8_t)(n / 256 + (s->family == HOPS_IPV4 ? 2 : 0));
    addr.octets[last] = (uint8_t)(n % 256);
    return addr;
}

struct hops_scenario_node *scene_node(struct scene *s, unsigned n) {
    assert_true(s->scenario.node_count < SCENE_NODES_MAX);
    struct hops_scenario_node *node = &s->nodes[s->scenario.node_count++];
    node->addr = scene_addr(s, n);
    return node;
}

static size_t step_count(const struct scene *s) {
    size_t n = 0;

    while (n < SCENE_STEPS_MAX && s->steps[n].node_count > 0) {
        n++;
    }
    return n;
}

struct hops_scenario_step *scene_step(struct scene *s) {
    size_t n = step_count(s);

    assert_true(n < SCENE_STEPS_MAX);
    s->steps[n].nodes[0] = (uint16_t)(s->scenario.node_count - 1);
    s->steps[n].node_count = 1;
    return &s->steps[n];
}

void scene_routers(struct scene *s, unsigned count, hops_ns delay) {
    for (unsigned n = 1; n <= count; n++) {
        scene_node(s, n)->delay = delay;
        (void)scene_step(s);
    }
}

struct hops_scenario_target *scene_target(struct scene *s, unsigned n, hops_ns delay) {
    struct hops_scenario_target *target = &s->targets[s->scenario.target_count++];

    scene_node(s, n)->delay = delay;
    target->node = (uint16_t)(s->scenario.node_count - 1);
    target->source = scene_addr(s, OWN_ADDRESS);
    target->steps = s->steps;
    target->step_count = step_count(s);
    return target;
}

struct hops_config scene_config(const struct scene *s) {
    struct hops_config c;

    hops_config_init(&c);
    c.target = s->nodes[s->targets[0].node].addr;
    c.trace_id = 1234;
    c.max_rounds = 1;
    return c;
}

static void keep(struct scene *s, const struct hops_event *event) {
    if (s->event_count == s->event_room) {
        s->event_room = s->event_room == 0 ? 256 : 2 * s->event_room;
        s->events = realloc(s->events, s->event_room * sizeof(*s->events));
        assert_non_null(s->events);
    }
    s->events[s->event_count++] = *event;
}

static void add_traces(struct scene *s, const struct hops_config *configs, size_t count) {
    struct hops_stats_config stats;
    struct hops_diag diag = {.text = ""};
    uint32_t number;

    hops_stats_config_init(&stats);
    s->trace_count = count;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hops_stats_new(&stats, configs[i].first_ttl, NULL, &s->stats[i]), HOPS_OK);
        if (hops_run_add(s->run, &configs[i], &number, &diag) != HOPS_OK) {
            fail_msg("trace %zu: %s", i, diag.text);
        }
    }
}

void scene_run(struct scene *s, const struct hops_config *configs, size_t count) {
    struct hops_link *link = NULL;
    struct hops_diag diag = {.text = ""};
    struct hops_event event;

    if (hops_sim_new(&s->scenario, NULL, &link, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    assert_int_equal(hops_run_new(link, HOPS_CLOCK_VIRTUAL, NULL, &s->run), HOPS_OK);
    add_traces(s, configs, count);
    for (int turn = 0;; turn++) {
        assert_true(turn < TURNS_MAX);
        while (hops_run_next_event(s->run, &event)) {
            keep(s, &event);
            hops_stats_apply(s->stats[event.trace], &event);
        }
        if (hops_run_done(s->run)) {
            return;
        }
        assert_int_equal(hops_run_wait(s->run, NULL, 0, HOPS_NEVER), HOPS_OK);
    }
}

static void look(struct scene_cell *cell, const struct hops_event *event) {
    if (event->kind == HOPS_EVENT_SENT) {
        cell->sent++;
        cell->last_sent = event;
    } else if (event->kind == HOPS_EVENT_SKIPPED) {
        cell->skipped++;
        cell->last_skipped = event;
    } else if (event->kind == HOPS_EVENT_FAILED) {
        cell->failed++;
        cell->last_failed = event;
    } else if (event->kind == HOPS_EVENT_REPLY) {
        cell->replies++;
        cell->first_reply = cell->first_reply == NULL ? event : cell->first_reply;
    }
}

struct scene_cell scene_cell(const struct scene *s, uint32_t trace, uint32_t round, uint8_t ttl) {
    struct scene_cell cell = {0};

    for (size_t i = 0; i < s->event_count; i++) {
        const struct hops_event *event = &s->events[i];
        if (event->trace == trace && event->probe.round == round && event->probe.ttl == ttl) {
            look(&cell, event);
        }
    }
    return cell;
}

const struct hops_event_round *scene_round(const struct scene *s, uint32_t trace, uint32_t round) {
    for (size_t i = 0; i < s->event_count; i++) {
        const struct hops_event *event = &s->events[i];
        if (event->trace == trace && event->kind == HOPS_EVENT_ROUND &&
            event->u.round.round == round) {
            return &event->u.round;
        }
    }
    fail_msg("trace %u has no round %u", trace, round);
    return NULL;
}

size_t scene_count(const struct scene *s, enum hops_event_kind kind) {
    size_t count = 0;

    for (size_t i = 0; i < s->event_count; i++) {
        count += s->events[i].kind == kind;
    }
    return count;
}

struct hops_hop scene_hop(struct scene *s, uint32_t trace, uint8_t ttl) {
    struct hops_hop hop;

    assert_true(hops_stats_hop(s->stats[trace], 0, ttl, &hop));
    return hop;
}

void scene_answered(const char *row, const struct scene *s, uint32_t round, uint8_t ttl,
                    const struct hops_addr *by, hops_ns rtt) {
    struct scene_cell cell = scene_cell(s, 0, round, ttl);
    char got[HOPS_ADDR_TEXT_MAX], want[HOPS_ADDR_TEXT_MAX];

    check_int(row, cell.sent, 1);
    if (cell.replies != 1) {
        fail_msg("%s: round %u TTL %u has %zu replies", row, round, ttl, cell.replies);
    }
    check_str(row, hops_addr_format(&cell.first_reply->u.reply.responder, got),
              hops_addr_format(by, want));
    check_int(row, cell.first_reply->u.reply.rtt, rtt);
}

void scene_unanswered(const char *row, const struct scene *s, uint32_t round, uint8_t ttl) {
    struct scene_cell cell = scene_cell(s, 0, round, ttl);

    check_int(row, cell.sent, 1);
    check_int(row, cell.replies, 0);
}
