#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What each mode prints, octet for octet, for one target and for several; where it is printed, with
which exit status, and what becomes of it when it cannot be written or somebody interrupts."""

import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

import golden
import tap

BINARY = os.environ["HOPS"]
SCENARIOS = pathlib.Path(__file__).parent.parent.parent / "scenarios"
DOCUMENTS = ["pretty", "markdown", "csv", "json", "silent"]
PATHS = ["dot", "flows"]
PARIS = ["--udp", "-R", "paris"]
ACTIONS = [["--help"], ["-h"], ["--version"], ["--print-tui-theme-items"], ["--generate-man"],
           ["--print-tui-binding-commands"], ["--print-config-template"], ["--print-locales"],
           ["--generate", "bash"]]


def hops(*arguments, status=0, **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    done = subprocess.run([BINARY, *arguments], timeout=60, check=False, **options)
    tap.equal(done.returncode, status, f"status of {arguments}, stderr {done.stderr!r}")
    return done


def has(text, *parts):
    for part in parts:
        if part not in text:
            raise AssertionError(f"no {part!r} in {text!r}")


def strategy(mode):
    return PARIS if mode in PATHS else []


def without_times(mode, text):
    """Times of day are the only thing that differs from run to run."""
    if mode == "json":
        text, count = re.subn(rb'"(start|end)_timestamp": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"',
                              rb'"\1_timestamp": "TIME"', text)
        tap.between(count, 2, 100, "timestamps")
    return text


def output_is_golden(name, mode, arguments, scenario=None):
    simulate = "--simulate" if scenario is None else f"--simulate={SCENARIOS / scenario}.toml"
    done = hops(simulate, "-m", mode, *arguments)
    tap.equal(done.stderr, b"", "stderr")
    golden.check(f"outputs/{name}.txt", without_times(mode, done.stdout))


def replayed(folder, name, mode, arguments, change=lambda text: text):
    """stream and events go on for ever and at the pace of the clock; a replay does neither."""
    path = os.path.join(folder, name)
    hops("--simulate", "-m", "silent", "--record", path, *arguments)
    done = hops("--replay", path, "--replay-speed", "0", "-m", mode)
    tap.equal(done.stderr, b"", "stderr")
    golden.check(f"outputs/{name}.txt", change(done.stdout))


def without_wall(text):
    return re.sub(rb'"wall":\d+', b'"wall":0', re.sub(rb'"version":"[^"]*"', b'"version":""', text))


def stream_is_endless_and_lives():
    """The first round of a live stream, and the end of it by a signal."""
    want = (golden.ROOT / "outputs/stream-one.txt").read_bytes().splitlines(True)
    with subprocess.Popen([BINARY, "--simulate", "-m", "stream", "-C", "1", "-i", "200ms", "-T",
                           "200ms"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        lines = [run.stdout.readline() for _ in range(3 * 12 + 1)]
        run.send_signal(signal.SIGTERM)
        _, errors = run.communicate(timeout=30)
    tap.equal(lines[:13], want[:13], "first round")
    tap.equal(lines[36].split(b" ")[0], b"ttl=12", "third round, though one was asked for")
    tap.equal((run.returncode, errors), (143, b""), "end")


def json_times_are_those_of_the_run():
    info = json.loads(hops("--simulate", "-m", "json", "-C", "3").stdout)["info"]
    begin, end = (time.mktime(time.strptime(info[key][:19], "%Y-%m-%dT%H:%M:%S"))
                  for key in ("start_timestamp", "end_timestamp"))
    tap.between(end - begin, 2, 3, "seconds of three rounds")


# Where things go wrong.

def failure_is_told(arguments, *parts, status=1):
    done = hops(*arguments, status=status)
    tap.equal(done.stdout, b"", "stdout")
    has(done.stderr, *(part.encode() for part in parts))
    tap.equal(done.stderr.endswith(b"\n"), True, "a whole line")


# A path of one router, and a call that fails from some time on.
FAILING = """
name = "failing"
[[target]]
name = "t.example"
node = "t"
source = "192.0.2.66"
path = ["a"]
[[node]]
id = "a"
address = "192.0.2.1"
delay = 1
[[node]]
id = "t"
address = "203.0.113.1"
delay = 1
[[error]]
call = "%s"
errno = "%s"
from = %s
"""


def failing(folder, name, *error):
    path = pathlib.Path(folder, f"{name}.toml")
    path.write_text(FAILING % error, encoding="ascii")
    return f"--simulate={path}"


def error_ends_the_report_early(folder, mode):
    """Rounds 0 and 1 are whole, the socket breaks in the third: what there is is shown."""
    scenario = failing(folder, "broken", "sendto", "EBADF", "1.5")
    done = hops(scenario, "-m", mode, "-C", "5", *strategy(mode), status=1)
    has(done.stderr, b"Error: error: the trace could not go on: sendto: ", b"(EBADF)\n")
    tap.equal(done.stderr.count(b"\n"), 1, "lines")
    whole = failing(folder, "whole", "sendto", "EBADF", "99")
    want = hops(whole, "-m", mode, "-C", "2", *strategy(mode))
    if mode == "stream":
        tap.equal(done.stdout.splitlines()[:5], want.stdout.splitlines()[:5], mode)
    else:
        tap.equal(without_times(mode, done.stdout), without_times(mode, want.stdout), mode)


def error_before_the_first_round(folder, mode, *error):
    scenario = failing(folder, "never", *error)
    done = hops(scenario, "-m", mode, "-C", "2", *strategy(mode), status=1)
    has(done.stderr, f"({error[1]})\n".encode())
    tap.equal((done.stdout, done.stderr.count(b"\n")), (b"", 1), "output and lines")


def one_cycle_is_one_round(folder):
    path = os.path.join(folder, "one-round")
    hops("--simulate", "-m", "silent", "-C", "1", "--record", path)
    events = [json.loads(line) for line in pathlib.Path(path).read_bytes().splitlines()]
    tap.equal([event["round"] for event in events if event["event"] == "round"], [0], "rounds")


def closed_pipe_is_silent(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = hops(*arguments, status=-signal.SIGPIPE, stdout=pipe)
    tap.equal(done.stderr, b"", "stderr")


def full_disk_is_told(arguments):
    with open("/dev/full", "wb") as full:
        done = hops(*arguments, status=1, stdout=full)
    has(done.stderr, b"Error: the output could not be written: No space left on device\n")
    tap.equal(done.stderr.count(b"\n"), 1, "lines")


def closed_stdout_is_told(arguments):
    done = hops(*arguments, status=1, stdout=None, preexec_fn=lambda: os.close(1))
    has(done.stderr, b"Error: the output could not be written: ")


def signal_finishes_the_report(mode, number):
    arguments = ["--simulate", "-m", mode, "-C", "1000000000", *strategy(mode)]
    with subprocess.Popen([BINARY, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as run:
        time.sleep(0.5)
        run.send_signal(number)
        out, errors = run.communicate(timeout=30)
    tap.equal((run.returncode, errors), (128 + number, b""), "end")
    check_whole(mode, out)


def check_whole(mode, out):
    if mode == "silent":
        tap.equal(out, b"", "output")
    elif mode == "json":
        tap.equal(len(json.loads(out)["hops"]), 12, "hops")
    elif mode == "csv":
        tap.equal(out.count(b"\n"), 13, "records")
    elif mode == "pretty":
        tap.equal(out.splitlines()[-1][:3].decode(), "└", "last line")
    elif mode == "markdown":
        tap.equal(out.count(b"\n"), 14, "lines")
    elif mode == "dot":
        tap.equal((out[:9], out[-2:]), (b"digraph {", b"}\n"), "graph")
    else:
        has(out, b"flow 1: 192.0.2.1, ")


def add_goldens(suite, folder):
    several = ["mail.example", "www.example", "-C", "2"]
    for mode in DOCUMENTS + PATHS:
        for name, arguments in (("one", ["-C", "3"]), ("several", several)):
            suite.add(f"output_{mode}_{name}", output_is_golden, f"{mode}-{name}", mode,
                      arguments + strategy(mode))
    for name, arguments in (("one", ["-C", "3"]), ("several", several)):
        suite.add(f"output_stream_{name}", replayed, folder, f"stream-{name}", "stream", arguments)
        suite.add(f"output_events_{name}", replayed, folder, f"events-{name}", "events", arguments,
                  without_wall)
    for name, mode, scenario, arguments in (
            ("json-extensions", "json", None, ["-e", "-C", "2"]),
            ("json-nat", "json", "nat", ["--udp", "-R", "dublin", "-C", "2"]),
            ("pretty-ipv6", "pretty", "ipv6", ["-6", "-C", "3"]),
            ("csv-loss", "csv", "loss", ["-C", "20"]),
            ("pretty-path-change", "pretty", "path-change", ["-C", "10"]),
            ("csv-first-ttl", "csv", None, ["-f", "4", "-C", "1"]),
            ("markdown-tcp-taken", "markdown", "errors", ["--tcp", "-C", "2"])):
        suite.add(f"output_{name}", output_is_golden, name, mode, arguments, scenario)


def main():
    suite = tap.Suite()
    with tempfile.TemporaryDirectory(prefix="hops-outputs-") as folder:
        add_goldens(suite, folder)
        suite.add("output_stream_goes_on", stream_is_endless_and_lives)
        suite.add("output_json_times", json_times_are_those_of_the_run)
        for name, arguments, parts, status in (
                ("unknown_target", ["--simulate", "-m", "csv", "nobody.example"],
                 ["Error: target nobody.example "], 1),
                ("scenario_not_joined", ["--simulate", "scenarios/demo.toml", "-m", "csv"],
                 ["--simulate=scenarios/demo.toml"], 1),
                ("dot_classic", ["--simulate", "-m", "dot"], ["add --udp -R paris"], 1),
                ("paris_icmp", ["--simulate", "-R", "paris", "-m", "csv"], ["add --udp"], 1),
                ("unknown_option", ["--simulate", "--nope"], ["error: ", "--nope", "--help"], 2),
                ("hostile_option", ["--simulate", "--\033[2J"], ["error: ", "\\x1b"], 2),
                ("no_target", ["-m", "csv"], ["error: no target"], 2),
                ("no_file", ["-c", "/nowhere/h.toml", "h"], ["Error: ", "/nowhere/h.toml"], 1),
                ("no_scenario", ["--simulate=/nowhere/s.toml", "-m", "csv"], ["/nowhere/s.toml"], 1),
                ("no_recording", ["--replay", "/nowhere/r", "-m", "csv"], ["/nowhere/r"], 1)):
            suite.add(f"failure_{name}", lambda a, p, s: failure_is_told(a, *p, status=s), arguments,
                      parts, status)
        suite.add("one_cycle_is_one_round", one_cycle_is_one_round, folder)
        for mode in DOCUMENTS + PATHS:
            suite.add(f"error_in_round_3_{mode}", error_ends_the_report_early, folder, mode)
            suite.add(f"error_at_once_{mode}", error_before_the_first_round, folder, mode, "sendto",
                      "EBADF", "0")
            suite.add(f"no_probe_left_{mode}", error_before_the_first_round, folder, mode, "sendto",
                      "ENETUNREACH", "0")
        runs = [[mode, ["--simulate", "-m", mode, "-C", "2", *strategy(mode)]]
                for mode in DOCUMENTS + PATHS + ["stream", "events"] if mode != "silent"]
        for name, arguments in runs + [["_".join(words).strip("-"), words] for words in ACTIONS]:
            suite.add(f"closed_pipe_{name}", closed_pipe_is_silent, arguments)
            suite.add(f"full_disk_{name}", full_disk_is_told, arguments)
            suite.add(f"closed_stdout_{name}", closed_stdout_is_told, arguments)
        for mode in DOCUMENTS + PATHS:
            for number in (signal.SIGINT, signal.SIGTERM):
                suite.add(f"signal_{number}_{mode}", signal_finishes_the_report, mode, number)
        suite.run()


if __name__ == "__main__":
    main()
