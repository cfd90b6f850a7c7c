/* SPDX-License-Identifier: MIT
 *
 * What has a colour, and the colours. Marks and lines never depend on colour alone.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include "tui/grid.h"

enum tui_item {
    TUI_BG,
    TUI_BORDER,
    TUI_TEXT,
    TUI_TAB_TEXT,
    TUI_HEADER_BG,
    TUI_HEADER_TEXT,
    TUI_ROW_ACTIVE_TEXT,
    TUI_ROW_INACTIVE_TEXT,
    TUI_ROW_ACTIVE_SELECTED_BG,
    TUI_ROW_ACTIVE_SELECTED_TEXT,
    TUI_ROW_INACTIVE_SELECTED_BG,
    TUI_ROW_INACTIVE_SELECTED_TEXT,
    TUI_CHART_SELECTED,
    TUI_CHART_UNSELECTED,
    TUI_CHART_AXIS,
    TUI_FREQUENCY_BAR,
    TUI_FREQUENCY_TEXT,
    TUI_FLOWS_BAR_SELECTED,
    TUI_FLOWS_BAR_UNSELECTED,
    TUI_FLOWS_TEXT_CURRENT,
    TUI_FLOWS_TEXT_NON_CURRENT,
    TUI_SAMPLES,
    TUI_SAMPLES_LOST,
    TUI_HELP_BG,
    TUI_HELP_TEXT,
    TUI_SETTINGS_BG,
    TUI_SETTINGS_TAB_TEXT,
    TUI_SETTINGS_HEADER_TEXT,
    TUI_SETTINGS_HEADER_BG,
    TUI_SETTINGS_ROW_TEXT,
    TUI_MAP_WORLD,
    TUI_MAP_RADIUS,
    TUI_MAP_SELECTED,
    TUI_MAP_INFO_BORDER,
    TUI_MAP_INFO_BG,
    TUI_MAP_INFO_TEXT,
    TUI_INFO_BG,
    TUI_INFO_TEXT,
    TUI_ITEMS /* number of them */
};

enum { TUI_MARKS = 5 }; /* status marks, in the order of enum report_status */

struct tui_theme {
    struct tui_color colors[TUI_ITEMS];
    struct tui_color marks[TUI_MARKS]; /* of status letters */
};

/* Themes that come with the program. COLORBLIND has the colours of Okabe and Ito, which people who
 * do not see red and green as different tell apart. */
enum tui_preset { TUI_PRESET_DEFAULT, TUI_PRESET_LIGHT, TUI_PRESET_COLORBLIND, TUI_PRESETS };

/* "bg-color" and so on, as configuration files name them. */
const char *tui_item_name(enum tui_item item);

const char *tui_preset_name(enum tui_preset preset); /* "default" */
void tui_theme_preset(enum tui_preset preset, struct tui_theme *out);

/* The colours of a preset, but for the items that were given one of their own. */
void tui_theme_change(enum tui_preset preset, const bool given[TUI_ITEMS], struct tui_theme *theme);

struct tui_style tui_style(const struct tui_theme *theme, enum tui_item fg, enum tui_item bg);

/* "lightred", or "87ceeb" for RGB, "" for the terminal's default. Returns out. */
char *tui_color_format(const struct tui_color *color, char out[16]);

/* Number of the nearest colour among the first count (8, 16 or 256) of a terminal with the usual
 * palette; -1 for the terminal's default. */
int tui_color_nearest(const struct tui_color *color, int count);

/* Red, green and blue as one number, as terminals with direct colour take it. */
uint32_t tui_color_direct(const struct tui_color *color);

/* The colours of a style on a terminal with so many colours, -1 for its default ones. Two colours
 * stay two: where one number is the nearest to both, the text becomes black or white. */
void tui_style_numbers(const struct tui_style *style, int count, int *out_fg, int *out_bg);

/* Is the text darker than what it stands on? Without colours, that is told by reversing. */
bool tui_style_is_dark_on_light(const struct tui_style *style);

#endif
