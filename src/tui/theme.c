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

/* Colours of Okabe and Ito ("Color Universal Design", 2008): red, green and blue, and which of the
 * terminal's 16 stands for it where there are no more. */
#define OKABE_ITO(index, rgb) (1 << 28 | (index) << 24 | (rgb))
enum {
    ORANGE = OKABE_ITO(YELLOW, 0xe69f00),
    SKY = OKABE_ITO(LIGHT_CYAN, 0x56b4e9),
    SEA_GREEN = OKABE_ITO(LIGHT_GREEN, 0x009e73),
    STRAW = OKABE_ITO(LIGHT_YELLOW, 0xf0e442),
    DEEP_BLUE = OKABE_ITO(BLUE, 0x0072b2),
    VERMILION = OKABE_ITO(LIGHT_RED, 0xd55e00)
};

/* Colours are numbers of the terminal's 16, or OKABE_ITO. */
static const struct {
    const char *name;
    int color[TUI_PRESETS];
} items[TUI_ITEMS] = {
    {"bg-color", {BLACK, WHITE, BLACK}},
    {"border-color", {GRAY, DARK_GRAY, GRAY}},
    {"text-color", {GRAY, BLACK, WHITE}},
    {"tab-text-color", {GREEN, BLUE, SKY}},
    {"hops-table-header-bg-color", {WHITE, DARK_GRAY, WHITE}},
    {"hops-table-header-text-color", {BLACK, WHITE, BLACK}},
    {"hops-table-row-active-text-color", {GRAY, BLACK, WHITE}},
    {"hops-table-row-inactive-text-color", {DARK_GRAY, DARK_GRAY, GRAY}},
    {"hops-table-row-active-selected-bg-color", {GRAY, BLUE, SKY}},
    {"hops-table-row-active-selected-text-color", {BLACK, WHITE, BLACK}},
    {"hops-table-row-inactive-selected-bg-color", {DARK_GRAY, DARK_GRAY, GRAY}},
    {"hops-table-row-inactive-selected-text-color", {BLACK, WHITE, BLACK}},
    {"hops-chart-selected-color", {GREEN, BLUE, ORANGE}},
    {"hops-chart-unselected-color", {GRAY, DARK_GRAY, GRAY}},
    {"hops-chart-axis-color", {DARK_GRAY, DARK_GRAY, GRAY}},
    {"frequency-chart-bar-color", {GREEN, BLUE, DEEP_BLUE}},
    {"frequency-chart-text-color", {GRAY, WHITE, WHITE}},
    {"flows-chart-bar-selected-color", {GREEN, BLUE, DEEP_BLUE}},
    {"flows-chart-bar-unselected-color", {DARK_GRAY, GRAY, DARK_GRAY}},
    {"flows-chart-text-current-color", {LIGHT_GREEN, BLACK, STRAW}},
    {"flows-chart-text-non-current-color", {WHITE, DARK_GRAY, WHITE}},
    {"samples-chart-color", {YELLOW, BLUE, SKY}},
    {"samples-chart-lost-color", {RED, RED, VERMILION}},
    {"help-dialog-bg-color", {BLUE, GRAY, DEEP_BLUE}},
    {"help-dialog-text-color", {GRAY, BLACK, WHITE}},
    {"settings-dialog-bg-color", {BLUE, GRAY, DEEP_BLUE}},
    {"settings-tab-text-color", {GREEN, BLUE, STRAW}},
    {"settings-table-header-text-color", {BLACK, WHITE, BLACK}},
    {"settings-table-header-bg-color", {WHITE, DARK_GRAY, WHITE}},
    {"settings-table-row-text-color", {GRAY, BLACK, WHITE}},
    {"map-world-color", {WHITE, DARK_GRAY, GRAY}},
    {"map-radius-color", {YELLOW, MAGENTA, STRAW}},
    {"map-selected-color", {GREEN, BLUE, ORANGE}},
    {"map-info-panel-border-color", {GRAY, DARK_GRAY, GRAY}},
    {"map-info-panel-bg-color", {BLACK, WHITE, BLACK}},
    {"map-info-panel-text-color", {GRAY, BLACK, WHITE}},
    {"info-bar-bg-color", {WHITE, DARK_GRAY, WHITE}},
    {"info-bar-text-color", {BLACK, WHITE, BLACK}},
};

static const int marks[TUI_PRESETS][TUI_MARKS] = {
    [TUI_PRESET_DEFAULT] = {LIGHT_RED, LIGHT_YELLOW, DARK_GRAY, LIGHT_BLUE, LIGHT_GREEN},
    [TUI_PRESET_LIGHT] = {RED, MAGENTA, DARK_GRAY, BLUE, GREEN},
    [TUI_PRESET_COLORBLIND] = {VERMILION, STRAW, GRAY, SKY, SEA_GREEN},
};

static const char *const preset_names[TUI_PRESETS] = {"default", "light", "colorblind"};

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

const char *tui_preset_name(enum tui_preset preset) {
    return preset_names[preset];
}

static struct tui_color color_of(int number) {
    if (number < 16) {
        return (struct tui_color){.kind = TUI_COLOR_INDEX, .index = (uint8_t)number};
    }
    return (struct tui_color){.kind = TUI_COLOR_RGB,
                              .index = (uint8_t)(number >> 24 & 15),
                              .red = (uint8_t)(number >> 16 & 0xff),
                              .green = (uint8_t)(number >> 8 & 0xff),
                              .blue = (uint8_t)(number & 0xff)};
}

void tui_theme_change(enum tui_preset preset, const bool given[TUI_ITEMS],
                      struct tui_theme *theme) {
    for (size_t i = 0; i < TUI_ITEMS; i++) {
        if (!given[i]) {
            theme->colors[i] = color_of(items[i].color[preset]);
        }
    }
    for (size_t i = 0; i < TUI_MARKS; i++) {
        theme->marks[i] = color_of(marks[preset][i]);
    }
}

void tui_theme_preset(enum tui_preset preset, struct tui_theme *out) {
    static const bool none[TUI_ITEMS];

    tui_theme_change(preset, none, out);
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
    bool known = color->kind == TUI_COLOR_INDEX || (count <= 16 && color->index != 0);
    if (known && color->index < count) {
        return color->index;
    }
    if (known) {
        return color->index == DARK_GRAY ? GRAY : color->index & 7; /* the dark one of 8 */
    }
    for (int n = best + 1; n < count; n++) {
        if (distance(palette_256(n), wanted) < distance(palette_256(best), wanted)) {
            best = n;
        }
    }
    return best;
}

static int color_number(const struct tui_color *color, int count) {
    if (color->kind == TUI_COLOR_DEFAULT) {
        return -1;
    }
    if (count <= 256) {
        return tui_color_nearest(color, count);
    }
    /* Direct colour: only the first eight are still the terminal's own. */
    return color->kind == TUI_COLOR_INDEX && color->index < 8 ? color->index
                                                              : (int)tui_color_direct(color);
}

void tui_style_numbers(const struct tui_style *style, int count, int *out_fg, int *out_bg) {
    *out_fg = color_number(&style->fg, count);
    *out_bg = color_number(&style->bg, count);
    if (*out_fg == *out_bg && *out_bg >= 0 && count <= 256 &&
        tui_color_direct(&style->fg) != tui_color_direct(&style->bg)) {
        *out_fg = *out_bg == BLACK || *out_bg == BLUE ? GRAY : BLACK;
    }
}

static int brightness(const struct tui_color *color) {
    uint32_t c = tui_color_direct(color);

    return 3 * (int)(c >> 16) + 6 * (int)(c >> 8 & 0xff) + (int)(c & 0xff);
}

bool tui_style_is_dark_on_light(const struct tui_style *style) {
    return style->fg.kind != TUI_COLOR_DEFAULT && style->bg.kind != TUI_COLOR_DEFAULT &&
           brightness(&style->fg) < brightness(&style->bg);
}
