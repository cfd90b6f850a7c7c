/* SPDX-License-Identifier: MIT */
#include "tui/format.h"

#include <hops/addr.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* n units, a blank in front unless it is the first. */
static size_t part(char *out, size_t len, uint64_t n, const char *unit, const char *plural) {
    if (n == 0) {
        return len;
    }
    return len + (size_t)snprintf(out + len, TUI_FORMAT_MAX - len, "%s%llu%s%s",
                                  len == 0 ? "" : " ", (unsigned long long)n, unit,
                                  n > 1 ? plural : "");
}

char *tui_format_duration(hops_ns ns, char out[TUI_FORMAT_MAX]) {
    static const uint64_t year = 31557600;
    static const uint64_t month = 2630016;
    uint64_t left = ns < 0 ? 0 : (uint64_t)ns;
    uint64_t seconds = left / 1000000000;
    uint64_t fraction = left % 1000000000;
    uint64_t in_year = seconds % year;
    uint64_t in_month = in_year % month;
    size_t len = 0;

    if (left == 0) {
        (void)snprintf(out, TUI_FORMAT_MAX, "0s");
        return out;
    }
    len = part(out, len, seconds / year, "year", "s");
    len = part(out, len, in_year / month, "month", "s");
    len = part(out, len, in_month / 86400, "day", "s");
    len = part(out, len, in_month % 86400 / 3600, "h", "");
    len = part(out, len, in_month % 3600 / 60, "m", "");
    len = part(out, len, in_month % 60, "s", "");
    len = part(out, len, fraction / 1000000, "ms", "");
    len = part(out, len, fraction / 1000 % 1000, "us", "");
    (void)part(out, len, fraction % 1000, "ns", "");
    return out;
}

char *tui_format_degrees(double degrees, char out[TUI_FORMAT_MAX]) {
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(out, TUI_FORMAT_MAX, "%.*g", digits, degrees);
        double back = strtod(out, NULL);
        if (!(back < degrees) && !(back > degrees)) {
            break;
        }
    }
    return out;
}

char *tui_format_clock(int64_t unix_seconds, int32_t offset, char out[TUI_FORMAT_MAX]) {
    time_t local = (time_t)(unix_seconds + offset);
    int minutes = abs(offset) / 60;
    struct tm tm = {0};
    size_t len;

    (void)gmtime_r(&local, &tm);
    len = strftime(out, TUI_FORMAT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
    if (offset == 0) {
        (void)snprintf(out + len, TUI_FORMAT_MAX - len, "Z");
    } else {
        (void)snprintf(out + len, TUI_FORMAT_MAX - len, "%c%02d:%02d", offset < 0 ? '-' : '+',
                       minutes / 60, minutes % 60);
    }
    return out;
}

char *tui_format_endpoint(const struct hops_addr *addr, int port, char out[TUI_FORMAT_MAX]) {
    char text[HOPS_ADDR_TEXT_MAX];
    bool brackets = port != 0 && addr->family == HOPS_IPV6;

    hops_addr_format(addr, text);
    if (port == 0) {
        (void)snprintf(out, TUI_FORMAT_MAX, "%s", text);
    } else if (port < 0) {
        (void)snprintf(out, TUI_FORMAT_MAX, "%s%s%s:*", brackets ? "[" : "", text,
                       brackets ? "]" : "");
    } else {
        (void)snprintf(out, TUI_FORMAT_MAX, "%s%s%s:%d", brackets ? "[" : "", text,
                       brackets ? "]" : "", port);
    }
    return out;
}
