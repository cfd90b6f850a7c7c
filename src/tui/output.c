/* SPDX-License-Identifier: MIT */
#include "tui/output.h"

#include "tui/host.h"
#include "tui/osc52.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    bool of_flows;
} formats[] = {{"pretty", false}, {"markdown", false}, {"csv", false},
               {"json", false},   {"dot", true},       {"flows", true}};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

const char *tui_output_format(const struct tui_app *app, size_t number) {
    for (size_t i = 0; i < FORMATS; i++) {
        bool there = !formats[i].of_flows || tui_app_trace(app)->max_flows > 1;
        if (there && number-- == 0) {
            return formats[i].name;
        }
    }
    return NULL;
}

static void say(struct tui_app *app, enum tui_text_id text, const char *name, const char *value) {
    const struct tui_pair pairs[] = {{name, value}, {NULL, NULL}};
    char line[TUI_MESSAGE_MAX];

    (void)tui_text_fill(tui_app_text(app, text), pairs, line, sizeof(line));
    for (char *tab = line; (tab = strchr(tab, '\t')) != NULL;) {
        *tab = ' '; /* between the cells of a row */
    }
    tui_app_say(app, line);
}

/* The clipboard. */

/* Takes the text. */
static void put(struct tui_app *app, char *text, const char *shown) {
    if (text == NULL || strlen(text) > TUI_OSC52_MAX) {
        tui_app_say(app, tui_app_text(app, text == NULL ? TUI_T_NO_MEMORY : TUI_T_TOO_LONG));
        free(text);
        return;
    }
    free(app->clipboard);
    app->clipboard = text;
    say(app, TUI_T_COPIED, "text", shown);
}

void tui_output_copy(struct tui_app *app, const char *text) {
    put(app, strdup(text), text);
}

static bool marked_hop(const struct tui_app *app, struct hops_hop *out) {
    return tui_trace_hop(tui_app_trace(app), app->flow, tui_app_marked_ttl(app), out);
}

void tui_output_copy_address(struct tui_app *app) {
    size_t order[HOPS_HOP_ADDRS_MAX];
    char text[HOPS_ADDR_TEXT_MAX];
    struct hops_hop hop;
    struct tui_line hidden;

    if (!marked_hop(app, &hop) || hop.addr_count == 0) {
        tui_app_say(app, tui_app_text(app, TUI_T_NO_RESPONSE));
        return;
    }
    if (tui_app_hides(app, hop.ttl)) {
        tui_line_clear(&hidden);
        tui_line_format(&hidden, "**%s**", tui_app_text(app, TUI_T_HIDDEN));
        tui_app_say(app, hidden.text);
        return;
    }
    (void)tui_host_addrs(app, &hop, order);
    /* Whoever has stepped through the addresses means the one he stepped to. */
    size_t index = app->selected_ttl != 0 && app->address > 0 ? app->address : order[0];
    if (tui_host_detailed(app, &hop)) {
        index = app->address;
    }
    index = index < hop.addr_count ? index : hop.addr_count - 1;
    tui_output_copy(app, hops_addr_format(&hop.addrs[index].addr, text));
}

static void add_lines(const struct tui_app *app, const struct hops_hop *hop, char code,
                      struct tui_line *out) {
    int height = tui_host_height(app, hop);

    for (int n = 0; n < height; n++) {
        struct tui_line line;
        if (code == 'o') {
            tui_host_line(app, hop, n, &line);
        } else {
            tui_host_as_line(app, hop, n, &line);
        }
        tui_line_format(out, "%s%s", n == 0 || line.len == 0 ? "" : ", ", line.text);
    }
}

void tui_output_copy_row(struct tui_app *app) {
    struct tui_line all;
    struct hops_hop hop;

    if (!marked_hop(app, &hop)) {
        tui_app_say(app, tui_app_text(app, TUI_T_NO_RESPONSE));
        return;
    }
    struct report_row row = tui_trace_row(tui_app_trace(app), app->flow, &hop);
    tui_line_clear(&all);
    for (const char *code = app->options.columns; *code != '\0'; code++) {
        const struct report_column *column = report_column_find(*code);
        char cell[REPORT_CELL_MAX];
        if (column == NULL) {
            continue;
        }
        tui_line_add(&all, all.len == 0 ? "" : "\t");
        if (column->kind == REPORT_COLUMN_VIEW) {
            add_lines(app, &hop, *code, &all);
        } else {
            tui_line_add(&all, report_column_text(column, &row, cell));
        }
    }
    tui_output_copy(app, all.text);
}

void tui_output_copy_report(struct tui_app *app) {
    if (app->actions.report != NULL) {
        put(app, app->actions.report(app->actions.user, "pretty"), tui_app_text(app, TUI_T_REPORT));
    }
}

/* Files. */

void tui_output_open(struct tui_app *app) {
    if (app->actions.save != NULL) {
        app->prompt = TUI_PROMPT_SAVE;
        app->input[0] = '\0';
        app->message[0] = '\0';
        if (tui_output_format(app, app->save_format) == NULL) {
            app->save_format = 0;
        }
    }
}

/* Arrows step; a letter leads to the format that begins with it. */
bool tui_output_choose(struct tui_app *app, const struct tui_key *key) {
    uint32_t typed = tui_key_typed(key);
    size_t count = 0;
    size_t *at = &app->save_format;

    for (const char *name; (name = tui_output_format(app, count)) != NULL; count++) {
        if (typed != 0 && (uint32_t)(unsigned char)name[0] == typed) {
            *at = count;
        }
    }
    if (key->code == TUI_KEY_RIGHT || key->code == TUI_KEY_DOWN || key->code == TUI_KEY_TAB) {
        *at = *at + 1 < count ? *at + 1 : 0;
    } else if (key->code == TUI_KEY_LEFT || key->code == TUI_KEY_UP ||
               key->code == TUI_KEY_BACKTAB) {
        *at = (*at > 0 ? *at : count) - 1;
    } else {
        return typed != 0;
    }
    return true;
}

void tui_output_save(struct tui_app *app) {
    int64_t seconds = app->wall_ns / HOPS_SEC;
    struct tui_save save = {.format = tui_output_format(app, app->save_format),
                            .trace = app->trace,
                            .local_seconds = seconds + tui_app_utc_offset(app, seconds)};
    char text[TUI_MESSAGE_MAX / 2] = "";
    bool saved = app->actions.save(app->actions.user, &save, text, sizeof(text));

    app->prompt = TUI_PROMPT_NONE;
    say(app, saved ? TUI_T_SAVED_AS : TUI_T_SAVE_FAILED, saved ? "file" : "reason", text);
}
