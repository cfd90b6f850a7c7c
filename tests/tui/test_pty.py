#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The real program in a real terminal: what it shows, what it understands, and that it gives the
terminal back on every way out."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "netns"))

import tap  # pylint: disable=wrong-import-position
from terminal import PROMPT, Terminal, signal, styles  # pylint: disable=wrong-import-position

HOPS = os.environ["HOPS"]
LIVE = [HOPS, "--simulate", "-m", "tui", "-i", "200ms"]
GATEWAY = "gateway.home.example"  # the first hop of the built-in scenario
COLORS = re.compile(r"(?:^|;)(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:]|$)")


def given_back(terminal, before, status, want):
    """Everything is as it was, and the exit status is the one wanted."""
    tap.equal(status, want, "exit status")
    terminal.await_text(PROMPT)
    tap.equal(terminal.ask("alternate_on"), "0", "alternate screen")
    tap.equal(terminal.ask("cursor_flag"), "1", "cursor")
    tap.equal(terminal.modes(), before, "modes of the line")


def started(terminal, *arguments, env=None):
    """Starts the program and waits for its first answers; returns the modes before."""
    before = terminal.modes()
    terminal.run([*LIVE, *arguments], env)
    terminal.await_text("Running", GATEWAY)
    return before


def start_and_quit():
    with Terminal() as terminal:
        before = started(terminal)
        tap.equal(terminal.ask("alternate_on"), "1", "alternate screen")
        tap.equal(terminal.ask("cursor_flag"), "0", "cursor")
        rows = terminal.text()
        tap.equal((rows[0][0], rows[0][79], rows[3][0], rows[3][79]), ("╭", "╮", "╰", "╯"), "frame")
        assert "[IPv4/ICMP]" in rows[23], rows[23]
        terminal.type("q")
        given_back(terminal, before, terminal.status(), 0)
        assert GATEWAY not in "\n".join(terminal.text()), "the frame is still there"


def quit_preserve():
    with Terminal() as terminal:
        before = started(terminal)
        terminal.type("Q")
        given_back(terminal, before, terminal.status(), 0)
        terminal.await_text(GATEWAY, "[IPv4/ICMP]")


def ctrl_c_quits():
    with Terminal() as terminal:
        before = started(terminal)
        terminal.type("\x03")
        given_back(terminal, before, terminal.status(), 0)


def resize():
    with Terminal() as terminal:
        started(terminal)
        for columns, lines in ((60, 20), (200, 60), (104, 24), (80, 24)):
            terminal.resize(columns, lines)
            terminal.await_true(
                f"a frame of {columns} columns",
                lambda c=columns, n=lines: (lambda rows: len(rows) == n and rows[0][:1] == "╭"
                                            and rows[0][c - 1:] == "╮"
                                            and rows[3][c - 1:] == "╯")(terminal.text()))
            terminal.await_text(GATEWAY)
        terminal.resize(30, 8)
        terminal.await_text("terminal too small")
        terminal.resize(1, 1)
        terminal.resize(80, 24)
        terminal.await_text(GATEWAY)
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def keys_of_a_terminal():
    """Both forms of the arrows; keys with modifiers; text with an escape key behind it."""
    with Terminal(104, 30) as terminal:
        started(terminal)
        terminal.type("\033[B\033OB")
        terminal.await_text("Samples #2")
        terminal.type("\033[A")
        terminal.await_text("Samples #1 (")
        terminal.type("/www\r")
        terminal.await_text("Samples #12")
        terminal.type("\x06")
        terminal.await_text("Frozen (")
        terminal.type("\x06b")
        terminal.await_text("Running", "[both]")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def pages_of_a_terminal():
    """Chart, map and help reach a real terminal: dots, a frame in the frame, and the way back."""
    with Terminal(104, 30) as terminal:
        started(terminal)
        terminal.type("c=")
        terminal.await_text("╭Chart", "RTT (ms)", "128 (2x)")
        terminal.type("m")
        terminal.await_text("┌Map", "No GeoIP database is configured")
        land = sum("⠁" <= c <= "⣿" for line in terminal.text() for c in line)
        assert land > 300, f"{land} cells of land"
        terminal.type("h")
        terminal.await_text("═ Help ═", "[s] opens the settings")
        terminal.type("\033[F")
        terminal.await_text("The hops authors")
        terminal.type("s")
        terminal.await_text("═ Settings ═")
        terminal.type("qm")
        terminal.await_text(GATEWAY)
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def stopped(how):
    """By a key, or by a signal; then the shell has the terminal, and gives it back."""
    with Terminal() as terminal:
        before = started(terminal)
        if how == "ctrl+z":
            terminal.type("\x1a")
        else:
            terminal.kill(how)
        given_back(terminal, before, terminal.status(), 128 + 20)
        (terminal.path / "status").unlink()
        terminal.type(f"echo in the shell; fg; echo $? >{terminal.path}/status\r")
        terminal.await_text("Running", GATEWAY)
        tap.equal(terminal.ask("alternate_on"), "1", "alternate screen")
        tap.equal(terminal.ask("cursor_flag"), "0", "cursor")
        assert "in the shell" not in "\n".join(terminal.text()), "not drawn whole"
        terminal.type("q")
        given_back(terminal, before, terminal.status(), 0)


def stopped_without_being_asked():
    """SIGSTOP takes effect at once; when the program goes on it draws the screen anew."""
    with Terminal() as terminal:
        started(terminal)
        terminal.kill(signal.SIGSTOP)
        tap.equal(terminal.status(), 128 + 19, "status of a stopped job")
        (terminal.path / "status").unlink()
        # The line is raw still: a return is no end of a line.
        terminal.type(f"stty sane; clear; fg; echo $? >{terminal.path}/status\n")
        terminal.await_text("Running", GATEWAY)
        terminal.type("i")  # not for the shell, and not echoed
        terminal.await_text("[ ip ]")
        tap.equal(terminal.ask("cursor_flag"), "0", "cursor")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")


def status_of_death(number):
    """What the shell says of it. A sanitizer, which has faults next after us, ends with 1."""
    sanitized = b"__asan_init" in pathlib.Path(HOPS).read_bytes()
    return 1 if sanitized and number in (signal.SIGSEGV, signal.SIGBUS) else 128 + number


def ended_by(number):
    with Terminal() as terminal:
        before = started(terminal)
        terminal.kill(number)
        given_back(terminal, before, terminal.status(), status_of_death(number))
        assert GATEWAY not in "\n".join(terminal.text()), "the frame is still there"


def colors_of(terminal):
    parameters = set()
    for row in terminal.colored():
        parameters |= styles(row)
    return parameters


def no_color():
    with Terminal() as terminal:
        started(terminal, env={"NO_COLOR": "1"})
        terminal.type("\033[B")
        terminal.await_text("Samples #1")
        found = {p for p in colors_of(terminal) if COLORS.search(p)}
        tap.equal(found, set(), "colours")
        assert any("7" in p.split(";") for p in colors_of(terminal)), "nothing is reversed"


def term(name, color):
    with Terminal() as terminal:
        before = started(terminal, env={"TERM": name})
        tap.equal(any(COLORS.search(p) for p in colors_of(terminal)), color, "colours")
        rows = terminal.text()
        tap.equal((rows[0][0], rows[0][79]), ("╭", "╮"), "frame")
        terminal.type("q")
        given_back(terminal, before, terminal.status(), 0)


def direct_color():
    """RGB colours reach a terminal that has them as they are."""
    with Terminal() as terminal:
        started(terminal, "--tui-theme-colors", "border-color=123456", env={"TERM": "xterm-direct"})
        assert any(re.search(r"38[;:]2[;:]+18[;:]52[;:]86", p) for p in colors_of(terminal)), \
            colors_of(terminal)


def colors_by_name():
    """Each item of the theme gets its own colour, whatever the order of the lists."""
    with Terminal(104, 30) as terminal:
        started(terminal, "--tui-theme-colors", "settings-dialog-bg-color=010203,"
                "settings-tab-text-color=040506", env={"TERM": "xterm-direct"})
        terminal.type("s")
        terminal.await_text("Bindings")
        assert any(re.search(r"48[;:]2[;:]+1[;:]2[;:]3", p) for p in colors_of(terminal)), \
            colors_of(terminal)
        assert any(re.search(r"38[;:]2[;:]+4[;:]5[;:]6", p) for p in colors_of(terminal)), \
            colors_of(terminal)


def without_a_screen(name, words):
    """A terminal that cannot be drawn on: a report, or a message if the screen was asked for."""
    with Terminal() as terminal:
        terminal.run([*LIVE], env={"TERM": name})
        tap.equal(terminal.status(), 1, "exit status when asked for")
        terminal.await_text(*words)
    if name == "dumb":
        with Terminal(132, 30) as terminal:
            terminal.run([HOPS, "--simulate", "-C", "2"], env={"TERM": name})
            tap.equal(terminal.status(), 0, "exit status of the report")
            terminal.await_text(GATEWAY, "Loss%")
            tap.equal(terminal.ask("alternate_on"), "0", "alternate screen")


def no_terminal():
    run = subprocess.run(LIVE, env={"PATH": os.environ["PATH"], "TERM": "xterm"},
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                         check=False)
    tap.equal((run.returncode, run.stdout), (1, ""), "status and output")
    assert "no terminal" in run.stderr and "--mode" in run.stderr, run.stderr
    report = subprocess.run([HOPS, "--simulate", "-C", "2"], stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, timeout=60, check=False)
    assert GATEWAY in report.stdout, report.stderr


def ascii_locale():
    for locale in ("C", "POSIX"):
        with Terminal() as terminal:
            started(terminal, env={"LC_ALL": locale})
            text = "\n".join(terminal.text())
            assert text.isascii(), text
            tap.equal((terminal.text()[0][0], terminal.text()[4][:5]), ("+", "+Hops"), "frame")


def timezone():
    if not pathlib.Path("/usr/share/zoneinfo/Asia/Tokyo").exists():
        raise tap.Skip("no time zone data (tzdata)")
    with Terminal() as terminal:
        started(terminal, "--tui-timezone", "Asia/Tokyo")
        terminal.await_text("+09:00")
    with Terminal() as terminal:
        started(terminal, "--tui-timezone", "UTC", env={"TZ": "Asia/Tokyo"})
        assert re.search(r"\d\dZ│", terminal.text()[1]), terminal.text()[1]


def settings_reach_the_screen():
    with Terminal(120, 30) as terminal:
        started(terminal, "--tui-custom-columns", "holsA", "-z", "-a", "both",
                "--tui-key-bindings", "quit=x,toggle-help=j", "--tui-privacy-max-ttl", "0")
        terminal.await_text("ASN", "(192.0.2.1)", "**Hidden** -> 203.0.113.200", "[■ ASN]",
                            "[privacy: 0]", "AS64500")
        terminal.type("q")
        terminal.type("x")
        tap.equal(terminal.status(), 0, "exit status")


def mouse():
    """A click selects, the wheel moves on; the terminal has its mouse back afterwards."""
    with Terminal(104, 30) as terminal:
        before = started(terminal)
        tap.equal(terminal.ask("mouse_sgr_flag"), "1", "mouse reports")
        terminal.type("\033[<0;10;8M\033[<0;10;8m")
        terminal.await_text("Samples #2")
        terminal.type("\033[<65;10;8M")
        terminal.await_text("Samples #3")
        terminal.type("\033[<0;101;3M\033[<0;101;3m")  # the word quit
        given_back(terminal, before, terminal.status(), 0)
        tap.equal(terminal.ask("mouse_any_flag"), "0", "mouse reports afterwards")
    with Terminal(104, 30) as terminal:
        started(terminal, "--tui-mouse", "off")
        tap.equal(terminal.ask("mouse_any_flag"), "0", "mouse reports when off")


def killed_with_the_mouse():
    with Terminal() as terminal:
        before = started(terminal)
        terminal.kill(signal.SIGSEGV)
        given_back(terminal, before, terminal.status(), status_of_death(signal.SIGSEGV))
        tap.equal(terminal.ask("mouse_any_flag"), "0", "mouse reports")


def settings_are_saved():
    """Inside the sandbox, into the file that was read, whose other lines stay."""
    with Terminal(104, 30) as terminal:
        file = terminal.path / "hops.toml"
        file.write_text("# mine\n[tui]\ntui-address-mode = \"both\" # kept\n", encoding="utf-8")
        started(terminal, "--config-file", str(file))
        terminal.await_text("[both]")
        terminal.type("7")
        terminal.await_text("Columns")
        terminal.type("c")
        terminal.await_text("off")
        terminal.type("w")
        terminal.await_text("saved in ")
        terminal.type("\x03")
        tap.equal(terminal.status(), 0, "exit status")
        text = file.read_text(encoding="utf-8")
        assert "# mine" in text and "# kept" in text, text
        assert 'tui-custom-columns = "olsravbwdt"' in text, text


def additions_reach_the_screen():
    with Terminal(104, 30) as terminal:
        started(terminal, "--tui-theme", "light", "--tui-status-letters", "--tui-ascii")
        text = "\n".join(terminal.text())
        assert text.isascii(), text
        light = colors_of(terminal)
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")
        started(terminal)
        assert colors_of(terminal) != light, "the theme has not changed a thing"


def recorded_and_replayed():
    with Terminal() as terminal:
        recording = terminal.path / "recording"
        started(terminal, "--record", str(recording))
        terminal.await_true("three rounds", lambda: recording.read_text(encoding="utf-8")
                            .count('"round"') >= 3)
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status of the recording")
        terminal.run([HOPS, "-m", "tui", "--replay", str(recording), "--replay-speed", "10"])
        terminal.await_text(GATEWAY, "Ended", "The recording ends here.")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status of the replay")


def replay_of_a_silent_pipe():
    """The keys are taken while nothing comes."""
    with Terminal() as terminal:
        before = terminal.modes()
        recording = terminal.path / "recording"
        pipe = terminal.path / "pipe"
        subprocess.run([HOPS, "--simulate", "-m", "silent", "-C", "2", "--record", str(recording)],
                       check=True, capture_output=True)
        os.mkfifo(pipe)
        terminal.run([HOPS, "-m", "tui", "--replay", str(pipe), "--replay-speed", "100"])
        with open(pipe, "wb") as writer:
            writer.write(b"".join(recording.read_bytes().splitlines(keepends=True)[:-1]))
            writer.flush()
            terminal.await_text(GATEWAY)
            terminal.type("q")
            given_back(terminal, before, terminal.status(), 0)


def broken_recording():
    with Terminal(104, 24) as terminal:
        before = terminal.modes()
        recording = terminal.path / "recording"
        recording.write_text("nonsense\n", encoding="utf-8")
        terminal.run([HOPS, "-m", "tui", "--replay", str(recording)])
        given_back(terminal, before, terminal.status(), 1)
        terminal.await_text("Error: replay")


def main():
    suite = tap.Suite()
    suite.add("start_and_quit", start_and_quit)
    suite.add("quit_preserve", quit_preserve)
    suite.add("ctrl_c_quits", ctrl_c_quits)
    suite.add("resize", resize)
    suite.add("keys_of_a_terminal", keys_of_a_terminal)
    suite.add("pages_of_a_terminal", pages_of_a_terminal)
    suite.add("stopped_by_key", stopped, "ctrl+z")
    suite.add("stopped_by_signal", stopped, signal.SIGTSTP)
    suite.add("stopped_without_being_asked", stopped_without_being_asked)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGSEGV", "SIGABRT", "SIGBUS", "SIGQUIT"):
        suite.add(f"ended_by_{name}", ended_by, getattr(signal, name))
    suite.add("no_color", no_color)
    suite.add("term_xterm_256color", term, "xterm-256color", True)
    suite.add("term_xterm_direct", term, "xterm-direct", True)
    suite.add("term_linux", term, "linux", True)
    suite.add("term_vt100", term, "vt100", False)
    suite.add("direct_color", direct_color)
    suite.add("colors_by_name", colors_by_name)
    suite.add("term_dumb", without_a_screen, "dumb", ["'dumb'", "--mode"])
    suite.add("term_unknown", without_a_screen, "no-such-terminal", ["'no-such-terminal'", "--mode"])
    suite.add("no_terminal", no_terminal)
    suite.add("ascii_locale", ascii_locale)
    suite.add("timezone", timezone)
    suite.add("settings_reach_the_screen", settings_reach_the_screen)
    suite.add("mouse", mouse)
    suite.add("killed_with_the_mouse", killed_with_the_mouse)
    suite.add("settings_are_saved", settings_are_saved)
    suite.add("additions_reach_the_screen", additions_reach_the_screen)
    suite.add("recorded_and_replayed", recorded_and_replayed)
    suite.add("replay_of_a_silent_pipe", replay_of_a_silent_pipe)
    suite.add("broken_recording", broken_recording)
    suite.run()


main()
