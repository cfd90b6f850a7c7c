#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the #include lines below src/ against the table of who may include whom, as TAP:
includes.py [ROOT]

One case per folder. What is not listed is not allowed."""

import pathlib
import re
import sys

# Public headers that are plain values and pure functions: everybody may use them.
PLAIN = {"addr", "config", "err", "event", "extension", "names", "probe", "types"}

# folder: (folders whose internal headers it may use, public headers besides PLAIN, libraries, why)
TABLE = {
    "base": ((), {"stats"}, (),
             "Helpers for everybody: they know nobody."),
    "packet": (("base",), set(), (),
               "Wire formats are pure functions over octets."),
    "tracer": (("base", "packet"), {"tracer", "stats"}, (),
               "The state machine sees probes and replies as values, never a network."),
    "sim": (("base", "packet"), {"link", "sim"}, (),
            "A network in memory is a link like any other, built from the same packets."),
    "net": (("base", "packet"), {"link", "net"}, (),
            "The only sockets; it does not know who sends, or why."),
    "run": (("base", "packet", "tracer", "net", "sim"), {"link", "net", "run", "sim", "tracer", "stats"},
            (),
            "Where clock, link and tracers meet. libhops ends here and needs the C library only."),
    "lookup": (("base",), set(), ("ares", "maxminddb"),
               "Names and places of addresses, of the program; it never waits, and run polls it."),
    "report": (("base",), {"stats"}, ("jansson",),
               "Formats are folds over events and statistics, written to a FILE they are given."),
    "tui": (("base", "report"), {"stats"}, ("curses", "ncurses", "termkey"),
            "Screens are folds over events; they share columns and texts with the reports."),
    "cli": (("base", "packet", "tracer", "sim", "net", "run", "lookup", "report", "tui"),
            {"hops", "link", "net", "run", "sim", "stats", "tracer"},
            ("jansson", "toml", "sys/capability", "seccomp", "ares", "maxminddb", "libintl"),
            "The program ties everything together; nobody includes it."),
}

# Headers of other projects, told by how they begin, and so who may depend on what.
LIBRARIES = ("ares", "curses", "jansson", "maxminddb", "ncurses", "seccomp", "sys/capability",
             "termkey", "toml", "cmocka", "libintl")

# What a pure folder may have of the C library. With these, nm (tests/arch/symbols.py) has the rest.
PURE = {"base", "packet", "tracer", "sim"}
PURE_SYSTEM = {"assert.h", "errno.h", "inttypes.h", "limits.h", "math.h", "stdarg.h", "stdbool.h",
               "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def complaint(folder, quote, header):
    """Why this include is not allowed, or None."""
    folders, public, libraries, _ = TABLE[folder]
    first = header.split("/")[0]
    if quote == '"':
        if "/" not in header:
            return "name it by its folder, as in \"folder/file.h\""
        if first != folder and first not in folders:
            return f"{folder} may not use {first}"
        return None
    if first == "hops":
        name = header.split("/")[1].removesuffix(".h")
        return None if name in PLAIN | public else f"{folder} may not use the public {name}.h"
    if folder in PURE and header not in PURE_SYSTEM:
        return f"{folder} is pure"
    for library in LIBRARIES:
        if header.startswith(library) and library not in libraries:
            return f"{folder} may not depend on this library"
    return None


def check_folder(path):
    for source in sorted(path.rglob("*")):
        if source.suffix not in (".c", ".h", ".cpp"):
            continue
        for match in INCLUDE.finditer(source.read_text(encoding="utf-8")):
            why = complaint(path.name, match.group(1), match.group(2))
            if why is not None:
                yield f"{source}: {match.group(0).strip()}: {why}"


def main(argv):
    root = pathlib.Path(argv[0] if argv else ".") / "src"
    folders = sorted(path for path in root.iterdir() if path.is_dir())
    print(f"1..{len(folders) + 1}")
    failed = 0
    for number, path in enumerate(folders, 1):
        if path.name not in TABLE:
            problems = [f"{path}: this folder is not in the table of tools/includes.py"]
        else:
            problems = list(check_folder(path))
        failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} - {path.name} includes what it may")
        for problem in problems:
            print(f"# {problem}")

    # The table itself must forbid something, or a slip in it would let everything through.
    forbidden = [("base", '"', "packet/parse.h"), ("packet", "<", "sys/socket.h"),
                 ("tracer", "<", "hops/link.h"), ("net", '"', "tracer/tracer.h"),
                 ("run", "<", "jansson.h"), ("report", '"', "cli/options.h")]
    missed = [row for row in forbidden if complaint(*row) is None]
    failed += bool(missed)
    print(f"{'not ok' if missed else 'ok'} {len(folders) + 1} - the table refuses what it must")
    for row in missed:
        print(f"# let through: {row}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
