# SPDX-License-Identifier: MIT
"""Test cases as TAP: one line per case, diagnostics of failures as comments.

    suite = Suite()
    suite.add("name", function, argument, ...)
    suite.run()          # exits; names on the command line choose cases
"""

import sys
import traceback


class Skip(Exception):
    """Raised by a case that cannot run here; its text is the reason."""


class Suite:
    def __init__(self):
        self._cases = []

    def add(self, name, function, *arguments):
        self._cases.append((name, function, arguments))

    def skip_all(self, reason):
        print(f"1..0 # SKIP {reason}")
        sys.exit(0)

    def run(self):
        wanted = sys.argv[1:]
        cases = [case for case in self._cases if not wanted or case[0] in wanted]
        if not cases:
            sys.exit("no such case; there are: " + " ".join(case[0] for case in self._cases))
        print(f"1..{len(cases)}", flush=True)
        failed = 0
        for number, (name, function, arguments) in enumerate(cases, 1):
            try:
                function(*arguments)
                print(f"ok {number} - {name}", flush=True)
            except Skip as reason:
                print(f"ok {number} - {name} # SKIP {reason}", flush=True)
            except Exception as error:  # pylint: disable=broad-except
                failed += 1
                print(f"not ok {number} - {name}")
                text = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
                where = traceback.extract_tb(error.__traceback__)[-1]
                print(f"# {where.filename}:{where.lineno}")
                for line in (text or where.line).splitlines():
                    print(f"# {line}")
                sys.stdout.flush()
        sys.exit(1 if failed else 0)


def equal(got, want, what):
    """An assertion that shows both values."""
    if got != want:
        raise AssertionError(f"{what}: got {got!r}\n{' ' * len(what)}  want {want!r}")


def between(got, low, high, what):
    if not low <= got <= high:
        raise AssertionError(f"{what}: got {got!r}, want {low} to {high}")
