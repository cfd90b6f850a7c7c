# SPDX-License-Identifier: MIT
"""Runs the real binary in a host of the lab and reads what it writes."""

import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("HOPS", ROOT / "build" / "hops"))
TUNPATH = pathlib.Path(os.environ.get("TUNPATH", ROOT / "build" / "tests" / "netns" / "tunpath"))

# Labs have no DNS server, and a question to one would go round in the lab until it times out. Tests
# about names say --dns-server.
os.environ.setdefault("HOPS_DNS_RESOLVE_METHOD", "none")

# How to probe. paris and dublin keep their ports within a round, and need raw sockets.
METHODS = {
    "icmp": ["--icmp"],
    "udp_fixed_source": ["--udp", "-S", "5000"],
    "udp_fixed_target": ["--udp", "-P", "33434"],
    "udp_paris": ["--udp", "-R", "paris", "-P", "33434"],
    "udp_dublin": ["--udp", "-R", "dublin", "-P", "33434"],
    "tcp_fixed_target": ["--tcp", "-P", "80"],
    "tcp_fixed_source": ["--tcp", "-S", "5000"],
}
UNPRIVILEGED_METHODS = [name for name in METHODS if name not in ("udp_paris", "udp_dublin")]


class Hops:
    """The binary, at a place where every user may run it."""

    def __init__(self, lab):
        self._lab = lab
        self._folder = tempfile.TemporaryDirectory(prefix="hops-netns-")
        os.chmod(self._folder.name, 0o755)
        self.binary = os.path.join(self._folder.name, "hops")
        shutil.copy(BINARY, self.binary)
        os.chmod(self.binary, 0o755)

    def command(self, *arguments):
        return [self.binary, *arguments]

    def run(self, host, arguments, user=None, status=0, timeout=60):
        """Runs it to its end and checks the exit status."""
        done = self._lab.run(host, self.command(*arguments), user=user, timeout=timeout)
        if done.returncode != status:
            raise AssertionError(f"hops {' '.join(arguments)}: exit {done.returncode}, want {status}\n"
                                 f"{done.stdout[-1500:]}\nstderr: {done.stderr[-1500:]}")
        return done

    def csv(self, host, arguments, user=None):
        """The report's rows."""
        done = self.run(host, ["-m", "csv", *arguments], user)
        return list(csv.DictReader(io.StringIO(done.stdout)))

    def json(self, host, arguments, user=None):
        return json.loads(self.run(host, ["-m", "json", *arguments], user).stdout)

    def events(self, host, arguments, user=None):
        done = self.run(host, ["-m", "events", *arguments], user)
        return self.parse_events(done.stdout)

    @staticmethod
    def parse_events(text):
        return Events(json.loads(line) for line in text.splitlines())

    def start_events(self, lab, host, arguments, user=None):
        """A running process whose stdout is a pipe of event lines."""
        return lab.start(host, self.command("-m", "events", *arguments), user,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Events(list):
    """The events of a run."""

    def of(self, kind, trace=None):
        return [event for event in self if event["event"] == kind and
                (trace is None or event["trace"] == trace)]

    def responders(self, number, trace=0):
        """TTL to responder, for one round of one trace, up to the first TTL that reaches the target:
        as long as that is not known, probes beyond it are sent, and the target answers them too."""
        replies = {event["probe"]["ttl"]: event["reply"] for event in self.of("reply", trace)
                   if event["probe"]["round"] == number}
        end = min((ttl for ttl, reply in replies.items() if reply["is_target"]), default=255)
        return {ttl: replies[ttl]["responder"] for ttl in sorted(replies) if ttl <= end}

    def ends(self):
        """(round, kind) of the replies of targets, without repetitions."""
        return {(event["probe"]["round"], event["reply"]["kind"]) for event in self.of("reply")
                if event["reply"]["is_target"]}

    def errnos(self, kind):
        """{(call, errno)} of the skipped or failed probes."""
        return {(event["failure"]["call"], event["failure"]["errno"]) for event in self.of(kind)}


def describe(rows):
    return "\n".join(f"{row['Hop']:>3} {row['IPs']} sent {row['Snt']} received {row['Recv']}"
                     for row in rows)
