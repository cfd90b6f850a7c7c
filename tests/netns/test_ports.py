#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the kernel refuses: EADDRINUSE means that a port is taken, and the probe goes out again with the
next sequence; EADDRNOTAVAIL means that the source address is gone: the probe failed, and the trace
lives on. Real sockets, both families, with raw sockets and by connect()."""

import json

import tap
from hops import Hops
from lab import Lab, become_able, chain
from sockets import held, leave_in_time_wait

FIRST = 40000  # --initial-sequence, where the source port carries the sequence
# By name: what is held, arguments.
WAYS = {
    "tcp_half_open": ("tcp", ["--tcp", "-P", "80"]),
    "tcp_connect": ("tcp", ["--tcp", "-P", "80", "--tcp-connect"]),
    "udp_raw": ("udp", ["--udp", "-P", "33434"]),
    "udp_datagram": ("udp", ["--udp", "-P", "33434", "-u"]),
}


def source_address(family):
    return "10.0.0.1" if family == 4 else "fd00::1"


def arguments_for(path, family, way, *more):
    return [*WAYS[way][1], "--initial-sequence", str(FIRST), "-i", "50ms", *more,
            path.target_address(family)]


def check_skips(path, family, events, ports):
    """The probes of these ports were skipped, and their TTLs sent with the next sequence."""
    skipped = events.of("skipped")
    tap.equal(events.errnos("skipped"), {("bind", "EADDRINUSE")}, "skipped with")
    tap.equal(events.of("failed"), [], "failed")
    tap.equal({event["probe"]["src_port"] for event in skipped}, set(ports), "skipped ports")
    sent = events.of("sent")
    for event in skipped:
        probe = event["probe"]
        again = [other["probe"] for other in sent if other["probe"]["round"] == probe["round"] and
                 other["probe"]["ttl"] == probe["ttl"]]
        tap.equal([(one["sequence"] > probe["sequence"]) for one in again], [True],
                  f"sequence {probe['sequence']} sent again as one later")
    for number in {event["round"] for event in events.of("round")}:
        tap.equal(events.responders(number), dict(enumerate(path.hops(family), 1)),
                  f"round {number}")


def port_held(hops, path, family, way):
    ports = (FIRST, FIRST + 2)
    with held(path.source, WAYS[way][0], source_address(family), ports):
        events = hops.events(path.source, arguments_for(path, family, way, "-C", "2"))
    check_skips(path, family, events, ports)


def port_in_time_wait(hops, path, family, way):
    # A port of its own for each case: it stays taken for a minute.
    port = FIRST + 1 + 1000 * (1 + family + 10 * list(WAYS).index(way))
    leave_in_time_wait(path.source, source_address(family), port, path.target_address(family),
                       path.target, 9000)
    events = hops.events(path.source, [*WAYS[way][1], "--initial-sequence", str(port - 1), "-i",
                                       "50ms", "-C", "2", path.target_address(family)])
    check_skips(path, family, events, [port])


def all_ports_taken(hops, path, family, way):
    """Every port of the first round: after 32 skips in a row the probe fails with what the kernel said,
    and the trace goes on to rounds with free ports."""
    with held(path.source, WAYS[way][0], source_address(family), range(FIRST, FIRST + 512)):
        events = hops.events(path.source, arguments_for(path, family, way, "-T", "300ms", "-C", "20"))
    tap.equal(events.errnos("skipped"), {("bind", "EADDRINUSE")}, "skipped with")
    tap.equal(events.errnos("failed"), {("bind", "EADDRINUSE")}, "failed with")
    tap.equal(events.responders(0), {}, "replies of the first round")
    tap.equal(events.responders(19), dict(enumerate(path.hops(family), 1)), "last round")


def fixed_port_taken(hops, path, family, way):
    """A port that the user asked for is not exchanged for another."""
    kind, method = WAYS[way]
    method = [method[0], "-S", "5999", *method[3:]]
    with held(path.source, kind, source_address(family), [5999]):
        done = hops.run(path.source, ["-m", "csv", "-C", "1", *method, path.target_address(family)],
                        status=1)
    tap.equal(done.stdout, "", "stdout")
    assert "5999" in done.stderr, f"the port is not named: {done.stderr!r}"


def address_removed(lab, hops, path, family, way):
    """The address goes after some rounds and comes back after some more."""
    address, length = ("10.0.50.1", "/32") if family == 4 else ("fd00::50", "/128 nodad")
    there = f"addr add {address}{length} dev lo"
    lab.ip(path.source, there)
    process = hops.start_events(lab, path.source,
                                [*WAYS[way][1], "-A", address, "-i", "50ms", "-T", "200ms", "-C", "60",
                                 path.target_address(family)])
    events, removed, back = hops.parse_events(""), None, None
    for line in process.stdout:
        event = json.loads(line)
        events.append(event)
        if event["event"] != "round":
            continue
        if event["round"] == 10:
            lab.ip(path.source, f"addr del {address}{length.split()[0]} dev lo")
            removed = event["round"]
        elif event["round"] == 25:
            lab.ip(path.source, there)
            back = event["round"]
    stderr = process.stderr.read()
    status = process.wait(timeout=10)
    lab.ip(path.source, f"addr del {address}{length.split()[0]} dev lo")
    tap.equal(status, 0, f"exit status ({stderr})")
    assert removed is not None and back is not None, "not enough rounds"
    tap.equal(events.of("skipped"), [], "skipped")
    tap.equal({errno for _, errno in events.errnos("failed")}, {"EADDRNOTAVAIL"}, "failed with")
    failed = {event["probe"]["round"] for event in events.of("failed")}
    assert failed and min(failed) > 9 and max(failed) < 28, f"rounds with failures: {sorted(failed)}"
    want = dict(enumerate(path.hops(family), 1))
    for number in (8, 9, 58, 59):
        tap.equal(events.responders(number), want, f"round {number}")


def add_cases(suite, lab, hops, path):
    for family in (4, 6):
        for way, (kind, _) in WAYS.items():
            name = f"{way}_ipv{family}"
            suite.add(f"port_held_{name}", port_held, hops, path, family, way)
            if kind == "tcp":
                suite.add(f"port_in_time_wait_{name}", port_in_time_wait, hops, path, family, way)
            suite.add(f"all_ports_taken_{name}", all_ports_taken, hops, path, family, way)
            suite.add(f"fixed_port_taken_{name}", fixed_port_taken, hops, path, family, way)
            suite.add(f"address_removed_{name}", address_removed, lab, hops, path, family, way)


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason:
        suite.skip_all(reason)
    with Lab() as lab:
        path, hops = chain(lab, 3), Hops(lab)
        # The way back to the address that comes and goes.
        lab.ip(path.routers[0], "route add 10.0.50.1 via 10.0.0.1",
               "route add fd00::50 via fd00::1")
        add_cases(suite, lab, hops, path)
        suite.run()


if __name__ == "__main__":
    main()
