/* SPDX-License-Identifier: MIT */
#include "tui/list.h"

#include <stdio.h>

size_t tui_list_scroll(size_t first, size_t selected, size_t count, size_t visible) {
    size_t most = count > visible ? count - visible : 0;

    if (selected < count && first > selected) {
        first = selected;
    } else if (selected < count && selected >= first + visible) {
        first = selected + 1 - visible;
    }
    return first < most ? first : most;
}

bool tui_list_step(enum tui_command command, size_t at, size_t count, size_t page, size_t *out) {
    size_t last = count - 1;
    size_t step = 1;

    if (command == TUI_CMD_FIRST_HOP || command == TUI_CMD_LAST_HOP) {
        *out = command == TUI_CMD_FIRST_HOP ? 0 : last;
        return true;
    }
    if (command == TUI_CMD_PAGE_DOWN || command == TUI_CMD_PAGE_UP) {
        step = page > 0 ? page : 1;
    }
    if (command == TUI_CMD_NEXT_HOP || command == TUI_CMD_NEXT_HOP_ALT ||
        command == TUI_CMD_PAGE_DOWN) {
        *out = at >= count ? step - 1 : at + step;
    } else if (command == TUI_CMD_PREVIOUS_HOP || command == TUI_CMD_PREVIOUS_HOP_ALT ||
               command == TUI_CMD_PAGE_UP) {
        at = at < count ? at : count;
        *out = at > step ? at - step : 0;
    } else {
        return false;
    }
    *out = *out < last ? *out : last;
    return true;
}

void tui_list_more(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                   bool above, bool below) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    char text[64];

    if (!above && !below) {
        return;
    }
    (void)snprintf(text, sizeof(text), "%s%s %s", above ? "▲" : "", below ? "▼" : "",
                   tui_app_text(app, TUI_T_MORE));
    int w = tui_text_width(text);
    tui_grid_text_in(grid, rect.x + rect.w - 1 - w, rect.y + rect.h - 1, w, border, text);
}
