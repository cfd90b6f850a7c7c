#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles each header alone, as TAP: headers.py CC CXX ROOT

Public headers as C17 and as C++17, internal ones as C17. A header that needs another include before
it, or that C++ programs cannot use, fails."""

import pathlib
import subprocess
import sys

C_FLAGS = ["-x", "c", "-std=c17", "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
CXX_FLAGS = ["-x", "c++", "-std=c++17", "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]


def compile_alone(command, root, header):
    """What the compiler says about a file that includes this header twice and nothing else."""
    source = f'#include "{header}"\n#include "{header}"\nint hops_check_header;\n'
    run = subprocess.run(command + ["-D_GNU_SOURCE", f"-I{root / 'include'}", f"-I{root / 'src'}",
                                    f"-I{root / 'tests'}", "-"],
                         input=source, text=True, capture_output=True, check=False)
    return run.stderr if run.returncode != 0 else ""


def main(argv):
    cc, cxx, root = argv[0].split(), argv[1].split(), pathlib.Path(argv[2])
    public = sorted((root / "include" / "hops").glob("*.h"))
    internal = sorted((root / "src").rglob("*.h"))
    cases = [("C", cc + C_FLAGS, path) for path in public + internal]
    cases += [("C++", cxx + CXX_FLAGS, path) for path in public]
    print(f"1..{len(cases)}")
    failed = False
    for number, (language, command, path) in enumerate(cases, 1):
        base = root / ("include" if path in public else "src")
        header = path.relative_to(base)
        said = compile_alone(command, root, header)
        failed |= bool(said)
        print(f"{'not ok' if said else 'ok'} {number} - {header} compiles alone as {language}")
        for line in said.splitlines():
            print(f"# {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
