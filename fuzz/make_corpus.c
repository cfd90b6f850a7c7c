/* SPDX-License-Identifier: MIT
 *
 * Writes the seed corpora from what the crafting side makes: make_corpus fuzz/corpus. Run it again
 * when messages are added; the files are the same on every run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hops/addr.h>
#include <hops/config.h>

#include "packet/craft.h"

enum { ROOM = 2048 };

static const struct {
    const char *name;
    enum hops_family family;
    enum hops_protocol protocol;
    enum hops_strategy strategy;
} kinds[] = {
    {"icmp", HOPS_IPV4, HOPS_PROTOCOL_ICMP, HOPS_STRATEGY_CLASSIC},
    {"udp", HOPS_IPV4, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN},
    {"paris", HOPS_IPV4, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS},
    {"tcp", HOPS_IPV4, HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC},
    {"icmp", HOPS_IPV6, HOPS_PROTOCOL_ICMP, HOPS_STRATEGY_CLASSIC},
    {"dublin", HOPS_IPV6, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_DUBLIN},
    {"paris", HOPS_IPV6, HOPS_PROTOCOL_UDP, HOPS_STRATEGY_PARIS},
    {"tcp", HOPS_IPV6, HOPS_PROTOCOL_TCP, HOPS_STRATEGY_CLASSIC},
};

static const char *const layout_names[] = {"plain", "compliant", "padded", "non-compliant"};

static void write_file(const char *root, const char *target, const char *kind, const char *what,
                       const void *data, size_t len) {
    char path[4096];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s/%s-%s", root, target, kind, what);
    file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, len, file) != len || fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

/* IPv4: the datagram. IPv6: what follows the header, as the socket delivers it. */
static void write_reply(const char *root, const char *kind, const char *what, bool made,
                        const struct wr *w) {
    struct hops_craft_view view;

    if (!made || !hops_craft_look(w->start, wr_len(w), &view)) {
        return;
    }
    if (view.family == HOPS_IPV4) {
        write_file(root, "ipv4", kind, what, w->start, wr_len(w));
    } else {
        write_file(root, "icmp6", kind, what, view.transport, view.transport_len);
    }
}

static size_t make_objects(uint8_t *out) {
    static const struct hops_mpls labels[] = {{.label = 24001, .ttl = 1},
                                              {.label = 3, .exp = 2, .bottom = true, .ttl = 254}};
    struct hops_interface_info info = {.role = 2,
                                       .has_index = true,
                                       .has_addr = true,
                                       .has_name = true,
                                       .has_mtu = true,
                                       .index = 7,
                                       .name = "eth0",
                                       .mtu = 1500};
    struct wr w = wr_make(out, ROOM);

    info.addr = hops_addr_ipv4((const uint8_t[4]){203, 0, 113, 9});
    hops_craft_mpls(&w, labels, 2);
    hops_craft_interface_info(&w, &info);
    wr_be32(&w, 0x00089901);
    wr_be32(&w, 0x01020304);
    return wr_len(&w);
}

static void write_answers(const char *root, const char *kind, const uint8_t *probe, size_t len) {
    static const uint8_t payload[] = {'h', 'i'};
    uint8_t octets[ROOM];
    struct wr w = wr_make(octets, sizeof(octets));

    write_reply(root, kind, "echo-reply", hops_craft_echo_reply(probe, len, NULL, 60, &w), &w);
    w = wr_make(octets, sizeof(octets));
    write_reply(root, kind, "syn-ack", hops_craft_tcp_syn_ack(probe, len, 99, 60, &w), &w);
    w = wr_make(octets, sizeof(octets));
    write_reply(root, kind, "rst", hops_craft_tcp_rst(probe, len, 60, &w), &w);
    w = wr_make(octets, sizeof(octets));
    write_reply(root, kind, "udp-reply",
                hops_craft_udp_reply(probe, len, payload, sizeof(payload), 60, &w), &w);
}

static void write_errors(const char *root, const char *kind, enum hops_family family,
                         const uint8_t *probe, size_t len) {
    static const uint8_t router6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 9};
    static const enum hops_reply_kind errors[] = {HOPS_REPLY_TIME_EXCEEDED, HOPS_REPLY_UNREACHABLE,
                                                  HOPS_REPLY_PACKET_TOO_BIG};
    static const char *const names[] = {"time-exceeded", "unreachable", "packet-too-big"};
    uint8_t objects[ROOM];
    struct hops_craft_error error = {
        .ttl = 61, .code = 0, .mtu = 1400, .quoted_len = 64, .quoted_ttl = 1, .objects = objects};

    error.from = family == HOPS_IPV4 ? hops_addr_ipv4((const uint8_t[4]){203, 0, 113, 9})
                                     : hops_addr_ipv6(router6, 0);
    error.objects_len = make_objects(objects);
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        for (unsigned layout = 0; layout < sizeof(layout_names) / sizeof(layout_names[0]);
             layout++) {
            uint8_t octets[ROOM];
            struct wr w = wr_make(octets, sizeof(octets));
            char what[64];

            /* Each layout once is enough for all but one kind of error. */
            if (errors[i] != HOPS_REPLY_TIME_EXCEEDED && layout != 0) {
                continue;
            }
            error.kind = errors[i];
            error.layout = (enum hops_craft_layout)layout;
            (void)snprintf(what, sizeof(what), "%s-%s", names[i], layout_names[layout]);
            write_reply(root, kind, what, hops_craft_error(probe, len, &error, &w), &w);
        }
    }
}

static void write_structures(const char *root) {
    uint8_t octets[ROOM] = {0x20, 0, 0, 0};
    size_t len = 4 + make_objects(octets + 4);

    write_file(root, "extension", "structure", "all-classes", octets, len);
    write_file(root, "extension", "structure", "mpls-only", octets, 16);
    write_file(root, "extension", "structure", "header-only", octets, 4);
    write_file(root, "extension", "structure", "cut", octets, len - 3);
    octets[0] = 0x30;
    write_file(root, "extension", "structure", "version-3", octets, len);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s CORPUS-DIRECTORY\n", argv[0]);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        static const uint8_t near6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 10};
        static const uint8_t far6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 20};
        bool ipv4 = kinds[i].family == HOPS_IPV4;
        struct hops_config config = {.protocol = kinds[i].protocol,
                                     .strategy = kinds[i].strategy,
                                     .trace_id = 0x1f2e,
                                     .initial_sequence = 33434,
                                     .packet_size = 84};
        const struct hops_probe probe = {
            .ttl = 1, .sequence = 33440, .src_port = 5000, .dst_port = 33434, .ip_id = 33440};
        uint8_t octets[ROOM];
        struct wr w = wr_make(octets, sizeof(octets));

        config.source =
            ipv4 ? hops_addr_ipv4((const uint8_t[4]){192, 0, 2, 10}) : hops_addr_ipv6(near6, 0);
        config.target =
            ipv4 ? hops_addr_ipv4((const uint8_t[4]){198, 51, 100, 20}) : hops_addr_ipv6(far6, 0);
        if (!hops_craft_datagram(&config, &probe, 0x12345, &w)) {
            return EXIT_FAILURE;
        }
        write_errors(argv[1], kinds[i].name, kinds[i].family, octets, wr_len(&w));
        write_answers(argv[1], kinds[i].name, octets, wr_len(&w));
    }
    write_structures(argv[1]);
    return EXIT_SUCCESS;
}
