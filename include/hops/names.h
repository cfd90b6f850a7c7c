/* SPDX-License-Identifier: MIT
 *
 * Where reports and screens get names of addresses from: a table of one function, so that they know
 * nothing of resolvers.
 */
#ifndef HOPS_NAMES_H
#define HOPS_NAMES_H

#include <hops/addr.h>

struct hops_names {
    /* Text for an address, already fit to be shown, or NULL: show the address. Borrowed until the
     * next call. */
    const char *(*name)(void *user, const struct hops_addr *addr);
    void *user;
};

#endif
