#!/usr/bin/env python3
"""The pictures of the pages are what docs/pictures/draw.py draws, byte for byte, and each is shown on a page."""

import importlib.util
import re
import xml.etree.ElementTree
from pathlib import Path

import repository

SCRIPT = Path("docs/pictures/draw.py")


def script_of(root):
    spec = importlib.util.spec_from_file_location("draw", Path(root) / SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def problems(root):
    found = []
    wanted = {name: draw().encode() for name, draw in script_of(root).PICTURES.items()}
    pages = "".join((Path(root) / page).read_text(encoding="utf-8") for page in repository.files(root, r"\.md$"))
    for name, content in wanted.items():
        path = SCRIPT.parent / name
        if not (Path(root) / path).is_file() or (Path(root) / path).read_bytes() != content:
            found.append(f"{path}: is not what {SCRIPT} draws; run that script")
        xml.etree.ElementTree.fromstring(content)
        if not re.search(rf"\]\([\w./-]*{re.escape(SCRIPT.parent.name)}/{re.escape(name)}\)", pages):
            found.append(f"{path}: no page shows it; remove it or show it")
    for path in repository.files(root, r"\.svg$", SCRIPT.parent):
        if path.name not in wanted:
            found.append(f"{path}: {SCRIPT} does not draw it; remove it")
    return found


if __name__ == "__main__":
    repository.main(problems)
