#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How the binaries were built, as TAP: hardening.py FORTIFIED BINARY...

FORTIFIED is 1 if the build optimizes, which checked string functions need."""

import re
import subprocess
import sys


def readelf(*arguments):
    return subprocess.run(["readelf", "-W", *arguments], check=True, text=True,
                          capture_output=True).stdout


def main(argv):
    fortified, binaries = argv[0] == "1", argv[1:]
    rows = []
    for binary in binaries:
        name = binary.rpartition("/")[2]
        headers, dynamic = readelf("-h", "-l", binary), readelf("-d", binary)
        symbols = readelf("--dyn-syms", binary)
        stack = re.search(r"GNU_STACK.*", headers)
        rows += [
            (f"{name}: position-independent", re.search(r"Type:\s+DYN", headers) is not None),
            (f"{name}: relocations read-only", "GNU_RELRO" in headers),
            (f"{name}: all bound at start", re.search(r"BIND_NOW|FLAGS_1.*NOW", dynamic) is not None),
            (f"{name}: the stack holds no code", stack is not None and "RWE" not in stack.group()),
            (f"{name}: nothing writable holds code", re.search(r"LOAD.*RWE", headers) is None),
            (f"{name}: stack protectors", "__stack_chk_fail" in symbols),
            (f"{name}: no path of the builder", re.search(r"\((RPATH|RUNPATH)\)", dynamic) is None),
        ]
        if fortified:
            rows.append((f"{name}: checked string functions",
                         re.search(r"__(memcpy|snprintf|vsnprintf|fprintf|printf|strcpy|memset|read)_chk",
                                   symbols) is not None))
    print(f"1..{len(rows)}")
    for number, (name, good) in enumerate(rows, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
    sys.exit(0 if all(good for _, good in rows) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
