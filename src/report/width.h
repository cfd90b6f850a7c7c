/* SPDX-License-Identifier: MIT
 *
 * How many terminal cells text takes. From a table of our own: the C library's wcwidth() answers by
 * the user's locale, and reports must not depend on it.
 */
#ifndef REPORT_WIDTH_H
#define REPORT_WIDTH_H

#include <stddef.h>
#include <stdint.h>

/* 0 for combining and format characters, 2 for East Asian wide ones, else 1. */
int report_width_char(uint32_t code_point);

/* Cells of UTF-8 text on one line; an octet that is not UTF-8 counts as one. */
size_t report_width_text(const char *text, size_t len);

#endif
