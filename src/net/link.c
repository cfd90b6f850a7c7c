/* SPDX-License-Identifier: MIT
 *
 * The link over this host's network: gives out attachment numbers, makes the channel that fits each
 * trace, and passes on what the one epoll set reports. Descriptors are level-triggered and each
 * report reads one packet, so all are served in turn and none can keep the others waiting.
 */
#include <hops/net.h>

#include "base/diag.h"
#include "net/channel.h"
#include "net/connect.h"
#include "net/dgram.h"
#include "net/engine.h"
#include "net/signature.h"
#include "net/source.h"

#include <hops/addr.h>

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define EVENTS 64

/* Reports served in one call that gave nothing to hand out: then it is the caller's turn. The
 * descriptor stays readable, so nothing is lost. */
#define QUIET_MAX 256

/* Things taken from one socket before the others are looked at. */
#define TURNS_MAX 32

#define NOBODY (UINT32_MAX - 1) /* attachment of a report that has been struck out */

struct seat {
    struct hops_net_channel *channel; /* NULL: free */
    struct hops_config config;
    bool raw;
};

struct net_link {
    struct hops_link base;
    struct hops_net_env env;
    struct hops_link_counters counters;
    struct hops_net_options options;
    struct hops_net_engine *engine; /* NULL: no raw sockets */
    struct seat *seats;
    uint32_t size;
    struct epoll_event events[EVENTS];
    int event_count;
    int event_next;
    int event_turns; /* things handed out of events[event_next] */
};

void hops_net_options_init(struct hops_net_options *options) {
    *options = (struct hops_net_options){.size = sizeof(*options)};
}

/* Attaching. */

static enum hops_err find_seat(struct net_link *link, uint32_t *out, struct hops_diag *diag) {
    uint32_t size = link->size == 0 ? 8 : link->size * 2;
    struct seat *seats;

    for (uint32_t i = 0; i < link->size; i++) {
        if (link->seats[i].channel == NULL) {
            *out = i;
            return HOPS_OK;
        }
    }
    seats = link->env.mem->realloc(link->seats, size * sizeof(*seats), link->env.mem->user);
    if (seats == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    memset(seats + link->size, 0, (size - link->size) * sizeof(*seats));
    *out = link->size;
    link->seats = seats;
    link->size = size;
    return HOPS_OK;
}

static enum hops_err refuse_clash(const struct net_link *link, const struct hops_config *config,
                                  bool raw, struct hops_diag *diag) {
    for (uint32_t i = 0; i < link->size; i++) {
        const struct seat *seat = &link->seats[i];
        char text[HOPS_ADDR_TEXT_MAX];

        /* A proposed port moves out of the way. */
        if (seat->channel == NULL || config->source_port_proposed ||
            !hops_net_signature_clash(&seat->config, config, raw && seat->raw)) {
            continue;
        }
        if (config->protocol == HOPS_PROTOCOL_ICMP) {
            return hops_diag_set(diag, HOPS_ERR_CLASH, "two traces have the ICMP identifier %u",
                                 config->trace_id);
        }
        return hops_diag_set(diag, HOPS_ERR_CLASH,
                             "two traces to %s use the same ports, so their replies could not be "
                             "told apart; give only one of them, or other ports",
                             hops_addr_format(&config->target, text));
    }
    return HOPS_OK;
}

static enum hops_err open_channel(struct net_link *link, uint32_t attachment,
                                  struct hops_config *config, bool raw, hops_ns now,
                                  struct hops_net_channel **out, struct hops_diag *diag) {
    if (config->protocol == HOPS_PROTOCOL_TCP && (!raw || link->options.tcp_connect)) {
        return hops_net_connect_new(&link->env, attachment, config, now, out, diag);
    }
    if (raw) {
        return hops_net_engine_attach(link->engine, attachment, config, out, diag);
    }
    if (config->strategy != HOPS_STRATEGY_CLASSIC) {
        return hops_diag_set(diag, HOPS_ERR_PRIVILEGE,
                             "the %s strategy needs raw sockets: run as root or give the program "
                             "CAP_NET_RAW (setcap cap_net_raw+ep), or use the classic strategy",
                             hops_strategy_name(config->strategy));
    }
    return hops_net_dgram_new(&link->env, attachment, config, now, out, diag);
}

static enum hops_err net_attach(struct hops_link *base, struct hops_config *config, hops_ns now,
                                uint32_t *out_attachment, struct hops_diag *diag) {
    struct net_link *link = (struct net_link *)base;
    const bool raw = link->engine != NULL && !link->options.unprivileged;
    struct hops_config settled = *config;
    struct hops_net_channel *channel = NULL;
    uint32_t attachment = 0;
    enum hops_err err = hops_net_source_settle(&settled, link->env.interface, diag);

    if (err == HOPS_OK) {
        err = find_seat(link, &attachment, diag);
    }
    if (err == HOPS_OK) {
        err = refuse_clash(link, &settled, raw, diag);
    }
    if (err == HOPS_OK) {
        err = open_channel(link, attachment, &settled, raw, now, &channel, diag);
    }
    if (err != HOPS_OK) {
        return err;
    }
    link->seats[attachment] = (struct seat){.channel = channel, .config = settled, .raw = raw};
    *config = settled;
    *out_attachment = attachment;
    return HOPS_OK;
}

static struct hops_net_channel *channel_of(const struct net_link *link, uint32_t attachment) {
    return attachment < link->size ? link->seats[attachment].channel : NULL;
}

static void net_detach(struct hops_link *base, uint32_t attachment) {
    struct net_link *link = (struct net_link *)base;
    struct hops_net_channel *channel = channel_of(link, attachment);

    if (channel == NULL) {
        return;
    }
    channel->ops->free(channel);
    link->seats[attachment].channel = NULL;
    /* Reports already fetched must not reach the next trace in this seat. */
    for (int i = link->event_next; i < link->event_count; i++) {
        if (link->events[i].data.u64 >> 32 == attachment) {
            link->events[i].data.u64 = (uint64_t)NOBODY << 32;
        }
    }
}

/* Sending. */

static struct hops_send_result net_send(struct hops_link *base, uint32_t attachment,
                                        const struct hops_probe *probe, hops_ns now) {
    struct hops_net_channel *channel = channel_of((struct net_link *)base, attachment);

    if (channel == NULL) {
        return (struct hops_send_result){
            .status = HOPS_SEND_FATAL, .call = HOPS_CALL_SENDTO, .os_errno = EBADF};
    }
    return channel->ops->send(channel, probe, now);
}

static void net_release(struct hops_link *base, uint32_t attachment, uint32_t probe_id) {
    struct hops_net_channel *channel = channel_of((struct net_link *)base, attachment);

    if (channel != NULL) {
        channel->ops->release(channel, probe_id);
    }
}

/* Receiving. */

static struct hops_net_channel *shared_channel(const struct net_link *link) {
    return link->engine != NULL ? hops_net_engine_shared(link->engine) : NULL;
}

/* What channels have without being reported. */
static bool receive_due(struct net_link *link, hops_ns now, struct hops_inbound *out) {
    struct hops_net_channel *shared = shared_channel(link);

    if (shared != NULL && shared->due <= now && shared->ops->receive(shared, now, out)) {
        return true;
    }
    for (uint32_t i = 0; i < link->size; i++) {
        struct hops_net_channel *channel = link->seats[i].channel;

        if (channel != NULL && channel->due <= now && channel->ops->receive(channel, now, out)) {
            return true;
        }
    }
    return false;
}

static bool dispatch(struct net_link *link, const struct epoll_event *event, hops_ns now,
                     struct hops_inbound *out) {
    const uint32_t attachment = (uint32_t)(event->data.u64 >> 32);
    const uint32_t local = (uint32_t)(event->data.u64 & UINT32_MAX);
    struct hops_net_channel *channel =
        attachment == HOPS_NET_SHARED ? shared_channel(link) : channel_of(link, attachment);

    return channel != NULL && channel->ops->ready(channel, local, event->events, now, out);
}

static void next_event(struct net_link *link) {
    link->event_next++;
    link->event_turns = 0;
}

static bool net_receive(struct hops_link *base, hops_ns now, struct hops_inbound *out) {
    struct net_link *link = (struct net_link *)base;

    if (receive_due(link, now, out)) {
        return true;
    }
    for (int quiet = 0; quiet < QUIET_MAX; quiet++) {
        if (link->event_next == link->event_count) {
            int count = epoll_wait(link->env.queue, link->events, EVENTS, 0);

            link->event_next = 0;
            link->event_turns = 0;
            link->event_count = count > 0 ? count : 0;
            if (link->event_count == 0) {
                return false;
            }
        }
        if (dispatch(link, &link->events[link->event_next], now, out)) {
            /* More of the same is likely: ask the socket again before the set, but not for ever. */
            if (++link->event_turns == TURNS_MAX) {
                next_event(link);
            }
            return true;
        }
        next_event(link);
    }
    return false;
}

static int net_fd(const struct hops_link *base) {
    return ((const struct net_link *)base)->env.queue;
}

static hops_ns net_deadline(const struct hops_link *base) {
    const struct net_link *link = (const struct net_link *)base;
    const struct hops_net_channel *shared = shared_channel(link);
    hops_ns due = shared != NULL ? shared->due : HOPS_NEVER;

    for (uint32_t i = 0; i < link->size; i++) {
        const struct hops_net_channel *channel = link->seats[i].channel;

        if (channel != NULL && channel->due < due) {
            due = channel->due;
        }
    }
    return due;
}

static void net_counters(const struct hops_link *base, struct hops_link_counters *out) {
    const struct net_link *link = (const struct net_link *)base;

    *out = link->counters;
    if (link->engine != NULL) {
        hops_net_engine_overflow(link->engine, &out->overflow);
    }
}

static void net_close(struct hops_link *base) {
    struct net_link *link = (struct net_link *)base;
    const struct hops_mem *mem = link->env.mem;
    struct hops_net_channel *shared = shared_channel(link);

    for (uint32_t i = 0; i < link->size; i++) {
        net_detach(base, i);
    }
    if (shared != NULL) {
        shared->ops->free(shared);
    }
    (void)close(link->env.queue);
    mem->free(link->seats, mem->user);
    mem->free(link, mem->user);
}

/* Each live source port and each connect() is a descriptor. */
static void raise_descriptor_limit(void) {
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit); /* without it sends are held back sooner */
    }
}

static enum hops_err check_options(const struct hops_net_options *options, struct hops_diag *diag) {
    if (options->size != sizeof(*options) ||
        memchr(options->interface, '\0', sizeof(options->interface)) == NULL) {
        return hops_diag_set(diag, HOPS_ERR_INVALID,
                             "options must come from hops_net_options_init()");
    }
    return HOPS_OK;
}

enum hops_err hops_net_new(struct hops_net_raw *raw, const struct hops_net_options *options,
                           const struct hops_mem *mem, struct hops_link **out,
                           struct hops_diag *diag) {
    static const struct hops_link_ops ops = {.attach = net_attach,
                                             .detach = net_detach,
                                             .send = net_send,
                                             .receive = net_receive,
                                             .release = net_release,
                                             .fd = net_fd,
                                             .deadline = net_deadline,
                                             .counters = net_counters,
                                             .close = net_close};
    struct net_link *link;
    enum hops_err err = check_options(options, diag);

    if (err != HOPS_OK) {
        return err;
    }
    mem = mem == NULL ? hops_mem_default() : mem;
    link = mem->calloc(1, sizeof(*link), mem->user);
    if (link == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    link->base.ops = &ops;
    link->options = *options;
    link->env.mem = mem;
    link->env.counters = &link->counters;
    memcpy(link->env.interface, options->interface, sizeof(link->env.interface));
    raise_descriptor_limit();
    link->env.queue = epoll_create1(EPOLL_CLOEXEC);
    if (link->env.queue < 0) {
        err = hops_diag_set(diag, HOPS_ERR_SYSTEM, "epoll_create1: %s", strerror(errno));
    } else if (raw != NULL) {
        err = hops_net_engine_new(&link->env, raw, &link->engine, diag);
    }
    if (err != HOPS_OK) {
        if (link->env.queue >= 0) {
            (void)close(link->env.queue);
        }
        mem->free(link, mem->user);
        return err;
    }
    *out = &link->base;
    return HOPS_OK;
}
