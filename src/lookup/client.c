/* SPDX-License-Identifier: MIT */
#include "lookup/client.h"

#include <ares.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { CLASS_IN = 1 };

struct lookup_client {
    ares_channel channel;
};

struct query {
    lookup_client_done *done;
    void *user;
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

enum hops_err lookup_client_new(const struct lookup_server *servers, size_t count, hops_ns timeout,
                                struct lookup_client **out) {
    struct in_addr placeholder = {.s_addr = htonl(INADDR_LOOPBACK)};
    char lookups[] = "b";
    /* Everything c-ares could look for in a file or the environment is given, also where it has no
     * use: then it reads none. */
    struct ares_options options = {.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
                                   .timeout = quarter_ms(timeout),
                                   .tries = passes(count),
                                   .ndots = 1,
                                   .servers = &placeholder,
                                   .nservers = 1,
                                   .lookups = lookups};
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
               ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS | ARES_OPT_SORTLIST |
               ARES_OPT_NOROTATE;
    if (count == 0 || count > LOOKUP_SERVERS_MAX) {
        return HOPS_ERR_INVALID;
    }
    struct lookup_client *client = calloc(1, sizeof(*client));
    if (client == NULL || ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
        free(client);
        return HOPS_ERR_NOMEM;
    }
    if (ares_init_options(&client->channel, &options, mask) != ARES_SUCCESS) {
        ares_library_cleanup();
        free(client);
        return HOPS_ERR_NOMEM;
    }
    if (!set_servers(client->channel, servers, count)) {
        lookup_client_free(client);
        return HOPS_ERR_NOMEM;
    }
    *out = client;
    return HOPS_OK;
}

void lookup_client_free(struct lookup_client *client) {
    if (client != NULL) {
        ares_destroy(client->channel);
        ares_library_cleanup();
        free(client);
    }
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

static void answered(void *arg, int status, int timeouts, unsigned char *data, int len) {
    struct query query = *(struct query *)arg;

    (void)timeouts;
    free(arg);
    query.done(query.user, outcome_of(status), data, len < 0 || data == NULL ? 0 : (size_t)len);
}

void lookup_client_ask(struct lookup_client *client, const char *name, unsigned type,
                       lookup_client_done *done, void *user) {
    struct query *query = malloc(sizeof(*query));

    if (query == NULL) {
        done(user, LOOKUP_GOT_ERROR, NULL, 0);
        return;
    }
    *query = (struct query){.done = done, .user = user};
    ares_query(client->channel, name, CLASS_IN, (int)type, answered, query);
}

size_t lookup_client_fds(struct lookup_client *client, struct pollfd *fds, size_t size) {
    ares_socket_t socks[ARES_GETSOCK_MAXNUM];
    unsigned bits = (unsigned)ares_getsock(client->channel, socks, ARES_GETSOCK_MAXNUM);
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

hops_ns lookup_client_wait(struct lookup_client *client) {
    struct timeval tv;

    if (ares_timeout(client->channel, NULL, &tv) == NULL) {
        return HOPS_NEVER;
    }
    /* rounded up: waking too early would wake twice */
    return (hops_ns)tv.tv_sec * HOPS_SEC + (hops_ns)tv.tv_usec * HOPS_US + HOPS_MS;
}

void lookup_client_process(struct lookup_client *client, const struct pollfd *fds, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool in = (fds[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
        bool out = (fds[i].revents & POLLOUT) != 0;
        if (in || out) {
            ares_process_fd(client->channel, in ? fds[i].fd : ARES_SOCKET_BAD,
                            out ? fds[i].fd : ARES_SOCKET_BAD);
        }
    }
    ares_process_fd(client->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what is overdue */
}
