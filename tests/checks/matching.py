#!/usr/bin/env python3
"""The tables of pages about matching agree with the kubelet's answers.

A marker `<!-- vectors: PATH -->` before a table of pattern, image and match says that PATH, a file of JSON lines, has a row with the same answer for
each row of the table.
"""

import json
import re
from pathlib import Path

import repository

MARKER = re.compile(r"<!-- vectors: (\S+) -->$")
ROW = re.compile(r"\| `([^`]+)` \| `([^`]+)` \| (\w+) \|")
ANSWERS = {"yes": True, "no": False}


def vectors(root, path):
    """(pattern, image) → the kubelet's answers: one, or two if it depends on who calls the matcher."""
    answers = {}
    for _, text in repository.lines(root, path):
        row = json.loads(text)
        answers.setdefault((row["pattern"], row["image"]), set()).add(row["matches"])
    return answers


def table_problems(page, rows, known):
    """`rows`: the numbered lines of a table without its head."""
    found = []
    for number, text in rows:
        row = ROW.match(text)
        if not row or row[3] not in ANSWERS:
            found.append(f"{page}:{number}: is not a row of pattern, image, and yes or no")
        elif known.get((row[1], row[2])) != {ANSWERS[row[3]]}:
            found.append(f"{page}:{number}: the kubelet's answer to pattern {row[1]} and image {row[2]} is another, or not known")
    if not rows:
        found.append(f"{page}: has a marker for vectors without a table behind it")
    return found


def problems(root):
    found = []
    for page in repository.files(root, r"\.md$"):
        lines = repository.lines(root, page)
        for index, (number, text) in enumerate(lines):
            marker = MARKER.match(text)
            if not marker:
                continue
            if not (Path(root) / marker[1]).is_file():
                found.append(f"{page}:{number}: '{marker[1]}' does not exist")
                continue
            rows = []
            for line in lines[index + 3:]:  # behind the head and its rule
                if not line[1].startswith("|"):
                    break
                rows.append(line)
            found += table_problems(page, rows, vectors(root, marker[1]))
    return found


if __name__ == "__main__":
    repository.main(problems)
