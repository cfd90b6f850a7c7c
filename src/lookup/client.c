/* SPDX-License-Identifier: MIT */
#include "lookup/client.h"

#include <ares.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { CLASS_IN = 1 };

/* Truncated answers are asked for again on a channel of their own: when a connection fails, c-ares
 * fails every query that is under way to that server, and any zone can have long answers. A channel
 * is large, and most runs never need that one: it is made for the first such answer. (The sandbox
 * has no random device then, so its identifiers are guessable; TCP's sequence numbers are not.) */
struct lookup_client {
    ares_channel udp;
    ares_channel tcp; /* NULL: not needed yet */
    struct lookup_server servers[LOOKUP_SERVERS_MAX];
    size_t count;
    hops_ns timeout;
};

struct query {
    struct lookup_client *client;
    lookup_client_done *done;
    void *user;
    unsigned type;
    bool by_tcp;
    char name[];
};

static bool set_servers(ares_channel channel, const struct lookup_server *servers, size_t count) {
    struct ares_addr_port_node nodes[LOOKUP_SERVERS_MAX];

    memset(nodes, 0, sizeof(nodes));
    for (size_t i = 0; i < count; i++) {
        nodes[i].next = i + 1 < count ? &nodes[i + 1] : NULL;
        nodes[i].family = servers[i].addr.family == HOPS_IPV4 ? AF_INET : AF_INET6;
        nodes[i].udp_port = servers[i].port;
        nodes[i].tcp_port = servers[i].port;
        memcpy(&nodes[i].addr, servers[i].addr.octets, hops_addr_len(&servers[i].addr));
    }
    return ares_set_servers_ports(channel, nodes) == ARES_SUCCESS;
}

/* c-ares waits longer with each pass over the servers: t, 2t, 4t. With a quarter of the time-out as
 * t the passes begin at 0, 1/4 and 3/4 for one server. */
static int passes(size_t servers) {
    return servers == 1 ? 3 : servers < 4 ? 2 : 1;
}

static int quarter_ms(hops_ns timeout) {
    hops_ns ms = timeout / 4 / HOPS_MS;

    return ms < 1 ? 1 : ms > 3600000 ? 3600000 : (int)ms;
}

static bool open_channel(ares_channel *out, int flags, const struct lookup_server *servers,
                         size_t count, hops_ns timeout) {
    struct in_addr placeholder = {.s_addr = htonl(INADDR_LOOPBACK)};
    char lookups[] = "b";
    /* Everything c-ares could look for in a file or the environment is given, also where it has no
     * use: then it reads none. */
    struct ares_options options = {.flags = flags | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
                                   .timeout = quarter_ms(timeout),
                                   .tries = passes(count),
                                   .ndots = 1,
                                   .servers = &placeholder,
                                   .nservers = 1,
                                   .lookups = lookups};
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
               ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS | ARES_OPT_SORTLIST |
               ARES_OPT_NOROTATE;
    ares_channel channel;

    if (ares_init_options(&channel, &options, mask) != ARES_SUCCESS) {
        return false;
    }
    if (!set_servers(channel, servers, count)) {
        ares_destroy(channel);
        return false;
    }
    *out = channel;
    return true;
}

enum hops_err lookup_client_new(const struct lookup_server *servers, size_t count, hops_ns timeout,
                                struct lookup_client **out) {
    if (count == 0 || count > LOOKUP_SERVERS_MAX) {
        return HOPS_ERR_INVALID;
    }
    struct lookup_client *client = calloc(1, sizeof(*client));
    if (client == NULL || ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
        free(client);
        return HOPS_ERR_NOMEM;
    }
    memcpy(client->servers, servers, count * sizeof(*servers));
    client->count = count;
    client->timeout = timeout;
    if (!open_channel(&client->udp, ARES_FLAG_IGNTC, servers, count, timeout)) {
        lookup_client_free(client);
        return HOPS_ERR_NOMEM;
    }
    *out = client;
    return HOPS_OK;
}

void lookup_client_free(struct lookup_client *client) {
    if (client == NULL) {
        return;
    }
    if (client->udp != NULL) {
        ares_destroy(client->udp);
    }
    if (client->tcp != NULL) {
        ares_destroy(client->tcp);
    }
    ares_library_cleanup();
    free(client);
}

static enum lookup_outcome outcome_of(int status) {
    switch (status) {
    case ARES_SUCCESS:
        return LOOKUP_GOT_ANSWER;
    case ARES_ENODATA:
    case ARES_ENOTFOUND:
        return LOOKUP_GOT_NOTHING;
    case ARES_ETIMEOUT:
        return LOOKUP_GOT_SILENCE;
    case ARES_EDESTRUCTION:
    case ARES_ECANCELLED:
        return LOOKUP_GOT_DROPPED;
    default:
        return LOOKUP_GOT_ERROR;
    }
}

/* RFC 1035 section 4.2.1: without EDNS an answer has 512 octets at most; c-ares cuts longer ones.
 */
static bool is_truncated(const unsigned char *data, int len) {
    enum { UDP_MAX = 512, FLAG_TC = 2 };

    return len >= UDP_MAX || (len > 2 && (data[2] & FLAG_TC) != 0);
}

static bool need_tcp(struct lookup_client *client) {
    return client->tcp != NULL || open_channel(&client->tcp, ARES_FLAG_USEVC, client->servers,
                                               client->count, client->timeout);
}

static void answered(void *arg, int status, int timeouts, unsigned char *data, int len) {
    struct query *query = (struct query *)arg;
    enum lookup_outcome outcome = outcome_of(status);

    (void)timeouts;
    if (data != NULL && !query->by_tcp && outcome != LOOKUP_GOT_DROPPED &&
        is_truncated(data, len) && need_tcp(query->client)) {
        query->by_tcp = true;
        ares_query(query->client->tcp, query->name, CLASS_IN, (int)query->type, answered, query);
        return;
    }
    query->done(query->user, outcome, data, len < 0 || data == NULL ? 0 : (size_t)len);
    free(query);
}

void lookup_client_ask(struct lookup_client *client, const char *name, unsigned type,
                       lookup_client_done *done, void *user) {
    size_t len = strlen(name) + 1;
    struct query *query = calloc(1, sizeof(*query) + len);

    if (query == NULL) {
        done(user, LOOKUP_GOT_ERROR, NULL, 0);
        return;
    }
    query->client = client;
    query->done = done;
    query->user = user;
    query->type = type;
    memcpy(query->name, name, len);
    ares_query(client->udp, query->name, CLASS_IN, (int)type, answered, query);
}

static size_t channel_fds(ares_channel channel, struct pollfd *fds, size_t size) {
    ares_socket_t socks[ARES_GETSOCK_MAXNUM];
    unsigned bits = (unsigned)ares_getsock(channel, socks, ARES_GETSOCK_MAXNUM);
    size_t count = 0;

    for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM && count < size; i++) {
        bool readable = (bits >> i & 1U) != 0;
        bool writable = (bits >> (i + ARES_GETSOCK_MAXNUM) & 1U) != 0;
        if (!readable && !writable) {
            break;
        }
        fds[count++] = (struct pollfd){
            .fd = socks[i], .events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0))};
    }
    return count;
}

size_t lookup_client_fds(struct lookup_client *client, struct pollfd *fds, size_t size) {
    size_t count = channel_fds(client->udp, fds, size);

    return client->tcp == NULL ? count
                               : count + channel_fds(client->tcp, fds + count, size - count);
}

hops_ns lookup_client_wait(struct lookup_client *client) {
    struct timeval udp;
    struct timeval both;
    struct timeval *next = ares_timeout(client->udp, NULL, &udp);

    if (client->tcp != NULL) {
        next = ares_timeout(client->tcp, next, &both);
    }
    if (next == NULL) {
        return HOPS_NEVER;
    }
    /* rounded up: waking too early would wake twice */
    return (hops_ns)next->tv_sec * HOPS_SEC + (hops_ns)next->tv_usec * HOPS_US + HOPS_MS;
}

/* A descriptor that a channel does not have is nothing to it. */
static void process(ares_channel channel, const struct pollfd *fds, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool in = (fds[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
        bool out = (fds[i].revents & POLLOUT) != 0;
        if (in || out) {
            ares_process_fd(channel, in ? fds[i].fd : ARES_SOCKET_BAD,
                            out ? fds[i].fd : ARES_SOCKET_BAD);
        }
    }
    ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what is overdue */
}

void lookup_client_process(struct lookup_client *client, const struct pollfd *fds, size_t count) {
    /* In this order: what the second channel closes and the first opens again under the same number
     * would be taken for a connection that is ready. */
    if (client->tcp != NULL) {
        process(client->tcp, fds, count);
    }
    process(client->udp, fds, count);
}
