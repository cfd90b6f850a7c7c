/* SPDX-License-Identifier: MIT
 *
 * The parser says where keys and values begin; where they end, and what stands around them, is read
 * from the text here (TOML 1.0). The three ways to write a table are told by the character at which
 * it begins: "[tui]" lines, "tui = { }" inline, and dotted keys "tui.key = value".
 */
#include "cli/config_edit.h"

#include "cli/toml.h"

#include <string.h>

enum form { FORM_LINES, FORM_INLINE, FORM_DOTTED };

struct editor {
    const char *text;
    size_t len;
    const struct cli_option *option;
    const char *value;    /* as TOML; NULL: none */
    const char *line_end; /* of this file */
    struct cli_text out;
};

/* Places. */

/* The offset of a line and a column, which counts characters. */
static size_t offset_of(const struct editor *e, int line, int column) {
    size_t at = 0;

    while (line > 1 && at < e->len) {
        line -= e->text[at++] == '\n';
    }
    while (column > 1 && at < e->len) {
        at++;
        while (at < e->len && ((unsigned char)e->text[at] & 0xc0) == 0x80) {
            at++;
        }
        column--;
    }
    return at;
}

static size_t key_offset(const struct editor *e, const struct toml_node *table, size_t i) {
    return offset_of(e, toml_key_line(table, i), toml_key_column(table, i));
}

static size_t value_offset(const struct editor *e, const struct toml_node *node) {
    return offset_of(e, toml_line(node), toml_column(node));
}

/* Behind a string that begins at `at`. */
static size_t string_end(const struct editor *e, size_t at) {
    char quote = e->text[at];
    bool long_one = e->len - at >= 6 && e->text[at + 1] == quote && e->text[at + 2] == quote;
    size_t quotes = 0; /* in a row */

    for (at += long_one ? 3 : 1; at < e->len; at++) {
        quotes = e->text[at] == quote ? quotes + 1 : 0;
        if (!long_one && quotes == 1) {
            return at + 1;
        }
        if (quotes >= 3 && e->text[at + 1] != quote) { /* up to two of five belong to the text */
            return at + 1;
        }
        at += quote == '"' && e->text[at] == '\\';
    }
    return e->len;
}

/* Behind a value that is neither array nor table. */
static size_t value_end(const struct editor *e, size_t at) {
    if (e->text[at] == '"' || e->text[at] == '\'') {
        return string_end(e, at);
    }
    return at + strcspn(e->text + at, " \t\r\n,}#");
}

static size_t line_begin(const struct editor *e, size_t at) {
    while (at > 0 && e->text[at - 1] != '\n') {
        at--;
    }
    return at;
}

/* Behind the line end, or the end of the text. */
static size_t next_line(const struct editor *e, size_t at) {
    const char *end = strchr(e->text + at, '\n');

    return end == NULL ? e->len : (size_t)(end - e->text) + 1;
}

static size_t skip_blanks(const struct editor *e, size_t at) {
    return at + strspn(e->text + at, " \t");
}

/* Changes. */

/* The text with `with` in place of what is between two offsets. */
static void replace(struct editor *e, size_t from, size_t to, const char *with) {
    cli_text_add_bytes(&e->out, e->text, from);
    cli_text_add(&e->out, with);
    cli_text_add_bytes(&e->out, e->text + to, e->len - to);
}

/* A new line at an offset that begins one or ends the text: before (from the text), then key and
 * value. */
static void insert_line(struct editor *e, size_t at, const char *before, size_t before_len) {
    struct cli_text line = {0};

    if (at > 0 && e->text[at - 1] != '\n') {
        cli_text_add(&line, e->line_end);
    }
    cli_text_add_bytes(&line, before, before_len);
    cli_text_addf(&line, "%s = %s%s", e->option->name, e->value, e->line_end);
    replace(e, at, at, cli_text_str(&line));
    cli_text_done(&line);
}

static void add_table(struct editor *e) {
    struct cli_text lines = {0};

    if (e->len > 0 && e->text[e->len - 1] != '\n') {
        cli_text_add(&lines, e->line_end);
    }
    cli_text_addf(&lines, "%s[%s]%s%s = %s%s", e->len > 0 ? e->line_end : "", e->option->table,
                  e->line_end, e->option->name, e->value, e->line_end);
    replace(e, e->len, e->len, cli_text_str(&lines));
    cli_text_done(&lines);
}

static void add_inline(struct editor *e, const struct toml_node *table) {
    size_t count = toml_size(table);
    size_t brace = value_offset(e, table);
    struct cli_text entry = {0};
    size_t at = brace + 1;

    if (count > 0) {
        at = value_end(e, value_offset(e, toml_value(table, count - 1)));
        cli_text_add(&entry, ",");
    }
    cli_text_addf(&entry, " %s = %s%s", e->option->name, e->value, e->text[at] == '}' ? " " : "");
    replace(e, at, at, cli_text_str(&entry));
    cli_text_done(&entry);
}

static enum form form_of(const struct editor *e, const struct toml_node *table) {
    char c = e->text[value_offset(e, table)];

    return c == '[' ? FORM_LINES : c == '{' ? FORM_INLINE : FORM_DOTTED;
}

static void add_key(struct editor *e, const struct toml_node *table) {
    size_t count = toml_size(table);

    if (form_of(e, table) == FORM_INLINE) {
        add_inline(e, table);
    } else if (count == 0) {
        insert_line(e, next_line(e, value_offset(e, table)), "", 0);
    } else {
        /* Indented, or dotted, as the last one is. */
        size_t key = key_offset(e, table, count - 1);
        size_t begin = line_begin(e, key);
        size_t end = value_end(e, value_offset(e, toml_value(table, count - 1)));
        insert_line(e, next_line(e, end), e->text + begin, key - begin);
    }
}

static void remove_inline(struct editor *e, size_t key, size_t end) {
    size_t next = skip_blanks(e, end);

    if (e->text[next] == ',') {
        replace(e, key, skip_blanks(e, next + 1), "");
        return;
    }
    size_t before = key;
    while (before > 0 && strchr(" \t", e->text[before - 1]) != NULL) {
        before--;
    }
    replace(e, before > 0 && e->text[before - 1] == ',' ? before - 1 : before, end, "");
}

static bool remove_key(struct editor *e, const struct toml_node *table, size_t i) {
    size_t key = key_offset(e, table, i);
    size_t end = value_end(e, value_offset(e, toml_value(table, i)));

    if (form_of(e, table) == FORM_INLINE) {
        remove_inline(e, key, end);
        return true;
    }
    if (memchr(e->text + key, '\n', end - key) != NULL) {
        return false; /* a comment is one line */
    }
    size_t begin = skip_blanks(e, line_begin(e, key));
    replace(e, begin, begin, "# ");
    return true;
}

static bool edit_table(struct editor *e, const struct toml_node *table) {
    for (size_t i = 0; i < toml_size(table); i++) {
        const struct toml_node *node = toml_value(table, i);
        if (strcmp(toml_key(table, i), e->option->name) != 0) {
            continue;
        }
        if (toml_type(node) == TOML_TABLE || toml_type(node) == TOML_ARRAY) {
            return false;
        }
        if (e->value == NULL) {
            return remove_key(e, table, i);
        }
        size_t at = value_offset(e, node);
        replace(e, at, value_end(e, at), e->value);
        return true;
    }
    if (e->value == NULL) {
        cli_text_add_bytes(&e->out, e->text, e->len);
    } else {
        add_key(e, table);
    }
    return true;
}

static bool edit(struct editor *e, const struct toml_node *root) {
    const struct toml_node *table = toml_get(root, e->option->table);

    if (table == NULL && strcmp(e->option->table, "hops") == 0) {
        table = toml_get(root, "trippy"); /* the same table by its other name */
    }
    if (table != NULL) {
        return toml_type(table) == TOML_TABLE && edit_table(e, table);
    }
    if (e->value == NULL) {
        cli_text_add_bytes(&e->out, e->text, e->len);
    } else {
        add_table(e);
    }
    return true;
}

/* Values. */

static bool is_quoted(enum cli_type type) {
    return type == CLI_STRING || type == CLI_PATH || type == CLI_CHOICE || type == CLI_DURATION ||
           type == CLI_ADDR || type == CLI_SERVERS;
}

static void add_value(const struct cli_option *option, const char *value, struct cli_text *out) {
    if (!is_quoted(option->type)) {
        cli_text_add(out, value);
        return;
    }
    cli_text_add(out, "\"");
    for (const char *c = value; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            cli_text_addf(out, "\\%c", *c);
        } else if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            cli_text_addf(out, "\\u%04x", (unsigned)(unsigned char)*c);
        } else {
            cli_text_add_bytes(out, c, 1);
        }
    }
    cli_text_add(out, "\"");
}

bool cli_config_edit(struct cli_text *text, const struct cli_option *option, const char *value) {
    struct cli_text written = {0};
    struct toml_doc *doc = NULL;
    struct hops_diag diag;
    struct editor e = {.text = cli_text_str(text), .len = text->len, .option = option};
    const char *first = strchr(e.text, '\n');
    bool ok = false;

    e.line_end = first != NULL && first > e.text && first[-1] == '\r' ? "\r\n" : "\n";
    if (value != NULL) {
        add_value(option, value, &written);
        e.value = cli_text_str(&written);
    }
    if (option->table != NULL && toml_parse(e.text, e.len, "", &doc, &diag) == HOPS_OK) {
        ok = edit(&e, toml_root(doc));
    }
    if (ok) {
        cli_text_done(text);
        *text = e.out;
    } else {
        cli_text_done(&e.out);
    }
    toml_free(doc);
    cli_text_done(&written);
    return ok;
}
