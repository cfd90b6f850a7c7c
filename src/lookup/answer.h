/* SPDX-License-Identifier: MIT
 *
 * DNS answers (RFC 1035 section 4) to texts: names of PTR records, joined strings of TXT records.
 * Names are decompressed and escaped by c-ares; everything else is read here, bounded.
 */
#ifndef LOOKUP_ANSWER_H
#define LOOKUP_ANSWER_H

#include "lookup/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { LOOKUP_TYPE_CNAME = 5, LOOKUP_TYPE_PTR = 12, LOOKUP_TYPE_TXT = 16 };

/* The records of the given type (PTR or TXT) that belong to the question, in the order of the
 * answer; aliases are followed (RFC 2317 delegates with them). False: malformed. */
bool lookup_answer_parse(const uint8_t *data, size_t len, unsigned type,
                         struct lookup_records *out);

#endif
