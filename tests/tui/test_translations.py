#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every language of the screen: each text translated, with the same placeholders, in no more cells
than there is room for; and shown by the program."""

import gettext
import os
import pathlib
import re
import subprocess
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "netns"))

import tap  # pylint: disable=wrong-import-position
from terminal import Terminal  # pylint: disable=wrong-import-position

HOPS = os.environ["HOPS"]
CATALOGUES = pathlib.Path(os.environ["CATALOGUES"])
LANGUAGES = (ROOT / "po" / "LINGUAS").read_text(encoding="utf-8").split()
ROW = re.compile(r'^TUI_TEXT_ROW\(\w+, "([^"]+)", "((?:[^"\\]|\\.)*)"\)$', re.M)
TEXTS = ROW.findall((ROOT / "src" / "tui" / "text_table.h").read_text(encoding="utf-8"))
PLACEHOLDER = re.compile(r"%\{\w+\}")
COLUMN_CELLS_MAX = 9  # a head wider than this takes the hosts' room


def cells(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def translations(language):
    with open(CATALOGUES / language / "LC_MESSAGES" / "hops.mo", "rb") as file:
        catalogue = gettext.GNUTranslations(file)
    found = {}
    for key, english in TEXTS:
        text = catalogue.pgettext(key, english)
        # The file itself is asked whether a text that reads as in English was translated so.
        if f"{key}\x04{english}" in catalogue._catalog:  # pylint: disable=protected-access
            found[key] = text
    return found


def complete(language):
    found = translations(language)
    tap.equal([key for key, _ in TEXTS if not found.get(key, "").strip()], [], "not translated")


def same_placeholders(language):
    found = translations(language)
    for key, english in TEXTS:
        tap.equal(sorted(PLACEHOLDER.findall(found[key])), sorted(PLACEHOLDER.findall(english)), key)
        tap.equal(found[key].count("%{"), len(PLACEHOLDER.findall(english)), f"%{{ in {key}")


def printable(language):
    for key, text in translations(language).items():
        tap.equal([hex(ord(c)) for c in text if unicodedata.category(c)[0] in "CZ" and c not in " \u3000"],
                  [], f"characters of {key}")
        tap.equal(text, text.strip(), key)
        tap.equal(text, unicodedata.normalize("NFC", text), f"form of {key}")


def column_heads_are_short(language):
    for key, text in translations(language).items():
        if key.startswith("column_"):
            tap.between(cells(text), 1, COLUMN_CELLS_MAX, f"cells of {key} {text!r}")


def shown(language):
    found = translations(language)
    with Terminal(104, 24) as terminal:
        terminal.run([HOPS, "--simulate", "-m", "tui", "-i", "200ms", "--tui-locale",
                      language.replace("_", "-")])
        terminal.await_text(f"{found['target']}: 192.0.2.66", found["status_running"],
                            f"[{language.replace('_', '-')}]", found["no_response"])
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def shown_of_a_recording():
    """Inside the sandbox, which is entered before a recording is read, no catalogue can be opened."""
    with Terminal(104, 24) as terminal:
        recording = terminal.path / "recording"
        subprocess.run([HOPS, "--simulate", "-m", "silent", "--report-cycles", "2", "--record",
                        str(recording)], check=True, capture_output=True)
        terminal.run([HOPS, "--replay", str(recording), "-m", "tui", "--tui-locale", "de"])
        terminal.await_text(f"{translations('de')['target']}: 192.0.2.66", "[de]")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def environment_chooses():
    with Terminal(104, 24) as terminal:
        terminal.run([HOPS, "--simulate", "-m", "tui", "-i", "200ms"],
                     {"LANGUAGE": "", "LC_ALL": "", "LANG": "de_AT.UTF-8", "LC_CTYPE": "C.UTF-8"})
        terminal.await_text(f"{translations('de')['target']}: 192.0.2.66", "[de]")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def languages_are_those_of_the_program():
    listed = subprocess.run([HOPS, "--print-locales"], capture_output=True, text=True, check=True).stdout
    names = listed.split(":", 1)[1].replace(",", " ").split()
    tap.equal(names, sorted(["en", *(name.replace("_", "-") for name in LANGUAGES)]), "languages")


def keys_are_unlike():
    keys = [key for key, _ in TEXTS]
    tap.equal(len(set(keys)), len(keys), "number of keys")
    assert len(keys) > 150, "the table was not read"


def main():
    suite = tap.Suite()
    suite.add("languages_are_those_of_the_program", languages_are_those_of_the_program)
    suite.add("keys_are_unlike", keys_are_unlike)
    suite.add("environment_chooses", environment_chooses)
    suite.add("shown_of_a_recording", shown_of_a_recording)
    for language in LANGUAGES:
        for case in (complete, same_placeholders, printable, column_heads_are_short, shown):
            suite.add(f"{language}_{case.__name__}", case, language)
    suite.run()


if __name__ == "__main__":
    main()
