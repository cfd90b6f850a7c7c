/* SPDX-License-Identifier: MIT
 *
 * What the link needs of the way a trace sends and receives. One channel is made for each
 * attachment: over raw sockets, datagram sockets or connect(). The link holds the epoll set, finds
 * the source address, gives out attachment numbers and passes readiness on; it knows nothing else.
 *
 * A channel registers its descriptors itself, level-triggered, with hops_net_watch(). A descriptor
 * that was closed may still be reported once: ready() ignores a local id it does not know.
 */
#ifndef NET_CHANNEL_H
#define NET_CHANNEL_H

#include <hops/config.h>
#include <hops/link.h>

/* The attachment number of descriptors that belong to the whole link. */
#define HOPS_NET_SHARED UINT32_MAX

/* What the link lends to its channels; outlives them. */
struct hops_net_env {
    const struct hops_mem *mem;
    struct hops_link_counters *counters;     /* the link's: channels add to it */
    int queue;                               /* epoll set or kqueue */
    char interface[HOPS_INTERFACE_NAME_MAX]; /* bind sockets to this device; "" any */
};

struct hops_net_channel;

struct hops_net_channel_ops {
    /* As hops_link_ops.send. Also tells of EMFILE and the like as HOPS_SEND_BUSY. */
    struct hops_send_result (*send)(struct hops_net_channel *channel,
                                    const struct hops_probe *probe, hops_ns now);

    /* Called when channel->due <= now: hands out one thing that the channel already holds (read
     * while it cleared the way for a send, or because a time-out passed), if any. Sets due anew. */
    bool (*receive)(struct hops_net_channel *channel, hops_ns now, struct hops_inbound *out);

    /* The descriptor registered as local has these epoll events: reads one thing from it. False: it
     * gave nothing to hand out (it may have been drained, or what was read is no reply). The link
     * comes back as long as epoll reports the descriptor. Transmit stamps are read first. */
    bool (*ready)(struct hops_net_channel *channel, uint32_t local, uint32_t events, hops_ns now,
                  struct hops_inbound *out);

    /* As hops_link_ops.release. */
    void (*release)(struct hops_net_channel *channel, uint32_t probe_id);

    /* Closes everything and frees the channel. */
    void (*free)(struct hops_net_channel *channel);
};

/* First member of every channel. */
struct hops_net_channel {
    const struct hops_net_channel_ops *ops;
    uint32_t attachment;
    hops_ns due; /* when receive() has to be called though no descriptor is ready: 0 at once,
                    HOPS_NEVER */
};

/* How channels are made: env is borrowed for the channel's life, config (checked, with its source
 * filled in) only for the call: keep a copy. The channel may change config->source_port if it was
 * proposed and is taken. HOPS_ERR_PORT_TAKEN, HOPS_ERR_PRIVILEGE ... with a text otherwise. */
typedef enum hops_err hops_net_channel_new(const struct hops_net_env *env, uint32_t attachment,
                                           struct hops_config *config, hops_ns now,
                                           struct hops_net_channel **out, struct hops_diag *diag);

/* hops_net_channel_new hops_net_dgram_new;    ICMP and UDP, in dgram.h
 * hops_net_channel_new hops_net_connect_new;  TCP by connect(), in connect.h */

enum { HOPS_NET_READABLE = 0x001, HOPS_NET_WRITABLE = 0x004 }; /* EPOLLIN, EPOLLOUT */

/* Adds fd to the set for READABLE or WRITABLE. On Linux 0 or other epoll events too (errors are
 * always reported). False with errno set. Closing the descriptor takes it out again. */
bool hops_net_watch(const struct hops_net_env *env, int fd, uint32_t events, uint32_t attachment,
                    uint32_t local);

/* Changes the events of a watched descriptor. */
bool hops_net_watch_change(const struct hops_net_env *env, int fd, uint32_t events,
                           uint32_t attachment, uint32_t local);

#endif
