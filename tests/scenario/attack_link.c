/* SPDX-License-Identifier: MIT */
#include "attack_link.h"

#include <hops/addr.h>
#include <hops/link.h>

#include <string.h>

#include "base/bytes.h"
#include "packet/checksum.h"
#include "packet/craft.h"
#include "packet/parse.h"

enum { TARGET = 200, OURS = 250, ICMP4 = 1, TCP = 6, UDP = 17, ICMP6 = 58, IPV6_HEADER = 40 };

struct hops_addr attack_addr(enum hops_family family, uint8_t n) {
    const uint8_t octets4[4] = {192, 0, 2, n};
    const uint8_t octets6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = n};

    return family == HOPS_IPV4 ? hops_addr_ipv4(octets4) : hops_addr_ipv6(octets6, 0);
}

/* The link. */

static struct attack_link *of(struct hops_link *link) {
    return (struct attack_link *)(void *)link;
}

static enum hops_err on_attach(struct hops_link *link, struct hops_config *config, hops_ns now,
                               uint32_t *out_attachment, struct hops_diag *diag) {
    (void)now;
    (void)diag;
    config->source = attack_addr((enum hops_family)config->target.family, OURS);
    of(link)->config = *config;
    *out_attachment = 0;
    return HOPS_OK;
}

static void on_detach(struct hops_link *link, uint32_t attachment) {
    (void)link;
    (void)attachment;
}

static struct hops_send_result on_send(struct hops_link *link, uint32_t attachment,
                                       const struct hops_probe *probe, hops_ns now) {
    struct attack_link *net = of(link);

    (void)attachment;
    if (net->probe_count < ATTACK_PROBES_MAX) {
        struct attack_probe *kept = &net->probes[net->probe_count++];
        struct wr w = wr_make(kept->octets, sizeof(kept->octets));
        kept->probe = *probe;
        assert_true(hops_craft_datagram(&net->config, probe, 0x12345, &w));
        kept->len = wr_len(&w);
    }
    return (struct hops_send_result){.status = HOPS_SEND_OK, .when = now};
}

/* As raw sockets: IPv4 with its header, IPv6 without, its addresses from the socket. */
static enum hops_packet_status parse(const struct attack_datagram *d, struct hops_reply *out) {
    const uint8_t *octets = check_guarded(d->octets, d->len);

    if (d->octets[0] >> 4 != 6) {
        return hops_packet_parse_ipv4(octets, d->len, true, out);
    }
    struct hops_addr from = hops_addr_ipv6(octets + 8, 0);
    struct hops_addr to = hops_addr_ipv6(octets + 24, 0);
    const uint8_t *payload = octets + IPV6_HEADER;
    size_t len = d->len - IPV6_HEADER;
    switch (octets[6]) {
    case ICMP6:
        return hops_packet_parse_icmp6(payload, len, &from, &to, octets[7], true, out);
    case TCP:
        return hops_packet_parse_tcp(payload, len, &from, &to, octets[7], out);
    case UDP:
        return hops_packet_parse_udp(payload, len, &from, &to, octets[7], out);
    default:
        return HOPS_PACKET_IGNORED;
    }
}

static bool on_receive(struct hops_link *link, hops_ns now, struct hops_inbound *out) {
    struct attack_link *net = of(link);

    while (net->queued > 0) {
        struct hops_reply reply;
        enum hops_packet_status status = parse(&net->queue[0], &reply);
        net->queued--;
        memmove(&net->queue[0], &net->queue[1], net->queued * sizeof(net->queue[0]));
        net->counters.received++;
        if (status == HOPS_PACKET_OK) {
            reply.when = now;
            *out = (struct hops_inbound){.kind = HOPS_INBOUND_REPLY,
                                         .attachment = HOPS_ATTACHMENT_ANY,
                                         .when = now,
                                         .reply = reply};
            return true;
        }
        *(status == HOPS_PACKET_IGNORED ? &net->counters.ignored : &net->counters.malformed) += 1;
    }
    return false;
}

static void on_release(struct hops_link *link, uint32_t attachment, uint32_t probe_id) {
    (void)link;
    (void)attachment;
    (void)probe_id;
}

static int on_fd(const struct hops_link *link) {
    (void)link;
    return -1;
}

static hops_ns on_deadline(const struct hops_link *link) {
    const struct attack_link *net = (const struct attack_link *)(const void *)link;

    return net->queued > 0 ? 0 : HOPS_NEVER;
}

static void on_counters(const struct hops_link *link, struct hops_link_counters *out) {
    *out = ((const struct attack_link *)(const void *)link)->counters;
}

static void on_close(struct hops_link *link) {
    (void)link;
}

static const struct hops_link_ops ops = {.attach = on_attach,
                                         .detach = on_detach,
                                         .send = on_send,
                                         .receive = on_receive,
                                         .release = on_release,
                                         .fd = on_fd,
                                         .deadline = on_deadline,
                                         .counters = on_counters,
                                         .close = on_close};

/* The trace. */

static void take_events(struct attack *a) {
    struct hops_event event;

    while (hops_run_next_event(a->run, &event)) {
        hops_stats_apply(a->stats, &event);
        a->sent += event.kind == HOPS_EVENT_SENT;
        if (event.kind == HOPS_EVENT_REPLY) {
            a->replies++;
            a->last_reply = event;
        }
    }
}

void attack_start(struct attack *a, enum hops_family family, enum hops_protocol protocol) {
    struct hops_config config;
    struct hops_stats_config stats;
    struct hops_diag diag = {.text = ""};
    uint32_t number;

    memset(a, 0, sizeof(*a));
    a->net.link.ops = &ops;
    hops_config_init(&config);
    config.target = attack_addr(family, TARGET);
    config.protocol = protocol;
    config.trace_id = 0x1f2e;
    config.token = 0x123456789abcdef;
    config.max_ttl = 8;
    config.max_rounds = 2;
    config.extensions = true;
    config.packet_size = 84;
    if (protocol != HOPS_PROTOCOL_ICMP) {
        config.direction = HOPS_PORTS_FIXED_TARGET;
        config.target_port = protocol == HOPS_PROTOCOL_TCP ? 443 : 33434;
    }
    assert_int_equal(hops_run_new(&a->net.link, HOPS_CLOCK_VIRTUAL, NULL, &a->run), HOPS_OK);
    hops_stats_config_init(&stats);
    assert_int_equal(hops_stats_new(&stats, 1, NULL, &a->stats), HOPS_OK);
    if (hops_run_add(a->run, &config, &number, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    take_events(a);
    assert_int_equal(a->sent, 8);
}

void attack_end(struct attack *a) {
    hops_stats_free(a->stats);
    hops_run_free(a->run);
}

const struct attack_probe *attack_probe(const struct attack *a, uint8_t ttl) {
    for (size_t i = 0; i < a->net.probe_count; i++) {
        if (a->net.probes[i].probe.round == 0 && a->net.probes[i].probe.ttl == ttl) {
            return &a->net.probes[i];
        }
    }
    fail_msg("no probe of TTL %u", ttl);
    return NULL;
}

void attack_deliver(struct attack *a, const struct attack_datagram *datagram) {
    assert_true(a->net.queued < ATTACK_QUEUE_MAX);
    a->net.queue[a->net.queued++] = *datagram;
    take_events(a);
}

void attack_pass(struct attack *a, hops_ns until) {
    while (hops_run_now(a->run) < until && !hops_run_done(a->run)) {
        if (hops_run_wait(a->run, NULL, 0, until) != HOPS_OK) {
            return;
        }
        take_events(a);
    }
}

/* Checksums. */

static void sum(uint8_t *message, size_t len, size_t at, uint64_t pseudo) {
    put_be16(message + at, 0);
    put_be16(message + at, hops_checksum_finish(hops_checksum_add(pseudo, message, len)));
}

void attack_repair(struct attack_datagram *d) {
    bool ipv4 = d->octets[0] >> 4 == 4;
    size_t header = ipv4 ? (size_t)(d->octets[0] & 15) * 4 : IPV6_HEADER;
    uint8_t protocol = d->octets[ipv4 ? 9 : 6];
    uint8_t *message = d->octets + header;
    size_t len = d->len - header;
    struct hops_addr from =
        ipv4 ? hops_addr_ipv4(d->octets + 12) : hops_addr_ipv6(d->octets + 8, 0);
    struct hops_addr to = ipv4 ? hops_addr_ipv4(d->octets + 16) : hops_addr_ipv6(d->octets + 24, 0);
    uint64_t pseudo = protocol == ICMP4 ? 0 : hops_checksum_pseudo(&from, &to, protocol, len);

    put_be16(d->octets + (ipv4 ? 2 : 4), (uint16_t)(ipv4 ? d->len : len));
    if (ipv4) {
        sum(d->octets, header, 10, 0);
    }
    if (len >= 8) {
        sum(message, len, protocol == TCP ? 16 : protocol == UDP ? 6 : 2, pseudo);
    }
}
