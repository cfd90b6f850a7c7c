/* SPDX-License-Identifier: MIT
 *
 * The start of the program: words of the command line, then after an empty word variables of the
 * environment, all ended by NUL. Goes through everything from the grammar to the checks of
 * combinations; what comes out is complete settings or a message.
 */
#include "fuzz.h"
#include "text_check.h"

#include <hops/addr.h>
#include <hops/config.h>

#include <string.h>

#include "cli/cli.h"

enum { WORDS_MAX = 32, VARIABLES_MAX = 8 };

struct words {
    char program[5];
    char *argv[WORDS_MAX + 2];
    char *envp[VARIABLES_MAX + 3];
    char *texts[WORDS_MAX + VARIABLES_MAX];
    int argc;
    size_t variables, count;
};

/* No configuration of this machine may be found, nor may one be named. */
static bool names_a_file(const char *word) {
    return strstr(word, "onfig-file") != NULL || strstr(word, "CONFIG_FILE") != NULL ||
           (word[0] == '-' && word[1] != '-' && strchr(word, 'c') != NULL);
}

static void split(struct words *w, const uint8_t *data, size_t size) {
    bool environment = false;

    w->argv[w->argc++] = w->program;
    while (size > 0 && w->count < WORDS_MAX + VARIABLES_MAX) {
        char *word = fuzz_string(data, size);
        size_t used = strlen(word) + 1;
        w->texts[w->count++] = word;
        data += used < size ? used : size;
        size -= used < size ? used : size;
        if (word[0] == '\0') {
            environment = true;
        } else if (names_a_file(word)) {
            continue;
        } else if (environment && w->variables < VARIABLES_MAX) {
            w->envp[w->variables++] = word;
        } else if (!environment && w->argc <= WORDS_MAX) {
            w->argv[w->argc++] = word;
        }
    }
}

static void check_settings(const struct cli_settings *settings) {
    struct hops_config config;
    struct hops_diag diag;

    FUZZ_CHECK(settings->target_count > 0 || settings->simulate || settings->replay != NULL);
    cli_settings_to_config(settings, &config);
    config.source = (struct hops_addr){0}; /* the target's family is not known yet */
    config.target = hops_addr_ipv4((const uint8_t[4]){192, 0, 2, 1});
    FUZZ_CHECK(hops_config_check(&config, &diag) == HOPS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char home[] = "HOME=/nonexistent";
    static char xdg[] = "XDG_CONFIG_HOME=/nonexistent";
    struct words w = {.program = "hops"};
    struct cli_settings settings = {0};
    struct cli_message message = {0};

    if (size == 0) {
        return 0;
    }
    split(&w, data + 1, size - 1);
    w.envp[w.variables] = home;
    w.envp[w.variables + 1] = xdg;
    const struct cli_inputs in = {.argc = w.argc,
                                  .argv = w.argv,
                                  .envp = w.envp,
                                  .version = "1.0.0",
                                  .stdout_is_terminal = (data[0] & 1) != 0,
                                  .raw_available = (data[0] & 2) != 0,
                                  .width = data[0] & 0xf0,
                                  .pid = 4242,
                                  .directory = "/nonexistent",
                                  .zoneinfo = "/nonexistent"};
    if (cli_parse(&in, &settings, &message) == CLI_RUN) {
        check_settings(&settings);
    } else {
        FUZZ_CHECK(message.text != NULL && message.status >= 0 && message.status <= 2);
        FUZZ_CHECK(message.text[0] != '\0' && message.text[strlen(message.text) - 1] == '\n');
        FUZZ_CHECK(strchr(message.text, '\x1b') == NULL);
    }
    cli_message_done(&message);
    cli_settings_done(&settings);
    for (size_t i = 0; i < w.count; i++) {
        free(w.texts[i]);
    }
    return 0;
}
