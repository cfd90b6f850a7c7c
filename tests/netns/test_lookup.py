#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Names and AS data from a real DNS server (knot) and from one that answers what no real server would,
in a network namespace. LOOKUP_PROBE is the program that asks."""

import os
import tempfile
import time

import tap
from lab import Lab, become_able
from nameservers import Knot, Responder, bound, have_knot

KNOT, RESPONDER, SILENT, CLOSED = "127.0.0.1:5301", "127.0.0.1:5302", "127.0.0.1:5303", "127.0.0.1:5304"
LONG = ".".join(["l" * 63] * 3 + ["m" * 61])  # 255 octets on the wire

REVERSE = rf"""$ORIGIN 2.0.192.in-addr.arpa.
$TTL 60
@ SOA ns.example. admin.example. 1 60 60 60 60
@ NS ns.example.
1 PTR r1.example.
2 PTR r1.example.
2 PTR r2.example.
4 TXT "no name here"
5 CNAME 5.sub.2.0.192.in-addr.arpa.
5.sub PTR delegated.example.
6 PTR \027\0912j\000\255\010x.example.
7 PTR {LONG}.
8 PTR \226\128\174rtl.example.
""" + "".join(f"9 PTR many{i:02}.{'x' * 40}.example.\n" for i in range(30))

REVERSE6 = """$ORIGIN 8.b.d.0.1.0.0.2.ip6.arpa.
$TTL 60
@ SOA ns.example. admin.example. 1 60 60 60 60
@ NS ns.example.
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR six.example.
"""

ASN = r"""$ORIGIN asn.cymru.com.
$TTL 60
@ SOA ns.example. admin.example. 1 60 60 60 60
@ NS ns.example.
1.2.0.192.origin TXT "64500 | 192.0.2.0/24 | ZZ | arin | 2001-09-08"
2.2.0.192.origin TXT "64500 | 192.0" ".2.0/24 | ZZ | arin | 2001-09-08"
3.2.0.192.origin TXT "64500 | 192.0.2.0/24 | ZZ | arin"
4.2.0.192.origin TXT "64500 64501 | 192.0.2.0/24 | | arin | "
5.2.0.192.origin TXT "64501 | 192.0.0.0/16 | ZZ | arin | 2001-09-08"
5.2.0.192.origin TXT "64500 | 192.0.2.0/24 | ZZ | arin | 2001-09-08"
6.2.0.192.origin TXT "64502 | 192.0.2.0/24 | ZZ | arin | 2001-09-08"
7.2.0.192.origin TXT "NA | 192.0.2.0/24 | ZZ | arin | 2001-09-08"
8.2.0.192.origin TXT "64503 | 192.0.2.0/24 | ZZ | arin | 2001-09-08"
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.origin6 TXT "64500 | 2001:db8::/32 | ZZ | arin | 2001-09-08"
AS64500 TXT "64500 | ZZ | arin | 2001-09-01 | EX, ZZ"
AS64502 TXT "64502 | ZZ | arin | 2001-09-01 | EX | ZZ"
AS64503 TXT "64503 | ZZ | arin | 2001-09-01 | \027]0;title\007\255"
"""


class Result:
    def __init__(self, text):
        self.name, self.as_data = {}, {}
        for line in text.splitlines():
            kind, *fields = line.split("\t")
            if kind == "name":
                self.name[fields[0]] = (fields[1], fields[2])
            elif kind == "as":
                self.as_data[fields[0]] = tuple(fields[1:])
            else:
                setattr(self, kind, int(fields[0]))


def look_up(lab, host, *arguments):
    run = lab.run(host, [os.environ["LOOKUP_PROBE"], *arguments])
    tap.equal((run.returncode, run.stderr), (0, ""), "lookup_probe")
    if not run.stdout.replace("\n", "").replace("\t", "").isprintable():
        raise AssertionError(f"not printable: {run.stdout!r}")
    return Result(run.stdout)


def names_of_a_real_server(lab, host):
    addresses = [f"192.0.2.{i}" for i in range(1, 10)] + ["2001:db8::1", "127.0.0.9", "::1"]
    got = look_up(lab, host, "-s", KNOT, "-t", "4000", *addresses,
                  "203.0.113.1", "198.51.100.1")
    many = " ".join(got.name["192.0.2.9"][1].split()[:16])
    tap.equal(len(many.split()), 16, "names of a truncated answer, asked again over TCP")
    tap.equal(sorted(got.name["192.0.2.2"][1].split()), ["r1.example", "r2.example"], "two names")
    for address, want in {
            "192.0.2.1": ("found", "r1.example"), "192.0.2.3": ("not-found", ""),
            "192.0.2.4": ("not-found", ""), "192.0.2.5": ("found", "delegated.example"),
            "192.0.2.6": ("found", r"\027[2j\000\255\010x.example"), "192.0.2.7": ("found", LONG),
            "192.0.2.8": ("found", r"\226\128\174rtl.example"),
            "2001:db8::1": ("found", "six.example"), "127.0.0.9": ("found", "localhost"),
            "::1": ("found", "localhost"), "203.0.113.1": ("failed", ""),
            "198.51.100.1": ("failed", "")}.items():
        tap.equal(got.name[address], want, address)


def as_data_of_a_real_server(lab, host):
    good = ("found", "64500", "192.0.2.0/24", "ZZ", "arin", "2001-09-08", "EX, ZZ")
    none = ("not-found",)
    got = look_up(lab, host, "-a", "-s", KNOT, "-t", "4000", "2001:db8::1", "10.0.0.1",
                  *(f"192.0.2.{i}" for i in range(1, 10)))
    for address, want in {
            "192.0.2.1": good, "192.0.2.2": good, "192.0.2.3": none,
            "192.0.2.4": ("found", "64500", "192.0.2.0/24", "", "arin", "", "EX, ZZ"),
            "192.0.2.5": good, "192.0.2.6": none, "192.0.2.7": none,
            "192.0.2.8": (*good[:1], "64503", *good[2:6], r"\027]0;title\007\255"),
            "192.0.2.9": none, "10.0.0.1": none,
            "2001:db8::1": (*good[:2], "2001:db8::/32", *good[3:])}.items():
        tap.equal(got.as_data[address], want, address)
    tap.equal(got.name["192.0.2.1"], ("found", "r1.example"), "the name beside it")


def answers_no_real_server_gives(lab, host, responder):
    got = look_up(lab, host, "-s", RESPONDER, "-t", "2000", *(f"192.0.2.{i}" for i in range(1, 17)))
    good = ("found", "good.example")
    for case, want in {
            1: good, 2: good, 3: ("timeout", ""), 4: good, 5: good,
            6: ("failed", ""), 7: ("failed", ""),
            8: ("failed", ""), 9: ("not-found", ""),
            10: ("failed", ""), 11: ("failed", ""),
            12: ("found", r"\027[2J\000\255"), 13: ("not-found", ""), 15: good,
            16: ("failed", "")}.items():
        tap.equal(got.name[f"192.0.2.{case}"], want, f"case {case}")
    state, text = got.name["192.0.2.14"]
    tap.equal(state, "found", "a name of 255 octets")
    tap.between(len(text), 800, 1023, "its length escaped")
    tap.between(got.step, 0, 100, "longest step in ms")
    tap.between(got.took, 1900, 2400, "ms until the last gave up")
    tap.equal(responder.asked.count("3.2.0.192.in-addr.arpa"), 3, "attempts at the silent name")


def one_question_for_many_calls(lab, host, responder):
    responder.asked.clear()
    got = look_up(lab, host, "-s", RESPONDER, "-t", "2000", *["192.0.2.2"] * 20)
    tap.equal(got.name["192.0.2.2"], ("found", "good.example"), "name")
    tap.equal(len(responder.asked), 1, "questions")


def more_addresses_than_places(lab, host):
    addresses = [f"192.0.{i // 200 + 3}.{i % 200 + 20}" for i in range(250)]
    got = look_up(lab, host, "-s", RESPONDER, "-t", "3000", *addresses)
    tap.equal({state for state, _ in got.name.values()}, {"found"}, "states")


def flush_keeps_what_is_under_way(lab, host, responder):
    responder.asked.clear()
    got = look_up(lab, host, "-f", "-s", RESPONDER, "-t", "2000", "192.0.2.2")
    tap.equal(got.name["192.0.2.2"], ("found", "good.example"), "name")
    tap.equal(len(responder.asked), 1, "questions")


def dead_server_costs_one_timeout(lab, host):
    addresses = [f"192.0.2.{i}" for i in range(1, 31)]
    for servers in ([SILENT], [SILENT] * 4):
        arguments = [word for server in servers for word in ("-s", server)]
        got = look_up(lab, host, *arguments, "-t", "1000", *addresses)
        tap.between(got.took, 990, 1200, "ms")
        tap.equal(got.name, {address: ("timeout", "") for address in addresses},
                  "names")


def next_server_is_asked_after_a_quarter(lab, host):
    got = look_up(lab, host, "-s", SILENT, "-s", RESPONDER, "-t", "2000", "192.0.2.1")
    tap.equal(got.name["192.0.2.1"], ("found", "good.example"), "name")
    tap.between(got.took, 300, 1000, "ms")


def closed_port_fails_at_once(lab, host):
    got = look_up(lab, host, "-s", CLOSED, "-t", "3000", "192.0.2.1")
    tap.equal(got.name["192.0.2.1"], ("failed", ""), "name")
    tap.between(got.took, 0, 500, "ms")


def files_of_the_system(lab, host):
    with tempfile.TemporaryDirectory() as directory:
        resolv, hosts = f"{directory}/resolv.conf", f"{directory}/hosts"
        with open(hosts, "w", encoding="ascii") as file:
            file.write("192.0.2.1 mine.example alias\n")
        with open(resolv, "w", encoding="ascii") as file:
            file.write("# nobody\n")
        got = look_up(lab, host, "-m", hosts, "-r", resolv, "192.0.2.1", "192.0.2.2")
        tap.equal(got.name, {"192.0.2.1": ("found", "mine.example"),
                             "192.0.2.2": ("failed", "")}, "hosts, no server")
        run = lab.run(host, [os.environ["LOOKUP_PROBE"], "-r", f"{directory}/none", "192.0.2.1"])
        tap.equal((run.returncode, run.stderr),
                  (1, f"{directory}/none with the DNS servers: No such file or directory\n"),
                  "no resolv.conf")
        with open(resolv, "w", encoding="ascii") as file:
            file.write("nameserver 127.0.0.1\n")
        got = look_up(lab, host, "-r", resolv, "-t", "1000", "192.0.2.1")
        tap.equal(got.name["192.0.2.1"], ("failed", ""), "nobody at port 53")


def wait_for_knot(lab, host):
    for _ in range(50):
        if look_up(lab, host, "-s", KNOT, "-t", "1000", "192.0.2.1").name["192.0.2.1"][0] == "found":
            return
        time.sleep(0.1)
    raise AssertionError("knotd does not answer")


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason:
        suite.skip_all(reason)
    if not have_knot():
        suite.skip_all("needs knotd (Debian package knot)")
    with Lab() as lab:
        host = lab.host("a")
        lab.build()
        knot = Knot(lab, host, (5301,), {"2.0.192.in-addr.arpa": REVERSE, "asn.cymru.com": ASN,
                                      "8.b.d.0.1.0.0.2.ip6.arpa": REVERSE6,
                                      "113.0.203.in-addr.arpa": "this is no zone\n"})
        responder = Responder(lab, host, 5302)
        bound(lab, host, 5303)
        try:
            suite.add("knot_answers", wait_for_knot, lab, host)
            suite.add("names_of_a_real_server", names_of_a_real_server, lab, host)
            suite.add("as_data_of_a_real_server", as_data_of_a_real_server, lab, host)
            suite.add("answers_no_real_server_gives", answers_no_real_server_gives, lab, host,
                      responder)
            suite.add("one_question_for_many_calls", one_question_for_many_calls, lab, host,
                      responder)
            suite.add("more_addresses_than_places", more_addresses_than_places, lab, host)
            suite.add("flush_keeps_what_is_under_way", flush_keeps_what_is_under_way, lab, host,
                      responder)
            suite.add("dead_server_costs_one_timeout", dead_server_costs_one_timeout, lab, host)
            suite.add("next_server_is_asked_after_a_quarter", next_server_is_asked_after_a_quarter,
                      lab, host)
            suite.add("closed_port_fails_at_once", closed_port_fails_at_once, lab, host)
            suite.add("files_of_the_system", files_of_the_system, lab, host)
            suite.run()
        finally:
            knot.remove()


main()
