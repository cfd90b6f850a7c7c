/* SPDX-License-Identifier: MIT */
#include "tui/settings.h"

#include "tui/settings_value.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Columns. */

/* Those in column_order that are shown, in that order. */
static void shown_columns(const struct tui_app *app, const char *shown,
                          char out[TUI_COLUMN_CODES]) {
    size_t n = 0;

    for (const char *code = app->column_order; *code != '\0'; code++) {
        if (strchr(shown, *code) != NULL) {
            out[n++] = *code;
        }
    }
    out[n] = '\0';
}

/* Columns that are not shown keep the place they had, until the shown ones are set by somebody
 * else; then they follow these. */
static void order_columns(struct tui_app *app) {
    char shown[TUI_COLUMN_CODES];
    size_t n = 0;

    shown_columns(app, app->options.columns, shown);
    if (strlen(app->column_order) == REPORT_COLUMN_COUNT_ALL &&
        strcmp(shown, app->options.columns) == 0) {
        return;
    }
    for (const char *code = app->options.columns; *code != '\0'; code++) {
        if (report_column_find(*code) != NULL && memchr(app->column_order, *code, n) == NULL) {
            app->column_order[n++] = *code;
        }
    }
    for (size_t i = 0; i < REPORT_COLUMN_COUNT_ALL; i++) {
        if (strchr(app->options.columns, report_columns[i].code) == NULL) {
            app->column_order[n++] = report_columns[i].code;
        }
    }
    app->column_order[n] = '\0';
}

static_assert((int)REPORT_COLUMN_COUNT_ALL < (int)TUI_COLUMN_CODES, "there is room for all");

void tui_settings_toggle_column(struct tui_app *app, size_t i) {
    char wanted[TUI_COLUMN_CODES + 1];

    order_columns(app);
    char code = app->column_order[i];
    const char *at = strchr(app->options.columns, code);
    if (at == NULL) {
        (void)snprintf(wanted, sizeof(wanted), "%s%c", app->options.columns, code);
    } else {
        (void)snprintf(wanted, sizeof(wanted), "%.*s%s", (int)(at - app->options.columns),
                       app->options.columns, at + 1);
        app->sort = app->sort == code ? '\0' : app->sort;
    }
    shown_columns(app, wanted, app->options.columns);
}

bool tui_settings_move_column(struct tui_app *app, size_t i, int step) {
    char shown[TUI_COLUMN_CODES];

    order_columns(app);
    if ((step < 0 && i == 0) || (step > 0 && i + 1 >= strlen(app->column_order))) {
        return false;
    }
    size_t other = step < 0 ? i - 1 : i + 1;
    char code = app->column_order[i];
    app->column_order[i] = app->column_order[other];
    app->column_order[other] = code;
    memcpy(shown, app->options.columns, sizeof(shown));
    shown_columns(app, shown, app->options.columns);
    return true;
}

void tui_settings_reset_columns(struct tui_app *app) {
    struct tui_options initial;

    tui_options_init(&initial);
    memcpy(app->options.columns, initial.columns, sizeof(initial.columns));
    if (strchr(app->options.columns, app->sort) == NULL) {
        app->sort = '\0';
    }
    app->column_order[0] = '\0'; /* the others go back to their places too */
}

/* Rows. */

/* Setting number i of a tab; NULL: there are not so many. */
static const struct tui_setting *setting_at(const struct tui_app *app, enum tui_tab tab, size_t i) {
    for (size_t k = 0; k < app->setting_count; k++) {
        if (app->settings[k].tab == tab && i-- == 0) {
            return &app->settings[k];
        }
    }
    return NULL;
}

size_t tui_settings_count(const struct tui_app *app, enum tui_tab tab) {
    size_t n = 0;

    switch (tab) {
    case TUI_TAB_BINDINGS:
        return TUI_COMMANDS;
    case TUI_TAB_THEME:
        return TUI_ITEMS;
    case TUI_TAB_COLUMNS:
        return REPORT_COLUMN_COUNT_ALL;
    case TUI_TAB_TUI:
    case TUI_TAB_TRACE:
    case TUI_TAB_DNS:
    case TUI_TAB_GEOIP:
    case TUI_TABS:
        break;
    }
    while (setting_at(app, tab, n) != NULL) {
        n++;
    }
    return n;
}

static void add_setting(const struct tui_app *app, const struct tui_setting *setting,
                        struct tui_line *value) {
    const struct tui_live *live = tui_live_find(setting->name);

    if (live != NULL) {
        live->text(&app->options, value);
    } else if (!tui_trait_text(app, setting->name, value) && setting->value != NULL) {
        tui_line_add(value, setting->value);
    }
    if (value->len == 0) {
        tui_line_add(value, tui_app_text(app, setting->absent));
    }
}

static void add_binding(const struct tui_app *app, size_t i, struct tui_line *value) {
    char key[TUI_KEY_TEXT];

    if (i >= TUI_CMD_BOUND && i < TUI_COMMANDS && app->options.bindings[i].code == TUI_KEY_NULL) {
        tui_line_add(value, tui_app_text(app, TUI_T_NONE)); /* another command has its key */
    } else {
        tui_line_add(value, tui_app_key_text(app, (enum tui_command)i, key));
    }
}

void tui_settings_row(struct tui_app *app, enum tui_tab tab, size_t i, struct tui_line *name,
                      struct tui_line *value, struct tui_color *out_color) {
    struct tui_color color = {.kind = TUI_COLOR_DEFAULT};
    char text[16];

    tui_line_clear(name);
    tui_line_clear(value);
    if (tab == TUI_TAB_BINDINGS) {
        tui_line_add(name, tui_command_name((enum tui_command)i));
        add_binding(app, i, value);
    } else if (tab == TUI_TAB_THEME) {
        color = app->options.theme.colors[i];
        tui_line_add(name, tui_item_name((enum tui_item)i));
        tui_line_add(value, tui_color_format(&color, text));
    } else if (tab == TUI_TAB_COLUMNS) {
        order_columns(app);
        char code = app->column_order[i];
        bool on = strchr(app->options.columns, code) != NULL;
        tui_line_add(name, tui_app_column_title(app, report_column_find(code)));
        tui_line_add(value, tui_app_text(app, on ? TUI_T_ON : TUI_T_OFF));
    } else {
        const struct tui_setting *setting = setting_at(app, tab, i);
        tui_line_add(name, setting == NULL ? "" : setting->name);
        if (setting != NULL) {
            add_setting(app, setting, value);
        }
    }
    if (out_color != NULL) {
        *out_color = color;
    }
}

bool tui_settings_change(struct tui_app *app, enum tui_tab tab, size_t i) {
    if (tab == TUI_TAB_COLUMNS) {
        tui_settings_toggle_column(app, i);
        return true;
    }
    if (tab == TUI_TAB_THEME) {
        return tui_live_change_preset(app);
    }
    const struct tui_setting *setting = tab == TUI_TAB_BINDINGS ? NULL : setting_at(app, tab, i);
    const struct tui_live *live = setting == NULL ? NULL : tui_live_find(setting->name);
    return live != NULL && live->change != NULL && live->change(app);
}

/* Saving. */

static_assert((int)TUI_LIVES <= (int)TUI_CHANGES_MAX, "all can be saved at once");

static size_t find_changes(const struct tui_options *before, const struct tui_options *now,
                           struct tui_change out[TUI_CHANGES_MAX]) {
    size_t n = 0;

    for (size_t i = 0; i < TUI_LIVES; i++) {
        struct tui_line old = {.len = 0};
        struct tui_line new = {.len = 0};
        tui_lives[i].text(before, &old);
        tui_lives[i].text(now, &new);
        if (strcmp(old.text, new.text) != 0) {
            out[n].name = tui_lives[i].name;
            (void)snprintf(out[n].value, sizeof(out[n].value), "%.*s", TUI_CHANGE_VALUE - 1,
                           new.text);
            n++;
        }
    }
    return n;
}

static void tell(struct tui_app *app, const struct tui_saved *saved) {
    static const enum tui_text_id texts[] = {[TUI_SAVED] = TUI_T_SETTINGS_SAVED,
                                             [TUI_SAVED_BESIDE] = TUI_T_SETTINGS_SAVED_BESIDE,
                                             [TUI_NOT_SAVED] = TUI_T_SETTINGS_NOT_SAVED};
    const char *why = saved->reason < TUI_TEXTS ? tui_app_text(app, saved->reason) : saved->why;
    const struct tui_pair pairs[] = {{"path", saved->path}, {"why", why}, {NULL, NULL}};
    char message[TUI_MESSAGE_MAX];

    tui_app_say(
        app, tui_text_fill(tui_app_text(app, texts[saved->how]), pairs, message, sizeof(message)));
}

void tui_settings_save(struct tui_app *app) {
    struct tui_change changes[TUI_CHANGES_MAX];
    struct tui_options now = app->options;
    struct tui_saved saved = {.how = TUI_NOT_SAVED, .reason = TUI_TEXTS};

    if (app->details) {
        now.max_addrs = app->limit_before_details; /* the other is for details only */
    }
    size_t count = find_changes(&app->saved, &now, changes);
    if (count == 0) {
        tui_app_say(app, tui_app_text(app, TUI_T_SETTINGS_UNCHANGED));
        return;
    }
    if (app->actions.save_settings == NULL) {
        tui_app_say(app, tui_app_text(app, TUI_T_SETTINGS_NOWHERE));
        return;
    }
    app->actions.save_settings(app->actions.user, changes, count, &saved);
    if (saved.how != TUI_NOT_SAVED) {
        app->saved = now;
    }
    tell(app, &saved);
}
