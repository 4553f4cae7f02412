#!/usr/bin/env python3
"""Every file is text of at most 256 KiB, or one of the two lists below says why it is not.

What is committed once is in every clone from then on, and binary files cannot be reviewed. Text is UTF-8 without NUL bytes. Files that are not
committed yet count too, since the next `git add` may take them.
"""

from pathlib import Path

import repository

LIMIT = 256 * 1024
# Folder or file → why it is not text.
BINARY = {
    "tests/fuzz/corpus": "seeds of fuzzers are whatever bytes a parser may meet",
}
# Folder or file → why it is larger. There is none: the largest is config/build/function_order.txt, with 89 KiB.
LARGE = {}


def is_text(content):
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def entry_for(path, entries):
    """The entry of a list that names the file or a folder that it is in, or None."""
    return next((str(named) for named in [path, *path.parents] if str(named) in entries), None)


def problems(root, binary=None, large=None):
    """`binary`, `large`: for tests, other lists."""
    lists = {"BINARY": BINARY if binary is None else binary, "LARGE": LARGE if large is None else large}
    found, used = [], set()
    for path in repository.files(root):
        content = (Path(root) / path).read_bytes()
        for name, is_fault, fault in (
            ("BINARY", not is_text(content), "is not UTF-8 text; build, fetch or generate it instead"),
            ("LARGE", len(content) > LIMIT, f"has {len(content)} bytes, the limit is {LIMIT}; build, fetch or generate it instead"),
        ):
            if not is_fault:
                continue
            entry = entry_for(path, lists[name])
            used.add((name, entry))
            if entry is None:
                found.append(f"{path}: {fault}, or say in {name} of tests/checks/text_files.py why it must be here")
    for name, entries in lists.items():
        found += [f"{entry}: {name} of tests/checks/text_files.py names it without need; remove the entry"
                  for entry in entries if (name, entry) not in used]
    return found


if __name__ == "__main__":
    repository.main(problems)
