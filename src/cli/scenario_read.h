/* SPDX-License-Identifier: MIT
 *
 * The parts of the scenario loader: tables read by rows that name key, type, bounds and place, and
 * errors with their position.
 */
#ifndef CLI_SCENARIO_READ_H
#define CLI_SCENARIO_READ_H

#include <hops/sim.h>

#include "cli/text.h"
#include "cli/toml.h"

struct cli_reader {
    const char *name; /* of the file */
    struct hops_diag *diag;
    struct cli_arena *arena;
    bool failed; /* after the first error nothing else is read */
};

enum cli_field_type {
    CLI_FIELD_OTHER,   /* a known key, read elsewhere */
    CLI_FIELD_TEXT,    /* const char *, without NUL */
    CLI_FIELD_ADDR,    /* struct hops_addr */
    CLI_FIELD_MS,      /* hops_ns, written in milliseconds */
    CLI_FIELD_SECONDS, /* hops_ns, written in seconds */
    CLI_FIELD_PERCENT, /* double 0..1, written 0..100 */
    CLI_FIELD_NUMBER,  /* double, min..max */
    CLI_FIELD_BOOL,
    CLI_FIELD_INT,   /* unsigned of width octets, min..max */
    CLI_FIELD_CHOICE /* int-sized enum */
};

struct cli_choice {
    const char *name;
    int value;
};

struct cli_field {
    const char *key;
    enum cli_field_type type;
    size_t offset;
    uint8_t width;
    int64_t min, max;
    const struct cli_choice *choices; /* ended by a NULL name */
};

/* Sets failed and the diag, unless it has failed before. */
void cli_reader_fail(struct cli_reader *reader, const struct toml_node *at, const char *format, ...)
    HOPS_PRINTF(3, 4);

/* Reads the entries of a table into *out by these rows. what names the table in messages. */
void cli_reader_table(struct cli_reader *reader, const struct toml_node *table, const char *what,
                      const struct cli_field *fields, size_t count, void *out);

/* One value, as a row of that type would. */
bool cli_reader_integer(struct cli_reader *reader, const struct toml_node *node, const char *key,
                        int64_t min, int64_t max, int64_t *out);
const char *cli_reader_text(struct cli_reader *reader, const struct toml_node *node,
                            const char *key);
bool cli_reader_addr(struct cli_reader *reader, const struct toml_node *node, const char *key,
                     struct hops_addr *out);

/* An array of tables by key: NULL if absent; out_count 0 then. */
const struct toml_node *cli_reader_tables(struct cli_reader *reader, const struct toml_node *table,
                                          const char *key, size_t *out_count);

/* A number (both the same) or an array of two: first and last. */
bool cli_reader_range(struct cli_reader *reader, const struct toml_node *node, const char *key,
                      int64_t min, int64_t max, int64_t *out_first, int64_t *out_last);

/* scenario_node.c: all of [[node]]. ids[i] is the id of nodes[i]. */
void cli_scenario_read_node(struct cli_reader *reader, const struct toml_node *table,
                            struct hops_scenario_node *out, const char **out_id);

/* scenario_target.c: one [[target]], once the nodes are known. */
struct cli_node_ids {
    const char **ids;
    size_t count;
};
void cli_scenario_read_target(struct cli_reader *reader, const struct toml_node *table,
                              const struct cli_node_ids *ids, struct hops_scenario_target *out);

extern const struct cli_choice cli_scenario_protocols[]; /* udp and tcp */

#endif
