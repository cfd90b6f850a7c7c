/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "cli/screen_save.h"

#include <hops/addr.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const int64_t when = 1933049228; /* 2031-04-04T06:07:08Z */

struct fixture {
    char path[64];
    struct cli_screen_save save;
    struct report_target target;
    struct report_input report;
};

static void open_fixture(struct fixture *f) {
    struct hops_stats_config config;

    *f = (struct fixture){.path = "/tmp/hops-save-XXXXXX", .target = {.name = "www.example.net"}};
    assert_non_null(mkdtemp(f->path));
    assert_int_equal(cli_screen_save_open(&f->save, f->path, NULL), HOPS_OK);
    hops_stats_config_init(&config);
    assert_int_equal(hops_stats_new(&config, 1, NULL, &f->target.stats), HOPS_OK);
    assert_true(hops_addr_parse("203.0.113.77", &f->target.addr));
    f->report = (struct report_input){.targets = &f->target, .count = 1};
}

/* Removes the directory with all in it; returns how many files that were. */
static int close_fixture(struct fixture *f) {
    DIR *directory = opendir(f->path);
    struct dirent *entry;
    int count = 0;

    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.') {
            assert_int_equal(unlinkat(dirfd(directory), entry->d_name, 0), 0);
            count++;
        }
    }
    (void)closedir(directory);
    assert_int_equal(rmdir(f->path), 0);
    cli_screen_save_close(&f->save);
    hops_stats_free(f->target.stats);
    return count;
}

static bool save(const struct fixture *f, const char *target, const char *format,
                 char out[CLI_REPORT_NAME]) {
    const struct cli_report_file file = {
        .format = format, .target = target, .seconds = when, .report = &f->report};

    return cli_screen_save(&f->save, &file, out);
}

static void screen_save_names(void **state) {
    static const struct {
        const char *target, *format, *name;
    } rows[] = {
        {"www.example.net", "pretty", "hops-www.example.net-20310404-060708.txt"},
        {"www.example.net", "markdown", "hops-www.example.net-20310404-060708.md"},
        {"www.example.net", "csv", "hops-www.example.net-20310404-060708.csv"},
        {"www.example.net", "json", "hops-www.example.net-20310404-060708.json"},
        {"www.example.net", "dot", "hops-www.example.net-20310404-060708.dot"},
        {"www.example.net", "flows", "hops-www.example.net-20310404-060708.flows.txt"},
        {"2001:db8::7", "csv", "hops-2001_db8__7-20310404-060708.csv"},
        {"../../etc/x", "csv", "hops-.._.._etc_x-20310404-060708.csv"},
        {"\033[31m\xc3\xa9 \n", "csv", "hops-__31m____-20310404-060708.csv"},
        {"", "csv", "hops--20310404-060708.csv"},
        {"a123456789b123456789c123456789d123456789e123456789f123456789g123456789", "csv",
         "hops-a123456789b123456789c123456789d123456789e123456789f123456789g123-20310404-060708."
         "csv"},
    };
    struct fixture f;

    (void)state;
    open_fixture(&f);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char name[CLI_REPORT_NAME];
        check_int(rows[i].name, save(&f, rows[i].target, rows[i].format, name), true);
        check_str(rows[i].name, name, rows[i].name);
        assert_int_equal(faccessat(f.save.directory, name, R_OK, 0), 0);
    }
    check_int("files", close_fixture(&f), (int)(sizeof(rows) / sizeof(rows[0])));
}

static void screen_save_overwrites_nothing(void **state) {
    char name[CLI_REPORT_NAME];
    struct fixture f;
    struct stat info;

    (void)state;
    open_fixture(&f);
    assert_int_equal(
        symlinkat("/tmp/hops-no-such-file", f.save.directory, "hops-x-20310404-060708.csv"), 0);
    assert_true(save(&f, "x", "csv", name));
    check_str("beside the link", name, "hops-x-20310404-060708-2.csv");
    assert_true(save(&f, "x", "csv", name));
    check_str("the third", name, "hops-x-20310404-060708-3.csv");
    assert_int_equal(access("/tmp/hops-no-such-file", F_OK), -1);
    assert_int_equal(fstatat(f.save.directory, name, &info, AT_SYMLINK_NOFOLLOW), 0);
    check_int("regular", S_ISREG(info.st_mode), true);
    check_int("not for others to write", info.st_mode & 022, 0);
    for (int i = 4; i <= 99; i++) {
        assert_true(save(&f, "x", "csv", name));
    }
    assert_false(save(&f, "x", "csv", name)); /* enough */
    check_int("errno", errno, EEXIST);
    check_int("files", close_fixture(&f), 99);
}

static void screen_save_writes_the_report(void **state) {
    char name[CLI_REPORT_NAME];
    char got[256] = "";
    struct fixture f;

    (void)state;
    open_fixture(&f);
    assert_true(save(&f, "x", "flows", name));
    assert_true(save(&f, "x", "pretty", name));
    int fd = openat(f.save.directory, name, O_RDONLY);
    assert_true(fd >= 0);
    assert_true(read(fd, got, sizeof(got) - 1) > 0);
    (void)close(fd);
    char *text = cli_report_text("pretty", &f.report);
    assert_non_null(text);
    check_int("the same as text", strncmp(text, got, strlen(got)), 0);
    assert_non_null(strstr(text, "Hop"));
    free(text);
    (void)close_fixture(&f);
}

static void screen_save_that_fails_leaves_nothing(void **state) {
    char name[CLI_REPORT_NAME];
    struct rlimit before;
    struct fixture f;

    (void)state;
    open_fixture(&f);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit none = {.rlim_cur = 10, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    bool saved = save(&f, "x", "pretty", name);
    int why = errno;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    check_int("saved", saved, false);
    check_int("errno", why, EFBIG);
    check_int("files", close_fixture(&f), 0);
}

static void screen_save_without_a_directory(void **state) {
    struct cli_screen_save none = {.opened = false};
    struct cli_report_file file = {.format = "csv", .target = "x"};
    struct hops_diag diag;
    char name[CLI_REPORT_NAME];
    char path[] = "/tmp/hops-save-XXXXXX";

    (void)state;
    assert_int_equal(cli_screen_save_open(&none, "/tmp/hops-no-such-directory", &diag),
                     HOPS_ERR_SYSTEM);
    check_str("diag", diag.text, "save-dir /tmp/hops-no-such-directory: No such file or directory");
    assert_false(cli_screen_save(&none, &file, name));
    check_int("errno", errno, ENOENT);
    cli_screen_save_close(&none);

    /* The current one may be gone; that is no error before something is saved. */
    int back = open(".", O_RDONLY | O_DIRECTORY);
    assert_true(back >= 0);
    assert_non_null(mkdtemp(path));
    assert_int_equal(chdir(path), 0);
    assert_int_equal(cli_screen_save_open(&none, NULL, &diag), HOPS_OK);
    assert_int_equal(rmdir(path), 0);
    struct fixture f;
    open_fixture(&f);
    file.report = &f.report;
    assert_false(cli_screen_save(&none, &file, name));
    check_int("errno", errno, ENOENT);
    (void)close_fixture(&f);
    assert_int_equal(fchdir(back), 0);
    (void)close(back);
    cli_screen_save_close(&none);
    cli_screen_save_close(&none);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screen_save_names),
        cmocka_unit_test(screen_save_overwrites_nothing),
        cmocka_unit_test(screen_save_writes_the_report),
        cmocka_unit_test(screen_save_that_fails_leaves_nothing),
        cmocka_unit_test(screen_save_without_a_directory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
