/* SPDX-License-Identifier: MIT */
#include "cli/scenario.h"

#include "cli/scenario_demo.h"
#include "cli/scenario_read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1024 * 1024 };

struct cli_scenario {
    struct hops_scenario scenario;
    struct toml_doc *doc; /* strings are borrowed from it */
    struct cli_arena arena;
};

struct load {
    struct cli_reader reader;
    struct hops_scenario *out;
    const struct toml_node *root;
    struct cli_node_ids ids;
};

static const struct cli_field root_fields[] = {
    {.key = "name", .type = CLI_FIELD_TEXT, .offset = offsetof(struct hops_scenario, name)},
    {.key = "seed",
     .type = CLI_FIELD_INT,
     .offset = offsetof(struct hops_scenario, seed),
     .width = 8,
     .max = INT64_MAX},
    {.key = "node"},
    {.key = "target"},
    {.key = "error"},
    {.key = "taken"},
    {.key = "as"},
};

static void read_nodes(struct load *load) {
    size_t count = 0;
    const struct toml_node *array = cli_reader_tables(&load->reader, load->root, "node", &count);
    struct hops_scenario_node *nodes = (struct hops_scenario_node *)cli_arena_alloc(
        load->reader.arena, (count + 1) * sizeof(*nodes));
    const char **ids =
        (const char **)cli_arena_alloc(load->reader.arena, (count + 1) * sizeof(*ids));

    for (size_t i = 0; i < count && !load->reader.failed; i++) {
        cli_scenario_read_node(&load->reader, toml_at(array, i), &nodes[i], &ids[i]);
        for (size_t k = 0; k < i && !load->reader.failed; k++) {
            if (strcmp(ids[k], ids[i]) == 0) {
                cli_reader_fail(&load->reader, toml_get(toml_at(array, i), "id"),
                                "id: expected one of its own, found \"%.60s\" a second time",
                                ids[i]);
            }
        }
    }
    load->out->nodes = nodes;
    load->out->node_count = count;
    load->ids = (struct cli_node_ids){.ids = ids, .count = count};
}

static void add_name(struct load *load, struct hops_scenario_name *names,
                     const struct hops_addr *addr, const struct toml_node *node) {
    const char *text = cli_reader_text(&load->reader, node, "name");

    if (text != NULL && load->out->name_count < HOPS_SCENARIO_ITEMS_MAX) {
        names[load->out->name_count++] = (struct hops_scenario_name){.addr = *addr, .name = text};
    }
}

/* "name" of the nodes: text, or an array of texts. */
static void read_names(struct load *load) {
    const struct toml_node *array = toml_get(load->root, "node");
    struct hops_scenario_name *names = (struct hops_scenario_name *)cli_arena_alloc(
        load->reader.arena, HOPS_SCENARIO_ITEMS_MAX * sizeof(*names));

    for (size_t i = 0; i < load->out->node_count && !load->reader.failed; i++) {
        const struct toml_node *name = toml_get(toml_at(array, i), "name");
        const struct hops_addr *addr = &load->out->nodes[i].addr;

        if (name != NULL && toml_type(name) == TOML_ARRAY) {
            for (size_t k = 0; k < toml_size(name); k++) {
                add_name(load, names, addr, toml_at(name, k));
            }
        } else if (name != NULL) {
            add_name(load, names, addr, name);
        }
    }
    load->out->names = names;
}

/* The family of everything on the way must be the target's: that is said where it is written. */
static void check_families(struct load *load, const struct toml_node *table,
                           const struct hops_scenario_target *target) {
    const struct hops_scenario_node *nodes = load->out->nodes;
    uint8_t family = nodes[target->node].addr.family;

    if (target->source.family != family) {
        cli_reader_fail(&load->reader, toml_get(table, "source"),
                        "source: expected an address of the target's family");
    }
    for (size_t i = 0; i < target->step_count; i++) {
        for (size_t k = 0; k < target->steps[i].node_count; k++) {
            if (nodes[target->steps[i].nodes[k]].addr.family != family) {
                cli_reader_fail(&load->reader, toml_at(toml_get(table, "path"), i),
                                "path: expected nodes of the target's family");
            }
        }
    }
}

static void read_targets(struct load *load) {
    size_t count = 0;
    const struct toml_node *array = cli_reader_tables(&load->reader, load->root, "target", &count);
    struct hops_scenario_target *targets = (struct hops_scenario_target *)cli_arena_alloc(
        load->reader.arena, (count + 1) * sizeof(*targets));

    for (size_t i = 0; i < count && !load->reader.failed; i++) {
        const struct toml_node *table = toml_at(array, i);
        cli_scenario_read_target(&load->reader, table, &load->ids, &targets[i]);
        if (!load->reader.failed) {
            check_families(load, table, &targets[i]);
        }
    }
    if (count == 0) {
        cli_reader_fail(&load->reader, load->root, "expected at least one [[target]]");
    }
    load->out->targets = targets;
    load->out->target_count = count;
}

static void read_error_target(struct load *load, const struct toml_node *row,
                              struct hops_scenario_error *out) {
    const struct toml_node *node = toml_get(row, "target");
    size_t found = 0;

    out->target = HOPS_SCENARIO_ANY_TARGET;
    if (node == NULL) {
        return;
    }
    const char *text = cli_reader_text(&load->reader, node, "target");
    if (text == NULL) {
        return;
    }
    if (!hops_scenario_find(load->out, text, HOPS_FAMILY_NONE, &found)) {
        cli_reader_fail(&load->reader, node, "target: expected a name or address of a target");
        return;
    }
    out->target = (uint16_t)found;
}

static void read_error(struct load *load, const struct toml_node *row,
                       struct hops_scenario_error *out) {
    static const struct cli_choice calls[] = {
        {"socket", HOPS_CALL_SOCKET}, {"setsockopt", HOPS_CALL_SETSOCKOPT},
        {"bind", HOPS_CALL_BIND},     {"connect", HOPS_CALL_CONNECT},
        {"sendto", HOPS_CALL_SENDTO}, {NULL, 0}};
    static const struct cli_field fields[] = {
        {.key = "call",
         .type = CLI_FIELD_CHOICE,
         .offset = offsetof(struct hops_scenario_error, call),
         .choices = calls},
        {.key = "errno"},
        {.key = "target"},
        {.key = "ttl"},
        {.key = "from",
         .type = CLI_FIELD_SECONDS,
         .offset = offsetof(struct hops_scenario_error, when.from)},
        {.key = "until",
         .type = CLI_FIELD_SECONDS,
         .offset = offsetof(struct hops_scenario_error, when.until)},
        {.key = "share",
         .type = CLI_FIELD_PERCENT,
         .offset = offsetof(struct hops_scenario_error, share)},
        {.key = "max",
         .type = CLI_FIELD_INT,
         .offset = offsetof(struct hops_scenario_error, max),
         .width = 4,
         .min = 1,
         .max = UINT32_MAX},
    };
    int64_t first = 0, last = 0;

    cli_reader_table(&load->reader, row, "[[error]]", fields, sizeof(fields) / sizeof(fields[0]),
                     out);
    if (load->reader.failed) {
        return;
    }
    const struct toml_node *number = toml_get(row, "errno");
    const struct toml_node *ttl = toml_get(row, "ttl");
    if (toml_get(row, "share") != NULL && out->share <= 0) {
        /* in the struct 0 stands for "not given", which is all */
        cli_reader_fail(&load->reader, toml_get(row, "share"), "share: expected more than 0");
        return;
    }
    if (out->call == HOPS_CALL_NONE || number == NULL) {
        cli_reader_fail(&load->reader, row, "an error needs call and errno");
        return;
    }
    const char *text = cli_reader_text(&load->reader, number, "errno");
    out->os_errno = text == NULL ? 0 : hops_errno_from_name(text);
    if (text != NULL && out->os_errno == 0) {
        cli_reader_fail(&load->reader, number,
                        "errno: expected a name such as ENETUNREACH, found \"%.60s\"", text);
    }
    if (ttl != NULL &&
        cli_reader_range(&load->reader, ttl, "ttl", 1, HOPS_TTL_MAX, &first, &last)) {
        out->first_ttl = (uint8_t)first;
        out->last_ttl = (uint8_t)last;
    }
    if (out->when.until != 0 && out->when.until <= out->when.from) {
        cli_reader_fail(&load->reader, row, "until: expected a time after from");
    }
    read_error_target(load, row, out);
}

static void read_taken(struct load *load, const struct toml_node *row,
                       struct hops_scenario_taken *out) {
    static const struct cli_field fields[] = {
        {.key = "protocol",
         .type = CLI_FIELD_CHOICE,
         .offset = offsetof(struct hops_scenario_taken, protocol),
         .choices = cli_scenario_protocols},
        {.key = "port"},
        {.key = "from",
         .type = CLI_FIELD_SECONDS,
         .offset = offsetof(struct hops_scenario_taken, when.from)},
        {.key = "until",
         .type = CLI_FIELD_SECONDS,
         .offset = offsetof(struct hops_scenario_taken, when.until)},
    };
    int64_t first = 0, last = 0;

    cli_reader_table(&load->reader, row, "[[taken]]", fields, sizeof(fields) / sizeof(fields[0]),
                     out);
    if (load->reader.failed) {
        return;
    }
    const struct toml_node *port = toml_get(row, "port");
    if (port == NULL || toml_get(row, "protocol") == NULL) {
        cli_reader_fail(&load->reader, row, "a taken port needs protocol and port");
    } else if (cli_reader_range(&load->reader, port, "port", 1, 65535, &first, &last)) {
        out->first = (uint16_t)first;
        out->last = (uint16_t)last;
    }
    if (out->when.until != 0 && out->when.until <= out->when.from) {
        cli_reader_fail(&load->reader, row, "until: expected a time after from");
    }
}

static void read_troubles(struct load *load) {
    size_t count = 0;
    const struct toml_node *array = cli_reader_tables(&load->reader, load->root, "error", &count);
    struct hops_scenario_error *errors = (struct hops_scenario_error *)cli_arena_alloc(
        load->reader.arena, (count + 1) * sizeof(*errors));

    for (size_t i = 0; i < count && !load->reader.failed; i++) {
        read_error(load, toml_at(array, i), &errors[i]);
    }
    load->out->errors = errors;
    load->out->error_count = count;

    array = cli_reader_tables(&load->reader, load->root, "taken", &count);
    struct hops_scenario_taken *taken = (struct hops_scenario_taken *)cli_arena_alloc(
        load->reader.arena, (count + 1) * sizeof(*taken));
    for (size_t i = 0; i < count && !load->reader.failed; i++) {
        read_taken(load, toml_at(array, i), &taken[i]);
    }
    load->out->taken = taken;
    load->out->taken_count = count;
}

/* "192.0.2.0/24". */
static bool parse_prefix(const char *text, struct hops_addr *out, uint8_t *out_len) {
    const char *slash = strchr(text, '/');
    char addr[HOPS_ADDR_TEXT_MAX] = "";
    char *end = NULL;

    if (slash == NULL || (size_t)(slash - text) >= sizeof(addr) || slash[1] < '0' ||
        slash[1] > '9') {
        return false;
    }
    memcpy(addr, text, (size_t)(slash - text));
    unsigned long len = strtoul(slash + 1, &end, 10);
    if (*end != '\0' || !hops_addr_parse(addr, out) || len > hops_addr_len(out) * 8) {
        return false;
    }
    *out_len = (uint8_t)len;
    return true;
}

static void read_as(struct load *load) {
#define AS(member) offsetof(struct hops_scenario_as, member)
    static const struct cli_field fields[] = {
        {.key = "prefix"},
        {.key = "number",
         .type = CLI_FIELD_INT,
         .offset = AS(number),
         .width = 4,
         .min = 1,
         .max = UINT32_MAX},
        {.key = "name", .type = CLI_FIELD_TEXT, .offset = AS(name)},
        {.key = "country", .type = CLI_FIELD_TEXT, .offset = AS(country)},
        {.key = "registry", .type = CLI_FIELD_TEXT, .offset = AS(registry)},
        {.key = "allocated", .type = CLI_FIELD_TEXT, .offset = AS(allocated)},
    };
#undef AS
    size_t count = 0;
    const struct toml_node *array = cli_reader_tables(&load->reader, load->root, "as", &count);
    struct hops_scenario_as *as =
        (struct hops_scenario_as *)cli_arena_alloc(load->reader.arena, (count + 1) * sizeof(*as));

    for (size_t i = 0; i < count && !load->reader.failed; i++) {
        const struct toml_node *row = toml_at(array, i);
        cli_reader_table(&load->reader, row, "[[as]]", fields, sizeof(fields) / sizeof(fields[0]),
                         &as[i]);
        if (load->reader.failed) {
            return;
        }
        const struct toml_node *prefix = toml_get(row, "prefix");
        const char *text = prefix == NULL ? NULL : cli_reader_text(&load->reader, prefix, "prefix");
        if (prefix == NULL || as[i].number == 0) {
            cli_reader_fail(&load->reader, row, "AS data need prefix and number");
        } else if (text != NULL && !parse_prefix(text, &as[i].prefix, &as[i].prefix_len)) {
            cli_reader_fail(&load->reader, prefix,
                            "prefix: expected ADDRESS/LENGTH, found \"%.60s\"", text);
        }
    }
    load->out->as = as;
    load->out->as_count = count;
}

static enum hops_err fill(struct cli_scenario *scenario, const char *name, struct hops_diag *diag) {
    struct load load = {
        .reader = {.name = name, .diag = diag, .arena = &scenario->arena},
        .out = &scenario->scenario,
        .root = toml_root(scenario->doc),
    };

    scenario->scenario.seed = 1;
    cli_reader_table(&load.reader, load.root, "a scenario", root_fields,
                     sizeof(root_fields) / sizeof(root_fields[0]), &scenario->scenario);
    read_nodes(&load);
    if (!load.reader.failed) {
        read_names(&load);
        read_targets(&load);
    }
    if (!load.reader.failed) {
        read_troubles(&load);
        read_as(&load);
    }
    if (load.reader.failed) {
        return HOPS_ERR_FORMAT;
    }
    /* What is left for this are bounds that the rows above leave to it. */
    return hops_scenario_check(&scenario->scenario, diag) == HOPS_OK ? HOPS_OK : HOPS_ERR_FORMAT;
}

enum hops_err cli_scenario_parse(const char *text, size_t len, const char *name,
                                 struct cli_scenario **out, struct hops_diag *diag) {
    struct cli_scenario *scenario = (struct cli_scenario *)calloc(1, sizeof(*scenario));

    if (scenario == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "%s: out of memory", name);
    }
    enum hops_err err = toml_parse(text, len, name, &scenario->doc, diag);
    if (err == HOPS_OK) {
        err = fill(scenario, name, diag);
    } else {
        /* Messages are one line, as those of fill() are: no excerpt of the file. */
        diag->text[strcspn(diag->text, "\n")] = '\0';
    }
    if (err != HOPS_OK) {
        cli_scenario_free(scenario);
        return err;
    }
    *out = scenario;
    return HOPS_OK;
}

enum hops_err cli_scenario_load(const char *path, struct cli_scenario **out,
                                struct hops_diag *diag) {
    FILE *file = fopen(path, "rbe");
    char *text = (char *)malloc(FILE_MAX + 1);
    enum hops_err err = HOPS_ERR_SYSTEM;

    if (file == NULL || text == NULL) {
        (void)hops_diag_set(diag, err, "cannot read scenario %.200s: %s", path, strerror(errno));
        goto out;
    }
    errno = 0;
    size_t len = fread(text, 1, FILE_MAX + 1, file);
    if (ferror(file)) {
        (void)hops_diag_set(diag, err, "cannot read scenario %.200s: %s", path, strerror(errno));
    } else if (len > FILE_MAX) {
        (void)hops_diag_set(diag, err, "scenario %.200s is larger than 1 MiB", path);
    } else {
        err = cli_scenario_parse(text, len, path, out, diag);
    }
out:
    if (file != NULL) {
        (void)fclose(file); /* only read from */
    }
    free(text);
    return err;
}

enum hops_err cli_scenario_builtin(struct cli_scenario **out, struct hops_diag *diag) {
    return cli_scenario_parse((const char *)cli_scenario_demo, cli_scenario_demo_len, "demo.toml",
                              out, diag);
}

void cli_scenario_free(struct cli_scenario *scenario) {
    if (scenario != NULL) {
        toml_free(scenario->doc);
        cli_arena_done(&scenario->arena);
        free(scenario);
    }
}

const struct hops_scenario *cli_scenario_get(const struct cli_scenario *scenario) {
    return &scenario->scenario;
}

const char *cli_scenario_name(const struct hops_scenario *scenario, const struct hops_addr *addr,
                              size_t index) {
    for (size_t i = 0; i < scenario->name_count; i++) {
        if (hops_addr_equal(&scenario->names[i].addr, addr) && index-- == 0) {
            return scenario->names[i].name;
        }
    }
    return NULL;
}

static bool is_within(const struct hops_addr *addr, const struct hops_scenario_as *as) {
    size_t whole = as->prefix_len / 8;
    uint8_t mask = (uint8_t)(0xff00 >> (as->prefix_len % 8));

    if (addr->family != as->prefix.family || memcmp(addr->octets, as->prefix.octets, whole) != 0) {
        return false;
    }
    return mask == 0 || ((addr->octets[whole] ^ as->prefix.octets[whole]) & mask) == 0;
}

const struct hops_scenario_as *cli_scenario_as(const struct hops_scenario *scenario,
                                               const struct hops_addr *addr) {
    const struct hops_scenario_as *best = NULL;

    for (size_t i = 0; i < scenario->as_count; i++) {
        const struct hops_scenario_as *as = &scenario->as[i];
        if (is_within(addr, as) && (best == NULL || as->prefix_len > best->prefix_len)) {
            best = as;
        }
    }
    return best;
}
