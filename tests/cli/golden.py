# SPDX-License-Identifier: MIT
"""Files with expected octets, below tests/golden. UPDATE_GOLDEN=1 writes them anew: look at what
git says of them before you commit."""

import difflib
import os
import pathlib

ROOT = pathlib.Path(__file__).parent.parent / "golden"
UPDATE = os.environ.get("UPDATE_GOLDEN", "0") not in ("", "0")


def check(name, got):
    """Compares octets with the file of that name."""
    path = ROOT / name
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(got)
    want = path.read_bytes()
    if got == want:
        return
    lines = difflib.unified_diff(*(text.decode("utf-8", "backslashreplace").splitlines()
                                   for text in (want, got)), "expected", "got", lineterm="", n=1)
    raise AssertionError(f"{name} (UPDATE_GOLDEN=1 writes it anew)\n" + "\n".join(lines))
