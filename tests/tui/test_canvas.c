/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "tui/canvas.h"
#include "tui/line.h"
#include "tui/world_table.h"

#include <math.h>
#include <string.h>

static const struct tui_canvas_bounds percent = {.right = 100.0, .top = 100.0};
static const struct tui_pen pens[TUI_PENS_MAX] = {
    [1] = {.style = {.attrs = TUI_BOLD}, .ascii = '*'}};

/* The canvas as text, its rows joined by '/'. */
static const char *text_of(const struct tui_canvas *canvas, struct tui_grid *grid) {
    static char text[4096];
    size_t len = 0;

    assert_true(tui_grid_resize(grid, canvas->columns + 1, canvas->rows + 1));
    tui_canvas_draw(canvas, grid, 0, 0, pens);
    for (int y = 0; y < canvas->rows; y++) {
        len += tui_grid_row(grid, y, text + len, sizeof(text) - len);
        text[len++] = '/';
    }
    text[len == 0 ? 0 : len - 1] = '\0';
    return text;
}

static void canvas_point_is_the_nearest_dot(void **state) {
    const struct {
        const char *name;
        double x, y;
        const char *dots, *ascii;
    } rows[] = {
        {"left, bottom", 0, 0, "/⡀", "/."},
        {"right, top", 100, 100, " ⠈/", " '/"},
        {"left, top", 0, 100, "⠁/", "'/"},
        {"half up rounds to the lower dot", 0, 50, "/⠁", "/'"},
        {"a third", 33.4, 100, "⠈/", "'/"},
        {"two thirds", 66.7, 100, " ⠁/", " '/"},
        {"beyond the right", 100.1, 0, "/", "/"},
        {"beyond the left", -0.1, 0, "/", "/"},
        {"above", 0, 100.1, "/", "/"},
        {"below", 0, -0.1, "/", "/"},
        {"no number", (double)NAN, 0, "/", "/"},
        {"infinite", 0, (double)INFINITY, "/", "/"},
    };
    struct tui_grid grid = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int ascii = 0; ascii < 2; ascii++) {
            struct tui_canvas canvas;
            assert_true(tui_canvas_init(&canvas, 2, 2, ascii, percent));
            tui_canvas_dot(&canvas, rows[i].x, rows[i].y, 0);
            check_str(rows[i].name, text_of(&canvas, &grid), ascii ? rows[i].ascii : rows[i].dots);
            tui_canvas_done(&canvas);
        }
    }
    tui_grid_done(&grid);
}

static void canvas_lines_in_every_direction(void **state) {
    const struct {
        const char *name;
        double x0, y0, x1, y1;
        const char *dots, *ascii;
    } rows[] = {
        {"across", 0, 0, 100, 0, "/⣀⣀", "/.."},
        {"down", 0, 100, 0, 0, "⡇/⡇", ":/:"},
        {"falling", 0, 100, 100, 0, "⢣/ ⢣", ":/ :"},
        {"a point", 100, 0, 100, 0, "/ ⢀", "/ ."},
        {"from outside", -100, 100, 100, 100, "⠉⠉/", "''/"},
        {"all outside", 200, 200, 300, 200, "/", "/"},
        {"no numbers", (double)NAN, (double)NAN, (double)NAN, 0, "/", "/"},
    };
    struct tui_grid grid = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int turn = 0; turn < 4; turn++) {
            struct tui_canvas canvas;
            bool back = (turn & 1) != 0;
            assert_true(tui_canvas_init(&canvas, 2, 2, turn > 1, percent));
            tui_canvas_line(&canvas, back ? rows[i].x1 : rows[i].x0, back ? rows[i].y1 : rows[i].y0,
                            back ? rows[i].x0 : rows[i].x1, back ? rows[i].y0 : rows[i].y1, 0);
            check_str(rows[i].name, text_of(&canvas, &grid),
                      turn > 1 ? rows[i].ascii : rows[i].dots);
            tui_canvas_done(&canvas);
        }
    }
    tui_grid_done(&grid);
}

static void canvas_cell_has_the_pen_that_came_last(void **state) {
    struct tui_grid grid = {0};
    struct tui_canvas canvas;

    (void)state;
    assert_true(tui_canvas_init(&canvas, 1, 1, false, percent));
    tui_canvas_dot(&canvas, 0, 0, 1);
    tui_canvas_dot(&canvas, 100, 100, 0);
    check_str("both dots", text_of(&canvas, &grid), "⡈");
    check_int("style", tui_grid_at(&grid, 0, 0)->style.attrs, 0);
    tui_canvas_dot(&canvas, 0, 0, 1);
    (void)text_of(&canvas, &grid);
    check_int("style", tui_grid_at(&grid, 0, 0)->style.attrs, TUI_BOLD);
    tui_canvas_done(&canvas);
    assert_true(tui_canvas_init(&canvas, 1, 1, true, percent));
    tui_canvas_dot(&canvas, 0, 0, 1);
    check_str("character of the pen", text_of(&canvas, &grid), "*");
    tui_canvas_done(&canvas);
    tui_grid_done(&grid);
}

static void canvas_every_pattern_reaches_the_grid(void **state) {
    struct tui_grid grid = {0};

    (void)state;
    for (unsigned dots = 1; dots < 256; dots++) {
        struct tui_canvas canvas;
        char want[4] = {(char)0xe2, (char)(0xa0 + dots / 64), (char)(0x80 + dots % 64), '\0'};
        assert_true(tui_canvas_init(&canvas, 1, 1, false, percent));
        canvas.cells[0].dots = (uint8_t)dots;
        check_str("pattern", text_of(&canvas, &grid), want);
        tui_canvas_done(&canvas);
    }
    tui_grid_done(&grid);
}

static void canvas_without_cells_takes_everything(void **state) {
    static const int sizes[][2] = {{0, 0}, {0, 5}, {5, 0}, {-1, 3}};
    struct tui_grid grid = {0};

    (void)state;
    assert_true(tui_grid_resize(&grid, 3, 3));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct tui_canvas canvas;
        assert_true(tui_canvas_init(&canvas, sizes[i][0], sizes[i][1], false, percent));
        tui_canvas_dot(&canvas, 50, 50, 0);
        tui_canvas_line(&canvas, 0, 0, 100, 100, 0);
        tui_canvas_draw(&canvas, &grid, 0, 0, pens);
        tui_canvas_done(&canvas);
    }
    check_str("nothing", tui_grid_at(&grid, 0, 0)->text, " ");
    tui_grid_done(&grid);
}

static void line_break_is_at_a_blank_if_it_can(void **state) {
    const struct {
        const char *text;
        int w;
        size_t want;
    } rows[] = {
        {"", 5, 0},        {"short", 5, 5},
        {"one two", 5, 3}, {"one two", 3, 3},
        {"one two", 7, 7}, {"one two three", 9, 7},
        {"toolong", 4, 4}, {"toolong", 0, 1},
        {"äöü", 2, 4},     {"日本語", 4, 6},
        {"日本語", 5, 6},  {"日本語", 1, 3},
        {" x", 1, 1},      {"bad \xff\xff octets", 6, 6},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_int(rows[i].text, tui_line_break(rows[i].text, rows[i].w), rows[i].want);
    }
}

/* The table was written right: places everybody knows are near a shore. */
static void world_has_the_coasts_where_they_are(void **state) {
    const struct {
        const char *name;
        double longitude, latitude;
        bool shore;
    } rows[] = {
        {"Land's End", -5.7, 50.1, true},         {"Cape Agulhas", 20.0, -34.8, true},
        {"Cape York", 142.5, -10.7, true},        {"Gibraltar", -5.4, 36.1, true},
        {"Cape Horn", -67.3, -55.9, true},        {"North Cape", 25.8, 71.1, true},
        {"middle Atlantic", -40.0, 30.0, false},  {"Sahara", 10.0, 23.0, false},
        {"middle Pacific", -150.0, -40.0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool near = false;
        for (size_t n = 0; n < sizeof(world) / sizeof(world[0]); n++) {
            near |= fabs(world[n].longitude / 100.0 - rows[i].longitude) < 2.5 &&
                    fabs(world[n].latitude / 100.0 - rows[i].latitude) < 2.5;
        }
        check_int(rows[i].name, near, rows[i].shore);
    }
}

static void world_stays_on_the_globe(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(world) / sizeof(world[0]); i++) {
        assert_in_range(world[i].longitude + 18000, 0, 36000);
        assert_in_range(world[i].latitude + 9000, 0, 18000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canvas_point_is_the_nearest_dot),
        cmocka_unit_test(canvas_lines_in_every_direction),
        cmocka_unit_test(canvas_cell_has_the_pen_that_came_last),
        cmocka_unit_test(canvas_every_pattern_reaches_the_grid),
        cmocka_unit_test(canvas_without_cells_takes_everything),
        cmocka_unit_test(line_break_is_at_a_blank_if_it_can),
        cmocka_unit_test(world_has_the_coasts_where_they_are),
        cmocka_unit_test(world_stays_on_the_globe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
