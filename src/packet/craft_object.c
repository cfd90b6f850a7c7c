/* SPDX-License-Identifier: MIT
 *
 * Extension objects for crafted ICMP errors: the mirror image of what extension.c and
 * interface_info.c read.
 */
#include "packet/craft.h"

#include <hops/addr.h>

#include "packet/extension.h"

enum { OBJECT_HEADER_LEN = 4, MPLS_ENTRY_LEN = 4, MPLS_INCOMING_STACK = 1 };

void hops_craft_mpls(struct wr *w, const struct hops_mpls *entries, size_t count) {
    wr_be16(w, (uint16_t)(OBJECT_HEADER_LEN + count * MPLS_ENTRY_LEN));
    wr_u8(w, HOPS_EXTENSION_MPLS);
    wr_u8(w, MPLS_INCOMING_STACK);
    for (size_t i = 0; i < count; i++) {
        wr_be32(w, (entries[i].label << 12) | ((uint32_t)(entries[i].exp & 7) << 9) |
                       ((uint32_t)entries[i].bottom << 8) | entries[i].ttl);
    }
}

/* One octet of length that counts itself, the name, zeros up to a multiple of four. */
static void write_name(struct wr *w, const char *name, size_t size) {
    size_t len = strnlen(name, size - 1);
    size_t padded = (1 + len + 3) / 4 * 4;

    wr_u8(w, (uint8_t)padded);
    wr_copy(w, name, len);
    wr_fill(w, 0, padded - 1 - len);
}

void hops_craft_interface_info(struct wr *w, const struct hops_interface_info *info) {
    uint8_t *start = w->p;
    uint8_t parts = (uint8_t)((info->has_index ? HOPS_INTERFACE_HAS_INDEX : 0) |
                              (info->has_addr ? HOPS_INTERFACE_HAS_ADDR : 0) |
                              (info->has_name ? HOPS_INTERFACE_HAS_NAME : 0) |
                              (info->has_mtu ? HOPS_INTERFACE_HAS_MTU : 0));

    wr_be16(w, 0);
    wr_u8(w, HOPS_EXTENSION_INTERFACE_INFO);
    wr_u8(w, (uint8_t)((info->role << HOPS_INTERFACE_ROLE_SHIFT) | parts));
    if (info->has_index) {
        wr_be32(w, info->index);
    }
    if (info->has_addr) {
        wr_be16(w,
                info->addr.family == HOPS_IPV6 ? HOPS_INTERFACE_AFI_IPV6 : HOPS_INTERFACE_AFI_IPV4);
        wr_be16(w, 0);
        wr_copy(w, info->addr.octets, hops_addr_len(&info->addr));
    }
    if (info->has_name) {
        write_name(w, info->name, sizeof(info->name));
    }
    if (info->has_mtu) {
        wr_be32(w, info->mtu);
    }
    if (!w->bad) {
        put_be16(start, (uint16_t)(w->p - start));
    }
}
