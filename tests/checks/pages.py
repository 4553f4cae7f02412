#!/usr/bin/env python3
"""What pages tell readers to write works: pages.py PROGRAM

- Broker files, and rules on their own, are valid (`validate --skip-files`).
- Blocks of shell commands are accepted by `bash -n` and, where it is installed, shellcheck.
- Every command line of the program, in blocks and in `code` with an option, names a command and options that its help lists.

tests/conformance/judge_pages.py has the kubelets judge their files.
"""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import documents
import page_blocks
import repository

PROGRAM = "registry-credential-broker"
# A variable of an earlier block, cd to a folder that is there, and a block that shows the kubelet's flags.
NOT_FOR_PAGES = "SC2034,SC2154,SC2164,SC2215"
# What can precede the program's name in a command.
BEFORE = {"sudo", "time", "exec", "env", "--", "then", "do", "else", "{", "!", "xargs", "chroot", "/host"}


class Help:
    """The commands of the program and the options of each, from its help."""

    def __init__(self, program):
        self.program = program
        self.commands = set(re.findall(r"^  ([a-z]+(?: [a-z]+)?)(?: \[?[A-Z]+\]?)?  ", self.text(), re.M))
        self.known = {}

    def text(self, *command):
        return subprocess.run([self.program, "help", *command], stdout=subprocess.PIPE, text=True, check=True).stdout

    def command_of(self, words):
        """The command that the words begin with; None if there is none."""
        for length in (2, 1):
            name = " ".join(words[:length])
            if len(words) >= length and name in self.commands:
                return name
        return None

    def options(self, command):
        """Each option of the command, and whether it takes a value."""
        if command not in self.known:
            self.known[command] = {}
            for short, name, value in re.findall(r"^  (?:-(\w), |    )--([a-z-]+)( [A-Z][A-Z=.]*)?", self.text(*command.split()), re.M | re.I):
                self.known[command][f"--{name}"] = bool(value)
                if short:
                    self.known[command][f"-{short}"] = bool(value)
        return self.known[command]

    def problem(self, words):
        """Why the program would refuse these arguments, or None."""
        if not words or words[0] in ("--config", "-f"):
            return None  # the run for the kubelet
        if words[0] in ("--help", "-h", "--version", "-v"):
            return None
        command = self.command_of(words)
        if command is None:
            return f"there is no command '{words[0]}'"
        options = self.options(command)
        rest = iter(words[len(command.split()):])
        for word in rest:
            if not word.startswith("-") or word == "-":
                continue
            name, equals, _ = word.partition("=")
            if name not in options:
                return f"`{command}` has no option {name}"
            if options[name] and not equals and next(rest, None) is None:
                return f"`{command}`: {name} needs a value"
        return None


def is_program(word):
    """Whether a word is the program's name, with a path or a release's ending."""
    name = word.rsplit("/", 1)[-1]
    return name == PROGRAM or re.fullmatch(rf"{PROGRAM}-[0-9.]+-linux-[a-z0-9-]+", name) is not None


def split_commands(text):
    """The simple commands of shell text, each as words; a crude reading that suits what pages have."""
    text = re.sub(r"\\\n\s*", " ", text)
    text = re.sub(r"<<'?(\w+)'?.*?\n\1\n", "\n", text, flags=re.S)
    found = []
    for line in text.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="();|&<>")
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:
            continue
        command = []
        for word in [*words, ";"]:
            if word and set(word) <= set("();|&"):
                found.append(command)
                command = []
            else:
                command.append(word)
        # A command in quotes for another shell: ssh, minikube ssh, sh -c.
        found += [shlex.split(word) for word in words if re.match(rf"(sudo )?\S*{PROGRAM} [a-z]", word) and " " in word]
    return [without_redirections(command) for command in found if command]


def without_redirections(words):
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word and set(word) <= set("<>"):
            skip = True
            if kept and kept[-1].isdigit():
                kept.pop()
        else:
            kept.append(word)
    return kept


def arguments_of(words, commands):
    """The program's arguments if the command runs it, else None. Its name is also that of a role, a folder or a link."""
    for index, word in enumerate(words):
        rest = words[index + 1:]
        is_run = bool(rest) and rest[0] in commands or is_program(word) and (index == 0 or words[index - 1] in BEFORE)
        if is_run and (is_program(word) or word in ("$file", "./$file")):
            return rest
    return None


def command_problems(helper, text):
    first_words = {name.split()[0] for name in helper.commands}
    found = []
    for words in split_commands(text):
        arguments = arguments_of(words, first_words)
        if arguments is not None:
            why = helper.problem(arguments)
            if why:
                found.append(f"'{shlex.join(words)}': {why}")
    return found


def quoted_problems(helper, prose):
    """The same for `code` in sentences: the program's name, or a command with a long option."""
    found = []
    for code in re.findall(r"`([^`\n]+)`", prose):
        try:
            words = shlex.split(code)
        except ValueError:
            continue
        words = [word for word in words if "…" not in word]
        if words and is_program(words[0]):
            words = words[1:]
            if not words or not re.fullmatch(r"[a-z-]+", words[0]) or helper.command_of(words) is None and not words[0].startswith("-"):
                continue
        elif helper.command_of(words) is None or not any(word.startswith("--") for word in words):
            continue
        # In a sentence the value may be left out.
        why = helper.problem(words)
        if why and "needs a value" not in why:
            found.append(f"`{code}`: {why}")
    return found


def shell_problem(text):
    said = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        return said.stderr.strip().replace("\n", "; ")
    if shutil.which("shellcheck"):
        said = subprocess.run(["shellcheck", "--shell=bash", "--format=gcc", f"--exclude={NOT_FOR_PAGES}", "-"], input=text, capture_output=True, text=True,
                              check=False)
        if said.returncode != 0:
            return said.stdout.strip().splitlines()[0]
    return None


def broker_problems(program, block):
    said = subprocess.run([program, "validate", "--config", "-", "--skip-files"], input=block.text, capture_output=True, text=True, check=False)
    return None if said.returncode == 0 else (said.stdout or said.stderr).strip().splitlines()[0]


def problems(root, program):
    helper = Help(program)
    broker, _, found = page_blocks.configurations(root)
    for block in broker:
        why = broker_problems(program, block)
        if why:
            found.append(f"{block.place}: the broker file is not valid: {why}")
    for path, line, text in page_blocks.blocks(root, ("sh", "bash", "shell")):
        why = None if "…" in text else shell_problem(text)
        if why:
            found.append(f"{path}:{line}: {why}")
        found += [f"{path}:{line}: {why}" for why in command_problems(helper, text)]
    for path in repository.files(root, r"\.md$"):
        # The page of the command line shows how a mistake is reported.
        if path.name in ("CHANGELOG.md", "command-line.md") or path.parts[:2] == ("docs", "adr"):
            continue
        prose = documents.split(repository.lines(root, path))[0]
        for number, text in prose:
            found += [f"{path}:{number}: {why}" for why in quoted_problems(helper, text)]
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    repository.report(problems(repository.ROOT, str(Path(sys.argv[1]).resolve())))
