# SPDX-License-Identifier: MIT
"""A terminal for the program under test: tmux, whose screen can be read back cell by cell.

    with Terminal(columns, rows) as terminal:
        terminal.run(["hops", "--simulate"], env={"TERM": "vt100"})
        terminal.await_text("Running")
        terminal.type("q")

The program is started from a shell with job control, as people start it. Nothing here sleeps for a
fixed time: what is awaited is looked for until patience ends."""

import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import termios
import time

PATIENCE = 30
PROMPT = "ready>"


class Terminal:
    """One tmux server with one shell in it."""

    def __init__(self, columns=80, rows=24):
        self._directory = tempfile.TemporaryDirectory(prefix="hops-tty-")
        self.path = pathlib.Path(self._directory.name)
        config = self.path / "tmux.conf"
        config.write_text("set -g status off\nset -g remain-on-exit on\nset -sg escape-time 0\n"
                          "set -g default-terminal tmux-256color\nset -s set-clipboard on\n",
                          encoding="utf-8")
        # A shell that reads no file of the user's, and whose words nobody mistakes for the program's.
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.path), "LC_ALL": "C.UTF-8",
                       "PS1": PROMPT, "TERM": "xterm-256color", "SHELL": "/bin/sh"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        self._environment = environment
        self._tmux("-f", str(config), "new-session", "-d", "-x", str(columns), "-y", str(rows),
                   "exec /bin/sh -i")
        self.tty = self.ask("pane_tty")
        self.await_text(PROMPT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._tmux("kill-server")
        except subprocess.CalledProcessError:
            pass  # it has ended by itself
        self._directory.cleanup()

    def _tmux(self, *arguments):
        return subprocess.run(["tmux", "-u", "-S", str(self.path / "socket"), *arguments],
                              env=self._environment, check=True, capture_output=True,
                              text=True, timeout=PATIENCE).stdout

    # What it shows.

    def text(self):
        """The rows of the screen."""
        return self._tmux("capture-pane", "-p").split("\n")[:-1]

    def colored(self):
        """The rows of the screen, to their ends, with the sequences that give them their colours."""
        return self._tmux("capture-pane", "-p", "-e", "-N").split("\n")[:-1]

    def ask(self, variable):
        """A variable of tmux, such as alternate_on or cursor_flag."""
        return self._tmux("display-message", "-p", f"#{{{variable}}}").strip()

    def clipboard(self):
        """What a program put on the clipboard last, None: nothing so far."""
        try:
            return self._tmux("show-buffer")
        except subprocess.CalledProcessError:
            return None

    def modes(self):
        """The modes of the line, as tcgetattr() gives them."""
        fd = os.open(self.tty, os.O_RDONLY | os.O_NOCTTY)
        try:
            return termios.tcgetattr(fd)
        finally:
            os.close(fd)

    def await_true(self, what, condition):
        """Looks until the condition holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"never came: {what}\n" + "\n".join(self.text()))
            time.sleep(0.02)

    def await_text(self, *texts):
        """Looks until all of these are on the screen."""
        self.await_true(" and ".join(texts),
                        lambda: all(text in "\n".join(self.text()) for text in texts))

    # What is done to it.

    def resize(self, columns, rows):
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def type(self, octets):
        """What the terminal sends: characters or whole sequences."""
        self._tmux("send-keys", "-H", *(f"{octet:x}" for octet in octets.encode()))

    def run(self, command, env=None):
        """Types a command into the shell. Its process, and then its exit status, can be asked for."""
        for name in ("pid", "status"):
            (self.path / name).unlink(missing_ok=True)
        words = " ".join(f"{name}={shlex.quote(value)}" for name, value in (env or {}).items())
        script = self.path / "script"
        script.write_text("echo $$ >" + shlex.quote(str(self.path / "pid.new")) + "\n"
                          "mv " + shlex.quote(str(self.path / "pid.new")) + " "
                          + shlex.quote(str(self.path / "pid")) + "\n"
                          f"exec env {words} {shlex.join(command)}\n", encoding="utf-8")
        self.type(f"clear; sh {script}; echo $? >{self.path}/status\r")
        self.await_true("a process", (self.path / "pid").exists)

    def pid(self):
        return int((self.path / "pid").read_text(encoding="utf-8"))

    def kill(self, number):
        os.kill(self.pid(), number)

    def status(self):
        """Waits for the end of the program; 128 + N for one that signal N ended."""
        self.await_true("the end", lambda: (self.path / "status").exists()
                        and (self.path / "status").read_text(encoding="utf-8").endswith("\n"))
        return int((self.path / "status").read_text(encoding="utf-8"))


def styles(row):
    """The parameters of all SGR sequences in a row."""
    return set(re.findall(r"\033\[([0-9;:]*)m", row))


__all__ = ["Terminal", "PROMPT", "signal", "styles"]
