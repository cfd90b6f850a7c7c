/* SPDX-License-Identifier: MIT
 *
 * libtermkey knows the sequences; here they become our keys. An ESC alone is the escape key only
 * after a moment without anything more, for it also begins all sequences.
 */
#include "tui/term_key.h"

#include <errno.h>
#include <stdlib.h>
#include <termkey.h>
#include <time.h>

enum { ESCAPE_MS = 25 };

struct tui_reader {
    TermKey *keys;
    bool gone;
    bool waiting;     /* something is half in ... */
    int64_t since_ms; /* ... since then */
};

struct tui_reader *tui_reader_new(int fd) {
    struct tui_reader *reader = calloc(1, sizeof(*reader));

    if (reader == NULL) {
        return NULL;
    }
    /* Modes of the terminal are curses' business; signals must not end a read with an error. */
    reader->keys = termkey_new(fd, TERMKEY_FLAG_NOTERMIOS | TERMKEY_FLAG_EINTR);
    if (reader->keys == NULL) {
        free(reader);
        return NULL;
    }
    termkey_set_waittime(reader->keys, ESCAPE_MS);
    return reader;
}

void tui_reader_free(struct tui_reader *reader) {
    if (reader != NULL) {
        termkey_destroy(reader->keys);
        free(reader);
    }
}

bool tui_reader_gone(const struct tui_reader *reader) {
    return reader->gone;
}

static int64_t now_ms(void) {
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint8_t modifiers(int termkey) {
    return (uint8_t)(((termkey & TERMKEY_KEYMOD_SHIFT) != 0 ? TUI_SHIFT : 0) |
                     ((termkey & TERMKEY_KEYMOD_CTRL) != 0 ? TUI_CTRL : 0) |
                     ((termkey & TERMKEY_KEYMOD_ALT) != 0 ? TUI_ALT : 0) |
                     (termkey & (TUI_SUPER | TUI_HYPER | TUI_META)));
}

/* False: a key we have no name for. */
static bool symbol(const TermKeyKey *in, struct tui_key *out) {
    static const struct {
        TermKeySym sym;
        enum tui_key_code code;
    } symbols[] = {
        {TERMKEY_SYM_BACKSPACE, TUI_KEY_BACKSPACE},
        {TERMKEY_SYM_DEL, TUI_KEY_BACKSPACE},
        {TERMKEY_SYM_TAB, TUI_KEY_TAB},
        {TERMKEY_SYM_ENTER, TUI_KEY_ENTER},
        {TERMKEY_SYM_KPENTER, TUI_KEY_ENTER},
        {TERMKEY_SYM_ESCAPE, TUI_KEY_ESC},
        {TERMKEY_SYM_UP, TUI_KEY_UP},
        {TERMKEY_SYM_DOWN, TUI_KEY_DOWN},
        {TERMKEY_SYM_LEFT, TUI_KEY_LEFT},
        {TERMKEY_SYM_RIGHT, TUI_KEY_RIGHT},
        {TERMKEY_SYM_HOME, TUI_KEY_HOME},
        {TERMKEY_SYM_FIND, TUI_KEY_HOME},
        {TERMKEY_SYM_END, TUI_KEY_END},
        {TERMKEY_SYM_SELECT, TUI_KEY_END},
        {TERMKEY_SYM_PAGEUP, TUI_KEY_PAGEUP},
        {TERMKEY_SYM_PAGEDOWN, TUI_KEY_PAGEDOWN},
        {TERMKEY_SYM_INSERT, TUI_KEY_INSERT},
        {TERMKEY_SYM_DELETE, TUI_KEY_DELETE},
    };

    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        if (symbols[i].sym == in->code.sym) {
            *out = (struct tui_key){.code = symbols[i].code, .modifiers = modifiers(in->modifiers)};
            if (out->code == TUI_KEY_TAB && (out->modifiers & TUI_SHIFT) != 0) {
                out->code = TUI_KEY_BACKTAB;
            }
            return true;
        }
    }
    if (in->code.sym == TERMKEY_SYM_SPACE) {
        *out = tui_key_char(' ');
        out->modifiers |= modifiers(in->modifiers);
        return true;
    }
    return false;
}

static bool character(const TermKeyKey *in, struct tui_key *out) {
    if (in->code.codepoint < 0x20 || in->code.codepoint == 0x7f) {
        return false;
    }
    *out = tui_key_char((uint32_t)in->code.codepoint);
    out->modifiers |= modifiers(in->modifiers);
    return true;
}

static bool mouse(TermKey *keys, const TermKeyKey *in, struct tui_input *out) {
    TermKeyMouseEvent event = TERMKEY_MOUSE_UNKNOWN;
    int button = 0;
    int line = 0;
    int column = 0;

    if (termkey_interpret_mouse(keys, in, &event, &button, &line, &column) != TERMKEY_RES_KEY ||
        event != TERMKEY_MOUSE_PRESS || (button != 1 && button != 4 && button != 5)) {
        return false;
    }
    out->is_mouse = true;
    out->mouse = button == 1   ? TUI_MOUSE_PRESS
                 : button == 4 ? TUI_MOUSE_WHEEL_UP
                               : TUI_MOUSE_WHEEL_DOWN;
    out->x = column - 1;
    out->y = line - 1;
    return true;
}

static bool translate(TermKey *keys, const TermKeyKey *in, struct tui_input *out) {
    *out = (struct tui_input){0};
    switch (in->type) {
    case TERMKEY_TYPE_UNICODE:
        return character(in, &out->key);
    case TERMKEY_TYPE_KEYSYM:
        return symbol(in, &out->key);
    case TERMKEY_TYPE_FUNCTION:
        out->key = (struct tui_key){.code = TUI_KEY_F,
                                    .modifiers = modifiers(in->modifiers),
                                    .ch = (uint32_t)in->code.number};
        return in->code.number >= 1 && in->code.number <= 12;
    case TERMKEY_TYPE_MOUSE:
        return mouse(keys, in, out);
    case TERMKEY_TYPE_POSITION:
    case TERMKEY_TYPE_MODEREPORT:
    case TERMKEY_TYPE_DCS:
    case TERMKEY_TYPE_OSC:
    case TERMKEY_TYPE_UNKNOWN_CSI:
        break;
    }
    return false;
}

/* What is in the buffer; after the escape delay also what may not be complete. */
static TermKeyResult get(struct tui_reader *reader, TermKeyKey *key) {
    TermKeyResult result = termkey_getkey(reader->keys, key);

    if (result != TERMKEY_RES_AGAIN) {
        reader->waiting = false;
        return result;
    }
    if (!reader->waiting) {
        reader->waiting = true;
        reader->since_ms = now_ms();
    }
    if (now_ms() - reader->since_ms < ESCAPE_MS) {
        return result;
    }
    reader->waiting = false;
    return termkey_getkey_force(reader->keys, key);
}

bool tui_reader_next(struct tui_reader *reader, struct tui_input *out, int *out_wait) {
    TermKeyKey key;

    *out_wait = 0;
    for (;;) {
        TermKeyResult result = get(reader, &key);
        if (result == TERMKEY_RES_KEY) {
            if (translate(reader->keys, &key, out)) {
                return true;
            }
            continue;
        }
        if (result == TERMKEY_RES_AGAIN) {
            *out_wait = ESCAPE_MS;
        }
        reader->gone |= result == TERMKEY_RES_EOF || result == TERMKEY_RES_ERROR;
        return false;
    }
}

/* Reads what is there; call when the descriptor is readable. */
void tui_reader_fill(struct tui_reader *reader) {
    TermKeyResult result = termkey_advisereadable(reader->keys);

    if (result == TERMKEY_RES_AGAIN) {
        reader->waiting = false; /* something new came: the escape delay begins anew */
    } else if (result == TERMKEY_RES_ERROR && errno == ENOMEM) {
        /* Its buffer is full of something that never ends: no use to wait for more of it. */
        reader->waiting = true;
        reader->since_ms = INT64_MIN / 2;
    } else if (result != TERMKEY_RES_NONE) {
        reader->gone |=
            result == TERMKEY_RES_EOF || (result == TERMKEY_RES_ERROR && errno != EAGAIN);
    }
}
