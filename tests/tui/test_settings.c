/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include "tui/settings.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void start(struct screen *s) {
    struct screen_setup setup = {.name = "www.example.net"};

    screen_start(s, &setup);
    screen_pass(s, 5);
}

static const char *const tabs[] = {"tui", "trace", "dns", "geoip", "bindings", "theme", "columns"};

static void settings_each_tab_at_each_size(void **state) {
    static const int sizes[][2] = {{60, 20}, {80, 24}, {104, 24}, {200, 60}};
    struct screen s;

    (void)state;
    start(&s);
    for (int tab = 0; tab < (int)TUI_TABS; tab++) {
        tui_app_command(&s.app, (enum tui_command)(TUI_CMD_SETTINGS_TUI + tab));
        for (size_t i = 0; i < 4; i++) {
            char name[64];
            (void)snprintf(name, sizeof(name), "settings-%s-%dx%d", tabs[tab], sizes[i][0],
                           sizes[i][1]);
            screen_golden(&s, sizes[i][0], sizes[i][1], name);
        }
    }
    screen_end(&s);
}

static void settings_ascii_has_no_other_octets(void **state) {
    struct screen_setup setup = {.name = "www.example.net", .ascii = true};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_pass(&s, 5);
    screen_keys(&s, "6");
    screen_golden(&s, 60, 20, "settings-ascii");
    for (const char *c = screen_text(&s, 60, 20); *c != '\0'; c++) {
        assert_true((unsigned char)*c < 0x80);
    }
    screen_end(&s);
}

static void settings_rectangle_is_the_middle(void **state) {
    static const int rows[][6] = {
        {80, 24, 16, 5, 48, 14}, {100, 30, 20, 6, 60, 18}, {120, 40, 24, 8, 72, 24}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tui_rect r = tui_layout_dialog(rows[i][0], rows[i][1]);
        check_int("x", r.x, rows[i][2]);
        check_int("y", r.y, rows[i][3]);
        check_int("w", r.w, rows[i][4]);
        check_int("h", r.h, rows[i][5]);
    }
}

/* Each row of each tab can be reached, and is on the screen in reverse when it is. */
static void settings_every_row_can_be_reached(void **state) {
    static const int sizes[][2] = {{60, 20}, {80, 24}, {200, 60}, {40, 10}};
    struct screen s;

    (void)state;
    start(&s);
    for (int tab = 0; tab < (int)TUI_TABS; tab++) {
        tui_app_command(&s.app, (enum tui_command)(TUI_CMD_SETTINGS_TUI + tab));
        int count = (int)tui_settings_count(&s.app, (enum tui_tab)tab);
        for (size_t i = 0; i < 4; i++) {
            screen_keys(&s, "<home>");
            for (int row = 0; row < count; row++) {
                int reversed = 0;
                check_int(tabs[tab], s.app.settings_row, row);
                screen_text(&s, sizes[i][0], sizes[i][1]);
                struct tui_rect r = tui_layout_dialog(sizes[i][0], sizes[i][1]);
                for (int y = r.y; y < r.y + r.h; y++) {
                    reversed += (tui_grid_at(&s.grid, r.x + 1, y)->style.attrs & TUI_REVERSE) != 0;
                }
                check_int(tabs[tab], reversed, 1);
                screen_keys(&s, "<down>");
            }
            check_int(tabs[tab], s.app.settings_row, count - 1);
        }
    }
    check_int("bindings", (int)tui_settings_count(&s.app, TUI_TAB_BINDINGS), TUI_COMMANDS);
    check_int("theme", (int)tui_settings_count(&s.app, TUI_TAB_THEME), 38);
    check_int("columns", (int)tui_settings_count(&s.app, TUI_TAB_COLUMNS), 31);
    screen_end(&s);
}

static void settings_keys_walk_and_close(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    screen_keys(&s, "s");
    check_int("nothing highlighted", s.app.settings_row, -1);
    screen_keys(&s, "<up>");
    check_int("last row", s.app.settings_row, 12);
    screen_keys(&s, "<right>");
    check_int("trace", (int)s.app.settings_tab, TUI_TAB_TRACE);
    check_int("first row", s.app.settings_row, 0);
    screen_keys(&s, "<down>j");
    check_int("down", s.app.settings_row, 2);
    screen_keys(&s, "ss");
    check_int("reopened where it was", (int)s.app.settings_tab, TUI_TAB_TRACE);
    check_int("and on that row", s.app.settings_row, 2);
    screen_keys(&s, "2");
    check_int("its own key does not close it", (int)s.app.dialog, TUI_DIALOG_SETTINGS);
    check_int("nor move", s.app.settings_row, 2);
    screen_keys(&s, "7<right>");
    check_int("no wrap", (int)s.app.settings_tab, TUI_TAB_COLUMNS);
    check_int("first row even so", s.app.settings_row, 0);
    screen_text(&s, 80, 24);
    screen_keys(&s, "<pagedown>");
    check_int("page", s.app.settings_row, 4);
    screen_keys(&s, "<end><pageup>");
    check_int("page", s.app.settings_row, 26);
    screen_keys(&s, "1<left>");
    check_int("no wrap", (int)s.app.settings_tab, TUI_TAB_TUI);
    screen_keys(&s, "<esc>");
    check_int("esc", (int)s.app.dialog, TUI_DIALOG_NONE);
    screen_keys(&s, "sq");
    check_int("q", (int)s.app.dialog, TUI_DIALOG_NONE);
    check_int("only closes", (int)s.app.exit, TUI_EXIT_NO);
    screen_keys(&s, "sQ");
    check_int("shift+q quits", (int)s.app.exit, TUI_EXIT_PRESERVE);
    s.app.exit = TUI_EXIT_NO;
    screen_keys(&s, "<ctrl+c>");
    check_int("ctrl+c quits", (int)s.app.exit, TUI_EXIT_QUIT);
    screen_end(&s);
}

/* What stands behind the dialog is not touched by keys that mean something there. */
static void settings_other_keys_are_ignored(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    for (int tab = 0; tab < (int)TUI_TABS; tab++) {
        tui_app_command(&s.app, (enum tui_command)(TUI_CMD_SETTINGS_TUI + tab));
        for (int command = 0; command < (int)TUI_COMMANDS; command++) {
            struct tui_app before = s.app;
            switch (command) {
            case TUI_CMD_ADDRESS_IP:
            case TUI_CMD_ADDRESS_BOTH:
            case TUI_CMD_FREEZE:
            case TUI_CMD_MAP:
            case TUI_CMD_FLOWS:
            case TUI_CMD_EXPAND_PRIVACY:
            case TUI_CMD_EXPAND_HOSTS_MAX:
            case TUI_CMD_CONTRACT_HOSTS_MIN:
            case TUI_CMD_ZOOM_IN:
            case TUI_CMD_CLEAR_DATA:
            case TUI_CMD_AS_INFO:
            case TUI_CMD_DETAILS:
            case TUI_CMD_SEARCH:
            case TUI_CMD_GO_TO_TTL:
            case TUI_CMD_SORT_NEXT:
            case TUI_CMD_OVERVIEW:
            case TUI_CMD_EVENTS:
            case TUI_CMD_PAUSE:
                tui_app_command(&s.app, (enum tui_command)command);
                assert_memory_equal(&s.app.options, &before.options, sizeof(before.options));
                check_int("body", (int)s.app.body, (int)before.body);
                check_int("dialog", (int)s.app.dialog, TUI_DIALOG_SETTINGS);
                check_int("row", s.app.settings_row, before.settings_row);
                check_int("prompt", (int)s.app.prompt, TUI_PROMPT_NONE);
                check_int("frozen", s.app.frozen, false);
                check_int("sort", s.app.sort, 0);
                break;
            default:
                break;
            }
        }
    }
    screen_end(&s);
}

static void settings_columns_are_switched_and_moved(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    screen_keys(&s, "7<down><down>c");
    check_str("loss off", s.app.options.columns, "hosravbwdt");
    screen_text(&s, 104, 24);
    screen_lacks(&s, "Loss%    Snd");
    screen_keys(&s, "c");
    check_str("in its old place", s.app.options.columns, "holsravbwdt");
    screen_keys(&s, ",");
    check_str("up", s.app.options.columns, "hlosravbwdt");
    check_int("the highlight goes with it", s.app.settings_row, 1);
    screen_keys(&s, ",,,");
    check_str("at the top", s.app.options.columns, "lhosravbwdt");
    check_int("row", s.app.settings_row, 0);
    screen_keys(&s, "<end><enter>");
    check_str("last one on", s.app.options.columns, "lhosravbwdtp");
    screen_keys(&s, "..");
    check_str("at the bottom", s.app.options.columns, "lhosravbwdtp");
    screen_keys(&s, "<up><up><enter><down><down>,,,");
    check_str("before another that is hidden or not", s.app.options.columns, "lhosravbwdtpm");
    screen_keys(&s, "<delete>");
    check_str("as built in", s.app.options.columns, "holsravbwdt");
    screen_text(&s, 104, 24);
    check_int("all there", (int)strlen(s.app.column_order), REPORT_COLUMN_COUNT_ALL);
    screen_end(&s);
}

static void settings_columns_all_off_and_on(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    screen_keys(&s, ">"); /* by a column that goes */
    screen_keys(&s, "7");
    for (int i = 0; i < REPORT_COLUMN_COUNT_ALL; i++) {
        if (strchr(s.app.options.columns, s.app.column_order[i]) != NULL || i == 0) {
            screen_keys(&s, "c");
        }
        screen_text(&s, 104, 24);
        screen_keys(&s, "<down>");
    }
    check_str("none", s.app.options.columns, "");
    check_int("nothing to sort by", s.app.sort, 0);
    screen_keys(&s, "<home>");
    for (int i = 0; i < REPORT_COLUMN_COUNT_ALL; i++) {
        screen_keys(&s, "c<down>");
        screen_text(&s, 200, 60);
    }
    check_int("all", (int)strlen(s.app.options.columns), REPORT_COLUMN_COUNT_ALL);
    check_str("in their order", s.app.options.columns, s.app.column_order);
    screen_end(&s);
}

static void settings_columns_follow_who_else_sets_them(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    (void)strcpy(s.app.options.columns, "oh");
    screen_keys(&s, "7<down>.c");
    check_str("host only", s.app.options.columns, "o");
    screen_end(&s);
}

static void settings_values_change_live(void **state) {
    static const struct {
        const char *name;
        int row, presses;
        const char *shows;
    } rows[] = {
        {"preserve", 0, 1, "tui-preserve-screen            true"},
        {"refresh", 1, 1, "tui-refresh-rate               200ms"},
        {"refresh slowest", 1, 2, "tui-refresh-rate               1s"},
        {"refresh again from the fastest", 1, 1, "tui-refresh-rate               50ms"},
        {"privacy", 2, 1, "tui-privacy-max-ttl            0"},
        {"privacy to the end", 2, 5, "tui-privacy-max-ttl            5"},
        {"privacy off again", 2, 1, "tui-privacy-max-ttl            off"},
        {"address mode", 3, 1, "tui-address-mode               both"},
        {"as mode", 4, 5, "tui-as-mode                    name"},
        {"extensions", 5, 3, "tui-icmp-extension-mode        all"},
        {"geoip", 6, 2, "tui-geoip-mode                 long"},
        {"theme", 11, 1, "tui-theme                      light"},
        {"letters", 12, 1, "tui-status-letters             true"},
    };
    struct screen s;

    (void)state;
    start(&s);
    screen_keys(&s, "1");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        s.app.settings_row = rows[i].row;
        for (int n = 0; n < rows[i].presses; n++) {
            screen_keys(&s, "<enter>");
        }
        screen_text(&s, 120, 60);
        if (strstr(screen_text(&s, 120, 60), rows[i].shows) == NULL) {
            fail_msg("%s: not on the screen: %s", rows[i].name, rows[i].shows);
        }
    }
    screen_keys(&s, "<esc>");
    screen_text(&s, 120, 60);
    screen_has(&s, "gw.lan.example (192.168.7.1)");
    screen_end(&s);
}

static void settings_fixed_values_say_so(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    screen_keys(&s, "2<down><enter>");
    screen_text(&s, 80, 24);
    screen_has(&s, "This is not changed here");
    screen_keys(&s, "5<down><enter>");
    screen_text(&s, 80, 24);
    screen_has(&s, "This is not changed here");
    s.app.sources.place = NULL;
    screen_keys(&s, "1");
    s.app.settings_row = 6;
    screen_keys(&s, "<enter>");
    check_int("no database, no places", (int)s.app.options.geoip_mode, TUI_GEOIP_OFF);
    s.app.options.as_possible = false;
    screen_keys(&s, "3<end><enter>");
    check_int("nobody to ask", s.app.options.as_info, false);
    screen_text(&s, 60, 12); /* there is no info bar here */
    screen_has(&s, "This is not changed here");
    screen_end(&s);
}

static void settings_trace_tab_is_the_current_target(void **state) {
    struct screen_setup setup = {.name = "www.example.net",
                                 .protocol = HOPS_PROTOCOL_UDP,
                                 .strategy = HOPS_STRATEGY_PARIS,
                                 .max_flows = 64};
    struct screen s;

    (void)state;
    screen_start(&s, &setup);
    screen_pass(&s, 5);
    screen_keys(&s, "2");
    screen_text(&s, 120, 60);
    screen_has(&s, "target                         www.example.net");
    screen_has(&s, "protocol                       udp");
    screen_has(&s, "source-address                 192.0.2.10");
    screen_has(&s, "multipath-strategy             paris");
    screen_has(&s, "source-port                    5000");
    screen_has(&s, "target-port                    auto");
    screen_has(&s, "interface                      auto");
    screen_has(&s, "max-flows                      64");
    screen_has(&s, "icmp-extensions                disabled");
    s.app.options.privacy = 0;
    screen_text(&s, 120, 60);
    screen_has(&s, "source-address                 **Hidden**");
    screen_lacks(&s, "192.0.2.10");
    s.app.options.privacy = 5;
    screen_text(&s, 120, 60);
    screen_has(&s, "target                         **Hidden**");
    screen_lacks(&s, "www.example.net");
    screen_end(&s);
}

static void settings_theme_changes_but_given_colors_stay(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    s.app.options.color_given[TUI_SETTINGS_BG] = true;
    s.app.options.theme.colors[TUI_SETTINGS_BG] =
        (struct tui_color){.kind = TUI_COLOR_RGB, .red = 1, .green = 2, .blue = 3};
    screen_keys(&s, "6<enter>");
    screen_text(&s, 120, 60);
    screen_has(&s, "settings-dialog-bg-color                    010203");
    screen_has(&s, "bg-color                                    white");
    check_int("the dialog itself", tui_grid_at(&s.grid, 30, 20)->style.bg.blue, 3);
    check_int("around it", tui_grid_at(&s.grid, 2, 20)->style.bg.index, 15);
    screen_keys(&s, "<enter>");
    screen_text(&s, 120, 60);
    screen_has(&s, "hops-chart-selected-color                   e69f00");
    screen_has(&s, "settings-dialog-bg-color                    010203");
    screen_keys(&s, "<esc>");
    screen_text(&s, 120, 60);
    screen_lacks(&s, "🟢"); /* letters, since marks differ by colour only */
    screen_keys(&s, "6<enter>");
    check_int("from the start", (int)s.app.options.preset, TUI_PRESET_DEFAULT);
    screen_end(&s);
}

static void settings_swatches_have_the_colors(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    screen_keys(&s, "6");
    screen_text(&s, 120, 60);
    struct tui_rect r = tui_layout_dialog(120, 60);
    int y = r.y + 3 + 2 + TUI_SAMPLES_LOST; /* all rows are seen */
    const struct tui_cell *cell = tui_grid_at(&s.grid, r.x + 1 + 43 + 1 + 13, y);
    check_str("swatch", cell->text, "█");
    check_int("red", cell->style.fg.index, 1);
    screen_end(&s);
}

static void settings_save_gives_what_was_changed(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    screen_keys(&s, "sw");
    check_int("nothing to save", s.saves, 0);
    screen_text(&s, 80, 24);
    screen_has(&s, "Nothing was changed");
    s.save_result.how = TUI_SAVED;
    (void)strcpy(s.save_result.path, "/h/me/.hops.toml");
    screen_keys(&s, "<esc>bppz{7<down>csw");
    check_int("closed: not saved", s.saves, 0);
    screen_keys(&s, "sw");
    check_int("saved", s.saves, 1);
    check_str("changes", s.saved,
              "tui-privacy-max-ttl=1\ntui-address-mode=both\ntui-max-addrs=1\n"
              "tui-custom-columns=hlsravbwdt\ndns-lookup-as-info=true\n");
    screen_text(&s, 80, 24);
    screen_has(&s, "Settings saved in /h/me/.hops.toml");
    screen_keys(&s, "w");
    check_int("once", s.saves, 1);
    screen_keys(&s, "<esc>oosw");
    check_str("privacy goes", s.saved, "tui-privacy-max-ttl=\n");
    screen_end(&s);
}

static void settings_save_tells_what_went_wrong(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    s.save_result.how = TUI_NOT_SAVED;
    s.save_result.reason = TUI_TEXTS;
    (void)strcpy(s.save_result.path, "/etc/hops.toml");
    (void)strcpy(s.save_result.why, "Permission denied");
    screen_keys(&s, "bsw");
    screen_text(&s, 80, 24);
    screen_has(&s, "Settings not saved: /etc/hops.toml: Permission denied");
    s.save_result.how = TUI_SAVED_BESIDE;
    (void)strcpy(s.save_result.path, "/h/.hops.toml.new");
    s.save_result.reason = TUI_T_SETTINGS_ENCODING;
    screen_keys(&s, "w");
    check_int("tried again", s.saves, 2);
    screen_text(&s, 80, 24);
    screen_has(&s, "Settings saved in /h/.hops.toml.new: the old file is not UTF-8");
    s.app.actions.save_settings = NULL;
    screen_keys(&s, "<esc>isw");
    screen_text(&s, 80, 24);
    screen_has(&s, "Settings cannot be saved here");
    screen_end(&s);
}

static void settings_save_keeps_the_limit_that_details_hide(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    screen_keys(&s, "db");
    check_int("details", (int)s.app.options.max_addrs, 1);
    screen_keys(&s, "sw");
    check_str("changes", s.saved, "tui-address-mode=both\n");
    screen_end(&s);
}

static void settings_over_everything_else(void **state) {
    struct screen_setup udp = {.name = "www.example.net",
                               .protocol = HOPS_PROTOCOL_UDP,
                               .strategy = HOPS_STRATEGY_PARIS,
                               .max_flows = 64};
    struct screen_setup silent = {.target = "203.0.113.78", .name = "silent.example.net"};
    struct hops_event event = {.kind = HOPS_EVENT_ERROR,
                               .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = 1}};
    static const char *const before[] = {"f", "c", "m", "v", "e", "<ctrl+f>", "d", "<down>d"};
    struct screen s;

    (void)state;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        screen_start(&s, &udp);
        screen_pass(&s, 5);
        screen_keys(&s, before[i]);
        screen_keys(&s, "s7");
        screen_text(&s, 80, 24);
        screen_has(&s, "═ Settings ═");
        screen_has(&s, "┌ Columns ─");
        screen_pass(&s, 5);
        tui_app_event(&s.app, &event);
        screen_text(&s, 80, 24);
        screen_has(&s, "┌ Columns ─");
        screen_end(&s);
    }
    screen_start(&s, &silent);
    screen_keys(&s, "s1<down><down><down><enter>");
    screen_text(&s, 80, 24);
    screen_has(&s, "┌ Tui ─");
    screen_keys(&s, "p");
    screen_text(&s, 80, 24);
    screen_end(&s);
}

static void settings_no_rows_is_no_crash(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    s.app.settings = NULL;
    s.app.setting_count = 0;
    screen_keys(&s, "1<down><up><pagedown><end><enter>c.,<down>");
    screen_text(&s, 80, 24);
    check_int("row", s.app.settings_row < 0, true);
    screen_end(&s);
}

static void settings_tiny_sizes_do_not_crash(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    for (int tab = 0; tab < (int)TUI_TABS; tab++) {
        tui_app_command(&s.app, (enum tui_command)(TUI_CMD_SETTINGS_TUI + tab));
        screen_keys(&s, "<end>");
        for (int rows = 1; rows <= 24; rows++) {
            for (int columns = 1; columns <= 84; columns += 3) {
                screen_text(&s, columns, rows);
                tui_app_mouse(&s.app, TUI_MOUSE_PRESS, columns / 2, rows / 2);
                tui_app_command(&s.app, (enum tui_command)(TUI_CMD_SETTINGS_TUI + tab));
            }
        }
    }
    screen_keys(&s, "7<home>");
    screen_golden(&s, 40, 10, "settings-40x10");
    screen_end(&s);
}

static void settings_mouse(void **state) {
    struct screen s;

    (void)state;
    start(&s);
    screen_keys(&s, "s");
    screen_text(&s, 104, 24);
    struct tui_rect r = tui_layout_dialog(104, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, r.x + 8, r.y + 1);
    check_int("tab", (int)s.app.settings_tab, TUI_TAB_TRACE);
    screen_text(&s, 104, 24);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, r.x + 8, r.y + 3 + 2 + 3);
    check_int("row", s.app.settings_row, 3);
    tui_app_mouse(&s.app, TUI_MOUSE_WHEEL_DOWN, 0, 0);
    check_int("wheel", s.app.settings_row, 4);
    tui_app_mouse(&s.app, TUI_MOUSE_PRESS, 1, 1);
    check_int("outside", s.app.settings_row, 4);
    screen_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_each_tab_at_each_size),
        cmocka_unit_test(settings_ascii_has_no_other_octets),
        cmocka_unit_test(settings_rectangle_is_the_middle),
        cmocka_unit_test(settings_every_row_can_be_reached),
        cmocka_unit_test(settings_keys_walk_and_close),
        cmocka_unit_test(settings_other_keys_are_ignored),
        cmocka_unit_test(settings_columns_are_switched_and_moved),
        cmocka_unit_test(settings_columns_all_off_and_on),
        cmocka_unit_test(settings_columns_follow_who_else_sets_them),
        cmocka_unit_test(settings_values_change_live),
        cmocka_unit_test(settings_fixed_values_say_so),
        cmocka_unit_test(settings_trace_tab_is_the_current_target),
        cmocka_unit_test(settings_theme_changes_but_given_colors_stay),
        cmocka_unit_test(settings_swatches_have_the_colors),
        cmocka_unit_test(settings_save_gives_what_was_changed),
        cmocka_unit_test(settings_save_tells_what_went_wrong),
        cmocka_unit_test(settings_save_keeps_the_limit_that_details_hide),
        cmocka_unit_test(settings_over_everything_else),
        cmocka_unit_test(settings_no_rows_is_no_crash),
        cmocka_unit_test(settings_tiny_sizes_do_not_crash),
        cmocka_unit_test(settings_mouse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
