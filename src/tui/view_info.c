/* SPDX-License-Identifier: MIT
 *
 * The last line: how probes are sent, and what the switches are at. A prompt or a message takes its
 * place.
 */
#include "tui/line.h"
#include "tui/output.h"
#include "tui/view.h"

static void add_left(const struct tui_app *app, struct tui_line *out, int items) {
    const struct hops_config *config = &tui_app_trace(app)->config;
    const char *family = config->target.family == HOPS_IPV6 ? "IPv6" : "IPv4";

    tui_line_clear(out);
    if (items > 0 && config->protocol == HOPS_PROTOCOL_UDP) {
        tui_line_format(out, " [%s/UDP/%s]", family, hops_strategy_name(config->strategy));
    } else if (items > 0) {
        tui_line_format(out, " [%s/%s]", family,
                        config->protocol == HOPS_PROTOCOL_TCP ? "TCP" : "ICMP");
    }
    if (items > 1) {
        tui_line_format(
            out, " [%s]",
            tui_app_text(app, app->options.privileged ? TUI_T_PRIVILEGED : TUI_T_UNPRIVILEGED));
    }
    if (items > 2) {
        tui_line_format(out, " [%s]", app->options.locale);
    }
}

static void add_number(struct tui_line *out, const char *name, int n) {
    if (n < 0) {
        tui_line_format(out, " [%s: -]", name);
    } else {
        tui_line_format(out, " [%s:%2d]", name, n);
    }
}

static void add_right(const struct tui_app *app, struct tui_line *out) {
    static const char *const modes[] = {" ip ", "host", "both"};
    unsigned max = app->options.max_addrs;

    tui_line_clear(out);
    if (app->sort != 0 || app->sort_reversed) {
        tui_line_format(out, "[%s #%c] ", app->sort_reversed ? "▼" : "▲",
                        app->sort == 0 ? 'h' : app->sort);
    }
    tui_line_format(out, "[%s ASN]", app->options.as_info && app->options.as_possible ? "■" : "□");
    tui_line_format(out, " [%s %s]", app->details ? "■" : "□", tui_app_text(app, TUI_T_DETAILS));
    tui_line_format(out, " [%s]", modes[app->options.address_mode]);
    add_number(out, tui_app_text(app, TUI_T_PRIVACY), app->options.privacy);
    add_number(out, "»", max == 0 ? -1 : (int)max);
    tui_line_add(out, " ");
}

static void draw_prompt(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                        struct tui_style style) {
    struct tui_style cursor = style;
    struct tui_line line;
    int used;

    tui_line_clear(&line);
    tui_line_format(
        &line, " %s: %s",
        tui_app_text(app, app->prompt == TUI_PROMPT_SEARCH ? TUI_T_SEARCH : TUI_T_GO_TO_TTL),
        app->input);
    cursor.attrs |= TUI_REVERSE;
    used = tui_grid_text_in(grid, rect.x, rect.y, rect.w - 1, style, line.text);
    tui_grid_text(grid, rect.x + used, rect.y, cursor, " ");
}

/* The formats side by side; where they do not fit, from the chosen one on. Draws one, or (grid
 * NULL) only tells its width. */
static int draw_choice(const struct tui_app *app, struct tui_grid *grid, int x, int y,
                       struct tui_style style, size_t number) {
    const char *name = tui_output_format(app, number);

    if (grid != NULL) {
        style.attrs |= number == app->save_format ? TUI_REVERSE | TUI_BOLD : 0;
        x += tui_grid_text(grid, x, y, style, " ");
        x += tui_grid_text(grid, x, y, style, name);
        tui_grid_text(grid, x, y, style, " ");
    }
    return tui_text_width(name) + 2;
}

static int choices_begin(const struct tui_app *app, struct tui_rect rect, size_t *out_first) {
    int x = rect.x + tui_text_width(tui_app_text(app, TUI_T_SAVE_AS)) + 3;
    int w = 0;

    for (size_t i = 0; tui_output_format(app, i) != NULL; i++) {
        w += draw_choice(app, NULL, 0, 0, (struct tui_style){0}, i);
    }
    *out_first = x + w > rect.x + rect.w ? app->save_format : 0;
    return x;
}

static void draw_choices(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                         struct tui_style style) {
    size_t first;
    int x = choices_begin(app, rect, &first);

    tui_grid_text(grid, rect.x + 1, rect.y, style, tui_app_text(app, TUI_T_SAVE_AS));
    tui_grid_text(grid, x - 2, rect.y, style, ":");
    for (size_t i = first; tui_output_format(app, i) != NULL; i++) {
        x += draw_choice(app, grid, x, rect.y, style, i);
    }
}

static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    size_t i;
    int at = choices_begin(app, rect, &i);

    (void)y;
    for (; app->prompt == TUI_PROMPT_SAVE && tui_output_format(app, i) != NULL; i++) {
        int w = draw_choice(app, NULL, 0, 0, (struct tui_style){0}, i);
        if (x >= at && x < at + w) {
            app->save_format = i;
            tui_output_save(app);
        }
        at += w;
    }
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style style = tui_app_style(app, TUI_INFO_TEXT, TUI_INFO_BG);
    struct tui_line left;
    struct tui_line right;
    int items = 3;

    tui_grid_fill(grid, rect, style);
    if (app->prompt == TUI_PROMPT_SAVE) {
        draw_choices(app, grid, rect, style);
        return;
    }
    if (app->prompt != TUI_PROMPT_NONE) {
        draw_prompt(app, grid, rect, style);
        return;
    }
    if (app->message[0] != '\0') {
        tui_grid_text_in(grid, rect.x + 1, rect.y, rect.w - 1, style, app->message);
        return;
    }
    add_right(app, &right);
    int w = tui_text_width(right.text);
    tui_grid_text(grid, rect.x + (w < rect.w ? rect.w - w : 0), rect.y, style, right.text);
    do {
        add_left(app, &left, items);
    } while (tui_text_width(left.text) + 1 + w > rect.w && items-- > 0);
    tui_grid_text(grid, rect.x, rect.y, style, items > 0 ? left.text : "");
}

const struct tui_view tui_view_info = {.draw = draw, .click = click};
