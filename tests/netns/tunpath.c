/* SPDX-License-Identifier: MIT
 *
 * A path behind a TUN device: this program makes the device in its network namespace, gives it
 * addresses, and plays every router and the target of a path of N hops, for both families, with
 * exact delays. It has no network of its own: what the kernel routes into the device is answered
 * from here. Unlike a veth pair, which delivers within the call that sends, answers come from
 * another process, as they do from a real network.
 *
 *     this host   10.99.0.1       fd00:99::1
 *     router t    10.99.1.t       fd00:99:1::t
 *     targets     10.99.255.*     fd00:99:ffff::*     (hop N; all the same)
 *
 * Replies wait in a heap ordered by when they are due; ppoll() sleeps to the nanosecond.
 */
#include <hops/addr.h>
#include <hops/extension.h>

#include "base/bytes.h"
#include "base/rng.h"
#include "packet/craft.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PACKET_MAX = 1500, QUEUE_MAX = 8192, TTL_COUNT = 256 };

struct options {
    unsigned hops;
    double base_ms, step_ms; /* hop t answers after base + t * step */
    double loss;             /* share of answers that are lost, 0..1 */
    bool silent[TTL_COUNT];
    bool mpls;     /* routers add a label stack */
    bool tcp_rst;  /* the target refuses */
    bool udp_echo; /* the target's UDP port answers with data */
    char device[IFNAMSIZ];
};

struct reply {
    int64_t due;
    size_t len;
    uint8_t octets[PACKET_MAX];
};

/* A binary heap of indexes into a pool; the free ones are behind the used ones. */
struct queue {
    struct reply *pool;
    uint16_t order[QUEUE_MAX];
    size_t count;
};

static void die(const char *what) {
    (void)fprintf(stderr, "tunpath: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static int64_t now_ns(void) {
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* The queue. */

static void queue_init(struct queue *q) {
    q->pool = calloc(QUEUE_MAX, sizeof(*q->pool));
    if (q->pool == NULL) {
        die("queue");
    }
    for (size_t i = 0; i < QUEUE_MAX; i++) {
        q->order[i] = (uint16_t)i;
    }
    q->count = 0;
}

static int64_t due_at(const struct queue *q, size_t i) {
    return q->pool[q->order[i]].due;
}

static void swap(struct queue *q, size_t a, size_t b) {
    uint16_t index = q->order[a];

    q->order[a] = q->order[b];
    q->order[b] = index;
}

/* Room for one more reply, not yet part of the queue; NULL if it is full. */
static struct reply *queue_spare(struct queue *q) {
    return q->count == QUEUE_MAX ? NULL : &q->pool[q->order[q->count]];
}

/* Takes the spare reply in. */
static void queue_add(struct queue *q) {
    size_t i = q->count++;

    while (i > 0 && due_at(q, i) < due_at(q, (i - 1) / 2)) {
        swap(q, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static void queue_drop_first(struct queue *q) {
    size_t i = 0;

    swap(q, 0, --q->count);
    for (;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++) {
            if (child < q->count && due_at(q, child) < due_at(q, least)) {
                least = child;
            }
        }
        if (least == i) {
            return;
        }
        swap(q, i, least);
        i = least;
    }
}

/* The device. */

static int open_device(struct options *opts) {
    struct ifreq ifr = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0) {
        die("/dev/net/tun");
    }
    memcpy(ifr.ifr_name, opts->device, sizeof(ifr.ifr_name));
    if (ioctl(fd, TUNSETIFF, &ifr) != 0) {
        die("TUNSETIFF");
    }
    memcpy(opts->device, ifr.ifr_name, sizeof(opts->device));
    return fd;
}

/* Addresses with prefixes that cover the whole path, so that no further route is needed. */
static void configure_device(const char *device) {
    struct ifreq ifr = {0};
    struct sockaddr_in sin = {.sin_family = AF_INET};
    int v4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int v6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (v4 < 0) {
        die("socket");
    }
    memcpy(ifr.ifr_name, device, IFNAMSIZ);
    sin.sin_addr.s_addr = htonl(0x0a630001);
    memcpy(&ifr.ifr_addr, &sin, sizeof(sin));
    if (ioctl(v4, SIOCSIFADDR, &ifr) != 0) {
        die("SIOCSIFADDR");
    }
    sin.sin_addr.s_addr = htonl(0xffff0000);
    memcpy(&ifr.ifr_netmask, &sin, sizeof(sin));
    if (ioctl(v4, SIOCSIFNETMASK, &ifr) != 0) {
        die("SIOCSIFNETMASK");
    }
    ifr.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(v4, SIOCSIFFLAGS, &ifr) != 0) {
        die("SIOCSIFFLAGS");
    }
    (void)close(v4);

    if (v6 >= 0) {
        /* struct in6_ifreq of linux/ipv6.h, which clashes with netinet/in.h. */
        struct {
            struct in6_addr addr;
            uint32_t prefix_len;
            int index;
        } req = {.prefix_len = 32, .index = (int)if_nametoindex(device)};
        static const uint8_t own[16] = {0xfd, 0, 0, 0x99, [15] = 1};
        memcpy(&req.addr, own, sizeof(own));
        if (ioctl(v6, SIOCSIFADDR, &req) != 0) {
            die("SIOCSIFADDR (IPv6)");
        }
        (void)close(v6);
    }
}

/* The path. */

static struct hops_addr router_addr(enum hops_family family, unsigned hop) {
    const uint8_t v4[4] = {10, 99, 1, (uint8_t)hop};
    const uint8_t v6[16] = {0xfd, 0, 0, 0x99, 0, 1, [15] = (uint8_t)hop};

    return family == HOPS_IPV4 ? hops_addr_ipv4(v4) : hops_addr_ipv6(v6, 0);
}

static bool is_target(const struct hops_addr *addr) {
    static const uint8_t v4[3] = {10, 99, 255};
    static const uint8_t v6[6] = {0xfd, 0, 0, 0x99, 0xff, 0xff};

    return addr->family == HOPS_IPV4 ? memcmp(addr->octets, v4, sizeof(v4)) == 0
                                     : memcmp(addr->octets, v6, sizeof(v6)) == 0;
}

/* The way back takes as many hops as the way there. */
static uint8_t ttl_left(unsigned hop) {
    return (uint8_t)(64 - ((hop - 1) & 0x3f));
}

static bool answer_router(const struct options *opts, const struct hops_craft_view *view,
                          const uint8_t *probe, size_t len, struct wr *out) {
    uint8_t objects[32];
    struct wr w = wr_make(objects, sizeof(objects));
    struct hops_craft_error error = {
        .kind = HOPS_REPLY_TIME_EXCEEDED,
        .from = router_addr(view->family, view->ttl),
        .ttl = ttl_left(view->ttl),
        .quoted_len = PACKET_MAX,
        .quoted_ttl = 1,
        .layout = HOPS_CRAFT_PLAIN,
    };

    if (opts->mpls) {
        const struct hops_mpls labels[] = {
            {.label = 16000u + view->ttl, .ttl = 1},
            {.label = 24000u + view->ttl, .bottom = true, .ttl = 1},
        };
        hops_craft_mpls(&w, labels, 2);
        error.layout = HOPS_CRAFT_COMPLIANT;
        error.objects = objects;
        error.objects_len = wr_len(&w);
    }
    return hops_craft_error(probe, len, &error, out);
}

static bool answer_target(const struct options *opts, const struct hops_craft_view *view,
                          const uint8_t *probe, size_t len, struct wr *out) {
    static const uint8_t data[] = {'h', 'e', 'l', 'l', 'o'};
    uint8_t ttl = ttl_left(opts->hops);

    switch (view->protocol) {
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
        return hops_craft_echo_reply(probe, len, NULL, ttl, out);
    case IPPROTO_TCP:
        /* The kernel's RST to our SYN-ACK comes by as well; it gets no answer. */
        if (view->transport_len < 20 || (view->transport[13] & 0x17) != 0x02) {
            return false;
        }
        if (opts->tcp_rst) {
            return hops_craft_tcp_rst(probe, len, ttl, out);
        }
        return hops_craft_tcp_syn_ack(probe, len, 1000000, ttl, out);
    case IPPROTO_UDP: {
        const struct hops_craft_error error = {
            .kind = HOPS_REPLY_UNREACHABLE,
            .code = view->family == HOPS_IPV4 ? 3 : 4,
            .from = view->dst,
            .ttl = ttl,
            .quoted_len = PACKET_MAX,
            .quoted_ttl = (uint8_t)(view->ttl - opts->hops + 1),
        };
        if (opts->udp_echo) {
            return hops_craft_udp_reply(probe, len, data, sizeof(data), ttl, out);
        }
        return hops_craft_error(probe, len, &error, out);
    }
    default:
        return false;
    }
}

/* Plays the path for one packet that came in at the given time. */
static void take_probe(const struct options *opts, struct queue *q, struct rng *rng,
                       const uint8_t *probe, size_t len, int64_t at) {
    struct hops_craft_view view;
    struct reply *reply = queue_spare(q);

    if (reply == NULL || !hops_craft_look(probe, len, &view) || !is_target(&view.dst) ||
        view.ttl == 0) {
        return;
    }
    unsigned hop = view.ttl < opts->hops ? view.ttl : opts->hops;
    bool lost = opts->silent[hop] || (opts->loss > 0 && rng_unit(rng) < opts->loss);
    struct wr out = wr_make(reply->octets, sizeof(reply->octets));
    bool made = hop < opts->hops ? answer_router(opts, &view, probe, len, &out)
                                 : answer_target(opts, &view, probe, len, &out);
    if (lost || !made || out.bad) {
        return;
    }
    reply->len = wr_len(&out);
    reply->due = at + (int64_t)((opts->base_ms + opts->step_ms * hop) * 1e6);
    queue_add(q);
}

static void serve(const struct options *opts, int fd) {
    struct queue q;
    struct rng rng = {.state = 1};
    uint8_t probe[PACKET_MAX];

    queue_init(&q);
    for (;;) {
        struct pollfd pfd = {.fd = fd, .events = POLLIN};
        struct timespec wait = {0};
        int64_t left = q.count == 0 ? 0 : due_at(&q, 0) - now_ns();

        if (left > 0) {
            wait.tv_sec = left / 1000000000;
            wait.tv_nsec = left % 1000000000;
        }
        if (ppoll(&pfd, 1, q.count == 0 ? NULL : &wait, NULL) < 0 && errno != EINTR) {
            die("ppoll");
        }
        /* Due replies first: a burst of probes must not hold them up. */
        while (q.count > 0 && due_at(&q, 0) <= now_ns()) {
            const struct reply *reply = &q.pool[q.order[0]];
            if (write(fd, reply->octets, reply->len) < 0 && errno != EAGAIN) {
                die("write");
            }
            queue_drop_first(&q);
        }
        for (int batch = 0; batch < 16; batch++) {
            ssize_t n = read(fd, probe, sizeof(probe));
            if (n <= 0) {
                break;
            }
            take_probe(opts, &q, &rng, probe, (size_t)n, now_ns());
        }
    }
}

/* The command line. */

static void usage(void) {
    (void)fputs("usage: tunpath [--hops N] [--base-ms MS] [--step-ms MS] [--silent T,T...]\n"
                "               [--loss PERCENT] [--mpls] [--tcp-rst] [--udp-echo]"
                " [--device NAME]\n",
                stderr);
    exit(2);
}

static double number(const char *text, double min, double max) {
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= min && value <= max)) {
        usage();
    }
    return value;
}

static void parse_silent(struct options *opts, char *list) {
    char *state = NULL;

    for (char *item = strtok_r(list, ",", &state); item != NULL;
         item = strtok_r(NULL, ",", &state)) {
        opts->silent[(size_t)number(item, 1, TTL_COUNT - 1)] = true;
    }
}

static void parse_options(int argc, char **argv, struct options *opts) {
    static const struct option longs[] = {
        {"hops", required_argument, NULL, 'n'},    {"base-ms", required_argument, NULL, 'b'},
        {"step-ms", required_argument, NULL, 's'}, {"silent", required_argument, NULL, 'q'},
        {"loss", required_argument, NULL, 'l'},    {"mpls", no_argument, NULL, 'm'},
        {"tcp-rst", no_argument, NULL, 'r'},       {"udp-echo", no_argument, NULL, 'u'},
        {"device", required_argument, NULL, 'd'},  {NULL, 0, NULL, 0},
    };
    int letter;

    while ((letter = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        switch (letter) {
        case 'n':
            opts->hops = (unsigned)number(optarg, 1, TTL_COUNT - 1);
            break;
        case 'b':
            opts->base_ms = number(optarg, 0, 10000);
            break;
        case 's':
            opts->step_ms = number(optarg, -10000, 10000);
            break;
        case 'q':
            parse_silent(opts, optarg);
            break;
        case 'l':
            opts->loss = number(optarg, 0, 100) / 100;
            break;
        case 'm':
            opts->mpls = true;
            break;
        case 'r':
            opts->tcp_rst = true;
            break;
        case 'u':
            opts->udp_echo = true;
            break;
        case 'd':
            (void)snprintf(opts->device, sizeof(opts->device), "%s", optarg);
            break;
        default:
            usage();
        }
    }
    if (optind != argc) {
        usage();
    }
}

int main(int argc, char **argv) {
    struct options opts = {.hops = 30, .base_ms = 4, .step_ms = 4, .device = "tunpath0"};
    int fd;

    parse_options(argc, argv, &opts);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_TIMERSLACK, 1UL);
    fd = open_device(&opts);
    configure_device(opts.device);
    (void)printf("ready %s 10.99.255.1 fd00:99:ffff::1\n", opts.device);
    (void)fflush(stdout);
    serve(&opts, fd);
}
