/* SPDX-License-Identifier: MIT
 *
 * Datagrams as an IPv4 raw socket delivers them: as they are, and with their length and ICMP
 * checksum put right, so that the fuzzer gets behind those checks. As probes they go through the
 * crafting side too.
 */
#include "fuzz.h"

#include <string.h>

#include <hops/addr.h>

#include "packet/checksum.h"
#include "packet/craft.h"

enum { SIZE_MAX_KEPT = 4096 };

static void parse(const uint8_t *data, size_t size) {
    struct hops_reply with;
    struct hops_reply without;
    enum hops_packet_status status;

    memset(&with, 0, sizeof(with));
    memset(&without, 0, sizeof(without));
    status = hops_packet_parse_ipv4(data, size, true, &with);
    fuzz_check_reply(status, &with);
    status = hops_packet_parse_ipv4(data, size, false, &without);
    fuzz_check_reply(status, &without);
    FUZZ_CHECK(!without.extensions.present);
}

static void repair(uint8_t *data, size_t size) {
    size_t at = (size_t)(data[0] & 0x0f) * 4;

    put_be16(data + 2, (uint16_t)size);
    if (size >= at + 4) {
        put_be16(data + at + 2, 0);
        put_be16(data + at + 2, hops_checksum(data + at, size - at));
    }
}

static void craft(const uint8_t *data, size_t size) {
    struct hops_craft_view view;
    uint8_t made[SIZE_MAX_KEPT + 64];
    struct hops_craft_error error = {
        .kind = HOPS_REPLY_TIME_EXCEEDED, .quoted_len = SIZE_MAX, .quoted_ttl = 1};

    if (!hops_craft_look(data, size, &view)) {
        return;
    }
    error.from = view.dst;
    for (int layout = HOPS_CRAFT_PLAIN; layout <= HOPS_CRAFT_NON_COMPLIANT; layout++) {
        struct wr w = wr_make(made, sizeof(made));

        error.layout = (enum hops_craft_layout)layout;
        if (hops_craft_error(data, size, &error, &w) && view.family == HOPS_IPV4) {
            parse(made, wr_len(&w));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t copy[SIZE_MAX_KEPT];

    parse(data, size);
    craft(data, size);
    if (size >= 20 && size <= sizeof(copy)) {
        memcpy(copy, data, size);
        repair(copy, size);
        parse(copy, size);
    }
    return 0;
}
