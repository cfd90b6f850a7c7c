/* SPDX-License-Identifier: MIT
 *
 * The vocabulary of the library: time, addresses, memory hooks and the small enumerations that
 * configuration, probes, replies and events share. Plain values only; nothing here has a lifecycle.
 */
#ifndef HOPS_TYPES_H
#define HOPS_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define HOPS_API      __attribute__((visibility("default")))
#define HOPS_MUST_USE __attribute__((warn_unused_result))
#else
#define HOPS_API
#define HOPS_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Nanoseconds on the caller's monotonic clock. The library never reads a clock inside base, packet,
 * tracer and sim: time comes in as an argument. */
typedef int64_t hops_ns;
#define HOPS_NEVER INT64_MAX /* a deadline that does not come */
#define HOPS_US    ((hops_ns)1000)
#define HOPS_MS    ((hops_ns)1000000)
#define HOPS_SEC   ((hops_ns)1000000000)

/* Limits of the protocol and of this implementation. */
enum {
    HOPS_TTL_MAX = 254,          /* one octet, 0 is useless, and "next TTL" must still fit */
    HOPS_ROUND_PROBES_MAX = 512, /* sequences a round may use: twice the TTL range, for reissues */
    HOPS_SEQUENCE_MAX_INITIAL = 64511, /* 65535 - 2 * 512 */
    HOPS_SEQUENCE_LAST = 65533,        /* the last sequence a tracer may use */
    HOPS_PACKET_SIZE_MAX = 1024,       /* octets, IP header included */
    HOPS_PACKET_SIZE_MIN_IPV4 = 28,
    HOPS_PACKET_SIZE_MIN_IPV6 = 48,
    HOPS_ADDR_TEXT_MAX = 64,     /* longest address text, zone and terminating NUL included */
    HOPS_EXTENSIONS_MAX = 508,   /* octets of extension objects kept of one reply */
    HOPS_INTERFACE_NAME_MAX = 16 /* IFNAMSIZ, terminating NUL included */
};

enum hops_family { HOPS_FAMILY_NONE = 0, HOPS_IPV4 = 4, HOPS_IPV6 = 6 };

/* An address. IPv4 uses octets[0..3], the rest is zero. scope is the interface index of a
 * link-local IPv6 address (RFC 4007), otherwise 0. Two addresses are compared with
 * hops_addr_equal(). */
struct hops_addr {
    uint8_t family; /* enum hops_family */
    uint8_t octets[16];
    uint32_t scope;
};

enum hops_protocol { HOPS_PROTOCOL_ICMP, HOPS_PROTOCOL_UDP, HOPS_PROTOCOL_TCP };

/* What carries the sequence of a UDP probe, and so what an ECMP router hashes. */
enum hops_strategy {
    HOPS_STRATEGY_CLASSIC, /* a port: every probe is another flow */
    HOPS_STRATEGY_PARIS,   /* the UDP checksum: one flow per round */
    HOPS_STRATEGY_DUBLIN   /* IPv4 identification or IPv6 payload length: one flow per round */
};

/* Which ports the configuration fixes. The other one carries the sequence (classic) or the round
 * port (paris, dublin). */
enum hops_port_direction {
    HOPS_PORTS_NONE, /* ICMP */
    HOPS_PORTS_FIXED_SOURCE,
    HOPS_PORTS_FIXED_TARGET,
    HOPS_PORTS_FIXED_BOTH
};

/* The call that failed when a probe could not be sent. With the errno it decides what happens to
 * the probe: see hops_send_status. */
enum hops_call {
    HOPS_CALL_NONE,
    HOPS_CALL_SOCKET,
    HOPS_CALL_SETSOCKOPT,
    HOPS_CALL_BIND,
    HOPS_CALL_CONNECT,
    HOPS_CALL_SENDTO
};

/* Memory hooks. calloc returns zeroed memory for count * size octets (never called with an
 * overflow) or NULL; realloc and free as in C. user is passed through. All three are called only
 * from the thread that calls the library. */
struct hops_mem {
    void *(*calloc)(size_t count, size_t size, void *user);
    void *(*realloc)(void *ptr, size_t size, void *user);
    void (*free)(void *ptr, void *user);
    void *user;
};

/* The C library's allocator. */
HOPS_API const struct hops_mem *hops_mem_default(void);

/* Names as they appear in events, reports and messages: "icmp", "paris", "bind". Never NULL. */
HOPS_API const char *hops_protocol_name(enum hops_protocol protocol);
HOPS_API const char *hops_strategy_name(enum hops_strategy strategy);
HOPS_API const char *hops_call_name(enum hops_call call);

#ifdef __cplusplus
}
#endif

#endif
