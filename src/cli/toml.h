/* SPDX-License-Identifier: MIT
 *
 * TOML 1.0 as a tree of nodes, for C. The parser is toml++ (toml.cpp, the one C++ file); nothing of
 * it shows here. Nodes and strings are borrowed from the document.
 */
#ifndef CLI_TOML_H
#define CLI_TOML_H

#include <hops/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct toml_doc;
struct toml_node;

enum toml_type {
    TOML_TABLE,
    TOML_ARRAY,
    TOML_STRING,
    TOML_INTEGER,
    TOML_FLOAT,
    TOML_BOOL,
    TOML_TIME
};

/* Parses UTF-8 text. On failure the diag reads "NAME:LINE:COLUMN: what" with the offending line.
 * HOPS_ERR_FORMAT or HOPS_ERR_NOMEM. */
enum hops_err toml_parse(const char *text, size_t len, const char *name, struct toml_doc **out,
                         struct hops_diag *diag);
void toml_free(struct toml_doc *doc); /* NULL is fine */

const struct toml_node *toml_root(const struct toml_doc *doc); /* a table */
enum toml_type toml_type(const struct toml_node *node);
const char *toml_type_name(enum toml_type type); /* "a string", "an integer" ... */
int toml_line(const struct toml_node *node);     /* from 1 */
int toml_column(const struct toml_node *node);

/* Tables: entries in the order of the file. */
size_t toml_size(const struct toml_node *table_or_array);
const char *toml_key(const struct toml_node *table, size_t index);
const struct toml_node *toml_value(const struct toml_node *table, size_t index);
int toml_key_line(const struct toml_node *table, size_t index);
int toml_key_column(const struct toml_node *table, size_t index);
const struct toml_node *toml_get(const struct toml_node *table, const char *key); /* NULL: absent */
const struct toml_node *toml_at(const struct toml_node *array, size_t index);

/* Values; false if the node is of another type. Strings are NUL-terminated and may hold NULs too.
 */
bool toml_string(const struct toml_node *node, const char **out, size_t *out_len);
bool toml_integer(const struct toml_node *node, int64_t *out);
bool toml_float(const struct toml_node *node, double *out); /* an integer counts as a float */
bool toml_bool(const struct toml_node *node, bool *out);

#ifdef __cplusplus
}
#endif

#endif
