/* SPDX-License-Identifier: MIT */
#include "lookup/lookup.h"

#include "base/diag.h"
#include "lookup/answer.h"
#include "lookup/asn.h"
#include "lookup/cache.h"
#include "lookup/client.h"
#include "lookup/question.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { REQUESTS_MAX = 100, LIVING_MAX = 2 * REQUESTS_MAX };

/* One lookup. It is in the list of its object until it is settled, and lives until c-ares has
 * called back for the last time. */
struct request {
    struct request *next; /* in the order they began, which is that of their deadlines */
    struct lookup *lookup;
    enum lookup_kind kind;
    struct hops_addr addr;
    hops_ns began;
    bool settled;
    bool named;                      /* AS: the second question has been asked */
    struct lookup_asn_record origin; /* the answer to the first */
};

struct lookup {
    hops_ns timeout, ttl;
    hops_ns now; /* of the call in progress */
    struct lookup_hosts hosts;
    struct lookup_client *client; /* NULL: no server */
    struct lookup_cache cache;
    struct request *first, *last;
    size_t under_way; /* in the list */
    size_t living;    /* with those given up */
    bool changed;
};

void lookup_config_init(struct lookup_config *config) {
    *config = (struct lookup_config){
        .method = LOOKUP_SYSTEM, .timeout = 5 * HOPS_SEC, .ttl = 300 * HOPS_SEC};
}

/* Making. */

static size_t parse_servers(const char *const *texts, size_t count, struct lookup_server *out) {
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        n += lookup_server_parse(texts[i], &out[n]) ? 1 : 0;
    }
    return n;
}

static enum hops_err read_resolv(const struct lookup_config *config, struct lookup_server *out,
                                 size_t *out_count, struct hops_diag *diag) {
    static const char *const local[] = {"127.0.0.1"};
    const char *path = config->resolv_path == NULL ? "/etc/resolv.conf" : config->resolv_path;
    size_t len;
    char *text = lookup_file_read(path, &len);

    if (text == NULL) {
        if (config->method == LOOKUP_SYSTEM) {
            *out_count = parse_servers(local, 1, out);
            return HOPS_OK;
        }
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "%s with the DNS servers: %s", path,
                             strerror(errno));
    }
    int count = lookup_resolv_parse(text, len, out);
    free(text);
    if (count < 0) {
        return hops_diag_set(diag, HOPS_ERR_FORMAT, "%s: a nameserver line holds no address", path);
    }
    *out_count = (size_t)count;
    return HOPS_OK;
}

static enum hops_err choose_servers(const struct lookup_config *config, struct lookup_server *out,
                                    size_t *out_count, struct hops_diag *diag) {
    static const char *const google[] = {"8.8.8.8", "8.8.4.4", "2001:4860:4860::8888",
                                         "2001:4860:4860::8844"};
    static const char *const cloudflare[] = {"1.1.1.1", "1.0.0.1", "2606:4700:4700::1111",
                                             "2606:4700:4700::1001"};

    switch (config->method) {
    case LOOKUP_SYSTEM:
    case LOOKUP_RESOLV:
        break;
    case LOOKUP_GOOGLE:
        *out_count = parse_servers(google, 4, out);
        return HOPS_OK;
    case LOOKUP_CLOUDFLARE:
        *out_count = parse_servers(cloudflare, 4, out);
        return HOPS_OK;
    case LOOKUP_SERVERS:
        if (config->server_count == 0 || config->server_count > LOOKUP_SERVERS_MAX) {
            return hops_diag_set(diag, HOPS_ERR_INVALID, "1 to %d DNS servers can be given",
                                 LOOKUP_SERVERS_MAX);
        }
        memcpy(out, config->servers, config->server_count * sizeof(*out));
        *out_count = config->server_count;
        return HOPS_OK;
    }
    return read_resolv(config, out, out_count, diag);
}

/* A hosts file that cannot be read is like an empty one: the system's resolver does the same. */
static bool read_hosts(const struct lookup_config *config, struct lookup_hosts *out) {
    size_t len = 0;
    char *text = NULL;

    if (config->method == LOOKUP_SYSTEM) {
        text =
            lookup_file_read(config->hosts_path == NULL ? "/etc/hosts" : config->hosts_path, &len);
    }
    bool good = text == NULL || lookup_hosts_parse(text, len, out);
    free(text);
    return good;
}

enum hops_err lookup_new(const struct lookup_config *config, struct lookup **out,
                         struct hops_diag *diag) {
    struct lookup_server servers[LOOKUP_SERVERS_MAX];
    size_t count = 0;
    uint64_t seed = 0;
    enum hops_err err = choose_servers(config, servers, &count, diag);

    if (err != HOPS_OK) {
        return err;
    }
    struct lookup *lookup = calloc(1, sizeof(*lookup));
    if (lookup == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed)) {
        seed = (uint64_t)getpid(); /* early at boot: the kernel has nothing better yet */
    }
    lookup_cache_init(&lookup->cache, LOOKUP_CACHE_MAX, seed);
    lookup->timeout = config->timeout;
    lookup->ttl = config->ttl;
    if (!read_hosts(config, &lookup->hosts)) {
        err = HOPS_ERR_NOMEM;
    } else if (count > 0) {
        err = lookup_client_new(servers, count, config->timeout, &lookup->client);
    }
    if (err != HOPS_OK) {
        lookup_free(lookup);
        return hops_diag_set(diag, err, "the DNS client could not be set up: out of memory");
    }
    *out = lookup;
    return HOPS_OK;
}

void lookup_free(struct lookup *lookup) {
    if (lookup == NULL) {
        return;
    }
    lookup_client_free(lookup->client); /* calls back for each query, which frees its request */
    lookup_hosts_done(&lookup->hosts);
    lookup_cache_clear(&lookup->cache);
    free(lookup);
}

/* Requests. */

static void take_out(struct request *request) {
    struct lookup *l = request->lookup;
    struct request *before = NULL;
    struct request *at = l->first;

    while (at != request) {
        before = at;
        at = at->next;
    }
    *(before == NULL ? &l->first : &before->next) = request->next;
    if (l->last == request) {
        l->last = before;
    }
    l->under_way--;
    request->settled = true;
}

static void settle(struct request *request, enum lookup_state state, struct lookup_texts *texts) {
    struct lookup *l = request->lookup;

    if (state == LOOKUP_FOUND && texts == NULL) {
        state = LOOKUP_FAILED; /* no memory */
    }
    take_out(request);
    lookup_cache_store(&l->cache, request->kind, &request->addr, state, texts, request->began,
                       l->ttl);
    l->changed = true;
}

static void end(struct request *request) {
    request->lookup->living--;
    free(request);
}

static enum lookup_state state_of(enum lookup_outcome outcome) {
    switch (outcome) {
    case LOOKUP_GOT_NOTHING:
        return LOOKUP_NOT_FOUND;
    case LOOKUP_GOT_SILENCE:
        return LOOKUP_TIMEOUT;
    case LOOKUP_GOT_ANSWER:
    case LOOKUP_GOT_ERROR:
    case LOOKUP_GOT_DROPPED:
        break;
    }
    return LOOKUP_FAILED;
}

static void name_answered(struct request *request, const struct lookup_records *records) {
    const char *names[LOOKUP_TEXTS_MAX];

    for (size_t i = 0; i < records->count; i++) {
        names[i] = records->text[i];
    }
    if (records->count == 0) {
        settle(request, LOOKUP_NOT_FOUND, NULL);
    } else {
        settle(request, LOOKUP_FOUND, lookup_texts_new(names, records->count));
    }
}

static lookup_client_done answered;

/* True if another question has been asked for it. */
static bool origin_answered(struct request *request, const struct lookup_records *records) {
    char question[LOOKUP_QUESTION_MAX];

    if (!lookup_asn_origin(records, &request->origin) ||
        !lookup_question_as(request->origin.field[0], question)) {
        settle(request, LOOKUP_NOT_FOUND, NULL);
        return false;
    }
    request->named = true;
    lookup_client_ask(request->lookup->client, question, LOOKUP_TYPE_TXT, answered, request);
    return true;
}

static void as_name_answered(struct request *request, const struct lookup_records *records) {
    struct lookup_asn_record record;

    if (records->count == 0 || !lookup_asn_split(records->text[0], &record)) {
        settle(request, LOOKUP_NOT_FOUND, NULL);
        return;
    }
    const char *fields[LOOKUP_AS_FIELDS];
    memcpy(fields, request->origin.field, sizeof(request->origin.field));
    fields[LOOKUP_AS_NAME] = record.field[LOOKUP_ASN_FIELDS - 1];
    settle(request, LOOKUP_FOUND, lookup_texts_new(fields, LOOKUP_AS_FIELDS));
}

static void answered(void *user, enum lookup_outcome outcome, const uint8_t *data, size_t len) {
    struct request *request = (struct request *)user;
    unsigned type = request->kind == LOOKUP_KIND_NAME ? LOOKUP_TYPE_PTR : LOOKUP_TYPE_TXT;
    struct lookup_records records;

    if (request->settled || outcome == LOOKUP_GOT_DROPPED) {
        end(request);
        return;
    }
    if (outcome != LOOKUP_GOT_ANSWER) {
        settle(request, state_of(outcome), NULL);
    } else if (!lookup_answer_parse(data, len, type, &records)) {
        settle(request, LOOKUP_FAILED, NULL);
    } else if (request->kind == LOOKUP_KIND_NAME) {
        name_answered(request, &records);
    } else if (request->named) {
        as_name_answered(request, &records);
    } else if (origin_answered(request, &records)) {
        return;
    }
    end(request);
}

static bool is_under_way(const struct lookup *l, enum lookup_kind kind,
                         const struct hops_addr *addr) {
    for (const struct request *r = l->first; r != NULL; r = r->next) {
        if (r->kind == kind && hops_addr_equal(&r->addr, addr)) {
            return true;
        }
    }
    return false;
}

/* Begins a lookup if there is room for one more; if not, a later call will. */
static void begin(struct lookup *l, struct lookup_entry *entry) {
    char question[LOOKUP_QUESTION_MAX];

    if (l->under_way == REQUESTS_MAX || l->living >= LIVING_MAX ||
        is_under_way(l, entry->kind, &entry->addr)) {
        return;
    }
    struct request *request = calloc(1, sizeof(*request));
    if (request == NULL) {
        return;
    }
    request->lookup = l;
    request->kind = entry->kind;
    request->addr = entry->addr;
    request->began = l->now;
    *(l->last == NULL ? &l->first : &l->last->next) = request;
    l->last = request;
    l->under_way++;
    l->living++;
    lookup_cache_begun(entry, l->now);
    if (entry->kind == LOOKUP_KIND_NAME) {
        lookup_question_ptr(&request->addr, question);
        lookup_client_ask(l->client, question, LOOKUP_TYPE_PTR, answered, request);
    } else {
        lookup_question_origin(&request->addr, question);
        lookup_client_ask(l->client, question, LOOKUP_TYPE_TXT, answered, request);
    }
}

/* Answers that need no server. */
static bool answer_here(struct lookup *l, enum lookup_kind kind, const struct hops_addr *addr) {
    enum lookup_state state = LOOKUP_FAILED;
    const char *name = NULL;

    if (kind == LOOKUP_KIND_NAME) {
        name = lookup_hosts_find(&l->hosts, addr);
        if (name == NULL && lookup_addr_is_loopback(addr)) {
            name = "localhost";
        }
    } else if (lookup_addr_is_private(addr)) {
        state = LOOKUP_NOT_FOUND;
    }
    if (name == NULL && state == LOOKUP_FAILED && l->client != NULL) {
        return false;
    }
    struct lookup_texts *texts = name == NULL ? NULL : lookup_texts_new(&name, 1);
    lookup_cache_store(&l->cache, kind, addr, texts == NULL ? state : LOOKUP_FOUND, texts, l->now,
                       l->ttl);
    return true;
}

/* Asking. */

static struct lookup_answer answer_of(const struct lookup_entry *entry) {
    if (entry == NULL) {
        return (struct lookup_answer){.state = LOOKUP_PENDING};
    }
    return (struct lookup_answer){.state = entry->state,
                                  .count = entry->texts == NULL ? 0 : entry->texts->count,
                                  .text = entry->texts == NULL ? NULL : entry->texts->text};
}

static struct lookup_answer look_up(struct lookup *l, enum lookup_kind kind,
                                    const struct hops_addr *addr, hops_ns now) {
    if (hops_addr_len(addr) == 0) {
        return (struct lookup_answer){.state = LOOKUP_NOT_FOUND};
    }
    l->now = now;
    struct lookup_entry *entry = lookup_cache_need(&l->cache, kind, addr, now);
    if (entry != NULL && lookup_cache_due(entry, now, l->ttl) && !answer_here(l, kind, addr)) {
        begin(l, entry);
    }
    return answer_of(lookup_cache_find(&l->cache, kind, addr));
}

struct lookup_answer lookup_name(struct lookup *lookup, const struct hops_addr *addr, hops_ns now) {
    return look_up(lookup, LOOKUP_KIND_NAME, addr, now);
}

struct lookup_answer lookup_as(struct lookup *lookup, const struct hops_addr *addr, hops_ns now) {
    return look_up(lookup, LOOKUP_KIND_AS, addr, now);
}

struct lookup_answer lookup_name_known(struct lookup *lookup, const struct hops_addr *addr) {
    return answer_of(lookup_cache_find(&lookup->cache, LOOKUP_KIND_NAME, addr));
}

void lookup_flush(struct lookup *lookup) {
    lookup_cache_clear(&lookup->cache);
}

/* Driving. */

size_t lookup_fds(struct lookup *lookup, struct pollfd *fds, size_t size) {
    return lookup->client == NULL ? 0 : lookup_client_fds(lookup->client, fds, size);
}

static hops_ns later(hops_ns now, hops_ns wait) {
    return wait > HOPS_NEVER - now ? HOPS_NEVER : now + wait;
}

hops_ns lookup_deadline(struct lookup *lookup, hops_ns now) {
    hops_ns own = lookup->first == NULL ? HOPS_NEVER : later(lookup->first->began, lookup->timeout);

    if (lookup->client == NULL) {
        return HOPS_NEVER;
    }
    hops_ns client = later(now, lookup_client_wait(lookup->client));
    return own < client ? own : client;
}

bool lookup_process(struct lookup *lookup, const struct pollfd *fds, size_t count, hops_ns now) {
    lookup->now = now;
    if (lookup->client == NULL) {
        return false;
    }
    lookup_client_process(lookup->client, fds, count);
    /* The time-out is that of the whole lookup. c-ares cannot drop a single query: it is left to
     * end by itself, and its answer is not wanted any more. */
    while (lookup->first != NULL && now >= later(lookup->first->began, lookup->timeout)) {
        settle(lookup->first, LOOKUP_TIMEOUT, NULL);
    }
    bool changed = lookup->changed;
    lookup->changed = false;
    return changed;
}

size_t lookup_pending(const struct lookup *lookup) {
    return lookup->under_way;
}

hops_ns lookup_timeout(const struct lookup *lookup) {
    return lookup->timeout;
}
