/* SPDX-License-Identifier: MIT */
#include "cli/key.h"

#include "check.h"

#include <string.h>

static const struct {
    const char *text;
    const char *want;   /* as printed; NULL: refused */
    const char *reason; /* part of the reason */
} rows[] = {
    {"q", "q", NULL},
    {"Q", "q", NULL},
    {"shift+q", "shift+q", NULL},
    {"shift-q", "shift+q", NULL},
    {"Ctrl+X", "ctrl+x", NULL},
    {"meta+hyper+super+alt+ctrl+shift+esc", "shift+ctrl+alt+super+hyper+meta+esc", NULL},
    {"ctrl+ctrl+x", "ctrl+x", NULL},
    {"PageUp", "pageup", NULL},
    {"backtab", "backtab", NULL},
    {"null", "null", NULL},
    {" ", "space", NULL},
    {"space", "space", NULL},
    {"ctrl+space", "ctrl+space", NULL},
    {"+", "+", NULL},
    {"plus", "+", NULL},
    {"ctrl++", "ctrl++", NULL},
    {"ctrl+plus", "ctrl++", NULL},
    {"-", "-", NULL},
    {"ctrl+-", "ctrl+-", NULL},
    {"ctrl--", "ctrl+-", NULL},
    {"=", "=", NULL},
    {",", ",", NULL},
    {"f1", "f1", NULL},
    {"F12", "f12", NULL},
    {"alt+f10", "alt+f10", NULL},
    {"f0", NULL, "unknown key 'f0'"},
    {"f13", NULL, "unknown key 'f13'"},
    {"f01", NULL, "unknown key 'f01'"},
    {"foo", NULL, "unknown key 'foo'"},
    {"", NULL, "unknown key ''"},
    {"\t", NULL, "unknown key '\\x09'"},
    {"\xc3\xa4", NULL, "unknown key '\xc3\xa4'"},
    {"fn+q", NULL, "unknown modifier 'fn'"},
    {"shift+fn+bad+q", NULL, "unknown modifier 'fn'"},
    {"fn+foo", NULL, "unknown key 'foo'"},
    {"++", NULL, "unknown key '++'"},
    {"ctrl+", NULL, "unknown key 'ctrl+'"},
};

static void key_texts_are_read_or_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cli_key key;
        struct cli_text why = {0};
        char out[64];
        size_t len = strlen(rows[i].text);
        bool ok = cli_key_parse((const char *)check_guarded(rows[i].text, len), len, &key, &why);

        check_int(rows[i].text, ok, rows[i].want != NULL);
        if (ok) {
            check_str(rows[i].text, cli_key_format(&key, out), rows[i].want);
        } else {
            check_str(rows[i].text, cli_text_str(&why), rows[i].reason);
        }
        cli_text_done(&why);
    }
}

static void load_defaults(struct cli_key bindings[CLI_COMMANDS]) {
    for (size_t i = 0; i < CLI_COMMANDS; i++) {
        const char *text = cli_command(i)->deflt;

        check_int(text, cli_key_parse(text, strlen(text), &bindings[i], NULL), true);
    }
}

static void bind(struct cli_key bindings[CLI_COMMANDS], const char *command, const char *key) {
    int i = cli_command_find(command, strlen(command));

    assert_true(i >= 0);
    assert_true(cli_key_parse(key, strlen(key), &bindings[i], NULL));
}

static void key_defaults_do_not_clash(void **state) {
    struct cli_key bindings[CLI_COMMANDS];
    struct cli_text out = {0};

    (void)state;
    load_defaults(bindings);
    assert_false(cli_key_clashes(bindings, &out));
    assert_int_equal(out.len, 0);
}

static void key_clashes_name_the_later_command_first(void **state) {
    struct cli_key bindings[CLI_COMMANDS];
    struct cli_text out = {0};

    (void)state;
    load_defaults(bindings);
    bind(bindings, "toggle-map", "h");
    bind(bindings, "next-hop", "up");
    bind(bindings, "quit", "h");
    assert_true(cli_key_clashes(bindings, &out));
    check_str("three", cli_text_str(&out),
              "up: [next-hop and previous-hop], h: [toggle-map and toggle-help], "
              "h: [quit and toggle-help]");
    cli_text_done(&out);
}

static void key_settings_tabs_are_named_in_clashes(void **state) {
    struct cli_key bindings[CLI_COMMANDS];
    struct cli_text out = {0};

    (void)state;
    load_defaults(bindings);
    bind(bindings, "toggle-settings-dns", "1");
    assert_true(cli_key_clashes(bindings, &out));
    check_str("tabs", cli_text_str(&out), "1: [toggle-settings-dns and toggle-settings-tui]");
    cli_text_done(&out);
}

static void key_check_order_has_every_command_once(void **state) {
    bool seen[CLI_COMMANDS] = {false};

    (void)state;
    for (size_t i = 0; i < CLI_COMMANDS; i++) {
        size_t at = cli_command_in_check_order(i);

        assert_true(at < CLI_COMMANDS && !seen[at]);
        seen[at] = true;
    }
    check_str("pair", cli_command(cli_command_in_check_order(10))->name, "previous-hop");
    check_str("pair", cli_command(cli_command_in_check_order(15))->name, "next-hop-address");
    check_str("after", cli_command(cli_command_in_check_order(16))->name, "address-mode-ip");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_texts_are_read_or_refused),
        cmocka_unit_test(key_defaults_do_not_clash),
        cmocka_unit_test(key_clashes_name_the_later_command_first),
        cmocka_unit_test(key_settings_tabs_are_named_in_clashes),
        cmocka_unit_test(key_check_order_has_every_command_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
