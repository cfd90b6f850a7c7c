/* SPDX-License-Identifier: MIT
 *
 * What a network must do. net/ implements it with sockets, sim/ in memory, and you can with
 * whatever you have: fill a struct of functions and put struct hops_link first in a struct of your
 * own.
 *
 * A link is passive. It is never called back, keeps no thread, and is told the time. One link
 * serves any number of traces ("attachments"), each known by the small number attach() gave it.
 */
#ifndef HOPS_LINK_H
#define HOPS_LINK_H

#include <hops/config.h>
#include <hops/err.h>
#include <hops/probe.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hops_link;

enum hops_inbound_kind {
    HOPS_INBOUND_REPLY, /* reply: a decoded packet. attachment is HOPS_ATTACHMENT_ANY if the link
                           cannot tell whose it is */
    HOPS_INBOUND_STAMP, /* the kernel says when probe_id of attachment really left: when */
    HOPS_INBOUND_FAILED /* probe_id of attachment turned out not to have left; failure says why */
};

#define HOPS_ATTACHMENT_ANY UINT32_MAX

struct hops_inbound {
    enum hops_inbound_kind kind;
    uint32_t attachment;
    uint32_t probe_id;
    hops_ns when;
    struct hops_send_result failure;
    struct hops_reply reply;
};

/* Packets that came in and what was done with them; all cumulative. */
struct hops_link_counters {
    uint64_t received;  /* everything read from the network */
    uint64_t malformed; /* refused by the parsers: short, wrong checksum, impossible lengths */
    uint64_t ignored;   /* well-formed, but not a kind of message that answers a probe */
    uint64_t overflow;  /* lost because a receive buffer was full (SO_RXQ_OVFL) */
    uint64_t coarse;    /* arrived without a usable kernel timestamp */
};

struct hops_link_ops {
    /* Takes a trace on. *config has been checked. The link fills in what was left to it: the source
     * address, and another source port where the given one was only proposed. It reserves the ports
     * that the whole trace needs. */
    enum hops_err (*attach)(struct hops_link *link, struct hops_config *config, hops_ns now,
                            uint32_t *out_attachment, struct hops_diag *diag);

    /* Forgets a trace and everything held for it. */
    void (*detach)(struct hops_link *link, uint32_t attachment);

    /* Encodes and sends one probe. Everything that can go wrong is in the result; errno is read at
     * the call that set it. */
    struct hops_send_result (*send)(struct hops_link *link, uint32_t attachment,
                                    const struct hops_probe *probe, hops_ns now);

    /* Hands out the next thing that came in, if any, without waiting. Transmit stamps come before
     * the replies they belong to. */
    bool (*receive)(struct hops_link *link, hops_ns now, struct hops_inbound *out);

    /* The tracer will take no further reply to this probe: sockets and ports held for it are free.
     */
    void (*release)(struct hops_link *link, uint32_t attachment, uint32_t probe_id);

    /* A descriptor to poll for reading, or -1: then deadline() alone says when to come back. */
    int (*fd)(const struct hops_link *link);

    /* When receive() must be called even if fd is quiet; HOPS_NEVER if there is no such time. */
    hops_ns (*deadline)(const struct hops_link *link);

    void (*counters)(const struct hops_link *link, struct hops_link_counters *out);

    /* Frees the link; all attachments go with it. */
    void (*close)(struct hops_link *link);
};

struct hops_link {
    const struct hops_link_ops *ops;
};

#ifdef __cplusplus
}
#endif

#endif
