/* SPDX-License-Identifier: MIT
 *
 * The screen from keys, mouse, events, sizes and time, over names and places that may hold
 * anything. The grid is a window into a larger block: what lies behind it must stay as it was, and
 * no cell may hold what drives a terminal.
 */
#include "event_source.h"
#include "fuzz.h"
#include "text_check.h"

#include <hops/addr.h>
#include <hops/stats.h>

#include <string.h>

#include "base/text.h"
#include "tui/app.h"

enum {
    COLUMNS_MAX = 200,
    ROWS_MAX = 60,
    TRACES = 2,
    TEXT_MAX = 48,
    CANARY = 0xa5,
    CANARY_OCTETS = 8192
};

struct world {
    struct rd in;
    struct event_source source[TRACES];
    struct hops_stats *stats[TRACES];
    struct tui_app app;
    struct tui_grid *grid;
    char name[TEXT_MAX * 4 + 1]; /* what every address is called; clean, as sources give it */
    uint8_t state;
    hops_ns now;
};

/* Sources. */

static struct tui_name name_of(void *user, const struct hops_addr *addr) {
    const struct world *w = user;
    enum tui_lookup state = (enum tui_lookup)((w->state + addr->octets[3]) % 6);

    if (state != TUI_LOOKUP_FOUND) {
        return (struct tui_name){.state = state};
    }
    return (struct tui_name){.state = state, .text = w->name, .first = w->name};
}

static struct tui_as as_of(void *user, const struct hops_addr *addr) {
    const struct world *w = user;
    enum tui_lookup state = (enum tui_lookup)((w->state + addr->octets[3]) % 6);

    if (state != TUI_LOOKUP_FOUND) {
        return (struct tui_as){.state = state};
    }
    return (struct tui_as){.state = state,
                           .number = addr->octets[3] * 77777U,
                           .prefix = w->name,
                           .country = w->name,
                           .registry = (w->state & 16) != 0 ? NULL : w->name,
                           .allocated = "",
                           .name = w->name};
}

static struct tui_place place_of(void *user, const struct hops_addr *addr) {
    const struct world *w = user;

    return (struct tui_place){.known = (w->state & 32) != 0,
                              .city = w->name,
                              .country = w->name,
                              .country_code = "ZZ",
                              .continent = (w->state & 64) != 0 ? NULL : w->name,
                              .has_position = (w->state & 8) != 0,
                              .has_radius = (w->state & 4) != 0,
                              .latitude = (double)addr->octets[3] - 90,
                              .longitude = (double)addr->octets[3] * 1.4 - 180,
                              .radius_km = w->state * 13U};
}

static int32_t utc(void *user, int64_t seconds) {
    (void)user;
    return (int32_t)(seconds % 2) * 3600;
}

/* Drawing. */

static void check_cells(const struct tui_grid *grid) {
    for (int y = 0; y < grid->rows; y++) {
        for (int x = 0; x < grid->columns; x++) {
            const struct tui_cell *cell = tui_grid_at(grid, x, y);
            FUZZ_CHECK(cell->width <= 2);
            if (cell->text[0] != ' ' || cell->text[1] != '\0') {
                fuzz_check_clean(cell->text, sizeof(cell->text));
            }
            FUZZ_CHECK(cell->width != 2 || x + 1 < grid->columns);
        }
    }
}

static void draw(struct world *w) {
    int columns = 1 + rd_u8(&w->in) % COLUMNS_MAX;
    uint8_t height = rd_u8(&w->in);
    int rows = 1 + ((height & 0x80) != 0 ? height % ROWS_MAX : height % 24);
    size_t used = (size_t)columns * (size_t)rows;

    if (!tui_grid_resize(w->grid, columns, rows)) {
        abort();
    }
    size_t behind = (w->grid->room - used) * sizeof(*w->grid->cells);
    behind = behind < CANARY_OCTETS ? behind : CANARY_OCTETS;
    uint8_t *canary = (uint8_t *)(w->grid->cells + used);
    memset(canary, CANARY, behind);
    tui_app_draw(&w->app, w->grid);
    FUZZ_CHECK(!tui_app_dirty(&w->app));
    FUZZ_CHECK(canary[0] == CANARY && memcmp(canary, canary + 1, behind - 1) == 0);
    check_cells(w->grid);
}

/* Steps. */

static void key(struct world *w) {
    struct tui_key k = {.code = TUI_KEY_CHAR};
    uint8_t c = rd_u8(&w->in);

    if (c < 0x80) {
        k = tui_key_char(c);
    } else if (c < 0xc0) {
        k.code = (enum tui_key_code)(c % (TUI_KEY_F + 1));
        k.ch = k.code == TUI_KEY_F ? 1U + c % 12 : k.code == TUI_KEY_CHAR ? 'x' : 0;
        k.modifiers = rd_u8(&w->in) & 0x3f;
    } else {
        k.ch = rd_be32(&w->in) % 0x110000;
        k.modifiers = c & 0x3f;
    }
    tui_app_key(&w->app, &k);
}

static void event(struct world *w) {
    struct hops_event e;
    unsigned trace = fuzz_below(&w->in, 8) == 0 ? 1 : 0;

    event_source_next(&w->source[trace], &w->in, &e);
    e.trace = trace;
    hops_stats_apply(w->stats[trace], &e);
    tui_app_event(&w->app, &e);
}

static void pass(struct world *w) {
    w->now += fuzz_time(&w->in);
    tui_app_tick(&w->app, w->now, 1933049228 * (int64_t)1000000000 + w->now);
    FUZZ_CHECK(tui_app_deadline(&w->app) > w->now);
}

static void rename_hosts(struct world *w) {
    char raw[TEXT_MAX];
    size_t len = rd_u8(&w->in) % TEXT_MAX;

    rd_copy(&w->in, raw, len);
    (void)hops_text_sanitize(raw, len, w->name, sizeof(w->name));
    w->state = rd_u8(&w->in);
    tui_app_names_changed(&w->app);
}

static void step(struct world *w) {
    switch (fuzz_below(&w->in, 16)) {
    case 0:
    case 1:
    case 2:
        key(w);
        break;
    case 3:
    case 4:
        tui_app_command(&w->app, (enum tui_command)fuzz_below(&w->in, TUI_COMMANDS));
        break;
    case 5:
        tui_app_mouse(&w->app, (enum tui_mouse_kind)fuzz_below(&w->in, 3), rd_u8(&w->in) - 4,
                      rd_u8(&w->in) - 4);
        break;
    case 6:
        pass(w);
        break;
    case 7:
        rename_hosts(w);
        break;
    case 8:
    case 9:
        draw(w);
        break;
    default:
        event(w);
        break;
    }
}

static void start(struct world *w) {
    const struct tui_sources sources = {.name = name_of, .as = as_of, .place = place_of, .user = w};
    const struct tui_actions actions = {.utc_offset = utc};
    struct tui_trace traces[TRACES];
    struct tui_options options;
    struct hops_stats_config stats;
    uint8_t how = rd_u8(&w->in);

    hops_stats_config_init(&stats);
    stats.max_flows = (how & 1) != 0 ? 8 : 0;
    for (size_t i = 0; i < TRACES; i++) {
        w->source[i].family = (how & 2) != 0 ? HOPS_IPV6 : HOPS_IPV4;
        if (hops_stats_new(&stats, 1, NULL, &w->stats[i]) != HOPS_OK) {
            abort();
        }
        traces[i] =
            (struct tui_trace){.name = w->name, .stats = w->stats[i], .max_flows = stats.max_flows};
        hops_config_init(&traces[i].config);
        traces[i].config.target = fuzz_addr(w->source[i].family, 200);
        traces[i].config.source = fuzz_addr(w->source[i].family, 250);
    }
    tui_options_init(&options);
    options.as_possible = (how & 4) != 0;
    options.as_info = (how & 8) != 0;
    options.status_letters = (how & 16) != 0;
    options.mouse = (how & 32) != 0;
    options.geoip_mode = (enum tui_geoip_mode)(how >> 6);
    options.privacy = (how & 3) == 3 ? 3 : -1;
    w->grid->ascii = (how & 48) == 48;
    const struct tui_app_inputs inputs = {.options = &options,
                                          .sources = &sources,
                                          .actions = &actions,
                                          .traces = traces,
                                          .trace_count = TRACES};
    if (!tui_app_init(&w->app, &inputs) ||
        !tui_grid_resize(w->grid, COLUMNS_MAX + 1, ROWS_MAX + 1)) {
        abort();
    }
    pass(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct tui_grid grid; /* large: mapped once, for all inputs */
    struct world w = {.in = rd_make(data, size), .name = "router.example", .grid = &grid};

    start(&w);
    while (fuzz_more(&w.in)) {
        step(&w);
    }
    draw(&w);
    tui_app_done(&w.app);
    for (size_t i = 0; i < TRACES; i++) {
        hops_stats_free(w.stats[i]);
    }
    return 0;
}
