/* SPDX-License-Identifier: MIT
 *
 * The source ports that raw probes use. A raw socket reserves nothing, so each live port is held by
 * an ordinary socket bound to (source, port): nobody else can take it meanwhile, and bind() says at
 * once whether somebody has. No address or port reuse is ever switched on: then EADDRINUSE means
 * somebody else and EADDRNOTAVAIL means the address is gone.
 *
 * A TCP socket is bound and never listens or connects (the kernel answers the SYN-ACK with a reset,
 * which is what we want). A UDP socket also receives what the target answers, and keeps the kernel
 * from telling the target that the port is closed; it is in the link's epoll set.
 *
 * All traces of a link share one table, in which a port is held once and counted.
 */
#ifndef NET_PORTS_H
#define NET_PORTS_H

#include "net/channel.h"

struct hops_net_ports;

struct hops_net_port {
    enum hops_protocol protocol; /* UDP or TCP */
    struct hops_addr source;
    uint16_t number;
};

/* Makes the socket that holds a port. Its descriptor; or -1 with *call and *os_errno set. */
typedef int hops_net_port_open(const struct hops_net_env *env, const struct hops_net_port *port,
                               enum hops_call *call, int *os_errno);

hops_net_port_open hops_net_port_open_socket; /* the real one */

/* env is borrowed. UDP sockets are watched as HOPS_NET_SHARED with local ids from first_local on.
 * NULL: no memory. */
struct hops_net_ports *hops_net_ports_new(const struct hops_net_env *env, hops_net_port_open *open,
                                          uint32_t first_local);
void hops_net_ports_free(struct hops_net_ports *ports); /* NULL is fine */

struct hops_net_hold {
    uint32_t handle;     /* valid if os_errno is 0 */
    bool fresh;          /* it was bound just now, not counted once more */
    enum hops_call call; /* the call that failed */
    int os_errno;        /* its errno; ENOMEM from HOPS_CALL_SOCKET also for our own memory */
};

/* Holds the port, once more if it is held already. */
struct hops_net_hold hops_net_ports_hold(struct hops_net_ports *ports,
                                         const struct hops_net_port *port);

/* True if the table holds this port already. */
bool hops_net_ports_held(const struct hops_net_ports *ports, const struct hops_net_port *port);

/* Gives one hold back; the last one closes the socket. */
void hops_net_ports_drop(struct hops_net_ports *ports, uint32_t handle);

/* The port of a local id that epoll reported, and its socket; -1 if it is held no more. */
int hops_net_ports_find(const struct hops_net_ports *ports, uint32_t local,
                        struct hops_net_port *out);

#endif
