/* SPDX-License-Identifier: MIT
 *
 * What the files of the engine share: raw_send.c, raw_recv.c, engine.c. Nobody else includes this.
 */
#ifndef NET_ENGINE_PARTS_H
#define NET_ENGINE_PARTS_H

#include "net/clock.h"
#include "net/engine.h"
#include "net/ports.h"
#include "net/stamp_ring.h"

#define HOPS_NET_RECEIVE_MAX 65535 /* no IP datagram is longer */
#define HOPS_NET_HOLD_NONE   UINT32_MAX
#define HOPS_NET_HOLDS       4096 /* probes of a trace that can be answerable at once */

/* Local ids of the shared channel: the raw kinds, then the UDP sockets that hold ports. */
#define HOPS_NET_LOCAL_PORTS 16

/* How transmit stamps are named. */
enum hops_net_naming {
    HOPS_NET_NAMING_UNKNOWN, /* not tried yet */
    HOPS_NET_NAMING_OURS,    /* by a control message with each packet (Linux 6.13) */
    HOPS_NET_NAMING_COUNTED  /* by the kernel: successful sends, from 0 */
};

struct hops_net_sender {
    struct hops_net_stamp_ring *ring; /* NULL until the socket is first used */
    enum hops_net_naming naming;
};

struct hops_net_raw_channel {
    struct hops_net_channel base;
    struct hops_net_engine *engine;
    struct hops_net_raw_channel *next;
    struct hops_config config;
    enum hops_net_raw_kind sender;

    uint32_t flow_label; /* 0: the kernel's */
    bool label_leased;

    uint32_t trace_hold; /* the port of the whole trace */
    struct {
        uint32_t probe_id;
        uint32_t handle; /* HOPS_NET_HOLD_NONE: none */
    } * holds;           /* per probe, by id; NULL if no port changes */

    bool source_checked; /* in source_round */
    uint32_t source_round;
    int source_errno;

    bool queue_full; /* no_buffer_probe met ENOBUFS once */
    uint32_t no_buffer_probe;
};

struct hops_net_engine {
    struct hops_net_channel shared;
    const struct hops_net_env *env;
    struct hops_net_raw *raw;
    struct hops_net_ports *ports;
    struct hops_net_raw_channel *channels;
    struct hops_net_sender senders[HOPS_NET_RAW_KINDS];
    uint32_t users[HOPS_NET_RAW_KINDS]; /* traces that need this socket */
    bool loud;                          /* sockets without users may let something through */
    uint32_t drops[HOPS_NET_RAW_KINDS]; /* SO_RXQ_OVFL as last seen */
    struct hops_net_clock clock;
    bool held; /* reply is waiting for the stamps that belong before it */
    struct hops_inbound reply;
    uint8_t *buffer; /* HOPS_NET_RECEIVE_MAX */
};

/* raw_send.c */
struct hops_send_result hops_net_raw_send(struct hops_net_channel *channel,
                                          const struct hops_probe *probe, hops_ns now);

/* engine.c: remembers what a probe that was sent holds, until it is released */
void hops_net_raw_keep_hold(struct hops_net_raw_channel *channel, uint32_t probe_id,
                            uint32_t handle);

/* raw_recv.c */
bool hops_net_raw_receive(struct hops_net_channel *shared, hops_ns now, struct hops_inbound *out);
bool hops_net_raw_ready(struct hops_net_channel *shared, uint32_t local, uint32_t events,
                        hops_ns now, struct hops_inbound *out);

/* Makes sockets without users let nothing through. */
void hops_net_engine_quiet(struct hops_net_engine *engine);

#endif
