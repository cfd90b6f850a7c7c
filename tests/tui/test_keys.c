/* SPDX-License-Identifier: MIT
 *
 * A hundred thousand random keys, with the mouse and commands between them, over networks that
 * change, on screens from 1x1 to 200x60. Nothing may be written outside the grid: it stands in a
 * larger block, whose rest must stay as it is.
 */
#include "screen.h"

#include "base/rng.h"

#include <string.h>

enum { KEYS = 100000, COLUMNS_MAX = 200, ROWS_MAX = 60, CANARY = 0xa5, CANARY_OCTETS = 16384 };

static const struct screen_setup setups[] = {
    {.name = "www.example.net"},
    {.name = "www.example.net", .traces = 3},
    {.name = "www.example.net",
     .protocol = HOPS_PROTOCOL_UDP,
     .strategy = HOPS_STRATEGY_PARIS,
     .max_flows = 64},
    {.name = "silent.example.net", .target = "203.0.113.78"},
    {.name = "www.example.net", .traces = 2, .ascii = true},
};

enum { SETUPS = sizeof(setups) / sizeof(setups[0]) };

static unsigned below(struct rng *rng, unsigned count) {
    return (unsigned)(rng_next(rng) % count);
}

/* Mostly characters, for these are commands; all other keys with any modifiers, too. */
static struct tui_key random_key(struct rng *rng) {
    struct tui_key key = {.code = TUI_KEY_CHAR};
    unsigned kind = below(rng, 16);

    if (kind < 9) {
        return tui_key_char(' ' + below(rng, 95));
    }
    if (kind < 11) {
        key.ch = 'a' + below(rng, 26);
        key.modifiers = TUI_CTRL;
    } else if (kind < 15) {
        key.code = (enum tui_key_code)(1 + below(rng, TUI_KEY_F));
        key.ch = key.code == TUI_KEY_F ? 1 + below(rng, 12) : 0;
        key.modifiers = below(rng, 4) == 0 ? (uint8_t)below(rng, 64) : 0;
    } else {
        key.ch = 0x80 + below(rng, 0x10ff80);
    }
    return key;
}

/* What the network does while somebody types: time passes, or something fails. */
static void disturb(struct screen *s, struct rng *rng) {
    struct hops_event error = {.kind = HOPS_EVENT_ERROR,
                               .trace = below(rng, 4),
                               .u.failure = {.call = HOPS_CALL_SENDTO, .os_errno = 1}};

    switch (below(rng, 8)) {
    case 0:
        tui_app_event(&s->app, &error);
        break;
    case 1:
        tui_app_names_changed(&s->app);
        break;
    default:
        screen_pass(s, 1 + (int)below(rng, 3));
        break;
    }
}

static void check_cells(const struct tui_grid *grid) {
    for (int y = 0; y < grid->rows; y++) {
        for (int x = 0; x < grid->columns; x++) {
            const struct tui_cell *cell = tui_grid_at(grid, x, y);
            bool whole = cell->width == 0 ? x > 0 && tui_grid_at(grid, x - 1, y)->width == 2
                                          : cell->width == 1 || x + 1 < grid->columns;
            if (!whole || memchr(cell->text, '\0', sizeof(cell->text)) == NULL ||
                (cell->width > 0 && (unsigned char)cell->text[0] < 0x20)) {
                fail_msg("cell %d,%d of %dx%d: width %u", x, y, grid->columns, grid->rows,
                         cell->width);
            }
        }
    }
}

static void draw(struct screen *s, int columns, int rows) {
    size_t used = (size_t)columns * (size_t)rows;

    assert_true(tui_grid_resize(&s->grid, columns, rows));
    size_t behind = (s->grid.room - used) * sizeof(*s->grid.cells);
    uint8_t *canary = (uint8_t *)(s->grid.cells + used);
    behind = behind < CANARY_OCTETS ? behind : CANARY_OCTETS;
    memset(canary, CANARY, behind);
    tui_app_draw(&s->app, &s->grid);
    assert_false(tui_app_dirty(&s->app));
    if (behind > 0) {
        assert_int_equal(canary[0], CANARY);
        assert_memory_equal(canary, canary + 1, behind - 1);
    }
    check_cells(&s->grid);
}

static void random_size(struct rng *rng, int *columns, int *rows) {
    static const int usual[][2] = {{1, 1}, {80, 24}, {COLUMNS_MAX, ROWS_MAX}, {40, 10}};
    unsigned n = below(rng, 12);

    if (n < 4) {
        *columns = usual[n][0];
        *rows = usual[n][1];
    } else {
        *columns = 1 + (int)below(rng, n < 10 ? 100 : COLUMNS_MAX);
        *rows = 1 + (int)below(rng, n < 10 ? 30 : ROWS_MAX);
    }
}

/* One user: so many keys from this seed. The screen is drawn after about every tenth, as between
 * two frames. */
static void type(const struct screen_setup *setup, unsigned keys, uint64_t seed) {
    struct rng rng = {.state = seed};
    struct screen s;
    int columns = 80;
    int rows = 24;

    screen_start(&s, setup);
    s.app.options.mouse = true;
    draw(&s, COLUMNS_MAX, ROWS_MAX + 1); /* room behind every later size */
    for (unsigned n = 0; n < keys; n++) {
        struct tui_key key = random_key(&rng);
        tui_app_key(&s.app, &key);
        s.app.exit = TUI_EXIT_NO;
        if (below(&rng, 8) == 0) {
            tui_app_mouse(&s.app, (enum tui_mouse_kind)below(&rng, 3),
                          (int)below(&rng, COLUMNS_MAX + 8) - 4,
                          (int)below(&rng, ROWS_MAX + 8) - 4);
        }
        if (below(&rng, 16) == 0) {
            tui_app_command(&s.app, (enum tui_command)below(&rng, TUI_COMMANDS));
        }
        if (below(&rng, 200) == 0) {
            disturb(&s, &rng);
        }
        if (below(&rng, 40) == 0) {
            random_size(&rng, &columns, &rows);
        }
        if (below(&rng, 10) == 0) {
            draw(&s, columns, rows);
        }
    }
    screen_end(&s);
}

static void keys_random_ones_write_nowhere_else(void **state) {
    (void)state;
    for (unsigned i = 0; i < SETUPS; i++) {
        type(&setups[i], KEYS / SETUPS, 1000 + i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_random_ones_write_nowhere_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
