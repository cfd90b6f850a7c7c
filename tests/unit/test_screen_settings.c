/* SPDX-License-Identifier: MIT */
#include "cli/screen_settings.h"

#include "check.h"
#include "cli/options.h"
#include "cli/value.h"
#include "cli_case.h"
#include "tui/settings_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void run(const struct cli_case *c, struct cli_run *out) {
    cli_case_run(c, out);
    if (out->outcome != CLI_RUN) {
        fail_msg("%s", out->message.text);
    }
}

static const char *value_of(const struct cli_screen_settings *s, const char *name) {
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->rows[i].name, name) == 0) {
            return s->rows[i].value;
        }
    }
    fail_msg("no row %s", name);
    return NULL;
}

static void screen_settings_commands_and_items_have_one_name(void **state) {
    (void)state;
    for (size_t i = 0; i < CLI_COMMANDS; i++) {
        check_str("command", cli_command(i)->name, tui_command_name((enum tui_command)i));
    }
    for (int i = 0; i < (int)TUI_ITEMS; i++) {
        const char *name = tui_item_name((enum tui_item)i);
        assert_true(cli_theme_find(name, strlen(name)) >= 0);
    }
}

/* The built-in colours are told twice, to people and to the screen: they must be the same. */
static void screen_settings_built_in_is_the_default_theme(void **state) {
    struct cli_case c = {.args = "h"};
    struct tui_options options;
    struct tui_theme theme;
    struct cli_run r;

    (void)state;
    run(&c, &r);
    cli_screen_options(&r.settings, &options);
    tui_theme_preset(TUI_PRESET_DEFAULT, &theme);
    assert_memory_equal(&options.theme, &theme, sizeof(theme));
    for (int i = 0; i < (int)TUI_ITEMS; i++) {
        const char *name = tui_item_name((enum tui_item)i);
        int k = cli_theme_find(name, strlen(name));
        char text[16];
        check_str(name, tui_color_format(&theme.colors[i], text), cli_theme_item((size_t)k)->deflt);
    }
    check_int("mouse", options.mouse, true);
    check_int("letters", options.status_letters, false);
    cli_case_done(&r);
}

static void screen_settings_given_colors_win(void **state) {
    struct cli_case c = {.args = "h --tui-theme light --tui-mouse off --tui-status-letters",
                         .env = "HOPS_TUI_THEME_COLORS=bg-color=123456",
                         .file = "[theme-colors]\nsettings-dialog-bg-color = \"red\"\n"
                                 "bg-color = \"green\"\n[tui]\ntui-theme = \"colorblind\"\n"};
    struct tui_options options;
    struct cli_run r;
    char text[16];

    (void)state;
    run(&c, &r);
    cli_screen_options(&r.settings, &options);
    check_int("preset", (int)options.preset, TUI_PRESET_LIGHT);
    check_str("environment", tui_color_format(&options.theme.colors[TUI_BG], text), "123456");
    check_str("file", tui_color_format(&options.theme.colors[TUI_SETTINGS_BG], text), "red");
    check_str("theme", tui_color_format(&options.theme.colors[TUI_HELP_BG], text), "gray");
    check_int("given", options.color_given[TUI_SETTINGS_BG], true);
    check_int("not given", options.color_given[TUI_SETTINGS_TAB_TEXT], false);
    check_int("mouse", options.mouse, false);
    check_int("letters", options.status_letters, true);
    cli_case_done(&r);
}

static void screen_settings_rows_say_what_was_set(void **state) {
    static const struct {
        const char *name, *value; /* NULL: absent */
    } rows[] = {
        {"tui-timezone", "UTC"},  {"tui-locale", NULL},
        {"tui-theme", "default"}, {"tui-mouse", "on"},
        {"tui-ascii", "true"},    {"read-timeout", "10ms"},
        {"interface", NULL},      {"max-samples", "1000"},
        {"source-address", NULL}, {"target", NULL},
        {"tcp-connect", "false"}, {"dns-timeout", "1m 5s"},
        {"dns-ttl", "5m"},        {"dns-resolve-method", "resolv"},
        {"dns-server", NULL},     {"geoip-mmdb-file", "/x\\x1b"},
    };
    struct cli_case c = {.args = "h --tui-timezone UTC --tui-ascii -s 1000 --dns-timeout 65s "
                                 "-r resolv",
                         .file = "[tui]\ngeoip-mmdb-file = \"/x\\u001b\"\n"};
    struct cli_screen_settings s = {.count = 0};
    struct cli_run r;

    (void)state;
    run(&c, &r);
    cli_screen_settings_open(&s, &r.settings);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *value = value_of(&s, rows[i].name);
        check_str(rows[i].name, value == NULL ? "none" : value,
                  rows[i].value == NULL ? "none" : rows[i].value);
    }
    cli_screen_settings_close(&s);
    cli_screen_settings_close(&s);
    cli_case_done(&r);
}

/* A new option of these tables must get a row, too. */
static void screen_settings_all_options_have_a_row(void **state) {
    struct cli_screen_settings s = {.count = 0};
    struct cli_case c = {.args = "h"};
    struct cli_run r;

    (void)state;
    run(&c, &r);
    cli_screen_settings_open(&s, &r.settings);
    for (size_t i = 0; i < cli_option_count(); i++) {
        const struct cli_option *option = cli_option(i);
        if (option->table != NULL &&
            (strcmp(option->table, "tui") == 0 || strcmp(option->table, "dns") == 0 ||
             strcmp(option->table, "strategy") == 0)) {
            (void)value_of(&s, option->name);
        }
    }
    cli_screen_settings_close(&s);
    cli_case_done(&r);
}

/* What the screen saves is what the reader of the file takes, for each value keys lead to. */
static void screen_settings_all_live_values_can_be_saved(void **state) {
    struct tui_trace trace = {.name = "h", .stats = NULL};
    struct hops_stats_config stats;
    struct tui_sources sources = {.place = NULL};
    struct tui_options options;
    struct tui_app app;

    (void)state;
    hops_stats_config_init(&stats);
    assert_int_equal(hops_stats_new(&stats, 1, NULL, &trace.stats), HOPS_OK);
    tui_options_init(&options);
    options.as_possible = true;
    struct tui_app_inputs inputs = {
        .options = &options, .sources = &sources, .traces = &trace, .trace_count = 1};
    assert_true(tui_app_init(&app, &inputs));
    for (size_t i = 0; i < TUI_LIVES; i++) {
        int row = cli_option_find(tui_lives[i].name, strlen(tui_lives[i].name));
        assert_true(row >= 0);
        const struct cli_option *option = cli_option((size_t)row);
        assert_non_null(option->table);
        for (int n = 0; n < 8; n++) {
            struct cli_arena arena = {0};
            struct cli_value value;
            struct cli_text why = {0};
            struct tui_line line = {.len = 0};
            tui_lives[i].text(&app.options, &line);
            assert_true(line.len < TUI_CHANGE_VALUE);
            if (option->type == CLI_SWITCH) {
                assert_true(strcmp(line.text, "true") == 0 || strcmp(line.text, "false") == 0);
            } else if (line.len > 0 && !cli_value_parse(option, line.text, &arena, &value, &why)) {
                fail_msg("%s = %s: %s", option->name, line.text, cli_text_str(&why));
            } else if (option->bounded && option->type == CLI_DURATION) {
                assert_true((int64_t)value.number >= option->min &&
                            (int64_t)value.number <= option->max);
            }
            if (tui_lives[i].change != NULL) {
                (void)tui_lives[i].change(&app);
            }
            cli_text_done(&why);
            cli_arena_done(&arena);
        }
    }
    tui_app_done(&app);
    hops_stats_free(trace.stats);
}

static void screen_settings_save_tells_how_it_went(void **state) {
    static const struct tui_change good[] = {{"tui-address-mode", "both"},
                                             {"tui-privacy-max-ttl", ""}};
    static const struct tui_change bad[] = {{"tui-address-mode", "sideways"}};
    struct cli_screen_settings s = {.count = 0};
    struct cli_settings settings = {.config_path = NULL};
    struct tui_saved saved;
    char directory[64];
    char path[128];

    (void)state;
    cli_case_directory(directory);
    (void)snprintf(path, sizeof(path), "%s/hops.toml", directory);
    cli_config_store_open(&s.store, path);
    s.opened = true;
    cli_screen_settings_save(&s, good, 2, &saved);
    check_int("saved", (int)saved.how, TUI_SAVED);
    check_str("path", saved.path, path);
    cli_screen_settings_save(&s, bad, 1, &saved);
    check_int("not understood", (int)saved.how, TUI_NOT_SAVED);
    check_int("reason", (int)saved.reason, TUI_T_SETTINGS_UNKNOWN);
    assert_int_equal(unlink(path), 0);
    cli_screen_settings_save(&s, good, 1, &saved);
    check_int("beside", (int)saved.how, TUI_SAVED_BESIDE);
    check_int("reason", (int)saved.reason, TUI_T_SETTINGS_CHANGED);
    cli_screen_settings_close(&s);
    cli_case_remove(directory);
    cli_config_store_open(&s.store, path);
    s.opened = true;
    cli_screen_settings_save(&s, good, 1, &saved);
    check_int("no directory", (int)saved.how, TUI_NOT_SAVED);
    check_str("reason", saved.why, "No such file or directory");
    cli_screen_settings_close(&s);
    cli_config_store_open(&s.store, settings.config_save_path);
    s.opened = true;
    cli_screen_settings_save(&s, good, 1, &saved);
    check_int("nowhere", (int)saved.reason, TUI_T_SETTINGS_NO_PLACE);
    cli_screen_settings_close(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screen_settings_commands_and_items_have_one_name),
        cmocka_unit_test(screen_settings_built_in_is_the_default_theme),
        cmocka_unit_test(screen_settings_given_colors_win),
        cmocka_unit_test(screen_settings_rows_say_what_was_set),
        cmocka_unit_test(screen_settings_all_options_have_a_row),
        cmocka_unit_test(screen_settings_all_live_values_can_be_saved),
        cmocka_unit_test(screen_settings_save_tells_how_it_went),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
