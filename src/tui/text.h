/* SPDX-License-Identifier: MIT
 *
 * The texts of the screen. A catalogue holds them in one language; views ask it and nobody else. It
 * is filled before the program shuts itself in, so that nothing is read from disk later.
 */
#ifndef TUI_TEXT_H
#define TUI_TEXT_H

#include <stddef.h>

enum tui_text_id {
#define TUI_TEXT_ROW(id, key, english) TUI_T_##id,
#include "tui/text_table.h"
#undef TUI_TEXT_ROW
    TUI_TEXTS /* number of them */
};

struct tui_catalogue {
    const char *text[TUI_TEXTS]; /* NULL: English (borrows) */
};

const char *tui_text_key(enum tui_text_id id);
const char *tui_text_english(enum tui_text_id id);

/* The text in the language of the catalogue. */
const char *tui_text(const struct tui_catalogue *catalogue, enum tui_text_id id);

/* By key; the key itself if there is none such. */
const char *tui_text_by_key(const struct tui_catalogue *catalogue, const char *key);

/* Fills the placeholders of a text: %{name} becomes the value beside it in pairs, which ends with a
 * NULL name. A placeholder nobody fills stays as it is. Returns out. */
struct tui_pair {
    const char *name, *value;
};
char *tui_text_fill(const char *text, const struct tui_pair *pairs, char *out, size_t size);

#endif
