/* SPDX-License-Identifier: MIT
 *
 * [[target]]: somewhere to trace to, with the way there.
 */
#include "cli/scenario_read.h"

#include <string.h>

#define TARGET(member) offsetof(struct hops_scenario_target, member)

static const struct cli_choice policies[] = {{"open", HOPS_SCENARIO_OPEN},
                                             {"closed", HOPS_SCENARIO_CLOSED},
                                             {"silent", HOPS_SCENARIO_SILENT},
                                             {"prohibited", HOPS_SCENARIO_PROHIBITED},
                                             {NULL, 0}};

const struct cli_choice cli_scenario_protocols[] = {
    {"udp", HOPS_PROTOCOL_UDP}, {"tcp", HOPS_PROTOCOL_TCP}, {NULL, 0}};

static const struct cli_field target_fields[] = {
    {.key = "name", .type = CLI_FIELD_TEXT, .offset = TARGET(name)},
    {.key = "node"},
    {.key = "source", .type = CLI_FIELD_ADDR, .offset = TARGET(source)},
    {.key = "path"},
    {.key = "loop"},
    {.key = "icmp", .type = CLI_FIELD_CHOICE, .offset = TARGET(icmp), .choices = policies},
    {.key = "udp", .type = CLI_FIELD_CHOICE, .offset = TARGET(udp), .choices = policies},
    {.key = "tcp", .type = CLI_FIELD_CHOICE, .offset = TARGET(tcp), .choices = policies},
    {.key = "ports"},
};

static bool find_node(struct cli_reader *reader, const struct toml_node *node, const char *key,
                      const struct cli_node_ids *ids, uint16_t *out) {
    const char *text = cli_reader_text(reader, node, key);

    if (text == NULL) {
        return false;
    }
    for (size_t i = 0; i < ids->count; i++) {
        if (strcmp(ids->ids[i], text) == 0) {
            *out = (uint16_t)i;
            return true;
        }
    }
    cli_reader_fail(reader, node, "%s: expected the id of a node, found \"%.60s\"", key, text);
    return false;
}

static void read_nodes(struct cli_reader *reader, const struct toml_node *array,
                       const struct cli_node_ids *ids, struct hops_scenario_step *out) {
    if (toml_type(array) != TOML_ARRAY || toml_size(array) == 0 ||
        toml_size(array) > HOPS_SCENARIO_NODES_PER_STEP) {
        cli_reader_fail(reader, array, "path: expected 1 to %d ids of nodes",
                        HOPS_SCENARIO_NODES_PER_STEP);
        return;
    }
    for (size_t i = 0; i < toml_size(array); i++) {
        if (find_node(reader, toml_at(array, i), "path", ids, &out->nodes[i])) {
            out->node_count++;
        }
    }
}

/* "id", ["id", "id"] or {node = "id"} or {nodes = [..], balancer = 1, ...}. */
static void read_step(struct cli_reader *reader, const struct toml_node *node,
                      const struct cli_node_ids *ids, struct hops_scenario_step *out) {
    static const struct cli_field fields[] = {
        {.key = "node"},
        {.key = "nodes"},
        {.key = "balancer",
         .type = CLI_FIELD_INT,
         .offset = offsetof(struct hops_scenario_step, balancer),
         .width = 1,
         .min = 1,
         .max = 255},
        {.key = "per-packet",
         .type = CLI_FIELD_BOOL,
         .offset = offsetof(struct hops_scenario_step, per_packet)},
        {.key = "from",
         .type = CLI_FIELD_SECONDS,
         .offset = offsetof(struct hops_scenario_step, when.from)},
        {.key = "until",
         .type = CLI_FIELD_SECONDS,
         .offset = offsetof(struct hops_scenario_step, when.until)},
    };

    if (toml_type(node) == TOML_STRING) {
        out->node_count = find_node(reader, node, "path", ids, &out->nodes[0]) ? 1 : 0;
        return;
    }
    if (toml_type(node) == TOML_ARRAY) {
        read_nodes(reader, node, ids, out);
        return;
    }
    cli_reader_table(reader, node, "path", fields, sizeof(fields) / sizeof(fields[0]), out);
    if (reader->failed) {
        return;
    }
    const struct toml_node *one = toml_get(node, "node");
    const struct toml_node *several = toml_get(node, "nodes");
    if ((one != NULL) == (several != NULL)) {
        cli_reader_fail(reader, node, "path: expected either node or nodes");
    } else if (several != NULL) {
        read_nodes(reader, several, ids, out);
    } else {
        out->node_count = find_node(reader, one, "node", ids, &out->nodes[0]) ? 1 : 0;
    }
    if (out->when.until != 0 && out->when.until <= out->when.from) {
        cli_reader_fail(reader, node, "until: expected a time after from");
    }
}

static void read_path(struct cli_reader *reader, const struct toml_node *array,
                      const struct cli_node_ids *ids, struct hops_scenario_target *out) {
    size_t count = toml_type(array) == TOML_ARRAY ? toml_size(array) : SIZE_MAX;

    if (count > HOPS_SCENARIO_ITEMS_MAX) {
        cli_reader_fail(reader, array, "path: expected an array of at most %d steps",
                        HOPS_SCENARIO_ITEMS_MAX);
        return;
    }
    struct hops_scenario_step *steps =
        (struct hops_scenario_step *)cli_arena_alloc(reader->arena, (count + 1) * sizeof(*steps));
    for (size_t i = 0; i < count && !reader->failed; i++) {
        read_step(reader, toml_at(array, i), ids, &steps[i]);
    }
    out->steps = steps;
    out->step_count = count;
}

/* {from = 4, to = 2}: places in the path, from 1. */
static void read_loop(struct cli_reader *reader, const struct toml_node *table,
                      struct hops_scenario_target *out) {
    struct ends {
        uint16_t from, to;
    } ends = {0};
    static const struct cli_field fields[] = {
        {.key = "from",
         .type = CLI_FIELD_INT,
         .offset = offsetof(struct ends, from),
         .width = 2,
         .min = 1,
         .max = HOPS_SCENARIO_ITEMS_MAX},
        {.key = "to",
         .type = CLI_FIELD_INT,
         .offset = offsetof(struct ends, to),
         .width = 2,
         .min = 1,
         .max = HOPS_SCENARIO_ITEMS_MAX},
    };

    cli_reader_table(reader, table, "loop", fields, sizeof(fields) / sizeof(fields[0]), &ends);
    if (reader->failed) {
        return;
    }
    if (ends.from == 0 || ends.to == 0 || ends.to > ends.from || ends.from > out->step_count) {
        cli_reader_fail(reader, table,
                        "loop: expected from and to, places in the path, to not after from");
        return;
    }
    out->loop = true;
    out->loop_from = (uint16_t)(ends.from - 1);
    out->loop_to = (uint16_t)(ends.to - 1);
}

static void read_ports(struct cli_reader *reader, const struct toml_node *table,
                       struct hops_scenario_target *out) {
    static const struct cli_field fields[] = {
        {.key = "protocol",
         .type = CLI_FIELD_CHOICE,
         .offset = offsetof(struct hops_scenario_port, protocol),
         .choices = cli_scenario_protocols},
        {.key = "port"},
        {.key = "policy",
         .type = CLI_FIELD_CHOICE,
         .offset = offsetof(struct hops_scenario_port, policy),
         .choices = policies},
    };
    size_t count = 0;
    const struct toml_node *array = cli_reader_tables(reader, table, "ports", &count);
    struct hops_scenario_port *ports =
        (struct hops_scenario_port *)cli_arena_alloc(reader->arena, (count + 1) * sizeof(*ports));

    for (size_t i = 0; i < count && !reader->failed; i++) {
        const struct toml_node *row = toml_at(array, i);
        int64_t first = 0, last = 0;

        cli_reader_table(reader, row, "ports", fields, sizeof(fields) / sizeof(fields[0]),
                         &ports[i]);
        if (reader->failed) {
            return;
        }
        const struct toml_node *port = toml_get(row, "port");
        if (port == NULL || toml_get(row, "protocol") == NULL || toml_get(row, "policy") == NULL) {
            cli_reader_fail(reader, row, "ports: expected protocol, port and policy");
        } else if (cli_reader_range(reader, port, "port", 1, 65535, &first, &last)) {
            ports[i].first = (uint16_t)first;
            ports[i].last = (uint16_t)last;
        }
    }
    out->ports = ports;
    out->port_count = count;
}

void cli_scenario_read_target(struct cli_reader *reader, const struct toml_node *table,
                              const struct cli_node_ids *ids, struct hops_scenario_target *out) {
    cli_reader_table(reader, table, "[[target]]", target_fields,
                     sizeof(target_fields) / sizeof(target_fields[0]), out);
    if (reader->failed) {
        return;
    }
    const struct toml_node *node = toml_get(table, "node");
    const struct toml_node *path = toml_get(table, "path");
    const struct toml_node *loop = toml_get(table, "loop");

    if (node == NULL || path == NULL || out->source.family == HOPS_FAMILY_NONE) {
        cli_reader_fail(reader, table, "a target needs node, source and path");
        return;
    }
    (void)find_node(reader, node, "node", ids, &out->node);
    read_path(reader, path, ids, out);
    if (loop != NULL) {
        read_loop(reader, loop, out);
    }
    read_ports(reader, table, out);
}
