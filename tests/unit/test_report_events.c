/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "base/rng.h"
#include "report/events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Random events with a fixed seed: every field over its whole range. */

static uint64_t below(struct rng *rng, uint64_t n) {
    return rng_next(rng) % n;
}

static bool coin(struct rng *rng) {
    return below(rng, 2) == 1;
}

static struct hops_addr random_addr(struct rng *rng, bool optional) {
    uint8_t octets[16];

    for (size_t i = 0; i < sizeof(octets); i++) {
        octets[i] = below(rng, 3) == 0 ? 0 : (uint8_t)below(rng, 256);
    }
    switch (below(rng, optional ? 4 : 3)) {
    case 0:
        return hops_addr_ipv4(octets);
    case 1:
        return hops_addr_ipv6(octets, 0);
    case 2:
        octets[0] = 0xfe;
        octets[1] = 0x80;
        return hops_addr_ipv6(octets, (uint32_t)below(rng, UINT32_MAX));
    default:
        return (struct hops_addr){.family = HOPS_FAMILY_NONE};
    }
}

static struct hops_probe random_probe(struct rng *rng) {
    return (struct hops_probe){.id = (uint32_t)rng_next(rng),
                               .round = (uint32_t)rng_next(rng),
                               .ttl = (uint8_t)(1 + below(rng, HOPS_TTL_MAX)),
                               .sequence = (uint16_t)rng_next(rng),
                               .src_port = (uint16_t)rng_next(rng),
                               .dst_port = (uint16_t)rng_next(rng),
                               .ip_id = (uint16_t)rng_next(rng),
                               .tcp_seq = (uint32_t)rng_next(rng)};
}

static struct hops_event_failure random_failure(struct rng *rng) {
    static const int errnos[] = {EADDRINUSE, EADDRNOTAVAIL, ENETUNREACH, 0, 4095};

    return (struct hops_event_failure){.call = (enum hops_call)below(rng, HOPS_CALL_SENDTO + 1),
                                       .os_errno = errnos[below(rng, 5)]};
}

static struct hops_event_reply random_reply(struct rng *rng) {
    struct hops_event_reply reply = {
        .kind = (enum hops_reply_kind)below(rng, HOPS_REPLY_UDP + 1),
        .responder = random_addr(rng, false),
        .icmp_type = (uint8_t)rng_next(rng),
        .icmp_code = (uint8_t)rng_next(rng),
        .is_target = coin(rng),
        .late = coin(rng),
        .coarse = coin(rng),
        .rtt = (hops_ns)(rng_next(rng) >> 1),
        .ttl = (int16_t)((int)below(rng, 257) - 1),
        .quoted_ttl = (int16_t)((int)below(rng, 257) - 1),
        .tos = (int16_t)((int)below(rng, 257) - 1),
        .mtu = (uint16_t)(coin(rng) ? 0 : rng_next(rng)),
        .has_checksums = coin(rng),
    };

    if (reply.has_checksums) {
        reply.checksum_expected = (uint16_t)rng_next(rng);
        reply.checksum_actual = (uint16_t)rng_next(rng);
    }
    reply.extensions.present = coin(rng);
    if (reply.extensions.present) {
        reply.extensions.malformed = coin(rng);
        reply.extensions.truncated = coin(rng);
        reply.extensions.len = (uint16_t)below(rng, HOPS_EXTENSIONS_MAX + 1);
        for (size_t i = 0; i < reply.extensions.len; i++) {
            /* Small numbers often make whole objects of known classes. */
            reply.extensions.octets[i] = (uint8_t)below(rng, coin(rng) ? 13 : 256);
        }
    }
    return reply;
}

static struct hops_event random_event(struct rng *rng) {
    struct hops_event event = {.kind = (enum hops_event_kind)below(rng, HOPS_EVENT_END + 1),
                               .trace = (uint32_t)rng_next(rng),
                               .time = (hops_ns)rng_next(rng)};

    switch (event.kind) {
    case HOPS_EVENT_SENT:
        event.probe = random_probe(rng);
        break;
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_FAILED:
        event.probe = random_probe(rng);
        event.u.failure = random_failure(rng);
        break;
    case HOPS_EVENT_REPLY:
        event.probe = random_probe(rng);
        event.u.reply = random_reply(rng);
        break;
    case HOPS_EVENT_ROUND:
        event.u.round.round = (uint32_t)rng_next(rng);
        event.u.round.reason = (enum hops_round_reason)below(rng, HOPS_ROUND_STOPPED + 1);
        event.u.round.largest_ttl = (uint8_t)below(rng, HOPS_TTL_MAX + 1);
        event.u.round.target_ttl = (uint8_t)below(rng, HOPS_TTL_MAX + 1);
        break;
    case HOPS_EVENT_SETTLED:
        event.u.settled_round = (uint32_t)rng_next(rng);
        break;
    case HOPS_EVENT_PATH:
        event.u.path.round = (uint32_t)rng_next(rng);
        event.u.path.ttl = (uint8_t)(1 + below(rng, HOPS_TTL_MAX));
        event.u.path.before = random_addr(rng, true);
        event.u.path.after = random_addr(rng, true);
        break;
    case HOPS_EVENT_ERROR:
        event.u.failure = random_failure(rng);
        break;
    case HOPS_EVENT_END:
        event.u.end = (enum hops_end_reason)below(rng, HOPS_END_ERROR + 1);
        break;
    }
    return event;
}

/* Field by field, because structs have gaps. */

static void same_addr(const struct hops_addr *a, const struct hops_addr *b) {
    assert_int_equal(a->family, b->family);
    assert_memory_equal(a->octets, b->octets, sizeof(a->octets));
    assert_int_equal(a->scope, b->scope);
}

static void same_probe(const struct hops_probe *a, const struct hops_probe *b) {
    assert_int_equal(a->id, b->id);
    assert_int_equal(a->round, b->round);
    assert_int_equal(a->ttl, b->ttl);
    assert_int_equal(a->sequence, b->sequence);
    assert_int_equal(a->src_port, b->src_port);
    assert_int_equal(a->dst_port, b->dst_port);
    assert_int_equal(a->ip_id, b->ip_id);
    assert_int_equal(a->tcp_seq, b->tcp_seq);
}

static void same_failure(const struct hops_event_failure *a, const struct hops_event_failure *b) {
    assert_int_equal(a->call, b->call);
    assert_int_equal(a->os_errno, b->os_errno);
}

static void same_reply(const struct hops_event_reply *a, const struct hops_event_reply *b) {
    assert_int_equal(a->kind, b->kind);
    same_addr(&a->responder, &b->responder);
    assert_int_equal(a->icmp_type, b->icmp_type);
    assert_int_equal(a->icmp_code, b->icmp_code);
    assert_int_equal(a->is_target, b->is_target);
    assert_int_equal(a->late, b->late);
    assert_int_equal(a->coarse, b->coarse);
    assert_true(a->rtt == b->rtt);
    assert_int_equal(a->ttl, b->ttl);
    assert_int_equal(a->quoted_ttl, b->quoted_ttl);
    assert_int_equal(a->tos, b->tos);
    assert_int_equal(a->mtu, b->mtu);
    assert_int_equal(a->has_checksums, b->has_checksums);
    assert_int_equal(a->checksum_expected, b->checksum_expected);
    assert_int_equal(a->checksum_actual, b->checksum_actual);
    assert_int_equal(a->extensions.present, b->extensions.present);
    assert_int_equal(a->extensions.malformed, b->extensions.malformed);
    assert_int_equal(a->extensions.truncated, b->extensions.truncated);
    assert_int_equal(a->extensions.len, b->extensions.len);
    assert_memory_equal(a->extensions.octets, b->extensions.octets, sizeof(a->extensions.octets));
}

static void same_event(const struct hops_event *a, const struct hops_event *b) {
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->trace, b->trace);
    assert_true(a->time == b->time);
    same_probe(&a->probe, &b->probe);
    switch (a->kind) {
    case HOPS_EVENT_SENT:
        break;
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_FAILED:
    case HOPS_EVENT_ERROR:
        same_failure(&a->u.failure, &b->u.failure);
        break;
    case HOPS_EVENT_REPLY:
        same_reply(&a->u.reply, &b->u.reply);
        break;
    case HOPS_EVENT_ROUND:
        assert_int_equal(a->u.round.round, b->u.round.round);
        assert_int_equal(a->u.round.reason, b->u.round.reason);
        assert_int_equal(a->u.round.largest_ttl, b->u.round.largest_ttl);
        assert_int_equal(a->u.round.target_ttl, b->u.round.target_ttl);
        break;
    case HOPS_EVENT_SETTLED:
        assert_int_equal(a->u.settled_round, b->u.settled_round);
        break;
    case HOPS_EVENT_PATH:
        assert_int_equal(a->u.path.round, b->u.path.round);
        assert_int_equal(a->u.path.ttl, b->u.path.ttl);
        same_addr(&a->u.path.before, &b->u.path.before);
        same_addr(&a->u.path.after, &b->u.path.after);
        break;
    case HOPS_EVENT_END:
        assert_int_equal(a->u.end, b->u.end);
        break;
    }
}

/* The lines of some events, as one text that the caller frees. */
static char *write_events(const struct hops_event *events, size_t count) {
    struct report_events_writer writer;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    report_events_writer_init(&writer, out);
    for (size_t i = 0; i < count; i++) {
        assert_true(report_events_write(&writer, &events[i]));
    }
    assert_true(report_events_flush(&writer));
    report_events_writer_done(&writer);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void events_random_round_trip_is_exact(void **state) {
    struct rng rng = {.state = 7};

    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        struct hops_event event = random_event(&rng);
        char *text = write_events(&event, 1);
        size_t len = strlen(text);
        struct report_events_line line;
        struct hops_diag diag = {{0}};

        for (const char *p = text; *p != '\0'; p++) {
            assert_true((*p >= 0x20 && *p < 0x7f) || (*p == '\n' && p[1] == '\0'));
        }
        if (report_events_read(text, len, &line, &diag) != HOPS_OK) {
            fail_msg("%s: %s", diag.text, text);
        }
        assert_int_equal(line.kind, REPORT_EVENTS_EVENT);
        same_event(&event, &line.event);
        report_events_line_done(&line);
        free(text);
    }
}

static void events_lines_look_as_documented(void **state) {
    struct hops_event events[] = {
        {.kind = HOPS_EVENT_SKIPPED,
         .trace = 1,
         .time = 1500,
         .probe = {.id = 3,
                   .round = 0,
                   .ttl = 4,
                   .sequence = 33000,
                   .src_port = 33000,
                   .dst_port = 80,
                   .tcp_seq = 4000000000},
         .u.failure = {.call = HOPS_CALL_BIND, .os_errno = EADDRINUSE}},
        {.kind = HOPS_EVENT_FAILED,
         .time = 1600,
         .probe = {.id = 4, .ttl = 4, .sequence = 33001},
         .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = EADDRNOTAVAIL}},
        {.kind = HOPS_EVENT_REPLY,
         .time = 9000000,
         .probe = {.id = 5, .round = 1, .ttl = 3, .sequence = 33002},
         .u.reply = {.kind = HOPS_REPLY_TIME_EXCEEDED,
                     .icmp_type = 11,
                     .rtt = 8998500,
                     .ttl = 62,
                     .quoted_ttl = 1,
                     .tos = -1,
                     .extensions = {.present = true, .len = 12}}},
        {.kind = HOPS_EVENT_ROUND,
         .time = 10000000,
         .u.round = {.round = 1, .reason = HOPS_ROUND_TIME_LIMIT, .largest_ttl = 4}},
        {.kind = HOPS_EVENT_END, .time = 10000001, .u.end = HOPS_END_ROUNDS_DONE},
    };
    static const char want[] =
        "{\"v\":1,\"event\":\"skipped\",\"trace\":1,\"t\":1500,\"probe\":{\"id\":3,\"round\":0,"
        "\"ttl\":4,\"sequence\":33000,\"src_port\":33000,\"dst_port\":80,\"ip_id\":0,"
        "\"tcp_seq\":4000000000},\"failure\":{\"call\":\"bind\",\"errno\":\"EADDRINUSE\","
        "\"errno_number\":98}}\n"
        "{\"v\":1,\"event\":\"failed\",\"trace\":0,\"t\":1600,\"probe\":{\"id\":4,\"round\":0,"
        "\"ttl\":4,\"sequence\":33001,\"src_port\":0,\"dst_port\":0,\"ip_id\":0,\"tcp_seq\":0},"
        "\"failure\":{\"call\":\"sendto\",\"errno\":\"EADDRNOTAVAIL\",\"errno_number\":99}}\n"
        "{\"v\":1,\"event\":\"reply\",\"trace\":0,\"t\":9000000,\"probe\":{\"id\":5,\"round\":1,"
        "\"ttl\":3,\"sequence\":33002,\"src_port\":0,\"dst_port\":0,\"ip_id\":0,\"tcp_seq\":0},"
        "\"reply\":{\"kind\":\"time-exceeded\",\"responder\":\"203.0.113.9\",\"icmp_type\":11,"
        "\"icmp_code\":0,\"is_target\":false,\"late\":false,\"coarse\":false,\"rtt\":8998500,"
        "\"ttl\":62,\"quoted_ttl\":1,\"tos\":null,\"mtu\":null,\"checksums\":null,"
        "\"extensions\":{\"malformed\":false,\"truncated\":false,"
        "\"raw\":\"000c010105dc100100012101\",\"objects\":[{\"class\":1,\"subtype\":1,"
        "\"payload\":\"05dc100100012101\",\"mpls\":[{\"label\":24001,\"exp\":0,\"bottom\":false,"
        "\"ttl\":1},{\"label\":18,\"exp\":0,\"bottom\":true,\"ttl\":1}]}]}}}\n"
        "{\"v\":1,\"event\":\"round\",\"trace\":0,\"t\":10000000,\"round\":1,"
        "\"reason\":\"time-limit\",\"largest_ttl\":4,\"target_ttl\":null}\n"
        "{\"v\":1,\"event\":\"end\",\"trace\":0,\"t\":10000001,\"reason\":\"rounds-done\"}\n";

    (void)state;
    assert_true(hops_addr_parse("203.0.113.9", &events[2].u.reply.responder));
    (void)check_hex("000c010105dc100100012101", events[2].u.reply.extensions.octets,
                    HOPS_EXTENSIONS_MAX);
    char *text = write_events(events, sizeof(events) / sizeof(events[0]));
    check_str("lines", text, want);
    free(text);
}

static void same_config(const struct hops_config *got, const struct hops_config *want) {
    same_addr(&got->target, &want->target);
    same_addr(&got->source, &want->source);
    assert_int_equal(got->protocol, want->protocol);
    assert_int_equal(got->strategy, want->strategy);
    assert_int_equal(got->direction, want->direction);
    assert_int_equal(got->source_port, want->source_port);
    assert_int_equal(got->target_port, want->target_port);
    assert_int_equal(got->source_port_proposed, want->source_port_proposed);
    assert_int_equal(got->first_ttl, want->first_ttl);
    assert_int_equal(got->max_ttl, want->max_ttl);
    assert_int_equal(got->max_inflight, want->max_inflight);
    assert_int_equal(got->initial_sequence, want->initial_sequence);
    assert_int_equal(got->last_sequence, want->last_sequence);
    assert_int_equal(got->trace_id, want->trace_id);
    assert_int_equal(got->packet_size, want->packet_size);
    assert_int_equal(got->payload_pattern, want->payload_pattern);
    assert_int_equal(got->tos, want->tos);
    assert_int_equal(got->extensions, want->extensions);
    assert_true(got->min_round == want->min_round);
    assert_true(got->max_round == want->max_round);
    assert_true(got->grace == want->grace);
    assert_true(got->reply_timeout == want->reply_timeout);
    assert_true(got->send_interval == want->send_interval);
    assert_true(got->max_rounds == want->max_rounds);
}

static void events_start_round_trips(void **state) {
    struct report_events_trace traces[2] = {{.target = "example.org"}, {.target = "a\x1b\xff"}};
    struct report_events_start start = {.program_version = "0.1.0",
                                        .wall_ns = INT64_C(1772600767089123456),
                                        .time = 123456789,
                                        .max_samples = 256,
                                        .max_flows = 64,
                                        .count = 2,
                                        .traces = traces};
    struct report_events_writer writer;
    struct report_events_line line;
    struct hops_diag diag;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        hops_config_init(&traces[i].config);
        assert_true(hops_addr_parse(i == 0 ? "192.0.2.1" : "fe80::1", &traces[i].config.target));
    }
    traces[0].config.token = UINT64_C(0xfeedfacecafebeef);
    traces[1].config.target.scope = 7;
    traces[1].config.protocol = HOPS_PROTOCOL_UDP;
    traces[1].config.strategy = HOPS_STRATEGY_DUBLIN;
    traces[1].config.direction = HOPS_PORTS_FIXED_BOTH;
    traces[1].config.source_port_proposed = true;
    traces[1].config.source_port = 40000;
    traces[1].config.first_ttl = 3;
    traces[1].config.max_rounds = 10;
    traces[1].config.send_interval = 5 * HOPS_MS;
    report_events_writer_init(&writer, out);
    assert_true(report_events_write_start(&writer, &start));
    report_events_writer_done(&writer);
    assert_int_equal(fclose(out), 0);
    assert_null(strstr(text, "token"));
    if (report_events_read(text, len, &line, &diag) != HOPS_OK) {
        fail_msg("%s: %s", diag.text, text);
    }
    assert_int_equal(line.kind, REPORT_EVENTS_START);
    assert_string_equal(line.start.program_version, "0.1.0");
    assert_true(line.start.wall_ns == start.wall_ns);
    assert_true(line.start.time == start.time);
    assert_int_equal(line.start.max_samples, 256);
    assert_int_equal(line.start.max_flows, 64);
    assert_int_equal(line.start.count, 2);
    assert_string_equal(line.start.traces[0].target, "example.org");
    assert_string_equal(line.start.traces[1].target, "a\\027\\255");
    for (size_t i = 0; i < 2; i++) {
        same_config(&line.start.traces[i].config, &traces[i].config);
    }
    report_events_line_done(&line);

    /* No truncation of it is taken for a line. */
    for (size_t cut = 0; cut + 1 < len; cut++) {
        const char *part = (const char *)check_guarded(text, cut);
        assert_int_equal(report_events_read(part, cut, &line, &diag), HOPS_ERR_FORMAT);
    }
    free(text);
}

#define PROBE                                                                                      \
    "\"probe\":{\"id\":1,\"round\":2,\"ttl\":3,\"sequence\":4,\"src_port\":5,\"dst_port\":6,"      \
    "\"ip_id\":7,\"tcp_seq\":8}"
#define HEAD(kind) "{\"v\":1,\"event\":\"" kind "\",\"trace\":0,\"t\":5"

static const struct {
    const char *name;
    const char *text;
    const char *reason; /* part of the diag; NULL: accepted */
} refusals[] = {
    {"whole", HEAD("sent") "," PROBE "}", NULL},
    {"members nobody knows", HEAD("sent") ",\"x\":[{}]," PROBE "}", NULL},
    {"kind of line nobody knows", HEAD("rumour") ",\"address\":\"::1\"}", NULL},
    {"empty", "", "not JSON"},
    {"array", "[]", "not a JSON object"},
    {"two values", "{} {}", "not JSON"},
    {"no version", "{\"event\":\"end\"}", "\"v\" is missing"},
    {"later version", "{\"v\":2,\"event\":\"end\"}",
     "schema version 2: this program reads version 1"},
    {"duplicate member", "{\"v\":1,\"v\":1}", "not JSON"},
    {"no probe", HEAD("sent") "}", "\"probe\" is missing"},
    {"probe is a number", HEAD("sent") ",\"probe\":1}", "\"probe\" is not an object"},
    {"ttl 0", HEAD("sent") ",\"probe\":{\"id\":1,\"round\":2,\"ttl\":0}}",
     "\"ttl\" is out of bounds"},
    {"ttl 255", HEAD("sent") ",\"probe\":{\"id\":1,\"round\":2,\"ttl\":255}}",
     "\"ttl\" is out of bounds"},
    {"id past 32 bits", HEAD("sent") ",\"probe\":{\"id\":4294967296}}", "\"id\" is out of bounds"},
    {"id negative", HEAD("sent") ",\"probe\":{\"id\":-1}}", "\"id\" is out of bounds"},
    {"id with a fraction", HEAD("sent") ",\"probe\":{\"id\":1.0}}", "\"id\" is not an integer"},
    {"unknown call",
     HEAD("failed") "," PROBE ",\"failure\":{\"call\":\"x\",\"errno\":null,\"errno_number\":1}}",
     "\"call\" has an unknown name"},
    {"errno is a number",
     HEAD("failed") "," PROBE ",\"failure\":{\"call\":\"bind\",\"errno\":1,\"errno_number\":1}}",
     "\"errno\" is neither"},
    {"largest ttl", HEAD("round") ",\"round\":1,\"reason\":\"stopped\",\"largest_ttl\":255}",
     "\"largest_ttl\" is out of bounds"},
    {"address with a name for its zone",
     HEAD("path") ",\"round\":1,\"ttl\":1,\"before\":\"fe80::1%eth0\",\"after\":null}",
     "\"before\" is not an address"},
    {"address with too large a scope",
     HEAD("path") ",\"round\":1,\"ttl\":1,\"before\":\"fe80::1%4294967296\",\"after\":null}",
     "\"before\" is not an address"},
    {"IPv4 with a scope",
     HEAD("path") ",\"round\":1,\"ttl\":1,\"before\":\"192.0.2.1%1\",\"after\":null}",
     "\"before\" is not an address"},
    {"end for no reason", HEAD("end") ",\"reason\":\"bored\"}", "\"reason\" has an unknown"},
    {"trace is text", "{\"v\":1,\"event\":\"end\",\"trace\":\"0\",\"t\":1}",
     "\"trace\" is not an integer"},
    {"name without names", HEAD("name") ",\"address\":\"::1\",\"shown\":null,\"as\":null}",
     "\"names\" is missing"},
    {"name that is a number",
     HEAD("name") ",\"address\":\"::1\",\"shown\":null,\"names\":[1],\"as\":null}",
     "\"names\" holds what is not a string"},
    {"name of nothing", HEAD("name") ",\"address\":null,\"shown\":null,\"names\":[],\"as\":null}",
     "\"address\" is not an address"},
    {"AS of text", HEAD("name") ",\"address\":\"::1\",\"shown\":null,\"names\":[],\"as\":\"AS1\"}",
     "\"as\" is not an object"},
    {"hostile text in the way", "{\"\x1b[2J\":", "not JSON"},
    {"start without traces", "{\"v\":1,\"event\":\"start\",\"version\":\"1\",\"t\":1,\"wall\":1}",
     "\"traces\" is missing"},
    {"start with a number for traces",
     "{\"v\":1,\"event\":\"start\",\"version\":\"1\",\"t\":1,\"wall\":1,\"traces\":3}",
     "\"traces\" is not an array"},
    {"start with numbers in traces",
     "{\"v\":1,\"event\":\"start\",\"version\":\"1\",\"t\":1,\"wall\":1,\"traces\":[3]}",
     "\"trace\" is missing"},
    {"start with traces out of order",
     "{\"v\":1,\"event\":\"start\",\"version\":\"1\",\"t\":1,\"wall\":1,"
     "\"traces\":[{\"trace\":1}]}",
     "\"trace\" is out of bounds"},
};

static void events_malformed_line_is_refused_with_reason(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        size_t len = strlen(refusals[i].text);
        const char *text = (const char *)check_guarded(refusals[i].text, len);
        struct report_events_line line;
        struct hops_diag diag = {{0}};
        enum hops_err err = report_events_read(text, len, &line, &diag);

        if (refusals[i].reason == NULL) {
            check_int(refusals[i].name, err, HOPS_OK);
            report_events_line_done(&line);
            continue;
        }
        check_int(refusals[i].name, err, HOPS_ERR_FORMAT);
        if (strstr(diag.text, refusals[i].reason) == NULL) {
            check_str(refusals[i].name, diag.text, refusals[i].reason);
        }
        assert_null(strchr(diag.text, '\x1b'));
    }
}

/* Every reply member taken away, or made a list, in turn. */
static void events_reply_needs_every_member(void **state) {
    struct rng rng = {.state = 99};
    struct hops_event event = {.kind = HOPS_EVENT_REPLY, .probe = random_probe(&rng)};
    char *text;

    (void)state;
    event.u.reply = random_reply(&rng);
    event.u.reply.extensions = (struct hops_extensions){.present = true};
    event.u.reply.has_checksums = true;
    text = write_events(&event, 1);
    size_t tried = 0;
    for (char *at = strchr(text + 1, '"'); at != NULL; at = strchr(at + 1, '"')) {
        char *end = strchr(at + 1, '"');
        if (end == NULL) {
            break;
        }
        bool counts = end[1] == ':' && strncmp(at, "\"objects\"", 9) != 0;
        if (counts) {
            struct report_events_line line;
            struct hops_diag diag;
            char saved = at[1];
            /* "rtt" becomes "_tt": missing, and something nobody knows beside it. */
            at[1] = '_';
            assert_int_equal(report_events_read(text, strlen(text), &line, &diag), HOPS_ERR_FORMAT);
            at[1] = saved;
            tried++;
        }
        at = end;
    }
    assert_int_equal(tried, 4 + 1 + 8 + 1 + 14 + 2 + 3);
    free(text);
}

/* What a name server sent is clean already in the recording; what somebody wrote into one is
 * cleaned when it is read. */
static void events_name_round_trips_clean(void **state) {
    const struct report_events_as as = {.number = "64500", .prefix = "192.0.2.0/24", .name = "X"};
    const char *names[] = {"r1.example.net", "evil\x1b[2J.example"};
    struct report_events_name name = {.time = 77,
                                      .addr = hops_addr_ipv4((const uint8_t[]){192, 0, 2, 1}),
                                      .shown = names[0],
                                      .names = names,
                                      .count = 2,
                                      .as = &as};
    struct report_events_writer writer;
    struct report_events_line line;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    report_events_writer_init(&writer, out);
    assert_true(report_events_write_name(&writer, &name));
    report_events_writer_done(&writer);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(report_events_read(text, len, &line, NULL), HOPS_OK);
    assert_int_equal(line.kind, REPORT_EVENTS_NAME);
    assert_true(line.name.time == 77);
    assert_true(hops_addr_equal(&line.name.addr, &name.addr));
    assert_string_equal(line.name.shown, "r1.example.net");
    assert_int_equal(line.name.count, 2);
    assert_string_equal(line.name.names[1], "evil\\027[2J.example");
    assert_string_equal(line.name.as->number, "64500");
    assert_string_equal(line.name.as->name, "X");
    assert_null(line.name.as->registry);
    report_events_line_done(&line);
    for (size_t cut = 0; cut + 1 < len; cut++) {
        const char *part = (const char *)check_guarded(text, cut);
        assert_int_equal(report_events_read(part, cut, &line, NULL), HOPS_ERR_FORMAT);
    }
    free(text);
    static const char hostile[] =
        HEAD("name") ",\"address\":\"::1\",\"shown\":\"\\u001b[31m\",\"names\":[],\"as\":null}";
    assert_int_equal(report_events_read(hostile, strlen(hostile), &line, NULL), HOPS_OK);
    assert_string_equal(line.name.shown, "\\027[31m");
    assert_null(line.name.as);
    report_events_line_done(&line);
}

static void events_full_disk_is_told(void **state) {
    struct hops_event event = {.kind = HOPS_EVENT_END};
    struct report_events_writer writer;
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    assert_non_null(full);
    report_events_writer_init(&writer, full);
    assert_true(report_events_write(&writer, &event));
    assert_false(report_events_flush(&writer));
    assert_int_equal(errno, ENOSPC);
    report_events_writer_done(&writer);
    (void)fclose(full);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_random_round_trip_is_exact),
        cmocka_unit_test(events_lines_look_as_documented),
        cmocka_unit_test(events_start_round_trips),
        cmocka_unit_test(events_malformed_line_is_refused_with_reason),
        cmocka_unit_test(events_reply_needs_every_member),
        cmocka_unit_test(events_name_round_trips_clean),
        cmocka_unit_test(events_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
