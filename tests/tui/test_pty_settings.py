#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Settings in the real program, sandbox and all: changed on the screen, saved into the configuration
file, read again; and the options that say how the screen looks."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "netns"))

import tap  # pylint: disable=wrong-import-position
from terminal import Terminal, styles  # pylint: disable=wrong-import-position

HOPS = os.environ["HOPS"]
LIVE = [HOPS, "--simulate", "-m", "tui", "-i", "200ms"]
GATEWAY = "gateway.home.example"  # the first hop of the built-in scenario


def started(terminal, *arguments):
    terminal.run([*LIVE, *arguments])
    terminal.await_text("Running", GATEWAY)


def quit_from_settings(terminal):
    terminal.type("qq")
    tap.equal(terminal.status(), 0, "exit status")


def new_file_in_the_home_directory():
    with Terminal(104, 30) as terminal:
        terminal.type(f"cd {terminal.path}\r")
        started(terminal)
        terminal.type("bs")
        terminal.await_text("┌ Tui ─", "both")
        terminal.type("w")
        terminal.await_text("Settings saved in ")
        quit_from_settings(terminal)
        file = terminal.path / ".hops.toml"
        tap.equal(file.read_text(encoding="utf-8"), '[tui]\ntui-address-mode = "both"\n', "the file")
        started(terminal)
        terminal.await_text(GATEWAY + " (")  # read again: name and address
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def comments_stay():
    with Terminal(104, 30) as terminal:
        directory = terminal.path / "config"
        directory.mkdir()
        file = directory / "mine.toml"
        file.write_text('# mine\n[tui] # screen\ntui-custom-columns = "hol" # few\n\n[dns]\n',
                        encoding="utf-8")
        file.chmod(0o600)
        started(terminal, "-c", str(file))
        terminal.type("7\033[B\033[B")
        terminal.await_text("┌ Columns ─")
        terminal.type("c,w")
        terminal.await_text("Settings saved in ")
        quit_from_settings(terminal)
        tap.equal(file.read_text(encoding="utf-8"),
                  '# mine\n[tui] # screen\ntui-custom-columns = "ho" # few\n\n[dns]\n', "the file")
        tap.equal(file.stat().st_mode & 0o777, 0o600, "its mode")
        tap.equal([entry.name for entry in directory.iterdir()], ["mine.toml"], "what is there")


def what_an_editor_wrote_meanwhile_stays():
    with Terminal(104, 30) as terminal:
        file = terminal.path / "mine.toml"
        file.write_text("[tui]\n", encoding="utf-8")
        started(terminal, "-c", str(file))
        file.write_text("[tui]\ntui-max-addrs = 2\n", encoding="utf-8")
        terminal.type("is")
        terminal.await_text("┌ Tui ─")
        terminal.type("w")
        terminal.await_text("the old file was changed meanwhile")
        quit_from_settings(terminal)
        tap.equal(file.read_text(encoding="utf-8"), "[tui]\ntui-max-addrs = 2\n", "theirs")
        tap.equal((terminal.path / "mine.toml.new").read_text(encoding="utf-8"),
                  '[tui]\ntui-address-mode = "ip"\n', "ours")


def themes_are_changed_and_saved():
    with Terminal(104, 30) as terminal:
        file = terminal.path / "mine.toml"
        file.write_text('[theme-colors]\nborder-color = "red"\n', encoding="utf-8")
        started(terminal, "-c", str(file))
        terminal.type("6\r")
        terminal.await_text("┌ Theme ─", "bg-color", "white")
        terminal.type("w")
        terminal.await_text("Settings saved in ")
        quit_from_settings(terminal)
        tap.equal(file.read_text(encoding="utf-8"),
                  '[theme-colors]\nborder-color = "red"\n\n[tui]\ntui-theme = "light"\n', "the file")
        started(terminal, "-c", str(file))
        frame = styles(terminal.colored()[0])
        assert any("31" in style.split(";") for style in frame), frame  # the item's own colour
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def ascii_and_letters():
    with Terminal(104, 30) as terminal:
        started(terminal, "--tui-ascii")
        screen = "\n".join(terminal.text())
        assert screen.isascii(), screen
        assert "+Hops---" in screen, screen
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")
        started(terminal, "--tui-status-letters")
        screen = "\n".join(terminal.text())
        assert "🟢" not in screen and "╭Hops─" in screen, screen
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def mouse_on_and_off():
    with Terminal(104, 30) as terminal:
        started(terminal)
        tap.equal(terminal.ask("mouse_standard_flag"), "1", "mouse")
        terminal.type("\033[<0;10;8M\033[<0;10;8m")
        terminal.await_text("Samples #2")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")
        tap.equal(terminal.ask("mouse_standard_flag"), "0", "given back")
        started(terminal, "--tui-mouse", "off")
        tap.equal(terminal.ask("mouse_standard_flag"), "0", "no mouse")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


suite = tap.Suite()
for case in (new_file_in_the_home_directory, comments_stay, what_an_editor_wrote_meanwhile_stays,
             themes_are_changed_and_saved, ascii_and_letters, mouse_on_and_off):
    suite.add(case.__name__, case)
suite.run()
