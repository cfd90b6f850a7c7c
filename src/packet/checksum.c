/* SPDX-License-Identifier: MIT */
#include "packet/checksum.h"

#include <hops/addr.h>

uint64_t hops_checksum_add(uint64_t sum, const void *data, size_t len) {
    const uint8_t *p = (const uint8_t *)data;

    for (; len >= 2; len -= 2, p += 2) {
        sum += ((unsigned)p[0] << 8) | p[1];
    }
    if (len == 1) {
        sum += (unsigned)p[0] << 8;
    }
    return sum;
}

uint64_t hops_checksum_pseudo(const struct hops_addr *src, const struct hops_addr *dst,
                              uint8_t protocol, size_t len) {
    uint64_t sum = 0;

    sum = hops_checksum_add(sum, src->octets, hops_addr_len(src));
    sum = hops_checksum_add(sum, dst->octets, hops_addr_len(dst));
    /* The IPv6 length field has 32 bits; adding the number is adding its two halves. */
    return sum + protocol + len;
}

uint16_t hops_checksum_fold(uint64_t sum) {
    while (sum > 0xffff) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)sum;
}

uint16_t hops_checksum_finish(uint64_t sum) {
    return (uint16_t)(~hops_checksum_fold(sum) & 0xffff);
}

uint16_t hops_checksum(const void *data, size_t len) {
    if (len == 0) {
        return 0;
    }
    return hops_checksum_finish(hops_checksum_add(0, data, len));
}

uint16_t hops_checksum_finish_udp(uint64_t sum) {
    uint16_t checksum = hops_checksum_finish(sum);

    return checksum == 0 ? 0xffff : checksum;
}
