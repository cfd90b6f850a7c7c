/* SPDX-License-Identifier: MIT
 *
 * Key syntax and the table of commands.
 */
#include "cli/key.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct cli_command commands[CLI_COMMANDS] = {
    {"toggle-help", "h", "show or hide the help"},
    {"toggle-help-alt", "?", "the same"},
    {"toggle-settings", "s", "show or hide the settings"},
    {"toggle-settings-tui", "1", "settings: screen"},
    {"toggle-settings-trace", "2", "settings: trace"},
    {"toggle-settings-dns", "3", "settings: DNS"},
    {"toggle-settings-geoip", "4", "settings: GeoIP"},
    {"toggle-settings-bindings", "5", "settings: key bindings"},
    {"toggle-settings-theme", "6", "settings: theme"},
    {"toggle-settings-columns", "7", "settings: columns"},
    {"next-hop", "down", "select the next hop"},
    {"previous-hop", "up", "select the previous hop"},
    {"next-trace", "right", "show the next trace"},
    {"previous-trace", "left", "show the previous trace"},
    {"next-hop-address", ".", "details: next address of the hop"},
    {"previous-hop-address", ",", "details: previous address of the hop"},
    {"address-mode-ip", "i", "show addresses only"},
    {"address-mode-host", "n", "show names only"},
    {"address-mode-both", "b", "show names and addresses"},
    {"toggle-freeze", "ctrl+f", "hold the screen"},
    {"toggle-chart", "c", "show or hide the chart"},
    {"toggle-map", "m", "show or hide the map"},
    {"toggle-flows", "f", "show or hide the flows"},
    {"expand-privacy", "p", "hide one more hop"},
    {"contract-privacy", "o", "hide one hop less"},
    {"expand-hosts", "]", "one more address for each hop"},
    {"expand-hosts-max", "}", "all addresses"},
    {"contract-hosts", "[", "one address less"},
    {"contract-hosts-min", "{", "one address"},
    {"chart-zoom-in", "=", "chart: zoom in"},
    {"chart-zoom-out", "-", "chart: zoom out"},
    {"clear-trace-data", "ctrl+r", "start the statistics anew"},
    {"clear-dns-cache", "ctrl+k", "look all names up anew"},
    {"clear-selection", "esc", "select nothing"},
    {"toggle-as-info", "z", "show or hide AS data"},
    {"toggle-hop-details", "d", "show or hide hop details"},
    {"quit", "q", "leave"},
    {"quit-preserve-screen", "shift+q", "leave, and keep the last screen"},
};

/* In the order of their bits, which is the order in which they are written. */
static const char *const modifier_names[] = {"shift", "ctrl", "alt", "super", "hyper", "meta"};

static const char *const key_names[] = {
    NULL,     "backspace", "enter", "left",    "right",  "up",     "down", "home", "end",
    "pageup", "pagedown",  "tab",   "backtab", "delete", "insert", "null", "esc"};

static bool word_is(const char *word, const char *text, size_t len) {
    return strlen(word) == len && strncasecmp(word, text, len) == 0;
}

/* f1 .. f12, or 0. */
static char function_key(const char *text, size_t len) {
    if (len < 2 || len > 3 || (text[0] != 'f' && text[0] != 'F')) {
        return 0;
    }
    int number = 0;
    for (size_t i = 1; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || (i == 1 && text[i] == '0')) {
            return 0;
        }
        number = number * 10 + (text[i] - '0');
    }
    return number <= 12 ? (char)number : 0;
}

static bool parse_code(const char *text, size_t len, struct cli_key *out) {
    if (len == 1 && text[0] >= ' ' && text[0] <= '~') {
        char c = text[0];

        out->code = CLI_KEY_CHAR;
        out->ch = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        return true;
    }
    if (word_is("space", text, len) || word_is("plus", text, len)) {
        out->code = CLI_KEY_CHAR;
        out->ch = len == 4 ? '+' : ' ';
        return true;
    }
    for (size_t i = 1; i < sizeof(key_names) / sizeof(key_names[0]); i++) {
        if (word_is(key_names[i], text, len)) {
            out->code = (enum cli_key_code)i;
            return true;
        }
    }
    out->ch = function_key(text, len);
    out->code = CLI_KEY_F;
    return out->ch != 0;
}

static void add_reason(struct cli_text *why, const char *reason, const char *text, size_t len) {
    struct cli_text part = {0};

    cli_text_add_bytes(&part, text, len);
    cli_text_addf(why, "%s '", reason);
    cli_text_add_clean(why, part.data);
    cli_text_add(why, "'");
    cli_text_done(&part);
}

/* 0: unknown. */
static uint8_t parse_modifier(const char *text, size_t len) {
    for (size_t i = 0; i < sizeof(modifier_names) / sizeof(modifier_names[0]); i++) {
        if (word_is(modifier_names[i], text, len)) {
            return (uint8_t)(1u << i);
        }
    }
    return 0;
}

bool cli_key_parse(const char *text, size_t len, struct cli_key *out, struct cli_text *why) {
    struct cli_key key = {0};
    size_t split = 0; /* the key begins here */

    /* The last octet is never a separator: "ctrl++" is ctrl and the plus key. */
    for (size_t i = 1; i + 1 < len; i++) {
        if (text[i] == '+' || text[i] == '-') {
            split = i + 1;
        }
    }
    if (!parse_code(text + split, len - split, &key)) {
        add_reason(why, "unknown key", text + split, len - split);
        return false;
    }
    for (size_t at = 0; at < split;) {
        size_t n = 0;

        while (text[at + n] != '+' && text[at + n] != '-') {
            n++;
        }
        uint8_t modifier = parse_modifier(text + at, n);
        if (modifier == 0) {
            add_reason(why, "unknown modifier", text + at, n);
            return false;
        }
        key.modifiers |= modifier;
        at += n + 1;
    }
    *out = key;
    return true;
}

char *cli_key_format(const struct cli_key *key, char out[64]) {
    size_t len = 0;

    for (size_t i = 0; i < sizeof(modifier_names) / sizeof(modifier_names[0]); i++) {
        if ((key->modifiers & (1u << i)) != 0) {
            len += (size_t)snprintf(out + len, 64 - len, "%s+", modifier_names[i]);
        }
    }
    if (key->code == CLI_KEY_F) {
        snprintf(out + len, 64 - len, "f%d", key->ch);
    } else if (key->code != CLI_KEY_CHAR) {
        snprintf(out + len, 64 - len, "%s", key_names[key->code]);
    } else if (key->ch == ' ') {
        snprintf(out + len, 64 - len, "space");
    } else {
        snprintf(out + len, 64 - len, "%c", key->ch);
    }
    return out;
}

bool cli_key_equal(const struct cli_key *a, const struct cli_key *b) {
    return a->code == b->code && a->modifiers == b->modifiers && a->ch == b->ch;
}

const struct cli_command *cli_command(size_t index) {
    return &commands[index];
}

int cli_command_find(const char *name, size_t len) {
    for (int i = 0; i < CLI_COMMANDS; i++) {
        if (strlen(commands[i].name) == len && memcmp(commands[i].name, name, len) == 0) {
            return i;
        }
    }
    return -1;
}

size_t cli_command_in_check_order(size_t position) {
    size_t pairs = (size_t)cli_command_find("next-hop", strlen("next-hop"));

    /* Hop, trace and address: the list has the next one first, the check the previous one. */
    if (position >= pairs && position < pairs + 6) {
        return pairs + ((position - pairs) ^ 1);
    }
    return position;
}

bool cli_key_clashes(const struct cli_key bindings[CLI_COMMANDS], struct cli_text *out) {
    bool any = false;

    for (size_t i = 1; i < CLI_COMMANDS; i++) {
        size_t this = cli_command_in_check_order(i);

        for (size_t j = 0; j < i; j++) {
            size_t first = cli_command_in_check_order(j);
            char text[64];

            if (!cli_key_equal(&bindings[this], &bindings[first])) {
                continue;
            }
            cli_text_addf(out, "%s%s: [%s and %s]", any ? ", " : "",
                          cli_key_format(&bindings[this], text), commands[this].name,
                          commands[first].name);
            any = true;
            break;
        }
    }
    return any;
}
