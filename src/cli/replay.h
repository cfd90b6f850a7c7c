/* SPDX-License-Identifier: MIT
 *
 * Shows a recording in any mode (--replay). Nothing is looked up and no socket is opened.
 */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include "cli/log.h"
#include "cli/recorder.h"
#include "cli/settings.h"

/* Returns the exit status, as cli_session() does. The good part of a damaged recording is shown,
 * with a warning on stderr. */
int cli_replay(const struct cli_settings *settings, struct cli_recorder *recorder,
               struct cli_log *log);

#endif
