/* SPDX-License-Identifier: MIT
 *
 * The help: where to go from here, and every command with its keys, in a list that can be scrolled.
 * Commands that belong together share a line.
 */
#include "tui/line.h"
#include "tui/view.h"

#include <stdio.h>

enum {
    KEYS_MAX = 7,
    TEXT_LEAST = 34, /* two lists side by side from this width of a text on */
    TEXT_NARROW = 12 /* keys that leave less have a line of their own */
};

struct entry {
    enum tui_text_id text;
    size_t count; /* 0: a heading */
    enum tui_command commands[KEYS_MAX];
};

/* clang-format off */
static const struct entry entries[] = {
    {TUI_T_HELP_HOPS, 0, {TUI_CMD_NONE}},
    {TUI_T_HELP_SELECT, 4,
     {TUI_CMD_NEXT_HOP, TUI_CMD_PREVIOUS_HOP, TUI_CMD_NEXT_HOP_ALT, TUI_CMD_PREVIOUS_HOP_ALT}},
    {TUI_T_HELP_PAGE, 2, {TUI_CMD_PAGE_DOWN, TUI_CMD_PAGE_UP}},
    {TUI_T_HELP_ENDS, 2, {TUI_CMD_FIRST_HOP, TUI_CMD_LAST_HOP}},
    {TUI_T_HELP_UNSELECT, 1, {TUI_CMD_CLEAR_SELECTION}},
    {TUI_T_HELP_ADDRESS, 2, {TUI_CMD_NEXT_ADDRESS, TUI_CMD_PREVIOUS_ADDRESS}},
    {TUI_T_HELP_SEARCH, 1, {TUI_CMD_SEARCH}},
    {TUI_T_HELP_GO_TO, 1, {TUI_CMD_GO_TO_TTL}},
    {TUI_T_HELP_SORT, 2, {TUI_CMD_SORT_NEXT, TUI_CMD_SORT_PREVIOUS}},
    {TUI_T_HELP_REVERSE, 1, {TUI_CMD_SORT_REVERSE}},

    {TUI_T_HELP_VIEWS, 0, {TUI_CMD_NONE}},
    {TUI_T_HELP_DETAILS, 1, {TUI_CMD_DETAILS}},
    {TUI_T_HELP_CHART, 1, {TUI_CMD_CHART}},
    {TUI_T_HELP_ZOOM, 2, {TUI_CMD_ZOOM_IN, TUI_CMD_ZOOM_OUT}},
    {TUI_T_HELP_HIDE, 1, {TUI_CMD_HIDE_IN_CHART}},
    {TUI_T_HELP_MAP, 1, {TUI_CMD_MAP}},
    {TUI_T_HELP_FLOWS, 1, {TUI_CMD_FLOWS}},
    {TUI_T_HELP_TRACE, 2, {TUI_CMD_NEXT_TRACE, TUI_CMD_PREVIOUS_TRACE}},
    {TUI_T_HELP_OVERVIEW, 1, {TUI_CMD_OVERVIEW}},
    {TUI_T_HELP_EVENTS, 1, {TUI_CMD_EVENTS}},
    {TUI_T_HELP_FILTER, 1, {TUI_CMD_FILTER_EVENTS}},
    {TUI_T_HELP_OPEN, 1, {TUI_CMD_OPEN}},

    {TUI_T_HELP_NAMES, 0, {TUI_CMD_NONE}},
    {TUI_T_HELP_MODES, 3, {TUI_CMD_ADDRESS_IP, TUI_CMD_ADDRESS_HOST, TUI_CMD_ADDRESS_BOTH}},
    {TUI_T_HELP_AS, 1, {TUI_CMD_AS_INFO}},
    {TUI_T_HELP_HOSTS, 2, {TUI_CMD_EXPAND_HOSTS, TUI_CMD_CONTRACT_HOSTS}},
    {TUI_T_HELP_HOSTS_ENDS, 2, {TUI_CMD_EXPAND_HOSTS_MAX, TUI_CMD_CONTRACT_HOSTS_MIN}},
    {TUI_T_HELP_PRIVACY, 2, {TUI_CMD_EXPAND_PRIVACY, TUI_CMD_CONTRACT_PRIVACY}},
    {TUI_T_HELP_FORGET, 1, {TUI_CMD_CLEAR_NAMES}},

    {TUI_T_HELP_MEASURING, 0, {TUI_CMD_NONE}},
    {TUI_T_HELP_FREEZE, 1, {TUI_CMD_FREEZE}},
    {TUI_T_HELP_PAUSE, 1, {TUI_CMD_PAUSE}},
    {TUI_T_HELP_CLEAR, 1, {TUI_CMD_CLEAR_DATA}},
    {TUI_T_HELP_COPY_ADDRESS, 1, {TUI_CMD_COPY_ADDRESS}},
    {TUI_T_HELP_COPY_ROW, 1, {TUI_CMD_COPY_ROW}},
    {TUI_T_HELP_COPY_REPORT, 1, {TUI_CMD_COPY_REPORT}},
    {TUI_T_HELP_SAVE, 1, {TUI_CMD_SAVE}},

    {TUI_T_HELP_PROGRAM, 0, {TUI_CMD_NONE}},
    {TUI_T_HELP_HELP, 2, {TUI_CMD_HELP, TUI_CMD_HELP_ALT}},
    {TUI_T_HELP_OPEN_SETTINGS, 1, {TUI_CMD_SETTINGS}},
    {TUI_T_HELP_PAGES, 7,
     {TUI_CMD_SETTINGS_TUI, TUI_CMD_SETTINGS_TRACE, TUI_CMD_SETTINGS_DNS, TUI_CMD_SETTINGS_GEOIP,
      TUI_CMD_SETTINGS_BINDINGS, TUI_CMD_SETTINGS_THEME, TUI_CMD_SETTINGS_COLUMNS}},
    {TUI_T_HELP_RESET, 1, {TUI_CMD_RESET_SETTING}},
    {TUI_T_HELP_REDRAW, 1, {TUI_CMD_REDRAW}},
    {TUI_T_HELP_SUSPEND, 1, {TUI_CMD_SUSPEND}},
    {TUI_T_HELP_QUIT, 2, {TUI_CMD_QUIT, TUI_CMD_INTERRUPT}},
    {TUI_T_HELP_PRESERVE, 1, {TUI_CMD_QUIT_PRESERVE}},
};
/* clang-format on */

enum { ENTRIES = sizeof(entries) / sizeof(entries[0]) };

/* A column of lines, seen through a window. */
struct page {
    const struct tui_app *app;
    struct tui_grid *grid; /* NULL: the lines are only counted */
    struct tui_rect window;
    int scroll;
    int line; /* the next */
    int key_width;
};

static int y_of(const struct page *page) {
    return page->window.y + page->line - page->scroll; /* the clip leaves out what is not seen */
}

static struct tui_style style_of(const struct page *page) {
    return tui_app_style(page->app, TUI_HELP_TEXT, TUI_HELP_BG);
}

static void add_line(struct page *page, const char *text) {
    if (page->grid != NULL) {
        tui_grid_centre(page->grid, page->window.x, y_of(page), page->window.w, style_of(page),
                        text);
    }
    page->line++;
}

/* The text in the middle, on as many lines as it needs. */
static void add_centred(struct page *page, const char *text) {
    while (*text != '\0') {
        size_t n = tui_line_break(text, page->window.w);
        struct tui_line line;
        tui_line_clear(&line);
        tui_line_format(&line, "%.*s", (int)n, text);
        add_line(page, line.text);
        text += n + (text[n] == ' ');
    }
}

/* The same from x on. */
static void add_wrapped(struct page *page, int x, const char *text, uint8_t attrs) {
    struct tui_style style = style_of(page);
    int w = page->window.w - x;

    style.attrs |= attrs;
    do {
        size_t n = tui_line_break(text, w);
        struct tui_line line;
        tui_line_clear(&line);
        tui_line_format(&line, "%.*s", (int)n, text);
        if (page->grid != NULL) {
            tui_grid_text_in(page->grid, page->window.x + x, y_of(page), w, style, line.text);
        }
        page->line++;
        text += n + (text[n] == ' ');
    } while (*text != '\0');
}

/* The keys of all commands of the entry that have one. */
static void add_keys(const struct tui_app *app, const struct entry *entry, struct tui_line *out) {
    tui_line_clear(out);
    for (size_t i = 0; i < entry->count; i++) {
        enum tui_command command = entry->commands[i];
        char key[TUI_KEY_TEXT];
        if (app->options.bindings[command].code != TUI_KEY_NULL) {
            tui_line_format(out, "%s%s", out->len == 0 ? "" : " ",
                            tui_app_key_text(app, command, key));
        }
    }
}

static int widest_keys(const struct tui_app *app, int room) {
    int most = room - 3 - TEXT_NARROW;
    int widest = 0;

    for (size_t i = 0; i < ENTRIES; i++) {
        struct tui_line keys;
        add_keys(app, &entries[i], &keys);
        int w = tui_text_width(keys.text);
        widest = w > widest ? w : widest;
    }
    return widest < most ? widest : most > 0 ? most : 0;
}

/* Entries first..end - 1. */
static void add_entries(struct page *page, size_t first, size_t end) {
    for (size_t i = first; i < end; i++) {
        struct tui_line keys;
        if (entries[i].count == 0) {
            page->line += i > first ? 1 : 0;
            add_wrapped(page, 0, tui_app_text(page->app, entries[i].text), TUI_BOLD);
            continue;
        }
        add_keys(page->app, &entries[i], &keys);
        if (keys.len == 0) {
            continue;
        }
        if (page->grid != NULL) {
            tui_grid_text_in(page->grid, page->window.x + 1, y_of(page), page->window.w - 1,
                             style_of(page), keys.text);
        }
        page->line += tui_text_width(keys.text) > page->key_width ? 1 : 0;
        add_wrapped(page, page->key_width + 3, tui_app_text(page->app, entries[i].text), 0);
    }
}

/* The heading in the middle of the list, where it is broken into two. */
static size_t middle(void) {
    size_t at = ENTRIES / 2;

    while (entries[at].count != 0) {
        at--;
    }
    return at;
}

/* Side by side if there is room. */
static void add_list(struct page *page) {
    struct page left = *page;
    struct page right = *page;

    if (page->window.w < 2 * (page->key_width + 3 + TEXT_LEAST)) {
        add_entries(page, 0, ENTRIES);
        return;
    }
    left.window.w = page->window.w / 2 - 1;
    right.window.x += page->window.w / 2;
    right.window.w = page->window.w - page->window.w / 2;
    add_entries(&left, 0, middle());
    add_entries(&right, middle(), ENTRIES);
    page->line = left.line > right.line ? left.line : right.line;
}

static void add_pointer(struct page *page, enum tui_text_id text, enum tui_command command) {
    char key[TUI_KEY_TEXT];
    char line[256];

    tui_app_key_text(page->app, command, key);
    add_centred(page, tui_text_fill(tui_app_text(page->app, text),
                                    (const struct tui_pair[]){{"key", key}, {NULL, NULL}}, line,
                                    sizeof(line)));
}

static void add_all(struct page *page) {
    const struct tui_app *app = page->app;

    add_centred(page, tui_app_text(app, TUI_T_HELP_TAGLINE));
    add_pointer(page, TUI_T_HELP_SETTINGS, TUI_CMD_SETTINGS);
    add_pointer(page, TUI_T_HELP_BINDINGS, TUI_CMD_SETTINGS_BINDINGS);
    add_pointer(page, TUI_T_HELP_COLUMNS, TUI_CMD_SETTINGS_COLUMNS);
    page->line++;
    add_list(page);
    page->line++;
    for (int i = 0; i < TUI_LOGO_LINES; i++) {
        add_line(page, tui_logo[i]);
    }
    page->line++;
    add_centred(page, tui_app_text(app, TUI_T_HELP_MANUAL));
    add_centred(page, tui_app_text(app, TUI_T_HELP_LICENSE));
    add_centred(page, tui_app_text(app, TUI_T_HELP_COPYRIGHT));
}

static void draw_more(const struct page *page, struct tui_rect rect, int lines) {
    char text[64];
    bool above = page->scroll > 0;
    bool below = page->scroll + page->window.h < lines;

    if (above || below) {
        (void)snprintf(text, sizeof(text), "%s%s %s", above ? "▲" : "", below ? "▼" : "",
                       tui_app_text(page->app, TUI_T_MORE));
        int w = tui_text_width(text);
        tui_grid_text_in(page->grid, rect.x + rect.w - 1 - w, rect.y + rect.h - 1, w,
                         style_of(page), text);
    }
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style style = tui_app_style(app, TUI_HELP_TEXT, TUI_HELP_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_DOUBLE, style);
    struct page page = {.app = app,
                        .window = {inside.x + 1, inside.y, inside.w - 2, inside.h},
                        .key_width = widest_keys(app, inside.w - 2)};
    struct page counted = page;

    tui_grid_title_centre(grid, rect, style, tui_app_text(app, TUI_T_TITLE_HELP));
    if (page.window.w < 1 || page.window.h < 1) {
        return;
    }
    add_all(&counted);
    size_t most = counted.line > inside.h ? (size_t)(counted.line - inside.h) : 0;
    app->help_scroll = app->help_scroll > most ? most : app->help_scroll;
    page.scroll = (int)app->help_scroll;
    page.grid = grid;
    struct tui_rect before = tui_grid_clip(grid, page.window);
    add_all(&page);
    tui_grid_unclip(grid, before);
    draw_more(&page, rect, counted.line);
}

/* Keys. */

static void scroll(struct tui_app *app, int lines) {
    if (lines < 0 && app->help_scroll < (size_t)-lines) {
        app->help_scroll = 0;
    } else {
        app->help_scroll += (size_t)lines; /* drawing knows where the end is */
    }
}

static int page_lines(const struct tui_app *app) {
    int h = tui_layout_dialog(app->columns, app->rows).h - 3; /* a line is seen on both pages */

    return h > 1 ? h : 1;
}

static void close(struct tui_app *app) {
    app->dialog = app->help_over;
    app->help_over = TUI_DIALOG_NONE;
}

static bool scroll_by(struct tui_app *app, enum tui_command command) {
    static const struct {
        enum tui_command command;
        int lines, pages;
    } steps[] = {
        {TUI_CMD_NEXT_HOP, 1, 0},      {TUI_CMD_NEXT_HOP_ALT, 1, 0},
        {TUI_CMD_PREVIOUS_HOP, -1, 0}, {TUI_CMD_PREVIOUS_HOP_ALT, -1, 0},
        {TUI_CMD_PAGE_DOWN, 0, 1},     {TUI_CMD_PAGE_UP, 0, -1},
        {TUI_CMD_FIRST_HOP, -9999, 0}, {TUI_CMD_LAST_HOP, 9999, 0},
    };

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i].command == command) {
            scroll(app, steps[i].lines + steps[i].pages * page_lines(app));
            return true;
        }
    }
    return false;
}

static bool command(struct tui_app *app, enum tui_command command) {
    if (command == TUI_CMD_HELP || command == TUI_CMD_HELP_ALT ||
        command == TUI_CMD_CLEAR_SELECTION || command == TUI_CMD_QUIT) {
        close(app);
        return true;
    }
    if (command >= TUI_CMD_SETTINGS && command <= TUI_CMD_SETTINGS_COLUMNS) {
        app->dialog = TUI_DIALOG_NONE;
        app->help_over = TUI_DIALOG_NONE;
        tui_app_command(app, command);
        return true;
    }
    return scroll_by(app, command);
}

const struct tui_view tui_view_help = {.draw = draw, .command = command};
