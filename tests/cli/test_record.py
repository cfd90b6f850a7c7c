#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Recordings made beside each mode, and shown again in each: the same octets; damaged ones as far as
they are good, with a warning that says where they are not."""

import json
import os
import pathlib
import signal
import stat
import subprocess
import tempfile
import time

import tap

BINARY = os.environ["HOPS"]
REPORTS = ["pretty", "markdown", "csv", "json", "silent"]
FLOWS = ["dot", "flows"]
PARIS = ["--udp", "-R", "paris"]
WAYS = {"icmp": ["-e"], "dublin": ["--udp", "-R", "dublin"], "tcp": ["--tcp"]}
QUICK = ["-i", "50ms", "-T", "100ms", "--reply-timeout", "100ms"]  # events live in real time
SCENARIOS = pathlib.Path(__file__).parent.parent.parent / "scenarios"


def hops(*arguments, status=0):
    done = subprocess.run([BINARY, *arguments], capture_output=True, timeout=60, check=False)
    tap.equal(done.returncode, status, f"status of {arguments}, stderr {done.stderr!r}")
    return done


def recording(folder, name):
    path = os.path.join(folder, name)
    hops("--simulate", "-m", "silent", "-C", "2", "--record", path)
    return path


def replay_equals_the_run(folder, name, mode, arguments, scenario=None):
    path = os.path.join(folder, f"{name}-{mode}-run")
    simulate = "--simulate" if scenario is None else f"--simulate={SCENARIOS / scenario}.toml"
    live = hops(simulate, "-m", mode, "-C", "3", *arguments, "--record", path)
    again = hops("--replay", path, "-m", mode, "--replay-speed", "0")
    tap.equal(again.stdout, live.stdout, mode)
    tap.equal(again.stderr, b"", "stderr")
    if mode != "silent" and not live.stdout:
        raise AssertionError("the run printed nothing")


def events_are_the_recording(folder):
    path = recording(folder, "as-events")
    shown = hops("--replay", path, "-m", "events", "--replay-speed", "0")
    tap.equal(shown.stdout, pathlib.Path(path).read_bytes(), "events")
    copy = os.path.join(folder, "copy")
    hops("--replay", path, "-m", "silent", "--record", copy)
    tap.equal(pathlib.Path(copy).read_bytes(), pathlib.Path(path).read_bytes(), "copy")


def times_before_the_start_are_due_at_once(folder):
    lines = pathlib.Path(recording(folder, "times")).read_text(encoding="utf-8").splitlines()
    path = os.path.join(folder, "odd-times")
    with open(path, "w", encoding="utf-8") as file:
        for i, line in enumerate(lines):
            time_of = {"t": 1 if i == 0 else -2**63 + 1}
            file.write(json.dumps({**json.loads(line), **time_of}) + "\n")
    shown = hops("--replay", path, "-m", "stream").stdout  # at the speed of the recording
    if b"203.0.113.200" not in shown.split(b"\n", 1)[1]:
        raise AssertionError(f"no rounds in {shown!r}")


def names_are_replayed(folder):
    shown = hops("--replay", recording(folder, "names"), "-m", "csv").stdout
    if b"gateway.home.example" not in shown:
        raise AssertionError(f"no name in {shown!r}")


def signal_keeps_the_recording(folder, number):
    path = os.path.join(folder, f"signal-{number}")
    with subprocess.Popen([BINARY, "--simulate", "-m", "stream", "--record", path],
                          stdout=subprocess.PIPE) as run:
        live = b""
        while b"ttl=5 " not in live:
            live += run.stdout.readline()
        run.send_signal(number)
        live += run.stdout.read()
    tap.equal(run.returncode, 128 + number, "status")
    again = hops("--replay", path, "-m", "stream", "--replay-speed", "0")
    tap.equal(again.stderr, b"", "stderr")
    tap.equal(again.stdout, live, "stream")


def damaged(folder, name, change, want):
    data = pathlib.Path(recording(folder, name)).read_bytes()
    path = os.path.join(folder, name + "-damaged")
    pathlib.Path(path).write_bytes(change(data))
    done = hops("--replay", path, "-m", "csv")
    if want.encode() not in done.stderr or path.encode() not in done.stderr:
        raise AssertionError(f"no {want!r} and path in {done.stderr!r}")
    if done.stdout.count(b"\n") < 5:
        raise AssertionError(f"the good part is not shown: {done.stdout!r}")


def in_place_of_a_reply(text):
    """The last reply; the first round is complete by then."""
    def change(data):
        lines = data.split(b"\n")
        at = max(i for i, line in enumerate(lines) if b'"event":"reply"' in line)
        lines[at] = text if text is not None else lines[0]
        return b"\n".join(lines)
    return change


def refused(path, content, want):
    pathlib.Path(path).write_bytes(content)
    done = hops("--replay", path, "-m", "csv", status=1)
    tap.equal(done.stdout, b"", "stdout")
    if want.encode() not in done.stderr:
        raise AssertionError(f"no {want!r} in {done.stderr!r}")


def every_cut_is_survived(folder):
    data = pathlib.Path(recording(folder, "cuts")).read_bytes()
    path = os.path.join(folder, "cut-here")
    # One octet short, only the last line's end is missing, and nothing is lost.
    for size in range(0, len(data) - 1, max(1, len(data) // 60)):
        pathlib.Path(path).write_bytes(data[:size])
        done = subprocess.run([BINARY, "--replay", path, "-m", "json"], capture_output=True,
                              timeout=60, check=False)
        tap.equal(done.returncode, 0 if size > data.index(b"\n") else 1, f"status at {size}")
        if not done.stderr:
            raise AssertionError(f"cut at {size} was not told")


def file_is_private_and_never_overwritten(folder):
    path = recording(folder, "private")
    tap.equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode")
    before = pathlib.Path(path).read_bytes()
    done = hops("--simulate", "-m", "csv", "--record", path, status=1)
    if b"not empty" not in done.stderr or done.stdout:
        raise AssertionError(f"{done.stdout!r} {done.stderr!r}")
    tap.equal(pathlib.Path(path).read_bytes(), before, "file")


def full_disk_costs_the_recording_only(_folder):
    done = hops("--simulate", "-m", "csv", "-C", "1", "--record", "/dev/full", status=1)
    if b"/dev/full" not in done.stderr or done.stdout.count(b"\n") < 5:
        raise AssertionError(f"{done.stdout!r} {done.stderr!r}")


def pace_is_that_of_the_recording(folder):
    path = recording(folder, "pace")
    begun = time.monotonic()
    hops("--replay", path, "-m", "stream")
    tap.between(time.monotonic() - begun, 1.0, 4.0, "seconds for two rounds")
    begun = time.monotonic()
    hops("--replay", path, "-m", "stream", "--replay-speed", "10")
    tap.between(time.monotonic() - begun, 0.1, 1.0, "seconds ten times as fast")


def silent_pipe_is_left_at_once(folder):
    """A recording that is still being made: what has come is shown, and one signal is enough."""
    lines = pathlib.Path(recording(folder, "pipe")).read_bytes().splitlines(keepends=True)
    first_round = next(i for i, line in enumerate(lines) if b'"event":"round"' in line)
    for before, status in ((first_round + 1, 130), (0, 130)):
        with subprocess.Popen([BINARY, "--replay", "/dev/stdin", "-m", "stream", "--replay-speed", "100"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            program.stdin.write(b"".join(lines[:before]))
            program.stdin.flush()
            if before > 0:
                while not program.stdout.readline().startswith(b"ttl=1 "):
                    pass  # nothing is held back while the pipe is silent
            else:
                time.sleep(0.5)
            program.send_signal(signal.SIGINT)
            tap.equal(program.wait(timeout=10), status, f"status after {before} lines")
            tap.equal(program.stderr.read(), b"", "stderr")
    whole = pathlib.Path(folder, "pipe").read_bytes()
    shown = subprocess.run([BINARY, "--replay", "/dev/stdin", "-m", "csv"], input=whole, timeout=60,
                           capture_output=True, check=True)
    tap.equal(shown.stdout, hops("--replay", os.path.join(folder, "pipe"), "-m", "csv").stdout, "report")


def not_together(folder, arguments, want):
    path = recording(folder, "together-" + str(abs(hash(tuple(arguments)))))
    arguments = [path if word == "FILE" else word for word in arguments]
    done = hops(*arguments, status=1)
    for text in (want, path):
        if text.encode() not in done.stderr:
            raise AssertionError(f"no {text!r} in {done.stderr!r}")


def add_cases(suite, folder):
    for mode in REPORTS:
        suite.add(f"replay_{mode}_equals_run", replay_equals_the_run, folder, "one", mode, [])
    for mode in REPORTS + FLOWS:
        suite.add(f"replay_{mode}_paris_equals_run", replay_equals_the_run, folder, "paris",
                  mode, PARIS)
        suite.add(f"replay_{mode}_of_several_equals_run", replay_equals_the_run, folder, "several",
                  mode, ["mail.example", "www.example", "-e", *PARIS])
    suite.add("replay_events_equals_run", replay_equals_the_run, folder, "one", "events", QUICK)
    suite.add("replay_events_of_several_equals_run", replay_equals_the_run, folder, "several", "events",
              ["mail.example", "www.example", *QUICK])
    for scenario in sorted(path.stem for path in SCENARIOS.glob("*.toml")):
        for mode in ("csv", "json"):
            for name, arguments in WAYS.items():
                suite.add(f"replay_{mode}_of_{scenario}_{name}_equals_run", replay_equals_the_run,
                          folder, f"{scenario}-{name}", mode, arguments, scenario)
    for function in (events_are_the_recording, times_before_the_start_are_due_at_once,
                     names_are_replayed, every_cut_is_survived,
                     file_is_private_and_never_overwritten, full_disk_costs_the_recording_only,
                     pace_is_that_of_the_recording, silent_pipe_is_left_at_once):
        suite.add(function.__name__, function, folder)
    for number in (signal.SIGINT, signal.SIGTERM):
        suite.add(f"signal_{number}_keeps_the_recording", signal_keeps_the_recording, folder, number)
    for name, change, want in (
            ("cut-in-line", lambda data: data[:-40], "not JSON"),
            ("cut-between-lines", lambda data: data[:data[:-2].rindex(b"\n") + 1], "ends before"),
            ("not-json", in_place_of_a_reply(b"{\"v\":1,"), "not JSON"),
            ("nul", in_place_of_a_reply(b"\0"), "not JSON"),
            ("long", in_place_of_a_reply(b"x" * 10_000_000), "longer than"),
            ("deep", in_place_of_a_reply(b"[" * 100_000), "not JSON"),
            ("second-start", in_place_of_a_reply(None), "second event"),
            ("huge", in_place_of_a_reply(b'{"v":1,"event":"settled","trace":4294967295,"t":0,'
                                         b'"round":0}'), "no trace"),
            ("later", in_place_of_a_reply(b'{"v":2,"event":"end","trace":0,"t":0}'), "version 2")):
        suite.add(f"damage_{name}_is_told", damaged, folder, name, change, want)
    suite.add("unknown_schema_is_refused", refused, os.path.join(folder, "v2"),
              b'{"v":2,"event":"start"}\n', "version 2")
    suite.add("empty_recording_is_refused", refused, os.path.join(folder, "empty"), b"", "empty")
    suite.add("first_line_must_be_start", refused, os.path.join(folder, "nostart"),
              b'{"v":1,"event":"end","trace":0,"t":0,"reason":"stopped"}\n', "start")
    for name, arguments, want in (
            ("target", ["--replay", "FILE", "-m", "csv", "192.0.2.1"], "192.0.2.1"),
            ("simulate", ["--replay", "FILE", "-m", "csv", "--simulate"], "--simulate"),
            ("same_file", ["--replay", "FILE", "-m", "csv", "--record", "FILE"], "--replay"),
            ("classic_dot", ["--replay", "FILE", "-m", "dot"], "paris or dublin")):
        suite.add(f"replay_refuses_{name}", not_together, folder, arguments, want)


def main():
    suite = tap.Suite()
    with tempfile.TemporaryDirectory(prefix="hops-record-") as folder:
        add_cases(suite, folder)
        suite.run()


if __name__ == "__main__":
    main()
