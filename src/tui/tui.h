/* SPDX-License-Identifier: MIT
 *
 * The live screen as a part of somebody's loop:
 *
 *     tui_open(&inputs, &tui, &diag)
 *     while (!tui_done(tui)) {
 *         while (hops_run_next_event(run, &event)) {
 *             hops_stats_apply(stats[event.trace], &event);
 *             tui_event(tui, &event);
 *         }
 *         tui_step(tui, hops_run_now(run), wall clock);
 *         n = tui_fds(tui, fds);
 *         hops_run_wait(run, fds, n, tui_deadline(tui));
 *     }
 *     tui_close(tui);
 *
 * Open it before anything forbids to read files: the terminal's description is read then. Whoever
 * knows his traces only later takes the terminal first and fills in the rest with tui_begin().
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include <hops/err.h>

#include "tui/app.h"
#include "tui/term.h"

#include <poll.h>

struct tui;

enum { TUI_FDS = 2 };

struct tui_inputs {
    struct tui_app_inputs app;
    bool color; /* false: NO_COLOR */
    bool ascii; /* draw with ASCII only; also if the locale knows no more */
};

enum hops_err tui_open(const struct tui_inputs *inputs, struct tui **out,
                       struct hops_diag *diag) HOPS_MUST_USE;
enum hops_err tui_take(const struct tui_term_options *options, bool ascii, struct tui **out,
                       struct hops_diag *diag) HOPS_MUST_USE;
enum hops_err tui_begin(struct tui *tui, const struct tui_app_inputs *inputs) HOPS_MUST_USE;
void tui_close(struct tui *tui); /* gives the terminal back; NULL is fine */

/* Descriptors to wait for; returns how many were filled in. */
size_t tui_fds(const struct tui *tui, struct pollfd fds[TUI_FDS]);
hops_ns tui_deadline(const struct tui *tui);

void tui_event(struct tui *tui, const struct hops_event *event);

/* Takes signals and all keys that were typed, lets time pass, and draws if something changed and
 * the last frame is old enough. wall_ns: UTC, nanoseconds since 1970. */
void tui_step(struct tui *tui, hops_ns now, int64_t wall_ns);

bool tui_done(const struct tui *tui); /* the user wants to leave, or the terminal is gone */
bool tui_gone(const struct tui *tui); /* the terminal is gone: nobody is there any more */
struct tui_app *tui_app_of(struct tui *tui);

#endif
