#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/attacks.md and tests/scenario/test_attacks.c name the same cases, with the same outcomes.

usage: attacks.py SOURCE-ROOT"""

import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    page = (root / "docs/attacks.md").read_text(encoding="utf-8")
    code = (root / "tests/scenario/test_attacks.c").read_text(encoding="utf-8")
    told = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = re.fullmatch(r"`(attack_\w+)`", cells[-1])
        if name:
            if name[1] in told:
                sys.exit(f"docs/attacks.md tells {name[1]} twice")
            told[name[1]] = cells[2]
    tested = {name: outcome.lower() for name, outcome in
              re.findall(r'\{"(attack_\w+)",\s*\w+,\s*\w+,\s*([A-Z]+),', code)}
    tested.update({name: None for name in re.findall(r"cmocka_unit_test\((attack_\w+)\)", code)})
    complaints = [f"{name}: in docs/attacks.md only" for name in sorted(told.keys() - tested.keys())]
    complaints += [f"{name}: in the tests only" for name in sorted(tested.keys() - told.keys())]
    complaints += [f"{name}: the page says {told[name]}, the test {tested[name]}"
                   for name in sorted(told.keys() & tested.keys())
                   if tested[name] is not None and tested[name] != told[name]]
    if len(told) < 50:
        complaints.append(f"only {len(told)} rows were found")
    print("1..1")
    for complaint in complaints:
        print("#", complaint)
    print("not ok 1" if complaints else "ok 1", "- docs/attacks.md and its tests agree")


main()
