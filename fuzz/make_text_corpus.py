#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the seed corpora of the fuzz targets that read text or a script of choices.

usage: make_text_corpus.py fuzz/corpus [HOPS]

Run it again when inputs are added; the files are the same on every run. HOPS (the program) is needed
for the recordings only, which are left alone without it."""

import pathlib
import random
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def dns_name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


def dns_answer(kind, *records):
    head = struct.pack(">6H", 1, 0x8180, 1, len(records), 0, 0)
    body = b"".join(b"\xc0\x0c" + struct.pack(">2HIH", kind, 1, 60, len(data)) + data
                    for data in records)
    return head + dns_name("1.2.0.192.in-addr.arpa") + struct.pack(">2H", kind, 1) + body


def txt(text):
    return bytes([len(text)]) + text.encode()


def dns():
    yield "ptr", b"\0" + dns_answer(12, dns_name("router.example.net"), dns_name("r2.example"))
    yield "ptr-hostile", b"\0" + dns_answer(12, b"\x05a\x1b[2J\x03c.d\0", b"\xc0\x0c", b"\xc0\x50")
    yield "alias", b"\0" + dns_answer(5, dns_name("1.0-63.2.0.192.in-addr.arpa"))
    yield "txt-origin", b"\x01" + dns_answer(16, txt("64500 | 192.0.2.0/24 | ZZ | test | 2001-02-03"),
                                             txt("64501 64502 | 192.0.2.0/25 | ZZ | test | "))
    yield "txt-strings", b"\x01" + dns_answer(16, txt("ab") + txt("\x1b[c") + txt(""))
    yield "resolv", b"\x02# none\nnameserver 192.0.2.1\nnameserver 2001:db8::1\nnameserver fe80::1%eth0\n" \
                    b"options ndots:1\n"
    yield "hosts", b"\x03127.0.0.1 localhost\n::1\tip6-localhost other # comment\n0.0.0.0 blocked\n"
    yield "server", b"\x04[2001:db8::1]:5353"
    yield "as-text", b"\x0464500 | ZZ | test | 2001-02-03 | EXAMPLE-NET, ZZ"


def values():
    for i, text in enumerate(("1.5s", "1h 2m 3s 4ms 5us 6ns", "0", "300y", "lightred", "#87CEEB",
                              "Light-Sky-Blue", "ctrl+shift+x", "f12", "page-up", "plus", "192.0.2.1",
                              "2001:db8::192.0.2.1", "fe80::1%eth0", "EADDRINUSE", "255", "resolv",
                              "bg-color=red,text-color=#010203", "quit=q,toggle-help=ctrl+h")):
        yield f"value-{i:02}", bytes([i * 3]) + text.encode()


def text():
    for i, octets in enumerate((b"plain", "größe 東京 🏔 e\u0301".encode(), b"\x1b[31mred\x9b\x07\r\n",
                                "\u202eevil\u2066\u200b".encode(), b"\xff\xfe\xc0\xaf\xed\xa0\x80\xf5",
                                b"\"quoted\" \\ | <b>&amp;", "東" .encode()[:2] + b"cut")):
        yield f"text-{i}", bytes([100 + i, 3]) + octets


def config():
    template = subprocess.run([HOPS, "--print-config-template"], capture_output=True, check=True) \
        if HOPS else None
    if template is not None:
        yield "template", template.stdout
    yield "tables", b'[hops]\nmode = "csv"\n[strategy]\nfirst-ttl = 3\nsource-address = "::1"\n' \
                    b'[dns]\ndns-timeout = "5s"\n[theme-colors]\nbg-color = "#010203"\n' \
                    b'[bindings]\nquit = "ctrl-q"\n[tui]\ntui-as-mode = "name"\n'
    yield "dotted", b"strategy.first-ttl = 0x1f\nstrategy = { max-ttl = 9 }\n"
    yield "utf16", "[hops]\nmode = \"json\"\n".encode("utf-16")
    yield "wrong", b'[strategy]\nfirst-ttl = "\xff\x1b[2J"\n[[x]]\ny = 1979-05-27T07:32:00Z\n'
    yield "head-and-line-end", b"[\n"
    yield "characters", "# \u2c2e \u3001\ntui.tui-locale = '\u2c64'\na\u3001 = 1\n".encode()


def args():
    for i, words in enumerate((["host.example"], ["-u", "-p", "udp", "-R", "paris", "192.0.2.1"],
                               ["--tcp", "-P", "443", "-f3", "-t=9", "a", "b"],
                               ["--simulate=x.toml", "-m", "json", "-C", "3"], ["-h"], ["--help"],
                               ["--print-config-template"], ["--generate", "zsh"], ["-V"],
                               ["--tui-key-bindings", "quit=x", "--tui-theme-colors=bg-color=red", "h"],
                               ["--replay", "file", "--replay-speed", "2"],
                               ["-i", "1s", "-T", "2s", "-g", "100ms", "h"],
                               ["--wrong", "\x1b[2J"], ["", "HOPS_MODE=csv", "HOPS_TARGETS=h"])):
        yield f"words-{i:02}", b"\x03" + b"\0".join(word.encode() for word in words) + b"\0"


def scenario():
    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        yield path.stem, path.read_bytes()
    yield "small", b'[[node]]\nid = "r"\naddr = "192.0.2.1"\ndelay-ms = 1\n[[node]]\nid = "h"\n' \
                   b'addr = "192.0.2.9"\n[[target]]\nname = "t"\nnode = "h"\nsource = "192.0.2.250"\n' \
                   b'[[target.step]]\nnodes = ["r"]\n'


def recording():
    if not HOPS:
        return
    for name, more in (("icmp", []), ("paris", ["-R", "paris", "--udp"]), ("errors", [])):
        path = ROOT / "scenarios" / ("errors.toml" if name == "errors" else "demo.toml")
        run = subprocess.run([HOPS, f"--simulate={path}", "-m", "events", "-C", "2", "-i", "50ms", "-t", "6",
                              *more], capture_output=True, check=False)
        lines = run.stdout.splitlines(keepends=True)
        yield name, b"".join(lines[:40] + lines[-1:])


def scripts(seed, sizes):
    source = random.Random(seed)
    for i, size in enumerate(sizes):
        yield f"script-{i}", bytes(source.choices(range(256), k=size))


def tracer():
    # a configuration that is accepted, then sends and answers
    head = bytes([0, 0, 0, 0, 0, 1, 8, 4, 0x82, 0x9a, 0x10, 0, 40, 1, 7, 3, 100, 3, 100, 5, 3, 200, 0, 3])
    yield "answers", head + bytes([2, 5, 0, 0, 0, 5, 0, 1, 8, 0, 1, 2, 5, 0, 2, 0]) * 8
    yield "outcomes", head + bytes([4, 1, 1, 4, 2, 3, 4, 3, 0, 4, 0, 0, 2, 12, 0, 11, 0, 0, 1]) * 6
    yield "lazy", head + bytes([14, 2, 5, 0, 0, 0, 0, 1, 15, 1, 15, 1, 9, 0, 1, 0, 3, 6]) * 8
    udp = bytes([1 + 27, 0x13, 0x88, 0x82, 0x9a, 1, 8, 4, 0x82, 0x9a, 0x10, 0])
    yield "udp", udp + head[12:] + bytes([2, 5, 0, 0, 0, 5, 0, 1, 8, 0, 1]) * 8
    yield from scripts(1, (64, 200, 600))


def stats():
    return scripts(2, (40, 200, 600, 1500))


def errqueue():
    return scripts(3, (40, 120, 300))


def tui():
    rounds = bytes([10, 0, 0]) * 6 + bytes([10, 0, 4, 0, 1, 0, 9, 11, 0, 0, 3, 5, 64, 0, 0, 0, 0]) * 3
    yield "events", bytes([5]) + rounds + bytes([8, 79, 23, 0, ord("d"), 8, 103, 29, 0, ord("?"), 9, 0, 0])
    yield from scripts(4, (60, 300, 900))


def main():
    root = pathlib.Path(sys.argv[1])
    for target in (args, config, dns, errqueue, recording, scenario, stats, text, tracer, tui, values):
        directory = root / target.__name__
        directory.mkdir(parents=True, exist_ok=True)
        for name, octets in target():
            (directory / name).write_bytes(octets)
    geo = root / "geo"
    geo.mkdir(exist_ok=True)
    made = root / "mmdb"
    subprocess.run([ROOT / "tests/unit/mmdb_files.py", made, made.with_suffix(".stamp")], check=True)
    for name in ("city24", "city28v4", "legacy", "plus", "types", "loopmap", "hostile", "asn"):
        (geo / name).write_bytes((made / f"{name}.mmdb").read_bytes())
    for path in made.iterdir():
        path.unlink()
    made.rmdir()
    made.with_suffix(".stamp").unlink()


HOPS = sys.argv[2] if len(sys.argv) > 2 else None
main()
