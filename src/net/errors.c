/* SPDX-License-Identifier: MIT */
#include "net/errors.h"

#include <errno.h>

#define ANY_CALL HOPS_CALL_NONE

/* The first row that fits decides. */
static const struct {
    enum hops_call call;
    int os_errno;
    enum hops_send_status status;
} rows[] = {
    /* Somebody holds the port: another sequence has another port, so going on with it cures it. */
    {HOPS_CALL_BIND, EADDRINUSE, HOPS_SEND_PORT_TAKEN},
    {HOPS_CALL_CONNECT, EADDRINUSE, HOPS_SEND_PORT_TAKEN},

    /* The address is gone, or this very connection exists: no other port would help. */
    {ANY_CALL, EADDRNOTAVAIL, HOPS_SEND_FAILED},

    {HOPS_CALL_CONNECT, EINPROGRESS, HOPS_SEND_OK},
    {HOPS_CALL_CONNECT, ECONNREFUSED, HOPS_SEND_OK},

    /* Shortages that pass. EAGAIN from bind or connect is not one of them: it says that there is no
     * free ephemeral port. */
    {HOPS_CALL_SOCKET, EMFILE, HOPS_SEND_BUSY},
    {HOPS_CALL_SOCKET, ENFILE, HOPS_SEND_BUSY},
    {HOPS_CALL_SOCKET, ENOMEM, HOPS_SEND_BUSY},
    {HOPS_CALL_SOCKET, ENOBUFS, HOPS_SEND_BUSY},
    {HOPS_CALL_SETSOCKOPT, ENOMEM, HOPS_SEND_BUSY},
    {HOPS_CALL_SETSOCKOPT, ENOBUFS, HOPS_SEND_BUSY},
    {HOPS_CALL_SENDTO, EAGAIN, HOPS_SEND_BUSY},
    {ANY_CALL, EINTR, HOPS_SEND_BUSY},

    /* A device that has been unplugged since the start. */
    {HOPS_CALL_SETSOCKOPT, ENODEV, HOPS_SEND_FAILED},

    /* Our own mistakes, and sockets that are none. */
    {ANY_CALL, EBADF, HOPS_SEND_FATAL},
    {ANY_CALL, ENOTSOCK, HOPS_SEND_FATAL},
    {ANY_CALL, EFAULT, HOPS_SEND_FATAL},
    {ANY_CALL, ENOSYS, HOPS_SEND_FATAL},
    {ANY_CALL, EDESTADDRREQ, HOPS_SEND_FATAL},
    {ANY_CALL, EISCONN, HOPS_SEND_FATAL},
    {ANY_CALL, EALREADY, HOPS_SEND_FATAL},
    {ANY_CALL, EPROTOTYPE, HOPS_SEND_FATAL},

    /* Making a socket ready does not depend on the network: what fails here fails for ever. */
    {HOPS_CALL_SOCKET, 0, HOPS_SEND_FATAL},
    {HOPS_CALL_SETSOCKOPT, 0, HOPS_SEND_FATAL},
};

/* What is left comes from bind, connect and sendto and is the state of routes (EHOSTUNREACH,
 * ENETUNREACH, ENETDOWN, EINVAL for a blackhole route, EACCES for a prohibited one), firewall
 * (EPERM), queues (ENOBUFS), sizes (EMSGSIZE), devices (ENODEV) or the errno of an ICMP message
 * that anybody could have sent (EPROTO, ENOPROTOOPT, EOPNOTSUPP, ENONET, ECONNREFUSED...). None of
 * them may end a trace. */
enum hops_send_status hops_net_classify(enum hops_call call, int os_errno) {
    if (os_errno == 0) {
        return HOPS_SEND_OK;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool call_fits = rows[i].call == call || rows[i].call == ANY_CALL;
        bool errno_fits = rows[i].os_errno == os_errno || rows[i].os_errno == 0;

        if (call_fits && errno_fits) {
            return rows[i].status;
        }
    }
    return HOPS_SEND_FAILED;
}

bool hops_net_refused(enum hops_call call, int os_errno) {
    return call == HOPS_CALL_CONNECT && os_errno == ECONNREFUSED;
}

struct hops_send_result hops_net_result(enum hops_call call, int os_errno, hops_ns when) {
    enum hops_send_status status = hops_net_classify(call, os_errno);

    if (status == HOPS_SEND_OK) {
        return (struct hops_send_result){.status = status, .when = when};
    }
    return (struct hops_send_result){.status = status, .call = call, .os_errno = os_errno};
}
