/* SPDX-License-Identifier: MIT
 *
 * One parser for each type of the option table, used for arguments, environment and defaults; the
 * file brings typed values and uses the parts.
 */
#include "cli/value.h"

#include "base/unreachable.h"
#include "cli/duration.h"

#include <hops/addr.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

uint64_t cli_value_integer_max(enum cli_type type) {
    if (type == CLI_U8) {
        return UINT8_MAX;
    }
    return type == CLI_U16 ? UINT16_MAX : UINT64_MAX;
}

void cli_value_add_integer_range(enum cli_type type, struct cli_text *why) {
    cli_text_addf(why, "a whole number from 0 to %" PRIu64 " is expected",
                  cli_value_integer_max(type));
}

static bool parse_integer(enum cli_type type, const char *text, struct cli_value *out,
                          struct cli_text *why) {
    const char *p = text[0] == '+' ? text + 1 : text;
    uint64_t value = 0;
    bool ok = *p != '\0';

    for (; *p != '\0' && ok; p++) {
        ok = *p >= '0' && *p <= '9' && !__builtin_mul_overflow(value, 10, &value) &&
             !__builtin_add_overflow(value, (uint64_t)(*p - '0'), &value);
    }
    if (!ok || value > cli_value_integer_max(type)) {
        cli_value_add_integer_range(type, why);
        return false;
    }
    out->number = value;
    return true;
}

bool cli_addr_parse(const char *text, struct cli_addr *out) {
    struct cli_addr a = {0};
    char plain[HOPS_ADDR_TEXT_MAX];
    size_t len = strcspn(text, "%");

    if (len >= sizeof(plain)) {
        return false;
    }
    memcpy(plain, text, len);
    plain[len] = '\0';
    if (!hops_addr_parse(plain, &a.addr)) {
        return false;
    }
    if (text[len] == '%') {
        const char *zone = text + len + 1;
        size_t n = strlen(zone);

        /* A zone says on which link; only link-local addresses need to be told (RFC 4007). */
        if (!hops_addr_is_link_local(&a.addr) || n == 0 || n >= sizeof(a.zone)) {
            return false;
        }
        for (size_t i = 0; i < n; i++) {
            if (zone[i] <= ' ' || zone[i] > '~' || zone[i] == '/' || zone[i] == '%') {
                return false;
            }
        }
        memcpy(a.zone, zone, n);
    }
    *out = a;
    return true;
}

static bool parse_choice(const struct cli_option *option, const char *text, struct cli_value *out,
                         struct cli_text *why) {
    int i = cli_choice_find(option->choices, text);

    if (i < 0) {
        cli_text_add(why, "possible values: ");
        cli_choice_add_list(option->choices, why);
        return false;
    }
    out->number = (uint64_t)i;
    return true;
}

static bool parse_duration(const char *text, struct cli_value *out, struct cli_text *why) {
    hops_ns duration = 0;
    enum cli_duration_status status = cli_duration_parse(text, &duration);

    if (status != CLI_DURATION_OK) {
        cli_text_add(why, cli_duration_status_text(status));
        return false;
    }
    out->number = (uint64_t)duration;
    return true;
}

static bool add_server(struct cli_servers *servers, const char *text, struct cli_text *why) {
    struct lookup_server server;

    if (!lookup_server_parse(text, &server)) {
        cli_text_add(why, "addresses of DNS servers are expected, such as 192.0.2.53, "
                          "192.0.2.53:5353, 2001:db8::53 or [2001:db8::53]:5353, with a comma "
                          "between two");
        return false;
    }
    if (servers->count == LOOKUP_SERVERS_MAX) {
        cli_text_addf(why, "at most %d DNS servers can be given", LOOKUP_SERVERS_MAX);
        return false;
    }
    servers->list[servers->count++] = server;
    return true;
}

static bool parse_servers(const char *text, struct cli_arena *arena,
                          const struct cli_servers *before, struct cli_value *out,
                          struct cli_text *why) {
    struct cli_servers *servers = cli_arena_alloc(arena, sizeof(*servers));

    if (before != NULL) {
        *servers = *before;
    }
    for (;;) {
        text += strspn(text, " ");
        size_t len = strcspn(text, ",");
        size_t end = len;
        while (end > 0 && text[end - 1] == ' ') {
            end--;
        }
        if (!add_server(servers, cli_arena_copy(arena, text, end), why)) {
            return false;
        }
        if (text[len] == '\0') {
            out->servers = servers;
            return true;
        }
        text += len + 1;
    }
}

void cli_servers_add(const struct cli_servers *servers, struct cli_text *out) {
    char text[HOPS_ADDR_TEXT_MAX];

    for (size_t i = 0; servers != NULL && i < servers->count; i++) {
        const struct lookup_server *server = &servers->list[i];
        bool brackets = server->addr.family == HOPS_IPV6;

        cli_text_addf(out, "%s%s%s%s:%u", i == 0 ? "" : ", ", brackets ? "[" : "",
                      hops_addr_format(&server->addr, text), brackets ? "]" : "",
                      (unsigned)server->port);
    }
}

bool cli_value_parse(const struct cli_option *option, const char *text, struct cli_arena *arena,
                     struct cli_value *out, struct cli_text *why) {
    struct cli_value value = {.set = true};
    bool ok = false;

    switch (option->type) {
    case CLI_U8:
    case CLI_U16:
    case CLI_SIZE:
        ok = parse_integer(option->type, text, &value, why);
        break;
    case CLI_DURATION:
        ok = parse_duration(text, &value, why);
        break;
    case CLI_ADDR:
        ok = cli_addr_parse(text, &value.addr);
        if (!ok) {
            cli_text_add(why, "an IPv4 or IPv6 address is expected");
        }
        break;
    case CLI_SERVERS:
        ok = parse_servers(text, arena, out->servers, &value, why);
        break;
    case CLI_SWITCH_FILE:
        value.number = 1;
        ok = text[0] != '\0';
        if (!ok) {
            cli_text_add(why, "the file name is empty");
            break;
        }
        value.text = cli_arena_copy(arena, text, strlen(text));
        break;
    case CLI_STRING:
    case CLI_PATH:
        value.text = cli_arena_copy(arena, text, strlen(text));
        ok = true;
        break;
    case CLI_CHOICE:
        ok = parse_choice(option, text, &value, why);
        break;
    case CLI_SWITCH:
    case CLI_COLORS:
    case CLI_KEYS:
        hops_unreachable();
    }
    if (ok) {
        *out = value;
    }
    return ok;
}

bool cli_value_parse_color(const char *item, size_t len, const char *color, struct cli_layer *layer,
                           struct cli_text *why) {
    int i = cli_theme_find(item, len);

    if (i < 0) {
        cli_text_add(why, "unknown theme item (--print-tui-theme-items lists them)");
        return false;
    }
    if (!cli_color_parse(color, &layer->theme[i])) {
        cli_text_add(why, "unknown colour '");
        cli_text_add_clean(why, color);
        cli_text_add(why, "'");
        return false;
    }
    layer->theme_set[i] = true;
    return true;
}

bool cli_value_parse_binding(const char *command, size_t len, const char *key, size_t key_len,
                             struct cli_layer *layer, struct cli_text *why) {
    static const char retired[] = "toggle-privacy";
    int i = cli_command_find(command, len);

    if (len == strlen(retired) && memcmp(command, retired, len) == 0) {
        cli_text_add(why, "toggle-privacy was replaced by expand-privacy and contract-privacy");
        return false;
    }
    if (i < 0) {
        cli_text_add(why, "unknown command (--print-tui-binding-commands lists them)");
        return false;
    }
    if (!cli_key_parse(key, key_len, &layer->bindings[i], why)) {
        return false;
    }
    layer->binding_set[i] = true;
    return true;
}

static bool parse_item(enum cli_type type, const char *item, struct cli_layer *layer,
                       struct cli_text *why) {
    size_t len = strcspn(item, "=");

    if (item[len] == '\0') {
        cli_text_add(why,
                     type == CLI_COLORS ? "item=color is expected" : "command=key is expected");
        return false;
    }
    const char *value = item + len + 1;
    if (type == CLI_COLORS) {
        return cli_value_parse_color(item, len, value, layer, why);
    }
    return cli_value_parse_binding(item, len, value, strlen(value), layer, why);
}

bool cli_value_parse_list(size_t row, const char *text, struct cli_layer *layer,
                          struct cli_text *why) {
    for (;;) {
        size_t len = strcspn(text, ",");
        struct cli_arena scratch = {0};
        const char *item = cli_arena_copy(&scratch, text, len);
        bool ok = parse_item(cli_option(row)->type, item, layer, why);

        cli_arena_done(&scratch);
        if (!ok) {
            return false;
        }
        if (text[len] == '\0') {
            layer->values[row].set = true;
            return true;
        }
        text += len + 1;
    }
}
