#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Names, AS data and places in the program's output: from a real DNS server (knot), from one that
answers what no real server would, from one that is silent, and from none. The path has 30 hops behind a
TUN device; AS data needs addresses that are not private, so there is a path of two hops, too.

Every run is inside the sandbox, as usual."""

import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

import tap
from hops import TUNPATH, Hops
from lab import Lab, become_able, other_users
from nameservers import Knot, Responder, bound, have_knot

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "unit"), str(TESTS / "tui")]
from mmdb_files import CITY, database  # noqa: E402  pylint: disable=wrong-import-position
from terminal import Terminal  # noqa: E402  pylint: disable=wrong-import-position

HEAD = "$TTL 60\n@ SOA ns.example. admin.example. 1 60 60 60 60\n@ NS ns.example.\n"
ONCE = ["-C", "1", "-i", "0ms"]
TARGET, TARGET6 = "10.99.255.1", "fd00:99:ffff::1"
SILENT, CLOSED, UNREACHABLE = "127.0.0.1:5303", "127.0.0.1:5304", "203.0.113.9"


def nibbles(tail):
    """Labels of the last 80 bits of fd00:99:..., by their hexadecimal digits."""
    return ".".join(reversed(f"{tail:0>20}"))


ZONES = {
    "10.in-addr.arpa": HEAD + "".join(f"{i}.1.99 PTR r{i}.example.\n" for i in range(1, 30) if i != 9)
    + "2.1.99 PTR second.example.\n1.255.99 PTR target.example.\n"
    + "".join(f"9.1.99 PTR many{i:02}.{'x' * 40}.example.\n" for i in range(30)),
    "9.9.0.0.0.0.d.f.ip6.arpa": HEAD
    + "".join(f"{nibbles(f'1{i:0>20x}'[-20:])}.1.0.0.0 PTR six{i}.example.\n" for i in range(1, 30))
    + f"{nibbles('1')}.f.f.f.f PTR target6.example.\n",
    "2.0.192.in-addr.arpa": HEAD + "2 PTR as-router.example.\n",
    "asn.cymru.com": HEAD + '2.2.0.192.origin TXT "64500 | 192.0.2.0/24 | ZZ | arin | 2001-09-08"\n'
    + '2.100.51.198.origin TXT "64501 | 198.51.100.0/24 | | arin | "\n'
    + 'AS64500 TXT "64500 | ZZ | arin | 2001-09-01 | EX, ZZ"\n'
    + 'AS64501 TXT "64501 | ZZ | arin | 2001-09-01 | \\027]0;x\\007"\n',
}


class World:
    """Where the cases run: everything is made once."""

    def __init__(self, lab):
        self.lab = lab
        self.hops = Hops(lab)
        self.tun, near, router, far = (lab.host(name, router=name == "r")
                                       for name in ("t", "a", "r", "b"))
        self.near = near
        lab.link(near, router, "192.0.2", "2001:db8:0:1")
        lab.link(router, far, "198.51.100", "2001:db8:0:2")
        lab.route(near, "default", "192.0.2.2")
        lab.route(far, "default", "198.51.100.1")
        lab.build()
        path = lab.start(self.tun, [str(TUNPATH), "--hops", "30", "--base-ms", "2", "--step-ms", "1"],
                         stdout=-1, text=True)
        assert path.stdout.readline().startswith("ready ")
        self.knots = [Knot(lab, host, (5301, 53), ZONES) for host in (self.tun, near)]
        self.knot = self.knots[0].address
        self.responder = Responder(lab, self.tun, 5302)
        bound(lab, self.tun, 5303)
        self.folder = tempfile.TemporaryDirectory(prefix="hops-names-")
        os.chmod(self.folder.name, 0o755)

    def done(self):
        for knot in self.knots:
            knot.remove()
        self.folder.cleanup()

    def file(self, name, octets=None):
        path = os.path.join(self.folder.name, name)
        if octets is not None:
            with open(path, "wb") as file:
                file.write(octets)
        return path

    def csv(self, server, *arguments, target=TARGET, user=None):
        return self.hops.csv(self.tun, ["--dns-server", server, *ONCE, *arguments, target], user)

    def names(self, server, *arguments, target=TARGET, user=None):
        return [row["Addrs"] for row in self.csv(server, *arguments, target=target, user=user)]

    def timed(self, arguments, host=None):
        """Seconds that a run took, and its rows."""
        begin = time.monotonic()
        rows = self.hops.csv(host or self.tun, [*arguments, TARGET])
        return time.monotonic() - begin, rows

    def asked_by(self, arguments, stop_after=None):
        """How many questions a run asks the responder, whom the environment names."""
        self.responder.asked.clear()
        process = self.lab.start(self.tun, ["env", f"HOPS_DNS_SERVER={self.responder.address}",
                                            "HOPS_DNS_TIMEOUT=300ms", *self.hops.command(*arguments)],
                                 stdout=-1, stderr=-1)
        if stop_after is not None:
            time.sleep(stop_after)
            process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
        tap.equal((process.returncode, stderr), (0 if stop_after is None else 130, b""), arguments)
        return len(self.responder.asked)


def wait_for_knot(world):
    for host in (world.tun, world.near):
        for _ in range(50):
            rows = world.hops.csv(host, ["--dns-server", world.knot, *ONCE, "-t", "1", "192.0.2.2"]
                                  if host is world.near else
                                  ["--dns-server", world.knot, *ONCE, "-t", "1", TARGET])
            if rows[0]["Addrs"].endswith(".example"):
                break
            time.sleep(0.1)
        else:
            raise AssertionError(f"knotd does not answer: {rows}")


def want_name(number):
    return {2: "r2.example second.example", 30: "target.example"}.get(number, f"r{number}.example")


def names_in_every_report(world):
    names = world.names(world.knot)
    tap.equal(len(names), 30, "rows")
    for number, name in enumerate(names, 1):
        if number == 9:
            tap.equal(len(name.split()), 16, "names of a long answer, which came over TCP")
        else:
            tap.equal(" ".join(sorted(name.split())), want_name(number), f"name of hop {number}")
    report = world.hops.json(world.tun, ["--dns-server", world.knot, *ONCE, TARGET])
    tap.equal([hop["hosts"][0]["hostname"] for hop in report["hops"] if hop["ttl"] not in (2, 9)],
              [want_name(number) for number in range(1, 31) if number not in (2, 9)], "json")
    for mode in ("pretty", "markdown"):
        text = world.hops.run(world.tun, ["-m", mode, "--dns-server", world.knot, *ONCE, TARGET]).stdout
        for name in ("r1.example", "r29.example", "target.example"):
            tap.equal(text.count(f" {name} "), 1, f"{name} in {mode}")


def names_of_ipv6(world):
    tap.equal(world.names(world.knot, target=TARGET6),
              [f"six{number}.example" for number in range(1, 30)] + ["target6.example"], "names")


def names_for_an_ordinary_user(world):
    if not other_users():
        raise tap.Skip("needs another user")
    names = world.names(world.knot, "-u", "--udp", user="nobody")
    tap.equal(names[0], "r1.example", "first")
    tap.equal(len(names[8].split()), 16, "names of a long answer")


def names_beside_tcp_probes(world):
    names = world.names(world.knot, "--tcp", "-P", "80")
    tap.equal((names[0], names[29]), ("r1.example", "target.example"), "names")


def names_of_the_systems_servers(world):
    """The default method: the hosts file first, then the servers of resolv.conf."""
    resolv = world.file("resolv.conf", b"nameserver 127.0.0.1\n")
    hosts = world.file("hosts", b"10.99.1.3 mine.example\n")
    mounted = (f"mount --bind {resolv} /etc/resolv.conf && mount --bind {hosts} /etc/hosts && "
               'exec "$@"')
    for method, third in (("system", "mine.example"), ("resolv", "r3.example")):
        command = ["unshare", "--mount", "sh", "-c", mounted, "sh",
                   *world.hops.command("-m", "csv", "-r", method, *ONCE, TARGET)]
        done = world.lab.run(world.tun, command)
        tap.equal((done.returncode, done.stderr), (0, ""), method)
        rows = done.stdout.splitlines()
        tap.equal((rows[1].split(",")[4], rows[3].split(",")[4]), ("r1.example", third), method)


def answers_of_all_kinds(world):
    names = world.names(world.responder.address, "--dns-timeout", "1s")
    want = {3: "Timeout: 10.99.1.3", 9: "10.99.1.9", 12: r"\027[2J\000\255", 13: "10.99.1.13"}
    want.update({number: f"Failed: 10.99.1.{number}" for number in (6, 7, 8, 10, 11, 16)})
    for number, name in enumerate(names, 1):
        if number == 14:
            tap.between(len(name), 800, 1023, "length of the name that is escaped everywhere")
        else:
            tap.equal(name, want.get(number, "good.example"), f"name of hop {number}")


def hostile_names_stay_printable(world):
    for mode in ("pretty", "markdown", "csv", "json", "events"):
        done = world.hops.run(world.tun, ["-m", mode, "--dns-server", world.responder.address,
                                          "--dns-timeout", "500ms", *ONCE, TARGET])
        bad = [c for c in done.stdout if not c.isprintable() and c != "\n"]
        tap.equal(bad, [], f"characters in {mode}")


def a_dead_server_costs_one_timeout(world):
    trace = ["-C", "10", "-i", "100ms"]
    without, _ = world.timed(["-r", "none", *trace])
    took, rows = world.timed(["--dns-server", SILENT, "--dns-timeout", "1s", *trace])
    tap.equal([row["Addrs"] for row in rows],
              [f"Timeout: 10.99.1.{i}" for i in range(1, 30)] + [f"Timeout: {TARGET}"], "names")
    tap.between(took - without, -0.5, 1.3, "seconds more")
    took, _ = world.timed(["--dns-server", SILENT, "--dns-timeout", "1s", *ONCE])
    tap.between(took, 1, 2, "seconds of one round and one time-out")


def a_dead_server_holds_no_probe_up(world):
    """Rounds begin when they are due, with 30 questions under way and repeated all the time."""
    events = world.hops.events(world.tun, ["--dns-server", SILENT, "--dns-timeout", "2s", "-C", "30",
                                           "-i", "50ms", TARGET])
    begins = [event["t"] for event in events.of("sent") if event["probe"]["ttl"] == 1]
    gaps = [(b - a) / 1e6 for a, b in zip(begins, begins[1:])]
    tap.equal(len(gaps), 29, "rounds")
    tap.between(sorted(gaps)[14], 49, 60, "median of ms between two rounds")
    tap.between(max(gaps), 49, 250, "most ms between two rounds")


def a_signal_ends_the_wait(world):
    command = world.hops.command("-m", "csv", "--dns-server", SILENT, "--dns-timeout", "60s", *ONCE,
                                 TARGET)
    process = world.lab.start(world.tun, command, stdout=-1, stderr=-1, text=True)
    time.sleep(1)
    tap.equal(process.poll(), None, "still waiting for names")
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    stdout, _ = process.communicate(timeout=30)
    tap.between(time.monotonic() - begin, 0, 1, "seconds to the end")
    tap.equal((process.returncode, len(stdout.splitlines())), (130, 31), "status, lines")


def servers_that_cannot_be_reached_cost_nothing(world):
    without, _ = world.timed(["-r", "none", *ONCE])
    for server in (CLOSED, UNREACHABLE):
        took, rows = world.timed(["--dns-server", server, *ONCE])
        tap.equal(rows[0]["Addrs"], "Failed: 10.99.1.1", server)
        tap.between(took - without, -1, 0.6, f"seconds more with {server}")


def the_next_server_answers(world):
    names = world.names(f"{CLOSED},{world.knot}", "--dns-timeout", "4s")
    tap.equal((names[0], names[29]), ("r1.example", "target.example"), "names")


def modes_without_names_ask_nobody(world):
    paris = ["--udp", "-R", "paris", *ONCE]
    for arguments in (["-m", "silent", *ONCE], ["-m", "dot", *paris], ["-m", "flows", *paris],
                      ["-m", "csv", "-r", "none", *ONCE]):
        tap.equal(world.asked_by([*arguments, TARGET]), 0, f"questions of {arguments}")
    tap.equal(world.asked_by(["-m", "stream", "-i", "100ms", TARGET], 0.6), 0, "questions of stream")
    tap.between(world.asked_by(["-m", "csv", *ONCE, TARGET]), 30, 60, "questions of csv")


def recordings_keep_names(world):
    """In modes without names, too; and a replay shows them."""
    recording = world.file("silent.jsonl")
    arguments = ["--dns-server", world.knot, "--record", recording, *ONCE, TARGET]
    world.hops.run(world.tun, ["-m", "silent", *arguments])
    rows = world.hops.csv(world.tun, ["--replay", recording])
    tap.equal([row["Addrs"] for row in rows if row["Hop"] not in ("2", "9")],
              [want_name(number) for number in range(1, 31) if number not in (2, 9)], "replayed")
    recording = world.file("csv.jsonl")
    arguments = ["-m", "csv", "--dns-server", world.responder.address, "--dns-timeout", "500ms", *ONCE]
    live = world.hops.run(world.tun, [*arguments, "--record", recording, TARGET])
    tap.equal(world.hops.run(world.tun, ["-m", "csv", "--replay", recording]).stdout, live.stdout,
              "replay of names of all kinds")
    recording = world.file("stream.jsonl")
    tap.between(world.asked_by(["-m", "stream", "-i", "100ms", "--record", recording, TARGET], 0.8),
                30, 90, "questions of a recorded stream")


def names_as_events(world):
    events = world.hops.events(world.near, ["--dns-server", world.knot, "-z", "-C", "2", "-i", "50ms",
                                            "198.51.100.2"])
    names = {event["address"]: event for event in events.of("name")}
    tap.equal(names["192.0.2.2"]["names"], ["as-router.example"], "names")
    tap.equal(names["192.0.2.2"]["shown"], "as-router.example", "shown")
    tap.equal(names["192.0.2.2"]["as"],
              {"number": "64500", "prefix": "192.0.2.0/24", "country": "ZZ", "registry": "arin",
               "allocated": "2001-09-08", "name": "EX, ZZ"}, "AS data")
    # The server has no zone for the target's name: REFUSED.
    tap.equal(names["198.51.100.2"]["shown"], "Failed: 198.51.100.2", "no name")
    tap.equal(names["198.51.100.2"]["as"],
              {"number": "64501", "prefix": "198.51.100.0/24", "country": None, "registry": "arin",
               "allocated": None, "name": r"\027]0;x\007"}, "AS data without a name")
    tap.equal(len(events.of("name")), 2, "each address once")
    events = world.hops.events(world.near, ["--dns-server", world.knot, *ONCE, "198.51.100.2"])
    tap.equal({event["as"] for event in events.of("name")}, {None}, "AS data that nobody asked for")


def databases_are_opened_in_every_mode(world):
    good = world.file("good.mmdb", database("GeoLite2-City", {"10.99.0.0/16": CITY}))
    broken = world.file("broken.mmdb", b"this is no database")
    missing = world.file("missing.mmdb")
    recording = world.file("geo.jsonl")
    world.hops.run(world.tun, ["-m", "silent", "-r", "none", *ONCE, "--record", recording, TARGET])
    for arguments in (["-m", "csv", "-r", "none", *ONCE, TARGET], ["-m", "silent", *ONCE, TARGET],
                      ["-m", "csv", "--simulate", "-C", "1"], ["-m", "csv", "--replay", recording]):
        world.hops.run(world.tun, ["-G", good, *arguments])
        for file, cause in ((broken, ""), (missing, "No such file or directory")):
            done = world.hops.run(world.tun, ["-G", file, *arguments], status=1)
            tap.equal((done.stdout, file in done.stderr, cause in done.stderr), ("", True, True),
                      f"{' '.join(arguments)}: {done.stderr}")


def the_screen_shows_them(world):
    if shutil.which("tmux") is None:
        raise tap.Skip("needs tmux")
    places = world.file("places.mmdb", database("GeoLite2-City", {"192.0.2.0/24": CITY}))
    recording = world.file("screen.jsonl")
    with world.near.entered():
        terminal = Terminal(120, 30)
    with terminal:
        terminal.run(world.hops.command("--dns-server", world.knot, "-z", "-G", places, "--record",
                                        recording, "--tui-geoip-mode", "short", "198.51.100.2"))
        terminal.await_text("as-router.example", "AS64500", "Town, XY, ZZ", "Failed: 198.51.100.2")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status")
    with open(recording, encoding="utf-8") as file:
        names = world.hops.parse_events(file.read()).of("name")
    tap.equal({name["address"]: name["shown"] for name in names},
              {"192.0.2.2": "as-router.example", "198.51.100.2": "Failed: 198.51.100.2"}, "recorded")
    with world.tun.entered():
        terminal = Terminal(120, 40)
    with terminal:
        terminal.run(world.hops.command("--dns-server", SILENT, "--dns-timeout", "1s", TARGET))
        terminal.await_text("Timeout: 10.99.1.1")
        terminal.type("q")
        tap.equal(terminal.status(), 0, "exit status with a dead server")


def scenario_names_are_shown(world):
    rows = world.hops.csv(world.tun, ["--simulate", "-C", "1", "--dns-server", SILENT])
    tap.equal(rows[0]["Addrs"], "gateway.home.example", "first")
    events = world.hops.events(world.tun, ["--simulate", "-C", "1"])
    tap.equal(json.dumps(events.of("name")[0]["names"]), '["gateway.home.example"]', "event")


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason:
        suite.skip_all(reason)
    if not have_knot():
        suite.skip_all("needs knotd (Debian package knot)")
    with Lab() as lab:
        world = World(lab)
        try:
            for case in (wait_for_knot, names_in_every_report, names_of_ipv6,
                         names_for_an_ordinary_user, names_beside_tcp_probes,
                         names_of_the_systems_servers, answers_of_all_kinds,
                         hostile_names_stay_printable, a_dead_server_costs_one_timeout,
                         a_dead_server_holds_no_probe_up, a_signal_ends_the_wait,
                         servers_that_cannot_be_reached_cost_nothing, the_next_server_answers,
                         modes_without_names_ask_nobody, recordings_keep_names, names_as_events,
                         databases_are_opened_in_every_mode, the_screen_shows_them, scenario_names_are_shown):
                suite.add(case.__name__, case, world)
            suite.run()
        finally:
            world.done()


main()
