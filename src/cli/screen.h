/* SPDX-License-Identifier: MIT
 *
 * The live screen as the settings want it: options, colours, keys, time zone and traces handed over
 * to tui/. Whoever runs the loop (a session, a replay) drives cli_screen.tui as tui.h says.
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include "cli/screen_save.h"
#include "cli/screen_settings.h"
#include "cli/settings.h"
#include "cli/view.h"
#include "tui/tui.h"

struct cli_screen_inputs {
    const struct cli_settings *settings;
    const struct cli_view *view; /* started: traces and statistics (borrows) */
    const struct tui_sources *sources;
    const struct tui_actions *actions; /* NULL: none */
    const char *version;
    bool privileged; /* what the info bar says */
};

/* A zeroed struct is no screen. */
struct cli_screen {
    struct tui *tui; /* NULL: none */
    char **titles;   /* of the traces, fit to be shown */
    size_t count;
    const struct cli_view *view;
    struct tui_actions actions; /* of whoever runs the loop */
    struct cli_screen_save save;
    struct cli_screen_settings settings;
    struct tui_catalogue catalogue;
};

/* Is there a chance of a screen? False: standard output is no terminal, or TERM says that it can
 * do nothing but print lines. */
bool cli_screen_possible(void);

/* Takes the terminal, if the mode wants one. Call it before the sandbox is entered: the
 * descriptions of the terminal and of the time zone, the texts of the language and the settings are
 * read now. */
enum hops_err cli_screen_take(struct cli_screen *screen, const struct cli_settings *settings,
                              struct hops_diag *diag) HOPS_MUST_USE;

/* Fills the screen in, if there is one; from then on it can be driven. The struct must stay where
 * it is. HOPS_ERR_NOMEM. */
enum hops_err cli_screen_begin(struct cli_screen *screen,
                               const struct cli_screen_inputs *inputs) HOPS_MUST_USE;

/* Gives the terminal back, also of a zeroed or half filled screen. */
void cli_screen_close(struct cli_screen *screen);

/* Says a text in the info bar, with why as its %{why}. */
void cli_screen_say(struct cli_screen *screen, enum tui_text_id text, const char *why);

/* UTC by the clock of the host, nanoseconds since 1970. */
int64_t cli_screen_wall(void);

#endif
