/* SPDX-License-Identifier: MIT
 *
 * The rows, in the order of the help, and look-ups in them.
 */
#include "cli/options.h"

#include "base/unreachable.h"
#include "cli/columns.h"

#include <string.h>

static_assert(sizeof(enum cli_mode) == sizeof(int), "choices are stored as int");

static const struct cli_choice modes[] = {
    {"tui", "live screen"},
    {"stream", "endless lines, a block for each round"},
    {"pretty", "a table drawn with box characters, at the end"},
    {"markdown", "a Markdown table, at the end"},
    {"csv", "comma-separated values, at the end"},
    {"json", "a JSON document, at the end"},
    {"dot", "a Graphviz graph of all paths, at the end"},
    {"flows", "a list of all paths, at the end"},
    {"silent", "trace and print nothing"},
    {"events", "endless JSON Lines, an object for each thing that happens"},
    {NULL, NULL}};

static const struct cli_choice protocols[] = {
    {"icmp", "ICMP echo requests"}, {"udp", "UDP datagrams"}, {"tcp", "TCP SYN"}, {NULL, NULL}};

static const struct cli_choice families[] = {
    {"ipv4", "IPv4 only"},
    {"ipv6", "IPv6 only"},
    {"ipv6-then-ipv4", "IPv6, or IPv4 if there is none"},
    {"ipv4-then-ipv6", "IPv4, or IPv6 if there is none"},
    {"system", "in the order of the system's resolver; with another one as ipv4-then-ipv6"},
    {NULL, NULL}};

static const struct cli_choice strategies[] = {
    {"classic", "in a port: every probe may take another path"},
    {"paris", "in the UDP checksum: all probes of a round take the same path"},
    {"dublin", "in the IP identification: all probes of a round take the same path"},
    {NULL, NULL}};

static const struct cli_choice resolvers[] = {{"system", "the resolver of the operating system"},
                                              {"resolv", "the servers of /etc/resolv.conf"},
                                              {"google", "Google's public servers"},
                                              {"cloudflare", "Cloudflare's public servers"},
                                              {NULL, NULL}};

static const struct cli_choice address_modes[] = {{"ip", "addresses only"},
                                                  {"host", "names only"},
                                                  {"both", "names and addresses"},
                                                  {NULL, NULL}};

static const struct cli_choice as_modes[] = {{"asn", "number"},
                                             {"prefix", "announced prefix"},
                                             {"country-code", "country"},
                                             {"registry", "regional registry"},
                                             {"allocated", "date of allocation"},
                                             {"name", "name"},
                                             {NULL, NULL}};

static const struct cli_choice extension_modes[] = {{"off", "not shown"},
                                                    {"mpls", "MPLS labels only"},
                                                    {"full", "all fields of the classes known"},
                                                    {"all", "unknown classes, too"},
                                                    {NULL, NULL}};

static const struct cli_choice geoip_modes[] = {{"off", "not shown"},
                                                {"short", "city and country code"},
                                                {"long", "city, region, country and continent"},
                                                {"location", "latitude, longitude and radius"},
                                                {NULL, NULL}};

static const struct cli_choice log_formats[] = {{"compact", "one line each"},
                                                {"pretty", "several lines each"},
                                                {"json", "a JSON object each"},
                                                {"chrome", "a trace for Chrome's viewer"},
                                                {NULL, NULL}};

static const struct cli_choice span_events[] = {{"off", "not logged"},
                                                {"active", "when they are entered and left"},
                                                {"full", "also when they begin and end"},
                                                {NULL, NULL}};

static const struct cli_choice shells[] = {{"bash", "Bash"},   {"elvish", "Elvish"},
                                           {"fish", "fish"},   {"powershell", "PowerShell"},
                                           {"zsh", "Z shell"}, {NULL, NULL}};

#define AT(field) .offset = offsetof(struct cli_settings, field)

static const struct cli_option rows[] = {
    {.name = "config-file",
     .letter = 'c',
     .type = CLI_PATH,
     AT(config_file),
     .shown = "the first of hops.toml and .hops.toml in the usual places",
     .help = "Read this configuration file.",
     .more = "Without it, hops.toml and .hops.toml are looked for in the current directory, the "
             "home directory, $XDG_CONFIG_HOME (or ~/.config) and hops beneath that. Only the "
             "first one found is read."},
    {.name = "mode",
     .letter = 'm',
     .type = CLI_CHOICE,
     .choices = modes,
     .table = "hops",
     .deflt = "tui",
     .shown = "tui on a terminal, else pretty",
     AT(mode),
     .help = "How results are shown.",
     .more = "A report ends after --report-cycles rounds. It then waits up to --reply-timeout "
             "if the target has not answered the last round. The modes stream and tui go on "
             "until they are stopped, and so does events unless --report-cycles is given."},
    {.name = "unprivileged",
     .letter = 'u',
     .type = CLI_SWITCH,
     .layering = CLI_LAYER_ON,
     .table = "hops",
     .deflt = "false",
     AT(unprivileged),
     .help = "Trace without raw sockets, even if they are allowed.",
     .more = "Without the right to open raw sockets this happens by itself. The strategies paris "
             "and dublin need raw sockets."},
    {.name = "protocol",
     .letter = 'p',
     .type = CLI_CHOICE,
     .choices = protocols,
     .group = CLI_GROUP_PROTOCOL,
     .table = "strategy",
     .deflt = "icmp",
     AT(protocol),
     .help = "Protocol of the probes."},
    {.name = "udp",
     .type = CLI_SWITCH,
     .group = CLI_GROUP_PROTOCOL,
     .deflt = "false",
     AT(udp),
     .help = "The same as --protocol udp."},
    {.name = "tcp",
     .type = CLI_SWITCH,
     .group = CLI_GROUP_PROTOCOL,
     .deflt = "false",
     AT(tcp),
     .help = "The same as --protocol tcp."},
    {.name = "icmp",
     .type = CLI_SWITCH,
     .group = CLI_GROUP_PROTOCOL,
     .deflt = "false",
     AT(icmp),
     .help = "The same as --protocol icmp."},
    {.name = "addr-family",
     .letter = 'F',
     .type = CLI_CHOICE,
     .choices = families,
     .group = CLI_GROUP_FAMILY,
     .table = "strategy",
     .deflt = "system",
     AT(addr_family),
     .help = "Address family of the targets."},
    {.name = "ipv4",
     .letter = '4',
     .type = CLI_SWITCH,
     .group = CLI_GROUP_FAMILY,
     .deflt = "false",
     AT(ipv4),
     .help = "Use IPv4 only."},
    {.name = "ipv6",
     .letter = '6',
     .type = CLI_SWITCH,
     .group = CLI_GROUP_FAMILY,
     .deflt = "false",
     AT(ipv6),
     .help = "Use IPv6 only."},
    {.name = "target-port",
     .letter = 'P',
     .type = CLI_U16,
     .table = "strategy",
     .shown = "80 for TCP",
     .sample = "443",
     AT(target_port),
     .help = "Port the probes are sent to (TCP and UDP).",
     .more = "Unless the strategy is paris or dublin, only one port can be fixed: the other "
             "one carries the sequence."},
    {.name = "source-port",
     .letter = 'S',
     .type = CLI_U16,
     .table = "strategy",
     .shown = "automatic",
     .sample = "5000",
     AT(source_port),
     .help = "Port the probes are sent from (TCP and UDP).",
     .more = "For UDP it must be 1024 or above."},
    {.name = "source-address",
     .letter = 'A',
     .type = CLI_ADDR,
     .group = CLI_GROUP_SOURCE,
     .table = "strategy",
     .shown = "automatic",
     .sample = "\"192.0.2.1\"",
     AT(source_address),
     .help = "Address the probes are sent from.",
     .more = "A link-local address may name its interface: fe80::1%eth0."},
    {.name = "interface",
     .letter = 'I',
     .type = CLI_STRING,
     .group = CLI_GROUP_SOURCE,
     .table = "strategy",
     .shown = "automatic",
     .sample = "\"eth0\"",
     AT(interface),
     .help = "Interface the probes are sent from."},
    {.name = "min-round-duration",
     .letter = 'i',
     .type = CLI_DURATION,
     .table = "strategy",
     .deflt = "1s",
     AT(min_round_duration),
     .help = "A round lasts at least this long.",
     .more = "It must not be longer than --max-round-duration. The last round of a report does not "
             "wait for it."},
    {.name = "max-round-duration",
     .letter = 'T',
     .type = CLI_DURATION,
     .table = "strategy",
     .deflt = "1s",
     AT(max_round_duration),
     .help = "A round lasts at most this long."},
    {.name = "grace-duration",
     .letter = 'g',
     .type = CLI_DURATION,
     .table = "strategy",
     .deflt = "100ms",
     .bounded = true,
     .min = 10 * HOPS_MS,
     .max = HOPS_SEC,
     AT(grace_duration),
     .help = "Wait this long for missing hops once the target has answered."},
    {.name = "initial-sequence",
     .type = CLI_U16,
     .table = "strategy",
     .deflt = "33434",
     .bounded = true,
     .min = 0,
     .max = HOPS_SEQUENCE_MAX_INITIAL,
     AT(initial_sequence),
     .help = "Sequence number of the first probe."},
    {.name = "multipath-strategy",
     .letter = 'R',
     .type = CLI_CHOICE,
     .choices = strategies,
     .table = "strategy",
     .deflt = "classic",
     AT(multipath_strategy),
     .help = "Where UDP probes carry their sequence, which decides on their paths."},
    {.name = "max-inflight",
     .letter = 'U',
     .type = CLI_U8,
     .table = "strategy",
     .deflt = "24",
     .bounded = true,
     .min = 1,
     .max = 255,
     AT(max_inflight),
     .help = "Probe at most this many hops beyond the last one that answered."},
    {.name = "first-ttl",
     .letter = 'f',
     .type = CLI_U8,
     .table = "strategy",
     .deflt = "1",
     .bounded = true,
     .min = 1,
     .max = HOPS_TTL_MAX,
     AT(first_ttl),
     .help = "Time to live of the first probe."},
    {.name = "max-ttl",
     .letter = 't',
     .type = CLI_U8,
     .table = "strategy",
     .deflt = "64",
     .bounded = true,
     .min = 1,
     .max = HOPS_TTL_MAX,
     AT(max_ttl),
     .help = "Largest time to live of a probe."},
    {.name = "packet-size",
     .type = CLI_U16,
     .table = "strategy",
     .deflt = "84",
     AT(packet_size),
     .help = "Octets of a probe, IP header included.",
     .more = "28 to 1024 with IPv4 only, else 48 to 1024."},
    {.name = "payload-pattern",
     .type = CLI_U8,
     .table = "strategy",
     .deflt = "0",
     AT(payload_pattern),
     .help = "Octet that fills the payload of the probes."},
    {.name = "tos",
     .letter = 'Q',
     .type = CLI_U8,
     .table = "strategy",
     .deflt = "0",
     AT(tos),
     .help = "Type of service (IPv4) or traffic class (IPv6): DSCP and ECN."},
    {.name = "icmp-extensions",
     .letter = 'e',
     .type = CLI_SWITCH,
     .layering = CLI_LAYER_ON,
     .table = "strategy",
     .deflt = "false",
     AT(icmp_extensions),
     .help = "Decode ICMP extensions, such as MPLS labels."},
    {.name = "read-timeout",
     .type = CLI_DURATION,
     .table = "strategy",
     .deflt = "10ms",
     .bounded = true,
     .min = 10 * HOPS_MS,
     .max = 100 * HOPS_MS,
     AT(read_timeout),
     .help = "Accepted and checked, but has no effect.",
     .more = "hops waits for packets and for the next thing to do at once, so there is no "
             "read timeout to set."},
    {.name = "dns-resolve-method",
     .letter = 'r',
     .type = CLI_CHOICE,
     .choices = resolvers,
     .table = "dns",
     .deflt = "system",
     AT(dns_resolve_method),
     .help = "Who resolves names."},
    {.name = "dns-resolve-all",
     .letter = 'y',
     .type = CLI_SWITCH,
     .layering = CLI_LAYER_ON,
     .table = "dns",
     .deflt = "false",
     AT(dns_resolve_all),
     .help = "Trace to all addresses of a target, not just to the first."},
    {.name = "dns-timeout",
     .type = CLI_DURATION,
     .table = "dns",
     .deflt = "5s",
     AT(dns_timeout),
     .help = "Give a DNS query up after this long."},
    {.name = "dns-ttl",
     .type = CLI_DURATION,
     .table = "dns",
     .deflt = "300s",
     AT(dns_ttl),
     .help = "Look a name up again after this long (tui)."},
    {.name = "dns-lookup-as-info",
     .letter = 'z',
     .type = CLI_SWITCH,
     .layering = CLI_LAYER_ON,
     .table = "dns",
     .deflt = "false",
     AT(dns_lookup_as_info),
     .help = "Look up the autonomous systems of the hops (tui)."},
    {.name = "max-samples",
     .letter = 's',
     .type = CLI_SIZE,
     .table = "strategy",
     .deflt = "256",
     AT(max_samples),
     .help = "Round trip times kept of each hop."},
    {.name = "max-flows",
     .type = CLI_SIZE,
     .table = "strategy",
     .deflt = "64",
     AT(max_flows),
     .help = "Paths kept of each target (paris and dublin)."},
    {.name = "tui-address-mode",
     .letter = 'a',
     .type = CLI_CHOICE,
     .choices = address_modes,
     .table = "tui",
     .deflt = "host",
     AT(tui_address_mode),
     .help = "How hops are named."},
    {.name = "tui-as-mode",
     .type = CLI_CHOICE,
     .choices = as_modes,
     .table = "tui",
     .deflt = "asn",
     AT(tui_as_mode),
     .help = "What is shown of autonomous systems."},
    {.name = "tui-custom-columns",
     .type = CLI_STRING,
     .table = "tui",
     .deflt = "holsravbwdt",
     AT(tui_custom_columns),
     .help = "Columns of the table, one letter each.",
     .more = CLI_COLUMNS_HELP},
    {.name = "tui-icmp-extension-mode",
     .type = CLI_CHOICE,
     .choices = extension_modes,
     .table = "tui",
     .deflt = "off",
     AT(tui_icmp_extension_mode),
     .help = "What is shown of ICMP extensions."},
    {.name = "tui-geoip-mode",
     .type = CLI_CHOICE,
     .choices = geoip_modes,
     .table = "tui",
     .deflt = "off",
     AT(tui_geoip_mode),
     .help = "What is shown of the places of hops.",
     .more = "All but off need --geoip-mmdb-file."},
    {.name = "tui-max-addrs",
     .letter = 'M',
     .type = CLI_U8,
     .table = "tui",
     .deflt = "0",
     .shown = "0, automatic",
     AT(tui_max_addrs),
     .help = "Addresses shown of each hop."},
    {.name = "tui-preserve-screen",
     .type = CLI_SWITCH,
     .layering = CLI_LAYER_ON,
     .table = "tui",
     .deflt = "false",
     AT(tui_preserve_screen),
     .help = "Keep the last screen when leaving."},
    {.name = "tui-refresh-rate",
     .type = CLI_DURATION,
     .table = "tui",
     .deflt = "100ms",
     .bounded = true,
     .min = 50 * HOPS_MS,
     .max = HOPS_SEC,
     AT(tui_refresh_rate),
     .help = "Draw the screen at most this often."},
    {.name = "tui-privacy-max-ttl",
     .type = CLI_U8,
     .table = "tui",
     .shown = "none",
     .sample = "0",
     AT(tui_privacy_max_ttl),
     .help = "Hide names and addresses of hops up to this time to live.",
     .more = "0 hides the source address only."},
    {.name = "tui-locale",
     .type = CLI_STRING,
     .table = "tui",
     .shown = "the system's",
     .sample = "\"en\"",
     AT(tui_locale),
     .help = "Language of the screen.",
     .more = "--print-locales lists the languages there are. Others fall back to English."},
    {.name = "tui-timezone",
     .type = CLI_STRING,
     .table = "tui",
     .shown = "the local one",
     .sample = "\"UTC\"",
     AT(tui_timezone),
     .help = "Time zone of times of day, such as Europe/Berlin."},
    {.name = "tui-theme-colors",
     .type = CLI_COLORS,
     .layering = CLI_LAYER_LIST,
     .table = "theme-colors",
     .help = "Colours of the screen, as item=color,item=color.",
     .more = "--print-tui-theme-items lists the items. A colour is one of the 16 terminal "
             "colours, a CSS colour name or six hexadecimal digits. May be repeated."},
    {.name = "print-tui-theme-items",
     .type = CLI_SWITCH,
     .deflt = "false",
     .action = true,
     AT(print_tui_theme_items),
     .help = "Print the items that have a colour, and exit."},
    {.name = "tui-key-bindings",
     .type = CLI_KEYS,
     .layering = CLI_LAYER_LIST,
     .table = "bindings",
     .help = "Keys of commands, as command=key,command=key.",
     .more = "--print-tui-binding-commands lists the commands. A key is a character or a name "
             "such as enter, pageup or f1, with shift, ctrl, alt, super, hyper or meta and a "
             "plus before it. May be repeated."},
    {.name = "print-tui-binding-commands",
     .type = CLI_SWITCH,
     .deflt = "false",
     .action = true,
     AT(print_tui_binding_commands),
     .help = "Print the commands that have a key, and exit."},
    {.name = "report-cycles",
     .letter = 'C',
     .type = CLI_SIZE,
     .table = "report",
     .deflt = "10",
     AT(report_cycles),
     .help = "Rounds of a report."},
    {.name = "geoip-mmdb-file",
     .letter = 'G',
     .type = CLI_PATH,
     .table = "tui",
     .shown = "none",
     .sample = "\"/usr/share/GeoIP/GeoLite2-City.mmdb\"",
     AT(geoip_mmdb_file),
     .help = "Database of places, in MaxMind's format."},
    {.name = "generate",
     .type = CLI_CHOICE,
     .choices = shells,
     .action = true,
     AT(generate),
     .help = "Print completions for a shell, and exit."},
    {.name = "generate-man",
     .type = CLI_SWITCH,
     .deflt = "false",
     .action = true,
     AT(generate_man),
     .help = "Print the manual page, and exit."},
    {.name = "print-config-template",
     .type = CLI_SWITCH,
     .deflt = "false",
     .action = true,
     AT(print_config_template),
     .help = "Print a configuration file with everything at its default, and exit."},
    {.name = "print-locales",
     .type = CLI_SWITCH,
     .deflt = "false",
     .action = true,
     AT(print_locales),
     .help = "Print the languages of the screen, and exit."},
    {.name = "log-format",
     .type = CLI_CHOICE,
     .choices = log_formats,
     .table = "hops",
     .deflt = "pretty",
     AT(log_format),
     .help = "Form of the log."},
    {.name = "log-filter",
     .type = CLI_STRING,
     .table = "hops",
     .deflt = "hops=debug",
     AT(log_filter),
     .help = "What is logged.",
     .more = "Directives level, target or target=level, separated by commas. The levels are off, "
             "error, warn, info, debug and trace."},
    {.name = "log-span-events",
     .type = CLI_CHOICE,
     .choices = span_events,
     .table = "hops",
     .deflt = "off",
     AT(log_span_events),
     .help = "What is logged of spans of work."},
    {.name = "verbose",
     .letter = 'v',
     .type = CLI_SWITCH,
     .deflt = "false",
     AT(verbose),
     .help = "Log to the standard error output (not with the mode tui)."},

    /* What the programs people come from do not have. */
    {.name = "simulate",
     .type = CLI_SWITCH_FILE,
     .no_target = true,
     AT(simulate),
     .file_offset = offsetof(struct cli_settings, simulate_file),
     .help = "Trace in a simulated network: a built-in one, or that of --simulate=FILE.",
     .more = "Nothing is sent and no right is needed. Without a target the scenario's first one "
             "is traced. The file must be joined by an equals sign. (An addition of hops.)"},
    {.name = "reply-timeout",
     .type = CLI_DURATION,
     .table = "strategy",
     .deflt = "3s",
     AT(reply_timeout),
     .help = "A probe may be answered this long, past its round if need be.",
     .more = "A late reply is counted in the round of its probe. (An addition of hops.)"},
    {.name = "send-interval",
     .type = CLI_DURATION,
     .table = "strategy",
     .deflt = "0",
     .shown = "0, all that is due at once",
     AT(send_interval),
     .help = "Wait this long between two probes of a target.",
     .more = "(An addition of hops.)"},
    {.name = "tcp-connect",
     .type = CLI_SWITCH,
     .layering = CLI_LAYER_ON,
     .table = "strategy",
     .deflt = "false",
     AT(tcp_connect),
     .help = "Probe TCP by connecting, even if raw sockets are allowed.",
     .more = "(An addition of hops.)"},
};

static_assert(sizeof(rows) / sizeof(rows[0]) <= CLI_OPTIONS_MAX, "layers have room for all rows");

size_t cli_option_count(void) {
    return sizeof(rows) / sizeof(rows[0]);
}

const struct cli_option *cli_option(size_t index) {
    return &rows[index];
}

int cli_option_find(const char *name, size_t len) {
    for (size_t i = 0; i < cli_option_count(); i++) {
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int cli_option_find_letter(char letter) {
    for (size_t i = 0; i < cli_option_count(); i++) {
        if (letter != '\0' && rows[i].letter == letter) {
            return (int)i;
        }
    }
    return -1;
}

bool cli_option_is_switch(const struct cli_option *option) {
    return option->type == CLI_SWITCH || option->type == CLI_SWITCH_FILE;
}

bool cli_option_takes_value(const struct cli_option *option) {
    return !cli_option_is_switch(option);
}

char *cli_option_upper(const char *prefix, const char *name, char out[64]) {
    size_t n = 0;

    for (const char *p = prefix; *p != '\0' && n < 63; p++) {
        out[n++] = *p;
    }
    for (const char *p = name; *p != '\0' && n < 63; p++) {
        char c = *p;

        out[n++] = c == '-' ? '_' : c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    out[n] = '\0';
    return out;
}

void cli_option_add_usage(const struct cli_option *option, struct cli_text *out) {
    char upper[64];

    cli_text_addf(out, "--%s", option->name);
    if (cli_option_takes_value(option)) {
        cli_text_addf(out, " <%s>", cli_option_upper("", option->name, upper));
    } else if (option->type == CLI_SWITCH_FILE) {
        cli_text_add(out, "[=<FILE>]");
    }
}

int cli_choice_find(const struct cli_choice *choices, const char *name) {
    for (int i = 0; choices[i].name != NULL; i++) {
        if (strcmp(choices[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

void cli_choice_add_list(const struct cli_choice *choices, struct cli_text *out) {
    for (size_t i = 0; choices[i].name != NULL; i++) {
        cli_text_addf(out, "%s%s", i == 0 ? "" : ", ", choices[i].name);
    }
}

const char *cli_option_default(const struct cli_option *option) {
    if (cli_option_is_switch(option) || option->layering == CLI_LAYER_LIST) {
        return NULL;
    }
    return option->shown != NULL ? option->shown : option->deflt;
}
