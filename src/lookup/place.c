/* SPDX-License-Identifier: MIT */
#include "lookup/geo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The parts that are there, with commas between. */
static void join(const char *const *parts, size_t count, char *out, size_t size) {
    size_t len = 0;

    if (size > 0) {
        out[0] = '\0';
    }
    for (size_t i = 0; i < count; i++) {
        if (parts[i][0] != '\0' && len < size) {
            int n = snprintf(out + len, size - len, "%s%s", len == 0 ? "" : ", ", parts[i]);
            len += n < 0 ? 0 : (size_t)n;
        }
    }
}

void lookup_place_short(const struct lookup_place *place, char *out, size_t size) {
    const char *parts[] = {place->city, place->subdivision_code, place->country_code};

    join(parts, 3, out, size);
}

void lookup_place_long(const struct lookup_place *place, char *out, size_t size) {
    const char *parts[] = {place->city, place->subdivision, place->country, place->continent};

    join(parts, 4, out, size);
}

enum { NUMBER_MAX = 48, DECIMALS_MAX = 24 };

/* The shortest decimal that reads back as the same double, without exponent. */
static void format_degrees(double value, char out[NUMBER_MAX]) {
    if (value >= 0 && value <= 0) { /* also -0 */
        (void)snprintf(out, NUMBER_MAX, "0");
        return;
    }
    for (int decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
        (void)snprintf(out, NUMBER_MAX, "%.*f", decimals, value);
        double back = strtod(out, NULL);
        if (back >= value && back <= value) {
            return;
        }
    }
}

void lookup_place_location(const struct lookup_place *place, char *out, size_t size) {
    char latitude[NUMBER_MAX];
    char longitude[NUMBER_MAX];

    format_degrees(place->has_latitude ? place->latitude : 0, latitude);
    format_degrees(place->has_longitude ? place->longitude : 0, longitude);
    (void)snprintf(out, size, "%s, %s (~%ukm)", latitude, longitude,
                   place->has_radius ? place->radius_km : 0U);
}
