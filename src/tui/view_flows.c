/* SPDX-License-Identifier: MIT
 *
 * The panel of flows: a bar for each, as high as the rounds that took it.
 */
#include "tui/bars.h"
#include "tui/flows.h"
#include "tui/line.h"
#include "tui/view.h"

/* "192.0.2.1, *, 203.0.113.9"; a hop that privacy hides is "****". */
static void add_path(const struct tui_app *app, const struct hops_flow *flow,
                     struct tui_line *out) {
    for (size_t i = 0; i < flow->path_len; i++) {
        char text[HOPS_ADDR_TEXT_MAX];
        bool known = flow->path[i].family != HOPS_FAMILY_NONE;
        bool hidden = known && tui_app_hides(app, (uint8_t)(flow->first_ttl + i));
        tui_line_format(out, "%s%s", i == 0 ? "" : ", ",
                        hidden  ? "****"
                        : known ? hops_addr_format(&flow->path[i], text)
                                : "*");
    }
}

/* Keeps the scroll position, moved just enough that bar number `selected` is seen. */
static void scroll(struct tui_app *app, size_t selected, size_t count, size_t visible) {
    size_t most = count > visible ? count - visible : 0;

    if (app->flow_scroll > selected) {
        app->flow_scroll = selected;
    } else if (selected >= app->flow_scroll + visible) {
        app->flow_scroll = selected + 1 - visible;
    }
    app->flow_scroll = app->flow_scroll > most ? most : app->flow_scroll;
}

static void draw_bars(struct tui_app *app, struct tui_grid *grid, struct tui_rect inside,
                      const struct hops_flow *flows, size_t count) {
    struct tui_bar bars[TUI_FLOWS_MAX];
    uint32_t current = tui_trace_round_flow(tui_app_trace(app));
    uint64_t max = 0;

    for (size_t i = 0; i < count; i++) {
        bool selected = flows[i].id == app->flow;
        bars[i] = (struct tui_bar){
            .value = flows[i].rounds,
            .label = flows[i].id,
            .bar = tui_app_style(app, selected ? TUI_FLOWS_BAR_SELECTED : TUI_FLOWS_BAR_UNSELECTED,
                                 TUI_BG),
            .text = tui_app_style(
                app, flows[i].id == current ? TUI_FLOWS_TEXT_CURRENT : TUI_FLOWS_TEXT_NON_CURRENT,
                TUI_BG)};
        max = flows[i].rounds > max ? flows[i].rounds : max;
    }
    tui_bars_draw(grid, inside, &bars[app->flow_scroll], count - app->flow_scroll, max,
                  tui_app_style(app, TUI_TEXT, TUI_BG));
}

static void draw_marks(const struct tui_app *app, struct tui_grid *grid, struct tui_rect inside,
                       size_t count, size_t visible) {
    struct tui_style style = tui_app_style(app, TUI_BORDER, TUI_BG);
    int y = inside.y + inside.h / 2;

    style.attrs |= TUI_BOLD;
    if (app->flow_scroll > 0) {
        tui_grid_text(grid, inside.x, y, style, "◀");
    }
    if (app->flow_scroll + visible < count) {
        tui_grid_text(grid, inside.x + inside.w - 1, y, style, "▶");
    }
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct hops_flow flows[TUI_FLOWS_MAX];
    size_t count = tui_flows_order(app, flows, TUI_FLOWS_MAX);
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_ROUND, border);
    int fit = tui_bars_fit(inside.w);
    size_t visible = fit < 1 ? 1 : (size_t)fit;
    struct tui_line title;
    size_t selected = 0;
    uint64_t rounds = 0;

    for (size_t i = 0; i < count; i++) {
        selected = flows[i].id == app->flow ? i : selected;
        rounds += flows[i].rounds;
    }
    tui_line_clear(&title);
    tui_line_add(&title, tui_app_text(app, TUI_T_TITLE_FLOWS));
    if (count > 0 && rounds > 0) {
        tui_line_format(&title, " #%u %.1f%%: ", flows[selected].id,
                        100.0 * (double)flows[selected].rounds / (double)rounds);
        add_path(app, &flows[selected], &title);
    }
    tui_grid_title(grid, rect, border, title.text);
    scroll(app, selected, count, visible);
    draw_bars(app, grid, inside, flows, count);
    draw_marks(app, grid, inside, count, visible);
}

static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    struct hops_flow flows[TUI_FLOWS_MAX];
    size_t count = tui_flows_order(app, flows, TUI_FLOWS_MAX);
    int bar = (x - rect.x - 1) / (TUI_BAR_WIDTH + 1);

    (void)y;
    if (bar >= 0 && app->flow_scroll + (size_t)bar < count) {
        app->flow = flows[app->flow_scroll + (size_t)bar].id;
        app->address = 0;
    }
}

const struct tui_view tui_view_flows = {.draw = draw, .click = click};
