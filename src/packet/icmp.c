/* SPDX-License-Identifier: MIT */
#include "packet/icmp.h"

enum hops_packet_status hops_icmp_read(struct rd *r, struct hops_icmp *out) {
    struct hops_icmp h;

    h.type = rd_u8(r);
    h.code = rd_u8(r);
    h.checksum = rd_be16(r);
    rd_copy(r, h.rest, sizeof(h.rest));
    if (r->bad) {
        return HOPS_PACKET_SHORT;
    }
    *out = h;
    return HOPS_PACKET_OK;
}

void hops_icmp_write(struct wr *w, const struct hops_icmp *header) {
    wr_u8(w, header->type);
    wr_u8(w, header->code);
    wr_be16(w, header->checksum);
    wr_copy(w, header->rest, sizeof(header->rest));
}

static bool kind4(const struct hops_icmp *header, enum hops_reply_kind *out) {
    switch (header->type) {
    case HOPS_ICMP4_ECHO_REPLY:
        *out = HOPS_REPLY_ECHO;
        return true;
    case HOPS_ICMP4_UNREACHABLE:
        *out = HOPS_REPLY_UNREACHABLE;
        return true;
    case HOPS_ICMP4_TIME_EXCEEDED:
        *out = HOPS_REPLY_TIME_EXCEEDED;
        return header->code == 0;
    default:
        return false;
    }
}

static bool kind6(const struct hops_icmp *header, enum hops_reply_kind *out) {
    switch (header->type) {
    case HOPS_ICMP6_ECHO_REPLY:
        *out = HOPS_REPLY_ECHO;
        return true;
    case HOPS_ICMP6_UNREACHABLE:
        *out = HOPS_REPLY_UNREACHABLE;
        return true;
    case HOPS_ICMP6_PACKET_TOO_BIG:
        *out = HOPS_REPLY_PACKET_TOO_BIG;
        return true;
    case HOPS_ICMP6_TIME_EXCEEDED:
        *out = HOPS_REPLY_TIME_EXCEEDED;
        return header->code == 0;
    default:
        return false;
    }
}

bool hops_icmp_kind(enum hops_family family, const struct hops_icmp *header,
                    enum hops_reply_kind *out) {
    enum hops_reply_kind kind;
    bool known = family == HOPS_IPV6 ? kind6(header, &kind) : kind4(header, &kind);

    if (known) {
        *out = kind;
    }
    return known;
}

size_t hops_icmp_quoted_len(enum hops_family family, const struct hops_icmp *header) {
    return family == HOPS_IPV6 ? (size_t)header->rest[0] * 8 : (size_t)header->rest[1] * 4;
}

void hops_icmp_set_quoted_len(enum hops_family family, struct hops_icmp *header, size_t len) {
    if (family == HOPS_IPV6) {
        header->rest[0] = (uint8_t)(len / 8);
    } else {
        header->rest[1] = (uint8_t)(len / 4);
    }
}

uint16_t hops_icmp_mtu(enum hops_family family, const struct hops_icmp *header) {
    struct rd r = rd_make(header->rest, sizeof(header->rest));
    uint32_t value = rd_be32(&r);

    if (family == HOPS_IPV6) {
        if (header->type != HOPS_ICMP6_PACKET_TOO_BIG) {
            return 0;
        }
        return value > 0xffff ? 0xffff : (uint16_t)value;
    }
    if (header->type != HOPS_ICMP4_UNREACHABLE ||
        header->code != HOPS_ICMP4_CODE_FRAGMENTATION_NEEDED) {
        return 0;
    }
    return (uint16_t)(value & 0xffff);
}

void hops_icmp_set_mtu(enum hops_family family, struct hops_icmp *header, uint32_t mtu) {
    if (family == HOPS_IPV6) {
        put_be32(header->rest, mtu);
    } else {
        put_be16(header->rest + 2, (uint16_t)(mtu > 0xffff ? 0xffff : mtu));
    }
}

uint16_t hops_icmp_echo_id(const struct hops_icmp *header) {
    return (uint16_t)((header->rest[0] << 8) | header->rest[1]);
}

uint16_t hops_icmp_echo_seq(const struct hops_icmp *header) {
    return (uint16_t)((header->rest[2] << 8) | header->rest[3]);
}

void hops_icmp_set_echo(struct hops_icmp *header, uint16_t id, uint16_t seq) {
    put_be16(header->rest, id);
    put_be16(header->rest + 2, seq);
}

uint8_t hops_icmp_echo_request_type(enum hops_family family) {
    return family == HOPS_IPV6 ? HOPS_ICMP6_ECHO_REQUEST : HOPS_ICMP4_ECHO_REQUEST;
}
