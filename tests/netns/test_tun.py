#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A path behind a TUN device: delays, labels, silence and loss made by a program, so that answers come
after the sending call has returned, at known times."""

import os

import tap
from hops import METHODS, TUNPATH, UNPRIVILEGED_METHODS, Hops
from lab import Lab, become_able

TARGET = {4: "10.99.255.1", 6: "fd00:99:ffff::1"}


def router(family, hop):
    return f"10.99.1.{hop}" if family == 4 else f"fd00:99:1::{hop:x}"


def expected(family, count):
    return [router(family, hop) for hop in range(1, count)] + [TARGET[family]]


class Paths:
    """Hosts with a path each, by the options of tunpath."""

    def __init__(self, lab):
        self._lab = lab
        self._hosts = {}

    def __getitem__(self, options):
        if options not in self._hosts:
            host = self._lab.host(f"t{len(self._hosts)}")
            self._lab.build()
            host.sysctl({"ipv4/ping_group_range": "0 0"})
            process = self._lab.start(host, [str(TUNPATH), *options.split()], stdout=-1, text=True)
            line = process.stdout.readline()
            assert line.startswith("ready "), f"tunpath {options}: {line!r}"
            self._hosts[options] = host
        return self._hosts[options]


def exact_times(hops, paths, family, arguments):
    """30 hops, hop t after 4 t + 4 ms: all found in one cycle; the best RTT of a few is that, and never
    less. (Single ones may be late: a loaded machine wakes the responder late.)"""
    host = paths["--hops 30 --base-ms 4 --step-ms 4"]
    rows = hops.csv(host, [*arguments, "-C", "1", "-i", "0ms", TARGET[family]])
    tap.equal([row["IPs"] for row in rows], expected(family, 30), "hops")
    tap.equal({(row["Snt"], row["Recv"]) for row in rows}, {("1", "1")}, "sent and received")
    rows = hops.csv(host, [*arguments, "-C", "5", "-i", "0ms", TARGET[family]])
    for number, row in enumerate(rows, 1):
        # The report rounds to a tenth.
        tap.between(float(row["Best"]), 4 * number + 3.9, 4 * number + 34, f"RTT of hop {number}")


def labels(hops, paths, family, arguments):
    report = hops.json(paths["--hops 5 --base-ms 1 --step-ms 1 --mpls"],
                       [*arguments, "-e", "-C", "1", TARGET[family]])
    for hop in report["hops"][:-1]:
        ttl = hop["ttl"]
        tap.equal(hop["extensions"],
                  [{"mpls": {"members": [{"label": 16000 + ttl, "exp": 0, "bos": 0, "ttl": 1},
                                         {"label": 24000 + ttl, "exp": 0, "bos": 1, "ttl": 1}]}}],
                  f"extensions of hop {ttl}")
    tap.equal(report["hops"][-1]["extensions"], [], "extensions of the target")


def silent_hops(hops, paths, family, arguments):
    """Hops 2 and 8 of 9 say nothing."""
    rows = hops.csv(paths["--hops 9 --base-ms 5 --step-ms 5 --silent 2,8"],
                    [*arguments, "-C", "2", "-i", "100ms", TARGET[family]])
    want = expected(family, 9)
    want[1] = want[7] = "???"
    tap.equal([row["IPs"] for row in rows], want, "hops")


def target_first(hops, paths, family, arguments):
    """The nearer the router, the later it answers: the target is the first to."""
    host = paths["--hops 5 --base-ms 50 --step-ms -9"]
    rows = hops.csv(host, [*arguments, "-C", "2", "-g", "300ms", "-i", "100ms", TARGET[family]])
    tap.equal([row["IPs"] for row in rows], expected(family, 5), "hops")
    for number, row in enumerate(rows, 1):
        tap.between(float(row["Best"]), 50 - 9 * number - 0.1, 90 - 9 * number,
                    f"RTT of hop {number}")


def late_replies(hops, paths, family, arguments):
    """RTTs of 500 ms in rounds of 100 ms: each reply is late, and counted in its round."""
    rows = hops.csv(paths["--hops 3 --base-ms 500 --step-ms 0"],
                    [*arguments, "-C", "5", "-i", "100ms", "-T", "100ms", TARGET[family]])
    tap.equal([row["IPs"] for row in rows], expected(family, 3), "hops")
    for row in rows:
        tap.equal((row["Snt"], row["Recv"]), ("5", "5"), f"hop {row['Hop']}, sent and received")


def refused(hops, paths, family, arguments):
    events = hops.events(paths["--hops 4 --base-ms 2 --step-ms 1 --tcp-rst"],
                         ["--tcp", "-P", "80", *arguments, "-C", "2", "-i", "50ms", TARGET[family]])
    tap.equal(events.ends(), {(0, "tcp-refused"), (1, "tcp-refused")}, "target's replies")


def udp_data(hops, paths, family, arguments):
    events = hops.events(paths["--hops 4 --base-ms 2 --step-ms 1 --udp-echo"],
                         ["--udp", "-P", "33434", *arguments, "-C", "2", "-i", "50ms",
                          TARGET[family]])
    tap.equal(events.ends(), {(0, "udp-reply"), (1, "udp-reply")}, "target's replies")


def add_cases(suite, hops, paths):
    for family in (4, 6):
        for unprivileged in ([], ["-u"]):
            way = f"{'datagram' if unprivileged else 'raw'}_ipv{family}"
            for method in UNPRIVILEGED_METHODS if unprivileged else METHODS:
                arguments = unprivileged + METHODS[method]
                suite.add(f"exact_times_{method}_{way}", exact_times, hops, paths, family, arguments)
            for method in ("icmp", "udp_fixed_source", "tcp_fixed_target"):
                arguments = unprivileged + METHODS[method]
                for test in (labels, silent_hops, target_first, late_replies):
                    suite.add(f"{test.__name__}_{method}_{way}", test, hops, paths, family,
                              arguments)
            suite.add(f"refused_{way}", refused, hops, paths, family, unprivileged)
            suite.add(f"udp_data_{way}", udp_data, hops, paths, family, unprivileged)


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason is None and not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        reason = "no right to /dev/net/tun"
    if reason:
        suite.skip_all(reason)
    with Lab() as lab:
        add_cases(suite, Hops(lab), Paths(lab))
        suite.run()


if __name__ == "__main__":
    main()
