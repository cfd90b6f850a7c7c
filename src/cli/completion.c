/* SPDX-License-Identifier: MIT
 *
 * One writer per shell. Values of options are offered where the row has a set of them, file names
 * where its type is a path, and nothing where neither is known.
 */
#include "cli/completion.h"

#include "base/unreachable.h"
#include "cli/options.h"

#include <string.h>

/* -h and -V are no rows of the table. */
static const struct cli_option extra[] = {
    {.name = "help", .letter = 'h', .type = CLI_SWITCH, .help = "Print the help."},
    {.name = "version", .letter = 'V', .type = CLI_SWITCH, .help = "Print the version."},
};

static size_t entry_count(void) {
    return cli_option_count() + 2;
}

static const struct cli_option *entry(size_t i) {
    return i < cli_option_count() ? cli_option(i) : &extra[i - cli_option_count()];
}

/* Adds text with each octet of special preceded or replaced as the shell wants it. */
static void add_escaped(struct cli_text *out, const char *text, const char *special,
                        const char *prefix, const char *quote) {
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            cli_text_add(out, quote);
            continue;
        }
        if (strchr(special, *text) != NULL) {
            cli_text_add(out, prefix);
        }
        cli_text_add_bytes(out, text, 1);
    }
}

static void add_values(struct cli_text *out, const struct cli_choice *choices, const char *between,
                       const char *quote) {
    for (size_t i = 0; choices[i].name != NULL; i++) {
        cli_text_addf(out, "%s%s%s%s", i == 0 ? "" : between, quote, choices[i].name, quote);
    }
}

static void bash_case(const struct cli_option *o, struct cli_text *out) {
    cli_text_add(out, "        ");
    if (o->letter != '\0') {
        cli_text_addf(out, "-%c|", o->letter);
    }
    cli_text_addf(out, "--%s)\n            ", o->name);
    if (o->choices != NULL) {
        cli_text_add(out, "mapfile -t COMPREPLY < <(compgen -W '");
        add_values(out, o->choices, " ", "");
        cli_text_add(out, "' -- \"$cur\")\n            return\n");
    } else if (o->type == CLI_PATH) {
        cli_text_add(out, "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
                          "            compopt -o filenames 2>/dev/null\n            return\n");
    } else if (o->type == CLI_SWITCH_FILE) {
        cli_text_add(out, "if [ -n \"$joined\" ]; then\n"
                          "                mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
                          "                compopt -o filenames 2>/dev/null\n"
                          "                return\n            fi\n");
    } else {
        cli_text_add(out, "return\n");
    }
    cli_text_add(out, "            ;;\n");
}

static void bash(struct cli_text *out) {
    cli_text_add(out, "# bash completion for hops\n"
                      "_hops() {\n"
                      "    local cur=\"${COMP_WORDS[COMP_CWORD]}\"\n"
                      "    local prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
                      "    local joined=''\n"
                      "    COMPREPLY=()\n"
                      "    # bash takes the = of --name=value for a word of its own\n"
                      "    if [ \"$cur\" = '=' ]; then\n"
                      "        cur=''\n"
                      "        joined=1\n"
                      "    elif [ \"$prev\" = '=' ]; then\n"
                      "        prev=\"${COMP_WORDS[COMP_CWORD-2]}\"\n"
                      "        joined=1\n"
                      "    fi\n"
                      "    case \"$prev\" in\n");
    for (size_t i = 0; i < entry_count(); i++) {
        if (cli_option_takes_value(entry(i)) || entry(i)->type == CLI_SWITCH_FILE) {
            bash_case(entry(i), out);
        }
    }
    cli_text_add(out, "    esac\n"
                      "    case \"$cur\" in\n"
                      "        -*)\n"
                      "            mapfile -t COMPREPLY < <(compgen -W '");
    for (size_t i = 0; i < entry_count(); i++) {
        if (entry(i)->letter != '\0') {
            cli_text_addf(out, "-%c ", entry(i)->letter);
        }
        cli_text_addf(out, "--%s%s", entry(i)->name, i + 1 == entry_count() ? "" : " ");
    }
    cli_text_add(out, "' -- \"$cur\")\n"
                      "            ;;\n"
                      "        *)\n"
                      "            mapfile -t COMPREPLY < <(compgen -A hostname -- \"$cur\")\n"
                      "            ;;\n"
                      "    esac\n"
                      "}\n"
                      "complete -F _hops hops\n");
}

static void zsh_value(const struct cli_option *o, struct cli_text *out) {
    if (o->type == CLI_SWITCH_FILE) {
        cli_text_add(out, "::file:_files");
    } else if (o->type == CLI_PATH) {
        cli_text_add(out, ":file:_files");
    } else if (o->choices != NULL) {
        cli_text_addf(out, ":%s:(", o->name);
        add_values(out, o->choices, " ", "");
        cli_text_add(out, ")");
    } else if (cli_option_takes_value(o)) {
        cli_text_addf(out, ":%s: ", o->name);
    }
}

static void zsh(struct cli_text *out) {
    cli_text_add(out, "#compdef hops\n\n_arguments -s -S \\\n");
    for (size_t i = 0; i < entry_count(); i++) {
        const struct cli_option *o = entry(i);
        const char *equals = cli_option_takes_value(o) ? "=" : "";
        const char *star = cli_option_is_repeatable(o) ? "*" : "";

        if (o->letter != '\0') {
            cli_text_addf(out, "    '(-%c --%s)'{-%c%s,--%s%s}'[", o->letter, o->name, o->letter,
                          cli_option_takes_value(o) ? "+" : "", o->name, equals);
        } else {
            cli_text_addf(out, "    '%s--%s%s[", star, o->name,
                          o->type == CLI_SWITCH_FILE ? "=-" : equals);
        }
        add_escaped(out, o->help, "[]:\\", "\\", "'\\''");
        cli_text_add(out, "]");
        zsh_value(o, out);
        cli_text_add(out, "' \\\n");
    }
    cli_text_add(out, "    '*:target:_hosts'\n");
}

static void fish(struct cli_text *out) {
    cli_text_add(out, "# fish completion for hops\ncomplete -c hops -f\n");
    for (size_t i = 0; i < entry_count(); i++) {
        const struct cli_option *o = entry(i);

        cli_text_add(out, "complete -c hops");
        if (o->letter != '\0') {
            cli_text_addf(out, " -s %c", o->letter);
        }
        cli_text_addf(out, " -l %s", o->name);
        if (o->type == CLI_PATH) {
            cli_text_add(out, " -r -F");
        } else if (o->choices != NULL) {
            cli_text_add(out, " -x -a '");
            add_values(out, o->choices, " ", "");
            cli_text_add(out, "'");
        } else if (cli_option_takes_value(o)) {
            cli_text_add(out, " -x");
        } else if (o->type == CLI_SWITCH_FILE) {
            cli_text_add(out, " -F");
        }
        cli_text_add(out, " -d '");
        add_escaped(out, o->help, "\\", "\\", "\\'");
        cli_text_add(out, "'\n");
    }
}

static void elvish(struct cli_text *out) {
    cli_text_add(out, "# elvish completion for hops\n"
                      "use str\n"
                      "set edit:completion:arg-completer[hops] = {|@words|\n"
                      "    var options = [\n");
    for (size_t i = 0; i < entry_count(); i++) {
        const struct cli_option *o = entry(i);

        cli_text_add(out, "        [");
        if (o->letter != '\0') {
            cli_text_addf(out, "&short='%c' ", o->letter);
        }
        cli_text_addf(out, "&long='%s' &desc='", o->name);
        add_escaped(out, o->help, "", "", "''");
        cli_text_add(out, "'");
        if (cli_option_takes_value(o)) {
            cli_text_add(out, " &arg-required=$true");
        } else if (o->type == CLI_SWITCH_FILE) {
            cli_text_add(out, " &arg-optional=$true");
        }
        if (o->choices != NULL) {
            cli_text_add(out, " &completer={|_| put ");
            add_values(out, o->choices, " ", "'");
            cli_text_add(out, " }");
        } else if (o->type == CLI_PATH || o->type == CLI_SWITCH_FILE) {
            cli_text_add(out, " &completer={|word| edit:complete-filename $word }");
        }
        cli_text_add(out, "]\n");
    }
    cli_text_add(out,
                 "    ]\n"
                 "    # complete-getopt knows nothing of the values in --name=value\n"
                 "    var last = $words[-1]\n"
                 "    var joined = $false\n"
                 "    for option $options {\n"
                 "        var head = --$option[long]=\n"
                 "        if (and (str:has-prefix $last $head) (has-key $option completer)) {\n"
                 "            set joined = $true\n"
                 "            $option[completer] $last[(count $head)..] | each {|c|\n"
                 "                var stem = (if (eq (kind-of $c) string) { put $c } else { put "
                 "$c[stem] })\n"
                 "                edit:complex-candidate $head$stem\n"
                 "            }\n"
                 "        }\n"
                 "    }\n"
                 "    if (not $joined) {\n"
                 "        edit:complete-getopt $words[1..] $options [{|_| nop } ...]\n"
                 "    }\n"
                 "}\n");
}

static void powershell_case(const struct cli_option *o, struct cli_text *out) {
    cli_text_add(out, "        { $_ -cin @(");
    if (o->letter != '\0') {
        cli_text_addf(out, "'-%c', ", o->letter);
    }
    cli_text_addf(out, "'--%s') } { ", o->name);
    if (o->choices != NULL) {
        cli_text_add(out, "$values = @(");
        add_values(out, o->choices, ", ", "'");
        cli_text_add(out, ") }\n");
    } else {
        cli_text_add(out, "return } # nothing of ours: file names\n");
    }
}

static void powershell(struct cli_text *out) {
    cli_text_add(out, "# PowerShell completion for hops\n"
                      "Register-ArgumentCompleter -Native -CommandName 'hops' -ScriptBlock {\n"
                      "    param($wordToComplete, $commandAst, $cursorPosition)\n"
                      "    $words = @($commandAst.CommandElements | ForEach-Object { \"$_\" })\n"
                      "    $last = $words.Count - 1\n"
                      "    if ($wordToComplete -ne '') { $last = $last - 1 }\n"
                      "    $previous = if ($last -ge 0) { $words[$last] } else { '' }\n"
                      "    $values = @(\n");
    for (size_t i = 0; i < entry_count(); i++) {
        const struct cli_option *o = entry(i);

        cli_text_add(out, "        ");
        if (o->letter != '\0') {
            cli_text_addf(out, "'-%c', ", o->letter);
        }
        cli_text_addf(out, "'--%s'%s\n", o->name, i + 1 == entry_count() ? "" : ",");
    }
    cli_text_add(out, "    )\n    switch ($previous) {\n");
    for (size_t i = 0; i < entry_count(); i++) {
        if (entry(i)->choices != NULL || entry(i)->type == CLI_PATH) {
            powershell_case(entry(i), out);
        }
    }
    cli_text_add(out, "    }\n"
                      "    $values | Where-Object { $_ -clike \"$wordToComplete*\" } | "
                      "ForEach-Object {\n"
                      "        [System.Management.Automation.CompletionResult]::new($_)\n"
                      "    }\n"
                      "}\n");
}

void cli_completion(enum cli_shell shell, struct cli_text *out) {
    switch (shell) {
    case CLI_SHELL_BASH:
        bash(out);
        return;
    case CLI_SHELL_ELVISH:
        elvish(out);
        return;
    case CLI_SHELL_FISH:
        fish(out);
        return;
    case CLI_SHELL_POWERSHELL:
        powershell(out);
        return;
    case CLI_SHELL_ZSH:
        zsh(out);
        return;
    }
    hops_unreachable();
}
