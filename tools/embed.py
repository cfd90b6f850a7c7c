#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a file as a C array: embed.py INPUT OUTPUT NAME HEADER."""
import sys


def main() -> None:
    source, target, name, header = sys.argv[1:]
    with open(source, "rb") as f:
        data = f.read()
    rows = [", ".join(str(b) for b in data[i:i + 20]) for i in range(0, len(data), 20)]
    with open(target, "w", encoding="ascii") as f:
        f.write(f'#include "{header}"\n\n')
        f.write(f"const unsigned char {name}[] = {{\n    ")
        f.write(",\n    ".join(rows))
        f.write(f"}};\nconst size_t {name}_len = sizeof({name});\n")


main()
