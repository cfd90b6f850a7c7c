/* SPDX-License-Identifier: MIT
 *
 * Extension structures: as announced, as found without announcement, with the checksum blanked so
 * that the fuzzer gets at the objects, and raw octets as an object list nobody has checked.
 */
#include "fuzz.h"

#include <string.h>

#include "packet/extension.h"

enum { SIZE_MAX_KEPT = 4096 };

static void structure(const uint8_t *data, size_t size) {
    struct hops_extensions announced;
    struct hops_extensions found;

    hops_packet_parse_extensions(data, size, &announced);
    fuzz_walk_extensions(&announced);
    if (hops_extension_read_unannounced(data, size, &found)) {
        FUZZ_CHECK(found.present && found.len == announced.len);
    } else {
        FUZZ_CHECK(!found.present);
    }
    fuzz_walk_extensions(&found);
}

static void raw_list(const uint8_t *data, size_t size) {
    struct hops_extensions list = {.present = true};
    struct hops_extension object;
    size_t offset = 0;

    list.len = (uint16_t)(size < sizeof(list.octets) ? size : sizeof(list.octets));
    memcpy(list.octets, data, list.len);
    while (hops_extension_next(&list, &offset, &object)) {
        FUZZ_CHECK(offset <= list.len);
    }
}

static void split(size_t size, uint8_t units) {
    for (size_t unit = 4; unit <= 8; unit += 4) {
        struct hops_extension_split s;
        hops_extension_split(size, units * unit, &s);

        FUZZ_CHECK(s.quoted_len <= size);
        FUZZ_CHECK(s.extension_len == 0 ||
                   (s.extension_len >= 4 && s.quoted_len <= s.extension_at &&
                    s.extension_at + s.extension_len == size));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t copy[SIZE_MAX_KEPT];

    structure(data, size);
    if (size == 0) {
        return 0;
    }
    split(size, data[0]);
    raw_list(data, size);
    if (size >= 4 && size <= sizeof(copy)) {
        memcpy(copy, data, size);
        memset(copy + 2, 0, 2);
        structure(copy, size);
    }
    return 0;
}
