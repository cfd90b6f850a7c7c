/* SPDX-License-Identifier: MIT
 *
 * Traces as text, for tests of statistics. One line per round and per probe:
 *
 *     round 3              the next round, published with largest TTL 3
 *     round 3 target=3     ... and with a known target TTL
 *     1 c 40 A             TTL 1, complete: 40 ms, from host A (192.0.2.65)
 *     2 a                  awaited; f failed (f=13: with that errno), s skipped, n not sent
 *     3 c 1.5 B target tos=224 ports=5000,33434 sum=43012/20544 mtu=1400 ext=7 code=3 late
 *
 * Hosts are one letter. `late`: the reply (or failure) comes after the round was published.
 */
#ifndef TESTS_UNIT_SCRIPT_H
#define TESTS_UNIT_SCRIPT_H

#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hops/stats.h>

struct script {
    struct hops_event *events;
    size_t count, cap;
    uint32_t next_id;
    uint32_t next_round;
};

static inline struct hops_event *script_add(struct script *script, enum hops_event_kind kind) {
    if (script->count == script->cap) {
        script->cap = script->cap == 0 ? 64 : script->cap * 2;
        script->events = realloc(script->events, script->cap * sizeof(*script->events));
        assert_non_null(script->events);
    }
    struct hops_event *event = &script->events[script->count];
    memset(event, 0, sizeof(*event));
    event->kind = kind;
    script->count++;
    return event;
}

static inline void script_done(struct script *script) {
    free(script->events);
    *script = (struct script){0};
}

static inline struct hops_addr script_host(char letter) {
    return hops_addr_ipv4((const uint8_t[4]){192, 0, 2, (uint8_t)letter});
}

static inline void script_round_event(struct script *script, uint32_t round, uint8_t largest,
                                      uint8_t target) {
    struct hops_event *event = script_add(script, HOPS_EVENT_ROUND);

    event->u.round.round = round;
    event->u.round.largest_ttl = largest;
    event->u.round.target_ttl = target;
}

static inline void script_settled(struct script *script, uint32_t round) {
    script_add(script, HOPS_EVENT_SETTLED)->u.settled_round = round;
}

static inline struct hops_event script_reply(const struct hops_probe *probe, char host,
                                             double rtt_ms) {
    struct hops_event event;

    memset(&event, 0, sizeof(event));
    event.kind = HOPS_EVENT_REPLY;
    event.probe = *probe;
    event.u.reply.kind = HOPS_REPLY_TIME_EXCEEDED;
    event.u.reply.icmp_type = 11;
    event.u.reply.responder = script_host(host);
    event.u.reply.rtt = (hops_ns)(rtt_ms * (double)HOPS_MS);
    event.u.reply.ttl = -1;
    event.u.reply.quoted_ttl = -1;
    event.u.reply.tos = -1;
    return event;
}

/* One word after the host: changes the outcome. */
static inline void script_word(const char *word, struct hops_event *outcome, bool *out_late) {
    struct hops_event_reply *reply = &outcome->u.reply;
    unsigned a;
    unsigned b;

    if (strcmp(word, "late") == 0) {
        *out_late = true;
        reply->late = outcome->kind == HOPS_EVENT_REPLY;
    } else if (strcmp(word, "target") == 0) {
        reply->is_target = true;
    } else if (sscanf(word, "tos=%u", &a) == 1) {
        reply->tos = (int16_t)a;
    } else if (sscanf(word, "ports=%u,%u", &a, &b) == 2) {
        outcome->probe.src_port = (uint16_t)a;
        outcome->probe.dst_port = (uint16_t)b;
    } else if (sscanf(word, "seq=%u", &a) == 1) {
        outcome->probe.sequence = (uint16_t)a;
    } else if (sscanf(word, "sum=%u/%u", &a, &b) == 2) {
        reply->has_checksums = true;
        reply->checksum_expected = (uint16_t)a;
        reply->checksum_actual = (uint16_t)b;
    } else if (sscanf(word, "mtu=%u", &a) == 1) {
        reply->mtu = (uint16_t)a;
    } else if (sscanf(word, "code=%u", &a) == 1) {
        reply->kind = HOPS_REPLY_UNREACHABLE;
        reply->icmp_type = 3;
        reply->icmp_code = (uint8_t)a;
    } else if (sscanf(word, "ext=%u", &a) == 1) {
        reply->extensions.present = true;
        reply->extensions.len = 4;
        reply->extensions.octets[3] = (uint8_t)a;
    } else {
        fail_msg("script: %s?", word);
    }
}

/* The outcome a probe line tells; kind SENT: none (awaited). */
static inline struct hops_event script_probe(struct script *script, char *line, bool *out_late) {
    struct hops_probe probe = {.id = script->next_id, .round = script->next_round - 1};
    char *save = NULL;
    char *word = strtok_r(line, " ", &save);
    struct hops_event outcome;

    probe.ttl = (uint8_t)atoi(word);
    probe.sequence = (uint16_t)(33434 + script->next_id);
    word = strtok_r(NULL, " ", &save);
    memset(&outcome, 0, sizeof(outcome));
    if (word[0] == 'c') {
        const char *rtt = strtok_r(NULL, " ", &save);
        const char *host = strtok_r(NULL, " ", &save);
        outcome = script_reply(&probe, host[0], atof(rtt));
    } else if (word[0] == 'f') {
        outcome.kind = HOPS_EVENT_FAILED;
        outcome.u.failure.call = HOPS_CALL_SENDTO;
        outcome.u.failure.os_errno = word[1] == '=' ? atoi(word + 2) : ENETUNREACH;
    } else {
        outcome.kind = word[0] == 's' ? HOPS_EVENT_SKIPPED : HOPS_EVENT_SENT;
    }
    outcome.probe = probe;
    while ((word = strtok_r(NULL, " ", &save)) != NULL) {
        script_word(word, &outcome, out_late);
    }
    return outcome;
}

static inline void script_close_round(struct script *script, const char *head,
                                      const struct hops_event *late, size_t late_count) {
    unsigned largest = 0;
    unsigned target = 0;

    assert_true(sscanf(head, "round %u target=%u", &largest, &target) >= 1);
    script_round_event(script, script->next_round - 1, (uint8_t)largest, (uint8_t)target);
    for (size_t i = 0; i < late_count; i++) {
        *script_add(script, HOPS_EVENT_REPLY) = late[i];
    }
}

/* Appends the rounds of the text, each settled at its end if settle is set. */
static inline void script_text(struct script *script, const char *text, bool settle) {
    char *copy = strdup(text);
    char *save = NULL;
    const char *head = NULL;
    struct hops_event *late = calloc(256, sizeof(*late));
    size_t late_count = 0;

    assert_true(copy != NULL && late != NULL);
    for (char *line = strtok_r(copy, "\n", &save);; line = strtok_r(NULL, "\n", &save)) {
        if (head != NULL && (line == NULL || line[0] == 'r')) {
            script_close_round(script, head, late, late_count);
            late_count = 0;
            if (settle) {
                script_settled(script, script->next_round - 1);
            }
        }
        if (line == NULL) {
            break;
        }
        if (line[0] == 'r') {
            head = line;
            script->next_round++;
            continue;
        }
        if (strchr(line, 'n') == line + 2) {
            continue; /* not sent: no event */
        }
        bool is_late = false;
        struct hops_event outcome = script_probe(script, line, &is_late);
        script->next_id++;
        if (outcome.kind == HOPS_EVENT_REPLY || is_late) {
            script_add(script, HOPS_EVENT_SENT)->probe = outcome.probe;
        }
        if (is_late) {
            assert_true(late_count < 256);
            late[late_count++] = outcome;
        } else {
            *script_add(script, outcome.kind) = outcome;
        }
    }
    free(late);
    free(copy);
}

static inline void script_play(const struct script *script, struct hops_stats *stats) {
    for (size_t i = 0; i < script->count; i++) {
        hops_stats_apply(stats, &script->events[i]);
    }
}

static inline struct hops_stats *script_stats(size_t max_samples, size_t max_flows,
                                              uint8_t first_ttl, const struct hops_mem *mem) {
    struct hops_stats_config config;
    struct hops_stats *stats = NULL;

    hops_stats_config_init(&config);
    config.max_samples = max_samples;
    config.max_flows = max_flows;
    assert_int_equal(hops_stats_new(&config, first_ttl, mem, &stats), HOPS_OK);
    return stats;
}

/* Statistics of a text, defaults, every round settled. */
static inline struct hops_stats *script_run(const char *text) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(256, 64, 1, NULL);

    script_text(&script, text, true);
    script_play(&script, stats);
    script_done(&script);
    return stats;
}

static inline struct hops_hop script_hop(struct hops_stats *stats, uint32_t flow, uint8_t ttl) {
    struct hops_hop hop;

    assert_true(hops_stats_hop(stats, flow, ttl, &hop));
    return hop;
}

/* Samples newest first in ms: "45 - 50 x" (- lost, x failed). */
static inline const char *script_samples(struct hops_stats *stats, uint32_t flow, uint8_t ttl,
                                         char out[static 1024]) {
    struct hops_hop hop = script_hop(stats, flow, ttl);
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < hop.sample_count && at < 1000; i++) {
        uint32_t us = hops_stats_sample(stats, flow, ttl, i);
        const char *blank = i == 0 ? "" : " ";
        int n = us == HOPS_SAMPLE_LOST ? snprintf(out + at, 1024 - at, "%s-", blank)
                : us == HOPS_SAMPLE_FAILED
                    ? snprintf(out + at, 1024 - at, "%sx", blank)
                    : snprintf(out + at, 1024 - at, "%s%g", blank, (double)us / 1000.0);
        at += (size_t)n;
    }
    return out;
}

static inline char *script_path_text(const struct hops_addr *path, size_t len,
                                     char out[static 256]) {
    size_t at = 0;

    for (; at < len && at < 255; at++) {
        out[at] = path[at].family == HOPS_FAMILY_NONE ? '*' : (char)path[at].octets[3];
    }
    out[at] = '\0';
    return out;
}

/* Everything a look can tell, as text, doubles to the last bit. The caller frees it. */
static inline char *script_dump(struct hops_stats *stats) {
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);

    assert_non_null(f);
    fprintf(f, "rounds %llu round-flow %u flows %zu\n",
            (unsigned long long)hops_stats_rounds(stats), hops_stats_round_flow(stats),
            hops_stats_flow_count(stats));
    for (uint32_t id = 0; id <= hops_stats_flow_count(stats); id++) {
        struct hops_flow flow;
        uint8_t first;
        uint8_t last;
        char path[256];
        assert_true(hops_stats_flow(stats, id, &flow));
        hops_stats_ttls(stats, id, &first, &last);
        fprintf(f, "flow %u rounds %llu path %s from %u rows %u..%u round %u\n", flow.id,
                (unsigned long long)flow.rounds, script_path_text(flow.path, flow.path_len, path),
                flow.first_ttl, first, last, hops_stats_round_ttl(stats, id));
        for (unsigned ttl = first; ttl != 0 && ttl <= last; ttl++) {
            struct hops_hop h = script_hop(stats, id, (uint8_t)ttl);
            fprintf(f, " %u sent %llu recv %llu failed %llu fwd %llu bwd %llu", h.ttl,
                    (unsigned long long)h.sent, (unsigned long long)h.received,
                    (unsigned long long)h.failed, (unsigned long long)h.forward_lost,
                    (unsigned long long)h.backward_lost);
            fprintf(f, " rtt %d %lld %lld %lld mean %a m2 %a", h.rtt_known, (long long)h.last,
                    (long long)h.best, (long long)h.worst, h.mean, h.m2);
            fprintf(f, " jitter %d %lld %lld %a %a", h.jitter_known, (long long)h.jitter,
                    (long long)h.jitter_max, h.jitter_mean, h.jitter_smoothed);
            fprintf(f, " reply %d %d %u %u tos %d@%u mtu %u nat %d", h.reply_known, h.last_kind,
                    h.last_icmp_type, h.last_icmp_code, h.tos, h.tos_round, h.mtu, h.nat);
            fprintf(f, " ext %d@%u probe %d %u %u %u failed %d %d other %llu",
                    h.extensions == NULL ? -1 : h.extensions->octets[3], h.extensions_round,
                    h.probe_known, h.last_src_port, h.last_dst_port, h.last_sequence, h.failed_call,
                    h.failed_errno, (unsigned long long)h.other_addrs);
            for (size_t i = 0; i < h.addr_count; i++) {
                fprintf(f, " %c*%llu", h.addrs[i].addr.octets[3],
                        (unsigned long long)h.addrs[i].count);
            }
            fprintf(f, " samples");
            for (size_t i = 0; i < h.sample_count; i++) {
                fprintf(f, " %u", hops_stats_sample(stats, id, (uint8_t)ttl, i));
            }
            fprintf(f, "\n");
        }
    }
    fclose(f);
    return text;
}

#endif
