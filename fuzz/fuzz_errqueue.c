/* SPDX-License-Identifier: MIT
 *
 * Messages as recvmsg() gives them: control messages of any level, type and length, and the entries
 * of error queues made of them. The octets are laid out as the kernel lays them out; what they say
 * is the fuzzer's.
 */
#include "fuzz.h"
#include "input.h"

#include <hops/config.h>

#include <netinet/in.h>
#include <stdalign.h>
#include <sys/socket.h>

#include "net/cmsg.h"
#include "net/errqueue.h"

/* Control messages the program knows, so that the fuzzer need not guess their numbers. */
static const struct {
    int level, type;
} known[] = {
    {SOL_SOCKET, SO_TIMESTAMPNS},
    {SOL_SOCKET, SO_TIMESTAMPING},
    {SOL_SOCKET, SO_RXQ_OVFL},
    {SOL_IP, IP_TTL},
    {SOL_IP, IP_TOS},
    {SOL_IP, IP_PKTINFO},
    {SOL_IP, IP_RECVERR},
    {SOL_IPV6, IPV6_HOPLIMIT},
    {SOL_IPV6, IPV6_TCLASS},
    {SOL_IPV6, IPV6_PKTINFO},
    {SOL_IPV6, IPV6_RECVERR},
};

/* One control message after the other, as far as there is room. */
static size_t make_control(struct rd *in, uint8_t *out, size_t room) {
    size_t used = 0;

    for (unsigned count = fuzz_below(in, 6); count > 0; count--) {
        unsigned kind = fuzz_below(in, sizeof(known) / sizeof(known[0]) + 1);
        size_t len = rd_u8(in) % 96;
        struct cmsghdr header = {.cmsg_len = CMSG_LEN(len)};
        if (used + CMSG_SPACE(len) > room || len > rd_left(in)) {
            break;
        }
        header.cmsg_level = kind < sizeof(known) / sizeof(known[0]) ? known[kind].level : rd_u8(in);
        header.cmsg_type = kind < sizeof(known) / sizeof(known[0]) ? known[kind].type : rd_u8(in);
        memcpy(out + used, &header, sizeof(header));
        rd_copy(in, out + used + CMSG_LEN(0), len);
        used += CMSG_SPACE(len);
    }
    return used;
}

static void check(const struct hops_net_cmsgs *cmsgs) {
    FUZZ_CHECK(cmsgs->ttl >= -1 && cmsgs->ttl <= 255);
    FUZZ_CHECK(cmsgs->tos >= -1 && cmsgs->tos <= 255);
    FUZZ_CHECK(cmsgs->error.present || cmsgs->error.origin == 0);
}

static void decode(const struct hops_net_message *message, const struct hops_config *config) {
    struct hops_net_clock clock = {0};
    struct hops_reply reply;

    memset(&reply, 0, sizeof(reply));
    if (hops_net_entry_decode(message, config, &clock, HOPS_SEC, &reply) != HOPS_NET_ENTRY_REPLY) {
        return;
    }
    FUZZ_CHECK(reply.responder.family != HOPS_FAMILY_NONE);
    FUZZ_CHECK(hops_addr_equal(&reply.quote.dst, &config->target));
    FUZZ_CHECK(config->extensions || !reply.extensions.present);
    fuzz_walk_extensions(&reply.extensions);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct rd in = rd_make(data, size);
    alignas(struct cmsghdr) uint8_t control[HOPS_NET_CONTROL_MAX] = {0};
    struct msghdr msg = {0};
    struct hops_config config;
    uint8_t kind = rd_u8(&in);
    enum hops_family family = (kind & 1) != 0 ? HOPS_IPV6 : HOPS_IPV4;
    struct hops_net_message *message = calloc(1, sizeof(*message));

    if (message == NULL) {
        abort();
    }
    hops_config_init(&config);
    config.target = fuzz_addr(family, 200);
    config.source = fuzz_addr(family, 250);
    config.protocol = (enum hops_protocol)((kind >> 1) % 3);
    config.extensions = (kind & 8) != 0;
    msg.msg_controllen = make_control(&in, control, sizeof(control));
    if ((kind & 16) != 0 && msg.msg_controllen > 0) {
        msg.msg_controllen -= kind >> 5; /* cut, as MSG_CTRUNC does */
    }
    /* A block of exactly that length: what is read beyond is seen. */
    msg.msg_control = malloc(msg.msg_controllen > 0 ? msg.msg_controllen : 1);
    if (msg.msg_control == NULL) {
        abort();
    }
    memcpy(msg.msg_control, control, msg.msg_controllen);
    hops_net_cmsg_read(&msg, &message->cmsgs);
    free(msg.msg_control);
    check(&message->cmsgs);
    message->peer = (kind & 32) != 0 ? fuzz_addr(family, rd_u8(&in)) : config.target;
    message->len = rd_left(&in) < sizeof(message->octets) ? rd_left(&in) : sizeof(message->octets);
    rd_copy(&in, message->octets, message->len);
    decode(message, &config);
    free(message);
    return 0;
}
