/* SPDX-License-Identifier: MIT
 *
 * Lists on one line; the longer texts have files of their own.
 */
#include "cli/actions.h"

#include "cli/completion.h"
#include "cli/language.h"
#include "cli/manpage.h"
#include "cli/template.h"

#include <string.h>

static void print_items(struct cli_text *out) {
    cli_text_add(out, "TUI theme color items: ");
    for (size_t i = 0; i < CLI_THEME_ITEMS; i++) {
        cli_text_addf(out, "%s%s", i == 0 ? "" : ", ", cli_theme_item(i)->name);
    }
    cli_text_add(out, "\n");
}

/* The retired command stays in the list: scripts of other programs know it, and bindings of it are
 * answered with its successors. */
static void print_commands(struct cli_text *out) {
    cli_text_add(out, "TUI binding commands: ");
    for (size_t i = 0; i < CLI_COMMANDS; i++) {
        const char *name = cli_command(i)->name;

        cli_text_addf(out, "%s%s", i == 0 ? "" : ", ", name);
        if (strcmp(name, "toggle-flows") == 0) {
            cli_text_add(out, ", toggle-privacy");
        }
    }
    cli_text_add(out, "\n");
}

static void print_locales(struct cli_text *out) {
    cli_text_add(out, "TUI locales: ");
    for (size_t i = 0; cli_locales()[i] != NULL; i++) {
        cli_text_addf(out, "%s%s", i == 0 ? "" : ", ", cli_locales()[i]);
    }
    cli_text_add(out, "\n");
}

bool cli_action(const struct cli_inputs *in, const struct cli_settings *settings,
                struct cli_text *out) {
    if (settings->print_tui_theme_items) {
        print_items(out);
    } else if (settings->print_tui_binding_commands) {
        print_commands(out);
    } else if (settings->print_config_template) {
        cli_template(out);
        cli_text_add(out, "\n");
    } else if (settings->generate != CLI_NONE) {
        cli_completion((enum cli_shell)settings->generate, out);
    } else if (settings->generate_man) {
        cli_manpage(in->version, out);
    } else if (settings->print_locales) {
        print_locales(out);
    } else {
        return false;
    }
    return true;
}
