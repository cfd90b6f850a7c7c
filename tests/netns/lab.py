#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Topologies from network namespaces: hosts, links, addresses, routes, packet filters.

    with Lab() as lab:
        path = chain(lab, 3)
        lab.run(path.source, ["traceroute", "-n", path.target4])

Hosts are namespaces with names of their own per process; they and what runs in them are gone at the
end, after failures and signals too. Sockets made inside `with host.entered():` belong to that host for
good, so listeners and port holders need no process of their own.

As a program: lab.py chain N builds a chain and starts a shell in the tracing host."""

import contextlib
import ctypes
import ipaddress
import os
import pwd
import signal
import subprocess
import sys
import time

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)

# A lab has no rate limits: a router that tells 6 of 30 probes to go away looks like loss. Routers
# with the kernel's defaults ask for them (limited=True).
_UNLIMITED = {
    "ipv4/icmp_ratemask": "0",
    "ipv4/icmp_ratelimit": "0",
    "ipv4/icmp_msgs_per_sec": "100000",
    "ipv4/icmp_msgs_burst": "10000",
    "ipv6/icmp/ratelimit": "0",
}
# Addresses are usable at once, and asymmetric paths are fine.
_EVERYWHERE = {
    "ipv4/conf/all/rp_filter": "0",
    "ipv4/conf/default/rp_filter": "0",
    "ipv6/conf/all/disable_ipv6": "0",
    "ipv6/conf/default/disable_ipv6": "0",
    "ipv6/conf/all/accept_dad": "0",
    "ipv6/conf/default/accept_dad": "0",
    "ipv6/conf/default/dad_transmits": "0",
    "ipv6/conf/default/router_solicitations": "0",
    "ipv4/ping_group_range": "1 0",
}
_ROUTER = {"ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1"}


def become_able():
    """Returns None if this process may build namespaces, else the reason why not. Without root it
    starts itself again as root of a user namespace, if the system lets it."""
    if os.geteuid() == 0:
        if os.access("/run/netns", os.W_OK) or os.access("/run", os.W_OK):
            return None
        return "/run/netns is not writable"
    if os.environ.get("HOPS_LAB_UNSHARED"):
        return "needs root"
    unshare = ["unshare", "--user", "--map-root-user", "--net", "--mount"]
    try:
        able = subprocess.run(unshare + ["mount", "-t", "tmpfs", "lab", "/run"], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        able = False
    if not able:
        return "needs root, or user namespaces for everybody"
    os.environ["HOPS_LAB_UNSHARED"] = "1"
    script = 'mount -t tmpfs lab /run && exec "$@"'
    sys.stdout.flush()
    os.execvp("unshare", unshare + ["sh", "-c", script, "sh", sys.executable, *sys.argv])


def other_users():
    """True if processes may run as nobody: not in a user namespace that maps root alone."""
    return "HOPS_LAB_UNSHARED" not in os.environ


class Host:
    """One network namespace. Made by Lab.host()."""

    def __init__(self, name, namespace):
        self.name = name
        self.namespace = namespace
        self.commands = []  # lines for ip -batch, applied by Lab.build()

    def __str__(self):
        return self.name

    @contextlib.contextmanager
    def entered(self):
        """This thread is in the namespace; sockets and children made here stay there."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            there = os.open(f"/run/netns/{self.namespace}", os.O_RDONLY | os.O_CLOEXEC)
            try:
                _setns(there)
            finally:
                os.close(there)
            try:
                yield self
            finally:
                _setns(home)
        finally:
            os.close(home)

    def sysctl(self, values):
        """Sets values of /proc/sys/net, such as {"ipv4/ip_forward": "1"}."""
        with self.entered():
            for name, value in values.items():
                with open(f"/proc/sys/net/{name}", "w", encoding="ascii") as file:
                    file.write(value)


def _setns(descriptor):
    if _libc.setns(descriptor, _CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"setns: {os.strerror(number)}")


class Lab:
    """Owns hosts and processes. Use it as a context manager."""

    _count = 0

    def __init__(self):
        Lab._count += 1
        self._prefix = f"hops{os.getpid()}-{Lab._count}-"
        self._hosts = {}
        self._links = []
        self._built = set()
        self._processes = []
        self._sockets = []

    def __enter__(self):
        # SIGTERM (meson's time-out) must clean up as an exception does.
        self._old_term = signal.signal(signal.SIGTERM, _raise_exit)
        self._old_hup = signal.signal(signal.SIGHUP, _raise_exit)
        return self

    def __exit__(self, *_):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        for sock in self._sockets:
            sock.close()
        lines = [f"netns del {host.namespace}" for host in self._built]
        if lines:
            _ip(["-force"], lines, check=False)
        signal.signal(signal.SIGTERM, self._old_term)
        signal.signal(signal.SIGHUP, self._old_hup)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return False

    # Planning

    def host(self, name, router=False, limited=False):
        """A new host. limited: with the kernel's own ICMP rate limits."""
        host = Host(name, self._prefix + name)
        host.settings = dict(_EVERYWHERE)
        if not limited:
            host.settings.update(_UNLIMITED)
        if router:
            host.settings.update(_ROUTER)
        host.commands.append("link set lo up")
        self._hosts[name] = host
        return host

    def link(self, near, far, net4, net6):
        """A cable between two hosts: near has net4.1 and net6::1, far net4.2 and net6::2. The
        interfaces are named after the other end."""
        self._links.append((near, far))
        for host, other, number in ((near, far, 1), (far, near, 2)):
            device = f"to-{other}"
            host.commands.append(f"link set {device} up")
            host.commands.append(f"addr add {net4}.{number}/30 dev {device}")
            host.commands.append(f"addr add {net6}::{number}/64 dev {device} nodad")

    def address(self, host, address, device="lo"):
        length, nodad = ("128", " nodad") if ":" in address else ("32", "")
        host.commands.append(f"addr add {address}/{length} dev {device}{nodad}")

    def route(self, host, destination, *gateways):
        """A route, spread over its gateways if there are several."""
        family = "-6" if ":" in gateways[0] else "-4"
        if len(gateways) == 1:
            hops = f" via {gateways[0]}"
        else:
            hops = "".join(f" nexthop via {gateway}" for gateway in gateways)
        host.commands.append(f"{family} route add {destination}{hops}")

    def build(self):
        """Makes everything planned since the last call."""
        new = [host for host in self._hosts.values() if host not in self._built]
        self._built.update(new)
        _ip([], [f"netns add {host.namespace}" for host in new])
        for host in new:
            host.sysctl(host.settings)
        _ip([], [f"link add to-{far} netns {near.namespace} type veth "
                 f"peer name to-{near} netns {far.namespace}" for near, far in self._links])
        self._links = []
        for host in self._hosts.values():
            lines, host.commands = host.commands, []
            with host.entered():
                # A family says -4 or -6 as an option of the line; batch lines take none.
                for option in ("", "-4", "-6"):
                    chosen = [line.removeprefix(option).strip() for line in lines
                              if (line[:2] if line[0] == "-" else "") == option]
                    _ip([option] if option else [], chosen)

    # Doing

    def nft(self, host, rules):
        """Loads rules of the packet filter."""
        with host.entered():
            subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)

    def ip(self, host, *lines):
        """Carries out ip commands at once."""
        with host.entered():
            _ip([], lines)

    def start(self, host, command, user=None, **more):
        """Starts a process in the host; it ends with the lab at the latest."""
        if user is not None:
            more.update(user=user, group=pwd.getpwnam(user).pw_gid, extra_groups=[])
        with host.entered():
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **more)
        self._processes.append(process)
        return process

    def run(self, host, command, user=None, timeout=60):
        """Runs a process in the host to its end; stdout and stderr are text."""
        process = self.start(host, command, user, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True)
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            stdout, stderr = process.communicate()
            raise AssertionError(f"{' '.join(command)}: still running after {timeout} s\n"
                                 f"{stdout[-2000:]}\n{stderr[-2000:]}") from None
        finally:
            self._processes.remove(process)
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)

    def keep(self, sock):
        """The lab closes this socket at its end."""
        self._sockets.append(sock)
        return sock


def _ip(options, lines, check=True):
    if not lines:
        return
    run = subprocess.run(["ip", *options, "-batch", "-"], input="\n".join(lines) + "\n", text=True,
                         capture_output=True, check=False)
    if check and run.returncode != 0:
        raise RuntimeError(f"ip: {run.stderr}\nin\n" + "\n".join(lines))


def _raise_exit(number, _):
    raise SystemExit(128 + number)


class Path:
    """What a topology offers to tests: where to trace from, to what, and the expected hops."""

    def __init__(self, source, target, routers, hops4, hops6):
        self.source, self.target, self.routers = source, target, routers
        self.hops4, self.hops6 = hops4, [text6(hop) for hop in hops6]  # by TTL, the target last
        self.target4, self.target6 = hops4[-1], hops6[-1]

    def hops(self, family):
        return self.hops4 if family == 4 else self.hops6

    def target_address(self, family):
        return self.target4 if family == 4 else self.target6


def text6(address):
    """As programs print it."""
    return str(ipaddress.IPv6Address(address))


def net4(number):
    return f"10.{number}.0"


def net6(number):
    return f"fd00:0:0:{number:x}"


def chain(lab, length, limited=False, build=True):
    """a - r1 - r2 - ... - b: hop t answers from net(t - 1).2."""
    names = ["a"] + [f"r{i}" for i in range(1, length + 1)] + ["b"]
    hosts = [lab.host(name, router=name[0] == "r", limited=limited and name != "b")
             for name in names]
    for i, (near, far) in enumerate(zip(hosts, hosts[1:])):
        lab.link(near, far, net4(i), net6(i))
        lab.route(near, "default", f"{net4(i)}.2")
        lab.route(near, "default", f"{net6(i)}::2")
        if far is hosts[-1]:
            back4 = back6 = "default"
        else:
            # Everything near the tracing host, so that more addresses and links may hang there.
            back4, back6 = f"{net4(0)}.0/16", f"{net6(0)}::/64"
        if i > 0 or far is hosts[-1]:
            lab.route(far, back4, f"{net4(i)}.1")
            lab.route(far, back6, f"{net6(i)}::1")
    if build:
        lab.build()
    count = length + 1
    return Path(hosts[0], hosts[-1], hosts[1:-1], [f"{net4(i)}.2" for i in range(count)],
                [f"{net6(i)}::2" for i in range(count)])


def diamond(lab):
    """a - r1 - (x1 - x2 | y1 - y2) - r2 - b: r1 spreads flows over the branches by ports. Hops 2 and 3
    are routers of one branch if their probes were of one flow."""
    a, b = lab.host("a"), lab.host("b")
    r1, x1, x2, y1, y2, r2 = (lab.host(name, router=True)
                              for name in ("r1", "x1", "x2", "y1", "y2", "r2"))
    r1.settings.update({"ipv4/fib_multipath_hash_policy": "1",
                        "ipv6/fib_multipath_hash_policy": "1"})
    for i, (near, far) in enumerate(((a, r1), (r1, x1), (r1, y1), (x1, x2), (y1, y2), (x2, r2),
                                     (y2, r2), (r2, b))):
        lab.link(near, far, net4(i), net6(i))

    def there(host, *links):
        lab.route(host, "default", *(f"{net4(i)}.2" for i in links))
        lab.route(host, "default", *(f"{net6(i)}::2" for i in links))

    def back(host, link):
        lab.route(host, f"{net4(0)}.0/30", f"{net4(link)}.1")
        lab.route(host, f"{net6(0)}::/64", f"{net6(link)}::1")

    for host, links in ((a, (0,)), (r1, (1, 2)), (x1, (3,)), (y1, (4,)), (x2, (5,)), (y2, (6,)),
                        (r2, (7,))):
        there(host, *links)
    # The way back is one: only the way there is spread.
    for host, link in ((x1, 1), (y1, 2), (x2, 3), (y2, 4), (r2, 5), (b, 7)):
        back(host, link)
    lab.build()
    path = Path(a, b, [r1, x1, x2, y1, y2, r2], [f"{net4(i)}.2" for i in (0, 1, 3, 5, 7)],
                [f"{net6(i)}::2" for i in (0, 1, 3, 5, 7)])
    path.branches4 = [tuple(f"{net4(i)}.2" for i in branch) for branch in ((1, 3), (2, 4))]
    path.branches6 = [tuple(text6(f"{net6(i)}::2") for i in branch) for branch in ((1, 3), (2, 4))]
    return path


def main(argv):
    if len(argv) != 2 or argv[0] != "chain" or not argv[1].isdigit():
        sys.exit("usage: lab.py chain N")
    reason = become_able()
    if reason:
        sys.exit(f"lab.py: {reason}")
    with Lab() as lab:
        begin = time.monotonic()
        path = chain(lab, int(argv[1]))
        print(f"{argv[1]} routers in {time.monotonic() - begin:.2f} s; targets {path.target4} and "
              f"{path.target6}; 'exit' takes it all down", file=sys.stderr)
        with path.source.entered():
            subprocess.run([os.environ.get("SHELL", "sh")], check=False)


if __name__ == "__main__":
    main(sys.argv[1:])
