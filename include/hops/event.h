/* SPDX-License-Identifier: MIT
 *
 * What a tracer tells. Statistics, screens, reports and recordings are folds over these events and
 * nothing else, so a recording replayed gives the same screen and the same report.
 */
#ifndef HOPS_EVENT_H
#define HOPS_EVENT_H

#include <hops/probe.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hops_event_kind {
    HOPS_EVENT_SENT,    /* probe: it is on its way since time */
    HOPS_EVENT_SKIPPED, /* probe, failure: its port was taken; it counts nowhere, and the same TTL
                           goes out again with the next sequence */
    HOPS_EVENT_FAILED,  /* probe, failure: it did not leave this host */
    HOPS_EVENT_REPLY,   /* probe, reply: it was answered, within its round or late */
    HOPS_EVENT_ROUND,   /* round: all that this round sends is sent, and the next one may begin */
    HOPS_EVENT_SETTLED, /* settled: every probe of that round is answered, failed or given up */
    HOPS_EVENT_PATH,    /* path: a round took another way than the one before */
    HOPS_EVENT_ERROR,   /* failure: the trace cannot go on; END follows */
    HOPS_EVENT_END      /* end: nothing follows */
};

/* Why a round ended. */
enum hops_round_reason {
    HOPS_ROUND_TARGET_FOUND,
    HOPS_ROUND_UNREACHABLE, /* a router said so, and every hop up to it has answered */
    HOPS_ROUND_TIME_LIMIT,
    HOPS_ROUND_MAX_TTL, /* every hop up to max_ttl has answered */
    HOPS_ROUND_STOPPED  /* the trace was stopped in its midst */
};

/* Why a trace ended. */
enum hops_end_reason {
    HOPS_END_ROUNDS_DONE, /* max_rounds */
    HOPS_END_STOPPED,     /* hops_tracer_stop() */
    HOPS_END_ERROR        /* after HOPS_EVENT_ERROR */
};

struct hops_event_failure {
    enum hops_call call;
    int os_errno;
};

struct hops_event_reply {
    enum hops_reply_kind kind;
    struct hops_addr responder;
    uint8_t icmp_type, icmp_code;
    bool is_target;     /* the path ends here */
    bool late;          /* its round was complete already */
    bool coarse;        /* rtt is measured without a kernel receive timestamp, or it is not sure
                         * which probe of the round was answered */
    hops_ns rtt;        /* never negative */
    int16_t ttl;        /* of the reply packet, -1 unknown */
    int16_t quoted_ttl; /* TTL left in the quoted probe, -1 unknown */
    int16_t tos;        /* quoted type of service, -1 unknown */
    uint16_t mtu;       /* 0: none told */
    bool has_checksums; /* both are set: IPv4 UDP dublin only */
    uint16_t checksum_expected, checksum_actual;
    struct hops_extensions extensions;
};

struct hops_event_round {
    uint32_t round;
    enum hops_round_reason reason;
    uint8_t largest_ttl; /* rows a report has for this round; 0: none */
    uint8_t target_ttl;  /* lowest TTL known to reach the target; 0: unknown */
};

/* The first TTL at which a round's path contradicts the path of the round before. */
struct hops_event_path {
    uint32_t round;
    uint8_t ttl;
    struct hops_addr before, after;
};

struct hops_event {
    enum hops_event_kind kind;
    uint32_t trace; /* number of the trace within its run; 0 from a lone tracer */
    hops_ns time;   /* SENT: send time; REPLY: arrival; else when it was found out */
    struct hops_probe probe;
    union {
        struct hops_event_failure failure;
        struct hops_event_reply reply;
        struct hops_event_round round;
        struct hops_event_path path;
        uint32_t settled_round;
        enum hops_end_reason end;
    } u;
};

/* Names as recordings and `-m events` print them: "sent", "target-found", "time-exceeded". */
HOPS_API const char *hops_event_kind_name(enum hops_event_kind kind);
HOPS_API const char *hops_reply_kind_name(enum hops_reply_kind kind);
HOPS_API const char *hops_round_reason_name(enum hops_round_reason reason);
HOPS_API const char *hops_end_reason_name(enum hops_end_reason reason);

#ifdef __cplusplus
}
#endif

#endif
