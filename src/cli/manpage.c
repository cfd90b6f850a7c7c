/* SPDX-License-Identifier: MIT
 *
 * mdoc(7): each sentence begins a line, no line is longer than 78 columns, and text of ours never
 * becomes a request by beginning with a point or a quote.
 */
#include "cli/manpage.h"

#include "cli/help.h"
#include "cli/options.h"

#include <string.h>

enum { WIDTH = 78 };

/* Adds one word with what roff would read otherwise replaced. */
static void add_word(struct cli_text *out, const char *word, size_t len) {
    if (len > 0 && (word[0] == '.' || word[0] == '\'')) {
        cli_text_add(out, "\\&");
    }
    for (size_t i = 0; i < len; i++) {
        if (word[i] == '\\') {
            cli_text_add(out, "\\e");
        } else if (word[i] == '-') {
            cli_text_add(out, "\\-");
        } else {
            cli_text_add_bytes(out, word + i, 1);
        }
    }
}

/* Text lines: filled to the width, broken after each sentence. */
static void add_words(struct cli_text *out, const char *words) {
    size_t column = 0;

    while (*words != '\0') {
        size_t len = strcspn(words, " ");
        struct cli_text word = {0};

        add_word(&word, words, len);
        if (column > 0 && column + 1 + word.len > WIDTH) {
            cli_text_add(out, "\n");
            column = 0;
        }
        cli_text_addf(out, "%s%s", column > 0 ? " " : "", cli_text_str(&word));
        column += word.len + (column > 0);
        cli_text_done(&word);
        bool sentence = len > 0 && words[len - 1] == '.' && words[len] == ' ';
        words += len;
        words += strspn(words, " ");
        if (sentence) {
            cli_text_add(out, "\n");
            column = 0;
        }
    }
    if (column > 0) {
        cli_text_add(out, "\n");
    }
}

static void add_choices(const struct cli_choice *choices, struct cli_text *out) {
    cli_text_add(out, ".Pp\nPossible values:\n.Bl -bullet -compact\n");
    for (size_t i = 0; choices[i].name != NULL; i++) {
        cli_text_add(out, ".It\n.Cm ");
        add_word(out, choices[i].name, strlen(choices[i].name));
        cli_text_add(out, " :\n");
        add_words(out, choices[i].help);
    }
    cli_text_add(out, ".El\n");
}

static void add_item(const struct cli_option *option, struct cli_text *out) {
    char upper[64];

    cli_text_add(out, ".It ");
    if (option->letter != '\0') {
        cli_text_addf(out, "Fl %c , ", option->letter);
    }
    cli_text_add(out, "Fl \\-");
    add_word(out, option->name, strlen(option->name));
    if (cli_option_takes_value(option)) {
        cli_text_addf(out, " Ar %s", cli_option_upper("", option->name, upper));
    } else if (option->type == CLI_SWITCH_FILE) {
        cli_text_add(out, " Ns Oo = Ns Ar FILE Oc");
    }
    cli_text_add(out, "\n");
}

static void add_option(const struct cli_option *option, struct cli_text *out) {
    char name[64];
    const char *deflt = cli_option_default(option);

    add_item(option, out);
    add_words(out, option->help);
    if (option->more != NULL) {
        add_words(out, option->more);
    }
    if (option->choices != NULL) {
        add_choices(option->choices, out);
    }
    cli_text_add(out, ".Pp\n");
    if (deflt != NULL) {
        struct cli_text words = {0};

        cli_text_addf(&words, "Default: %s.", deflt);
        add_words(out, cli_text_str(&words));
        cli_text_done(&words);
    }
    cli_text_addf(out, "Environment:\n.Ev %s .\n", cli_option_upper("HOPS_", option->name, name));
}

static void add_options(struct cli_text *out) {
    cli_text_add(out, ".Sh OPTIONS\n"
                      "A variable counts only if its option is not on the command line.\n"
                      "Variables of switches are\n.Cm true\nor\n.Cm false .\n"
                      "Both come before the configuration file, but a switch that the file "
                      "turns on\ncannot be turned off.\n"
                      ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < cli_option_count(); i++) {
        add_option(cli_option(i), out);
    }
    cli_text_add(out, ".It Fl h , Fl \\-help\n"
                      "Print the help: a short one with\n.Fl h .\n"
                      ".It Fl V , Fl \\-version\nPrint the version.\n.El\n");
}

void cli_manpage(const char *version, struct cli_text *out) {
    cli_text_add(out, ".\\\" Made by hops --generate-man.\n"
                      ".Dd November 24, 2026\n.Dt HOPS 1\n.Os\n"
                      ".Sh NAME\n.Nm hops\n.Nd trace the path to hosts, hop by hop\n"
                      ".Sh SYNOPSIS\n.Nm\n.Op Ar OPTIONS\n.Op Ar TARGETS ...\n"
                      ".Sh DESCRIPTION\n.Nm\n");
    add_words(out, "shows the path to a host while it is being measured: who answers, how fast, "
                   "and how much is lost. It is traceroute and ping in one.");
    cli_text_add(out, ".Pp\n");
    add_words(out, "A target is a host name or an address. Options and targets may be mixed; what "
                   "follows two dashes alone is a target. Several targets are traced at once.");
    cli_text_add(out, ".Pp\n");
    add_words(out, "Raw sockets are used where they are allowed (CAP_NET_RAW). Otherwise probes "
                   "are sent from ordinary sockets, and one line on the standard error output "
                   "says what is lost by that.");
    add_options(out);
    cli_text_add(out, ".Sh ENVIRONMENT\n"
                      "Besides the variables of the options:\n.Bl -tag -width Ds\n"
                      ".It Ev HOPS_TARGETS\nOne target, if the command line has none.\n"
                      ".It Ev HOME , XDG_CONFIG_HOME\nWhere configuration is looked for.\n"
                      ".It Ev LANGUAGE , LC_ALL , LC_MESSAGES , LANG\n"
                      "Language of the screen.\n"
                      ".It Ev NO_COLOR , TERM\n"
                      "No colours on the screen and in the log if the first one is set and not\n"
                      "empty; none in the log if the second one is dumb.\n"
                      ".El\n"
                      ".Sh FILES\n.Bl -tag -width Ds\n"
                      ".It Pa hops.toml , .hops.toml\n"
                      "Configuration: see\n.Fl \\-config\\-file\nand\n"
                      ".Fl \\-print\\-config\\-template .\n.El\n"
                      ".Sh EXIT STATUS\n");
    add_words(out, "0 if all went well, 1 if something failed, 2 for a mistake on the command "
                   "line or in the environment, 130 or 143 after SIGINT or SIGTERM in a report.");
    cli_text_add(out, ".Sh EXAMPLES\n"
                      "The live path to a host:\n.Dl hops example.org\n.Pp\n"
                      "A table, after five rounds:\n.Dl hops \\-m pretty \\-C 5 example.org\n.Pp\n"
                      "JSON, on the way a browser\\(aqs packets take:\n"
                      ".Dl hops \\-m json \\-\\-tcp \\-P 443 example.org\n.Pp\n"
                      "All paths, where routers share the load:\n"
                      ".Dl hops \\-m flows \\-\\-udp \\-R paris example.org\n.Pp\n"
                      "A recording, and a report made of it later:\n"
                      ".Dl hops \\-\\-record path.jsonl example.org\n"
                      ".Dl hops \\-\\-replay path.jsonl \\-m markdown\n.Pp\n"
                      "A try without a network:\n.Dl hops \\-\\-simulate\n");
    cli_text_addf(out, ".Sh VERSION\n.Nm\n%s\n", version);
    cli_text_add(out, ".Sh AUTHORS\n.An The authors of hops .\n");
}
