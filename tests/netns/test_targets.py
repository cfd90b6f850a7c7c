#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What targets say: open, closed and filtered TCP ports, a UDP port that answers; and several traces
at once."""

import tap
from hops import METHODS, Hops
from lab import Lab, become_able, chain, other_users
from sockets import answer_udp, listen

OPEN, CLOSED, FILTERED, ECHO = 8080, 81, 82, 7
# By name: arguments, user.
WAYS = {"half_open": ([], None), "connect": (["--tcp-connect"], None), "nobody": ([], "nobody")}
FILTER = f"""
table inet silence {{
    chain in {{
        type filter hook input priority 0;
        tcp dport {FILTERED} drop
    }}
}}
"""


def user_or_skip(user):
    if user is not None and not other_users():
        raise tap.Skip("this user namespace has no other users")
    return user


def tcp_port(hops, path, family, way, port, kind):
    """The target answers at its own hop with a reply of this kind, in each of three rounds."""
    arguments, user = WAYS[way]
    events = hops.events(path.source, ["--tcp", "-P", str(port), *arguments, "-C", "3", "-i", "50ms",
                                       path.target_address(family)], user_or_skip(user))
    for number in range(3):
        tap.equal(events.responders(number), dict(enumerate(path.hops(family), 1)),
                  f"round {number}")
    tap.equal(events.ends(), {(number, kind) for number in range(3)}, "target's replies")
    tap.equal(events.errnos("failed") | events.errnos("skipped"), set(), "errors")


def tcp_filtered(hops, path, family, way):
    """Routers answer, the target does not: one row more than the last router, without an address."""
    arguments, user = WAYS[way]
    rows = hops.csv(path.source, ["--tcp", "-P", str(FILTERED), *arguments, "-C", "1", "-i", "200ms",
                                  "-T", "200ms", "--reply-timeout", "300ms", "-t", "10",
                                  path.target_address(family)], user_or_skip(user))
    tap.equal([row["IPs"] for row in rows], path.hops(family)[:-1] + ["???"], "hops")


def udp_answers(hops, path, family, arguments, user=None):
    events = hops.events(path.source, ["--udp", "-P", str(ECHO), *arguments, "-C", "2", "-i", "50ms",
                                       path.target_address(family)], user_or_skip(user))
    tap.equal(events.responders(1), dict(enumerate(path.hops(family), 1)), "hops")
    tap.equal(events.ends(), {(0, "udp-reply"), (1, "udp-reply")}, "target's replies")


def two_at_once(lab, hops, path, family, method):
    """Two processes that trace the same way to the same target: neither takes the other's replies.
    Each sends as fast as it may, so that there are always probes of both in the air."""
    count = 50
    arguments = [*METHODS[method], "-C", str(count), "-i", "5ms", path.target_address(family)]
    running = [hops.start_events(lab, path.source, arguments) for _ in range(2)]
    want = dict(enumerate(path.hops(family), 1))
    for process in running:
        stdout, stderr = process.communicate(timeout=60)
        tap.equal(process.returncode, 0, f"exit status ({stderr})")
        events = hops.parse_events(stdout)
        for number in range(count):
            tap.equal(events.responders(number), want, f"round {number}")


def fifty_targets(hops, path, family, arguments, user=None):
    """Fifty TCP traces in one process: no two of them want the same port, so none is skipped."""
    net = "10.200.0." if family == 4 else "fd00:200::"
    targets = [f"{net}{number}" for number in range(1, 51)]
    events = hops.events(path.source, ["--tcp", "-P", str(OPEN), *arguments, "-C", "2", "-i", "500ms",
                                       *targets], user_or_skip(user))
    tap.equal(events.errnos("skipped"), set(), "skipped probes")
    tap.equal(events.errnos("failed"), set(), "failed probes")
    for trace, target in enumerate(targets):
        want = [*path.hops(family)[:-1], target]
        for number in range(2):
            tap.equal(events.responders(number, trace), dict(enumerate(want, 1)),
                      f"trace {trace} round {number}")


def one_port_for_two(hops, path, method, works):
    """Raw sockets share a port that the user fixed; the kernel's own sockets cannot, and he is told."""
    done = hops.run(path.source, ["-m", "csv", "-C", "1", "-S", "5999", *method, "10.200.0.1",
                                  "10.200.0.2"], status=0 if works else 1)
    if works:
        tap.equal(done.stdout.count("\n"), 1 + 2 * len(path.hops(4)), "lines")
        return
    tap.equal(done.stdout, "", "stdout")
    assert "source-port 5999" in done.stderr and "one target" in done.stderr, done.stderr


def add_cases(suite, lab, hops, path):
    for name, method, works in (("udp", ["--udp"], True), ("tcp", ["--tcp"], True),
                                ("udp_datagram", ["--udp", "-u"], False),
                                ("tcp_connect", ["--tcp", "--tcp-connect"], False)):
        suite.add(f"one_port_for_two_targets_{name}", one_port_for_two, hops, path, method, works)
    for family in (4, 6):
        ip = f"ipv{family}"
        for way in WAYS:
            suite.add(f"tcp_open_{way}_{ip}", tcp_port, hops, path, family, way, OPEN, "tcp-reply")
            suite.add(f"tcp_closed_{way}_{ip}", tcp_port, hops, path, family, way, CLOSED,
                      "tcp-refused")
            suite.add(f"tcp_filtered_{way}_{ip}", tcp_filtered, hops, path, family, way)
            suite.add(f"fifty_targets_{way}_{ip}", fifty_targets, hops, path, family, *WAYS[way])
        suite.add(f"udp_answers_{ip}", udp_answers, hops, path, family, [])
        suite.add(f"udp_answers_nobody_{ip}", udp_answers, hops, path, family, [], "nobody")
        for method in ("icmp", "udp_fixed_target", "tcp_fixed_target"):
            suite.add(f"two_at_once_{method}_{ip}", two_at_once, lab, hops, path, family, method)


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason:
        suite.skip_all(reason)
    with Lab() as lab:
        path, hops = chain(lab, 3), Hops(lab)
        for number in range(1, 51):
            lab.address(path.target, f"10.200.0.{number}")
            lab.address(path.target, f"fd00:200::{number}")
        lab.build()
        for wildcard in ("0.0.0.0", "::"):
            listen(lab, path.target, wildcard, OPEN)
        # From the address that was asked: a reply from another one would not be the target's.
        for address in (path.target4, path.target6):
            answer_udp(lab, path.target, address, ECHO)
        lab.nft(path.target, FILTER)
        add_cases(suite, lab, hops, path)
        suite.run()


if __name__ == "__main__":
    main()
