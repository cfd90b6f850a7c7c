/* SPDX-License-Identifier: MIT */
#include "cli/screen_settings.h"

#include "base/unreachable.h"
#include "cli/options.h"
#include "cli/value.h"
#include "tui/format.h"

#include <hops/addr.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The same lists twice. Keys and modes go by number, commands and colours by name. */
static_assert((int)CLI_COMMANDS == (int)TUI_CMD_BOUND, "a command without a screen");
static_assert((int)CLI_THEME_ITEMS == (int)TUI_ITEMS, "an item without a colour");
static_assert((int)CLI_KEY_F == (int)TUI_KEY_F, "keys differ");
static_assert((int)CLI_META == (int)TUI_META, "modifiers differ");
static_assert((int)CLI_ADDRESS_BOTH == (int)TUI_ADDRESS_BOTH, "address modes differ");
static_assert((int)CLI_AS_NAME == (int)TUI_AS_NAME, "AS modes differ");
static_assert((int)CLI_EXTENSION_ALL == (int)TUI_EXTENSION_ALL, "extension modes differ");
static_assert((int)CLI_GEOIP_LOCATION == (int)TUI_GEOIP_LOCATION, "GeoIP modes differ");
static_assert((int)CLI_THEME_COLORBLIND == (int)TUI_PRESET_COLORBLIND, "themes differ");

/* Options. */

static struct tui_color color_of(const struct cli_color *color) {
    return (struct tui_color){.kind = color->rgb ? TUI_COLOR_RGB : TUI_COLOR_INDEX,
                              .index = color->rgb ? 0 : color->index,
                              .red = color->red,
                              .green = color->green,
                              .blue = color->blue};
}

static struct tui_key key_of(const struct cli_key *key) {
    return (struct tui_key){.code = (enum tui_key_code)key->code,
                            .modifiers = key->modifiers,
                            .ch = (uint32_t)(unsigned char)key->ch};
}

static void take_columns(const char *codes, char out[TUI_COLUMN_CODES]) {
    size_t len = strlen(codes);

    assert(len < TUI_COLUMN_CODES); /* none twice, so no more than there are */
    memcpy(out, codes, len + 1);
}

static void take_theme(const struct cli_settings *settings, struct tui_options *out) {
    out->preset = (enum tui_preset)settings->tui_theme;
    for (int i = 0; i < (int)TUI_ITEMS; i++) {
        const char *name = tui_item_name((enum tui_item)i);
        int k = cli_theme_find(name, strlen(name));
        assert(k >= 0);
        out->color_given[i] = settings->theme_given[k];
        if (out->color_given[i]) {
            out->theme.colors[i] = color_of(&settings->theme[k]);
        }
    }
    tui_theme_change(out->preset, out->color_given, &out->theme);
}

static void take_bindings(const struct cli_settings *settings, struct tui_key *out) {
    for (int i = 0; i < (int)TUI_CMD_BOUND; i++) {
        const char *name = tui_command_name((enum tui_command)i);
        int command = cli_command_find(name, strlen(name));
        assert(command >= 0);
        out[i] = key_of(&settings->bindings[command]);
    }
    tui_bindings_complete(out);
}

void cli_screen_options(const struct cli_settings *settings, struct tui_options *out) {
    tui_options_init(out);
    out->address_mode = (enum tui_address_mode)settings->tui_address_mode;
    out->as_mode = (enum tui_as_mode)settings->tui_as_mode;
    out->extension_mode = (enum tui_extension_mode)settings->tui_icmp_extension_mode;
    out->geoip_mode = (enum tui_geoip_mode)settings->tui_geoip_mode;
    out->max_addrs = (unsigned)settings->tui_max_addrs;
    out->privacy = settings->tui_privacy_max_ttl;
    take_columns(settings->tui_custom_columns, out->columns);
    out->as_info = settings->dns_lookup_as_info;
    out->preserve_screen = settings->tui_preserve_screen;
    out->status_letters = settings->tui_status_letters;
    out->mouse = settings->tui_mouse == CLI_MOUSE_ON;
    out->refresh = settings->tui_refresh_rate;
    out->timezone = settings->tui_timezone;
    out->geoip_file = settings->geoip_mmdb_file;
    take_theme(settings, out);
    take_bindings(settings, out->bindings);
}

/* Rows. */

/* In the order of the dialog; first those that configuration files of other programs know. */
static const struct {
    enum tui_tab tab;
    const char *name;
    enum tui_text_id absent;
} shown[] = {
    {TUI_TAB_TUI, "tui-preserve-screen", TUI_T_NA},
    {TUI_TAB_TUI, "tui-refresh-rate", TUI_T_NA},
    {TUI_TAB_TUI, "tui-privacy-max-ttl", TUI_T_OFF},
    {TUI_TAB_TUI, "tui-address-mode", TUI_T_NA},
    {TUI_TAB_TUI, "tui-as-mode", TUI_T_NA},
    {TUI_TAB_TUI, "tui-icmp-extension-mode", TUI_T_NA},
    {TUI_TAB_TUI, "tui-geoip-mode", TUI_T_NA},
    {TUI_TAB_TUI, "tui-max-addrs", TUI_T_AUTO},
    {TUI_TAB_TUI, "tui-custom-columns", TUI_T_NONE},
    {TUI_TAB_TUI, "tui-timezone", TUI_T_AUTO},
    {TUI_TAB_TUI, "tui-locale", TUI_T_AUTO},
    {TUI_TAB_TUI, "tui-theme", TUI_T_NA},
    {TUI_TAB_TUI, "tui-status-letters", TUI_T_NA},
    {TUI_TAB_TUI, "tui-mouse", TUI_T_NA},
    {TUI_TAB_TUI, "tui-ascii", TUI_T_NA},
    {TUI_TAB_TUI, "save-dir", TUI_T_NONE},
    {TUI_TAB_TRACE, "first-ttl", TUI_T_NA},
    {TUI_TAB_TRACE, "max-ttl", TUI_T_NA},
    {TUI_TAB_TRACE, "min-round-duration", TUI_T_NA},
    {TUI_TAB_TRACE, "max-round-duration", TUI_T_NA},
    {TUI_TAB_TRACE, "grace-duration", TUI_T_NA},
    {TUI_TAB_TRACE, "max-inflight", TUI_T_NA},
    {TUI_TAB_TRACE, "initial-sequence", TUI_T_NA},
    {TUI_TAB_TRACE, "read-timeout", TUI_T_NA},
    {TUI_TAB_TRACE, "packet-size", TUI_T_NA},
    {TUI_TAB_TRACE, "payload-pattern", TUI_T_NA},
    {TUI_TAB_TRACE, "tos", TUI_T_NA},
    {TUI_TAB_TRACE, "icmp-extensions", TUI_T_NA},
    {TUI_TAB_TRACE, "interface", TUI_T_AUTO},
    {TUI_TAB_TRACE, "multipath-strategy", TUI_T_NA},
    {TUI_TAB_TRACE, "target-port", TUI_T_AUTO},
    {TUI_TAB_TRACE, "source-port", TUI_T_AUTO},
    {TUI_TAB_TRACE, "max-samples", TUI_T_NA},
    {TUI_TAB_TRACE, "max-flows", TUI_T_NA},
    {TUI_TAB_TRACE, "target", TUI_T_NA}, /* no option: the screen knows */
    {TUI_TAB_TRACE, "source-address", TUI_T_AUTO},
    {TUI_TAB_TRACE, "protocol", TUI_T_NA},
    {TUI_TAB_TRACE, "addr-family", TUI_T_NA},
    {TUI_TAB_TRACE, "reply-timeout", TUI_T_NA},
    {TUI_TAB_TRACE, "send-interval", TUI_T_NA},
    {TUI_TAB_TRACE, "tcp-connect", TUI_T_NA},
    {TUI_TAB_TRACE, "unprivileged", TUI_T_NA},
    {TUI_TAB_DNS, "dns-timeout", TUI_T_NA},
    {TUI_TAB_DNS, "dns-ttl", TUI_T_NA},
    {TUI_TAB_DNS, "dns-resolve-method", TUI_T_NA},
    {TUI_TAB_DNS, "dns-resolve-all", TUI_T_NA},
    {TUI_TAB_DNS, "dns-lookup-as-info", TUI_T_NA},
    {TUI_TAB_DNS, "dns-server", TUI_T_NONE},
    {TUI_TAB_GEOIP, "geoip-mmdb-file", TUI_T_NONE},
};

enum { SHOWN = sizeof(shown) / sizeof(shown[0]) };

/* Adds the value in words; nothing for none. */
static void add_value(const struct cli_settings *settings, const struct cli_option *option,
                      struct cli_text *out) {
    const char *field = (const char *)settings + option->offset;
    char text[TUI_FORMAT_MAX];
    union {
        bool on;
        int number;
        uint64_t size;
        hops_ns duration;
        struct cli_addr addr;
        const void *servers; /* struct cli_servers */
        const char *string;
    } v;

    switch (option->type) {
    case CLI_SWITCH:
    case CLI_SWITCH_FILE:
        memcpy(&v.on, field, sizeof(v.on));
        cli_text_add(out, v.on ? "true" : "false");
        return;
    case CLI_U8:
    case CLI_U16:
        memcpy(&v.number, field, sizeof(v.number));
        if (v.number != CLI_NONE) {
            cli_text_addf(out, "%d", v.number);
        }
        return;
    case CLI_CHOICE:
        memcpy(&v.number, field, sizeof(v.number));
        cli_text_add(out, v.number == CLI_NONE ? "" : option->choices[v.number].name);
        return;
    case CLI_SIZE:
        memcpy(&v.size, field, sizeof(v.size));
        cli_text_addf(out, "%" PRIu64, v.size);
        return;
    case CLI_DURATION:
        memcpy(&v.duration, field, sizeof(v.duration));
        cli_text_add(out, tui_format_duration(v.duration, text));
        return;
    case CLI_ADDR:
        memcpy(&v.addr, field, sizeof(v.addr));
        if (v.addr.addr.family != HOPS_FAMILY_NONE) {
            cli_text_add(out, hops_addr_format(&v.addr.addr, text));
        }
        return;
    case CLI_SERVERS:
        memcpy(&v.servers, field, sizeof(v.servers));
        cli_servers_add(v.servers, out);
        return;
    case CLI_STRING:
    case CLI_PATH:
        memcpy(&v.string, field, sizeof(v.string));
        cli_text_add_clean(out, v.string == NULL ? "" : v.string);
        return;
    case CLI_COLORS:
    case CLI_KEYS:
        break;
    }
    hops_unreachable();
}

static const char *value_of(struct cli_arena *arena, const struct cli_settings *settings,
                            const char *name) {
    int row = cli_option_find(name, strlen(name));
    struct cli_text text = {0};

    if (row < 0) {
        return NULL;
    }
    add_value(settings, cli_option((size_t)row), &text);
    const char *copy = text.len == 0 ? NULL : cli_arena_copy(arena, text.data, text.len);
    cli_text_done(&text);
    return copy;
}

void cli_screen_settings_open(struct cli_screen_settings *s, const struct cli_settings *settings) {
    cli_config_store_open(&s->store, settings->config_save_path);
    s->opened = true;
    s->rows = cli_arena_alloc(&s->arena, SHOWN * sizeof(*s->rows));
    s->count = SHOWN;
    for (size_t i = 0; i < SHOWN; i++) {
        s->rows[i] = (struct tui_setting){.tab = shown[i].tab,
                                          .name = shown[i].name,
                                          .value = value_of(&s->arena, settings, shown[i].name),
                                          .absent = shown[i].absent};
    }
}

void cli_screen_settings_close(struct cli_screen_settings *s) {
    if (s->opened) {
        cli_config_store_done(&s->store);
    }
    cli_arena_done(&s->arena);
    *s = (struct cli_screen_settings){0};
}

/* Saving. */

static void tell(enum cli_save_result result, const char *path, int os_errno,
                 struct tui_saved *out) {
    static const struct {
        enum tui_saving how;
        enum tui_text_id reason;
    } results[] = {
        [CLI_SAVE_DONE] = {TUI_SAVED, TUI_TEXTS},
        [CLI_SAVE_NOWHERE] = {TUI_NOT_SAVED, TUI_T_SETTINGS_NO_PLACE},
        [CLI_SAVE_FOREIGN] = {TUI_NOT_SAVED, TUI_T_SETTINGS_FOREIGN},
        [CLI_SAVE_UNKNOWN] = {TUI_NOT_SAVED, TUI_T_SETTINGS_UNKNOWN},
        [CLI_SAVE_ERROR] = {TUI_NOT_SAVED, TUI_TEXTS},
        [CLI_SAVE_BESIDE_ENCODING] = {TUI_SAVED_BESIDE, TUI_T_SETTINGS_ENCODING},
        [CLI_SAVE_BESIDE_CHANGED] = {TUI_SAVED_BESIDE, TUI_T_SETTINGS_CHANGED},
    };
    struct cli_text clean = {0};

    cli_text_add_clean(&clean, path == NULL ? "" : path);
    out->how = results[result].how;
    out->reason = results[result].reason;
    (void)snprintf(out->path, sizeof(out->path), "%s", cli_text_str(&clean));
    (void)snprintf(out->why, sizeof(out->why), "%s",
                   result == CLI_SAVE_ERROR ? strerror(os_errno) : "");
    cli_text_done(&clean);
}

void cli_screen_settings_save(struct cli_screen_settings *s, const struct tui_change *changes,
                              size_t count, struct tui_saved *out) {
    struct cli_change list[TUI_CHANGES_MAX];
    char *path = NULL;
    int os_errno = 0;

    for (size_t i = 0; i < count; i++) {
        const char *value = changes[i].value[0] == '\0' ? NULL : changes[i].value;
        list[i] = (struct cli_change){.name = changes[i].name, .value = value};
    }
    enum cli_save_result result = cli_config_save(&s->store, list, count, &path, &os_errno);
    tell(result, path, os_errno, out);
    free(path);
}
