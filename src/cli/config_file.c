/* SPDX-License-Identifier: MIT
 *
 * Every key is looked up in the option table, every value has the type of its row. Nothing unknown
 * is passed over: a misspelt key would be a setting that silently does nothing.
 */
#include "cli/config_file.h"

#include "base/unreachable.h"
#include "cli/encoding.h"
#include "cli/toml.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 }; /* octets; the template has 10,000 */

struct reader {
    const char *name; /* of the file, clean */
    const char *text;
    const char *written; /* the name of the table being read, as the file has it */
    struct cli_arena *arena;
    struct cli_layer *out;
    struct cli_text *why;
};

static const char *const tables[] = {"hops", "strategy",     "dns",      "report",
                                     "tui",  "theme-colors", "bindings", NULL};

static const struct {
    const char *table, *key;
    enum cli_type type;
    const char *successor;
} retired[] = {
    {"tui", "tui-max-samples", CLI_SIZE, "max-samples in [strategy]"},
    {"tui", "tui-max-flows", CLI_SIZE, "max-flows in [strategy]"},
    {"bindings", "toggle-privacy", CLI_KEYS, "expand-privacy and contract-privacy"},
};

/* "NAME:LINE:COLUMN: what", the line, a mark below the column. what is added by the caller to
 * reason. */
static bool refuse(struct reader *r, int line, int column, const struct cli_text *reason) {
    const char *p = r->text;

    cli_text_addf(r->why, "%s:%d:%d: %s", r->name, line, column, cli_text_str(reason));
    for (int i = 1; i < line && p != NULL; i++) {
        p = strchr(p, '\n');
        p = p == NULL ? NULL : p + 1;
    }
    if (p != NULL) {
        size_t len = strcspn(p, "\r\n");
        char *copy = cli_arena_copy(r->arena, p, len > 96 ? 96 : len);

        for (char *tab = copy; (tab = strchr(tab, '\t')) != NULL;) {
            *tab = ' ';
        }
        cli_text_add(r->why, "\n    ");
        cli_text_add_clean(r->why, copy);
        if (column <= 96) {
            cli_text_add(r->why, "\n    ");
            cli_text_pad(r->why, (size_t)column - 1);
            cli_text_add(r->why, "^");
        }
    }
    return false;
}

static bool refuse_node(struct reader *r, const struct toml_node *node,
                        const struct cli_text *reason) {
    return refuse(r, toml_line(node), toml_column(node), reason);
}

static bool wrong_type(struct reader *r, const char *key, const struct toml_node *node,
                       enum toml_type wanted) {
    struct cli_text reason = {0};

    cli_text_add_clean(&reason, key);
    cli_text_addf(&reason, " must be %s, not %s", toml_type_name(wanted),
                  toml_type_name(toml_type(node)));
    refuse_node(r, node, &reason);
    cli_text_done(&reason);
    return false;
}

static bool read_integer(struct reader *r, const char *key, enum cli_type type,
                         const struct toml_node *node, struct cli_value *out) {
    int64_t number = 0;

    if (!toml_integer(node, &number)) {
        return wrong_type(r, key, node, TOML_INTEGER);
    }
    if (number < 0 || (uint64_t)number > cli_value_integer_max(type)) {
        struct cli_text reason = {0};

        cli_text_addf(&reason, "%s is %" PRId64 ": ", key, number);
        cli_value_add_integer_range(type, &reason);
        refuse_node(r, node, &reason);
        cli_text_done(&reason);
        return false;
    }
    *out = (struct cli_value){.set = true, .number = (uint64_t)number};
    return true;
}

/* A string without NUL: one would hide what follows it. */
static bool read_string(struct reader *r, const char *key, const struct toml_node *node,
                        const char **out) {
    size_t len = 0;

    if (!toml_string(node, out, &len)) {
        return wrong_type(r, key, node, TOML_STRING);
    }
    if (strlen(*out) != len) {
        struct cli_text reason = {0};

        cli_text_addf(&reason, "%s must not contain a NUL character", key);
        refuse_node(r, node, &reason);
        cli_text_done(&reason);
        return false;
    }
    return true;
}

static bool invalid(struct reader *r, const char *key, const char *value,
                    const struct toml_node *node, const struct cli_text *why) {
    struct cli_text reason = {0};

    cli_text_add(&reason, "invalid value '");
    cli_text_add_clean(&reason, value);
    cli_text_addf(&reason, "' for %s: %s", key, cli_text_str(why));
    refuse_node(r, node, &reason);
    cli_text_done(&reason);
    return false;
}

/* One string, or several in an array. */
static bool read_servers(struct reader *r, const struct cli_option *option,
                         const struct toml_node *node, struct cli_value *out) {
    bool array = toml_type(node) == TOML_ARRAY;
    size_t count = array ? toml_size(node) : 1;

    for (size_t i = 0; i < count; i++) {
        const struct toml_node *item = array ? toml_at(node, i) : node;
        struct cli_text why = {0};
        const char *text = NULL;
        bool ok = read_string(r, option->name, item, &text) &&
                  (cli_value_parse(option, text, r->arena, out, &why) ||
                   invalid(r, option->name, text, item, &why));

        cli_text_done(&why);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static bool read_value(struct reader *r, size_t row, const struct toml_node *node) {
    const struct cli_option *option = cli_option(row);
    struct cli_value *value = &r->out->values[row];
    const char *text = NULL;
    bool on = false;

    switch (option->type) {
    case CLI_SWITCH:
    case CLI_SWITCH_FILE:
        if (!toml_bool(node, &on)) {
            return wrong_type(r, option->name, node, TOML_BOOL);
        }
        *value = (struct cli_value){.set = true, .number = on};
        return true;
    case CLI_U8:
    case CLI_U16:
    case CLI_SIZE:
        return read_integer(r, option->name, option->type, node, value);
    case CLI_DURATION:
    case CLI_ADDR:
    case CLI_STRING:
    case CLI_PATH:
    case CLI_CHOICE: {
        struct cli_text why = {0};
        bool ok = read_string(r, option->name, node, &text) &&
                  (cli_value_parse(option, text, r->arena, value, &why) ||
                   invalid(r, option->name, text, node, &why));

        cli_text_done(&why);
        return ok;
    }
    case CLI_SERVERS:
        return read_servers(r, option, node, value);
    case CLI_COLORS:
    case CLI_KEYS:
        break;
    }
    hops_unreachable();
}

/* An item of [theme-colors] or [bindings]. */
static bool read_item(struct reader *r, enum cli_type type, const char *key,
                      const struct toml_node *node) {
    struct cli_text why = {0};
    const char *text = NULL;

    if (!read_string(r, key, node, &text)) {
        return false;
    }
    bool ok = type == CLI_COLORS
                  ? cli_value_parse_color(key, strlen(key), text, r->out, &why)
                  : cli_value_parse_binding(key, strlen(key), text, strlen(text), r->out, &why);
    if (!ok) {
        invalid(r, key, text, node, &why);
    }
    cli_text_done(&why);
    return ok;
}

static void add_keys(const char *table, struct cli_text *out) {
    const char *before = "";

    for (size_t i = 0; i < cli_option_count(); i++) {
        const struct cli_option *option = cli_option(i);

        if (option->table != NULL && strcmp(option->table, table) == 0 &&
            option->layering != CLI_LAYER_LIST) {
            cli_text_addf(out, "%s%s", before, option->name);
            before = ", ";
        }
    }
}

static bool unknown_key(struct reader *r, const char *table, const struct toml_node *node,
                        size_t i) {
    struct cli_text reason = {0};

    cli_text_add(&reason, "unknown key '");
    cli_text_add_clean(&reason, toml_key(node, i));
    cli_text_addf(&reason, "' in [%s]; possible keys: ", r->written);
    if (strcmp(table, "theme-colors") == 0) {
        cli_text_add(&reason, "see --print-tui-theme-items");
    } else if (strcmp(table, "bindings") == 0) {
        cli_text_add(&reason, "see --print-tui-binding-commands");
    } else {
        add_keys(table, &reason);
    }
    refuse(r, toml_key_line(node, i), toml_key_column(node, i), &reason);
    cli_text_done(&reason);
    return false;
}

/* A retired key is checked like any other; that it is there is told at the end. */
static bool read_retired(struct reader *r, size_t which, const struct toml_node *node,
                         bool seen[3]) {
    struct cli_value unused;

    seen[which] = true;
    if (retired[which].type == CLI_SIZE) {
        return read_integer(r, retired[which].key, CLI_SIZE, node, &unused);
    }
    struct cli_key key;
    struct cli_text why = {0};
    const char *text = NULL;
    bool ok = read_string(r, retired[which].key, node, &text) &&
              (cli_key_parse(text, strlen(text), &key, &why) ||
               invalid(r, retired[which].key, text, node, &why));
    cli_text_done(&why);
    return ok;
}

static bool read_entry(struct reader *r, const char *table, const struct toml_node *node, size_t i,
                       bool seen[3]) {
    const char *key = toml_key(node, i);
    const struct toml_node *value = toml_value(node, i);

    for (size_t k = 0; k < sizeof(retired) / sizeof(retired[0]); k++) {
        if (strcmp(retired[k].table, table) == 0 && strcmp(retired[k].key, key) == 0) {
            return read_retired(r, k, value, seen);
        }
    }
    if (strcmp(table, "theme-colors") == 0) {
        return cli_theme_find(key, strlen(key)) < 0 ? unknown_key(r, table, node, i)
                                                    : read_item(r, CLI_COLORS, key, value);
    }
    if (strcmp(table, "bindings") == 0) {
        return cli_command_find(key, strlen(key)) < 0 ? unknown_key(r, table, node, i)
                                                      : read_item(r, CLI_KEYS, key, value);
    }
    int row = cli_option_find(key, strlen(key));
    if (row < 0 || cli_option((size_t)row)->table == NULL ||
        strcmp(cli_option((size_t)row)->table, table) != 0) {
        return unknown_key(r, table, node, i);
    }
    return read_value(r, (size_t)row, value);
}

/* The table's own name for a key of the top level, NULL: there is none. */
static const char *table_name(const char *key) {
    if (strcmp(key, "trippy") == 0) { /* files of the program many users come from */
        return tables[0];
    }
    for (size_t i = 0; tables[i] != NULL; i++) {
        if (strcmp(key, tables[i]) == 0) {
            return tables[i];
        }
    }
    return NULL;
}

static bool refuse_entry(struct reader *r, const struct toml_node *root, size_t i,
                         const char *what) {
    struct cli_text reason = {0};

    cli_text_add(&reason, what);
    refuse(r, toml_key_line(root, i), toml_key_column(root, i), &reason);
    cli_text_done(&reason);
    return false;
}

static bool read_root(struct reader *r, const struct toml_node *root, bool seen[3]) {
    bool program = false; /* [hops] or [trippy] was met */

    for (size_t i = 0; i < toml_size(root); i++) {
        const char *name = table_name(toml_key(root, i));
        const struct toml_node *table = toml_value(root, i);

        if (name == NULL) {
            return refuse_entry(r, root, i,
                                "unknown table or key; possible tables: hops, strategy, dns, "
                                "report, tui, theme-colors, bindings");
        }
        if (toml_type(table) != TOML_TABLE) {
            return wrong_type(r, toml_key(root, i), table, TOML_TABLE);
        }
        if (name == tables[0]) {
            if (program) {
                return refuse_entry(r, root, i,
                                    "[hops] and [trippy] mean the same: only one may be there");
            }
            program = true;
        }
        r->written = toml_key(root, i);
        for (size_t k = 0; k < toml_size(table); k++) {
            if (!read_entry(r, name, table, k, seen)) {
                return false;
            }
        }
    }
    return true;
}

static bool refuse_retired(struct reader *r, const bool seen[3]) {
    for (size_t i = 0; i < sizeof(retired) / sizeof(retired[0]); i++) {
        if (seen[i]) {
            cli_text_addf(r->why, "%s: %s in [%s] is no longer used: use %s", r->name,
                          retired[i].key, retired[i].table, retired[i].successor);
            return false;
        }
    }
    return true;
}

bool cli_config_read(const char *data, size_t len, const char *name, struct cli_arena *arena,
                     struct cli_layer *out, struct cli_text *why) {
    struct cli_text text = {0};
    struct cli_text clean = {0};
    struct toml_doc *doc = NULL;
    struct hops_diag diag = {{0}};
    bool seen[3] = {false};
    bool ok = false;

    cli_text_add_clean(&clean, name);
    struct reader r = {.name = cli_text_str(&clean), .arena = arena, .out = out, .why = why};
    if (!cli_encoding_to_utf8(data, len, &text)) {
        cli_text_addf(why, "%s: malformed UTF-16", r.name);
    } else if (toml_parse(cli_text_str(&text), text.len, r.name, &doc, &diag) != HOPS_OK) {
        cli_text_add(why, diag.text);
    } else {
        r.text = cli_text_str(&text);
        ok = read_root(&r, toml_root(doc), seen) && refuse_retired(&r, seen);
    }
    toml_free(doc);
    cli_text_done(&text);
    cli_text_done(&clean);
    return ok;
}

static bool fail_file(const char *path, const char *what, struct cli_text *why) {
    cli_text_add(why, "cannot read the configuration file ");
    cli_text_add_clean(why, path);
    cli_text_addf(why, ": %s", what);
    return false;
}

/* Reads all of fd; false with errno set (EFBIG if it is too long). */
static bool read_all(int fd, struct cli_text *out) {
    char buffer[4096];

    for (;;) {
        ssize_t n = read(fd, buffer, sizeof(buffer));

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0;
        }
        cli_text_add_bytes(out, buffer, (size_t)n);
        if (out->len > FILE_MAX) {
            errno = EFBIG;
            return false;
        }
    }
}

bool cli_config_load(const char *path, struct cli_arena *arena, struct cli_layer *out,
                     struct cli_text *why) {
    struct cli_text data = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return fail_file(path, strerror(errno), why);
    }
    bool ok = read_all(fd, &data) || fail_file(path, strerror(errno), why);
    close(fd);
    ok = ok && cli_config_read(cli_text_str(&data), data.len, path, arena, out, why);
    cli_text_done(&data);
    return ok;
}
