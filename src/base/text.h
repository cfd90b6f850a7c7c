/* SPDX-License-Identifier: MIT
 *
 * Text from outside made fit to be shown. Names from DNS, AS descriptions, interface names,
 * recordings and arguments can hold escape sequences, text direction controls or broken UTF-8; what
 * comes out of here is printable UTF-8 on one line, whatever terminal, table or document shows it.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The next code point of UTF-8 text (RFC 3629: no overlong forms, no surrogates, nothing past
 * U+10FFFF). False if the octets there are not UTF-8: *out is the next octet then, and only that
 * one is passed. r must not be empty. */
bool hops_utf8_next(struct rd *r, uint32_t *out);

/* Copies text to out, always terminated if size > 0. Every octet of a control character (C0, DEL,
 * C1), of a line or paragraph separator, of a bidirectional control and of anything that is not
 * UTF-8 becomes a backslash and three decimal digits, as DNS writes such octets (RFC 1035 section
 * 5.1). All else, the backslash too, stays: cleaning twice changes nothing. What does not fit is
 * cut off between characters. Returns the octets the whole result has without the terminating NUL,
 * so a value of at least size means that it was cut; out may be NULL if size is 0. */
size_t hops_text_sanitize(const char *text, size_t len, char *out, size_t size);

#endif
