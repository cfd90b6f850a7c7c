/* SPDX-License-Identifier: MIT */
#include "tui/key.h"

#include <stdio.h>

static const char *const modifier_names[] = {"shift", "ctrl", "alt", "super", "hyper", "meta"};

static const char *const key_names[] = {[TUI_KEY_BACKSPACE] = "backspace",
                                        [TUI_KEY_ENTER] = "enter",
                                        [TUI_KEY_LEFT] = "left",
                                        [TUI_KEY_RIGHT] = "right",
                                        [TUI_KEY_UP] = "up",
                                        [TUI_KEY_DOWN] = "down",
                                        [TUI_KEY_HOME] = "home",
                                        [TUI_KEY_END] = "end",
                                        [TUI_KEY_PAGEUP] = "pageup",
                                        [TUI_KEY_PAGEDOWN] = "pagedown",
                                        [TUI_KEY_TAB] = "tab",
                                        [TUI_KEY_BACKTAB] = "backtab",
                                        [TUI_KEY_DELETE] = "delete",
                                        [TUI_KEY_INSERT] = "insert",
                                        [TUI_KEY_NULL] = "null",
                                        [TUI_KEY_ESC] = "esc"};

struct tui_key tui_key_char(uint32_t code_point) {
    struct tui_key key = {.code = TUI_KEY_CHAR, .ch = code_point};

    if (code_point >= 'A' && code_point <= 'Z') {
        key.ch = code_point - 'A' + 'a';
        key.modifiers = TUI_SHIFT;
    }
    return key;
}

size_t tui_utf8(uint32_t c, char out[5]) {
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = n; i-- > 1;) {
        out[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (char)(lead[n == 1 ? 0 : n] | c);
    out[n] = '\0';
    return n;
}

char *tui_key_format(const struct tui_key *key, char out[TUI_KEY_TEXT]) {
    size_t len = 0;
    char character[5];

    for (size_t i = 0; i < sizeof(modifier_names) / sizeof(modifier_names[0]); i++) {
        if ((key->modifiers & (1u << i)) != 0) {
            len += (size_t)snprintf(out + len, TUI_KEY_TEXT - len, "%s+", modifier_names[i]);
        }
    }
    if (key->code == TUI_KEY_F) {
        (void)snprintf(out + len, TUI_KEY_TEXT - len, "f%u", (unsigned)key->ch);
    } else if (key->code != TUI_KEY_CHAR) {
        (void)snprintf(out + len, TUI_KEY_TEXT - len, "%s", key_names[key->code]);
    } else if (key->ch == ' ') {
        (void)snprintf(out + len, TUI_KEY_TEXT - len, "space");
    } else {
        (void)tui_utf8(key->ch, character);
        (void)snprintf(out + len, TUI_KEY_TEXT - len, "%s", character);
    }
    return out;
}

bool tui_key_equal(const struct tui_key *a, const struct tui_key *b) {
    return a->code == b->code && a->modifiers == b->modifiers && a->ch == b->ch;
}

uint32_t tui_key_typed(const struct tui_key *key) {
    if (key->code != TUI_KEY_CHAR || (key->modifiers & ~TUI_SHIFT) != 0 || key->ch < ' ') {
        return 0;
    }
    if ((key->modifiers & TUI_SHIFT) != 0 && key->ch >= 'a' && key->ch <= 'z') {
        return key->ch - 'a' + 'A';
    }
    return key->ch;
}
