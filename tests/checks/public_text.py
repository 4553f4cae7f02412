#!/usr/bin/env python3
"""No file contains a path of one machine or a host that serves packages.

A path of one machine works nowhere else, and the hosts of packages are part of each machine's configuration (mirrors,
proxies), never of a script in this repository.
"""

import re
from pathlib import Path

import repository

# Written so that this file does not match itself.
PACKAGE_HOSTS = [
    r"deb\.debian\.org", r"security\.debian\.org", r"archive\.ubuntu\.com", r"proxy\.golang\.org", r"sum\.golang\.org",
    r"registry\.npmjs\.org", r"registry\.yarnpkg\.com", r"files\.pythonhosted\.org", r"pypi\.org", r"static\.crates\.io",
    r"index\.crates\.io", r"repo1?\.maven", r"rubygems\.org",
]
# GKE's nodes have their programs in a home folder.
MACHINE_FOLDERS = ["work", "farm", "builds", "home/(?!kubernetes/)[a-z]", "Users"]

HOST = re.compile("|".join(PACKAGE_HOSTS))
FOLDER = re.compile(r"(^|[^\w.$}~-])/(" + "|".join(MACHINE_FOLDERS) + r")[\w-]*/")


def problems(root):
    found = []
    # Where the repository happens to lie now must not matter either; a folder right below / says nothing about a machine.
    root = Path(root).resolve()
    here = re.compile(re.escape(str(root)) + r"\b" if len(root.parts) > 2 else r"(?!)")
    for path in repository.files(root):
        for number, text in repository.lines(root, path):
            if HOST.search(text):
                found.append(f"{path}:{number}: names a package host; leave it to the machine's own configuration")
            if FOLDER.search(text) or here.search(text):
                found.append(f"{path}:{number}: names a path of one machine; use a relative path or an argument")
    return found


if __name__ == "__main__":
    repository.main(problems)
