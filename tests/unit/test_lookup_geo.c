/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "lookup/geo.h"

#include <stdio.h>
#include <string.h>

static struct lookup_geo *open_file(const char *name, const char *locale) {
    char path[512];
    struct lookup_geo *geo = NULL;
    struct hops_diag diag;

    (void)snprintf(path, sizeof(path), "%s/%s.mmdb", MMDB_FILES, name);
    return lookup_geo_open(path, locale, &geo, &diag) == HOPS_OK ? geo : NULL;
}

static struct hops_addr addr_of(const char *text) {
    struct hops_addr addr;

    assert_true(hops_addr_parse(text, &addr));
    return addr;
}

static void geo_every_layout_gives_its_texts(void **state) {
    static const struct {
        const char *file, *locale, *addr;
        const char *brief, *full, *location; /* brief NULL: no record */
    } rows[] = {
        {"city24", "fr", "192.0.2.7", "Ville, XY, ZZ", "Ville, Region, Pays, Continent-fr",
         "-33.5, 151.25 (~20km)"},
        {"city28", "it", "192.0.2.7", "Town, XY, ZZ", "Town, Region, Land, Continent",
         "-33.5, 151.25 (~20km)"},
        {"city32", "pt_PT", "192.0.2.7", "Cidade, XY, ZZ", "Cidade, Region, Pa\xc3\xads, Continent",
         "-33.5, 151.25 (~20km)"},
        {"city24", NULL, "2001:db8::1", "Town, XY, ZZ", "Town, Region, Land, Continent",
         "-33.5, 151.25 (~20km)"},
        {"city28", NULL, "2001:db8::1", "Town, XY, ZZ", "Town, Region, Land, Continent",
         "-33.5, 151.25 (~20km)"},
        {"city32", NULL, "2001:db8::1", "Town, XY, ZZ", "Town, Region, Land, Continent",
         "-33.5, 151.25 (~20km)"},
        {"city24v4", "en", "192.0.2.255", "Town, XY, ZZ", "Town, Region, Land, Continent",
         "-33.5, 151.25 (~20km)"},
        {"city28v4", "fry", "192.0.2.7", "Town, XY, ZZ", "Town, Region, Land, Continent",
         "-33.5, 151.25 (~20km)"},
        {"city32v4", "en", "192.0.2.7", "Town, XY, ZZ", "Town, Region, Land, Continent",
         "-33.5, 151.25 (~20km)"},
        {"city24v4", "en", "2001:db8::1", NULL, NULL, NULL},
        {"city24", "en", "192.0.3.7", NULL, NULL, NULL},
        {"country", "en", "192.0.2.7", "ZZ", "Land, Continent", "0, 0 (~0km)"},
        {"asn", "en", "192.0.2.7", "", "", "0, 0 (~0km)"},
        {"legacy", "fr", "192.0.2.7", "ZZ", "XY, Land", "-33.5, 151.25 (~20km)"},
        {"free", "en", "192.0.2.7", "ZZ", "Land, Somewhere", "0, 0 (~0km)"},
        {"lite", "en", "192.0.2.7", "ZZ", "Land, Somewhere", "0, 0 (~0km)"},
        {"core", "en", "192.0.2.7", "Town, XY, ZZ", "Town, Region, Land, Somewhere",
         "-33.5, 151.25 (~0km)"},
        {"plus", "en", "192.0.2.7", "Town, XY, ZZ", "Town, Region, Land, Somewhere",
         "-33.5, 151.25 (~20km)"},
        {"standard", "en", "192.0.2.7", "Town, XY, ZZ", "Town, Region, Land, Somewhere",
         "-33.5, 151.25 (~0km)"},
        {"far", "en", "192.0.2.7", "Town, XY, ZZ", "Town, Region, Land, Somewhere",
         "-33.5, 151.25 (~0km)"},
        {"new", "en", "192.0.2.7", "Town, XY, ZZ", "Town, Region, Land, Somewhere",
         "-33.5, 151.25 (~20km)"},
        {"capital", "en", "192.0.2.7", "", "", "0, 0 (~0km)"},
        {"blankless", "en", "192.0.2.7", "", "", "0, 0 (~0km)"},
        {"types", "en", "192.0.2.7", "XY, ZZ", "Somewhere", "-33.5, 151 (~20km)"},
        {"beyond", "en", "192.0.2.7", "Town, XY, ZZ", "Town, Region, Land, Somewhere",
         "0, 0 (~0km)"},
        {"past", "en", "192.0.2.7", "", "", "0, 0 (~0km)"},
        {"loop", "en", "192.0.2.7", "", "", "0, 0 (~0km)"},
        {"loopmap", "en", "192.0.2.7", "", "", "0, 0 (~0km)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[1024];
        struct lookup_place place;
        struct hops_addr addr = addr_of(rows[i].addr);
        struct lookup_geo *geo = open_file(rows[i].file, rows[i].locale);
        assert_non_null(geo);
        check_int(rows[i].file, lookup_geo_find(geo, &addr, &place), rows[i].brief != NULL);
        if (rows[i].brief != NULL) {
            lookup_place_short(&place, text, sizeof(text));
            check_str(rows[i].file, text, rows[i].brief);
            lookup_place_long(&place, text, sizeof(text));
            check_str(rows[i].file, text, rows[i].full);
            lookup_place_location(&place, text, sizeof(text));
            check_str(rows[i].file, text, rows[i].location);
        }
        lookup_geo_close(geo);
    }
}

static void geo_absent_numbers_are_told_from_zero(void **state) {
    struct lookup_place place;
    struct hops_addr addr = addr_of("192.0.2.7");
    struct lookup_geo *geo = open_file("core", "en");

    (void)state;
    assert_non_null(geo);
    assert_true(lookup_geo_find(geo, &addr, &place));
    assert_true(place.has_latitude && place.has_longitude && !place.has_radius);
    lookup_geo_close(geo);
}

static void geo_hostile_texts_are_made_printable_and_cut(void **state) {
    struct lookup_place place;
    struct hops_addr addr = addr_of("192.0.2.7");
    struct lookup_geo *geo = open_file("hostile", "en");

    (void)state;
    assert_non_null(geo);
    assert_true(lookup_geo_find(geo, &addr, &place));
    assert_string_equal(place.city, "T\\027[2Jown");
    assert_string_equal(place.subdivision_code, "\\255\\226\\128\\174");
    assert_int_equal(strlen(place.country_code), LOOKUP_PLACE_TEXT_MAX - 1);
    lookup_geo_close(geo);
}

static void geo_broken_files_are_refused_with_path_and_cause(void **state) {
    static const char *const files[] = {"size20", "nometadata", "halfmetadata",
                                        "notree", "empty",      "there-is-none"};

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[512];
        struct lookup_geo *geo = NULL;
        struct hops_diag diag = {.text = ""};
        (void)snprintf(path, sizeof(path), "%s/%s.mmdb", MMDB_FILES, files[i]);
        check_int(files[i], lookup_geo_open(path, "en", &geo, &diag) == HOPS_OK, false);
        assert_null(geo);
        assert_non_null(strstr(diag.text, path));
    }
    struct hops_diag diag;
    struct lookup_geo *geo = NULL;
    assert_int_equal(lookup_geo_open("/there/is/none", "en", &geo, &diag), HOPS_ERR_SYSTEM);
    assert_string_equal(diag.text, "GeoIP file /there/is/none: No such file or directory");
}

static void geo_degrees_are_the_shortest_that_read_back(void **state) {
    static const struct {
        double latitude, longitude;
        const char *want;
    } rows[] = {{-33.86785, 151.2, "-33.86785, 151.2 (~0km)"},
                {37, -0.0, "37, 0 (~0km)"},
                {0.00001, 0.1 + 0.2, "0.00001, 0.30000000000000004 (~0km)"}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[128];
        struct lookup_place place = {.latitude = rows[i].latitude,
                                     .longitude = rows[i].longitude,
                                     .has_latitude = true,
                                     .has_longitude = true};
        lookup_place_location(&place, text, sizeof(text));
        check_str(rows[i].want, text, rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(geo_every_layout_gives_its_texts),
        cmocka_unit_test(geo_absent_numbers_are_told_from_zero),
        cmocka_unit_test(geo_hostile_texts_are_made_printable_and_cut),
        cmocka_unit_test(geo_broken_files_are_refused_with_path_and_cause),
        cmocka_unit_test(geo_degrees_are_the_shortest_that_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
