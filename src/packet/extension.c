/* SPDX-License-Identifier: MIT */
#include "packet/extension.h"

#include "base/bytes.h"
#include "packet/checksum.h"

enum { OBJECT_HEADER_LEN = 4, MPLS_ENTRY_LEN = 4 };

void hops_extension_split(size_t payload_len, size_t quoted_len, struct hops_extension_split *out) {
    size_t at = quoted_len > HOPS_EXTENSION_QUOTE_MIN ? quoted_len : HOPS_EXTENSION_QUOTE_MIN;

    *out = (struct hops_extension_split){.quoted_len = payload_len};
    /* A length attribute that lies is worth nothing: all is quote. A quote of less than 128 octets
     * is followed by zeros up to there (RFC 4884 3). */
    if (quoted_len > payload_len || at > payload_len ||
        payload_len - at < HOPS_EXTENSION_HEADER_LEN) {
        return;
    }
    out->announced = quoted_len != 0;
    out->quoted_len = out->announced ? quoted_len : HOPS_EXTENSION_QUOTE_MIN;
    out->extension_at = at;
    out->extension_len = payload_len - at;
}

/* A checksum field of zero means that the sender computed none (RFC 4884 7). */
static bool checksum_ok(const uint8_t *data, size_t len) {
    return (data[2] == 0 && data[3] == 0) ||
           hops_checksum_fold(hops_checksum_add(0, data, len)) == 0xffff;
}

/* Copies whole objects until the end, the first bad one, or the end of the room. */
static void read_objects(struct rd *r, struct hops_extensions *out) {
    while (rd_left(r) > 0) {
        const uint8_t *object = r->p;
        uint16_t len = rd_be16(r);
        uint8_t class_num = rd_u8(r);

        rd_skip(r, 1);
        if (r->bad || len < OBJECT_HEADER_LEN) {
            out->malformed = true;
            return;
        }
        rd_skip(r, (size_t)len - OBJECT_HEADER_LEN);
        if (r->bad) {
            out->malformed = true;
            return;
        }
        if (len > sizeof(out->octets) - out->len) {
            out->truncated = true;
            return;
        }
        if (class_num == HOPS_EXTENSION_MPLS && len < OBJECT_HEADER_LEN + MPLS_ENTRY_LEN) {
            out->malformed = true;
        }
        memcpy(out->octets + out->len, object, len);
        out->len = (uint16_t)(out->len + len);
    }
}

void hops_extension_read(const uint8_t *data, size_t len, struct hops_extensions *out) {
    struct rd r = rd_make(data, len);
    uint8_t version = rd_u8(&r) >> 4;

    memset(out, 0, sizeof(*out));
    rd_skip(&r, 3);
    if (r.bad) {
        return;
    }
    out->present = true;
    if (version != HOPS_EXTENSION_VERSION) {
        return;
    }
    if (!checksum_ok(data, len)) {
        out->malformed = true;
        return;
    }
    read_objects(&r, out);
}

bool hops_extension_read_unannounced(const uint8_t *data, size_t len, struct hops_extensions *out) {
    struct hops_extensions found;
    bool right_version = len >= HOPS_EXTENSION_HEADER_LEN && data[0] >> 4 == HOPS_EXTENSION_VERSION;

    memset(out, 0, sizeof(*out));
    if (!right_version) {
        return false;
    }
    hops_extension_read(data, len, &found);
    /* Repeated pattern octets can have a right checksum by chance (30 octets of 0x22); their first
     * object then claims more octets than there are. */
    if (found.malformed && found.len == 0) {
        return false;
    }
    *out = found;
    return true;
}

bool hops_extension_next(const struct hops_extensions *extensions, size_t *offset,
                         struct hops_extension *out) {
    size_t used =
        extensions->len < sizeof(extensions->octets) ? extensions->len : sizeof(extensions->octets);
    struct rd r;
    struct hops_extension object;
    uint16_t len;

    if (*offset > used) {
        return false;
    }
    r = rd_make(extensions->octets + *offset, used - *offset);
    len = rd_be16(&r);
    object.class_num = rd_u8(&r);
    object.class_subtype = rd_u8(&r);
    if (r.bad || len < OBJECT_HEADER_LEN) {
        return false;
    }
    object.len = (uint16_t)(len - OBJECT_HEADER_LEN);
    object.payload = rd_take(&r, object.len);
    if (r.bad) {
        return false;
    }
    *offset += len;
    *out = object;
    return true;
}

bool hops_extension_next_mpls(const struct hops_extension *extension, size_t *offset,
                              struct hops_mpls *out) {
    struct rd r;
    uint32_t entry;

    if (extension->class_num != HOPS_EXTENSION_MPLS || *offset > extension->len) {
        return false;
    }
    r = rd_make(extension->payload + *offset, extension->len - *offset);
    entry = rd_be32(&r);
    if (r.bad) {
        return false;
    }
    *out = (struct hops_mpls){
        .label = entry >> 12,
        .exp = (uint8_t)((entry >> 9) & 7),
        .bottom = ((entry >> 8) & 1) != 0,
        .ttl = (uint8_t)(entry & 0xff),
    };
    /* Nothing after the bottom of the stack is a label (RFC 3032 2.1). */
    *offset = out->bottom ? extension->len : *offset + MPLS_ENTRY_LEN;
    return true;
}
