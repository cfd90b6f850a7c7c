/* SPDX-License-Identifier: MIT
 *
 * Batteries included: traces, one link and a clock in one loop. The caller pulls events; nothing
 * calls back. One thread.
 *
 *     while (!hops_run_done(run)) {
 *         while (hops_run_next_event(run, &event)) { use it }
 *         hops_run_wait(run, my_descriptors, n, my_deadline);
 *     }
 */
#ifndef HOPS_RUN_H
#define HOPS_RUN_H

#include <hops/config.h>
#include <hops/err.h>
#include <hops/event.h>
#include <hops/link.h>
#include <hops/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pollfd;
struct hops_run;

enum hops_clock {
    HOPS_CLOCK_REAL,   /* CLOCK_MONOTONIC, from 0 on for links without fd; waiting sleeps */
    HOPS_CLOCK_VIRTUAL /* starts at 0; waiting jumps to the next deadline. For links without fd */
};

/* Creates an empty run over a link, which it takes: hops_run_free() closes it (also on failure of
 * this call the link stays the caller's). mem may be NULL. */
HOPS_API enum hops_err hops_run_new(struct hops_link *link, enum hops_clock clock,
                                    const struct hops_mem *mem,
                                    struct hops_run **out) HOPS_MUST_USE;
HOPS_API void hops_run_free(struct hops_run *run); /* NULL is fine */

/* Adds a trace, which begins at once, and gives its number (from 0, in order). The configuration is
 * copied; hops_run_config() shows it with what the link filled in. HOPS_ERR_CLASH if its replies
 * could not be told from those of a trace already there. */
HOPS_API enum hops_err hops_run_add(struct hops_run *run, const struct hops_config *config,
                                    uint32_t *out_trace, struct hops_diag *diag) HOPS_MUST_USE;
HOPS_API size_t hops_run_count(const struct hops_run *run);
HOPS_API const struct hops_config *hops_run_config(const struct hops_run *run, uint32_t trace);

/* Does what is due (receive first, then send) until there is an event to hand out, and hands it
 * out. False: nothing is due before hops_run_deadline(). */
HOPS_API bool hops_run_next_event(struct hops_run *run, struct hops_event *out);

/* Waits for the network, for the next deadline, for one of the caller's descriptors (revents are
 * set as poll does), or until the given time, whichever is first. fds may be NULL. Interrupted by a
 * signal it returns early, and at once when every trace has ended and there is nothing else to wait
 * for. HOPS_ERR_INVALID: too many descriptors (31 at most), or a virtual clock
 * with nothing to wait for. */
HOPS_API enum hops_err hops_run_wait(struct hops_run *run, struct pollfd *fds, size_t count,
                                     hops_ns until);
HOPS_API hops_ns hops_run_deadline(const struct hops_run *run);
HOPS_API hops_ns hops_run_now(const struct hops_run *run);

/* Ends all traces: the rounds in progress are published as they are, then END for each. */
HOPS_API void hops_run_stop(struct hops_run *run);
HOPS_API void hops_run_pause(struct hops_run *run, bool paused);
HOPS_API bool hops_run_done(const struct hops_run *run); /* every trace has ended */

struct hops_run_counters {
    struct hops_link_counters link;
    uint64_t accepted;   /* replies that answered a probe */
    uint64_t late;       /* of these: after their round */
    uint64_t foreign;    /* replies no trace claims */
    uint64_t unexpected; /* a trace's, but for a probe not sent or given up */
    uint64_t duplicates; /* a second answer to one probe */
};
HOPS_API void hops_run_counters(const struct hops_run *run, struct hops_run_counters *out);

#ifdef __cplusplus
}
#endif

#endif
