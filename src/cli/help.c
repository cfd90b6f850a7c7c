/* SPDX-License-Identifier: MIT
 *
 * One entry per row: names, description, default, variable, possible values.
 */
#include "cli/help.h"

#include "cli/env.h"
#include "cli/options.h"

enum { INDENT = 10, WIDTH_MAX = 100, WIDTH_MIN = 40 };

static size_t text_width(int terminal) {
    if (terminal <= 0 || terminal > WIDTH_MAX) {
        return WIDTH_MAX;
    }
    return terminal < WIDTH_MIN ? WIDTH_MIN : (size_t)terminal;
}

static void add_paragraph(struct cli_text *out, const char *words, size_t width) {
    cli_text_add_wrapped(out, words, INDENT, 0, width);
    cli_text_add(out, "\n");
}

/* "[default: 1s] [env: HOPS_X=]" */
static void add_facts(const struct cli_inputs *in, const struct cli_option *option,
                      struct cli_text *out) {
    char name[64];
    const char *deflt = cli_option_default(option);
    const char *value = cli_env_get(in->envp, cli_option_upper("HOPS_", option->name, name));

    if (deflt != NULL) {
        cli_text_addf(out, "[default: %s] ", deflt);
    }
    cli_text_addf(out, "[env: %s=", name);
    cli_text_add_clean(out, value == NULL ? "" : value);
    cli_text_add(out, "]");
}

static void add_choices(const struct cli_choice *choices, size_t width, struct cli_text *out) {
    cli_text_pad(out, INDENT);
    cli_text_add(out, "Possible values:\n");
    for (size_t i = 0; choices[i].name != NULL; i++) {
        struct cli_text line = {0};

        cli_text_addf(&line, "- %s: %s", choices[i].name, choices[i].help);
        cli_text_add_wrapped(out, cli_text_str(&line), INDENT + 2, 0, width);
        cli_text_add(out, "\n");
        cli_text_done(&line);
    }
}

static void add_short(const struct cli_inputs *in, const struct cli_option *option, size_t width,
                      struct cli_text *out) {
    struct cli_text words = {0};

    cli_text_addf(&words, "%s ", option->help);
    add_facts(in, option, &words);
    if (option->choices != NULL) {
        cli_text_add(&words, " [possible values: ");
        cli_choice_add_list(option->choices, &words);
        cli_text_add(&words, "]");
    }
    add_paragraph(out, cli_text_str(&words), width);
    cli_text_done(&words);
}

static void add_full(const struct cli_inputs *in, const struct cli_option *option, size_t width,
                     struct cli_text *out) {
    struct cli_text facts = {0};

    add_paragraph(out, option->help, width);
    if (option->more != NULL) {
        cli_text_add(out, "\n");
        add_paragraph(out, option->more, width);
    }
    if (option->choices != NULL) {
        cli_text_add(out, "\n");
        add_choices(option->choices, width, out);
    }
    cli_text_add(out, "\n");
    add_facts(in, option, &facts);
    add_paragraph(out, cli_text_str(&facts), width);
    cli_text_add(out, "\n");
    cli_text_done(&facts);
}

static void add_targets(const struct cli_inputs *in, bool full, size_t width,
                        struct cli_text *out) {
    struct cli_text words = {0};
    const char *value = cli_env_get(in->envp, "HOPS_TARGETS");

    cli_text_add(out, "\nArguments:\n  [TARGETS]...\n");
    cli_text_add(&words, "Names or addresses to trace to.");
    cli_text_add(&words, full ? "\n\n" : " ");
    cli_text_add(&words, "[env: HOPS_TARGETS=");
    cli_text_add_clean(&words, value == NULL ? "" : value);
    cli_text_add(&words, "]");
    add_paragraph(out, cli_text_str(&words), width);
    cli_text_done(&words);
}

static void add_built_in(char letter, const char *name, const char *help, bool full,
                         struct cli_text *out) {
    cli_text_addf(out, "  -%c, --%s\n", letter, name);
    cli_text_pad(out, INDENT);
    cli_text_addf(out, "%s\n%s", help, full && letter == 'h' ? "\n" : "");
}

static const char examples[] = "\nExamples:\n"
                               "  hops example.org\n"
                               "          The live path to a host.\n"
                               "  hops -m pretty -C 5 example.org\n"
                               "          A table, after five rounds.\n"
                               "  hops -m json --tcp -P 443 example.org\n"
                               "          JSON, on the way a browser's packets take.\n"
                               "  hops -m flows --udp -R paris example.org\n"
                               "          All paths, where routers share the load.\n"
                               "  hops --simulate\n"
                               "          A try without a network.\n";

void cli_help(const struct cli_inputs *in, bool full, struct cli_text *out) {
    size_t width = text_width(in->width);

    cli_text_add_wrapped(out, CLI_ABOUT, 0, 0, width);
    cli_text_add(out, "\n\n" CLI_USAGE "\n");
    add_targets(in, full, width, out);
    cli_text_add(out, "\nOptions:\n");
    for (size_t i = 0; i < cli_option_count(); i++) {
        const struct cli_option *option = cli_option(i);

        if (option->letter != '\0') {
            cli_text_addf(out, "  -%c, ", option->letter);
        } else {
            cli_text_pad(out, 6);
        }
        cli_option_add_usage(option, out);
        cli_text_add(out, "\n");
        if (full) {
            add_full(in, option, width, out);
        } else {
            add_short(in, option, width, out);
        }
    }
    add_built_in('h', "help",
                 full ? "Print this help (-h: a shorter one)."
                      : "Print this help (--help: a longer one).",
                 full, out);
    add_built_in('V', "version", "Print the version.", full, out);
    cli_text_add(out, examples);
}
