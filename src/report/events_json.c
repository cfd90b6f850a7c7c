/* SPDX-License-Identifier: MIT */
#include "report/events_json.h"

#include <hops/addr.h>

#include "base/diag.h"
#include "base/unreachable.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *report_events_addr(const struct hops_addr *addr) {
    char text[HOPS_ADDR_TEXT_MAX];

    if (addr->family == HOPS_FAMILY_NONE) {
        return json_null();
    }
    (void)hops_addr_format(addr, text);
    if (addr->scope != 0) {
        size_t len = strlen(text);
        (void)snprintf(text + len, sizeof(text) - len, "%%%" PRIu32, addr->scope);
    }
    return json_string(text);
}

/* Members. */

void report_events_refuse(struct report_events_in *in, const char *key, const char *why) {
    if (!in->bad) {
        (void)hops_diag_set(in->diag, HOPS_ERR_FORMAT, "member \"%s\" %s", key, why);
    }
    in->bad = true;
}

const json_t *report_events_get(struct report_events_in *in, const json_t *object,
                                const char *key) {
    const json_t *member = in->bad ? NULL : json_object_get(object, key);

    if (member == NULL) {
        report_events_refuse(in, key, "is missing");
    }
    return member;
}

const json_t *report_events_get_object(struct report_events_in *in, const json_t *object,
                                       const char *key) {
    const json_t *member = report_events_get(in, object, key);

    if (member != NULL && !json_is_object(member)) {
        report_events_refuse(in, key, "is not an object");
    }
    return in->bad ? NULL : member;
}

json_int_t report_events_get_int(struct report_events_in *in, const json_t *object, const char *key,
                                 json_int_t min, json_int_t max) {
    const json_t *member = report_events_get(in, object, key);

    if (member != NULL && !json_is_integer(member)) {
        report_events_refuse(in, key, "is not an integer");
    }
    json_int_t value = in->bad ? min : json_integer_value(member);
    if (value < min || value > max) {
        char why[96];
        (void)snprintf(why, sizeof(why), "is out of bounds: expected %lld to %lld", (long long)min,
                       (long long)max);
        report_events_refuse(in, key, why);
        return min;
    }
    return value;
}

json_int_t report_events_get_int_or(struct report_events_in *in, const json_t *object,
                                    const char *key, json_int_t min, json_int_t max,
                                    json_int_t absent) {
    if (json_is_null(report_events_get(in, object, key))) {
        return absent;
    }
    return report_events_get_int(in, object, key, min, max);
}

bool report_events_get_bool(struct report_events_in *in, const json_t *object, const char *key) {
    const json_t *member = report_events_get(in, object, key);

    if (member != NULL && !json_is_boolean(member)) {
        report_events_refuse(in, key, "is neither true nor false");
    }
    return json_is_true(member);
}

const char *report_events_get_text(struct report_events_in *in, const json_t *object,
                                   const char *key) {
    const json_t *member = report_events_get(in, object, key);

    if (member != NULL && !json_is_string(member)) {
        report_events_refuse(in, key, "is not a string");
    }
    return in->bad ? "" : json_string_value(member);
}

/* "fe80::1%2": the scope is a number, for interface names mean nothing on another host. */
static bool parse_addr(const char *text, struct hops_addr *out) {
    char bare[HOPS_ADDR_TEXT_MAX];
    const char *percent = strchr(text, '%');
    size_t len = percent == NULL ? strlen(text) : (size_t)(percent - text);
    uint64_t scope = 0;

    if (len >= sizeof(bare)) {
        return false;
    }
    memcpy(bare, text, len);
    bare[len] = '\0';
    if (!hops_addr_parse(bare, out)) {
        return false;
    }
    if (percent == NULL) {
        return true;
    }
    for (const char *p = percent + 1; *p != '\0'; p++) {
        if (*p < '0' || *p > '9') {
            return false;
        }
        scope = scope * 10 + (uint64_t)(*p - '0');
        if (scope > UINT32_MAX) {
            return false;
        }
    }
    out->scope = (uint32_t)scope;
    return scope != 0 && out->family == HOPS_IPV6;
}

struct hops_addr report_events_get_addr(struct report_events_in *in, const json_t *object,
                                        const char *key, bool optional) {
    const json_t *member = report_events_get(in, object, key);
    struct hops_addr addr = {.family = HOPS_FAMILY_NONE};

    if (member == NULL || (optional && json_is_null(member))) {
        return addr;
    }
    if (!json_is_string(member) || !parse_addr(json_string_value(member), &addr)) {
        report_events_refuse(in, key, "is not an address");
    }
    return addr;
}

int report_events_get_name(struct report_events_in *in, const json_t *object, const char *key,
                           const char *(*name)(int), int count) {
    const char *text = report_events_get_text(in, object, key);

    for (int i = 0; i < count; i++) {
        if (strcmp(text, name(i)) == 0) {
            return i;
        }
    }
    report_events_refuse(in, key, "has an unknown name as its value");
    return 0;
}

/* Configurations. */

static const char *protocol_name(int i) {
    return hops_protocol_name((enum hops_protocol)i);
}

static const char *strategy_name(int i) {
    return hops_strategy_name((enum hops_strategy)i);
}

static const char *ports_name(int i) {
    switch ((enum hops_port_direction)i) {
    case HOPS_PORTS_NONE:
        return "none";
    case HOPS_PORTS_FIXED_SOURCE:
        return "fixed-source";
    case HOPS_PORTS_FIXED_TARGET:
        return "fixed-target";
    case HOPS_PORTS_FIXED_BOTH:
        return "fixed-both";
    }
    hops_unreachable();
}

/* The whole numbers of a configuration, by their type. */
enum number_type { U8, U16, U64, NS };

#define FIELD(name_, type_, min_, max_)                                                            \
    { #name_, offsetof(struct hops_config, name_), (type_), (min_), (max_) }

static const struct {
    const char *name;
    size_t offset;
    enum number_type type;
    json_int_t min, max;
} numbers[] = {
    FIELD(source_port, U16, 0, UINT16_MAX),
    FIELD(target_port, U16, 0, UINT16_MAX),
    FIELD(first_ttl, U8, 1, HOPS_TTL_MAX),
    FIELD(max_ttl, U8, 1, HOPS_TTL_MAX),
    FIELD(max_inflight, U8, 1, UINT8_MAX),
    FIELD(initial_sequence, U16, 0, UINT16_MAX),
    FIELD(last_sequence, U16, 0, UINT16_MAX),
    FIELD(trace_id, U16, 0, UINT16_MAX),
    FIELD(packet_size, U16, 0, UINT16_MAX),
    FIELD(payload_pattern, U8, 0, UINT8_MAX),
    FIELD(tos, U8, 0, UINT8_MAX),
    FIELD(min_round, NS, 0, INT64_MAX),
    FIELD(max_round, NS, 0, INT64_MAX),
    FIELD(grace, NS, 0, INT64_MAX),
    FIELD(reply_timeout, NS, 0, INT64_MAX),
    FIELD(send_interval, NS, 0, INT64_MAX),
    FIELD(max_rounds, U64, 0, INT64_MAX),
};

enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

static json_int_t load_number(const struct hops_config *config, size_t i) {
    const char *at = (const char *)config + numbers[i].offset;
    uint8_t u8;
    uint16_t u16;
    uint64_t u64;

    switch (numbers[i].type) {
    case U8:
        memcpy(&u8, at, sizeof(u8));
        return u8;
    case U16:
        memcpy(&u16, at, sizeof(u16));
        return u16;
    case U64:
    case NS:
        memcpy(&u64, at, sizeof(u64));
        return u64 > INT64_MAX ? INT64_MAX : (json_int_t)u64;
    }
    hops_unreachable();
}

static void store_number(struct hops_config *config, size_t i, json_int_t value) {
    char *at = (char *)config + numbers[i].offset;
    uint8_t u8 = (uint8_t)(value & UINT8_MAX);
    uint16_t u16 = (uint16_t)(value & UINT16_MAX);
    uint64_t u64 = (uint64_t)value;

    switch (numbers[i].type) {
    case U8:
        memcpy(at, &u8, sizeof(u8));
        break;
    case U16:
        memcpy(at, &u16, sizeof(u16));
        break;
    case U64:
    case NS:
        memcpy(at, &u64, sizeof(u64));
        break;
    }
}

json_t *report_events_config(const struct hops_config *config) {
    json_t *out = json_pack(
        "{s:o,s:o,s:s,s:s,s:s,s:b,s:b}", "target", report_events_addr(&config->target), "source",
        report_events_addr(&config->source), "protocol", hops_protocol_name(config->protocol),
        "strategy", hops_strategy_name(config->strategy), "ports",
        ports_name((int)config->direction), "source_port_proposed", config->source_port_proposed,
        "extensions", config->extensions);

    for (size_t i = 0; i < NUMBERS && out != NULL; i++) {
        if (json_object_set_new(out, numbers[i].name, json_integer(load_number(config, i))) != 0) {
            json_decref(out);
            out = NULL;
        }
    }
    return out;
}

void report_events_get_config(struct report_events_in *in, const json_t *object,
                              struct hops_config *out) {
    hops_config_init(out);
    out->target = report_events_get_addr(in, object, "target", false);
    out->source = report_events_get_addr(in, object, "source", true);
    out->protocol =
        (enum hops_protocol)report_events_get_name(in, object, "protocol", protocol_name, 3);
    out->strategy =
        (enum hops_strategy)report_events_get_name(in, object, "strategy", strategy_name, 3);
    out->direction =
        (enum hops_port_direction)report_events_get_name(in, object, "ports", ports_name, 4);
    out->source_port_proposed = report_events_get_bool(in, object, "source_port_proposed");
    out->extensions = report_events_get_bool(in, object, "extensions");
    for (size_t i = 0; i < NUMBERS; i++) {
        store_number(
            out, i,
            report_events_get_int(in, object, numbers[i].name, numbers[i].min, numbers[i].max));
    }
}
