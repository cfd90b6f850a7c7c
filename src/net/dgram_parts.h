/* SPDX-License-Identifier: MIT
 *
 * The inside of dgram.c, which sends, and dgram_read.c, which reads. A slot is a probe that has
 * left and may still be answered. What is read while the way is cleared for a send waits in the
 * inbox.
 */
#ifndef NET_DGRAM_PARTS_H
#define NET_DGRAM_PARTS_H

#include "net/channel.h"
#include "net/clock.h"
#include "net/inbox.h"
#include "net/source.h"

struct hops_net_dgram_slot {
    bool used;
    bool stamped; /* stamp not handed out yet */
    int fd;       /* a socket of its own, or -1 */
    struct hops_probe probe;
    uint32_t number; /* of its send, as the kernel counts */
    hops_ns sent;
    hops_ns stamp;
};

struct hops_net_dgram {
    struct hops_net_channel base;
    const struct hops_net_env *env;
    struct hops_config config;
    struct hops_net_clock clock;
    struct hops_net_source_watch watch;
    int fd;            /* the socket of all probes, or -1 */
    int keeper;        /* with a socket per probe: keeps stamping on, or -1 */
    bool count_stamps; /* the kernel does not take our numbers */
    bool named_once;   /* it has taken one */
    uint32_t next_number;
    uint32_t overflow_seen;
    size_t stamps; /* slots that are stamped */
    size_t slot_count;
    struct hops_net_dgram_slot *slots;
    struct hops_net_inbox inbox;
};

/* Forgets the probe and closes its socket if it has one. */
void hops_net_dgram_slot_free(struct hops_net_dgram *d, struct hops_net_dgram_slot *slot);

/* Reads the error queue of fd into stamps and the inbox, as far as that has room; false if it has
 * none. own: the slot whose socket it is, NULL for the shared one. */
bool hops_net_dgram_drain(struct hops_net_dgram *d, int fd, struct hops_net_dgram_slot *own);

/* Reads one message of the normal queue into the inbox. */
void hops_net_dgram_read(struct hops_net_dgram *d, int fd, struct hops_net_dgram_slot *own);

/* Puts the transmit stamp of a stamped slot into the inbox, which has room. */
void hops_net_dgram_push_stamp(struct hops_net_dgram *d, struct hops_net_dgram_slot *slot);

#endif
