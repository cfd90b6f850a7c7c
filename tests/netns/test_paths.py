#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Paths that are not plain: load balancing, address translation, silence, rate limits, loss, refusal,
loops."""

import contextlib

import tap
from hops import METHODS, Hops, describe
from lab import Lab, become_able, chain, diamond

QUICK = ["-i", "20ms", "-T", "200ms", "-g", "20ms"]


# Load balancing

def branches(path, family):
    return path.branches4 if family == 4 else path.branches6


def rounds_of(hops, path, family, arguments, count):
    """Hops 2 and 3 of each round."""
    events = hops.events(path.source, [*arguments, "-i", "20ms", "-C", str(count),
                                       path.target_address(family)])
    return [tuple(events.responders(number).get(ttl) for ttl in (2, 3)) for number in range(count)]


def one_path_per_round(hops, path, family, method):
    with_ports = ["--udp", "-R", method, "-P", "33434"]
    seen = rounds_of(hops, path, family, with_ports, 24)
    for number, pair in enumerate(seen):
        assert pair in branches(path, family), f"round {number} took {pair}, of two branches"
    tap.equal(set(seen), set(branches(path, family)), "branches found over the rounds")


def classic_mixes_paths(hops, path, family):
    """The counter-check: the diamond does spread flows, so that staying on one path means something."""
    seen = rounds_of(hops, path, family, METHODS["udp_fixed_source"], 24)
    assert any(pair not in branches(path, family) for pair in seen), f"never mixed: {seen}"


# Translation

def nat_column(hops, path):
    report = hops.json(path.source, ["--udp", "-R", "dublin", "-P", "33434", "-C", "2", "-i", "50ms",
                                     path.target4])
    addresses = [[host["ip"] for host in hop["hosts"]] for hop in report["hops"]]
    tap.equal(addresses, [[hop] for hop in path.hops4], "hops")
    return [hop["nat"] for hop in report["hops"]]


def stateless_nat_is_marked(hops, path):
    """r2 rewrites the source without looking into quotes; r3 is the first to see the translation."""
    tap.equal(nat_column(hops, path), [False, False, True, False, False], "nat by hop")


def masquerade_is_not_marked(hops, path):
    """Connection tracking repairs what is quoted in errors, so nothing is to be seen."""
    tap.equal(nat_column(hops, path), [False] * 5, "nat by hop")


STATELESS_NAT = """
table ip rewrite {
    chain there {
        type filter hook postrouting priority 100;
        oifname "to-r3" ip saddr 10.0.0.1 ip saddr set 10.0.77.1
    }
    chain back {
        type filter hook prerouting priority -300;
        iifname "to-r3" ip daddr 10.0.77.1 ip daddr set 10.0.0.1
    }
}
"""
MASQUERADE = """
table ip translate {
    chain there {
        type nat hook postrouting priority 100;
        oifname "to-r3" masquerade
    }
}
"""


# Routers that say nothing, too little, or that refuse

def silent_router(hops, path, family, method):
    rows = hops.csv(path.source, [*METHODS[method], "-C", "2", *QUICK, path.target_address(family)])
    want = list(path.hops(family))
    want[1] = "???"
    tap.equal([row["IPs"] for row in rows], want, "hops")
    tap.equal([row["Loss%"] for row in rows], ["0.00", "100.00", "0.00", "0.00"], "loss")


def rate_limited_router(hops, path, family):
    """Kernel's defaults: about 6 answers at once, then few; the target's echo replies have no limit."""
    count = 20
    rows = hops.csv(path.source, ["--icmp", "-C", str(count), *QUICK, path.target_address(family)])
    tap.equal([row["IPs"] for row in rows], path.hops(family), "hops")
    for row in rows[:-1]:
        tap.equal(row["Snt"], str(count), f"sent in\n{describe(rows)}\n")
        tap.between(int(row["Recv"]), 3, count - 4, f"received in\n{describe(rows)}\n")
    tap.equal((rows[-1]["Snt"], rows[-1]["Recv"]), (str(count), str(count)), "the target's")


def thirty_percent_loss(hops, path, family):
    """r1 drops 3 of every 10 answers, by count."""
    count = 25
    rows = hops.csv(path.source, ["--icmp", "-C", str(count), *QUICK, "--reply-timeout", "300ms",
                                  path.target_address(family)])
    tap.equal([row["IPs"] for row in rows], path.hops(family), "hops")
    # By count, but the first round sends beyond the target, and those answers are counted as well.
    sent = sum(int(row["Snt"]) for row in rows)
    received = sum(int(row["Recv"]) for row in rows)
    tap.between(sent, 4 * count - 4, 4 * count, "sent")
    tap.between(received / sent, 0.64, 0.76, f"share of answers in\n{describe(rows)}\n")
    for row in rows:
        loss = 100 * (int(row["Snt"]) - int(row["Recv"])) / int(row["Snt"])
        tap.equal(row["Loss%"], f"{loss:.2f}", f"loss of hop {row['Hop']}")


LOSS = """
table inet drops {
    chain answers {
        type filter hook postrouting priority 0;
        oifname "to-a" meta l4proto icmp numgen inc mod 10 < 3 drop
        oifname "to-a" icmpv6 type { time-exceeded, echo-reply } numgen inc mod 10 < 3 drop
    }
}
"""
SILENCE = """
table inet silent {
    chain out {
        type filter hook output priority 0;
        icmp type time-exceeded drop
        icmpv6 type time-exceeded drop
    }
}
"""
PROHIBIT = """
table inet refuse {
    chain through {
        type filter hook forward priority 0;
        ip daddr 10.3.0.2 reject with icmp type admin-prohibited
        ip6 daddr fd00:0:0:3::2 reject with icmpv6 type admin-prohibited
    }
}
"""


def admin_prohibited(hops, path, family, method):
    """r2 forwards nothing to the target: it is hop 2 by its time exceeded, and hop 3 by its refusal."""
    events = hops.events(path.source, [*METHODS[method], "-C", "2", *QUICK,
                                       path.target_address(family)])
    hop1, hop2 = path.hops(family)[:2]
    found = events.responders(1)
    tap.equal([found.get(ttl) for ttl in (1, 2, 3)], [hop1, hop2, hop2], "hops 1 to 3")
    refusals = [event["reply"] for event in events.of("reply") if event["probe"]["ttl"] == 3]
    code = (3, 13) if family == 4 else (1, 1)
    for reply in refusals:
        tap.equal((reply["kind"], reply["icmp_type"], reply["icmp_code"], reply["is_target"]),
                  ("unreachable", *code, False), "refusal")
    tap.equal({event["reason"] for event in events.of("round")}, {"unreachable"}, "round ended by")


def routing_loop(hops, path, family, method):
    """r1 and r2 send the packet to each other: answers to the last TTL, and the target never."""
    target = "10.77.0.1" if family == 4 else "fd00:77::1"
    rows = hops.csv(path.source, [*METHODS[method], "-C", "1", "-t", "12", *QUICK,
                                  "--reply-timeout", "300ms", target])
    r1, r2 = path.hops(family)[:2]
    # An IPv6 router answers from the interface that the packet came in by: r1's other one.
    again = r1 if family == 4 else "fd00:0:0:1::1"
    tap.equal([row["IPs"] for row in rows], [r1, r2] + [again, r2] * 5, "hops")


def prepare(labs):
    """The topologies, each with its filter."""
    paths = {}
    for name, lab in labs.items():
        if name == "diamond":
            paths[name] = diamond(lab)
        elif name in ("nat", "masquerade"):
            paths[name] = chain(lab, 4)
        elif name == "limited":
            paths[name] = chain(lab, 3, limited=True)
        else:
            paths[name] = chain(lab, 3)
    r1, r2 = (lambda name, number=n: paths[name].routers[number] for n in (0, 1))
    labs["nat"].nft(r2("nat"), STATELESS_NAT)
    labs["masquerade"].nft(r2("masquerade"), MASQUERADE)
    labs["silent"].nft(r2("silent"), SILENCE)
    labs["loss"].nft(r1("loss"), LOSS)
    labs["prohibit"].nft(r2("prohibit"), PROHIBIT)
    # r4 knows the way back to the tracing host only; translated, the probes come from r2's address.
    labs["masquerade"].ip(paths["masquerade"].routers[3], "route add 10.2.0.0/16 via 10.3.0.1")
    for net, gateway in (("10.77.0.0/16", "10.1.0.1"), ("fd00:77::/32", "fd00:0:0:1::1")):
        labs["loop"].ip(r2("loop"), f"route add {net} via {gateway}")
    return paths


def add_cases(suite, hops, paths):
    for family in (4, 6):
        ip = f"ipv{family}"
        for method in ("paris", "dublin"):
            suite.add(f"{method}_keeps_one_path_per_round_{ip}", one_path_per_round, hops["diamond"],
                      paths["diamond"], family, method)
        suite.add(f"classic_mixes_paths_{ip}", classic_mixes_paths, hops["diamond"],
                  paths["diamond"], family)
        for method in ("icmp", "udp_fixed_source", "tcp_fixed_target"):
            suite.add(f"silent_router_{method}_{ip}", silent_router, hops["silent"],
                      paths["silent"], family, method)
            suite.add(f"admin_prohibited_{method}_{ip}", admin_prohibited, hops["prohibit"],
                      paths["prohibit"], family, method)
            suite.add(f"routing_loop_{method}_{ip}", routing_loop, hops["loop"], paths["loop"],
                      family, method)
        suite.add(f"rate_limited_router_{ip}", rate_limited_router, hops["limited"],
                  paths["limited"], family)
        suite.add(f"thirty_percent_loss_{ip}", thirty_percent_loss, hops["loss"], paths["loss"],
                  family)
    suite.add("stateless_nat_is_marked", stateless_nat_is_marked, hops["nat"], paths["nat"])
    suite.add("masquerade_is_not_marked", masquerade_is_not_marked, hops["masquerade"],
              paths["masquerade"])


def main():
    suite = tap.Suite()
    reason = become_able()
    if reason:
        suite.skip_all(reason)
    names = ("diamond", "nat", "masquerade", "silent", "limited", "loss", "prohibit", "loop")
    with contextlib.ExitStack() as stack:
        labs = {name: stack.enter_context(Lab()) for name in names}
        hops = {name: Hops(lab) for name, lab in labs.items()}
        add_cases(suite, hops, prepare(labs))
        suite.run()


if __name__ == "__main__":
    main()
