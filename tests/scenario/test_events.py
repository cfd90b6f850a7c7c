#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The events of every scenario file, against logs that somebody has read: whatever changes in the
tracer, the simulator or the program shows here first. UPDATE_GOLDEN=1 writes them anew.

A log is a recording without what differs from run to run (the version, the time of day), and without
members that are zero, false or null."""

import json
import os
import pathlib
import subprocess
import tempfile

import golden
import tap

BINARY = os.environ["HOPS"]
SCENARIOS = pathlib.Path(__file__).parent.parent.parent / "scenarios"

RUNS = {
    "demo": {"icmp": ["-e", "-C", "2"], "udp-paris": ["--udp", "-R", "paris", "-C", "2"],
             "tcp": ["--tcp", "-C", "1"],
             "two-targets": ["www.example", "mail.example", "-C", "1"]},
    "errors": {"icmp": ["-C", "6"], "tcp": ["--tcp", "-C", "2"],
               "unreachable-and-loop": ["gone.example", "loop.example", "-C", "1", "-t", "12"]},
    "ipv6": {"icmp": ["-e", "-C", "2"], "udp-dublin": ["--udp", "-R", "dublin", "-C", "2"],
             "udp": ["--udp", "-C", "1"]},
    "loss": {"icmp": ["-C", "6"], "udp-fixed-target": ["--udp", "-P", "53", "-C", "3"]},
    "nat": {"icmp": ["-C", "1"], "udp-dublin": ["--udp", "-R", "dublin", "-C", "2"],
            "udp-paris": ["--udp", "-R", "paris", "-C", "2"]},
    "path-change": {"icmp": ["-C", "10"], "udp-paris": ["--udp", "-R", "paris", "-C", "10"]},
}


def without_zeros(value):
    if isinstance(value, dict):
        return {key: without_zeros(member) for key, member in value.items()
                if member not in (0, None, "", [])}
    if isinstance(value, list):
        return [without_zeros(element) for element in value]
    return value


def normal(recording):
    lines = [json.loads(line) for line in recording.splitlines()]
    lines[0].update(version="", wall=0)
    return "".join(json.dumps(without_zeros(line), separators=(",", ":")) + "\n"
                   for line in lines).encode()


def log_is_golden(folder, scenario, name, arguments):
    path = pathlib.Path(folder, f"{scenario}-{name}")
    done = subprocess.run([BINARY, f"--simulate={SCENARIOS / scenario}.toml", "-m", "silent", "--record",
                           path, *arguments], capture_output=True, timeout=60, check=False)
    tap.equal((done.returncode, done.stdout, done.stderr), (0, b"", b""), "run")
    golden.check(f"scenario/{scenario}-{name}.jsonl", normal(path.read_bytes()))


def every_scenario_has_a_log():
    tap.equal(sorted(RUNS), sorted(path.stem for path in SCENARIOS.glob("*.toml")), "scenarios")
    want = {f"{scenario}-{name}" for scenario, runs in RUNS.items() for name in runs}
    tap.equal({path.stem for path in (golden.ROOT / "scenario").glob("*.jsonl")}, want, "logs")


def main():
    suite = tap.Suite()
    with tempfile.TemporaryDirectory(prefix="hops-events-") as folder:
        for scenario, runs in RUNS.items():
            for name, arguments in runs.items():
                suite.add(f"events_{scenario}_{name}", log_is_golden, folder, scenario, name, arguments)
        suite.add("events_of_every_scenario", every_scenario_has_a_log)
        suite.run()


if __name__ == "__main__":
    main()
