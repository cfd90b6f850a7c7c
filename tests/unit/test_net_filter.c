/* SPDX-License-Identifier: MIT
 *
 * The socket filters, run by a small machine of our own over packets made by hand.
 */
#include "check.h"

#include "net/filter.h"

#include <string.h>

struct machine {
    const uint8_t *data;
    size_t len;
    uint32_t a;
    uint32_t x;
    bool outside; /* a load beyond the packet: the kernel refuses the packet then */
};

static uint32_t load(struct machine *m, uint64_t at, size_t size) {
    uint32_t value = 0;

    if (at + size > m->len) {
        m->outside = true;
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | m->data[at + i];
    }
    return value;
}

static bool jump(const struct machine *m, const struct sock_filter *f) {
    switch (BPF_OP(f->code)) {
    case BPF_JEQ:
        return m->a == f->k;
    case BPF_JGT:
        return m->a > f->k;
    case BPF_JGE:
        return m->a >= f->k;
    case BPF_JSET:
        return (m->a & f->k) != 0;
    default:
        fail_msg("jump %#x", f->code);
        return false;
    }
}

/* True if the packet passes. Every jump must end inside the program, at a return. */
static bool passes(const struct hops_net_filter *filter, const uint8_t *data, size_t len) {
    struct machine m = {.data = data, .len = len};

    for (size_t pc = 0; pc < filter->len; pc++) {
        const struct sock_filter *f = &filter->code[pc];

        switch (f->code) {
        case BPF_RET | BPF_K:
            return f->k != 0;
        case BPF_LD | BPF_B | BPF_IND:
            m.a = load(&m, (uint64_t)m.x + f->k, 1);
            break;
        case BPF_LD | BPF_H | BPF_IND:
            m.a = load(&m, (uint64_t)m.x + f->k, 2);
            break;
        case BPF_LDX | BPF_B | BPF_MSH:
            m.x = (load(&m, f->k, 1) & 0x0f) * 4;
            break;
        case BPF_LDX | BPF_W | BPF_IMM:
            m.x = f->k;
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            m.a &= f->k;
            break;
        default:
            if (BPF_CLASS(f->code) != BPF_JMP) {
                fail_msg("instruction %#x", f->code);
            }
            pc += jump(&m, f) ? f->jt : f->jf;
            break;
        }
        if (m.outside) {
            return false;
        }
    }
    fail_msg("ran off the end");
    return false;
}

/* A packet as the raw socket of this family sees it: IPv4 with a header of ihl words. */
static size_t wrap(enum hops_family family, size_t ihl, const uint8_t *body, size_t len,
                   uint8_t *out) {
    size_t head = family == HOPS_IPV4 ? ihl * 4 : 0;

    memset(out, 0, head);
    if (head > 0) {
        out[0] = (uint8_t)(0x40 | ihl);
    }
    memcpy(out + head, body, len);
    return head + len;
}

static void net_filter_none_lets_nothing_through(void **state) {
    static const uint8_t packet[60] = {0x45};
    struct hops_net_filter filter;

    (void)state;
    hops_net_filter_none(&filter);
    for (size_t len = 0; len <= sizeof(packet); len++) {
        check_int("none", passes(&filter, packet, len), false);
    }
}

static void net_filter_tcp_passes_answers_to_our_ports(void **state) {
    static const struct {
        const char *name;
        uint16_t from;
        uint16_t to;
        uint8_t flags;
        bool want;
    } rows[] = {
        {"SYN-ACK", 80, 33434, 0x12, true},
        {"SYN-ACK with ECN", 80, 33434, 0x52, true},
        {"RST", 80, 33500, 0x04, true},
        {"RST-ACK", 80, 33434, 0x14, true},
        {"SYN", 80, 33434, 0x02, false},
        {"ACK", 80, 33434, 0x10, false},
        {"FIN-ACK", 80, 33434, 0x11, false},
        {"PSH-ACK", 80, 33434, 0x18, false},
        {"below ours", 80, 33433, 0x12, false},
        {"above ours", 80, 33501, 0x12, false},
        {"below theirs", 79, 33434, 0x12, false},
        {"highest of theirs", 443, 33434, 0x12, true},
        {"above theirs", 444, 33434, 0x12, false},
        {"turned round", 33434, 80, 0x12, false},
    };
    static const struct hops_net_ports_span local = {33434, 33500};
    static const struct hops_net_ports_span remote = {80, 443};
    static const struct hops_net_ports_span none = {1, 0};
    static const enum hops_family families[] = {HOPS_IPV4, HOPS_IPV6};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        const enum hops_family family = families[i % 2];
        uint8_t body[20] = {(uint8_t)(rows[i / 2].from >> 8), (uint8_t)(rows[i / 2].from & 0xff),
                            (uint8_t)(rows[i / 2].to >> 8), (uint8_t)(rows[i / 2].to & 0xff)};
        uint8_t packet[80];
        struct hops_net_filter filter;
        size_t len;

        body[13] = rows[i / 2].flags;
        len = wrap(family, 6, body, sizeof(body), packet);
        hops_net_filter_tcp(&filter, family, local, remote);
        check_int(rows[i / 2].name, passes(&filter, packet, len), rows[i / 2].want);
        check_int(rows[i / 2].name, passes(&filter, packet, len - 7), false);
        hops_net_filter_tcp(&filter, family, none, none);
        check_int("no trace", passes(&filter, packet, len), false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_filter_none_lets_nothing_through),
        cmocka_unit_test(net_filter_tcp_passes_answers_to_our_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
