/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <string.h>

void fuzz_walk_extensions(const struct hops_extensions *extensions) {
    struct hops_extension object;
    size_t offset = 0;

    FUZZ_CHECK(extensions->len <= sizeof(extensions->octets));
    FUZZ_CHECK(extensions->present || extensions->len == 0);
    while (hops_extension_next(extensions, &offset, &object)) {
        struct hops_mpls entry;
        struct hops_interface_info info;
        size_t at = 0;

        FUZZ_CHECK(object.payload >= extensions->octets);
        FUZZ_CHECK(object.payload + object.len <= extensions->octets + extensions->len);
        while (hops_extension_next_mpls(&object, &at, &entry)) {
            FUZZ_CHECK(entry.label <= 0xfffff && entry.exp <= 7 && at <= object.len);
        }
        if (hops_extension_interface_info(&object, &info)) {
            FUZZ_CHECK(memchr(info.name, '\0', sizeof(info.name)) != NULL);
        }
    }
    /* The parser keeps whole objects only. */
    FUZZ_CHECK(offset == extensions->len);
}

void fuzz_check_reply(enum hops_packet_status status, const struct hops_reply *reply) {
    static const uint8_t zero[sizeof(struct hops_reply)];

    if (status != HOPS_PACKET_OK) {
        /* not a comparison of values: no octet may have been touched, padding included */
        FUZZ_CHECK(memcmp((const void *)reply, zero, sizeof(zero)) == 0);
        return;
    }
    FUZZ_CHECK(reply->responder.family != HOPS_FAMILY_NONE);
    FUZZ_CHECK(reply->quote.dst.family == reply->responder.family);
    FUZZ_CHECK(reply->quote.udp_len >= 8);
    FUZZ_CHECK(reply->quote.tos >= -1 && reply->quote.tos <= 255);
    FUZZ_CHECK(reply->quote.ttl >= -1 && reply->quote.ttl <= 255);
    FUZZ_CHECK(reply->when == 0 && !reply->known_probe && !reply->coarse);
    fuzz_walk_extensions(&reply->extensions);
}
