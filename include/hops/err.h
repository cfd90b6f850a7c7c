/* SPDX-License-Identifier: MIT
 *
 * Errors are values. A function that can fail returns enum hops_err and leaves its result arguments
 * untouched on failure; text for people goes into an optional struct hops_diag. The library never
 * prints.
 */
#ifndef HOPS_ERR_H
#define HOPS_ERR_H

#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hops_err {
    HOPS_OK = 0,
    HOPS_ERR_NOMEM,        /* an allocation failed */
    HOPS_ERR_INVALID,      /* an argument or a configuration is not acceptable */
    HOPS_ERR_PRIVILEGE,    /* the operating system does not allow it */
    HOPS_ERR_NO_SOURCE,    /* the source address is not ours (EADDRNOTAVAIL) */
    HOPS_ERR_NO_ROUTE,     /* no route to the target */
    HOPS_ERR_NO_INTERFACE, /* the interface does not exist or has no fitting address */
    HOPS_ERR_PORT_TAKEN,   /* a port the user fixed is in use (EADDRINUSE) */
    HOPS_ERR_CLASH,        /* two traces whose replies could not be told apart */
    HOPS_ERR_SYSTEM,       /* another system call failed; the diag names it */
    HOPS_ERR_FORMAT        /* input is malformed; the diag says where */
};

/* What went wrong, for people: the option or call, the value, and what to do. Always terminated. */
struct hops_diag {
    char text[512];
};

/* "HOPS_ERR_NOMEM" and so on. Never NULL. */
HOPS_API const char *hops_err_name(enum hops_err err);

/* "EADDRINUSE" for EADDRINUSE; NULL for a number that has no name here. */
HOPS_API const char *hops_errno_name(int os_errno);

/* The errno of a name, or 0 if the name is unknown. */
HOPS_API int hops_errno_from_name(const char *name);

#ifdef __cplusplus
}
#endif

#endif
