/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include "tui/osc52.h"
#include "tui/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the program was asked for. */
struct asked {
    int saves;
    struct tui_save save;
    const char *fail;   /* why saving fails; NULL: it does not */
    size_t report_size; /* octets of the report; 0: it cannot be made */
};

static bool save(void *user, const struct tui_save *what, char *out, size_t size) {
    struct asked *asked = user;

    asked->saves++;
    asked->save = *what;
    (void)snprintf(out, size, "%s", asked->fail != NULL ? asked->fail : "hops-x-20310404.txt");
    return asked->fail == NULL;
}

static char *report(void *user, const char *format) {
    struct asked *asked = user;
    char *text = asked->report_size == 0 ? NULL : calloc(asked->report_size + 1, 1);

    check_str("format", format, "pretty");
    if (text != NULL) {
        memset(text, 'r', asked->report_size);
    }
    return text;
}

static int32_t east(void *user, int64_t seconds) {
    (void)user;
    (void)seconds;
    return 3600;
}

static void start(struct screen *s, struct asked *asked, const struct screen_setup *setup) {
    *asked = (struct asked){.report_size = 100};
    screen_start(s, setup);
    screen_pass(s, 20);
    s->app.actions =
        (struct tui_actions){.save = save, .report = report, .utc_offset = east, .user = asked};
}

static void output_copies_the_address(void **state) {
    struct asked asked;
    struct screen s;

    (void)state;
    start(&s, &asked, &(struct screen_setup){.name = "www.example.net"});
    screen_keys(&s, "y");
    check_str("target", s.app.clipboard, "203.0.113.77");
    screen_text(&s, 80, 24);
    screen_has(&s, "to the clipboard: 203.0.113.77");
    screen_keys(&s, "<home>y");
    check_str("selected", s.app.clipboard, "192.168.7.1");
    screen_keys(&s, "g4<enter>y");
    check_str("first address", s.app.clipboard, "198.51.100.9");
    screen_keys(&s, ".y");
    check_str("the one stepped to", s.app.clipboard, "198.51.100.10");
    screen_keys(&s, "g3<enter>");
    free(s.app.clipboard);
    s.app.clipboard = NULL;
    screen_keys(&s, "y");
    assert_null(s.app.clipboard);
    screen_text(&s, 80, 24);
    screen_has(&s, " No response");
    screen_keys(&s, "<home>ppy");
    assert_null(s.app.clipboard); /* hidden */
    screen_end(&s);
}

static void output_copies_the_row(void **state) {
    struct asked asked;
    struct screen s;

    (void)state;
    start(&s, &asked, &(struct screen_setup){.name = "www.example.net"});
    (void)strcpy(s.app.options.columns, "hoslA");
    screen_keys(&s, "g1<enter>Y");
    check_str("row", s.app.clipboard, "1\tgw.lan.example\t19\t0.0%\tn/a");
    screen_keys(&s, "iz");
    screen_keys(&s, "g4<enter>Y");
    assert_non_null(strstr(s.app.clipboard, "4\t198.51.100.9 ["));
    assert_non_null(strstr(s.app.clipboard, "%], 198.51.100.10 ["));
    assert_non_null(strstr(s.app.clipboard, "\tAS64500, AS64500"));
    screen_end(&s);
}

static void output_without_data_copies_nothing(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){0});
    screen_keys(&s, "yY<ctrl+y>w");
    assert_null(s.app.clipboard);
    check_int("no prompt without the program", s.app.prompt, TUI_PROMPT_NONE);
    screen_end(&s);
}

static void output_copies_pages_too(void **state) {
    struct asked asked;
    struct screen s;

    (void)state;
    start(&s, &asked, &(struct screen_setup){.name = "www.example.net"});
    screen_keys(&s, "vY");
    assert_non_null(strstr(s.app.clipboard, "+\twww.example.net (203.0.113.77)\t5\t0.0%\t"));
    screen_keys(&s, "y");
    check_str("address", s.app.clipboard, "203.0.113.77");
    screen_keys(&s, "e<end>Y");
    assert_non_null(strstr(s.app.clipboard, "\twww.example.net\t#4\troute changed: ae"));
    screen_end(&s);
}

static void output_copies_the_report(void **state) {
    struct asked asked;
    struct screen s;

    (void)state;
    start(&s, &asked, &(struct screen_setup){.name = "www.example.net"});
    asked.report_size = TUI_OSC52_MAX;
    screen_keys(&s, "<ctrl+y>");
    check_int("whole", (long long)strlen(s.app.clipboard), TUI_OSC52_MAX);
    screen_text(&s, 80, 24);
    screen_has(&s, "to the clipboard: report");
    free(s.app.clipboard);
    s.app.clipboard = NULL;
    asked.report_size++;
    screen_keys(&s, "<ctrl+y>");
    assert_null(s.app.clipboard);
    screen_text(&s, 80, 24);
    screen_has(&s, "too long for the clipboard");
    asked.report_size = 0;
    screen_keys(&s, "<ctrl+y>");
    screen_text(&s, 80, 24);
    screen_has(&s, "out of memory");
    screen_end(&s);
}

static void output_saves_in_the_chosen_format(void **state) {
    static const struct {
        const char *keys, *format;
    } rows[] = {
        {"w<enter>", "pretty"},        {"w<right><enter>", "markdown"},
        {"wc<enter>", "csv"},          {"wj<enter>", "json"},
        {"w<enter>", "json"},          /* as before */
        {"w<right><enter>", "pretty"}, /* round; no flows here */
        {"w<left><enter>", "json"},    {"w<tab><down><up><enter>", "pretty"},
        {"wdf<enter>", "pretty"},      {"wm<enter>", "markdown"},
    };
    struct asked asked;
    struct screen s;

    (void)state;
    start(&s, &asked, &(struct screen_setup){.name = "www.example.net"});
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        screen_keys(&s, rows[i].keys);
        check_int(rows[i].keys, asked.saves, (int)i + 1);
        check_str(rows[i].keys, asked.save.format, rows[i].format);
    }
    check_int("clock of the screen", asked.save.local_seconds, s.app.wall_ns / HOPS_SEC + 3600);
    screen_text(&s, 80, 24);
    screen_has(&s, "saved: hops-x-20310404.txt");
    asked.fail = "No space left on device";
    screen_keys(&s, "w<enter>");
    screen_text(&s, 80, 24);
    screen_has(&s, "not saved: No space left on device");
    screen_keys(&s, "wq<esc>");
    check_int("letters do not quit", s.app.exit, TUI_EXIT_NO);
    check_int("escape does not save", asked.saves, (int)(sizeof(rows) / sizeof(rows[0])) + 1);
    screen_end(&s);
}

static void output_prompt_at_each_size(void **state) {
    struct screen_setup setup = {.name = "www.example.net",
                                 .protocol = HOPS_PROTOCOL_UDP,
                                 .strategy = HOPS_STRATEGY_PARIS,
                                 .max_flows = 64};
    struct asked asked;
    struct screen s;

    (void)state;
    start(&s, &asked, &setup);
    screen_keys(&s, "wf");
    screen_golden(&s, 60, 20, "save-60x20");
    screen_golden(&s, 80, 24, "save-80x24");
    screen_golden(&s, 104, 24, "save-104x24");
    screen_golden(&s, 200, 60, "save-200x60");
    screen_text(&s, 40, 10); /* no room for all: the chosen one is seen */
    screen_has(&s, " Save as:  flows");
    screen_text(&s, 80, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 13, 23);
    check_str("click", asked.save.format, "pretty");
    screen_keys(&s, "w");
    screen_text(&s, 80, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 44, 23);
    check_str("click", asked.save.format, "flows");
    screen_text(&s, 80, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 44, 23);
    check_int("no prompt, no save", asked.saves, 2);
    screen_end(&s);
}

static void osc52_vectors(void **state) {
    static const struct {
        const char *text, *sequence;
    } rows[] = {
        {"", "\033]52;c;\a"},
        {"f", "\033]52;c;Zg==\a"},
        {"fo", "\033]52;c;Zm8=\a"},
        {"foo", "\033]52;c;Zm9v\a"},
        {"foob", "\033]52;c;Zm9vYg==\a"},
        {"fooba", "\033]52;c;Zm9vYmE=\a"},
        {"\xc3\xbf\xfe\xff", "\033]52;c;w7/+/w==\a"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = 0;
        char *got = tui_osc52(rows[i].text, strlen(rows[i].text), &len);
        check_str(rows[i].text, got, rows[i].sequence);
        check_int(rows[i].text, (long long)len, (long long)strlen(rows[i].sequence));
        free(got);
    }
}

static void osc52_refuses_too_much(void **state) {
    char *text = calloc(TUI_OSC52_MAX + 1, 1);
    size_t len = 0;

    (void)state;
    assert_non_null(text);
    char *got = tui_osc52(text, TUI_OSC52_MAX, &len);
    assert_non_null(got);
    check_int("length", (long long)len, 99992 + 8);
    free(got);
    assert_null(tui_osc52(text, TUI_OSC52_MAX + 1, &len));
    free(text);
}

static void output_says_a_row_with_blanks(void **state) {
    struct screen s;

    (void)state;
    screen_start(&s, &(struct screen_setup){0});
    screen_pass(&s, 19);
    screen_keys(&s, "<down>Y");
    screen_text(&s, 104, 24);
    screen_has(&s, "to the clipboard: 1 gw.lan.example 0.0% ");
    screen_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_copies_the_address),
        cmocka_unit_test(output_copies_the_row),
        cmocka_unit_test(output_without_data_copies_nothing),
        cmocka_unit_test(output_copies_pages_too),
        cmocka_unit_test(output_copies_the_report),
        cmocka_unit_test(output_saves_in_the_chosen_format),
        cmocka_unit_test(output_prompt_at_each_size),
        cmocka_unit_test(osc52_vectors),
        cmocka_unit_test(osc52_refuses_too_much),
        cmocka_unit_test(output_says_a_row_with_blanks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
