/* SPDX-License-Identifier: MIT */
#include "net/filter.h"

#include <assert.h>
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* linux/icmp.h, which has these two, cannot be included beside the C library's ICMP headers. */
#define ICMP_FILTER_OPTION 1
struct icmp_filter_blocked {
    uint32_t types; /* bit set: this type is not delivered */
};

enum {
    ICMP4_ECHO_REPLY = 0,
    ICMP4_UNREACHABLE = 3,
    ICMP4_TIME_EXCEEDED = 11,
    TCP_RST = 0x04,
    TCP_SYN_ACK = 0x12
};

/* Jump targets that finish() replaces by the distance to the two return instructions. */
enum { NEXT = 0, ACCEPT = 254, DROP = 255 };

static void emit(struct hops_net_filter *f, unsigned code, uint32_t k, uint8_t jt, uint8_t jf) {
    assert(f->len < HOPS_NET_FILTER_MAX);
    f->code[f->len++] = (struct sock_filter){.code = (uint16_t)code, .jt = jt, .jf = jf, .k = k};
}

static uint8_t distance(uint8_t target, size_t from, size_t drop) {
    switch (target) {
    case ACCEPT:
        return (uint8_t)(drop + 1 - from - 1);
    case DROP:
        return (uint8_t)(drop - from - 1);
    default:
        return target;
    }
}

static void finish(struct hops_net_filter *f) {
    const size_t drop = f->len;

    for (size_t i = 0; i < drop; i++) {
        if (BPF_CLASS(f->code[i].code) == BPF_JMP) {
            f->code[i].jt = distance(f->code[i].jt, i, drop);
            f->code[i].jf = distance(f->code[i].jf, i, drop);
        }
    }
    emit(f, BPF_RET | BPF_K, 0, 0, 0);
    emit(f, BPF_RET | BPF_K, UINT32_MAX, 0, 0);
}

/* Sets X to where the transport header begins: raw IPv4 sockets see the IP header, raw IPv6 sockets
 * do not. */
static void find_transport(struct hops_net_filter *f, enum hops_family family) {
    if (family == HOPS_IPV4) {
        emit(f, BPF_LDX | BPF_B | BPF_MSH, 0, 0, 0);
    } else {
        emit(f, BPF_LDX | BPF_IMM, 0, 0, 0); /* BPF_W is 0 */
    }
}

void hops_net_filter_none(struct hops_net_filter *out) {
    *out = (struct hops_net_filter){.len = 0};
    emit(out, BPF_RET | BPF_K, 0, 0, 0);
}

static void emit_span(struct hops_net_filter *f, uint32_t offset, struct hops_net_ports_span span) {
    emit(f, BPF_LD | BPF_H | BPF_IND, offset, 0, 0);
    emit(f, BPF_JMP | BPF_JGE | BPF_K, span.lo, NEXT, DROP);
    emit(f, BPF_JMP | BPF_JGT | BPF_K, span.hi, DROP, NEXT);
}

void hops_net_filter_tcp(struct hops_net_filter *out, enum hops_family family,
                         struct hops_net_ports_span local, struct hops_net_ports_span remote) {
    *out = (struct hops_net_filter){.len = 0};
    find_transport(out, family);
    emit_span(out, 0, remote);
    emit_span(out, 2, local);
    emit(out, BPF_LD | BPF_B | BPF_IND, 13, 0, 0);
    emit(out, BPF_JMP | BPF_JSET | BPF_K, TCP_RST, ACCEPT, NEXT);
    emit(out, BPF_ALU | BPF_AND | BPF_K, TCP_SYN_ACK, 0, 0);
    emit(out, BPF_JMP | BPF_JEQ | BPF_K, TCP_SYN_ACK, ACCEPT, NEXT);
    finish(out);
}

int hops_net_filter_attach(int fd, const struct hops_net_filter *filter) {
    struct hops_net_filter copy = *filter; /* struct sock_fprog wants a pointer to non-const */
    struct sock_fprog program = {.len = copy.len, .filter = copy.code};

    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0 ? 0 : errno;
}

int hops_net_filter_icmp_none(int fd, enum hops_family family) {
    if (family == HOPS_IPV4) {
        const struct icmp_filter_blocked all = {.types = UINT32_MAX};

        return setsockopt(fd, SOL_RAW, ICMP_FILTER_OPTION, &all, sizeof(all)) == 0 ? 0 : errno;
    }

    struct icmp6_filter none;

    ICMP6_FILTER_SETBLOCKALL(&none);
    return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &none, sizeof(none)) == 0 ? 0 : errno;
}

int hops_net_filter_icmp(int fd, enum hops_family family, bool echo) {
    if (family == HOPS_IPV4) {
        uint32_t pass = 1U << ICMP4_UNREACHABLE | 1U << ICMP4_TIME_EXCEEDED;
        struct icmp_filter_blocked filter = {.types =
                                                 ~(pass | (echo ? 1U << ICMP4_ECHO_REPLY : 0))};

        return setsockopt(fd, SOL_RAW, ICMP_FILTER_OPTION, &filter, sizeof(filter)) == 0 ? 0
                                                                                         : errno;
    }

    struct icmp6_filter filter;

    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &filter);
    ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &filter);
    ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &filter);
    if (echo) {
        ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
    }
    return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) == 0 ? 0 : errno;
}
