/* SPDX-License-Identifier: MIT
 *
 * The settings dialog: a strip of tabs, a table of settings and their values, and a few words about
 * them.
 */
#include "tui/settings.h"
#include "tui/view.h"

#include <stdio.h>

enum {
    STRIP = 3, /* heights */
    INFO = 4,
    TABLE_LEAST = 5, /* two rows, head and frame */
    NAMES_LEAST = 12 /* widths */
};

static const enum tui_text_id titles[TUI_TABS] = {
    TUI_T_SETTINGS_TAB_TUI,    TUI_T_SETTINGS_TAB_TRACE,    TUI_T_SETTINGS_TAB_DNS,
    TUI_T_SETTINGS_TAB_GEOIP,  TUI_T_SETTINGS_TAB_BINDINGS, TUI_T_SETTINGS_TAB_THEME,
    TUI_T_SETTINGS_TAB_COLUMNS};

static const enum tui_text_id descriptions[TUI_TABS] = {
    TUI_T_SETTINGS_TUI_DESC,    TUI_T_SETTINGS_TRACE_DESC,    TUI_T_SETTINGS_DNS_DESC,
    TUI_T_SETTINGS_GEOIP_DESC,  TUI_T_SETTINGS_BINDINGS_DESC, TUI_T_SETTINGS_THEME_DESC,
    TUI_T_SETTINGS_COLUMNS_DESC};

static enum tui_tab tab_of(const struct tui_app *app) {
    return (enum tui_tab)app->settings_tab;
}

/* Where things are. Without room the words go first, then the frame of the strip. */

struct places {
    struct tui_rect strip, table, info; /* h 0: not there */
};

static struct places places_in(struct tui_rect r) {
    int strip = r.h >= STRIP + TABLE_LEAST ? STRIP : 1;
    int info = r.h >= STRIP + TABLE_LEAST + INFO - 1 ? INFO : 0;
    int table = r.h - strip - info;

    return (struct places){.strip = {r.x, r.y, r.w, strip},
                           .table = {r.x, r.y + strip, r.w, table > 0 ? table : 0},
                           .info = {r.x, r.y + r.h - info, r.w, info}};
}

/* Rows that are seen, h: of the table. */
static int page(int h) {
    return h > 4 ? h - 3 : 1;
}

/* The strip. */

static int title_width(const struct tui_app *app, size_t tab) {
    return tui_text_width(tui_app_text(app, titles[tab])) + 2;
}

static struct tui_rect strip_inside(struct tui_rect strip) {
    return strip.h < STRIP
               ? strip
               : (struct tui_rect){strip.x + 1, strip.y + 1, strip.w > 2 ? strip.w - 2 : 0, 1};
}

/* The first tab that is shown, so that the current one fits in. */
static size_t first_tab(const struct tui_app *app, int w) {
    size_t first = app->settings_tab;
    int used = title_width(app, first);

    while (first > 0 && used + 1 + title_width(app, first - 1) <= w) {
        used += 1 + title_width(app, first - 1);
        first--;
    }
    return first;
}

static void draw_strip(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style text = tui_app_style(app, TUI_SETTINGS_TAB_TEXT, TUI_SETTINGS_BG);
    struct tui_style frame = {.bg = text.bg};
    struct tui_rect inside = strip_inside(rect);
    size_t first = first_tab(app, inside.w);
    int x = inside.x;

    if (rect.h >= STRIP) {
        tui_grid_frame(grid, rect, TUI_BOX_DOUBLE, frame);
        tui_grid_title_centre(grid, rect, frame, tui_app_text(app, TUI_T_TITLE_SETTINGS));
    }
    struct tui_rect before = tui_grid_clip(grid, inside);
    for (size_t i = first; i < TUI_TABS; i++) {
        struct tui_style style = text;
        if (i == app->settings_tab) {
            style.attrs |= TUI_BOLD | TUI_UNDERLINE;
        }
        x += tui_grid_text(grid, x, inside.y, text, " ");
        x += tui_grid_text(grid, x, inside.y, style, tui_app_text(app, titles[i]));
        x += tui_grid_text(grid, x, inside.y, text, i + 1 < TUI_TABS ? " │" : " ");
    }
    tui_grid_unclip(grid, before);
    if (first > 0) {
        tui_grid_text(grid, rect.x, inside.y, frame, "◀");
    }
    if (x > inside.x + inside.w) {
        tui_grid_text(grid, rect.x + rect.w - 1, inside.y, frame, "▶");
    }
}

/* The table. */

struct widths {
    int names, values;
};

/* Names get what they need, or if values are left too little by that, what these leave. */
static struct widths widths_in(struct tui_app *app, int w) {
    struct tui_line name;
    struct tui_line value;
    int longest_name = 30;
    int longest_value = 0;

    for (size_t i = 0; i < tui_settings_count(app, tab_of(app)); i++) {
        tui_settings_row(app, tab_of(app), i, &name, &value, NULL);
        int n = tui_text_width(name.text);
        int v = tui_text_width(value.text);
        longest_name = n > longest_name ? n : longest_name;
        longest_value = v > longest_value ? v : longest_value;
    }
    if (w >= longest_name + 61) {
        return (struct widths){w - 61, 60};
    }
    int left = w - 1 - longest_value;
    left = left < NAMES_LEAST ? NAMES_LEAST : left;
    int names = longest_name < left ? longest_name : left;
    return (struct widths){names, w - 1 - names > 0 ? w - 1 - names : 0};
}

/* The ends of names are what tells them apart, so a long one loses its beginning. */
static void draw_name(struct tui_grid *grid, int x, int y, int w, struct tui_style style,
                      const char *name) {
    int width = tui_text_width(name);

    if (width > w) {
        x += tui_grid_text_in(grid, x, y, w, style, "…");
        while (width > w - 1 && *name != '\0') {
            name++;
            while (((unsigned char)*name & 0xc0) == 0x80) {
                name++;
            }
            width = tui_text_width(name);
        }
    }
    tui_grid_text_in(grid, x, y, w, style, name);
}

static void draw_row(struct tui_app *app, struct tui_grid *grid, struct tui_rect row,
                     struct widths widths, size_t i) {
    struct tui_style style = tui_app_style(app, TUI_SETTINGS_ROW_TEXT, TUI_SETTINGS_BG);
    int x = row.x + widths.names + 1;
    struct tui_line name;
    struct tui_line value;
    struct tui_color color;

    tui_settings_row(app, tab_of(app), i, &name, &value, &color);
    draw_name(grid, row.x, row.y, widths.names, style, name.text);
    tui_grid_text_in(grid, x, row.y, widths.values, style, value.text);
    if (app->settings_row == (int)i) {
        tui_grid_set_attrs(grid, row, TUI_REVERSE);
    }
    if (color.kind != TUI_COLOR_DEFAULT && widths.values > 15) {
        tui_grid_text_in(grid, x + 13, row.y, widths.values - 13,
                         (struct tui_style){.fg = color, .bg = style.bg}, "██");
    }
}

static void scroll(struct tui_app *app, int rows, size_t count) {
    int first = (int)app->settings_scroll;
    int most = (int)count - rows;

    if (app->settings_row >= 0 && first > app->settings_row) {
        first = app->settings_row;
    }
    if (first < app->settings_row - rows + 1) {
        first = app->settings_row - rows + 1;
    }
    first = app->settings_row < 0 ? 0 : first > most ? most : first;
    app->settings_scroll = (size_t)(first > 0 ? first : 0);
}

/* On the lower edge, what is not seen. */
static void draw_more(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                      struct tui_style style, size_t below) {
    struct tui_line line;

    if (app->settings_scroll == 0 && below == 0) {
        return;
    }
    tui_line_clear(&line);
    tui_line_format(&line, "%s%s %s", app->settings_scroll > 0 ? "▲" : "", below > 0 ? "▼" : "",
                    tui_app_text(app, TUI_T_MORE));
    int w = tui_text_width(line.text);
    tui_grid_text_in(grid, rect.x + rect.w - 1 - w, rect.y + rect.h - 1, w, style, line.text);
}

static void draw_table(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style frame = tui_app_style(app, TUI_TEXT, TUI_SETTINGS_BG);
    struct tui_style head = tui_app_style(app, TUI_SETTINGS_HEADER_TEXT, TUI_SETTINGS_HEADER_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_SQUARE, frame);
    struct widths widths = widths_in(app, inside.w);
    size_t count = tui_settings_count(app, tab_of(app));
    size_t rows = (size_t)page(rect.h);
    struct tui_line title;

    scroll(app, (int)rows, count);
    tui_line_clear(&title);
    tui_line_format(&title, " %s ", tui_app_text(app, titles[app->settings_tab]));
    tui_grid_title(grid, rect, frame, title.text);
    size_t end = app->settings_scroll + rows < count ? app->settings_scroll + rows : count;
    draw_more(app, grid, rect, frame, count - end);
    struct tui_rect before = tui_grid_clip(grid, inside);
    tui_grid_fill(grid, (struct tui_rect){inside.x, inside.y, inside.w, 1}, head);
    tui_grid_text_in(grid, inside.x, inside.y, widths.names, head,
                     tui_app_text(app, TUI_T_SETTINGS_HEADER_SETTING));
    tui_grid_text_in(grid, inside.x + widths.names + 1, inside.y, widths.values, head,
                     tui_app_text(app, TUI_T_SETTINGS_HEADER_VALUE));
    for (size_t i = app->settings_scroll; i < end; i++) {
        int y = inside.y + 1 + (int)(i - app->settings_scroll);
        draw_row(app, grid, (struct tui_rect){inside.x, y, inside.w, 1}, widths, i);
    }
    tui_grid_unclip(grid, before);
}

/* The words. */

/* Adds the highlighted row in full, if the table has no room for that. */
static void add_cut_row(struct tui_app *app, struct tui_line *out, int w) {
    struct widths widths = widths_in(app, w);
    struct tui_line name;
    struct tui_line value;

    if (app->settings_row < 0) {
        return;
    }
    tui_settings_row(app, tab_of(app), (size_t)app->settings_row, &name, &value, NULL);
    if (tui_text_width(name.text) > widths.names || tui_text_width(value.text) > widths.values) {
        tui_line_format(out, "%s = %s ", name.text, value.text);
    }
}

static void draw_info(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style style = tui_app_style(app, TUI_SETTINGS_ROW_TEXT, TUI_SETTINGS_BG);
    struct tui_style frame = {.bg = style.bg};
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_SQUARE, frame);
    char keys[5][TUI_KEY_TEXT];
    char description[512];
    struct tui_line line;
    const struct tui_pair pairs[] = {
        {"change", tui_app_key_text(app, TUI_CMD_OPEN, keys[0])},
        {"save", tui_app_key_text(app, TUI_CMD_SAVE, keys[1])},
        {"c", tui_app_key_text(app, TUI_CMD_CHART, keys[2])},
        {"d", tui_app_key_text(app, TUI_CMD_NEXT_ADDRESS, keys[3])},
        {"u", tui_app_key_text(app, TUI_CMD_PREVIOUS_ADDRESS, keys[4])},
        {NULL, NULL}};

    tui_grid_title_centre(grid, rect, frame, tui_app_text(app, TUI_T_SETTINGS_INFO));
    tui_line_clear(&line);
    add_cut_row(app, &line, inside.w);
    tui_line_add(&line, tui_text_fill(tui_app_text(app, descriptions[app->settings_tab]), pairs,
                                      description, sizeof(description)));
    const char *text = line.text;
    struct tui_rect before = tui_grid_clip(grid, inside);
    for (int y = inside.y; y < inside.y + inside.h && *text != '\0'; y++) {
        size_t n = tui_text_fit(text, inside.w);
        (void)snprintf(description, sizeof(description), "%.*s", (int)n, text);
        tui_grid_text_in(grid, inside.x, y, inside.w, style, description);
        text += n;
        text += *text == ' ';
    }
    tui_grid_unclip(grid, before);
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct places p = places_in(rect);

    tui_grid_fill(grid, rect, tui_app_style(app, TUI_SETTINGS_ROW_TEXT, TUI_SETTINGS_BG));
    draw_strip(app, grid, p.strip);
    draw_table(app, grid, p.table);
    if (p.info.h > 0) {
        draw_info(app, grid, p.info);
    }
}

/* Keys. */

static void go_to_tab(struct tui_app *app, int tab) {
    app->settings_tab = (size_t)(tab < 0 ? 0 : tab >= (int)TUI_TABS ? (int)TUI_TABS - 1 : tab);
    app->settings_row = 0;
    app->settings_scroll = 0;
}

static void go_to_row(struct tui_app *app, int step) {
    int count = (int)tui_settings_count(app, tab_of(app));
    int at = app->settings_row;

    if (at < 0) {
        at = step > 0 ? -1 : count;
    }
    at += step;
    app->settings_row = at >= count ? count - 1 : at < 0 && count > 0 ? 0 : at;
}

static int page_of(const struct tui_app *app) {
    return page(places_in(tui_layout_dialog(app->columns, app->rows)).table.h);
}

/* Is there something the command can be done to? The theme is one for all rows. */
static bool has_row(const struct tui_app *app, enum tui_command command) {
    if (command == TUI_CMD_OPEN && tab_of(app) == TUI_TAB_THEME) {
        return true;
    }
    return app->settings_row >= 0 &&
           (size_t)app->settings_row < tui_settings_count(app, tab_of(app));
}

static void move_column(struct tui_app *app, int step) {
    if (tui_settings_move_column(app, (size_t)app->settings_row, step)) {
        app->settings_row += step;
    }
}

/* What is done to the highlighted row. */
static bool row_command(struct tui_app *app, enum tui_command command) {
    bool columns = tab_of(app) == TUI_TAB_COLUMNS;

    if (command == TUI_CMD_OPEN) {
        if (!tui_settings_change(app, tab_of(app), (size_t)app->settings_row)) {
            tui_app_say(app, tui_app_text(app, TUI_T_SETTINGS_FIXED));
        }
    } else if (command == TUI_CMD_CHART && columns) {
        tui_settings_toggle_column(app, (size_t)app->settings_row);
    } else if (command == TUI_CMD_NEXT_ADDRESS && columns) {
        move_column(app, 1);
    } else if (command == TUI_CMD_PREVIOUS_ADDRESS && columns) {
        move_column(app, -1);
    } else {
        return false;
    }
    return true;
}

/* Around in the dialog, and out of it. */
static bool walk(struct tui_app *app, enum tui_command command) {
    static const struct {
        enum tui_command command;
        int rows; /* to go */
        bool pages;
    } steps[] = {
        {TUI_CMD_NEXT_HOP, 1, false},      {TUI_CMD_PREVIOUS_HOP, -1, false},
        {TUI_CMD_NEXT_HOP_ALT, 1, false},  {TUI_CMD_PREVIOUS_HOP_ALT, -1, false},
        {TUI_CMD_PAGE_DOWN, 1, true},      {TUI_CMD_PAGE_UP, -1, true},
        {TUI_CMD_FIRST_HOP, -1000, false}, {TUI_CMD_LAST_HOP, 1000, false},
    };

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i].command == command) {
            go_to_row(app, steps[i].rows * (steps[i].pages ? page_of(app) : 1));
            return true;
        }
    }
    if (command >= TUI_CMD_SETTINGS_TUI && command <= TUI_CMD_SETTINGS_COLUMNS) {
        int tab = (int)command - (int)TUI_CMD_SETTINGS_TUI;
        if (tab != (int)app->settings_tab) {
            go_to_tab(app, tab);
        }
        return true;
    }
    return false;
}

static bool on_command(struct tui_app *app, enum tui_command command) {
    if (walk(app, command) || (has_row(app, command) && row_command(app, command))) {
        return true;
    }
    if (command == TUI_CMD_SETTINGS || command == TUI_CMD_CLEAR_SELECTION ||
        command == TUI_CMD_QUIT) {
        app->dialog = TUI_DIALOG_NONE;
    } else if (command == TUI_CMD_PREVIOUS_TRACE || command == TUI_CMD_NEXT_TRACE) {
        go_to_tab(app, (int)app->settings_tab + (command == TUI_CMD_NEXT_TRACE ? 1 : -1));
    } else if (command == TUI_CMD_SAVE) {
        tui_settings_save(app);
    } else if (command == TUI_CMD_RESET_SETTING && tab_of(app) == TUI_TAB_COLUMNS) {
        tui_settings_reset_columns(app);
    } else if (command == TUI_CMD_HELP || command == TUI_CMD_HELP_ALT) {
        tui_app_open_help(app);
    } else {
        return false;
    }
    return true;
}

static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    struct places p = places_in(rect);
    struct tui_rect strip = strip_inside(p.strip);
    int at = strip.x;

    for (size_t i = first_tab(app, strip.w); i < TUI_TABS; i++) {
        int w = title_width(app, i);
        if (tui_rect_has(strip, x, y) && x >= at && x < at + w) {
            go_to_tab(app, (int)i);
            return;
        }
        at += w + 1;
    }
    int row = y - p.table.y - 2;
    if (row >= 0 && row < page(p.table.h) &&
        app->settings_scroll + (size_t)row < tui_settings_count(app, tab_of(app))) {
        app->settings_row = (int)app->settings_scroll + row;
    }
}

const struct tui_view tui_view_settings = {.draw = draw, .command = on_command, .click = click};
