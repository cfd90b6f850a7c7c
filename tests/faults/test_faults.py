#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each allocation and each system call of a run fails once, and the program must cope: it ends in time,
without a signal and without a leak, and either says what went wrong (exit 1) or gives a whole report.

    test_faults.py            a selection that takes seconds
    test_faults.py --all      every one

A run is repeated with the first, second, third ... call of a kind failing, with each errno that
matters for it. tests/faults/shim.c does the failing."""

import concurrent.futures
import csv
import errno
import io
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "netns"))

import tap  # pylint: disable=wrong-import-position
from lab import Lab, become_able  # pylint: disable=wrong-import-position

BINARY = os.environ["HOPS"]
SHIM = os.environ["SHIM"]
ALL = "--all" in sys.argv
SECONDS = 10  # a run takes some tens of milliseconds
QUICK = ["-m", "csv", "-C", "2", "-i", "20ms", "-g", "10ms", "--reply-timeout", "50ms", "-t", "4"]
TRACES = {
    "icmp": [*QUICK, "--icmp", "127.0.0.1"],
    "icmp6": [*QUICK, "--icmp", "::1"],
    "udp": [*QUICK, "--udp", "-P", "33434", "127.0.0.1"],
    "tcp": [*QUICK, "--tcp", "-P", "9", "127.0.0.1"],
    "icmp_datagram": [*QUICK, "-u", "--icmp", "127.0.0.1"],
    "udp_datagram": [*QUICK, "-u", "--udp", "-P", "33434", "127.0.0.1"],
    "udp6_datagram": [*QUICK, "-u", "--udp", "-S", "5000", "::1"],
    "tcp_connect": [*QUICK, "-u", "--tcp", "-P", "9", "127.0.0.1"],
}
ERRNOS = {
    "malloc": "ENOMEM",
    "socket": "EMFILE EPERM EAFNOSUPPORT ENOBUFS",
    "bind": "EADDRINUSE EADDRNOTAVAIL EACCES",
    "connect": "ENETUNREACH ECONNREFUSED EADDRNOTAVAIL EADDRINUSE EACCES",
    "sendmsg": "ENOBUFS EPERM ENETUNREACH EMSGSIZE EINVAL EAGAIN EINTR",
    "recvmsg": "EINTR ECONNREFUSED ENOMEM EIO",
    "recv": "EINTR EIO",
    "setsockopt": "ENOPROTOOPT EPERM ENOMEM",
    "getsockopt": "ENOBUFS",
    "getsockname": "ENOBUFS",
    "getpeername": "ENOTCONN ENOBUFS",
    "epoll_create1": "EMFILE",
    "epoll_ctl": "ENOSPC ENOMEM",
    "epoll_wait": "EINTR EBADF",
    "ppoll": "EINTR ENOMEM",
    "read": "EINTR EIO",
    "open": "EACCES EMFILE",
    "pipe2": "EMFILE",
    "prctl": "EINVAL EPERM",
    "capset": "EPERM",
    "syscall": "ENOSYS EPERM",
    "sigaction": "EINVAL",
    "getrandom": "ENOSYS",
}


class Run:
    """One run of the program, with one fault or none."""

    def __init__(self, host, arguments, fault=None):
        # With a HOME, because getpwuid() of glibc 2.36 crashes without memory.
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/",
                       "LD_PRELOAD": SHIM}
        if fault is not None:
            environment["HOPS_FAULT"] = fault
        self.fault = fault
        read_end, write_end = os.pipe()
        environment["HOPS_FAULT_REPORT"] = str(write_end)
        # The thread's namespace was entered by the caller.
        process = subprocess.Popen([BINARY, *arguments], env=environment, pass_fds=[write_end],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        os.close(write_end)
        self.timed_out = False
        try:
            self.stdout, self.stderr = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            self.stdout, self.stderr = process.communicate()
            self.timed_out = True
        self.status = process.returncode
        with os.fdopen(read_end) as file:
            self.counts = {name: int(number) for name, number in
                           (line.split() for line in file.read().splitlines())}

    def complaint(self, live):
        """What is wrong with it, or None."""
        if self.timed_out:
            return f"still running after {SECONDS} s"
        if self.status not in (0, 1):
            return f"exit status {self.status}: {self.stderr[-300:]}"
        if re.search(r"Sanitizer|runtime error", self.stderr):
            return self.stderr[-800:]
        # Without memory for a line of text the program ends on the spot.
        at_once = self.status == 1 and self.stderr == "Error: out of memory\n"
        if self.counts.get("live", live) > live and not at_once:
            return f"{self.counts['live'] - live} blocks were not freed (exit {self.status})"
        if self.status == 1:
            return None if self.stderr.strip() else "exit 1 without a message"
        rows = list(csv.DictReader(io.StringIO(self.stdout)))
        if not rows or not self.stdout.endswith("\n") or None in rows[-1].values():
            return f"exit 0 without a whole report: {self.stdout[-200:]!r}; {self.stderr[-200:]}"
        return None


def selected(count):
    """Which calls of so many fail: all of the first, then some."""
    if ALL:
        return range(1, count + 1)
    first = list(range(1, min(count, 6) + 1))
    step = max(1, count // 12)
    return sorted(set(first) | set(range(1, count + 1, step)) | ({count} if count else set()))


def selected_allocations(count):
    if ALL:
        return range(1, count + 1)
    return sorted(set(range(1, min(count, 30) + 1)) | set(range(31, count + 1, max(7, count // 40))))


def faults_of(kinds, counts):
    for kind in kinds:
        choose = selected_allocations if kind == "malloc" else selected
        for name in ERRNOS[kind].split():
            for number in choose(counts[kind]):
                yield f"{kind}:{number}:{getattr(errno, name)}"


def each_fault(host, arguments, kinds):
    """Tells the first few complaints."""

    def attempt(fault):
        # Namespaces belong to threads.
        if host is None:
            run = Run(host, arguments, fault)
        else:
            with host.entered():
                run = Run(host, arguments, fault)
        return fault, run.complaint(live)

    if host is None:
        whole = Run(host, arguments)
    else:
        with host.entered():
            whole = Run(host, arguments)
    live = whole.counts["live"]
    tap.equal((whole.status, whole.complaint(live)), (0, None), f"undisturbed; {whole.stderr}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(attempt, faults_of(kinds, whole.counts)))
    tap.equal(len(results) > 0, True, "faults tried")
    wrong = [f"{fault} ({errno.errorcode[int(fault.split(':')[2])]}): {complaint}"
             for fault, complaint in results if complaint is not None]
    if wrong:
        raise AssertionError(f"{len(wrong)} of {len(results)} faults\n" + "\n".join(wrong[:20]))
    print(f"# {len(results)} faults", flush=True)


def main():
    sys.argv = [argument for argument in sys.argv if argument != "--all"]
    suite = tap.Suite()
    suite.add("simulation_each_allocation", each_fault, None,
              ["--simulate", "-m", "csv", "-C", "2"], ["malloc"])
    suite.add("simulation_each_call", each_fault, None, ["--simulate", "-m", "csv", "-C", "2"],
              [kind for kind in ERRNOS if kind != "malloc"])
    reason = become_able()
    if reason:
        print(f"# without traces: {reason}", flush=True)
        suite.run()
    with Lab() as lab:
        host = lab.host("a")
        lab.build()
        host.sysctl({"ipv4/ping_group_range": "0 0"})
        for name, arguments in TRACES.items():
            suite.add(f"{name}_each_allocation", each_fault, host, arguments, ["malloc"])
            suite.add(f"{name}_each_call", each_fault, host, arguments,
                      [kind for kind in ERRNOS if kind != "malloc"])
        suite.run()


if __name__ == "__main__":
    main()
