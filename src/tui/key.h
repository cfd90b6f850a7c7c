/* SPDX-License-Identifier: MIT
 *
 * A key press as a value.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tui_modifier {
    TUI_SHIFT = 1,
    TUI_CTRL = 2,
    TUI_ALT = 4,
    TUI_SUPER = 8,
    TUI_HYPER = 16,
    TUI_META = 32
};

enum tui_key_code {
    TUI_KEY_CHAR, /* ch */
    TUI_KEY_BACKSPACE,
    TUI_KEY_ENTER,
    TUI_KEY_LEFT,
    TUI_KEY_RIGHT,
    TUI_KEY_UP,
    TUI_KEY_DOWN,
    TUI_KEY_HOME,
    TUI_KEY_END,
    TUI_KEY_PAGEUP,
    TUI_KEY_PAGEDOWN,
    TUI_KEY_TAB,
    TUI_KEY_BACKTAB,
    TUI_KEY_DELETE,
    TUI_KEY_INSERT,
    TUI_KEY_NULL,
    TUI_KEY_ESC,
    TUI_KEY_F /* ch: 1..12 */
};

struct tui_key {
    enum tui_key_code code;
    uint8_t modifiers; /* enum tui_modifier, ored */
    uint32_t ch;       /* a code point (an ASCII letter in lower case: capitals carry shift), or the
                          number of the function key; else 0 */
};

enum { TUI_KEY_TEXT = 64 };

/* The key of a character as typed: 'Q' is shift and q, '?' is '?'. */
struct tui_key tui_key_char(uint32_t code_point);

/* "shift+ctrl+x", "pageup", "space". Returns out. */
char *tui_key_format(const struct tui_key *key, char out[TUI_KEY_TEXT]);

/* Same key and exactly the same modifiers. */
bool tui_key_equal(const struct tui_key *a, const struct tui_key *b);

/* The character a key types into a text, or 0: none. */
uint32_t tui_key_typed(const struct tui_key *key);

/* UTF-8 of a code point, terminated; the octets, NUL not counted. */
size_t tui_utf8(uint32_t code_point, char out[5]);

#endif
