/* SPDX-License-Identifier: MIT */
#include "cli/completion.h"
#include "cli/manpage.h"

#include "check.h"
#include "cli_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool exists(const char *program) {
    char command[128];

    snprintf(command, sizeof(command), "command -v %s >/dev/null", program);
    return system(command) == 0;
}

/* Writes text to a file, runs "command FILE tail" and wants silence and success. */
static void check_silent(const char *command, const struct cli_text *text, const char *tail) {
    char directory[64], line[512], output[2048] = {0};

    cli_case_directory(directory);
    cli_case_write(directory, "file", text->data, text->len);
    snprintf(line, sizeof(line), "%s %s/file %s 2>&1", command, directory, tail);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    size_t len = fread(output, 1, sizeof(output) - 1, pipe);
    output[len] = '\0';
    check_int(command, pclose(pipe), 0);
    check_str(command, output, "");
    cli_case_remove(directory);
}

static void manpage_has_no_lint(void **state) {
    struct cli_text page = {0};

    (void)state;
    cli_manpage("1.2.3", &page);
    check_silent("mandoc -Tlint", &page, "");
    cli_text_done(&page);
}

/* A word of the command line is completed by the function itself, as bash would call it. */
static void completion_of_bash_offers_values(void **state) {
    static const struct {
        const char *words, *want;
    } rows[] = {
        {"hops --mode st", "stream"},      {"hops -p ''", "icmp udp tcp"},
        {"hops --protocol = t", "tcp"},    {"hops --protocol =", "icmp udp tcp"},
        {"hops --first-t", "--first-ttl"}, {"hops -f ''", ""},
        {"hops --vers", "--version"},      {"hops --generate e", "elvish"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cli_text script = {0};

        cli_completion(CLI_SHELL_BASH, &script);
        cli_text_addf(&script,
                      "COMP_WORDS=(%s)\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_hops\n"
                      "[ \"${COMPREPLY[*]}\" = '%s' ] || echo \"%s: ${COMPREPLY[*]}\"\n",
                      rows[i].words, rows[i].want, rows[i].words);
        check_silent("bash --norc", &script, "");
        cli_text_done(&script);
    }
}

int main(void) {
    /* cmocka's skip() is "not ok" to whoever reads TAP */
    if (!exists("mandoc") || !exists("bash")) {
        print_message("1..0 # SKIP mandoc and bash are needed\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manpage_has_no_lint),
        cmocka_unit_test(completion_of_bash_offers_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
