#!/usr/bin/env python3
"""Markdown that stays true: relative links resolve, and code that claims to be from a file is in that file.

A marker `<!-- from: providers/example/module.cpp -->` before a fenced block says that the block is a run of whole lines of that
file, except the indentation of the block. In docs/provider-guide.md every block of code must have one, since readers copy them.
"""

import re
from pathlib import Path

import repository

LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*([\w+-]*)")
MARKER = re.compile(r"^\s*<!-- from: (\S+) -->\s*$")
ALL_MARKED = Path("docs/provider-guide.md")
CODE = {"c", "cpp", "c++", "cmake"}


def split(text_lines):
    """The prose of a document as (number, text) lines, and its fenced blocks as (number, language, marker, lines)."""
    prose, blocks = [], []
    marker, fence, indent = None, None, ""
    for number, text in text_lines:
        opening = FENCE.match(text)
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2]:
                fence = None
            else:
                blocks[-1][3].append(text.removeprefix(indent))
        elif opening:
            fence, indent = opening[1], text[:len(text) - len(text.lstrip())]
            blocks.append((number, opening[2].lower(), marker, []))
            marker = None
        else:
            match = MARKER.match(text)
            if match:
                marker = match[1]
            elif text.strip():
                marker = None
            prose.append((number, text))
    return prose, blocks


def slug(heading):
    """A heading's name in links, as GitHub makes it."""
    title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def anchors(root, path):
    """What `#…` may name in a document: its headings as GitHub writes them, and explicit ids."""
    prose, _ = split(repository.lines(root, path))
    seen, names = {}, set()
    for _, text in prose:
        names.update(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
        heading = re.match(r"#{1,6}\s+(.*?)\s*#*$", text)
        if not heading:
            continue
        name = slug(heading[1])
        count = seen.get(name, 0)
        seen[name] = count + 1
        names.add(name if count == 0 else f"{name}-{count}")
    return names


def link_problem(root, path, target):
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    name, _, anchor = target.partition("#")
    where = Path(root) / (name.lstrip("/") if name.startswith("/") else path.parent / name) if name else Path(root) / path
    if not where.exists():
        return f"links to '{target}', which does not exist"
    if anchor and where.suffix == ".md" and anchor not in anchors(root, where.resolve().relative_to(Path(root).resolve())):
        return f"links to '{target}', but the document has no such heading"
    return None


def block_problem(root, path, block):
    _, language, marker, text = block
    if not marker:
        if path == ALL_MARKED and language in CODE:
            return "code that readers copy: say which tested file it is from, with <!-- from: PATH --> before the block"
        return None
    if not (Path(root) / marker).is_file():
        return f"is said to come from '{marker}', which does not exist"
    source = [line for _, line in repository.lines(root, marker)]
    if not text or not any(source[i:i + len(text)] == text for i in range(len(source))):
        return f"differs from '{marker}'; copy the lines from there"
    return None


def problems(root):
    found = []
    for path in repository.files(root, r"\.md$"):
        prose, blocks = split(repository.lines(root, path))
        for number, text in prose:
            for target in LINK.findall(re.sub(r"`[^`]*`", "", text)):
                why = link_problem(root, path, target)
                if why:
                    found.append(f"{path}:{number}: {why}")
        for block in blocks:
            why = block_problem(root, path, block)
            if why:
                found.append(f"{path}:{block[0]}: the block {why}")
    return found


if __name__ == "__main__":
    repository.main(problems)
