/* SPDX-License-Identifier: MIT
 *
 * One run of the program: traces over a link, their events into statistics and into the output of
 * the mode, until all have ended or a signal asks to stop.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/log.h"
#include "cli/naming.h"
#include "cli/recorder.h"
#include "cli/settings.h"
#include "cli/targets.h"
#include "tui/model.h"

#include <hops/err.h>
#include <hops/link.h>

struct cli_session_inputs {
    const struct cli_settings *settings;
    const struct cli_targets *targets;
    struct hops_addr source; /* of --source-address, zone resolved; family NONE: not given */
    struct cli_naming *naming;
    struct cli_recorder *recorder;
    struct cli_log *log;
    const char *version;
    bool simulated; /* reports run in virtual time, at once */
};

/* Traces over the link, which it takes, and writes to stdout. Returns the exit status: 0, 1 with a
 * message on stderr, or 128 + the signal that ended it. */
int cli_session(const struct cli_session_inputs *inputs, struct hops_link *link);

#endif
