/* SPDX-License-Identifier: MIT
 *
 * One start of the program in a table test: words, variables, a configuration file and the state of
 * the machine, all invented.
 */
#ifndef TESTS_CLI_CASE_H
#define TESTS_CLI_CASE_H

#include "cli/cli.h"

struct cli_case {
    const char *args; /* after the program's name, split at blanks; '' is an empty word */
    const char *env;  /* "A=1|B=2"; NULL: empty */
    const char *file; /* text of hops.toml in the current directory; NULL: none */
    bool no_raw, no_terminal;
    long pid;
    int width;
};

struct cli_run {
    enum cli_outcome outcome;
    struct cli_settings settings;
    struct cli_message message;
    char words[2048], variables[1024];
    char *argv[64], *envp[16];
};

/* Both are required: run, then done. */
void cli_case_run(const struct cli_case *c, struct cli_run *out);
void cli_case_done(struct cli_run *run);

/* 0: settings; else the status of the message. Status 0 with a message is 100. */
int cli_case_status(const struct cli_run *run);

/* A fresh directory below the system's one for temporary files, and its removal with all files
 * right below it. */
void cli_case_directory(char out[64]);
void cli_case_remove(const char *directory);
void cli_case_write(const char *directory, const char *name, const void *data, size_t len);

#endif
