/* SPDX-License-Identifier: MIT
 *
 * What is logged: levels, the parts of the program a line can come from, and --log-filter, which
 * gives each part a level.
 */
#ifndef CLI_LOG_FILTER_H
#define CLI_LOG_FILTER_H

#include <stddef.h>

enum cli_log_level {
    CLI_LOG_OFF,
    CLI_LOG_ERROR,
    CLI_LOG_WARN,
    CLI_LOG_INFO,
    CLI_LOG_DEBUG,
    CLI_LOG_TRACE
};

enum cli_log_target {
    CLI_LOG_CLI,    /* hops::cli: start, settings, privileges, end */
    CLI_LOG_NET,    /* hops::net: sockets, packets that were refused */
    CLI_LOG_TRACER, /* hops::tracer: probes, replies, rounds, paths */
    CLI_LOG_LOOKUP, /* hops::lookup: names */
    CLI_LOG_TARGETS
};

const char *cli_log_level_name(enum cli_log_level level);    /* "DEBUG" */
const char *cli_log_target_name(enum cli_log_target target); /* "hops::cli" */

/* Reads directives "level", "target" and "target=level", separated by commas. A target is a prefix
 * of a name above; the longest that fits decides, of equally long ones the last. "target" alone
 * stands for its finest level. Names that begin with "trippy" are read as "hops", as files of users
 * of that program have them. Without any directive: errors only; with some, what none of them
 * names is off. A directive that is none of these is told to refused (borrowed text) and passed
 * over. */
void cli_log_filter_parse(const char *filter, enum cli_log_level levels[CLI_LOG_TARGETS],
                          void (*refused)(void *user, const char *directive), void *user);

#endif
