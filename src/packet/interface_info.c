/* SPDX-License-Identifier: MIT
 *
 * Interface information objects (RFC 5837): a bit in the subtype for each part, the parts in a
 * fixed order.
 */
#include <hops/extension.h>

#include "base/bytes.h"
#include "packet/extension.h"

static bool read_addr(struct rd *r, struct hops_addr *out) {
    uint16_t afi = rd_be16(r);
    uint8_t octets[16];

    rd_skip(r, 2);
    if (afi == HOPS_INTERFACE_AFI_IPV4) {
        rd_copy(r, octets, 4);
        *out = hops_addr_ipv4(octets);
    } else if (afi == HOPS_INTERFACE_AFI_IPV6) {
        rd_copy(r, octets, 16);
        *out = hops_addr_ipv6(octets, 0);
    } else {
        return false;
    }
    return !r->bad;
}

/* One octet of length that counts itself, then the name, padded with zeros. At most 64 octets. */
static bool read_name(struct rd *r, char *out, size_t size) {
    uint8_t len = rd_u8(r);

    if (len < 1 || len > size) {
        return false;
    }
    rd_copy(r, out, (size_t)len - 1);
    out[len - 1] = '\0';
    return !r->bad;
}

bool hops_extension_interface_info(const struct hops_extension *extension,
                                   struct hops_interface_info *out) {
    struct hops_interface_info info = {.role =
                                           extension->class_subtype >> HOPS_INTERFACE_ROLE_SHIFT};
    struct rd r = rd_make(extension->payload, extension->len);

    if (extension->class_num != HOPS_EXTENSION_INTERFACE_INFO) {
        return false;
    }
    if ((extension->class_subtype & HOPS_INTERFACE_HAS_INDEX) != 0) {
        info.has_index = true;
        info.index = rd_be32(&r);
    }
    if ((extension->class_subtype & HOPS_INTERFACE_HAS_ADDR) != 0) {
        info.has_addr = read_addr(&r, &info.addr);
        if (!info.has_addr) {
            return false;
        }
    }
    if ((extension->class_subtype & HOPS_INTERFACE_HAS_NAME) != 0) {
        info.has_name = read_name(&r, info.name, sizeof(info.name));
        if (!info.has_name) {
            return false;
        }
    }
    if ((extension->class_subtype & HOPS_INTERFACE_HAS_MTU) != 0) {
        info.has_mtu = true;
        info.mtu = rd_be32(&r);
    }
    if (r.bad || rd_left(&r) != 0) {
        return false;
    }
    *out = info;
    return true;
}
