/* SPDX-License-Identifier: MIT
 *
 * Growing text, and memory that is freed in one go, for the command line layer. Running out of
 * memory here ends the program: nothing is traced yet.
 */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

/* Start from {0}. data is NULL until something was added, then always terminated. */
struct cli_text {
    char *data;
    size_t len;
    size_t cap;
};

void cli_text_add(struct cli_text *text, const char *s);
void cli_text_add_bytes(struct cli_text *text, const char *s, size_t len);
void cli_text_addf(struct cli_text *text, const char *format, ...) HOPS_PRINTF(2, 3);
void cli_text_pad(struct cli_text *text, size_t count); /* blanks */

/* Adds what somebody else wrote: control characters, direction marks and malformed UTF-8 become
 * visible escapes such as \x1b. */
void cli_text_add_clean(struct cli_text *text, const char *s);

/* Adds words broken into lines of at most width columns, each indented. What comes before the first
 * word is the caller's: the text starts at column used. Line ends in words are kept. */
void cli_text_add_wrapped(struct cli_text *text, const char *words, size_t indent, size_t used,
                          size_t width);

const char *cli_text_str(const struct cli_text *text); /* "" when empty; borrows */
char *cli_text_take(struct cli_text *text);            /* the caller frees it; text is empty then */
void cli_text_done(struct cli_text *text);

/* Blocks that live until cli_arena_done(). Start from {0}. */
struct cli_block;
struct cli_arena {
    struct cli_block *first;
};

void *cli_arena_alloc(struct cli_arena *arena, size_t size); /* zeroed, never NULL */
char *cli_arena_copy(struct cli_arena *arena, const char *s, size_t len);
void cli_arena_done(struct cli_arena *arena);

#endif
