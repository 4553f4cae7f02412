#!/usr/bin/env python3
"""The program is as hardened as cmake/options.cmake says: read off what was built, with binutils' readelf.

    hardening.py BUILD_FOLDER

A portable program has a test of its own, tests/portable/inspect_program.py. Not for builds with sanitizers.
"""

import platform
import re
import sys
from pathlib import Path

import repository

sys.path.append(str(repository.ROOT / "tests/portable"))
import inspect_program  # noqa: E402

MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
FOR_EVERY_PROGRAM = (inspect_program.position_independent, inspect_program.relro, inspect_program.stack,
                     inspect_program.write_or_execute)
# x86-64: how GCC and clang touch each page of a large frame, `or` or `mov` of 0 to where the stack ends.
PROBES = (b"\x48\x83\x0c\x24\x00", b"\x48\xc7\x04\x24\x00\x00\x00\x00")
MARKS = {"RCB_HAS_fcf_protection_full": "IBT, SHSTK", "RCB_HAS_mbranch_protection_standard": "BTI, PAC"}
ASSERTION = "_ZSt21__glibcxx_assert_failPKciS0_S0_"
FEWEST_CANARIES = 300


def unmarked(archive, marks):
    """The objects of an archive that do not have these properties."""
    notes = inspect_program.readelf(archive, "--notes")
    objects = re.split(r"^File: .*\((.+)\)$", notes, flags=re.M)[1:]
    return [name for name, text in zip(objects[::2], objects[1::2]) if marks not in text]


def problems(build):
    cache = dict(re.findall(r"^(\w+):\w+=(.*)$", (build / "CMakeCache.txt").read_text(encoding="utf-8"), re.M))
    path = build / "bin/registry-credential-broker"
    program = inspect_program.Program(path, f"linux-gnu-{MACHINES[platform.machine()]}")
    found = [f"{path}: {problem}" for problem in (check(program) for check in FOR_EVERY_PROGRAM) if problem]

    def require(good, what):
        if not good:
            found.append(f"{path}: {what}")

    code = b"".join(content for _, content in program.executable())
    require("__stack_chk_fail" in program.imports, "its functions do not guard their stack")
    if program.machine == "amd64":
        canaries = len(inspect_program.CANARY.findall(code))
        require(canaries >= FEWEST_CANARIES, f"its functions read the canary only {canaries} times")
        if cache.get("RCB_HAS_fstack_clash_protection"):
            require(any(probe in code for probe in PROBES), "no large frame is touched page by page")
    if program.has_tag("NEEDED", "[libstdc++.so.6]"):
        require(ASSERTION in program.imports, "it does not check as libstdc++ does with _GLIBCXX_ASSERTIONS")
    if cache["CMAKE_BUILD_TYPE"] != "Debug":
        require(not inspect_program.fortified(program), inspect_program.fortified(program))
    archives = sorted(archive for folder in ("core", "providers") for archive in (build / folder).rglob("*.a"))
    require(archives, "there are no libraries beside it")
    for flag, marks in MARKS.items():
        if cache.get(flag):
            found += [f"{archive}({name}): is not marked with {marks}" for archive in archives for name in unmarked(archive, marks)]
    return found


if __name__ == "__main__":
    repository.report(problems(Path(sys.argv[1])))
