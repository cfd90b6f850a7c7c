#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes src/report/width_table.h from the Unicode data of this Python. Run by hand when Unicode
grows:  tools/make_width.py > src/report/width_table.h"""

import unicodedata

# Planes and blocks whose unassigned code points are wide by default (UAX 11 section 4).
WIDE_BLOCKS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD),
               (0x30000, 0x3FFFD)]
# Hangul vowels and final consonants join the syllable before them.
JAMO = [(0x1160, 0x11FF), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB)]
SOFT_HYPHEN = 0xAD  # terminals show it


def inside(c, ranges):
    return any(first <= c <= last for first, last in ranges)


def is_zero(c):
    # Surrogates and private use are left at one cell.
    category = unicodedata.category(chr(c))
    return c != SOFT_HYPHEN and (category in ("Mn", "Me", "Cf") or inside(c, JAMO))


def is_wide(c):
    return unicodedata.east_asian_width(chr(c)) in "WF" or inside(c, WIDE_BLOCKS)


def ranges(test):
    out = []
    for c in range(0x80, 0x110000):
        if test(c):
            if out and out[-1][1] == c - 1:
                out[-1][1] = c
            else:
                out.append([c, c])
    return out


def table(name, test):
    print(f"static const struct width_range {name}[] = {{")
    cells = [f"{{0x{first:04x}, 0x{last:04x}}}," for first, last in ranges(test)]
    for i in range(0, len(cells), 4):
        print("    " + " ".join(cells[i : i + 4]))
    print("};")


print(f"""/* SPDX-License-Identifier: MIT
 *
 * Written by tools/make_width.py from Unicode {unicodedata.unidata_version}; do not edit. Inclusive
 * ranges of code points from U+0080 on that take no cell (nonspacing and enclosing marks, format
 * characters, Hangul vowels and finals) and two cells (East Asian Wide and Fullwidth).
 */
#ifndef REPORT_WIDTH_TABLE_H
#define REPORT_WIDTH_TABLE_H

#include <stdint.h>

struct width_range {{
    uint32_t first, last;
}};

/* clang-format off */""")
table("zero_width", is_zero)
print()
table("double_width", lambda c: is_wide(c) and not is_zero(c))
print("""/* clang-format on */

#endif""")
