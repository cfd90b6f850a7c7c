/* SPDX-License-Identifier: MIT
 *
 * The last line: how probes are sent, and what the switches are at. A prompt or a message takes its
 * place.
 */
#include "tui/line.h"
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
    tui_line_format(out, "[%s ASN]", app->options.as_info ? "■" : "□");
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

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style style = tui_app_style(app, TUI_INFO_TEXT, TUI_INFO_BG);
    struct tui_line left;
    struct tui_line right;
    int items = 3;

    tui_grid_fill(grid, rect, style);
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

const struct tui_view tui_view_info = {.draw = draw};
