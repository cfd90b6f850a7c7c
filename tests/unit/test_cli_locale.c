/* SPDX-License-Identifier: MIT */
#include "cli/language.h"

#include "check.h"
#include "cli_case.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void locale_wanted_one_is_matched_as_a_tag(void **state) {
    static const struct {
        const char *wanted, *want;
    } rows[] = {
        {"de", "de"},          {"zh-TW", "zh-TW"}, {"zh_TW", "zh-TW"},
        {"zh-tw", "zh-TW"},    {"ZH-tw", "zh-TW"}, {"en-US", "en"},
        {"en_US", "en"},       {"zh-CN", "zh"},    {"zh-Hant-TW", "zh-TW"},
        {"xx", "en"},          {"en-", "en"},      {"de-", "en"},
        {"de?", "en"},         {"pt-BR", "pt"},    {"", "en"},
        {"d", "en"},           {"de--AT", "en"},   {"de-AT-1996", "de"},
        {"deutschland", "en"}, {"FR", "fr"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_str(rows[i].wanted, cli_locale_choose(rows[i].wanted, NULL), rows[i].want);
    }
}

static void locale_of_the_system_comes_from_the_first_variable_set(void **state) {
    static const struct {
        const char *env[4], *want;
    } rows[] = {
        {{NULL}, "en"},
        {{"LANG=de_DE.UTF-8", NULL}, "de"},
        {{"LANG=de_DE", "LC_MESSAGES=fr_FR@euro", NULL}, "fr"},
        {{"LANG=de_DE", "LC_MESSAGES=fr_FR", "LC_ALL=it_IT.UTF-8", NULL}, "it"},
        {{"LANG=de_DE", "LC_ALL=", NULL}, "de"},
        {{"LC_ALL=it", "LANGUAGE=sv:de", NULL}, "sv"},
        {{"LC_ALL=it", "LANGUAGE=", NULL}, "it"},
        {{"LC_ALL=zh_TW.UTF-8", NULL}, "zh-TW"},
        {{"LANG=C.UTF-8", NULL}, "en"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[4][64] = {{0}};
        char *env[4] = {NULL};

        for (size_t k = 0; rows[i].env[k] != NULL; k++) {
            snprintf(text[k], sizeof(text[k]), "%s", rows[i].env[k]);
            env[k] = text[k];
        }
        check_str(text[0], cli_locale_choose(NULL, env), rows[i].want);
    }
}

static void locale_list_is_sorted(void **state) {
    const char *const *list = cli_locales();

    (void)state;
    for (size_t i = 1; list[i] != NULL; i++) {
        assert_true(strcmp(list[i - 1], list[i]) < 0);
    }
}

static void timezone_must_be_a_plain_name_of_the_database(void **state) {
    static const struct {
        const char *name;
        bool want;
    } rows[] = {
        {"UTC", true},           {"Zone", true},        {"zone", false},
        {"Etc-GMT+5", true},     {"Mars/Base", false},  {"", false},
        {"posix/Zone", false},   {"right/Zone", false}, {"localtime", false},
        {"../zone/Zone", false}, {"./Zone", false},     {"/Zone", false},
        {"Zone/", false},        {"//Zone", false},     {"zone.tab", false},
        {"List", false},         {"Empty", false},      {"Dir", false},
        {"Dir/Sub", true},       {"Dir//Sub", false},   {"Zone\n", false},
    };
    char directory[64];
    char sub[80];

    (void)state;
    cli_case_directory(directory);
    snprintf(sub, sizeof(sub), "%s/Dir", directory);
    assert_int_equal(mkdir(sub, 0700), 0);
    cli_case_write(directory, "Zone", "TZif2", 5);
    cli_case_write(directory, "Etc-GMT+5", "TZif2", 5);
    cli_case_write(directory, "localtime", "TZif2", 5);
    cli_case_write(directory, "zone.tab", "TZif2", 5);
    cli_case_write(directory, "List", "# zones", 7);
    cli_case_write(directory, "Empty", "", 0);
    cli_case_write(sub, "Sub", "TZif2", 5);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_int(rows[i].name, cli_timezone_exists(rows[i].name, directory), rows[i].want);
    }
    cli_case_remove(sub);
    cli_case_remove(directory);
    check_int("no database", cli_timezone_exists("Zone", directory), false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locale_wanted_one_is_matched_as_a_tag),
        cmocka_unit_test(locale_of_the_system_comes_from_the_first_variable_set),
        cmocka_unit_test(locale_list_is_sorted),
        cmocka_unit_test(timezone_must_be_a_plain_name_of_the_database),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
