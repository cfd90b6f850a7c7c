#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the running program may still do: what the kernel says about it, and what it gets when it
tries. For root, for a set-uid copy, for copies with a file capability, and without any of these."""

import errno
import os
import pwd
import re
import shutil
import struct
import subprocess
import time

import tap
from hops import Hops
from lab import Lab, become_able, chain, other_users

REGAIN = os.environ["REGAIN"]
SANDBOX = os.environ["SANDBOX"] == "1"
CAP_NET_RAW = 13
NO_CAPABILITY = "0" * 16
# By name: user, mode of the copy, file capability, whether it can open raw sockets at first.
WAYS = {
    "root": (None, 0o755, None, True),
    "set_uid": ("nobody", 0o4755, None, True),
    "set_gid": ("nobody", 0o2755, None, False),
    "file_capability": ("nobody", 0o755, "cap_net_raw+ep", True),
    "file_capability_permitted": ("nobody", 0o755, "cap_net_raw+p", True),
    "none": ("nobody", 0o755, None, False),
}


class Copies:
    """Copies of a binary, one per way of having privileges."""

    def __init__(self, hops):
        self._folder = os.path.dirname(hops.binary)

    def make(self, original, way):
        _, mode, capability, _ = WAYS[way]
        path = os.path.join(self._folder, f"{os.path.basename(original)}-{way}")
        shutil.copy(original, path)
        os.chmod(path, mode)
        if capability is not None:
            # As setcap(8) writes it: revision 2 with the effective bit; permitted, inheritable.
            revision = 0x02000000 | capability.endswith("+ep")
            try:
                os.setxattr(path, "security.capability",
                            struct.pack("<5I", revision, 1 << CAP_NET_RAW, 0, 0, 0))
            except OSError as error:
                raise tap.Skip(f"no file capabilities in {self._folder}: {error}") from None
        return path


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(re.findall(r"^(\w+):\s*(.*)$", file.read(), re.M))


def identity(user):
    entry = pwd.getpwnam(user or "root")
    return entry.pw_uid, entry.pw_gid


def holds_nothing(lab, copies, hops, path, way, more):
    """A trace works, and while it runs the kernel finds nothing that could be used."""
    user, _, _, raw = WAYS[way]
    binary = copies.make(hops.binary, way)
    target = path.target_address(4)
    arguments = ["-m", "events", *(["--udp"] if not raw else []), "-i", "100ms", *more, target]
    process = lab.start(path.source, [binary, *arguments], user, stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE, text=True)
    lines = []
    for line in process.stdout:
        lines.append(line)
        if '"event":"round"' in line:
            break
    status = status_of(process.pid)
    process.terminate()
    rest, stderr = process.communicate(timeout=20)
    tap.equal(process.returncode, 143, f"ends by the signal; {stderr}")
    events = hops.parse_events("".join(lines) + rest)
    tap.equal(events.responders(0), dict(enumerate(path.hops(4), 1)), "hops")
    uid, gid = identity(user)
    tap.equal(status["Uid"].split(), [str(uid)] * 4, "user ids")
    tap.equal(status["Gid"].split(), [str(gid)] * 4, "group ids")
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        tap.equal(status[name], NO_CAPABILITY, name)
    if user is None or way == "set_uid":
        # CAP_SETPCAP was there to empty the bounding set with.
        tap.equal(status["CapBnd"], NO_CAPABILITY, "CapBnd")
    tap.equal(status["NoNewPrivs"], "1", "no-new-privileges")
    tap.equal(status["Seccomp"], "2" if SANDBOX and "--no-sandbox" not in more else "0",
              "seccomp filter")
    tap.equal("raw sockets" in stderr, not raw, f"says that it traces without rights: {stderr!r}")


def gets_nothing_back(lab, copies, path, way):
    user, _, _, raw = WAYS[way]
    binary = copies.make(REGAIN, way)
    done = lab.run(path.source, [binary], user)
    tap.equal(done.returncode, 0, f"exit status; {done.stderr}")
    got = [(name, int(number)) for name, number in
           (line.split() for line in done.stdout.splitlines())]
    tap.equal(got[0], ("had", int(raw)), "raw sockets at first")
    # The last three are those of the same file executed again.
    tap.equal([name for name, _ in got[-3:]], ["raw", "raw6", "packet"], "after exec")
    tried = dict(got[1:-3])
    want = {"raw", "raw6", "packet", "effective", "inheritable", "ambient", "setgroups"}
    tap.equal(set(tried), want | ({"setuid", "seteuid", "setgid"} if user else set()), "attempts")
    worked = [name for name, number in tried.items() if number != errno.EPERM]
    tap.equal(worked, [], "attempts that did not end with EPERM")
    tap.equal([name for name, number in got[-3:] if number == 0], [],
              "raw sockets of the same file executed again")


def reads_nothing_before(lab, hops, path):
    """Until no-new-privileges is set, the last step of the drop, only libraries have been opened."""
    if shutil.which("strace") is None:
        raise tap.Skip("strace is missing")
    trace = os.path.join(os.path.dirname(hops.binary), "trace")
    lab.run(path.source, ["strace", "-o", trace, hops.binary, "-m", "csv", "-C", "1",
                          path.target_address(4)])
    with open(trace, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    drop = [i for i, line in enumerate(lines) if "PR_SET_NO_NEW_PRIVS, 1" in line]
    tap.equal(len(drop) > 0, True, "no-new-privileges is set")
    opened = [line for line in lines[:drop[0]] if re.match(r"open|creat|readlink|stat|newfstatat.*\"/", line)
              and not re.search(r'"/etc/ld\.so|\.so[.\d]*"|"/proc/sys/kernel/cap_last_cap"', line)]
    if not SANDBOX:  # a sanitizer's runtime looks at its own process before main() begins
        opened = [line for line in opened if '"/proc/self/' not in line]
    tap.equal(opened, [], "opened before the drop")
    received = [line for line in lines[:drop[0]] if re.match(r"recv", line)]
    tap.equal(received, [], "packets read before the drop")
    walls = [i for i, line in enumerate(lines) if line.startswith("seccomp(") and line.endswith("= 0")]
    first = [i for i, line in enumerate(lines) if re.match(r"recvmsg|epoll_wait", line)]
    if not SANDBOX:
        return
    tap.equal(len(walls), 1, "filters")
    tap.equal(walls[0] < first[0], True, "the sandbox stands before the first packet is read")


def has_socket(pid):
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        try:
            if os.readlink(f"/proc/{pid}/fd/{descriptor}").startswith("socket:"):
                return True
        except FileNotFoundError:
            pass  # closed meanwhile
    return False


def no_socket_is_a_standard_descriptor(lab, hops, path):
    """Started with 0 to 2 closed: else what is printed would go out on the first socket."""
    closed = ["/bin/sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-']
    process = lab.start(path.source, [*closed, hops.binary, "-m", "silent", "-C", "100",
                                      path.target_address(4)])
    deadline = time.monotonic() + 20
    while not has_socket(process.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    tap.equal([os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in range(3)], ["/dev/null"] * 3,
              "descriptors 0 to 2")
    process.kill()
    process.wait(timeout=20)


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason:
        suite.skip_all(reason)
    if not other_users():
        suite.skip_all("needs root: processes run as nobody")
    with Lab() as lab:
        path = chain(lab, 2)
        hops = Hops(lab)
        copies = Copies(hops)
        for way in WAYS:
            suite.add(f"holds_nothing_{way}", holds_nothing, lab, copies, hops, path, way, [])
            suite.add(f"gets_nothing_back_{way}", gets_nothing_back, lab, copies, path, way)
        suite.add("holds_nothing_without_sandbox", holds_nothing, lab, copies, hops, path,
                  "file_capability", ["--no-sandbox"])
        suite.add("no_socket_is_a_standard_descriptor", no_socket_is_a_standard_descriptor, lab, hops,
                  path)
        suite.add("reads_nothing_before_the_drop", reads_nothing_before, lab, hops, path)
        suite.run()


if __name__ == "__main__":
    main()
