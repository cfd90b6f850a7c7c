/* SPDX-License-Identifier: MIT
 *
 * Comments are "# " and text; keys that can be uncommented are "#key = sample", without a blank.
 */
#include "cli/template.h"

#include "cli/options.h"

#include <string.h>

enum { WIDTH = 98 }; /* of comments, without "# " */

static void add_comment(struct cli_text *out, const char *words) {
    struct cli_text lines = {0};

    cli_text_add_wrapped(&lines, words, 0, 0, WIDTH);
    for (const char *p = cli_text_str(&lines); *p != '\0';) {
        size_t len = strcspn(p, "\n");

        cli_text_add(out, "# ");
        cli_text_add_bytes(out, p, len);
        cli_text_add(out, "\n");
        p += p[len] == '\n' ? len + 1 : len;
    }
    cli_text_done(&lines);
}

static bool is_quoted(const struct cli_option *option) {
    return option->type == CLI_STRING || option->type == CLI_PATH || option->type == CLI_CHOICE ||
           option->type == CLI_DURATION || option->type == CLI_ADDR;
}

static void add_facts(const struct cli_option *option, struct cli_text *out) {
    const char *deflt = option->shown != NULL ? option->shown : option->deflt;

    if (option->choices != NULL) {
        for (size_t i = 0; option->choices[i].name != NULL; i++) {
            struct cli_text line = {0};

            cli_text_addf(&line, "  %s: %s", option->choices[i].name, option->choices[i].help);
            cli_text_addf(out, "# %s\n", cli_text_str(&line));
            cli_text_done(&line);
        }
    } else if (option->type == CLI_SWITCH) {
        cli_text_add(out, "# true or false.\n");
    }
    if (deflt != NULL) {
        cli_text_addf(out, "# [default: %s]\n", deflt);
    }
}

static void add_key(const struct cli_option *option, struct cli_text *out) {
    const char *quote = is_quoted(option) ? "\"" : "";

    cli_text_add(out, "\n");
    add_comment(out, option->help);
    if (option->more != NULL) {
        add_comment(out, option->more);
    }
    add_facts(option, out);
    if (option->deflt != NULL) {
        cli_text_addf(out, "%s = %s%s%s\n", option->name, quote, option->deflt, quote);
    } else {
        cli_text_addf(out, "#%s = %s\n", option->name, option->sample);
    }
}

static void add_items(const char *table, struct cli_text *out) {
    bool colors = strcmp(table, "theme-colors") == 0;
    size_t count = colors ? CLI_THEME_ITEMS : CLI_COMMANDS;

    for (size_t i = 0; i < count; i++) {
        const char *name = colors ? cli_theme_item(i)->name : cli_command(i)->name;
        const char *deflt = colors ? cli_theme_item(i)->deflt : cli_command(i)->deflt;
        const char *help = colors ? cli_theme_item(i)->help : cli_command(i)->help;

        cli_text_addf(out, "\n# %s [default: %s]\n%s = \"%s\"\n", help, deflt, name, deflt);
    }
}

void cli_template(struct cli_text *out) {
    static const struct {
        const char *name, *comment;
    } tables[] = {
        {"hops", "General. (The name [trippy] is understood, too.)"},
        {"strategy", "How probes are sent and replies are counted."},
        {"dns", "Names and autonomous systems."},
        {"report", "Reports: all modes but tui, stream and events."},
        {"tui", "The screen."},
        {"theme-colors",
         "Colours of the screen: one of the 16 terminal colours (black, red, green, yellow, blue, "
         "magenta, cyan, gray, darkgray, lightred ... lightcyan, white), a CSS colour name or six "
         "hexadecimal digits."},
        {"bindings",
         "Keys: a character or a name (enter, pageup, f1, space ...), with shift, ctrl, alt, "
         "super, hyper or meta and a plus before it."},
    };

    add_comment(out, "Configuration of hops. Everything is optional, and everything that is set "
                     "here has its built-in value. Put it where hops looks for it (hops.toml or "
                     ".hops.toml in the current directory, the home directory, ~/.config or "
                     "~/.config/hops) or name it with --config-file.");
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
        cli_text_add(out, "\n");
        add_comment(out, tables[t].comment);
        cli_text_addf(out, "[%s]\n", tables[t].name);
        for (size_t i = 0; i < cli_option_count(); i++) {
            const struct cli_option *option = cli_option(i);

            if (option->table != NULL && option->layering != CLI_LAYER_LIST &&
                strcmp(option->table, tables[t].name) == 0) {
                add_key(option, out);
            }
        }
        if (strcmp(tables[t].name, "theme-colors") == 0 ||
            strcmp(tables[t].name, "bindings") == 0) {
            add_items(tables[t].name, out);
        }
    }
}
