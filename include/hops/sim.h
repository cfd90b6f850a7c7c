/* SPDX-License-Identifier: MIT
 *
 * The link over a network in memory: virtual time, a seed, no sockets. Probes become the octets
 * that a raw socket would send, walk the scenario's nodes, and come back as the octets that real
 * routers would answer, decoded by the same code as the network's.
 *
 * A scenario is a plain struct; the program fills it from a TOML file (docs/scenarios.md), tests by
 * hand. Every field may be left zero unless it says otherwise: zero is the quiet default. What is
 * random is drawn per probe and node, from the seed: the same scenario, seed and probes give the
 * same replies, and a node added to a path does not change what the others do.
 */
#ifndef HOPS_SIM_H
#define HOPS_SIM_H

#include <hops/addr.h>
#include <hops/err.h>
#include <hops/link.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    HOPS_SCENARIO_ITEMS_MAX = 4096,      /* nodes, targets, steps and so on, of each kind */
    HOPS_SCENARIO_NODES_PER_STEP = 16,   /* ways a balancer chooses from */
    HOPS_SCENARIO_EXTENSIONS_MAX = 252,  /* octets of extension objects of a node */
    HOPS_SCENARIO_REPLIES_PER_PROBE = 64 /* whatever the scenario says, no probe brings more */
};

/* When something is the case: from <= t < until. until 0: for ever. */
struct hops_scenario_window {
    hops_ns from, until;
};

/* What a translator does to the source of packets that it forwards. */
enum hops_scenario_nat {
    HOPS_SCENARIO_NAT_NONE,
    HOPS_SCENARIO_NAT_STATELESS, /* quotes in ICMP errors go back as they are */
    HOPS_SCENARIO_NAT_STATEFUL   /* quotes are repaired: nobody behind it sees the translation */
};

/* How a broken or hostile node's replies are wrong. */
enum hops_scenario_malformed {
    HOPS_SCENARIO_WELL_FORMED,
    HOPS_SCENARIO_TRUNCATED,    /* cut off somewhere */
    HOPS_SCENARIO_BAD_CHECKSUM, /* ICMP, UDP or TCP checksum */
    HOPS_SCENARIO_WRONG_QUOTE,  /* the quoted datagram went to another destination */
    HOPS_SCENARIO_BAD_LENGTH,   /* an extension object claims more than there is */
    HOPS_SCENARIO_FOREIGN,      /* well-formed, but about somebody else's id or ports */
    HOPS_SCENARIO_NOISE         /* random octets behind the IP header */
};

/* A router or a host, and the cable that leads to it. A node may stand in any number of paths; one
 * that behaves differently from some time on is two nodes with one address (see steps). */
struct hops_scenario_node {
    struct hops_addr addr; /* required: what it answers with */

    /* The cable into it, passed by probes on their way and by replies on their way back. */
    hops_ns delay;       /* one way */
    hops_ns jitter;      /* added to each passage: uniform in 0..jitter */
    double loss_forward; /* 0..1, share of probes lost */
    double loss_return;  /* 0..1, share of replies lost */
    uint16_t mtu;        /* largest datagram; 0: any. The node before answers for larger ones */

    /* Answering. */
    bool silent;             /* never answers; it does forward */
    hops_ns response_delay;  /* from arrival to the answer, once */
    hops_ns response_jitter; /* added: uniform in 0..response_jitter */
    double response_loss;    /* 0..1, share of answers it does not send */
    double rate;             /* answers per second (token bucket); 0: without limit */
    uint32_t burst;          /* size of the bucket; 0: 1 */
    uint8_t reply_ttl;       /* TTL its packets start with; 0: 64 */
    uint16_t quote;          /* octets of the probe it quotes, IP header included; 0: all that fits
                                (IPv4 548, IPv6 1232). At least 28 and 48 */

    /* Not forwarding: it answers what reaches it with "destination unreachable" instead. */
    bool unreachable;
    uint8_t unreachable_code; /* ICMP 3/code or ICMPv6 1/code */

    /* Changing what it forwards. */
    bool set_tos;
    uint8_t tos; /* new type of service or traffic class */
    enum hops_scenario_nat nat;
    struct hops_addr nat_addr; /* new source address; required with nat */
    uint16_t nat_port;         /* new source port of UDP and TCP; 0: kept */

    /* ICMP extension objects (RFC 4884) in its errors: from the first object header on, without
     * extension header. */
    const uint8_t *extensions;
    uint16_t extensions_len;
    bool extensions_non_compliant; /* length attribute 0, as before RFC 4884 */
    bool extensions_bad_checksum;

    /* Disorder. */
    double duplicate;        /* 0..1, share of answers that arrive twice */
    hops_ns duplicate_delay; /* the second one so much later */
    double straggle;         /* 0..1, share of answers held up ... */
    hops_ns straggle_delay;  /* ... for so long */
    enum hops_scenario_malformed malformed;
    double malformed_share;   /* 0..1, share of answers that are malformed */
    uint16_t malformed_extra; /* so many malformed ones in front of each answer */
};

/* One position in a path. It exists only within its window, evaluated when a probe comes there: two
 * steps in a row with adjoining windows are a change of the responder, one with a window is a hop
 * that appears or disappears. */
struct hops_scenario_step {
    uint16_t nodes[HOPS_SCENARIO_NODES_PER_STEP]; /* indices of nodes; a flow takes one of them */
    uint8_t node_count;                           /* at least 1 */
    uint8_t balancer; /* steps of one number (not 0) take the same way for the same flow; 0: each
                         step chooses for itself */
    bool per_packet;  /* not by flow: at random for each packet */
    struct hops_scenario_window when;
};

enum hops_scenario_policy {
    HOPS_SCENARIO_DEFAULT,   /* ICMP and TCP open, UDP closed */
    HOPS_SCENARIO_OPEN,      /* echo reply; SYN-ACK; a UDP datagram back */
    HOPS_SCENARIO_CLOSED,    /* no echo reply; RST; port unreachable */
    HOPS_SCENARIO_SILENT,    /* nothing at all */
    HOPS_SCENARIO_PROHIBITED /* ICMP 3/13, ICMPv6 1/1 */
};

/* Ports of a target that behave otherwise. */
struct hops_scenario_port {
    enum hops_protocol protocol; /* UDP or TCP */
    uint16_t first, last;
    enum hops_scenario_policy policy;
};

/* Somewhere to trace to. */
struct hops_scenario_target {
    const char *name;        /* what people type; NULL: only the address */
    uint16_t node;           /* the host itself, and the last cable; its address is the target */
    struct hops_addr source; /* ours towards it; required */
    const struct hops_scenario_step *steps; /* the way there, host not included */
    size_t step_count;
    bool loop; /* behind step loop_from, packets go on at step loop_to */
    uint16_t loop_from, loop_to;
    enum hops_scenario_policy icmp, udp, tcp;
    const struct hops_scenario_port *ports; /* the first that fits wins over udp and tcp */
    size_t port_count;
};

#define HOPS_SCENARIO_ANY_TARGET UINT16_MAX

/* A call that fails on this host when a probe is to be sent. The first that fits and is drawn
 * decides. */
struct hops_scenario_error {
    enum hops_call call;
    int os_errno;
    uint16_t target;             /* index, or HOPS_SCENARIO_ANY_TARGET */
    uint8_t first_ttl, last_ttl; /* both 0: any TTL */
    struct hops_scenario_window when;
    double share; /* 0..1, share of sends that fail; 0: all */
    uint32_t max; /* so many times at most; 0: without limit */
};

/* Local ports in the hands of another process: bind gives EADDRINUSE. */
struct hops_scenario_taken {
    enum hops_protocol protocol; /* UDP or TCP */
    uint16_t first, last;
    struct hops_scenario_window when;
};

/* Names and AS data. The simulation makes no use of them: whoever shows addresses does. */
struct hops_scenario_name {
    struct hops_addr addr;
    const char *name; /* several names of an address: several entries */
};

struct hops_scenario_as {
    struct hops_addr prefix;
    uint8_t prefix_len;
    uint32_t number;
    const char *name, *country, *registry, *allocated; /* may be NULL */
};

struct hops_scenario {
    const char *name; /* of the file or the occasion; may be NULL */
    uint64_t seed;
    const struct hops_scenario_node *nodes;
    size_t node_count;
    const struct hops_scenario_target *targets;
    size_t target_count;
    const struct hops_scenario_error *errors;
    size_t error_count;
    const struct hops_scenario_taken *taken;
    size_t taken_count;
    const struct hops_scenario_name *names;
    size_t name_count;
    const struct hops_scenario_as *as;
    size_t as_count;
};

/* Refuses what does not add up: indices, families, shares, lengths. HOPS_ERR_INVALID with a diag
 * that names the item. */
HOPS_API enum hops_err hops_scenario_check(const struct hops_scenario *scenario,
                                           struct hops_diag *diag) HOPS_MUST_USE;

/* The number of a target by name (case counts not) or address text, of that family
 * (HOPS_FAMILY_NONE: any); the first that fits. False: there is none. */
HOPS_API bool hops_scenario_find(const struct hops_scenario *scenario, const char *name,
                                 enum hops_family family, size_t *out_target);

/* Creates the link over a checked copy of the scenario. mem may be NULL for the C library's; it is
 * borrowed for the link's life. Virtual time begins wherever the caller's begins; windows count
 * from 0. */
HOPS_API enum hops_err hops_sim_new(const struct hops_scenario *scenario,
                                    const struct hops_mem *mem, struct hops_link **out,
                                    struct hops_diag *diag) HOPS_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
