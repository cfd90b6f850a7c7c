/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

#include "cli/completion.h"
#include "cli/manpage.h"
#include "cli/options.h"

#include "check.h"
#include "cli_case.h"

#include <string.h>

static size_t columns_of(const char *line, size_t len) {
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        n += ((unsigned char)line[i] & 0xc0) != 0x80;
    }
    return n;
}

static bool has(const char *text, const char *part) {
    return strstr(text, part) != NULL;
}

static void check_help_entry(const char *text, const struct cli_option *o, bool full) {
    struct cli_text usage = {0};
    char name[64];

    if (o->letter != '\0') {
        cli_text_addf(&usage, "\n  -%c, ", o->letter);
    } else {
        cli_text_add(&usage, "\n      ");
    }
    cli_option_add_usage(o, &usage);
    cli_text_add(&usage, "\n");
    check_int(o->name, has(text, cli_text_str(&usage)), true);
    check_int(o->name, has(text, cli_option_upper("HOPS_", o->name, name)), true);
    cli_text_done(&usage);
    for (size_t i = 0; full && o->choices != NULL && o->choices[i].name != NULL; i++) {
        struct cli_text choice = {0};

        cli_text_addf(&choice, "\n            - %s: ", o->choices[i].name);
        check_int(o->choices[i].name, has(text, cli_text_str(&choice)), true);
        cli_text_done(&choice);
    }
}

static void help_has_every_option(void **state) {
    static const char *const calls[] = {"-h", "--help"};

    (void)state;
    for (size_t k = 0; k < 2; k++) {
        const struct cli_case c = {.args = calls[k], .width = 100};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(calls[k], cli_case_status(&run), 100);
        check_int(calls[k], run.message.to_stderr, false);
        for (size_t i = 0; i < cli_option_count(); i++) {
            check_help_entry(run.message.text, cli_option(i), k == 1);
        }
        check_int(calls[k], has(run.message.text, "  -h, --help\n"), true);
        check_int(calls[k], has(run.message.text, "  -V, --version\n"), true);
        check_int(calls[k], has(run.message.text, "[default: 33434]"), true);
        check_int(calls[k], has(run.message.text, "[possible values: icmp, udp,"), k == 0);
        cli_case_done(&run);
    }
}

static void help_fits_the_terminal_and_a_hundred_columns(void **state) {
    static const struct {
        int terminal;
        size_t most;
    } widths[] = {{0, 100}, {200, 100}, {100, 100}, {72, 72}, {60, 60}, {5, 60}};

    (void)state;
    for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
        const struct cli_case c = {.args = "--help", .width = widths[i].terminal};
        struct cli_run run;

        cli_case_run(&c, &run);
        for (const char *p = run.message.text; *p != '\0';) {
            size_t len = strcspn(p, "\n");
            bool names = strncmp(p, "  -", 3) == 0 || strncmp(p, "      --", 8) == 0;

            if (!names && columns_of(p, len) > widths[i].most) {
                char line[512] = {0};

                memcpy(line, p, len < sizeof(line) - 1 ? len : sizeof(line) - 1);
                check_str("too long", line, "");
            }
            check_int("trailing blank", len > 0 && p[len - 1] == ' ', false);
            p += p[len] == '\n' ? len + 1 : len;
        }
        cli_case_done(&run);
    }
}

static void help_shows_variables_cleaned(void **state) {
    const struct cli_case c = {.args = "-h", .env = "HOPS_LOG_FILTER=a\033[31mb|HOPS_TARGETS=t"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int("filter", has(run.message.text, "HOPS_LOG_FILTER=a\\x1b[31mb]"), true);
    check_int("targets", has(run.message.text, "[env: HOPS_TARGETS=t]"), true);
    cli_case_done(&run);
}

static void help_options_are_distinct_and_described(void **state) {
    (void)state;
    for (size_t i = 0; i < cli_option_count(); i++) {
        const struct cli_option *o = cli_option(i);

        check_int(o->name, cli_option_find(o->name, strlen(o->name)), i);
        check_int(o->name, o->letter == '\0' || cli_option_find_letter(o->letter) == (int)i, true);
        check_int(o->name, o->letter == 'h' || o->letter == 'V', false);
        check_int(o->name, o->help != NULL && o->help[strlen(o->help) - 1] == '.', true);
        check_int(o->name, (o->type == CLI_CHOICE) == (o->choices != NULL), true);
        check_int(o->name,
                  o->table == NULL || o->deflt != NULL || o->sample != NULL ||
                      o->layering == CLI_LAYER_LIST,
                  true);
    }
}

static void help_short_letters_are_all_there(void **state) {
    static const char letters[] = "46ACFGIMPQRSTUaceFgimprstuvyz";

    (void)state;
    for (size_t i = 0; letters[i] != '\0'; i++) {
        char name[2] = {letters[i], '\0'};

        check_int(name, cli_option_find_letter(letters[i]) >= 0, true);
    }
}

static void completions_have_every_option_and_value(void **state) {
    (void)state;
    for (int shell = CLI_SHELL_BASH; shell <= CLI_SHELL_ZSH; shell++) {
        struct cli_text text = {0};

        cli_completion((enum cli_shell)shell, &text);
        for (size_t i = 0; i < cli_option_count(); i++) {
            const struct cli_option *o = cli_option(i);

            check_int(o->name, has(text.data, o->name), true);
            for (size_t k = 0; o->choices != NULL && o->choices[k].name != NULL; k++) {
                check_int(o->choices[k].name, has(text.data, o->choices[k].name), true);
            }
        }
        check_int("end", text.data[text.len - 1], '\n');
        cli_text_done(&text);
    }
}

static void completions_offer_files_and_letters(void **state) {
    static const struct {
        enum cli_shell shell;
        const char *file, *letter, *values;
    } rows[] = {
        {CLI_SHELL_BASH, "-c|--config-file)\n            mapfile -t COMPREPLY < <(compgen -f",
         " -f --first-ttl ",
         "-p|--protocol)\n            mapfile -t COMPREPLY < <(compgen -W "
         "'icmp udp tcp'"},
        {CLI_SHELL_ZSH,
         "{-G+,--geoip-mmdb-file=}'[Database of places, in MaxMind'\\''s format.]"
         ":file:_files'",
         "{-f+,--first-ttl=}", ":protocol:(icmp udp tcp)'"},
        {CLI_SHELL_FISH, "-s c -l config-file -r -F", "-s f -l first-ttl",
         "-s p -l protocol -x -a 'icmp udp tcp'"},
        {CLI_SHELL_ELVISH,
         "&long='config-file' &desc='Read this configuration file.' "
         "&arg-required=$true &completer={|word| edit:complete-filename $word }",
         "&short='f' &long='first-ttl'", "put 'icmp' 'udp' 'tcp' "},
        {CLI_SHELL_POWERSHELL, "@('-c', '--config-file') } { return }", "'-f', '--first-ttl',",
         "@('-p', '--protocol') } { $values = @('icmp', 'udp', 'tcp')"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cli_text text = {0};

        cli_completion(rows[i].shell, &text);
        check_int(rows[i].file, has(text.data, rows[i].file), true);
        check_int(rows[i].letter, has(text.data, rows[i].letter), true);
        check_int(rows[i].values, has(text.data, rows[i].values), true);
        cli_text_done(&text);
    }
}

/* The manual page writes dashes as \-. */
static void add_roff(struct cli_text *out, const char *name) {
    for (; *name != '\0'; name++) {
        cli_text_add(out, *name == '-' ? "\\-" : "");
        cli_text_add_bytes(out, name, *name == '-' ? 0 : 1);
    }
}

static void manpage_has_every_option_and_section(void **state) {
    static const char *const sections[] = {"NAME",    "SYNOPSIS", "DESCRIPTION",
                                           "OPTIONS", "VERSION",  "AUTHORS"};
    struct cli_text page = {0};

    (void)state;
    cli_manpage("1.2.3", &page);
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        struct cli_text head = {0};

        cli_text_addf(&head, "\n.Sh %s\n", sections[i]);
        check_int(sections[i], has(page.data, cli_text_str(&head)), true);
        cli_text_done(&head);
    }
    for (size_t i = 0; i < cli_option_count(); i++) {
        const struct cli_option *o = cli_option(i);
        struct cli_text item = {0};
        char upper[64];

        cli_text_add(&item, "Fl \\-");
        add_roff(&item, o->name);
        cli_text_add(&item, cli_option_takes_value(o) ? " Ar " : "");
        cli_text_add(&item, cli_option_takes_value(o) ? cli_option_upper("", o->name, upper) : "");
        check_int(o->name, has(page.data, cli_text_str(&item)), true);
        check_int(o->name, has(page.data, cli_option_upper(".Ev HOPS_", o->name, upper)), true);
        cli_text_done(&item);
    }
    check_int("version", has(page.data, "1.2.3"), true);
    cli_text_done(&page);
}

static void actions_print_and_end_in_a_fixed_order(void **state) {
    static const struct {
        const char *args, *begins;
    } rows[] = {
        {"--print-locales", "TUI locales: de, en, es, fr, it, ja, pt, ru, sv, tr, zh, zh-TW\n"},
        {"--print-tui-theme-items", "TUI theme color items: bg-color, border-color, text-color, "},
        {"--print-tui-binding-commands", "TUI binding commands: toggle-help, toggle-help-alt, "},
        {"--print-config-template", "# Configuration of hops."},
        {"--generate-man", ".\\\" Made by hops"},
        {"--generate zsh", "#compdef hops\n"},
        {"--print-locales --generate-man", ".\\\" Made by"},
        {"--generate-man --generate fish", "# fish completion"},
        {"--generate fish --print-config-template", "# Configuration"},
        {"--print-config-template --print-tui-binding-commands", "TUI binding"},
        {"--print-tui-binding-commands --print-tui-theme-items", "TUI theme"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct cli_case c = {.args = rows[i].args, .no_raw = true};
        struct cli_run run;

        cli_case_run(&c, &run);
        check_int(rows[i].args, cli_case_status(&run), 100);
        check_int(rows[i].args, run.message.to_stderr, false);
        if (strncmp(run.message.text, rows[i].begins, strlen(rows[i].begins)) != 0) {
            check_str(rows[i].args, run.message.text, rows[i].begins);
        }
        cli_case_done(&run);
    }
}

static void actions_list_the_retired_command_in_its_place(void **state) {
    const struct cli_case c = {.args = "--print-tui-binding-commands"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    check_int("place", has(run.message.text, "toggle-flows, toggle-privacy, expand-privacy, "),
              true);
    check_int("end", has(run.message.text, ", quit, quit-preserve-screen\n"), true);
    cli_case_done(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_has_every_option),
        cmocka_unit_test(help_fits_the_terminal_and_a_hundred_columns),
        cmocka_unit_test(help_shows_variables_cleaned),
        cmocka_unit_test(help_options_are_distinct_and_described),
        cmocka_unit_test(help_short_letters_are_all_there),
        cmocka_unit_test(completions_have_every_option_and_value),
        cmocka_unit_test(completions_offer_files_and_letters),
        cmocka_unit_test(manpage_has_every_option_and_section),
        cmocka_unit_test(actions_print_and_end_in_a_fixed_order),
        cmocka_unit_test(actions_list_the_retired_command_in_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
