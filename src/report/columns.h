/* SPDX-License-Identifier: MIT
 *
 * The one table of per-hop columns. The screen shows them by letter; the reports take their values
 * from here, so that a number has one meaning everywhere.
 */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include <hops/stats.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row: a hop, and where it comes from. */
struct report_row {
    const struct hops_hop *hop;
    struct hops_stats *stats; /* for percentiles; NULL: none known */
    const uint32_t *samples;  /* instead of those of stats, where the hop is a copy; else NULL */
    uint32_t flow;
    bool is_target; /* for the status */
};

enum report_column_kind {
    REPORT_COLUMN_COUNT,   /* value(): a whole number */
    REPORT_COLUMN_PERCENT, /* value(): 0..100 */
    REPORT_COLUMN_TIME,    /* value(): milliseconds; blank if there is none */
    REPORT_COLUMN_TEXT,    /* text(): a word */
    REPORT_COLUMN_VIEW     /* neither: the screen fills it (host, AS number) */
};

struct report_column {
    const char *key;   /* key of the translated title is "column_" and this; NULL: not translated */
    const char *title; /* English, as shown above the column */
    bool (*value)(const struct report_row *row, double *out); /* false: there is none */
    const char *(*text)(const struct report_row *row, char *out, size_t size);
    enum report_column_kind kind;
    uint8_t min_width; /* cells */
    char code;
};

enum {
    REPORT_COLUMN_COUNT_ALL = 31, /* rows of the table */
    REPORT_CELL_MAX = 48          /* longest cell text, NUL included */
};

/* All columns, in the order in which those not chosen follow the chosen ones. */
extern const struct report_column report_columns[REPORT_COLUMN_COUNT_ALL];

const struct report_column *report_column_find(char code); /* NULL: no such column */

/* The value of a numeric column in its unit; false if the hop has none (*out is 0 then). */
bool report_column_value(char code, const struct report_row *row, double *out);

/* The cell as the screen shows it: one decimal for times and percentages ("33.3%"), "" for a time
 * that does not exist. For REPORT_COLUMN_VIEW "". Returns out. */
const char *report_column_text(const struct report_column *column, const struct report_row *row,
                               char out[REPORT_CELL_MAX]);

enum report_status {
    REPORT_STATUS_SILENT_TARGET,
    REPORT_STATUS_LOSSY_TARGET,
    REPORT_STATUS_SILENT,
    REPORT_STATUS_LOSSY,
    REPORT_STATUS_GOOD
};

/* How a hop does. Probes that failed to leave this host are no loss of the path, but if all of them
 * failed the hop is as silent as can be. */
enum report_status report_status(const struct report_row *row);

/* The same as a letter, for terminals without UTF-8. */
char report_status_letter(enum report_status status);

#endif
