/* SPDX-License-Identifier: MIT */
#include "tui/places.h"

#include "tui/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
    struct tui_site *sites;
    size_t count, room;
};

bool tui_site_has(const struct tui_site *site, uint8_t ttl) {
    return (site->ttls[ttl / 8] >> (ttl % 8) & 1) != 0;
}

/* Databases are files of somebody else: no number in them is taken on trust. */
static bool on_earth(const struct tui_place *place) {
    return place->known && place->has_position && place->latitude >= -90.0 &&
           place->latitude <= 90.0 && place->longitude >= -180.0 && place->longitude <= 180.0;
}

/* One city has one name, and many positions in some databases. Without a name, the position says
 * whether two places are one. */
static bool same(const struct tui_site *a, const struct tui_site *b) {
    if (a->name[0] != '\0' || b->name[0] != '\0') {
        return strcmp(a->name, b->name) == 0;
    }
    return !(a->latitude < b->latitude) && !(a->latitude > b->latitude) &&
           !(a->longitude < b->longitude) && !(a->longitude > b->longitude);
}

static void add(struct list *list, const struct tui_site *site, uint8_t ttl) {
    size_t at = 0;

    while (at < list->count && !same(&list->sites[at], site)) {
        at++;
    }
    if (at == list->room) {
        size_t room = list->room == 0 ? 16 : 2 * list->room;
        struct tui_site *sites = realloc(list->sites, room * sizeof(*sites));
        if (sites == NULL) {
            return;
        }
        list->sites = sites;
        list->room = room;
    }
    if (at == list->count) {
        list->sites[list->count++] = *site;
    }
    list->sites[at].ttls[ttl / 8] |= (uint8_t)(1u << ttl % 8);
}

static void add_hop(const struct tui_app *app, const struct hops_hop *hop, struct list *list) {
    for (size_t i = 0; i < hop->addr_count; i++) {
        struct tui_place place = tui_place_of(&app->sources, &hop->addrs[i].addr);
        struct tui_site site = {.latitude = place.latitude,
                                .longitude = place.longitude,
                                .has_radius = place.has_radius,
                                .radius_km = place.radius_km};
        struct tui_line name;
        if (on_earth(&place)) {
            tui_host_place_long(&place, &name);
            (void)snprintf(site.name, sizeof(site.name), "%.*s", TUI_PLACE_NAME - 1, name.text);
            add(list, &site, hop->ttl);
        }
    }
}

struct tui_site *tui_places_find(const struct tui_app *app, size_t *out_count) {
    struct list list = {0};
    uint8_t first;
    uint8_t last;

    tui_trace_ttls(tui_app_trace(app), app->flow, &first, &last);
    for (unsigned ttl = first; last > 0 && ttl <= last; ttl++) {
        struct hops_hop hop;
        if (!tui_app_hides(app, (uint8_t)ttl) &&
            tui_trace_hop(tui_app_trace(app), app->flow, (uint8_t)ttl, &hop)) {
            add_hop(app, &hop, &list);
        }
    }
    *out_count = list.count;
    return list.sites;
}
