/* SPDX-License-Identifier: MIT
 *
 * What the documents share: the walk over the hops of a target, the numeric fields of tables and
 * CSV, titles of targets, and the end of a document.
 */
#ifndef REPORT_FIELDS_H
#define REPORT_FIELDS_H

#include "report/columns.h"
#include "report/report.h"
#include "report/value.h"

/* One numeric field of a hop as pretty, markdown and csv print it. */
struct report_field {
    const char *title;
    char code; /* of the column it takes its value from */
    int csv_decimals;
    int text_decimals; /* in pretty and markdown */
    bool marked;       /* a missing value is "???", else it is 0 */
};

enum { REPORT_FIELD_COUNT = 8 };
extern const struct report_field report_fields[REPORT_FIELD_COUNT];

/* The hops of flow 0 by TTL: start with *ttl = 0; false when there are no more. */
bool report_next_hop(const struct report_target *target, unsigned *ttl, struct hops_hop *out);

/* The text of a numeric field. */
const char *report_field_text(const struct report_field *field, int decimals,
                              const struct report_row *row, char out[REPORT_NUMBER_MAX]);

/* Addresses, or their names, of a hop with a separator between them; nothing without an answer. */
void report_add_addrs(struct report_buf *buf, const struct hops_hop *hop, const char *separator);
void report_add_names(struct report_buf *buf, const struct hops_hop *hop,
                      const struct hops_names *names, const char *separator);

/* Before the block of a target: prefix and "Target: NAME (ADDRESS)", if there are several. */
void report_add_title(struct report_buf *buf, const struct report_input *input, size_t target,
                      const char *prefix);

/* Writes what was gathered and frees it; flushes; tells whether all went well. */
bool report_finish(FILE *out, struct report_buf *buf);
bool report_flush(FILE *out);

#endif
