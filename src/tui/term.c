/* SPDX-License-Identifier: MIT
 *
 * Output through curses, which knows what each terminal understands, by the difference to the last
 * frame. A frame is bracketed by synchronized update (mode 2026), which terminals that know it show
 * as one and others ignore.
 */
#include "tui/term.h"

#include "base/diag.h"
#include "tui/term_key.h"
#include "tui/term_signal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

enum { PAIRS = 256 };

struct pair {
    int fg, bg;
};

struct tui_term {
    SCREEN *screen;
    struct tui_reader *reader;
    struct tui_grid last; /* what the terminal shows */
    struct termios modes; /* before us */
    int columns, rows;
    int colors; /* 0: none; 8, 16, 256; more: direct colour */
    bool mouse;
    bool whole; /* the next frame is drawn from scratch */
    struct pair pairs[PAIRS];
    int pair_count; /* pairs in use; 0 is the terminal's own */
};

bool tui_term_utf8(void) {
    const char *locale = setlocale(LC_CTYPE, "");

    return locale != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void write_all(const char *octets, size_t len) {
    while (len > 0) {
        struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};
        ssize_t n = write(STDOUT_FILENO, octets, len);
        if (n < 0 && errno == EAGAIN && poll(&fd, 1, -1) == 1) {
            continue; /* somebody who shares the terminal has made it so */
        }
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return; /* a terminal that is gone is noticed when reading */
        }
        octets += n;
        len -= (size_t)n;
    }
}

static void write_text(const char *text) {
    write_all(text, strlen(text));
}

void tui_term_write(struct tui_term *term, const char *octets, size_t len) {
    (void)term;
    write_all(octets, len);
}

static void read_size(struct tui_term *term) {
    struct winsize size = {0};

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        term->columns = size.ws_col;
        term->rows = size.ws_row;
    } else {
        term->columns = COLS;
        term->rows = LINES;
    }
}

static const char *capability(const char *name) {
    const char *value = tigetstr(name);

    /* (char *)-1: no such capability. */
    return value == NULL || (intptr_t)value == -1 ? "" : value;
}

/* Padding ("$<5>") in a capability is for terminals of another age. */
static size_t add_capability(char *out, size_t size, size_t len, const char *name) {
    for (const char *c = capability(name); *c != '\0' && len + 1 < size; c++) {
        if (c[0] == '$' && c[1] == '<') {
            while (*c != '\0' && *c != '>') {
                c++;
            }
            continue;
        }
        out[len++] = *c;
    }
    out[len] = '\0';
    return len;
}

static void write_capability(const char *name) {
    char octets[64] = "";

    write_all(octets, add_capability(octets, sizeof(octets), 0, name));
}

static const char update_begin[] = "\033[?2026h";
static const char update_end[] = "\033[?2026l";
static const char mouse_on[] = "\033[?1000h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1000l";

/* Octets that put the terminal back, for handlers of fatal signals. */
static void arm_rescue(const struct tui_term *term) {
    char octets[256] = "";
    size_t len = sizeof(update_end) - 1;

    memcpy(octets, update_end, sizeof(update_end)); /* it may happen in the middle of a frame */
    if (term->mouse) {
        memcpy(octets + len, mouse_off, sizeof(mouse_off));
        len += sizeof(mouse_off) - 1;
    }
    len = add_capability(octets, sizeof(octets), len, "sgr0");
    len = add_capability(octets, sizeof(octets), len, "rmkx");
    len = add_capability(octets, sizeof(octets), len, "cnorm");
    len = add_capability(octets, sizeof(octets), len, "rmcup");
    (void)tui_rescue_set(STDOUT_FILENO, &term->modes, octets, len);
}

static int color_count(void) {
    if (!has_colors() || start_color() == ERR) {
        return 0;
    }
    (void)use_default_colors();
    return COLORS >= 1 << 24 ? 1 << 24 : COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
}

static void enter(struct tui_term *term) {
    (void)raw();
    (void)noecho();
    (void)nonl();
    (void)keypad(stdscr, FALSE); /* keys are termkey's */
    (void)curs_set(0);
    (void)leaveok(stdscr, TRUE);
    if (term->mouse) {
        write_text(mouse_on);
    }
    term->whole = true;
}

static enum hops_err start(struct tui_term *term, struct hops_diag *diag) {
    const char *name = getenv("TERM");

    if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0 ||
        tcgetattr(STDIN_FILENO, &term->modes) != 0) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM,
                             "standard input and output are no terminal: use --mode for a report");
    }
    term->screen = newterm(NULL, stdout, stdin);
    if (term->screen == NULL) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM,
                             "the terminal '%s' is unknown: set TERM, or use --mode for a report",
                             name == NULL ? "" : name);
    }
    if (tigetstr("cup") == NULL) {
        return hops_diag_set(diag, HOPS_ERR_SYSTEM,
                             "the terminal '%s' cannot place the cursor: use --mode for a report",
                             name == NULL ? "" : name);
    }
    term->reader = tui_reader_new(STDIN_FILENO);
    if (term->reader == NULL || !tui_signals_catch()) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "the terminal could not be set up");
    }
    return HOPS_OK;
}

enum hops_err tui_term_open(const struct tui_term_options *options, struct tui_term **out,
                            struct hops_diag *diag) {
    struct tui_term *term = calloc(1, sizeof(*term));
    enum hops_err err;

    if (term == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    if (!tui_term_utf8()) {
        (void)setlocale(LC_CTYPE, "C.UTF-8"); /* curses counts cells by it */
    }
    err = start(term, diag);
    if (err != HOPS_OK) {
        tui_term_close(term, NULL);
        return err;
    }
    term->mouse = options->mouse;
    arm_rescue(term);
    (void)atexit(tui_term_emergency);
    term->colors = options->color ? color_count() : 0;
    enter(term);
    read_size(term);
    *out = term;
    return HOPS_OK;
}

void tui_term_size(const struct tui_term *term, int *out_columns, int *out_rows) {
    *out_columns = term->columns;
    *out_rows = term->rows;
}

bool tui_term_has_colors(const struct tui_term *term) {
    return term->colors > 0;
}

int tui_term_input_fd(const struct tui_term *term) {
    (void)term;
    return STDIN_FILENO;
}

int tui_term_signal_fd(const struct tui_term *term) {
    (void)term;
    return tui_signals_fd();
}

struct tui_term_signals tui_term_signals(struct tui_term *term) {
    struct tui_term_signals signals = tui_signals_take();

    if (signals.resumed) {
        /* After SIGSTOP, which nobody is asked about, the terminal is as the shell left it. */
        (void)reset_prog_mode();
        write_capability("smcup");
        write_capability("civis"); /* curses believes that the cursor is hidden still */
        enter(term);
    }
    if (signals.resized || signals.resumed) {
        read_size(term);
        (void)resizeterm(term->rows, term->columns);
        term->whole = true;
    }
    return signals;
}

bool tui_term_input(struct tui_term *term, struct tui_input *out, int *out_wait) {
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

    if (poll(&fd, 1, 0) == 1) {
        tui_reader_fill(term->reader);
    }
    return tui_reader_next(term->reader, out, out_wait);
}

bool tui_term_gone(const struct tui_term *term) {
    return tui_reader_gone(term->reader);
}

/* Colours. */

/* The number of a pair of colours; a new one if need be. When all are in use, they are given out
 * anew, which a change of theme at most brings about. */
static int pair_number(struct tui_term *term, const struct tui_style *style) {
    struct pair wanted;

    tui_style_numbers(style, term->colors, &wanted.fg, &wanted.bg);

    if (term->colors == 0 || (wanted.fg < 0 && wanted.bg < 0)) {
        return 0;
    }
    for (int i = 1; i <= term->pair_count; i++) {
        if (term->pairs[i].fg == wanted.fg && term->pairs[i].bg == wanted.bg) {
            return i;
        }
    }
    int most = COLOR_PAIRS < PAIRS ? COLOR_PAIRS : PAIRS;
    if (term->pair_count + 1 >= most) {
        term->pair_count = 0;
    }
    term->pair_count++;
    term->pairs[term->pair_count] = wanted;
    (void)init_extended_pair(term->pair_count, wanted.fg, wanted.bg);
    return term->pair_count;
}

/* Without colour what stands out by its background stands out reversed. */
static attr_t attributes(const struct tui_term *term, const struct tui_style *style) {
    attr_t attrs = ((style->attrs & TUI_BOLD) != 0 ? A_BOLD : 0) |
                   ((style->attrs & TUI_UNDERLINE) != 0 ? A_UNDERLINE : 0) |
                   ((style->attrs & TUI_DIM) != 0 ? A_DIM : 0);
    bool reverse = (style->attrs & TUI_REVERSE) != 0;

    if (term->colors == 0 && tui_style_is_dark_on_light(style)) {
        reverse = !reverse;
    }
    return attrs | (reverse ? A_REVERSE : 0);
}

/* Frames. */

static void draw_cell(struct tui_term *term, const struct tui_cell *cell, int x, int y) {
    wchar_t text[TUI_CELL_TEXT];
    cchar_t wide;
    int pair = pair_number(term, &cell->style);
    size_t n = mbstowcs(text, cell->text, CCHARW_MAX);

    if (n == (size_t)-1 || n == 0) {
        text[0] = L'?';
        n = 1;
    }
    text[n < CCHARW_MAX ? n : CCHARW_MAX] = L'\0';
    attr_t attrs = attributes(term, &cell->style);
    if (setcchar(&wide, text, attrs, (short)0, &pair) != OK &&
        setcchar(&wide, L"?", attrs, (short)0, &pair) != OK) {
        return;
    }
    (void)mvadd_wch(y, x, &wide); /* what curses does not know must not leave the old cell */
}

static void remember(struct tui_term *term, const struct tui_grid *grid) {
    if (term->last.columns != grid->columns || term->last.rows != grid->rows) {
        if (!tui_grid_resize(&term->last, grid->columns, grid->rows)) {
            term->whole = true;
            return;
        }
    }
    memcpy(term->last.cells, grid->cells,
           (size_t)grid->columns * (size_t)grid->rows * sizeof(*grid->cells));
}

void tui_term_draw(struct tui_term *term, const struct tui_grid *grid) {
    bool whole =
        term->whole || grid->columns != term->last.columns || grid->rows != term->last.rows;
    bool changed = whole;

    term->whole = false;
    if (whole) {
        (void)clearok(stdscr, TRUE);
        (void)erase();
    }
    for (int y = 0; y < grid->rows; y++) {
        for (int x = 0; x < grid->columns; x++) {
            const struct tui_cell *cell = tui_grid_at(grid, x, y);
            if (cell->width > 0 &&
                (whole || !tui_cell_equal(cell, tui_grid_at(&term->last, x, y)))) {
                draw_cell(term, cell, x, y);
                changed = true;
            }
        }
    }
    if (changed) {
        write_text(update_begin);
        (void)refresh();
        write_text(update_end);
        remember(term, grid);
    }
}

void tui_term_redraw(struct tui_term *term) {
    term->whole = true;
}

/* Giving it back. */

static void leave(struct tui_term *term) {
    if (term->mouse) {
        write_text(mouse_off);
    }
    (void)curs_set(1);
    (void)endwin();
    tui_rescue_clear();
}

void tui_term_suspend(struct tui_term *term) {
    leave(term);
    tui_signals_stop();
    (void)tcgetattr(STDIN_FILENO, &term->modes);
    arm_rescue(term);
    (void)refresh(); /* back into the alternate screen and our modes */
    enter(term);
    read_size(term);
    (void)resizeterm(term->rows, term->columns);
}

static void print_style(const struct tui_term *term, const struct tui_style *style) {
    int fg;
    int bg;
    attr_t attrs = attributes(term, style);

    tui_style_numbers(style, term->colors, &fg, &bg);
    (void)putp(capability("sgr0"));
    if ((attrs & A_BOLD) != 0) {
        (void)putp(capability("bold"));
    }
    if ((attrs & A_UNDERLINE) != 0) {
        (void)putp(capability("smul"));
    }
    if ((attrs & A_REVERSE) != 0) {
        (void)putp(capability("rev"));
    }
    if (term->colors > 0 && fg >= 0) {
        (void)putp(tiparm(capability("setaf"), fg));
    }
    if (term->colors > 0 && bg >= 0) {
        (void)putp(tiparm(capability("setab"), bg));
    }
}

/* The frame as lines of the normal screen, so that it scrolls away like any output. */
static void print_grid(const struct tui_term *term, const struct tui_grid *grid) {
    for (int y = 0; y < grid->rows; y++) {
        const struct tui_cell *before = NULL;
        for (int x = 0; x < grid->columns; x++) {
            const struct tui_cell *cell = tui_grid_at(grid, x, y);
            if (cell->width == 0) {
                continue;
            }
            if (before == NULL || memcmp(&before->style, &cell->style, sizeof(cell->style)) != 0) {
                print_style(term, &cell->style);
            }
            before = cell;
            (void)fputs(cell->text, stdout);
        }
        (void)putp(capability("sgr0"));
        (void)fputs("\r\n", stdout);
    }
    (void)fflush(stdout);
}

void tui_term_close(struct tui_term *term, const struct tui_grid *preserve) {
    if (term == NULL) {
        return;
    }
    if (term->screen != NULL) {
        leave(term);
        if (preserve != NULL) {
            print_grid(term, preserve);
        }
    }
    tui_signals_release();
    tui_reader_free(term->reader);
    if (term->screen != NULL) {
        delscreen(term->screen);
    }
    tui_grid_done(&term->last);
    free(term);
}
