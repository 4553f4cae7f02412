#!/usr/bin/env python3
"""Ends `install` and `uninstall` with SIGKILL at each system call that writes, and looks at what they leave:

    tests/install/interruptions.py PROGRAM [EVERY]

With EVERY, at each so many calls only: all of them take five minutes.

After each of them the kubelet could start: its flags name files that exist, its provider file is the old or the new one as a whole, and every name in
that is a program. The next run completes the installation, and `uninstall` gives every byte back. Needs root and strace; without them the exit
status is 77.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from node_folder import BROKER, COUNTERS, ENVIRONMENT, STATE, NodeFolder, without_symbols

WRITING = ["write", "pwrite64", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat",
           "rmdir", "fsync", "mkdir", "mkdirat", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "ftruncate",
           "setxattr", "fsetxattr", "openat"]
FLAG_FILE = "etc/default/kubelet"
PROVIDER_FILE = "etc/kubernetes/credential-provider-config.yaml"
PLUGINS = "usr/local/lib/kubelet-plugins"
OPTIONS = ["--files-only", "--kubernetes", "1.34"]
NEXT_BROKER = BROKER.replace("name: other", "name: renamed").replace("docker.example.com", "docker2.example.com")


def strace(node, calls, options, command):
    return subprocess.run(["strace", "-f", "-qq", "-e", "trace=" + ",".join(calls), *options, *node.command(*command)],
                          capture_output=True, text=True, timeout=120, check=False, env=ENVIRONMENT)


def writing_calls(node, command):
    """(name, number) of each writing call of a whole run: the number counts calls of this name."""
    with tempfile.NamedTemporaryFile("r") as log:
        run = strace(node, WRITING, ["-y", "-o", log.name], command)
        assert run.returncode == 0, run.stderr
        counts, calls = {}, []
        for line in log:
            call = re.match(r"(?:\d+ +)?(\w+)\(", line)
            if not call:
                continue
            name = call[1]
            counts[name] = counts.get(name, 0) + 1
            # What the run prints and counts is not the node's; most files are opened to be read.
            if name == "openat" and "O_CREAT" not in line or name == "write" and re.search(r"write\([12]<", line) or COUNTERS in line:
                continue
            calls.append((name, counts[name]))
    return calls


def must_start(node, contents):
    """`contents`: the provider files that were ever meant."""
    providers = node.root / PROVIDER_FILE
    flags = (node.root / FLAG_FILE).read_text() if (node.root / FLAG_FILE).exists() else ""
    for path in re.findall(r"--image-credential-provider-[\w-]+=([^\s\"']+)", flags):
        assert (node.root / path.lstrip("/")).exists(), f"the flags name {path}, which is not there"
    if not providers.exists():
        assert "" in contents, "the provider file is gone"
        return
    text = providers.read_text()
    assert text in contents, f"neither the old nor the new provider file:\n{text}"
    for name in re.findall(r"^- name: ([\w.-]+)", text, re.M):
        program = node.root / PLUGINS / name
        assert os.access(program, os.X_OK), f"the provider file names {name}, which is not a program"
        assert program.stat().st_size in (node.program.stat().st_size, len("#!/bin/true\n")), f"{name} is incomplete"


def interrupt(before, command, contents, complete, every):
    """Runs the command on copies of `before`, one for each writing call, and ends it there."""
    with before.copy() as node:
        calls = writing_calls(node, command_on(node, command))
    assert len(calls) > 20, calls
    # The last call of a run is among them.
    calls = calls[::-every]
    for name, number in calls:
        with before.copy() as node:
            run = strace(node, [name], ["-o", "/dev/null", "-e", f"inject={name}:signal=KILL:when={number}"], command_on(node, command))
            assert run.returncode in (-9, 137), f"{name} {number} did not end it: {run.returncode} {run.stderr}"
            try:
                must_start(node, contents)
                complete(node)
            except AssertionError as failure:
                raise AssertionError(f"{command[0]}, ended at {name} {number}: {failure}") from failure
    return len(calls)


def command_on(node, command):
    return [node.broker if word == "BROKER" else word for word in command]


def main():
    every = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    if os.geteuid() != 0 or shutil.which("strace") is None:
        print("not run: needs root and strace")
        return 77
    install = ["install", *OPTIONS, "--config", "BROKER"]
    with without_symbols(sys.argv[1]) as program, NodeFolder(program) as bare, NodeFolder(program) as installed:
        original = bare.snapshot()
        installed.run(*command_on(installed, install))
        first = installed.snapshot()
        text = (installed.root / PROVIDER_FILE).read_text()
        old = (bare.root / PROVIDER_FILE).read_text()

        def completes_and_goes(node, expected, rules=BROKER):
            node.broker.write_text(rules)
            node.run(*command_on(node, install))
            assert without_state(node.snapshot()) == without_state(expected), "the next run did not complete it"
            must_be_original(node)

        def must_be_original(node):
            node.run("uninstall", "--files-only")
            assert node.snapshot() == original, differences(original, node.snapshot())

        count = interrupt(bare, install, {old, text}, lambda node: completes_and_goes(node, first), every)
        print(f"install: ended at {count} calls", flush=True)
        count = interrupt(bare, install, {old, text}, must_be_original, every)
        print(f"install, then uninstall: ended at {count} calls", flush=True)

        with installed.copy() as upgraded:
            upgraded.broker.write_text(NEXT_BROKER)
            upgraded.run(*command_on(upgraded, install))
            second = upgraded.snapshot()
            new = (upgraded.root / PROVIDER_FILE).read_text()
        assert new != text
        installed.broker.write_text(NEXT_BROKER)
        count = interrupt(installed, install, {text, new}, lambda node: completes_and_goes(node, second, NEXT_BROKER),
                          every)
        print(f"install of other rules: ended at {count} calls", flush=True)
        count = interrupt(installed, ["uninstall", "--files-only"], {old, text}, must_be_original, every)
        print(f"uninstall: ended at {count} calls", flush=True)
    return 0


def without_state(snapshot):
    return {name: entry for name, entry in snapshot.items() if not name.startswith(STATE)}


def differences(expected, found):
    names = [name for name in sorted({*expected, *found}) if expected.get(name) != found.get(name)]
    return "differs: " + ", ".join(names)


if __name__ == "__main__":
    sys.exit(main())
