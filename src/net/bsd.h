/* SPDX-License-Identifier: MIT
 *
 * What the files of the link for macOS and the BSDs share; nobody else includes this.
 *
 * These kernels have no error queues and never hand TCP or UDP to raw sockets. So every ICMP error
 * is read from one ICMP socket per family, raw or (macOS) a datagram one, which serves all traces;
 * UDP answers come to the ordinary socket that holds the source port; TCP is probed by connect().
 * ICMP and UDP leave by raw sockets where there are any, else by ordinary ones.
 */
#ifndef NET_BSD_H
#define NET_BSD_H

#include <hops/net.h>

#include "net/channel.h"
#include "net/clock.h"
#include "net/header_order.h"
#include "net/inbox.h"
#include "net/ports.h"
#include "net/source.h"

#define HOPS_NET_BSD_RECEIVE_MAX 65535 /* no IP datagram is longer */
#define HOPS_NET_BSD_HOLDS       4096  /* probes of a trace that can be answerable at once */
#define HOPS_NET_BSD_NO_HOLD     UINT32_MAX
#define HOPS_NET_BSD_PORTS       16 /* local ids from here on are held ports */

/* The raw sockets; their numbers are also the local ids of the ICMP sockets. */
enum hops_net_bsd_kind {
    HOPS_NET_BSD_IPV4, /* header included: sends ICMP and UDP */
    HOPS_NET_BSD_ICMP, /* receives */
    HOPS_NET_BSD_ICMP6,
    HOPS_NET_BSD_UDP6, /* sends */
    HOPS_NET_BSD_KINDS
};

struct hops_net_raw {
    int fd[HOPS_NET_BSD_KINDS]; /* -1: not there */
    int os_errno[HOPS_NET_BSD_KINDS];
    enum hops_call call[HOPS_NET_BSD_KINDS];
    enum hops_net_order order;
};

/* An ICMP socket that all traces of a family share. */
struct hops_net_bsd_icmp {
    int fd;        /* -1: not open */
    bool borrowed; /* it is one of the raw sockets */
    bool watched;
    enum hops_net_order order; /* datagram, IPv4: to send by */
};

struct hops_net_bsd_tcp; /* connections under way */

struct hops_net_bsd_seat {
    bool raw; /* ICMP and UDP leave by raw sockets */
    uint32_t attachment;
    struct hops_config config;
    struct hops_net_source_watch watch;
    uint32_t trace_hold; /* the port of the whole trace */
    struct {
        uint32_t probe_id;
        uint32_t handle;
    } * holds; /* per probe, by id; NULL if no port changes */
    struct hops_net_bsd_tcp *tcp;
    bool queue_full; /* full_probe met ENOBUFS once */
    uint32_t full_probe;
};

struct hops_net_report {
    uint32_t attachment;
    uint32_t local;
};

struct hops_net_bsd {
    struct hops_link base;
    struct hops_net_env env;
    struct hops_link_counters counters;
    struct hops_net_options options;
    struct hops_net_raw *raw;         /* NULL: none */
    struct hops_net_bsd_icmp icmp[2]; /* IPv4, IPv6 */
    struct hops_net_ports *ports;
    struct hops_net_clock clock;
    struct hops_net_bsd_seat **seats;
    uint32_t size;
    struct hops_net_report reports[64];
    int report_count;
    int report_next;
    struct hops_net_inbox inbox;
    uint8_t *buffer; /* HOPS_NET_BSD_RECEIVE_MAX */
};

/* kqueue.c: the set behind hops_net_watch(). -1 with errno set. */
int hops_net_queue_new(void);
/* What is ready now, without waiting; level-triggered. */
int hops_net_queue_ready(int queue, struct hops_net_report *out, int max);

/* bsd_open.c: makes sure that errors to traces of this family can be read. */
enum hops_err hops_net_bsd_icmp_open(struct hops_net_bsd *link, enum hops_family family, bool raw,
                                     struct hops_diag *diag);
/* HOPS_OK if the raw sockets that this protocol needs for sending and receiving are there. */
enum hops_err hops_net_bsd_raw_check(const struct hops_net_raw *raw, enum hops_protocol protocol,
                                     enum hops_family family, struct hops_diag *diag);

/* bsd_send.c: ICMP and UDP. */
struct hops_send_result hops_net_bsd_send(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                                          const struct hops_probe *probe);

/* bsd_tcp.c */
enum hops_err hops_net_bsd_tcp_new(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                                   struct hops_diag *diag);
void hops_net_bsd_tcp_free(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat);
struct hops_send_result hops_net_bsd_tcp_send(struct hops_net_bsd *link,
                                              struct hops_net_bsd_seat *seat,
                                              const struct hops_probe *probe);
void hops_net_bsd_tcp_ready(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                            uint32_t local);
void hops_net_bsd_tcp_release(struct hops_net_bsd_seat *seat, uint32_t probe_id);
void hops_net_bsd_tcp_expire(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                             hops_ns now);
hops_ns hops_net_bsd_tcp_deadline(const struct hops_net_bsd_seat *seat);

/* bsd_receive.c: one packet of an ICMP socket, or of a held port, into the inbox. */
void hops_net_bsd_read_icmp(struct hops_net_bsd *link, enum hops_family family);
void hops_net_bsd_read_port(struct hops_net_bsd *link, uint32_t local);

#endif
