#!/usr/bin/env python3
"""Regenerates config/build/function_order.txt: the functions that one exchange calls.

config/build/release.sh puts them together in the program; scattered among all others they would be on twice as many pages. Needs valgrind, and what
`config/build/release.sh --target linux-musl-amd64` and `tests/bench/run.sh` left in build/. Worth a run after a new version of a library; names that
are gone do no harm.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import rows
from run import ROOT

BUILD = ROOT / "build/linux-musl-amd64"
SERVER = ROOT / "build/bench/bin/bench_exchange"
ORDER = ROOT / "config/build/function_order.txt"
HEADER = "# The functions of one exchange, in the order in which tests/bench/function_order.py met them.\n"


def link_with_symbols(folder):
    """The program as release.sh links it, but not stripped."""
    command = subprocess.run(["ninja", "-C", BUILD, "-t", "commands", "registry-credential-broker"],
                             capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    linker = re.search(r"\S+/link(?= )", command)[0]
    unstripped = folder / "link"
    unstripped.write_text(Path(linker).read_text(encoding="utf-8").replace("--strip-all", ""), encoding="utf-8")
    unstripped.chmod(0o700)
    program = folder / "program"
    command = command.replace(linker, str(unstripped)).replace(" -o bin/registry-credential-broker ", f" -o {program} ")
    subprocess.run(command, shell=True, check=True, cwd=BUILD)
    return program


def functions(profile, program):
    """The names in callgrind's profile that are the program's."""
    symbols = set(re.findall(r" [tTwW] (\S+)$", subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout, re.M))
    # A recursive function has one entry a depth: name, name'2.
    met = (re.sub(r"'\d+$", "", name) for name in re.findall(r"^c?fn=\(\d+\) (.+)$", profile, re.M))
    return [name for name in dict.fromkeys(met) if name in symbols]


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = link_with_symbols(folder)
        with rows.exchange_in(folder, SERVER) as exchange:
            command = rows.one_exchange(rows.Programs(BUILD, str(program), ""), exchange)[rows.BROKER].command
            subprocess.run(["valgrind", "--quiet", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={folder / 'profile'}", *command],
                           input=json.dumps(rows.request(int(time.time()))), stdout=subprocess.DEVNULL, text=True, check=True)
        names = functions((folder / "profile").read_text(encoding="utf-8"), program)
    ORDER.write_text(HEADER + "\n".join(names) + "\n", encoding="utf-8")
    print(f"{ORDER.relative_to(ROOT)}: {len(names)} functions")


if __name__ == "__main__":
    sys.exit(main())
