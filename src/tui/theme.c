/* SPDX-License-Identifier: MIT */
#include "tui/theme.h"

#include <stdio.h>
#include <string.h>

enum {
    BLACK,
    RED,
    GREEN,
    YELLOW,
    BLUE,
    MAGENTA,
    CYAN,
    GRAY,
    DARK_GRAY,
    LIGHT_RED,
    LIGHT_GREEN,
    LIGHT_YELLOW,
    LIGHT_BLUE,
    LIGHT_MAGENTA,
    LIGHT_CYAN,
    WHITE
};

static const struct {
    const char *name;
    uint8_t dark, light, safe; /* indices of the terminal's colours */
} items[TUI_ITEMS] = {
    {"bg-color", BLACK, WHITE, BLACK},
    {"border-color", GRAY, DARK_GRAY, GRAY},
    {"text-color", GRAY, BLACK, WHITE},
    {"tab-text-color", GREEN, BLUE, LIGHT_CYAN},
    {"hops-table-header-bg-color", WHITE, DARK_GRAY, WHITE},
    {"hops-table-header-text-color", BLACK, WHITE, BLACK},
    {"hops-table-row-active-text-color", GRAY, BLACK, WHITE},
    {"hops-table-row-inactive-text-color", DARK_GRAY, DARK_GRAY, GRAY},
    {"hops-table-row-active-selected-bg-color", GRAY, BLUE, LIGHT_CYAN},
    {"hops-table-row-active-selected-text-color", BLACK, WHITE, BLACK},
    {"hops-table-row-inactive-selected-bg-color", DARK_GRAY, DARK_GRAY, GRAY},
    {"hops-table-row-inactive-selected-text-color", BLACK, WHITE, BLACK},
    {"hops-chart-selected-color", GREEN, BLUE, LIGHT_CYAN},
    {"hops-chart-unselected-color", GRAY, DARK_GRAY, GRAY},
    {"hops-chart-axis-color", DARK_GRAY, DARK_GRAY, GRAY},
    {"frequency-chart-bar-color", GREEN, BLUE, BLUE},
    {"frequency-chart-text-color", GRAY, WHITE, WHITE},
    {"flows-chart-bar-selected-color", GREEN, BLUE, BLUE},
    {"flows-chart-bar-unselected-color", DARK_GRAY, GRAY, DARK_GRAY},
    {"flows-chart-text-current-color", LIGHT_GREEN, BLACK, LIGHT_YELLOW},
    {"flows-chart-text-non-current-color", WHITE, DARK_GRAY, WHITE},
    {"samples-chart-color", YELLOW, BLUE, LIGHT_CYAN},
    {"samples-chart-lost-color", RED, RED, LIGHT_YELLOW},
    {"help-dialog-bg-color", BLUE, GRAY, BLUE},
    {"help-dialog-text-color", GRAY, BLACK, WHITE},
    {"settings-dialog-bg-color", BLUE, GRAY, BLUE},
    {"settings-tab-text-color", GREEN, BLUE, LIGHT_CYAN},
    {"settings-table-header-text-color", BLACK, WHITE, BLACK},
    {"settings-table-header-bg-color", WHITE, DARK_GRAY, WHITE},
    {"settings-table-row-text-color", GRAY, BLACK, WHITE},
    {"map-world-color", WHITE, DARK_GRAY, GRAY},
    {"map-radius-color", YELLOW, MAGENTA, LIGHT_YELLOW},
    {"map-selected-color", GREEN, BLUE, LIGHT_CYAN},
    {"map-info-panel-border-color", GRAY, DARK_GRAY, GRAY},
    {"map-info-panel-bg-color", BLACK, WHITE, BLACK},
    {"map-info-panel-text-color", GRAY, BLACK, WHITE},
    {"info-bar-bg-color", WHITE, DARK_GRAY, WHITE},
    {"info-bar-text-color", BLACK, WHITE, BLACK},
};

static const char *const color_names[16] = {
    "black",     "red",          "green",     "yellow",   "blue",       "magenta",
    "cyan",      "gray",         "darkgray",  "lightred", "lightgreen", "lightyellow",
    "lightblue", "lightmagenta", "lightcyan", "white"};

/* What the 16 usually look like (xterm). */
static const uint32_t palette[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                     0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                     0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};

const char *tui_item_name(enum tui_item item) {
    return items[item].name;
}

bool tui_theme_preset(const char *name, struct tui_theme *out) {
    bool light = strcmp(name, "light") == 0;
    bool safe = strcmp(name, "safe") == 0;

    if (!light && !safe && strcmp(name, "default") != 0) {
        return false;
    }
    for (size_t i = 0; i < TUI_ITEMS; i++) {
        uint8_t index = light ? items[i].light : safe ? items[i].safe : items[i].dark;
        out->colors[i] = (struct tui_color){.kind = TUI_COLOR_INDEX, .index = index};
    }
    return true;
}

struct tui_style tui_style(const struct tui_theme *theme, enum tui_item fg, enum tui_item bg) {
    return (struct tui_style){.fg = theme->colors[fg], .bg = theme->colors[bg]};
}

char *tui_color_format(const struct tui_color *color, char out[16]) {
    out[0] = '\0';
    if (color->kind == TUI_COLOR_INDEX) {
        (void)snprintf(out, 16, "%s", color_names[color->index & 15]);
    } else if (color->kind == TUI_COLOR_RGB) {
        (void)snprintf(out, 16, "%02x%02x%02x", color->red, color->green, color->blue);
    }
    return out;
}

uint32_t tui_color_direct(const struct tui_color *color) {
    if (color->kind != TUI_COLOR_RGB) {
        return palette[color->index & 15];
    }
    return (uint32_t)color->red << 16 | (uint32_t)color->green << 8 | color->blue;
}

/* Colour number n of the 256: the 16, a cube of 6 levels, 24 grays. */
static uint32_t palette_256(int n) {
    if (n < 16) {
        return palette[n];
    }
    if (n < 232) {
        static const uint8_t levels[6] = {0, 95, 135, 175, 215, 255};
        int cube = n - 16;
        return (uint32_t)levels[cube / 36] << 16 | (uint32_t)levels[cube / 6 % 6] << 8 |
               levels[cube % 6];
    }
    uint32_t gray = (uint32_t)(8 + 10 * (n - 232));
    return gray << 16 | gray << 8 | gray;
}

static int distance(uint32_t a, uint32_t b) {
    int red = (int)(a >> 16) - (int)(b >> 16);
    int green = (int)(a >> 8 & 0xff) - (int)(b >> 8 & 0xff);
    int blue = (int)(a & 0xff) - (int)(b & 0xff);

    return 3 * red * red + 4 * green * green + 2 * blue * blue; /* green counts most to the eye */
}

int tui_color_nearest(const struct tui_color *color, int count) {
    uint32_t wanted = tui_color_direct(color);
    /* People change the 16 colours, so RGB is sought among those that keep their place. */
    int best = count > 16 ? 16 : 0;

    if (color->kind == TUI_COLOR_DEFAULT) {
        return -1;
    }
    if (color->kind == TUI_COLOR_INDEX && color->index < count) {
        return color->index;
    }
    if (color->kind == TUI_COLOR_INDEX) {
        return color->index == DARK_GRAY ? GRAY : color->index & 7; /* the dark one of 8 */
    }
    for (int n = best + 1; n < count; n++) {
        if (distance(palette_256(n), wanted) < distance(palette_256(best), wanted)) {
            best = n;
        }
    }
    return best;
}
