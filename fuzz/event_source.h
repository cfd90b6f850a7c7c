/* SPDX-License-Identifier: MIT
 *
 * Events from the octets of the fuzzer, as a damaged or forged recording may hold them: each within
 * the bounds of its types, but in any order and about probes and rounds that never were.
 */
#ifndef FUZZ_EVENT_SOURCE_H
#define FUZZ_EVENT_SOURCE_H

#include <hops/event.h>

#include "input.h"

struct event_source {
    uint32_t next_id, round; /* of a trace that makes sense, which most events follow */
    hops_ns now;
    uint8_t ttl;
    enum hops_family family;
};

void event_source_next(struct event_source *source, struct rd *in, struct hops_event *out);

#endif
