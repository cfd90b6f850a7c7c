/* SPDX-License-Identifier: MIT
 *
 * What statistics keep of one probe until its round is final: a slot. Slots of a round stand in
 * send order, so in ascending TTL.
 */
#ifndef TRACER_SLOT_H
#define TRACER_SLOT_H

#include <hops/event.h>

#include "tracer/extref.h"

enum slot_status {
    SLOT_AWAITED,  /* sent, not answered (yet) */
    SLOT_COMPLETE, /* answered */
    SLOT_FAILED,   /* did not leave this host */
    SLOT_SKIPPED   /* its port was taken: counts nowhere */
};

struct slot {
    uint32_t id; /* of the probe */
    uint8_t ttl;
    enum slot_status status;
    uint16_t sequence, src_port, dst_port;

    /* FAILED */
    enum hops_call call;
    int os_errno;

    /* COMPLETE */
    hops_ns rtt;
    struct hops_addr responder;
    enum hops_reply_kind kind;
    uint8_t icmp_type, icmp_code;
    bool is_target, has_checksums;
    int16_t tos;
    uint16_t mtu, checksum_expected, checksum_actual;
    struct extref *extensions; /* NULL: none; one reference is the slot's */
};

#endif
