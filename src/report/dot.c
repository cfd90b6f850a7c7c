/* SPDX-License-Identifier: MIT
 *
 * dot: the paths of all flows as one graph. All unknown places share one node, 0.0.0.0; an edge is
 * listed once, where it was first seen.
 */
#include "report/fields.h"

#include <inttypes.h>
#include <stdlib.h>

#define NONE UINT32_MAX /* no node, no edge */

struct node {
    struct hops_addr addr;
    uint32_t next_same; /* next node with that hash */
    uint32_t last_edge; /* newest edge from here */
};

struct edge {
    uint32_t from, to;
    uint32_t previous; /* edge from the same node before this one */
};

enum { BUCKETS = 1024 };

struct graph {
    struct node *nodes;
    struct edge *edges;
    size_t node_count, node_room;
    size_t edge_count, edge_room;
    uint32_t buckets[BUCKETS];
    bool bad; /* memory ran out */
};

/* Room for one more element. */
static bool grow(void **array, size_t count, size_t *room, size_t size) {
    if (count < *room) {
        return true;
    }
    size_t wanted = *room == 0 ? 64 : 2 * *room;
    void *p = wanted < NONE ? realloc(*array, wanted * size) : NULL;
    if (p == NULL) {
        return false;
    }
    *array = p;
    *room = wanted;
    return true;
}

static uint32_t node_of(struct graph *graph, const struct hops_addr *addr) {
    uint32_t *bucket = &graph->buckets[hops_addr_hash(addr, 0) % BUCKETS];
    void *nodes = graph->nodes;

    for (uint32_t n = *bucket; n != NONE; n = graph->nodes[n].next_same) {
        if (hops_addr_equal(&graph->nodes[n].addr, addr)) {
            return n;
        }
    }
    if (!grow(&nodes, graph->node_count, &graph->node_room, sizeof(*graph->nodes))) {
        graph->bad = true;
        return NONE;
    }
    graph->nodes = nodes;
    graph->nodes[graph->node_count] =
        (struct node){.addr = *addr, .next_same = *bucket, .last_edge = NONE};
    *bucket = (uint32_t)graph->node_count++;
    return *bucket;
}

static void add_edge(struct graph *graph, const struct hops_addr *a, const struct hops_addr *b) {
    uint32_t from = node_of(graph, a);
    uint32_t to = node_of(graph, b);
    void *edges = graph->edges;

    if (graph->bad) {
        return;
    }
    for (uint32_t e = graph->nodes[from].last_edge; e != NONE; e = graph->edges[e].previous) {
        if (graph->edges[e].to == to) {
            return;
        }
    }
    if (!grow(&edges, graph->edge_count, &graph->edge_room, sizeof(*graph->edges))) {
        graph->bad = true;
        return;
    }
    graph->edges = edges;
    graph->edges[graph->edge_count] =
        (struct edge){.from = from, .to = to, .previous = graph->nodes[from].last_edge};
    graph->nodes[from].last_edge = (uint32_t)graph->edge_count++;
}

static void add_path(struct graph *graph, const struct hops_flow *flow) {
    static const uint8_t zeros[4] = {0};
    const struct hops_addr unknown = hops_addr_ipv4(zeros);

    for (size_t i = 1; i < flow->path_len && !graph->bad; i++) {
        const struct hops_addr *a = &flow->path[i - 1];
        const struct hops_addr *b = &flow->path[i];

        if (a->family != HOPS_FAMILY_NONE || b->family != HOPS_FAMILY_NONE) {
            add_edge(graph, a->family == HOPS_FAMILY_NONE ? &unknown : a,
                     b->family == HOPS_FAMILY_NONE ? &unknown : b);
        }
    }
}

static void draw(struct report_buf *buf, const struct graph *graph) {
    char addr[HOPS_ADDR_TEXT_MAX];

    report_buf_str(buf, "digraph {\n");
    for (size_t i = 0; i < graph->node_count; i++) {
        report_buf_format(buf, "    %zu [ label = \"%s\" ]\n", i,
                          hops_addr_format(&graph->nodes[i].addr, addr));
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        report_buf_format(buf, "    %" PRIu32 " -> %" PRIu32 " [ ]\n", graph->edges[i].from,
                          graph->edges[i].to);
    }
    report_buf_str(buf, "}\n");
}

static void add_graph(struct report_buf *buf, struct hops_stats *stats) {
    struct graph graph = {0};
    size_t count = hops_stats_flow_count(stats);

    for (size_t i = 0; i < BUCKETS; i++) {
        graph.buckets[i] = NONE;
    }
    for (uint32_t id = 1; id <= count; id++) {
        struct hops_flow flow;
        if (hops_stats_flow(stats, id, &flow)) {
            add_path(&graph, &flow);
        }
    }
    if (graph.bad) {
        buf->bad = true;
    } else {
        draw(buf, &graph);
    }
    free(graph.nodes);
    free(graph.edges);
}

bool report_dot(FILE *out, const struct report_input *input) {
    struct report_buf buf = {0};

    for (size_t t = 0; t < input->count; t++) {
        report_add_title(&buf, input, t, "// ");
        add_graph(&buf, input->targets[t].stats);
    }
    return report_finish(out, &buf);
}
