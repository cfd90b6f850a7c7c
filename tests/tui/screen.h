/* SPDX-License-Identifier: MIT
 *
 * The screen under test: traces over the simulator in virtual time, keys in, text out.
 */
#ifndef TESTS_TUI_SCREEN_H
#define TESTS_TUI_SCREEN_H

#include "check.h"

#include <hops/run.h>
#include <hops/sim.h>
#include <hops/stats.h>

#include "tui/app.h"

enum { SCREEN_TRACES = 4 };

struct screen {
    struct hops_run *run;
    struct hops_stats *stats[SCREEN_TRACES];
    size_t count;
    struct tui_app app;
    struct tui_grid grid;
    hops_ns now;
    int saves;                    /* times settings were to be saved */
    char saved[1024];             /* the last time: "name=value" lines */
    struct tui_saved save_result; /* what the screen is told then */
};

/* A network of five hops towards 203.0.113.77: the third is silent, the fourth two routers, one of
 * which drops some answers; 203.0.113.78 is never reached. */
const struct hops_scenario *screen_scenario(void);

struct screen_setup {
    size_t traces; /* 0: one */
    enum hops_protocol protocol;
    enum hops_strategy strategy;
    size_t max_flows;                                          /* 0: none */
    const char *target;                                        /* NULL: 203.0.113.77 */
    const char *name;                                          /* NULL: the target's address */
    const char *targets[SCREEN_TRACES], *names[SCREEN_TRACES]; /* of each; NULL: the two above */
    bool ascii;
    uint8_t first_ttl; /* 0: 1 */
};

void screen_start(struct screen *s, const struct screen_setup *setup);
void screen_end(struct screen *s);

/* Lets so many seconds pass, events and all. */
void screen_pass(struct screen *s, int seconds);

/* Keys: characters stand for themselves; <down>, <ctrl+f>, <esc> and so on for others. */
void screen_keys(struct screen *s, const char *keys);

/* Draws at this size and gives the text: rows without trailing blanks, each with a line end.
 * Borrowed until the next call. */
const char *screen_text(struct screen *s, int columns, int rows);

/* Fails unless the screen at this size is the golden text of that name (without ".txt"). With
 * UPDATE_GOLDEN in the environment it is written instead. */
void screen_golden(struct screen *s, int columns, int rows, const char *name);

/* Fails unless the text is (not) on the screen drawn last. */
void screen_has(struct screen *s, const char *text);
void screen_lacks(struct screen *s, const char *text);

#endif
