/* SPDX-License-Identifier: MIT */
#include "cli_case.h"

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void cli_case_directory(char out[64]) {
    strcpy(out, "/tmp/hops-cli-XXXXXX");
    assert_non_null(mkdtemp(out));
}

void cli_case_remove(const char *directory) {
    DIR *dir = opendir(directory);
    char path[512];

    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            snprintf(path, sizeof(path), "%s/%s", directory, e->d_name);
            assert_int_equal(remove(path), 0);
        }
    }
    closedir(dir);
    assert_int_equal(rmdir(directory), 0);
}

void cli_case_write(const char *directory, const char *name, const void *data, size_t len) {
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static int split(char *text, const char *at, char **out, int max) {
    int n = 0;

    for (char *rest = NULL, *word = strtok_r(text, at, &rest); word != NULL;
         word = strtok_r(NULL, at, &rest)) {
        assert_true(n + 1 < max);
        out[n++] = strcmp(word, "''") == 0 ? word + 2 : word;
    }
    out[n] = NULL;
    return n;
}

void cli_case_run(const struct cli_case *c, struct cli_run *out) {
    char directory[64];

    memset(out, 0, sizeof(*out));
    cli_case_directory(directory);
    if (c->file != NULL) {
        cli_case_write(directory, "hops.toml", c->file, strlen(c->file));
    }
    int len = snprintf(out->words, sizeof(out->words), "hops %s", c->args);
    assert_true(len > 0 && (size_t)len < sizeof(out->words));
    snprintf(out->variables, sizeof(out->variables), "%s", c->env == NULL ? "" : c->env);
    int argc = split(out->words, " ", out->argv, 64);
    split(out->variables, "|", out->envp, 16);
    const struct cli_inputs in = {.argc = argc,
                                  .argv = out->argv,
                                  .envp = out->envp,
                                  .version = "1.2.3",
                                  .stdout_is_terminal = !c->no_terminal,
                                  .width = c->width,
                                  .pid = c->pid,
                                  .raw_available = !c->no_raw,
                                  .directory = directory,
                                  .home = directory};
    out->outcome = cli_parse(&in, &out->settings, &out->message);
    cli_case_remove(directory);
}

void cli_case_done(struct cli_run *run) {
    cli_settings_done(&run->settings);
    cli_message_done(&run->message);
}

int cli_case_status(const struct cli_run *run) {
    if (run->outcome == CLI_RUN) {
        return 0;
    }
    return run->message.status == 0 ? 100 : run->message.status;
}
