/* SPDX-License-Identifier: MIT
 *
 * Every report mode, octet for octet.
 */
#include "report_trace.h"

#include <errno.h>

static const char *const example_names[] = {"192.0.2.1=gw.lab.example",
                                            "203.0.113.5=a.transit.example",
                                            "198.51.100.80=www.example.org", NULL};

#define LABELS_AND_UNKNOWN "00 0c 01 01 05 dc 10 01 00 01 21 01 00 06 05 01 0a c8"
#define US(n)              ((hops_ns)(n)*HOPS_US)

/* Three rounds: hop 2 never answers, hop 3 from two addresses and once not at all. */
static struct trace recorded_example(struct report_events_writer *recorder) {
    struct trace trace = trace_new(1);

    trace.recorder = recorder;

    TRACE_ROUND(&trace, {.ttl = 1, .addr = "192.0.2.1", .rtt = US(1040)}, {.ttl = 2},
                {.ttl = 3, .addr = "203.0.113.5", .rtt = US(9870)},
                {.ttl = 4, .addr = "198.51.100.80", .rtt = US(12050), .target = true});
    TRACE_ROUND(&trace, {.ttl = 1, .addr = "192.0.2.1", .rtt = US(1360)}, {.ttl = 2}, {.ttl = 3},
                {.ttl = 4, .addr = "198.51.100.80", .rtt = US(12610), .target = true});
    TRACE_ROUND(
        &trace, {.ttl = 1, .addr = "192.0.2.1", .rtt = US(1210)}, {.ttl = 2},
        {.ttl = 3, .addr = "203.0.113.9", .rtt = US(10420), .extensions = LABELS_AND_UNKNOWN},
        {.ttl = 4, .addr = "198.51.100.80", .rtt = US(11980), .target = true});
    return trace;
}

static struct trace example_trace(void) {
    return recorded_example(NULL);
}

struct scene {
    struct trace trace;
    struct report_target target;
    struct hops_names names;
    struct report_input input;
};

/* A report about the trace; the scene must stay where it is. */
static void set_scene(struct scene *scene, struct trace trace, const char *target, const char *addr,
                      const char *const *names) {
    static const char *const nobody[] = {NULL};

    scene->trace = trace;
    scene->target =
        (struct report_target){.name = target, .addr = trace_addr(addr), .stats = trace.stats};
    scene->names.name = trace_name;
    memcpy(&scene->names.user, &names, sizeof(names)); /* trace_name() reads only */
    if (names == NULL) {
        const char *const *none = nobody;
        memcpy(&scene->names.user, &none, sizeof(none));
    }
    scene->input = (struct report_input){.targets = &scene->target,
                                         .count = 1,
                                         .names = &scene->names,
                                         .start = {.tv_sec = 1772600767, .tv_nsec = 89123456},
                                         .end = {.tv_sec = 1772600770, .tv_nsec = 145000000}};
}

static char *golden(const char *name) {
    char path[512];
    static char text[16384];

    (void)snprintf(path, sizeof(path), "%s/%s.txt", GOLDEN_REPORT, name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    size_t len = fread(text, 1, sizeof(text) - 1, in);
    text[len] = '\0';
    (void)fclose(in);
    return text;
}

static char *stream_text(const struct report_input *input, size_t blocks_of) {
    FILE *out = tmpfile();

    assert_non_null(out);
    assert_true(report_stream_begin(out, input));
    for (size_t i = 0; i < blocks_of; i++) {
        assert_true(report_stream_block(out, input, i));
    }
    return trace_take(out);
}

static void check_stream(const char *row, const struct report_input *input, const char *want) {
    char *text = stream_text(input, input->count);

    check_str(row, text, want);
    free(text);
}

static void documents_example_trace_in_every_mode(void **state) {
    static const char *const modes[] = {"pretty", "markdown", "csv", "json"};
    struct scene scene;

    (void)state;
    set_scene(&scene, example_trace(), "example.org", "198.51.100.80", example_names);
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        trace_check(modes[i], modes[i], &scene.input, golden(modes[i]));
    }
    check_stream("stream", &scene.input, golden("stream"));
    trace_check("silent", "silent", &scene.input, "");
    hops_stats_free(scene.trace.stats);
}

static void documents_two_paths_as_flows_and_graph(void **state) {
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    for (int i = 0; i < 2; i++) {
        TRACE_ROUND(&trace, {.ttl = 1, .addr = "192.0.2.1", .rtt = US(1000)},
                    {.ttl = 2, .addr = i == 0 ? "203.0.113.5" : "203.0.113.9", .rtt = US(2000)},
                    {.ttl = 3},
                    {.ttl = 4, .addr = "198.51.100.80", .rtt = US(4000), .target = true});
    }
    set_scene(&scene, trace, "example.org", "198.51.100.80", NULL);
    trace_check("flows", "flows", &scene.input, golden("flows"));
    trace_check("dot", "dot", &scene.input, golden("dot"));
    hops_stats_free(trace.stats);
}

static void documents_without_hops(void **state) {
    static const char pretty[] =
        "┌─────┬─────┬───────┬───────┬─────┬──────┬──────┬─────┬──────┬──────┬────────┐\n"
        "│ Hop ┆ IPs ┆ Addrs ┆ Loss% ┆ Snt ┆ Recv ┆ Last ┆ Avg ┆ Best ┆ Wrst ┆ StdDev │\n"
        "╞═════╪═════╪═══════╪═══════╪═════╪══════╪══════╪═════╪══════╪══════╪════════╡\n"
        "└─────┴─────┴───────┴───────┴─────┴──────┴──────┴─────┴──────┴──────┴────────┘\n";
    static const char markdown[] =
        "| Hop | IPs | Addrs | Loss% | Snt | Recv | Last | Avg | Best | Wrst | StdDev |\n"
        "|-----|-----|-------|-------|-----|------|------|-----|------|------|--------|\n";
    static const char json[] = "{\n"
                               "  \"info\": {\n"
                               "    \"target\": {\n"
                               "      \"ip\": \"198.51.100.80\",\n"
                               "      \"hostname\": \"example.org\"\n"
                               "    },\n"
                               "    \"start_timestamp\": \"2026-03-04T05:06:07.089123456Z\",\n"
                               "    \"end_timestamp\": \"2026-03-04T05:06:10.145Z\"\n"
                               "  },\n"
                               "  \"hops\": []\n"
                               "}";
    struct scene scene;

    (void)state;
    set_scene(&scene, trace_new(1), "example.org", "198.51.100.80", NULL);
    trace_check("pretty", "pretty", &scene.input, pretty);
    trace_check("markdown", "markdown", &scene.input, markdown);
    trace_check("csv", "csv", &scene.input, "");
    trace_check("json", "json", &scene.input, json);
    trace_check("dot", "dot", &scene.input, "digraph {\n}\n");
    trace_check("flows", "flows", &scene.input, "");
    check_stream("stream", &scene.input, "Tracing to example.org (198.51.100.80)\n");
    hops_stats_free(scene.trace.stats);
}

static void documents_round_nobody_answered(void **state) {
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    trace_round(&trace, NULL, 0);
    set_scene(&scene, trace, "example.org", "198.51.100.80", NULL);
    trace_check("flows", "flows", &scene.input, "flow 1: \n");
    trace_check("dot", "dot", &scene.input, "digraph {\n}\n");
    trace_check("csv", "csv", &scene.input, "");
    hops_stats_free(trace.stats);
}

static void documents_one_lost_probe(void **state) {
    static const char pretty[] =
        "┌─────┬─────┬───────┬───────┬─────┬──────┬──────┬─────┬──────┬──────┬────────┐\n"
        "│ Hop ┆ IPs ┆ Addrs ┆ Loss% ┆ Snt ┆ Recv ┆ Last ┆ Avg ┆ Best ┆ Wrst ┆ StdDev │\n"
        "╞═════╪═════╪═══════╪═══════╪═════╪══════╪══════╪═════╪══════╪══════╪════════╡\n"
        "│ 1   ┆ ??? ┆ ???   ┆ 100.0 ┆ 1   ┆ 0    ┆ ???  ┆ 0.0 ┆ ???  ┆ ???  ┆ 0.0    │\n"
        "└─────┴─────┴───────┴───────┴─────┴──────┴──────┴─────┴──────┴──────┴────────┘\n";
    static const char markdown[] =
        "| Hop | IPs | Addrs | Loss% | Snt | Recv | Last | Avg | Best | Wrst | StdDev |\n"
        "|-----|-----|-------|-------|-----|------|------|-----|------|------|--------|\n"
        "| 1   | ??? | ???   | 100.0 | 1   | 0    | ???  | 0.0 | ???  | ???  | 0.0    |\n";
    static const char csv[] =
        "Target,TargetIp,Hop,IPs,Addrs,Loss%,Snt,Recv,Last,Avg,Best,Wrst,StdDev\n"
        "h,192.0.2.9,1,???,???,100.00,1,0,???,0.00,???,???,0.00\n";
    static const char stream[] =
        "Tracing to h (192.0.2.9)\n"
        "ttl=1 addrs= exts= loss_pct=100.0 sent=1 recv=0 last=0.0 best=0.0 worst=0.0 avg=0.0 "
        "stddev=0.0\n";
    static const char hops[] = "  \"hops\": [\n"
                               "    {\n"
                               "      \"ttl\": 1,\n"
                               "      \"hosts\": [],\n"
                               "      \"extensions\": [],\n"
                               "      \"loss_pct\": \"100.00\",\n"
                               "      \"sent\": 1,\n"
                               "      \"last\": \"0.00\",\n"
                               "      \"recv\": 0,\n"
                               "      \"avg\": \"0.00\",\n"
                               "      \"best\": \"0.00\",\n"
                               "      \"worst\": \"0.00\",\n"
                               "      \"stddev\": \"0.00\",\n"
                               "      \"jitter\": \"0.00\",\n"
                               "      \"javg\": \"0.00\",\n"
                               "      \"jmax\": \"0.00\",\n"
                               "      \"jinta\": \"0.00\",\n"
                               "      \"nat\": null,\n"
                               "      \"tos\": 0\n"
                               "    }\n"
                               "  ]\n"
                               "}";
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    TRACE_ROUND(&trace, {.ttl = 1});
    set_scene(&scene, trace, "h", "192.0.2.9", NULL);
    trace_check("pretty", "pretty", &scene.input, pretty);
    trace_check("markdown", "markdown", &scene.input, markdown);
    trace_check("csv", "csv", &scene.input, csv);
    check_stream("stream", &scene.input, stream);
    char *json = trace_report("json", &scene.input);
    check_str("json", strstr(json, "  \"hops\""), hops);
    free(json);
    hops_stats_free(trace.stats);
}

static void documents_names_of_all_states(void **state) {
    static const char *const names[] = {"192.0.2.1=host", "192.0.2.3=Failed: 192.0.2.3",
                                        "192.0.2.4=Timeout: 192.0.2.4", NULL};
    static const char csv[] =
        "Target,TargetIp,Hop,IPs,Addrs,Loss%,Snt,Recv,Last,Avg,Best,Wrst,StdDev\n"
        "h,192.0.2.9,1,192.0.2.1:192.0.2.2:192.0.2.3:192.0.2.4,"
        "host:192.0.2.2:Failed: 192.0.2.3:Timeout: 192.0.2.4,"
        "0.00,4,4,1.0,1.00,1.0,1.0,0.00\n";
    static const char markdown[] =
        "| Hop | IPs       | Addrs              | Loss% | Snt | Recv | Last | Avg | Best | Wrst | "
        "StdDev |\n"
        "|-----|-----------|--------------------|-------|-----|------|------|-----|------|------|--"
        "------|\n"
        "| 1   | 192.0.2.1 | host               | 0.0   | 4   | 4    | 1.0  | 1.0 | 1.0  | 1.0  | "
        "0.0    |\n"
        "|     | 192.0.2.2 | 192.0.2.2          |       |     |      |      |     |      |      | "
        "       |\n"
        "|     | 192.0.2.3 | Failed: 192.0.2.3  |       |     |      |      |     |      |      | "
        "       |\n"
        "|     | 192.0.2.4 | Timeout: 192.0.2.4 |       |     |      |      |     |      |      | "
        "       |\n";
    static const char *const addrs[] = {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"};
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        TRACE_ROUND(&trace, {.ttl = 1, .addr = addrs[i], .rtt = US(1000)});
    }
    set_scene(&scene, trace, "h", "192.0.2.9", names);
    trace_check("csv", "csv", &scene.input, csv);
    trace_check("markdown", "markdown", &scene.input, markdown);
    char *json = trace_report("json", &scene.input);
    assert_non_null(strstr(json, "          \"hostname\": \"Timeout: 192.0.2.4\"\n"));
    assert_non_null(strstr(json, "          \"hostname\": \"192.0.2.2\"\n"));
    free(json);
    hops_stats_free(trace.stats);
}

static void documents_ipv6_spellings(void **state) {
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    TRACE_ROUND(&trace, {.ttl = 1, .addr = "::ffff:192.0.2.7", .rtt = US(1000)});
    TRACE_ROUND(&trace, {.ttl = 1, .addr = "::1.2.3.4", .rtt = US(1000)});
    set_scene(&scene, trace, "h", "2001:db8::9", NULL);
    trace_check("csv", "csv", &scene.input,
                "Target,TargetIp,Hop,IPs,Addrs,Loss%,Snt,Recv,Last,Avg,Best,Wrst,StdDev\n"
                "h,2001:db8::9,1,::ffff:192.0.2.7:::102:304,::ffff:192.0.2.7:::102:304,0.00,2,2,"
                "1.0,1.00,1.0,1.0,0.00\n");
    hops_stats_free(trace.stats);
}

static void documents_wide_and_hostile_names(void **state) {
    static const char *const names[] = {"192.0.2.1=\xe6\x97\xa5\xe6\x9c\xac e\xcc\x81|x\"y,z",
                                        "192.0.2.2=a\x1b[2J\nb", NULL};
    static const char pretty[] = "┌─────┬───────────┬───────────────┬───────┬─────┬──────┬──────┬──"
                                 "───┬──────┬──────┬────────"
                                 "┐\n"
                                 "│ Hop ┆ IPs       ┆ Addrs         ┆ Loss% ┆ Snt ┆ Recv ┆ Last ┆ "
                                 "Avg ┆ Best ┆ Wrst ┆ StdDev "
                                 "│\n"
                                 "╞═════╪═══════════╪═══════════════╪═══════╪═════╪══════╪══════╪══"
                                 "═══╪══════╪══════╪════════"
                                 "╡\n"
                                 "│ 1   ┆ 192.0.2.1 ┆ 日本 e\xcc\x81|x\"y,z  ┆ 0.0   ┆ 1   ┆ 1    "
                                 "┆ 1.0  ┆ 1.0 ┆ 1.0  ┆ 1.0  "
                                 "┆ 0.0    │\n"
                                 "├╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌┼╌╌╌╌╌┼╌╌╌╌╌╌┼╌╌╌╌╌╌┼╌╌"
                                 "╌╌╌┼╌╌╌╌╌╌┼╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌"
                                 "┤\n"
                                 "│ 2   ┆ 192.0.2.2 ┆ a\\027[2J\\010b ┆ 0.0   ┆ 1   ┆ 1    ┆ 1.0  "
                                 "┆ 1.0 ┆ 1.0  ┆ 1.0  ┆ 0.0  "
                                 "  │\n"
                                 "└─────┴───────────┴───────────────┴───────┴─────┴──────┴──────┴──"
                                 "───┴──────┴──────┴────────"
                                 "┘\n";
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    TRACE_ROUND(&trace, {.ttl = 1, .addr = "192.0.2.1", .rtt = US(1000)},
                {.ttl = 2, .addr = "192.0.2.2", .rtt = US(1000)});
    set_scene(&scene, trace, "h", "192.0.2.9", names);
    trace_check("pretty", "pretty", &scene.input, pretty);

    char *markdown = trace_report("markdown", &scene.input);
    assert_non_null(strstr(markdown, "| 192.0.2.1 | 日本 e\xcc\x81\\|x\"y,z | 0.0   |"));
    assert_non_null(strstr(markdown, "| 192.0.2.2 | a\\027[2J\\010b | 0.0   |"));
    free(markdown);

    char *csv = trace_report("csv", &scene.input);
    assert_non_null(strstr(csv, ",192.0.2.1,\"日本 e\xcc\x81|x\"\"y,z\",0.00,"));
    assert_non_null(strstr(csv, ",192.0.2.2,a\\027[2J\\010b,0.00,"));
    free(csv);

    char *json = trace_report("json", &scene.input);
    assert_non_null(strstr(json, "\"hostname\": \"日本 e\xcc\x81|x\\\"y,z\"\n"));
    assert_non_null(strstr(json, "\"hostname\": \"a\\\\027[2J\\\\010b\"\n"));
    free(json);
    hops_stats_free(trace.stats);
}

static void documents_hostile_target_is_cleaned_or_escaped(void **state) {
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    TRACE_ROUND(&trace, {.ttl = 1});
    set_scene(&scene, trace, "a\x1b,b", "192.0.2.9", NULL);
    char *json = trace_report("json", &scene.input);
    assert_non_null(strstr(json, "\"hostname\": \"a\\u001b,b\"\n"));
    free(json);
    char *csv = trace_report("csv", &scene.input);
    assert_non_null(strstr(csv, "\n\"a\\027,b\",192.0.2.9,1,"));
    free(csv);
    char *stream = stream_text(&scene.input, 0);
    assert_string_equal(stream, "Tracing to a\\027,b (192.0.2.9)\n");
    free(stream);
    hops_stats_free(trace.stats);
}

static void documents_nat_and_tos_in_json(void **state) {
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    TRACE_ROUND(&trace,
                {.ttl = 1,
                 .addr = "192.0.2.1",
                 .rtt = 1,
                 .has_checksums = true,
                 .checksum_expected = 7,
                 .checksum_actual = 7,
                 .has_tos = true,
                 .tos = 184},
                {.ttl = 2,
                 .addr = "192.0.2.2",
                 .rtt = 1,
                 .has_checksums = true,
                 .checksum_expected = 7,
                 .checksum_actual = 8},
                {.ttl = 3, .addr = "192.0.2.3", .rtt = 1});
    set_scene(&scene, trace, "h", "192.0.2.9", NULL);
    char *json = trace_report("json", &scene.input);
    const char *at = json;
    const char *want[] = {"\"nat\": false,\n      \"tos\": 184\n",
                          "\"nat\": true,\n      \"tos\": 0\n",
                          "\"nat\": null,\n      \"tos\": 0\n"};
    for (size_t i = 0; i < 3; i++) {
        at = strstr(at, "\"nat\"");
        assert_non_null(at);
        assert_int_equal(strncmp(at, want[i], strlen(want[i])), 0);
        at++;
    }
    free(json);
    hops_stats_free(trace.stats);
}

static void documents_extension_order_and_empty_payload(void **state) {
    static const char want[] = "      \"extensions\": [\n"
                               "        {\n"
                               "          \"mpls\": {\n"
                               "            \"members\": [\n"
                               "              {\n"
                               "                \"label\": 24001,\n"
                               "                \"exp\": 5,\n"
                               "                \"bos\": 1,\n"
                               "                \"ttl\": 1\n"
                               "              }\n"
                               "            ]\n"
                               "          }\n"
                               "        },\n"
                               "        {\n"
                               "          \"unknown\": {\n"
                               "            \"class_num\": 99,\n"
                               "            \"class_subtype\": 7,\n"
                               "            \"bytes\": []\n"
                               "          }\n"
                               "        },\n"
                               "        {\n"
                               "          \"mpls\": {\n"
                               "            \"members\": [\n"
                               "              {\n"
                               "                \"label\": 18,\n"
                               "                \"exp\": 0,\n"
                               "                \"bos\": 1,\n"
                               "                \"ttl\": 255\n"
                               "              }\n"
                               "            ]\n"
                               "          }\n"
                               "        }\n"
                               "      ],\n"
                               "      \"loss_pct\"";
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    TRACE_ROUND(&trace, {.ttl = 1,
                         .addr = "192.0.2.1",
                         .rtt = 1,
                         .extensions = "00 08 01 01 05 dc 1b 01 00 04 63 07 "
                                       "00 08 01 01 00 01 21 ff"});
    set_scene(&scene, trace, "h", "192.0.2.9", NULL);
    char *json = trace_report("json", &scene.input);
    const char *at = strstr(json, "      \"extensions\"");
    assert_non_null(at);
    assert_int_equal(strncmp(at, want, strlen(want)), 0);
    free(json);
    char *stream = stream_text(&scene.input, 1);
    assert_non_null(strstr(stream, " exts=mpls(labels=24001) + unknown(class=99, subtype=7, "
                                   "bytes=[]) + mpls(labels=18) loss_pct="));
    free(stream);
    hops_stats_free(trace.stats);
}

/* TTLs of the rows of a CSV report, blank after each. */
static void check_rows(const char *row, const struct report_input *input, const char *want) {
    char *csv = trace_report("csv", input);
    char rows[256] = "";
    size_t len = 0;

    for (const char *line = strchr(csv, '\n'); line != NULL && line[1] != '\0';
         line = strchr(line + 1, '\n')) {
        static const char head[] = "h,192.0.2.9,";
        assert_int_equal(strncmp(line + 1, head, strlen(head)), 0);
        unsigned long ttl = strtoul(line + 1 + strlen(head), NULL, 10);
        len += (size_t)snprintf(rows + len, sizeof(rows) - len, "%lu ", ttl);
    }
    check_str(row, rows, want);
    free(csv);
}

static void documents_rows_of_a_path(void **state) {
    struct scene scene;
    struct trace trace = trace_new(4);

    (void)state;
    TRACE_ROUND(&trace, {.ttl = 4, .addr = "192.0.2.4", .rtt = 1},
                {.ttl = 5, .addr = "192.0.2.9", .rtt = 1, .target = true});
    set_scene(&scene, trace, "h", "192.0.2.9", NULL);
    check_rows("first TTL 4", &scene.input, "4 5 ");
    TRACE_ROUND(&trace, {.ttl = 4, .addr = "192.0.2.4", .rtt = 1}, {.ttl = 5}, {.ttl = 6},
                {.ttl = 7, .addr = "192.0.2.9", .rtt = 1, .target = true});
    check_rows("grows in round 2", &scene.input, "4 5 6 7 ");
    hops_stats_free(trace.stats);

    struct trace quiet = trace_new(1);
    struct trace_hop hops[7] = {{0}};
    for (size_t i = 0; i < 7; i++) {
        hops[i] = (struct trace_hop){.ttl = (uint8_t)(i + 1), .rtt = 1};
        hops[i].addr = i < 6 ? "192.0.2.1" : NULL;
    }
    trace_round(&quiet, hops, 7);
    set_scene(&scene, quiet, "h", "192.0.2.9", NULL);
    check_rows("target silent behind hop 6", &scene.input, "1 2 3 4 5 6 7 ");
    hops_stats_free(quiet.stats);
}

static void documents_graph_details(void **state) {
    struct scene scene;
    struct trace trace = trace_new(1);

    (void)state;
    /* A loop A-A, two unknowns in a row, and edges seen again in a second flow. */
    TRACE_ROUND(&trace, {.ttl = 1, .addr = "192.0.2.1", .rtt = 1},
                {.ttl = 2, .addr = "192.0.2.1", .rtt = 1}, {.ttl = 3}, {.ttl = 4},
                {.ttl = 5, .addr = "192.0.2.9", .rtt = 1, .target = true});
    TRACE_ROUND(&trace, {.ttl = 1, .addr = "192.0.2.1", .rtt = 1},
                {.ttl = 2, .addr = "192.0.2.1", .rtt = 1}, {.ttl = 3}, {.ttl = 4},
                {.ttl = 5, .addr = "192.0.2.8", .rtt = 1, .target = true});
    set_scene(&scene, trace, "h", "192.0.2.9", NULL);
    trace_check("dot", "dot", &scene.input,
                "digraph {\n"
                "    0 [ label = \"192.0.2.1\" ]\n"
                "    1 [ label = \"0.0.0.0\" ]\n"
                "    2 [ label = \"192.0.2.9\" ]\n"
                "    3 [ label = \"192.0.2.8\" ]\n"
                "    0 -> 0 [ ]\n"
                "    0 -> 1 [ ]\n"
                "    1 -> 2 [ ]\n"
                "    1 -> 3 [ ]\n"
                "}\n");
    hops_stats_free(trace.stats);
}

static void documents_several_targets(void **state) {
    struct trace traces[3] = {trace_new(1), trace_new(1), trace_new(1)};
    struct report_target targets[3] = {
        {.name = "none", .addr = trace_addr("192.0.2.7"), .stats = traces[0].stats},
        {.name = "one", .addr = trace_addr("192.0.2.8"), .stats = traces[1].stats},
        {.name = "two", .addr = trace_addr("192.0.2.9"), .stats = traces[2].stats},
    };
    struct report_input input = {.targets = targets, .count = 3};

    (void)state;
    TRACE_ROUND(&traces[1], {.ttl = 1, .addr = "192.0.2.8", .rtt = US(1000), .target = true});
    TRACE_ROUND(&traces[2], {.ttl = 1, .addr = "192.0.2.1", .rtt = US(1000)},
                {.ttl = 2, .addr = "192.0.2.9", .rtt = US(2000), .target = true});
    trace_check("csv", "csv", &input,
                "Target,TargetIp,Hop,IPs,Addrs,Loss%,Snt,Recv,Last,Avg,Best,Wrst,StdDev\n"
                "one,192.0.2.8,1,192.0.2.8,192.0.2.8,0.00,1,1,1.0,1.00,1.0,1.0,0.00\n"
                "two,192.0.2.9,1,192.0.2.1,192.0.2.1,0.00,1,1,1.0,1.00,1.0,1.0,0.00\n"
                "two,192.0.2.9,2,192.0.2.9,192.0.2.9,0.00,1,1,2.0,2.00,2.0,2.0,0.00\n");
    trace_check("flows", "flows", &input,
                "Target: none (192.0.2.7)\n"
                "\n"
                "Target: one (192.0.2.8)\n"
                "flow 1: 192.0.2.8\n"
                "\n"
                "Target: two (192.0.2.9)\n"
                "flow 1: 192.0.2.1, 192.0.2.9\n");
    trace_check("dot", "dot", &input,
                "// Target: none (192.0.2.7)\n"
                "digraph {\n"
                "}\n"
                "// Target: one (192.0.2.8)\n"
                "digraph {\n"
                "}\n"
                "// Target: two (192.0.2.9)\n"
                "digraph {\n"
                "    0 [ label = \"192.0.2.1\" ]\n"
                "    1 [ label = \"192.0.2.9\" ]\n"
                "    0 -> 1 [ ]\n"
                "}\n");
    trace_check(
        "markdown", "markdown", &input,
        "Target: none (192.0.2.7)\n"
        "| Hop | IPs | Addrs | Loss% | Snt | Recv | Last | Avg | Best | Wrst | StdDev |\n"
        "|-----|-----|-------|-------|-----|------|------|-----|------|------|--------|\n"
        "\n"
        "Target: one (192.0.2.8)\n"
        "| Hop | IPs       | Addrs     | Loss% | Snt | Recv | Last | Avg | Best | Wrst | StdDev |\n"
        "|-----|-----------|-----------|-------|-----|------|------|-----|------|------|--------|\n"
        "| 1   | 192.0.2.8 | 192.0.2.8 | 0.0   | 1   | 1    | 1.0  | 1.0 | 1.0  | 1.0  | 0.0    |\n"
        "\n"
        "Target: two (192.0.2.9)\n"
        "| Hop | IPs       | Addrs     | Loss% | Snt | Recv | Last | Avg | Best | Wrst | StdDev |\n"
        "|-----|-----------|-----------|-------|-----|------|------|-----|------|------|--------|\n"
        "| 1   | 192.0.2.1 | 192.0.2.1 | 0.0   | 1   | 1    | 1.0  | 1.0 | 1.0  | 1.0  | 0.0    |\n"
        "| 2   | 192.0.2.9 | 192.0.2.9 | 0.0   | 1   | 1    | 2.0  | 2.0 | 2.0  | 2.0  | 0.0    "
        "|\n");
    char *stream = stream_text(&input, 2);
    check_str("stream", stream,
              "Tracing to none (192.0.2.7)\n"
              "Tracing to one (192.0.2.8)\n"
              "Tracing to two (192.0.2.9)\n"
              "target=192.0.2.8 ttl=1 addrs=192.0.2.8 exts= loss_pct=0.0 sent=1 recv=1 last=1.0 "
              "best=1.0 worst=1.0 avg=1.0 stddev=0.0\n");
    free(stream);
    char *json = trace_report("json", &input);
    static const char head[] = "[\n  {\n    \"info\": {\n      \"target\": {\n";
    assert_int_equal(strncmp(json, head, strlen(head)), 0);
    assert_non_null(strstr(json, "    \"hops\": []\n  },\n  {\n    \"info\": {\n"));
    static const char tail[] = "\n    ]\n  }\n]";
    check_str("json", json + strlen(json) - strlen(tail), tail);
    free(json);
    for (size_t i = 0; i < 3; i++) {
        hops_stats_free(traces[i].stats);
    }
}

/* The trace is gone; what was recorded of it gives the same documents. */
static void documents_from_a_recording_are_the_same(void **state) {
    struct report_events_writer recorder;
    struct scene scene;
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    report_events_writer_init(&recorder, file);
    hops_stats_free(recorded_example(&recorder).stats);
    report_events_writer_done(&recorder);

    struct trace replayed = trace_new(1);
    char *text = trace_take(file);
    for (char *at = text; *at != '\0';) {
        struct report_events_line line;
        size_t len = strcspn(at, "\n") + 1;
        assert_int_equal(report_events_read(at, len, &line, NULL), HOPS_OK);
        hops_stats_apply(replayed.stats, &line.event);
        report_events_line_done(&line);
        at += len;
    }
    free(text);
    set_scene(&scene, replayed, "example.org", "198.51.100.80", example_names);
    trace_check("json", "json", &scene.input, golden("json"));
    check_stream("stream", &scene.input, golden("stream"));
    hops_stats_free(replayed.stats);
}

static void documents_full_disk_is_told(void **state) {
    static const char *const modes[] = {"pretty", "markdown", "csv", "json"};
    struct scene scene;

    (void)state;
    set_scene(&scene, example_trace(), "example.org", "198.51.100.80", example_names);
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        FILE *full = fopen("/dev/full", "w");
        assert_non_null(full);
        check_int(modes[i], report_format_find(modes[i])->write(full, &scene.input), false);
        check_int(modes[i], errno, ENOSPC);
        (void)fclose(full);
    }
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    assert_false(report_stream_begin(full, &scene.input));
    assert_int_equal(errno, ENOSPC);
    (void)fclose(full);
    hops_stats_free(scene.trace.stats);
}

static void documents_modes_are_found_by_name(void **state) {
    (void)state;
    assert_true(report_format_find("dot")->needs_flows);
    assert_true(report_format_find("flows")->needs_flows);
    assert_false(report_format_find("json")->needs_flows);
    assert_null(report_format_find("tui"));
    assert_null(report_format_find(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_example_trace_in_every_mode),
        cmocka_unit_test(documents_two_paths_as_flows_and_graph),
        cmocka_unit_test(documents_without_hops),
        cmocka_unit_test(documents_round_nobody_answered),
        cmocka_unit_test(documents_one_lost_probe),
        cmocka_unit_test(documents_names_of_all_states),
        cmocka_unit_test(documents_ipv6_spellings),
        cmocka_unit_test(documents_wide_and_hostile_names),
        cmocka_unit_test(documents_hostile_target_is_cleaned_or_escaped),
        cmocka_unit_test(documents_nat_and_tos_in_json),
        cmocka_unit_test(documents_extension_order_and_empty_payload),
        cmocka_unit_test(documents_rows_of_a_path),
        cmocka_unit_test(documents_graph_details),
        cmocka_unit_test(documents_several_targets),
        cmocka_unit_test(documents_from_a_recording_are_the_same),
        cmocka_unit_test(documents_full_disk_is_told),
        cmocka_unit_test(documents_modes_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
