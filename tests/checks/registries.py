#!/usr/bin/env python3
"""docs/registries/index.md is complete: it has every built-in provider, and links every page of its folder."""

import re
from pathlib import Path

import documents
import repository

INDEX = Path("docs/registries/index.md")
PROVIDERS = Path("providers/builtin.cpp")
PROVIDER = re.compile(r"\{\"([a-z0-9-]+)\", rcb_builtin_\w+\}")
# In the column of providers, with or without a link.
NAMED = re.compile(r"^\|[^|]*\|[^|]*\| \[?`([a-z0-9-]+)`")


def problems(root):
    index = [text for _, text in repository.lines(root, INDEX)]
    works = index[:index.index("## What does not")] if "## What does not" in index else index
    named = {match[1] for match in map(NAMED.match, works) if match}
    found = []
    for number, text in repository.lines(root, PROVIDERS):
        for provider in PROVIDER.findall(text):
            if provider not in named:
                found.append(f"{PROVIDERS}:{number}: {INDEX} has no registry for the provider '{provider}'; add a row")
    linked = {target.partition("#")[0] for text in index for target in documents.LINK.findall(text)}
    for page in repository.files(root, r"\.md$", INDEX.parent):
        if page != INDEX and page.name not in linked:
            found.append(f"{page}: {INDEX} has no link to it; add a row")
    return found


if __name__ == "__main__":
    repository.main(problems)
