#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The completions of --generate in the shells they are for: keys are typed at a real prompt on a
terminal of its own, and what the shell makes of the line is read back."""

import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time

import tap

BINARY = os.environ["HOPS"]


def options():
    """{option: set of values, None: takes none or any}, short and long ones, from the help."""
    found = {}
    text = subprocess.run([BINARY, "-h"], capture_output=True, check=True, text=True,
                          env={**os.environ, "COLUMNS": "1000"}).stdout
    for entry in re.split(r"\n(?=  +-)", text[text.index("\nOptions:"):]):
        names = re.match(r"\s+(-\w, )?(--[\w-]+)", entry)
        if names is None:
            continue
        values = re.search(r"\[possible values: ([^]]*)\]", " ".join(entry.split()))
        for name in (names.group(1) or "").strip(", "), names.group(2):
            if name:
                found[name] = set(values.group(1).split(", ")) if values else None
    return found


class Terminal:
    """A shell at work on a pseudo terminal."""

    def __init__(self, arguments, folder):
        self._output = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(folder)
                os.execvpe(arguments[0], arguments, {
                    "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder,
                    "XDG_STATE_HOME": folder, "XDG_RUNTIME_DIR": folder, "TERM": "xterm",
                    "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
            finally:
                os._exit(127)

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    def send(self, text):
        os.write(self._fd, text.encode())

    def forget(self):
        self._output = b""

    def shows(self, octets):
        return octets in self._output

    def wait(self, condition, what, seconds=60):
        """Reads on until the condition is met; terminals that are asked questions answer."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"{what}: {self._output[-600:]!r}")
            if select.select([self._fd], [], [], 0.02)[0]:
                octets = os.read(self._fd, 65536)
                self._output += octets
                if b"\033[6n" in octets:  # where is the cursor?
                    self.send("\033[1;1R")
                if b"\033[c" in octets or b"\033[0c" in octets:  # which terminal are you?
                    self.send("\033[?62c")


class Shell:
    """What a shell needs: how it starts, and how a line that is being edited becomes a record of its
    words, one per line, in the file "words"."""

    name = ""
    start = ()
    begin = "\x01"  # to the beginning of the line
    record = "./record "
    ready = ": >ready\r"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder, self.name)
        self.terminal = None
        self.folder.mkdir()
        script = subprocess.run([BINARY, "--generate", self.name], capture_output=True, check=True)
        tap.equal(script.stderr, b"", "stderr")
        (self.folder / "completion").write_bytes(script.stdout)
        record = self.folder / "record"
        record.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >words.new\nmv words.new words\n',
                          encoding="ascii")
        record.chmod(0o755)
        for file in ("somefile.toml", "someother"):
            (self.folder / file).touch()
        self.prepare()

    def prepare(self):
        pass

    def wait(self, condition, what):
        """A shell that went astray is not used again."""
        try:
            self.terminal.wait(condition, what)
        except AssertionError:
            self.close()
            raise

    def close(self):
        if self.terminal is not None:
            self.terminal.close()
        self.terminal = None

    def settle(self, terminal):
        """After the tab: all shells but one take keys one after the other."""

    def complete(self, typed):
        """The words of the line after a tab."""
        words = self.folder / "words"
        words.unlink(missing_ok=True)
        if self.terminal is None:
            ready = self.folder / "ready"
            ready.unlink(missing_ok=True)
            self.terminal = Terminal(self.start, str(self.folder))
            self.terminal.send(self.ready)
            self.wait(ready.exists, "no prompt")
        self.terminal.forget()
        self.terminal.send(f"hops {typed}\t")
        self.settle(self.terminal)
        self.terminal.send(f"{self.begin}{self.record}\r")
        self.wait(words.exists, f"nothing recorded after {typed!r}")
        return words.read_text(encoding="utf-8").split("\n")[1:-1]


class Bash(Shell):
    name = "bash"
    start = ("bash", "--rcfile", "rc", "-i")

    def prepare(self):
        (self.folder / "rc").write_text("source ./completion\n", encoding="ascii")

    def candidates(self, *words):
        line = " ".join(f"'{word}'" for word in ("hops",) + words)
        script = (f"source ./completion; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _hops; "
                  "printf '%s\\n' \"${COMPREPLY[@]}\"")
        return set(subprocess.run(["bash", "--norc", "-c", script], capture_output=True, check=True,
                                  text=True, cwd=self.folder).stdout.split())


class Fish(Shell):
    name = "fish"
    start = ("fish", "--no-config", "-C", "source ./completion; function fish_prompt; end")
    ready = "true >ready\r"

    def candidates(self, *words):
        line = " ".join(("hops",) + words)
        out = subprocess.run(["fish", "--no-config", "-c",
                              f"source ./completion; complete -C '{line}'"], capture_output=True,
                             check=True, text=True, cwd=self.folder, env={**os.environ, "HOME":
                             str(self.folder)})
        tap.equal(out.stderr, "", "stderr")
        return {line.split("\t")[0] for line in out.stdout.splitlines()}


class Zsh(Shell):
    name = "zsh"
    start = ("zsh", "-f", "-i", "-o", "no_global_rcs")

    def prepare(self):
        # The function of the file runs when it is completed for the first time, so it is autoloaded,
        # as an installed one would be.
        (self.folder / "_hops").write_bytes((self.folder / "completion").read_bytes())
        (self.folder / "setup").write_text(
            "fpath=($PWD $fpath)\nautoload -U compinit\ncompinit -u -D\n"
            "compadd() {\n"
            "    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd \"$@\"; return; fi\n"
            "    local -a hits\n"
            "    builtin compadd -A hits \"$@\"\n"
            "    (( $#hits )) && print -rl -- $hits >>candidates\n"
            "    builtin compadd \"$@\"\n"
            "}\n", encoding="ascii")
        self.ready = "PS1=; source ./setup; : >ready\r"

    def candidates(self, *words):
        (self.folder / "candidates").unlink(missing_ok=True)
        self.complete(" ".join(words))
        return set((self.folder / "candidates").read_text(encoding="utf-8").split())


class Elvish(Shell):
    name = "elvish"
    start = ("elvish", "-rc", "rc.elv")
    begin = "\033[H"
    ready = "print '' > ready\r"

    def prepare(self):
        (self.folder / "rc.elv").write_bytes((self.folder / "completion").read_bytes() +
                                             b"set edit:prompt = { put 'p' }\n"
                                             b"set edit:rprompt = { put '' }\n")

    def settle(self, terminal):
        """Candidates that need quotes are shown and wait to be accepted, even if there is only one."""
        end = time.monotonic() + 0.5
        terminal.wait(lambda: time.monotonic() > end or terminal.shows(b"COMPLETING"), "never")
        if terminal.shows(b"COMPLETING"):
            terminal.send("\r")


UNIQUE = [
    ("--first-t", ["--first-ttl"]),
    ("--report-c", ["--report-cycles"]),
    ("-m js", ["-m", "json"]),
    ("--mode js", ["--mode", "json"]),
    ("--mode=js", ["--mode=json"]),
    ("-u --protocol=t", ["-u", "--protocol=tcp"]),
    ("--addr-family ipv6-", ["--addr-family", "ipv6-then-ipv4"]),
    ("--generate el", ["--generate", "elvish"]),
    ("-c somef", ["-c", "somefile.toml"]),
    ("--config-file=somef", ["--config-file=somefile.toml"]),
    ("-G somef", ["-G", "somefile.toml"]),
    ("--record somef", ["--record", "somefile.toml"]),
    ("--simulate=somef", ["--simulate=somefile.toml"]),
]


def unique_is_typed(shell, typed, want):
    tap.equal([word.rstrip() for word in shell.complete(typed)], want, typed)


def every_option_is_offered(shell):
    known = options()
    tap.between(len(known), 90, 130, "options in the help")
    offered = shell.candidates("-") | shell.candidates("--")
    names = {word.split("=")[0].split(":")[0] for word in offered}
    tap.equal(set(known) - names, set(), "options that are not offered")
    tap.equal({name for name in names if name.startswith("-")} - set(known) - {"-", "--"}, set(),
              "options that are unknown")


def every_value_is_offered(shell):
    known = {name: values for name, values in options().items() if values}
    tap.between(len(known), 15, 30, "options with values")
    for name, values in known.items():
        tap.equal(shell.candidates(name, ""), values, name)


def main():
    suite = tap.Suite()
    shells = []
    with tempfile.TemporaryDirectory(prefix="hops-completion-") as folder:
        for kind in (Bash, Zsh, Fish, Elvish):
            if shutil.which(kind.name) is None:
                suite.add(f"completion_{kind.name}", no_shell, kind.name)
                continue
            shell = kind(folder)
            shells.append(shell)
            for typed, want in UNIQUE:
                suite.add(f"completion_{kind.name} {typed}", unique_is_typed, shell, typed, want)
            if kind is not Elvish:
                suite.add(f"completion_{kind.name}_options", every_option_is_offered, shell)
                suite.add(f"completion_{kind.name}_values", every_value_is_offered, shell)
        try:
            suite.run()
        finally:
            for shell in shells:
                shell.close()


def no_shell(name):
    raise tap.Skip(f"{name} is not installed (tools/deps installs it)")


if __name__ == "__main__":
    main()
