#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every way of probing finds every hop of a chain of routers in one cycle: 3 and 30 routers, both
families, with raw sockets and as nobody."""

import tap
from hops import METHODS, UNPRIVILEGED_METHODS, Hops, describe
from lab import Lab, become_able, chain, other_users

CHAINS = (3, 30)


def finds_every_hop(hops, path, family, arguments, user=None):
    rows = hops.csv(path.source, [*arguments, "-C", "1", path.target_address(family)], user)
    tap.equal([row["IPs"] for row in rows], path.hops(family), "hops")
    for row in rows:
        tap.equal((row["Snt"], row["Recv"]), ("1", "1"), f"hop {row['Hop']} in\n{describe(rows)}\n")


def as_nobody(hops, path, family, arguments):
    if not other_users():
        raise tap.Skip("this user namespace has no other users")
    finds_every_hop(hops, path, family, arguments, "nobody")


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason:
        suite.skip_all(reason)
    with Lab() as first, Lab() as second:
        labs = dict(zip(CHAINS, (first, second)))
        for length, lab in labs.items():
            path, hops = chain(lab, length), Hops(lab)
            path.source.sysctl({"ipv4/ping_group_range": "0 2147483647" if other_users() else "0 0"})
            for family in (4, 6):
                for method, arguments in METHODS.items():
                    suite.add(f"{method}_ipv{family}_{length}", finds_every_hop, hops, path, family,
                              arguments)
                for method in UNPRIVILEGED_METHODS:
                    suite.add(f"{method}_ipv{family}_{length}_without_raw_sockets", finds_every_hop,
                              hops, path, family, ["-u", *METHODS[method]])
                    suite.add(f"{method}_ipv{family}_{length}_nobody", as_nobody, hops, path, family,
                              METHODS[method])
                for method in ("tcp_fixed_target", "tcp_fixed_source"):
                    suite.add(f"{method}_ipv{family}_{length}_connect", finds_every_hop, hops, path,
                              family, ["--tcp-connect", *METHODS[method]])
        suite.run()


if __name__ == "__main__":
    main()
