/* SPDX-License-Identifier: MIT */
#include "net/dgram_parts.h"

#include "base/bytes.h"
#include "net/errqueue.h"
#include "packet/build.h"

#include <hops/addr.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* One message read can become a stamp and a reply. */
#define INBOX_PER_READ 2

#define ECHO_HEADER 8

/* Slots. */

void hops_net_dgram_slot_free(struct hops_net_dgram *d, struct hops_net_dgram_slot *slot) {
    if (slot->stamped) {
        d->stamps--;
    }
    if (slot->fd >= 0) {
        (void)close(slot->fd);
    }
    *slot = (struct hops_net_dgram_slot){.used = false, .fd = -1};
}

static struct hops_net_dgram_slot *slot_by_sequence(struct hops_net_dgram *d, uint16_t sequence) {
    for (size_t i = 0; i < d->slot_count; i++) {
        if (d->slots[i].used && d->slots[i].probe.sequence == sequence) {
            return &d->slots[i];
        }
    }
    return NULL;
}

static struct hops_net_dgram_slot *slot_by_stamp(struct hops_net_dgram *d, uint32_t number) {
    for (size_t i = 0; i < d->slot_count; i++) {
        if (d->slots[i].used && d->slots[i].number == number) {
            return &d->slots[i];
        }
    }
    return NULL;
}

/* What was read becomes something to hand out. */

void hops_net_dgram_push_stamp(struct hops_net_dgram *d, struct hops_net_dgram_slot *slot) {
    *hops_net_inbox_push(&d->inbox) = (struct hops_inbound){.kind = HOPS_INBOUND_STAMP,
                                                            .attachment = d->base.attachment,
                                                            .probe_id = slot->probe.id,
                                                            .when = slot->stamp};
    slot->stamped = false;
    d->stamps--;
}

/* slot: the probe it answers, or NULL. */
static void push_reply(struct hops_net_dgram *d, struct hops_net_dgram_slot *slot,
                       const struct hops_reply *reply) {
    struct hops_inbound *in;

    if (slot != NULL && slot->stamped) {
        hops_net_dgram_push_stamp(d, slot);
    }
    in = hops_net_inbox_push(&d->inbox);
    *in = (struct hops_inbound){.kind = HOPS_INBOUND_REPLY,
                                .attachment = d->base.attachment,
                                .when = reply->when,
                                .reply = *reply};
    d->env->counters->coarse += reply->coarse ? 1 : 0;
    if (slot != NULL) {
        in->probe_id = slot->probe.id;
        if (slot->fd >= 0) {
            in->reply.known_probe = true;
            in->reply.probe_id = slot->probe.id;
        }
        hops_net_dgram_slot_free(d, slot);
    }
}

static void push_failure(struct hops_net_dgram *d, struct hops_net_dgram_slot *slot, int os_errno) {
    int why = os_errno == 0 ? EHOSTUNREACH : os_errno;

    *hops_net_inbox_push(&d->inbox) = (struct hops_inbound){
        .kind = HOPS_INBOUND_FAILED,
        .attachment = d->base.attachment,
        .probe_id = slot->probe.id,
        .when = d->clock.read_at,
        .failure = {.status = HOPS_SEND_FAILED, .call = HOPS_CALL_SENDTO, .os_errno = why}};
    hops_net_dgram_slot_free(d, slot);
}

/* Ports or identifiers of a quote. False if the quote is too short to have them. */
static bool read_quote(const struct hops_net_dgram *d, const struct hops_net_message *message,
                       struct hops_quote *out) {
    struct rd r = rd_make(message->octets, message->len);

    if (d->config.protocol == HOPS_PROTOCOL_UDP) {
        out->dst_port = message->peer_port;
        return true;
    }
    out->icmp_type = rd_u8(&r);
    rd_skip(&r, 3);
    out->icmp_id = rd_be16(&r);
    out->icmp_seq = rd_be16(&r);
    return !r.bad;
}

static struct hops_net_dgram_slot *slot_quoted(struct hops_net_dgram *d,
                                               struct hops_net_dgram_slot *own,
                                               const struct hops_net_message *message,
                                               const struct hops_quote *quote) {
    if (own != NULL) {
        /* A stranger may invent an error about our port; it has to guess the target's too. */
        return message->peer_port == own->probe.dst_port ? own : NULL;
    }
    return slot_by_sequence(d, d->config.protocol == HOPS_PROTOCOL_UDP ? quote->dst_port
                                                                       : quote->icmp_seq);
}

static void take_stamp(struct hops_net_dgram *d, struct hops_net_dgram_slot *own,
                       const struct hops_net_message *message) {
    struct hops_net_dgram_slot *slot =
        own != NULL ? own : slot_by_stamp(d, message->cmsgs.error.data);
    bool coarse;
    hops_ns when;

    if (slot == NULL || slot->stamped || message->cmsgs.error.info != 0) {
        return;
    }
    when = hops_net_clock_map(&d->clock, message->cmsgs.stamp, slot->sent, &coarse);
    if (!coarse) {
        slot->stamp = when;
        slot->stamped = true;
        d->stamps++;
    }
}

static void take_entry(struct hops_net_dgram *d, struct hops_net_dgram_slot *own,
                       const struct hops_net_message *message) {
    struct hops_quote quote = {.protocol = d->config.protocol};
    struct hops_reply reply;
    enum hops_net_entry entry = hops_net_entry_decode(message, &d->config, &d->clock, 0, &reply);
    struct hops_net_dgram_slot *slot;

    if (entry == HOPS_NET_ENTRY_STAMP) {
        take_stamp(d, own, message);
        return;
    }
    d->env->counters->received++;
    if (entry == HOPS_NET_ENTRY_IGNORED) {
        d->env->counters->ignored++;
        return;
    }
    if (!read_quote(d, message, &quote)) {
        d->env->counters->malformed++;
        return;
    }
    slot = slot_quoted(d, own, message, &quote);
    if (entry == HOPS_NET_ENTRY_LOCAL) {
        /* An error of a send that failed at once is here too: then there is no slot. */
        if (slot != NULL) {
            push_failure(d, slot, message->cmsgs.error.os_errno);
        }
        return;
    }
    if (own != NULL && slot == NULL) {
        d->env->counters->ignored++;
        return;
    }
    reply.quote.icmp_type = quote.icmp_type;
    reply.quote.icmp_id = quote.icmp_id;
    reply.quote.icmp_seq = quote.icmp_seq;
    reply.quote.dst_port = quote.dst_port;
    if (d->config.protocol == HOPS_PROTOCOL_UDP) {
        reply.quote.src_port = own != NULL ? own->probe.src_port : d->config.source_port;
        if (slot != NULL) {
            reply.quote.udp_len = (uint16_t)(8 + hops_packet_payload_len(&d->config, &slot->probe));
        }
    }
    push_reply(d, slot, &reply);
}

/* Empties the error queue as far as the inbox has room; false if it has none. */
bool hops_net_dgram_drain(struct hops_net_dgram *d, int fd, struct hops_net_dgram_slot *own) {
    struct hops_net_message message;
    bool some = false;

    while (hops_net_inbox_room(&d->inbox) >= INBOX_PER_READ) {
        if (hops_net_message_read(fd, true, &d->clock, &message) != 0) {
            if (!some) {
                int pending;
                socklen_t len = sizeof(pending);

                /* A pending error without entry would make poll report it for ever. */
                (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &pending, &len);
            }
            return true;
        }
        some = true;
        take_entry(d, own, &message);
        if (own != NULL && !own->used) {
            return true; /* answered: its socket is closed */
        }
    }
    return false;
}

static bool decode_normal(struct hops_net_dgram *d, struct hops_net_dgram_slot *own,
                          const struct hops_net_message *message, struct hops_reply *out) {
    struct rd r = rd_make(message->octets, message->len);
    uint8_t type;

    hops_net_reply_begin(message, &d->config, &d->clock, 0, out);
    if (d->config.protocol == HOPS_PROTOCOL_UDP) {
        out->kind = HOPS_REPLY_UDP;
        out->quote.src_port = own != NULL ? own->probe.src_port : d->config.source_port;
        out->quote.dst_port = message->peer_port;
        /* Anybody can send to our port. */
        return hops_addr_equal(&message->peer, &d->config.target) &&
               (own == NULL || message->peer_port == own->probe.dst_port);
    }
    if (message->len < ECHO_HEADER) {
        return false;
    }
    type = rd_u8(&r);
    out->kind = HOPS_REPLY_ECHO;
    out->icmp_type = type;
    out->icmp_code = rd_u8(&r);
    rd_skip(&r, 2);
    out->quote.icmp_type = d->config.target.family == HOPS_IPV6 ? 128 : 8;
    out->quote.icmp_id = rd_be16(&r);
    out->quote.icmp_seq = rd_be16(&r);
    return type == (d->config.target.family == HOPS_IPV6 ? 129 : 0);
}

void hops_net_dgram_read(struct hops_net_dgram *d, int fd, struct hops_net_dgram_slot *own) {
    struct hops_net_message message;
    struct hops_reply reply;
    struct hops_net_dgram_slot *slot = own;

    if (hops_net_inbox_room(&d->inbox) < INBOX_PER_READ ||
        hops_net_message_read(fd, false, &d->clock, &message) != 0) {
        return;
    }
    d->env->counters->received++;
    if (message.cmsgs.overflow_known && own == NULL) {
        d->env->counters->overflow += message.cmsgs.overflow - d->overflow_seen;
        d->overflow_seen = message.cmsgs.overflow;
    }
    if (!decode_normal(d, own, &message, &reply)) {
        d->env->counters->ignored++;
        return;
    }
    if (own == NULL) {
        slot = slot_by_sequence(d, d->config.protocol == HOPS_PROTOCOL_UDP ? reply.quote.dst_port
                                                                           : reply.quote.icmp_seq);
    }
    push_reply(d, slot, &reply);
}
