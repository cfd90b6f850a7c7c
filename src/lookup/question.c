/* SPDX-License-Identifier: MIT */
#include "lookup/question.h"

#include <stdio.h>
#include <string.h>

static void reversed(const struct hops_addr *addr, const char *zone4, const char *zone6,
                     char out[LOOKUP_QUESTION_MAX]) {
    static const char digits[] = "0123456789abcdef";
    const uint8_t *o = addr->octets;

    if (addr->family == HOPS_IPV4) {
        (void)snprintf(out, LOOKUP_QUESTION_MAX, "%u.%u.%u.%u.%s", o[3], o[2], o[1], o[0], zone4);
        return;
    }
    for (size_t i = 0; i < 16; i++) {
        char *to = out + 4 * i;
        uint8_t octet = o[15 - i];
        to[0] = digits[octet & 0xf];
        to[1] = '.';
        to[2] = digits[octet >> 4];
        to[3] = '.';
    }
    (void)snprintf(out + 64, LOOKUP_QUESTION_MAX - 64, "%s", zone6);
}

void lookup_question_ptr(const struct hops_addr *addr, char out[LOOKUP_QUESTION_MAX]) {
    reversed(addr, "in-addr.arpa", "ip6.arpa", out);
}

void lookup_question_origin(const struct hops_addr *addr, char out[LOOKUP_QUESTION_MAX]) {
    reversed(addr, "origin.asn.cymru.com", "origin6.asn.cymru.com", out);
}

bool lookup_question_as(const char *number, char out[LOOKUP_QUESTION_MAX]) {
    size_t len = strlen(number);

    if (len == 0 || len > 10 || strspn(number, "0123456789") != len) {
        return false;
    }
    (void)snprintf(out, LOOKUP_QUESTION_MAX, "AS%s.asn.cymru.com", number);
    return true;
}

bool lookup_addr_is_loopback(const struct hops_addr *addr) {
    static const uint8_t one[16] = {[15] = 1};

    if (addr->family == HOPS_IPV4) {
        return addr->octets[0] == 127;
    }
    return memcmp(addr->octets, one, sizeof(one)) == 0;
}

bool lookup_addr_is_private(const struct hops_addr *addr) {
    const uint8_t *o = addr->octets;

    if (lookup_addr_is_loopback(addr) || hops_addr_is_link_local(addr)) {
        return true;
    }
    if (addr->family != HOPS_IPV4) {
        return (o[0] & 0xfe) == 0xfc;
    }
    return o[0] == 10 || (o[0] == 172 && (o[1] & 0xf0) == 16) || (o[0] == 192 && o[1] == 168) ||
           (o[0] == 100 && (o[1] & 0xc0) == 64) || (o[0] == 169 && o[1] == 254);
}
