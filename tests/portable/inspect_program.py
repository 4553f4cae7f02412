#!/usr/bin/env python3
"""What can be read off a portable program without running it: what it needs of a node, and how it is hardened.

    inspect_program.py PROGRAM --target linux-{gnu,musl}-{amd64,arm64}

Reads it with binutils' readelf, which knows every machine's files.
Each line is a test; the last one is `N passed, M failed`.
"""

import argparse
import re
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MACHINES = {"amd64": "Advanced Micro Devices X86-64", "arm64": "AArch64"}
LOADERS = {"amd64": "/lib64/ld-linux-x86-64.so.2", "arm64": "/lib/ld-linux-aarch64.so.1"}
# Of glibc, and so on every node that has any of it.
GLIBC_LIBRARIES = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "ld-linux-x86-64.so.2",
                   "ld-linux-aarch64.so.1"}
NEWEST_GLIBC = (2, 28)
SIZE_LIMIT = 7_000_000
MAPPED_AT_ONCE = 65536  # bytes, around a place that is touched
# Our own code alone has fewer.
FEWEST_CANARIES = 3000
# A file below a folder that only the machine of a build has; "/tmp/" alone is what Poco knows of temporary files.
BUILD_PATH = re.compile(rb"/(?:tmp|root|home|work|builds?|runner|usr/src)/[\w.+@-]+(?:/[\w.+@-]+)*")
# x86-64: mov, sub, cmp or xor of a register with %fs:0x28, which is where the canary is.
CANARY = re.compile(rb"\x64[\x48\x4c][\x8b\x2b\x3b\x33][\x04\x0c\x14\x1c\x24\x2c\x34\x3c]\x25\x28\x00\x00\x00")


def readelf(path, *options):
    return subprocess.run(["readelf", "--wide", *options, path], capture_output=True, text=True, check=True).stdout


@dataclass(frozen=True)
class Segment:
    kind: str
    offset: int
    address: int
    size: int  # in the file
    flags: str


class Program:
    """A program's file, as readelf tells it."""

    def __init__(self, path, target):
        self.path = path
        self.target = target
        self.libc, self.machine = re.fullmatch(r"linux-(gnu|musl)-(amd64|arm64)", target).groups()
        self.bytes = path.read_bytes()
        self.header = dict(re.findall(r"^ +(Class|Type|Machine): +(.+?)$", readelf(path, "--file-header"), re.M))
        headers = readelf(path, "--program-headers")
        self.segments = [Segment(kind, int(offset, 16), int(address, 16), int(size, 16), flags)
                         for kind, offset, address, size, flags in
                         re.findall(r"^ +([A-Z_]+) +(\w+) (\w+) \w+ (\w+) \w+ ([RWE ]{3}) +(?:0x)?[0-9a-f]+$", headers, re.M)]
        self.loader = re.search(r"program interpreter: (.+)\]", headers)
        self.dynamic = re.findall(r"^ *0x[0-9a-f]+ \((\w+)\) +(.*)$", readelf(path, "--dynamic"), re.M)
        self.sections = set(re.findall(r"^ +\[ *\d+\] (\.\S+)", readelf(path, "--section-headers"), re.M))
        self.imports = set(re.findall(r" UND (\w+)", readelf(path, "--dyn-syms")))

    def has_tag(self, tag, value=""):
        return any(name == tag and value in content.split() + [""] for name, content in self.dynamic)

    def segment(self, kind):
        return next((one for one in self.segments if one.kind == kind), None)

    def map(self):
        """What the linker said of it, which config/build/release.sh leaves in build/."""
        linked = ROOT / "build" / self.target / "bin/registry-credential-broker.map"
        return linked.read_text(encoding="utf-8") if linked.exists() else ""

    def address_of(self, function):
        """Where the map says that it is, or None."""
        found = re.search(rf"^ *([0-9a-f]+) .* {function}$", self.map(), re.M)
        return int(found[1], 16) if found else None

    def functions(self):
        """(address, size) of each function that has a section of its own, by name."""
        found = re.findall(r"^ *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) +\d+ +\S+:\(\.text\.(\S+)\)$", self.map(), re.M)
        return {name: (int(address, 16), int(size, 16)) for address, size, name in found}

    def executable(self):
        """(address, bytes) of each segment that may be executed."""
        return [(segment.address, self.bytes[segment.offset:segment.offset + segment.size])
                for segment in self.segments if segment.kind == "LOAD" and "E" in segment.flags]


def calls(program, address):
    """How many arm64 `bl` instructions lead there."""
    count = 0
    for start, code in program.executable():
        for at, (word,) in enumerate(struct.iter_unpack("<I", code[:len(code) & ~3])):
            if word >> 26 != 0b100101:
                continue
            distance = (word & 0x3FFFFFF) << 2
            count += start + 4 * at + distance - ((distance >> 27) << 28) == address
    return count


# --- The checks: each returns what is wrong, or nothing. ---

CHECKS = []


def check(statement, libc="gnu musl"):
    def register(function):
        CHECKS.append((statement, libc.split(), function))
        return function
    return register


@check("it is a 64-bit program of the target's machine")
def machine(program):
    if program.header["Class"] != "ELF64" or program.header["Machine"] != MACHINES[program.machine]:
        return f"it is {program.header['Class']} for {program.header['Machine']}"


@check("it needs no library but glibc's own", libc="gnu")
def libraries(program):
    needed = {content.split("[")[1].rstrip("]") for name, content in program.dynamic if name == "NEEDED"}
    return ", ".join(sorted(needed - GLIBC_LIBRARIES)) or (None if "libc.so.6" in needed else "it does not even need libc")


@check("it is loaded by the machine's usual dynamic loader", libc="gnu")
def usual_loader(program):
    loader = program.loader[1] if program.loader else "none"
    return None if loader == LOADERS[program.machine] else loader


@check(f"it runs with glibc {'.'.join(map(str, NEWEST_GLIBC))}", libc="gnu")
def glibc(program):
    names = set(re.findall(r"Name: (GLIBC_\S+)", readelf(program.path, "--version-info")))
    versions = {name: tuple(int(part) for part in re.findall(r"\d+", name)) for name in names}
    late = [name for name, version in versions.items() if not version or version[:2] > NEWEST_GLIBC]
    return ", ".join(sorted(late)) or (None if names else "its symbols have no versions")


@check("it needs no library and no dynamic loader", libc="musl")
def nothing_needed(program):
    if program.loader:
        return f"it wants {program.loader[1]}"
    return "it needs a library" if program.has_tag("NEEDED") else None


@check("it is position-independent")
def position_independent(program):
    if not program.header["Type"].startswith("DYN"):
        return program.header["Type"]
    return None if program.has_tag("FLAGS_1", "PIE") else "it is not marked PIE"


@check("its relocations are packed", libc="musl")
def packed(program):
    return None if program.has_tag("RELR") else "it has no DT_RELR"


@check("its relocations are of the kind that glibc 2.28 knows", libc="gnu")
def not_packed(program):
    return "it has DT_RELR, which glibc before 2.36 skips" if program.has_tag("RELR") else None


@check("what the loader wrote is read-only afterwards, all of it")
def relro(program):
    if program.segment("GNU_RELRO") is None:
        return "it has no GNU_RELRO"
    now = program.has_tag("BIND_NOW") or program.has_tag("FLAGS", "BIND_NOW") or program.has_tag("FLAGS_1", "NOW")
    return None if now else "symbols are bound late"


@check("its stack cannot be executed")
def stack(program):
    segment = program.segment("GNU_STACK")
    return "it has no GNU_STACK" if segment is None else "it can" if "E" in segment.flags else None


@check("nothing in it can be both written and executed, and its code is never written")
def write_or_execute(program):
    if any("W" in segment.flags and "E" in segment.flags for segment in program.segments):
        return "a segment is writable and executable"
    return "it has text relocations" if program.has_tag("TEXTREL") or program.has_tag("FLAGS", "TEXTREL") else None


# That __stack_chk_fail is there says little: one function that calls it is enough. So its uses are counted, in the machine code, which is
# what is shipped. For amd64 reads of the canary; for arm64, whose canary is a variable like any other, calls of the function that ends
# the program, for which a stripped one needs the linker's map.
@check("its functions guard their stack, those of the libraries in it too")
def stack_protector(program):
    if program.machine == "amd64":
        count = sum(len(CANARY.findall(code)) for _, code in program.executable())
        return None if count >= FEWEST_CANARIES else f"the canary is read only {count} times"
    if program.libc == "gnu" and not re.search(r"stack_guard\.o:\(\.bss\.__stack_chk_guard\)$", program.map(), re.M):
        return "its canary is not that of config/build/stack_guard.c"
    address = program.address_of("__stack_chk_fail")
    if address is None:
        return "the map of the linker, which shows it, is missing or has no __stack_chk_fail"
    count = calls(program, address)
    return None if count >= FEWEST_CANARIES // 2 else f"only {count} functions do"


# musl has no such functions, so there is nothing to look for in its programs.
@check("it calls glibc's checking functions (FORTIFY)", libc="gnu")
def fortified(program):
    checking = {name for name in program.imports if re.fullmatch(r"__\w+_chk", name)}
    return None if len(checking) >= 3 else f"it imports only {sorted(checking)}"


@check("the functions that one exchange calls lie together")
def function_order(program):
    lines = (ROOT / "config/build/function_order.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if not line.startswith("#")]
    functions = program.functions()
    places = [functions[name] for name in wanted if name in functions]
    if len(places) < len(wanted) * 3 // 4:
        return f"of {len(wanted)} in config/build/function_order.txt it has {len(places)}; regenerate it with tests/bench/function_order.py"

    def pieces(places):
        """The number of pieces, as Linux maps them at once, that contain them."""
        return len({at // MAPPED_AT_ONCE for address, size in places for at in (address, address + size)})
    touched, all_of_them = pieces(places), pieces(functions.values())
    return f"they are in {touched} of {all_of_them} pieces" if touched > all_of_them / 2 else None


@check("it is stripped")
def stripped(program):
    left = sorted(name for name in program.sections if name == ".symtab" or name.startswith(".debug"))
    return ", ".join(left) or None


@check(f"it is not larger than {SIZE_LIMIT // 1_000_000} MB")
def size(program):
    return f"it has {len(program.bytes)} bytes" if len(program.bytes) > SIZE_LIMIT else None


@check("it does not tell where it was built")
def build_paths(program):
    found = sorted({match.decode() for match in BUILD_PATH.findall(program.bytes)})
    return f"it does {len(found)} times: {', '.join(found[:5])}" if found else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--target", required=True,
                        choices=[f"linux-{libc}-{machine}" for libc in ("gnu", "musl") for machine in MACHINES])
    arguments = parser.parse_args()
    program = Program(arguments.program, arguments.target)
    passed = failed = 0
    for statement, libc, function in CHECKS:
        if program.libc not in libc:
            continue
        problem = function(program)
        print(f"FAILED: {statement}: {problem}" if problem else f"ok: {statement}")
        passed, failed = passed + (not problem), failed + bool(problem)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
