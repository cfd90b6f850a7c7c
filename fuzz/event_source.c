/* SPDX-License-Identifier: MIT */
#include "event_source.h"

#include <string.h>

static uint8_t some_ttl(struct event_source *source, struct rd *in) {
    uint8_t n = rd_u8(in);

    return n < 128 ? source->ttl : (uint8_t)(1 + n % HOPS_TTL_MAX);
}

static void some_extensions(struct rd *in, struct hops_extensions *out) {
    uint8_t len = rd_u8(in);

    out->present = (len & 1) != 0;
    out->malformed = (len & 2) != 0;
    out->truncated = (len & 4) != 0;
    if (out->present) {
        while (out->len < len && fuzz_more(in)) {
            out->octets[out->len++] = rd_u8(in);
        }
    }
}

static void some_reply(struct event_source *source, struct rd *in, struct hops_event_reply *out) {
    uint8_t flags = rd_u8(in);

    out->kind = (enum hops_reply_kind)fuzz_below(in, 7);
    out->responder = fuzz_addr(source->family, rd_u8(in));
    out->icmp_type = rd_u8(in);
    out->icmp_code = rd_u8(in);
    out->is_target = (flags & 1) != 0;
    out->late = (flags & 2) != 0;
    out->coarse = (flags & 4) != 0;
    out->rtt = (flags & 8) != 0 ? INT64_MAX >> rd_u8(in) % 63 : fuzz_time(in);
    out->ttl = (int16_t)(rd_u8(in) - 1);
    out->quoted_ttl = (int16_t)(rd_u8(in) - 1);
    out->tos = (int16_t)(rd_u8(in) - 1);
    out->mtu = rd_be16(in);
    out->has_checksums = (flags & 16) != 0;
    out->checksum_expected = rd_u8(in);
    out->checksum_actual = rd_u8(in);
    if ((flags & 32) != 0) {
        some_extensions(in, &out->extensions);
    }
}

static void some_probe(struct event_source *source, struct rd *in, bool fresh,
                       struct hops_probe *out) {
    uint8_t how = rd_u8(in);

    *out = (struct hops_probe){.round = source->round, .src_port = 33434, .dst_port = 80};
    if (fresh) {
        out->id = source->next_id++;
        out->ttl = source->ttl;
        source->ttl = source->ttl < HOPS_TTL_MAX ? (uint8_t)(source->ttl + 1) : 1;
    } else {
        out->id = source->next_id - 1 - how % 32;
        out->ttl = some_ttl(source, in);
    }
    if ((how & 0xc0) == 0xc0) {
        out->round = (how & 0x20) != 0 ? source->round - how % 8 : rd_be32(in);
        out->id = (how & 0x10) != 0 ? out->id : rd_be32(in);
    }
    out->sequence = (uint16_t)(33434 + out->id);
}

static void some_round(struct event_source *source, struct rd *in, struct hops_event_round *out) {
    uint8_t how = rd_u8(in);

    *out = (struct hops_event_round){.round = source->round,
                                     .reason = (enum hops_round_reason)(how % 5),
                                     .largest_ttl = some_ttl(source, in),
                                     .target_ttl = rd_u8(in)};
    if (how < 240) {
        source->round++;
        source->ttl = 1;
    } else {
        out->round = rd_be32(in);
    }
}

void event_source_next(struct event_source *source, struct rd *in, struct hops_event *out) {
    static const enum hops_event_kind kinds[] = {
        HOPS_EVENT_SENT,  HOPS_EVENT_SENT,    HOPS_EVENT_SENT,   HOPS_EVENT_SENT,
        HOPS_EVENT_REPLY, HOPS_EVENT_REPLY,   HOPS_EVENT_REPLY,  HOPS_EVENT_REPLY,
        HOPS_EVENT_ROUND, HOPS_EVENT_SETTLED, HOPS_EVENT_FAILED, HOPS_EVENT_SKIPPED,
        HOPS_EVENT_PATH,  HOPS_EVENT_ERROR,   HOPS_EVENT_END,    HOPS_EVENT_ROUND};

    memset(out, 0, sizeof(*out));
    source->ttl = source->ttl == 0 ? 1 : source->ttl;
    source->now += HOPS_MS;
    out->kind = kinds[fuzz_below(in, sizeof(kinds) / sizeof(kinds[0]))];
    out->time = source->now;
    switch (out->kind) {
    case HOPS_EVENT_SENT:
        some_probe(source, in, true, &out->probe);
        break;
    case HOPS_EVENT_SKIPPED:
    case HOPS_EVENT_FAILED:
        some_probe(source, in, fuzz_bool(in), &out->probe);
        out->u.failure.call = (enum hops_call)fuzz_below(in, 6);
        out->u.failure.os_errno = rd_u8(in);
        break;
    case HOPS_EVENT_REPLY:
        some_probe(source, in, false, &out->probe);
        some_reply(source, in, &out->u.reply);
        break;
    case HOPS_EVENT_ROUND:
        some_round(source, in, &out->u.round);
        break;
    case HOPS_EVENT_SETTLED:
        out->u.settled_round = source->round - fuzz_below(in, 8);
        break;
    case HOPS_EVENT_PATH:
        out->u.path.round = source->round;
        out->u.path.ttl = some_ttl(source, in);
        out->u.path.before = fuzz_addr(source->family, rd_u8(in));
        out->u.path.after = fuzz_addr(source->family, rd_u8(in));
        break;
    case HOPS_EVENT_ERROR:
        out->u.failure.call = (enum hops_call)fuzz_below(in, 6);
        out->u.failure.os_errno = rd_u8(in);
        break;
    case HOPS_EVENT_END:
        out->u.end = (enum hops_end_reason)fuzz_below(in, 3);
        break;
    }
}
