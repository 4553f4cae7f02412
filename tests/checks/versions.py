#!/usr/bin/env python3
"""Versions that are stated in several places are the same in all of them: the first place of each list decides.

Where a pattern has several groups, dots go between them; a place that has several values must have the same ones as the first.
"""

import re
from pathlib import Path

import repository

COMPATIBILITY = "docs/compatibility.md"
STATED = {
    "the program's version": [
        ("CMakeLists.txt", r"^project\(registry-credential-broker VERSION (\S+)"),
        ("docs/install.md", r"^version=(\S+) "),
        (COMPATIBILITY, r"^\| the program \| ([\d.]+)"),
    ],
    "the version of the broker file": [
        ("core/settings/broker_keys.cpp", r'kVersions\[\] = \{"([^"]+)"'),
        (COMPATIBILITY, r"^\| the broker file \| `([^`]+)`"),
    ],
    "the version of the module contract": [
        ("core/sdk/include/rcb/provider_abi.h", r"^#define RCB_ABI_MAJOR (\d+)\n#define RCB_ABI_MINOR (\d+)"),
        ("docs/provider-guide.md", r"^find_package\(rcb ([\d.]+)"),
        (COMPATIBILITY, r"^\| the module contract \| ([\d.]+)"),
    ],
    "the Kubernetes versions that are tested": [
        ("tests/conformance/run.sh", r"\b(1\.\d\d\.\d+)\b"),
        (".github/workflows/nightly.yml", r"\b(1\.\d\d\.\d+)\b"),
        (COMPATIBILITY, r"\b(1\.\d\d\.\d+)\b"),
    ],
    "the Kubernetes version that is tested for every change": [
        ("tests/steps/common.sh", r"^kubernetes=(\S+)"),
        ("tests/e2e/run.sh", r"^kubernetes=(\S+)"),
        (COMPATIBILITY, r"([\d.]+) for every change"),
    ],
    "the oldest glibc": [
        ("config/build/portable.sh", r"linux-gnu\.([\d.]+)"),
        ("tests/portable/inspect_program.py", r"^NEWEST_GLIBC = \((\d+), (\d+)\)"),
        ("config/build/package/CMakeLists.txt", r"g?libc6? \(?>= ([\d.]+)"),
        ("docs/install.md", r"glibc ([\d.]+) or later"),
        (COMPATIBILITY, r"glibc ([\d.]+) or later"),
    ],
}


def values(root, path, pattern):
    text = (Path(root) / path).read_text(encoding="utf-8")
    return sorted({".".join(match.groups()) for match in re.finditer(pattern, text, re.M)})


def problems(root, stated=None):
    """`stated`: for tests, another table."""
    found = []
    for what, places in (STATED if stated is None else stated).items():
        first, wanted = places[0][0], values(root, *places[0])
        if not wanted:
            found.append(f"{first}: does not state {what}; correct the pattern in tests/checks/versions.py")
        for path, pattern in places[1:]:
            present = values(root, path, pattern)
            if present != wanted:
                found.append(f"{path}: {what}: has {', '.join(present) or 'none'}, but {first} has {', '.join(wanted) or 'none'}")
    return found


if __name__ == "__main__":
    repository.main(problems)
