/* SPDX-License-Identifier: MIT
 *
 * Tracing over this host's network: targets looked up, the link opened, and what is done without
 * the right to raw sockets.
 */
#ifndef CLI_NETWORK_H
#define CLI_NETWORK_H

#include "cli/log.h"
#include "cli/recorder.h"
#include "cli/settings.h"

#include <hops/net.h>

/* Returns the exit status; messages are on stderr. Takes *raw if the link needs it (then *raw is
 * NULL afterwards). May change settings: UDP instead of ICMP where this user may not ping. */
int cli_network(struct cli_settings *settings, struct hops_net_raw **raw,
                struct cli_recorder *recorder, struct cli_log *log);

#endif
