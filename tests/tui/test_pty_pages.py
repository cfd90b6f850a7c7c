#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What leaves the screen of the real program, sandbox and all: reports in files, text on the
clipboard; and the pages of several targets."""

import json
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "netns"))

import tap  # pylint: disable=wrong-import-position
from terminal import Terminal  # pylint: disable=wrong-import-position

HOPS = os.environ["HOPS"]
LIVE = [HOPS, "--simulate", "-m", "tui", "-i", "200ms"]
GATEWAY = "gateway.home.example"  # the first hop of the built-in scenario


def save_in(terminal, arguments, directory):
    """Saves as JSON; returns the one new file."""
    before = set(directory.iterdir())
    terminal.run([*LIVE, *arguments])
    terminal.await_text("Running", GATEWAY)
    terminal.type("w")
    terminal.await_text("Save as:  pretty  markdown  csv  json")
    terminal.type("j\r")
    terminal.await_text("saved: hops-")
    terminal.type("q")
    tap.equal(terminal.status(), 0, "exit status")
    new = set(directory.iterdir()) - before - {terminal.path / "status"}
    tap.equal(len(new), 1, "new files")
    return new.pop()


def saves_into_the_directory_of_the_option():
    with Terminal(104, 30) as terminal:
        directory = terminal.path / "reports"
        directory.mkdir()
        file = save_in(terminal, ["--save-dir", str(directory)], directory)
        assert re.fullmatch(r"hops-[A-Za-z0-9._-]+-\d{8}-\d{6}\.json", file.name), file.name
        report = json.loads(file.read_text(encoding="utf-8"))
        assert len(report["hops"]) > 1, report
        tap.equal(file.stat().st_mode & 0o22, 0, "writable for others")


def saves_into_the_current_directory():
    with Terminal(104, 30) as terminal:
        directory = terminal.path / "here"
        directory.mkdir()
        terminal.type(f"cd {directory}\r")
        file = save_in(terminal, [], directory)
        assert file.name.endswith(".json"), file.name


def environment_and_missing_directory():
    with Terminal(104, 30) as terminal:
        terminal.run(LIVE, {"HOPS_SAVE_DIR": str(terminal.path / "missing")})
        tap.equal(terminal.status(), 1, "exit status")
        terminal.await_text("save-dir", "No such file or directory")


def directory_that_is_not_ours():
    """Said in the info bar, and the trace goes on."""
    with Terminal(104, 30) as terminal:
        terminal.run([*LIVE, "--save-dir", "/proc/self"])
        terminal.await_text("Running", GATEWAY)
        terminal.type("w\r")
        terminal.await_text("not saved: ")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def copies_through_the_terminal():
    with Terminal(104, 30) as terminal:
        terminal.run(LIVE)
        terminal.await_text("Running", GATEWAY)
        tap.equal(terminal.clipboard(), None, "nothing copied")
        terminal.type("\033[By")
        terminal.await_text("to the clipboard: ")
        terminal.await_true("an address", lambda: re.fullmatch(r"[0-9a-f.:]+",
                                                               terminal.clipboard() or ""))
        address = terminal.clipboard()
        terminal.type("Y")
        terminal.await_true("a row", lambda: (terminal.clipboard() or "").startswith(f"1\t{GATEWAY}\t"))
        terminal.type("\x19")
        terminal.await_true("the report", lambda: address in (terminal.clipboard() or "")
                            and "┌" in terminal.clipboard())
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def pages():
    with Terminal(104, 30) as terminal:
        terminal.run([*LIVE, "www.example", "mail.example"])
        terminal.await_text("Running", GATEWAY)
        terminal.type("v")
        terminal.await_text("╭Overview─", "Sts  Target", "www.example (", "mail.example (")
        terminal.type("\033[B\r")
        terminal.await_text("╭Hops─", "(mail.example)")
        terminal.type(" ")
        terminal.await_text("Paused")
        terminal.type("e")
        terminal.await_text("╭Events─", "probing is paused")
        terminal.type(" ")
        terminal.await_text("probing goes on")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


suite = tap.Suite()
for case in (saves_into_the_directory_of_the_option, saves_into_the_current_directory,
             environment_and_missing_directory, directory_that_is_not_ours,
             copies_through_the_terminal, pages):
    suite.add(case.__name__, case)
suite.run()
