#!/usr/bin/env python3
"""Compares whole processes: one credential each, from the request on stdin to the answer on stdout. Called by run.sh, which builds them.

What one run costs is counted, and can fail a build. Times are measured in turns, so that a noisy moment hits each program, and are only shown.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import exchanges
import machines
import recorded
import rows
import timing
from counts import NoAnswer, count_all, count_exchanges
from figures import Limit, exceeded, table_of_counts, table_of_limits, table_of_times
from rows import BROKER, FLOOR, PEER, STATIC, STATIC_1000, STATIC_10000

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RECORDED = HERE / "counts.json"
PAGE, PLOT = ROOT / "docs/performance.md", ROOT / "docs/performance.svg"
BEGIN, END = "<!-- {} written by tests/bench/run.sh: begin -->\n", "<!-- {}: end -->\n"

LIMITS = [
    Limit("one exchange: instructions beside the floor", 1.2, "×", "instructions", BROKER, FLOOR),
    # Its own count depends on the Rust compiler.
    Limit("one exchange: instructions beside the lean peer", 1.15, "×", "instructions", BROKER, PEER),
    # Ten times as many rules: ten times the work, and nothing that grows faster.
    Limit("10,000 rules: instructions they add beside what 1,000 add", 11, "×", "instructions", STATIC_10000, STATIC_1000, base=STATIC),
    Limit("one exchange: peak memory", 8, "MiB", "peak_memory_mib", BROKER),
    Limit("the program's file", 7, "MB", "program_mb", BROKER),
]
# Beside the exchange with Cloudsmith, which is one call: what a call costs is mostly its handshake.
MOST_INSTRUCTIONS = {1: 1.1, 2: 2.2}
LIMITS_OF_EXCHANGES = [
    *(Limit(f"{provider.name}: instructions beside cloudsmith", MOST_INSTRUCTIONS[provider.calls], "×", "instructions",
            provider.row, exchanges.CLOUDSMITH.row) for provider in exchanges.PROVIDERS if provider is not exchanges.CLOUDSMITH),
    # TCP's handshake, that of TLS, and the request, of each call.
    *(Limit(f"{provider.name}: round trips", 3 * provider.calls, "round trips", "round_trips", provider.row) for provider in exchanges.PROVIDERS),
]


def judged(counts):
    """The rows that are recorded: the others are not ours."""
    return {row: figures for row, figures in counts.items() if row.startswith(BROKER)}


def put_between_markers(path, what, text):
    begin, end = BEGIN.format(what), END.format(what)
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        sys.exit(f"run.py: {path} has no marker lines:\n{begin}{end}")
    path.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", encoding="utf-8")


def parsed(arguments):
    parser = argparse.ArgumentParser(prog="tests/bench/run.sh", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--programs", type=Path, default=ROOT / "build/bench", metavar="BUILD_FOLDER",
                        help="where the programs are built (default: build/bench, which is brought up to date)")
    parser.add_argument("--judge", type=Path, metavar="BUILD_FOLDER",
                        help="the build whose program is counted and measured, and whose floor is linked like it (default: that of --programs)")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND",
                        help="another plugin to compare, as often as wanted; variables may precede its program, {apiHost} and {caFile} are put in")
    parser.add_argument("--runs", type=int, default=101, help="measured runs of each program (default: 101); 0: only count")
    parser.add_argument("--check", action="store_true", help="fail if a count exceeds the recorded one or a limit")
    parser.add_argument("--record", action="store_true", help="regenerate the recorded counts, and their tables in docs/performance.md")
    parser.add_argument("--machine", metavar="NAME", help="keep the times as those of this machine, and write the plot and the tables in docs/performance.md")
    options = parser.parse_args(arguments)
    if options.machine and not options.runs:
        parser.error("--machine keeps times, for which --runs must not be 0")
    return options


def installed(options, folder):
    """Copies of the programs, as an installation makes them: Linux maps files that a linker wrote in place in smaller pieces, which costs more."""
    built = options.programs / "bin"
    judged_build = options.judge / "bin" if options.judge else built
    folder.mkdir()
    for name in ("bench_empty", "bench_exchange", "bench_runner", "lean-peer", "rcb-test-world"):
        shutil.copy(built / name, folder)
    return rows.Programs(folder, shutil.copy(judged_build / "registry-credential-broker", folder / "broker"),
                         shutil.copy(judged_build / "bench_floor", folder / "floor"))


@contextlib.contextmanager
def folders(options):
    """One for the programs, and one for the files of a run, whose path is as deep wherever the clone is: every folder of a path is checked."""
    files = "/run" if os.access("/run", os.W_OK) else "/tmp"
    with tempfile.TemporaryDirectory(dir=options.programs.resolve()) as programs, tempfile.TemporaryDirectory(dir=files) as data:
        yield Path(programs), Path(data)


def main():
    options = parsed(sys.argv[1:])
    with folders(options) as (folder, files):
        programs = installed(options, folder / "bin")
        with rows.exchange_in(files, programs.path("bench_exchange")) as exchange:
            request = json.dumps(rows.request(int(time.time())))
            try:
                counts = count_all(programs, exchange, request)
            except NoAnswer as problem:
                sys.exit(f"run.py: {problem}")
            report_of_counts = f"{table_of_counts(counts)}\n\n{table_of_limits(LIMITS, counts)}"
            print(f"{report_of_counts}\n", flush=True)
            if options.runs:
                times, references = timing.compare(programs, exchange, request, options.runs, options.peer)
                circumstances = machines.circumstances(programs, options.runs)
                print(f"{table_of_times(times, references)}\n\n{circumstances}\n")
            if options.machine:
                PLOT.write_text(timing.draw(programs, exchange, request, options.runs), encoding="utf-8")
                machines.keep(options.machine, machines.summary(times, circumstances))
        counts_of_exchanges, report_of_exchanges = compare_exchanges(options, programs, files / "world")
    if options.record:
        recorded.write(RECORDED, judged(counts))
        put_between_markers(PAGE, "counts", report_of_counts)
        put_between_markers(PAGE, "exchanges", report_of_exchanges)
    if options.machine:
        put_between_markers(PAGE, "times", machines.report(machines.read()))
    if options.check:
        check(counts, counts_of_exchanges)


def compare_exchanges(options, programs, folder):
    """The counts of one credential from each provider, and what the page shows of them. Prints that, and the times beside peers."""
    with exchanges.World(programs.path("rcb-test-world"), folder) as world:
        try:
            counts = count_exchanges(programs, world, folder)
        except NoAnswer as problem:
            sys.exit(f"run.py: {problem}")
        report = (f"{table_of_counts(counts)}\n\n{table_of_limits(LIMITS_OF_EXCHANGES, counts)}\n\n"
                  f"Counted with {machines.first_line(programs.broker, 'version')}.")
        print(f"{report}\n", flush=True)
        times, references = timing.compare_exchanges(programs, world, options.runs) if options.runs else (None, {})
        if references:
            print(f"{table_of_times(times, references)}\n")
    return counts, report


def check(counts, counts_of_exchanges):
    expected = recorded.read(RECORDED)
    for line in recorded.improvements(judged(counts), expected):
        print(f"run.py: {line}; record it with --record")
    if lines := exceeded(LIMITS, counts) + exceeded(LIMITS_OF_EXCHANGES, counts_of_exchanges) + recorded.complaints(judged(counts), expected):
        sys.exit("\n".join([*(f"run.py: broken: {line}" for line in lines),
                            "run.py: if that is meant, record it: tests/bench/run.sh --judge build/linux-musl-amd64 --record"]))


if __name__ == "__main__":
    main()
