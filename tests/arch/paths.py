#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nothing in the repository names a path of the machine it was written on, as TAP: paths.py ROOT

Looks at every text file that git tracks for home folders and work folders."""

import re
import subprocess
import sys

# Put together here, so that this file does not find itself.
FOLDERS = ("home", "root", "work", "farm", "Users")
OWN_PATH = re.compile(r"(?<![\w.~*/-])/(?:" + "|".join(FOLDERS) + r")/\w")
TEMPORARY = re.compile(r"(?<![\w.~/-])/tmp/(?:" + "wt|bash_jobs" + r")\b")


def main(argv):
    root = argv[0]
    listing = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, check=False)
    print("1..1")
    if listing.returncode != 0:
        print("ok 1 - no path of one machine # SKIP not a git work tree")
        return 0
    found = []
    for name in listing.stdout.decode().split("\0"):
        try:
            with open(f"{root}/{name}", encoding="utf-8") as file:
                lines = file.read().splitlines()
        except (OSError, UnicodeDecodeError):
            continue  # the empty name at the end, a link, a binary file
        for number, line in enumerate(lines, 1):
            if OWN_PATH.search(line) or TEMPORARY.search(line):
                found.append(f"{name}:{number}: {line.strip()}")
    print(f"{'not ok' if found else 'ok'} 1 - no path of one machine")
    for line in found:
        print(f"# {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
