#!/usr/bin/env python3
"""Every header compiles on its own, and the module contract also as C11.

`headers.py [COMPILER]`: default clang++-14, which is the stricter of our two. Needs no build. Those of
core/sdk/go have types of cgo, which compiles them in the tests of the templates.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import repository

FLAGS = ["-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-I.", "-Icore/sdk/include"]
CPP = ["-x", "c++", "-std=c++20"]
CGO = "core/sdk/go"
C = ["-x", "c", "-std=c11", "-pedantic"]


def compile_alone(compiler, header, language):
    """The compiler's first complaint about a file that includes nothing but `header`, or None."""
    source = f'#include "{header}"\n'
    run = subprocess.run([compiler, *FLAGS, *language, "-"], input=source, text=True, capture_output=True,
                         cwd=repository.ROOT, check=False)
    if run.returncode == 0:
        return None
    complaint = next((line for line in run.stderr.splitlines() if "error" in line), run.stderr.strip())
    return f"{header}: does not compile on its own as {language[1]}: {complaint}"


def problems(compiler):
    found, jobs = [], []
    for path in repository.files(repository.ROOT, r"\.(hpp|h)$"):
        if "#pragma once" not in (repository.ROOT / path).read_text(encoding="utf-8"):
            found.append(f"{path}: has no '#pragma once'")
        if path.is_relative_to(CGO):
            continue
        jobs.append((path, CPP))
        if path.suffix == ".h":
            jobs.append((path, C))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = pool.map(lambda job: compile_alone(compiler, *job), jobs)
    return found + [complaint for complaint in complaints if complaint]


if __name__ == "__main__":
    repository.report(problems(sys.argv[1] if len(sys.argv) > 1 else "clang++-14"))
