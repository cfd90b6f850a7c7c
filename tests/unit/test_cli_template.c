/* SPDX-License-Identifier: MIT */
#include "cli/template.h"

#include "cli/options.h"

#include "check.h"
#include "cli_case.h"

#include <stdlib.h>
#include <string.h>

/* The value of an option's field as octets that can be compared. */
static void field(const struct cli_settings *s, const struct cli_option *o, struct cli_text *out) {
    const char *at = (const char *)s + o->offset;
    const char *text = NULL;

    switch (o->type) {
    case CLI_SWITCH:
    case CLI_SWITCH_FILE:
        cli_text_addf(out, "%d", *at);
        break;
    case CLI_U8:
    case CLI_U16:
    case CLI_CHOICE:
        cli_text_add_bytes(out, at, sizeof(int));
        break;
    case CLI_SIZE:
    case CLI_DURATION:
        cli_text_add_bytes(out, at, 8);
        break;
    case CLI_ADDR:
        cli_text_add_bytes(out, at, sizeof(struct cli_addr));
        break;
    case CLI_SERVERS: {
        const void *pointer = NULL;

        memcpy(&pointer, at, sizeof(pointer));
        const struct cli_servers *servers = pointer;
        cli_text_addf(out, "%zu", servers == NULL ? 0 : servers->count);
        break;
    }
    case CLI_STRING:
    case CLI_PATH:
        memcpy(&text, at, sizeof(text));
        cli_text_add(out, text == NULL ? "none" : text);
        break;
    case CLI_COLORS:
    case CLI_KEYS:
        break;
    }
}

static char *template_text(void) {
    struct cli_text text = {0};

    cli_template(&text);
    return cli_text_take(&text);
}

static void template_is_the_built_in_configuration(void **state) {
    char *text = template_text();
    const struct cli_case bare = {.args = "h"};
    const struct cli_case with = {.args = "h", .file = text};
    struct cli_run a, b;

    (void)state;
    cli_case_run(&bare, &a);
    cli_case_run(&with, &b);
    if (b.outcome == CLI_EXIT) {
        check_str("template", b.message.text, "");
    }
    for (size_t i = 0; i < cli_option_count(); i++) {
        const struct cli_option *o = cli_option(i);
        struct cli_text left = {0}, right = {0};

        field(&a.settings, o, &left);
        field(&b.settings, o, &right);
        check_bytes(o->name, cli_text_str(&right), right.len, cli_text_str(&left), left.len);
        check_int(o->name, b.settings.source[i],
                  o->table != NULL && o->deflt != NULL ? CLI_SOURCE_FILE : CLI_SOURCE_BUILT_IN);
        cli_text_done(&left);
        cli_text_done(&right);
    }
    for (size_t i = 0; i < CLI_THEME_ITEMS; i++) {
        check_int(cli_theme_item(i)->name,
                  cli_color_equal(&a.settings.theme[i], &b.settings.theme[i]), true);
    }
    for (size_t i = 0; i < CLI_COMMANDS; i++) {
        check_int(cli_command(i)->name,
                  cli_key_equal(&a.settings.bindings[i], &b.settings.bindings[i]), true);
        check_int(cli_command(i)->name, b.settings.binding_given[i], true);
    }
    cli_case_done(&a);
    cli_case_done(&b);
    free(text);
}

/* Takes the # away from lines that are keys: "#" and a letter. Returns their number. */
static size_t uncomment(char *text, const char *only) {
    size_t count = 0;
    char *out = text;

    for (const char *p = text; *p != '\0'; p++) {
        bool start = p == text || p[-1] == '\n';

        if (start && p[0] == '#' && p[1] >= 'a' && p[1] <= 'z' &&
            (only == NULL || strncmp(p + 1, only, strlen(only)) == 0)) {
            count++;
            continue;
        }
        *out++ = *p;
    }
    *out = '\0';
    return count;
}

static void template_every_key_can_be_uncommented(void **state) {
    static const char *const commented[] = {
        "target-port",         "source-port", "source-address", "interface",  "geoip-mmdb-file",
        "tui-privacy-max-ttl", "tui-locale",  "tui-timezone",   "dns-server", "save-dir"};
    char *text = template_text();

    (void)state;
    check_int("all", uncomment(text, NULL), 10);
    struct cli_text why = {0};
    const struct cli_case all = {.args = "h", .file = text};
    struct cli_run run;
    cli_case_run(&all, &run);
    check_int("all", run.outcome, CLI_RUN);
    check_int("all", run.settings.target_port, 443);
    check_int("all", run.settings.source_port, 5000);
    check_str("all", run.settings.interface, "eth0");
    check_str("all", run.settings.tui_timezone, "UTC");
    check_int("all", run.settings.dns_servers->count, 2);
    cli_case_done(&run);
    cli_text_done(&why);
    free(text);
    for (size_t i = 0; i < 10; i++) {
        text = template_text();
        check_int(commented[i], uncomment(text, commented[i]), 1);
        const struct cli_case one = {.args = "h", .file = text};

        cli_case_run(&one, &run);
        check_int(commented[i], run.outcome, CLI_RUN);
        check_int(commented[i], cli_settings_source(&run.settings, commented[i]), CLI_SOURCE_FILE);
        cli_case_done(&run);
        free(text);
    }
}

static void template_has_tables_in_order_and_every_key(void **state) {
    static const char *const order[] = {"[hops]\n", "[strategy]\n",     "[dns]\n",     "[report]\n",
                                        "[tui]\n",  "[theme-colors]\n", "[bindings]\n"};
    char *text = template_text();
    const char *at = text;

    (void)state;
    for (size_t i = 0; i < 7; i++) {
        at = strstr(at, order[i]);
        check_int(order[i], at != NULL, true);
    }
    for (size_t i = 0; i < cli_option_count(); i++) {
        const struct cli_option *o = cli_option(i);
        struct cli_text key = {0};

        cli_text_addf(&key, "\n%s%s = ", o->deflt == NULL ? "#" : "", o->name);
        check_int(o->name, strstr(text, cli_text_str(&key)) != NULL,
                  o->table != NULL && o->layering != CLI_LAYER_LIST);
        cli_text_done(&key);
    }
    check_int("retired", strstr(text, "tui-max-samples") == NULL, true);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(template_is_the_built_in_configuration),
        cmocka_unit_test(template_every_key_can_be_uncommented),
        cmocka_unit_test(template_has_tables_in_order_and_every_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
