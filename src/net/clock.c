/* SPDX-License-Identifier: MIT */
#include "net/clock.h"

#include <time.h>

/* Without a step the difference of the two clocks does not move: NTP slews both alike. */
#define STEP_MIN HOPS_MS

/* A bracket narrower than this was not interrupted: no need for another try. */
#define BRACKET_GOOD  (2 * HOPS_US)
#define BRACKET_TRIES 3

static hops_ns read_clock(clockid_t id) {
    struct timespec ts = {0};

    (void)clock_gettime(id, &ts); /* cannot fail for these two on any Linux we build for */
    return (hops_ns)ts.tv_sec * HOPS_SEC + (hops_ns)ts.tv_nsec;
}

static hops_ns system_monotonic(void *user) {
    (void)user;
    return read_clock(CLOCK_MONOTONIC);
}

static hops_ns system_realtime(void *user) {
    (void)user;
    return read_clock(CLOCK_REALTIME);
}

hops_ns hops_net_now(void) {
    return read_clock(CLOCK_MONOTONIC);
}

void hops_net_clock_init(struct hops_net_clock *clock) {
    *clock = (struct hops_net_clock){
        .monotonic = system_monotonic, .realtime = system_realtime, .stepped_at = HOPS_NEVER};
}

void hops_net_clock_sample(struct hops_net_clock *clock) {
    hops_ns best_width = HOPS_NEVER;
    hops_ns offset = 0;
    hops_ns end = 0;
    hops_ns moved;

    /* We may be pre-empted between two readings: the narrowest bracket is the truest. */
    for (int i = 0; i < BRACKET_TRIES && best_width > BRACKET_GOOD; i++) {
        hops_ns before = clock->monotonic(clock->user);
        hops_ns real = clock->realtime(clock->user);

        end = clock->monotonic(clock->user);
        if (end - before < best_width) {
            best_width = end - before;
            offset = real - (before + (end - before) / 2);
        }
    }
    moved = offset > clock->offset ? offset - clock->offset : clock->offset - offset;
    /* A wide bracket is an uncertain offset: no step is concluded from that. */
    if (clock->sampled && moved > STEP_MIN && moved > best_width) {
        clock->stepped_at = end;
    }
    clock->offset = offset;
    clock->read_at = end;
    clock->sampled = true;
}

hops_ns hops_net_clock_map(const struct hops_net_clock *clock, hops_ns stamp, hops_ns not_before,
                           bool *coarse) {
    hops_ns when = stamp - clock->offset;

    *coarse = true;
    if (stamp <= 0 || when > clock->read_at || when < not_before) {
        return clock->read_at;
    }
    /* Stamped before the clock was set, or so near that nobody can tell. */
    if (clock->stepped_at != HOPS_NEVER && when < clock->stepped_at) {
        return clock->read_at;
    }
    *coarse = false;
    return when;
}
