/* SPDX-License-Identifier: MIT
 *
 * Where the hops of the shown flow are: places, and the hops at each. Hops that privacy hides are
 * nowhere.
 */
#ifndef TUI_PLACES_H
#define TUI_PLACES_H

#include "tui/app.h"

enum { TUI_PLACE_NAME = 256 };

struct tui_site {
    char name[TUI_PLACE_NAME]; /* "Perth, Western Australia, Australia, Oceania"; "": none */
    double latitude, longitude;
    bool has_radius;
    unsigned radius_km;
    uint8_t ttls[TUI_ROWS_MAX / 8]; /* a bit for each hop that is here */
};

/* A list in order of first appearance on the path; free() it. *out_count 0: nothing is known (or
 * no memory), and NULL is returned. */
struct tui_site *tui_places_find(const struct tui_app *app, size_t *out_count);

bool tui_site_has(const struct tui_site *site, uint8_t ttl);

#endif
