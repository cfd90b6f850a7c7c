#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The host changes under the trace: it is stopped, loses a device, an address, a route, or is flooded.
The trace lives on, finds the path again, and shows no loss or time that was not there."""

import json
import os
import re
import signal
import subprocess
import time

import tap
from hops import Hops
from lab import Lab, become_able, chain

FLOOD = os.environ["FLOOD"]
WAYS = {"icmp": ["--icmp"], "udp": ["--udp", "-P", "33434"], "tcp": ["--tcp", "-P", "80"],
        "udp_datagram": ["-u", "--udp", "-P", "33434"], "tcp_connect": ["--tcp", "-P", "80", "--tcp-connect"]}


class Trace:
    """A trace in the background, read event by event."""

    def __init__(self, lab, hops, path, family, arguments):
        self.process = hops.start_events(lab, path.source, ["-i", "50ms", "--reply-timeout", "300ms",
                                                            *arguments, path.target_address(family)])
        self.events = []

    def read_until(self, wanted, what, seconds=20):
        deadline = time.monotonic() + seconds
        for line in self.process.stdout:
            self.events.append(json.loads(line))
            if wanted(self.events[-1]):
                return self.events[-1]
            if time.monotonic() > deadline:
                break
        raise AssertionError(f"no {what}; the last events: {self.events[-5:]}")

    def rounds(self, count):
        for _ in range(count):
            last = self.read_until(lambda event: event["event"] == "round", "round")
        return last["round"]

    def whole_round(self, path, family):
        """Waits until a round has seen every hop."""
        want = dict(enumerate(path.hops(family), 1))
        seen = {}

        def complete(event):
            if event["event"] == "reply":
                round_seen = seen.setdefault(event["probe"]["round"], {})
                round_seen[event["probe"]["ttl"]] = event["reply"]["responder"]
                return round_seen == want
            return False

        self.read_until(complete, "round with every hop")

    def of(self, kind):
        return [event for event in self.events if event["event"] == kind]

    def end(self):
        """Stops it: it must still be able to end as asked."""
        self.process.send_signal(signal.SIGINT)
        # Not communicate(): what the lines above have read ahead would be missing from it.
        self.events += [json.loads(line) for line in self.process.stdout]
        stderr = self.process.stderr.read()
        self.process.wait(timeout=20)
        tap.equal(self.process.returncode, 130, f"ends by the signal; {stderr}")
        tap.equal(self.events[-1]["event"], "end", "last event")
        return stderr


def stopped(lab, hops, path, family, way):
    """SIGSTOP for a second: no time measured contains it, and missed rounds are not made up."""
    trace = Trace(lab, hops, path, family, WAYS[way])
    last = trace.rounds(3)
    trace.process.send_signal(signal.SIGSTOP)
    time.sleep(1.0)
    trace.process.send_signal(signal.SIGCONT)
    trace.whole_round(path, family)
    after = trace.rounds(3)
    trace.end()
    tap.between(after - last, 3, 12, "rounds since; 20 were missed")
    slow = [event["rtt"] for event in trace.of("reply") if event.get("rtt", 0) > 500_000_000]
    tap.equal(slow, [], "times that contain the pause")


def disturbed(lab, hops, path, family, way, break_lines, mend_lines, errnos):
    trace = Trace(lab, hops, path, family, WAYS[way])
    trace.whole_round(path, family)
    lab.ip(path.source, *break_lines)
    failed = trace.read_until(lambda event: event["event"] in ("failed", "error"), "failed probe")
    tap.equal(failed["event"], "failed", "what it does to the trace")
    trace.rounds(3)
    lab.ip(path.source, *mend_lines)
    trace.whole_round(path, family)
    trace.end()
    got = {event["failure"]["errno"] for event in trace.of("failed")}
    tap.equal(got - errnos, set(), "unexpected errnos")
    tap.equal(trace.of("error"), [], "errors")


def device_down(lab, hops, path, family, way):
    # Routes go with the device, and IPv6 addresses too.
    mend = ["link set to-r1 up", "addr add fd00::1/64 dev to-r1 nodad", *via(4), *via(6)]
    disturbed(lab, hops, path, family, way, ["link set to-r1 down"], mend,
              {"ENETUNREACH", "EADDRNOTAVAIL", "EHOSTUNREACH", "ENETDOWN", "EINVAL"})


def via(family):
    return [f"route add default via {'10.0.0.2' if family == 4 else 'fd00::2'}"]


def address_gone(lab, hops, path, family, way):
    address = "10.0.0.1/30" if family == 4 else "fd00::1/64"
    add = f"addr add {address} dev to-r1{' nodad' if family == 6 else ''}"
    mend = [add] + (via(family) if family == 4 else [])
    disturbed(lab, hops, path, family, way, [f"addr del {address} dev to-r1"], mend,
              {"ENETUNREACH", "EADDRNOTAVAIL", "EHOSTUNREACH", "EINVAL"})


def route_gone(lab, hops, path, family, way):
    drop = f"route del default via {'10.0.0.2' if family == 4 else 'fd00::2'}"
    disturbed(lab, hops, path, family, way, [drop], via(family), {"ENETUNREACH", "EHOSTUNREACH"})


def flooded(lab, hops, path):
    """65,536 packets a second that pass the filter and answer nothing: none is believed, the hops stay
    what they are, and what the host itself loses is said."""
    flood = lab.start(path.routers[0], [FLOOD, "10.0.0.2", "10.0.0.1", path.target4, "65536", "4"],
                      stdout=subprocess.PIPE, text=True)
    done = hops.run(path.source, ["-m", "json", "--icmp", "-C", "10", "-i", "200ms", path.target4])
    sent, _ = flood.communicate(timeout=30)
    tap.between(int(sent), 20_000, 1_000_000, "packets of the flood")
    report = json.loads(done.stdout)
    for hop, want in zip(report["hops"], path.hops4):
        addresses = [host["ip"] for host in hop["hosts"]]
        tap.equal([address for address in addresses if address != want], [],
                  f"addresses at hop {hop['ttl']} that are not there")
    tap.equal(len(report["hops"]), len(path.hops4), "hops")
    lost = sum(hop["sent"] - hop["recv"] for hop in report["hops"])
    said = re.search(r"(\d+) packets were lost on this host", done.stderr)
    if lost > 0 and said is None:
        raise AssertionError(f"{lost} replies are missing and nothing is said: {done.stderr!r}")


def overflowed(lab, hops, path):
    """The program does not get to read while more arrives than its buffers hold: it says so."""
    process = lab.start(path.source, hops.command("-m", "csv", "--icmp", "-C", "15", "-i", "100ms",
                                                  path.target4),
                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(0.4)
    process.send_signal(signal.SIGSTOP)
    lab.run(path.routers[0], [FLOOD, "10.0.0.2", "10.0.0.1", path.target4, "65536", "1"])
    process.send_signal(signal.SIGCONT)
    _, stderr = process.communicate(timeout=30)
    tap.equal(process.returncode, 0, f"exit status; {stderr}")
    said = re.search(r"(\d+) packets were lost on this host", stderr)
    tap.equal(said is not None, True, f"the note: {stderr!r}")
    tap.between(int(said[1]), 1000, 1_000_000, "packets lost")


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason:
        suite.skip_all(reason)
    with Lab() as lab:
        path = chain(lab, 2)
        hops = Hops(lab)
        for family in (4, 6):
            for way in WAYS:
                suite.add(f"stopped_{way}_ipv{family}", stopped, lab, hops, path, family, way)
        for family in (4, 6):
            for way in ("icmp", "udp", "udp_datagram"):
                suite.add(f"route_gone_{way}_ipv{family}", route_gone, lab, hops, path, family, way)
                suite.add(f"address_gone_{way}_ipv{family}", address_gone, lab, hops, path, family,
                          way)
                suite.add(f"device_down_{way}_ipv{family}", device_down, lab, hops, path, family,
                          way)
        suite.add("flooded", flooded, lab, hops, path)
        suite.add("overflowed", overflowed, lab, hops, path)
        suite.run()


if __name__ == "__main__":
    main()
