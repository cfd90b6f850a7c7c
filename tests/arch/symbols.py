#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Looks at the symbols of libhops.a, as TAP: symbols.py LIBRARY ROOT

What the pure folders call must be on a short list, so that a stray printf, clock or socket fails the
day it is written; and every global symbol of the library begins with hops_, for the sake of programs
that link it."""

import pathlib
import subprocess
import sys

# Octets and text in memory, arithmetic, and what the compiler adds by itself.
COMMON = {
    "memchr", "memcmp", "memcpy", "memmove", "memset", "strchr", "strcmp", "strlen", "strncmp",
    "strnlen", "snprintf", "vsnprintf", "sqrt", "log", "exp", "pow", "qsort", "bsearch",
    "__assert_fail", "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_",
    "__memcpy_chk", "__memmove_chk", "__memset_chk", "__snprintf_chk", "__vsnprintf_chk",
}
# Only the default memory hooks know the heap.
PER_OBJECT = {"src_base_mem.c.o": {"calloc", "realloc", "free"}}
# Wire formats neither print nor sort.
NOT_IN = {"packet": {"snprintf", "vsnprintf", "__snprintf_chk", "__vsnprintf_chk", "qsort"}}
PURE = ("base", "packet", "tracer", "sim")


def nm(library, *options):
    """(object, type, symbol) for each symbol that nm lists."""
    text = subprocess.run(["nm", "-A", *options, library], check=True, text=True,
                          capture_output=True).stdout
    for line in text.splitlines():
        where, _, rest = line.rpartition(":")
        fields = rest.split()
        yield where.rpartition(":")[2].rpartition("/")[2], fields[-2], fields[-1]


def main(argv):
    library, root = argv[0], pathlib.Path(argv[1])
    undefined = list(nm(library, "--undefined-only"))
    defined = list(nm(library, "--defined-only", "--extern-only"))
    cases = []
    for folder in PURE:
        prefix = f"src_{folder}_"
        seen = {name for name, _, _ in defined + undefined if name.startswith(prefix)}
        bad = []
        for name, _, symbol in undefined:
            if not name.startswith(prefix) or symbol.startswith("hops_"):
                continue
            allowed = (COMMON | PER_OBJECT.get(name, set())) - NOT_IN.get(folder, set())
            if symbol not in allowed:
                bad.append(f"{name} uses {symbol}")
        sources = len(list((root / "src" / folder).glob("*.c")))
        if len(seen) != sources:
            bad.append(f"{len(seen)} objects in {library} for {sources} sources")
        cases.append((f"{folder} calls only what it may", bad))
    cases.append(("every global symbol begins with hops_",
                  [f"{name} defines {symbol}" for name, _, symbol in defined
                   if not symbol.startswith("hops_")]))

    print(f"1..{len(cases)}")
    for number, (what, bad) in enumerate(cases, 1):
        print(f"{'not ok' if bad else 'ok'} {number} - {what}")
        for line in bad:
            print(f"# {line}")
    return 1 if any(bad for _, bad in cases) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
