/* SPDX-License-Identifier: MIT */
#include "cli/config_file.h"

#include "check.h"
#include "cli_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *text;
    const char *says; /* NULL: fine */
} rows[] = {
    {"", NULL},
    {"# nothing\n", NULL},
    {"[hops]\n[strategy]\n[dns]\n[report]\n[tui]\n[theme-colors]\n[bindings]\n", NULL},
    {"strategy.first-ttl = 3\n", NULL},
    {"strategy = { first-ttl = 3, max-ttl = 0x10 }\n", NULL},
    {"[strategy]\nmax-samples = 1_000\n", NULL},
    {"[bindings]\nquit = \",\"\nprevious-hop-address = \"<\"\n", NULL},
    {"[stratgy]\n", "f:1:2: unknown table or key"},
    {"first-ttl = 3\n", "f:1:1: unknown table or key"},
    {"strategy = 3\n", "f:1:12: strategy must be a table, not an integer"},
    {"[[strategy]]\nfirst-ttl = 3\n", "strategy must be a table, not an array"},
    {"[hops]\n[trippy]\n", "[hops] and [trippy] mean the same"},
    {"[trippy]\nmode = \"csv\"\n[hops]\n", "f:3:2: [hops] and [trippy]"},
    {"[dns]\ndns_ttl = \"1s\"\n", "f:2:1: unknown key 'dns_ttl' in [dns]"},
    {"[dns]\ndns_ttl = \"1s\"\n", "possible keys: dns-resolve-method, dns-resolve-all"},
    {"[dns]\ndns_ttl = \"1s\"\n", "\n    dns_ttl = \"1s\"\n    ^"},
    {"[dns]\nfirst-ttl = 1\n", "unknown key 'first-ttl' in [dns]"},
    {"[strategy]\nudp = true\n", "unknown key 'udp' in [strategy]"},
    {"[hops]\nverbose = true\n", "unknown key 'verbose' in [hops]"},
    {"[trippy]\nfoo = true\n", "unknown key 'foo' in [trippy]"},
    {"[hops]\nfoo = true\n", "unknown key 'foo' in [hops]"},
    {"[tui]\ntui-theme-colors = \"\"\n", "unknown key 'tui-theme-colors'"},
    {"[theme-colors]\ntui-theme-colors = \"\"\n", "unknown key 'tui-theme-colors'"},
    {"[theme-colors]\nBg-color = \"red\"\n", "f:2:1: unknown key 'Bg-color' in [theme-colors]"},
    {"[theme-colors]\nbg-color = \"#fff\"\n", "f:2:12: invalid value '#fff' for bg-color"},
    {"[theme-colors]\nbg-color = 7\n", "bg-color must be a string, not an integer"},
    {"[bindings]\nleave = \"q\"\n", "f:2:1: unknown key 'leave' in [bindings]"},
    {"[bindings]\nquit = \"foo\"\n", "f:2:8: invalid value 'foo' for quit: unknown key 'foo'"},
    {"[bindings]\nquit = true\n", "quit must be a string, not a boolean"},
    {"[dns]\ndns-ttl = 60\n", "f:2:11: dns-ttl must be a string, not an integer"},
    {"[dns]\ndns-ttl = \"60\"\n", "f:2:11: invalid value '60' for dns-ttl: the unit is missing"},
    {"[dns]\ndns-resolve-all = 1\n", "dns-resolve-all must be a boolean, not an integer"},
    {"[dns]\ndns-resolve-all = \"true\"\n", "must be a boolean, not a string"},
    {"[strategy]\nfirst-ttl = \"3\"\n", "first-ttl must be an integer, not a string"},
    {"[strategy]\nfirst-ttl = 3.0\n", "first-ttl must be an integer, not a number"},
    {"[strategy]\nfirst-ttl = 256\n", "f:2:13: first-ttl is 256: a whole number from 0 to 255"},
    {"[strategy]\nfirst-ttl = -1\n", "first-ttl is -1"},
    {"[strategy]\ntarget-port = 65536\n", "from 0 to 65535"},
    {"[strategy]\nfirst-ttl = [3]\n", "not an array"},
    {"[strategy]\nfirst-ttl = 2026-01-01\n", "not a date or time"},
    {"[trippy]\nmode = \"TUI\"\n", "f:2:8: invalid value 'TUI' for mode: possible values: tui, "},
    {"[strategy]\nsource-address = \"h\"\n", "an IPv4 or IPv6 address is expected"},
    {"[strategy]\ninterface = \"a\\u0000b\"\n", "interface must not contain a NUL"},
    {"[strategy]\ninterface = \"a\\u0000b\"\n", "f:2:13: "},
    {"[dns]\ndns-ttl = \"\\u001b[2J\"\n", "invalid value '\\x1b[2J'"},
    {"[dns]\n\"\\u001b[2J\" = 1\n", "unknown key '\\x1b[2J'"},
    {"[dns]\ndns-ttl = \"1s\"\ndns-ttl = \"1s\"\n", "f:3:"},
    {"[dns]\n[dns]\n", "f:2:"},
    {"[dns\n", "f:1:"},
    {"[dns]\ndns-ttl = \"1s\n", "f:2:"},
    {"a = \xff\n", "f:1:"},
    {"[tui]\ntui-max-samples = 5\n", "tui-max-samples in [tui] is no longer used: use max-samples"},
    {"[tui]\ntui-max-flows = 5\n", "use max-flows in [strategy]"},
    {"[bindings]\ntoggle-privacy = \"p\"\n", "use expand-privacy and contract-privacy"},
    {"[bindings]\ntoggle-privacy = \"p\"\n[tui]\ntui-max-flows = 5\ntui-max-samples = 5\n",
     "tui-max-samples"},
    {"[tui]\ntui-max-samples = \"5\"\n", "tui-max-samples must be an integer, not a string"},
    {"[bindings]\ntoggle-privacy = \"foo\"\n", "unknown key 'foo'"},
    {"[tui]\ntui-max-samples = 5\n[nope]\n", "unknown table or key"},
};

/* Reads text; the reason goes to out. */
static bool read_text(const char *data, size_t len, struct cli_layer *layer, struct cli_text *why) {
    struct cli_arena arena = {0};

    memset(layer, 0, sizeof(*layer));
    bool ok = cli_config_read(data, len, "f", &arena, layer, why);
    cli_arena_done(&arena);
    return ok;
}

static void config_file_mistakes_are_told_with_their_place(void **state) {
    struct cli_layer layer;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cli_text why = {0};
        bool ok = read_text(rows[i].text, strlen(rows[i].text), &layer, &why);

        if (ok != (rows[i].says == NULL)) {
            check_str(rows[i].text, cli_text_str(&why), rows[i].says);
        }
        if (rows[i].says != NULL && strstr(cli_text_str(&why), rows[i].says) == NULL) {
            check_str(rows[i].text, cli_text_str(&why), rows[i].says);
        }
        for (const char *p = cli_text_str(&why); *p != '\0'; p++) {
            check_int(rows[i].text, (unsigned char)*p >= ' ' || *p == '\n', true);
        }
        cli_text_done(&why);
    }
}

static size_t to_utf16(const char *ascii, bool little, char *out) {
    size_t n = 0;

    out[n++] = (char)(little ? 0xff : 0xfe);
    out[n++] = (char)(little ? 0xfe : 0xff);
    for (; *ascii != '\0'; ascii++) {
        out[n++] = little ? *ascii : 0;
        out[n++] = little ? 0 : *ascii;
    }
    return n;
}

static void config_file_encodings_are_understood(void **state) {
    static const char text[] = "[strategy]\nfirst-ttl = 7\n";
    int row = cli_option_find("first-ttl", 9);
    struct cli_layer layer;
    char data[128];

    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        struct cli_text why = {0};
        size_t len = strlen(text);

        if (kind < 2) {
            len = to_utf16(text, kind == 0, data);
        } else {
            len =
                (size_t)snprintf(data, sizeof(data), "%s%s", kind == 2 ? "\xef\xbb\xbf" : "", text);
        }
        check_int("read", read_text(data, len, &layer, &why), true);
        check_int("value", layer.values[row].number, 7);
        cli_text_done(&why);
    }
}

static void config_file_malformed_utf16_is_refused(void **state) {
    static const struct {
        const char *name, *data;
        size_t len;
    } bad[] = {
        {"odd", "\xff\xfe#", 3},
        {"low first", "\xff\xfe#\0\x00\xdc", 6},
        {"half a pair", "\xff\xfe#\0\x00\xd8", 6},
        {"high twice", "\xff\xfe#\0\x00\xd8\x00\xd8", 8},
        {"big, half", "\xfe\xff\0#\xd8\x00", 6},
    };
    struct cli_layer layer;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct cli_text why = {0};
        const uint8_t *guarded = check_guarded(bad[i].data, bad[i].len);

        check_int(bad[i].name, read_text((const char *)guarded, bad[i].len, &layer, &why), false);
        check_str(bad[i].name, cli_text_str(&why), "f: malformed UTF-16");
        cli_text_done(&why);
    }
    struct cli_text why = {0};
    check_int("pair", read_text("\xff\xfe#\0\x3d\xd8\x00\xde", 8, &layer, &why), true);
    cli_text_done(&why);
}

static void config_file_every_truncation_is_a_clean_answer(void **state) {
    static const char text[] =
        "[strategy]\nfirst-ttl = 3\n[tui]\ntui-locale = \"de\"\n"
        "[theme-colors]\nbg-color = \"#010203\"\n[bindings]\nquit = \"ctrl+x\"\n";
    struct cli_layer layer;
    char wide[2 * sizeof(text) + 2];
    size_t wide_len = to_utf16(text, true, wide);

    (void)state;
    for (size_t len = 0; len <= strlen(text); len++) {
        struct cli_text why = {0};
        const uint8_t *guarded = check_guarded(text, len);
        bool ok = read_text((const char *)guarded, len, &layer, &why);

        check_int("reason", ok, why.len == 0);
        cli_text_done(&why);
    }
    for (size_t len = 0; len <= wide_len; len++) {
        struct cli_text why = {0};
        const uint8_t *guarded = check_guarded(wide, len);
        bool ok = read_text((const char *)guarded, len, &layer, &why);

        check_int("wide reason", ok, why.len == 0);
        cli_text_done(&why);
    }
}

/* A tree of directories for the search: current, home, config, config/hops. */
struct tree {
    char root[64], cwd[80], home[80], config[96], hops[112];
    char home_variable[128], xdg_variable[128];
    char *envp[3];
};

static void tree_make(struct tree *t) {
    cli_case_directory(t->root);
    snprintf(t->cwd, sizeof(t->cwd), "%s/cwd", t->root);
    snprintf(t->home, sizeof(t->home), "%s/home", t->root);
    snprintf(t->config, sizeof(t->config), "%s/.config", t->home);
    snprintf(t->hops, sizeof(t->hops), "%s/hops", t->config);
    assert_int_equal(mkdir(t->cwd, 0700) | mkdir(t->home, 0700) | mkdir(t->config, 0700) |
                         mkdir(t->hops, 0700),
                     0);
    snprintf(t->home_variable, sizeof(t->home_variable), "HOME=%s", t->home);
    snprintf(t->xdg_variable, sizeof(t->xdg_variable), "XDG_CONFIG_HOME=relative");
    t->envp[0] = t->home_variable;
    t->envp[1] = t->xdg_variable;
    t->envp[2] = NULL;
}

static void tree_remove(struct tree *t) {
    cli_case_remove(t->hops);
    cli_case_remove(t->config);
    cli_case_remove(t->home);
    cli_case_remove(t->cwd);
    cli_case_remove(t->root);
}

static void check_found(struct tree *t, const char *row, const char *directory, const char *name,
                        size_t notes) {
    const struct cli_inputs in = {.envp = t->envp, .directory = t->cwd};
    struct cli_settings settings = {0};
    struct cli_text why = {0};
    const char *found = NULL;
    char want[256];

    snprintf(want, sizeof(want), "%s/%s", directory, name);
    check_int(row, cli_config_find(&in, NULL, &settings, &found, &why), true);
    check_str(row, found, want);
    check_int(row, settings.note_count, notes);
    cli_settings_done(&settings);
    cli_text_done(&why);
}

static void config_file_search_takes_the_first_of_the_usual_places(void **state) {
    struct tree t;

    (void)state;
    tree_make(&t);
    cli_case_write(t.hops, ".hops.toml", "", 0);
    check_found(&t, "last", t.hops, ".hops.toml", 0);
    cli_case_write(t.hops, "hops.toml", "", 0);
    check_found(&t, "name order", t.hops, "hops.toml", 0);
    cli_case_write(t.config, "hops.toml", "", 0);
    check_found(&t, "config", t.config, "hops.toml", 0);
    cli_case_write(t.home, ".hops.toml", "", 0);
    check_found(&t, "home", t.home, ".hops.toml", 0);
    cli_case_write(t.cwd, ".hops.toml", "", 0);
    check_found(&t, "current", t.cwd, ".hops.toml", 0);
    snprintf(t.xdg_variable, sizeof(t.xdg_variable), "XDG_CONFIG_HOME=%s", t.hops);
    char path[256];
    snprintf(path, sizeof(path), "%s/.hops.toml", t.cwd);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof(path), "%s/.hops.toml", t.home);
    assert_int_equal(unlink(path), 0);
    check_found(&t, "xdg", t.hops, "hops.toml", 0);
    tree_remove(&t);
}

static void config_file_search_passes_directories_and_dangling_links_over(void **state) {
    struct tree t;
    char path[256];

    (void)state;
    tree_make(&t);
    snprintf(path, sizeof(path), "%s/hops.toml", t.cwd);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof(path), "%s/.hops.toml", t.cwd);
    assert_int_equal(symlink("nowhere", path), 0);
    cli_case_write(t.home, "hops.toml", "", 0);
    check_found(&t, "passed over", t.home, "hops.toml", 2);
    tree_remove(&t);
}

static void config_file_search_needs_a_home(void **state) {
    struct tree t;
    struct cli_settings settings = {0};
    struct cli_text why = {0};
    const char *found = NULL;

    (void)state;
    tree_make(&t);
    struct cli_inputs in = {.envp = &t.envp[2], .directory = t.cwd};
    check_int("no home", cli_config_find(&in, NULL, &settings, &found, &why), false);
    assert_non_null(strstr(cli_text_str(&why), "HOME"));
    cli_text_done(&why);
    in.home = t.home;
    check_int("database", cli_config_find(&in, NULL, &settings, &found, &why), true);
    assert_null(found);
    in.home = NULL;
    check_int("named", cli_config_find(&in, "x.toml", &settings, &found, &why), true);
    check_str("named", found, "x.toml");
    cli_case_write(t.cwd, "hops.toml", "", 0);
    check_int("current", cli_config_find(&in, NULL, &settings, &found, &why), true);
    cli_settings_done(&settings);
    cli_text_done(&why);
    tree_remove(&t);
}

static void config_file_that_cannot_be_read_is_an_error(void **state) {
    static const char *const paths[] = {"/nonexistent/hops.toml", "/tmp", ""};
    struct cli_layer layer = {0};
    struct cli_arena arena = {0};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct cli_text why = {0};

        check_int(paths[i], cli_config_load(paths[i], &arena, &layer, &why), false);
        assert_non_null(strstr(cli_text_str(&why), "cannot read the configuration file"));
        cli_text_done(&why);
    }
}

static void config_file_of_a_megabyte_is_refused(void **state) {
    enum { SIZE = (1 << 20) + 1 };
    char directory[64], path[128];
    char *data = malloc(SIZE);
    struct cli_layer layer = {0};
    struct cli_arena arena = {0};
    struct cli_text why = {0};

    (void)state;
    assert_non_null(data);
    memset(data, '#', SIZE);
    cli_case_directory(directory);
    cli_case_write(directory, "big.toml", data, SIZE);
    snprintf(path, sizeof(path), "%s/big.toml", directory);
    check_int("big", cli_config_load(path, &arena, &layer, &why), false);
    assert_non_null(strstr(cli_text_str(&why), "File too large"));
    cli_text_done(&why);
    cli_case_remove(directory);
    free(data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_file_mistakes_are_told_with_their_place),
        cmocka_unit_test(config_file_encodings_are_understood),
        cmocka_unit_test(config_file_malformed_utf16_is_refused),
        cmocka_unit_test(config_file_every_truncation_is_a_clean_answer),
        cmocka_unit_test(config_file_search_takes_the_first_of_the_usual_places),
        cmocka_unit_test(config_file_search_passes_directories_and_dangling_links_over),
        cmocka_unit_test(config_file_search_needs_a_home),
        cmocka_unit_test(config_file_that_cannot_be_read_is_an_error),
        cmocka_unit_test(config_file_of_a_megabyte_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
