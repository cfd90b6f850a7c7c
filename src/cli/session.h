/* SPDX-License-Identifier: MIT
 *
 * One run of the program: traces over a link, their events into statistics and into the output of
 * the mode, until all have ended or a signal asks to stop.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/recorder.h"
#include "cli/settings.h"
#include "cli/targets.h"

#include <hops/err.h>
#include <hops/link.h>
#include <hops/names.h>

/* Where a session learns names: it tells every responder, and takes what has become known. */
struct cli_name_feed {
    void (*seen)(void *user, const struct hops_addr *addr);
    /* False: nothing more for the moment. The texts are borrowed until the next call, the time is
     * the session's. */
    bool (*next)(void *user, struct report_events_name *out);
    void *user;
};

struct cli_session_inputs {
    const struct cli_settings *settings;
    const struct cli_targets *targets;
    struct hops_addr source;        /* of --source-address, zone resolved; family NONE: not given */
    const struct hops_names *names; /* NULL: addresses stand for names */
    const struct cli_name_feed *feed; /* NULL: no names become events */
    struct cli_recorder *recorder;
    const char *version;
    bool simulated; /* reports run in virtual time, at once */
};

/* Traces over the link, which it takes, and writes to stdout. Returns the exit status: 0, 1 with a
 * message on stderr, or 128 + the signal that ended it. */
int cli_session(const struct cli_session_inputs *inputs, struct hops_link *link);

#endif
