#!/usr/bin/env python3
"""Every parser of untrusted bytes has a fuzzer with seeds. The list is the table in tests/fuzz/README.md.

A function of core/ or compat/ that is called parse… or decode… must be in the table, so that a new one cannot be forgotten: with a fuzzer, or
with `none` where only trusted bytes reach it. A fuzzer that the table does not name is missing from it.
"""

import re
from pathlib import Path

import repository

TABLE = Path("tests/fuzz/README.md")
CORPUS = Path("tests/fuzz/corpus")
ROW = re.compile(r"^\| `(\w+)` \| `([^`]+)` \| (?:`(\w+)`|none) \|")
PARSER = re.compile(r"^(?!\s*//).*?\b((?:parse|decode)[A-Z]\w*)\(")


def problems(root):
    found = []
    if not (Path(root) / TABLE).is_file():
        return [f"{TABLE}: is missing"]
    sources = {path.name.removesuffix("_fuzzer.cpp"): path for path in repository.files(root, r"_fuzzer\.cpp$", "tests")}
    listed, used = set(), set()
    for number, text in repository.lines(root, TABLE):
        row = ROW.match(text)
        if not row:
            continue
        function, header, fuzzer = row.groups()
        listed.add(function)
        used.add(fuzzer)
        content = "\n".join(text for _, text in repository.lines(root, header)) if (Path(root) / header).is_file() else ""
        if not re.search(rf"\b{function}\(", content):
            found.append(f"{TABLE}:{number}: {header} declares no {function}()")
        if fuzzer and fuzzer not in sources:
            found.append(f"{TABLE}:{number}: {function}() has no fuzzer: there is no {fuzzer}_fuzzer.cpp")
    for name, path in sources.items():
        seeds = Path(root) / CORPUS / name
        if not seeds.is_dir() or not any(seeds.iterdir()):
            found.append(f"{path}: has no seeds; put a few small inputs into {CORPUS / name}/")
        if name not in used:
            found.append(f"{path}: is not in the table of {TABLE}")
    for path in [*repository.files(root, r"\.hpp$", "core"), *repository.files(root, r"\.hpp$", "compat")]:
        for number, text in repository.lines(root, path):
            parser = PARSER.match(text)
            if parser and parser[1] not in listed:
                found.append(f"{path}:{number}: {parser[1]}() is a parser; add it and its fuzzer to {TABLE}")
    return found


if __name__ == "__main__":
    repository.main(problems)
