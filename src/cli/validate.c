/* SPDX-License-Identifier: MIT
 *
 * The rules, in a fixed order: people (and tests) see the first one that is broken.
 */
#include "cli/validate.h"

#include "cli/columns.h"
#include "cli/duration.h"
#include "cli/language.h"
#include "cli/options.h"

#include <hops/types.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct check {
    const struct cli_inputs *in;
    const struct cli_settings *s;
    struct cli_text *why;
};

static bool has_ports(const struct cli_settings *s) {
    return s->protocol != HOPS_PROTOCOL_ICMP;
}

static bool keeps_path(const struct cli_settings *s) {
    return s->multipath_strategy != HOPS_STRATEGY_CLASSIC;
}

static bool columns_known(const struct check *c) {
    const char *unknown = cli_columns_unknown(c->s->tui_custom_columns);

    if (unknown == NULL) {
        return true;
    }
    size_t len = 1;
    while (((unsigned char)unknown[len] & 0xc0) == 0x80) {
        len++;
    }
    struct cli_text copy = {0};
    cli_text_add_bytes(&copy, unknown, len);
    cli_text_add(c->why, "tui-custom-columns has the unknown column code '");
    cli_text_add_clean(c->why, copy.data);
    cli_text_add(c->why, "'; --help lists the codes");
    cli_text_done(&copy);
    return false;
}

static bool timezone_known(const struct check *c) {
    const char *name = c->s->tui_timezone;

    if (name == NULL || cli_timezone_exists(name, c->in->zoneinfo)) {
        return true;
    }
    cli_text_add(c->why, "tui-timezone '");
    cli_text_add_clean(c->why, name);
    cli_text_add(c->why, "' is not a time zone of this system, such as UTC or Europe/Berlin");
    return false;
}

static bool ports_fit(const struct check *c) {
    const struct cli_settings *s = c->s;

    if (s->protocol == HOPS_PROTOCOL_UDP && s->source_port != CLI_NONE && s->source_port < 1024) {
        cli_text_addf(c->why, "source-port is %d: for UDP it must be 1024 or above",
                      s->source_port);
        return false;
    }
    if (has_ports(s) && s->source_port != CLI_NONE && s->target_port != CLI_NONE &&
        !(s->protocol == HOPS_PROTOCOL_UDP && keeps_path(s))) {
        cli_text_add(c->why, "only one of source-port and target-port may be fixed, unless the "
                             "protocol is udp and the multipath-strategy paris or dublin");
        return false;
    }
    return true;
}

static bool log_has_room(const struct check *c) {
    if (c->s->mode == CLI_MODE_TUI && c->s->verbose) {
        cli_text_add(c->why, "verbose logging is not possible in the mode tui: choose another mode "
                             "with --mode");
        return false;
    }
    return true;
}

static bool replay_stands_alone(const struct check *c) {
    const struct cli_settings *s = c->s;

    if (s->replay != NULL && (s->simulate || s->target_count > 0)) {
        cli_text_add(c->why, "replay ");
        cli_text_add_clean(c->why, s->replay);
        cli_text_add(c->why, " shows a recording and cannot be joined with ");
        cli_text_add(c->why, s->simulate ? "--simulate" : "the target ");
        cli_text_add_clean(c->why, s->simulate ? "" : s->targets[0]);
        return false;
    }
    if (s->replay == NULL && s->replay_speed != CLI_NONE) {
        cli_text_addf(c->why, "replay-speed is %d, but no recording is given with --replay",
                      s->replay_speed);
        return false;
    }
    if (s->replay != NULL && s->record != NULL && strcmp(s->replay, s->record) == 0) {
        cli_text_add(c->why, "record ");
        cli_text_add_clean(c->why, s->record);
        cli_text_add(c->why, " is the file of --replay: name another one");
        return false;
    }
    return true;
}

/* A recording was made with a strategy of its own. */
static bool strategy_fits(const struct check *c) {
    const struct cli_settings *s = c->s;
    const char *name = hops_strategy_name(s->multipath_strategy);

    if (s->replay != NULL) {
        return true;
    }
    if (keeps_path(s) && !s->simulate && !s->use_raw) {
        cli_text_addf(
            c->why, "the multipath-strategy %s is not possible in unprivileged mode: %s", name,
            s->unprivileged ? "leave --unprivileged out" : "it needs raw sockets (CAP_NET_RAW)");
        return false;
    }
    if (keeps_path(s) && s->protocol != HOPS_PROTOCOL_UDP) {
        cli_text_addf(
            c->why, "the multipath-strategy %s works with the protocol udp only, not %s: add --udp",
            name, hops_protocol_name(s->protocol));
        return false;
    }
    if (!keeps_path(s) && (s->mode == CLI_MODE_DOT || s->mode == CLI_MODE_FLOWS)) {
        cli_text_addf(
            c->why, "the mode %s needs the multipath-strategy paris or dublin: add --udp -R paris",
            s->mode == CLI_MODE_DOT ? "dot" : "flows");
        return false;
    }
    return true;
}

static bool refuse_range(const struct check *c, const char *name, const char *value,
                         const char *least, const char *most) {
    cli_text_addf(c->why, "%s is %s: it must be between %s and %s", name, value, least, most);
    return false;
}

/* The bounds of the option's row. */
static bool in_bounds(const struct check *c, const char *name) {
    int row = cli_option_find(name, strlen(name));

    assert(row >= 0 && cli_option((size_t)row)->bounded);
    const struct cli_option *option = cli_option((size_t)row);
    const char *field = (const char *)c->s + option->offset;
    char value[48], least[48], most[48];

    if (option->type == CLI_DURATION) {
        hops_ns duration = 0;

        memcpy(&duration, field, sizeof(duration));
        if (duration >= option->min && duration <= option->max) {
            return true;
        }
        return refuse_range(c, name, cli_duration_format(duration, value),
                            cli_duration_format(option->min, least),
                            cli_duration_format(option->max, most));
    }
    int number = 0;
    memcpy(&number, field, sizeof(number));
    if (number >= option->min && number <= option->max) {
        return true;
    }
    snprintf(value, sizeof(value), "%d", number);
    snprintf(least, sizeof(least), "%" PRId64, option->min);
    snprintf(most, sizeof(most), "%" PRId64, option->max);
    return refuse_range(c, name, value, least, most);
}

static bool ttls_ordered(const struct check *c) {
    if (c->s->first_ttl > c->s->max_ttl) {
        cli_text_addf(c->why, "first-ttl (%d) is greater than max-ttl (%d)", c->s->first_ttl,
                      c->s->max_ttl);
        return false;
    }
    return true;
}

static bool rounds_ordered(const struct check *c) {
    char least[48], most[48];

    if (c->s->min_round_duration > c->s->max_round_duration) {
        cli_text_addf(c->why,
                      "min-round-duration (%s) is longer than max-round-duration (%s): raise it, "
                      "too, with --max-round-duration (-T)",
                      cli_duration_format(c->s->min_round_duration, least),
                      cli_duration_format(c->s->max_round_duration, most));
        return false;
    }
    return true;
}

static bool packet_fits(const struct check *c) {
    bool ipv4 = c->s->addr_family == CLI_FAMILY_IPV4;
    int least = ipv4 ? HOPS_PACKET_SIZE_MIN_IPV4 : HOPS_PACKET_SIZE_MIN_IPV6;

    if (c->s->packet_size < least || c->s->packet_size > HOPS_PACKET_SIZE_MAX) {
        cli_text_addf(c->why, "packet-size is %d: it must be between %d and %d for the family %s",
                      c->s->packet_size, least, HOPS_PACKET_SIZE_MAX,
                      cli_option((size_t)cli_option_find("addr-family", strlen("addr-family")))
                          ->choices[c->s->addr_family]
                          .name);
        return false;
    }
    return true;
}

/* A sequence of 0 is no port; as a source port it must be one that everybody may bind. */
static bool sequence_fits(const struct check *c) {
    const struct cli_settings *s = c->s;
    bool source = has_ports(s) && !keeps_path(s) && s->direction == HOPS_PORTS_FIXED_TARGET;
    int least = source ? 1024 : has_ports(s) ? 1 : 0;

    if (!in_bounds(c, "initial-sequence")) {
        return false;
    }
    if (s->initial_sequence < least) {
        cli_text_addf(c->why, "initial-sequence is %d: it must be %d or above %s",
                      s->initial_sequence, least,
                      source ? "where it becomes a source port" : "for UDP and TCP");
        return false;
    }
    return true;
}

static bool report_has_rounds(const struct check *c) {
    if (c->s->report_cycles == 0) {
        cli_text_add(c->why, "report-cycles is 0: it must be 1 or above");
        return false;
    }
    return true;
}

static bool places_known(const struct check *c) {
    if (c->s->tui_geoip_mode != CLI_GEOIP_OFF && c->s->geoip_mmdb_file == NULL) {
        static const char *const names[] = {"off", "short", "long", "location"};

        cli_text_addf(c->why,
                      "the tui-geoip-mode %s needs a database: name it with "
                      "--geoip-mmdb-file",
                      names[c->s->tui_geoip_mode]);
        return false;
    }
    return true;
}

static bool columns_distinct(const struct check *c) {
    struct cli_text repeated = {0};
    bool ok = true;

    if (c->s->tui_custom_columns[0] == '\0') {
        cli_text_add(c->why, "tui-custom-columns is empty: at least one column is needed");
        ok = false;
    } else if (cli_columns_repeated(c->s->tui_custom_columns, &repeated)) {
        cli_text_addf(c->why, "tui-custom-columns has columns twice: %s", cli_text_str(&repeated));
        ok = false;
    }
    cli_text_done(&repeated);
    return ok;
}

static bool keys_distinct(const struct check *c) {
    struct cli_text clashes = {0};
    bool any = cli_key_clashes(c->s->bindings, &clashes);

    if (any) {
        cli_text_addf(c->why, "two commands have the same key: %s", cli_text_str(&clashes));
    }
    cli_text_done(&clashes);
    return !any;
}

bool cli_validate(const struct cli_inputs *in, const struct cli_settings *settings,
                  struct cli_text *why) {
    const struct check check = {.in = in, .s = settings, .why = why};
    const struct check *c = &check;

    return columns_known(c) && timezone_known(c) && ports_fit(c) && log_has_room(c) &&
           replay_stands_alone(c) && strategy_fits(c) && in_bounds(c, "first-ttl") &&
           in_bounds(c, "max-ttl") && ttls_ordered(c) && in_bounds(c, "max-inflight") &&
           in_bounds(c, "read-timeout") && rounds_ordered(c) && in_bounds(c, "grace-duration") &&
           packet_fits(c) && sequence_fits(c) && in_bounds(c, "tui-refresh-rate") &&
           report_has_rounds(c) && places_known(c) && columns_distinct(c) && keys_distinct(c);
}
