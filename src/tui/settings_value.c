/* SPDX-License-Identifier: MIT
 *
 * One small function for each setting that has a value of its own on the screen.
 */
#include "tui/settings_value.h"

#include "tui/format.h"

#include <hops/addr.h>

#include <inttypes.h>
#include <string.h>

/* Settings that keys change. Their texts are those of the configuration file; "" for none. */

static const char *const address_modes[] = {"ip", "host", "both"};
static const char *const as_modes[] = {"asn",      "prefix",    "country-code",
                                       "registry", "allocated", "name"};
static const char *const extension_modes[] = {"off", "mpls", "full", "all"};
static const char *const geoip_modes[] = {"off", "short", "long", "location"};

static const char *on_off(bool on) {
    return on ? "true" : "false";
}

static void text_privacy(const struct tui_options *o, struct tui_line *out) {
    if (o->privacy >= 0) {
        tui_line_format(out, "%d", o->privacy);
    }
}

static void text_address_mode(const struct tui_options *o, struct tui_line *out) {
    tui_line_add(out, address_modes[o->address_mode]);
}

static void text_as_mode(const struct tui_options *o, struct tui_line *out) {
    tui_line_add(out, as_modes[o->as_mode]);
}

static void text_extension_mode(const struct tui_options *o, struct tui_line *out) {
    tui_line_add(out, extension_modes[o->extension_mode]);
}

static void text_geoip_mode(const struct tui_options *o, struct tui_line *out) {
    tui_line_add(out, geoip_modes[o->geoip_mode]);
}

static void text_max_addrs(const struct tui_options *o, struct tui_line *out) {
    if (o->max_addrs > 0) {
        tui_line_format(out, "%u", o->max_addrs);
    }
}

static void text_columns(const struct tui_options *o, struct tui_line *out) {
    tui_line_add(out, o->columns);
}

static void text_preserve(const struct tui_options *o, struct tui_line *out) {
    tui_line_add(out, on_off(o->preserve_screen));
}

static void text_refresh(const struct tui_options *o, struct tui_line *out) {
    char text[TUI_FORMAT_MAX];

    tui_line_add(out, tui_format_duration(o->refresh, text));
}

static void text_preset(const struct tui_options *o, struct tui_line *out) {
    tui_line_add(out, tui_preset_name(o->preset));
}

static void text_letters(const struct tui_options *o, struct tui_line *out) {
    tui_line_add(out, on_off(o->status_letters));
}

static void text_as_info(const struct tui_options *o, struct tui_line *out) {
    tui_line_add(out, on_off(o->as_info));
}

static bool change_address_mode(struct tui_app *app) {
    app->options.address_mode = (enum tui_address_mode)((app->options.address_mode + 1) % 3);
    return true;
}

static bool change_as_mode(struct tui_app *app) {
    app->options.as_mode = (enum tui_as_mode)((app->options.as_mode + 1) % 6);
    return true;
}

static bool change_extension_mode(struct tui_app *app) {
    app->options.extension_mode = (enum tui_extension_mode)((app->options.extension_mode + 1) % 4);
    return true;
}

static bool change_geoip_mode(struct tui_app *app) {
    if (app->sources.place == NULL) {
        return false; /* there is no database to ask */
    }
    app->options.geoip_mode = (enum tui_geoip_mode)((app->options.geoip_mode + 1) % 4);
    return true;
}

static bool change_preserve(struct tui_app *app) {
    app->options.preserve_screen = !app->options.preserve_screen;
    return true;
}

static bool change_refresh(struct tui_app *app) {
    static const hops_ns steps[] = {50 * HOPS_MS, 100 * HOPS_MS, 200 * HOPS_MS, 500 * HOPS_MS,
                                    HOPS_SEC};
    hops_ns next = steps[0];

    for (size_t i = sizeof(steps) / sizeof(steps[0]); i-- > 0;) {
        next = steps[i] > app->options.refresh ? steps[i] : next;
    }
    app->options.refresh = next;
    return true;
}

static bool change_preset(struct tui_app *app) {
    struct tui_options *o = &app->options;

    o->preset = (enum tui_preset)((o->preset + 1) % TUI_PRESETS);
    tui_theme_change(o->preset, o->color_given, &o->theme);
    return true;
}

static bool change_letters(struct tui_app *app) {
    app->options.status_letters = !app->options.status_letters;
    return true;
}

/* Of the others, the main screen's own commands know how. */

static bool change_privacy(struct tui_app *app) {
    uint8_t first;
    uint8_t last;

    tui_trace_ttls(tui_app_trace(app), app->flow, &first, &last);
    app->options.privacy = app->options.privacy >= (int)last ? -1 : app->options.privacy + 1;
    return true;
}

static bool change_as_info(struct tui_app *app) {
    app->options.as_info = app->options.as_possible && !app->options.as_info;
    return app->options.as_possible;
}

const struct tui_live tui_lives[TUI_LIVES] = {
    {"tui-preserve-screen", text_preserve, change_preserve},
    {"tui-refresh-rate", text_refresh, change_refresh},
    {"tui-privacy-max-ttl", text_privacy, change_privacy},
    {"tui-address-mode", text_address_mode, change_address_mode},
    {"tui-as-mode", text_as_mode, change_as_mode},
    {"tui-icmp-extension-mode", text_extension_mode, change_extension_mode},
    {"tui-geoip-mode", text_geoip_mode, change_geoip_mode},
    {"tui-max-addrs", text_max_addrs, NULL},
    {"tui-custom-columns", text_columns, NULL},
    {"tui-theme", text_preset, change_preset},
    {"tui-status-letters", text_letters, change_letters},
    {"dns-lookup-as-info", text_as_info, change_as_info},
};

/* Settings of which each target has its own. */

static void text_source(const struct tui_trace *trace, struct tui_line *out) {
    char text[HOPS_ADDR_TEXT_MAX];

    if (trace->config.source.family != HOPS_FAMILY_NONE) {
        tui_line_add(out, hops_addr_format(&trace->config.source, text));
    }
}

static void text_protocol(const struct tui_trace *trace, struct tui_line *out) {
    tui_line_add(out, hops_protocol_name(trace->config.protocol));
}

static void text_family(const struct tui_trace *trace, struct tui_line *out) {
    tui_line_add(out, trace->config.target.family == HOPS_IPV6 ? "ipv6" : "ipv4");
}

static void text_strategy(const struct tui_trace *trace, struct tui_line *out) {
    tui_line_add(out, hops_strategy_name(trace->config.strategy));
}

static void text_number(unsigned n, struct tui_line *out) {
    tui_line_format(out, "%u", n);
}

static void text_first_ttl(const struct tui_trace *trace, struct tui_line *out) {
    text_number(trace->config.first_ttl, out);
}

static void text_max_ttl(const struct tui_trace *trace, struct tui_line *out) {
    text_number(trace->config.max_ttl, out);
}

static void text_max_inflight(const struct tui_trace *trace, struct tui_line *out) {
    text_number(trace->config.max_inflight, out);
}

static void text_initial_sequence(const struct tui_trace *trace, struct tui_line *out) {
    text_number(trace->config.initial_sequence, out);
}

static void text_packet_size(const struct tui_trace *trace, struct tui_line *out) {
    text_number(trace->config.packet_size, out);
}

static void text_pattern(const struct tui_trace *trace, struct tui_line *out) {
    text_number(trace->config.payload_pattern, out);
}

static void text_tos(const struct tui_trace *trace, struct tui_line *out) {
    text_number(trace->config.tos, out);
}

static void text_max_flows(const struct tui_trace *trace, struct tui_line *out) {
    tui_line_format(out, "%" PRIu64, trace->max_flows);
}

static void text_extensions(const struct tui_trace *trace, struct tui_line *out) {
    tui_line_add(out, trace->config.extensions ? "enabled" : "disabled");
}

static void text_time(hops_ns ns, struct tui_line *out) {
    char text[TUI_FORMAT_MAX];

    tui_line_add(out, tui_format_duration(ns, text));
}

static void text_min_round(const struct tui_trace *trace, struct tui_line *out) {
    text_time(trace->config.min_round, out);
}

static void text_max_round(const struct tui_trace *trace, struct tui_line *out) {
    text_time(trace->config.max_round, out);
}

static void text_grace(const struct tui_trace *trace, struct tui_line *out) {
    text_time(trace->config.grace, out);
}

static void text_reply_timeout(const struct tui_trace *trace, struct tui_line *out) {
    text_time(trace->config.reply_timeout, out);
}

static void text_send_interval(const struct tui_trace *trace, struct tui_line *out) {
    text_time(trace->config.send_interval, out);
}

/* ICMP has no ports; of the others one or both are fixed, and the free one is "": automatic. */
static void text_port(const struct tui_trace *trace, bool fixed, uint16_t port,
                      struct tui_line *out) {
    if (trace->config.protocol == HOPS_PROTOCOL_ICMP) {
        tui_line_add(out, "n/a");
    } else if (fixed) {
        text_number(port, out);
    }
}

static void text_target_port(const struct tui_trace *trace, struct tui_line *out) {
    enum hops_port_direction direction = trace->config.direction;
    bool fixed = direction == HOPS_PORTS_FIXED_TARGET || direction == HOPS_PORTS_FIXED_BOTH;

    text_port(trace, fixed, trace->config.target_port, out);
}

static void text_source_port(const struct tui_trace *trace, struct tui_line *out) {
    enum hops_port_direction direction = trace->config.direction;
    bool fixed = direction == HOPS_PORTS_FIXED_SOURCE || direction == HOPS_PORTS_FIXED_BOTH;

    text_port(trace, fixed, trace->config.source_port, out);
}

static const struct {
    const char *name;
    void (*text)(const struct tui_trace *trace, struct tui_line *out);
} traits[] = {
    {"source-address", text_source},
    {"protocol", text_protocol},
    {"addr-family", text_family},
    {"first-ttl", text_first_ttl},
    {"max-ttl", text_max_ttl},
    {"min-round-duration", text_min_round},
    {"max-round-duration", text_max_round},
    {"grace-duration", text_grace},
    {"reply-timeout", text_reply_timeout},
    {"send-interval", text_send_interval},
    {"max-inflight", text_max_inflight},
    {"initial-sequence", text_initial_sequence},
    {"packet-size", text_packet_size},
    {"payload-pattern", text_pattern},
    {"tos", text_tos},
    {"icmp-extensions", text_extensions},
    {"multipath-strategy", text_strategy},
    {"target-port", text_target_port},
    {"source-port", text_source_port},
    {"max-flows", text_max_flows},
};

bool tui_trait_text(const struct tui_app *app, const char *name, struct tui_line *out) {
    if (strcmp(name, "target") == 0) {
        tui_app_target_text(app, app->trace, out);
        return true;
    }
    if (strcmp(name, "source-address") == 0 && app->options.privacy >= 0) {
        tui_line_format(out, "**%s**", tui_app_text(app, TUI_T_HIDDEN));
        return true;
    }
    for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); i++) {
        if (strcmp(traits[i].name, name) == 0) {
            traits[i].text(tui_app_trace(app), out);
            return true;
        }
    }
    return false;
}

const struct tui_live *tui_live_find(const char *name) {
    for (size_t i = 0; i < TUI_LIVES; i++) {
        if (strcmp(tui_lives[i].name, name) == 0) {
            return &tui_lives[i];
        }
    }
    return NULL;
}

bool tui_live_change_preset(struct tui_app *app) {
    return change_preset(app);
}
