/* SPDX-License-Identifier: MIT
 *
 * Two clocks. Everything in the library is CLOCK_MONOTONIC; the kernel stamps packets with
 * CLOCK_REALTIME, which may be set at any time. Stamps are mapped with the difference of the two
 * clocks at the moment of reading, and a stamp that a step of the clock may have spoilt is not
 * believed.
 */
#ifndef NET_CLOCK_H
#define NET_CLOCK_H

#include <hops/net.h>

struct hops_net_clock {
    hops_ns (*monotonic)(void *user);
    hops_ns (*realtime)(void *user);
    void *user;
    hops_ns offset;     /* realtime - monotonic */
    hops_ns read_at;    /* end of the last sample */
    hops_ns stepped_at; /* the last sample that saw the difference jump; HOPS_NEVER if none did */
    bool sampled;
};

/* With the system's clocks. Replace the two functions before the first sample to test. */
void hops_net_clock_init(struct hops_net_clock *clock);

/* Compares the clocks. Once per call that receives, after it returned. */
void hops_net_clock_sample(struct hops_net_clock *clock);

/* The monotonic time of a stamp (0: none) of a packet that was read just before the last sample.
 * Falls back to the time of that sample, with *coarse set, if there is no stamp, if it lies in the
 * future or before not_before (the time its probe was sent; 0 if that is not known), or if the
 * clock was set since. */
hops_ns hops_net_clock_map(const struct hops_net_clock *clock, hops_ns stamp, hops_ns not_before,
                           bool *coarse);

#endif
