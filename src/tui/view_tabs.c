/* SPDX-License-Identifier: MIT
 *
 * The strip of targets. The current one is always seen; the others as far as there is room.
 */
#include "tui/line.h"
#include "tui/overview.h"
#include "tui/view.h"

/* How the target does, in front of its name; "" before the first round. In ASCII marks become the
 * letters by themselves. */
static const char *mark_text(const struct tui_app *app, enum tui_health health, char letter[2]) {
    static const char *const marks[TUI_HEALTHS] = {"!", "🔴", "🟡", "", "🟢"};

    if ((app->options.status_letters || app->options.preset == TUI_PRESET_COLORBLIND) &&
        health != TUI_HEALTH_FAILED && health != TUI_HEALTH_UNKNOWN) {
        letter[0] = tui_health_letter(health);
        letter[1] = '\0';
        return letter;
    }
    return marks[health];
}

static struct tui_style mark_style(const struct tui_app *app, enum tui_health health) {
    static const enum report_status statuses[TUI_HEALTHS] = {
        REPORT_STATUS_SILENT_TARGET, REPORT_STATUS_SILENT_TARGET, REPORT_STATUS_LOSSY_TARGET,
        REPORT_STATUS_SILENT, REPORT_STATUS_GOOD};
    struct tui_style style = tui_app_style(app, TUI_TAB_TEXT, TUI_BG);

    style.fg = app->options.theme.marks[statuses[health]];
    style.attrs |= TUI_BOLD;
    return style;
}

/* Of a frozen screen only the target that is shown has a copy of its own. */
static enum tui_health health_of(const struct tui_app *app, size_t trace) {
    return app->frozen && trace != app->trace ? app->overview->lines[trace].health
                                              : tui_trace_health(&app->traces[trace]);
}

/* Draws a tab, blanks on both sides, or (grid NULL) only tells its width. */
static int draw_tab(const struct tui_app *app, struct tui_grid *grid, int x, int y, size_t i) {
    enum tui_health health = health_of(app, i);
    struct tui_style style = tui_app_style(app, TUI_TAB_TEXT, TUI_BG);
    struct tui_line line;
    char letter[2];
    const char *mark = mark_text(app, health, letter);
    int used = 1;

    tui_line_clear(&line);
    tui_app_target_text(app, i, &line);
    if (grid == NULL) {
        used += mark[0] == '\0' ? 0 : tui_text_width(mark) + 1;
        return used + tui_text_width(line.text) + 1;
    }
    if (mark[0] != '\0') {
        used += tui_grid_text(grid, x + used, y, mark_style(app, health), mark) + 1;
    }
    style.attrs |= i == app->trace ? TUI_BOLD | TUI_UNDERLINE : 0;
    return used + tui_grid_text(grid, x + used, y, style, line.text) + 1;
}

static int tab_width(const struct tui_app *app, size_t i) {
    return draw_tab(app, NULL, 0, 0, i);
}

/* The first tab that is shown, so that the current one fits in. */
static size_t first_tab(const struct tui_app *app, int w) {
    size_t first = app->trace;
    int used = tab_width(app, first);

    while (first > 0 && used + 1 + tab_width(app, first - 1) <= w) {
        used += 1 + tab_width(app, first - 1);
        first--;
    }
    return first;
}

/* That there are more on one side. */
static void draw_marks(const struct tui_app *app, struct tui_grid *grid, struct tui_rect inside,
                       bool before, bool behind) {
    struct tui_style style = tui_app_style(app, TUI_BORDER, TUI_BG);

    style.attrs |= TUI_BOLD;
    if (before) {
        tui_grid_text(grid, inside.x, inside.y, style, "◀");
    }
    if (behind) {
        tui_grid_text(grid, inside.x + inside.w - 1, inside.y, style, "▶");
    }
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_style text = tui_app_style(app, TUI_TAB_TEXT, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    size_t first = first_tab(app, inside.w);
    int x = inside.x;

    tui_grid_title(grid, rect, border, tui_app_text(app, TUI_T_TITLE_TRACES));
    struct tui_rect before = tui_grid_clip(grid, inside);
    for (size_t i = first; i < app->trace_count; i++) {
        x += draw_tab(app, grid, x, inside.y, i);
        x += i + 1 < app->trace_count ? tui_grid_text(grid, x, inside.y, text, "│") : 0;
    }
    draw_marks(app, grid, inside, first > 0, x > inside.x + inside.w);
    tui_grid_unclip(grid, before);
}

static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    int at = rect.x + 1;

    (void)y;
    for (size_t i = first_tab(app, rect.w - 2); i < app->trace_count; i++) {
        int w = tab_width(app, i);
        if (x >= at && x < at + w) {
            tui_app_go_to_trace(app, i);
            return;
        }
        at += w + 1;
    }
}

const struct tui_view tui_view_tabs = {.draw = draw, .click = click};
