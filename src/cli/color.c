/* SPDX-License-Identifier: MIT
 *
 * The names are those of the 16 terminal colours and of CSS Color Module Level 4. A name that both
 * have means the terminal's colour, so that themes follow the terminal's palette.
 */
#include "cli/color.h"

#include <stdio.h>
#include <string.h>

static const char *const terminal_names[] = {
    "black",     "red",          "green",     "yellow",   "blue",       "magenta",
    "cyan",      "gray",         "darkgray",  "lightred", "lightgreen", "lightyellow",
    "lightblue", "lightmagenta", "lightcyan", "white"};

struct css_color {
    const char *name;
    uint32_t value;
};

/* clang-format off */
static const struct css_color css_colors[] = {
    {"aliceblue", 0xf0f8ff}, {"antiquewhite", 0xfaebd7}, {"aqua", 0x00ffff},
    {"aquamarine", 0x7fffd4}, {"azure", 0xf0ffff}, {"beige", 0xf5f5dc}, {"bisque", 0xffe4c4},
    {"blanchedalmond", 0xffebcd}, {"blueviolet", 0x8a2be2}, {"brown", 0xa52a2a},
    {"burlywood", 0xdeb887}, {"cadetblue", 0x5f9ea0}, {"chartreuse", 0x7fff00},
    {"chocolate", 0xd2691e}, {"coral", 0xff7f50}, {"cornflowerblue", 0x6495ed},
    {"cornsilk", 0xfff8dc}, {"crimson", 0xdc143c}, {"darkblue", 0x00008b}, {"darkcyan", 0x008b8b},
    {"darkgoldenrod", 0xb8860b}, {"darkgreen", 0x006400}, {"darkkhaki", 0xbdb76b},
    {"darkmagenta", 0x8b008b}, {"darkolivegreen", 0x556b2f}, {"darkorange", 0xff8c00},
    {"darkorchid", 0x9932cc}, {"darkred", 0x8b0000}, {"darksalmon", 0xe9967a},
    {"darkseagreen", 0x8fbc8f}, {"darkslateblue", 0x483d8b}, {"darkslategray", 0x2f4f4f},
    {"darkslategrey", 0x2f4f4f}, {"darkturquoise", 0x00ced1}, {"darkviolet", 0x9400d3},
    {"deeppink", 0xff1493}, {"deepskyblue", 0x00bfff}, {"dimgray", 0x696969}, {"dimgrey", 0x696969},
    {"dodgerblue", 0x1e90ff}, {"firebrick", 0xb22222}, {"floralwhite", 0xfffaf0},
    {"forestgreen", 0x228b22}, {"fuchsia", 0xff00ff}, {"gainsboro", 0xdcdcdc},
    {"ghostwhite", 0xf8f8ff}, {"gold", 0xffd700}, {"goldenrod", 0xdaa520},
    {"greenyellow", 0xadff2f}, {"honeydew", 0xf0fff0}, {"hotpink", 0xff69b4},
    {"indianred", 0xcd5c5c}, {"indigo", 0x4b0082}, {"ivory", 0xfffff0}, {"khaki", 0xf0e68c},
    {"lavender", 0xe6e6fa}, {"lavenderblush", 0xfff0f5}, {"lawngreen", 0x7cfc00},
    {"lemonchiffon", 0xfffacd}, {"lightcoral", 0xf08080}, {"lightgoldenrodyellow", 0xfafad2},
    {"lightgray", 0xd3d3d3}, {"lightgrey", 0xd3d3d3}, {"lightpink", 0xffb6c1},
    {"lightsalmon", 0xffa07a}, {"lightseagreen", 0x20b2aa}, {"lightskyblue", 0x87cefa},
    {"lightslategray", 0x778899}, {"lightslategrey", 0x778899}, {"lightsteelblue", 0xb0c4de},
    {"lime", 0x00ff00}, {"limegreen", 0x32cd32}, {"linen", 0xfaf0e6}, {"maroon", 0x800000},
    {"mediumaquamarine", 0x66cdaa}, {"mediumblue", 0x0000cd}, {"mediumorchid", 0xba55d3},
    {"mediumpurple", 0x9370db}, {"mediumseagreen", 0x3cb371}, {"mediumslateblue", 0x7b68ee},
    {"mediumspringgreen", 0x00fa9a}, {"mediumturquoise", 0x48d1cc}, {"mediumvioletred", 0xc71585},
    {"midnightblue", 0x191970}, {"mintcream", 0xf5fffa}, {"mistyrose", 0xffe4e1},
    {"moccasin", 0xffe4b5}, {"navajowhite", 0xffdead}, {"navy", 0x000080}, {"oldlace", 0xfdf5e6},
    {"olive", 0x808000}, {"olivedrab", 0x6b8e23}, {"orange", 0xffa500}, {"orangered", 0xff4500},
    {"orchid", 0xda70d6}, {"palegoldenrod", 0xeee8aa}, {"palegreen", 0x98fb98},
    {"paleturquoise", 0xafeeee}, {"palevioletred", 0xdb7093}, {"papayawhip", 0xffefd5},
    {"peachpuff", 0xffdab9}, {"peru", 0xcd853f}, {"pink", 0xffc0cb}, {"plum", 0xdda0dd},
    {"powderblue", 0xb0e0e6}, {"purple", 0x800080}, {"rebeccapurple", 0x663399},
    {"rosybrown", 0xbc8f8f}, {"royalblue", 0x4169e1}, {"saddlebrown", 0x8b4513},
    {"salmon", 0xfa8072}, {"sandybrown", 0xf4a460}, {"seagreen", 0x2e8b57}, {"seashell", 0xfff5ee},
    {"sienna", 0xa0522d}, {"silver", 0xc0c0c0}, {"skyblue", 0x87ceeb}, {"slateblue", 0x6a5acd},
    {"slategray", 0x708090}, {"slategrey", 0x708090}, {"snow", 0xfffafa}, {"springgreen", 0x00ff7f},
    {"steelblue", 0x4682b4}, {"tan", 0xd2b48c}, {"teal", 0x008080}, {"thistle", 0xd8bfd8},
    {"tomato", 0xff6347}, {"turquoise", 0x40e0d0}, {"violet", 0xee82ee}, {"wheat", 0xf5deb3},
    {"whitesmoke", 0xf5f5f5}, {"yellowgreen", 0x9acd32},
};
/* clang-format on */

static const struct cli_theme_item items[CLI_THEME_ITEMS] = {
    {"bg-color", "black", "background of the screen"},
    {"border-color", "gray", "borders"},
    {"text-color", "gray", "text"},
    {"tab-text-color", "green", "text of the trace tabs"},
    {"hops-table-header-bg-color", "white", "background of the table head"},
    {"hops-table-header-text-color", "black", "text of the table head"},
    {"hops-table-row-active-text-color", "gray", "rows of hops that answered in the last round"},
    {"hops-table-row-inactive-text-color", "darkgray", "rows of hops that did not"},
    {"hops-table-row-active-selected-bg-color", "gray",
     "background of the selected row, answering"},
    {"hops-table-row-active-selected-text-color", "black", "text of the selected row, answering"},
    {"hops-table-row-inactive-selected-bg-color", "darkgray",
     "background of the selected row, silent"},
    {"hops-table-row-inactive-selected-text-color", "black", "text of the selected row, silent"},
    {"hops-chart-selected-color", "green", "selected hop in the chart"},
    {"hops-chart-unselected-color", "gray", "other hops in the chart"},
    {"hops-chart-axis-color", "darkgray", "axes of the chart"},
    {"frequency-chart-bar-color", "green", "bars of the frequency chart"},
    {"frequency-chart-text-color", "gray", "text of the frequency chart"},
    {"flows-chart-bar-selected-color", "green", "bar of the selected flow"},
    {"flows-chart-bar-unselected-color", "darkgray", "bars of the other flows"},
    {"flows-chart-text-current-color", "lightgreen", "text of the current flow"},
    {"flows-chart-text-non-current-color", "white", "text of the other flows"},
    {"samples-chart-color", "yellow", "samples that were answered"},
    {"samples-chart-lost-color", "red", "samples that were lost"},
    {"help-dialog-bg-color", "blue", "background of the help"},
    {"help-dialog-text-color", "gray", "text of the help"},
    {"settings-tab-text-color", "green", "tabs of the settings"},
    {"settings-dialog-bg-color", "blue", "background of the settings"},
    {"settings-table-header-text-color", "black", "text of the settings' table head"},
    {"settings-table-header-bg-color", "white", "background of the settings' table head"},
    {"settings-table-row-text-color", "gray", "rows of the settings"},
    {"map-world-color", "white", "the map"},
    {"map-radius-color", "yellow", "the circle around a place"},
    {"map-selected-color", "green", "the selected place"},
    {"map-info-panel-border-color", "gray", "border of the map's panel"},
    {"map-info-panel-bg-color", "black", "background of the map's panel"},
    {"map-info-panel-text-color", "gray", "text of the map's panel"},
    {"info-bar-bg-color", "white", "background of the bottom bar"},
    {"info-bar-text-color", "black", "text of the bottom bar"},
};

static struct cli_color from_rgb(uint32_t value) {
    return (struct cli_color){.rgb = true,
                              .red = (uint8_t)(value >> 16),
                              .green = (uint8_t)((value >> 8) & 0xff),
                              .blue = (uint8_t)(value & 0xff)};
}

static bool parse_hex(const char *text, struct cli_color *out) {
    uint32_t value = 0;

    if (*text == '#') {
        text++;
    }
    for (int i = 0; i < 6; i++) {
        char c = text[i];
        uint32_t digit = 0;

        if (c >= '0' && c <= '9') {
            digit = (uint32_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = (uint32_t)(c - 'a' + 10);
        } else {
            return false;
        }
        value = (value << 4) | digit;
    }
    if (text[6] != '\0') {
        return false;
    }
    *out = from_rgb(value);
    return true;
}

bool cli_color_parse(const char *text, struct cli_color *out) {
    char name[32];
    size_t len = 0;

    for (; *text != '\0'; text++) {
        char c = *text;

        if (c == '-') {
            continue;
        }
        if (len + 1 == sizeof(name)) {
            return false;
        }
        name[len++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    name[len] = '\0';
    if (strcmp(name, "grey") == 0 || strcmp(name, "darkgrey") == 0) {
        name[len - 2] = 'a';
    }
    for (size_t i = 0; i < sizeof(terminal_names) / sizeof(terminal_names[0]); i++) {
        if (strcmp(name, terminal_names[i]) == 0) {
            *out = (struct cli_color){.index = (uint8_t)i};
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(css_colors) / sizeof(css_colors[0]); i++) {
        if (strcmp(name, css_colors[i].name) == 0) {
            *out = from_rgb(css_colors[i].value);
            return true;
        }
    }
    return parse_hex(name, out);
}

char *cli_color_format(const struct cli_color *color, char out[16]) {
    if (color->rgb) {
        snprintf(out, 16, "%02x%02x%02x", color->red, color->green, color->blue);
    } else {
        snprintf(out, 16, "%s", terminal_names[color->index & 15]);
    }
    return out;
}

bool cli_color_equal(const struct cli_color *a, const struct cli_color *b) {
    return a->rgb == b->rgb && a->index == b->index && a->red == b->red && a->green == b->green &&
           a->blue == b->blue;
}

const struct cli_theme_item *cli_theme_item(size_t index) {
    return &items[index];
}

int cli_theme_find(const char *name, size_t len) {
    for (int i = 0; i < CLI_THEME_ITEMS; i++) {
        if (strlen(items[i].name) == len && memcmp(items[i].name, name, len) == 0) {
            return i;
        }
    }
    return -1;
}
