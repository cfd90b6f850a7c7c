/* SPDX-License-Identifier: MIT */
#include "lookup/geo.h"

#include "base/diag.h"
#include "base/text.h"

#include <errno.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum layout { LAYOUT_MAXMIND, LAYOUT_IPINFO_LEGACY, LAYOUT_IPINFO, LAYOUTS };

enum field {
    FIELD_LATITUDE,
    FIELD_LONGITUDE,
    FIELD_RADIUS,
    FIELD_CITY,
    FIELD_SUBDIVISION,
    FIELD_SUBDIVISION_CODE,
    FIELD_COUNTRY,
    FIELD_COUNTRY_CODE,
    FIELD_CONTINENT,
    FIELDS
};

enum { PATH_MAX_STEPS = 5 };

struct lookup_geo {
    MMDB_s db;
    enum layout layout;
    const char *language; /* NULL: English only */
};

/* Where a field is. A path that ends in "names" has one text per language. */
static const char *const paths[LAYOUTS][FIELDS][PATH_MAX_STEPS] = {
    [LAYOUT_MAXMIND] = {[FIELD_LATITUDE] = {"location", "latitude"},
                        [FIELD_LONGITUDE] = {"location", "longitude"},
                        [FIELD_RADIUS] = {"location", "accuracy_radius"},
                        [FIELD_CITY] = {"city", "names"},
                        [FIELD_SUBDIVISION] = {"subdivisions", "0", "names"},
                        [FIELD_SUBDIVISION_CODE] = {"subdivisions", "0", "iso_code"},
                        [FIELD_COUNTRY] = {"country", "names"},
                        [FIELD_COUNTRY_CODE] = {"country", "iso_code"},
                        [FIELD_CONTINENT] = {"continent", "names"}},
    /* no subdivision code: what stands beside the region is a postal code */
    [LAYOUT_IPINFO_LEGACY] = {[FIELD_LATITUDE] = {"latitude"},
                              [FIELD_LONGITUDE] = {"longitude"},
                              [FIELD_RADIUS] = {"radius"},
                              [FIELD_CITY] = {"city"},
                              [FIELD_SUBDIVISION] = {"region"},
                              [FIELD_COUNTRY] = {"country_name"},
                              [FIELD_COUNTRY_CODE] = {"country"},
                              [FIELD_CONTINENT] = {"continent_name"}},
    [LAYOUT_IPINFO] = {[FIELD_LATITUDE] = {"latitude"},
                       [FIELD_LONGITUDE] = {"longitude"},
                       [FIELD_RADIUS] = {"radius"},
                       [FIELD_CITY] = {"city"},
                       [FIELD_SUBDIVISION] = {"region"},
                       [FIELD_SUBDIVISION_CODE] = {"region_code"},
                       [FIELD_COUNTRY] = {"country"},
                       [FIELD_COUNTRY_CODE] = {"country_code"},
                       [FIELD_CONTINENT] = {"continent"}},
};

/* Opening. */

static size_t without(const char *text, size_t len, const char *suffix) {
    size_t n = strlen(suffix);

    return len >= n && memcmp(text + len - n, suffix, n) == 0 ? len - n : len;
}

static enum layout layout_of(const char *type) {
    static const char prefix[] = "ipinfo ";
    static const char *const legacy[] = {"generic_country_free_country_asn",
                                         "extended_location_v2"};

    if (type == NULL || strncmp(type, prefix, strlen(prefix)) != 0) {
        return LAYOUT_MAXMIND;
    }
    const char *product = type + strlen(prefix);
    size_t whole = strlen(product);
    size_t len = without(product, whole, "_sample.mmdb");
    if (len == whole) {
        len = without(product, whole, ".mmdb");
    }
    for (size_t i = 0; i < sizeof(legacy) / sizeof(legacy[0]); i++) {
        if (len == strlen(legacy[i]) && memcmp(product, legacy[i], len) == 0) {
            return LAYOUT_IPINFO_LEGACY;
        }
    }
    return LAYOUT_IPINFO;
}

/* The languages of MaxMind's files. Of Portuguese and Chinese they have one kind each. */
static const char *language_of(const char *locale) {
    static const char *const languages[][2] = {{"de", "de"}, {"en", "en"},   {"es", "es"},
                                               {"fr", "fr"}, {"ja", "ja"},   {"pt", "pt-BR"},
                                               {"ru", "ru"}, {"zh", "zh-CN"}};

    for (size_t i = 0; locale != NULL && i < sizeof(languages) / sizeof(languages[0]); i++) {
        if (strncasecmp(locale, languages[i][0], 2) == 0 &&
            (locale[2] == '\0' || strchr("-_.@", locale[2]) != NULL)) {
            return languages[i][1];
        }
    }
    return NULL;
}

enum hops_err lookup_geo_open(const char *path, const char *locale, struct lookup_geo **out,
                              struct hops_diag *diag) {
    struct lookup_geo *geo = calloc(1, sizeof(*geo));

    if (geo == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory");
    }
    int status = MMDB_open(path, MMDB_MODE_MMAP, &geo->db);
    if (status != MMDB_SUCCESS) {
        int os_errno = errno;
        free(geo);
        if (status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR) {
            return hops_diag_set(diag, HOPS_ERR_SYSTEM, "GeoIP file %s: %s", path,
                                 strerror(os_errno));
        }
        return hops_diag_set(diag, HOPS_ERR_FORMAT, "GeoIP file %s: %s", path,
                             MMDB_strerror(status));
    }
    geo->layout = layout_of(geo->db.metadata.database_type);
    geo->language = language_of(locale);
    *out = geo;
    return HOPS_OK;
}

void lookup_geo_close(struct lookup_geo *geo) {
    if (geo != NULL) {
        MMDB_close(&geo->db);
        free(geo);
    }
}

/* Reading a record. */

/* The value at a path, one more step appended to it if last is given. */
static bool value_at(MMDB_entry_s *entry, const char *const *path, const char *last,
                     MMDB_entry_data_s *out) {
    const char *steps[PATH_MAX_STEPS + 2] = {NULL};
    size_t n = 0;

    while (n < PATH_MAX_STEPS && path[n] != NULL) {
        steps[n] = path[n];
        n++;
    }
    if (n == 0) {
        return false;
    }
    steps[n] = last;
    return MMDB_aget_value(entry, out, steps) == MMDB_SUCCESS && out->has_data;
}

static bool text_at(MMDB_entry_s *entry, const char *const *path, const char *last, char *out) {
    MMDB_entry_data_s data;

    if (!value_at(entry, path, last, &data) || data.type != MMDB_DATA_TYPE_UTF8_STRING ||
        data.data_size == 0) {
        return false;
    }
    (void)hops_text_sanitize(data.utf8_string, data.data_size, out, LOOKUP_PLACE_TEXT_MAX);
    return true;
}

static void read_text(const struct lookup_geo *geo, MMDB_entry_s *entry, enum field field,
                      char *out) {
    const char *const *path = paths[geo->layout][field];
    size_t n = 0;

    while (n < PATH_MAX_STEPS && path[n] != NULL) {
        n++;
    }
    if (n == 0 || strcmp(path[n - 1], "names") != 0) {
        (void)text_at(entry, path, NULL, out);
    } else if (geo->language == NULL || !text_at(entry, path, geo->language, out)) {
        (void)text_at(entry, path, "en", out);
    }
}

static bool parse_number(const char *text, size_t len, double *out) {
    char copy[64];
    char *end;

    if (len == 0 || len >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    double value = strtod(copy, &end);
    if (end != copy + len) {
        return false;
    }
    *out = value;
    return true;
}

/* Makers change types between versions of their files: any number will do, and numbers as text. */
static bool number_of(const MMDB_entry_data_s *data, double *out) {
    switch (data->type) {
    case MMDB_DATA_TYPE_DOUBLE:
        *out = data->double_value;
        return true;
    case MMDB_DATA_TYPE_FLOAT:
        *out = (double)data->float_value;
        return true;
    case MMDB_DATA_TYPE_UINT16:
        *out = data->uint16;
        return true;
    case MMDB_DATA_TYPE_UINT32:
        *out = data->uint32;
        return true;
    case MMDB_DATA_TYPE_UINT64:
        *out = (double)data->uint64;
        return true;
    case MMDB_DATA_TYPE_INT32:
        *out = data->int32;
        return true;
    case MMDB_DATA_TYPE_UTF8_STRING:
        return parse_number(data->utf8_string, data->data_size, out);
    default:
        return false;
    }
}

/* Comparisons are false for what is not a number. */
static bool read_number(const struct lookup_geo *geo, MMDB_entry_s *entry, enum field field,
                        double min, double max, double *out) {
    MMDB_entry_data_s data;
    double value;

    if (!value_at(entry, paths[geo->layout][field], NULL, &data) || !number_of(&data, &value) ||
        !(value >= min && value <= max)) {
        return false;
    }
    *out = value;
    return true;
}

static MMDB_lookup_result_s search(const struct lookup_geo *geo, const struct hops_addr *addr,
                                   int *out_error) {
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } name;

    memset(&name, 0, sizeof(name));
    if (addr->family == HOPS_IPV4) {
        name.in.sin_family = AF_INET;
        memcpy(&name.in.sin_addr, addr->octets, 4);
    } else {
        name.in6.sin6_family = AF_INET6;
        memcpy(&name.in6.sin6_addr, addr->octets, 16);
    }
    return MMDB_lookup_sockaddr(&geo->db, &name.any, out_error);
}

bool lookup_geo_find(const struct lookup_geo *geo, const struct hops_addr *addr,
                     struct lookup_place *out) {
    int error = MMDB_SUCCESS;
    double radius;

    if (hops_addr_len(addr) == 0) {
        return false;
    }
    MMDB_lookup_result_s found = search(geo, addr, &error);
    if (error != MMDB_SUCCESS || !found.found_entry) {
        return false;
    }
    memset(out, 0, sizeof(*out));
    read_text(geo, &found.entry, FIELD_CITY, out->city);
    read_text(geo, &found.entry, FIELD_SUBDIVISION, out->subdivision);
    read_text(geo, &found.entry, FIELD_SUBDIVISION_CODE, out->subdivision_code);
    read_text(geo, &found.entry, FIELD_COUNTRY, out->country);
    read_text(geo, &found.entry, FIELD_COUNTRY_CODE, out->country_code);
    read_text(geo, &found.entry, FIELD_CONTINENT, out->continent);
    out->has_latitude = read_number(geo, &found.entry, FIELD_LATITUDE, -90, 90, &out->latitude);
    out->has_longitude =
        read_number(geo, &found.entry, FIELD_LONGITUDE, -180, 180, &out->longitude);
    out->has_radius = read_number(geo, &found.entry, FIELD_RADIUS, 0, UINT16_MAX, &radius);
    if (out->has_radius) {
        out->radius_km = (uint16_t)radius;
    }
    return true;
}
