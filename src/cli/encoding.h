/* SPDX-License-Identifier: MIT
 *
 * Byte order marks and UTF-16.
 */
#ifndef CLI_ENCODING_H
#define CLI_ENCODING_H

#include "cli/text.h"

/* Adds data as UTF-8 without byte order mark: UTF-16 with a mark is converted, everything else is
 * taken for UTF-8 and not checked. False if UTF-16 is malformed: an odd octet or half a pair. */
bool cli_encoding_to_utf8(const char *data, size_t len, struct cli_text *out);

#endif
