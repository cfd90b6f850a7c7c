/* SPDX-License-Identifier: MIT
 *
 * All that the command line, the environment and the configuration file say, as one plain struct
 * of final, checked values. The option table (options.c) knows the offset of each field.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "cli/color.h"
#include "cli/key.h"
#include "cli/text.h"

#include "lookup/files.h"

#include <hops/config.h>
#include <hops/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CLI_OPTIONS_MAX = 96, /* room for rows of the option table */
    CLI_NONE = -1         /* an absent number */
};

/* The enumerators are in the order of the value sets of options.c. */
enum cli_mode {
    CLI_MODE_TUI,
    CLI_MODE_STREAM,
    CLI_MODE_PRETTY,
    CLI_MODE_MARKDOWN,
    CLI_MODE_CSV,
    CLI_MODE_JSON,
    CLI_MODE_DOT,
    CLI_MODE_FLOWS,
    CLI_MODE_SILENT,
    CLI_MODE_EVENTS
};

enum cli_family {
    CLI_FAMILY_IPV4,
    CLI_FAMILY_IPV6,
    CLI_FAMILY_IPV6_THEN_IPV4,
    CLI_FAMILY_IPV4_THEN_IPV6,
    CLI_FAMILY_SYSTEM
};

enum cli_resolver {
    CLI_RESOLVER_SYSTEM,
    CLI_RESOLVER_RESOLV,
    CLI_RESOLVER_GOOGLE,
    CLI_RESOLVER_CLOUDFLARE,
    CLI_RESOLVER_NONE
};

enum cli_address_mode { CLI_ADDRESS_IP, CLI_ADDRESS_HOST, CLI_ADDRESS_BOTH };

enum cli_as_mode {
    CLI_AS_ASN,
    CLI_AS_PREFIX,
    CLI_AS_COUNTRY_CODE,
    CLI_AS_REGISTRY,
    CLI_AS_ALLOCATED,
    CLI_AS_NAME
};

enum cli_extension_mode {
    CLI_EXTENSION_OFF,
    CLI_EXTENSION_MPLS,
    CLI_EXTENSION_FULL,
    CLI_EXTENSION_ALL
};

enum cli_geoip_mode { CLI_GEOIP_OFF, CLI_GEOIP_SHORT, CLI_GEOIP_LONG, CLI_GEOIP_LOCATION };

enum cli_theme { CLI_THEME_DEFAULT, CLI_THEME_LIGHT, CLI_THEME_COLORBLIND };

enum cli_mouse { CLI_MOUSE_ON, CLI_MOUSE_OFF };

enum cli_log_format { CLI_LOG_COMPACT, CLI_LOG_PRETTY, CLI_LOG_JSON, CLI_LOG_CHROME };

enum cli_span_events { CLI_SPAN_OFF, CLI_SPAN_ACTIVE, CLI_SPAN_FULL };

enum cli_shell {
    CLI_SHELL_BASH,
    CLI_SHELL_ELVISH,
    CLI_SHELL_FISH,
    CLI_SHELL_POWERSHELL,
    CLI_SHELL_ZSH
};

/* Where a value came from. */
enum cli_source { CLI_SOURCE_BUILT_IN, CLI_SOURCE_FILE, CLI_SOURCE_ENV, CLI_SOURCE_ARGS };

/* An address as given. zone is the interface of a link-local address ("" for none); net/ turns it
 * into addr.scope. */
struct cli_addr {
    struct hops_addr addr; /* family NONE: not given */
    char zone[HOPS_INTERFACE_NAME_MAX];
};

struct cli_servers {
    size_t count; /* at least 1 */
    struct lookup_server list[LOOKUP_SERVERS_MAX];
};

struct cli_settings {
    struct cli_arena arena;          /* holds all texts below */
    uint8_t source[CLI_OPTIONS_MAX]; /* enum cli_source, by row: cli_settings_source() */
    const char *config_path;         /* the file that was read; NULL: none */
    const char *config_save_path;    /* where settings are saved: absolute, no links in it; NULL:
                                        nowhere */
    const char *const *notes;        /* lines for the debug log: files passed over */
    size_t note_count;
    const char *const *targets; /* as typed, in order; may be empty with simulate */
    size_t target_count;

    /* options, in the order of the table; -1 or NULL: none */
    const char *config_file;
    enum cli_mode mode;          /* final: pretty if nobody asked and no terminal */
    bool unprivileged;           /* -u was asked for; see use_raw */
    enum hops_protocol protocol; /* --udp, --tcp, --icmp are folded in */
    bool udp, tcp, icmp;
    enum cli_family addr_family; /* -4 and -6 are folded in */
    bool ipv4, ipv6;
    int target_port, source_port;
    struct cli_addr source_address;
    const char *interface;
    hops_ns min_round_duration, max_round_duration, grace_duration;
    int initial_sequence;
    enum hops_strategy multipath_strategy;
    int max_inflight, first_ttl, max_ttl, packet_size, payload_pattern, tos;
    bool icmp_extensions;
    hops_ns read_timeout; /* checked, has nothing to do */
    enum cli_resolver dns_resolve_method;
    bool dns_resolve_all;
    hops_ns dns_timeout, dns_ttl;
    bool dns_lookup_as_info;
    uint64_t max_samples, max_flows;
    enum cli_address_mode tui_address_mode;
    enum cli_as_mode tui_as_mode;
    const char *tui_custom_columns;
    enum cli_extension_mode tui_icmp_extension_mode;
    enum cli_geoip_mode tui_geoip_mode;
    int tui_max_addrs; /* 0: automatic */
    bool tui_preserve_screen;
    hops_ns tui_refresh_rate;
    int tui_privacy_max_ttl;
    const char *tui_locale; /* as asked for */
    const char *tui_timezone;
    struct cli_color theme[CLI_THEME_ITEMS];
    bool theme_given[CLI_THEME_ITEMS]; /* by arguments, environment or file: not tui_theme's */
    bool print_tui_theme_items;
    struct cli_key bindings[CLI_COMMANDS];
    bool binding_given[CLI_COMMANDS]; /* by arguments, environment or file */
    bool print_tui_binding_commands;
    uint64_t report_cycles;
    const char *geoip_mmdb_file;
    int generate; /* enum cli_shell, -1: no */
    bool generate_man, print_config_template, print_locales;
    enum cli_log_format log_format;
    const char *log_filter;
    enum cli_span_events log_span_events;
    bool verbose;
    bool simulate;
    const char *simulate_file; /* NULL: the built-in topology */
    hops_ns reply_timeout, send_interval;
    bool tcp_connect;
    bool no_sandbox;
    const char *record, *replay;           /* files */
    int replay_speed;                      /* CLI_NONE: as the mode wants it */
    const struct cli_servers *dns_servers; /* final: they count, not dns_resolve_method */
    const char *save_dir;                  /* NULL: the current one */
    enum cli_theme tui_theme;
    bool tui_status_letters;
    enum cli_mouse tui_mouse;
    bool tui_ascii;

    /* derived */
    bool use_raw; /* neither simulate nor unprivileged, and allowed */
    enum hops_port_direction direction;
    uint16_t fixed_source_port, fixed_target_port; /* where direction says so */
    bool source_port_proposed;                     /* nobody asked for fixed_source_port */
    uint64_t max_rounds;                           /* 0: endless */
    uint64_t flows;                                /* for the statistics: 1 for classic */
    uint16_t trace_id;                             /* of the first target */
    const char *locale;                            /* one of cli_locales() */
};

/* Frees the texts. A zeroed struct is fine. */
void cli_settings_done(struct cli_settings *settings);

/* Where the value of an option came from; option is a long name of the table. */
enum cli_source cli_settings_source(const struct cli_settings *settings, const char *option);

/* Given on the command line or in the environment (a file does not count). */
bool cli_settings_given(const struct cli_settings *settings, const char *option);

/* The configuration of one trace: hops_config_init(), then all that the settings say. target and
 * source stay unset, and identities are hops_config_spread()'s. */
void cli_settings_to_config(const struct cli_settings *settings, struct hops_config *out);

#endif
