/* SPDX-License-Identifier: MIT
 *
 * GeoIP files: the octets are a whole file, in memory under a name of /proc/self/fd. Whoever has
 * written it, looking addresses up in it must not do more than give wrong places.
 */
#include "fuzz.h"
#include "text_check.h"

#include <hops/addr.h>

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lookup/geo.h"

/* libmaxminddb 1.7.1 loses a block of 4 KiB when the metadata of a file are malformed: once, when
 * the program starts. The sanitizer gives the function its name. */
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    // NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
    return "leak:data_pool_new\n";
}

static void look(const struct lookup_geo *geo, const char *text) {
    struct hops_addr addr;
    struct lookup_place place;
    char out[3 * LOOKUP_PLACE_TEXT_MAX];

    if (!hops_addr_parse(text, &addr) || !lookup_geo_find(geo, &addr, &place)) {
        return;
    }
    fuzz_check_clean(place.city, sizeof(place.city));
    fuzz_check_clean(place.subdivision, sizeof(place.subdivision));
    fuzz_check_clean(place.subdivision_code, sizeof(place.subdivision_code));
    fuzz_check_clean(place.country, sizeof(place.country));
    fuzz_check_clean(place.country_code, sizeof(place.country_code));
    fuzz_check_clean(place.continent, sizeof(place.continent));
    FUZZ_CHECK(!place.has_latitude || (place.latitude >= -90 && place.latitude <= 90));
    FUZZ_CHECK(!place.has_longitude || (place.longitude >= -180 && place.longitude <= 180));
    lookup_place_short(&place, out, sizeof(out));
    lookup_place_long(&place, out, sizeof(out));
    lookup_place_location(&place, out, sizeof(out));
    fuzz_check_clean(out, sizeof(out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct lookup_geo *geo = NULL;
    char path[64];
    int fd = memfd_create("geo", MFD_CLOEXEC);

    if (fd < 0 || (size > 0 && write(fd, data, size) != (ssize_t)size)) {
        abort();
    }
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (lookup_geo_open(path, "pt_BR", &geo, NULL) == HOPS_OK) {
        look(geo, "192.0.2.1");
        look(geo, "198.51.100.255");
        look(geo, "255.255.255.255");
        look(geo, "2001:db8::1");
        look(geo, "::");
        lookup_geo_close(geo);
    }
    (void)close(fd);
    return 0;
}
