/* SPDX-License-Identifier: MIT */
#include <hops/addr.h>

#include "base/rng.h"

#include <stdio.h>
#include <string.h>

struct hops_addr hops_addr_ipv4(const uint8_t octets[4]) {
    struct hops_addr addr = {.family = HOPS_IPV4};

    memcpy(addr.octets, octets, 4);
    return addr;
}

struct hops_addr hops_addr_ipv6(const uint8_t octets[16], uint32_t scope) {
    struct hops_addr addr = {.family = HOPS_IPV6, .scope = scope};

    memcpy(addr.octets, octets, 16);
    return addr;
}

size_t hops_addr_len(const struct hops_addr *addr) {
    switch (addr->family) {
    case HOPS_IPV4:
        return 4;
    case HOPS_IPV6:
        return 16;
    default:
        return 0;
    }
}

bool hops_addr_is_link_local(const struct hops_addr *addr) {
    return addr->family == HOPS_IPV6 && addr->octets[0] == 0xfe && (addr->octets[1] & 0xc0) == 0x80;
}

bool hops_addr_equal(const struct hops_addr *a, const struct hops_addr *b) {
    if (a->family != b->family || memcmp(a->octets, b->octets, hops_addr_len(a)) != 0) {
        return false;
    }
    return !hops_addr_is_link_local(a) || a->scope == 0 || b->scope == 0 || a->scope == b->scope;
}

uint64_t hops_addr_hash(const struct hops_addr *addr, uint64_t seed) {
    uint64_t words[2] = {0, 0};

    memcpy(words, addr->octets, hops_addr_len(addr));
    return rng_mix(rng_mix(rng_mix(seed ^ addr->family) ^ words[0]) ^ words[1]);
}

/* Text to octets. */

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/* Four decimal parts without leading zeros, up to the end of the text. */
static bool parse_dotted_quad(const char *text, uint8_t out[4]) {
    for (int part = 0; part < 4; part++) {
        unsigned value = 0;
        int digits = 0;

        while (*text >= '0' && *text <= '9') {
            if (digits > 0 && value == 0) {
                return false;
            }
            value = value * 10 + (unsigned)(*text - '0');
            if (++digits > 3 || value > 255) {
                return false;
            }
            text++;
        }
        if (digits == 0 || *text != (part == 3 ? '\0' : '.')) {
            return false;
        }
        out[part] = (uint8_t)value;
        text++;
    }
    return true;
}

/* One group of one to four hex digits; moves *text past it. */
static bool parse_group(const char **text, uint8_t out[2]) {
    unsigned value = 0;
    int digits = 0;

    for (int d = hex_digit(**text); d >= 0; d = hex_digit(**text)) {
        if (++digits > 4) {
            return false;
        }
        value = value << 4 | (unsigned)d;
        (*text)++;
    }
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)(value & 0xff);
    return digits > 0;
}

static bool parse_ipv6(const char *text, uint8_t out[16]) {
    uint8_t octets[16] = {0};
    size_t used = 0;
    size_t gap = SIZE_MAX; /* where "::" stands */

    if (text[0] == ':' && text[1] != ':') {
        return false;
    }
    while (*text != '\0') {
        if (text[0] == ':' && text[1] == ':') {
            if (gap != SIZE_MAX) {
                return false;
            }
            gap = used;
            text += 2;
            continue;
        }
        if (*text == ':') {
            text++;
        }
        if (used <= 12 && strchr(text, ':') == NULL && parse_dotted_quad(text, octets + used)) {
            used += 4;
            break;
        }
        if (used == 16 || !parse_group(&text, octets + used)) {
            return false;
        }
        used += 2;
        if (*text != '\0' && *text != ':') {
            return false;
        }
        if (text[0] == ':' && text[1] == '\0') {
            return false;
        }
    }
    if (gap == SIZE_MAX ? used != 16 : used > 14) {
        return false;
    }
    if (gap != SIZE_MAX) {
        size_t tail = used - gap;
        memmove(octets + 16 - tail, octets + gap, tail);
        memset(octets + gap, 0, 16 - used);
    }
    memcpy(out, octets, 16);
    return true;
}

bool hops_addr_parse(const char *text, struct hops_addr *out) {
    uint8_t octets[16];

    if (parse_dotted_quad(text, octets)) {
        *out = hops_addr_ipv4(octets);
        return true;
    }
    if (parse_ipv6(text, octets)) {
        *out = hops_addr_ipv6(octets, 0);
        return true;
    }
    return false;
}

/* Octets to text. */

static bool is_ipv4_mapped(const uint8_t o[16]) {
    static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

    return memcmp(o, prefix, sizeof(prefix)) == 0;
}

/* The first longest run of zero groups; len 0 if no run has two. */
static void longest_zero_run(const uint8_t o[16], int *start, int *len) {
    int run = 0;

    *start = -1;
    *len = 0;
    for (int g = 0; g < 8; g++) {
        run = o[2 * g] == 0 && o[2 * g + 1] == 0 ? run + 1 : 0;
        if (run >= 2 && run > *len) {
            *len = run;
            *start = g - run + 1;
        }
    }
}

static void format_ipv6(const uint8_t o[16], char *out, size_t size) {
    size_t at = 0;
    int start;
    int len;

    if (is_ipv4_mapped(o)) {
        (void)snprintf(out, size, "::ffff:%u.%u.%u.%u", o[12], o[13], o[14], o[15]);
        return;
    }
    longest_zero_run(o, &start, &len);
    for (int g = 0; g < 8;) {
        if (g == start) {
            at += (size_t)snprintf(out + at, size - at, "::");
            g += len;
            continue;
        }
        const char *colon = g == 0 || (start >= 0 && g == start + len) ? "" : ":";
        at += (size_t)snprintf(out + at, size - at, "%s%x", colon,
                               (unsigned)(o[2 * g] << 8 | o[2 * g + 1]));
        g++;
    }
}

char *hops_addr_format(const struct hops_addr *addr, char out[HOPS_ADDR_TEXT_MAX]) {
    const uint8_t *o = addr->octets;

    switch (addr->family) {
    case HOPS_IPV4:
        (void)snprintf(out, HOPS_ADDR_TEXT_MAX, "%u.%u.%u.%u", o[0], o[1], o[2], o[3]);
        break;
    case HOPS_IPV6:
        format_ipv6(o, out, HOPS_ADDR_TEXT_MAX);
        break;
    default:
        out[0] = '\0';
        break;
    }
    return out;
}
