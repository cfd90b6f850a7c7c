/* SPDX-License-Identifier: MIT
 *
 * Names of enumerators, as events, reports and messages print them. Switches without default, so
 * that the compiler names the one that was forgotten.
 */
#include <hops/err.h>
#include <hops/event.h>
#include <hops/types.h>

#include "base/unreachable.h"

const char *hops_err_name(enum hops_err err) {
    switch (err) {
    case HOPS_OK:
        return "HOPS_OK";
    case HOPS_ERR_NOMEM:
        return "HOPS_ERR_NOMEM";
    case HOPS_ERR_INVALID:
        return "HOPS_ERR_INVALID";
    case HOPS_ERR_PRIVILEGE:
        return "HOPS_ERR_PRIVILEGE";
    case HOPS_ERR_NO_SOURCE:
        return "HOPS_ERR_NO_SOURCE";
    case HOPS_ERR_NO_ROUTE:
        return "HOPS_ERR_NO_ROUTE";
    case HOPS_ERR_NO_INTERFACE:
        return "HOPS_ERR_NO_INTERFACE";
    case HOPS_ERR_PORT_TAKEN:
        return "HOPS_ERR_PORT_TAKEN";
    case HOPS_ERR_CLASH:
        return "HOPS_ERR_CLASH";
    case HOPS_ERR_SYSTEM:
        return "HOPS_ERR_SYSTEM";
    case HOPS_ERR_FORMAT:
        return "HOPS_ERR_FORMAT";
    }
    hops_unreachable();
}

const char *hops_protocol_name(enum hops_protocol protocol) {
    switch (protocol) {
    case HOPS_PROTOCOL_ICMP:
        return "icmp";
    case HOPS_PROTOCOL_UDP:
        return "udp";
    case HOPS_PROTOCOL_TCP:
        return "tcp";
    }
    hops_unreachable();
}

const char *hops_strategy_name(enum hops_strategy strategy) {
    switch (strategy) {
    case HOPS_STRATEGY_CLASSIC:
        return "classic";
    case HOPS_STRATEGY_PARIS:
        return "paris";
    case HOPS_STRATEGY_DUBLIN:
        return "dublin";
    }
    hops_unreachable();
}

const char *hops_call_name(enum hops_call call) {
    switch (call) {
    case HOPS_CALL_NONE:
        return "none";
    case HOPS_CALL_SOCKET:
        return "socket";
    case HOPS_CALL_SETSOCKOPT:
        return "setsockopt";
    case HOPS_CALL_BIND:
        return "bind";
    case HOPS_CALL_CONNECT:
        return "connect";
    case HOPS_CALL_SENDTO:
        return "sendto";
    }
    hops_unreachable();
}

const char *hops_event_kind_name(enum hops_event_kind kind) {
    switch (kind) {
    case HOPS_EVENT_SENT:
        return "sent";
    case HOPS_EVENT_SKIPPED:
        return "skipped";
    case HOPS_EVENT_FAILED:
        return "failed";
    case HOPS_EVENT_REPLY:
        return "reply";
    case HOPS_EVENT_ROUND:
        return "round";
    case HOPS_EVENT_SETTLED:
        return "settled";
    case HOPS_EVENT_PATH:
        return "path";
    case HOPS_EVENT_ERROR:
        return "error";
    case HOPS_EVENT_END:
        return "end";
    }
    hops_unreachable();
}

const char *hops_reply_kind_name(enum hops_reply_kind kind) {
    switch (kind) {
    case HOPS_REPLY_TIME_EXCEEDED:
        return "time-exceeded";
    case HOPS_REPLY_UNREACHABLE:
        return "unreachable";
    case HOPS_REPLY_PACKET_TOO_BIG:
        return "packet-too-big";
    case HOPS_REPLY_ECHO:
        return "echo-reply";
    case HOPS_REPLY_TCP:
        return "tcp-reply";
    case HOPS_REPLY_TCP_REFUSED:
        return "tcp-refused";
    case HOPS_REPLY_UDP:
        return "udp-reply";
    }
    hops_unreachable();
}

const char *hops_round_reason_name(enum hops_round_reason reason) {
    switch (reason) {
    case HOPS_ROUND_TARGET_FOUND:
        return "target-found";
    case HOPS_ROUND_UNREACHABLE:
        return "unreachable";
    case HOPS_ROUND_TIME_LIMIT:
        return "time-limit";
    case HOPS_ROUND_MAX_TTL:
        return "max-ttl";
    case HOPS_ROUND_STOPPED:
        return "stopped";
    }
    hops_unreachable();
}

const char *hops_end_reason_name(enum hops_end_reason reason) {
    switch (reason) {
    case HOPS_END_ROUNDS_DONE:
        return "rounds-done";
    case HOPS_END_STOPPED:
        return "stopped";
    case HOPS_END_ERROR:
        return "error";
    }
    hops_unreachable();
}
