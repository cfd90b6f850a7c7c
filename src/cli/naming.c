/* SPDX-License-Identifier: MIT */
#include "cli/naming.h"

#include "base/diag.h"
#include "cli/naming_scenario.h"
#include "lookup/geo.h"
#include "lookup/lookup.h"
#include "report/names.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* Addresses that are asked about at the same time; the others wait for their turn. */
enum { WINDOW = 100 };

enum source { NOBODY, DNS, SCENARIO, RECORDING };

struct cli_naming {
    enum source source;
    struct lookup *lookup;                /* DNS */
    struct cli_naming_scenario *scenario; /* SCENARIO */
    struct lookup_geo *geo;               /* NULL: no places */
    bool tells;                           /* seen and next have something to do */
    bool tells_as;                        /* and AS data belongs to it */
    hops_ns now;                          /* of the latest call that said so */

    /* What was told, or recorded. An address in the list open has an entry without texts. */
    struct report_names told;
    struct hops_addr *open; /* not told yet, in the order of their first answer */
    size_t open_count, open_room;
    bool dirty; /* one of them may be ready */

    struct report_buf text; /* of the latest name */
    const char *recorded[LOOKUP_AS_FIELDS];
    struct lookup_place place;
};

/* Making. */

static bool shows_names(enum cli_mode mode) {
    switch (mode) {
    case CLI_MODE_TUI:
    case CLI_MODE_PRETTY:
    case CLI_MODE_MARKDOWN:
    case CLI_MODE_CSV:
    case CLI_MODE_JSON:
    case CLI_MODE_EVENTS:
        return true;
    case CLI_MODE_STREAM:
    case CLI_MODE_DOT:
    case CLI_MODE_FLOWS:
    case CLI_MODE_SILENT:
        break;
    }
    return false;
}

static enum lookup_method method_of(enum cli_resolver resolver) {
    switch (resolver) {
    case CLI_RESOLVER_RESOLV:
        return LOOKUP_RESOLV;
    case CLI_RESOLVER_GOOGLE:
        return LOOKUP_GOOGLE;
    case CLI_RESOLVER_CLOUDFLARE:
        return LOOKUP_CLOUDFLARE;
    case CLI_RESOLVER_SYSTEM:
    case CLI_RESOLVER_NONE:
        break;
    }
    return LOOKUP_SYSTEM;
}

static enum hops_err open_dns(struct cli_naming *naming, const struct cli_settings *settings,
                              struct hops_diag *diag) {
    struct lookup_config config;

    lookup_config_init(&config);
    config.method = method_of(settings->dns_resolve_method);
    if (settings->dns_servers != NULL) {
        config.method = LOOKUP_SERVERS;
        config.server_count = settings->dns_servers->count;
        memcpy(config.servers, settings->dns_servers->list,
               config.server_count * sizeof(config.servers[0]));
    }
    config.timeout = settings->dns_timeout;
    config.ttl = settings->dns_ttl;
    return lookup_new(&config, &naming->lookup, diag);
}

enum hops_err cli_naming_new(const struct cli_settings *settings,
                             const struct hops_scenario *scenario, struct cli_naming **out,
                             struct hops_diag *diag) {
    struct cli_naming *naming = calloc(1, sizeof(*naming));
    bool wanted = shows_names(settings->mode) || settings->record != NULL;
    bool anybody =
        settings->dns_servers != NULL || settings->dns_resolve_method != CLI_RESOLVER_NONE;
    enum hops_err err = HOPS_OK;

    if (naming == NULL) {
        return hops_diag_set(diag, HOPS_ERR_NOMEM, "out of memory for names");
    }
    /* A screen asks for what it shows by itself. */
    naming->tells = wanted && (settings->mode != CLI_MODE_TUI || settings->record != NULL);
    if (scenario != NULL) {
        naming->source = SCENARIO;
        naming->tells_as = true;
        err = cli_naming_scenario_new(scenario, &naming->scenario, diag);
    } else if (settings->replay != NULL) {
        naming->source = RECORDING;
        naming->tells = false;
    } else if (wanted && anybody) {
        naming->source = DNS;
        naming->tells_as = settings->dns_lookup_as_info;
        err = open_dns(naming, settings, diag);
    }
    if (err == HOPS_OK && settings->geoip_mmdb_file != NULL) {
        err = lookup_geo_open(settings->geoip_mmdb_file, settings->locale, &naming->geo, diag);
    }
    if (err != HOPS_OK) {
        cli_naming_free(naming);
        return err;
    }
    *out = naming;
    return HOPS_OK;
}

void cli_naming_free(struct cli_naming *naming) {
    if (naming == NULL) {
        return;
    }
    lookup_free(naming->lookup);
    lookup_geo_close(naming->geo);
    cli_naming_scenario_free(naming->scenario);
    report_names_done(&naming->told);
    report_buf_done(&naming->text);
    free(naming->open);
    free(naming);
}

bool cli_naming_uses_dns(const struct cli_naming *naming) {
    return naming->source == DNS;
}

/* Driving. */

size_t cli_naming_fds(struct cli_naming *naming, struct pollfd *fds) {
    return naming->source == DNS ? lookup_fds(naming->lookup, fds, CLI_NAMING_FDS) : 0;
}

hops_ns cli_naming_deadline(struct cli_naming *naming, hops_ns now) {
    naming->now = now;
    return naming->source == DNS ? lookup_deadline(naming->lookup, now) : HOPS_NEVER;
}

bool cli_naming_process(struct cli_naming *naming, const struct pollfd *fds, size_t count,
                        hops_ns now) {
    naming->now = now;
    if (naming->source != DNS) {
        return false;
    }
    bool changed = lookup_process(naming->lookup, fds, count, now);
    /* Also when a lookup could not begin, since too many were under way. */
    size_t open = naming->open_count < WINDOW ? naming->open_count : WINDOW;
    naming->dirty = naming->dirty || changed || lookup_pending(naming->lookup) < open;
    return changed;
}

/* Asking. */

/* What a recording shows for an address without a name may say that its lookup went wrong. */
static enum lookup_state recorded_state(const struct report_events_name *name) {
    if (name == NULL || name->shown == NULL) {
        return LOOKUP_NOT_FOUND;
    }
    if (name->count == 0 && strncmp(name->shown, "Failed: ", 8) == 0) {
        return LOOKUP_FAILED;
    }
    if (name->count == 0 && strncmp(name->shown, "Timeout: ", 9) == 0) {
        return LOOKUP_TIMEOUT;
    }
    return LOOKUP_FOUND;
}

static struct lookup_answer recorded_name(struct cli_naming *naming, const struct hops_addr *addr) {
    const struct report_events_name *name = report_names_find(&naming->told, addr);
    struct lookup_answer answer = {.state = recorded_state(name)};

    if (answer.state == LOOKUP_FOUND) {
        naming->recorded[0] = name->shown;
        answer.count = name->count > 0 ? name->count : 1;
        answer.text = name->count > 0 ? name->names : naming->recorded;
    }
    return answer;
}

static struct lookup_answer recorded_as(struct cli_naming *naming, const struct hops_addr *addr) {
    const struct report_events_name *name = report_names_find(&naming->told, addr);

    if (name == NULL || name->as == NULL) {
        return (struct lookup_answer){.state = LOOKUP_NOT_FOUND};
    }
    naming->recorded[LOOKUP_AS_NUMBER] = name->as->number;
    naming->recorded[LOOKUP_AS_PREFIX] = name->as->prefix;
    naming->recorded[LOOKUP_AS_COUNTRY] = name->as->country;
    naming->recorded[LOOKUP_AS_REGISTRY] = name->as->registry;
    naming->recorded[LOOKUP_AS_ALLOCATED] = name->as->allocated;
    naming->recorded[LOOKUP_AS_NAME] = name->as->name;
    return (struct lookup_answer){
        .state = LOOKUP_FOUND, .count = LOOKUP_AS_FIELDS, .text = naming->recorded};
}

static struct lookup_answer ask_name(struct cli_naming *naming, const struct hops_addr *addr) {
    switch (naming->source) {
    case DNS:
        return lookup_name(naming->lookup, addr, naming->now);
    case SCENARIO:
        return cli_naming_scenario_name(naming->scenario, addr);
    case RECORDING:
        return recorded_name(naming, addr);
    case NOBODY:
        break;
    }
    return (struct lookup_answer){.state = LOOKUP_NOT_FOUND};
}

static struct lookup_answer ask_as(struct cli_naming *naming, const struct hops_addr *addr) {
    switch (naming->source) {
    case DNS:
        return lookup_as(naming->lookup, addr, naming->now);
    case SCENARIO:
        return cli_naming_scenario_as(naming->scenario, addr);
    case RECORDING:
        return recorded_as(naming, addr);
    case NOBODY:
        break;
    }
    return (struct lookup_answer){.state = LOOKUP_NOT_FOUND};
}

/* All names with a blank between them, or what went wrong. NULL: there is nothing but the address.
 */
static const char *text_of(struct cli_naming *naming, struct lookup_answer answer,
                           const struct hops_addr *addr) {
    char text[HOPS_ADDR_TEXT_MAX];

    report_buf_clear(&naming->text);
    for (size_t i = 0; i < answer.count; i++) {
        report_buf_str(&naming->text, i == 0 ? "" : " ");
        report_buf_str(&naming->text, answer.text[i]);
    }
    if (answer.state == LOOKUP_FAILED || answer.state == LOOKUP_TIMEOUT) {
        report_buf_str(&naming->text, answer.state == LOOKUP_FAILED ? "Failed: " : "Timeout: ");
        report_buf_str(&naming->text, hops_addr_format(addr, text));
    }
    return naming->text.bad || naming->text.len == 0 ? NULL : report_buf_text(&naming->text);
}

/* Events. */

static bool make_room(struct cli_naming *naming) {
    size_t room = naming->open_room == 0 ? 64 : 2 * naming->open_room;

    if (naming->open_count < naming->open_room) {
        return true;
    }
    struct hops_addr *open = realloc(naming->open, room * sizeof(*open));
    if (open == NULL) {
        return false;
    }
    naming->open = open;
    naming->open_room = room;
    return true;
}

/* Told to have failed: was it asked about again, and is it known now? */
static bool is_outdated(struct cli_naming *naming, const struct report_events_name *told) {
    if (naming->source != DNS || told->count > 0 || told->shown == NULL) {
        return false;
    }
    struct lookup_answer answer = lookup_name(naming->lookup, &told->addr, naming->now);
    return answer.state != LOOKUP_PENDING && answer.state != recorded_state(told);
}

void cli_naming_seen(struct cli_naming *naming, const struct hops_addr *addr, hops_ns now) {
    struct report_events_name nothing = {.addr = *addr};

    naming->now = now;
    if (!naming->tells) {
        return;
    }
    const struct report_events_name *told = report_names_find(&naming->told, addr);
    bool wanted = told == NULL ? naming->told.count < REPORT_NAMES_MAX : is_outdated(naming, told);
    /* Without memory: when it answers the next time. */
    if (wanted && make_room(naming) &&
        (told != NULL || report_names_put(&naming->told, &nothing))) {
        naming->open[naming->open_count++] = *addr;
        naming->dirty = true;
    }
}

static bool is_settled(struct cli_naming *naming, const struct hops_addr *addr) {
    bool as_settled = !naming->tells_as || ask_as(naming, addr).state != LOOKUP_PENDING;

    return ask_name(naming, addr).state != LOOKUP_PENDING && as_settled;
}

/* A text that is not known is NULL in events. */
static const char *field_of(struct lookup_answer answer, enum lookup_as_field field) {
    const char *text = answer.text[field];

    return text == NULL || text[0] == '\0' ? NULL : text;
}

static void add_as(struct cli_naming *naming, const struct hops_addr *addr) {
    struct lookup_answer answer = ask_as(naming, addr);
    struct report_events_as as;
    struct report_events_name name;

    if (answer.state != LOOKUP_FOUND || answer.count != LOOKUP_AS_FIELDS) {
        return;
    }
    as = (struct report_events_as){.number = field_of(answer, LOOKUP_AS_NUMBER),
                                   .prefix = field_of(answer, LOOKUP_AS_PREFIX),
                                   .country = field_of(answer, LOOKUP_AS_COUNTRY),
                                   .registry = field_of(answer, LOOKUP_AS_REGISTRY),
                                   .allocated = field_of(answer, LOOKUP_AS_ALLOCATED),
                                   .name = field_of(answer, LOOKUP_AS_NAME)};
    name = *report_names_find(&naming->told, addr);
    name.as = &as;
    (void)report_names_put(&naming->told, &name);
}

/* Answers are borrowed until the next question, so they are copied one after the other. False:
 * nothing is known but the address, as before. */
static bool tell(struct cli_naming *naming, const struct hops_addr *addr,
                 struct report_events_name *out) {
    struct lookup_answer answer = ask_name(naming, addr);
    bool known = report_names_find(&naming->told, addr)->shown != NULL;
    struct report_events_name name = {.addr = *addr,
                                      .shown = text_of(naming, answer, addr),
                                      .names = answer.text,
                                      .count = answer.count};

    if (!report_names_put(&naming->told, &name)) {
        return false;
    }
    if (naming->tells_as) {
        add_as(naming, addr);
    }
    *out = *report_names_find(&naming->told, addr);
    return known || out->shown != NULL || out->as != NULL;
}

bool cli_naming_next(struct cli_naming *naming, struct report_events_name *out) {
    size_t i = 0;

    while (naming->dirty && i < naming->open_count && i < WINDOW) {
        struct hops_addr addr = naming->open[i];
        if (!is_settled(naming, &addr)) {
            i++;
            continue;
        }
        naming->open_count--;
        memmove(&naming->open[i], &naming->open[i + 1],
                (naming->open_count - i) * sizeof(*naming->open));
        if (tell(naming, &addr, out)) {
            return true;
        }
    }
    naming->dirty = false;
    return false;
}

size_t cli_naming_missing(const struct cli_naming *naming) {
    return naming->open_count;
}

hops_ns cli_naming_patience(const struct cli_naming *naming) {
    return naming->source == DNS ? lookup_timeout(naming->lookup) : 0;
}

bool cli_naming_put(struct cli_naming *naming, const struct report_events_name *name) {
    return report_names_put(&naming->told, name);
}

/* A screen is saved: what it has learned by showing it. */
static const char *learned_name(void *user, const struct hops_addr *addr) {
    struct cli_naming *naming = user;
    struct lookup_answer answer =
        naming->source == DNS ? lookup_name_known(naming->lookup, addr) : ask_name(naming, addr);

    return text_of(naming, answer, addr);
}

struct hops_names cli_naming_names(struct cli_naming *naming) {
    if (naming->tells || naming->source == RECORDING) {
        return report_names_source(&naming->told);
    }
    return (struct hops_names){.name = learned_name, .user = naming};
}

/* For the screen. */

static enum tui_lookup screen_state(enum lookup_state state) {
    switch (state) {
    case LOOKUP_PENDING:
        return TUI_LOOKUP_PENDING;
    case LOOKUP_FOUND:
        return TUI_LOOKUP_FOUND;
    case LOOKUP_NOT_FOUND:
        return TUI_LOOKUP_NOT_FOUND;
    case LOOKUP_FAILED:
        return TUI_LOOKUP_FAILED;
    case LOOKUP_TIMEOUT:
        break;
    }
    return TUI_LOOKUP_TIMEOUT;
}

static struct tui_name screen_name(void *user, const struct hops_addr *addr) {
    struct cli_naming *naming = user;
    struct lookup_answer answer = ask_name(naming, addr);
    struct tui_name name = {.state = screen_state(answer.state)};

    if (answer.state == LOOKUP_FOUND) {
        name.text = text_of(naming, answer, addr);
        name.first = answer.count == 0 ? NULL : answer.text[0];
        /* An empty text is the name of the root, or a want of memory. */
        name.state = name.text == NULL ? TUI_LOOKUP_NOT_FOUND : TUI_LOOKUP_FOUND;
    }
    return name;
}

static struct tui_as screen_as(void *user, const struct hops_addr *addr) {
    struct lookup_answer answer = ask_as(user, addr);
    struct tui_as as = {.state = screen_state(answer.state)};

    if (answer.state == LOOKUP_FOUND && answer.count == LOOKUP_AS_FIELDS) {
        const char *number = answer.text[LOOKUP_AS_NUMBER];
        unsigned long value = number == NULL ? 0 : strtoul(number, NULL, 10);
        as.number = value > UINT32_MAX ? 0 : (uint32_t)value; /* RFC 6793: 32 bits */
        as.prefix = answer.text[LOOKUP_AS_PREFIX];
        as.country = answer.text[LOOKUP_AS_COUNTRY];
        as.registry = answer.text[LOOKUP_AS_REGISTRY];
        as.allocated = answer.text[LOOKUP_AS_ALLOCATED];
        as.name = answer.text[LOOKUP_AS_NAME];
    }
    return as;
}

static struct tui_place screen_place(void *user, const struct hops_addr *addr) {
    struct cli_naming *naming = user;
    struct lookup_place *at = &naming->place;

    if (!lookup_geo_find(naming->geo, addr, at)) {
        return (struct tui_place){.known = false};
    }
    return (struct tui_place){.known = true,
                              .city = at->city,
                              .subdivision = at->subdivision,
                              .subdivision_code = at->subdivision_code,
                              .country = at->country,
                              .country_code = at->country_code,
                              .continent = at->continent,
                              .has_position = at->has_latitude && at->has_longitude,
                              .has_radius = at->has_radius,
                              .latitude = at->latitude,
                              .longitude = at->longitude,
                              .radius_km = at->radius_km};
}

static void forget(void *user) {
    struct cli_naming *naming = user;

    lookup_flush(naming->lookup);
}

struct tui_sources cli_naming_sources(struct cli_naming *naming) {
    bool any = naming->source != NOBODY;

    return (struct tui_sources){.name = any ? screen_name : NULL,
                                .as = any ? screen_as : NULL,
                                .place = naming->geo == NULL ? NULL : screen_place,
                                .forget = naming->source == DNS ? forget : NULL,
                                .user = naming};
}
