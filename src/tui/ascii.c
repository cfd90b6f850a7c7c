/* SPDX-License-Identifier: MIT */
#include "tui/ascii.h"

#include <stdbool.h>
#include <stddef.h>

static const struct {
    uint32_t code_point;
    char ascii;
} characters[] = {
    {0x00a0, ' '},
    {0x00a1, '!'},
    {0x00ab, '<'},
    {0x00b7, '.'},
    {0x00bb, '>'},
    {0x011e, 'G'},
    {0x011f, 'g'},
    {0x0130, 'I'},
    {0x0131, 'i'},
    {0x0152, 'O'},
    {0x0153, 'o'},
    {0x015e, 'S'},
    {0x015f, 's'},
    {0x2010, '-'},
    {0x2011, '-'},
    {0x2013, '-'},
    {0x2014, '-'},
    {0x2018, '\''},
    {0x2019, '\''},
    {0x201c, '"'},
    {0x201d, '"'},
    {0x2022, '*'},
    {0x2026, '.'},
    {0x2190, '<'},
    {0x2191, '^'},
    {0x2192, '>'},
    {0x2193, 'v'},
    {0x2500, '-'},
    {0x2502, '|'},
    {0x2550, '='},
    {0x2551, '|'},
    {0x25a0, '#'},
    {0x25a1, '_'},
    {0x25b2, '^'},
    {0x25b6, '>'},
    {0x25bc, 'v'},
    {0x25c0, '<'},
    {0x25cf, 'o'},
    {0x2757, '!'},
    /* status marks: the letters of report_status_letter() */
    {0x1f534, '!'},
    {0x1f7e1, '~'},
    {0x1f7e4, '?'},
    {0x1f535, '-'},
    {0x1f7e2, '+'},
    {0x1f4cd, '@'}, /* a place on the map */
};

static unsigned dots(uint32_t braille) {
    unsigned n = 0;

    for (uint32_t bits = braille & 0xff; bits != 0; bits &= bits - 1) {
        n++;
    }
    return n;
}

char tui_ascii(uint32_t code_point) {
    static const char heights[] = {'_', '.', ':', '-', '=', '+', '*', '#'};
    static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
                                "aaaaaaaceeeeiiiidnooooo/ouuuuyty"; /* letters without accents */

    if (code_point < 0x80) {
        return (char)code_point;
    }
    if (code_point >= 0xc0 && code_point <= 0xff) {
        return latin[code_point - 0xc0];
    }
    if (code_point >= 0x2581 && code_point <= 0x2588) { /* lower one eighth .. full block */
        return heights[code_point - 0x2581];
    }
    if (code_point >= 0x2800 && code_point <= 0x28ff) {
        return " ..::**##"[dots(code_point)];
    }
    for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
        if (characters[i].code_point == code_point) {
            return characters[i].ascii;
        }
    }
    return code_point >= 0x2500 && code_point <= 0x257f ? '+' : '?'; /* corners and crossings */
}
