"""The files of the repository as every check sees them, and how a check ends.

A check is a script of its own: `problems(root)` returns lines of the form `path[:line]: what is wrong; what to do`, and
the script exits with 1 if there are any.
"""

import os
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True

ROOT = Path(__file__).resolve().parents[2]
# Folders without sources: at the top level only, and anywhere.
TOP_SKIPPED = {"build", "dist"}
SKIPPED = {".git", "__pycache__", ".cache"}


def files(root, pattern=r"", under=""):
    """Paths relative to `root`, sorted, whose name matches the regular expression, below the folder `under`."""
    found = []
    for folder, folders, names in os.walk(Path(root) / under):
        relative = Path(folder).relative_to(root)
        folders[:] = [f for f in folders if f not in SKIPPED and not (relative == Path(".") and f in TOP_SKIPPED)]
        found += [relative / name for name in names if name not in SKIPPED and re.search(pattern, name)]
    return sorted(found)


def lines(root, path):
    """(number, text) of each line of a text file; nothing if the file is not UTF-8 text."""
    try:
        return list(enumerate((Path(root) / path).read_text(encoding="utf-8").splitlines(), 1))
    except UnicodeDecodeError:
        return []


def report(found):
    """Prints the problems and ends the script."""
    for problem in found:
        print(problem)
    sys.exit(1 if found else 0)


def main(problems):
    """Runs a check that takes no argument but, for its tests, another root."""
    report(problems(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
