/* SPDX-License-Identifier: MIT
 *
 * What keys can ask for. The first 38 are those of configuration files, in the order in which they
 * are listed; the others are additions, whose built-in keys yield to any key of the first 38.
 */
#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

#include "tui/key.h"

enum tui_command {
    TUI_CMD_HELP,
    TUI_CMD_HELP_ALT,
    TUI_CMD_SETTINGS,
    TUI_CMD_SETTINGS_TUI,
    TUI_CMD_SETTINGS_TRACE,
    TUI_CMD_SETTINGS_DNS,
    TUI_CMD_SETTINGS_GEOIP,
    TUI_CMD_SETTINGS_BINDINGS,
    TUI_CMD_SETTINGS_THEME,
    TUI_CMD_SETTINGS_COLUMNS,
    TUI_CMD_NEXT_HOP,
    TUI_CMD_PREVIOUS_HOP,
    TUI_CMD_NEXT_TRACE,
    TUI_CMD_PREVIOUS_TRACE,
    TUI_CMD_NEXT_ADDRESS,
    TUI_CMD_PREVIOUS_ADDRESS,
    TUI_CMD_ADDRESS_IP,
    TUI_CMD_ADDRESS_HOST,
    TUI_CMD_ADDRESS_BOTH,
    TUI_CMD_FREEZE,
    TUI_CMD_CHART,
    TUI_CMD_MAP,
    TUI_CMD_FLOWS,
    TUI_CMD_EXPAND_PRIVACY,
    TUI_CMD_CONTRACT_PRIVACY,
    TUI_CMD_EXPAND_HOSTS,
    TUI_CMD_EXPAND_HOSTS_MAX,
    TUI_CMD_CONTRACT_HOSTS,
    TUI_CMD_CONTRACT_HOSTS_MIN,
    TUI_CMD_ZOOM_IN,
    TUI_CMD_ZOOM_OUT,
    TUI_CMD_CLEAR_DATA,
    TUI_CMD_CLEAR_NAMES,
    TUI_CMD_CLEAR_SELECTION,
    TUI_CMD_AS_INFO,
    TUI_CMD_DETAILS,
    TUI_CMD_QUIT,
    TUI_CMD_QUIT_PRESERVE,
    TUI_CMD_BOUND, /* commands that configuration files know */

    TUI_CMD_NEXT_HOP_ALT = TUI_CMD_BOUND,
    TUI_CMD_PREVIOUS_HOP_ALT,
    TUI_CMD_PAGE_DOWN,
    TUI_CMD_PAGE_UP,
    TUI_CMD_FIRST_HOP,
    TUI_CMD_LAST_HOP,
    TUI_CMD_SEARCH,
    TUI_CMD_GO_TO_TTL,
    TUI_CMD_SORT_NEXT,
    TUI_CMD_SORT_PREVIOUS,
    TUI_CMD_SORT_REVERSE,
    TUI_CMD_OVERVIEW,
    TUI_CMD_EVENTS,
    TUI_CMD_PAUSE,
    TUI_CMD_HIDE_IN_CHART,
    TUI_CMD_COPY_ADDRESS,
    TUI_CMD_COPY_ROW,
    TUI_CMD_COPY_REPORT,
    TUI_CMD_SAVE,
    TUI_CMD_OPEN, /* what the selected line offers: a page, a change */
    TUI_CMD_RESET_SETTING,
    TUI_CMD_FILTER_EVENTS,
    TUI_CMD_REDRAW,
    TUI_CMD_SUSPEND,
    TUI_CMD_INTERRUPT, /* ctrl+c */
    TUI_COMMANDS,      /* number of them */
    TUI_CMD_NONE = TUI_COMMANDS
};

const char *tui_command_name(enum tui_command command);   /* "toggle-help" */
struct tui_key tui_command_key(enum tui_command command); /* built in */

/* Gives the additions their built-in keys in bindings, but for those whose key one of the first 38
 * has: these get TUI_KEY_NULL, which nothing types. The first 38 are the caller's. */
void tui_bindings_complete(struct tui_key bindings[TUI_COMMANDS]);
void tui_bindings_default(struct tui_key bindings[TUI_COMMANDS]);

/* The command of a key; TUI_CMD_NONE: it has none. */
enum tui_command tui_command_of(const struct tui_key bindings[TUI_COMMANDS],
                                const struct tui_key *key);

#endif
