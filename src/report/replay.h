/* SPDX-License-Identifier: MIT
 *
 * Reading a recording line by line, in bounded memory, as far as it is good. The file is not
 * trusted: what comes out makes sense one by one (configurations are checked, traces exist, lines
 * have a bounded length), though not necessarily together.
 */
#ifndef REPORT_REPLAY_H
#define REPORT_REPLAY_H

#include "report/events.h"

#include <stdio.h>

enum {
    REPORT_REPLAY_START_MAX = 4 * 1024 * 1024, /* octets of the first line */
    REPORT_REPLAY_LINE_MAX = 256 * 1024        /* octets of any other */
};

struct report_replay {
    FILE *in;
    char *line; /* reused */
    size_t room;
    uint64_t number; /* of the line last read, from 1 */
    uint64_t octet;  /* where it begins in the file, from 0 */
    uint64_t next;   /* where the next one begins */
    uint32_t traces;
    uint32_t running; /* traces whose end was not seen */
    uint8_t *ended;   /* by trace */
};

enum report_replay_result {
    REPORT_REPLAY_LINE,   /* out is an event or a name; free it with report_events_line_done() */
    REPORT_REPLAY_DONE,   /* the end of the file, and all traces had ended */
    REPORT_REPLAY_CUT,    /* the end of the file, before the end of a trace; diag says where */
    REPORT_REPLAY_DAMAGED /* what comes next cannot be read; diag says where and why */
};

/* done does not close the FILE. */
void report_replay_init(struct report_replay *replay, FILE *in);
void report_replay_done(struct report_replay *replay);

/* The first line, which must be a start this version understands; HOPS_ERR_FORMAT, HOPS_ERR_SYSTEM
 * (reading failed) or HOPS_ERR_NOMEM. Free an accepted line with report_events_line_done(). */
enum hops_err report_replay_start(struct report_replay *replay, struct report_events_line *out,
                                  struct hops_diag *diag) HOPS_MUST_USE;

/* The next event or name after that; kinds this version does not know are passed over. After any
 * other result than REPORT_REPLAY_LINE nothing follows. */
enum report_replay_result report_replay_next(struct report_replay *replay,
                                             struct report_events_line *out,
                                             struct hops_diag *diag);

#endif
