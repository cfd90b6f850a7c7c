/* SPDX-License-Identifier: MIT */
#include "sim/answer.h"

#include "packet/craft.h"
#include "packet/ipv4.h"

enum {
    ICMP_CHECKSUM = 2,
    UDP_CHECKSUM = 6,
    TCP_CHECKSUM = 16,
    ICMP_ID = 4,
    IPV4_LENGTH = 2,
    IPV6_LENGTH = 4,
    FOREIGN_BITS = 0x55
};

static bool write_error(const struct hops_sim_draft *draft, bool lie, struct wr *w) {
    static const uint8_t lying_object[] = {0, 252, 1, 1}; /* claims 252 octets, has none */
    const struct hops_scenario_node *node = draft->node;
    struct hops_craft_error error = {
        .kind = draft->kind,
        .code = draft->code,
        .from = node->addr,
        .ttl = draft->ttl,
        .mtu = draft->mtu,
        .quoted_len = node->quote != 0 ? node->quote : SIZE_MAX,
        .objects = lie ? lying_object : node->extensions,
        .objects_len = lie ? sizeof(lying_object) : node->extensions_len,
        .extension_sum =
            node->extensions_bad_checksum ? HOPS_CRAFT_SUM_WRONG : HOPS_CRAFT_SUM_RIGHT,
    };

    /* RFC 4884 section 4: packet too big has no length attribute, so no extensions either. */
    if (error.objects_len > 0 && draft->kind != HOPS_REPLY_PACKET_TOO_BIG) {
        error.layout =
            node->extensions_non_compliant ? HOPS_CRAFT_NON_COMPLIANT : HOPS_CRAFT_COMPLIANT;
    }
    return hops_craft_error(draft->about.octets, draft->about.len, &error, w);
}

static bool write_answer(const struct hops_sim_draft *draft, bool lie, struct rng *rng,
                         struct wr *w) {
    static const uint8_t payload[] = {'p', 'o', 'n', 'g'};
    const uint8_t *probe = draft->about.octets;
    size_t len = draft->about.len;

    switch (draft->answer) {
    case HOPS_SIM_ANSWER_ERROR:
        return write_error(draft, lie, w);
    case HOPS_SIM_ANSWER_ECHO:
        return hops_craft_echo_reply(probe, len, NULL, draft->ttl, w);
    case HOPS_SIM_ANSWER_SYN_ACK:
        return hops_craft_tcp_syn_ack(probe, len, (uint32_t)rng_next(rng), draft->ttl, w);
    case HOPS_SIM_ANSWER_RST:
        return hops_craft_tcp_rst(probe, len, draft->ttl, w);
    case HOPS_SIM_ANSWER_DATAGRAM:
        return hops_craft_udp_reply(probe, len, payload, sizeof(payload), draft->ttl, w);
    case HOPS_SIM_ANSWER_NONE:
        break;
    }
    return false;
}

/* Makes the subject of the answer somebody else's probe: both ports, or the echo identifier. */
static void make_foreign(struct hops_sim_packet *about) {
    size_t transport = hops_sim_header_len(about->family);
    uint8_t protocol = hops_sim_packet_protocol(about);
    bool ports = protocol == HOPS_IPPROTO_UDP || protocol == HOPS_IPPROTO_TCP;
    size_t from = transport + (ports ? 0 : ICMP_ID);
    size_t to = transport + (ports ? 4 : ICMP_ID + 2);

    for (size_t i = from; i < to && i < about->len; i++) {
        about->octets[i] ^= FOREIGN_BITS;
    }
}

static void cut(struct hops_sim_packet *packet, struct rng *rng) {
    size_t head = hops_sim_header_len(packet->family);

    packet->len = head + (size_t)(rng_next(rng) % (packet->len - head));
    if (packet->family == HOPS_IPV4) {
        put_be16(packet->octets + IPV4_LENGTH, (uint16_t)packet->len);
    } else {
        put_be16(packet->octets + IPV6_LENGTH, (uint16_t)(packet->len - head));
    }
}

/* What is spoilt on the finished datagram. */
static void spoil(struct hops_sim_packet *packet, enum hops_scenario_malformed malformed,
                  struct rng *rng) {
    size_t head = hops_sim_header_len(packet->family);
    uint8_t protocol = hops_sim_packet_protocol(packet);
    size_t checksum = protocol == HOPS_IPPROTO_UDP   ? UDP_CHECKSUM
                      : protocol == HOPS_IPPROTO_TCP ? TCP_CHECKSUM
                                                     : ICMP_CHECKSUM;

    if (malformed == HOPS_SCENARIO_TRUNCATED) {
        cut(packet, rng);
    } else if (malformed == HOPS_SCENARIO_BAD_CHECKSUM) {
        packet->octets[head + checksum] ^= FOREIGN_BITS;
    } else if (malformed == HOPS_SCENARIO_NOISE) {
        for (size_t i = head; i < packet->len; i++) {
            packet->octets[i] = (uint8_t)(rng_next(rng) >> 32);
        }
    }
}

bool hops_sim_answer_write(const struct hops_sim_draft *draft,
                           enum hops_scenario_malformed malformed, struct rng *rng,
                           struct hops_sim_packet *out) {
    struct wr w = wr_make(out->octets, sizeof(out->octets));
    struct hops_sim_draft d = *draft;
    bool quotes = d.answer == HOPS_SIM_ANSWER_ERROR;

    if (malformed == HOPS_SCENARIO_FOREIGN || (malformed == HOPS_SCENARIO_WRONG_QUOTE && !quotes)) {
        make_foreign(&d.about);
    } else if (malformed == HOPS_SCENARIO_WRONG_QUOTE) {
        d.about.octets[hops_sim_header_len(d.about.family) - 1] ^= FOREIGN_BITS; /* destination */
    }
    if (!write_answer(&d, malformed == HOPS_SCENARIO_BAD_LENGTH, rng, &w)) {
        return false;
    }
    out->family = d.about.family;
    out->len = wr_len(&w);
    hops_sim_readdress(out, &d.to); /* a quoted source may be a translator's */
    spoil(out, malformed, rng);
    return true;
}
