/* SPDX-License-Identifier: MIT
 *
 * Names of the errnos that sockets give. A table of our own, because events and scenarios name them
 * and must do so alike on every system.
 */
#include <hops/err.h>

#include <errno.h>
#include <string.h>

#define NAMED(e)                                                                                   \
    { e, #e }

static const struct {
    int os_errno;
    const char *name;
} names[] = {
    NAMED(EACCES),       NAMED(EADDRINUSE), NAMED(EADDRNOTAVAIL), NAMED(EAFNOSUPPORT),
    NAMED(EAGAIN),       NAMED(EALREADY),   NAMED(EBADF),         NAMED(ECONNABORTED),
    NAMED(ECONNREFUSED), NAMED(ECONNRESET), NAMED(EDESTADDRREQ),  NAMED(EEXIST),
    NAMED(EFAULT),       NAMED(EHOSTDOWN),  NAMED(EHOSTUNREACH),  NAMED(EINPROGRESS),
    NAMED(EINTR),        NAMED(EINVAL),     NAMED(EIO),           NAMED(EISCONN),
    NAMED(EMFILE),       NAMED(EMSGSIZE),   NAMED(ENETDOWN),      NAMED(ENETRESET),
    NAMED(ENETUNREACH),  NAMED(ENFILE),     NAMED(ENOBUFS),       NAMED(ENODEV),
    NAMED(ENOENT),       NAMED(ENOMEM),     NAMED(ENOPROTOOPT),   NAMED(ENOSPC),
    NAMED(ENOSYS),       NAMED(ENOTCONN),   NAMED(ENOTSOCK),      NAMED(EOPNOTSUPP),
    NAMED(EPERM),        NAMED(EPIPE),      NAMED(EPROTO),        NAMED(EPROTONOSUPPORT),
    NAMED(EPROTOTYPE),   NAMED(ESHUTDOWN),  NAMED(ETIMEDOUT),
#ifdef ENONET
    NAMED(ENONET),
#endif
};

const char *hops_errno_name(int os_errno) {
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].os_errno == os_errno) {
            return names[i].name;
        }
    }
    return NULL;
}

int hops_errno_from_name(const char *name) {
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].name, name) == 0) {
            return names[i].os_errno;
        }
    }
    return 0;
}
