/* SPDX-License-Identifier: MIT
 *
 * What an attacker can send, and what becomes of it: one case for each row of docs/attacks.md,
 * under the name it has there. Each case sends one datagram about the probe of TTL 3 (or about
 * none), which must be dealt with in exactly one way; over both families, unless a header exists in
 * one only.
 */
#include "attack_link.h"

#include <hops/addr.h>

#include <string.h>

#include "base/bytes.h"
#include "packet/craft.h"

enum { TTL = 3, ROUTER = 9, STRANGER = 66, TARGET = 200 };

/* What became of it. The words are those of the document. */
enum outcome { ACCEPTED, LATE, FOREIGN, UNEXPECTED, DUPLICATE, MALFORMED, IGNORED, OUTCOMES };

static const char *const outcome_names[OUTCOMES] = {
    "accepted", "late", "foreign", "unexpected", "duplicate", "malformed", "ignored"};

struct forge {
    struct attack *a;
    enum hops_family family;
    struct attack_datagram *d;
    size_t ip; /* octets of an IP header of the family */
};

/* Building. */

static struct wr begin(const struct forge *f) {
    return wr_make(f->d->octets, sizeof(f->d->octets));
}

static void end(const struct forge *f, bool made, const struct wr *w) {
    assert_true(made);
    f->d->len = wr_len(w);
}

static void error_with(const struct forge *f, struct hops_craft_error error) {
    const struct attack_probe *p = attack_probe(f->a, TTL);
    struct wr w = begin(f);

    error.ttl = 61;
    error.quoted_ttl = 1;
    error.quoted_len = error.quoted_len == 0 ? 1024 : error.quoted_len;
    if (error.from.family == HOPS_FAMILY_NONE) {
        error.from = attack_addr(f->family, ROUTER);
    }
    end(f, hops_craft_error(p->octets, p->len, &error, &w), &w);
}

static void time_exceeded(const struct forge *f) {
    error_with(f, (struct hops_craft_error){.kind = HOPS_REPLY_TIME_EXCEEDED});
}

static void echo_reply(const struct forge *f, uint8_t from) {
    const struct attack_probe *p = attack_probe(f->a, TTL);
    struct hops_addr addr = attack_addr(f->family, from);
    struct wr w = begin(f);

    end(f, hops_craft_echo_reply(p->octets, p->len, &addr, 60, &w), &w);
}

static void syn_ack(const struct forge *f) {
    const struct attack_probe *p = attack_probe(f->a, TTL);
    struct wr w = begin(f);

    end(f, hops_craft_tcp_syn_ack(p->octets, p->len, 99, 60, &w), &w);
}

static void rst(const struct forge *f) {
    const struct attack_probe *p = attack_probe(f->a, TTL);
    struct wr w = begin(f);

    end(f, hops_craft_tcp_rst(p->octets, p->len, 60, &w), &w);
}

static void udp_reply(const struct forge *f) {
    const struct attack_probe *p = attack_probe(f->a, TTL);
    struct wr w = begin(f);

    end(f, hops_craft_udp_reply(p->octets, p->len, (const uint8_t *)"hi", 2, 60, &w), &w);
}

/* Octets of the outer source, of the ICMP message, of its quote, and of what the quote quotes. */
static uint8_t *source_of(const struct forge *f) {
    return f->d->octets + (f->family == HOPS_IPV4 ? 12 : 8);
}

static uint8_t *message_of(const struct forge *f) {
    return f->d->octets + f->ip;
}

static uint8_t *quote_of(const struct forge *f) {
    return message_of(f) + 8;
}

static uint8_t *quoted_transport_of(const struct forge *f) {
    return quote_of(f) + f->ip;
}

static void cut_to_quote(const struct forge *f, size_t quoted) {
    f->d->len = f->ip + 8 + quoted;
    attack_repair(f->d);
}

/* ICMP errors. */

static void forged_by_an_observer(const struct forge *f) {
    time_exceeded(f);
}

static void wrong_icmp_id(const struct forge *f) {
    time_exceeded(f);
    quoted_transport_of(f)[5] ^= 1;
    attack_repair(f->d);
}

static void wrong_destination(const struct forge *f) {
    time_exceeded(f);
    quote_of(f)[f->ip - 1] ^= 1;
    attack_repair(f->d);
}

static void wrong_source(const struct forge *f) {
    time_exceeded(f);
    quote_of(f)[f->ip - (f->family == HOPS_IPV4 ? 5 : 17)] ^= 1;
    attack_repair(f->d);
}

static void never_sent(const struct forge *f) {
    time_exceeded(f);
    quoted_transport_of(f)[6] ^= 0x40;
    attack_repair(f->d);
}

static void answered_twice(const struct forge *f) {
    time_exceeded(f);
    attack_deliver(f->a, f->d);
}

static void late_in_time(const struct forge *f) {
    attack_pass(f->a, 1500 * HOPS_MS);
    time_exceeded(f);
}

static void too_late(const struct forge *f) {
    attack_pass(f->a, 3500 * HOPS_MS);
    time_exceeded(f);
}

static void to_another_address(const struct forge *f) {
    time_exceeded(f);
    f->d->octets[f->family == HOPS_IPV4 ? 19 : 39] ^= 1;
    attack_repair(f->d);
}

static void wrong_icmp_checksum(const struct forge *f) {
    time_exceeded(f);
    message_of(f)[2] ^= 1;
}

static void as_the_target(const struct forge *f) {
    error_with(f, (struct hops_craft_error){.kind = HOPS_REPLY_TIME_EXCEEDED,
                                            .from = attack_addr(f->family, TARGET)});
}

static void unreachable(const struct forge *f) {
    error_with(f, (struct hops_craft_error){.kind = HOPS_REPLY_UNREACHABLE, .code = 1});
}

static void tiny_mtu(const struct forge *f) {
    bool ipv4 = f->family == HOPS_IPV4;

    error_with(f, (struct hops_craft_error){.kind = ipv4 ? HOPS_REPLY_UNREACHABLE
                                                         : HOPS_REPLY_PACKET_TOO_BIG,
                                            .code = ipv4 ? 4 : 0,
                                            .mtu = 68});
}

static void other_type(const struct forge *f) {
    time_exceeded(f);
    message_of(f)[0] = f->family == HOPS_IPV4 ? 5 : 137; /* redirect */
    attack_repair(f->d);
}

static void reassembly(const struct forge *f) {
    time_exceeded(f);
    message_of(f)[1] = 1;
    attack_repair(f->d);
}

static void quotes_a_reply(const struct forge *f) {
    time_exceeded(f);
    quoted_transport_of(f)[0] = f->family == HOPS_IPV4 ? 0 : 129;
    attack_repair(f->d);
}

static void quotes_other_protocol(const struct forge *f) {
    time_exceeded(f);
    quote_of(f)[f->family == HOPS_IPV4 ? 9 : 6] = 17;
    attack_repair(f->d);
}

/* Lengths. */

static void empty_quote(const struct forge *f) {
    time_exceeded(f);
    cut_to_quote(f, 0);
}

static void quote_cut_in_ip_header(const struct forge *f) {
    time_exceeded(f);
    cut_to_quote(f, f->ip - 1);
}

static void quote_cut_in_transport(const struct forge *f) {
    time_exceeded(f);
    cut_to_quote(f, f->ip + 7);
}

static void quote_of_eight_octets(const struct forge *f) {
    time_exceeded(f);
    cut_to_quote(f, f->ip + 8);
}

static void icmp_header_only_half(const struct forge *f) {
    time_exceeded(f);
    f->d->len = f->ip + 4;
    f->d->octets[f->family == HOPS_IPV4 ? 3 : 5] = (uint8_t)(f->family == HOPS_IPV4 ? 24 : 4);
}

static void total_length_beyond(const struct forge *f) {
    time_exceeded(f);
    put_be16(f->d->octets + 2, (uint16_t)(f->d->len + 1));
}

static void header_length_short(const struct forge *f) {
    time_exceeded(f);
    f->d->octets[0] = 0x44;
}

static void header_length_beyond(const struct forge *f) {
    time_exceeded(f);
    f->d->len = 40;
    put_be16(f->d->octets + 2, 40);
    f->d->octets[0] = 0x4f;
}

static void quoted_header_length_short(const struct forge *f) {
    time_exceeded(f);
    quote_of(f)[0] = 0x41;
    attack_repair(f->d);
}

static void quoted_header_length_beyond(const struct forge *f) {
    time_exceeded(f);
    quote_of(f)[0] = 0x4f;
    cut_to_quote(f, f->ip + 8);
}

static void quoted_version(const struct forge *f) {
    time_exceeded(f);
    quote_of(f)[0] ^= 0x10;
    attack_repair(f->d);
}

static void quoted_fragment(const struct forge *f) {
    time_exceeded(f);
    put_be16(quote_of(f) + 6, 0x0010);
    attack_repair(f->d);
}

static void outer_version(const struct forge *f) {
    time_exceeded(f);
    f->d->octets[0] = 0x55;
}

/* Extensions. */

static void with_objects(const struct forge *f, const uint8_t *objects, size_t len,
                         enum hops_craft_sum sum) {
    error_with(f, (struct hops_craft_error){.kind = HOPS_REPLY_TIME_EXCEEDED,
                                            .layout = HOPS_CRAFT_COMPLIANT,
                                            .quoted_len = 128,
                                            .extension_sum = sum,
                                            .objects = objects,
                                            .objects_len = len});
}

static void object_length_zero(const struct forge *f) {
    static const uint8_t objects[] = {0, 0, 1, 1, 0, 0, 0, 0};
    with_objects(f, objects, sizeof(objects), HOPS_CRAFT_SUM_RIGHT);
}

static void object_length_beyond(const struct forge *f) {
    static const uint8_t objects[] = {0, 8, 1, 1, 0, 1, 1, 1, 0xff, 0xff, 2, 0x0f};
    with_objects(f, objects, sizeof(objects), HOPS_CRAFT_SUM_RIGHT);
}

static void many_objects(const struct forge *f) {
    uint8_t objects[380];

    for (size_t i = 0; i < sizeof(objects); i += 4) {
        memcpy(objects + i, (const uint8_t[4]){0, 4, 99, 0}, 4);
    }
    with_objects(f, objects, sizeof(objects), HOPS_CRAFT_SUM_RIGHT);
}

static void wrong_extension_sum(const struct forge *f) {
    static const uint8_t objects[] = {0, 8, 1, 1, 0, 1, 1, 1};
    with_objects(f, objects, sizeof(objects), HOPS_CRAFT_SUM_WRONG);
}

static void interface_name_lies(const struct forge *f) {
    /* role, "name" flag; the name says 63 octets and has four */
    static const uint8_t objects[] = {0, 8, 2, 0x02, 63, 0x1b, '[', 'c'};
    with_objects(f, objects, sizeof(objects), HOPS_CRAFT_SUM_RIGHT);
}

static void attribute_beyond(const struct forge *f) {
    time_exceeded(f);
    message_of(f)[f->family == HOPS_IPV4 ? 5 : 4] = 255;
    attack_repair(f->d);
}

static bool has_objects(const struct attack *a, bool malformed) {
    const struct hops_extensions *e = &a->last_reply.u.reply.extensions;

    return e->present && e->malformed == malformed && e->len <= sizeof(e->octets);
}

static void check_malformed(const struct attack *a) {
    assert_true(has_objects(a, true));
}

static void check_whole(const struct attack *a) {
    assert_true(has_objects(a, false));
}

static void check_no_name(const struct attack *a) {
    const struct hops_extensions *e = &a->last_reply.u.reply.extensions;
    struct hops_extension object;
    struct hops_interface_info info;
    size_t at = 0;

    assert_true(hops_extension_next(e, &at, &object));
    assert_false(hops_extension_interface_info(&object, &info));
}

static void check_without(const struct attack *a) {
    assert_int_equal(a->last_reply.u.reply.extensions.len, 0);
}

static void check_target(const struct attack *a) {
    assert_true(a->last_reply.u.reply.is_target);
}

static void check_no_target(const struct attack *a) {
    assert_false(a->last_reply.u.reply.is_target);
}

static void check_mtu(const struct attack *a) {
    assert_int_equal(a->last_reply.u.reply.mtu, 68);
    assert_int_equal(a->net.config.packet_size, 84); /* what is sent stays as it was */
}

/* Echo replies. */

static void echo_as_the_target(const struct forge *f) {
    echo_reply(f, TARGET);
}

static void echo_by_a_stranger(const struct forge *f) {
    echo_reply(f, STRANGER);
}

static void echo_wrong_id(const struct forge *f) {
    echo_reply(f, TARGET);
    message_of(f)[5] ^= 1;
    attack_repair(f->d);
}

static void echo_never_sent(const struct forge *f) {
    echo_reply(f, TARGET);
    message_of(f)[6] ^= 0x40;
    attack_repair(f->d);
}

static void own_request(const struct forge *f) {
    echo_reply(f, TARGET);
    message_of(f)[0] = f->family == HOPS_IPV4 ? 8 : 128;
    attack_repair(f->d);
}

/* TCP. */

static void syn_ack_by_an_observer(const struct forge *f) {
    syn_ack(f);
}

static void syn_ack_wrong_ack(const struct forge *f) {
    syn_ack(f);
    message_of(f)[11] ^= 1;
    attack_repair(f->d);
}

static void rst_by_an_observer(const struct forge *f) {
    rst(f);
}

static void rst_wrong_ack(const struct forge *f) {
    rst(f);
    message_of(f)[8] ^= 1;
    attack_repair(f->d);
}

static void rst_without_ack(const struct forge *f) {
    rst(f);
    message_of(f)[13] = 0x04;
    attack_repair(f->d);
}

static void tcp_wrong_port(const struct forge *f) {
    syn_ack(f);
    message_of(f)[1] ^= 1; /* from another port of the target */
    attack_repair(f->d);
}

static void tcp_port_never_used(const struct forge *f) {
    syn_ack(f);
    message_of(f)[2] ^= 0x40;
    attack_repair(f->d);
}

static void tcp_from_a_stranger(const struct forge *f) {
    syn_ack(f);
    source_of(f)[f->family == HOPS_IPV4 ? 3 : 15] = STRANGER;
    attack_repair(f->d);
}

static void tcp_wrong_checksum(const struct forge *f) {
    syn_ack(f);
    message_of(f)[16] ^= 1;
}

static void tcp_data(const struct forge *f) {
    syn_ack(f);
    message_of(f)[13] = 0x18;
    attack_repair(f->d);
}

static void tcp_offset_beyond(const struct forge *f) {
    syn_ack(f);
    message_of(f)[12] = 0xf0;
    attack_repair(f->d);
}

static void quoted_tcp_sequence(const struct forge *f) {
    time_exceeded(f);
    quoted_transport_of(f)[7] ^= 1;
    attack_repair(f->d);
}

/* UDP. */

static void udp_by_an_observer(const struct forge *f) {
    udp_reply(f);
}

static void udp_from_a_stranger(const struct forge *f) {
    udp_reply(f);
    source_of(f)[f->family == HOPS_IPV4 ? 3 : 15] = STRANGER;
    attack_repair(f->d);
}

static void udp_wrong_port(const struct forge *f) {
    udp_reply(f);
    message_of(f)[1] ^= 1;
    attack_repair(f->d);
}

static void udp_wrong_checksum(const struct forge *f) {
    udp_reply(f);
    message_of(f)[6] ^= 1;
}

static void quoted_udp_port(const struct forge *f) {
    time_exceeded(f);
    quoted_transport_of(f)[3] ^= 1;
    attack_repair(f->d);
}

static void quoted_udp_port_never_used(const struct forge *f) {
    time_exceeded(f);
    quoted_transport_of(f)[0] ^= 0x40;
    attack_repair(f->d);
}

/* Nothing but other protocols' packets. */

static void other_ip_protocol(const struct forge *f) {
    time_exceeded(f);
    f->d->octets[f->family == HOPS_IPV4 ? 9 : 6] = 47;
}

struct row {
    const char *name;
    enum hops_protocol protocol;
    void (*make)(const struct forge *f);
    enum outcome want;
    void (*check)(const struct attack *a); /* NULL: nothing further */
    bool ipv4_only;
};

#define ICMP HOPS_PROTOCOL_ICMP
#define UDP  HOPS_PROTOCOL_UDP
#define TCP  HOPS_PROTOCOL_TCP

static const struct row rows[] = {
    {"attack_error_by_an_observer", ICMP, forged_by_an_observer, ACCEPTED, check_no_target, false},
    {"attack_error_as_the_target", ICMP, as_the_target, ACCEPTED, check_target, false},
    {"attack_error_unreachable", ICMP, unreachable, ACCEPTED, check_no_target, false},
    {"attack_error_tiny_mtu", ICMP, tiny_mtu, ACCEPTED, check_mtu, false},
    {"attack_error_wrong_icmp_id", ICMP, wrong_icmp_id, FOREIGN, NULL, false},
    {"attack_error_wrong_destination", ICMP, wrong_destination, FOREIGN, NULL, false},
    {"attack_error_wrong_source", ICMP, wrong_source, ACCEPTED, NULL, false},
    {"attack_error_never_sent", ICMP, never_sent, UNEXPECTED, NULL, false},
    {"attack_error_answered_twice", ICMP, answered_twice, DUPLICATE, NULL, false},
    {"attack_error_late_in_time", ICMP, late_in_time, LATE, NULL, false},
    {"attack_error_too_late", ICMP, too_late, UNEXPECTED, NULL, false},
    {"attack_error_to_another_address", ICMP, to_another_address, FOREIGN, NULL, false},
    {"attack_error_wrong_checksum", ICMP, wrong_icmp_checksum, MALFORMED, NULL, false},
    {"attack_error_other_type", ICMP, other_type, IGNORED, NULL, false},
    {"attack_error_reassembly", ICMP, reassembly, IGNORED, NULL, false},
    {"attack_error_quotes_a_reply", ICMP, quotes_a_reply, FOREIGN, NULL, false},
    {"attack_error_quotes_other_protocol", ICMP, quotes_other_protocol, FOREIGN, NULL, false},
    {"attack_error_udp_target_port", UDP, quoted_udp_port, FOREIGN, NULL, false},
    {"attack_error_udp_port_never_used", UDP, quoted_udp_port_never_used, UNEXPECTED, NULL, false},
    {"attack_error_tcp_sequence", TCP, quoted_tcp_sequence, ACCEPTED, NULL, false},
    {"attack_length_no_quote", ICMP, empty_quote, MALFORMED, NULL, false},
    {"attack_length_quote_cut_in_ip_header", ICMP, quote_cut_in_ip_header, MALFORMED, NULL, false},
    {"attack_length_quote_cut_in_transport", ICMP, quote_cut_in_transport, MALFORMED, NULL, false},
    {"attack_length_quote_of_eight_octets", UDP, quote_of_eight_octets, ACCEPTED, NULL, false},
    {"attack_length_half_an_icmp_header", ICMP, icmp_header_only_half, MALFORMED, NULL, false},
    {"attack_length_total_beyond", ICMP, total_length_beyond, MALFORMED, NULL, true},
    {"attack_length_header_short", ICMP, header_length_short, MALFORMED, NULL, true},
    {"attack_length_header_beyond", ICMP, header_length_beyond, MALFORMED, NULL, true},
    {"attack_length_quoted_header_short", ICMP, quoted_header_length_short, MALFORMED, NULL, true},
    {"attack_length_quoted_header_beyond", ICMP, quoted_header_length_beyond, MALFORMED, NULL,
     true},
    {"attack_version_of_the_quote", ICMP, quoted_version, MALFORMED, NULL, false},
    {"attack_version_of_the_datagram", ICMP, outer_version, MALFORMED, NULL, true},
    {"attack_quoted_fragment", ICMP, quoted_fragment, IGNORED, NULL, true},
    {"attack_other_ip_protocol", ICMP, other_ip_protocol, IGNORED, NULL, false},
    {"attack_object_length_zero", ICMP, object_length_zero, ACCEPTED, check_malformed, false},
    {"attack_object_length_beyond", ICMP, object_length_beyond, ACCEPTED, check_malformed, false},
    {"attack_objects_by_the_hundred", ICMP, many_objects, ACCEPTED, check_whole, false},
    {"attack_object_interface_name_lies", ICMP, interface_name_lies, ACCEPTED, check_no_name,
     false},
    {"attack_extension_wrong_checksum", ICMP, wrong_extension_sum, ACCEPTED, check_malformed,
     false},
    {"attack_extension_attribute_beyond", ICMP, attribute_beyond, ACCEPTED, check_without, false},
    {"attack_echo_as_the_target", ICMP, echo_as_the_target, ACCEPTED, check_target, false},
    {"attack_echo_by_a_stranger", ICMP, echo_by_a_stranger, ACCEPTED, check_no_target, false},
    {"attack_echo_wrong_id", ICMP, echo_wrong_id, FOREIGN, NULL, false},
    {"attack_echo_never_sent", ICMP, echo_never_sent, UNEXPECTED, NULL, false},
    {"attack_echo_request_sent_back", ICMP, own_request, IGNORED, NULL, false},
    {"attack_tcp_syn_ack_by_an_observer", TCP, syn_ack_by_an_observer, ACCEPTED, check_target,
     false},
    {"attack_tcp_syn_ack_wrong_ack", TCP, syn_ack_wrong_ack, UNEXPECTED, NULL, false},
    {"attack_tcp_rst_by_an_observer", TCP, rst_by_an_observer, ACCEPTED, check_target, false},
    {"attack_tcp_rst_wrong_ack", TCP, rst_wrong_ack, UNEXPECTED, NULL, false},
    {"attack_tcp_rst_without_ack", TCP, rst_without_ack, IGNORED, NULL, false},
    {"attack_tcp_wrong_port", TCP, tcp_wrong_port, FOREIGN, NULL, false},
    {"attack_tcp_port_never_used", TCP, tcp_port_never_used, UNEXPECTED, NULL, false},
    {"attack_tcp_by_a_stranger", TCP, tcp_from_a_stranger, FOREIGN, NULL, false},
    {"attack_tcp_wrong_checksum", TCP, tcp_wrong_checksum, MALFORMED, NULL, false},
    {"attack_tcp_data", TCP, tcp_data, IGNORED, NULL, false},
    {"attack_tcp_offset_beyond", TCP, tcp_offset_beyond, MALFORMED, NULL, false},
    {"attack_udp_by_an_observer", UDP, udp_by_an_observer, ACCEPTED, check_target, false},
    {"attack_udp_by_a_stranger", UDP, udp_from_a_stranger, FOREIGN, NULL, false},
    {"attack_udp_wrong_port", UDP, udp_wrong_port, FOREIGN, NULL, false},
    {"attack_udp_wrong_checksum", UDP, udp_wrong_checksum, MALFORMED, NULL, false},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static void count(const struct attack *a, uint64_t out[OUTCOMES]) {
    struct hops_run_counters c;

    hops_run_counters(a->run, &c);
    out[ACCEPTED] = c.accepted - c.late;
    out[LATE] = c.late;
    out[FOREIGN] = c.foreign;
    out[UNEXPECTED] = c.unexpected;
    out[DUPLICATE] = c.duplicates;
    out[MALFORMED] = c.link.malformed;
    out[IGNORED] = c.link.ignored;
}

static void run_row(const struct row *row, enum hops_family family) {
    static struct attack a;
    struct attack_datagram d = {.len = 0};
    const struct forge forge = {&a, family, &d, family == HOPS_IPV4 ? 20 : 40};
    uint64_t before[OUTCOMES];
    uint64_t after[OUTCOMES];

    attack_start(&a, family, row->protocol);
    row->make(&forge);
    count(&a, before);
    size_t replies = a.replies;
    attack_deliver(&a, &d);
    count(&a, after);
    for (int i = 0; i < OUTCOMES; i++) {
        if (after[i] - before[i] != (i == (int)row->want)) {
            fail_msg("IPv%d: %s is told %llu times", (int)family, outcome_names[i],
                     (unsigned long long)(after[i] - before[i]));
        }
    }
    bool told = row->want == ACCEPTED || row->want == LATE;
    check_int(row->name, a.replies - replies, told ? 1 : 0);
    if (told) {
        check_int(row->name, a.last_reply.probe.ttl, TTL);
    }
    if (row->check != NULL) {
        row->check(&a);
    }
    attack_end(&a);
}

static void attack_row(void **state) {
    const struct row *row = *state;

    run_row(row, HOPS_IPV4);
    if (!row->ipv4_only) {
        run_row(row, HOPS_IPV6);
    }
}

/* Ten thousand forged replies: all are counted, none is believed, and the trace goes on. */
static void attack_flood(void **state) {
    static struct attack a;
    struct attack_datagram d = {.len = 0};
    const struct forge forge = {&a, HOPS_IPV4, &d, 20};
    struct hops_run_counters counters;

    (void)state;
    attack_start(&a, HOPS_IPV4, ICMP);
    time_exceeded(&forge);
    for (unsigned i = 0; i < 10000; i++) {
        put_be16(quoted_transport_of(&forge) + 6, (uint16_t)(10000 + i));
        attack_repair(&d);
        attack_deliver(&a, &d);
    }
    hops_run_counters(a.run, &counters);
    assert_int_equal(counters.unexpected, 10000);
    assert_int_equal(a.replies, 0);
    time_exceeded(&forge);
    attack_deliver(&a, &d);
    assert_int_equal(a.replies, 1);
    attack_end(&a);
}

int main(void) {
    static struct CMUnitTest tests[ROWS + 1];

    for (size_t i = 0; i < ROWS; i++) {
        union {
            const void *in;
            void *out;
        } row = {.in = &rows[i]};
        tests[i] = (struct CMUnitTest){
            .name = rows[i].name, .test_func = attack_row, .initial_state = row.out};
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(attack_flood);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
