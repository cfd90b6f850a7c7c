/* SPDX-License-Identifier: MIT
 *
 * The four forms of the log as text.
 */
#ifndef CLI_LOG_FORM_H
#define CLI_LOG_FORM_H

#include "cli/log.h"
#include "cli/text.h"

/* Adds a line in the form of the log, line ends included. */
void cli_log_form_line(const struct cli_log *log, const struct cli_log_line *line,
                       struct cli_text *out);

/* For the form chrome: the beginning of the array, and its end. */
void cli_log_form_open(const struct cli_log *log, struct cli_text *out);
void cli_log_form_close(struct cli_text *out);

/* For the form chrome: a span begins ('B') or ends ('E'). round: of the trace, not the trace. */
void cli_log_form_span(const struct cli_log *log, uint32_t trace, bool round, char phase,
                       int64_t wall, struct cli_text *out);

#endif
