/* SPDX-License-Identifier: MIT
 *
 * Names and AS data of addresses, by DNS, without ever blocking: an object the caller drives.
 *
 *     answer = lookup_name(lookup, &addr, now);      at any time; starts a query if one is needed
 *     count = lookup_fds(lookup, fds, room);         before waiting
 *     deadline = lookup_deadline(lookup, now);
 *     if (lookup_process(lookup, fds, count, now)) { something is known that was not; draw again }
 *
 * Files are read when the object is made and never after. Results are cached. One thread.
 */
#ifndef LOOKUP_LOOKUP_H
#define LOOKUP_LOOKUP_H

#include "lookup/files.h"

#include <hops/addr.h>
#include <hops/err.h>

struct pollfd;
struct lookup;

enum lookup_method {
    LOOKUP_SYSTEM,     /* the hosts file, then the servers of resolv.conf; without it 127.0.0.1 */
    LOOKUP_RESOLV,     /* the servers of resolv.conf, which must be there */
    LOOKUP_GOOGLE,     /* their public servers */
    LOOKUP_CLOUDFLARE, /* likewise */
    LOOKUP_SERVERS     /* those of the configuration */
};

struct lookup_config {
    enum lookup_method method;
    struct lookup_server servers[LOOKUP_SERVERS_MAX]; /* LOOKUP_SERVERS only */
    size_t server_count;
    hops_ns timeout; /* of one name or of the AS data of one address, repetitions included */
    hops_ns ttl;     /* how long a result is not asked for again */
    const char *resolv_path; /* NULL: the system's */
    const char *hosts_path;  /* NULL: the system's */
};

void lookup_config_init(struct lookup_config *config); /* system, 5 s, 300 s */

/* HOPS_ERR_SYSTEM or HOPS_ERR_FORMAT with a diag: the file of the servers. */
enum hops_err lookup_new(const struct lookup_config *config, struct lookup **out,
                         struct hops_diag *diag) HOPS_MUST_USE;
void lookup_free(struct lookup *lookup); /* NULL is fine; queries under way are dropped */

enum lookup_state {
    LOOKUP_PENDING,   /* asked, or about to be */
    LOOKUP_FOUND,     /* texts are there */
    LOOKUP_NOT_FOUND, /* there is none */
    LOOKUP_FAILED,    /* a server's or a network's error; not asked again before the ttl is over */
    LOOKUP_TIMEOUT    /* no answer; asked again after 5 s, then 10 s, 20 s and so on */
};

/* The six texts of LOOKUP_FOUND AS data, each of which but the number may be empty. */
enum lookup_as_field {
    LOOKUP_AS_NUMBER, /* digits */
    LOOKUP_AS_PREFIX,
    LOOKUP_AS_COUNTRY,
    LOOKUP_AS_REGISTRY,
    LOOKUP_AS_ALLOCATED, /* the prefix */
    LOOKUP_AS_NAME,
    LOOKUP_AS_FIELDS
};

struct lookup_answer {
    enum lookup_state state;
    size_t count;            /* of texts: names, or LOOKUP_AS_FIELDS, or 0 */
    const char *const *text; /* fit to be shown; borrowed until the next call */
};

/* What is known now. An answer older than the ttl is still given while it is asked for again. Cheap
 * enough to be called for every row of every frame. */
struct lookup_answer lookup_name(struct lookup *lookup, const struct hops_addr *addr, hops_ns now);
struct lookup_answer lookup_as(struct lookup *lookup, const struct hops_addr *addr, hops_ns now);

/* The same from the cache alone: asks nobody. */
struct lookup_answer lookup_name_known(struct lookup *lookup, const struct hops_addr *addr);

/* Forgets everything. Queries under way go on, and their results are kept. */
void lookup_flush(struct lookup *lookup);

/* Descriptors to wait for: at most 16 and at most size. */
size_t lookup_fds(struct lookup *lookup, struct pollfd *fds, size_t size);
hops_ns lookup_deadline(struct lookup *lookup, hops_ns now); /* HOPS_NEVER when idle */

/* Reads what has arrived at the descriptors of lookup_fds() and gives up what is overdue. True if a
 * result came in. */
bool lookup_process(struct lookup *lookup, const struct pollfd *fds, size_t count, hops_ns now);

size_t lookup_pending(const struct lookup *lookup);  /* lookups under way */
hops_ns lookup_timeout(const struct lookup *lookup); /* of the configuration */

#endif
