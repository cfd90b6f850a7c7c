#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The order of main(), as TAP: order.py ROOT

Raw sockets, then every privilege gone, then everything else: until then nothing may be read that
somebody else could have written, so nothing else may be called, and privileges are nobody else's
business."""

import pathlib
import re
import sys

# What main() may call before and including the drop.
FIRST = ["occupy_standard_descriptors", "spare_large_tables", "cli_privilege_acquire",
         "hops_net_raw_open", "cli_privilege_drop"]
PRIVILEGED = re.compile(r"\b(cap_\w+|set(res|re|fs|e)?[ug]id|setgroups|initgroups|seteuid|setegid|"
                        r"PR_CAP\w+|sys/capability\.h)\b")
CONSTRUCTOR = re.compile(r"__attribute__\s*\(\(\s*constructor")


def body(text, head):
    """The text of a function, from its head to the brace in the first column."""
    begin = text.index(head)
    return text[begin + len(head):text.index("\n}", begin)]


def without_comments(text):
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(\\.|[^"\\])*"', "", text, flags=re.S)


def calls(text):
    return [name for name in re.findall(r"\b([a-z_]\w*)\s*\(", text)
            if name not in ("if", "for", "while", "switch", "return", "sizeof")]


def check_main(root):
    source = (root / "src/cli/main.c").read_text(encoding="utf-8")
    text = without_comments(source)
    main = body(text, "int main(int argc, char **argv) {")
    before = main[:main.index("cli_privilege_drop") + len("cli_privilege_drop(")]
    wrong = [] if calls(before) == FIRST else [f"main() begins with {calls(before)}, not {FIRST}"]
    wrong += [f"main() uses {word} before the privileges are gone" for word in ("argv", "environ")
              if re.search(rf"\b{word}\b", before)]
    occupy = body(text, "static bool occupy_standard_descriptors(void) {")
    wrong += [f"occupy_standard_descriptors() calls {name}" for name in calls(occupy)
              if name not in ("fcntl", "open")]
    wrong += [f"opens {path} before the privileges are gone"
              for path in re.findall(r'\bopen\(([^,]*),', source) if path != '"/dev/null"']
    tune = body(text, "static void spare_large_tables(void) {")
    wrong += [f"spare_large_tables() calls {name}" for name in calls(tune) if name != "mallopt"]
    return wrong


def check_sources(root):
    wrong = []
    for path in sorted((root / "src").rglob("*.[ch]")):
        text = without_comments(path.read_text(encoding="utf-8"))
        name = path.relative_to(root)
        if path.stem != "privilege" and PRIVILEGED.search(text) and path.stem != "sandbox_calls":
            wrong.append(f"{name}: {PRIVILEGED.search(text).group()}: only privilege.c does that")
        if CONSTRUCTOR.search(text):
            wrong.append(f"{name}: code that runs before main()")
    return wrong


def check_environment(root):
    """What opening the sockets and the drop call may not look at the environment or at files."""
    wrong = []
    for name in ("src/cli/privilege.c", "src/net/raw.c"):
        text = without_comments((root / name).read_text(encoding="utf-8"))
        wrong += [f"{name}: {call}" for call in calls(text)
                  if call in ("getenv", "secure_getenv", "open", "openat", "fopen", "read", "getpwuid")]
    return wrong


def main(argv):
    root = pathlib.Path(argv[0])
    checks = [("nothing is read before the privileges are gone", check_main),
              ("privileges in one file, nothing before main()", check_sources),
              ("sockets and drop read nothing", check_environment)]
    print(f"1..{len(checks)}")
    failed = 0
    for number, (name, check) in enumerate(checks, 1):
        wrong = check(root)
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for line in wrong:
            print(f"# {line}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
