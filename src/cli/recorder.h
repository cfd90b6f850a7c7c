/* SPDX-License-Identifier: MIT
 *
 * The recording beside a mode's output (--record): the lines that `-m events` prints, in a file. A
 * recording that cannot be written is told once, at the end if a screen is in the way; the trace
 * goes on.
 */
#ifndef CLI_RECORDER_H
#define CLI_RECORDER_H

#include "report/events.h"

struct cli_recorder {
    const char *path; /* NULL: nothing is recorded, and all functions do nothing */
    FILE *file;       /* NULL: not open, or no more */
    struct report_events_writer writer;
    int failure; /* errno; 0: none so far */
    bool late;   /* a failure is told when the recorder is closed */
};

/* Opens the file, with mode 0600 if it is new. One that holds anything already is refused: a
 * recording cannot be made a second time. path may be NULL. HOPS_ERR_SYSTEM. */
enum hops_err cli_recorder_open(struct cli_recorder *recorder, const char *path, bool late,
                                struct hops_diag *diag) HOPS_MUST_USE;

void cli_recorder_start(struct cli_recorder *recorder, const struct report_events_start *start);
void cli_recorder_event(struct cli_recorder *recorder, const struct hops_event *event);
void cli_recorder_name(struct cli_recorder *recorder, const struct report_events_name *name);
void cli_recorder_idle(struct cli_recorder *recorder); /* nothing more for the moment */

/* Closes it. False: something could not be written, which was told on stderr. */
bool cli_recorder_close(struct cli_recorder *recorder);

#endif
