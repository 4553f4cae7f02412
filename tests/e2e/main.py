#!/usr/bin/env python3
"""Starts a node, runs scenarios on it and reports their results. Started by run.sh within namespace.sh."""

import argparse
import importlib
import signal
import sys
import time
import traceback
from pathlib import Path

from node.node import Node

HERE = Path(__file__).resolve().parent
# Judges everything that was written before it.
LAST = "no_secret_in_any_log"


def scenario_names():
    names = sorted(path.stem for path in (HERE / "scenarios").glob("*.py"))
    return sorted(names, key=lambda name: name == LAST)


def run(node, name):
    """Whether it passed."""
    scenario = importlib.import_module(f"scenarios.{name}")
    print(f"{name}: {scenario.__doc__.splitlines()[0]}", flush=True)
    start = time.monotonic()
    node.kubelet.mark()
    try:
        try:
            note = scenario.prove(node)
        finally:
            node.back_to_usual()
    except Exception:  # pylint: disable=broad-except  # the next scenario may still tell something
        traceback.print_exc(file=sys.stdout)
        print(f"FAILED {name}", flush=True)
        return False
    print(f"  passed in {time.monotonic() - start:.1f} s" + (f": {note}" if note else ""), flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broker", type=Path, required=True)
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--kubernetes", type=Path, required=True, help="folder of kubelet, kube-apiserver and kubectl")
    parser.add_argument("--version", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("scenarios", nargs="*")
    options = parser.parse_args()
    names = options.scenarios or scenario_names()
    unknown = sorted(set(names) - set(scenario_names()))
    if unknown:
        sys.exit(f"run.sh: unknown scenario {', '.join(unknown)}; expected one of: {' '.join(scenario_names())}")

    version = tuple(int(part) for part in options.version.split("."))
    logs = options.folder / "logs"
    logs.mkdir()
    start = time.monotonic()
    node = Node(options.broker, options.world, options.kubernetes, version, options.folder, logs)
    node.record = options.record
    node.start()
    print(f"a node of Kubernetes {options.version} is up after {time.monotonic() - start:.1f} s", flush=True)
    passed = sum(run(node, name) for name in names)
    if options.keep:
        print("the node is kept; ^C ends it", flush=True)
        signal.pause()
    print(f"\n{passed} passed, {len(names) - passed} failed", flush=True)
    return 0 if passed == len(names) else 1


if __name__ == "__main__":
    sys.exit(main())
