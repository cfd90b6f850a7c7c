/* SPDX-License-Identifier: MIT
 *
 * A growing string. Failure sticks: append all, look at bad once.
 */
#ifndef REPORT_BUF_H
#define REPORT_BUF_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

struct report_buf {
    char *text; /* terminated; NULL as long as nothing was appended */
    size_t len;
    size_t room;
    bool bad; /* memory ran out; never cleared but by report_buf_clear() */
};

void report_buf_add(struct report_buf *buf, const char *text, size_t len);
void report_buf_str(struct report_buf *buf, const char *text);
void report_buf_format(struct report_buf *buf, const char *format, ...) HOPS_PRINTF(2, 3);
void report_buf_clear(struct report_buf *buf); /* empties it, keeps the memory */
void report_buf_done(struct report_buf *buf);

/* The text, "" if there is none. */
const char *report_buf_text(const struct report_buf *buf);

#endif
