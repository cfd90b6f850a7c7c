/* SPDX-License-Identifier: MIT */
#include "net/header_order.h"

#include "base/bytes.h"
#include "packet/checksum.h"
#include "packet/icmp.h"
#include "packet/ipv4.h"

#include <hops/addr.h>

#include <errno.h>
#include <string.h>

#define LENGTH_AT   2
#define FRAGMENT_AT 6
#define PROTOCOL_AT 9

/* Where the two octets differ whatever the order: 256 is 1, read the other way round. */
#define TRIAL_LEN 256

static void to_host_order(uint8_t *at) {
    uint16_t value = (uint16_t)(at[0] << 8 | at[1]);

    memcpy(at, &value, sizeof(value));
}

void hops_net_order_apply(enum hops_net_order order, uint8_t *datagram, size_t len) {
    if (order == HOPS_NET_ORDER_HOST && len >= HOPS_IPV4_HEADER_LEN) {
        to_host_order(datagram + LENGTH_AT);
        to_host_order(datagram + FRAGMENT_AT);
    }
}

void hops_net_order_repair(uint8_t *datagram, size_t len) {
    size_t header;

    if (len < HOPS_IPV4_HEADER_LEN || len > UINT16_MAX) {
        return;
    }
    put_be16(datagram + LENGTH_AT, (uint16_t)len);
    put_be16(datagram + FRAGMENT_AT, 0);
    header = (size_t)(datagram[0] & 0x0f) * 4;
    if (datagram[PROTOCOL_AT] == HOPS_IPPROTO_ICMP && header >= HOPS_IPV4_HEADER_LEN &&
        len - HOPS_IPV4_HEADER_LEN >= HOPS_ICMP_HEADER_LEN &&
        len - HOPS_ICMP_HEADER_LEN >= header) {
        put_be16(datagram + header + 2, 0);
        put_be16(datagram + header + 2, hops_checksum(datagram + header, len - header));
    }
}

int hops_net_order_find(hops_net_order_try *try_send, void *user, enum hops_net_order *out) {
    static const uint8_t self[4] = {127, 0, 0, 1};
    static const enum hops_net_order orders[] = {HOPS_NET_ORDER_NETWORK, HOPS_NET_ORDER_HOST};
    const struct hops_ipv4 header = {.total_len = TRIAL_LEN,
                                     .ttl = 255,
                                     .protocol = HOPS_IPPROTO_ICMP,
                                     .src = hops_addr_ipv4(self),
                                     .dst = hops_addr_ipv4(self)};
    int os_errno = EINVAL;

    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]) && os_errno == EINVAL; i++) {
        uint8_t datagram[TRIAL_LEN] = {0};
        struct wr w = wr_make(datagram, sizeof(datagram));
        uint8_t *icmp = datagram + HOPS_IPV4_HEADER_LEN;

        hops_ipv4_write(&w, &header);
        icmp[0] = 8; /* echo request */
        put_be16(icmp + 2, hops_checksum(icmp, TRIAL_LEN - HOPS_IPV4_HEADER_LEN));
        hops_net_order_apply(orders[i], datagram, sizeof(datagram));
        os_errno = try_send(user, datagram, sizeof(datagram));
        if (os_errno == 0) {
            *out = orders[i];
        }
    }
    return os_errno;
}
