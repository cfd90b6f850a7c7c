/* SPDX-License-Identifier: MIT */
#include "script.h"

#include "tracer/flow.h"

static size_t entries_of(const char *text, struct hops_addr *out) {
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++) {
        out[i] = text[i] == '*' ? (struct hops_addr){0} : script_host(text[i]);
    }
    return len;
}

static void flow_paths_match_if_nothing_differs_and_something_is_shared(void **state) {
    static const struct {
        const char *stored, *seen;
        bool want;
    } rows[] = {
        {"A", "A", true},      {"A", "B", false},    {"AB", "A", true},     {"A", "AB", true},
        {"AB", "AC", false},   {"A*C", "ABC", true}, {"A*C", "*B*", false}, {"A*", "*B", false},
        {"*A", "*A", true},    {"*A", "*B", false},  {"A*C", "*BC", true},  {"AAA", "*A", true},
        {"", "A", true},       {"A", "", true},      {"", "", true},        {"**", "AB", true},
        {"AB", "**", true},    {"**", "*", true},    {"A", "*B", false},    {"*", "*B", true},
        {"ABC", "A*D", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct hops_addr stored[8];
        struct hops_addr seen[8];
        struct path path = {.entries = stored};
        char name[32];

        path.len = entries_of(rows[i].stored, stored);
        size_t len = entries_of(rows[i].seen, seen);
        snprintf(name, sizeof(name), "'%s' and '%s'", rows[i].stored, rows[i].seen);
        check_int(name, hops_path_matches(&path, seen, len), rows[i].want);
    }
}

/* A round whose probes are answered as the path says. */
static void play_path(struct script *script, const char *path) {
    char text[256];
    size_t at = (size_t)snprintf(text, sizeof(text), "round %zu", strlen(path));

    for (size_t i = 0; path[i] != '\0'; i++) {
        int n = path[i] == '*'
                    ? snprintf(text + at, sizeof(text) - at, "\n%zu a", i + 1)
                    : snprintf(text + at, sizeof(text) - at, "\n%zu c 1 %c", i + 1, path[i]);
        at += (size_t)n;
    }
    script_text(script, text, true);
}

static void flow_ids_follow_registration(void **state) {
    static const struct {
        const char *rounds; /* paths in order */
        size_t max_flows;
        const char *ids;   /* of each round */
        const char *paths; /* of the flows at the end */
    } rows[] = {
        {"A B A", 64, "1 2 1", "A B"},
        {"A AB AB AC A", 64, "1 1 1 2 1", "AB AC"},
        {"ABC AB AB ABC", 64, "1 1 1 1", "ABC"},
        /* *B*DE shares no address with A*C (nor with B, which stands elsewhere), so it is a flow of
         * its own; gluing it to A*C would make up a path ABCDE that nobody has seen. */
        {"A*C B *B*DE B", 64, "1 2 3 2", "A*C B *B*DE"},
        {"A*C B AB*DE B", 64, "1 2 1 2", "ABCDE B"}, /* with A in common they are one */
        {"AB A*", 64, "1 1", "AB"},
        {"A* AB", 64, "1 1", "AB"},
        {"*A *A", 64, "1 1", "*A"},
        {"*A *B", 64, "1 2", "*A *B"},
        {"** AB AC", 64, "1 1 2", "AB AC"}, /* a flow that knows nothing learns from the first */
        {"A B **", 64, "1 2 1", "A* B"},
        {"A B C A B", 2, "1 2 0 1 2", "A B"}, /* full: known ones go on */
        {"A B A", 1, "1 0 1", "A"},
        {"A B", 0, "0 0", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct script script = {0};
        struct hops_stats *stats = script_stats(8, rows[i].max_flows, 1, NULL);
        char *copy = strdup(rows[i].rounds);
        char *save = NULL;
        char got[256] = "";
        size_t at = 0;

        for (char *p = strtok_r(copy, " ", &save); p != NULL; p = strtok_r(NULL, " ", &save)) {
            script.count = 0;
            play_path(&script, p);
            script_play(&script, stats);
            at += (size_t)snprintf(got + at, sizeof(got) - at, "%s%u", at == 0 ? "" : " ",
                                   hops_stats_round_flow(stats));
        }
        check_str(rows[i].rounds, got, rows[i].ids);
        at = 0;
        got[0] = '\0';
        for (uint32_t id = 1; id <= hops_stats_flow_count(stats); id++) {
            struct hops_flow flow;
            char path[256];
            assert_true(hops_stats_flow(stats, id, &flow));
            at += (size_t)snprintf(got + at, sizeof(got) - at, "%s%s", at == 0 ? "" : " ",
                                   script_path_text(flow.path, flow.path_len, path));
        }
        check_str(rows[i].rounds, got, rows[i].paths);
        free(copy);
        script_done(&script);
        hops_stats_free(stats);
    }
}

static void flow_path_is_indexed_by_ttl(void **state) {
    static const struct {
        const char *name, *round;
        uint8_t first_ttl;
        const char *want;
    } rows[] = {
        {"failed is unknown", "round 3\n1 c 1 A\n2 f\n3 c 1 C", 1, "A*C"},
        {"skipped is sent again", "round 2\n1 c 1 A\n2 s\n2 s\n2 c 1 B", 1, "AB"},
        {"first TTL 3", "round 5\n3 c 1 C\n4 a\n5 c 1 E", 3, "C*E"},
        {"nothing beyond the largest", "round 2\n1 c 1 A\n2 c 1 B\n3 c 1 C", 1, "AB"},
        {"largest below the first", "round 0\n3 a\n4 a", 3, ""},
        {"never sent is unknown", "round 3\n1 c 1 A\n3 c 1 C", 1, "A*C"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct script script = {0};
        struct hops_stats *stats = script_stats(8, 4, rows[i].first_ttl, NULL);
        struct hops_flow flow;
        char path[256];

        script_text(&script, rows[i].round, true);
        script_play(&script, stats);
        assert_true(hops_stats_flow(stats, 1, &flow));
        check_int(rows[i].name, flow.first_ttl, rows[i].first_ttl);
        check_str(rows[i].name, script_path_text(flow.path, flow.path_len, path), rows[i].want);
        script_done(&script);
        hops_stats_free(stats);
    }
}

static void flow_provisional_rounds_register_like_final_ones(void **state) {
    struct script script = {0};
    struct hops_stats *stats = script_stats(8, 64, 1, NULL);
    struct hops_flow flow;
    char path[256];

    (void)state;
    play_path(&script, "A*C"); /* settled */
    script_play(&script, stats);
    script.count = 0;
    script_text(&script, "round 4\n1 c 1 A\n2 c 1 B\n3 a\n4 c 1 D\nround 1\n1 c 1 X", false);
    script_play(&script, stats);
    assert_int_equal(hops_stats_flow_count(stats), 2);
    assert_int_equal(hops_stats_round_flow(stats), 2);
    assert_true(hops_stats_flow(stats, 1, &flow));
    assert_string_equal(script_path_text(flow.path, flow.path_len, path), "ABCD");
    assert_int_equal(flow.rounds, 2);
    script.count = 0;
    script_settled(&script, 1);
    script_settled(&script, 2);
    script_play(&script, stats);
    assert_int_equal(hops_stats_flow_count(stats), 2);
    assert_true(hops_stats_flow(stats, 1, &flow));
    assert_string_equal(script_path_text(flow.path, flow.path_len, path), "ABCD");
    assert_true(hops_stats_flow(stats, 2, &flow));
    assert_string_equal(script_path_text(flow.path, flow.path_len, path), "X");
    assert_false(hops_stats_flow(stats, 3, &flow));
    script_done(&script);
    hops_stats_free(stats);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flow_paths_match_if_nothing_differs_and_something_is_shared),
        cmocka_unit_test(flow_ids_follow_registration),
        cmocka_unit_test(flow_path_is_indexed_by_ttl),
        cmocka_unit_test(flow_provisional_rounds_register_like_final_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
