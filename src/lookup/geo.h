/* SPDX-License-Identifier: MIT
 *
 * Places of addresses from an mmdb file of MaxMind or IPinfo. The file is opened once; nothing is
 * asked of anybody.
 */
#ifndef LOOKUP_GEO_H
#define LOOKUP_GEO_H

#include <hops/addr.h>
#include <hops/err.h>

struct lookup_geo;

enum { LOOKUP_PLACE_TEXT_MAX = 128 };

/* A field that the record does not have is empty, or has its flag unset. Texts are fit to be
 * shown. */
struct lookup_place {
    char city[LOOKUP_PLACE_TEXT_MAX];
    char subdivision[LOOKUP_PLACE_TEXT_MAX];
    char subdivision_code[LOOKUP_PLACE_TEXT_MAX];
    char country[LOOKUP_PLACE_TEXT_MAX];
    char country_code[LOOKUP_PLACE_TEXT_MAX];
    char continent[LOOKUP_PLACE_TEXT_MAX];
    double latitude, longitude;
    uint16_t radius_km;
    bool has_latitude, has_longitude, has_radius;
};

/* Texts come in the language of the locale ("fr", "pt_BR", ...), else in English. HOPS_ERR_SYSTEM
 * or HOPS_ERR_FORMAT with path and cause in the diag. */
enum hops_err lookup_geo_open(const char *path, const char *locale, struct lookup_geo **out,
                              struct hops_diag *diag) HOPS_MUST_USE;
void lookup_geo_close(struct lookup_geo *geo); /* NULL is fine */

/* False: the file has no record for the address. A field of a type nobody expects is absent. */
bool lookup_geo_find(const struct lookup_geo *geo, const struct hops_addr *addr,
                     struct lookup_place *out);

/* Texts, always terminated. Short: city, subdivision code, country code; long: city, subdivision,
 * country, continent; what is absent is left out, and nothing at all gives "". */
void lookup_place_short(const struct lookup_place *place, char *out, size_t size);
void lookup_place_long(const struct lookup_place *place, char *out, size_t size);

/* "-33.86785, 151.2 (~20km)"; what is absent is 0. */
void lookup_place_location(const struct lookup_place *place, char *out, size_t size);

#endif
