/* SPDX-License-Identifier: MIT
 *
 * The world and the places of the hops on it: a pin for each, a circle as wide as the position is
 * uncertain, a square around the marked hop, and a panel that tells about this hop.
 */
#include "tui/canvas.h"
#include "tui/format.h"
#include "tui/host.h"
#include "tui/line.h"
#include "tui/places.h"
#include "tui/view.h"
#include "tui/world_table.h"

#include <stdlib.h>

enum pen { PEN_WORLD, PEN_RADIUS, PEN_SQUARE };

enum {
    INSET = 16,     /* of the panel, on both sides */
    LINES_MAX = 2,  /* of its text */
    SQUARE = 5,     /* half a side, in degrees */
    DEGREE_KM = 110 /* a degree of latitude */
};

static const struct tui_canvas_bounds earth = {
    .left = -180.0, .right = 180.0, .bottom = -90.0, .top = 90.0};

/* The world. */

static void draw_world(struct tui_canvas *canvas) {
    for (size_t i = 0; i < sizeof(world) / sizeof(world[0]); i++) {
        tui_canvas_dot(canvas, world[i].longitude / 100.0, world[i].latitude / 100.0, PEN_WORLD);
    }
}

/* Below two degrees the pin covers it. */
static void draw_circle(struct tui_canvas *canvas, const struct tui_site *site) {
    static const double cosine = 0.99984769515639124; /* of one degree, */
    static const double sine = 0.01745240643728351;   /* by which the radius is turned */
    double radius = (double)site->radius_km / DEGREE_KM;
    double x = radius;
    double y = 0.0;

    for (int i = 0; i < 360 && site->has_radius && radius > 2.0; i++) {
        double turned = x * cosine - y * sine;
        tui_canvas_dot(canvas, site->longitude + x, site->latitude + y, PEN_RADIUS);
        y = x * sine + y * cosine;
        x = turned;
    }
}

static void draw_square(struct tui_canvas *canvas, const struct tui_site *site) {
    double left = site->longitude - SQUARE;
    double right = site->longitude + SQUARE;
    double bottom = site->latitude - SQUARE;
    double top = site->latitude + SQUARE;

    tui_canvas_line(canvas, left, top, right, top, PEN_SQUARE);
    tui_canvas_line(canvas, right, top, right, bottom, PEN_SQUARE);
    tui_canvas_line(canvas, right, bottom, left, bottom, PEN_SQUARE);
    tui_canvas_line(canvas, left, bottom, left, top, PEN_SQUARE);
}

/* Where the two cells of a pin are. */
static struct tui_rect pin_of(const struct tui_site *site, struct tui_rect inside) {
    int column = (int)((site->longitude + 180.0) * (inside.w - 1) / 360.0);
    int row = (int)((90.0 - site->latitude) * (inside.h - 1) / 180.0);

    if (column > inside.w - 2 && inside.w > 1) {
        column = inside.w - 2; /* else there were only half of it */
    }
    return (struct tui_rect){inside.x + column, inside.y + row, 2, 1};
}

static void draw_pins(const struct tui_app *app, struct tui_grid *grid, struct tui_rect inside,
                      const struct tui_site *sites, size_t count) {
    uint8_t marked = tui_app_marked_ttl(app);

    for (size_t i = 0; i < 2 * count; i++) {
        const struct tui_site *site = &sites[i % count];
        bool here = tui_site_has(site, marked);
        struct tui_rect pin = pin_of(site, inside);
        struct tui_style style = tui_app_style(app, here ? TUI_MAP_SELECTED : TUI_TEXT, TUI_BG);
        style.attrs |= here ? TUI_BOLD : 0;
        if (here == (i >= count)) { /* the marked hop's come last, above all others */
            tui_grid_text(grid, pin.x, pin.y, style, "📍");
        }
    }
}

static void draw_map(const struct tui_app *app, struct tui_grid *grid, struct tui_rect inside,
                     const struct tui_site *sites, size_t count) {
    const struct tui_pen pens[TUI_PENS_MAX] = {
        [PEN_WORLD] = {.style = tui_app_style(app, TUI_MAP_WORLD, TUI_BG)},
        [PEN_RADIUS] = {.style = tui_app_style(app, TUI_MAP_RADIUS, TUI_BG), .ascii = 'o'},
        [PEN_SQUARE] = {.style = tui_app_style(app, TUI_MAP_SELECTED, TUI_BG), .ascii = '#'},
    };
    uint8_t marked = tui_app_marked_ttl(app);
    struct tui_canvas canvas;

    if (!tui_canvas_init(&canvas, inside.w, inside.h, grid->ascii, earth)) {
        return;
    }
    draw_world(&canvas);
    for (size_t i = 0; i < count; i++) {
        draw_circle(&canvas, &sites[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (tui_site_has(&sites[i], marked)) {
            draw_square(&canvas, &sites[i]);
        }
    }
    tui_canvas_draw(&canvas, grid, inside.x, inside.y, pens);
    tui_canvas_done(&canvas);
    draw_pins(app, grid, inside, sites, count);
}

/* The panel. */

static void add_site(const struct tui_site *site, struct tui_line *out) {
    char latitude[TUI_FORMAT_MAX];
    char longitude[TUI_FORMAT_MAX];

    tui_line_format(out, "%s%s[%s, %s", site->name, site->name[0] == '\0' ? "" : " ",
                    tui_format_degrees(site->latitude, latitude),
                    tui_format_degrees(site->longitude, longitude));
    if (site->has_radius) {
        tui_line_format(out, " ~%ukm", site->radius_km);
    }
    tui_line_add(out, "]");
}

/* That nothing is known about the place of the hop, and its addresses. */
static void add_nowhere(const struct tui_app *app, uint8_t ttl, struct tui_line *out) {
    struct hops_hop hop = {0};

    tui_line_format(out, "%s %u", tui_app_text(app, TUI_T_GEOIP_NO_DATA), ttl);
    (void)tui_trace_hop(tui_app_trace(app), app->flow, ttl, &hop);
    for (size_t i = 0; i < hop.addr_count; i++) {
        char text[HOPS_ADDR_TEXT_MAX];
        tui_line_format(out, "%s%s", i == 0 ? " (" : ", ",
                        hops_addr_format(&hop.addrs[i].addr, text));
    }
    tui_line_add(out, hop.addr_count > 0 ? ")" : "");
}

static void tell(const struct tui_app *app, const struct tui_site *sites, size_t count,
                 struct tui_line *out) {
    uint8_t ttl = tui_app_marked_ttl(app);
    const struct tui_site *found = NULL;
    size_t here = 0;

    for (size_t i = 0; i < count; i++) {
        if (tui_site_has(&sites[i], ttl)) {
            found = &sites[i];
            here++;
        }
    }
    tui_line_clear(out);
    if (tui_app_hides(app, ttl)) {
        tui_line_format(out, "**%s**", tui_app_text(app, TUI_T_HIDDEN));
    } else if (app->sources.place == NULL) {
        tui_line_add(out, tui_app_text(app, TUI_T_GEOIP_NOT_ENABLED));
    } else if (here == 0) {
        add_nowhere(app, ttl, out);
    } else if (here == 1) {
        add_site(found, out);
    } else {
        tui_line_format(out, "%s %u", tui_app_text(app, TUI_T_GEOIP_MULTIPLE), ttl);
    }
}

/* As the text needs it: wider than it would be, and if that is not enough, of two lines. */
static struct tui_rect place_panel(struct tui_rect rect, const char *text, int *out_lines) {
    int w = tui_text_width(text);
    int inset = INSET;

    if (rect.w - 2 * inset - 2 < w) {
        inset = (rect.w - w - 2) / 2;
        inset = inset < 2 ? 2 : inset;
    }
    *out_lines = rect.w - 2 * inset - 2 < w ? LINES_MAX : 1;
    int h = *out_lines + 2;
    return (struct tui_rect){rect.x + inset, rect.y + rect.h - 1 - h, rect.w - 2 * inset, h};
}

static void draw_panel(const struct tui_app *app, struct tui_grid *grid, struct tui_rect rect,
                       const char *text) {
    struct tui_style border = tui_app_style(app, TUI_MAP_INFO_BORDER, TUI_MAP_INFO_BG);
    struct tui_style style = tui_app_style(app, TUI_MAP_INFO_TEXT, TUI_MAP_INFO_BG);
    int lines;
    struct tui_rect panel = place_panel(rect, text, &lines);
    struct tui_rect inside = tui_grid_frame(grid, panel, TUI_BOX_ROUND, border);
    struct tui_line title;
    const char *rest = text;

    tui_line_clear(&title);
    tui_line_format(&title, "%s %u", tui_app_text(app, TUI_T_HOP), tui_app_marked_ttl(app));
    tui_grid_title(grid, panel, border, title.text);
    for (int i = 0; i < lines && *rest != '\0'; i++) {
        struct tui_line line;
        size_t n = tui_line_break(rest, inside.w);
        tui_line_clear(&line);
        tui_line_format(&line, "%.*s", (int)n, rest);
        tui_grid_text_in(grid, inside.x, inside.y + i, inside.w, style, line.text);
        rest += n + (rest[n] == ' ');
    }
}

static void draw(struct tui_app *app, struct tui_grid *grid, struct tui_rect rect) {
    struct tui_style border = tui_app_style(app, TUI_BORDER, TUI_BG);
    struct tui_rect inside = tui_grid_frame(grid, rect, TUI_BOX_SQUARE, border);
    size_t count;
    struct tui_site *sites = tui_places_find(app, &count);
    struct tui_line text;

    tui_grid_title(grid, rect, border, tui_app_text(app, TUI_T_TITLE_MAP));
    if (inside.w > 0 && inside.h > 0) {
        struct tui_rect before = tui_grid_clip(grid, inside);
        draw_map(app, grid, inside, sites, count);
        tell(app, sites, count, &text);
        draw_panel(app, grid, rect, text.text);
        tui_grid_unclip(grid, before);
    }
    free(sites);
}

/* On a pin, or right beside it: the next of the hops that are there. */
static void click(struct tui_app *app, struct tui_rect rect, int x, int y) {
    struct tui_rect inside = {rect.x + 1, rect.y + 1, rect.w - 2, rect.h - 2};
    uint8_t now = app->selected_ttl;
    uint8_t found = 0;
    size_t count;
    struct tui_site *sites = tui_places_find(app, &count);

    for (size_t i = count; i-- > 0 && found == 0;) { /* the uppermost pin first */
        struct tui_rect pin = pin_of(&sites[i], inside);
        if (!tui_rect_has((struct tui_rect){pin.x - 1, pin.y, pin.w + 2, 1}, x, y)) {
            continue;
        }
        for (unsigned n = 1; n <= TUI_ROWS_MAX && found == 0; n++) {
            uint8_t ttl = (uint8_t)(now + n);
            found = tui_site_has(&sites[i], ttl) ? ttl : 0;
        }
    }
    if (found != 0) {
        app->selected_ttl = found;
        app->address = 0;
    }
    free(sites);
}

const struct tui_view tui_view_map = {.draw = draw, .click = click};
