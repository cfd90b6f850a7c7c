#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sums the last `meson test` of a build folder: tally.py [--strict] BUILD

testlog.junit.xml has every case of the programs that speak TAP; testlog.json says how each program as
a whole ended (the former shows neither time-outs nor crashes after the last case). A program that
crashed, ran out of time or left its plan unfulfilled is a failure, even if each case that it reported
was fine. Prints what failed or was skipped, then
"N passed, N failed, N skipped". --strict counts skipped cases as failed. Exit 1 if anything failed,
or if nothing ran at all."""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree


def read_cases(path):
    """(program, case, outcome) for each TAP case of the JUnit file."""
    # Output that tests printed is in there too, raw; XML allows no control characters.
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "?", path.read_text("utf-8", "replace"))
    for suite in ElementTree.fromstring(text).iter("testsuite"):
        _, dot, program = suite.get("name", "").partition(".")
        if not dot:
            continue  # named after the project alone: programs without cases
        for case in suite.findall("testcase"):
            kinds = {child.tag for child in case}
            if kinds & {"failure", "error"}:
                outcome = "failed"
            elif "skipped" in kinds:
                outcome = "skipped"
            else:
                outcome = "passed"
            yield program.rpartition(" / ")[2], case.get("name", "?"), outcome


def read_programs(path):
    """(name, result) for each program of the JSON lines file."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["name"].rpartition(" / ")[2], record["result"]


def main(argv):
    strict = "--strict" in argv
    folders = [arg for arg in argv if not arg.startswith("--")]
    if len(folders) != 1:
        sys.exit(__doc__)
    logs = pathlib.Path(folders[0]) / "meson-logs"
    count = {"passed": 0, "failed": 0, "skipped": 0}
    notes = []
    try:
        cases = list(read_cases(logs / "testlog.junit.xml"))
        programs = list(read_programs(logs / "testlog.json"))
    except (OSError, ElementTree.ParseError, ValueError) as error:
        print(f"tally: no readable test log: {error}", file=sys.stderr)
        cases, programs = [], []

    speak_tap = {program for program, _, _ in cases}
    failing = {program for program, _, outcome in cases if outcome == "failed"}
    for program, result in programs:
        fine = result in ("OK", "SKIP", "EXPECTEDFAIL")
        if program not in speak_tap:
            outcome = "skipped" if result == "SKIP" else "passed" if fine else "failed"
            cases.append((program, result.lower(), outcome))
        elif not fine and program not in failing:
            cases.append((program, f"{result.lower()}, though no case failed", "failed"))
    for program, case, outcome in cases:
        if outcome == "skipped" and strict:
            notes.append(f"skipped, but everything must run here: {program}: {case}")
            outcome = "failed"
        elif outcome != "passed":
            notes.append(f"{outcome}: {program}: {case}")
        count[outcome] += 1

    if sum(count.values()) == 0:
        notes.append("failed: no test ran")
        count["failed"] = 1
    for note in notes:
        print(note)
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**count))
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
