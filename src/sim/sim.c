/* SPDX-License-Identifier: MIT
 *
 * The link itself: attachments, outcomes of sending, and the decoding of what is due. As with raw
 * sockets nobody here says whose a reply is: that is for the run to find out.
 */
#include <hops/sim.h>

#include "base/diag.h"
#include "packet/ipv4.h"
#include "packet/parse.h"
#include "sim/copy.h"
#include "sim/queue.h"
#include "sim/reply.h"
#include "sim/walk.h"

#include <errno.h>
#include <string.h>

enum { FIRST_FREE_PORT = 1024, LAST_PORT = 65535 };

struct attachment {
    bool used;
    uint16_t target;
    struct hops_config config;
};

struct sim {
    struct hops_link link; /* first: a link is its sim */
    const struct hops_mem *mem;
    struct hops_scenario *scenario;
    struct hops_sim_bucket *buckets; /* one per node */
    uint32_t *error_counts;          /* one per error: how often it has struck */
    struct attachment *attachments;
    size_t attachment_count; /* used or free again */
    struct hops_sim_queue queue;
    struct hops_link_counters counters;
    struct hops_sim_walk walk; /* of the probe being sent: too large for the stack */
    struct hops_sim_packet sent;
};

static struct sim *of(struct hops_link *link) {
    return (struct sim *)(void *)link;
}

static const struct sim *of_const(const struct hops_link *link) {
    return (const struct sim *)(const void *)link;
}

static bool find_target(const struct hops_scenario *scenario, const struct hops_addr *addr,
                        uint16_t *out) {
    for (size_t i = 0; i < scenario->target_count; i++) {
        if (hops_addr_equal(&scenario->nodes[scenario->targets[i].node].addr, addr)) {
            *out = (uint16_t)i;
            return true;
        }
    }
    return false;
}

static bool is_taken(const struct hops_scenario *scenario, enum hops_protocol protocol,
                     uint16_t port, hops_ns now) {
    for (size_t i = 0; i < scenario->taken_count; i++) {
        const struct hops_scenario_taken *taken = &scenario->taken[i];

        if (taken->protocol == protocol && port >= taken->first && port <= taken->last &&
            hops_sim_within(&taken->when, now)) {
            return true;
        }
    }
    return false;
}

static bool fixes_source_port(const struct hops_config *config) {
    return config->protocol != HOPS_PROTOCOL_ICMP &&
           (config->direction == HOPS_PORTS_FIXED_SOURCE ||
            config->direction == HOPS_PORTS_FIXED_BOTH);
}

/* A port nobody holds for the whole trace, if that has been left to us. */
static enum hops_err settle_source_port(const struct hops_scenario *scenario,
                                        struct hops_config *config, hops_ns now,
                                        struct hops_diag *diag) {
    uint16_t port = config->source_port;

    if (!fixes_source_port(config) || !is_taken(scenario, config->protocol, port, now)) {
        return HOPS_OK;
    }
    for (int tried = FIRST_FREE_PORT; config->source_port_proposed && tried <= LAST_PORT; tried++) {
        port = port >= FIRST_FREE_PORT && port < LAST_PORT ? (uint16_t)(port + 1) : FIRST_FREE_PORT;
        if (!is_taken(scenario, config->protocol, port, now)) {
            config->source_port = port;
            return HOPS_OK;
        }
    }
    return hops_diag_set(diag, HOPS_ERR_PORT_TAKEN, "source port %u is in use (EADDRINUSE)",
                         config->source_port);
}

static enum hops_err free_slot(struct sim *sim, uint32_t *out) {
    for (size_t i = 0; i < sim->attachment_count; i++) {
        if (!sim->attachments[i].used) {
            *out = (uint32_t)i;
            return HOPS_OK;
        }
    }
    size_t count = sim->attachment_count + 1;
    struct attachment *grown = (struct attachment *)sim->mem->realloc(
        sim->attachments, count * sizeof(*grown), sim->mem->user);
    if (grown == NULL) {
        return HOPS_ERR_NOMEM;
    }
    grown[count - 1].used = false;
    sim->attachments = grown;
    sim->attachment_count = count;
    *out = (uint32_t)(count - 1);
    return HOPS_OK;
}

static enum hops_err sim_attach(struct hops_link *link, struct hops_config *config, hops_ns now,
                                uint32_t *out_attachment, struct hops_diag *diag) {
    struct sim *sim = of(link);
    struct hops_config settled = *config;
    char text[HOPS_ADDR_TEXT_MAX];
    uint16_t target = 0;
    uint32_t slot = 0;

    if (!find_target(sim->scenario, &config->target, &target)) {
        return hops_diag_set(diag, HOPS_ERR_NO_ROUTE, "the scenario has no target %s",
                             hops_addr_format(&config->target, text));
    }
    const struct hops_addr *source = &sim->scenario->targets[target].source;
    if (config->source.family != HOPS_FAMILY_NONE && !hops_addr_equal(&config->source, source)) {
        return hops_diag_set(diag, HOPS_ERR_NO_SOURCE,
                             "%s is no address of the scenario's host (EADDRNOTAVAIL)",
                             hops_addr_format(&config->source, text));
    }
    settled.source = *source;
    enum hops_err err = settle_source_port(sim->scenario, &settled, now, diag);
    if (err != HOPS_OK) {
        return err;
    }
    err = free_slot(sim, &slot);
    if (err != HOPS_OK) {
        return hops_diag_set(diag, err, "out of memory");
    }
    sim->attachments[slot] = (struct attachment){.used = true, .target = target, .config = settled};
    *config = settled;
    *out_attachment = slot;
    return HOPS_OK;
}

static void sim_detach(struct hops_link *link, uint32_t attachment) {
    struct sim *sim = of(link);

    if (attachment < sim->attachment_count) {
        sim->attachments[attachment].used = false;
    }
}

/* What an errno means is what it means on a real network: only a port that another one would cure
 * is "taken"; calls that do not depend on the network, and descriptors that are none, are our own
 * mistakes; shortages pass. */
static enum hops_send_status classify(enum hops_call call, int os_errno) {
    if (os_errno == EADDRINUSE && (call == HOPS_CALL_BIND || call == HOPS_CALL_CONNECT)) {
        return HOPS_SEND_PORT_TAKEN;
    }
    if (os_errno == EINTR || (call == HOPS_CALL_SENDTO && os_errno == EAGAIN) ||
        (call == HOPS_CALL_SOCKET && (os_errno == EMFILE || os_errno == ENFILE))) {
        return HOPS_SEND_BUSY;
    }
    if (os_errno == EBADF || os_errno == ENOTSOCK || os_errno == EFAULT ||
        call == HOPS_CALL_SOCKET || (call == HOPS_CALL_SETSOCKOPT && os_errno != ENODEV)) {
        return HOPS_SEND_FATAL;
    }
    return HOPS_SEND_FAILED;
}

static struct hops_send_result refused(enum hops_call call, int os_errno) {
    return (struct hops_send_result){
        .status = classify(call, os_errno), .call = call, .os_errno = os_errno};
}

/* The scenario's error for this probe, if there is one: its index. */
static bool find_error(struct sim *sim, uint16_t target, const struct hops_probe *probe,
                       uint64_t key, hops_ns now, size_t *out) {
    for (size_t i = 0; i < sim->scenario->error_count; i++) {
        const struct hops_scenario_error *e = &sim->scenario->errors[i];
        struct rng rng = {.state = rng_mix(key ^ rng_mix(i + 1))};
        bool any_ttl = e->first_ttl == 0 && e->last_ttl == 0;

        if ((e->target == HOPS_SCENARIO_ANY_TARGET || e->target == target) &&
            (any_ttl || (probe->ttl >= e->first_ttl && probe->ttl <= e->last_ttl)) &&
            hops_sim_within(&e->when, now) && (e->max == 0 || sim->error_counts[i] < e->max) &&
            (e->share <= 0 || hops_sim_chance(&rng, e->share))) {
            sim->error_counts[i]++;
            *out = i;
            return true;
        }
    }
    return false;
}

static struct hops_send_result sim_send(struct hops_link *link, uint32_t attachment,
                                        const struct hops_probe *probe, hops_ns now) {
    struct sim *sim = of(link);

    if (attachment >= sim->attachment_count || !sim->attachments[attachment].used) {
        return refused(HOPS_CALL_SENDTO, EBADF);
    }
    const struct attachment *a = &sim->attachments[attachment];
    const struct hops_scenario_target *target = &sim->scenario->targets[a->target];
    uint64_t key = rng_mix(rng_mix(sim->scenario->seed ^ ((uint64_t)attachment << 32)) + probe->id);
    size_t error = 0;

    if (find_error(sim, a->target, probe, key, now, &error)) {
        return refused(sim->scenario->errors[error].call, sim->scenario->errors[error].os_errno);
    }
    if (a->config.protocol != HOPS_PROTOCOL_ICMP &&
        is_taken(sim->scenario, a->config.protocol, probe->src_port, now)) {
        return refused(HOPS_CALL_BIND, EADDRINUSE);
    }
    if (!hops_sim_packet_make(&a->config, probe, &sim->sent)) {
        return refused(HOPS_CALL_SENDTO, EMSGSIZE);
    }
    sim->walk.packet = sim->sent;
    sim->walk.key = key;
    hops_sim_walk(sim->scenario, target, now, &sim->walk);
    if (sim->walk.fate == HOPS_SIM_NOT_SENT) {
        return refused(HOPS_CALL_SENDTO, EMSGSIZE);
    }
    struct hops_sim_reply_context context = {
        .scenario = sim->scenario,
        .target = target,
        .sent = &sim->sent,
        .walk = &sim->walk,
        .bucket = &sim->buckets[sim->walk.trail[sim->walk.trail_len - 1].node],
        .extensions = a->config.extensions,
    };
    sim->counters.overflow += hops_sim_reply(&context, &sim->queue);
    return (struct hops_send_result){.status = HOPS_SEND_OK, .when = now};
}

/* Decodes a datagram as the sockets of its family would deliver it. */
static enum hops_packet_status decode(const struct hops_sim_event *event, struct hops_reply *out) {
    const struct hops_sim_packet *p = &event->packet;
    size_t head = hops_sim_header_len(p->family);

    if (p->family == HOPS_IPV4) {
        return hops_packet_parse_ipv4(p->octets, p->len, event->extensions, out);
    }
    struct hops_addr from = hops_sim_packet_source(p);
    struct hops_addr to = hops_addr_ipv6(p->octets + head - 16, 0);
    int16_t ttl = hops_sim_packet_ttl(p);
    switch (hops_sim_packet_protocol(p)) {
    case HOPS_IPPROTO_TCP:
        return hops_packet_parse_tcp(p->octets + head, p->len - head, &from, &to, ttl, out);
    case HOPS_IPPROTO_UDP:
        return hops_packet_parse_udp(p->octets + head, p->len - head, &from, &to, ttl, out);
    default:
        return hops_packet_parse_icmp6(p->octets + head, p->len - head, &from, &to, ttl,
                                       event->extensions, out);
    }
}

static bool sim_receive(struct hops_link *link, hops_ns now, struct hops_inbound *out) {
    struct sim *sim = of(link);
    struct hops_sim_event *event;

    while ((event = hops_sim_queue_pop(&sim->queue, now)) != NULL) {
        struct hops_reply reply = {0};
        enum hops_packet_status status = decode(event, &reply);
        hops_ns when = event->when;

        hops_sim_queue_give_back(&sim->queue, event);
        sim->counters.received++;
        if (status == HOPS_PACKET_OK) {
            reply.when = when;
            *out = (struct hops_inbound){.kind = HOPS_INBOUND_REPLY,
                                         .attachment = HOPS_ATTACHMENT_ANY,
                                         .when = when,
                                         .reply = reply};
            return true;
        }
        if (status == HOPS_PACKET_IGNORED) {
            sim->counters.ignored++;
        } else {
            sim->counters.malformed++;
        }
    }
    return false;
}

static void sim_release(struct hops_link *link, uint32_t attachment, uint32_t probe_id) {
    (void)link; /* nothing is held per probe */
    (void)attachment;
    (void)probe_id;
}

static int sim_fd(const struct hops_link *link) {
    (void)link;
    return -1;
}

static hops_ns sim_deadline(const struct hops_link *link) {
    return hops_sim_queue_next(&of_const(link)->queue);
}

static void sim_counters(const struct hops_link *link, struct hops_link_counters *out) {
    *out = of_const(link)->counters;
}

static void free_all(struct sim *sim) {
    const struct hops_mem *mem = sim->mem;

    hops_sim_queue_done(&sim->queue);
    mem->free(sim->attachments, mem->user);
    mem->free(sim->error_counts, mem->user);
    mem->free(sim->buckets, mem->user);
    mem->free(sim->scenario, mem->user);
    mem->free(sim, mem->user);
}

static void sim_close(struct hops_link *link) {
    free_all(of(link));
}

static const struct hops_link_ops sim_ops = {
    .attach = sim_attach,
    .detach = sim_detach,
    .send = sim_send,
    .receive = sim_receive,
    .release = sim_release,
    .fd = sim_fd,
    .deadline = sim_deadline,
    .counters = sim_counters,
    .close = sim_close,
};

enum hops_err hops_sim_new(const struct hops_scenario *scenario, const struct hops_mem *mem,
                           struct hops_link **out, struct hops_diag *diag) {
    enum hops_err err = hops_scenario_check(scenario, diag);

    if (err != HOPS_OK) {
        return err;
    }
    mem = mem != NULL ? mem : hops_mem_default();
    struct sim *sim = (struct sim *)mem->calloc(1, sizeof(*sim), mem->user);
    if (sim == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    sim->link.ops = &sim_ops;
    sim->mem = mem;
    hops_sim_queue_init(&sim->queue, mem, HOPS_SIM_EVENTS_MAX);
    sim->scenario = hops_scenario_copy(scenario, mem);
    sim->buckets = (struct hops_sim_bucket *)mem->calloc(scenario->node_count,
                                                         sizeof(*sim->buckets), mem->user);
    /* one more: an empty array is not asked for */
    sim->error_counts =
        (uint32_t *)mem->calloc(scenario->error_count + 1, sizeof(*sim->error_counts), mem->user);
    if (sim->scenario == NULL || sim->buckets == NULL || sim->error_counts == NULL) {
        free_all(sim);
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    *out = &sim->link;
    return HOPS_OK;
}
