/* SPDX-License-Identifier: MIT
 *
 * All targets at a glance: one line of figures for each, and their order.
 */
#ifndef TUI_OVERVIEW_H
#define TUI_OVERVIEW_H

#include "tui/app.h"

/* How a target does, worst first. Routers on the way do not count: many of them answer rarely or
 * never, which harms nobody. */
enum tui_health {
    TUI_HEALTH_FAILED,  /* the trace cannot go on */
    TUI_HEALTH_SILENT,  /* the target never answered */
    TUI_HEALTH_LOSSY,   /* not always */
    TUI_HEALTH_UNKNOWN, /* no round is complete */
    TUI_HEALTH_GOOD,    /* always */
    TUI_HEALTHS         /* number of them */
};

enum { TUI_SUMMARY_SAMPLES = 100 };

struct tui_summary {
    enum tui_health health;
    size_t hops;
    bool sent;     /* loss is known */
    bool answered; /* last, mean */
    bool p90_known;
    double loss;            /* percent */
    double last, mean, p90; /* milliseconds */
    size_t sample_count;
    uint32_t samples[TUI_SUMMARY_SAMPLES]; /* newest first */
};

struct tui_overview {
    size_t count;
    struct tui_summary *lines; /* by target */
    size_t *order;             /* targets as they are shown */
    bool by_health;            /* worst first; else as on the command line */
    bool reversed;
    size_t scroll; /* first one shown */
};

struct tui_overview *tui_overview_new(size_t count); /* NULL: no memory */
void tui_overview_free(struct tui_overview *overview);

/* Takes the figures of now, unless the screen is frozen, and puts the lines in order. */
void tui_overview_refresh(struct tui_app *app);

/* Place of a target in the order. */
size_t tui_overview_place(const struct tui_overview *overview, size_t trace);

/* Goes to the next target with app->input (or what was sought last) in its name or address. */
bool tui_overview_search(struct tui_app *app);

/* Name and, where that is another text, address of a target; masked if privacy hides it. */
void tui_overview_target(const struct tui_app *app, size_t trace, struct tui_line *out);

char tui_health_letter(enum tui_health health);
enum tui_health tui_trace_health(const struct tui_trace *trace);

#endif
