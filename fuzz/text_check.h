/* SPDX-License-Identifier: MIT
 *
 * What must hold for text that is shown.
 */
#ifndef FUZZ_TEXT_CHECK_H
#define FUZZ_TEXT_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* Aborts unless text is terminated within size, is UTF-8, and holds nothing that could move a
 * cursor, end a line or turn the direction of writing. */
void fuzz_check_clean(const char *text, size_t size);

/* The octets as a C string of their own, cut at the first NUL. The caller frees it. */
char *fuzz_string(const uint8_t *data, size_t size);

#endif
