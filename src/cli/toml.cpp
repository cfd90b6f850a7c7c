/* SPDX-License-Identifier: MIT
 *
 * The TOML reader: toml++ behind the C interface of toml.h, and the only C++ of the project. The
 * parsed document is copied into a tree of our own, because toml++ sorts its tables and the C side
 * wants the order of the file, keys with positions and stable pointers. No exception leaves a
 * function of this file, and everything linked from the C++ run-time is linked statically.
 */
#include "cli/toml.h"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#define TOML_HEADER_ONLY                1
#define TOML_EXCEPTIONS                 0
#define TOML_ENABLE_FORMATTERS          0
#define TOML_INT_CHARCONV               1 /* no streams, no locales */
#define TOML_FLOAT_CHARCONV             1
#define TOML_ENABLE_UNRELEASED_FEATURES 0
#define TOML_MAX_NESTED_VALUES          32
#include <toml++/toml.h>

struct toml_entry {
    std::string key;
    int line = 0;
    int column = 0;
    std::unique_ptr<toml_node> value;
};

struct toml_node {
    enum toml_type type = TOML_TABLE;
    int line = 0;
    int column = 0;
    std::vector<toml_entry> entries; /* of a table or array; an array leaves the keys empty */
    std::string string;
    int64_t integer = 0;
    double number = 0;
    bool boolean = false;
};

struct toml_doc {
    toml_node root;
};

namespace {

/* A dotted key makes one nested table per part, and toml++ walks them by recursion without a limit
 * of its own. */
constexpr int max_key_parts = 32;
constexpr size_t max_excerpt = 96;

void copy_node(const toml::node &from, toml_node &to);

/* C sees keys as strings without length: a NUL in one must not make it equal to another key. */
std::string c_key(std::string_view key) {
    std::string out;
    for (const char c : key) {
        if (c == '\0') {
            out += "\xef\xbf\xbd"; /* U+FFFD */
        } else {
            out += c;
        }
    }
    return out;
}

void copy_table(const toml::table &from, toml_node &to) {
    to.type = TOML_TABLE;
    to.entries.reserve(from.size());
    for (auto &&[key, value] : from) {
        toml_entry entry;
        entry.key = c_key(key.str());
        entry.line = static_cast<int>(key.source().begin.line);
        entry.column = static_cast<int>(key.source().begin.column);
        entry.value = std::make_unique<toml_node>();
        copy_node(value, *entry.value);
        to.entries.push_back(std::move(entry));
    }
    std::stable_sort(to.entries.begin(), to.entries.end(),
                     [](const toml_entry &a, const toml_entry &b) {
                         return a.line != b.line ? a.line < b.line : a.column < b.column;
                     });
}

void copy_array(const toml::array &from, toml_node &to) {
    to.type = TOML_ARRAY;
    to.entries.reserve(from.size());
    for (const toml::node &value : from) {
        toml_entry entry;
        entry.value = std::make_unique<toml_node>();
        copy_node(value, *entry.value);
        entry.line = entry.value->line;
        entry.column = entry.value->column;
        to.entries.push_back(std::move(entry));
    }
}

void copy_node(const toml::node &from, toml_node &to) {
    to.line = static_cast<int>(from.source().begin.line);
    to.column = static_cast<int>(from.source().begin.column);
    switch (from.type()) {
    case toml::node_type::table:
        copy_table(*from.as_table(), to);
        break;
    case toml::node_type::array:
        copy_array(*from.as_array(), to);
        break;
    case toml::node_type::string:
        to.type = TOML_STRING;
        to.string = from.as_string()->get();
        break;
    case toml::node_type::integer:
        to.type = TOML_INTEGER;
        to.integer = from.as_integer()->get();
        break;
    case toml::node_type::floating_point:
        to.type = TOML_FLOAT;
        to.number = from.as_floating_point()->get();
        break;
    case toml::node_type::boolean:
        to.type = TOML_BOOL;
        to.boolean = from.as_boolean()->get();
        break;
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
    case toml::node_type::none:
        to.type = TOML_TIME;
        break;
    }
}

struct place {
    int line;
    int column;
};

/* Line and column (in characters) of an offset. */
place place_of(std::string_view text, size_t offset) {
    place at = {1, 1};

    for (size_t i = 0; i < offset; i++) {
        const unsigned char c = static_cast<unsigned char>(text[i]);
        if (c == '\n') {
            at.line++;
            at.column = 1;
        } else if ((c & 0xc0) != 0x80) {
            at.column++;
        }
    }
    return at;
}

/* Finds a dotted key of too many parts. Quotes are followed only as far as dots inside them must
 * not count; whether they are well-formed is toml++'s business. */
bool find_long_key(std::string_view text, size_t *out_offset) {
    int parts = 1;
    std::string_view quote; /* the closing quote that is awaited */

    for (size_t i = 0; i < text.size(); i++) {
        const char c = text[i];
        if (!quote.empty()) {
            if (c == '\\' && quote[0] == '"') {
                i++;
            } else if (text.substr(i, quote.size()) == quote) {
                i += quote.size() - 1;
                quote = {};
            } else if (c == '\n' && quote.size() == 1) {
                quote = {};
            }
        } else if (c == '"' || c == '\'') {
            const std::string_view three = c == '"' ? "\"\"\"" : "'''";
            quote = text.substr(i, 3) == three ? three : three.substr(0, 1);
            i += quote.size() - 1;
        } else if (c == '#') {
            const size_t end = text.find('\n', i);
            i = end == std::string_view::npos ? text.size() - 1 : end;
            parts = 1;
        } else if (c == '.') {
            if (++parts > max_key_parts) {
                *out_offset = i;
                return true;
            }
        } else if (std::strchr("=,[]{}\n", c) != nullptr) {
            parts = 1;
        }
    }
    return false;
}

/* Text from the file inside a message: control characters and everything that is not well-formed
 * UTF-8 become '?', long text is cut. Returns the number of characters. */
size_t append_clean(std::string &out, std::string_view text, size_t max_characters) {
    size_t characters = 0;

    for (size_t i = 0; i < text.size() && characters < max_characters; characters++) {
        const unsigned char c = static_cast<unsigned char>(text[i]);
        size_t len = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : 4;
        bool good = c < 0x80 || (c >= 0xc2 && c < 0xf5);
        for (size_t k = 1; good && k < len; k++) {
            good = i + k < text.size() && (static_cast<unsigned char>(text[i + k]) & 0xc0) == 0x80;
        }
        const unsigned char c1 = good && len > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
        const unsigned char c2 = good && len > 2 ? static_cast<unsigned char>(text[i + 2]) : 0;
        const bool control =
            c < 0x20 || c == 0x7f || (c == 0xc2 && c1 < 0xa0) || /* C0, DEL, C1 */
            (c == 0xe2 && c1 == 0x80 && (c2 >= 0xa8 || (c2 >= 0x8b && c2 <= 0x8f))) || /* bidi */
            (c == 0xe2 && c1 == 0x81 && c2 >= 0xa0);
        if (c == '\t') {
            out += ' ';
            i++;
        } else if (!good || control || (c == 0xed && c1 >= 0xa0)) {
            out += '?';
            i += good ? len : 1;
        } else {
            out.append(text.substr(i, len));
            i += len;
        }
    }
    return characters;
}

std::string_view line_of(std::string_view text, int line) {
    for (int i = 1; i < line; i++) {
        const size_t end = text.find('\n');
        if (end == std::string_view::npos) {
            return {};
        }
        text.remove_prefix(end + 1);
    }
    text = text.substr(0, text.find('\n'));
    if (!text.empty() && text.back() == '\r') {
        text.remove_suffix(1);
    }
    return text;
}

/* "NAME:LINE:COLUMN: what", the line itself, and a caret below the column if it is in view. */
enum hops_err refuse(hops_diag *diag, std::string_view text, const char *name, place at,
                     std::string_view what) {
    if (diag == nullptr) {
        return HOPS_ERR_FORMAT;
    }
    std::string message = std::string(name).substr(0, 160);
    message += ':' + std::to_string(at.line) + ':' + std::to_string(at.column) + ": ";
    (void)append_clean(message, what, max_excerpt);
    message += "\n    ";
    const size_t shown = append_clean(message, line_of(text, at.line), max_excerpt);
    if (at.column >= 1 && static_cast<size_t>(at.column) <= shown + 1) {
        message += "\n    " + std::string(static_cast<size_t>(at.column) - 1, ' ') + '^';
    }
    (void)std::snprintf(diag->text, sizeof(diag->text), "%s", message.c_str());
    return HOPS_ERR_FORMAT;
}

enum hops_err parse(std::string_view text, const char *name, toml_doc **out, hops_diag *diag) {
    size_t offset = text.find('\0'); /* toml++ would drop trailing ones silently */
    if (offset != std::string_view::npos) {
        return refuse(diag, text, name, place_of(text, offset), "a NUL character is not allowed");
    }
    if (find_long_key(text, &offset)) {
        return refuse(diag, text, name, place_of(text, offset), "this key has too many parts");
    }
    const toml::parse_result result = toml::parse(text);
    if (!result) {
        const toml::parse_error &error = result.error();
        const place at = {static_cast<int>(error.source().begin.line),
                          static_cast<int>(error.source().begin.column)};
        return refuse(diag, text, name, at, error.description());
    }
    auto doc = std::make_unique<toml_doc>();
    copy_node(result.table(), doc->root);
    doc->root.line = 1;
    doc->root.column = 1;
    *out = doc.release();
    return HOPS_OK;
}

const toml_entry &entry_at(const toml_node *node, size_t index) {
    assert(index < node->entries.size());
    return node->entries[index];
}

} // namespace

enum hops_err toml_parse(const char *text, size_t len, const char *name, struct toml_doc **out,
                         struct hops_diag *diag) {
    try {
        return parse(len == 0 ? std::string_view() : std::string_view(text, len), name, out, diag);
    } catch (...) {
        if (diag != nullptr) {
            (void)std::snprintf(diag->text, sizeof(diag->text), "%s: out of memory", name);
        }
        return HOPS_ERR_NOMEM;
    }
}

void toml_free(struct toml_doc *doc) {
    delete doc;
}

const struct toml_node *toml_root(const struct toml_doc *doc) {
    return &doc->root;
}

enum toml_type toml_type(const struct toml_node *node) {
    return node->type;
}

const char *toml_type_name(enum toml_type type) {
    switch (type) {
    case TOML_TABLE:
        return "a table";
    case TOML_ARRAY:
        return "an array";
    case TOML_STRING:
        return "a string";
    case TOML_INTEGER:
        return "an integer";
    case TOML_FLOAT:
        return "a number";
    case TOML_BOOL:
        return "a boolean";
    case TOML_TIME:
        return "a date or time";
    }
    return "nothing";
}

int toml_line(const struct toml_node *node) {
    return node->line;
}

int toml_column(const struct toml_node *node) {
    return node->column;
}

size_t toml_size(const struct toml_node *table_or_array) {
    return table_or_array->entries.size();
}

const char *toml_key(const struct toml_node *table, size_t index) {
    return entry_at(table, index).key.c_str();
}

const struct toml_node *toml_value(const struct toml_node *table, size_t index) {
    return entry_at(table, index).value.get();
}

int toml_key_line(const struct toml_node *table, size_t index) {
    return entry_at(table, index).line;
}

int toml_key_column(const struct toml_node *table, size_t index) {
    return entry_at(table, index).column;
}

const struct toml_node *toml_get(const struct toml_node *table, const char *key) {
    if (table->type != TOML_TABLE) {
        return nullptr;
    }
    for (const toml_entry &entry : table->entries) {
        if (entry.key == key) {
            return entry.value.get();
        }
    }
    return nullptr;
}

const struct toml_node *toml_at(const struct toml_node *array, size_t index) {
    return entry_at(array, index).value.get();
}

bool toml_string(const struct toml_node *node, const char **out, size_t *out_len) {
    if (node->type != TOML_STRING) {
        return false;
    }
    *out = node->string.c_str();
    if (out_len != nullptr) {
        *out_len = node->string.size();
    }
    return true;
}

bool toml_integer(const struct toml_node *node, int64_t *out) {
    if (node->type != TOML_INTEGER) {
        return false;
    }
    *out = node->integer;
    return true;
}

bool toml_float(const struct toml_node *node, double *out) {
    if (node->type == TOML_INTEGER) {
        *out = static_cast<double>(node->integer);
        return true;
    }
    if (node->type != TOML_FLOAT) {
        return false;
    }
    *out = node->number;
    return true;
}

bool toml_bool(const struct toml_node *node, bool *out) {
    if (node->type != TOML_BOOL) {
        return false;
    }
    *out = node->boolean;
    return true;
}
