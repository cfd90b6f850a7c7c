/* SPDX-License-Identifier: MIT
 *
 * Looks addresses up the way the program does and prints what became of them, one line each, fields
 * split by tabs: for test_lookup.py.
 *
 *     lookup_probe [-s SERVER]... [-r RESOLV_CONF] [-m HOSTS] [-t TIMEOUT_MS] [-l TTL_MS] [-a] [-f]
 *                  ADDRESS...
 *
 * -a: AS data too. -f: forgets everything while the lookups are under way.
 */
#include "lookup/lookup.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ADDRS_MAX = 300, FDS_MAX = 16 };

struct probe {
    struct lookup_config config;
    struct lookup *lookup;
    struct hops_addr addrs[ADDRS_MAX];
    size_t count;
    bool as_data, flush;
    hops_ns longest_step; /* of our own work between two waits */
};

static hops_ns clock_now(void) {
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (hops_ns)ts.tv_sec * HOPS_SEC + (hops_ns)ts.tv_nsec;
}

static const char *state_name(enum lookup_state state) {
    switch (state) {
    case LOOKUP_PENDING:
        return "pending";
    case LOOKUP_FOUND:
        return "found";
    case LOOKUP_NOT_FOUND:
        return "not-found";
    case LOOKUP_FAILED:
        return "failed";
    case LOOKUP_TIMEOUT:
        return "timeout";
    }
    return "";
}

static size_t ask(struct probe *p, hops_ns now) {
    size_t pending = 0;

    for (size_t i = 0; i < p->count; i++) {
        pending += lookup_name(p->lookup, &p->addrs[i], now).state == LOOKUP_PENDING ? 1 : 0;
        if (p->as_data) {
            pending += lookup_as(p->lookup, &p->addrs[i], now).state == LOOKUP_PENDING ? 1 : 0;
        }
    }
    return pending;
}

static void drive(struct probe *p) {
    size_t pending = ask(p, clock_now());

    if (p->flush) {
        lookup_flush(p->lookup);
        (void)ask(p, clock_now());
    }
    while (pending > 0) {
        struct pollfd fds[FDS_MAX];
        size_t n = lookup_fds(p->lookup, fds, FDS_MAX);
        hops_ns now = clock_now();
        hops_ns deadline = lookup_deadline(p->lookup, now);
        int ms = deadline <= now ? 0 : (int)((deadline - now) / HOPS_MS + 1);
        int ready = poll(fds, n, ms);
        hops_ns begun = clock_now();
        (void)lookup_process(p->lookup, fds, ready > 0 ? n : 0, begun);
        pending = ask(p, begun);
        hops_ns step = clock_now() - begun;
        p->longest_step = step > p->longest_step ? step : p->longest_step;
    }
}

static void print_as(struct probe *p, const struct hops_addr *addr, hops_ns now) {
    struct lookup_answer answer = lookup_as(p->lookup, addr, now);
    char text[HOPS_ADDR_TEXT_MAX];

    (void)printf("as\t%s\t%s", hops_addr_format(addr, text), state_name(answer.state));
    for (size_t i = 0; i < answer.count; i++) {
        (void)printf("\t%s", answer.text[i]);
    }
    (void)printf("\n");
}

static void print_all(struct probe *p, hops_ns now) {
    char text[HOPS_ADDR_TEXT_MAX];

    for (size_t i = 0; i < p->count; i++) {
        const struct hops_addr *addr = &p->addrs[i];
        struct lookup_answer answer = lookup_name_known(p->lookup, addr);
        (void)printf("name\t%s\t%s\t", hops_addr_format(addr, text), state_name(answer.state));
        for (size_t n = 0; n < answer.count; n++) {
            (void)printf("%s%s", n == 0 ? "" : " ", answer.text[n]);
        }
        (void)printf("\n");
        if (p->as_data) {
            print_as(p, addr, now);
        }
    }
}

static bool read_arguments(struct probe *p, int argc, char **argv) {
    int option;

    lookup_config_init(&p->config);
    while ((option = getopt(argc, argv, "s:r:m:t:l:af")) != -1) {
        switch (option) {
        case 's':
            p->config.method = LOOKUP_SERVERS;
            if (p->config.server_count == LOOKUP_SERVERS_MAX ||
                !lookup_server_parse(optarg, &p->config.servers[p->config.server_count++])) {
                return false;
            }
            break;
        case 'r':
            p->config.method = p->config.hosts_path == NULL ? LOOKUP_RESOLV : LOOKUP_SYSTEM;
            p->config.resolv_path = optarg;
            break;
        case 'm':
            p->config.method = LOOKUP_SYSTEM;
            p->config.hosts_path = optarg;
            break;
        case 't':
            p->config.timeout = atoi(optarg) * HOPS_MS;
            break;
        case 'l':
            p->config.ttl = atoi(optarg) * HOPS_MS;
            break;
        case 'a':
            p->as_data = true;
            break;
        case 'f':
            p->flush = true;
            break;
        default:
            return false;
        }
    }
    for (; optind < argc && p->count < ADDRS_MAX; optind++) {
        if (!hops_addr_parse(argv[optind], &p->addrs[p->count++])) {
            return false;
        }
    }
    return p->count > 0;
}

int main(int argc, char **argv) {
    static struct probe p;
    struct hops_diag diag;

    if (!read_arguments(&p, argc, argv)) {
        (void)fprintf(stderr, "lookup_probe: wrong arguments\n");
        return 2;
    }
    if (lookup_new(&p.config, &p.lookup, &diag) != HOPS_OK) {
        (void)fprintf(stderr, "%s\n", diag.text);
        return 1;
    }
    hops_ns begun = clock_now();
    drive(&p);
    hops_ns now = clock_now();
    (void)printf("took\t%lld\n", (long long)((now - begun) / HOPS_MS));
    (void)printf("step\t%lld\n", (long long)(p.longest_step / HOPS_MS));
    print_all(&p, now);
    lookup_free(p.lookup);
    return 0;
}
