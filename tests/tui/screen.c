/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t wall_at_start = 1933049228 * (int64_t)1000000000; /* 2031-04-04T06:07:08Z */

#define IP(a, b, c, d)                                                                             \
    {                                                                                              \
        .family = HOPS_IPV4, .octets = { a, b, c, d }                                              \
    }

static const struct hops_scenario_node nodes[] = {
    {.addr = IP(192, 168, 7, 1), .delay = 300 * HOPS_US, .jitter = 300 * HOPS_US},
    {.addr = IP(198, 51, 100, 1), .delay = 1800 * HOPS_US, .jitter = 200 * HOPS_US},
    {.addr = IP(198, 51, 100, 2), .delay = 500 * HOPS_US, .silent = true},
    {.addr = IP(198, 51, 100, 9), .delay = 2 * HOPS_MS, .response_loss = 0.1},
    {.addr = IP(198, 51, 100, 10), .delay = 2 * HOPS_MS},
    {.addr = IP(203, 0, 113, 77), .delay = HOPS_MS, .jitter = HOPS_MS},
    {.addr = IP(203, 0, 113, 78), .delay = HOPS_MS, .silent = true},
};

static const struct hops_scenario_step steps[] = {
    {.nodes = {0}, .node_count = 1},
    {.nodes = {1}, .node_count = 1},
    {.nodes = {2}, .node_count = 1},
    {.nodes = {3, 4}, .node_count = 2, .per_packet = true},
};

static const struct hops_scenario_step nowhere[] = {{.nodes = {6}, .node_count = 1}};

static const struct hops_scenario_target targets[] = {
    {.name = "www.example.net",
     .node = 5,
     .source = IP(192, 0, 2, 10),
     .steps = steps,
     .step_count = 4},
    {.name = "silent.example.net",
     .node = 6,
     .source = IP(192, 0, 2, 10),
     .steps = nowhere,
     .step_count = 1,
     .icmp = HOPS_SCENARIO_SILENT},
};

static const struct hops_scenario scenario = {.name = "screen",
                                              .seed = 7,
                                              .nodes = nodes,
                                              .node_count = 7,
                                              .targets = targets,
                                              .target_count = 2};

const struct hops_scenario *screen_scenario(void) {
    return &scenario;
}

static struct tui_name name_of(void *user, const struct hops_addr *addr) {
    (void)user;
    if (addr->octets[0] == 192 && addr->octets[1] == 168) {
        return (struct tui_name){
            .state = TUI_LOOKUP_FOUND, .text = "gw.lan.example", .first = "gw.lan.example"};
    }
    if (addr->octets[3] == 9) {
        return (struct tui_name){
            .state = TUI_LOOKUP_FOUND, .text = "ae1.pop.example", .first = "ae1.pop.example"};
    }
    if (addr->octets[3] == 10 && addr->octets[0] == 198) {
        return (struct tui_name){
            .state = TUI_LOOKUP_FOUND, .text = "ae2.pop.example", .first = "ae2.pop.example"};
    }
    return (struct tui_name){.state = TUI_LOOKUP_NOT_FOUND};
}

static struct tui_as as_of(void *user, const struct hops_addr *addr) {
    (void)user;
    if (addr->octets[0] != 198) {
        return (struct tui_as){.state = TUI_LOOKUP_NOT_FOUND};
    }
    return (struct tui_as){.state = TUI_LOOKUP_FOUND,
                           .number = 64500,
                           .prefix = "198.51.100.0/24",
                           .country = "AU",
                           .registry = "apnic",
                           .allocated = "2011-05-09",
                           .name = "EXAMPLE-NET, AU"};
}

static struct tui_place place_of(void *user, const struct hops_addr *addr) {
    (void)user;
    if (addr->octets[0] != 198) {
        return (struct tui_place){0};
    }
    return (struct tui_place){.known = true,
                              .city = "Perth",
                              .subdivision = "Western Australia",
                              .subdivision_code = "WA",
                              .country = "Australia",
                              .country_code = "AU",
                              .continent = "Oceania",
                              .has_position = true,
                              .has_radius = true,
                              .latitude = -31.95,
                              .longitude = 115.86,
                              .radius_km = 50};
}

#define ROW(tab, name, value, absent)                                                              \
    { TUI_TAB_##tab, name, value, TUI_T_##absent }

static const struct tui_setting settings[] = {
    ROW(TUI, "tui-preserve-screen", NULL, NA),  ROW(TUI, "tui-refresh-rate", NULL, NA),
    ROW(TUI, "tui-privacy-max-ttl", NULL, OFF), ROW(TUI, "tui-address-mode", NULL, NA),
    ROW(TUI, "tui-as-mode", NULL, NA),          ROW(TUI, "tui-icmp-extension-mode", NULL, NA),
    ROW(TUI, "tui-geoip-mode", NULL, NA),       ROW(TUI, "tui-max-addrs", NULL, AUTO),
    ROW(TUI, "tui-custom-columns", NULL, NONE), ROW(TUI, "tui-timezone", NULL, AUTO),
    ROW(TUI, "tui-locale", "en", AUTO),         ROW(TUI, "tui-theme", NULL, NA),
    ROW(TUI, "tui-status-letters", NULL, NA),   ROW(TRACE, "target", NULL, NA),
    ROW(TRACE, "source-address", NULL, AUTO),   ROW(TRACE, "protocol", NULL, NA),
    ROW(TRACE, "first-ttl", NULL, NA),          ROW(TRACE, "max-ttl", NULL, NA),
    ROW(TRACE, "min-round-duration", NULL, NA), ROW(TRACE, "read-timeout", "10ms", NA),
    ROW(TRACE, "icmp-extensions", NULL, NA),    ROW(TRACE, "interface", NULL, AUTO),
    ROW(TRACE, "multipath-strategy", NULL, NA), ROW(TRACE, "target-port", NULL, AUTO),
    ROW(TRACE, "source-port", NULL, AUTO),      ROW(TRACE, "max-flows", NULL, NA),
    ROW(DNS, "dns-timeout", "5s", NA),          ROW(DNS, "dns-lookup-as-info", NULL, NA),
    ROW(GEOIP, "geoip-mmdb-file", NULL, NONE),
};

static void save_settings(void *user, const struct tui_change *changes, size_t count,
                          struct tui_saved *out) {
    struct screen *s = user;

    s->saves++;
    s->saved[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(s->saved);
        (void)snprintf(s->saved + len, sizeof(s->saved) - len, "%s=%s\n", changes[i].name,
                       changes[i].value);
    }
    *out = s->save_result;
}

static int32_t utc(void *user, int64_t seconds) {
    (void)user;
    (void)seconds;
    return 0;
}

static const char *first_of(const char *a, const char *b, const char *c) {
    return a != NULL ? a : b != NULL ? b : c;
}

static void add_trace(struct screen *s, const struct screen_setup *setup, struct tui_trace *out) {
    const char *target = first_of(setup->targets[s->count], setup->target, "203.0.113.77");
    struct hops_config config;
    struct hops_stats_config stats;
    struct hops_diag diag = {.text = "no reason given"};
    uint32_t number = 0;

    hops_config_init(&config);
    assert_true(hops_addr_parse(target, &config.target));
    config.protocol = setup->protocol;
    config.first_ttl = setup->first_ttl == 0 ? 1 : setup->first_ttl;
    config.strategy = setup->strategy;
    if (setup->protocol == HOPS_PROTOCOL_UDP) {
        config.direction = HOPS_PORTS_FIXED_SOURCE;
        config.source_port = 5000;
    }
    config.trace_id = (uint16_t)(100 + s->count);
    hops_stats_config_init(&stats);
    stats.max_flows = setup->max_flows;
    assert_int_equal(hops_stats_new(&stats, config.first_ttl, NULL, &s->stats[s->count]), HOPS_OK);
    if (hops_run_add(s->run, &config, &number, &diag) != HOPS_OK) {
        fail_msg("%s", diag.text);
    }
    *out = (struct tui_trace){
        .name = first_of(setup->names[s->count], setup->name, "203.0.113.77"),
        .config = *hops_run_config(s->run, number),
        .stats = s->stats[s->count],
        .max_flows = setup->max_flows,
    };
    s->count++;
}

void screen_start(struct screen *s, const struct screen_setup *setup) {
    static const struct tui_sources sources = {.name = name_of, .as = as_of, .place = place_of};
    struct tui_actions actions = {.utc_offset = utc, .save_settings = save_settings, .user = s};
    struct hops_link *link = NULL;
    struct tui_trace traces[SCREEN_TRACES];
    struct tui_options options;

    memset(s, 0, sizeof(*s));
    assert_int_equal(hops_sim_new(&scenario, NULL, &link, NULL), HOPS_OK);
    assert_int_equal(hops_run_new(link, HOPS_CLOCK_VIRTUAL, NULL, &s->run), HOPS_OK);
    for (size_t i = 0; i < (setup->traces == 0 ? 1 : setup->traces); i++) {
        add_trace(s, setup, &traces[i]);
    }
    tui_options_init(&options);
    options.version = "1.0.0";
    options.privileged = true;
    options.as_possible = true;
    struct tui_app_inputs inputs = {.options = &options,
                                    .sources = &sources,
                                    .actions = &actions,
                                    .settings = settings,
                                    .setting_count = sizeof(settings) / sizeof(settings[0]),
                                    .traces = traces,
                                    .trace_count = s->count};
    assert_true(tui_app_init(&s->app, &inputs));
    s->grid.ascii = setup->ascii;
    tui_app_tick(&s->app, 0, wall_at_start);
}

void screen_end(struct screen *s) {
    tui_app_done(&s->app);
    tui_grid_done(&s->grid);
    for (size_t i = 0; i < s->count; i++) {
        hops_stats_free(s->stats[i]);
    }
    hops_run_free(s->run);
}

void screen_pass(struct screen *s, int seconds) {
    hops_ns until = s->now + seconds * HOPS_SEC;
    struct hops_event event;

    while (hops_run_now(s->run) < until) {
        while (hops_run_next_event(s->run, &event)) {
            hops_stats_apply(s->stats[event.trace], &event);
            tui_app_event(&s->app, &event);
        }
        if (hops_run_wait(s->run, NULL, 0, until) != HOPS_OK) {
            break;
        }
    }
    s->now = until;
    tui_app_tick(&s->app, s->now, wall_at_start + s->now);
}

/* "ctrl+f", "down": by comparison with the text of every key there is. */
static struct tui_key key_by_name(const char *name, size_t len) {
    for (int code = TUI_KEY_CHAR; code < TUI_KEY_F; code++) {
        for (uint32_t ch = code == TUI_KEY_CHAR ? ' ' : 0;
             ch <= (code == TUI_KEY_CHAR ? (uint32_t)'~' : 0); ch++) {
            for (uint8_t modifiers = 0; modifiers < 8; modifiers++) {
                struct tui_key key = {(enum tui_key_code)code, modifiers, ch};
                char text[TUI_KEY_TEXT];
                tui_key_format(&key, text);
                if (strlen(text) == len && memcmp(text, name, len) == 0) {
                    return key;
                }
            }
        }
    }
    fail_msg("no key %.*s", (int)len, name);
    abort(); /* fail_msg() does not return, but is not declared so */
}

void screen_keys(struct screen *s, const char *keys) {
    while (*keys != '\0') {
        const char *end = *keys == '<' ? strchr(keys, '>') : NULL;
        struct tui_key key;
        if (end != NULL && end > keys + 2) {
            key = key_by_name(keys + 1, (size_t)(end - keys - 1));
            keys = end + 1;
        } else {
            key = tui_key_char((unsigned char)*keys++);
        }
        tui_app_key(&s->app, &key);
    }
}

static char text_of_screen[256 * 1024];

const char *screen_text(struct screen *s, int columns, int rows) {
    size_t len = 0;

    assert_true(tui_grid_resize(&s->grid, columns, rows));
    tui_app_draw(&s->app, &s->grid);
    for (int y = 0; y < rows; y++) {
        len += tui_grid_row(&s->grid, y, text_of_screen + len, sizeof(text_of_screen) - len - 1);
        text_of_screen[len++] = '\n';
    }
    text_of_screen[len] = '\0';
    return text_of_screen;
}

void screen_golden(struct screen *s, int columns, int rows, const char *name) {
    static char want[sizeof(text_of_screen)];
    const char *got = screen_text(s, columns, rows);
    char path[512];

    (void)snprintf(path, sizeof(path), "%s/%s.txt", GOLDEN_TUI, name);
    FILE *file = fopen(path, getenv("UPDATE_GOLDEN") != NULL ? "w" : "r");
    if (file == NULL) {
        fail_msg("%s cannot be opened", path);
        return;
    }
    if (getenv("UPDATE_GOLDEN") != NULL) {
        (void)fputs(got, file);
    } else {
        want[fread(want, 1, sizeof(want) - 1, file)] = '\0';
        check_str(name, got, want);
    }
    (void)fclose(file);
}

void screen_has(struct screen *s, const char *text) {
    (void)s;
    if (strstr(text_of_screen, text) == NULL) {
        fail_msg("not on the screen: %s\n%s", text, text_of_screen);
    }
}

void screen_lacks(struct screen *s, const char *text) {
    (void)s;
    if (strstr(text_of_screen, text) != NULL) {
        fail_msg("on the screen: %s\n%s", text, text_of_screen);
    }
}
