#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A run through real routers, recorded and replayed, gives the same octets in every mode: every way of
probing, both families, several targets, loss, a signal in its midst."""

import os
import pathlib
import signal
import subprocess
import tempfile

import tap
from hops import METHODS, UNPRIVILEGED_METHODS, Hops
from lab import Lab, become_able, chain

DOCUMENTS = ["pretty", "markdown", "csv", "json"]
PATHS = ["dot", "flows"]  # of paris and dublin only
FAST = ["-C", "3", "-i", "50ms", "-T", "200ms", "--reply-timeout", "300ms"]
# One answer in two of the routers is lost, so that hops have loss, gaps and late ends of rounds.
LOSS = """
table inet loss {
    chain out {
        type filter hook output priority 0;
        meta l4proto { icmp, ipv6-icmp } numgen inc mod 2 == 0 drop
    }
}
"""


class Recordings:
    """Runs the program and keeps recordings apart."""

    def __init__(self, hops, path, folder):
        self.hops, self.path, self._folder = hops, path, folder
        self._count = 0

    def new(self):
        self._count += 1
        return os.path.join(self._folder, f"recording-{self._count}")

    def run(self, mode, *arguments):
        return self.hops.run(self.path.source, ["-m", mode, *arguments])

    def replay(self, file, mode):
        done = self.run(mode, "--replay", file, "--replay-speed", "0")
        tap.equal(done.stderr, "", f"stderr of the replay as {mode}")
        return done.stdout


def replay_equals_run(recordings, mode, arguments):
    file = recordings.new()
    live = recordings.run(mode, *arguments, *FAST, "--record", file)
    again = recordings.replay(file, mode)
    tap.equal(again[-500:], live.stdout[-500:], f"end of {mode}")
    tap.equal(again == live.stdout, True, "the same octets")
    tap.between(len(live.stdout.splitlines()), 1, 10_000, "lines")


def every_mode_equals_run(recordings, arguments, modes):
    for mode in modes:
        replay_equals_run(recordings, mode, arguments)


def one_recording_serves_every_mode(recordings, arguments):
    """What was shown as a table when it was recorded can be shown as anything later."""
    file = recordings.new()
    recordings.run("silent", *arguments, *FAST, "--record", file)
    rows = {mode: recordings.replay(file, mode) for mode in DOCUMENTS + ["stream", "events"]}
    tap.equal(rows["events"], pathlib.Path(file).read_text(encoding="ascii"), "events")
    hops = len(rows["csv"].splitlines()) - 1
    tap.between(hops, 3, 6, "hops")
    tap.equal(rows["markdown"].count("\n"), hops + 2, "rows of markdown")
    tap.equal(rows["stream"].splitlines()[-1].split()[0], f"ttl={hops}", "last line of the stream")


def interrupted(recordings, lab, mode, number, arguments):
    """The recording of a run that was stopped has the end it was shown with."""
    file = recordings.new()
    command = recordings.hops.command("-m", mode, "-i", "50ms", *arguments, "--record", file)
    run = lab.start(recordings.path.source, command, None, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, text=True)
    lines = [run.stdout.readline() for _ in range(30)]
    run.send_signal(number)
    live = "".join(lines) + run.stdout.read()
    tap.equal((run.wait(timeout=30), run.stderr.read()), (128 + number, ""), "end")
    again = recordings.replay(file, mode)
    tap.equal(again[-500:], live[-500:], f"end of {mode}")
    tap.equal(again == live, True, "the same octets")


def add_cases(suite, lab, recordings, lossy):
    path = recordings.path
    for family in (4, 6):
        for method, arguments in METHODS.items():
            arguments = [*arguments, path.target_address(family)]
            modes = DOCUMENTS + ["events"] + (PATHS if "-R" in arguments else [])
            suite.add(f"replay_{method}_ipv{family}", every_mode_equals_run, recordings, arguments,
                      modes)
        for method in UNPRIVILEGED_METHODS:
            arguments = ["-u", *METHODS[method], path.target_address(family)]
            suite.add(f"replay_{method}_ipv{family}_without_raw_sockets", every_mode_equals_run,
                      recordings, arguments, ["csv", "events"])
        for mode in DOCUMENTS + ["events"]:
            suite.add(f"replay_{mode}_ipv{family}_with_loss", replay_equals_run, lossy, mode,
                      [lossy.path.target_address(family)])
    both = [path.target_address(4), path.target_address(6)]
    suite.add("replay_several_targets", every_mode_equals_run, recordings, both,
              DOCUMENTS + ["events"])
    suite.add("replay_several_targets_paris", every_mode_equals_run, recordings,
              [*METHODS["udp_paris"], *both], DOCUMENTS + PATHS + ["events"])
    suite.add("replay_in_other_modes", one_recording_serves_every_mode, recordings, both[:1])
    for mode in ("stream", "events"):
        for number in (signal.SIGINT, signal.SIGTERM):
            suite.add(f"replay_{mode}_after_signal_{number}", interrupted, recordings, lab, mode,
                      number, both[:1])


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason:
        suite.skip_all(reason)
    with Lab() as first, Lab() as second, tempfile.TemporaryDirectory(prefix="hops-replay-") as folder:
        path, bad = chain(first, 3), chain(second, 4)
        for router in bad.routers:
            second.nft(router, LOSS)
        for source in (path.source, bad.source):
            source.sysctl({"ipv4/ping_group_range": "0 0"})
        os.mkdir(os.path.join(folder, "lossy"))
        add_cases(suite, first, Recordings(Hops(first), path, folder),
                  Recordings(Hops(second), bad, os.path.join(folder, "lossy")))
        suite.run()


if __name__ == "__main__":
    main()
