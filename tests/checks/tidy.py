#!/usr/bin/env python3
"""clang-tidy finds nothing in the sources of core/, compat/ and providers/.

`tidy.py BUILD [FILE…]`: BUILD is the folder of a configured clang build. A source that passed is not looked at again until it, a
header that it includes, its options or .clang-tidy change: the user's cache folder remembers its fingerprint. Prints what was
found and, last, `N passed, M failed`, counted in files. RCB_TIDY_NODES: how many states of a function the static analyzer visits before
it gives up (default 100000).
"""

import hashlib
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import repository

TIDY = "clang-tidy-14"
# clang's own is 225000, of which the last ones take a third of the time, for a few long functions: nightly.yml sets that.
NODES = os.environ.get("RCB_TIDY_NODES") or "100000"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "registry-credential-broker" / "tidy"


def options(command):
    """A compiler and its options, without source, output and the launcher before it."""
    words = shlex.split(command)
    while "clang" not in Path(words[0]).name:
        words.pop(0)
    compiler, kept = words.pop(0), []
    while words:
        word = words.pop(0)
        if word in ("-o", "-c"):
            words.pop(0)
        else:
            kept.append(word)
    return compiler, kept


def fingerprint(entry):
    """Of all that clang-tidy will see; None if the source does not even preprocess."""
    compiler, flags = options(entry["command"])
    # With comments (they may silence a finding) and macros (they have names), without paths.
    text = subprocess.run([compiler, *flags, "-E", "-P", "-C", "-dD", entry["file"]], cwd=entry["directory"],
                          capture_output=True, check=False)
    if text.returncode != 0:
        return None
    digest = hashlib.sha256(text.stdout)
    for part in (VERSION, NODES.encode(), (repository.ROOT / ".clang-tidy").read_bytes(), Path(__file__).read_bytes()):
        digest.update(part)
    return digest.hexdigest()


def tidy(entry):
    """What clang-tidy says of one source; empty if nothing."""
    mark = fingerprint(entry)
    if mark and (CACHE / mark).exists():
        return ""
    limit = ["-Xclang", "-analyzer-config", "-Xclang", f"max-nodes={NODES}"]
    run = subprocess.run([TIDY, "--quiet", entry["file"], "--", *options(entry["command"])[1], *limit], cwd=repository.ROOT,
                         capture_output=True, text=True, check=False)
    if run.returncode == 0:
        if mark:
            (CACHE / mark).touch()
        return ""
    # Its stderr counts the warnings of foreign headers, which is only worth reading if there is nothing else.
    return run.stdout.strip() or run.stderr.strip() or f"{entry['file']}: {TIDY} ended with status {run.returncode}"


def sources(build):
    """One entry of the compilation database for each source; some are compiled twice, into the program and as a module."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = os.path.relpath(entry["file"], repository.ROOT)
        if path.startswith(("core/", "compat/", "providers/")) and path.endswith(".cpp"):
            found.setdefault(path, entry)
    return found


def main(build, wanted):
    CACHE.mkdir(parents=True, exist_ok=True)
    known = sources(build.resolve())
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        findings = list(pool.map(tidy, [known[name] for name in wanted or sorted(known)]))
    found = [text for text in findings if text]
    for text in found:
        print(text)
    print(f"{len(findings) - len(found)} passed, {len(found)} failed")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    VERSION = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout
    main(Path(sys.argv[1]), sys.argv[2:])
