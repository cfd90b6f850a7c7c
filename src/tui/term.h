/* SPDX-License-Identifier: MIT
 *
 * The terminal: a grid goes out, keys come in. The only module that knows curses and termkey. It
 * gives the terminal back on every way out: close, exit(), fatal signals, suspension.
 *
 * There is one terminal per process, so there is one struct tui_term at a time.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <hops/err.h>

#include "tui/app.h"
#include "tui/grid.h"
#include "tui/key.h"

struct tui_term;

struct tui_term_options {
    bool color; /* false: bold, reverse and underline only (NO_COLOR) */
    bool mouse;
};

/* Can the user's locale say more than ASCII? */
bool tui_term_utf8(void);

/* Takes the terminal on standard input and output. Reads TERM, COLORTERM and the terminal
 * description. HOPS_ERR_SYSTEM with a diag if it is not one, or not one we can draw on. */
enum hops_err tui_term_open(const struct tui_term_options *options, struct tui_term **out,
                            struct hops_diag *diag) HOPS_MUST_USE;

/* Gives it back; with a grid (else NULL), its text stays on the screen, in colour. NULL is fine. */
void tui_term_close(struct tui_term *term, const struct tui_grid *preserve);

void tui_term_size(const struct tui_term *term, int *out_columns, int *out_rows);

/* Puts the difference to the last frame on the terminal. */
void tui_term_draw(struct tui_term *term, const struct tui_grid *grid);
void tui_term_redraw(struct tui_term *term); /* the next frame is drawn whole */

/* Gives the terminal back, stops the process, and takes it again when the process goes on. */
void tui_term_suspend(struct tui_term *term);

/* Descriptors to wait for: input, and signals (window size, stop, going on, hang-up). */
bool tui_term_has_colors(const struct tui_term *term);
int tui_term_input_fd(const struct tui_term *term);
int tui_term_signal_fd(const struct tui_term *term);

/* What signals asked for since the last call. */
struct tui_term_signals {
    bool resized, stop, hang_up;
    bool resumed; /* the process goes on: the next frame is drawn whole */
};
struct tui_term_signals tui_term_signals(struct tui_term *term);

/* The next key or mouse action that has been typed; false: none for now. *out_wait: an escape
 * sequence may be half in, ask again after so many milliseconds; 0: no need to. */
struct tui_input {
    bool is_mouse;
    struct tui_key key;
    enum tui_mouse_kind mouse;
    int x, y;
};
bool tui_term_input(struct tui_term *term, struct tui_input *out, int *out_wait);
bool tui_term_gone(const struct tui_term *term); /* end of input: nobody is there any more */

/* Writes octets for the terminal itself (a title, the clipboard) between two frames. */
void tui_term_write(struct tui_term *term, const char *octets, size_t len);

/* Gives the terminal back with async-signal-safe calls only. For handlers of signals that end the
 * process; does nothing if there is no terminal to give back. */
void tui_term_emergency(void);

#endif
