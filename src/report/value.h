/* SPDX-License-Identifier: MIT
 *
 * How single values are written in every report: numbers, addresses and names of a hop, ICMP
 * extensions, time stamps. English, decimal point, no locale.
 */
#ifndef REPORT_VALUE_H
#define REPORT_VALUE_H

#include <hops/extension.h>
#include <hops/names.h>
#include <hops/stats.h>

#include "report/buf.h"

#include <time.h>

enum {
    REPORT_NUMBER_MAX = 48, /* any number of a report as text, NUL included */
    REPORT_STAMP_MAX = 48
};

double report_ms(double ns);

/* Fixed point with 1 or 2 decimals: the exact binary value, ties to even. Returns out. */
char *report_fixed(double value, int decimals, char out[REPORT_NUMBER_MAX]);

/* "2026-03-04T05:06:07.089Z": UTC with no fraction, or 3, 6 or 9 digits of it, the fewest that are
 * exact. Returns out. */
char *report_stamp(const struct timespec *utc, char out[REPORT_STAMP_MAX]);

/* Appends text as it may be shown (hops_text_sanitize). */
void report_add_clean(struct report_buf *buf, const char *text);

/* Appends the name of an address, cleaned, or the address if names (may be NULL) knows none. */
void report_add_name(struct report_buf *buf, const struct hops_names *names,
                     const struct hops_addr *addr);

void report_add_addr(struct report_buf *buf, const struct hops_addr *addr);

/* "mpls(labels=24001, 18) + unknown(class=5, subtype=1, bytes=[0a c8])"; nothing for NULL. */
void report_add_extensions(struct report_buf *buf, const struct hops_extensions *extensions);

#endif
