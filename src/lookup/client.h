/* SPDX-License-Identifier: MIT
 *
 * DNS queries by c-ares, configured by us alone: no file, no environment, no search list.
 */
#ifndef LOOKUP_CLIENT_H
#define LOOKUP_CLIENT_H

#include "lookup/files.h"

#include <hops/err.h>

struct pollfd;
struct lookup_client;

/* How a query ended. */
enum lookup_outcome {
    LOOKUP_GOT_ANSWER, /* data holds a message with at least one record */
    LOOKUP_GOT_NOTHING,
    LOOKUP_GOT_ERROR,
    LOOKUP_GOT_SILENCE,
    LOOKUP_GOT_DROPPED /* the client is being freed */
};

/* Called once per query, perhaps before lookup_client_ask() returns. */
typedef void lookup_client_done(void *user, enum lookup_outcome outcome, const uint8_t *data,
                                size_t len);

/* Repetitions are spread so that every server is asked within the time-out, one server at least
 * three times; a query may live somewhat longer than that. */
enum hops_err lookup_client_new(const struct lookup_server *servers, size_t count, hops_ns timeout,
                                struct lookup_client **out) HOPS_MUST_USE;
void lookup_client_free(struct lookup_client *client);

void lookup_client_ask(struct lookup_client *client, const char *name, unsigned type,
                       lookup_client_done *done, void *user);

size_t lookup_client_fds(struct lookup_client *client, struct pollfd *fds, size_t size);
hops_ns lookup_client_wait(struct lookup_client *client); /* from now on; HOPS_NEVER when idle */
void lookup_client_process(struct lookup_client *client, const struct pollfd *fds, size_t count);

#endif
