/* SPDX-License-Identifier: MIT
 *
 * Look-ups in the option table.
 */
#include "cli/options.h"

#include "cli/option_table.h"

#include <string.h>

size_t cli_option_count(void) {
    return cli_option_row_count;
}

const struct cli_option *cli_option(size_t index) {
    return &cli_option_rows[index];
}

int cli_option_find(const char *name, size_t len) {
    for (size_t i = 0; i < cli_option_count(); i++) {
        if (strlen(cli_option_rows[i].name) == len &&
            memcmp(cli_option_rows[i].name, name, len) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int cli_option_find_letter(char letter) {
    for (size_t i = 0; i < cli_option_count(); i++) {
        if (letter != '\0' && cli_option_rows[i].letter == letter) {
            return (int)i;
        }
    }
    return -1;
}

bool cli_option_is_switch(const struct cli_option *option) {
    return option->type == CLI_SWITCH || option->type == CLI_SWITCH_FILE;
}

bool cli_option_is_repeatable(const struct cli_option *option) {
    return option->layering == CLI_LAYER_LIST || option->type == CLI_SERVERS;
}

bool cli_option_takes_value(const struct cli_option *option) {
    return !cli_option_is_switch(option);
}

char *cli_option_upper(const char *prefix, const char *name, char out[64]) {
    size_t n = 0;

    for (const char *p = prefix; *p != '\0' && n < 63; p++) {
        out[n++] = *p;
    }
    for (const char *p = name; *p != '\0' && n < 63; p++) {
        char c = *p;

        out[n++] = c == '-' ? '_' : c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    out[n] = '\0';
    return out;
}

void cli_option_add_usage(const struct cli_option *option, struct cli_text *out) {
    char upper[64];

    cli_text_addf(out, "--%s", option->name);
    if (cli_option_takes_value(option)) {
        cli_text_addf(out, " <%s>", cli_option_upper("", option->name, upper));
    } else if (option->type == CLI_SWITCH_FILE) {
        cli_text_add(out, "[=<FILE>]");
    }
}

int cli_choice_find(const struct cli_choice *choices, const char *name) {
    for (int i = 0; choices[i].name != NULL; i++) {
        if (strcmp(choices[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

void cli_choice_add_list(const struct cli_choice *choices, struct cli_text *out) {
    for (size_t i = 0; choices[i].name != NULL; i++) {
        cli_text_addf(out, "%s%s", i == 0 ? "" : ", ", choices[i].name);
    }
}

const char *cli_option_default(const struct cli_option *option) {
    if (cli_option_is_switch(option) || option->layering == CLI_LAYER_LIST) {
        return NULL;
    }
    return option->shown != NULL ? option->shown : option->deflt;
}
