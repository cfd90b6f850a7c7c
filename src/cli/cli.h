/* SPDX-License-Identifier: MIT
 *
 * The way in: from what the process was started with to checked settings, or to a text to print
 * and an exit status. Nothing here prints, reads the clock or looks at the process environment;
 * the only files touched are the configuration file and the time zone database.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/settings.h"

struct cli_inputs {
    int argc;
    char *const *argv; /* argv[0] is the program */
    char *const *envp; /* "NAME=value", NULL-terminated */
    const char *version;
    bool stdout_is_terminal; /* one that can show a screen */
    int width;               /* columns of the terminal, 0: unknown */
    long pid;
    bool raw_available;    /* raw sockets could be opened */
    const char *directory; /* where to look for configuration first; NULL: the current one */
    const char *home;      /* home directory of the password database, if HOME is unset; or NULL */
    const char *zoneinfo;  /* NULL: /usr/share/zoneinfo */
};

/* What to print before exiting. */
struct cli_message {
    char *text; /* ends in a line end */
    bool to_stderr;
    int status; /* 0, 1 or 2 */
};

enum cli_outcome {
    CLI_RUN, /* settings are complete */
    CLI_EXIT /* print the message and exit with its status; settings are empty */
};

/* Both results are overwritten; call cli_settings_done() and cli_message_done() on them. */
enum cli_outcome cli_parse(const struct cli_inputs *in, struct cli_settings *out,
                           struct cli_message *message);

void cli_message_done(struct cli_message *message);

#endif
