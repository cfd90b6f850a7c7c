/* SPDX-License-Identifier: MIT */
#include "cli/config_edit.h"
#include "cli/config_file.h"
#include "cli/config_save.h"
#include "cli/template.h"

#include "check.h"
#include "cli_case.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct cli_option *option_of(const char *name) {
    int row = cli_option_find(name, strlen(name));

    assert_true(row >= 0);
    return cli_option((size_t)row);
}

/* Editing. */

#define MAX  "tui-max-addrs"
#define MODE "tui-address-mode"

static const struct {
    const char *name, *before, *option, *value, *after; /* after NULL: refused */
} edits[] = {
    {"empty file", "", MAX, "3", "[tui]\ntui-max-addrs = 3\n"},
    {"missing table", "# mine\n[dns]\n", MAX, "3", "# mine\n[dns]\n\n[tui]\ntui-max-addrs = 3\n"},
    {"no line end at the end", "[dns]", MAX, "3", "[dns]\n\n[tui]\ntui-max-addrs = 3\n"},
    {"comment kept", "[tui] # t\n tui-max-addrs  =  3\t# three\n", MAX, "12",
     "[tui] # t\n tui-max-addrs  =  12\t# three\n"},
    {"string", "[tui]\ntui-address-mode = 'ip' # c\n", MODE, "both",
     "[tui]\ntui-address-mode = \"both\" # c\n"},
    {"string in a value with a mark of comments", "[tui]\ntui-locale = \"a#b\\\"c\"#d\n",
     "tui-locale", "de", "[tui]\ntui-locale = \"de\"#d\n"},
    {"no TOML behind a long string", "[tui]\ntui-locale = \"\"\"\\\n  x\"\"\"\"\"\nb\"\"\" # d\n",
     "tui-locale", "de", NULL},
    {"long string of two lines", "[tui]\ntui-locale = '''\nde'''  # d\n", "tui-locale", "fr",
     "[tui]\ntui-locale = \"fr\"  # d\n"},
    {"long string with quotes at its end", "[tui]\ntui-locale = \"\"\"x\\\"\"\"\"\"\" #\n",
     "tui-locale", "fr", "[tui]\ntui-locale = \"fr\" #\n"},
    {"quoted value", "[tui]\n", "tui-locale", "a\"b\\c\n",
     "[tui]\ntui-locale = \"a\\\"b\\\\c\\u000a\"\n"},
    {"switch", "[dns]\ndns-lookup-as-info = false", "dns-lookup-as-info", "true",
     "[dns]\ndns-lookup-as-info = true"},
    {"new key behind the last of its table",
     "[tui]\n\n  tui-max-addrs = 3 # c\n\n# about dns\n[dns]\n", MODE, "ip",
     "[tui]\n\n  tui-max-addrs = 3 # c\n  tui-address-mode = \"ip\"\n\n# about dns\n[dns]\n"},
    {"new key at the end without a line end", "[tui]\ntui-max-addrs = 3", MODE, "ip",
     "[tui]\ntui-max-addrs = 3\ntui-address-mode = \"ip\"\n"},
    {"empty table", "[tui] # t\n# nothing\n[dns]\n", MAX, "3",
     "[tui] # t\ntui-max-addrs = 3\n# nothing\n[dns]\n"},
    {"empty table at the end", "[tui]", MAX, "3", "[tui]\ntui-max-addrs = 3\n"},
    {"table in quotes", "[ \"tui\" ]\n\"tui-max-addrs\" = 3\n", MAX, "4",
     "[ \"tui\" ]\n\"tui-max-addrs\" = 4\n"},
    {"inline", "tui = { tui-max-addrs = 3, tui-locale = \"de\" } # c\n", MAX, "4",
     "tui = { tui-max-addrs = 4, tui-locale = \"de\" } # c\n"},
    {"inline, new", "tui = { tui-max-addrs = 3 } # c\n", MODE, "ip",
     "tui = { tui-max-addrs = 3, tui-address-mode = \"ip\" } # c\n"},
    {"inline without blanks", "tui = {tui-max-addrs=3}\n", MODE, "ip",
     "tui = {tui-max-addrs=3, tui-address-mode = \"ip\" }\n"},
    {"inline, empty", "tui = {}\n", MAX, "3", "tui = { tui-max-addrs = 3 }\n"},
    {"inline, behind characters of several octets",
     "tui = { tui-locale = \"中文\", tui-max-addrs = 3}\n", MAX, "0x10",
     "tui = { tui-locale = \"中文\", tui-max-addrs = 0x10}\n"},
    {"dotted", "tui.tui-max-addrs = 3\n\n[dns]\n", MAX, "4", "tui.tui-max-addrs = 4\n\n[dns]\n"},
    {"dotted, new", "tui . tui-max-addrs = 3 # c\n[dns]\n", MODE, "ip",
     "tui . tui-max-addrs = 3 # c\ntui . tui-address-mode = \"ip\"\n[dns]\n"},
    {"dotted elsewhere, new table", "dns.dns-ttl = \"1s\"\n", MAX, "3",
     "dns.dns-ttl = \"1s\"\n\n[tui]\ntui-max-addrs = 3\n"},
    {"CRLF", "[tui]\r\ntui-max-addrs = 3\r\n", MODE, "ip",
     "[tui]\r\ntui-max-addrs = 3\r\ntui-address-mode = \"ip\"\r\n"},
    {"CRLF, value", "[tui]\r\ntui-max-addrs = 3\r\n", MAX, "4", "[tui]\r\ntui-max-addrs = 4\r\n"},
    {"CRLF, new table", "# c\r\n", MAX, "4", "# c\r\n\r\n[tui]\r\ntui-max-addrs = 4\r\n"},
    {"gone", "[tui]\n  tui-max-addrs = 3 # c\n", MAX, NULL, "[tui]\n  # tui-max-addrs = 3 # c\n"},
    {"gone, dotted", "tui.tui-max-addrs = 3\n", MAX, NULL, "# tui.tui-max-addrs = 3\n"},
    {"gone, inline first", "tui = { tui-max-addrs = 3, tui-locale = \"de\" }\n", MAX, NULL,
     "tui = { tui-locale = \"de\" }\n"},
    {"gone, inline last", "tui = { tui-locale = \"de\" , tui-max-addrs = 3 }\n", MAX, NULL,
     "tui = { tui-locale = \"de\"  }\n"},
    {"gone, inline only", "tui = { tui-max-addrs = 3 }\n", MAX, NULL, "tui = { }\n"},
    {"gone, not there", "[tui]\n", MAX, NULL, "[tui]\n"},
    {"gone, no table", "# c", MAX, NULL, "# c"},
    {"gone, on several lines", "[tui]\ntui-locale = '''\nde'''\n", "tui-locale", NULL, NULL},
    {"old name of the program's table", "[trippy]\nmode = \"csv\"\n", "mode", "json",
     "[trippy]\nmode = \"json\"\n"},
    {"new name", "[trippy]\n", "log-filter", "x", "[trippy]\nlog-filter = \"x\"\n"},
    {"a key elsewhere looks the same", "[bindings]\n\"tui-max-addrs\" = \"x\"\n[tui]\n", MAX, "3",
     "[bindings]\n\"tui-max-addrs\" = \"x\"\n[tui]\ntui-max-addrs = 3\n"},
    {"a table in a string", "[strategy]\ninterface = '''\n[tui]\ntui-max-addrs = 1\n'''\n", MAX,
     "3",
     "[strategy]\ninterface = '''\n[tui]\ntui-max-addrs = 1\n'''\n\n[tui]\ntui-max-addrs = 3\n"},
    {"no TOML", "[tui\n", MAX, "3", NULL},
    {"a table is no value", "[tui.tui-max-addrs]\n", MAX, "3", NULL},
    {"an array is no value", "[tui]\ntui-max-addrs = [3]\n", MAX, "3", NULL},
    {"a value is no table", "tui = 3\n", MAX, "3", NULL},
    {"not in the file", "", "verbose", "true", NULL},
};

static void config_edit_keeps_all_else(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
        struct cli_text text = {0};
        cli_text_add(&text, edits[i].before);
        bool ok = cli_config_edit(&text, option_of(edits[i].option), edits[i].value);
        check_int(edits[i].name, ok, edits[i].after != NULL);
        check_str(edits[i].name, cli_text_str(&text),
                  edits[i].after != NULL ? edits[i].after : edits[i].before);
        cli_text_done(&text);
    }
}

/* In the template all keys are there or in a comment, and all kinds of lines. */
static void config_edit_of_the_template(void **state) {
    (void)state;
    for (size_t row = 0; row < cli_option_count(); row++) {
        const struct cli_option *option = cli_option(row);
        struct cli_arena arena = {0};
        struct cli_layer layer = {0};
        struct cli_text text = {0};
        struct cli_text why = {0};
        if (option->table == NULL || option->type != CLI_U8) {
            continue;
        }
        cli_template(&text);
        size_t lines = 0;
        assert_true(cli_config_edit(&text, option, "7"));
        for (const char *c = cli_text_str(&text); *c != '\0'; c++) {
            lines += *c == '\n';
        }
        if (!cli_config_read(cli_text_str(&text), text.len, "f", &arena, &layer, &why)) {
            fail_msg("%s", cli_text_str(&why));
        }
        check_int(option->name, (long)layer.values[row].number, 7);
        assert_true(lines > 300);
        cli_text_done(&text);
        cli_text_done(&why);
        cli_arena_done(&arena);
    }
}

/* Saving. */

struct place {
    char directory[64], path[128];
    struct cli_config_store store;
};

static void begin(struct place *p, const void *data, size_t len) {
    cli_case_directory(p->directory);
    (void)snprintf(p->path, sizeof(p->path), "%s/hops.toml", p->directory);
    if (data != NULL) {
        cli_case_write(p->directory, "hops.toml", data, len);
    }
    cli_config_store_open(&p->store, p->path);
}

static void end(struct place *p) {
    cli_config_store_done(&p->store);
    cli_case_remove(p->directory);
}

static const char *content(const struct place *p, const char *suffix) {
    static char text[4096];
    char path[160];

    (void)snprintf(path, sizeof(path), "%s%s", p->path, suffix);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return NULL;
    }
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    (void)fclose(file);
    return text;
}

static enum cli_save_result save(struct place *p, const char *name, const char *value,
                                 const char *suffix) {
    struct cli_change change = {name, value};
    char want[160];
    char *path = NULL;
    int os_errno = 0;

    (void)snprintf(want, sizeof(want), "%s%s", p->path, suffix);
    enum cli_save_result result = cli_config_save(&p->store, &change, 1, &path, &os_errno);
    check_str("path", path, want);
    free(path);
    errno = os_errno;
    return result;
}

static void config_save_makes_a_file(void **state) {
    struct place p;
    struct stat st;

    (void)state;
    begin(&p, NULL, 0);
    check_int("saved", (int)save(&p, MAX, "3", ""), CLI_SAVE_DONE);
    check_str("file", content(&p, ""), "[tui]\ntui-max-addrs = 3\n");
    check_int("again", (int)save(&p, MODE, "ip", ""), CLI_SAVE_DONE);
    check_str("file", content(&p, ""), "[tui]\ntui-max-addrs = 3\ntui-address-mode = \"ip\"\n");
    check_int("gone", (int)save(&p, MAX, NULL, ""), CLI_SAVE_DONE);
    check_str("file", content(&p, ""), "[tui]\n# tui-max-addrs = 3\ntui-address-mode = \"ip\"\n");
    assert_int_equal(stat(p.path, &st), 0);
    check_int("nothing to run", (int)(st.st_mode & 0111), 0);
    assert_int_equal(unlink(p.path), 0);
    assert_int_equal(rmdir(p.directory), 0); /* nothing else was left */
    cli_config_store_done(&p.store);
}

static void config_save_keeps_mode_and_mark(void **state) {
    static const char data[] = "\xef\xbb\xbf[tui]\n";
    struct place p;
    struct stat st;

    (void)state;
    begin(&p, data, sizeof(data) - 1);
    cli_config_store_done(&p.store);
    assert_int_equal(chmod(p.path, 0600), 0);
    cli_config_store_open(&p.store, p.path);
    check_int("saved", (int)save(&p, MAX, "3", ""), CLI_SAVE_DONE);
    check_str("file", content(&p, ""), "\xef\xbb\xbf[tui]\ntui-max-addrs = 3\n");
    assert_int_equal(stat(p.path, &st), 0);
    check_int("mode", (int)(st.st_mode & 0777), 0600);
    end(&p);
}

static void config_save_several_at_once(void **state) {
    static const char data[] = "[dns] # d\ndns-lookup-as-info = false\n";
    static const struct cli_change changes[] = {{"dns-lookup-as-info", "true"},
                                                {"tui-custom-columns", "hol"},
                                                {"tui-refresh-rate", "50ms"},
                                                {"tui-privacy-max-ttl", NULL}};
    struct place p;
    char *path = NULL;
    int os_errno = 0;

    (void)state;
    begin(&p, data, sizeof(data) - 1);
    check_int("saved", (int)cli_config_save(&p.store, changes, 4, &path, &os_errno), CLI_SAVE_DONE);
    check_str("file", content(&p, ""),
              "[dns] # d\ndns-lookup-as-info = true\n\n[tui]\ntui-custom-columns = \"hol\"\n"
              "tui-refresh-rate = \"50ms\"\n");
    free(path);
    end(&p);
}

static void config_save_utf16_goes_beside(void **state) {
    static const char data[] = "\xff\xfe[\0t\0u\0i\0]\0\n\0";
    struct place p;

    (void)state;
    begin(&p, data, sizeof(data) - 1);
    check_int("saved", (int)save(&p, MAX, "3", ".new"), CLI_SAVE_BESIDE_ENCODING);
    check_str("beside", content(&p, ".new"), "[tui]\ntui-max-addrs = 3\n");
    assert_memory_equal(content(&p, ""), data, sizeof(data) - 1);
    end(&p);
}

static void config_save_does_not_undo_others_changes(void **state) {
    struct place p;

    (void)state;
    begin(&p, "[tui]\n", 6);
    cli_case_write(p.directory, "hops.toml", "[dns]\n#\n", 8);
    check_int("saved", (int)save(&p, MAX, "3", ".new"), CLI_SAVE_BESIDE_CHANGED);
    check_str("beside", content(&p, ".new"), "[tui]\ntui-max-addrs = 3\n");
    check_str("theirs", content(&p, ""), "[dns]\n#\n");
    assert_int_equal(unlink(p.path), 0);
    check_int("gone", (int)save(&p, MAX, "4", ".new"), CLI_SAVE_BESIDE_CHANGED);
    end(&p);
    begin(&p, NULL, 0);
    cli_case_write(p.directory, "hops.toml", "", 0);
    check_int("made", (int)save(&p, MAX, "3", ".new"), CLI_SAVE_BESIDE_CHANGED);
    check_str("theirs", content(&p, ""), "");
    end(&p);
}

/* A link in the place of the file was put there after the program asked where the file is. */
static void config_save_follows_no_link(void **state) {
    struct place p;
    char other[160];

    (void)state;
    begin(&p, "[tui]\n", 6);
    cli_case_write(p.directory, "other", "mine", 4);
    (void)snprintf(other, sizeof(other), "%s/other", p.directory);
    assert_int_equal(unlink(p.path), 0);
    assert_int_equal(symlink(other, p.path), 0);
    check_int("seen", (int)save(&p, MAX, "3", ".new"), CLI_SAVE_BESIDE_CHANGED);
    cli_config_store_done(&p.store);
    cli_config_store_open(&p.store, p.path);
    check_int("not opened", (int)save(&p, MAX, "3", ""), CLI_SAVE_ERROR);
    check_int("errno", errno, ELOOP);
    check_str("what it leads to", content(&p, ""), "mine");
    (void)snprintf(other, sizeof(other), "%s.new", p.path);
    assert_int_equal(unlink(other), 0);
    (void)snprintf(other, sizeof(other), "%s/other", p.directory);
    assert_int_equal(unlink(other), 0);
    end(&p);
}

/* "--config-file /dev/null" is how people say that they want none. */
static void config_save_replaces_no_device(void **state) {
    struct place p;
    struct stat st;

    (void)state;
    begin(&p, NULL, 0);
    assert_int_equal(mkfifo(p.path, 0644), 0);
    cli_config_store_done(&p.store);
    cli_config_store_open(&p.store, p.path);
    check_int("not saved", (int)save(&p, MAX, "3", ""), CLI_SAVE_ERROR);
    assert_int_equal(stat(p.path, &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    end(&p);
}

static void config_save_path_is_no_device(void **state) {
    struct cli_case c = {.args = "-c /dev/null h"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    assert_int_equal(run.outcome, CLI_RUN);
    assert_null(run.settings.config_save_path);
    cli_case_done(&run);
}

/* As somebody without the rights of root, who may write everywhere. */
static int as_nobody(int (*what)(struct place *p), struct place *p) {
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
            _exit(99);
        }
        _exit(what(p));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static int save_without_rights(struct place *p) {
    struct cli_change change = {MAX, "3"};
    char *path = NULL;
    int os_errno = 0;

    cli_config_store_done(&p->store);
    cli_config_store_open(&p->store, p->path);
    enum cli_save_result result = cli_config_save(&p->store, &change, 1, &path, &os_errno);
    bool right = path != NULL && strcmp(path, p->path) == 0;
    free(path);
    return !right                                           ? 1
           : result == CLI_SAVE_FOREIGN                     ? 2
           : result == CLI_SAVE_ERROR && os_errno == EACCES ? 3
                                                            : 4;
}

static void config_save_needs_rights(void **state) {
    struct place p;

    (void)state;
    begin(&p, NULL, 0);
    assert_int_equal(chmod(p.directory, 0555), 0);
    check_int("directory that may only be read", as_nobody(save_without_rights, &p), 3);
    assert_int_equal(chmod(p.directory, 0755), 0);
    end(&p);
    if (geteuid() == 0) {
        begin(&p, "[tui]\n", 6);
        assert_int_equal(chmod(p.directory, 0777), 0);
        assert_int_equal(chmod(p.path, 0644), 0);
        check_int("somebody else's file", as_nobody(save_without_rights, &p), 2);
        assert_int_equal(chmod(p.path, 0600), 0);
        check_int("that cannot even be read", as_nobody(save_without_rights, &p), 3);
        check_str("as it was", content(&p, ""), "[tui]\n");
        end(&p);
    }
}

static void config_save_what_cannot_be_meant(void **state) {
    static const struct {
        const char *name, *option, *value;
    } rows[] = {
        {"no such option", "nothing", "1"},
        {"no such value", MODE, "name"},
        {"not in the file", "verbose", "true"},
        {"out of range", MAX, "256"},
    };
    struct place p;

    (void)state;
    begin(&p, "[tui]\n", 6);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_int(rows[i].name, (int)save(&p, rows[i].option, rows[i].value, ""), CLI_SAVE_UNKNOWN);
        check_str(rows[i].name, content(&p, ""), "[tui]\n");
    }
    end(&p);
}

static void config_save_nowhere(void **state) {
    struct cli_change change = {MAX, "3"};
    struct cli_config_store store;
    char *path = NULL;
    int os_errno = 0;

    (void)state;
    cli_config_store_open(&store, NULL);
    check_int("nowhere", (int)cli_config_save(&store, &change, 1, &path, &os_errno),
              CLI_SAVE_NOWHERE);
    assert_null(path);
    cli_config_store_done(&store);
    cli_config_store_open(&store, "/nonexistent-directory/hops.toml");
    check_int("no directory", (int)cli_config_save(&store, &change, 1, &path, &os_errno),
              CLI_SAVE_ERROR);
    check_int("errno", os_errno, ENOENT);
    free(path);
    cli_config_store_done(&store);
    struct cli_config_store untouched = {0};
    cli_config_store_done(&untouched);
}

static void config_save_path_is_chosen(void **state) {
    struct cli_case c = {.args = "h", .file = "[tui]\n"};
    struct cli_run run;

    (void)state;
    cli_case_run(&c, &run);
    assert_int_equal(run.outcome, CLI_RUN);
    assert_non_null(run.settings.config_save_path);
    check_int("absolute", run.settings.config_save_path[0], '/');
    assert_string_equal(strrchr(run.settings.config_save_path, '/'), "/hops.toml");
    cli_case_done(&run);
    c = (struct cli_case){.args = "h", .env = "HOME=/"};
    cli_case_run(&c, &run);
    check_str("none there", run.settings.config_save_path, "//.hops.toml");
    cli_case_done(&run);
}

/* What a link of ours leads to is changed, and the link stays. */
static void config_save_path_is_behind_our_link(void **state) {
    char *const envp[] = {(char[]){"HOME=/nonexistent"}, NULL};
    struct cli_settings settings = {.config_path = NULL};
    struct cli_text why = {0};
    const char *found = NULL;
    struct place p;
    char link[64];
    char path[128];

    (void)state;
    begin(&p, "[tui]\n", 6);
    cli_case_directory(link);
    (void)snprintf(path, sizeof(path), "%s/.hops.toml", link);
    assert_int_equal(symlink(p.path, path), 0);
    struct cli_inputs in = {.envp = envp, .directory = link};
    assert_true(cli_config_find(&in, NULL, &settings, &found, &why));
    check_str("found", found, path);
    check_str("saved in", settings.config_save_path, p.path);
    if (geteuid() == 0) {
        assert_int_equal(lchown(path, 65534, 65534), 0);
        assert_true(cli_config_find(&in, NULL, &settings, &found, &why));
        assert_null(settings.config_save_path);
    }
    cli_settings_done(&settings);
    cli_text_done(&why);
    cli_case_remove(link);
    end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_edit_keeps_all_else),
        cmocka_unit_test(config_edit_of_the_template),
        cmocka_unit_test(config_save_makes_a_file),
        cmocka_unit_test(config_save_keeps_mode_and_mark),
        cmocka_unit_test(config_save_several_at_once),
        cmocka_unit_test(config_save_utf16_goes_beside),
        cmocka_unit_test(config_save_does_not_undo_others_changes),
        cmocka_unit_test(config_save_follows_no_link),
        cmocka_unit_test(config_save_replaces_no_device),
        cmocka_unit_test(config_save_path_is_no_device),
        cmocka_unit_test(config_save_needs_rights),
        cmocka_unit_test(config_save_what_cannot_be_meant),
        cmocka_unit_test(config_save_nowhere),
        cmocka_unit_test(config_save_path_is_chosen),
        cmocka_unit_test(config_save_path_is_behind_our_link),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
