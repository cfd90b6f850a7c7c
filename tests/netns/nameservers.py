# SPDX-License-Identifier: MIT
"""DNS servers for tests: knotd with zones of the test's own, and one whose answers no real server would
give. Both in a host of the lab, at 127.0.0.1."""

import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading


def have_knot():
    """knotd is where ordinary users do not look for it."""
    if "/usr/sbin" not in os.environ["PATH"].split(":"):
        os.environ["PATH"] += ":/usr/sbin:/sbin"
    return shutil.which("knotd") is not None


class Knot:
    """knotd on some ports. zones: {name: text}; what cannot be loaded gives SERVFAIL."""

    def __init__(self, lab, host, ports, zones):
        self.address = f"127.0.0.1:{ports[0]}"
        listen = ", ".join(f"127.0.0.1@{port}" for port in ports)
        self._directory = tempfile.mkdtemp(prefix="hops-knot-")
        lines = ["server:", f"    rundir: {self._directory}", f"    listen: [{listen}]",
                 "    udp-workers: 1", "    tcp-workers: 1", "    background-workers: 1",
                 "database:", f"    storage: {self._directory}", "template:", "  - id: default",
                 f"    storage: {self._directory}", "    zonefile-load: whole",
                 "    journal-content: none", "log:", "  - target: stderr", "    any: critical",
                 "zone:"]
        for name, text in zones.items():
            with open(f"{self._directory}/{name}.zone", "w", encoding="utf-8") as file:
                file.write(text)
            lines += [f"  - domain: {name}", f"    file: {name}.zone"]
        with open(f"{self._directory}/knot.conf", "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
        lab.start(host, ["knotd", "-c", f"{self._directory}/knot.conf"], stderr=subprocess.DEVNULL)

    def remove(self):
        shutil.rmtree(self._directory)


def name_octets(name):
    return b"".join(bytes([len(label)]) + label for label in name.split(b".") if label) + b"\0"


def question_of(query):
    at = 12
    labels = []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]])
        at += 1 + query[at]
    return b".".join(labels).decode("ascii").lower(), query[12:at + 5]


def message(query, records=(), rcode=0, identifier=None, question=None):
    head = query[:2] if identifier is None else identifier
    return (head + struct.pack(">HHHHH", 0x8180 | rcode, 1, len(records), 0, 0)
            + (question_of(query)[1] if question is None else question) + b"".join(records))


def ptr(rdata, owner=b"\xc0\x0c"):
    return owner + struct.pack(">HHIH", 12, 1, 60, len(rdata)) + rdata


def bound(lab, host, port):
    """A socket at the port, which reads nothing by itself: a silent server."""
    with host.entered():
        sock = lab.keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    sock.bind(("127.0.0.1", port))
    return sock


class Responder:
    """Answers by the last octet of the address that is asked about, by hand. Nobody listens for TCP:
    what is too long (case 16) fails, and must not take other names along."""

    def __init__(self, lab, host, port):
        self.address = f"127.0.0.1:{port}"
        self.sock = bound(lab, host, port)
        self.asked = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                query, peer = self.sock.recvfrom(2048)
            except OSError:
                return
            name = question_of(query)[0]
            self.asked.append(name)
            delay, replies = self.replies(query, int(name.split(".")[0]))
            threading.Timer(delay, self._send, (replies, peer)).start()

    def _send(self, replies, peer):
        for reply in replies:
            try:
                self.sock.sendto(reply, peer)
            except OSError:
                return

    @staticmethod
    def replies(query, case):
        good = message(query, [ptr(name_octets(b"good.example"))])
        other_id = bytes([query[0] ^ 1, query[1]])
        evil = name_octets(b"evil.example")
        return {
            1: (0, [good]),
            2: (0.3, [good]),
            3: (0, []),
            4: (0, [message(query, [ptr(evil)], identifier=other_id), good]),
            5: (0, [message(query, [ptr(evil)], question=b"\x01x\0\0\x0c\0\x01"), good]),
            6: (0, [message(query, rcode=2)]),
            7: (0, [message(query, rcode=1)]),
            8: (0, [message(query, rcode=4)]),
            9: (0, [message(query, rcode=3)]),
            10: (0, [good[:-3]]),
            11: (0, [message(query, [ptr(bytes([0xc0, 12 + len(question_of(query)[1]) + 12]))])]),
            12: (0, [message(query, [ptr(b"\x06\x1b[2J\0\xff\0")])]),
            13: (0, [message(query, [ptr(evil, owner=name_octets(b"other"))])]),
            14: (0, [message(query, [ptr(b"\x3f" + b"\xfe" * 63 + b"\x3f" + b"\x01" * 63 +
                                         b"\x3f" + b"." * 63 + b"\x3d" + b"\x7f" * 61 + b"\0")])]),
            15: (0, [b"", query[:7], good]),
            16: (0, [message(query, [ptr(name_octets(b"n%d.example" % i)) for i in range(20)])]),
        }.get(case, (0, [good]))
