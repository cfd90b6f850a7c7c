#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The log of --verbose: on stderr, in each form, beside the report and not in it."""

import json
import os
import pty
import re
import signal
import subprocess
import tempfile

import tap

BINARY = os.environ["HOPS"]
RUN = ["--simulate", "-m", "csv", "-C", "2"]
LINE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z (ERROR| WARN| INFO|DEBUG|TRACE) "
                  rb"(trace\{[^}]*\}:(round\{number=\d+\}:)? )?hops::(cli|net|tracer|lookup): [a-z ]+"
                  rb"( [a-z_]+=(\"[^\"]*\"|\S+))*$")


def hops(*arguments, status=0, stderr=subprocess.PIPE, **variables):
    done = subprocess.run([BINARY, *arguments], stdout=subprocess.PIPE, stderr=stderr, timeout=60,
                          check=False, env={**os.environ, **variables})
    tap.equal(done.returncode, status, f"status of {arguments}, stderr {(done.stderr or b'')[-400:]!r}")
    return done


def has(text, *parts):
    for part in parts:
        if part not in text:
            raise AssertionError(f"no {part!r} in {text!r}")


def report_is_the_same(log_format):
    plain = hops(*RUN)
    logged = hops(*RUN, "-v", "--log-format", log_format)
    tap.equal(logged.stdout, plain.stdout, "stdout")
    tap.equal(plain.stderr, b"", "stderr without -v")
    has(logged.stderr, b"hops begins", b"probe sent", b"reply", b"hops ends")


def compact_lines():
    lines = hops(*RUN, "-v", "--log-format", "compact").stderr.splitlines()
    for line in lines:
        if not LINE.match(line):
            raise AssertionError(f"not a line: {line!r}")
    tap.between(len(lines), 30, 300, "lines")


def pretty_is_the_default():
    log = hops(*RUN, "-v").stderr
    tap.equal(len(re.findall(rb"^    at src/cli/\w+\.c:\d+$", log, re.M)), log.count(b"\n\n"),
              "places")
    has(log, b"\n    in round with number: 1\n    in trace with target: www.example, address: ")


def json_lines():
    log = [json.loads(line) for line in
           hops(*RUN, "-v", "--log-format", "json", "--log-filter", "trace").stderr.splitlines()]
    settled = [line for line in log if line["fields"]["message"] == "round settled"]
    tap.equal([line["level"] for line in settled], ["TRACE", "TRACE"], "levels")
    sent = [line for line in log if line["fields"]["message"] == "probe sent"]
    tap.equal({line["span"]["name"] for line in sent}, {"round"}, "span")
    tap.equal({(line["fields"]["round"], line["spans"][1]["number"]) for line in sent},
              {(0, 0), (1, 1)}, "rounds")
    tap.equal(log[-1]["fields"], {"message": "hops ends", "status": 0}, "last")


def check_chrome(text):
    """Every thread's spans are nested and closed."""
    events = json.loads(text)
    stacks = {}
    for event in events:
        stack = stacks.setdefault(event["tid"], [])
        if event["ph"] == "B":
            stack.append(event["name"])
        elif event["ph"] == "E":
            tap.equal(stack.pop(), event["name"], "ends")
    tap.equal({thread: len(stack) for thread, stack in stacks.items()},
              {thread: 0 for thread in stacks}, "open spans")
    return events


def chrome_array():
    events = check_chrome(hops(*RUN, "-v", "--log-format", "chrome", "--log-filter", "off").stderr)
    tap.equal(sum(event["ph"] == "B" and event["name"] == "round" for event in events), 2, "rounds")
    tap.equal({event["ph"] for event in events}, {"M", "B", "E", "i"}, "kinds")


def chrome_is_closed_by_a_signal():
    with subprocess.Popen([BINARY, "--simulate", "-m", "stream", "-v", "--log-format", "chrome"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        while b"ttl=5 " not in run.stdout.readline():
            pass
        run.send_signal(signal.SIGINT)
        _, log = run.communicate(timeout=30)
    tap.equal(run.returncode, 130, "status")
    check_chrome(log)


def errors_are_lines_for_machines():
    done = hops("--simulate", "nobody.example", "-m", "csv", "-v", "--log-format", "json",
                "--log-filter", "off", status=1)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    tap.equal([line["level"] for line in lines], ["ERROR"], "levels")
    has(lines[0]["fields"]["message"], "nobody.example")
    done = hops("--simulate", "nobody.example", "-m", "csv", "-v", "--log-filter", "off", status=1)
    tap.equal(done.stderr.startswith(b"Error: target nobody.example "), True, "for people")


def bad_directives_are_told():
    done = hops(*RUN, "-v", "--log-filter", "hops[round]=debug,\033[2J,hops::cli=info",
                "--log-format", "compact")
    has(done.stderr, b"hops: log-filter: 'hops[round]=debug' is passed over",
        b"hops: log-filter: '\\027[2J' is passed over", b"INFO hops::cli: hops begins")
    tap.equal(b"DEBUG" in done.stderr, False, "no more than asked for")


def spans_are_told():
    done = hops(*RUN, "-v", "--log-format", "compact", "--log-filter", "info", "--log-span-events",
                "full")
    for what, count in ((b"new", 3), (b"enter", 3), (b"exit", 3), (b"close time=", 3)):
        tap.equal(len(re.findall(rb": hops::tracer: " + what, done.stderr)), count, what)


def full_disk_is_nobodys_error():
    with open("/dev/full", "wb") as full:
        done = hops(*RUN, "-v", stderr=full)
    tap.equal(done.stdout, hops(*RUN).stdout, "report")


def on_terminal(**variables):
    """What is logged to a terminal."""
    master, slave = pty.openpty()
    os.set_blocking(master, False)
    try:
        hops("--simulate", "-m", "silent", "-C", "1", "-v", "--log-filter", "info", "--log-format",
             "compact", stderr=slave, **variables)
        return os.read(master, 100_000)
    finally:
        os.close(master)
        os.close(slave)


def colors_are_for_terminals():
    has(on_terminal(TERM="xterm", NO_COLOR=""), b"\033[32m INFO\033[0m hops::cli: hops begins")
    for variables in ({"TERM": "dumb", "NO_COLOR": ""}, {"TERM": "xterm", "NO_COLOR": "1"}):
        log = on_terminal(**variables)
        has(log, b"INFO hops::cli: hops begins")
        tap.equal(b"\033" in log, False, f"escapes with {variables}")
    tap.equal(b"\033" in hops(*RUN, "-v", TERM="xterm", NO_COLOR="").stderr, False, "in a pipe")


def replay_tells_the_recorded_times(folder):
    path = os.path.join(folder, "recording")
    arguments = ["-m", "silent", "-v", "--log-format", "compact", "--log-filter", "hops::tracer=debug"]
    live = hops("--simulate", "-C", "2", "--record", path, *arguments)
    again = hops("--replay", path, *arguments)
    tap.equal(again.stderr, live.stderr, "log")


def tui_has_no_room():
    has(hops("--simulate", "-m", "tui", "-v", status=1).stderr, b"mode tui")


def main():
    suite = tap.Suite()
    for log_format in ("compact", "pretty", "json", "chrome"):
        suite.add(f"log_{log_format}_leaves_the_report_alone", report_is_the_same, log_format)
    for function in (compact_lines, pretty_is_the_default, json_lines, chrome_array,
                     chrome_is_closed_by_a_signal, errors_are_lines_for_machines,
                     bad_directives_are_told, spans_are_told, full_disk_is_nobodys_error,
                     colors_are_for_terminals, tui_has_no_room):
        suite.add(f"log_{function.__name__}", function)
    with tempfile.TemporaryDirectory(prefix="hops-log-") as folder:
        suite.add("log_replay_tells_the_recorded_times", replay_tells_the_recorded_times, folder)
        suite.run()


if __name__ == "__main__":
    main()
