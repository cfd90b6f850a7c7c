/* SPDX-License-Identifier: MIT */
#include "tui/host.h"

#include "tui/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which addresses. */

static size_t limit(const struct tui_app *app, const struct hops_hop *hop) {
    size_t max = app->options.max_addrs;

    return max == 0 || max > hop->addr_count ? hop->addr_count : max;
}

size_t tui_host_addrs(const struct tui_app *app, const struct hops_hop *hop,
                      size_t out[HOPS_HOP_ADDRS_MAX]) {
    size_t count = limit(app, hop);

    for (size_t i = 0; i < hop->addr_count; i++) {
        size_t at = i;
        /* Insertion by count; equal ones stay in order of first answer. */
        while (app->options.max_addrs != 0 && at > 0 &&
               hop->addrs[out[at - 1]].count < hop->addrs[i].count) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = i;
    }
    return count;
}

bool tui_host_detailed(const struct tui_app *app, const struct hops_hop *hop) {
    return app->details && app->selected_ttl == hop->ttl;
}

/* The address whose details are shown; the hop has some, but maybe fewer than when it was chosen.
 */
static size_t detailed_address(const struct tui_app *app, const struct hops_hop *hop) {
    return app->address < hop->addr_count ? app->address : hop->addr_count - 1;
}

int tui_host_height(const struct tui_app *app, const struct hops_hop *hop) {
    size_t lines = limit(app, hop);

    if (tui_host_detailed(app, hop)) {
        return TUI_DETAIL_LINES;
    }
    return lines == 0 || tui_app_hides(app, hop->ttl) ? 1 : (int)lines;
}

/* Parts of a line. */

static bool some(const char *text) {
    return text != NULL && text[0] != '\0';
}

static void add_joined(struct tui_line *out, const char *text) {
    if (some(text)) {
        tui_line_format(out, "%s%s", out->len == 0 ? "" : ", ", text);
    }
}

void tui_host_place_long(const struct tui_place *place, struct tui_line *out) {
    tui_line_clear(out);
    add_joined(out, place->city);
    add_joined(out, place->subdivision);
    add_joined(out, place->country);
    add_joined(out, place->continent);
}

static void place_position(const struct tui_place *place, struct tui_line *out) {
    char latitude[TUI_FORMAT_MAX];
    char longitude[TUI_FORMAT_MAX];

    tui_line_clear(out);
    if (!place->has_position) {
        return;
    }
    tui_line_format(out, "%s, %s", tui_format_degrees(place->latitude, latitude),
                    tui_format_degrees(place->longitude, longitude));
    if (place->has_radius) {
        tui_line_format(out, " (~%ukm)", place->radius_km);
    }
}

static void add_place(const struct tui_app *app, const struct hops_addr *addr,
                      struct tui_line *out) {
    struct tui_place place;
    struct tui_line text;

    if (app->options.geoip_mode == TUI_GEOIP_OFF) {
        return;
    }
    place = tui_place_of(&app->sources, addr);
    tui_line_clear(&text);
    if (!place.known) {
        return;
    }
    if (app->options.geoip_mode == TUI_GEOIP_LONG) {
        tui_host_place_long(&place, &text);
    } else if (app->options.geoip_mode == TUI_GEOIP_LOCATION) {
        place_position(&place, &text);
    } else {
        add_joined(&text, place.city);
        add_joined(&text, place.subdivision_code);
        add_joined(&text, place.country_code);
    }
    if (text.len > 0) {
        tui_line_format(out, " [%s]", text.text);
    }
}

static void add_label_stack(const struct hops_extension *object, bool labels_only,
                            struct tui_line *out) {
    struct hops_mpls entry;
    size_t at = 0;

    while (hops_extension_next_mpls(object, &at, &entry)) {
        const char *separator = out->len == 0 ? "" : ", ";
        if (labels_only) {
            tui_line_format(out, "%s%u", separator, (unsigned)entry.label);
        } else {
            tui_line_format(out, "%smpls(label=%u, ttl=%u, exp=%u, bos=%u)", separator,
                            (unsigned)entry.label, entry.ttl, entry.exp, entry.bottom);
        }
    }
}

static void add_unknown(const struct hops_extension *object, struct tui_line *out) {
    tui_line_format(out, "%sunknown(class=%u, subtype=%u, object=", out->len == 0 ? "" : ", ",
                    object->class_num, object->class_subtype);
    for (size_t i = 0; i < object->len; i++) {
        tui_line_format(out, "%s%02x", i == 0 ? "" : " ", object->payload[i]);
    }
    tui_line_add(out, ")");
}

void tui_host_extensions(const struct tui_app *app, const struct hops_extensions *extensions,
                         enum tui_extension_mode mode, struct tui_line *out) {
    struct tui_line objects = {.len = 0};
    struct hops_extension object;
    size_t at = 0;

    tui_line_clear(out);
    tui_line_clear(&objects);
    if (extensions == NULL || mode == TUI_EXTENSION_OFF) {
        return;
    }
    while (hops_extension_next(extensions, &at, &object)) {
        if (object.class_num == HOPS_EXTENSION_MPLS) {
            add_label_stack(&object, mode == TUI_EXTENSION_MPLS, &objects);
        } else if (mode == TUI_EXTENSION_ALL) {
            add_unknown(&object, &objects);
        }
    }
    if (objects.len > 0 && mode == TUI_EXTENSION_MPLS) {
        tui_line_format(out, "%s: ", tui_app_text(app, TUI_T_LABELS));
    }
    tui_line_add(out, objects.text);
}

/* AS data. */

static const char *as_detail(const struct tui_app *app, const struct tui_as *as) {
    switch (app->options.as_mode) {
    case TUI_AS_ASN:
        return NULL;
    case TUI_AS_PREFIX:
        return as->prefix;
    case TUI_AS_COUNTRY_CODE:
        return as->country;
    case TUI_AS_REGISTRY:
        return as->registry;
    case TUI_AS_ALLOCATED:
        return as->allocated;
    case TUI_AS_NAME:
        return as->name;
    }
    return NULL;
}

static void add_as(const struct tui_app *app, const struct hops_addr *addr, struct tui_line *out) {
    struct tui_as as;

    if (!app->options.as_info) {
        return;
    }
    as = tui_as_of(&app->sources, addr);
    if (as.state != TUI_LOOKUP_FOUND || as.number == 0) {
        return;
    }
    tui_line_format(out, "AS%u ", as.number);
    if (some(as_detail(app, &as))) {
        tui_line_format(out, "[%s] ", as_detail(app, &as));
    }
}

void tui_host_as_line(const struct tui_app *app, const struct hops_hop *hop, int n,
                      struct tui_line *out) {
    size_t order[HOPS_HOP_ADDRS_MAX];
    size_t count = tui_host_addrs(app, hop, order);
    struct tui_as as;

    tui_line_clear(out);
    if (hop->addr_count == 0 || tui_app_hides(app, hop->ttl) || !app->options.as_info) {
        bool masked = hop->addr_count > 0 && tui_app_hides(app, hop->ttl);
        tui_line_add(out, n > 0 ? "" : masked ? "****" : tui_app_text(app, TUI_T_NA));
        return;
    }
    size_t index =
        tui_host_detailed(app, hop) ? detailed_address(app, hop) : order[n < (int)count ? n : 0];
    if ((size_t)n >= (tui_host_detailed(app, hop) ? 1 : count)) {
        return;
    }
    as = tui_as_of(&app->sources, &hop->addrs[index].addr);
    if (as.state == TUI_LOOKUP_FOUND && as.number != 0) {
        tui_line_format(out, "AS%u", as.number);
    } else if (as.state == TUI_LOOKUP_FAILED || as.state == TUI_LOOKUP_TIMEOUT) {
        tui_line_add(out, "?????");
    } else if (as.state != TUI_LOOKUP_PENDING) {
        tui_line_add(out, tui_app_text(app, TUI_T_NA));
    }
}

/* Lines. */

/* Name, address, or why there is no name; *out_named: it is a name. */
static void add_resolved(const struct tui_app *app, const struct hops_addr *addr,
                         struct tui_line *out, bool *out_named) {
    struct tui_name name = tui_name_of(&app->sources, addr);
    char text[HOPS_ADDR_TEXT_MAX];

    hops_addr_format(addr, text);
    *out_named = name.state == TUI_LOOKUP_FOUND && some(name.text);
    if (*out_named) {
        tui_line_add(out, name.text);
    } else if (name.state == TUI_LOOKUP_FAILED) {
        tui_line_format(out, "%s: %s", tui_app_text(app, TUI_T_DNS_FAILED), text);
    } else if (name.state == TUI_LOOKUP_TIMEOUT) {
        tui_line_format(out, "%s: %s", tui_app_text(app, TUI_T_DNS_TIMEOUT), text);
    } else {
        tui_line_add(out, text);
    }
}

static void add_name_part(const struct tui_app *app, const struct hops_addr *addr,
                          struct tui_line *out) {
    char text[HOPS_ADDR_TEXT_MAX];
    bool named = false;

    if (app->options.address_mode == TUI_ADDRESS_IP) {
        tui_line_add(out, hops_addr_format(addr, text));
        return;
    }
    add_as(app, addr, out);
    add_resolved(app, addr, out, &named);
    if (app->options.address_mode == TUI_ADDRESS_BOTH && named) {
        tui_line_format(out, " (%s)", hops_addr_format(addr, text));
    }
}

static void address_line(const struct tui_app *app, const struct hops_hop *hop, size_t index,
                         struct tui_line *out) {
    const struct hops_hop_addr *addr = &hop->addrs[index];
    struct tui_line extensions;

    add_name_part(app, &addr->addr, out);
    add_place(app, &addr->addr, out);
    tui_host_extensions(app, hop->extensions, app->options.extension_mode, &extensions);
    if (extensions.len > 0) {
        tui_line_format(out, " [%s]", extensions.text);
    }
    if (hop->nat == HOPS_NAT_DETECTED) {
        tui_line_add(out, " [NAT]");
    }
    if (hop->addr_count > 1 && hop->received > 0) {
        tui_line_format(out, " [%.1f%%]", 100.0 * (double)addr->count / (double)hop->received);
    }
}

/* Details of the selected hop. */

static void placeholder(const struct tui_app *app, enum tui_text_id id, struct tui_line *out) {
    tui_line_format(out, "<%s>", tui_app_text(app, id));
}

static void detail_name(const struct tui_app *app, const struct hops_addr *addr,
                        struct tui_line *out) {
    struct tui_name name = tui_name_of(&app->sources, addr);
    bool named;

    tui_line_format(out, "%s: ", tui_app_text(app, TUI_T_HOST));
    if (name.state == TUI_LOOKUP_PENDING) {
        placeholder(app, TUI_T_AWAITED, out);
    } else if (name.state == TUI_LOOKUP_NOT_FOUND || name.state == TUI_LOOKUP_NONE) {
        placeholder(app, TUI_T_NOT_FOUND, out);
    } else {
        add_resolved(app, addr, out, &named);
    }
}

static void detail_as(const struct tui_app *app, const struct hops_addr *addr, bool info,
                      struct tui_line *out) {
    struct tui_as as = {.state = TUI_LOOKUP_NONE};

    tui_line_format(out, "AS %s: ", tui_app_text(app, info ? TUI_T_INFO : TUI_T_NAME));
    if (!app->options.as_info) {
        placeholder(app, TUI_T_NOT_ENABLED, out);
        return;
    }
    as = tui_as_of(&app->sources, addr);
    if (as.state == TUI_LOOKUP_PENDING) {
        placeholder(app, TUI_T_AWAITED, out);
    } else if (as.state != TUI_LOOKUP_FOUND || as.number == 0) {
        placeholder(app, TUI_T_NOT_FOUND, out);
    } else if (info) {
        tui_line_format(out, "%s %s %s", some(as.prefix) ? as.prefix : "",
                        some(as.registry) ? as.registry : "",
                        some(as.allocated) ? as.allocated : "");
    } else {
        tui_line_format(out, "AS%u %s", as.number, some(as.name) ? as.name : "");
    }
}

static void detail_place(const struct tui_app *app, const struct hops_addr *addr, bool position,
                         struct tui_line *out) {
    struct tui_place place = tui_place_of(&app->sources, addr);
    struct tui_line text;

    if (position) {
        place_position(&place, &text);
    } else {
        tui_host_place_long(&place, &text);
    }
    tui_line_format(out, "%s: ", tui_app_text(app, position ? TUI_T_POS : TUI_T_GEO));
    if (!place.known || text.len == 0) {
        placeholder(app, TUI_T_NOT_FOUND, out);
    } else {
        tui_line_add(out, text.text);
    }
}

static void detail_extensions(const struct tui_app *app, const struct hops_hop *hop,
                              struct tui_line *out) {
    struct tui_line text;

    tui_host_extensions(app, hop->extensions, TUI_EXTENSION_ALL, &text);
    tui_line_format(out, "%s: ", tui_app_text(app, TUI_T_EXT));
    if (text.len == 0) {
        placeholder(app, TUI_T_NONE, out);
    } else {
        tui_line_format(out, "[%s]", text.text);
    }
}

static void detail_percentiles(const struct tui_app *app, const struct hops_hop *hop,
                               struct tui_line *out) {
    struct report_row row = tui_trace_row(tui_app_trace(app), app->flow, hop);
    static const char codes[] = {'m', 'n', 'p'};

    tui_line_format(out, "%s:", tui_app_text(app, TUI_T_PERCENTILES));
    for (size_t i = 0; i < sizeof(codes); i++) {
        char cell[REPORT_CELL_MAX];
        const struct report_column *column = report_column_find(codes[i]);
        tui_line_format(out, " %s %s", column->title, report_column_text(column, &row, cell));
    }
}

static void detail_line(const struct tui_app *app, const struct hops_hop *hop, int n,
                        struct tui_line *out) {
    size_t index = detailed_address(app, hop);
    const struct hops_addr *addr = &hop->addrs[index].addr;
    char text[HOPS_ADDR_TEXT_MAX];

    switch (n) {
    case 0:
        tui_line_format(out, "%s%s [%zu %s %zu]", hops_addr_format(addr, text),
                        hop->nat == HOPS_NAT_DETECTED ? " [NAT]" : "", index + 1,
                        tui_app_text(app, TUI_T_OF), hop->addr_count);
        break;
    case 1:
        detail_name(app, addr, out);
        break;
    case 2:
    case 3:
        detail_as(app, addr, n == 3, out);
        break;
    case 4:
    case 5:
        detail_place(app, addr, n == 5, out);
        break;
    case 6:
        detail_extensions(app, hop, out);
        break;
    default:
        detail_percentiles(app, hop, out);
        break;
    }
}

void tui_host_line(const struct tui_app *app, const struct hops_hop *hop, int n,
                   struct tui_line *out) {
    size_t order[HOPS_HOP_ADDRS_MAX];

    tui_line_clear(out);
    if (hop->addr_count == 0) {
        tui_line_add(out, n == 0 ? tui_app_text(app, TUI_T_NO_RESPONSE) : "");
    } else if (tui_app_hides(app, hop->ttl)) {
        if (n == 0) {
            tui_line_format(out, "**%s**", tui_app_text(app, TUI_T_HIDDEN));
        }
    } else if (tui_host_detailed(app, hop)) {
        detail_line(app, hop, n, out);
    } else if (n < (int)tui_host_addrs(app, hop, order)) {
        address_line(app, hop, order[n], out);
    }
}

/* Searching. */

/* Is the text somewhere in the addresses or names of the hop? */
static bool matches(const struct tui_app *app, uint8_t ttl, const char *text) {
    struct hops_hop hop;

    if (!tui_trace_hop(tui_app_trace(app), app->flow, ttl, &hop) || tui_app_hides(app, ttl)) {
        return false;
    }
    for (size_t i = 0; i < hop.addr_count; i++) {
        char addr[HOPS_ADDR_TEXT_MAX];
        struct tui_name name = tui_name_of(&app->sources, &hop.addrs[i].addr);
        if (strstr(hops_addr_format(&hop.addrs[i].addr, addr), text) != NULL ||
            (some(name.text) && strcasestr(name.text, text) != NULL)) {
            return true;
        }
    }
    return false;
}

static void select_ttl(struct tui_app *app, uint8_t ttl) {
    app->selected_ttl = ttl;
    app->address = 0;
}

bool tui_host_search(struct tui_app *app) {
    uint8_t rows[TUI_ROWS_MAX];
    size_t count = tui_app_rows(app, rows);
    size_t from = 0;

    if (app->input[0] != '\0') {
        memcpy(app->last_search, app->input, sizeof(app->last_search));
    }
    for (size_t i = 0; i < count; i++) {
        from = rows[i] == app->selected_ttl ? i + 1 : from;
    }
    for (size_t i = 0; i < count && app->last_search[0] != '\0'; i++) {
        uint8_t ttl = rows[(from + i) % count];
        if (matches(app, ttl, app->last_search)) {
            select_ttl(app, ttl);
            return true;
        }
    }
    return false;
}

bool tui_host_go_to(struct tui_app *app) {
    uint8_t first;
    uint8_t last;
    char *end;
    unsigned long ttl = strtoul(app->input, &end, 10);

    tui_trace_ttls(tui_app_trace(app), app->flow, &first, &last);
    if (end == app->input || *end != '\0' || last == 0 || ttl < first || ttl > last) {
        return false;
    }
    select_ttl(app, (uint8_t)ttl);
    if (app->body == TUI_BODY_OVERVIEW || app->body == TUI_BODY_EVENTS) {
        app->body = TUI_BODY_HOPS; /* where it can be seen */
    }
    return true;
}

bool tui_host_sortable(char code) {
    const struct report_column *column = report_column_find(code);

    return column != NULL && (column->value != NULL || code == 't') && code != 'h';
}
