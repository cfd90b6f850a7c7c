/* SPDX-License-Identifier: MIT
 *
 * [[node]]: a router or host of a scenario, with the extension objects of its ICMP errors put into
 * octets.
 */
#include "cli/scenario_read.h"

#include <hops/extension.h>

#include "packet/craft.h"

#include <stdlib.h>
#include <string.h>

#define NODE(member) offsetof(struct hops_scenario_node, member)

static const struct cli_choice nats[] = {{"none", HOPS_SCENARIO_NAT_NONE},
                                         {"stateless", HOPS_SCENARIO_NAT_STATELESS},
                                         {"stateful", HOPS_SCENARIO_NAT_STATEFUL},
                                         {NULL, 0}};

static const struct cli_choice malformations[] = {{"none", HOPS_SCENARIO_WELL_FORMED},
                                                  {"truncated", HOPS_SCENARIO_TRUNCATED},
                                                  {"bad-checksum", HOPS_SCENARIO_BAD_CHECKSUM},
                                                  {"wrong-quote", HOPS_SCENARIO_WRONG_QUOTE},
                                                  {"bad-length", HOPS_SCENARIO_BAD_LENGTH},
                                                  {"foreign", HOPS_SCENARIO_FOREIGN},
                                                  {"noise", HOPS_SCENARIO_NOISE},
                                                  {NULL, 0}};

static const struct cli_field node_fields[] = {
    {.key = "id"},
    {.key = "name"},
    {.key = "address", .type = CLI_FIELD_ADDR, .offset = NODE(addr)},
    {.key = "delay", .type = CLI_FIELD_MS, .offset = NODE(delay)},
    {.key = "jitter", .type = CLI_FIELD_MS, .offset = NODE(jitter)},
    {.key = "loss", .type = CLI_FIELD_PERCENT, .offset = NODE(loss_forward)},
    {.key = "return-loss", .type = CLI_FIELD_PERCENT, .offset = NODE(loss_return)},
    {.key = "mtu", .type = CLI_FIELD_INT, .offset = NODE(mtu), .width = 2, .min = 68, .max = 65535},
    {.key = "silent", .type = CLI_FIELD_BOOL, .offset = NODE(silent)},
    {.key = "response-delay", .type = CLI_FIELD_MS, .offset = NODE(response_delay)},
    {.key = "response-jitter", .type = CLI_FIELD_MS, .offset = NODE(response_jitter)},
    {.key = "response-loss", .type = CLI_FIELD_PERCENT, .offset = NODE(response_loss)},
    {.key = "rate", .type = CLI_FIELD_NUMBER, .offset = NODE(rate), .max = 1000000000},
    {.key = "burst",
     .type = CLI_FIELD_INT,
     .offset = NODE(burst),
     .width = 4,
     .min = 1,
     .max = 1000000},
    {.key = "reply-ttl",
     .type = CLI_FIELD_INT,
     .offset = NODE(reply_ttl),
     .width = 1,
     .min = 1,
     .max = 255},
    {.key = "quote", .type = CLI_FIELD_INT, .offset = NODE(quote), .width = 2, .max = 1232},
    {.key = "unreachable"},
    {.key = "tos"},
    {.key = "nat", .type = CLI_FIELD_CHOICE, .offset = NODE(nat), .choices = nats},
    {.key = "nat-address", .type = CLI_FIELD_ADDR, .offset = NODE(nat_addr)},
    {.key = "nat-port",
     .type = CLI_FIELD_INT,
     .offset = NODE(nat_port),
     .width = 2,
     .min = 1,
     .max = 65535},
    {.key = "mpls"},
    {.key = "interface"},
    {.key = "objects"},
    {.key = "old-extensions", .type = CLI_FIELD_BOOL, .offset = NODE(extensions_non_compliant)},
    {.key = "bad-extension-checksum",
     .type = CLI_FIELD_BOOL,
     .offset = NODE(extensions_bad_checksum)},
    {.key = "duplicate", .type = CLI_FIELD_PERCENT, .offset = NODE(duplicate)},
    {.key = "duplicate-delay", .type = CLI_FIELD_MS, .offset = NODE(duplicate_delay)},
    {.key = "straggle", .type = CLI_FIELD_PERCENT, .offset = NODE(straggle)},
    {.key = "straggle-delay", .type = CLI_FIELD_MS, .offset = NODE(straggle_delay)},
    {.key = "malformed",
     .type = CLI_FIELD_CHOICE,
     .offset = NODE(malformed),
     .choices = malformations},
    {.key = "malformed-share", .type = CLI_FIELD_PERCENT, .offset = NODE(malformed_share)},
    {.key = "malformed-extra",
     .type = CLI_FIELD_INT,
     .offset = NODE(malformed_extra),
     .width = 2,
     .max = HOPS_SCENARIO_REPLIES_PER_PROBE},
};

enum { MPLS_MAX = 16, ROLE_MAX = 3 };

static void read_mpls(struct cli_reader *reader, const struct toml_node *array, struct wr *w) {
    static const struct cli_field fields[] = {
        {.key = "label",
         .type = CLI_FIELD_INT,
         .offset = offsetof(struct hops_mpls, label),
         .width = 4,
         .max = (1 << 20) - 1},
        {.key = "exp",
         .type = CLI_FIELD_INT,
         .offset = offsetof(struct hops_mpls, exp),
         .width = 1,
         .max = 7},
        {.key = "ttl",
         .type = CLI_FIELD_INT,
         .offset = offsetof(struct hops_mpls, ttl),
         .width = 1,
         .max = 255},
    };
    struct hops_mpls entries[MPLS_MAX] = {{0}};

    if (toml_type(array) != TOML_ARRAY || toml_size(array) == 0 || toml_size(array) > MPLS_MAX) {
        cli_reader_fail(reader, array,
                        "mpls: expected 1 to %d tables {label = 0, exp = 0, ttl = 1}", MPLS_MAX);
        return;
    }
    size_t count = toml_size(array);
    for (size_t i = 0; i < count; i++) {
        entries[i].ttl = 1;
        entries[i].bottom = i + 1 == count;
        cli_reader_table(reader, toml_at(array, i), "mpls", fields,
                         sizeof(fields) / sizeof(fields[0]), &entries[i]);
    }
    if (!reader->failed) {
        hops_craft_mpls(w, entries, count);
    }
}

static void read_interface(struct cli_reader *reader, const struct toml_node *table, struct wr *w) {
    static const struct cli_choice roles[] = {
        {"incoming", 0}, {"sub-ip", 1}, {"outgoing", 2}, {"next-hop", ROLE_MAX}, {NULL, 0}};
    struct parts {
        int role;
        uint32_t index, mtu;
        struct hops_addr addr;
        const char *name;
    } parts = {0};
    static const struct cli_field fields[] = {
        {.key = "role",
         .type = CLI_FIELD_CHOICE,
         .offset = offsetof(struct parts, role),
         .choices = roles},
        {.key = "index",
         .type = CLI_FIELD_INT,
         .offset = offsetof(struct parts, index),
         .width = 4,
         .min = 1,
         .max = UINT32_MAX},
        {.key = "mtu",
         .type = CLI_FIELD_INT,
         .offset = offsetof(struct parts, mtu),
         .width = 4,
         .min = 1,
         .max = UINT32_MAX},
        {.key = "address", .type = CLI_FIELD_ADDR, .offset = offsetof(struct parts, addr)},
        {.key = "name", .type = CLI_FIELD_TEXT, .offset = offsetof(struct parts, name)},
    };
    struct hops_interface_info info = {0};

    cli_reader_table(reader, table, "interface", fields, sizeof(fields) / sizeof(fields[0]),
                     &parts);
    if (reader->failed) {
        return;
    }
    if (parts.name != NULL && strlen(parts.name) >= sizeof(info.name)) {
        cli_reader_fail(reader, table, "interface: expected a name of at most %zu octets",
                        sizeof(info.name) - 1);
        return;
    }
    info.role = (uint8_t)parts.role;
    info.has_index = parts.index != 0;
    info.index = parts.index;
    info.has_mtu = parts.mtu != 0;
    info.mtu = parts.mtu;
    info.has_addr = parts.addr.family != HOPS_FAMILY_NONE;
    info.addr = parts.addr;
    info.has_name = parts.name != NULL;
    if (parts.name != NULL) {
        memcpy(info.name, parts.name, strlen(parts.name));
    }
    hops_craft_interface_info(w, &info);
}

/* "0008 0201 01234567": whole octets in hexadecimal, blanks where you like. */
static void read_objects(struct cli_reader *reader, const struct toml_node *node, struct wr *w) {
    const char *text = cli_reader_text(reader, node, "objects");
    char pair[3] = "";
    size_t digits = 0;

    for (; text != NULL && *text != '\0'; text++) {
        if (*text == ' ') {
            continue;
        }
        if (strchr("0123456789abcdefABCDEF", *text) == NULL) {
            cli_reader_fail(reader, node, "objects: expected hexadecimal digits");
            return;
        }
        pair[digits++ % 2] = *text;
        if (digits % 2 == 0) {
            wr_u8(w, (uint8_t)strtoul(pair, NULL, 16));
        }
    }
    if (digits % 2 != 0) {
        cli_reader_fail(reader, node, "objects: expected whole octets, found half of one");
    }
}

static void read_extensions(struct cli_reader *reader, const struct toml_node *table,
                            struct hops_scenario_node *out) {
    uint8_t octets[HOPS_SCENARIO_EXTENSIONS_MAX];
    struct wr w = wr_make(octets, sizeof(octets));
    const struct toml_node *mpls = toml_get(table, "mpls");
    const struct toml_node *interface = toml_get(table, "interface");
    const struct toml_node *objects = toml_get(table, "objects");

    if (mpls != NULL) {
        read_mpls(reader, mpls, &w);
    }
    if (interface != NULL) {
        read_interface(reader, interface, &w);
    }
    if (objects != NULL) {
        read_objects(reader, objects, &w);
    }
    if (reader->failed) {
        return;
    }
    if (w.bad) {
        cli_reader_fail(reader, table, "expected at most %d octets of extension objects",
                        HOPS_SCENARIO_EXTENSIONS_MAX);
    } else if (wr_len(&w) > 0) {
        out->extensions =
            (const uint8_t *)cli_arena_copy(reader->arena, (const char *)octets, wr_len(&w));
        out->extensions_len = (uint16_t)wr_len(&w);
    }
}

void cli_scenario_read_node(struct cli_reader *reader, const struct toml_node *table,
                            struct hops_scenario_node *out, const char **out_id) {
    cli_reader_table(reader, table, "[[node]]", node_fields,
                     sizeof(node_fields) / sizeof(node_fields[0]), out);
    if (reader->failed) {
        return;
    }
    const struct toml_node *id = toml_get(table, "id");
    const struct toml_node *code = toml_get(table, "unreachable");
    const struct toml_node *tos = toml_get(table, "tos");
    int64_t value = 0;

    if (id == NULL || out->addr.family == HOPS_FAMILY_NONE) {
        cli_reader_fail(reader, table, "a node needs an id and an address");
        return;
    }
    *out_id = cli_reader_text(reader, id, "id");
    if (code != NULL && cli_reader_integer(reader, code, "unreachable", 0, 255, &value)) {
        out->unreachable = true;
        out->unreachable_code = (uint8_t)value;
    }
    if (tos != NULL && cli_reader_integer(reader, tos, "tos", 0, 255, &value)) {
        out->set_tos = true;
        out->tos = (uint8_t)value;
    }
    if (out->nat != HOPS_SCENARIO_NAT_NONE && out->nat_addr.family != out->addr.family) {
        cli_reader_fail(reader, table, "nat: expected a nat-address of the node's family");
    }
    if (out->quote != 0 && out->quote < (out->addr.family == HOPS_IPV4 ? 28 : 48)) {
        cli_reader_fail(reader, toml_get(table, "quote"),
                        "quote: expected at least 28 (IPv4) or 48 (IPv6)");
    }
    read_extensions(reader, table, out);
}
