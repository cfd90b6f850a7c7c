#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A signal that comes while a reader is slow: what was printed is whole all the same."""

import fcntl
import json
import os
import signal
import subprocess
import time

import tap

BINARY = os.environ["HOPS"]
PIPE_SIZE = 4096
BLOCKED_BY = 0.3  # seconds without a further octet: in that time dozens of rounds would be printed


def run_until_the_pipe_is_full(mode):
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
    arguments = [BINARY, "--simulate", "-m", mode, "-i", "0", "-g", "10ms"]
    process = subprocess.Popen(arguments, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    deadline = time.monotonic() + 10
    before, since = 0, time.monotonic()
    while time.monotonic() < deadline and (before == 0 or time.monotonic() - since < BLOCKED_BY):
        time.sleep(0.01)
        now = octets_held(reading)
        if now != before:
            before, since = now, time.monotonic()
    return process, reading


def octets_held(descriptor):
    held = bytearray(4)
    fcntl.ioctl(descriptor, 0x541B, held)  # FIONREAD
    return int.from_bytes(held, "little")


def drain(descriptor):
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read()


def signal_while_blocked_loses_nothing(mode, number):
    process, reading = run_until_the_pipe_is_full(mode)
    try:
        process.send_signal(number)
        time.sleep(BLOCKED_BY)
        text = drain(reading)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    tap.equal(process.returncode, 128 + number, f"status, stderr {errors!r}")
    tap.equal(errors, b"", "stderr")
    if not text.endswith(b"\n"):
        raise AssertionError(f"the last line is not whole: {text[-80:]!r}")
    if mode == "events":
        last = [json.loads(line) for line in text.splitlines()][-1]
        tap.equal(last["event"], "end", "last event")


def main():
    suite = tap.Suite()
    for mode in ("events", "stream"):
        for number in (signal.SIGTERM, signal.SIGINT):
            suite.add(f"{number.name.lower()}_while_{mode}_is_blocked_loses_nothing",
                      signal_while_blocked_loses_nothing, mode, number)
    suite.run()


if __name__ == "__main__":
    main()
