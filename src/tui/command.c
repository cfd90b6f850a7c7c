/* SPDX-License-Identifier: MIT */
#include "tui/command.h"

#define CHAR(c)                                                                                    \
    { .code = TUI_KEY_CHAR, .ch = (c) }
#define CTRL(c)                                                                                    \
    { .code = TUI_KEY_CHAR, .ch = (c), .modifiers = TUI_CTRL }
#define SHIFT(c)                                                                                   \
    { .code = TUI_KEY_CHAR, .ch = (c), .modifiers = TUI_SHIFT }
#define KEY(k)                                                                                     \
    { .code = TUI_KEY_##k }

static const struct {
    const char *name;
    struct tui_key key;
} commands[TUI_COMMANDS] = {
    [TUI_CMD_HELP] = {"toggle-help", CHAR('h')},
    [TUI_CMD_HELP_ALT] = {"toggle-help-alt", CHAR('?')},
    [TUI_CMD_SETTINGS] = {"toggle-settings", CHAR('s')},
    [TUI_CMD_SETTINGS_TUI] = {"toggle-settings-tui", CHAR('1')},
    [TUI_CMD_SETTINGS_TRACE] = {"toggle-settings-trace", CHAR('2')},
    [TUI_CMD_SETTINGS_DNS] = {"toggle-settings-dns", CHAR('3')},
    [TUI_CMD_SETTINGS_GEOIP] = {"toggle-settings-geoip", CHAR('4')},
    [TUI_CMD_SETTINGS_BINDINGS] = {"toggle-settings-bindings", CHAR('5')},
    [TUI_CMD_SETTINGS_THEME] = {"toggle-settings-theme", CHAR('6')},
    [TUI_CMD_SETTINGS_COLUMNS] = {"toggle-settings-columns", CHAR('7')},
    [TUI_CMD_NEXT_HOP] = {"next-hop", KEY(DOWN)},
    [TUI_CMD_PREVIOUS_HOP] = {"previous-hop", KEY(UP)},
    [TUI_CMD_NEXT_TRACE] = {"next-trace", KEY(RIGHT)},
    [TUI_CMD_PREVIOUS_TRACE] = {"previous-trace", KEY(LEFT)},
    [TUI_CMD_NEXT_ADDRESS] = {"next-hop-address", CHAR('.')},
    [TUI_CMD_PREVIOUS_ADDRESS] = {"previous-hop-address", CHAR(',')},
    [TUI_CMD_ADDRESS_IP] = {"address-mode-ip", CHAR('i')},
    [TUI_CMD_ADDRESS_HOST] = {"address-mode-host", CHAR('n')},
    [TUI_CMD_ADDRESS_BOTH] = {"address-mode-both", CHAR('b')},
    [TUI_CMD_FREEZE] = {"toggle-freeze", CTRL('f')},
    [TUI_CMD_CHART] = {"toggle-chart", CHAR('c')},
    [TUI_CMD_MAP] = {"toggle-map", CHAR('m')},
    [TUI_CMD_FLOWS] = {"toggle-flows", CHAR('f')},
    [TUI_CMD_EXPAND_PRIVACY] = {"expand-privacy", CHAR('p')},
    [TUI_CMD_CONTRACT_PRIVACY] = {"contract-privacy", CHAR('o')},
    [TUI_CMD_EXPAND_HOSTS] = {"expand-hosts", CHAR(']')},
    [TUI_CMD_EXPAND_HOSTS_MAX] = {"expand-hosts-max", CHAR('}')},
    [TUI_CMD_CONTRACT_HOSTS] = {"contract-hosts", CHAR('[')},
    [TUI_CMD_CONTRACT_HOSTS_MIN] = {"contract-hosts-min", CHAR('{')},
    [TUI_CMD_ZOOM_IN] = {"chart-zoom-in", CHAR('=')},
    [TUI_CMD_ZOOM_OUT] = {"chart-zoom-out", CHAR('-')},
    [TUI_CMD_CLEAR_DATA] = {"clear-trace-data", CTRL('r')},
    [TUI_CMD_CLEAR_NAMES] = {"clear-dns-cache", CTRL('k')},
    [TUI_CMD_CLEAR_SELECTION] = {"clear-selection", KEY(ESC)},
    [TUI_CMD_AS_INFO] = {"toggle-as-info", CHAR('z')},
    [TUI_CMD_DETAILS] = {"toggle-hop-details", CHAR('d')},
    [TUI_CMD_QUIT] = {"quit", CHAR('q')},
    [TUI_CMD_QUIT_PRESERVE] = {"quit-preserve-screen", SHIFT('q')},
    [TUI_CMD_NEXT_HOP_ALT] = {"next-hop-alt", CHAR('j')},
    [TUI_CMD_PREVIOUS_HOP_ALT] = {"previous-hop-alt", CHAR('k')},
    [TUI_CMD_PAGE_DOWN] = {"page-down", KEY(PAGEDOWN)},
    [TUI_CMD_PAGE_UP] = {"page-up", KEY(PAGEUP)},
    [TUI_CMD_FIRST_HOP] = {"first-hop", KEY(HOME)},
    [TUI_CMD_LAST_HOP] = {"last-hop", KEY(END)},
    [TUI_CMD_SEARCH] = {"search", CHAR('/')},
    [TUI_CMD_GO_TO_TTL] = {"go-to-ttl", CHAR('g')},
    [TUI_CMD_SORT_NEXT] = {"sort-next-column", CHAR('>')},
    [TUI_CMD_SORT_PREVIOUS] = {"sort-previous-column", CHAR('<')},
    [TUI_CMD_SORT_REVERSE] = {"sort-reverse", CHAR('r')},
    [TUI_CMD_OVERVIEW] = {"toggle-overview", CHAR('v')},
    [TUI_CMD_EVENTS] = {"toggle-events", CHAR('e')},
    [TUI_CMD_PAUSE] = {"toggle-pause", CHAR(' ')},
    [TUI_CMD_HIDE_IN_CHART] = {"chart-hide-hop", CHAR('x')},
    [TUI_CMD_COPY_ADDRESS] = {"copy-address", CHAR('y')},
    [TUI_CMD_COPY_ROW] = {"copy-row", SHIFT('y')},
    [TUI_CMD_COPY_REPORT] = {"copy-report", CTRL('y')},
    [TUI_CMD_SAVE] = {"save", CHAR('w')},
    [TUI_CMD_OPEN] = {"open", KEY(ENTER)},
    [TUI_CMD_RESET_SETTING] = {"reset-setting", KEY(DELETE)},
    [TUI_CMD_FILTER_EVENTS] = {"filter-events", CHAR('a')},
    [TUI_CMD_REDRAW] = {"redraw", CTRL('l')},
    [TUI_CMD_SUSPEND] = {"suspend", CTRL('z')},
    [TUI_CMD_INTERRUPT] = {"interrupt", CTRL('c')},
};

const char *tui_command_name(enum tui_command command) {
    return commands[command].name;
}

struct tui_key tui_command_key(enum tui_command command) {
    return commands[command].key;
}

static enum tui_command find(const struct tui_key *bindings, size_t count,
                             const struct tui_key *key) {
    for (size_t i = 0; i < count; i++) {
        if (tui_key_equal(&bindings[i], key)) {
            return (enum tui_command)i;
        }
    }
    return TUI_CMD_NONE;
}

void tui_bindings_complete(struct tui_key bindings[TUI_COMMANDS]) {
    for (size_t i = TUI_CMD_BOUND; i < TUI_COMMANDS; i++) {
        bindings[i] = commands[i].key;
        if (find(bindings, TUI_CMD_BOUND, &bindings[i]) != TUI_CMD_NONE) {
            bindings[i] = (struct tui_key){.code = TUI_KEY_NULL};
        }
    }
}

void tui_bindings_default(struct tui_key bindings[TUI_COMMANDS]) {
    for (size_t i = 0; i < TUI_CMD_BOUND; i++) {
        bindings[i] = commands[i].key;
    }
    tui_bindings_complete(bindings);
}

enum tui_command tui_command_of(const struct tui_key bindings[TUI_COMMANDS],
                                const struct tui_key *key) {
    if (key->code == TUI_KEY_NULL) {
        return find(bindings, TUI_CMD_BOUND, key);
    }
    return find(bindings, TUI_COMMANDS, key);
}
