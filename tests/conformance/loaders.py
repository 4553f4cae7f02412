"""The loaders that loaders.sh builds, for tests in Python, and for everything else that has a provider file to judge:

    loaders.py [--kubernetes VERSION]… FILE…

prints what each kubelet says of each file: `taken`, or the words with which it would not start. Programs of the names in a file are there. VERSION is
1.34.4, or 1.34 for the release that is built of it; default: all that are built already. The exit status is 1 if any file is refused.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
NAME = re.compile(r"""["']?\bname["']?\s*:\s*["']?([^\s"',}]+)""")


def built_versions():
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "registry-credential-broker/loaders"
    built = [path.parent.name for path in cache.glob("1.*/loader-*")]
    return sorted(set(built), key=lambda version: [int(part) for part in version.split(".")])


def names_in(text):
    """The names of the entries in a provider file, and perhaps more: other keys are called `name` too."""
    names = set(NAME.findall(text))
    try:
        entries = yaml.load(text, Loader=yaml.BaseLoader)["providers"]
        names.update(entry["name"] for entry in entries if isinstance(entry["name"], str))
    except (yaml.YAMLError, TypeError, KeyError, ValueError):
        pass  # several documents, or what the kubelet refuses before names matter
    return names


def add_programs(folder, path):
    """Makes a folder with a program of each name in a provider file or a folder of such files."""
    folder.mkdir(exist_ok=True)
    for file in [path] if path.is_file() else sorted(path.iterdir()):
        for name in names_in(file.read_text(encoding="utf-8")):
            add_program(folder, name)
    return folder


def add_program(folder, name):
    """An executable of this name, if it can be the name of a file there."""
    if "/" not in name and name not in ("", ".", ".."):
        program = folder / name
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)


class Loader:
    """The kubelet of one version, as far as it reads its provider file."""

    def __init__(self, version, program):
        self.version = version
        self.minor = int(version.split(".")[1])
        self.program = program

    def __str__(self):
        return f"1.{self.minor}"

    def refusals(self, questions):
        """For each (file, folder of programs) the words of the refusal, empty if the file is taken. The feature gate is on where there is one."""
        gate = "true" if self.minor == 33 else ""
        lines = "".join(json.dumps([str(file), str(folder), gate]) + "\n" for file, folder in questions)
        ended = subprocess.run([self.program], input=lines, stdout=subprocess.PIPE, text=True, check=True)
        return [json.loads(line) for line in ended.stdout.splitlines()]


def loaders(versions):
    """One for each version, built if it is not there."""
    built = subprocess.run([HERE / "loaders.sh", *versions], stdout=subprocess.PIPE, text=True, check=True)
    return [Loader(Path(line).parent.name, line) for line in built.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kubernetes", action="append", metavar="VERSION")
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    refused = False
    with tempfile.TemporaryDirectory() as temporary:
        for loader in loaders(options.kubernetes or built_versions()):
            questions = []
            for number, file in enumerate(options.files):
                questions.append((file, add_programs(Path(temporary) / f"programs-{number}", file)))
            for file, said in zip(options.files, loader.refusals(questions)):
                refused |= said != ""
                print(f"{loader}: {file}: {said or 'taken'}")
    return int(refused)


if __name__ == "__main__":
    sys.exit(main())
