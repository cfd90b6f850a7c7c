/* SPDX-License-Identifier: MIT
 *
 * The link over the network of a macOS or BSD host: traces come and go, probes and replies pass
 * through. bsd.h says how it works.
 */
#include "net/bsd.h"

#include "base/diag.h"
#include "net/signature.h"
#include "net/sockaddr.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Reports served in one call that gave nothing to hand out: then it is the caller's turn. */
#define QUIET_MAX 256

/* Ports tried for a proposed source port before giving up. */
#define PROPOSALS_MAX 4096

#define NOBODY (UINT32_MAX - 1) /* attachment of a report that has been struck out */

void hops_net_options_init(struct hops_net_options *options) {
    *options = (struct hops_net_options){.size = sizeof(*options)};
}

static struct hops_net_bsd *of(struct hops_link *base) {
    return (struct hops_net_bsd *)base; /* its first member */
}

static struct hops_net_bsd_seat *seat_of(const struct hops_net_bsd *link, uint32_t attachment) {
    return attachment < link->size ? link->seats[attachment] : NULL;
}

/* Attaching. */

static enum hops_err find_place(struct hops_net_bsd *link, uint32_t *out, struct hops_diag *diag) {
    const uint32_t size = link->size == 0 ? 8 : link->size * 2;
    struct hops_net_bsd_seat **seats;

    for (uint32_t i = 0; i < link->size; i++) {
        if (link->seats[i] == NULL) {
            *out = i;
            return HOPS_OK;
        }
    }
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    seats = link->env.mem->realloc(link->seats, size * sizeof(*seats), link->env.mem->user);
    if (seats == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    for (uint32_t i = link->size; i < size; i++) {
        seats[i] = NULL;
    }
    *out = link->size;
    link->seats = seats;
    link->size = size;
    return HOPS_OK;
}

static enum hops_err refuse_clash(const struct hops_net_bsd *link, const struct hops_config *config,
                                  struct hops_diag *diag) {
    for (uint32_t i = 0; i < link->size; i++) {
        /* A proposed port moves out of the way. */
        if (link->seats[i] != NULL && !config->source_port_proposed &&
            hops_net_signature_clash(&link->seats[i]->config, config, true)) {
            char text[HOPS_ADDR_TEXT_MAX];

            return hops_diag_set(diag, HOPS_ERR_CLASH,
                                 "two traces to %s have the same identifier or ports, so their "
                                 "replies could not be told apart",
                                 hops_addr_format(&config->target, text));
        }
    }
    return HOPS_OK;
}

/* The source port of a whole trace. Only a proposed one may move. */
static enum hops_err hold_trace_port(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                                     struct hops_diag *diag) {
    struct hops_config *config = &seat->config;
    const bool movable = config->source_port_proposed;
    struct hops_net_port port = {
        .protocol = config->protocol, .source = config->source, .number = config->source_port};
    struct hops_net_hold hold = {.call = HOPS_CALL_BIND, .os_errno = EADDRINUSE};

    for (int tries = 0; tries < (movable ? PROPOSALS_MAX : 1); tries++) {
        if (!movable || !hops_net_ports_held(link->ports, &port)) {
            hold = hops_net_ports_hold(link->ports, &port);
        }
        if (hold.os_errno == 0) {
            seat->trace_hold = hold.handle;
            config->source_port = port.number;
            return HOPS_OK;
        }
        if (hold.call != HOPS_CALL_BIND || hold.os_errno != EADDRINUSE) {
            break;
        }
        if (movable) {
            port.number = port.number == UINT16_MAX ? 1024 : (uint16_t)(port.number + 1);
        }
    }
    return hops_diag_set(diag, hold.os_errno == EADDRINUSE ? HOPS_ERR_PORT_TAKEN : HOPS_ERR_SYSTEM,
                         "UDP source port %u: %s: %s", port.number, hops_call_name(hold.call),
                         strerror(hold.os_errno));
}

static enum hops_err prepare_udp(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                                 struct hops_diag *diag) {
    if (!seat->raw && seat->config.strategy != HOPS_STRATEGY_CLASSIC) {
        return hops_diag_set(diag, HOPS_ERR_PRIVILEGE,
                             "the %s strategy needs raw sockets: run as root, or use the classic "
                             "strategy",
                             hops_strategy_name(seat->config.strategy));
    }
    if (seat->config.direction != HOPS_PORTS_FIXED_TARGET) {
        return hold_trace_port(link, seat, diag);
    }
    seat->holds =
        link->env.mem->calloc(HOPS_NET_BSD_HOLDS, sizeof(*seat->holds), link->env.mem->user);
    if (seat->holds == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < HOPS_NET_BSD_HOLDS; i++) {
        seat->holds[i].handle = HOPS_NET_BSD_NO_HOLD;
    }
    return HOPS_OK;
}

static void free_seat(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat) {
    hops_net_bsd_tcp_free(link, seat);
    if (seat->trace_hold != HOPS_NET_BSD_NO_HOLD) {
        hops_net_ports_drop(link->ports, seat->trace_hold);
    }
    for (size_t i = 0; seat->holds != NULL && i < HOPS_NET_BSD_HOLDS; i++) {
        if (seat->holds[i].handle != HOPS_NET_BSD_NO_HOLD) {
            hops_net_ports_drop(link->ports, seat->holds[i].handle);
        }
    }
    link->env.mem->free(seat->holds, link->env.mem->user);
    link->env.mem->free(seat, link->env.mem->user);
}

static enum hops_err fill_seat(struct hops_net_bsd *link, struct hops_net_bsd_seat *seat,
                               struct hops_diag *diag) {
    const enum hops_family family = (enum hops_family)seat->config.target.family;
    enum hops_err err = HOPS_OK;

    if (seat->raw) {
        err = hops_net_bsd_raw_check(link->raw, seat->config.protocol, family, diag);
    }
    if (err == HOPS_OK) {
        err = hops_net_bsd_icmp_open(link, family, seat->raw, diag);
    }
    if (err != HOPS_OK) {
        return err;
    }
    switch (seat->config.protocol) {
    case HOPS_PROTOCOL_UDP:
        return prepare_udp(link, seat, diag);
    case HOPS_PROTOCOL_TCP:
        return hops_net_bsd_tcp_new(link, seat, diag);
    case HOPS_PROTOCOL_ICMP:
        break;
    }
    return HOPS_OK;
}

static enum hops_err bsd_attach(struct hops_link *base, struct hops_config *config, hops_ns now,
                                uint32_t *out_attachment, struct hops_diag *diag) {
    struct hops_net_bsd *link = of(base);
    const struct hops_mem *mem = link->env.mem;
    struct hops_config settled = *config;
    struct hops_net_bsd_seat *seat;
    uint32_t place = 0;
    enum hops_err err = hops_net_source_settle(&settled, link->env.interface, diag);

    (void)now;
    if (err == HOPS_OK) {
        err = refuse_clash(link, &settled, diag);
    }
    if (err == HOPS_OK) {
        err = find_place(link, &place, diag);
    }
    if (err != HOPS_OK) {
        return err;
    }
    seat = mem->calloc(1, sizeof(*seat), mem->user);
    if (seat == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    seat->raw = link->raw != NULL && !link->options.unprivileged;
    seat->attachment = place;
    seat->config = settled;
    seat->trace_hold = HOPS_NET_BSD_NO_HOLD;
    err = fill_seat(link, seat, diag);
    if (err != HOPS_OK) {
        free_seat(link, seat);
        return err;
    }
    link->seats[place] = seat;
    *config = seat->config;
    *out_attachment = place;
    return HOPS_OK;
}

static void bsd_detach(struct hops_link *base, uint32_t attachment) {
    struct hops_net_bsd *link = of(base);
    struct hops_net_bsd_seat *seat = seat_of(link, attachment);

    if (seat == NULL) {
        return;
    }
    free_seat(link, seat);
    link->seats[attachment] = NULL;
    /* Reports and replies already fetched must not reach the next trace in this seat. */
    for (int i = link->report_next; i < link->report_count; i++) {
        if (link->reports[i].attachment == attachment) {
            link->reports[i].attachment = NOBODY;
        }
    }
    for (size_t i = 0; i < link->inbox.len; i++) {
        struct hops_inbound *in = &link->inbox.items[(link->inbox.head + i) % HOPS_NET_INBOX_SIZE];

        if (in->attachment == attachment) {
            in->attachment = NOBODY;
        }
    }
}

/* Sending. */

static struct hops_send_result bsd_send(struct hops_link *base, uint32_t attachment,
                                        const struct hops_probe *probe, hops_ns now) {
    struct hops_net_bsd *link = of(base);
    struct hops_net_bsd_seat *seat = seat_of(link, attachment);

    (void)now;
    if (seat == NULL) {
        return (struct hops_send_result){
            .status = HOPS_SEND_FATAL, .call = HOPS_CALL_SENDTO, .os_errno = EBADF};
    }
    return seat->tcp != NULL ? hops_net_bsd_tcp_send(link, seat, probe)
                             : hops_net_bsd_send(link, seat, probe);
}

static void bsd_release(struct hops_link *base, uint32_t attachment, uint32_t probe_id) {
    struct hops_net_bsd *link = of(base);
    struct hops_net_bsd_seat *seat = seat_of(link, attachment);
    const size_t at = probe_id % HOPS_NET_BSD_HOLDS;

    if (seat != NULL && seat->tcp != NULL) {
        hops_net_bsd_tcp_release(seat, probe_id);
    }
    if (seat != NULL && seat->holds != NULL && seat->holds[at].probe_id == probe_id &&
        seat->holds[at].handle != HOPS_NET_BSD_NO_HOLD) {
        hops_net_ports_drop(link->ports, seat->holds[at].handle);
        seat->holds[at].handle = HOPS_NET_BSD_NO_HOLD;
    }
}

/* Receiving. */

static void serve(struct hops_net_bsd *link, const struct hops_net_report *report) {
    if (report->attachment != HOPS_NET_SHARED) {
        struct hops_net_bsd_seat *seat = seat_of(link, report->attachment);

        if (seat != NULL && seat->tcp != NULL) {
            hops_net_bsd_tcp_ready(link, seat, report->local);
        }
    } else if (report->local == HOPS_NET_BSD_ICMP) {
        hops_net_bsd_read_icmp(link, HOPS_IPV4);
    } else if (report->local == HOPS_NET_BSD_ICMP6) {
        hops_net_bsd_read_icmp(link, HOPS_IPV6);
    } else {
        hops_net_bsd_read_port(link, report->local);
    }
}

static bool bsd_receive(struct hops_link *base, hops_ns now, struct hops_inbound *out) {
    struct hops_net_bsd *link = of(base);

    for (uint32_t i = 0; i < link->size; i++) {
        struct hops_net_bsd_seat *seat = link->seats[i];

        if (seat != NULL && seat->tcp != NULL && hops_net_bsd_tcp_deadline(seat) <= now) {
            hops_net_bsd_tcp_expire(link, seat, now);
        }
    }
    for (int quiet = 0; quiet < QUIET_MAX; quiet++) {
        if (hops_net_inbox_pop(&link->inbox, out)) {
            if (out->attachment == NOBODY) {
                continue; /* its trace is gone */
            }
            return true;
        }
        if (link->report_next == link->report_count) {
            link->report_next = 0;
            link->report_count =
                hops_net_queue_ready(link->env.queue, link->reports,
                                     (int)(sizeof(link->reports) / sizeof(link->reports[0])));
            if (link->report_count == 0) {
                return false;
            }
        }
        serve(link, &link->reports[link->report_next++]);
    }
    return false;
}

static int bsd_fd(const struct hops_link *base) {
    return ((const struct hops_net_bsd *)base)->env.queue;
}

static hops_ns bsd_deadline(const struct hops_link *base) {
    const struct hops_net_bsd *link = (const struct hops_net_bsd *)base;
    hops_ns due = link->inbox.len > 0 ? 0 : HOPS_NEVER;

    for (uint32_t i = 0; i < link->size; i++) {
        const struct hops_net_bsd_seat *seat = link->seats[i];

        if (seat != NULL && seat->tcp != NULL && hops_net_bsd_tcp_deadline(seat) < due) {
            due = hops_net_bsd_tcp_deadline(seat);
        }
    }
    return due;
}

static void bsd_counters(const struct hops_link *base, struct hops_link_counters *out) {
    *out = ((const struct hops_net_bsd *)base)->counters;
}

static void bsd_close(struct hops_link *base) {
    struct hops_net_bsd *link = of(base);
    const struct hops_mem *mem = link->env.mem;

    for (uint32_t i = 0; i < link->size; i++) {
        bsd_detach(base, i);
    }
    for (int i = 0; i < 2; i++) {
        if (link->icmp[i].fd >= 0 && !link->icmp[i].borrowed) {
            (void)close(link->icmp[i].fd);
        }
    }
    hops_net_raw_close(link->raw);
    hops_net_ports_free(link->ports);
    if (link->env.queue >= 0) {
        (void)close(link->env.queue);
    }
    mem->free(link->buffer, mem->user);
    mem->free(link->seats, mem->user);
    mem->free(link, mem->user);
}

/* Making one. */

static enum hops_err tie_raw(const struct hops_net_raw *raw, const char *interface,
                             struct hops_diag *diag) {
    for (int kind = 0; raw != NULL && kind < HOPS_NET_BSD_KINDS; kind++) {
        int err = raw->fd[kind] < 0 ? 0 : hops_net_set_interface(raw->fd[kind], interface);

        if (err != 0) {
            return hops_diag_set(diag, err == ENODEV ? HOPS_ERR_NO_INTERFACE : HOPS_ERR_SYSTEM,
                                 "interface \"%s\": %s", interface,
                                 err == ENOPROTOOPT
                                     ? "this system cannot tie a socket to an interface; give a "
                                       "source address"
                                     : strerror(err));
        }
    }
    return HOPS_OK;
}

static enum hops_err fill_link(struct hops_net_bsd *link, struct hops_net_raw *raw,
                               struct hops_diag *diag) {
    const struct hops_mem *mem = link->env.mem;
    enum hops_err err = tie_raw(raw, link->env.interface, diag);

    if (err != HOPS_OK) {
        return err;
    }
    link->env.queue = hops_net_queue_new();
    if (link->env.queue < 0) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM, "no set of descriptors: %s", strerror(errno));
    }
    link->ports = hops_net_ports_new(&link->env, hops_net_port_open_socket, HOPS_NET_BSD_PORTS);
    link->buffer = mem->calloc(1, HOPS_NET_BSD_RECEIVE_MAX, mem->user);
    if (link->ports == NULL || link->buffer == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    return HOPS_OK;
}

enum hops_err hops_net_new(struct hops_net_raw *raw, const struct hops_net_options *options,
                           const struct hops_mem *mem, struct hops_link **out,
                           struct hops_diag *diag) {
    static const struct hops_link_ops ops = {.attach = bsd_attach,
                                             .detach = bsd_detach,
                                             .send = bsd_send,
                                             .receive = bsd_receive,
                                             .release = bsd_release,
                                             .fd = bsd_fd,
                                             .deadline = bsd_deadline,
                                             .counters = bsd_counters,
                                             .close = bsd_close};
    struct hops_net_bsd *link;
    enum hops_err err;

    if (options->size != sizeof(*options) ||
        memchr(options->interface, '\0', sizeof(options->interface)) == NULL) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "options must come from hops_net_options_init()");
    }
    mem = mem == NULL ? hops_mem_default() : mem;
    link = mem->calloc(1, sizeof(*link), mem->user);
    if (link == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    link->base.ops = &ops;
    link->options = *options;
    link->env = (struct hops_net_env){.mem = mem, .counters = &link->counters, .queue = -1};
    memcpy(link->env.interface, options->interface, sizeof(link->env.interface));
    link->icmp[0].fd = -1;
    link->icmp[1].fd = -1;
    hops_net_clock_init(&link->clock);
    hops_net_raise_descriptor_limit();
    err = fill_link(link, raw, diag);
    if (err != HOPS_OK) {
        bsd_close(&link->base); /* link->raw is not set yet: still the caller's */
        return err;
    }
    link->raw = raw;
    *out = &link->base;
    return HOPS_OK;
}
