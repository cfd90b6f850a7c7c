/* SPDX-License-Identifier: MIT
 *
 * Bytes of the fuzzer read as choices: small numbers, times, addresses, text. Past the end every
 * choice is 0, so each input means something.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <hops/addr.h>
#include <hops/types.h>

#include "base/bytes.h"

static inline bool fuzz_more(const struct rd *in) {
    return rd_left(in) > 0;
}

/* 0..count-1 */
static inline unsigned fuzz_below(struct rd *in, unsigned count) {
    return rd_u8(in) % count;
}

static inline bool fuzz_bool(struct rd *in) {
    return (rd_u8(in) & 1) != 0;
}

/* Zero to some minutes, in steps from a nanosecond up. */
static inline hops_ns fuzz_time(struct rd *in) {
    static const hops_ns units[] = {1, HOPS_US, HOPS_MS, 50 * HOPS_MS, HOPS_SEC};
    unsigned unit = fuzz_below(in, sizeof(units) / sizeof(units[0]));

    return units[unit] * rd_u8(in);
}

/* One of few addresses, so that they meet again: 198.51.100.n or 2001:db8::n. */
static inline struct hops_addr fuzz_addr(enum hops_family family, uint8_t n) {
    uint8_t octets4[4] = {198, 51, 100, n};
    uint8_t octets6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = n};

    return family == HOPS_IPV6 ? hops_addr_ipv6(octets6, 0) : hops_addr_ipv4(octets4);
}

#endif
