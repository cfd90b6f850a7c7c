/* SPDX-License-Identifier: MIT */
#include "cli/verbose.h"

#include "cli/log_events.h"
#include "cli/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t wall(void *user) {
    struct timespec now = {0};

    (void)user;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * HOPS_SEC + (int64_t)now.tv_nsec;
}

/* stderr has no buffer: one call, one write. A log that cannot be written is nobody's loss. */
static void put(void *user, const char *text, size_t len) {
    (void)user;
    (void)fwrite(text, 1, len, stderr);
}

static void refused(void *user, const char *directive) {
    (void)user;
    cli_message_note("log-filter: '%s' is passed over: it must be level, target or target=level, "
                     "with a level of off, error, warn, info, debug, trace",
                     directive);
}

/* What the program says is logged whatever the filter: it is said to people, too. */
static void say(void *user, bool error, const char *text) {
    struct cli_log *log = user;
    struct cli_log_line line =
        CLI_LOG_LINE(error ? CLI_LOG_ERROR : CLI_LOG_WARN, CLI_LOG_CLI, text);
    enum cli_log_level level = log->levels[CLI_LOG_CLI];

    log->levels[CLI_LOG_CLI] = CLI_LOG_TRACE;
    cli_log_write(log, &line);
    log->levels[CLI_LOG_CLI] = level;
}

/* https://no-color.org: any value but the empty one. */
static bool wants_color(void) {
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return isatty(STDERR_FILENO) == 1 && (no_color == NULL || no_color[0] == '\0') &&
           (term == NULL || strcmp(term, "dumb") != 0);
}

void cli_verbose_open(struct cli_log *log, const struct cli_settings *settings,
                      bool raw_available) {
    const struct cli_log_config config = {.format = settings->log_format,
                                          .spans = settings->log_span_events,
                                          .filter = settings->log_filter,
                                          .color = wants_color(),
                                          .clock = wall,
                                          .sink = put,
                                          .refused = refused,
                                          .pid = (long)getpid()};

    if (!settings->verbose) {
        return;
    }
    if (config.format == CLI_LOG_JSON || config.format == CLI_LOG_CHROME) {
        cli_message_divert(say, log);
    }
    cli_log_open(log, &config);
    cli_log_settings(log, settings, HOPS_VERSION, raw_available);
}

void cli_verbose_close(struct cli_log *log, int status) {
    if (log->on) {
        cli_log_end(log, status);
    }
    cli_message_divert(NULL, NULL);
    cli_log_done(log);
}
