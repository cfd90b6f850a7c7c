/* SPDX-License-Identifier: MIT */
#include "tui/tui.h"

#include "tui/osc52.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

struct tui {
    struct tui_app app;
    struct tui_term *term;
    struct tui_grid grid;
    hops_ns drawn;     /* time of the last frame */
    hops_ns ask_again; /* an escape sequence may be half in; HOPS_NEVER: no */
    bool gone;
};

enum hops_err tui_take(const struct tui_term_options *options, bool ascii, struct tui **out,
                       struct hops_diag *diag) {
    struct tui *tui = calloc(1, sizeof(*tui));

    if (tui == NULL) {
        return HOPS_ERR_NOMEM;
    }
    tui->grid.ascii = ascii || !tui_term_utf8();
    tui->drawn = INT64_MIN / 2;
    tui->ask_again = HOPS_NEVER;
    enum hops_err err = tui_term_open(options, &tui->term, diag);
    if (err != HOPS_OK) {
        free(tui);
        return err;
    }
    tui->grid.mono = !tui_term_has_colors(tui->term);
    *out = tui;
    return HOPS_OK;
}

enum hops_err tui_begin(struct tui *tui, const struct tui_app_inputs *inputs) {
    return tui_app_init(&tui->app, inputs) ? HOPS_OK : HOPS_ERR_NOMEM;
}

enum hops_err tui_open(const struct tui_inputs *inputs, struct tui **out, struct hops_diag *diag) {
    struct tui_term_options options = {.color = inputs->color, .mouse = inputs->app.options->mouse};
    enum hops_err err = tui_take(&options, inputs->ascii, out, diag);

    if (err == HOPS_OK) {
        err = tui_begin(*out, &inputs->app);
        if (err != HOPS_OK) {
            tui_close(*out);
        }
    }
    return err;
}

void tui_close(struct tui *tui) {
    if (tui == NULL) {
        return;
    }
    bool preserve =
        !tui->gone && (tui->app.exit == TUI_EXIT_PRESERVE ||
                       (tui->app.exit == TUI_EXIT_QUIT && tui->app.options.preserve_screen));
    tui_term_close(tui->term, preserve && tui->grid.cells != NULL ? &tui->grid : NULL);
    tui_app_done(&tui->app);
    tui_grid_done(&tui->grid);
    free(tui);
}

size_t tui_fds(const struct tui *tui, struct pollfd fds[TUI_FDS]) {
    fds[0] = (struct pollfd){.fd = tui_term_input_fd(tui->term), .events = POLLIN};
    fds[1] = (struct pollfd){.fd = tui_term_signal_fd(tui->term), .events = POLLIN};
    return TUI_FDS;
}

hops_ns tui_deadline(const struct tui *tui) {
    hops_ns deadline = tui_app_deadline(&tui->app);
    hops_ns frame = tui->drawn + tui->app.options.refresh;

    if (tui_app_dirty(&tui->app) && frame < deadline) {
        deadline = frame;
    }
    return tui->ask_again < deadline ? tui->ask_again : deadline;
}

void tui_event(struct tui *tui, const struct hops_event *event) {
    tui_app_event(&tui->app, event);
}

static void put_on_clipboard(struct tui *tui) {
    size_t len = 0;
    char *sequence = tui_osc52(tui->app.clipboard, strlen(tui->app.clipboard), &len);

    if (sequence != NULL) {
        tui_term_write(tui->term, sequence, len);
    }
    free(sequence);
    free(tui->app.clipboard);
    tui->app.clipboard = NULL;
}

/* All that was typed; true if there was something. */
static bool take_input(struct tui *tui, hops_ns now) {
    struct tui_input input;
    int wait_ms = 0;
    bool any = false;

    while (tui->app.exit == TUI_EXIT_NO && tui_term_input(tui->term, &input, &wait_ms)) {
        any = true;
        if (input.is_mouse) {
            tui_app_mouse(&tui->app, input.mouse, input.x, input.y);
        } else {
            tui_app_key(&tui->app, &input.key);
        }
    }
    tui->ask_again = wait_ms == 0 ? HOPS_NEVER : now + wait_ms * HOPS_MS;
    tui->gone |= tui_term_gone(tui->term);
    return any;
}

static void take_signals(struct tui *tui) {
    struct tui_term_signals signals = tui_term_signals(tui->term);

    if (signals.resized || signals.resumed) {
        tui->app.dirty = true;
        tui->drawn = INT64_MIN / 2; /* at once */
    }
    tui->gone |= signals.hang_up;
    tui->app.suspend |= signals.stop;
}

static void draw(struct tui *tui, hops_ns now) {
    int columns;
    int rows;

    tui_term_size(tui->term, &columns, &rows);
    if ((columns != tui->grid.columns || rows != tui->grid.rows) &&
        !tui_grid_resize(&tui->grid, columns, rows)) {
        return;
    }
    tui_app_draw(&tui->app, &tui->grid);
    tui_term_draw(tui->term, &tui->grid);
    tui->drawn = now;
}

void tui_step(struct tui *tui, hops_ns now, int64_t wall_ns) {
    take_signals(tui);
    tui_app_tick(&tui->app, now, wall_ns);
    bool typed = take_input(tui, now);
    if (tui->app.clipboard != NULL) {
        put_on_clipboard(tui);
    }
    if (tui->app.suspend) {
        tui->app.suspend = false;
        tui_term_suspend(tui->term);
        tui->app.redraw = true;
    }
    if (tui->app.redraw) {
        tui->app.redraw = false;
        tui->app.dirty = true;
        typed = true;
        tui_term_redraw(tui->term);
    }
    if (tui_app_dirty(&tui->app) && !tui_done(tui) &&
        (typed || now - tui->drawn >= tui->app.options.refresh)) {
        draw(tui, now);
    }
}

bool tui_done(const struct tui *tui) {
    return tui->gone || tui->app.exit != TUI_EXIT_NO;
}

bool tui_gone(const struct tui *tui) {
    return tui->gone;
}

struct tui_app *tui_app_of(struct tui *tui) {
    return &tui->app;
}
