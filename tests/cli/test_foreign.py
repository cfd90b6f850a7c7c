#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A configuration file of the program many users come from, loaded as it stands with -c: every value
is taken, and the log says so. Keys which that program has retired are refused with their successor."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import tap

BINARY = os.environ["HOPS"]
HERE = pathlib.Path(__file__).parent
MMDB_FILES = HERE.parent / "unit" / "mmdb_files.py"
FOREIGN = (HERE / "trippy.toml").read_text(encoding="utf-8")
SPELLED = {"max-round-duration": "1.1s", "dns-ttl": "600s"}  # as hops writes durations


def hops(folder, *arguments, status=0):
    done = subprocess.run([BINARY, *arguments], capture_output=True, timeout=60, check=False,
                          cwd=folder)
    tap.equal(done.returncode, status, f"status of {arguments}, stderr {done.stderr[-400:]!r}")
    return done


def settings(folder, path):
    """What the log tells of the settings that come from the file."""
    done = hops(folder, "-c", path, "--simulate", "-v")
    tap.equal(done.stdout.startswith(b"Target,TargetIp,Hop,"), True, "a report in the file's mode")
    lines = [json.loads(line)["fields"] for line in done.stderr.splitlines()]
    return {line["name"]: line["value"] for line in lines
            if line["message"] == "setting" and line["from"] == "file"}


def every_value_is_taken(folder):
    pathlib.Path(folder, "trippy.toml").write_text(FOREIGN, encoding="utf-8")
    wanted = {key: value for table, keys in tomllib.loads(FOREIGN).items()
              if table not in ("theme-colors", "bindings") for key, value in keys.items()}
    tap.equal(settings(folder, "trippy.toml"), {**wanted, **SPELLED}, "settings")


def every_key_is_there():
    """The file has all the tables and keys of the template that are not additions of hops."""
    template = subprocess.run([BINARY, "--print-config-template"], capture_output=True, check=True,
                              text=True).stdout
    lines = [line.lstrip("# ") for line in template.splitlines()]
    keys = {line.split(" = ")[0] for line in lines if " = " in line and " " not in line.split(" = ")[0]}
    ours = {"reply-timeout", "send-interval", "tcp-connect"}
    found = {key for table in tomllib.loads(FOREIGN).values() for key in table}
    tap.equal(found - keys, set(), "unknown to hops")
    missing = {key for key in keys - found - ours if not key.startswith(("theme-", "dns-server"))}
    print(f"# additions of hops: {' '.join(sorted(missing | ours))}")
    tap.between(len(found), 38 + 38 + 44, 38 + 38 + 44, "keys")


def both_names_of_the_table_mean_the_same(folder):
    pathlib.Path(folder, "a.toml").write_text(FOREIGN, encoding="utf-8")
    pathlib.Path(folder, "b.toml").write_text(FOREIGN.replace("[trippy]", "[hops]", 1),
                                              encoding="utf-8")
    tap.equal(settings(folder, "a.toml"), settings(folder, "b.toml"), "settings")


def retired_key_is_refused(folder, table, line, successor):
    text = FOREIGN.replace(f"[{table}]\n", f"[{table}]\n{line}\n", 1)
    pathlib.Path(folder, "retired.toml").write_text(text, encoding="utf-8")
    done = hops(folder, "-c", "retired.toml", "--simulate", status=1)
    tap.equal(done.stdout, b"", "stdout")
    for part in ("retired.toml", line.split(" ")[0], f"[{table}]", *successor):
        if part.encode() not in done.stderr:
            raise AssertionError(f"no {part!r} in {done.stderr!r}")


def main():
    suite = tap.Suite()
    with tempfile.TemporaryDirectory(prefix="hops-foreign-") as folder:
        subprocess.run([sys.executable, MMDB_FILES, folder, os.path.join(folder, "stamp")], check=True)
        suite.add("foreign_every_value_is_taken", every_value_is_taken, folder)
        suite.add("foreign_every_key_is_there", every_key_is_there)
        suite.add("foreign_both_table_names", both_names_of_the_table_mean_the_same, folder)
        for table, line, successor in (
                ("tui", "tui-max-samples = 5", ("max-samples", "[strategy]")),
                ("tui", "tui-max-flows = 5", ("max-flows", "[strategy]")),
                ("bindings", 'toggle-privacy = "p"', ("expand-privacy", "contract-privacy"))):
            suite.add(f"foreign_{line.split(' ')[0]}_is_refused", retired_key_is_refused, folder, table,
                      line, successor)
        suite.run()


if __name__ == "__main__":
    main()
