#!/usr/bin/env python3
"""A page that has a section "Contents" lists its other sections there, each once and in their order.

Sections are the headings of levels 2 and 3 after it; the list may be a table, and have headings of level 3 of its own.
"""

import re

import documents
import repository

HEADING = re.compile(r"(#{2,3}) +(.*?) *$")
LINK = re.compile(r"\]\(#([^)]+)\)")


def problems(root):
    found = []
    for path in repository.files(root, r"\.md$"):
        listed, wanted, where, inside = [], [], None, False
        for number, text in documents.split(repository.lines(root, path))[0]:
            heading = HEADING.match(text)
            if heading and heading[1] == "##" and where is None and heading[2] == "Contents":
                where, inside = number, True
            elif where is None:
                continue
            elif heading and (heading[1] == "##" or not inside):
                inside = False
                wanted.append(documents.slug(heading[2]))
            elif inside:
                listed += LINK.findall(text)
        missing = [name for name in wanted if name not in listed]
        found += [f"{path}:{where}: the contents do not list '#{name}'" for name in missing]
        if not missing and listed != wanted:
            found.append(f"{path}:{where}: the contents list a section twice, in another order, or one that does not exist")
    return found


if __name__ == "__main__":
    repository.main(problems)
